"""Limits on what a program may use up (setrlimit(2)), which its children inherit."""

from __future__ import annotations

import os
import resource

# What tshark writes is what it says of errors, into a file: captures leave it through a pipe.
FILE_BYTES = 64 << 20
# Processes and threads of one run; tshark and the reader have one each.
PROCESSES = 16
# Address space beside memory of its own: programs, libraries and their data, mapped from files.
MAPPED_BYTES = 4 << 30
# The first to be ended when the machine has no memory left (proc(5), /proc/PID/oom_score_adj).
FIRST_TO_END = 1000


def limit_use(memory: int, cpu_s: int) -> None:
    """Limit memory (bytes), CPU time (s; 0: no limit) and files, and leave no core behind. Raises OSError or ValueError
    where the system refuses a limit.
    """
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, FILE_BYTES)
    _lower(resource.RLIMIT_DATA, memory)
    _lower(resource.RLIMIT_AS, memory + MAPPED_BYTES)
    if cpu_s:
        _lower(resource.RLIMIT_CPU, cpu_s)
    try:
        place = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    except OSError:
        return  # not Linux
    try:
        os.write(place, str(FIRST_TO_END).encode())
    finally:
        os.close(place)


def limit_processes(*, counts_own: bool) -> None:
    """Limit the number of processes. Unless the kernel counts only those of this run (a user namespace or a user of its
    own), those that the user has already come on top. Raises OSError or ValueError.
    """
    _lower(resource.RLIMIT_NPROC, PROCESSES if counts_own else PROCESSES + _tasks_of_user())


def _lower(which: int, wanted: int) -> None:
    _, hard = resource.getrlimit(which)
    limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(which, (limit, limit))


def _tasks_of_user() -> int:
    """How many processes and threads the user has: a folder "task" has a link for each and two more (proc(5))."""
    count, user = 0, os.getuid()
    try:
        names = os.listdir("/proc")  # noqa: PTH208
    except OSError:
        return 1 << 10
    for name in names:
        if name.isdigit():
            try:
                status = os.stat(f"/proc/{name}/task")  # noqa: PTH116
            except OSError:
                continue
            if status.st_uid == user:
                count += status.st_nlink - 2
    return count
