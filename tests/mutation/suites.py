"""Which tests concern a source file: commands, the quickest first, each of which may kill a mutant of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

PYTEST = (sys.executable, "-B", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider")
QUIET = (*PYTEST, "-m", "not processes and not slow")
#: What only Wireshark can load; the rest is the core.
ADAPTERS = ("keepalive.lua", "keepalive_menus.lua")
#: What weighs and tells what diagnosis/ finds.
BEHIND = ("narrative", "advice", "choice", "compare", "export", "words")


def commands(file: str, tree: Path) -> Iterator[tuple[str, ...]]:
    """Those for a file (POSIX, relative) of a tree."""
    path = PurePosixPath(file)
    if path.suffix == ".lua":
        yield from _of_lua(path, tree)
    else:
        yield from _of_python(path, tree)


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


def _of_python(path: PurePosixPath, tree: Path) -> Iterator[tuple[str, ...]]:
    own = f"tests/{path.parent}/test_{path.name}"
    if (tree / own).exists():
        yield (*PYTEST, own)
    folder = f"tests/{PurePosixPath(*path.parts[:2])}"
    yield (*QUIET, folder)
    yield (*QUIET, *(each for each in (f"tests/pyreport/{name}" for name in BEHIND) if (tree / each).is_dir()))
    yield (*PYTEST, "tests/pyreport/end_to_end/test_analysis.py")
