"""Namespaces (namespaces(7)): a network without interfaces, and no other process to be seen or signalled.

An ordinary user gets them with a user namespace, in which his number stays and all capabilities are given up again.
"""

from __future__ import annotations

import os

from pyreport.capture.confine.kernel import (
    CLONE_NEWIPC,
    CLONE_NEWNET,
    CLONE_NEWPID,
    CLONE_NEWUSER,
    PR_SET_DUMPABLE,
    drop_capabilities,
    prctl,
    unshare,
)

OWN = CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWPID


def separate_as_root() -> bool:
    """Leave the network and the processes of the host, as root; whether the system grants it."""
    try:
        unshare(OWN)
    except OSError:
        return False
    return True


def separate(*, has_own: bool) -> bool:
    """Enter a user namespace, and leave the network and the processes of the host unless that is done (``has_own``).
    Whether the system grants it: all of it or nothing.

    No further user namespace can be made in it, and the kernel counts its processes by themselves.
    """
    uid, gid = os.getuid(), os.getgid()
    try:
        # After setuid(2) the files in /proc/self are root's until then (PR_SET_DUMPABLE in prctl(2)).
        prctl(PR_SET_DUMPABLE, 1)
        unshare(CLONE_NEWUSER | (0 if has_own else OWN))
    except OSError:
        return False
    try:
        for name, text in (("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"), ("gid_map", f"{gid} {gid} 1")):
            _write(f"/proc/self/{name}", text)
        _write("/proc/sys/user/max_user_namespaces", "0")
    except OSError:
        pass  # without a map (Ubuntu's AppArmor refuses it) the user has another number inside, and the same rights
    finally:
        drop_capabilities()
    return True


def _write(path: str, text: str) -> None:
    place = os.open(path, os.O_WRONLY)
    try:
        os.write(place, text.encode())
    finally:
        os.close(place)
