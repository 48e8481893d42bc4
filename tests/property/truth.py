"""What the plugin must say of a conversation, worked out from what the kernels did and what the capture saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from tests.property.conversation import Conversation
from tests.property.path import Captured, PathPlan
from tests.property.segments import End, Segment, add, after
from tests.scenarios.packets import ACK, FIN, RST
from tests.scenarios.simulation import MILLISECOND, SECOND

MIN_GAP = 900 * MILLISECOND  # the preference's default
SLACK = 200 * MILLISECOND  # the preference's default


def rounding(seconds: int) -> int:
    """Most that a kernel adds to a timer of this length by rounding, in ns: 8/63 of it on the wheel of Linux 4.8."""
    return seconds * SECOND * 8 // 63


class Frame(NamedTuple):
    """A frame of the capture that is not a copy of one before it."""

    number: int
    time_ns: int
    segment: Segment


def frames(capture: Sequence[Captured]) -> list[Frame]:
    """The frames of a capture without copies, up to the first RST that ends the connection.

    One before what the receiver has acknowledged does not: it is out of the window (RFC 9293 section 3.10.7.4). Linux
    answers data that crossed its FIN with such a one, numbered by what the data acknowledged (tcp_v4_send_reset).
    """
    seen: set[int] = set()
    kept: list[Frame] = []
    for number, (time, segment) in enumerate(capture, start=1):
        if id(segment) in seen:
            continue
        seen.add(id(segment))
        if segment.has(RST) and _is_out_of_window(segment, (frame.segment for frame in kept)):
            continue
        looks = replace(segment, is_probe=True) if _looks_like_a_probe(segment, kept) else segment
        kept.append(Frame(number, time, looks))
        if segment.has(RST):
            break
    return kept


def _looks_like_a_probe(segment: Segment, before: Sequence[Frame]) -> bool:
    """Whether a segment of a keep-alive timer is one below all that the capture has shown of its sender.

    BSD's also sends while data is in flight: then that was lost before the capture.
    """
    return segment.by_timer and not any(
        frame.segment.sender is segment.sender and after(frame.segment.end, add(segment.seq, 1)) for frame in before
    )


def _is_out_of_window(rst: Segment, others: Iterable[Segment]) -> bool:
    """Whether the receiver had acknowledged what lies behind an RST, its FIN apart (see Endpoint.receive)."""
    before = list(others)
    number = add(rst.seq, any(s.sender is rst.sender and s.has(FIN) for s in before))
    return any(s.sender is rst.sender.peer and s.has(ACK) and after(s.ack, number) for s in before)


def is_end_clear(capture: Sequence[Captured]) -> bool:
    """Whether the capture tells that an RST was taken: its receiver is not seen to have moved on later."""
    seen = frames(capture)
    if not seen or not seen[-1].segment.has(RST):
        return True
    return not _is_out_of_window(seen[-1].segment, (captured.segment for captured in capture))


def covers(segment: Segment, number: int) -> bool:
    """Whether a segment acknowledges everything before a sequence number."""
    return segment.has(ACK) and not after(number, segment.ack)


def _breaks_silence(frame: Frame, before: Sequence[Frame]) -> bool:
    """Whether nothing was sent or heard in the time before a probe; what it does not acknowledge, it had not heard."""
    for time, segment in ((f.time_ns, f.segment) for f in before):
        if frame.time_ns - time >= MIN_GAP:
            continue
        mine = segment.sender is frame.segment.sender
        if mine and (segment.is_probe or segment.length or segment.has(FIN)):
            return False
        if not mine and not segment.is_probe and covers(frame.segment, segment.end):
            return False
    return True


def are_probes_clear(capture: Sequence[Captured]) -> bool:
    """Whether each probe in the capture breaks a silence there; one that does not cannot be told from another ACK."""
    seen = frames(capture)
    return all(_breaks_silence(frame, seen[:i]) for i, frame in enumerate(seen) if frame.segment.is_probe)


class Marks(NamedTuple):
    """Frames of probes; answers and unanswered probes as (frame that shows it, frame of the probe)."""

    probes: list[int]
    answers: list[tuple[int, int]]
    unanswered: list[tuple[int, int]]


def may_cross(path: PathPlan, probe: Frame, frame: Frame) -> bool:
    """Whether data or a FIN, captured so soon after the peer's probe, may have left before the probe came."""
    share = 100 - path.vantage if probe.segment.sender is End.CLIENT else path.vantage
    round_trip = 2 * (path.one_way_ns + path.jitter_ns) * share // 100
    return frame.segment.end != frame.segment.seq and frame.time_ns - probe.time_ns <= round_trip


def marks(conversation: Conversation, answers: Sequence[tuple[int, int]]) -> Marks:
    """What must be marked, up to the first RST (see frames).

    A capture does not always tell what crossed a probe from its answer: there the answers that were found count.
    """
    expected = Marks([], [], [])
    pending: dict[End, Frame] = {}
    for frame in frames(conversation.capture):
        segment = frame.segment
        if segment.has(RST):
            break
        if segment.is_probe:
            if before := pending.get(segment.sender):
                expected.unanswered.append((frame.number, before.number))
            expected.probes.append(frame.number)
            pending[segment.sender] = frame
            continue
        if segment.by_timer:
            continue  # a probe of a BSD with data in flight, which looks like a copy of one before: it answers nothing
        probe = pending.get(segment.sender.peer)
        if probe and covers(segment, add(probe.segment.seq, 1)):
            if may_cross(conversation.plan.path, probe, frame) and (frame.number, probe.number) not in answers:
                continue
            expected.answers.append((frame.number, probe.number))
            del pending[segment.sender.peer]
    return expected


class Run(NamedTuple):
    """Probes of one silence that never reached the wire: their times, and the frame that ended the gap.

    `frame` is None when the capture ended in it; `by_probe`: the frame is the next probe, sent at last.
    """

    times: list[int]
    frame: int | None
    end_ns: int
    by_probe: bool


def runs_of_dropped(conversation: Conversation, prober: End) -> Iterator[Run]:
    """Runs of dropped probes of an end, with the capture on that end; not after its own FIN."""
    dropped = [probe.time_ns for probe in conversation.probes[prober] if probe.was_dropped]
    seen = frames(conversation.capture)
    own_fin = next((f.time_ns for f in seen if f.segment.sender is prober and f.segment.has(FIN)), None)
    last = seen[-1] if seen[-1].segment.has(RST) else None
    while dropped:
        first = dropped[0]
        if (own_fin and own_fin <= first) or (last and last.time_ns <= first):
            return
        ending = next((f for f in seen if f.time_ns >= first), None)
        end_ns = ending.time_ns if ending else conversation.end_ns
        times = [time for time in dropped if time <= end_ns]
        dropped = dropped[len(times) :]
        yield Run(times, ending.number if ending else None, end_ns, bool(ending and ending.segment.is_probe))
