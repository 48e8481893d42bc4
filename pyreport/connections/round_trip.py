"""How long the path takes there and back, as far as the capture shows it."""

from __future__ import annotations

from pyreport.connections.connection import Connection
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, Frame


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


def answer_delays(connection: Connection, side: str) -> list[int]:
    """How long each answer of a side took (ns), as the place of capture saw it: of its first segment that acknowledges
    a SYN, or payload that was sent once. A kernel may wait with one, and is never sooner than the path.
    """
    waiting: dict[int, Frame | None] = {}
    delays: list[int] = []
    for frame in connection.frames:
        if frame.source != side:
            if frame.space and not frame.has(FLAG_FIN | FLAG_RST):
                waiting[frame.end] = None if frame.end in waiting else frame
        elif frame.has(FLAG_ACK) and frame.ack in waiting:
            asked = waiting[frame.ack]
            delays += [] if asked is None else [frame.time_ns - asked.time_ns]
            waiting[frame.ack] = None
    return delays
