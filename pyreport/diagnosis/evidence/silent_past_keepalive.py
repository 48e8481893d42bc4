"""An MQTT client that sent nothing for longer than the keep-alive that it had named allows, when the server closed.

MQTT 3.1.1 section 3.1.2.10: the client sends something at least once in that time, and the server closes when it has
received nothing for one and a half times as long.
"""

from __future__ import annotations

from itertools import pairwise

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.units import NS_PER_S
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import MQTT_LATE_NS, SHORT_OF_IT_NS
from pyreport.frames.findings import Fin, Probe, Reset

#: What it claims.
SILENT = "silent-past-keepalive"


def silent_past_keepalive(case: Case) -> Claim | None:
    """That the server closed at the time at which MQTT has it close on a client that was silent. None else, also where
    the client had been silent for longer before: then the server does not hold it to what it named.
    """
    named, first = case.named, case.ending.first
    if named is None or not isinstance(first, Fin | Reset) or first.source == named.by:
        return None
    if isinstance(first, Reset) and first.cause_frame is not None:
        return None
    sent = [
        frame
        for frame in case.connection.frames
        if frame.number < first.frame and frame.source == named.by and frame.length and not frame.found(Probe)
    ]
    allowed, silence = named.seconds * NS_PER_S * 3 // 2, first.time_ns - sent[-1].time_ns
    longest = max((after.time_ns - before.time_ns for before, after in pairwise(sent)), default=0)
    latest = allowed + MQTT_LATE_NS
    if not allowed - SHORT_OF_IT_NS - round_trip_ns(case.connection) <= silence <= latest or longest > latest:
        return None
    return claim(
        SILENT,
        (named.frame, sent[-1].number, first.frame),
        who=case.roles.party(named.by),
        frame=FrameNumber(named.frame),
        named=Duration(named.seconds * NS_PER_S),
        silence=Duration(silence),
        is_seen=not case.quality.vantage.is_at(first.source),
    )
