"""How the launcher (``confine/launch.py``) is started: with which limits, and what a program may see."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from pyreport.base.errors import UsageError

MEMORY_VARIABLE = "PYREPORT_MEMORY_MB"
READS_VARIABLE = "PYREPORT_READS"

LEAST_MEMORY = 4 << 30
# tshark reads some 20,000 frames a second.
CPU_S = 4 * 3600

_START = Path("pyreport", "capture", "confine", "start.py")
# The folder that has the package pyreport.
_ROOT = Path(__file__).parents[2]


class Confinement(Struct, frozen=True):
    """What programs that read a capture are left with. ``user`` and ``group``: None for those of this process.

    ``memory`` in bytes, ``cpu_s`` in seconds (0: no limit); ``reads``: what they may open beside the system's files.
    """

    memory: int
    reads: tuple[Path, ...]
    user: int | None = None
    group: int | None = None
    cpu_s: int = CPU_S

    def command(self, program: Sequence[str]) -> list[str]:
        """The command that runs a program (its absolute path and arguments) by the launcher."""
        python = [sys.executable, "-I", "-S", str(_ROOT / _START), str(_ROOT)]
        return [*python, *self._words(), "--", *program]

    def lua(self, main: Path, arguments: Sequence[str]) -> list[str]:
        """The command that runs a Lua file by LuaJIT of the package lupa."""
        found = importlib.util.find_spec("lupa")
        folder = str(Path(found.origin).parents[1]) if found is not None and found.origin else ""
        return self.command(["lua", folder, str(main), *arguments])

    def _words(self) -> Iterator[str]:
        if self.user is not None:
            yield f"user={self.user}"
            yield f"group={self.group}"
        yield f"memory={self.memory}"
        yield f"cpu={self.cpu_s}"
        yield from (f"reads={path}" for path in self.reads)
        if bubblewrap := shutil.which("bwrap", path=os.defpath):
            yield f"bubblewrap={bubblewrap}"


def memory_limit(environ: Mapping[str, str]) -> int:
    """How many bytes a program may allocate: what the variable says, else all of the machine's memory, and at least
    LEAST_MEMORY. Raises UsageError when the variable is no number.
    """
    wanted = environ.get(MEMORY_VARIABLE, "")
    if not wanted:
        return max(LEAST_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    if not (wanted.isascii() and wanted.isdecimal() and int(wanted)):
        raise UsageError(f"{MEMORY_VARIABLE} is '{wanted}': set it to a number of megabytes.")
    return int(wanted) * 1_000_000


def files_of(tshark: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """What a tshark that is not the system's needs to start: itself and what Wireshark's build and installation
    put around it; the Python that runs the launcher; what the user's variables name.
    """
    for place in {tshark, tshark.resolve()}:
        yield place
        yield from sorted(place.parent.glob("lib*.so*"))
        for name in ("lib", "lib64", "libexec/wireshark", "share/wireshark"):
            yield place.parent.parent / name
    yield from (Path(prefix) for prefix in {sys.prefix, sys.base_prefix})
    for variable in (READS_VARIABLE, "LD_LIBRARY_PATH"):
        yield from (Path(name) for name in environ.get(variable, "").split(os.pathsep) if name.startswith("/"))
