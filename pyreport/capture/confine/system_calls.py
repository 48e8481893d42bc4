"""A filter of system calls (seccomp(2)): no socket, no namespace, no look into another process.

Needs no privilege, so it also holds where the system grants no namespaces. A call that is refused fails with EPERM, a
newer call that has an older one fails with ENOSYS, and the C library takes the older one.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from pyreport.capture.confine.kernel import CLONE_NEWUSER, PR_SET_SECCOMP, prctl

TYPE_CHECKING = False  # the module typing takes long to load
if TYPE_CHECKING:
    from collections.abc import Iterator

SECCOMP_MODE_FILTER = 2
# linux/seccomp.h: what the filter returns. ERRNO carries the number in its low 16 bits.
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
# linux/audit.h: AUDIT_ARCH of the machines whose numbers are known here.
X86_64, AARCH64, RISCV64 = 0xC000003E, 0xC00000B7, 0xC00000F3
MACHINES = {"x86_64": X86_64, "aarch64": AARCH64, "riscv64": RISCV64}
# On x86-64, calls of the x32 ABI have this bit.
X32 = 0x40000000

# Numbers on x86-64 (asm/unistd_64.h) and on the others (asm-generic/unistd.h).
REFUSED = {
    "socket": (41, 198),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "mount_setattr": (442, 442),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "open_by_handle_at": (304, 265),
    "kexec_load": (246, 104),
    "init_module": (175, 105),
    "finit_module": (313, 273),
}
MISSING = {"io_uring_setup": (425, 425), "clone3": (435, 435)}
CLONE = (56, 220)

# linux/bpf_common.h, linux/filter.h: load a word of seccomp_data; jump if equal, greater or equal, any bit; return.
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, MACHINE_AT, FIRST_ARGUMENT_AT = 0, 4, 16


def refuse_calls() -> None:
    """Refuse these calls to this process and its children. Needs no-new-privileges.

    Raises OSError where the kernel has no such filter, or the numbers of this machine are not known.
    """
    machine = os.uname().machine
    if machine not in MACHINES or ctypes.sizeof(ctypes.c_void_p) != 8:
        raise OSError(errno.ENOSYS, machine)
    steps = b"".join(_steps(MACHINES[machine]))
    program = ctypes.create_string_buffer(steps)
    # struct sock_fprog: the number of steps, and where they are
    header = struct.pack("HxxxxxxQ", len(steps) // 8, ctypes.addressof(program))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.create_string_buffer(header))


def _steps(machine: int) -> Iterator[bytes]:
    """The filter. Each jump goes over the next step or not, so no distance has to be counted."""
    column = 0 if machine == X86_64 else 1
    refuse = _step(RETURN, ERRNO | errno.EPERM)
    yield _step(LOAD, MACHINE_AT)
    yield _step(EQUAL, machine, over_if=True)
    yield refuse
    yield _step(LOAD, NUMBER_AT)
    if machine == X86_64:
        yield _step(AT_LEAST, X32, over_if=False)
        yield refuse
    for numbers in REFUSED.values():
        yield _step(EQUAL, numbers[column], over_if=False)
        yield refuse
    for numbers in MISSING.values():
        yield _step(EQUAL, numbers[column], over_if=False)
        yield _step(RETURN, ERRNO | errno.ENOSYS)
    yield _step(EQUAL, CLONE[column], over_if=True)
    yield _step(RETURN, ALLOW)
    yield _step(LOAD, FIRST_ARGUMENT_AT)
    yield _step(ANY_BIT, CLONE_NEWUSER, over_if=False)
    yield refuse
    yield _step(RETURN, ALLOW)


def _step(code: int, value: int, over_if: bool | None = None) -> bytes:
    """One struct sock_filter; a jump goes over the next step when its condition is as ``over_if`` says."""
    return struct.pack("HBBI", code, over_if is True, over_if is False, value)
