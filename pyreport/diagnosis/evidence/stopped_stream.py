"""A peer that had sent data of its own accord all along, as a feed or a subscription does, and then sent none."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pyreport.base.claim import Claim, Duration, claim
from pyreport.connections.ending import farewell_of
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import (
    ASKING_SHARE,
    FEWEST_BEATS,
    FEWEST_STREAMED,
    LATE_NS,
    LATE_ROUND_TRIPS,
    STREAM_SILENCE_NS,
    STREAM_SILENCE_SHARE,
    STREAMED_FROM_NS,
)
from pyreport.frames.findings import Probe
from pyreport.frames.frame import Frame

#: What it claims.
STOPPED = "stream-stopped"


def stopped_stream(case: Case) -> Claim | None:
    """That the peer, which nobody had asked for what it sent, was silent for many times its longest pause when the
    local end closed, or when the capture ended; that it only answered heartbeats in that time, where the local end sent
    some. Whether it had nothing to say, only its program knows. None else.
    """
    first = case.ending.first
    if first is not None and first.source == case.peer:
        return None
    end_ns = case.span.last_time_ns if first is None else first.time_ns
    said = [f for f in case.connection.frames if f.length and not f.retransmission and not f.found(Probe)]
    if first is not None:
        said = [f for f in said if f.number < (farewell_of(first) or first.frame)]
    beats = _heartbeats([f for f in said if f.source == case.local])
    pushed = _pushed(case, said, {f.number for f in beats})
    if len(pushed) < 2:
        return None
    pauses = [after.time_ns - before.time_ns for before, after in pairwise(pushed)]
    long = max(LATE_NS, LATE_ROUND_TRIPS * round_trip_ns(case.connection))
    if sum(1 for pause in pauses if pause >= long) < FEWEST_STREAMED:
        return None
    lasted, silence, habit = pushed[-1].time_ns - pushed[0].time_ns, end_ns - pushed[-1].time_ns, max(pauses)
    if lasted < STREAMED_FROM_NS or silence < max(STREAM_SILENCE_NS, STREAM_SILENCE_SHARE * habit):
        return None
    answered = sum(1 for beat in beats if beat.number > pushed[-1].number)
    frames = (pushed[0].number, pushed[-1].number, *(() if first is None else (first.frame,)))
    who, other = case.peer_party, case.local_party
    return claim(
        STOPPED,
        frames,
        who=who,
        other=other,
        lasted=Duration(lasted),
        habit=Duration(habit),
        silence=Duration(silence),
        beats=answered,
    )


def _heartbeats(asked: Sequence[Frame]) -> Sequence[Frame]:
    """The last messages of a side where they are all of one size and equally far apart: a timer sends them, whatever
    the other side does.
    """
    start = len(asked)
    while start > 0 and asked[start - 1].length == asked[-1].length:
        start -= 1
    alike = asked[start:]
    apart = [after.time_ns - before.time_ns for before, after in pairwise(alike)]
    is_even = bool(apart) and max(apart) - min(apart) <= ASKING_SHARE * max(apart)
    return alike if len(alike) >= FEWEST_BEATS and is_even else ()


def _pushed(case: Case, said: Sequence[Frame], beats: set[int]) -> list[Frame]:
    """What the peer sent since it was last asked for anything, without the answers to heartbeats."""
    pushed: list[Frame] = []
    answers = False
    for frame in said:
        if frame.source == case.local:
            answers = frame.number in beats
            if not answers:
                pushed = []
            continue
        if not answers:
            pushed.append(frame)
        answers = False
    return pushed
