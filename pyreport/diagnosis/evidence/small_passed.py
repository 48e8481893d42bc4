"""Which small segments of a side are known to have arrived while a large one of it was outstanding.

The acknowledgment number stays below the large segment, and so does the timestamp echo (RFC 7323 section 4.3), so that
only two things tell.
"""

from __future__ import annotations

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.diagnosis.thresholds import IN_FLIGHT_NS
from pyreport.frames.findings import Answer, Probe
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import ahead


def small_passed(connection: Connection, side: Endpoint, copies: list[Frame]) -> list[Frame]:
    """The small segments of ``side`` that the other side took in after the first of ``copies``, of a segment that it
    never took in; in order of time, empty when nothing tells.
    """
    found = {frame.number: frame for frame in (*_behind(connection, side, copies), *_heeded(connection, side, copies))}
    return [found[number] for number in sorted(found)]


def _behind(connection: Connection, side: Endpoint, copies: list[Frame]) -> list[Frame]:
    """Small segments behind the large one, for which a duplicate acknowledgment came back: a receiver sends one at once
    for what is not next in order (RFC 5681 section 4.2). Where more came than there are small segments, a large one
    may have drawn them.
    """
    large, first = copies[0], copies[0].number
    size = min(frame.length for frame in copies)
    own = [f for f in connection.frames if f.source == side and f.number >= first and f.length]
    small = [f for f in own if f.length < size and ahead(f.seq, large.seq) > 0]
    if not small:
        return []
    drawn = sum(1 for frame in _duplicates(connection, side, large) if frame.number > small[0].number)
    return small[:drawn] if drawn <= len(small) else []


def _duplicates(connection: Connection, side: Endpoint, large: Frame) -> list[Frame]:
    """Acknowledgments of the other side with the number and the window of its segment before, and nothing else."""
    found: list[Frame] = []
    before: Frame | None = None
    for frame in connection.frames:
        if frame.source == side or frame.has(FLAG_RST):
            continue
        is_bare = not frame.length and not frame.has(FLAG_SYN | FLAG_FIN) and not frame.found(Probe, Answer)
        if before is not None and frame.number > large.number and is_bare and frame.seq == before.end:
            same_window = frame.marks.window == before.marks.window
            if frame.ack == before.ack == large.seq and same_window:
                found.append(frame)
        if not frame.found(Probe):
            before = frame
    return found


def _heeded(connection: Connection, side: Endpoint, copies: list[Frame]) -> list[Frame]:
    """Acknowledgments of the side that the other side heeded: it did not send again what they cover, although it was
    heard for longer than a sender waits at first (RFC 6298 section 2.1).
    """
    others = [f for f in connection.frames if f.source != side and f.number > copies[0].number]
    told = [f for f in others if f.length and not f.has(FLAG_RST) and not f.found(Probe)]
    starts = [f.seq for f in told]
    found: list[Frame] = []
    for payload in told:
        acks = (f for f in connection.frames if f.source == side and f.number > payload.number and not f.length)
        ack = next((f for f in acks if ahead(f.ack, payload.end) >= 0), None)
        if ack is None or starts.count(payload.seq) > 1:
            continue
        if any(frame.time_ns - ack.time_ns >= IN_FLIGHT_NS for frame in others):
            found.append(ack)
    return found
