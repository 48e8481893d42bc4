"""Every connection of the suite's traces, and of conversations between simulated kernels, asked about by either end.

`tests.pyreport.consistent` looks at each diagnosis: what the report says agrees with the frames, with itself and with
what the plugin marks. Captures of the lab and of virtual machines are looked at where they are made.
"""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from pyreport.base.endpoint import Endpoint
from pyreport.connections.index import build_index
from pyreport.diagnosis.result import Kind
from pyreport.frames.capture_hints import Marks
from pyreport.frames.frame import FLAG_ACK, CaptureSpan, Frame
from tests.dissector import cases_closing, cases_copies, cases_partial, cases_probing, cases_window
from tests.dissector.public_twins import TWINS
from tests.dissector.story import STORY
from tests.dissector.trace import CLIENT, SET_FORWARD, Trace
from tests.property.conversation import Conversation, Plan, play
from tests.property.examples import for_all
from tests.property.plans import ANYTHING, plans
from tests.property.segments import End
from tests.pyreport import consistent
from tests.pyreport.cases import FAR, NEAR, START_NS, case_in, verdict_of
from tests.pyreport.plugin_findings import found_by_plugin
from tests.scenarios.simulation import SECOND

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
WAITED = 2 * SECOND  # what is younger when the capture ends may be on its way (RFC 6298 section 2.1: 1 s)
ENDS = {End.CLIENT: Endpoint("10.0.0.1:40000"), End.SERVER: Endpoint("10.0.9.9:9092")}


def look_at(frames: list[Frame], end_ns: int, first: int = 0) -> set[Kind]:
    """Diagnose the connection of these frames, from frame ``first`` on, for both of its ends; what it is taken for."""
    seen = found_by_plugin(frames[first:], end_ns=end_ns)
    index, span = build_index(seen), CaptureSpan()
    for frame in seen:
        span.cover(frame.number, frame.time_ns)
        span.note(frame.findings)
    span.last_time_ns = max(span.last_time_ns, end_ns)
    return {
        verdict_of(case_in(index, span, stream, local=end)).kind
        for stream, connection in index.connections.items()
        for end in (connection.a, connection.b)
    }


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


def frames_of(conversation: Conversation) -> list[Frame]:
    """The capture of a conversation."""
    return [
        Frame(
            number, START_NS + time_ns, 0, ENDS[s.sender], ENDS[s.sender.peer], s.seq, s.ack, s.length, s.flags,
            NEAR if s.sender is End.CLIENT else FAR, marks=Marks(window=s.window),
        )
        for number, (time_ns, s) in enumerate(conversation.capture, start=1)
    ]  # fmt: skip


@for_all(plans(ANYTHING), examples=150)
def test_a_conversation(plan: Plan) -> None:
    conversation = play(plan)
    frames, end_ns = frames_of(conversation), START_NS + conversation.end_ns
    consistent.FOUND.clear()
    kinds = look_at(frames, end_ns) if frames else set()
    assert not consistent.FOUND, f"{consistent.FOUND}\n{conversation}"
    assert Kind.HEALTHY not in kinds or not any(lost_octets(frames, end, end_ns) for end in ENDS.values())


@for_all(plans(ANYTHING), st.sampled_from(End), st.integers(0, 20), examples=100)
def test_one_direction_of_a_conversation_is_never_healthy(plan: Plan, shown: End, first: int) -> None:
    """Nobody knows what the other side had, whatever the one that is seen acknowledges."""
    conversation = play(plan)
    frames = [frame for frame in frames_of(conversation) if frame.source == ENDS[shown]][first:]
    if frames:
        assert Kind.HEALTHY not in look_at(frames, START_NS + conversation.end_ns), f"{conversation}"


@for_all(plans(ANYTHING), st.integers(1, 40), st.integers(0, 40), examples=100)
def test_a_part_of_a_conversation_is_healthy_only_where_all_of_it_arrived(plan: Plan, first: int, last: int) -> None:
    """The capture begins in the middle, and ends before the connection does."""
    conversation = play(plan)
    frames = frames_of(conversation)[first:]
    frames = frames[: len(frames) - last]
    if frames:
        end_ns = frames[-1].time_ns
        consistent.FOUND.clear()
        kinds = look_at(frames, end_ns)
        assert not consistent.FOUND, f"{consistent.FOUND}\n{conversation}"
        assert Kind.HEALTHY not in kinds or not any(lost_octets(frames, end, end_ns) for end in ENDS.values())


def lost_octets(frames: list[Frame], sender: Endpoint, end_ns: int) -> bool:
    """Whether payload of an end was there two seconds before the capture's end, and nothing ever acknowledged it."""
    sent = [
        frame.end for frame in frames if frame.source == sender and frame.length > 1 and frame.time_ns < end_ns - WAITED
    ]
    taken = [frame.ack for frame in frames if frame.source != sender and frame.has(FLAG_ACK)]
    return bool(sent) and max(sent) > max(taken, default=0)
