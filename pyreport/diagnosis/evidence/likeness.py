"""Whether the frame that ends a connection looks like the earlier frames of the side whose name it bears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, claim
from pyreport.connections.connection import Connection
from pyreport.connections.side_clock import side_clock
from pyreport.diagnosis.evidence.too_soon import too_soon
from pyreport.diagnosis.thresholds import (
    BASELINE_NS,
    BASELINE_STEPS,
    COUNTER_MOSTLY,
    FARTHEST_ID,
    FEWEST_NEW,
    NEW_COUNTER,
    REORDERED,
    SOONER_SHARE,
    TIMESTAMP_SHARE,
    TIMESTAMP_SLACK_NS,
)
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import ahead, id_since, since
from pyreport.quality.vantage.routing import INITIAL_HOP_LIMITS


class Mark(Enum):
    """What one mark of the closing frame comes to, held against its sender's earlier frames."""

    SAME_TTL = auto()
    OTHER_FIRST_TTL = auto()  # the same distance, another initial value
    OTHER_DISTANCE = auto()
    NO_TIMESTAMP = auto()
    TIMESTAMP_ON_LINE = auto()
    TIMESTAMP_OFF_LINE = auto()
    NEXT_IP_ID = auto()
    TOO_SOON = auto()
    SURELY_TOO_SOON = auto()


#: What goes on where the side's own socket was.
OWN = (Mark.TIMESTAMP_ON_LINE, Mark.NEXT_IP_ID)
AGREE = (Mark.SAME_TTL, *OWN)
SOON = (Mark.TOO_SOON, Mark.SURELY_TOO_SOON)

Sign = tuple[Mark, Claim]


class Likeness(Struct, frozen=True):
    """What the marks of the closing frame say.

    ``is_bare``: an RST as a kernel sends it that has no socket (Linux tcp_v4_send_reset(): window 0, no options, IP
    identification 0), and so does a device on the path. One with an ACK is none on a connection whose side never used
    timestamps: a host without the connection answers a segment by an RST without ACK (RFC 9293 section 3.10.7.1).
    """

    signs: tuple[Sign, ...]
    is_bare: bool

    @property
    def agrees(self) -> tuple[Claim, ...]:
        """What is as in the earlier frames."""
        return tuple(told for mark, told in self.signs if mark in AGREE)

    @property
    def differs(self) -> tuple[Claim, ...]:
        """What is not."""
        return tuple(told for mark, told in self.signs if mark not in AGREE)

    @property
    def is_elsewhere(self) -> bool:
        """Whether its hop limit, or how soon it came, says that it was sent at another distance."""
        return self._has(Mark.OTHER_DISTANCE) or any(map(self._has, SOON))

    @property
    def is_surely_elsewhere(self) -> bool:
        """Whether both say so, or how soon it came leaves no doubt."""
        return self._has(Mark.SURELY_TOO_SOON) or (self._has(Mark.OTHER_DISTANCE) and self._has(Mark.TOO_SOON))

    @property
    def lacks_timestamps(self) -> bool:
        """Whether it lacks the option that all other frames of its sender carry (an RST may)."""
        return self._has(Mark.NO_TIMESTAMP)

    @property
    def is_own_socket(self) -> bool:
        """Whether the timestamp or the packet counter go on where that side's socket was, which no device on the path
        can know without keeping them.
        """
        return any(map(self._has, OWN)) and not self.is_elsewhere

    @property
    def is_as_far(self) -> bool:
        """Whether its hop limit is one that its sender's other frames came with."""
        return self._has(Mark.SAME_TTL)

    def _has(self, mark: Mark) -> bool:
        return any(found is mark for found, _ in self.signs)


def likeness(connection: Connection, closing: Frame, among: Sequence[Frame] | None = None) -> Likeness:
    """Hold the closing frame against the earlier frames of its sender, those ``among`` these where they are given."""
    sent = connection.frames if among is None else among
    earlier = [f for f in sent if f.source == closing.source and f.number < closing.number and not f.has(FLAG_RST)]
    signs: tuple[Sign | None, ...] = (
        *(_hop_limit(closing, earlier), _timestamp(connection, closing, earlier), _counter(closing, earlier)),
        _soon(connection, closing),
    )
    if any(sign is not None and sign[0] in OWN for sign in signs):
        # A socket may abort at any time (RFC 9293 3.10.5): its RST is no answer, and cannot be too soon for one.
        signs = tuple(sign for sign in signs if sign is None or sign[0] not in SOON)
    marks = closing.marks
    lacks_options = marks.timestamp is None and any(frame.marks.timestamp is not None for frame in earlier)
    bare = closing.has(FLAG_RST) and marks.timestamp is None and marks.window == 0
    bare = bare and (lacks_options or not closing.has(FLAG_ACK))
    return Likeness(tuple(sign for sign in signs if sign is not None), bare)


def _hop_limit(closing: Frame, earlier: Sequence[Frame]) -> Sign | None:
    seen = Counter(frame.ttl for frame in earlier if frame.ttl)
    if not seen or not closing.ttl:
        return None
    frames, is_ipv6 = (closing.number,), ":" in closing.source.host
    if closing.ttl in seen:
        return Mark.SAME_TTL, claim("closing-frame-same-ttl", frames, ttl=closing.ttl, is_ipv6=is_ipv6)
    usual = max(seen, key=seen.__getitem__)
    is_as_far = _distance(closing.ttl) == _distance(usual)
    told = claim(
        "closing-frame-other-first-ttl" if is_as_far else "closing-frame-other-ttl",
        frames,
        ttl=closing.ttl,
        usual=usual,
        is_ipv6=is_ipv6,
    )
    return Mark.OTHER_FIRST_TTL if is_as_far else Mark.OTHER_DISTANCE, told


def _distance(ttl: int) -> int:
    """How many routers a frame passed, by the initial value next above its hop limit."""
    return min(first for first in INITIAL_HOP_LIMITS if first >= ttl) - ttl


def _timestamp(connection: Connection, closing: Frame, earlier: Sequence[Frame]) -> Sign | None:
    """RFC 7323 section 3.2: once agreed on, the option is in every segment but an RST; TSval is a clock."""
    stamped = [(f.time_ns, f.marks.timestamp) for f in earlier if f.marks.timestamp is not None]
    if len(stamped) < 2 or len(stamped) < len(earlier):
        return None
    if closing.marks.timestamp is None:
        if closing.has(FLAG_RST):
            return None
        return Mark.NO_TIMESTAMP, claim("closing-frame-no-timestamp", (closing.number,))
    (start_ns, first), (end_ns, last) = stamped[0], stamped[-1]
    ticks, span_ns = ahead(last, first), end_ns - start_ns
    if span_ns < BASELINE_NS or ticks <= 0:
        return None
    since_ns = closing.time_ns - end_ns
    went_on_ns = since(closing.marks.timestamp, last) * span_ns // ticks
    clock = side_clock(connection, closing.source)
    steps = () if clock is None else (step for step in clock.steps if step.is_settled)
    if any(step.before.frame < closing.number <= step.after.frame for step in steps):
        # Its sender's later frames go on from this timestamp: the line broke, not the sender (see second_clock).
        return None
    if abs(went_on_ns - since_ns) <= TIMESTAMP_SLACK_NS + since_ns * TIMESTAMP_SHARE:
        return Mark.TIMESTAMP_ON_LINE, claim("closing-frame-timestamp-on-line", (closing.number,))
    return Mark.TIMESTAMP_OFF_LINE, claim("closing-frame-timestamp-off-line", (closing.number,))


def _counter(closing: Frame, earlier: Sequence[Frame]) -> Sign | None:
    """Linux counts the IP identification of a connected socket up by one (net/ipv4/ip_output.c); others, as Windows,
    that of all packets of the host.
    """
    ids = [frame.marks.ip_id for frame in earlier if frame.marks.ip_id]
    if not closing.marks.ip_id or not (is_counter(ids) or is_rising(ids)):
        return None
    if not 0 < id_since(closing.marks.ip_id, ids[-1]) <= FARTHEST_ID:
        return None
    told = claim("closing-frame-next-ip-id", (closing.number,), last=ids[-1], ip_id=closing.marks.ip_id)
    return Mark.NEXT_IP_ID, told


def _soon(connection: Connection, closing: Frame) -> Sign | None:
    """An RST that answers a segment sooner than any answer of that host ever came was made nearer to the capture."""
    found = too_soon(connection, closing)
    if found is None or found.delay_ns >= SOONER_SHARE * found.least_ns:
        return None
    frames, delay, least = (found.cause.number, closing.number), Duration(found.delay_ns), Duration(found.least_ns)
    told = claim("closing-frame-too-soon", frames, delay=delay, least=least)
    return Mark.SURELY_TOO_SOON if found.is_sure else Mark.TOO_SOON, told


def is_counter(ids: Sequence[int]) -> bool:
    """Whether identifications in a row mostly go up by one."""
    steps = [id_since(after, before) for before, after in pairwise(ids)]
    return len(steps) >= BASELINE_STEPS and steps.count(1) >= COUNTER_MOSTLY * len(steps)


def is_rising(ids: Sequence[int]) -> bool:
    """Whether identifications in a row go up by little, as a counter of the whole host does; some may be reordered."""
    steps = [id_since(after + REORDERED, before) - REORDERED for before, after in pairwise(ids)]
    return len(steps) >= BASELINE_STEPS and max(steps) <= NEW_COUNTER and ids[-1] != ids[0]


def goes_on_after(connection: Connection, reset: Frame, margin_ns: int) -> tuple[int, ...]:
    """Frames that the sender of an RST sent so long after it that it cannot have been its own; and, however soon they
    came, a SYN-ACK that accepts the very SYN which the RST refused, as a host does one or the other (RFC 9293 3.10.7),
    and new payload of its socket after an RST of none.
    """
    later = [f for f in connection.frames if f.number > reset.number and not f.has(FLAG_RST)]
    syns = [f for f in connection.frames if f.source != reset.source and f.is_syn]
    refused = reset.has(FLAG_ACK) and any(syn.number < reset.number and syn.end == reset.ack for syn in syns)
    asked_again = next((syn.number for syn in syns if syn.number > reset.number), None)

    def accepts_what_was_refused(frame: Frame) -> bool:
        return refused and frame.ack == reset.ack and (asked_again is None or frame.number < asked_again)

    of_its_socket = _new_payload_after(connection, reset)

    return tuple(
        frame.number
        for frame in later
        if frame.source == reset.source
        and frame.has(FLAG_ACK)
        and (
            accepts_what_was_refused(frame)
            if frame.has(FLAG_SYN)
            else frame.time_ns > reset.time_ns + margin_ns or frame.number in of_its_socket
        )
    )


def _new_payload_after(connection: Connection, reset: Frame) -> frozenset[int]:
    """Frames with new payload and a timestamp behind an RST that has none and no window: no socket sent that one, and
    one is there. None where there are fewer than two: a capture may have put one in another order.
    """
    own = [frame for frame in connection.frames if frame.source == reset.source and not frame.has(FLAG_RST)]
    before = [frame for frame in own if frame.number < reset.number]
    stamped = before and all(frame.marks.timestamp is not None for frame in before)
    if not stamped or reset.marks.timestamp is not None or reset.marks.window != 0:
        return frozenset()
    reach = before[0].end
    for frame in before:
        reach = frame.end if ahead(frame.end, reach) > 0 else reach
    new = [
        frame.number
        for frame in own
        if frame.number > reset.number and frame.length and frame.marks.timestamp and ahead(frame.seq, reach) >= 0
    ]
    return frozenset(new) if len(new) >= FEWEST_NEW else frozenset()


def is_own_socket(connection: Connection, number: int) -> bool:
    """Whether a frame that ends a connection came from a socket that existed (see Likeness.is_own_socket)."""
    frame = connection.frame(number)
    return frame is not None and likeness(connection, frame).is_own_socket
