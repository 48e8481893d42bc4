"""Every connection of the suite's traces, and of conversations between simulated kernels, asked about by either end.

`tests.pyreport.consistent` looks at each diagnosis: what the report says agrees with the frames, with itself and with
what the plugin marks. Captures of the lab and of virtual machines are looked at where they are made.
"""

from __future__ import annotations

import pytest

from pyreport.base.endpoint import Endpoint
from pyreport.connections.index import build_index
from pyreport.frames.capture_hints import Marks
from pyreport.frames.frame import CaptureSpan, Frame
from tests.dissector import cases_closing, cases_copies, cases_partial, cases_probing, cases_window
from tests.dissector.public_twins import TWINS
from tests.dissector.story import STORY
from tests.dissector.trace import CLIENT, SET_FORWARD, Trace
from tests.property.conversation import Plan, play
from tests.property.examples import for_all
from tests.property.plans import ANYTHING, plans
from tests.property.segments import End
from tests.pyreport import consistent
from tests.pyreport.cases import FAR, NEAR, START_NS, case_in, verdict_of
from tests.pyreport.plugin_findings import found_by_plugin

TRACES = {
    "the story": STORY,
    "a clock that was set forward": SET_FORWARD,
    **{
        f"{module.__name__.rpartition('_')[2]}, {name}": case.trace
        for module in (cases_closing, cases_copies, cases_partial, cases_probing, cases_window)
        for name, case in module.CASES.items()
    },
    **{f"{name}: {what}": text for name, traces in TWINS.items() for what, text in traces.items()},
}
ENDS = {End.CLIENT: Endpoint("10.0.0.1:40000"), End.SERVER: Endpoint("10.0.9.9:9092")}


def look_at(frames: list[Frame], end_ns: int, first: int = 0) -> None:
    """Diagnose the connection of these frames, from frame ``first`` on, for both of its ends."""
    seen = found_by_plugin(frames[first:], end_ns=end_ns)
    index, span = build_index(seen), CaptureSpan()
    for frame in seen:
        span.cover(frame.number, frame.time_ns)
        span.note(frame.findings)
    span.last_time_ns = max(span.last_time_ns, end_ns)
    for stream, connection in index.connections.items():
        for end in (connection.a, connection.b):
            verdict_of(case_in(index, span, stream, local=end))


@pytest.mark.parametrize("text", TRACES.values(), ids=TRACES.keys())
def test_a_trace(text: str) -> None:
    trace = Trace(text)
    frames = []
    for number, time_ns, segment in trace.segments():
        source, destination = (Endpoint(f"{end.ip}:{end.port}") for end in (segment.source, segment.destination))
        ttl = NEAR if segment.source == CLIENT else FAR
        marks = Marks(ip_id=segment.ip_id, window=segment.window)
        frames.append(Frame(
            number, time_ns, 0, source, destination, segment.seq, segment.ack, len(segment.payload), segment.flags, ttl,
            marks=marks,
        ))  # fmt: skip
    look_at(frames, trace.frames[-1].time_ns)
    if len(frames) > 6:
        look_at(frames, trace.frames[-1].time_ns, first=3)


@for_all(plans(ANYTHING), examples=150)
def test_a_conversation(plan: Plan) -> None:
    conversation = play(plan)
    frames = [
        Frame(
            number, START_NS + time_ns, 0, ENDS[s.sender], ENDS[s.sender.peer], s.seq, s.ack, s.length, s.flags,
            NEAR if s.sender is End.CLIENT else FAR, marks=Marks(window=s.window),
        )
        for number, (time_ns, s) in enumerate(conversation.capture, start=1)
    ]  # fmt: skip
    if frames:
        consistent.FOUND.clear()
        look_at(frames, START_NS + conversation.end_ns)
        assert not consistent.FOUND, f"{consistent.FOUND}\n{conversation}"
