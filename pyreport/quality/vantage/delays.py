"""Clues from the time in which each side answers: the near end in microseconds, the far end after the round trip."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Duration, claim
from pyreport.base.units import NS_PER_MS
from pyreport.connections.connection import Connection
from pyreport.connections.round_trip import handshake
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import ahead
from pyreport.quality.vantage.votes import Clue, Place

# A kernel takes some ten microseconds to answer, and an interrupt may be held back for as long: a round trip shorter
# than this cannot be told from the time that a host takes.
SHORTEST_PATH_NS = NS_PER_MS // 10
# The far end's answers take at least so many times the near end's.
CLEARLY = 5
# A kernel answers at once within this time, also on a busy host; longer, and the path to it may have a part in it.
HOST_NS = NS_PER_MS // 2
# No host takes that long for what its kernel answers at once, so the path to it has a part in the time.
SOME_PATH_NS = 1 * NS_PER_MS


class Shown(StrEnum):
    """Where the times come from."""

    HANDSHAKE = "handshake"
    FASTEST = "fastest"


class Reply(Struct, frozen=True):
    """How fast a side answers, and the frame that shows it."""

    delay_ns: int
    frame: Frame


def handshake_clue(connection: Connection) -> Clue | None:
    """SYN to SYN-ACK is the way to the server and back, SYN-ACK to ACK that to the client and back (RFC 9293 3.5)."""
    opening = handshake(connection)
    if opening is None:
        return None
    syn, syn_ack, ack = opening
    server = Reply(syn_ack.time_ns - syn.time_ns, syn_ack)
    client = Reply(ack.time_ns - syn_ack.time_ns, ack)
    return _compare(connection, {syn.source: client, syn_ack.source: server}, Shown.HANDSHAKE, (syn.number,))


def reply_clue(connection: Connection) -> Clue | None:
    """The shortest answer of each side to what a kernel answers at once: a probe, a FIN (Linux tcp_send_dupack,
    tcp_fin). Data may be acknowledged late (RFC 1122 4.2.3.2), so an ACK of data counts only as proof of being near.
    """
    at_once: dict[str, Reply] = {}
    to_data: dict[str, Reply] = {}
    waiting: dict[str, Frame] = {}
    for frame in connection.frames:
        source, flags = frame.source, frame.flags
        asked = waiting.get(source)
        if asked is not None and _answers(frame, asked):
            is_urgent = asked.has(FLAG_FIN) or asked.found(Probe) is not None
            best = at_once if is_urgent else to_data
            reply = Reply(frame.time_ns - asked.time_ns, frame)
            if reply.delay_ns >= 0 and (source not in best or reply.delay_ns < best[source].delay_ns):
                best[source] = reply
            del waiting[source]
        if frame.retransmission:  # an answer that follows may be that to the first copy (RFC 6298 section 3)
            waiting.pop(frame.destination, None)
        elif not flags & (FLAG_SYN | FLAG_RST) and (frame.length or flags & FLAG_FIN or frame.found(Probe)):
            waiting[frame.destination] = frame
    replies: dict[str, Reply] = {}
    for side in (connection.a, connection.b):
        both = [found[side] for found in (at_once, to_data) if side in found]
        if not both:
            return None
        replies[side] = min(both, key=lambda reply: reply.delay_ns)
    far = max(replies, key=lambda side: replies[side].delay_ns)
    if far not in at_once:
        return None  # it may have waited, as hosts do with acknowledgments of data
    near = connection.other(far)
    if near not in at_once and replies[far].delay_ns < CLEARLY * replies[near].delay_ns:
        return None
    return _compare(connection, replies, Shown.FASTEST, ())


def _answers(frame: Frame, asked: Frame) -> bool:
    """Whether a frame acknowledges all that the other side had sent up to ``asked``."""
    if frame.flags & (FLAG_ACK | FLAG_RST) != FLAG_ACK:
        return False
    end = asked.seq + 1 if asked.found(Probe) else asked.end
    return ahead(frame.ack, end) >= 0


def _compare(connection: Connection, replies: dict[str, Reply], shown: Shown, also: tuple[int, ...]) -> Clue | None:
    near, far = sorted(replies, key=lambda side: replies[side].delay_ns)
    near_ns, far_ns = replies[near].delay_ns, replies[far].delay_ns
    if near_ns < 0 or near_ns + far_ns < SHORTEST_PATH_NS:
        return None
    frames = tuple(sorted({*also, *(reply.frame.number for reply in replies.values())}))
    place = None
    if near_ns < HOST_NS and far_ns >= CLEARLY * near_ns:
        place = Place.A if near == connection.a else Place.B
    elif near_ns >= SOME_PATH_NS and far_ns < CLEARLY * near_ns:
        place = Place.BETWEEN
    if place is None:
        return None
    told = claim(
        "vantage-none-is-near" if place is Place.BETWEEN else "vantage-one-is-near", frames, shown=shown, near=near,
        near_time=Duration(near_ns), far=far, far_time=Duration(far_ns),
    )  # fmt: skip
    return Clue(place, told)
