"""Whether this user may capture with Wireshark."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from pyreport.desk.programs import ask
from pyreport.desk.wireshark import MACOS_PROGRAMS, Program

# Devices that every such system has, so that nothing has to be chosen: all interfaces, and the loopback one.
DEVICE = "any" if sys.platform == "linux" else "lo0"


class Rights(StrEnum):
    """What dumpcap, the program that captures for Wireshark, may do for this user."""

    GRANTED = "granted"
    NOT_RUN = "not-run"
    REFUSED = "refused"
    NO_DUMPCAP = "no-dumpcap"


def capture_rights(tshark: Program, environ: Mapping[str, str]) -> Rights:
    """Whether dumpcap can open a device. Nothing is captured: it is only asked for the device's link types (-L)."""
    beside = tshark.path.resolve().with_name("dumpcap")
    found = shutil.which("dumpcap", path=environ.get("PATH"))
    path = Path(found) if found else next((p for p in (beside, MACOS_PROGRAMS / "dumpcap") if p.exists()), None)
    if path is None:
        return Rights.NO_DUMPCAP
    if not os.access(path, os.X_OK):
        return Rights.NOT_RUN
    said = ask([path, "-i", DEVICE, "-L"], environ)
    return Rights.GRANTED if said is not None and said.status == 0 else Rights.REFUSED
