"""``pyreport compare`` on both captures of real kernels, against what the network was told to do."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pyreport.base.claim import Claim, Duration, Party, Value
from pyreport.base.endpoint import Endpoint
from pyreport.choice.choose import Wanted
from pyreport.compare.comparison import Comparison, compare
from pyreport.compare.conclusion import Conclusion, ConclusionKind, Where
from pyreport.compare.packet import Fate
from pyreport.diagnosis.result import Confidence
from tests.lab.judged import reading_of
from tests.lab.lab import Outcome
from tests.lab.scenarios import PORT

Run = Callable[[str], Outcome]
NS_PER_S = 1_000_000_000


@pytest.fixture
def compared(outcome: Run) -> Callable[..., Comparison]:
    """The comparison of both captures of a scenario, by name; ``paths`` in place of its own."""

    def run(name: str, *paths: Path) -> Comparison:
        happened = outcome(name)
        captures = paths or (happened.captures["client"], happened.captures["server"])
        first, second = map(reading_of, captures)
        ends = (Endpoint(happened.endpoint("client", PORT)), Endpoint(happened.endpoint("server", PORT)))
        return compare((first, second), Wanted(ends=ends), None)

    return run


def verdict(comparison: Comparison) -> Conclusion:
    return comparison.conclusions[0]


def lost(comparison: Comparison, sender: int) -> int:
    return sum(1 for p in comparison.packets if p.sender == sender and p.fate is Fate.LOST)


def ids(claim: Claim, *names: str) -> tuple[Value, ...]:
    """The id of a claim, and some of its values."""
    return claim.id, *(claim.values.get(name, "") for name in names)


def told_in(comparison: Comparison) -> list[tuple[object, ...]]:
    """All that is concluded, but for durations, which the clocks bound within a nanosecond or two."""
    return [(c.kind, c.where, c.confidence, c.frames, [claim.id for claim in c.claims]) for c in comparison.conclusions]


def told(comparison: Comparison, kind: ConclusionKind) -> list[Conclusion]:
    return [conclusion for conclusion in comparison.conclusions if conclusion.kind is kind]


@pytest.mark.parametrize(
    ("name", "sender", "where"),
    [
        ("probes_lost", 0, Where.TO_SERVER),
        ("idle_longer", 0, Where.TO_SERVER),
        ("answers_lost", 1, Where.TO_CLIENT),
        ("dead_path", 0, Where.TO_SERVER),
        ("server_gives_up", 0, Where.TO_SERVER),
    ],
)
def test_what_the_router_dropped(
    outcome: Run, compared: Callable[..., Comparison], name: str, sender: int, where: Where
) -> None:
    """As many packets as nftables counted, in that direction, and nothing else."""
    comparison = compared(name)
    assert (verdict(comparison).kind, verdict(comparison).where) == (ConclusionKind.LOST, where)
    assert lost(comparison, sender) == outcome(name).taken
    assert lost(comparison, 1 - sender) == 0
    assert not told(comparison, ConclusionKind.MADE_BETWEEN)


def test_all_that_a_client_sends_is_dropped_from_a_time_on(outcome: Run, compared: Callable[..., Comparison]) -> None:
    """The other connection of both hosts lives on, so the server's capture covers the time and its host was alive."""
    comparison = compared("peer_vanishes")
    assert lost(comparison, 0) == outcome("peer_vanishes").taken
    first = verdict(comparison)
    assert (first.kind, first.where, first.confidence) == (ConclusionKind.LOST, Where.TO_SERVER, Confidence.CONFIRMED)
    assert ("close-lost", "rst", Party.CLIENT) in [ids(c.claims[0], "close", "who") for c in comparison.conclusions]


def test_what_never_left_the_host_is_not_called_lost(compared: Callable[..., Comparison]) -> None:
    """The client's own packet filter took the probes out before the interface, and the other connection went on."""
    comparison = compared("never_sent_on_one")
    first = verdict(comparison)
    assert (first.kind, first.where, first.confidence) == (ConclusionKind.NOT_SENT, Where.CLIENT, Confidence.CONFIRMED)
    assert not told(comparison, ConclusionKind.LOST)


def test_two_captures_that_rest_together_prove_no_loss(compared: Callable[..., Comparison]) -> None:
    """The same on the only connection: neither capture has a frame meanwhile."""
    comparison = compared("never_sent")
    assert {p.fate for p in comparison.packets} == {Fate.ARRIVED}


@pytest.mark.parametrize(
    ("name", "close"), [("idle_close", "fin"), ("write_after_fin", "fin"), ("reset_while_idle", "rst")]
)
def test_what_the_server_closed_itself(compared: Callable[..., Comparison], name: str, close: str) -> None:
    comparison = compared(name)
    first = verdict(comparison)
    assert (first.kind, first.where, first.confidence) == (ConclusionKind.ARRIVED, Where.SERVER, Confidence.CONFIRMED)
    assert ids(first.claims[0], "close", "who") == ("close-sent-and-arrived", close, Party.SERVER)
    assert {p.fate for p in comparison.packets} == {Fate.ARRIVED}


def test_the_router_answers_in_the_servers_name(compared: Callable[..., Comparison]) -> None:
    """No frame shows that the server's capture still ran then, so the hop limit alone gives the RST away: likely."""
    comparison = compared("middlebox_reset")
    first = verdict(comparison)
    assert (first.kind, first.where, first.confidence) == (
        ConclusionKind.MADE_BETWEEN,
        Where.BETWEEN,
        Confidence.LIKELY,
    )
    assert ids(first.claims[0], "close", "who", "proven") == ("close-not-sent", "rst", Party.SERVER, False)
    assert not told(comparison, ConclusionKind.LOST)


def test_the_server_goes_on_after_its_alleged_reset(compared: Callable[..., Comparison]) -> None:
    """The same, and the server's own probes after it prove that it never sent it."""
    first = verdict(compared("reset_then_talks"))
    assert (first.kind, first.where, first.confidence) == (
        ConclusionKind.MADE_BETWEEN,
        Where.BETWEEN,
        Confidence.CONFIRMED,
    )
    later = next(c for c in first.claims if c.id == "sender-went-on").values["later"]
    assert isinstance(later, Duration)
    assert round(later / NS_PER_S) == 2


def test_the_router_resets_both(compared: Callable[..., Comparison]) -> None:
    comparison = compared("middlebox_both")
    assert verdict(comparison).kind is ConclusionKind.MADE_BETWEEN
    assert {p.sender for p in comparison.packets if p.fate is Fate.NOT_SENT} == {0, 1}


def test_another_route_is_no_forgery(compared: Callable[..., Comparison]) -> None:
    """The server's own RST comes with another hop limit than its packets before: the route changed."""
    comparison = compared("rerouted_reset")
    first = verdict(comparison)
    assert (first.kind, first.where) == (ConclusionKind.ARRIVED, Where.SERVER)
    assert "hop_limit_varies" in {change.id for change in comparison.changes}


@pytest.mark.parametrize("name", ["clean", "both_probe", "half_close_client", "half_close_server"])
def test_healthy_connections(compared: Callable[..., Comparison], name: str) -> None:
    comparison = compared(name)
    assert {p.fate for p in comparison.packets} == {Fate.ARRIVED}
    assert {c.kind for c in comparison.conclusions} == {ConclusionKind.ARRIVED, ConclusionKind.SAME}


@pytest.mark.parametrize("name", ["clean", "probes_lost", "idle_close"])
def test_the_clocks_are_one_clock(compared: Callable[..., Comparison], name: str) -> None:
    """Both captures are stamped by the same kernel: the difference is nothing, and the path takes microseconds."""
    comparison = compared(name)
    clocks = comparison.alignment.clocks
    assert clocks is not None
    for packet in comparison.alignment.captured[0]:
        low, high = clocks.bounds_at(packet.time_ns).closed
        assert low <= 0 <= high
        assert high - low < 1_000_000


@pytest.mark.parametrize("seconds", [0.25, -7200])
def test_a_clock_that_is_off(outcome: Run, compared: Callable[..., Comparison], tmp_path: Path, seconds: float) -> None:
    """The server's capture shifted in time, and given first: the same is told, and the shift is measured."""
    captures = outcome("probes_lost").captures
    shifted = tmp_path / "server.pcap"
    subprocess.run(["editcap", "-F", "nsecpcap", "-t", str(seconds), captures["server"], shifted], check=True)
    straight, turned = compared("probes_lost"), compared("probes_lost", shifted, captures["client"])
    assert turned.alignment.was_swapped
    assert told_in(turned) == told_in(straight)
    assert turned.alignment.clocks is not None
    low, high = turned.alignment.clocks.bounds_at(turned.alignment.captured[0][0].time_ns).closed
    assert low <= round(seconds * NS_PER_S) <= high


def test_every_delay_is_possible(compared: Callable[..., Comparison]) -> None:
    comparison = compared("clean")
    for pair in comparison.alignment.pairs():
        way = comparison.alignment.way(pair.near.sender)
        assert way is not None
        low, high = way.delay(pair.near.time_ns, pair.far.time_ns).closed
        assert low <= pair.far.time_ns - pair.near.time_ns <= high
