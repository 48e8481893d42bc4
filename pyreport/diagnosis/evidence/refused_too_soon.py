"""An RST that answers a SYN sooner than the host that it names answers: a device nearer than that host sent it."""

from __future__ import annotations

from itertools import islice

from pyreport.base.claim import Claim, Duration, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.round_trip import handshake
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import FEWEST_ANSWERS, SOONER_BY_NS, SOONER_SHARE, WITNESSES
from pyreport.frames.frame import Frame

#: What it claims.
TOO_SOON = "opening-refused-too-soon"


def refused_too_soon(case: Case, server: Endpoint, reset: Frame) -> Claim | None:
    """That the SYN was refused in less than a third of the time that the server's host took for the quickest of its
    answers to SYNs of the same client's host, in this capture: both answers come from a kernel. None else.
    """
    connection = case.connection
    syn = next((f for f in reversed(connection.frames) if f.number < reset.number and f.is_syn), None)
    others = case.index.hosts.between(connection.other(server).host, server.host)
    openings = [found for other in islice(others, WITNESSES) if (found := handshake(other)) is not None]
    answers = [
        (answer.time_ns - asked.time_ns, answer) for asked, answer, _ in openings if answer.source.host == server.host
    ]
    if syn is None or not answers:
        return None
    least_ns, quickest = min(answers, key=lambda found: found[0])
    took_ns = reset.time_ns - syn.time_ns
    if took_ns >= SOONER_SHARE * least_ns or least_ns - took_ns < SOONER_BY_NS:
        return None
    frames = (syn.number, reset.number, quickest.number)
    is_sure = len(answers) >= FEWEST_ANSWERS
    took, least = Duration(took_ns), Duration(least_ns)
    return claim(TOO_SOON, frames, server=server, took=took, least=least, answers=len(answers), sure=is_sure)
