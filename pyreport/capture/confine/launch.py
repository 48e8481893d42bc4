"""Becomes a program that reads a capture: first gives up what that one does not need.

Started by Python without its site-packages; ``main`` has the command line, confinement.py makes it. A layer that the
system refuses is left out, and ``tell`` prints which ones hold.
"""

from __future__ import annotations

import os
import sys

from pyreport.capture.confine import NO_LUAJIT, bounds, bubblewrap, kernel, landlock, namespaces, system_calls

TYPE_CHECKING = False  # the module typing takes long to load
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

# What every program needs to start: its libraries, and what the C library asks for.
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin", "/nix/store", "/gnu/store")
SETTINGS = (
    *("/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives"),
    *("/etc/nsswitch.conf", "/etc/passwd", "/etc/group", "/etc/localtime", "/etc/services", "/etc/protocols"),
    *("/etc/wireshark", "/etc/gcrypt", "/etc/gnutls", "/etc/crypto-policies", "/etc/ssl/openssl.cnf"),
)
SOURCES = ("/sys/devices/system/cpu",)
DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")

# As env(1): the program cannot be run.
CANNOT_RUN = 126


class Wishes:
    """What the launcher is asked for, in words NAME=VALUE.

    ``user`` and ``group``: whom to become; None: the present one. ``memory`` (bytes) and ``cpu`` (s; 0: no limit).
    ``reads``, any number of times: files and folders beside those of the system. ``bubblewrap``: the program, if it is
    there. ``inside``: it has made the namespaces already.
    """

    def __init__(self, words: list[str]) -> None:
        said = [word.partition("=")[::2] for word in words]
        last = dict(said)
        self.user = int(last["user"]) if "user" in last else None
        self.group = int(last["group"]) if "group" in last else None
        self.memory, self.cpu_s = int(last["memory"]), int(last["cpu"])
        self.reads = [value for name, value in said if name == "reads"]
        self.bubblewrap = last.get("bubblewrap", "")
        self.is_inside = "inside" in last


def main(words: list[str]) -> None:
    """Run ``NAME=VALUE... -- PROGRAM ARGUMENT...`` with an absolute path, ``-- lua FOLDER FILE ARGUMENT...`` (a Lua
    file by LuaJIT of the package lupa in that folder) or ``-- tell`` (prints the layers that hold, one a line).
    """
    end = words.index("--")
    wishes, (program, *arguments) = Wishes(words[:end]), words[end + 1 :]
    lua = _load_lua(arguments[0]) if program == "lua" else None
    # tshark is given one file to read, which may lie anywhere.
    wishes.reads += [arguments[at + 1] for at, option in enumerate(arguments[:-1]) if option == "-r"]
    kernel.die_by_default(kernel.SIGINT)
    granted = _confine(wishes, words)
    if program == "tell":
        sys.stdout.write("".join(f"{layer}\n" for layer in granted))
    elif lua is not None:
        lua.eval("loadfile")(arguments[1])(*arguments[2:])
    else:
        try:
            os.execv(program, [program, *arguments])  # noqa: S606
        except OSError as error:
            sys.stderr.write(f"{program}: {error.strerror}\n")
            sys.exit(CANNOT_RUN)


def _load_lua(folder: str) -> Any:
    """LuaJIT of the package lupa in this folder. Ends with NO_LUAJIT when it is not there."""
    sys.path.append(folder)
    try:
        import lupa.luajit21
    except ImportError:
        sys.exit(NO_LUAJIT)
    return lupa.luajit21.LuaRuntime(register_eval=False, register_builtins=False)


def _confine(wishes: Wishes, words: list[str]) -> list[str]:
    """Give up all that can be given up; the names of the layers that hold."""
    if os.getpgid(0) != os.getpid():
        os.setpgid(0, 0)  # Ctrl-C is pyreport's to handle, and the group can be ended at once
    granted = []
    has_own = wishes.is_inside or (os.geteuid() == 0 and sys.platform == "linux" and namespaces.separate_as_root())
    if wishes.user is not None and wishes.group is not None:
        os.setgroups([])
        os.setgid(wishes.group)
        os.setuid(wishes.user)
        granted.append("other-user")
    if sys.platform != "linux":
        return [*granted, *_held("limits", lambda: bounds.limit_use(wishes.memory, wishes.cpu_s))]
    reads = [*SYSTEM, *SETTINGS, *SOURCES, *wishes.reads]
    if not landlock.is_there():
        _try_bubblewrap(wishes, reads, words)  # it also shows only these files
    has_user_namespace = wishes.is_inside or namespaces.separate(has_own=has_own)
    if not (has_own or has_user_namespace):
        _try_bubblewrap(wishes, reads, words)
    else:
        granted += ["no-network", "own-processes"]
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    granted.append("no-new-privileges")
    granted += _held("limits", lambda: _limit(wishes, counts_own=has_user_namespace))
    granted += _held("files", lambda: landlock.restrict_files(reads, DEVICES)) or ["files"] * wishes.is_inside
    kernel.prctl(kernel.PR_SET_PDEATHSIG, kernel.SIGKILL)
    if "own-processes" in granted and not wishes.is_inside:
        _enter_own_processes()
    return [*granted, *_held("system-calls", system_calls.refuse_calls)]


def _try_bubblewrap(wishes: Wishes, reads: list[str], words: list[str]) -> None:
    """Begin again inside bubblewrap, if an ordinary user has it and it works here."""
    if wishes.is_inside or wishes.user is not None or not wishes.bubblewrap:
        return
    boot = sys.orig_argv[: -len(words)]
    # What the launcher itself is made of; its last word is the folder that the package lies in.
    reads = [*reads, f"{boot[-1]}/pyreport"]
    if bubblewrap.works(wishes.bubblewrap, reads, DEVICES):
        command = bubblewrap.wrapped(wishes.bubblewrap, reads, DEVICES, [*boot, "inside=yes", *words])
        os.execv(wishes.bubblewrap, command)  # noqa: S606


def _limit(wishes: Wishes, *, counts_own: bool) -> None:
    bounds.limit_use(wishes.memory, wishes.cpu_s)
    bounds.limit_processes(counts_own=counts_own)


def _held(layer: str, action: Callable[[], None]) -> list[str]:
    """The layer, unless the system refuses the action."""
    try:
        action()
    except (OSError, ValueError):
        return []
    return [layer]


def _enter_own_processes() -> None:
    """Go on inside the new namespace, as the second process: the first one cannot be ended by a signal from inside. The
    first waits for it: when that one ends, the kernel ends all others in there. The one that is left outside waits for
    the first, and ends as the second did.
    """
    from_inside, to_outside = os.pipe()
    first = os.fork()
    if first:
        _wait_outside(first, from_inside)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, kernel.SIGKILL)
    second = os.fork()
    if second:
        os.dup2(to_outside, 0)
        os.closerange(1, os.sysconf("SC_OPEN_MAX"))
        ended = 0
        while ended != second:  # whoever loses his parent becomes the first one's child
            ended, status = os.wait()
        os.write(0, status.to_bytes(4, "little"))
        os._exit(0)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, kernel.SIGKILL)
    os.close(from_inside)
    os.close(to_outside)


def _wait_outside(first: int, from_inside: int) -> None:
    os.dup2(from_inside, 0)
    os.closerange(1, os.sysconf("SC_OPEN_MAX"))
    told = os.read(0, 4)
    os.waitpid(first, 0)
    status = int.from_bytes(told, "little") if told else kernel.SIGKILL
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        kernel.die_by_default(number)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status))
