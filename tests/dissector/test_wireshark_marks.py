"""The plugin is right where Wireshark's own marks are not: both are pinned side by side, frame by frame.

Each cases_*.py has the frames, what the plugin finds behind the colon, what Wireshark marks behind the bar, and why.
Cases with the same letter are one misfire in several forms.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from tests.dissector import cases_closing, cases_copies, cases_partial, cases_probing, cases_window
from tests.dissector.marked_case import Case
from tests.dissector.marks import marks_of
from tests.dissector.trace import Trace, check_trace
from tests.scenarios.carriers import LINKTYPE_LINUX_SLL2, linux_cooked_2
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.support.plugin import run_findings

ETHERNET = 14

CASES = {
    name: case
    for module in (cases_probing, cases_window, cases_partial, cases_copies, cases_closing)
    for name, case in module.CASES.items()
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_findings_beside_wiresharks_marks(case: Case, tmp_path: Path) -> None:
    trace = Trace(case.trace, client_isn=case.client_isn)
    capture = check_trace(trace, tmp_path / "case.pcap", *case.options)
    shown = marks_of(capture, *case.options)
    assert {number: shown[number] for number in trace.marks} == trace.marks, case.why


def test_copies_from_two_interfaces_of_any(tmp_path: Path) -> None:
    """`tcpdump -i any`: Linux cooked frames, the copy with another interface index in its link header."""
    trace = Trace(cases_copies.PROBED_TWICE)
    before = [b"", *(frame.octets for frame in trace.frames)]
    cooked = []
    for frame, previous in zip(trace.frames, before, strict=False):
        octets = linux_cooked_2(frame.octets[ETHERNET:])
        interface = struct.pack("!I", 3 if frame.octets == previous else 2)
        cooked.append(Frame(frame.time_ns, octets[:4] + interface + octets[8:]))
    capture = tmp_path / "any.pcap"
    write_pcap(capture, cooked, link_type=LINKTYPE_LINUX_SLL2)
    for two_pass, expected in ((False, trace.in_one_pass), (True, trace.in_two_passes)):
        assert [(f.frame, f.id, f.level) for f in run_findings(capture, two_pass)] == expected
