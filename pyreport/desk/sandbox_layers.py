"""Which layers of the sandbox this system grants, each tried in a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from enum import StrEnum

from pyreport.base.errors import ToolError
from pyreport.capture.sandbox import unprivileged_account
from pyreport.desk.programs import ask

# Each is what DROP_PRIVILEGES in capture/sandbox.py does. Numbers: CLONE_NEWNET (linux/sched.h), PR_SET_NO_NEW_PRIVS
# (linux/prctl.h).
_TRIALS = {
    "no-network": "import ctypes; sys.exit(ctypes.CDLL(None).unshare(0x40000000) != 0)",
    "limits": "import resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); "
    "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))",
    "no-new-privileges": "import ctypes; sys.exit(ctypes.CDLL(None).prctl(38, 1, 0, 0, 0) != 0)",
}


class Layer(StrEnum):
    """A layer of the sandbox."""

    OTHER_USER = "other-user"
    NO_NETWORK = "no-network"
    LIMITS = "limits"
    NO_NEW_PRIVILEGES = "no-new-privileges"


def layers_here() -> tuple[Layer, ...]:
    """The layers that the sandbox has: most of them need root, who alone can take privileges away from tshark."""
    if os.geteuid() != 0:
        return ()
    return tuple(Layer) if sys.platform == "linux" else (Layer.OTHER_USER, Layer.LIMITS)


def refused_layers(environ: Mapping[str, str]) -> tuple[Layer, ...]:
    """Those of layers_here() that the system refuses."""
    return tuple(layer for layer in layers_here() if not _is_granted(layer, environ))


def _is_granted(layer: Layer, environ: Mapping[str, str]) -> bool:
    if layer is Layer.OTHER_USER:
        try:
            account = unprivileged_account(environ)
        except ToolError:
            return False
        return account is None or _works(
            f"os.setgroups([]); os.setgid({account.gid}); os.setuid({account.uid})", environ
        )
    return _works(_TRIALS[layer], environ)


def _works(trial: str, environ: Mapping[str, str]) -> bool:
    said = ask([sys.executable, "-I", "-c", f"import os, sys; {trial}"], environ)
    return said is not None and said.status == 0
