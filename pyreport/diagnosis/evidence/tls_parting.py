"""A side that took its leave of TLS and sent no FIN: what the other wrote then came too late."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import IDLE_FROM_NS
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_RST, Frame
from pyreport.frames.seq import ahead

#: What tells of it.
PARTED = "tls-parting"


class Met(StrEnum):
    """What the first data after the alert met."""

    REFUSED = "refused"
    TAKEN = "taken"  # acknowledged, and not replied to
    NOTHING = "nothing"


class Parting(Struct, frozen=True):
    """The alert of ``by``, what was said before it and how long before, and what the other side wrote when it had the
    alert. ``is_sure``: it is an alert by its type. ``met_frame`` is None where that met nothing.
    """

    by: Endpoint
    frame: int
    before: int
    silence_ns: int
    write: Frame
    after_ns: int
    met: Met
    met_frame: int | None
    is_sure: bool

    @property
    def is_of_idle(self) -> bool:
        """Whether it came after a silence."""
        return self.silence_ns >= IDLE_FROM_NS


def parting_of(case: Case) -> Parting | None:
    """The alert, where its side did not close before the other wrote on (RFC 8446 section 6.1: close_notify says that
    its sender sends no more; nothing says that it takes more). None else.
    """
    alert, connection = case.alert, case.connection
    frame = None if alert is None else connection.frame(alert.frame)
    if alert is None or frame is None:
        return None
    data = [f for f in connection.frames if f.length and not f.found(Probe)]
    before = next((f for f in reversed(data) if f.number < frame.number), None)
    write = next((f for f in data if _is_later_word(f, frame)), None)
    closed = case.ending.first
    if (
        before is None
        or write is None
        or (closed is not None and closed.source == alert.by and closed.frame < write.number)
    ):
        return None
    met, met_frame = _met(connection.frames, write)
    silence_ns, after_ns = frame.time_ns - before.time_ns, write.time_ns - frame.time_ns
    return Parting(alert.by, frame.number, before.number, silence_ns, write, after_ns, met, met_frame, alert.is_sure)


def tell_parting(case: Case, parted: Parting) -> Claim:
    """Who had taken its leave, and who wrote on."""
    frames = (
        parted.before,
        parted.frame,
        parted.write.number,
        *(() if parted.met_frame is None else (parted.met_frame,)),
    )
    return claim(
        PARTED,
        frames,
        who=case.roles.party(parted.by),
        other=case.roles.party(parted.write.source),
        frame=FrameNumber(parted.frame),
        silence=Duration(parted.silence_ns),
        write=FrameNumber(parted.write.number),
        after=Duration(parted.after_ns),
        met=parted.met,
        sure=parted.is_sure,
    )


def _is_later_word(frame: Frame, alert: Frame) -> bool:
    return frame.number > alert.number and frame.source != alert.source and ahead(frame.ack, alert.end) >= 0


def _met(frames: list[Frame], write: Frame) -> tuple[Met, int | None]:
    for frame in frames:
        if frame.number <= write.number or frame.source == write.source:
            continue
        if frame.has(FLAG_RST):
            return Met.REFUSED, frame.number
        if ahead(frame.ack, write.end) >= 0:
            return Met.TAKEN, frame.number
    return Met.NOTHING, None
