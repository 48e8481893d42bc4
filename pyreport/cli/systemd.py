"""A unit file for ``pyreport watch`` that gives it the right to capture and takes everything else away."""

from __future__ import annotations

import grp
import shutil
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from pyreport.base.errors import UsageError

STATE = Path("/var/lib")
HOMES = (Path("/home"), Path("/root"), Path("/run/user"))
# A user that exists only while its service runs has a /tmp of its own (systemd.exec(5), DynamicUser=).
TEMPORARY = (Path("/tmp"), Path("/var/tmp"))  # noqa: S108 - only compared with
PRINT = "--print-systemd"

UNIT = """\
# Made by pyreport watch {print_option}. Save it as /etc/systemd/system/pyreport-watch.service, then:
#   systemctl daemon-reload && systemctl enable --now pyreport-watch
[Unit]
Description=Reports on broken TCP connections (pyreport watch)
Documentation=man:dumpcap(1) man:pcap-filter(7)
After=network-online.target
Wants=network-online.target

[Service]
ExecStart={command}
Restart=on-failure
RestartSec=10
KillMode=mixed
TimeoutStopSec=30

# A user that exists only while the service runs; its reports are in {folder}.
DynamicUser=yes
StateDirectory={state}
StateDirectoryMode=0700
UMask=0077
WorkingDirectory={folder}
{groups}
# dumpcap captures with these. Both, also where one would do: a dumpcap whose file has both does not start with less.
AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN
CapabilityBoundingSet=CAP_NET_RAW CAP_NET_ADMIN
NoNewPrivileges=yes

ProtectSystem=strict
ProtectHome={home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
# To capture, to look names up, and what libpcap asks the kernel.
RestrictAddressFamilies=AF_PACKET AF_INET AF_INET6 AF_UNIX AF_NETLINK
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
# MemoryDenyWriteExecute= is not set: LuaJIT, which reads captures, compiles to memory.

Nice=10
MemoryMax=2G
TasksMax=128

[Install]
WantedBy=multi-user.target
"""


def unit(typed: Sequence[str], folder: Path, logs: Sequence[Path]) -> str:
    """The unit file that runs the watch with these options (those of the command line, from "watch" on).

    Raises UsageError when the folder is none that systemd keeps for a service, or a log none that a service can see.
    """
    folder = folder.absolute()
    if STATE not in folder.parents or folder.parent != STATE:
        raise UsageError(f"A service keeps its files in {STATE}: give --dir {STATE / 'pyreport'} with {PRINT}.")
    hidden = next((log for log in logs if _lies_in(log.absolute(), TEMPORARY)), None)
    if hidden is not None:
        raise UsageError(
            f"A service does not see {hidden}: let the application log to another folder, such as /var/log."
        )
    program = _program()
    paths = [Path(program[0]), Path(program[0]).resolve(), *(log.absolute() for log in logs)]
    return UNIT.format(
        print_option=PRINT,
        command=" ".join(_quoted(word) for word in (*program, *_absolute(typed, logs))),
        folder=folder,
        state=folder.name,
        groups=_groups(logs),
        home="read-only" if any(_lies_in(path, HOMES) for path in paths) else "yes",
    )


def _program() -> list[str]:
    own = shutil.which(sys.argv[0])
    if own is not None and Path(own).name == "pyreport":
        return [str(Path(own).absolute())]
    return [sys.executable, "-m", "pyreport"]


def _absolute(typed: Sequence[str], logs: Sequence[Path]) -> list[str]:
    """The options with the logs' paths made absolute, since a service starts elsewhere."""
    relative = {str(log): str(log.absolute()) for log in logs if str(log) != "-"}
    words = []
    for word in typed:
        name, is_joined, value = word.partition("=")
        if word in relative:
            words.append(relative[word])
        elif is_joined and name.startswith("--log") and value in relative:
            words.append(f"{name}={relative[value]}")
        elif word != PRINT:
            words.append(word)
    return words


def _groups(logs: Sequence[Path]) -> str:
    """The groups that may read the logs and run dumpcap, where not everybody may."""
    dumpcap = shutil.which("dumpcap")
    wanted = [(log, stat.S_IRGRP, stat.S_IROTH) for log in logs]
    wanted += [(Path(dumpcap), stat.S_IXGRP, stat.S_IXOTH)] if dumpcap else []
    names = []
    for path, by_group, by_all in wanted:
        try:
            status = path.stat()
            if status.st_mode & by_group and not status.st_mode & by_all and status.st_gid:
                names.append(grp.getgrgid(status.st_gid).gr_name)
        except (OSError, KeyError):
            continue
    if not names:
        return "# A log that not everybody may read: SupplementaryGroups= with its group, such as adm.\n"
    return f"SupplementaryGroups={' '.join(dict.fromkeys(names))}\n"


def _lies_in(path: Path, folders: Sequence[Path]) -> bool:
    return any(folder in path.parents for folder in folders)


def _quoted(word: str) -> str:
    """The word in a command line of systemd (systemd.service(5), "Command lines")."""
    word = word.replace("\\", "\\\\").replace("%", "%%").replace("$", "$$")
    if word and not set(word) & set(" \t\"';#"):
        return word
    return '"' + word.replace('"', '\\"') + '"'
