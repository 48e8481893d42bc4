"""What a packet filter of the end that was asked does: it drops what a lossy path would lose, and it refuses in the
name of a socket that goes on.

A rule on the host itself (nftables or iptables, INPUT with DROP or REJECT) works behind the place where a capture on
that host is taken, and behind all that the other end can see of the path.
"""

from __future__ import annotations

from pyreport.base.claim import Claim, claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import left_its_host
from pyreport.diagnosis.evidence.likeness import goes_on_after, likeness
from pyreport.diagnosis.evidence.waits import Wait, late_ns, waits
from pyreport.diagnosis.result import Explanation
from pyreport.diagnosis.thresholds import AFTER_RESET_NS
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame

#: That a host was alive which did not take in what it was asked.
ALIVE = ("wait-data-host-heard", "wait-probes-host-heard", "wait-data-went-on-without")


def perhaps_filtered(case: Case, loss: Explanation, silent: Endpoint) -> Claim | None:
    """That a live host may have dropped itself what it never answered. None where it answered later, or answered
    something else of the connection meanwhile: a rule that drops a connection drops all of it, and goes on.
    """
    told = loss.weightiest
    if told.id not in ALIVE:
        return None
    asked = set(told.frames)
    in_vain = (wait for wait in waits(case) if wait.silent == silent and wait.answer is None)
    unanswered = next((wait for wait in in_vain if asked.issuperset(wait.frames)), None)
    if unanswered is None or _answered_others(case, unanswered):
        return None
    return claim("wait-path-or-filter", told.frames, silent=case.roles.party(silent))


def _answered_others(case: Case, wait: Wait) -> bool:
    """Whether a bare acknowledgment, which only a segment draws, shows that something of the asker came through."""
    since = wait.start_ns + late_ns(case.connection)
    later = (f for f in case.connection.frames if f.source == wait.silent and f.time_ns > since)
    return any(f.has(FLAG_ACK) and not f.has(FLAG_RST) and not f.space and not f.found(Probe) for f in later)


def refused_at_home(case: Case, closing: Frame) -> Claim | None:
    """That an RST left the host whose name it has, where the capture was taken, and that this side's socket went on."""
    later = goes_on_after(case.connection, closing, AFTER_RESET_NS)
    if not later or left_its_host(case, closing) is None or likeness(case.connection, closing).is_elsewhere:
        return None
    return claim("reset-by-own-filter", (closing.number, *later[:5]), who=case.roles.party(closing.source))


def device_or_filter(case: Case, closing: Frame) -> Claim | None:
    """That an RST which its side's socket did not send came with the hop limit of that host, so that its packet filter
    may have sent it as well as a device on the path. None where the hop limit tells of another distance.
    """
    found = likeness(case.connection, closing)
    if not found.is_as_far or found.is_elsewhere:
        return None
    return claim("device-or-filter", (closing.number,), who=case.roles.party(closing.source))
