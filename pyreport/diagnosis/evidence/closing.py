"""The FIN or RST that ended a connection, told once for all parts that speak of it."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.crossing import Crossing, crossing
from pyreport.frames.findings import Fin, Probe, Reset
from pyreport.frames.frame import Frame
from pyreport.frames.seq import ahead

NOT_CLOSED = claim("open-to-the-end")


def age_at_close(case: Case) -> int | None:
    """How long before the close the last payload came, in ns, by what the closer knew: a request that crossed its FIN
    and that it had not seen does not count. None when the capture does not tell.
    """
    crossed = crossing(case)
    if crossed is None:
        return case.ending.data_idle_ns
    last = last_known_payload(case, crossed)
    return None if last is None else crossed.fin.time_ns - last.time_ns


def last_known_payload(case: Case, crossed: Crossing) -> Frame | None:
    """The last payload that the closer had sent, or acknowledged with its FIN."""
    fin = crossed.fin
    return next(
        (
            frame
            for frame in reversed(case.connection.frames)
            if frame.number < fin.number
            and frame.length
            and not frame.found(Probe)
            and (frame.source == fin.source or ahead(frame.end, fin.ack) <= 0)
        ),
        None,
    )


def closed_first(case: Case, fin: Fin) -> Claim:
    """Who closed, and how long after the last data; not "first" where the capture may lack an earlier FIN."""
    who, first, frame = case.roles.party(fin.source), not case.doubt, FrameNumber(fin.frame)
    data_idle, crossed, age = age_at_close(case), crossing(case), close_age(case)
    if data_idle is None:
        return claim("close-by", (fin.frame,), who=who, first=first, frame=frame)
    last = last_known_payload(case, crossed) if crossed is not None else None
    frames = tuple(f for f in (last.number if last else fin.last_data_frame, fin.frame) if f)
    if data_idle == 0:
        return claim("close-with-data", frames, who=who, first=first, frame=frame)
    if age is not None and age.closer_ns is not None:
        idle, capture = Duration(age.closer_ns), Duration(data_idle)
        identifier = "close-after-data-two-clocks"
        return claim(identifier, frames, who=who, first=first, frame=frame, idle=idle, capture=capture)
    return claim("close-after-data", frames, who=who, first=first, frame=frame, idle=Duration(data_idle))


def reset_followed(reset: Reset) -> Claim:
    """What an RST answers."""
    cause, idle = reset.cause_frame, reset.packet_idle_ns
    if cause is not None:
        what = reset.followed
        return claim("reset-answers", (cause, reset.frame), what=what, cause=FrameNumber(cause))
    return claim("reset-answers-nothing-after", (reset.frame,), idle=Duration(idle))


def left_its_host(case: Case, closing: Frame) -> Claim | None:
    """That the capture was taken at the sender of the closing frame, so that no device on the path made it; None when
    it was not provably taken there.
    """
    if not case.quality.vantage.is_at(closing.source):
        return None
    if case.is_at_local and case.is_at_peer:
        return claim("close-left-host-of-both", (closing.number,))
    return claim("close-left-its-host", (closing.number,), who=case.roles.party(closing.source))


def bare_reset(frame: int) -> Claim:
    """What an RST without options and with a window of 0 is worth (see Likeness.is_bare)."""
    return claim("reset-bare", (frame,))
