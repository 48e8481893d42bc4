"""What several tests of the lab check."""

from __future__ import annotations

import pytest

from tests.lab.lab import SIDES
from tests.lab.program import Call
from tests.lab.view import View
from tests.support.plugin import FindingOnFrame

NS_PER_MS = 1_000_000
# From the end of a system call to the moment when the far end's capture has the packet; the machine may be busy.
TRANSIT_NS = 20 * NS_PER_MS

from_both_ends = pytest.mark.parametrize("side", SIDES)
in_both_passes = pytest.mark.parametrize("two_pass", [True, False], ids=["two-pass", "one-pass"])


def sent_by(call: Call, found: FindingOnFrame, near: bool) -> bool:
    """Whether a frame was sent inside a system call (at the caller's own end), or arrived then or just after it."""
    return call.begin_ns <= found.time_ns <= call.end_ns + (0 if near else TRANSIT_NS)


def check_fin(view: View, closer: str, call_name: str) -> FindingOnFrame:
    """The first FIN is of the side that closed first, at the time of its system call, and the other kernel has it."""
    fin = view.one("fin")
    assert fin.data["by"] == fin.source == view.outcome.endpoint(closer, view.port)
    assert sent_by(view.outcome.calls(closer, call_name, view.port)[0], fin, near=view.side == closer)
    assert view.one("fin_ack").data["fin"] == fin.frame
    return fin


def check_every_probe_is_answered(view: View, sender: str) -> None:
    """As many probes as the sender's kernel counted, each linked with its answer."""
    probes = view.of("probe", sender)
    assert len(probes) == view.outcome.probes_sent[sender] > 0
    assert all("answer" in probe.data for probe in probes)


def check_missed_until_probe(view: View) -> None:
    """One gap, of as many intervals as probes were taken out, ended by the next probe; nothing else is wrong.

    The capture has frames of another connection meanwhile.
    """
    missed = view.one("missed")
    assert missed.data["by"] == missed.source == view.outcome.endpoint("client")
    assert (missed.data["intervals"], missed.data["ended_by"]) == (view.outcome.taken, "probe")
    probes = [probe.frame for probe in view.of("probe", "client")]
    assert missed.data["last_probe"] == probes[probes.index(missed.frame) - 1]
    assert view.bad() == [("missed", "Warn")]
    assert view.about_probing() == ["missed"]


def check_hole(view: View) -> None:
    """The same, where the capture has no frame of anybody meanwhile: a hole, and nothing is said to be wrong."""
    hole = view.one("capture_hole")
    probes = [probe.frame for probe in view.of("probe", "client")]
    assert (hole.frame, hole.data["connections"]) == (probes[probes.index(int(hole.data["last_frame"]) - 1) + 1], 1)
    spacing = int(view.of("probe", "client")[-1].data["cadence"])
    assert round(int(hole.data["length"]) / spacing) == view.outcome.taken + 1
    assert not view.bad()
    assert not view.about_probing()


def check_unanswered(view: View, count: int) -> None:
    """So many unanswered probes in a row, as nftables counted, the first a Note; nothing else is wrong."""
    assert view.outcome.taken == count
    assert view.probes_of_host("client") == view.outcome.probes_sent["client"]
    unanswered = view.of("unanswered")
    assert [found.data["in_a_row"] for found in unanswered] == list(range(1, count + 1))
    assert [found.level for found in unanswered] == ["Note"] + ["Warn"] * (count - 1)
    probes = [probe.frame for probe in view.of("probe", "client")]
    first = probes.index(int(unanswered[0].data["probe"]))
    assert [found.data["probe"] for found in unanswered] == probes[first : first + count]
    assert [found.frame for found in unanswered] == probes[first + 1 : first + count + 1]
    assert len(view.of("answer", "server")) == len(probes) - count
    assert view.about_probing() == ["unanswered"] * count
