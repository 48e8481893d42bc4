"""Which layers of the sandbox this system grants: the launcher takes them on, and tells."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum

from pyreport.capture.sandbox import Sandbox
from pyreport.desk.programs import ask


class Layer(StrEnum):
    """A layer of the sandbox, by the name that the launcher tells."""

    OTHER_USER = "other-user"
    NO_NETWORK = "no-network"
    OWN_PROCESSES = "own-processes"
    NO_NEW_PRIVILEGES = "no-new-privileges"
    LIMITS = "limits"
    FILES = "files"
    SYSTEM_CALLS = "system-calls"


def layers_here(sandbox: Sandbox) -> Sequence[Layer]:
    """The layers that the sandbox should have: only root needs another user, and most are of Linux."""
    known = tuple(Layer) if sys.platform == "linux" else (Layer.OTHER_USER, Layer.LIMITS)
    return [layer for layer in known if layer is not Layer.OTHER_USER or sandbox.account is not None]


def refused_layers(sandbox: Sandbox) -> Sequence[Layer]:
    """Those of layers_here() that the system refuses."""
    said = ask(sandbox.confinement.command(["tell"]), sandbox.environment)
    held = said.stdout.split() if said is not None and said.status == 0 else []
    return [layer for layer in layers_here(sandbox) if layer not in held]
