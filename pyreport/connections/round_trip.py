"""How long the path takes there and back, as far as the capture shows it."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.connections.connection import Connection
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import ahead


def handshake(connection: Connection) -> tuple[Frame, Frame, Frame] | None:
    """SYN, SYN-ACK and ACK (RFC 9293 3.5), when they are the connection's first frames, each there once."""
    opening = connection.frames[:3]
    flags = [(frame.has(FLAG_SYN), frame.has(FLAG_ACK)) for frame in opening]
    if flags != [(True, False), (True, True), (False, True)]:
        return None
    syn, syn_ack, ack = opening
    return (syn, syn_ack, ack) if syn.source == ack.source != syn_ack.source else None


def round_trip_ns(connection: Connection, prober: str | None = None) -> int:
    """The round trip: of the handshake, which shows it wherever the capture was taken, else the shortest time from a
    probe (of ``prober`` only, if given) to its answer, which is too short when taken elsewhere; 0 without both.
    """
    opening = handshake(connection)
    if opening is not None:
        return opening[2].time_ns - opening[0].time_ns
    delays = []
    for probe in connection.of(Probe, side=prober):
        answer = connection.frame(probe.answer_frame) if probe.answer_frame else None
        if answer is not None:
            delays.append(answer.time_ns - probe.time_ns)
    return min(delays, default=0)


def answer_times(connection: Connection, answerer: str) -> Iterator[int]:
    """How long each segment of the other side waited, at the place of capture, for the acknowledgment of ``answerer``
    that covers it first, in ns: SYNs, data and probes. Segments that were sent again are not measured (RFC 6298 3).
    """
    waiting: dict[int, tuple[int, bool]] = {}
    for frame in connection.frames:
        if frame.has(FLAG_RST):
            continue
        if frame.source != answerer:
            if frame.space and not frame.found(Probe):
                waiting[frame.end] = (frame.time_ns, frame.end in waiting)
        elif frame.has(FLAG_ACK):
            for end in [end for end in waiting if ahead(frame.ack, end) >= 0]:
                sent_ns, is_repeated = waiting.pop(end)
                if not is_repeated and end == frame.ack:
                    yield frame.time_ns - sent_ns
    for probe in connection.of(Probe, side=connection.other(answerer)):
        answer = connection.frame(probe.answer_frame) if probe.answer_frame else None
        if answer is not None and not answer.has(FLAG_RST):
            yield answer.time_ns - probe.time_ns
