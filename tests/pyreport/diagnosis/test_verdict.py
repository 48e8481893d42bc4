"""The verdict: each kind that can be reached, with its near twin; and what log and capture contradict each other in."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from msgspec.structs import replace

from pyreport.base.claim import Claim, Party, claim
from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.choice.worth_telling import rows_of
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.contradictions import contradictions
from pyreport.diagnosis.evidence.gaps import NO_CAUSE, tell_gap, tell_gaps
from pyreport.diagnosis.evidence.periodic import periodic_closes, periodic_of
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status
from pyreport.diagnosis.verdict.temper import temper
from pyreport.frames.finding import Level
from pyreport.frames.findings import Fin, FinDoubt, Missed, MissedEndedBy, Reset
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from pyreport.words import Words
from tests.dissector.trace import OPEN, PROBED
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    at,
    at_the_server,
    case_of,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    resumed_neighbour,
    steady_neighbour,
    verdict_of,
)
from tests.pyreport.traced import case_of_trace

PIPE = "broken pipe"


def ids(claims: Iterable[Claim]) -> list[str]:
    return [found.id for found in claims]


def the(claims: Iterable[Claim], identifier: str) -> Claim:
    """The one claim of that id."""
    (found,) = [found for found in claims if found.id == identifier]
    return found


def short() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)


# Kinds ---------------------------------------------------------------------------------------------------------------


def test_peer_closed_idle() -> None:
    verdict = verdict_of(case_of(overlooked_close(), log=PIPE, logged=113.0))
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert verdict.confidence is Confidence.LIKELY
    assert verdict.attribution == (Attribution.PEER_SERVICE, Attribution.LOCAL_APPLICATION)
    closed, probes, acknowledged, unnoticed, refused, dead = verdict.claims
    assert closed == claim(
        "close-after-data", (number(1.0), number(61.0)),
        who=Party.SERVER, first=True, frame=number(61.0), idle=60 * NS_PER_S,
    )  # fmt: skip
    assert (probes.id, probes.values) == (
        "keepalive-answered", {"who": Party.CLIENT, "closed": True, "sent": 11, "missed": 0, "rested": False}
    )  # fmt: skip
    assert (acknowledged.id, acknowledged.values["who"]) == ("fin-acknowledged", Party.CLIENT)
    assert unnoticed == claim("fin-unnoticed-until-log", (number(61.0),), who=Party.CLIENT, least=52 * NS_PER_S)
    assert refused == claim(
        "fin-refusal-after", (number(66.0), number(66.2)),
        who=Party.SERVER, other=Party.CLIENT, kind="probe", cause=number(66.0), frame=number(66.2),
    )  # fmt: skip
    assert dead.id == "fin-socket-dead"
    assert ids(verdict.deciding) == ["close-first-segment", "keepalive-next-due"]
    assert verdict.deciding[1].values == {"margin": 100 * NS_PER_MS}


def test_the_verdict_as_it_is_said() -> None:
    verdict = verdict_of(case_of(overlooked_close(), log=PIPE, logged=113.0))
    assert Words().join(verdict.claims) == (
        f"The server closed the connection first (FIN, frame {number(61.0)}), 60.0 s after the last data. All eleven "
        "keep-alive probes of the client before the close were answered; no keep-alive interval was missed. The kernel "
        "of the client acknowledged the FIN after 1.0 ms. The application of the client did not close its socket "
        "for at least 52.0 s after the FIN: its log shows that it still used the socket then. The server answered the "
        f"keep-alive probe of the client (frame {number(66.0)}) with an RST (frame {number(66.2)}). From then on the "
        "socket of the client was dead: a later write fails inside the host, and no packet shows it."
    )


@pytest.mark.parametrize(
    ("story", "logged", "unnoticed"),
    [
        (overlooked_close(), 113.0, 52.0),  # the log is the last to tell
        (overlooked_close(), None, 5.2),  # until the RST
        (overlooked_close(), 63.0, 5.2),  # the log told of it before
        (idle_close().answering_fin(64.0, CLIENT), 113.0, 3.0),  # it closed as well, so it knew by then
        (short().fin(9.0, CLIENT, 1.0), 113.0, None),  # its own FIN
    ],
)
def test_how_long_the_fin_went_unnoticed(story: Story, logged: float | None, unnoticed: float | None) -> None:
    case = case_of(story, log=PIPE, logged=logged)
    assert case.fin_unnoticed_ns == (None if unnoticed is None else round(unnoticed * NS_PER_S))


def test_peer_closed_idle_after_missed_intervals_shares_the_blame_and_denies_the_cause() -> None:
    case = case_of(gap_before_close(), steady_neighbour(1, 35.0), log=PIPE, logged=40.0)
    verdict = verdict_of(case)
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert Attribution.LOCAL_HOST in verdict.attribution
    assert the(verdict.claims, "keepalive-answered").values["missed"] == 3
    assert the(verdict.deciding, "keepalive-gap-no-cause").values["gap"] == tell_gap(case, case.connection.missed()[0])
    assert verdict.objection is not None
    assert verdict.objection.argument == claim("objection-keepalive-missing", who=Party.SERVER)
    assert ids(verdict.objection.reply) == [NO_CAUSE.id]


def test_an_own_close_after_missed_intervals_may_have_come_of_them() -> None:
    story = short().probes(6.0, 2).fin(31.5, CLIENT, 1.0).missed(11.0, 31.5, 3, "fin")
    assert ids(verdict_of(case_of(story)).deciding) == ["close-first-segment", "keepalive-gap-apart"]


def test_peer_closed_after_an_exchange() -> None:
    story = short().fin(1.5, SERVER, 1.0).write_after_fin(1.502, CLIENT, 1.5)
    verdict = verdict_of(case_of(story.reset_after_fin(1.6, SERVER, 1.502, "write", 1.5)))
    assert (verdict.kind, verdict.attribution) == (Kind.PEER_CLOSED, (Attribution.PEER_SERVICE,))
    assert ids(verdict.claims) == ["close-after-data", "fin-write-after", "fin-refusal-after"]
    assert verdict.claims[1].values == {"who": Party.CLIENT, "after": 2 * NS_PER_MS, "frame": number(1.502)}


def test_peer_reset() -> None:
    verdict = verdict_of(case_of(short().probes(6.0, 3).reset(20.0, SERVER)))
    assert (verdict.kind, verdict.confidence) == (Kind.PEER_RESET, Confidence.LIKELY)
    assert ids(verdict.claims) == ["reset-by", "reset-answers-nothing", "keepalive-answered"]
    assert (verdict.claims[0].values["fins"], verdict.claims[2].values["sent"]) == ("none", 3)


def test_a_reset_that_answers_a_probe_is_not_counted_as_unanswered() -> None:
    story = short().probes(6.0, 2).probe(16.0, answered=False).reset(16.2, SERVER, "probe", 16.0)
    verdict = verdict_of(case_of(story))
    assert the(verdict.claims, "reset-answers").values == {"what": "probe", "cause": number(16.0)}
    assert the(verdict.claims, "keepalive-answered").values["sent"] == 2


@pytest.mark.parametrize("kind", ["fin", "reset"])
def test_middlebox_closed(kind: str) -> None:
    story = short().fin(61.0, SERVER, 1.0, ttl=63) if kind == "fin" else short().reset(61.0, SERVER, ttl=63)
    case = case_of(story, log="connection reset by peer", logged=70.0)
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.confidence) == (Kind.MIDDLEBOX_CLOSED, Confidence.POSSIBLE)
    assert verdict.attribution[0] is Attribution.NETWORK_PATH
    weighed = {explanation.id: explanation for explanation in diagnose(case)[0]}
    assert verdict.claims[-2:] == (
        weighed[ExplanationId.MIDDLEBOX_CLOSE].evidence[0], claim("device-may-have-sent-it", (number(61.0),))
    )  # fmt: skip
    assert verdict.claims[0].id == ("close-after-data" if kind == "fin" else "reset-in-the-name")


def test_path_lost() -> None:
    verdict = verdict_of(case_of(short().probe(6.0).probes_in_vain(11.0, 3)))
    assert (verdict.kind, verdict.confidence) == (Kind.PATH_LOST, Confidence.POSSIBLE)
    assert verdict.claims[0].id == "keepalive-answers-stopped"
    assert verdict.claims[0].values == {"who": Party.SERVER, "other": Party.CLIENT, "probes": 2}


def test_probes_that_were_answered_again_do_not_lose_the_path() -> None:
    story = short().probe(6.0).probe(11.0, answered=False).probe(16.0).unanswered(11.0, 16.0, 1)
    assert verdict_of(case_of(story)).kind is Kind.HEALTHY


@pytest.mark.parametrize("at_server", [False, True])
@pytest.mark.parametrize(("prober", "far_end"), [(CLIENT, Attribution.PEER_SERVICE), (SERVER, Attribution.LOCAL_HOST)])
def test_keepalive_gave_up(prober: str, far_end: Attribution, at_server: bool) -> None:
    """Hop limits alone tell at best that no router lost the probes: then their receiver's host comes first."""
    story = short().frame(1.01, CLIENT).gave_up(6.0, 2, prober)
    verdict = verdict_of(case_of(at_the_server(story) if at_server else story, local=CLIENT))
    assert (verdict.kind, verdict.confidence) == (Kind.KEEPALIVE_GAVE_UP, Confidence.CONFIRMED)
    assert ids(verdict.claims)[:2] == ["reset-by-kernel", "keepalive-gave-up-rst"]
    shares = (Attribution.NETWORK_PATH, far_end)
    assert verdict.attribution == (shares[::-1] if at_server == (prober == CLIENT) else shares)


def test_host_frozen() -> None:
    story = short().probes(6.0, 2).data(31.5, CLIENT).missed(11.0, 31.5, 3, "data")
    case = case_of(story, resumed_neighbour(1, 31.502), resumed_neighbour(2, 31.503))
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.HOST_FROZEN, (Attribution.LOCAL_HOST,))
    assert verdict.objection is not None
    assert ids(verdict.objection.reply) == ["host-frozen-here-overdue"]
    assert verdict_of(case_of(story, steady_neighbour(1, 40.0))).kind is Kind.UNDETERMINED


def test_local_closed() -> None:
    story = short().fin(3.5, CLIENT, 1.0).write_after_fin(5.5, SERVER, 3.5)
    story.reset_after_fin(5.6, CLIENT, 5.5, "write", 3.5)
    verdict = verdict_of(case_of(story))
    assert (verdict.kind, verdict.attribution) == (Kind.LOCAL_CLOSED, (Attribution.LOCAL_APPLICATION,))
    refused = the(verdict.claims, "fin-refusal-after").values
    assert (refused["who"], refused["other"], refused["cause"]) == (Party.CLIENT, Party.SERVER, number(5.5))


def test_local_closed_with_an_rst() -> None:
    assert verdict_of(case_of(short().reset(3.0, CLIENT, "data", 1.0))).kind is Kind.LOCAL_CLOSED


@pytest.mark.parametrize("closer", [CLIENT, SERVER])
def test_an_orderly_close_is_healthy(closer: str) -> None:
    other = SERVER if closer == CLIENT else CLIENT
    verdict = verdict_of(case_of(short().fin(3.5, closer, 1.0).answering_fin(3.6, other)))
    assert (verdict.kind, verdict.attribution) == (Kind.HEALTHY, (Attribution.HEALTHY,))
    assert ids(verdict.claims) == ["close-after-data", "close-orderly" if closer == CLIENT else "close-answered"]


@pytest.mark.parametrize("closer", [CLIENT, SERVER])
def test_a_close_that_an_rst_answers_is_not_called_orderly(closer: str) -> None:
    """Both ends were done; but the other end refused the FIN, or ended what was left with an RST of its own."""
    other, who = (SERVER, Party.SERVER) if closer == CLIENT else (CLIENT, Party.CLIENT)
    refused = short().frame(1.01, CLIENT).fin(3.5, closer, 1.0, acknowledged=None).reset(3.51, other, "fin", 3.5)
    verdict = verdict_of(case_of(refused))
    assert verdict.kind is not Kind.HEALTHY
    ended = claim("close-ended-by-rst", (number(3.51),), who=who, frame=number(3.51))
    assert the(verdict.claims, "close-ended-by-rst") == ended
    assert the(verdict.claims, "reset-answers").values == {"what": "fin", "cause": number(3.5)}
    own = verdict_of(case_of(short().frame(1.01, CLIENT).fin(3.5, closer, 1.0).reset(3.6, other)))
    assert {"close-ended-by-rst", "reset-answers-nothing"} < set(ids(own.claims))


def test_a_fin_left_alone_is_not_called_unbroken() -> None:
    verdict = verdict_of(case_of(short().fin(3.5, SERVER, 1.0), lasts=30.0))
    assert verdict.kind is Kind.PEER_CLOSED
    assert ids(verdict.claims) == ["close-after-data", "fin-acknowledged", "fin-unnoticed"]
    assert verdict.claims[2].values == {"who": Party.CLIENT, "least": 26_500 * NS_PER_MS}


def test_an_open_connection_is_healthy() -> None:
    verdict = verdict_of(case_of(short().probes(6.0, 3)))
    assert (verdict.kind, verdict.confidence) == (Kind.HEALTHY, Confidence.LIKELY)
    assert ids(verdict.claims) == ["open-unbroken", "keepalive-answered"]
    assert (verdict.claims[1].values["sent"], verdict.claims[1].values["missed"]) == (3, 0)


def test_a_single_probe_in_vain_is_told_of_an_open_connection_that_went_on() -> None:
    """Nothing else is wrong with it, and "no probe remained unanswered" would not be true."""
    story = short().probe(6.0).probe(11.0, answered=False).probe(16.0).unanswered(11.0, 16.0, 1).probe(21.0)
    verdict = verdict_of(case_of(story))
    assert verdict.kind is Kind.HEALTHY
    assert ids(verdict.claims) == ["open-unbroken", "keepalive-answered-again", "keepalive-unanswered"]
    assert verdict.claims[0].values == {"answered": False}
    assert verdict_of(case_of(short().probes(6.0, 3))).claims[0].values == {"answered": True}


@pytest.mark.parametrize(("flag", "found", "fins"), [("ACK", "reset/Note", "none"), ("FIN no-ack", "reset", "void")])
def test_a_fin_without_ack_before_an_rst_is_told(flag: str, found: str, fins: str) -> None:
    """No side takes it for a FIN, but it is there."""
    verdict = verdict_of(
        case_of_trace(
            OPEN
            + f"""
        2.000 server {flag}
        9.000 server RST : {found}
    """
        )
    )
    assert verdict.kind is Kind.PEER_RESET
    assert {claim.values["fins"] for claim in (verdict.claims[0], verdict.deciding[0])} == {fins}


@pytest.mark.parametrize(("flag", "opening"), [("ACK", "open-unbroken"), ("FIN no-ack", "open-to-the-end")])
def test_a_fin_that_tcp_drops_is_not_denied(flag: str, opening: str) -> None:
    """Without ACK it closes nothing (RFC 9293 3.10.7.4); but the capture has a FIN."""
    verdict = verdict_of(case_of_trace(f"{OPEN}1.100 client {flag}\n1.101 server ACK"))
    assert (verdict.kind, verdict.claims[0].id) == (Kind.HEALTHY, opening)


def test_a_probe_that_the_capture_cuts_off_is_not_called_unanswered() -> None:
    verdict = verdict_of(case_of(short().probes(6.0, 2).probe(16.0, answered=False)))
    assert the(verdict.claims, "keepalive-cut-off").values["answered"] == 2


def test_a_log_line_without_an_end_is_undetermined() -> None:
    verdict = verdict_of(case_of(short(), log=PIPE, logged=30.0))
    assert (verdict.kind, verdict.attribution) == (Kind.UNDETERMINED, (Attribution.CAPTURE_INCOMPLETE,))


def test_the_peers_missed_intervals_are_told() -> None:
    """The connection was picked for them, so the verdict must not hide them; the finding stands before the gap."""
    story = short().frame(1.01, CLIENT).probes(6.0, 2, SERVER)
    story.missed(11.0, 11.01, 21, "capture_end", by=SERVER)
    verdict = verdict_of(case_of(story, lasts=120.0))
    assert verdict.kind is Kind.UNDETERMINED
    gap = the(verdict.claims, "keepalive-gap-to-the-end")
    assert gap.values == {"who": Party.SERVER, "intervals": 21, "frame": number(11.01)}
    assert verdict.deciding == (gap,)


def test_a_gap_up_to_a_hole_in_the_capture_comes_after_the_frame_that_tells_it() -> None:
    """A gap that a probe ended comes before that frame."""
    case = case_of(short().probes(6.0, 2))
    until_a_hole = Missed(
        frame=number(11.0), time_ns=at(11.0), source=case.local, by=case.local, intervals=2, due_at_ns=at(16.0),
        overdue_ns=6 * NS_PER_S, interval_ns=5 * NS_PER_S, ended_by=MissedEndedBy.CAPTURE_HOLE, level=Level.WARN,
        summary="",
    )  # fmt: skip
    until_a_probe = replace(until_a_hole, due_at_ns=at(8.0), ended_by=MissedEndedBy.PROBE)
    assert [tell_gap(case, gap).id for gap in (until_a_hole, until_a_probe)] == ["keepalive-gap-after", "keepalive-gap"]
    assert tell_gaps(case, [until_a_hole]) == tell_gap(case, until_a_hole)
    told = tell_gaps(case, [until_a_probe, replace(until_a_hole, intervals=5)])
    assert (told.values["intervals"], told.values["gaps"], told.values["after"]) == (7, 2, False)
    assert Words().say(told) == (
        "Seven keep-alive intervals of the client went by without a probe, in two gaps; the first gap is before "
        "frame 11001."
    )


def test_data_on_the_fin_itself() -> None:
    story = short().frame(2.0, CLIENT, flags=FLAG_FIN | FLAG_ACK, length=400).expect(2.0, Fin, data_idle_ns=0)
    assert verdict_of(case_of(story)).claims[0].id == "close-with-data"


# Contradictions ------------------------------------------------------------------------------------------------------


def test_a_log_that_fits_is_not_contradicted() -> None:
    assert contradictions(case_of(overlooked_close(), log=PIPE, logged=113.0)) == ()
    assert contradictions(case_of(short().reset(9.0, SERVER), log="connection reset by peer", logged=9.1)) == ()
    assert contradictions(case_of(overlooked_close())) == ()


TIMED_OUT, RESET = "connection timed out", "connection reset by peer"


@pytest.mark.parametrize(
    ("case", "said", "frames"),
    [
        (case_of(short().reset(9.0, SERVER), log=PIPE), "log-wants-fin", ()),
        (case_of(short().fin(9.0, CLIENT, 1.0), log=PIPE), "log-wants-fin-of-peer", (number(9.0),)),
        (case_of(idle_close(), log=PIPE), "log-wants-rst-after-fin", (number(61.0),)),
        (case_of(overlooked_close(), log=RESET), "log-wants-no-fin", (number(61.0),)),
        (case_of(short(), log=RESET), "log-wants-rst", ()),
        (case_of(short().reset(9.0, CLIENT), log=RESET), "log-wants-rst-of-peer", (number(9.0),)),
        (case_of(idle_close(), log=TIMED_OUT), "log-wants-silence", (number(61.0),)),
        (case_of(overlooked_close(), log=PIPE, logged=30.0), "log-before-close", (number(61.0),)),
    ],
)
def test_contradictions(case: Case, said: str, frames: tuple[int, ...]) -> None:
    (found,) = contradictions(case)
    assert case.log is not None
    assert (found.id, found.frames) == (said, frames)
    assert found.values == ({"before": 31 * NS_PER_S} if said == "log-before-close" else {"error": case.log.error_text})


def test_a_timeout_of_keepalive_fits() -> None:
    assert contradictions(case_of(short().gave_up(6.0, 2), log=TIMED_OUT, logged=16.1)) == ()


# Softer and surer ----------------------------------------------------------------------------------------------------


def test_a_fin_that_may_not_be_the_first_is_not_called_so() -> None:
    """The FIN acknowledges bytes of the client that the capture lacks; the client's own FIN may be among them."""
    story = overlooked_close().data(60.5, CLIENT).not_captured(60.5).expect(61.0, Fin, doubt=FinDoubt.UNSEEN_BYTES)
    verdict = verdict_of(case_of(story))
    assert verdict.confidence is Confidence.POSSIBLE
    assert verdict.claims[0].values["first"] is False
    assert verdict.deciding[0] == claim(
        "close-first-doubted", (number(61.0),), who=Party.SERVER, doubt=FinDoubt.UNSEEN_BYTES
    )


@pytest.mark.parametrize(("match", "lower"), [("exact", False), ("named", False), ("port_time", True)])
def test_a_weak_match_of_the_log_line_makes_the_verdict_less_sure(match: str, lower: bool) -> None:
    verdict = verdict_of(case_of(overlooked_close(), log=PIPE, logged=113.0, match=match))
    assert verdict.confidence is (Confidence.POSSIBLE if lower else Confidence.LIKELY)
    reasons = [found.values["why"] for found in verdict.deciding if found.id == "verdict-less-sure"]
    assert reasons == ([claim("log-match-weak", by="port_time")] if lower else [])


def test_a_log_that_contradicts_the_capture_makes_the_verdict_less_sure() -> None:
    verdict = verdict_of(case_of(overlooked_close(), log=TIMED_OUT, logged=113.0))
    assert verdict.confidence is Confidence.POSSIBLE
    why = the(verdict.deciding, "verdict-less-sure").values["why"]
    assert isinstance(why, Claim)
    assert why.id == "log-wants-silence"


def test_a_log_that_contradicts_the_capture_twice_is_one_reason_and_a_weak_match_another() -> None:
    late = 113.0 + 700.0
    for match, confidence in (("exact", Confidence.LIKELY), ("port_time", Confidence.POSSIBLE)):
        case = case_of(overlooked_close(), log=TIMED_OUT, logged=late, match=match)
        assert len(contradictions(case)) == 2
        sure = replace(verdict_of(case_of(overlooked_close())), confidence=Confidence.CONFIRMED)
        assert temper(case, sure).confidence is confidence


def test_a_request_without_a_reply_is_the_peers_as_well() -> None:
    story = short().data(5.0, CLIENT).frame(5.01, SERVER).fin(15.0, CLIENT, 5.0)
    verdict = verdict_of(case_of(story, log="i/o timeout", logged=15.1))
    assert (verdict.kind, verdict.attribution) == (
        Kind.LOCAL_CLOSED, (Attribution.LOCAL_APPLICATION, Attribution.PEER_SERVICE)
    )  # fmt: skip
    owed = {"who": Party.CLIENT, "other": Party.SERVER, "waited": 10 * NS_PER_S}
    assert the(verdict.claims, "reply-outstanding").values == owed


def test_what_an_rst_answers_is_told() -> None:
    verdict = verdict_of(case_of(short().frame(2.0, CLIENT).reset(2.01, SERVER, "ack", 2.0)))
    assert the(verdict.claims, "reset-answers").values == {"what": "ack", "cause": number(2.0)}


def test_a_bare_rst_long_after_an_ack_does_not_answer_it() -> None:
    """A host that does not have the connection answers at once; a limit on silence ends with an RST of its own."""
    late = short().frame(2.0, CLIENT).frame(302.0, SERVER, flags=FLAG_RST).expect(302.0, Reset, followed="nothing")
    case = case_of(late)
    assert ids(verdict_of(case).claims)[1] == "reset-answers-nothing"
    (idle,) = [found for found in diagnose(case)[0] if found.id is ExplanationId.PEER_IDLE_CLOSE]
    assert idle.status is Status.NO_EVIDENCE


def test_only_what_broke_has_an_objection() -> None:
    assert verdict_of(case_of(short().probes(6.0, 3))).objection is None
    for broken in (overlooked_close(), short().reset(9.0, SERVER), short().reset(9.0, CLIENT, "data", 1.0)):
        found = verdict_of(case_of(broken)).objection
        assert found is not None
        assert found.argument.id.startswith("objection-")
        assert found.reply


@pytest.mark.parametrize(
    ("story", "argument", "reply"),
    [
        (overlooked_close(), "objection-keepalive-missing", ["keepalive-next-due", NO_CAUSE.id]),
        (gap_before_close(), "objection-keepalive-missing", [NO_CAUSE.id]),
        (
            at_the_server(Story()).handshake().data(1.0, SERVER).reset(9.0, SERVER),
            "objection-device-sent-rst", ["close-left-its-host"],
        ),
        (
            short().fin(3.5, CLIENT, 1.0).write_after_fin(5.5, SERVER, 3.5),
            "objection-no-reply", ["reply-not-owed"],
        ),
        (short().data(1.5, CLIENT).reset(3.0, CLIENT), "objection-no-reply", ["reply-may-be-owed"]),
        (Story().handshake().reset(3.0, CLIENT), "objection-no-reply", ["reply-no-data"]),
    ],
)  # fmt: skip
def test_the_strongest_objection(story: Story, argument: str, reply: list[str]) -> None:
    found = verdict_of(case_of(story, log=PIPE)).objection
    assert found is not None
    assert (found.argument.id, ids(found.reply)) == (argument, reply)


def test_the_objection_to_a_reset_says_how_much_the_likeness_is_worth() -> None:
    found = verdict_of(case_of(short().reset(9.0, SERVER))).objection
    assert found is not None
    assert ids(found.reply)[1:] == ["device-not-excluded-by-that"]


def test_the_objection_to_a_device_names_what_decides() -> None:
    found = verdict_of(case_of(short().reset(61.0, SERVER, ttl=63), log=PIPE)).objection
    assert found is not None
    assert ids(found.reply) == ["device-nothing-own", "device-capture-at-sender-tells"]


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


# Told as traces (tests/dissector/trace.py) ---------------------------------------------------------------------------

FORGOTTEN = (
    PROBED
    + """
    21.000 server FIN   : fin, closed_before_due
    21.001 client ACK   : fin_ack
    26.009 client probe : post_fin_probe, probe
    26.010 server RST   : post_fin_reset
"""
)
WROTE_AT_ONCE = (
    OPEN
    + """
    1.500 server FIN    : fin
    1.501 client ACK    : fin_ack
    1.502 client len=10 : post_fin_write
    1.503 server RST    : post_fin_reset
"""
)
IN_VAIN = (
    OPEN
    + """
     6.003 client probe : probe
    11.011 client probe : unanswered, probe
    16.019 client RST   : gave_up, unanswered/Warn
"""
)


@pytest.mark.parametrize(
    ("text", "kind", "party"),
    [
        (FORGOTTEN, Kind.PEER_CLOSED_IDLE, Attribution.LOCAL_APPLICATION),
        (WROTE_AT_ONCE, Kind.PEER_CLOSED, Attribution.PEER_SERVICE),
        (IN_VAIN, Kind.KEEPALIVE_GAVE_UP, Attribution.NETWORK_PATH),
    ],
)
def test_the_verdict_on_a_trace(text: str, kind: Kind, party: Attribution) -> None:
    verdict = verdict_of(case_of_trace(text))
    assert verdict.kind is kind
    assert party in verdict.attribution


def test_a_log_line_beside_a_trace() -> None:
    case = case_of_trace(FORGOTTEN + "60.000 other", log=PIPE, logged=50.0)
    assert case.fin_unnoticed_ns == 29 * NS_PER_S
    assert contradictions(case) == ()


def test_a_host_that_went_on_is_told_against_another_route() -> None:
    """A hop limit may be that of another route; a host that sends on after "its" RST did not send it on any."""
    found = verdict_of(case_of(Story().handshake().data(1.0, SERVER).reset(10.0, SERVER).data(15.0, SERVER))).objection
    assert found is not None
    assert found.argument == claim("objection-own-host-sent-it")
    assert ids(found.reply)[0] == "middlebox-close-goes-on"
    assert "device-nothing-own" not in ids(found.reply)
