"""Findings about probes on captures of real kernels, checked against what the programs and the kernels counted.

Each test looks from both ends where both see enough. What an end cannot know is checked, too: a probe that was lost on
the way looks to the receiver's capture like one that was never sent.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.lab.checks import (
    NS_PER_MS,
    TRANSIT_NS,
    check_every_probe_is_answered,
    check_fin,
    check_hole,
    check_missed_until_probe,
    check_unanswered,
    from_both_ends,
    in_both_passes,
)
from tests.lab.lab import Outcome
from tests.lab.scenarios import NEIGHBOUR_PORT, PROBES_UNTIL_GIVING_UP
from tests.lab.view import View, frame_times

Run = Callable[[str], Outcome]


@from_both_ends
@in_both_passes
def test_clean(outcome: Run, side: str, two_pass: bool) -> None:
    """Two exchanges, answered probes, closed by both: nothing worse than a Note."""
    view = View(outcome("clean"), side, two_pass)
    assert not view.bad()
    assert not view.about_probing()
    check_fin(view, "client", "close")
    assert len(view.of("probe")) == len(view.of("answer")) == view.outcome.probes_sent["client"]


@from_both_ends
def test_clean_links_probes_and_answers(outcome: Run, side: str) -> None:
    """What only the answer shows is written back to the probe."""
    view = View(outcome("clean"), side)
    check_every_probe_is_answered(view, "client")
    answers = {answer.frame: answer.data["probe"] for answer in view.of("answer", "server")}
    assert answers == {probe.data["answer"]: probe.frame for probe in view.of("probe", "client")}


@from_both_ends
@in_both_passes
def test_never_sent(outcome: Run, side: str, two_pass: bool) -> None:
    """Probes dropped inside the client never reach a wire: both ends see that many intervals without a probe."""
    view = View(outcome("never_sent_on_one"), side, two_pass)
    assert view.outcome.taken == 3
    assert view.probes_of_host("client") == view.outcome.probes_sent["client"] - view.outcome.taken
    check_missed_until_probe(view)
    check_fin(view, "client", "close")


@from_both_ends
@in_both_passes
def test_never_sent_and_nothing_else_either(outcome: Run, side: str, two_pass: bool) -> None:
    """The same on the only connection. The kernel numbered the packets that it dropped (IP identification), so nothing
    tells the capture from one that was interrupted.
    """
    view = View(outcome("never_sent"), side, two_pass)
    assert view.outcome.taken == 3
    assert len(view.of("probe", "client")) == view.outcome.probes_sent["client"] - view.outcome.taken
    check_hole(view)
    check_fin(view, "client", "close")


@in_both_passes
def test_probes_lost_seen_by_the_sender(outcome: Run, two_pass: bool) -> None:
    """Probes lost behind the client: there they are unanswered, not missing, and the later ones are answered."""
    view = View(outcome("probes_lost"), "client", two_pass)
    check_unanswered(view, 3)
    check_fin(view, "client", "close")


@in_both_passes
def test_probes_lost_seen_by_the_receiver(outcome: Run, two_pass: bool) -> None:
    """At the server's end lost probes are missing probes: this capture cannot tell the path from the sender."""
    view = View(outcome("probes_lost"), "server", two_pass)
    assert view.outcome.taken == 3
    check_missed_until_probe(view)
    check_fin(view, "client", "close")


@in_both_passes
def test_answers_lost_seen_by_the_sender(outcome: Run, two_pass: bool) -> None:
    """The client's capture cannot tell a lost answer from a lost probe."""
    view = View(outcome("answers_lost"), "client", two_pass)
    check_unanswered(view, 3)
    check_fin(view, "client", "close")


@in_both_passes
def test_answers_lost_seen_by_the_receiver(outcome: Run, two_pass: bool) -> None:
    """The server's end sees every probe and its own answer, and nothing wrong."""
    view = View(outcome("answers_lost"), "server", two_pass)
    assert view.outcome.taken == 3
    assert len(view.of("probe", "client")) == len(view.of("answer", "server")) == view.outcome.probes_sent["client"]
    assert not view.bad()
    assert not view.about_probing()


@in_both_passes
def test_idle_longer_than_interval(outcome: Run, two_pass: bool) -> None:
    """Idle 3 s, interval 1 s: after an unanswered probe the next one comes early, which is not late or missed."""
    view = View(outcome("idle_longer"), "client", two_pass)
    check_unanswered(view, 2)
    last_probe = view.of("probe", "client")[-1]
    assert 1000 <= int(last_probe.data["interval"]) // NS_PER_MS <= 1500
    assert 3000 <= int(last_probe.data["cadence"]) // NS_PER_MS <= 3500


@in_both_passes
def test_idle_longer_than_interval_seen_by_the_receiver(outcome: Run, two_pass: bool) -> None:
    """Two lost probes 1 s apart: at the server's end one probe 5 s after the one before, and the next 3 s after that.

    Only then is the cadence known to be 3 s, so that the probe was 2 s late; with one pass it is too late to say so.
    """
    view = View(outcome("idle_longer"), "server", two_pass)
    assert not view.bad()
    assert view.about_probing() == (["late"] if two_pass else [])
    for late in view.of("late"):
        assert 1500 <= int(late.data["overdue"]) // NS_PER_MS <= 2500


@in_both_passes
def test_peer_vanishes(outcome: Run, two_pass: bool) -> None:
    """All probes unanswered: after TCP_KEEPCNT of them the client's kernel sends a RST, and recv() says ETIMEDOUT."""
    view = View(outcome("peer_vanishes"), "client", two_pass)
    receive, write = view.outcome.calls("client", "recv")[-1], view.outcome.calls("client", "send")[-1]
    assert (receive.errno, write.errno) == ("ETIMEDOUT", "EPIPE")

    gave_up = view.one("gave_up")
    assert (gave_up.level, gave_up.source) == ("Error", view.outcome.endpoint("client"))
    assert gave_up.time_ns <= receive.end_ns <= gave_up.time_ns + TRANSIT_NS
    unanswered = view.of("unanswered")
    assert [found.data["in_a_row"] for found in unanswered] == list(range(1, PROBES_UNTIL_GIVING_UP + 1))
    assert gave_up.data["unanswered"] == PROBES_UNTIL_GIVING_UP == view.outcome.taken - 1  # all but the RST itself
    assert gave_up.data["first_probe"] == unanswered[0].data["probe"]
    assert gave_up.data["last_probe"] == unanswered[-1].data["probe"]
    assert (unanswered[-1].frame, view.outcome.resets_sent) == (gave_up.frame, {"client": 1, "server": 0})
    assert view.about_probing().count("gave_up") + len(unanswered) == len(view.about_probing())
    assert not view.of("fin") + view.of("reset")


def test_peer_vanishes_seen_by_the_peer(outcome: Run) -> None:
    """At the server's end the probes just stop; its last frame says so, since the capture goes on without any."""
    view = View(outcome("peer_vanishes"), "server")
    missed = view.one("missed")
    assert missed.data["by"] == view.outcome.endpoint("client")
    assert missed.data["ended_by"] == "end of the capture"
    assert missed.frame == max(answer.frame for answer in view.of("answer"))
    # The client gave up after so many; the server's end does not hear of it and keeps counting.
    assert int(missed.data["intervals"]) >= PROBES_UNTIL_GIVING_UP
    covered_ns = frame_times(view.outcome.captures["server"])[-1] - int(missed.data["due"])
    assert missed.data["overdue"] == covered_ns
    assert view.bad() == [("missed", "Warn")]


def test_peer_vanishes_seen_by_the_peer_in_one_pass(outcome: Run) -> None:
    """Only the capture's end proves the gap, so one pass cannot say it."""
    view = View(outcome("peer_vanishes"), "server", two_pass=False)
    assert not view.bad()
    assert not view.about_probing()


@from_both_ends
@in_both_passes
def test_peer_vanishes_neighbour(outcome: Run, side: str, two_pass: bool) -> None:
    """Another connection of the same hosts stays healthy all the while."""
    view = View(outcome("peer_vanishes"), side, two_pass, NEIGHBOUR_PORT)
    assert not view.bad()
    assert not view.about_probing()
    check_fin(view, "client", "close")
    assert len(view.of("probe", "client")) == len(view.of("answer", "server")) >= 8


@from_both_ends
def test_both_probe(outcome: Run, side: str) -> None:
    """Both ends probe, at different cadences; Linux does not take the peer's probe for a sign of life."""
    view = View(outcome("both_probe"), side)
    for sender, idle_ms in (("client", 2000), ("server", 1000)):
        check_every_probe_is_answered(view, sender)
        cadence = view.of("probe", sender)[-1].data["cadence"]
        assert idle_ms <= int(cadence) // NS_PER_MS <= idle_ms + 300
    assert not view.bad()
    assert not view.about_probing()
    check_fin(view, "client", "close")
