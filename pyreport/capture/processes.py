"""What the system tells of a process and of those that it started (proc(5)). Other systems than Linux do not tell."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
# Where fields stand in /proc/PID/stat behind the name of the program: state; utime, stime and those of children.
_STATE, _TIMES = 0, slice(11, 15)
# Running or waiting for a processor; waiting for a disk.
_BUSY = ("R", "D")


def family(process: int) -> list[int]:
    """The process and all that descend from it, the eldest first; only itself where the system does not tell."""
    found = [process]
    for each in found:
        try:
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text("ascii").split())
        except OSError:
            continue
    return found


class Activity(Struct, frozen=True):
    """What a process and its descendants do: the CPU time that they have used, in s, and whether one of them would go
    on if the machine let it (it runs, waits for its turn, or for a disk).
    """

    cpu_s: float
    is_busy: bool


def activity(process: int) -> Activity | None:
    """What the family of a process does; None when the system does not tell."""
    ticks, states = 0, set()
    for each in family(process):
        try:
            # The name is in parentheses and may hold anything.
            fields = Path(f"/proc/{each}/stat").read_bytes().rpartition(b")")[2].decode("ascii").split()
        except OSError:
            continue
        states.add(fields[_STATE])
        ticks += sum(map(int, fields[_TIMES]))
    return Activity(ticks / _TICKS_PER_S, not states.isdisjoint(_BUSY)) if states else None
