"""Findings about FIN, RST and half-closed connections on captures of real kernels, checked against the socket calls."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.lab.checks import (
    NS_PER_MS,
    check_fin,
    from_both_ends,
    in_both_passes,
    sent_by,
)
from tests.lab.lab import NS_PER_S, SIDES, Outcome
from tests.lab.scenarios import FIN_WAIT2_S, PAUSES
from tests.lab.view import View, frame_times

Run = Callable[[str], Outcome]


@from_both_ends
@in_both_passes
def test_idle_close(outcome: Run, side: str, two_pass: bool) -> None:
    """The server closes, its kernel forgets after 2 s, and the next probe draws the RST: the write makes no packet."""
    view = View(outcome("idle_close"), side, two_pass)
    fin = check_fin(view, "server", "close")
    probes = view.of("post_fin_probe", "client")
    assert [probe.data["fin"] for probe in probes] == [fin.frame] * len(probes)
    answered = {answer.data["probe"] for answer in view.of("answer", "server")}
    assert {probe.frame for probe in probes[:-1]} <= answered
    assert len(probes) >= 2

    reset = view.one("post_fin_reset")
    assert (reset.level, reset.data["cause_kind"]) == ("Error", "probe")
    assert (reset.data["cause"], reset.data["fin"]) == (probes[-1].frame, fin.frame)
    assert int(reset.data["after_fin"]) >= 2000 * NS_PER_MS
    assert view.bad() == [("post_fin_reset", "Error")]
    assert not view.about_probing()

    writes = view.outcome.calls("client", "send")[1:]
    assert [write.errno for write in writes] == ["EPIPE", "EPIPE"]
    assert view.outcome.calls("client", "recv")[-1].result == 0
    assert frame_times(view.outcome.captures[side])[-1] == reset.time_ns < writes[0].begin_ns


@from_both_ends
@in_both_passes
def test_answered_after_close(outcome: Run, side: str, two_pass: bool) -> None:
    """Every probe is answered as long as the kernel remembers the closed socket; nobody gives up, nothing is missed."""
    view = View(outcome("answered_after_close"), side, two_pass)
    fin = check_fin(view, "server", "close")
    probes = view.of("post_fin_probe", "client")
    answered = [answer.data["probe"] for answer in view.of("answer", "server")]
    assert [probe.frame for probe in probes[:-1]] == [frame for frame in answered if int(frame) > fin.frame]
    assert len(probes) >= FIN_WAIT2_S - 1
    # A timer of Linux is late by up to an eighth of its time (kernel/time/timer.c, "level granularity").
    assert int(probes[-1].data["after_fin"]) >= FIN_WAIT2_S * NS_PER_S
    assert int(probes[-2].data["after_fin"]) <= FIN_WAIT2_S * NS_PER_S * 9 // 8

    reset = view.one("post_fin_reset")
    assert (reset.data["cause_kind"], reset.data["cause"]) == ("probe", probes[-1].frame)
    assert view.bad() == [("post_fin_reset", "Error")]
    assert not view.about_probing()
    assert view.outcome.calls("client", "send")[-1].errno == "EPIPE"


@from_both_ends
@in_both_passes
def test_write_after_fin(outcome: Run, side: str, two_pass: bool) -> None:
    """The client writes into a closed connection: the write succeeds and draws the RST, the next one fails."""
    view = View(outcome("write_after_fin"), side, two_pass)
    fin = check_fin(view, "server", "close")
    first, second = view.outcome.calls("client", "send")[1:]
    assert (first.result, second.errno) == (50, "EPIPE")
    assert view.outcome.calls("client", "recv")[-1].result == 0

    write, reset = view.one("post_fin_write"), view.one("post_fin_reset")
    assert sent_by(first, write, near=side == "client")
    assert (write.source, write.level) == (view.outcome.endpoint("client"), "Warn")
    assert (write.data["bytes"], write.data["fin"]) == (50, fin.frame)
    assert write.data.get("reset_in") == (reset.frame if two_pass else None)
    assert (reset.level, reset.data["cause_kind"], reset.data["cause"]) == ("Error", "write", write.frame)
    assert view.bad() == [("post_fin_write", "Warn"), ("post_fin_reset", "Error")]
    assert not view.about_probing()


@pytest.mark.parametrize(
    ("name", "closer", "writer"),
    [
        ("half_close_client", "client", "server"),
        ("half_close_server", "server", "client"),
    ],
)
@from_both_ends
@in_both_passes
def test_half_close(outcome: Run, name: str, closer: str, writer: str, side: str, two_pass: bool) -> None:
    """One side shuts down its direction, the other writes on for seconds, and all of it is acknowledged: legal."""
    view = View(outcome(name), side, two_pass)
    fin = check_fin(view, closer, "shutdown")
    calls = view.outcome.calls(writer, "send")[-len(PAUSES) :]
    writes = view.of("post_fin_write")
    assert len(writes) == len(PAUSES)
    for call, write in zip(calls, writes, strict=True):
        assert call.result == 200
        assert sent_by(call, write, near=side == writer)
        assert (write.source, write.data["bytes"]) == (view.outcome.endpoint(writer), 200)
        assert write.data["fin"] == fin.frame
        assert ("acked_in" in write.data) == two_pass
    # The first write looks wrong until it is acknowledged; with one pass nobody knows that yet.
    assert [write.level for write in writes] == ["Note" if two_pass else "Warn", "Note", "Note", "Note"]
    assert len(view.bad()) == (0 if two_pass else 1)
    assert not view.about_probing()
    assert (
        sum(call.result or 0 for call in view.outcome.calls(closer, "recv"))
        == (300 if closer == "client" else 100) + 800
    )

    for sender in SIDES:
        assert len(view.of("probe", sender)) == view.outcome.probes_sent[sender] > 0
    assert {probe.source for probe in view.of("post_fin_probe")} == {view.outcome.endpoint(writer)}
    assert not view.of("post_fin_reset") + view.of("reset")


@from_both_ends
@in_both_passes
def test_reset_while_idle(outcome: Run, side: str, two_pass: bool) -> None:
    """close() with SO_LINGER 0 resets an idle connection: the client's write gets ECONNRESET, then EPIPE."""
    view = View(outcome("reset_while_idle"), side, two_pass)
    first, second = view.outcome.calls("client", "send")[1:]
    assert (first.errno, second.errno) == ("ECONNRESET", "EPIPE")

    reset = view.one("reset")
    assert reset.data["by"] == reset.source == view.outcome.endpoint("server")
    assert reset.data["followed"] == "nothing"
    assert sent_by(view.outcome.calls("server", "close")[0], reset, near=side == "server")
    assert frame_times(view.outcome.captures[side])[-1] == reset.time_ns < first.begin_ns
    assert reset.level == "Note"  # nothing was outstanding
    assert view.bad() == []
    assert not view.about_probing()
    assert not view.of("fin")


@in_both_passes
def test_middlebox_reset(outcome: Run, two_pass: bool) -> None:
    """The router answers a probe with a RST in the server's name."""
    view = View(outcome("middlebox_reset"), "client", two_pass)
    reset = view.one("reset")
    assert reset.data["by"] == view.outcome.endpoint("server")
    assert (reset.data["followed"], reset.data["cause"]) == ("probe", view.of("probe", "client")[-1].frame)
    assert view.bad() == [("reset", "Warn")]
    assert view.outcome.calls("client", "send")[-1].errno == "ECONNRESET"
    assert view.outcome.resets_sent["server"] == 0


@in_both_passes
def test_middlebox_reset_seen_by_the_peer(outcome: Run, two_pass: bool) -> None:
    """The server's end is told nothing: it sees one probe less, and no RST."""
    view = View(outcome("middlebox_reset"), "server", two_pass)
    assert len(view.of("probe", "client")) == view.outcome.probes_sent["client"] - 1
    assert not view.bad()
    assert not view.about_probing()
