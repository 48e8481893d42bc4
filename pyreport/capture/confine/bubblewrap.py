"""Bubblewrap (bwrap(1)), where it is installed: it may make namespaces where this user may not."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # the module typing takes long to load
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OPTIONS = (
    *("--unshare-user-try", "--unshare-net", "--unshare-ipc", "--unshare-pid", "--die-with-parent"),
    *("--proc", "/proc"),
)


def wrapped(program: str, readable: Iterable[str], devices: Iterable[str], command: Sequence[str]) -> list[str]:
    """The command that runs a command in bubblewrap, where it sees these files and folders and can write to the devices
    alone.
    """
    views = [word for path in sorted(set(readable)) for word in ("--ro-bind-try", path, path)]
    # One by one, since a whole /dev would need a second user namespace.
    views += [word for path in devices for word in ("--dev-bind-try", path, path)]
    return [program, *OPTIONS, *views, "--chdir", os.getcwd(), "--", *command]  # noqa: PTH109


def works(program: str, readable: Iterable[str], devices: Iterable[str]) -> bool:
    """Whether the system lets bubblewrap do it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1] == 0
    try:
        nothing = os.open("/dev/null", os.O_RDWR)
        for standard in range(3):
            os.dup2(nothing, standard)
        os.execv(program, wrapped(program, readable, devices, ["/bin/true"]))  # noqa: S606
    finally:
        os._exit(1)
