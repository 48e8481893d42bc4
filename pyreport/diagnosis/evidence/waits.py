"""Stretches of time in which one side asked and the other one did not answer: with probes, or with data sent again."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.round_trip import round_trip_ns
from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import BACKOFF, COPY_NS, FEWEST_REPEATS, LATE_NS, LATE_ROUND_TRIPS
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, Frame
from pyreport.frames.seq import ahead
from pyreport.quality import FlawId

#: So many SYNs may follow each other at the first one's distance (torvalds/linux ip-sysctl.rst).
LINEAR_SYNS = 4


class Wait(Struct, frozen=True):
    """One such stretch. ``asks`` are the frames that got no answer, in order; ``answer`` is the first frame of the
    other side after them, None when none came; for data also an RST that refuses the last of them. ``is_data``: the
    same segment again and again, else probes.
    """

    asker: Endpoint
    silent: Endpoint
    asks: tuple[Frame, ...]
    answer: Frame | None
    is_data: bool

    @property
    def start_ns(self) -> int:
        """When the first of them was sent."""
        return self.asks[0].time_ns

    @property
    def frames(self) -> tuple[int, ...]:
        """Their frame numbers."""
        return tuple(frame.number for frame in self.asks)

    @property
    def repeats(self) -> int:
        """How often the first of them was sent again."""
        return len(self.asks) - 1

    @property
    def is_bare_fin(self) -> bool:
        """Whether nothing but a FIN was sent again: the application had closed, and no data is lost."""
        return self.asks[0].has(FLAG_FIN) and not self.asks[0].length

    @property
    def is_opening(self) -> bool:
        """Whether it was asked for a connection."""
        return self.asks[0].has(FLAG_SYN)

    @property
    def is_refused(self) -> bool:
        """Whether an RST answers the last of them: that one arrived, or met a device that answers."""
        return self.answer is not None and self.answer.has(FLAG_RST)

    @property
    def backs_off(self) -> bool:
        """Whether the gaps between them grow as those of a retransmission timer do (RFC 6298 section 5.5). Those of the
        first SYNs need not (Linux 6.5, net.ipv4.tcp_syn_linear_timeouts).
        """
        gaps = [after.time_ns - before.time_ns for before, after in pairwise(self.asks)]
        steady = 0
        if self.is_opening:
            while steady < min(LINEAR_SYNS, len(gaps) - 1) and gaps[steady + 1] < BACKOFF * gaps[0]:
                steady += 1
        growing = sum(1 for before, after in pairwise(gaps[steady:]) if after >= BACKOFF * before)
        return len(gaps) >= FEWEST_REPEATS and 2 * growing > len(gaps) - steady - 1


def waits(case: Case) -> tuple[Wait, ...]:
    """All such stretches of a connection, in order of time."""
    found = [*_of_probes(case), *_of_data(case.connection)]
    return tuple(sorted(found, key=lambda wait: wait.start_ns))


def open_wait(case: Case) -> Wait | None:
    """The stretch that lasts until the connection's last frame, when data was sent again in it. When the capture has
    one direction only, acknowledgments cannot be in it; then a timer that backs off to the end tells that none came
    (RFC 6298 section 5.3: one would have started it anew).
    """
    is_blind = case.quality.told(FlawId.ONE_SIDED) is not None
    found = (wait for wait in reversed(waits(case)) if wait.is_data and wait.answer is None)
    return next((wait for wait in found if not is_blind or (wait.backs_off and _goes_on_to_the_end(case, wait))), None)


def _goes_on_to_the_end(case: Case, wait: Wait) -> bool:
    """Whether the asker, which had not closed, sent nothing behind the last copy but its FIN: it was still waiting."""
    if wait.asks[0].has(FLAG_FIN):
        return False
    behind = [frame for frame in case.connection.frames if frame.number > wait.asks[-1].number and frame.length]
    return all(frame.source != wait.asker for frame in behind)


def went_on_without(case: Case, wait: Wait) -> Frame | None:
    """The silent side's segment that proves that what it was asked had not arrived: sent after enough copies, well
    after the last of them, it acknowledges less (RFC 9293 3.10.7.4: each segment carries the receiver's RCV.NXT), and
    the capture never shows more: that would be the answer. An acknowledgment alone tells as much where something else
    drew it and none of the copies did: a host answers also what it does not take in. None where there is none, and
    where the capture shows that the copies did arrive.
    """
    if not wait.is_data or wait.is_opening or wait.answer is not None or case.quality.vantage.is_at(wait.silent):
        return None
    settled = late_ns(case.connection)
    for frame in case.connection.frames:
        if frame.source != wait.silent or frame.has(FLAG_RST) or not frame.has(FLAG_ACK):
            continue
        if not frame.space and not _drawn_by_something_else(case.connection, wait, frame):
            continue
        copies = sum(1 for ask in wait.asks if ask.time_ns + settled <= frame.time_ns)
        if copies > FEWEST_REPEATS:
            return frame
    return None


def answered_each(case: Case, wait: Wait) -> tuple[Frame, ...]:
    """The acknowledgments of nothing new that copies drew, each at once: the copies arrived, and were not taken in. A
    host answers so what has a number or a timestamp that it does not accept (RFC 9293 section 3.10.7.4, RFC 7323
    section 5.3). Empty where fewer copies drew one than ordinary loss repeats.
    """
    if not wait.is_data or wait.answer is not None:
        return ()
    asks, settled = set(wait.frames[1:]), late_ns(case.connection)
    drawn = tuple(
        after
        for before, after in pairwise(case.connection.frames)
        if before.number in asks
        and after.source == wait.silent
        and not after.space
        and after.has(FLAG_ACK)
        and not after.has(FLAG_RST)
        and after.ack == wait.asks[0].seq
        and after.marks.window != 0
        and after.time_ns - before.time_ns <= settled
    )
    return drawn if len(drawn) >= FEWEST_REPEATS else ()


def _drawn_by_something_else(connection: Connection, wait: Wait, ack: Frame) -> bool:
    """Whether an acknowledgment follows another segment of the asker than the copies, none of which one followed."""
    asks = set(wait.frames)
    since = [frame for frame in connection.frames if wait.asks[1].number <= frame.number <= ack.number]
    drawn_by = [before for before, after in pairwise(since) if after.source == wait.silent]
    return bool(drawn_by) and drawn_by[-1].space > 0 and not any(frame.number in asks for frame in drawn_by)


def late_ns(connection: Connection) -> int:
    """After how long what answers something would have come, with several round trips to spare."""
    return max(LATE_NS, LATE_ROUND_TRIPS * round_trip_ns(connection))


def first_copy_arrived(wait: Wait) -> bool:
    """Whether the answer echoes the timestamp of the first copy, which the later ones do not have: that one had arrived
    (RFC 3522 section 3.2, Eifel; RFC 7323 section 4.3). It or its acknowledgment was slow, or an acknowledgment was
    lost.
    """
    if not wait.is_data or wait.answer is None or wait.is_refused:
        return False
    echoed, sent = wait.answer.marks.timestamp_echo, [ask.marks.timestamp for ask in wait.asks]
    return echoed is not None and echoed == sent[0] and echoed not in sent[1:]


def opening_again(case: Case, wait: Wait) -> tuple[Frame, ...]:
    """The SYN-ACKs that the silent side sent again while it was sent data: by then it had taken no acknowledgment of
    the first. Either none arrived, or its listen queue was full (Linux tcp_check_req(), listen(2)). Empty when it sent
    none.
    """
    end_ns = (wait.answer or wait.asks[-1]).time_ns
    meanwhile = (f for f in case.connection.frames if f.source == wait.silent and wait.start_ns < f.time_ns <= end_ns)
    return () if wait.is_opening else tuple(f for f in meanwhile if f.is_syn_ack)


def closed_by_silent(case: Case, wait: Wait) -> int | None:
    """The frame with which the silent side had closed the connection before the last ask, None when it had not."""
    return next(
        (
            frame.number
            for frame in case.connection.frames
            if frame.source == wait.silent and _closes(case, frame) and frame.time_ns <= wait.asks[-1].time_ns
        ),
        None,
    )


def given_up_by_asker(case: Case, wait: Wait) -> int | None:
    """The frame with which the asker itself ended the connection after the first ask, None when it did not."""
    ends = (f for f in case.connection.frames if f.source == wait.asker and _closes(case, f))
    return next((frame.number for frame in ends if frame.time_ns > wait.start_ns), None)


def copies_of(connection: Connection, frame: Frame) -> tuple[Frame, ...]:
    """A segment and all of its side before it that carried the same, in order: what it asks was asked with the first.
    A probe, and a segment without sequence space, stand alone.
    """
    if not frame.space or frame.found(Probe):
        return (frame,)
    before = (f for f in connection.frames if f.number < frame.number and f.source == frame.source and f.space)
    return (*(f for f in before if f.seq == frame.seq and not f.found(Probe)), frame)


def _closes(case: Case, frame: Frame) -> bool:
    """Whether it is a FIN, or an RST that its receiver takes notice of."""
    dead = case.ending.dead
    return frame.has(FLAG_FIN) or (frame.has(FLAG_RST) and dead is not None and frame.number >= dead.number)


def _of_probes(case: Case) -> Iterator[Wait]:
    connection = case.connection
    for side in (connection.a, connection.b):
        numbers = sorted({f.probe_frame for f in connection.unanswered(side)})
        probes = [frame for frame in map(connection.frame, numbers) if frame is not None]
        group: list[Frame] = []
        for probe in probes:
            if group and _first_of(connection, connection.other(side), group[-1], probe) is not None:
                yield _wait(connection, side, group)
                group = []
            group.append(probe)
        if group:
            yield _wait(connection, side, group)


def _wait(connection: Connection, side: Endpoint, asks: list[Frame]) -> Wait:
    other = connection.other(side)
    return Wait(side, other, tuple(asks), _first_of(connection, other, asks[-1], None), False)


def _first_of(connection: Connection, side: str, after: Frame, before: Frame | None) -> Frame | None:
    """The first frame of a side strictly between two frames. An RST is none, nor a probe, which asks itself and comes
    whatever was asked.
    """
    frames = connection.frames
    start = bisect_right(frames, after.number, key=lambda frame: frame.number)
    for frame in map(frames.__getitem__, range(start, len(frames))):  # a slice would copy all that follows
        if before is not None and frame.number >= before.number:
            return None
        if frame.source == side and not frame.has(FLAG_RST) and not frame.found(Probe):
            return frame
    return None


def _of_data(connection: Connection) -> Iterator[Wait]:
    """Segments with sequence space that were sent again before they were acknowledged. Into a closed window nothing can
    be sent (RFC 9293 3.8.6.1), so what is repeated there is a window probe and no sign of loss.
    """
    repeated = _repeated(connection)
    if not repeated:
        return
    sent: dict[str, dict[int, list[Frame]]] = {connection.a: {}, connection.b: {}}
    window: dict[str, int | None] = {}
    last: dict[str, Frame] = {}
    early = connection.before_opening()
    for frame in connection.frames:
        side, other = frame.source, connection.other(frame.source)
        if frame.has(FLAG_RST):
            for seq in [seq for seq, copies in sent[other].items() if _refuses(frame, copies, last[other])]:
                copies = sent[other].pop(seq)
                if len(copies) > 1:
                    yield Wait(other, side, tuple(copies), frame, True)
            continue
        if frame.number in early:
            sent[other].clear()  # it had the SYN; the next one is not for want of an answer
            continue
        if frame.has(FLAG_ACK):
            for seq in [seq for seq, copies in sent[other].items() if _covers(frame.ack, copies)]:
                copies = sent[other].pop(seq)
                if len(copies) > 1:
                    yield Wait(other, side, tuple(copies), frame, True)
        window[side], last[side] = frame.marks.window, frame
        if (side, frame.seq) in repeated and frame.space and not frame.found(Probe) and window.get(other) != 0:
            copies = sent[side].setdefault(frame.seq, [])
            if not copies or frame.time_ns - copies[-1].time_ns > COPY_NS:
                copies.append(frame)
    for side in (connection.a, connection.b):
        head = {frame.number for frame in space_of(connection, side).head}
        asks = sorted((f for copies in sent[side].values() for f in copies if f.number in head), key=lambda f: f.number)
        if len(asks) > 1:
            yield Wait(side, connection.other(side), tuple(asks), None, True)


def _refuses(reset: Frame, copies: list[Frame], last: Frame) -> bool:
    """Whether an RST answers the last copy of a segment: without ACK it has the number that the segment acknowledged
    (RFC 9293 section 3.10.7.1), with ACK it covers the segment. One that has nothing of the segment answers what its
    side sent last, where that is something else, well after the last copy.
    """
    if reset.has(FLAG_ACK):
        return _covers(reset.ack, copies)
    is_of_another = not last.length and last.time_ns - copies[-1].time_ns >= LATE_NS
    return reset.seq == copies[-1].ack and not is_of_another


def _repeated(connection: Connection) -> set[tuple[str, int]]:
    """Side and sequence number of the segments that are there more than once; most connections have none."""
    starts = [(f.source, f.seq) for f in connection.frames if f.length or f.flags & (FLAG_SYN | FLAG_FIN)]
    if len(set(starts)) == len(starts):
        return set()
    return {start for start, count in Counter(starts).items() if count > 1}


def _covers(ack: int, copies: list[Frame]) -> bool:
    return ahead(ack, copies[0].end) >= 0
