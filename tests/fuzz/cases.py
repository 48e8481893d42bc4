"""A case: the input of one run. As a folder of the corpus: case.json, and the files beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True, slots=True)
class Case:
    """``files`` are (name, content); ``arguments`` are pyreport's, where the target runs it, with files named as
    "in/NAME" and outputs as "out/NAME".
    """

    target: str
    files: tuple[tuple[str, bytes], ...]
    arguments: tuple[str, ...] = ()

    def with_content(self, place: int, content: bytes) -> Case:
        """The case with another content of one file."""
        files = list(self.files)
        files[place] = (files[place][0], content)
        return Case(self.target, tuple(files), self.arguments)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with how a case went: ``kind`` is the same for all inputs that fail alike."""

    kind: str
    said: str = ""


def keep(case: Case, folder: Path, why: str) -> None:
    """Write a case as a new folder of a corpus."""
    folder.mkdir(parents=True)
    stored = [f"input-{number}" for number in range(len(case.files))]
    for name, (_, content) in zip(stored, case.files, strict=True):
        (folder / name).write_bytes(content)
    told = {
        "target": case.target,
        "why": why,
        "arguments": case.arguments,
        "files": dict(zip(stored, (name for name, _ in case.files), strict=True)),
    }
    (folder / "case.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def load(folder: Path) -> Case:
    """The case in a folder of a corpus."""
    told = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    files = tuple((name, (folder / stored).read_bytes()) for stored, name in told["files"].items())
    return Case(told["target"], files, tuple(told["arguments"]))
