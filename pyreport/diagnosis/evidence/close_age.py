"""How old the last payload was at the close, by the capture's clock and by the closer's own."""

from __future__ import annotations

from msgspec import Struct

from pyreport.connections.close import Close
from pyreport.connections.connection import Connection
from pyreport.connections.ending import age_of
from pyreport.connections.index import CaptureIndex
from pyreport.connections.side_clock import Reading
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.never_came import unheard_before_close
from pyreport.diagnosis.evidence.tls_parting import parting_of
from pyreport.diagnosis.thresholds import OTHER_AGE_NS, OTHER_AGE_SHARE
from pyreport.frames.findings import GaveUp


class CloseAge(Struct, frozen=True):
    """``capture_ns`` is the age by the clock of the capture; ``closer_ns`` that by the timestamps of the side that
    closed, None where they say the same or nothing. A limit counts by the closer's clock.
    """

    capture_ns: int
    closer_ns: int | None

    @property
    def ns(self) -> int:
        """The age that the closer saw."""
        return self.capture_ns if self.closer_ns is None else self.closer_ns


def close_age(case: Case) -> CloseAge | None:
    """The age of the last payload at the close; None when nobody closed, or the capture does not tell: it shows neither
    payload nor handshake, or what the closer had sent before its FIN never came. Who took its leave of TLS and sent no
    FIN closed with that.
    """
    parted = parting_of(case)
    if parted is not None:
        return CloseAge(parted.silence_ns, None)
    first = case.ending.first
    if first is None or isinstance(first, GaveUp):
        return None
    by_capture = age_of(first)
    if by_capture is None or unheard_before_close(case) is not None:
        return None
    return _age(case.index, case.connection, first.source, first.frame, first.time_ns, by_capture)


def closer_age_ns(index: CaptureIndex, close: Close) -> int | None:
    """The age of the last payload at a close of any connection, as its closer saw it; None when no payload is known."""
    by_capture = close.data_idle_ns
    if by_capture is None or close.connection.outline.is_quiet:
        return by_capture
    return _age(index, close.connection, close.source, close.frame, close.time_ns, by_capture).ns


def _age(
    index: CaptureIndex, connection: Connection, closer: str, frame: int, time_ns: int, by_capture: int
) -> CloseAge:
    by_closer = _by_closer(index, connection, closer, frame, time_ns - by_capture)
    if by_closer is None or abs(by_closer - by_capture) <= OTHER_AGE_NS + by_capture // OTHER_AGE_SHARE:
        return CloseAge(by_capture, None)
    return CloseAge(by_capture, by_closer)


def _by_closer(index: CaptureIndex, connection: Connection, closer: str, frame: int, data_ns: int) -> int | None:
    """The closer's timestamp on its close, less that on its segment next to the last payload."""
    clock = index.clock_of(connection, closer)
    closed = clock.at(frame) if clock is not None else None
    if clock is None or closed is None:
        return None
    near = min((r for r in clock.readings if r.frame < frame), key=lambda r: abs(r.time_ns - data_ns), default=None)
    return None if near is None else _since(near, closed, data_ns)


def _since(near: Reading, closed: Reading, data_ns: int) -> int:
    return closed.clock_ns - near.clock_ns + near.time_ns - data_ns
