"""The first segment after a silence that was dropped to the end of the capture, or that drew an RST."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.waits import copies_of, open_wait, waits
from pyreport.diagnosis.thresholds import FEWEST_REPEATS, FEWEST_TURNS, IDLE_FROM_NS, TIGHTER
from pyreport.frames.findings import Fin
from pyreport.frames.frame import Frame


class FirstAfterSilence(Struct, frozen=True):
    """``asks`` are the segment and its repeats, after ``silence_ns`` without any frame of the connection since
    ``before``. ``reset`` is the RST that it drew, None when nothing came back. ``outlived`` are the two frames around
    the longest such silence before it, of ``outlived_ns``; None without one.
    """

    asker: Endpoint
    silent: Endpoint
    before: Frame
    asks: tuple[Frame, ...]
    silence_ns: int
    reset: Frame | None
    outlived: tuple[Frame, Frame] | None
    outlived_ns: int


def first_after_silence(case: Case) -> FirstAfterSilence | None:
    """None when a FIN came before, when the segment did not follow a silence, or when it was answered otherwise."""
    found = _refused(case) or _dropped(case)
    if found is None:
        return None
    asks, reset = found
    fin = case.ending.fin
    if fin is not None and (fin.frame < asks[0].number or (reset is not None and _is_answer(fin, asks, reset))):
        return None
    frames = case.connection.frames
    position = next(i for i, frame in enumerate(frames) if frame.number == asks[0].number)
    if position == 0 or asks[0].time_ns - frames[position - 1].time_ns < IDLE_FROM_NS:
        return None
    gaps = [(b.time_ns - a.time_ns, a, b) for a, b in pairwise(frames[:position])]
    longest = max(gaps, key=lambda gap: gap[0], default=None)
    asker, before = asks[0].source, frames[position - 1]
    return FirstAfterSilence(
        asker,
        case.connection.other(asker),
        before,
        asks,
        asks[0].time_ns - before.time_ns,
        reset,
        None if longest is None else (longest[1], longest[2]),
        0 if longest is None else longest[0],
    )


def all_fell_silent(case: Case) -> Claim | None:
    """That the local host, which had been heard on other connections much more often before, was silent on all of them
    as well in that time: it may have stood still (a laptop that was closed), and the capture may have been interrupted.
    None when it was not.
    """
    found = first_after_silence(case)
    if found is None:
        return None
    own = {frame.time_ns for frame in case.connection.frames}
    start, end = found.before.time_ns, found.asks[0].time_ns
    times = case.index.times_of(case.local.host)
    first, past = bisect_left(times, start - found.silence_ns), bisect_right(times, end)
    pause = found.silence_ns // TIGHTER
    latest = next((times[place] for place in range(past - 1, first - 1, -1) if times[place] not in own), end)
    if latest > start + pause:  # as nearly always
        return None
    others = [time for time in times[first:past] if time not in own]
    if len(others) < FEWEST_TURNS:
        return None
    if any(after - before > pause for before, after in pairwise([*others, max(start, others[-1])])):
        return None
    frames = (found.before.number, found.asks[0].number)
    return claim("idle-forgotten-all-silent", frames, local=case.local_party, silence=Duration(found.silence_ns))


def _is_answer(fin: Fin, asks: tuple[Frame, ...], reset: Frame) -> bool:
    """Whether the side that was asked closed before the RST: what was refused had met its close."""
    return fin.source != asks[0].source and fin.frame < reset.number


def _refused(case: Case) -> tuple[tuple[Frame, ...], Frame] | None:
    reset = case.ending.reset
    if reset is None or reset.cause_frame is None:
        return None
    cause, frame = case.connection.frame(reset.cause_frame), case.connection.frame(reset.frame)
    if cause is None or frame is None or cause.source == frame.source:
        return None
    return copies_of(case.connection, cause), frame


def _dropped(case: Case) -> tuple[tuple[Frame, ...], None] | None:
    """Data, or probes, without an answer up to the end."""
    wait = open_wait(case) or next((w for w in reversed(waits(case)) if w.answer is None), None)
    if wait is None or wait.is_bare_fin or wait.repeats < FEWEST_REPEATS:
        return None
    asks = wait.asks
    if any(f.source == wait.silent and f.number > asks[0].number for f in case.connection.frames):
        return None  # the device let that through
    space = space_of(case.connection, wait.asker)
    if wait.is_data and space.outstanding and space.outstanding[0].number < asks[0].number:
        return None
    return asks, None
