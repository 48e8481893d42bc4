"""Mutation testing: change one place of the code at a time, and see whether a test notices.

Draws a sample of all mutants by a seed, tries each in a copy of the checkout, and prints the share that was noticed
("killed"), by a test or, which is told apart, by the types alone, and the survivors. Ends with status 1 when that is
less than ``--goal``. Those of Python functions are tried first by ``trial``, in a fraction of the time; what survives
there, by the tests that it cannot run.
``make mutants MUTANTS=40 SEED=7``
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.mutation import lua_mutants, python_mutants, trial
from tests.mutation.mutant import Mutant, equivalents
from tests.mutation.suites import ADAPTERS, QUIET, TYPES, commands, quiet
from tests.support.plugin import REPOSITORY

TARGETS = ("lua", "pyreport/diagnosis")
#: What stands in the copy. The lab and the window need more than the code.
COPIED = ("lua", "profiles", "pyreport", "tests", "pyproject.toml", ".busted", "README.md", "INSTALL.md", "Makefile")
# A mutant that loops for ever is noticed, too.
LIMIT_S = 600


class Drawn(NamedTuple):
    """A mutant of a file (POSIX, relative to the checkout)."""

    file: str
    mutant: Mutant


def all_mutants(target: str) -> list[Drawn]:
    """Those of a file, or of a folder without the plugin's adapters, in a fixed order."""
    top = REPOSITORY / target
    files = [top] if top.is_file() else sorted([*top.rglob("*.lua"), *top.rglob("*.py")])
    found: list[Drawn] = []
    for path in files:
        if path.name in ADAPTERS and path != top:
            continue
        source = path.read_text(encoding="utf-8")
        of_language = lua_mutants.mutants if path.suffix == ".lua" else python_mutants.mutants
        found += [Drawn(path.relative_to(REPOSITORY).as_posix(), mutant) for mutant in of_language(source)]
    return found


def copy_checkout(tree: Path) -> None:
    """Copy what the tests need."""
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, tree / name)


def failing_without(tree: Path, drawn: Sequence[Drawn]) -> str | None:
    """The first command that fails without any mutant, None when all pass: only then does a failure tell something.
    Whether a quiet test fails is told by fates().
    """
    files = sorted({each.file for each in drawn})
    every = dict.fromkeys(command for file in files for command in commands(file, tree, quiet_too=False))
    return next((" ".join(command) for command in every if not passes(command, tree)), None)


def killer(drawn: Drawn, fate: trial.Fate, tree: Path) -> str | None:
    """The command that noticed the mutant, None when none did."""
    if fate is trial.Fate.KILLED:
        return trial.__name__
    path = tree / drawn.file
    source = path.read_text(encoding="utf-8")
    path.write_text(drawn.mutant.applied(source), encoding="utf-8")
    try:
        for command in commands(drawn.file, tree, quiet_too=fate is trial.Fate.NOT_TRIED):
            if not passes(command, tree):
                return " ".join(command)
        return None
    finally:
        path.write_text(source, encoding="utf-8")


def fates(drawn: Sequence[Drawn], tree: Path) -> list[trial.Fate]:
    """What becomes of each in one process. Raises RuntimeError when a test fails without any mutant."""
    of_python = [each for each in drawn if each.file.endswith(".py")]
    if not of_python:
        return [trial.Fate.NOT_TRIED] * len(drawn)
    asked = tree / "mutants.json"
    trial.ask(asked, [(each.file, each.mutant) for each in of_python])
    own, others = quiet({each.file for each in of_python}, tree)
    command = (*QUIET, "-p", trial.__name__, *own, *others)
    if not passes(command, tree, None, **{trial.ASKED: str(asked)}):
        raise RuntimeError(" ".join(command))
    found = iter(trial.answers(asked))
    return [next(found) if each.file.endswith(".py") else trial.Fate.NOT_TRIED for each in drawn]


def passes(command: Sequence[str], tree: Path, limit_s: float | None = LIMIT_S, **more: str) -> bool:
    """Whether a command ends well, and within the limit. ``more`` is added to its environment."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(tree),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PROPERTY_SHARE": "10",
    }
    with subprocess.Popen(
        command,
        cwd=tree,
        env=environment | more,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(limit_s) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try a sample. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("targets", nargs="*", default=TARGETS, help="files or folders (default: %(default)s)")
    parser.add_argument("-n", "--mutants", type=int, default=40, help="how many of each target (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="draws others (default: %(default)s)")
    parser.add_argument("--goal", type=float, default=95.0, help="percent that must be noticed (default: %(default)s)")
    asked = parser.parse_args(arguments)
    known = equivalents()
    reached = True
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder)
        copy_checkout(tree)
        for target in asked.targets:
            every = all_mutants(target)
            drawn = random.Random(asked.seed).sample(every, min(asked.mutants, len(every)))
            print(f"{target}: {len(drawn)} of {len(every)} mutants, seed {asked.seed}", flush=True)
            if failing := failing_without(tree, drawn):
                print(f"without any mutant this fails: {failing}", file=sys.stderr)
                return 2
            became = fates(drawn, tree)
            killed, by_types, equivalent = 0, 0, 0
            for number, (each, fate) in enumerate(zip(drawn, became, strict=True), start=1):
                source = (tree / each.file).read_text(encoding="utf-8")
                told = each.mutant.told(source)
                if reason := known.get((each.file, told)):
                    equivalent += 1
                    print(
                        f"{number:4} equivalent {each.file}:{each.mutant.line(source)}: {told} ({reason})", flush=True
                    )
                elif command := killer(each, fate, tree):
                    killed += 1
                    if command.startswith(" ".join(TYPES)):
                        by_types += 1
                        print(f"{number:4} by types {each.file}:{each.mutant.line(source)}: {told}", flush=True)
                else:
                    print(f"{number:4} SURVIVED {each.file}:{each.mutant.line(source)}: {told}", flush=True)
            share = 100 * killed / max(len(drawn) - equivalent, 1)
            told_apart = f", {by_types} of them by types alone" if by_types else ""
            print(f"{target}: {killed} of {len(drawn) - equivalent} killed, {share:.1f} %{told_apart}", flush=True)
            reached &= share >= asked.goal
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
