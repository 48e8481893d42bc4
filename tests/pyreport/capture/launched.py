"""The launcher, started as root would and as an ordinary user would, whoever runs the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import pyreport
from pyreport.capture import confinement
from pyreport.capture.confinement import Confinement
from tests.support.programs import public_folder
from tests.support.refusing import __file__ as refusing_file

PACKAGE = Path(pyreport.__file__).parent
# A user and a group that no system hands out.
NOBODY = 0x60001234
# A Python that every user may run; that of the tests may lie in somebody's home.
PYTHON = shutil.which("python3", path=os.defpath) or sys.executable
ROOT, ORDINARY = "root", "ordinary user"
STARTERS = [ROOT, ORDINARY] if os.geteuid() == 0 else [ORDINARY]


@dataclass(frozen=True)
class Launcher:
    """Starts programs by the launcher. ``folder`` can be entered by everybody; the program may read ``given`` in it."""

    starter: str
    folder: Path
    confinement: Confinement
    refused: str = ""

    def refusing(self, *layers: str) -> Launcher:
        """The same on a system that refuses these (refusing.py)."""
        return replace(self, refused=",".join(layers))

    def run(self, *program: str | Path, bubblewrap: str = "", timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program confined."""
        before = [PYTHON, str(self.folder / "refusing.py"), self.refused, "--"] if self.refused else []
        return self._run([*before, *self.command(program, bubblewrap)], timeout)

    def run_free(self, *program: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program as the same user without the launcher: what it does then, the launcher has to prevent."""
        return self._run(list(map(str, program)), 120)

    def command(self, program: Sequence[str | Path], bubblewrap: str = "") -> list[str]:
        """The command that runs a program confined, with this bubblewrap."""
        with (
            mock.patch.object(confinement, "_ROOT", self.folder),
            mock.patch.object(sys, "executable", PYTHON),
            mock.patch.object(shutil, "which", lambda *_, **__: bubblewrap or None),
        ):
            return self.confinement.command(list(map(str, program)))

    def layers(self, bubblewrap: str = "") -> set[str]:
        """The layers that hold, as the launcher tells."""
        return set(self.run("tell", bubblewrap=bubblewrap).stdout.split())

    @property
    def user(self) -> int | None:
        """The user to start programs as; None for the present one."""
        return NOBODY if self.starter == ORDINARY and os.geteuid() == 0 else None

    def _run(self, command: list[str], timeout: float) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            timeout=timeout,
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )


@contextmanager
def launcher(starter: str, memory: int = 1 << 30, cpu_s: int = 600) -> Iterator[Launcher]:
    """A launcher in a folder of its own, with a copy of its code that every user can read."""
    with public_folder() as folder:
        for name in ("__init__.py", "capture/__init__.py"):
            (folder / "pyreport" / name).parent.mkdir(exist_ok=True)
            shutil.copy(PACKAGE / name, folder / "pyreport" / name)
        shutil.copytree(PACKAGE / "capture" / "confine", folder / "pyreport" / "capture" / "confine")
        shutil.copy(refusing_file, folder / "refusing.py")
        given = folder / "given"
        given.mkdir()
        (given / "file").write_text("given\n")
        user = NOBODY if starter == ROOT else None
        yield Launcher(starter, folder, Confinement(memory, (given,), user, user, cpu_s))
