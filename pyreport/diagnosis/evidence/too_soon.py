"""An RST that came sooner than the host that it names answers: it was made nearer to the place of capture."""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, claim
from pyreport.base.units import NS_PER_S
from pyreport.connections.connection import Connection
from pyreport.connections.round_trip import answer_delays, handshake
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import FEWEST_ANSWERS, SOONER_BY_NS, SOONER_SHARE, WITNESSES
from pyreport.frames.findings import Reset
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame

#: What it claims of answers to SYNs.
SOONER_THAN_SYNS = "closing-frame-sooner-than-syns"
#: What an RST may answer was sent within this time before it, however slow the path.
ON_ITS_WAY_NS = NS_PER_S
#: From this share of the least on, it may be an answer (lua/keepalive_payload.lua: HALF).
ANSWERS_SHARE = 1 / 2


class TooSoon(Struct, frozen=True):
    """The segment that an RST answers, how long after it the RST came, and the least that its sender's host took for an
    answer. ``is_sure``: so many answers show that least, and it is so much more, that load is no reason.
    """

    cause: Frame
    delay_ns: int
    least_ns: int
    is_sure: bool


def too_soon(connection: Connection, reset: Frame) -> TooSoon | None:
    """None where it may be an answer of that host: also to an earlier segment than the last one. A host without the
    connection answers each (RFC 9293 section 3.10.7.1), and the first answer comes first.
    """
    found = reset.found(Reset)
    if found is None or found.too_soon_ns is None or found.cause_frame is None:
        return None
    cause, least_ns = connection.frame(found.cause_frame), found.too_soon_ns
    if cause is None:
        return None
    delay_ns = reset.time_ns - cause.time_ns
    if _may_answer_earlier(connection, reset, cause, least_ns):
        return None
    is_shown = len(answer_delays(connection, reset.source)) >= FEWEST_ANSWERS
    is_sure = is_shown and delay_ns < SOONER_SHARE * least_ns and least_ns - delay_ns >= SOONER_BY_NS
    return TooSoon(cause, delay_ns, least_ns, is_sure)


def sooner_than_openings(case: Case, reset: Frame) -> Claim | None:
    """That the RST came in less than a third of the least time that its host took for its answers to SYNs of the same
    other host, in this capture: where the connection itself has too few answers to tell. None else, and where the RST
    may be the answer to an earlier segment.
    """
    connection, found = case.connection, reset.found(Reset)
    cause = None if found is None else connection.frame(found.cause_frame or 0)
    if found is None or cause is None or cause.source == reset.source or too_soon(connection, reset) is not None:
        return None
    others = case.index.hosts.between(cause.source.host, reset.source.host)
    openings = [opened for other in islice(others, WITNESSES) if (opened := handshake(other)) is not None]
    answers = [
        (answer.time_ns - asked.time_ns, answer)
        for asked, answer, _ in openings
        if answer.source.host == reset.source.host
    ]
    if not answers:
        return None
    least_ns, quickest = min(answers, key=lambda one: one[0])
    delay_ns = reset.time_ns - cause.time_ns
    is_near = delay_ns >= SOONER_SHARE * least_ns or least_ns - delay_ns < SOONER_BY_NS
    if is_near or _may_answer_earlier(connection, reset, cause, least_ns):
        return None
    frames, is_sure = (cause.number, reset.number, quickest.number), len(answers) >= FEWEST_ANSWERS
    delay, least = Duration(delay_ns), Duration(least_ns)
    return claim(SOONER_THAN_SYNS, frames, delay=delay, least=least, answers=len(answers), sure=is_sure)


def _may_answer_earlier(connection: Connection, reset: Frame, cause: Frame, least_ns: int) -> bool:
    """Whether the RST may answer a segment before the last one, as long ago as an answer of that host takes."""
    earlier = (f for f in _may_answer(connection, reset) if f.number < cause.number)
    return any(reset.time_ns - f.time_ns >= ANSWERS_SHARE * least_ns for f in earlier)


def _may_answer(connection: Connection, reset: Frame) -> list[Frame]:
    """The segments that may have drawn the RST: an RST without ACK has the number that these acknowledge."""
    return [
        frame
        for frame in connection.frames
        if frame.number < reset.number
        and frame.source != reset.source
        and not frame.has(FLAG_RST)
        and 0 <= reset.time_ns - frame.time_ns <= ON_ITS_WAY_NS
        and (reset.has(FLAG_ACK) or frame.ack == reset.seq)
    ]
