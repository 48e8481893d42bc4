"""Landlock (landlock(7), linux/landlock.h): which files a process may open, from Linux 5.13 on, without any privilege.

What newer kernels add is used where they have it: no TCP, no signals to others, no abstract sockets.
"""

from __future__ import annotations

import os
import stat
import struct

from pyreport.capture.confine.kernel import system_call

TYPE_CHECKING = False  # the module typing takes long to load
if TYPE_CHECKING:
    from collections.abc import Iterable

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, PATH_BENEATH = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, IOCTL_DEVICE = 1 << 14, 1 << 15
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE
READING = EXECUTE | READ_FILE | READ_DIR
WRITING = READ_FILE | WRITE_FILE

# All that a version of Landlock knows of files, from version 1 on; the last one holds for all later ones.
FILES_BY_VERSION = ((1 << 13) - 1, (1 << 14) - 1, (1 << 15) - 1, (1 << 15) - 1, (1 << 16) - 1)
# From these versions on: binding and connecting of TCP; abstract Unix sockets and signals.
TCP_SINCE, TCP = 4, 0b11
SCOPE_SINCE, SCOPE = 6, 0b11


def is_there() -> bool:
    """Whether the kernel has it."""
    try:
        return system_call(CREATE_RULESET, None, 0, VERSION_FLAG) > 0
    except OSError:
        return False


def restrict_files(readable: Iterable[str], writable: Iterable[str]) -> None:
    """From now on, this process and its children can open only these files and what is in these folders.

    ``readable`` may also be run, ``writable`` is for devices and files that are there. Those that are missing or out of
    reach are passed over. Needs no-new-privileges. Raises OSError where the kernel has no Landlock.
    """
    version = system_call(CREATE_RULESET, None, 0, VERSION_FLAG)
    handled = FILES_BY_VERSION[min(version, len(FILES_BY_VERSION)) - 1]
    attributes = struct.pack("=Q", handled)
    if version >= TCP_SINCE:
        attributes += struct.pack("=Q", TCP)
    if version >= SCOPE_SINCE:
        attributes += struct.pack("=Q", SCOPE)
    rules = system_call(CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for paths, access in ((readable, READING), (writable, WRITING)):
            for path in paths:
                _allow(rules, path, access & handled)
        system_call(RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: str, access: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(place).st_mode):
            access &= OF_FILES
        system_call(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", access, place), 0)
    finally:
        os.close(place)
