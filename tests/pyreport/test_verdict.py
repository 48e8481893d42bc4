"""The verdict: each kind that can be reached, with its near twin; and what log and capture contradict each other in."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_S
from pyreport.choice.choose import rows_of
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.contradictions import contradictions
from pyreport.diagnosis.evidence.periodic import periodic_closes, periodic_of
from pyreport.diagnosis.result import Attribution, Confidence, Kind
from pyreport.frames.frame import Level
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    case_of,
    finding,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    resumed_neighbour,
    steady_neighbour,
    texts,
    verdict_of,
)

PIPE = "broken pipe"


def short() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)


# Kinds ---------------------------------------------------------------------------------------------------------------


def test_peer_closed_idle() -> None:
    verdict = verdict_of(case_of(overlooked_close(), log=PIPE, logged=113.0))
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert verdict.confidence is Confidence.LIKELY
    assert verdict.attribution == (Attribution.PEER_SERVICE, Attribution.LOCAL_APPLICATION)
    assert verdict.sentence == (
        f"The server closed first (FIN, frame {number(61.0)}), 60.0 s after the last data; all eleven keep-alive "
        "probes were answered; no interval was missed. The client's kernel acknowledged the FIN, but its application "
        f"still used the socket 52.0 s later. By then the socket was dead: the probe of frame {number(66.0)} had "
        f"drawn an RST (frame {number(66.2)}), so a later write fails without a packet."
    )
    assert "due 100.0 ms after it, so none was missing" in texts(verdict.deciding)


def test_peer_closed_idle_after_missed_intervals_shares_the_blame_and_denies_the_cause() -> None:
    verdict = verdict_of(case_of(gap_before_close(), steady_neighbour(1, 40.0), log=PIPE, logged=40.0))
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert Attribution.LOCAL_HOST in verdict.attribution
    assert "three intervals went by without a probe" in verdict.sentence
    assert verdict.objection is not None
    assert "a missing probe does not make a peer send a FIN" in verdict.objection.answer.text


def test_peer_closed_after_an_exchange() -> None:
    story = short().fin(1.5, SERVER, 1.0).write_after_fin(1.502, CLIENT, 1.5)
    verdict = verdict_of(case_of(story.reset_after_fin(1.6, SERVER, 1.502, "write", 1.5)))
    assert (verdict.kind, verdict.attribution) == (Kind.PEER_CLOSED, (Attribution.PEER_SERVICE,))
    assert "The client wrote 2.0 ms after the FIN" in verdict.sentence


def test_peer_reset() -> None:
    verdict = verdict_of(case_of(short().probes(6.0, 3).reset(20.0, SERVER)))
    assert (verdict.kind, verdict.confidence) == (Kind.PEER_RESET, Confidence.LIKELY)
    assert "in answer to nothing, with no FIN before it" in verdict.sentence
    assert "all three keep-alive probes were answered" in verdict.sentence


def test_a_reset_that_answers_a_probe_is_not_counted_as_unanswered() -> None:
    story = short().probes(6.0, 2).probe(16.0, answered=False).reset(16.2, SERVER, "probe", 16.0)
    verdict = verdict_of(case_of(story))
    assert f"in answer to a keep-alive probe (frame {number(16.0)})" in verdict.sentence
    assert "both keep-alive probes were answered" in verdict.sentence


@pytest.mark.parametrize("kind", ["fin", "reset"])
def test_middlebox_closed(kind: str) -> None:
    story = short().fin(61.0, SERVER, 1.0, ttl=63) if kind == "fin" else short().reset(61.0, SERVER, ttl=63)
    verdict = verdict_of(case_of(story, log="connection reset by peer", logged=70.0))
    assert (verdict.kind, verdict.confidence) == (Kind.MIDDLEBOX_CLOSED, Confidence.POSSIBLE)
    assert verdict.attribution[0] is Attribution.NETWORK_PATH
    assert "hop limit 63" in verdict.sentence


def test_path_lost() -> None:
    story = short().probe(6.0).probe(11.0, answered=False).probe(16.0, answered=False).probe(21.0, answered=False)
    story.unanswered(11.0, 16.0, 1).unanswered(16.0, 21.0, 2)
    verdict = verdict_of(case_of(story))
    assert (verdict.kind, verdict.confidence) == (Kind.PATH_LOST, Confidence.POSSIBLE)
    assert "The server stopped answering: the last 2 keep-alive probes of the client" in verdict.sentence


def test_probes_that_were_answered_again_do_not_lose_the_path() -> None:
    story = short().probe(6.0).probe(11.0, answered=False).probe(16.0).unanswered(11.0, 16.0, 1)
    assert verdict_of(case_of(story)).kind is Kind.HEALTHY


@pytest.mark.parametrize(("prober", "far_end"), [(CLIENT, Attribution.PEER_SERVICE), (SERVER, Attribution.LOCAL_HOST)])
def test_keepalive_gave_up(prober: str, far_end: Attribution) -> None:
    story = short().probe(6.0, prober, answered=False).probe(11.0, prober, answered=False)
    verdict = verdict_of(case_of(story.unanswered(6.0, 11.0, 1).gave_up(16.0, prober, 6.0, 11.0, 2)))
    assert (verdict.kind, verdict.confidence) == (Kind.KEEPALIVE_GAVE_UP, Confidence.CONFIRMED)
    assert verdict.attribution == (Attribution.NETWORK_PATH, far_end)


def test_host_frozen() -> None:
    story = short().probes(6.0, 2).data(31.5, CLIENT).missed(11.0, 31.5, 3, "data")
    case = case_of(story, resumed_neighbour(1, 31.501), resumed_neighbour(2, 31.502))
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.HOST_FROZEN, (Attribution.LOCAL_HOST,))
    assert verdict_of(case_of(story, steady_neighbour(1, 40.0))).kind is Kind.UNDETERMINED


def test_local_closed() -> None:
    story = short().fin(3.5, CLIENT, 1.0).write_after_fin(5.5, SERVER, 3.5)
    story.reset_after_fin(5.6, CLIENT, 5.5, "write", 3.5)
    verdict = verdict_of(case_of(story))
    assert (verdict.kind, verdict.attribution) == (Kind.LOCAL_CLOSED, (Attribution.LOCAL_APPLICATION,))
    assert f"What the server sent after that (frame {number(5.5)}) was refused" in verdict.sentence


def test_local_closed_with_an_rst() -> None:
    assert verdict_of(case_of(short().reset(3.0, CLIENT, "data", 1.0))).kind is Kind.LOCAL_CLOSED


@pytest.mark.parametrize("closer", [CLIENT, SERVER])
def test_an_orderly_close_is_healthy(closer: str) -> None:
    other = SERVER if closer == CLIENT else CLIENT
    verdict = verdict_of(case_of(short().fin(3.5, closer, 1.0).answering_fin(3.6, other)))
    assert (verdict.kind, verdict.attribution) == (Kind.HEALTHY, (Attribution.HEALTHY,))
    assert "nothing broke here" in verdict.sentence


def test_a_fin_left_alone_is_not_called_unbroken() -> None:
    verdict = verdict_of(case_of(short().fin(3.5, SERVER, 1.0), lasts=30.0))
    assert "has not closed 26.5 s later" in verdict.sentence
    assert "nothing broke" not in verdict.sentence


def test_an_open_connection_is_healthy() -> None:
    verdict = verdict_of(case_of(short().probes(6.0, 3)))
    assert (verdict.kind, verdict.confidence) == (Kind.HEALTHY, Confidence.LIKELY)
    assert "All three keep-alive probes were answered; no interval was missed." in verdict.sentence


def test_a_probe_that_the_capture_cuts_off_is_not_called_unanswered() -> None:
    sentence = verdict_of(case_of(short().probes(6.0, 2).probe(16.0, answered=False))).sentence
    assert "Two keep-alive probes were answered, and on the last the capture does not tell" in sentence


def test_a_log_line_without_an_end_is_undetermined() -> None:
    verdict = verdict_of(case_of(short(), log=PIPE, logged=30.0))
    assert (verdict.kind, verdict.attribution) == (Kind.UNDETERMINED, (Attribution.CAPTURE_INCOMPLETE,))


def test_the_peers_missed_intervals_are_told() -> None:
    """The connection was picked for them, so the verdict must not hide them; the finding stands before the gap."""
    story = short().probes(6.0, 2, SERVER)
    story.missed(11.0, 11.01, 21, "end of the capture", by=SERVER, until=120.0)
    verdict = verdict_of(case_of(story, lasts=120.0))
    assert verdict.kind is Kind.UNDETERMINED
    gap = (
        f"21 keep-alive intervals of the server went by without a probe after frame {number(11.01)}, up to the capture"
    )
    assert gap in verdict.sentence


def test_data_on_the_fin_itself() -> None:
    story = short().fin(1.0, CLIENT, 1.0)
    assert "together with the last data" in verdict_of(case_of(story)).sentence


# Contradictions ------------------------------------------------------------------------------------------------------


def test_a_log_that_fits_is_not_contradicted() -> None:
    assert contradictions(case_of(overlooked_close(), log=PIPE, logged=113.0)) == ()
    assert contradictions(case_of(short().reset(9.0, SERVER), log="connection reset by peer", logged=9.1)) == ()
    assert contradictions(case_of(overlooked_close())) == ()


TIMED_OUT, RESET = "connection timed out", "connection reset by peer"


@pytest.mark.parametrize(
    ("case", "said", "frames"),
    [
        (case_of(short().reset(9.0, SERVER), log=PIPE), "has no FIN", ()),
        (case_of(short().fin(9.0, CLIENT, 1.0), log=PIPE), "the local end's own", (number(9.0),)),
        (case_of(idle_close(), log=PIPE), "needs an RST behind the FIN", (number(61.0),)),
        (case_of(overlooked_close(), log=RESET), "this capture has a FIN first", (number(61.0),)),
        (case_of(short(), log=RESET), "has none of the connection", ()),
        (case_of(short().reset(9.0, CLIENT), log=RESET), "the local end's own", (number(9.0),)),
        (case_of(idle_close(), log=TIMED_OUT), "nobody answered", (number(61.0),)),
        (case_of(overlooked_close(), log=PIPE, logged=30.0), "31.0 s before the first sign", (number(61.0),)),
    ],
)
def test_contradictions(case: Case, said: str, frames: tuple[int, ...]) -> None:
    (found,) = contradictions(case)
    assert said in found.text
    assert found.frames == frames


def test_a_timeout_of_keepalive_fits() -> None:
    story = short().probe(6.0, answered=False).probe(11.0, answered=False).unanswered(6.0, 11.0, 1)
    assert contradictions(case_of(story.gave_up(16.0, CLIENT, 6.0, 11.0, 2), log=TIMED_OUT, logged=16.1)) == ()


# Softer and surer ----------------------------------------------------------------------------------------------------


def test_a_fin_that_may_not_be_the_first_is_not_called_so() -> None:
    story = overlooked_close().add(61.0, "closed_before_due", Level.NOTE, by=CLIENT, margin_ns=1)
    fin = story.frames[number(61.0)].found("fin")
    assert fin is not None
    doubted = dict(fin.data) | {"doubt": "octets of the peer are missing"}
    others = tuple(f for f in story.frames[number(61.0)].findings if f.id != "fin")
    found = (finding("fin", 61.0, SERVER, Level.NOTE, **doubted), *others)
    story.frame(61.0, SERVER, *found, flags=story.frames[number(61.0)].flags)
    verdict = verdict_of(case_of(story))
    assert verdict.confidence is Confidence.POSSIBLE
    assert verdict.sentence.startswith("The server closed (FIN")
    assert "octets of the peer are missing" in texts(verdict.deciding)


@pytest.mark.parametrize(
    ("match", "lower"), [("exact tuple", False), ("named by hand", False), ("port and time", True)]
)
def test_a_weak_match_of_the_log_line_makes_the_verdict_less_sure(match: str, lower: bool) -> None:
    verdict = verdict_of(case_of(overlooked_close(), log=PIPE, logged=113.0, match=match))
    assert verdict.confidence is (Confidence.POSSIBLE if lower else Confidence.LIKELY)
    assert ("matched by port and time only" in texts(verdict.deciding)) == lower


def test_a_log_that_contradicts_the_capture_makes_the_verdict_less_sure() -> None:
    verdict = verdict_of(case_of(overlooked_close(), log=TIMED_OUT, logged=113.0))
    assert verdict.confidence is Confidence.POSSIBLE
    assert "which means that nobody answered" in texts(verdict.deciding)


def test_a_request_without_a_reply_is_the_peers_as_well() -> None:
    story = short().data(5.0, CLIENT).frame(5.01, SERVER).fin(15.0, CLIENT, 5.0)
    verdict = verdict_of(case_of(story, log="i/o timeout", logged=15.1))
    assert (verdict.kind, verdict.attribution) == (
        Kind.LOCAL_CLOSED, (Attribution.LOCAL_APPLICATION, Attribution.PEER_SERVICE)
    )  # fmt: skip
    assert "had not replied" in verdict.sentence


@pytest.mark.parametrize("followed", ["FIN", "ACK"])
def test_what_an_rst_answers_is_told(followed: str) -> None:
    verdict = verdict_of(case_of(short().frame(2.0, CLIENT).reset(2.01, SERVER, followed, 2.0)))
    assert f"in answer to a{'n' if followed == 'ACK' else ''} {followed} (frame {number(2.0)})" in verdict.sentence


def test_only_what_broke_has_an_objection() -> None:
    assert verdict_of(case_of(short().probes(6.0, 3))).objection is None
    for broken in (overlooked_close(), short().reset(9.0, SERVER), short().reset(9.0, CLIENT, "data", 1.0)):
        found = verdict_of(case_of(broken)).objection
        assert found is not None
        assert found.argument.text.endswith(".")
        assert found.answer.text


def test_everyday_noise_is_told_apart() -> None:
    assert verdict_of(case_of(short().fin(3.5, SERVER, 1.0).answering_fin(3.6, CLIENT))).is_everyday
    assert verdict_of(case_of(short().reset(3.0, CLIENT, "data", 1.0))).is_everyday
    assert not verdict_of(case_of(overlooked_close())).is_everyday


# Again and again -----------------------------------------------------------------------------------------------------


def closes_at(*starts: float, age: float = 60.0) -> Case:
    """Connections whose last data is at each of these times and that the server closes ``age`` seconds later."""
    stories = []
    for stream, start in enumerate(starts):
        story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).handshake(start - 0.5).data(start, SERVER)
        stories.append(story.fin(start + age, SERVER, start))
    return case_of(*stories)


def test_closes_at_one_age_at_different_times_are_one_rule() -> None:
    case = closes_at(1.0, 100.0, 205.5, 310.25)
    (rule,) = periodic_closes(case.index)
    assert (rule.closer, rule.other, rule.age_ns) == (SERVER, "10.0.0.1", 60 * NS_PER_S)
    assert rule.frames == tuple(number(start + 60.0) for start in (1.0, 100.0, 205.5, 310.25))
    assert rule.streams == (0, 1, 2, 3)
    assert periodic_of(case.index, case.connection) == rule


@pytest.mark.parametrize("starts", [(1.0, 100.0), (1.0, 1.2, 1.4, 1.6)])
def test_two_closes_or_closes_at_one_moment_are_no_rule(starts: tuple[float, ...]) -> None:
    assert periodic_closes(closes_at(*starts).index) == ()


def test_closes_at_scattered_ages_are_no_rule() -> None:
    stories = []
    for stream, (start, age) in enumerate(((1.0, 60.0), (100.0, 35.0), (200.0, 48.0))):
        story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).data(start, SERVER)
        stories.append(story.fin(start + age, SERVER, start))
    assert periodic_closes(case_of(*stories).index) == ()


def test_everyday_noise_is_last_in_a_scan_and_what_no_finding_stands_for_is_in_it() -> None:
    own_reset = short().reset(3.0, CLIENT, "data", 1.0)
    dead = short().sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, 8.0)
    quiet = short().fin(3.5, SERVER, 1.0).answering_fin(3.6, CLIENT)
    judged = [(case, *diagnose(case)) for case in map(case_of, (own_reset, quiet, dead, overlooked_close()))]
    assert [verdict.kind for _, verdict in rows_of(judged)] == [
        Kind.PATH_LOST, Kind.PEER_CLOSED_IDLE, Kind.LOCAL_CLOSED
    ]  # fmt: skip
