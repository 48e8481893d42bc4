"""Which host stood still: each side's timestamp clock against the capture's, and the one against the other.

There are three clocks: those of the two hosts, and the one of the place of capture, which is a host's own when the
capture was taken there. Where two go on together and one falls behind, the host of that one stood still (it was paused,
and its clocks with it).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import BURST_NS, LATE_NS, STOOD_FROM_NS, WITNESSES
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, Frame
from pyreport.frames.seq import ahead

#: A clock that stood is off its line by the same afterwards, but for a small part of it.
WANDERS = 4


class Stood(Struct, frozen=True):
    """The host of ``side`` stood still for ``lasted_ns`` between two frames. ``with_capture``: the capture's clock
    stood with it, and only the other side's clock tells; else the capture's clock went on. ``passed_ns`` is what passed
    between the two frames by the capture's clock.
    """

    side: Endpoint
    other: Endpoint
    lasted_ns: int
    passed_ns: int
    with_capture: bool
    frames: tuple[int, int]
    start_ns: int
    end_ns: int


class Burst(Struct, frozen=True):
    """``frames`` of the other side, made over ``made_ns`` by its own clock, came in within ``within_ns``."""

    frames: tuple[int, ...]
    made_ns: int
    within_ns: int
    start_ns: int
    end_ns: int


def stood_still(case: Case, side: Endpoint) -> Stood | None:
    """That the host of a side of the connection stood still, by this connection, else by another one of the two hosts
    that shows it in this one's time; None when no clock shows it.
    """
    for connection in _between(case):
        found = _of_connection(case.index, connection, _end_at(connection, side.host))
        if found is not None and _concerns(case, found.start_ns, found.end_ns) and not _went_on(case, found):
            return found
    return None


def _end_at(connection: Connection, host: str) -> Endpoint:
    return next(end for end in (connection.a, connection.b) if end.host == host)


def _went_on(case: Case, stood: Stood) -> bool:
    """Whether a connection of the two hosts shows that the clock which lacks time on this one never lacked it at
    once: what a queue on the path holds back, more and more, looks so where nothing else was sent. A queue makes no
    clock go too far, as it does where the capture stood still with its host.
    """
    if stood.with_capture:
        return False
    for connection in _between(case):
        clock = case.index.clock_of(connection, _end_at(connection, stood.side.host))
        if clock is None or not clock.covers(stood.start_ns, stood.end_ns):
            continue
        if 2 * clock.falls(stood.start_ns, stood.end_ns) < stood.lasted_ns:
            return True
    return False


def clocks_agree(case: Case, start_ns: int, end_ns: int) -> tuple[int, int] | None:
    """That the peer's clock and the capture's went on together through a stretch of time: the frames of the peer that
    bound it; None when no connection of the two hosts shows that.
    """
    for connection in _between(case):
        far = next(end for end in (connection.a, connection.b) if end.host != case.local.host)
        clock = case.index.clock_of(connection, far)
        if clock is None or not clock.covers(start_ns, end_ns):
            continue
        if any(step.before.time_ns <= end_ns and step.after.time_ns >= start_ns for step in clock.steps):
            return None
        before = [reading for reading in clock.readings if reading.time_ns <= start_ns][-1]
        after = next(reading for reading in clock.readings if reading.time_ns >= end_ns)
        return before.frame, after.frame
    return None


def clock_was_set(case: Case, start_ns: int, end_ns: int) -> Claim | None:
    """That the capture's clock was set forward in a stretch of time: the timestamps of both hosts, which stand for
    nothing that the capture does, fell behind it by the same. None when no connection of the two hosts shows that.
    """
    for connection in _between(case):
        if connection.outline.is_quiet:
            continue
        near, far = case.index.clock_of(connection, connection.a), case.index.clock_of(connection, connection.b)
        if near is None or far is None:
            continue
        for step in near.steps:
            behind = -step.net_ns
            is_then = step.before.time_ns <= end_ns and step.after.time_ns >= start_ns
            apart = abs(step.net_ns - far.net_ns(step.before.time_ns, step.after.time_ns))
            if step.is_settled and is_then and behind >= STOOD_FROM_NS and 2 * apart < STOOD_FROM_NS:
                first, last = map(FrameNumber, step.frames)
                return claim("clock-was-set", step.frames, by=Duration(behind), first=first, last=last)
    return None


def burst_from(case: Case, side: Endpoint) -> Burst | None:
    """Frames of the other side that were made one after the other and came in at once, while the host of ``side`` sent
    nothing: it took nothing in. A path that holds packets back does the same, but the host goes on sending.
    """
    other = case.connection.other(side)
    clock = case.index.clock_of(case.connection, other)
    for step in clock.steps if clock is not None else ():
        readings = (*step.between, step.after)
        first = readings[0]
        together = [reading for reading in readings if reading.time_ns - first.time_ns <= BURST_NS]
        made = together[-1].clock_ns - first.clock_ns
        if len(together) < 2 or made < STOOD_FROM_NS:
            continue
        late = max(step.before.offset_ns - first.offset_ns, made)
        sent_from, sent_to = case.index.longest_silence_of(side.host, first.time_ns - late, first.time_ns)
        if sent_to - sent_from >= late - STOOD_FROM_NS and _concerns(case, first.time_ns - late, first.time_ns):
            frames = tuple(reading.frame for reading in together)
            return Burst(frames, made, together[-1].time_ns - first.time_ns, first.time_ns - late, first.time_ns)
    return None


def tell_stood(case: Case, stood: Stood) -> Claim:
    """That a host stood still, and which clocks show it."""
    first, last = map(FrameNumber, stood.frames)
    who = case.roles.party(case.local if stood.side.host == case.local.host else case.peer)
    host, other, lasted = stood.side.host, stood.other.host, Duration(stood.lasted_ns)
    if not stood.with_capture:
        return claim(
            "clock-stood", stood.frames, host=host, other=other, lasted=lasted, first=first, last=last, who=who
        )
    return claim(
        "clock-stood-with-capture",
        stood.frames,
        host=host,
        other=other,
        lasted=lasted,
        first=first,
        last=last,
        who=who,
        passed=Duration(stood.passed_ns),
    )


def tell_burst(case: Case, side: Endpoint, burst: Burst) -> Claim:
    """That frames that were made over a while came in at once."""
    return claim(
        "clock-burst",
        burst.frames,
        who=case.roles.party(side),
        other=case.roles.party(case.connection.other(side)),
        frames=len(burst.frames),
        made=Duration(burst.made_ns),
        within=Duration(burst.within_ns),
    )


def _between(case: Case) -> Iterator[Connection]:
    """The connection, then others between the two hosts that were there at its time."""
    own = case.connection
    yield own
    if case.local.host == case.peer.host:
        return
    hosts = case.local.host, case.peer.host
    there = case.index.between_at(*hosts, own.first.time_ns, own.last.time_ns, WITNESSES + 1)
    yield from islice((other for other in there if other is not own), WITNESSES)


def _concerns(case: Case, start_ns: int, end_ns: int) -> bool:
    """Whether a stretch of time is of the end of the connection: not over before the last payload that preceded it."""
    first = case.ending.first
    close_ns = first.time_ns if first is not None else case.connection.last.time_ns
    data = (f.time_ns for f in reversed(case.connection.frames) if f.time_ns < close_ns and f.length)
    since = next(data, case.connection.first.time_ns) if first is not None else case.connection.first.time_ns
    return end_ns >= since and start_ns <= case.connection.last.time_ns


def _of_connection(index: CaptureIndex, connection: Connection, side: Endpoint) -> Stood | None:
    if connection.outline.is_quiet:
        return None  # both clocks keep their lines
    other = connection.other(side)
    own, far = index.clock_of(connection, side), index.clock_of(connection, other)
    if own is None or far is None:
        return None
    for step, with_capture in [*((step, True) for step in far.steps), *((step, False) for step in own.steps)]:
        start, end, shared = step.before.time_ns, step.after.time_ns, own if with_capture else far
        lasted = far.kept_ns(step) if with_capture else -own.kept_ns(step)
        if not step.is_settled or lasted < STOOD_FROM_NS or not shared.covers(start, end):
            continue
        if WANDERS * (far if with_capture else own).wanders(step) > lasted:
            continue
        if not with_capture and _is_path_as_slow(connection, other, end, lasted):
            continue
        if 2 * abs(shared.net_ns(start, end)) < STOOD_FROM_NS:
            return Stood(side, other, lasted, end - start, with_capture, step.frames, start, end)
    return None


def _is_path_as_slow(connection: Connection, other: Endpoint, since_ns: int, lasted_ns: int) -> bool:
    """Whether all that the other side sent from then on was acknowledged only after as long: the way there and back
    takes that time now, and makes the clock look as if it had stood. False where nothing tells. A kernel acknowledges
    within half a second (RFC 1122 section 4.2.3.2).
    """
    took: list[int] = []
    sent: dict[int, Frame] = {}  # by its number, the first copy of each that is not acknowledged yet
    for frame in connection.frames:
        if frame.time_ns < since_ns:
            continue
        if frame.source == other:
            if frame.space and not frame.found(Probe):
                sent.setdefault(frame.seq, frame)
        elif frame.has(FLAG_ACK) and not frame.has(FLAG_RST):
            for before in [before for before in sent.values() if ahead(frame.ack, before.end) >= 0]:
                took.append(frame.time_ns - before.time_ns)
                del sent[before.seq]
    return bool(took) and min(took) + LATE_NS >= lasted_ns
