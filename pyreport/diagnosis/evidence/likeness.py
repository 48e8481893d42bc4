"""Whether the frame that ends a connection looks like the earlier frames of the side whose name it bears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.connections.connection import Connection
from pyreport.diagnosis.thresholds import (
    BASELINE_NS,
    BASELINE_STEPS,
    COUNTER_MOSTLY,
    FARTHEST_ID,
    TIMESTAMP_SHARE,
    TIMESTAMP_SLACK_NS,
)
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame
from pyreport.quality.vantage.routing import INITIAL_HOP_LIMITS


@dataclass(frozen=True, slots=True)
class Likeness:
    """What agrees and what differs.

    ``is_elsewhere``: its hop limit says that it was sent at another distance. ``is_own_socket``: the timestamp or the
    packet counter go on where that side's socket was, which no device on the path can know without keeping them.
    ``is_bare``: an RST as a kernel sends it that has no socket (Linux tcp_v4_send_reset(): window 0, no options, IP
    identification 0), and so does a device on the path.
    """

    agrees: tuple[Claim, ...]
    differs: tuple[Claim, ...]
    is_elsewhere: bool = False
    is_own_socket: bool = False
    is_bare: bool = False


def likeness(connection: Connection, closing: Frame) -> Likeness:
    """Hold the closing frame against the earlier frames of its sender."""
    earlier = [f for f in connection.frames if f.source == closing.source and f.number < closing.number]
    earlier = [f for f in earlier if not f.has(FLAG_RST)]
    agrees: list[Claim] = []
    differs: list[Claim] = []
    elsewhere = _hop_limit(closing, earlier, agrees, differs)
    stamped = _timestamp(closing, earlier, agrees, differs)
    counted = _counter(closing, earlier, agrees)
    marks = closing.marks
    bare = closing.has(FLAG_RST) and marks.timestamp is None and marks.window == 0
    return Likeness(tuple(agrees), tuple(differs), elsewhere, (stamped or counted) and not elsewhere, bare)


def _hop_limit(closing: Frame, earlier: Sequence[Frame], agrees: list[Claim], differs: list[Claim]) -> bool:
    seen = Counter(frame.ttl for frame in earlier if frame.ttl)
    if not seen or not closing.ttl:
        return False
    if closing.ttl in seen:
        text = f"The closing frame has the hop limit of its sender's other frames ({closing.ttl})."
        agrees.append(sentence(text, (closing.number,)))
        return False
    usual = seen.most_common(1)[0][0]
    text = f"The closing frame has hop limit {closing.ttl}; its sender's others have {usual}"
    if _distance(closing.ttl) == _distance(usual):
        text += ", as from the same distance with another initial value"
        differs.append(sentence(f"{text}.", (closing.number,)))
        return False
    differs.append(sentence(f"{text}.", (closing.number,)))
    return True


def _distance(ttl: int) -> int:
    """How many routers a frame passed, by the initial value next above its hop limit."""
    return min((first for first in INITIAL_HOP_LIMITS if first >= ttl), default=255) - ttl


def _timestamp(closing: Frame, earlier: Sequence[Frame], agrees: list[Claim], differs: list[Claim]) -> bool:
    """RFC 7323 section 3.2: once agreed on, the option is in every segment but an RST; TSval is a clock."""
    stamped = [(f.time_ns, f.marks.timestamp) for f in earlier if f.marks.timestamp is not None]
    if len(stamped) < 2 or len(stamped) < len(earlier):
        return False
    if closing.marks.timestamp is None:
        if not closing.has(FLAG_RST):
            text = "The closing frame lacks the timestamp option, which all other frames of its sender carry."
            differs.append(sentence(text, (closing.number,)))
        return False
    (start_ns, first), (end_ns, last) = stamped[0], stamped[-1]
    ticks, span_ns = (last - first) % 2**32, end_ns - start_ns
    if span_ns < BASELINE_NS or not 0 < ticks < 2**31:
        return False
    since_ns = closing.time_ns - end_ns
    went_on_ns = ((closing.marks.timestamp - last) % 2**32) * span_ns // ticks
    if abs(went_on_ns - since_ns) <= TIMESTAMP_SLACK_NS + since_ns * TIMESTAMP_SHARE:
        agrees.append(sentence("Its timestamp is on the line of its sender's earlier ones.", (closing.number,)))
        return True
    text = "Its timestamp is off the line of its sender's earlier ones."
    differs.append(sentence(text, (closing.number,)))
    return False


def _counter(closing: Frame, earlier: Sequence[Frame], agrees: list[Claim]) -> bool:
    """Linux counts the IP identification of a connected socket up by one (net/ipv4/ip_output.c)."""
    ids = [frame.marks.ip_id for frame in earlier if frame.marks.ip_id]
    if not ids or not closing.marks.ip_id or not is_counter(ids):
        return False
    step = (closing.marks.ip_id - ids[-1]) % 2**16
    if 0 < step <= FARTHEST_ID:
        text = f"Its IP identification goes on where its sender's was ({ids[-1]}, then {closing.marks.ip_id})."
        agrees.append(sentence(text, (closing.number,)))
        return True
    return False


def is_counter(ids: Sequence[int]) -> bool:
    """Whether identifications in a row mostly go up by one."""
    steps = [(after - before) % 2**16 for before, after in pairwise(ids)]
    return len(steps) >= BASELINE_STEPS and steps.count(1) >= COUNTER_MOSTLY * len(steps)


def goes_on_after(connection: Connection, reset: Frame, margin_ns: int) -> tuple[int, ...]:
    """Frames that the sender of an RST sent so long after it that it cannot have been its own."""
    return tuple(
        frame.number
        for frame in connection.frames
        if frame.source == reset.source
        and frame.time_ns > reset.time_ns + margin_ns
        and not frame.has(FLAG_RST | FLAG_SYN)
        and frame.has(FLAG_ACK)
    )
