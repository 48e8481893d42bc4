"""Which tests concern a source file: commands, the quickest first, each of which may kill a mutant of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

PYTEST = (sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")
QUIET = (*PYTEST, "-m", "not processes and not slow")
#: The types, which ``make lint`` checks at each commit: what they refuse goes in as little as what a test refuses.
TYPES = (sys.executable, "-B", "-m", "mypy", "--no-error-summary")
#: What only Wireshark can load; the rest is the core.
ADAPTERS = ("keepalive.lua", "keepalive_menus.lua")
#: What weighs and tells what diagnosis/ finds, and what looks at all diagnoses of many connections.
BEHIND = (
    "narrative", "advice", "choice", "compare", "export", "quality", "words", "end_to_end/test_agreement.py",
    "end_to_end/test_every_capture.py", "end_to_end/test_diagnosis_quality.py",
)  # fmt: skip


def commands(file: str, tree: Path, *, quiet_too: bool = True) -> Iterator[tuple[str, ...]]:
    """Those for a file (POSIX, relative) of a tree; without those that quiet() names, if they have been tried."""
    path = PurePosixPath(file)
    if path.suffix == ".lua":
        yield from _of_lua(path, tree)
    else:
        if quiet_too:
            yield from ((*QUIET, *folders) for folders in quiet({file}, tree) if folders)
        yield (*PYTEST, "tests/pyreport/end_to_end/test_analysis.py")
        yield (*TYPES, file)


def quiet(files: Iterable[str], tree: Path) -> tuple[list[str], list[str]]:
    """The tests that start no process, of some Python files: those of their own packages, and those behind."""
    own = {f"tests/{PurePosixPath(*PurePosixPath(file).parts[:2])}" for file in files}
    behind = [f"tests/pyreport/{name}" for name in BEHIND]
    return sorted(own), [each for each in behind if each not in own and (tree / each).exists()]


def _of_lua(path: PurePosixPath, tree: Path) -> Iterator[tuple[str, ...]]:
    if path.name in ADAPTERS:
        yield (*PYTEST, "tests/dissector")
        return
    busted = ("lua5.4", "/usr/bin/busted", "--no-keep-going", "--output=plainTerminal")
    spec = f"tests/lua/{path.stem}_spec.lua"
    if (tree / spec).exists():
        yield (*busted, spec)
    yield busted
    yield (*PYTEST, "tests/property", "-k", "not tshark")
