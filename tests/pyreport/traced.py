"""Cases for the diagnosis, told in the grammar of tests/dissector/trace.py. One text then serves the plugin in tshark
(trace.check), the plugin's core alone (tests/property/test_clock_steps.py) and the diagnosis.
"""

from __future__ import annotations

from pyreport.base.endpoint import Endpoint
from pyreport.connections.index import build_index
from pyreport.diagnosis.case import Case
from pyreport.frames.capture_hints import Marks
from pyreport.frames.frame import CaptureSpan, Frame
from tests.dissector import trace
from tests.pyreport.cases import FAR, NEAR, case_in
from tests.pyreport.plugin_findings import found_by_plugin
from tests.scenarios.packets import Address, Segment


def case_of_trace(text: str, *, log: str = "", logged: float | None = None) -> Case:
    """The case of a trace, captured at the client. Asserts that the plugin finds exactly what the trace says behind its
    colons. ``log`` is the error text of a log line, ``logged`` its time in seconds. A frame of "other" lets the capture
    go on.
    """
    told = trace.Trace(text)
    segments = list(told.segments())
    frames = found_by_plugin(
        [_frame(told, number, time_ns, segment) for number, time_ns, segment in segments],
        {number: segment.payload for number, _, segment in segments},
        end_ns=told.frames[-1].time_ns,
    )
    found = [(f.frame, f.id, f.level.name.capitalize()) for frame in frames for f in frame.findings]
    assert found == told.in_two_passes, told.beside(told.in_two_passes, found)
    span = CaptureSpan()
    for number, frame in enumerate(told.frames, start=1):
        span.cover(number, frame.time_ns)
    return case_in(build_index(frames), span, log=log, logged=logged)


def _frame(told: trace.Trace, number: int, time_ns: int, segment: Segment) -> Frame:
    ttl = NEAR if segment.source == trace.CLIENT else FAR
    return Frame(
        number, time_ns, 0, _endpoint(segment.source), _endpoint(segment.destination), segment.seq, segment.ack,
        len(segment.payload), segment.flags, ttl, "retransmission" in told.marks.get(number, ()),
        marks=Marks(window=segment.window),
    )  # fmt: skip


def _endpoint(address: Address) -> Endpoint:
    return Endpoint(f"{address.ip}:{address.port}")
