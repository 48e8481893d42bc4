"""Look for everything that makes a capture worth less, seen from one connection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.capture.pcapng import DropCounters
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, CaptureSpan
from pyreport.quality.beginning import may_have_closed_before
from pyreport.quality.copies import copies
from pyreport.quality.flaw import Flaw, FlawId, Quality, RestsOn
from pyreport.quality.holes import holes_of, tell_holes
from pyreport.quality.packet_counter import CounterGap, counter_gaps
from pyreport.quality.sequence_gaps import unseen
from pyreport.quality.vantage.borrowed import vantage_in

# One copied frame is an accident; a mirror port that copies, copies a good part of all frames.
FEWEST_COPIES, COPIED_SHARE = 2, 0.05
# Frames of several capture queues are a little out of order without any clock being wrong.
STEP_NS = 1 * NS_PER_MS
SHOWN = 6
# On a quiet link hosts rest for seconds, also while they try again (ARP, keep-alive of others); a capture that
# was stopped and started again, or joined of two, lacks more. The plugin judges no probe across a shorter rest either.
HOLE_NS = 10 * NS_PER_S


def assess(
    connection: Connection,
    index: CaptureIndex,
    span: CaptureSpan,
    *,
    drops: DropCounters | None = None,
    log_ns: int | None = None,
) -> Quality:
    """The place of the capture and its flaws. ``log_ns`` is when the application logged its error, None if unknown."""
    vantage = vantage_in(connection, index)
    flaws = (
        *_one_sided(connection, index),
        *_lost(connection),
        *_counted(connection, index),
        *_dropped(drops),
        *_copied(connection),
        *_no_beginning(connection),
        *_holes(connection, span),
        *_not_covered(connection, span, log_ns),
        *_clock(span),
        *_cut(span),
    )
    return Quality(vantage, flaws)


def _one_sided(connection: Connection, index: CaptureIndex) -> Iterator[Flaw]:
    """Only one direction was captured: a mirror port of one direction, or a path that differs there and back."""
    if len({frame.source for frame in connection.frames}) > 1:
        return
    silent = connection.other(connection.first.source)
    frames = (connection.first.number, connection.last.number)
    weakens = (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.TIMES, RestsOn.ENDING)
    if _heard_something(connection):
        yield Flaw(FlawId.ONE_SIDED, _one_direction(silent, index, frames), weakens)
    elif not all(frame.has(FLAG_SYN | FLAG_RST) for frame in connection.frames):
        yield Flaw(FlawId.ONE_SIDED, claim("quality-one-side-only", frames, silent=silent), weakens)


def _one_direction(silent: str, index: CaptureIndex, frames: tuple[int, ...]) -> Claim:
    every = len(index.connections)
    alike = index.once("one-sided", lambda: sum(1 for other in index.connections.values() if _is_one_sided(other)))
    if alike < 2:
        return claim("quality-one-direction", frames, silent=silent)
    return claim(
        "quality-one-direction-shared", frames, silent=silent, alike=alike, every=every, everywhere=alike == every
    )


def _is_one_sided(connection: Connection) -> bool:
    return not connection.outline.is_two_sided and _heard_something(connection)


def _heard_something(connection: Connection) -> bool:
    """Whether the side that was captured acknowledged something new: then the other one did send."""
    acknowledged = {f.ack for f in connection.frames if f.has(FLAG_ACK) and not f.has(FLAG_RST)}
    opened = any(f.is_syn for f in connection.frames)
    return len(acknowledged) > 1 or (opened and bool(acknowledged))


def _lost(connection: Connection) -> Iterator[Flaw]:
    """What was acknowledged did arrive, so a frame that is not there was lost by the capture, or went another way."""
    for side in (connection.a, connection.b):
        stretches = unseen(connection, side)
        if stretches:
            lost = sum(stretch.octets for stretch in stretches)
            frames = tuple(stretch.acked_in for stretch in stretches[:SHOWN])
            told = claim("quality-lost-frames", frames, receiver=connection.other(side), sender=side, bytes=lost)
            yield Flaw(FlawId.LOST_FRAMES, told, (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.TIMES))


def _counted(connection: Connection, index: CaptureIndex) -> Iterator[Flaw]:
    for side in (connection.a, connection.b):
        gaps = counter_gaps(connection, side, index)
        if gaps:
            yield Flaw(FlawId.COUNTER_GAPS, _tell_gaps(side, gaps), (RestsOn.ABSENCE, RestsOn.ANSWERS))


def _tell_gaps(side: str, gaps: Sequence[CounterGap]) -> Claim:
    packets = sum(gap.packets for gap in gaps)
    frames = tuple(sorted({number for gap in gaps[:SHOWN] for number in (gap.before, gap.after)}))
    if len(gaps) == 1:
        return claim("quality-counter-gap", frames, side=side, packets=packets)
    before, after = FrameNumber(gaps[0].before), FrameNumber(gaps[0].after)
    return claim("quality-counter-gaps", frames, side=side, packets=packets, before=before, after=after)


def _dropped(drops: DropCounters | None) -> Iterator[Flaw]:
    if drops is not None and drops.total:
        told = claim("quality-dropped", total=drops.total, interface=drops.by_interface, system=drops.by_system)
        yield Flaw(FlawId.DROPPED, told, (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.COUNTS))


def _copied(connection: Connection) -> Iterator[Flaw]:
    found = copies(connection)
    if len(found) >= FEWEST_COPIES and len(found) >= COPIED_SHARE * len(connection.frames):
        told = claim("quality-copies", found[:SHOWN], copies=len(found), every=len(connection.frames))
        yield Flaw(FlawId.COPIES, told, (RestsOn.COUNTS,))


def _not_covered(connection: Connection, span: CaptureSpan, log_ns: int | None) -> Iterator[Flaw]:
    """The time from the last data to the log line should be in the capture."""
    if log_ns is not None and log_ns > span.last_time_ns:
        early = Duration(log_ns - span.last_time_ns)
        was_dead = any(frame.has(FLAG_RST) for frame in connection.frames)
        told = claim("quality-ends-early-dead" if was_dead else "quality-ends-early", (span.frames,), early=early)
        yield Flaw(FlawId.ENDS_EARLY, told, () if was_dead else (RestsOn.ENDING,))
    if log_ns is not None and log_ns < span.first_time_ns:
        told = claim("quality-starts-late", (1,), late=Duration(span.first_time_ns - log_ns))
        yield Flaw(FlawId.STARTS_LATE, told, (RestsOn.ABSENCE, RestsOn.TIMES, RestsOn.ENDING))
    elif not any(frame.length and not frame.found(Probe) for frame in connection.frames):
        yield Flaw(FlawId.NO_DATA, claim("quality-no-data", (connection.first.number,)), (RestsOn.TIMES,))


def _no_beginning(connection: Connection) -> Iterator[Flaw]:
    """A FIN that came before the capture is an absence that proves nothing; where both sides sent payload in it, none
    can have come.
    """
    sides = [side for side in (connection.a, connection.b) if may_have_closed_before(connection, side)]
    if sides:
        told = claim("quality-no-beginning", (connection.first.number,), sides=tuple(sides))
        yield Flaw(FlawId.NO_BEGINNING, told, (RestsOn.ABSENCE,))


def _holes(connection: Connection, span: CaptureSpan) -> Iterator[Flaw]:
    holes = [hole for hole in holes_of(connection, span) if hole.length_ns >= HOLE_NS]
    if holes:
        yield Flaw(FlawId.CAPTURE_HOLE, tell_holes(holes), (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.COUNTS))


def _clock(span: CaptureSpan) -> Iterator[Flaw]:
    if span.largest_step_ns >= STEP_NS:
        frames, largest = (span.largest_step_frame,), Duration(span.largest_step_ns)
        told = claim("quality-clock-steps", frames, steps=span.steps_back, largest=largest)
        yield Flaw(FlawId.CLOCK_STEPS, told, (RestsOn.TIMES,))


def _cut(span: CaptureSpan) -> Iterator[Flaw]:
    if span.cut_frames:
        told = claim("quality-cut-frames", cut=span.cut_frames, every=span.frames, kept=span.cut_to)
        yield Flaw(FlawId.CUT_FRAMES, told, (RestsOn.PAYLOAD,))
