"""What the system tells of a process and of those that it started (proc(5)). Other systems than Linux do not tell."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
# Where fields stand in /proc/PID/stat behind the name of the program: state; utime, stime and those of children.
_STATE, _TIMES = 0, slice(11, 15)
_WAITS_FOR_DISK = "D"


def family(process: int) -> list[int]:
    """The process and all that descend from it, the eldest first; only itself where the system does not tell."""
    found = [process]
    for each in found:
        try:
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text("ascii").split())
        except OSError:
            continue
    return found


def cpu_seconds(process: int) -> float | None:
    """The CPU time that the family of a process has used; None when the system does not tell, infinity when one of them
    waits for a disk, since that is no idling.
    """
    ticks, is_known = 0, False
    for each in family(process):
        try:
            # The name is in parentheses and may hold anything.
            fields = Path(f"/proc/{each}/stat").read_bytes().rpartition(b")")[2].decode("ascii").split()
        except OSError:
            continue
        if fields[_STATE] == _WAITS_FOR_DISK:
            return float("inf")
        is_known, ticks = True, ticks + sum(map(int, fields[_TIMES]))
    return ticks / _TICKS_PER_S if is_known else None
