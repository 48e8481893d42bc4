"""A system that refuses some system calls, as containers and older kernels do: a filter (seccomp(2)) around a program.

``python refusing.py NUMBER[,NUMBER...] -- PROGRAM ARGUMENT...``; a number may be ``NUMBER/ERRNO``, and ``prctl=OPTION``
refuses one option of prctl(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

# linux/prctl.h, linux/seccomp.h, linux/filter.h
PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 22, 38, 2
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
CLONE_NEWUSER = 0x10000000

# asm/unistd_64.h and asm-generic/unistd.h
IS_X86 = os.uname().machine == "x86_64"
CLONE, CLONE3, UNSHARE, PRCTL = (56, 435, 272, 157) if IS_X86 else (220, 435, 97, 167)
PRLIMIT = 302 if IS_X86 else 261
LANDLOCK_CREATE_RULESET = 444


def step(code: int, value: int, over_if_true: int = 0, over_if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, over_if_true, over_if_false, value)


def refusing(layers: Sequence[str]) -> list[str]:
    """The beginning of a command that runs a program where these are refused: "namespaces" (to unshare(2)),
    "bubblewrap" (to clone(2)), "landlock", "seccomp", "limits".
    """
    return [sys.executable, str(Path(__file__)), ",".join(layers), "--"]


def steps(layers: Sequence[str]) -> list[bytes]:
    refuse = step(RETURN, ERRNO | errno.EPERM)
    found = [step(LOAD, 0)]
    numbers = {"namespaces": UNSHARE, "landlock": LANDLOCK_CREATE_RULESET, "limits": PRLIMIT}
    for layer in layers:
        if layer in numbers:
            found += [step(EQUAL, numbers[layer], 0, 1), refuse]
        elif layer == "bubblewrap":
            found += [step(EQUAL, CLONE3, 0, 1), step(RETURN, ERRNO | errno.ENOSYS)]
            found += [step(EQUAL, CLONE, 0, 4), step(LOAD, 16), step(ANY_BIT, CLONE_NEWUSER, 0, 1), refuse]
            found += [step(RETURN, ALLOW)]
        elif layer == "seccomp":
            found += [step(EQUAL, PRCTL, 0, 4), step(LOAD, 16), step(EQUAL, PR_SET_SECCOMP, 0, 1), refuse]
            found += [step(RETURN, ALLOW)]
    return [*found, step(RETURN, ALLOW)]


def main() -> None:
    layers, command = sys.argv[1].split(","), sys.argv[3:]
    filtered = b"".join(steps(layers))
    program = ctypes.create_string_buffer(filtered)
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(filtered) // 8, ctypes.addressof(program)))
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() != 0:
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, header, 0, 0):
        sys.exit(os.strerror(ctypes.get_errno()))
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
