"""Calls of the kernel that Python has no function for. Linux only, but for the import."""

from __future__ import annotations

import ctypes
import os
import sys

_LIBC = ctypes.CDLL(None, use_errno=True)

# linux/prctl.h
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 24, 38
# linux/sched.h
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x08000000, 0x10000000, 0x20000000, 0x40000000
# asm/signal.h, the same everywhere; Python's module takes long to load
SIGINT, SIGKILL = 2, 9
# linux/capability.h: the layout of two words for each of three sets
CAPABILITY_VERSION_3 = 0x20080522


def prctl(option: int, value: int = 0, pointer: ctypes.Array[ctypes.c_char] | None = None) -> None:
    """Change something of this process, as prctl does. Raises OSError."""
    unused = ctypes.c_ulong(0)
    _checked(_LIBC.prctl(option, ctypes.c_ulong(value), pointer if pointer is not None else unused, unused, unused))


def unshare(flags: int) -> None:
    """Enter new namespaces. Raises OSError."""
    _checked(_LIBC.unshare(ctypes.c_int(flags)))


def system_call(number: int, *values: int | bytes | None) -> int:
    """syscall(2) with numbers and read-only memory. Returns what the call returns. Raises OSError."""
    given = [ctypes.c_long(value) if isinstance(value, int) else ctypes.c_char_p(value) for value in values]
    return _checked(_LIBC.syscall(ctypes.c_long(number), *given))


def die_by_default(number: int) -> None:
    """Have a signal do what it does without a handler (signal(2)): Python handles some by itself."""
    _LIBC.signal(number, None)


def drop_capabilities() -> None:
    """Give up every capability (capabilities(7)) in the present user namespace, for good. Raises OSError."""
    for number in range(64):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:
            break  # the last one that this kernel knows, or none of it is ours
    header = CAPABILITY_VERSION_3.to_bytes(4, sys.byteorder) + bytes(4)
    _checked(_LIBC.capset(header, bytes(24)))


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int(result)
