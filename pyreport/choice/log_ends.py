"""What a log line says of the two ends."""

from __future__ import annotations

from pyreport.base.claim import Claim, claim
from pyreport.logs.model import LogError


def log_ends(log: LogError) -> Claim:
    """The ends that the line names: both, one of them, or none."""
    if log.local and log.remote:
        return claim("log-names-both-ends", local=str(log.local), remote=str(log.remote))
    if log.remote:
        return claim("log-names-remote-end", remote=str(log.remote))
    if log.local:
        return claim("log-names-local-end", local=str(log.local))
    return claim("log-names-no-end")
