"""Look for everything that makes a capture worth less, seen from one connection."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.sentence import capitalized, sentence
from pyreport.base.units import NS_PER_MS, count_words, format_duration
from pyreport.capture.pcapng import DropCounters
from pyreport.connections.connection import CaptureIndex, Connection
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, CaptureSpan
from pyreport.quality.copies import copies
from pyreport.quality.flaw import Flaw, Quality, RestsOn
from pyreport.quality.packet_counter import counter_gaps
from pyreport.quality.sequence_gaps import unseen
from pyreport.quality.vantage import vantage_of

# One copied frame is an accident; a mirror port that copies, copies a good part of all frames.
FEWEST_COPIES, COPIED_SHARE = 2, 0.05
# Frames of several capture queues are a little out of order without any clock being wrong.
STEP_NS = 1 * NS_PER_MS
SHOWN = 6


def assess(
    connection: Connection,
    index: CaptureIndex,
    span: CaptureSpan,
    *,
    drops: DropCounters | None = None,
    log_ns: int | None = None,
) -> Quality:
    """The place of the capture and its flaws. ``log_ns`` is when the application logged its error, None if unknown."""
    vantage = vantage_of(connection)
    flaws = (
        *_one_sided(connection, index),
        *_lost(connection),
        *_counted(connection, index),
        *_dropped(drops),
        *_copied(connection),
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
        alike = sum(1 for other in index.connections.values() if _is_one_sided(other))
        also = f" So it is on {alike:,} of the {len(index.connections):,} connections here." if alike > 1 else ""
        text = f"The capture has no frame of {silent}, and it did send: only one direction was captured.{also}"
        yield Flaw("one_sided", sentence(text, frames), weakens)
    elif not all(frame.has(FLAG_SYN | FLAG_RST) for frame in connection.frames):
        text = f"The capture has no frame of {silent}: it sent nothing, or only one direction was captured."
        yield Flaw("one_sided", sentence(text, frames), weakens)


def _is_one_sided(connection: Connection) -> bool:
    return len({frame.source for frame in connection.frames}) == 1 and _heard_something(connection)


def _heard_something(connection: Connection) -> bool:
    """Whether the side that was captured acknowledged something new: then the other one did send."""
    acknowledged = {f.ack for f in connection.frames if f.has(FLAG_ACK) and not f.has(FLAG_RST)}
    opened = any(f.has(FLAG_SYN) and not f.has(FLAG_ACK) for f in connection.frames)
    return len(acknowledged) > 1 or (opened and bool(acknowledged))


def _lost(connection: Connection) -> Iterator[Flaw]:
    """What was acknowledged did arrive, so a frame that is not there was lost by the capture, or went another way."""
    for side in (connection.a, connection.b):
        stretches = unseen(connection, side)
        if stretches:
            octets = sum(stretch.octets for stretch in stretches)
            text = (
                f"{connection.other(side)} acknowledged {octets:,} byte{'' if octets == 1 else 's'} of {side} that "
                "are in no frame: the capture lacks frames that did arrive."
            )
            frames = tuple(stretch.acked_in for stretch in stretches[:SHOWN])
            yield Flaw("lost_frames", sentence(text, frames), (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.TIMES))


def _counted(connection: Connection, index: CaptureIndex) -> Iterator[Flaw]:
    for side in (connection.a, connection.b):
        gaps = counter_gaps(connection, side, index)
        if gaps:
            packets = sum(gap.packets for gap in gaps)
            first = gaps[0]
            more = f", the first of them between frames {first.before} and {first.after}" if len(gaps) > 1 else ""
            text = (
                f"The packet counter of {side} (IP identification, one more for each packet of this connection) shows "
                f"that {count_words(packets, 'packet')} it made {'is' if packets == 1 else 'are'} not in this "
                f"capture{more}."
            )
            frames = tuple(sorted({number for gap in gaps[:SHOWN] for number in (gap.before, gap.after)}))
            yield Flaw("counter_gaps", sentence(text, frames), (RestsOn.ABSENCE, RestsOn.ANSWERS))


def _dropped(drops: DropCounters | None) -> Iterator[Flaw]:
    if drops is not None and drops.total:
        text = (
            f"The capture file says that {count_words(drops.total, 'packet')} did not get into it "
            f"({drops.by_interface:,} dropped by the interface, {drops.by_system:,} by the operating system)."
        )
        yield Flaw("dropped", sentence(capitalized(text)), (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.COUNTS))


def _copied(connection: Connection) -> Iterator[Flaw]:
    found = copies(connection)
    if len(found) >= FEWEST_COPIES and len(found) >= COPIED_SHARE * len(connection.frames):
        text = (
            f"{len(found):,} of the {len(connection.frames):,} frames are second copies of others: a mirror port that "
            "sends frames twice, or a capture on several interfaces. Copies are not retransmissions."
        )
        yield Flaw("copies", sentence(text, found[:SHOWN]), (RestsOn.COUNTS,))


def _not_covered(connection: Connection, span: CaptureSpan, log_ns: int | None) -> Iterator[Flaw]:
    """The time from the last data to the log line should be in the capture."""
    if log_ns is not None and log_ns > span.last_time_ns:
        early = format_duration(log_ns - span.last_time_ns)
        is_over = any(frame.has(FLAG_RST) for frame in connection.frames)
        tail = "; the connection was dead by then" if is_over else ""
        text = f"The capture ends {early} before the log line was written{tail}."
        weakens = () if is_over else (RestsOn.ENDING,)
        yield Flaw("ends_early", sentence(text, (span.frames,)), weakens)
    if log_ns is not None and log_ns < span.first_time_ns:
        text = f"The capture starts {format_duration(span.first_time_ns - log_ns)} after the log line was written."
        yield Flaw("starts_late", sentence(text, (1,)), (RestsOn.ABSENCE, RestsOn.TIMES, RestsOn.ENDING))
    elif not any(frame.length and not frame.found("probe") for frame in connection.frames):
        text = "No payload of this connection is in the capture, so how long it was idle cannot be measured."
        yield Flaw("no_data", sentence(text, (connection.first.number,)), (RestsOn.TIMES,))


def _clock(span: CaptureSpan) -> Iterator[Flaw]:
    if span.largest_step_ns >= STEP_NS:
        step = format_duration(span.largest_step_ns)
        times = "once" if span.steps_back == 1 else f"{span.steps_back:,} times"
        text = f"The times of the frames go back {times}, by up to {step}: its clock was set, or files were joined."
        yield Flaw("clock_steps", sentence(text, (span.largest_step_frame,)), (RestsOn.TIMES,))


def _cut(span: CaptureSpan) -> Iterator[Flaw]:
    if span.cut_frames:
        text = (
            f"{span.cut_frames:,} of the {span.frames:,} frames were captured without their end (at most "
            f"{span.cut_to:,} bytes of each)."
        )
        yield Flaw("cut_frames", sentence(text), (RestsOn.PAYLOAD,))
