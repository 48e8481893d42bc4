"""The steps of an installation: decided first, so that they can be shown, and then carried out one after the other."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from pyreport.base.claim import Claim
from pyreport.base.errors import InputError
from pyreport.base.whole_file import write_whole

READABLE_BY_ALL, ENTERED_BY_ALL = 0o644, 0o755


class Act(StrEnum):
    """What a step does."""

    MAKE_FOLDER = "make-folder"
    WRITE = "write"
    MOVE = "move"
    REMOVE = "remove"
    REMOVE_FOLDER = "remove-folder"


class Step(Struct, frozen=True):
    """One step. ``content`` is that of a file to write, ``target`` the new place of a file to move."""

    act: Act
    path: Path
    content: bytes = b""
    target: Path | None = None


class Plan(Struct, frozen=True):
    """The steps, and what to say of them. ``for_all``: what is written must be readable by every user."""

    steps: tuple[Step, ...] = ()
    said: tuple[Claim, ...] = ()
    for_all: bool = False


def carry_out(plan: Plan) -> None:
    """Do the steps. Raises InputError at the first one that the system refuses."""
    for step in plan.steps:
        try:
            _do(step, for_all=plan.for_all)
        except OSError as error:
            raise InputError(
                f"{step.path} cannot be changed ({error.strerror}): start pyreport as a user who may, then try again."
            ) from error


def _do(step: Step, *, for_all: bool) -> None:
    match step.act:
        case Act.MAKE_FOLDER:
            step.path.mkdir()
            if for_all:
                step.path.chmod(ENTERED_BY_ALL)
        case Act.WRITE:
            write_whole(step.path, step.content)
            if for_all:
                step.path.chmod(READABLE_BY_ALL)
        case Act.MOVE:
            assert step.target is not None
            step.path.rename(step.target)
        case Act.REMOVE:
            step.path.unlink()
        case Act.REMOVE_FOLDER:
            step.path.rmdir()


def folders_to_make(folder: Path) -> list[Path]:
    """The missing folders down to this one, the outermost first. Raises InputError when a file is in the way."""
    missing: list[Path] = []
    while not os.path.lexists(folder):
        missing.insert(0, folder)
        folder = folder.parent
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder, and one is needed there: move it out of the way.")
    return missing
