"""Key facts, the table of keep-alive, the four answers, and what cannot be told."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from pyreport.base.claim import Claim, Duration, Moment, Party
from pyreport.base.units import NS_PER_MS
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import fin_unnoticed
from pyreport.diagnosis.evidence.keepalive import keepalive_sentence
from pyreport.diagnosis.result import ExplanationId, Status
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN
from pyreport.narrative.answers import answer_the_question
from pyreport.narrative.application_side import application_side
from pyreport.narrative.close_wait import Until
from pyreport.narrative.key_facts import keepalive_rows, key_facts
from pyreport.narrative.model import Answer, Fact, Standing, Subject
from pyreport.narrative.open_questions import not_told
from pyreport.words import Words
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    at,
    case_of,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    resumed_neighbour,
    steady_neighbour,
    with_timestamps,
)
from tests.pyreport.diagnosis.test_health import asked
from tests.pyreport.told import ids

WORDS = Words(zone=ZoneInfo("Asia/Shanghai"))


def facts(case: Case) -> dict[str, Fact]:
    return {fact.label.id: fact for fact in key_facts(case)}


def value_of(fact: Fact) -> Claim:
    assert isinstance(fact.value, Claim)
    return fact.value


def note_of(fact: Fact) -> Claim:
    assert isinstance(fact.note, Claim)
    return fact.note


def test_the_facts_of_an_incident() -> None:
    found = facts(case_of(overlooked_close(), log="broken pipe", logged=113.0))
    assert found["role-client"].value == CLIENT
    assert value_of(found["role-server"]).values == {"end": SERVER, "service": "Kafka"}
    assert Words("zh").tell(found["role-server"].value) == f"{SERVER}（Kafka）"
    assert value_of(found["fact-closed-first-by"]).values == {"who": Party.SERVER, "how": "fin"}
    assert WORDS.tell(found["fact-closed-at"].value) == "2022-09-30 00:01:01.000000"
    assert WORDS.say(note_of(found["fact-closed-at"])) == "2022-09-29 16:01:01.000000 UTC"
    assert found["fact-closed-at"].frames == (number(61.0),)
    assert found["fact-data-idle"].value == Duration(60_000_000_000)
    assert found["fact-data-idle"].frames == (number(1.0), number(61.0))
    assert found["fact-packet-idle"].value == Duration(4_890_000_000)
    assert found["fact-kept"].value == Duration(5_200_000_000)
    assert found["fact-dead-at"].frames == (number(66.0), number(66.2))
    assert value_of(found["fact-probes-before-the-close"]).values == {
        "sent": 11,
        "answered": 11,
        "missed": 0,
        "rested": False,
    }
    assert value_of(found["fact-logged-at"]).values == {"time": Moment(at(113.0))}
    assert WORDS.tell(found["fact-logged-at"].value) == "2022-09-30 00:01:53.000"
    assert note_of(found["fact-logged-at"]).values == {"after": Duration(52_000_000_000)}


def test_missed_intervals_are_counted() -> None:
    found = facts(case_of(gap_before_close()))["fact-probes-before-the-close"]
    assert value_of(found).values == {"sent": 2, "answered": 2, "missed": 3, "rested": False}


def test_what_the_capture_lacks_is_said() -> None:
    found = facts(case_of(Story().handshake()))
    assert value_of(found["fact-closed-by"]).id == "not-in-this-capture"
    assert value_of(found["fact-probes"]).id == "fact-no-probes"
    assert "fact-closed-at" not in found
    no_data = facts(case_of(Story().probes(6.0, 2).fin(20.0, SERVER, None)))
    assert value_of(no_data["fact-data-idle"]).id == "not-in-this-capture"


@pytest.mark.parametrize(
    ("story", "until"),
    [
        (idle_close().answering_fin(62.0, CLIENT), Until.OWN_FIN),
        (overlooked_close(), Until.RESET),
        (idle_close(), Until.CAPTURE_END),
    ],
)
def test_the_time_in_close_wait_has_an_end(story: Story, until: Until) -> None:
    assert note_of(facts(case_of(story))["fact-kept"]).values == {"until": until}


def test_keepalive_by_side() -> None:
    ours, theirs = keepalive_rows(case_of(overlooked_close()))
    assert WORDS.say(ours.side) == f"Client {CLIENT}"
    assert (ours.probes, ours.answered, ours.unanswered, ours.missed) == (12, 11, 0, 0)
    assert ours.cadence_ns == 5_000_000_000
    assert ids(ours.remarks)[:2] == ["keepalive-drew-reset", "keepalive-interval-not-learned"]
    assert ours.remarks[0].values == {"count": 1}
    assert (theirs.probes, theirs.idle_ns) == (0, None)
    assert ids(theirs.remarks) == ["keepalive-no-probe"]


@pytest.mark.parametrize(
    ("vain", "told"),
    [
        ((31.0,), "keepalive-interval-not-learned"),
        ((31.0, 39.0, 50.0), "keepalive-interval-does-not-fit"),
        ((31.0, 39.0, 47.0), "keepalive-interval"),
        ((31.0, 36.0, 41.0), "keepalive-interval"),
    ],
)
def test_why_the_interval_was_not_learned(vain: tuple[float, ...], told: str) -> None:
    """Answered probes every 5 s, then one alone without an answer, or some at no interval, every 8 s (BSD) or 5 s."""
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 5)
    for seconds in vain:
        story.probe(seconds, answered=False)
    ours, _ = keepalive_rows(case_of(story, lasts=60.0))
    assert told in ids(ours.remarks)


def test_a_probe_that_the_capture_cuts_off_is_left_open() -> None:
    row, _ = keepalive_rows(case_of(Story().handshake().probe(6.0).probe(11.0, answered=False)))
    assert row.remarks[0].id == "keepalive-answer-untold"
    assert row.remarks[0].values == {"count": 1}


def test_timers_that_missed_an_interval_did_not_run_undisturbed() -> None:
    """All gaps between answered probes agree, and still the timers stood still: after the last of them."""
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 6)
    calm = keepalive_rows(case_of(story))[0]
    assert "clock-undisturbed" in ids(calm.remarks)
    frozen = keepalive_rows(case_of(story.fin(51.5, SERVER, 1.0).missed(31.0, 51.5, 3, "fin")))[0]
    assert "clock-undisturbed" not in ids(frozen.remarks)
    (clock,) = [remark for remark in frozen.remarks if remark.id == "clock-undisturbed-in-part"]
    assert clock.values == {"first": number(11.0), "last": number(31.0), "missed": 3}


def answers(case: Case) -> dict[Subject, Answer]:
    return {answer.subject: answer for answer in answer_the_question(case, *diagnose(case))}


def standings(case: Case) -> list[Standing]:
    return [answer.standing for answer in answers(case).values()]


def test_four_answers_to_the_articles_question() -> None:
    neighbours = (with_timestamps(steady_neighbour(stream, 80.0)) for stream in (1, 2))
    case = case_of(overlooked_close(), *neighbours, log="broken pipe", logged=113.0, lasts=120.0)
    explanations, _ = diagnose(case)
    weighed = {explanation.id.value: explanation.evidence[0] for explanation in explanations}
    found = answers(case)
    assert list(found) == [Subject.SERVICE, Subject.NETWORK, Subject.HOST, Subject.APPLICATION]
    assert standings(case) == [Standing.INVOLVED, Standing.CLEARED, Standing.CLEARED, Standing.INVOLVED]
    (service,) = found[Subject.SERVICE].reason
    assert (service.id, service.values["how"]) == ("answer-service-closed", "fin")
    assert found[Subject.NETWORK].reason == (weighed["path_loss"],)
    assert found[Subject.HOST].reason == (weighed["host_frozen_here"],)
    (unnoticed,) = found[Subject.APPLICATION].reason
    assert unnoticed == fin_unnoticed(case)
    assert unnoticed.values["least"] == Duration(52_000_000_000)


def test_a_frozen_host_is_named() -> None:
    case = case_of(gap_before_close(), resumed_neighbour(1, 31.502), resumed_neighbour(2, 31.503))
    host = answers(case)[Subject.HOST]
    assert (host.standing, host.reason[0].id) == (Standing.INVOLVED, "answer-host-stood-still")
    assert answers(case_of(gap_before_close()))[Subject.HOST].standing is Standing.NOT_CLEARED


def test_an_own_close_clears_the_service() -> None:
    found = answers(case_of(Story().handshake().data(1.0, SERVER).reset(3.0, CLIENT)))
    service, application = found[Subject.SERVICE], found[Subject.APPLICATION]
    assert (service.standing, ids(service.reason)) == (Standing.CLEARED, ["answer-service-was-left"])
    assert (application.standing, ids(application.reason)) == (Standing.INVOLVED, ["answer-application-ended-it"])


def test_who_gave_up_on_a_silent_peer_clears_neither_it_nor_the_path() -> None:
    service = answers(case_of(Story().handshake().data(1.0, SERVER).gave_up(6.0, 2)))[Subject.SERVICE]
    assert (service.standing, ids(service.reason)) == (Standing.NOT_CLEARED, ["answer-path-or-host-silent"])


def test_a_path_may_have_a_device_that_reset_though_it_carried_packets() -> None:
    case = case_of(Story().handshake().data(1.0, SERVER).probes(6.0, 3).reset(18.3, SERVER))
    network = answers(case)[Subject.NETWORK]
    assert (network.standing, ids(network.reason)) == (Standing.NOT_CLEARED, ["answer-device-may-have-reset"])


def test_a_path_on_which_octets_are_missing_is_not_without_a_sign() -> None:
    story = Story().handshake().data(1.0, CLIENT).after_unseen(5.0, SERVER, 1148).frame(5.01, CLIENT)
    network = answers(case_of(story, lasts=90.0))[Subject.NETWORK]
    assert (network.standing, ids(network.reason)) == (Standing.NOT_CLEARED, ["health-hole"])


def test_a_dead_path_and_a_dead_peer_are_not_told_apart() -> None:
    case = case_of(Story().handshake().data(1.0, SERVER).gave_up(6.0, 2))
    service, network = (answers(case)[subject] for subject in (Subject.SERVICE, Subject.NETWORK))
    assert (service.standing, ids(service.reason)) == (Standing.NOT_CLEARED, ["answer-path-or-host-silent"])
    assert (network.standing, ids(network.reason)) == (Standing.NOT_CLEARED, ["answer-same-reason"])
    assert network.reason[0].values == {"subject": Subject.SERVICE, "of_client": False}
    assert network.reason[0].frames
    assert "answer-same-reason" not in {i for a in answers(case_of(overlooked_close())).values() for i in ids(a.reason)}
    assert "open-what-was-lost" in ids(not_told(case, diagnose(case)[0]))


def test_the_age_at_a_close_is_proved_by_both_frames() -> None:
    told = facts(case_of(Story().handshake().data(1.0, SERVER).gave_up(6.0, 2)))["fact-data-idle"]
    first, last = told.frames
    assert (first, last - first) == (number(1.0), int(str(told.value)) // NS_PER_MS)


def test_what_cannot_be_told() -> None:
    case = case_of(overlooked_close())
    told = not_told(case, diagnose(case)[0])
    assert ids(told) == ["open-who-sent-the-close", "open-which-limit", "open-why-silent", "open-why-forgotten"]
    explanations = [
        replace(one, status=Status.RULED_OUT) if one.id is ExplanationId.MIDDLEBOX_CLOSE else one
        for one in diagnose(case)[0]
    ]
    assert ids(not_told(case, explanations))[0] == "open-which-program-closed"
    assert told[1].values["age"] == told[2].values["age"] == Duration(60_000_000_000)
    assert told[3].values["after"] == Duration(5_200_000_000)
    open_case = case_of(Story().handshake())
    assert ids(not_told(open_case, diagnose(open_case)[0])) == ["open-how-it-ended"]


def test_who_waits_for_a_reply_is_not_asked_why_it_said_nothing() -> None:
    waited = Story().handshake().data(1.0, SERVER).data(2.0, CLIENT).frame(2.01, SERVER).fin(32.0, SERVER, 2.0)
    case = case_of(waited)
    assert "open-why-silent" not in ids(not_told(case, diagnose(case)[0]))


def test_who_gives_up_its_own_data_has_no_age_of_data_and_no_blame() -> None:
    story = Story().handshake().data(1.0, CLIENT).sent_again(SERVER, 5.0, 5.2, 5.6, 6.4, 8.0, 11.2)
    case = case_of(story.frame(17.6, SERVER, flags=FLAG_RST | FLAG_ACK))
    told = facts(case)
    assert "fact-data-idle" not in told
    assert told["fact-unacknowledged"].value == Duration(12_600_000_000)
    assert told["fact-unacknowledged"].frames == (number(5.0), number(17.6))
    found = answers(case)
    service, host = found[Subject.SERVICE], found[Subject.HOST]
    assert (service.standing, ids(service.reason)) == (Standing.NO_SIGN, ["answer-service-gave-up"])
    assert host.standing is not Standing.UNKNOWN
    assert not [told for told in application_side(case, None) if told.id.startswith("reset-drawn")]


def test_a_connection_that_never_was_has_no_fact_on_probes() -> None:
    asked = Story().frame(1.0, CLIENT, flags=FLAG_SYN)
    assert not [name for name in facts(case_of(asked)) if "probes" in name]
    assert "fact-probes" in facts(case_of(Story().handshake()))


def test_who_has_a_share_is_not_cleared_because_the_other_end_closed() -> None:
    """A client that gave up the wait closed the connection, and that clears nobody whom it waited for."""
    waited = asked().data(5.0, CLIENT).frame(5.01, SERVER).fin(15.0, CLIENT, 5.0).answering_fin(15.1, SERVER)
    service = answers(case_of(waited))[Subject.SERVICE]
    assert (service.standing, ids(service.reason)) == (Standing.NOT_CLEARED, ["peer-stalled-no-reply"])
    replied = asked().fin(15.0, CLIENT, 3.1).answering_fin(15.1, SERVER)
    assert answers(case_of(replied))[Subject.SERVICE].standing is Standing.CLEARED


def test_a_host_that_may_have_stood_still_is_not_cleared_because_the_other_end_closed() -> None:
    late = Story().handshake().data(0.1, SERVER).probes(5.1, 2).probes_in_vain(15.1, 3).probe(30.1)
    late.unanswered(25.1, 30.1, 3).fin(40.0, CLIENT, 0.1).answering_fin(40.1, SERVER)
    service = answers(case_of(late))[Subject.SERVICE]
    assert (service.standing, ids(service.reason)) == (Standing.NOT_CLEARED, ["wait-probes-no-answer"])


@pytest.mark.parametrize("is_reading", [True, False])
def test_an_application_with_a_share_that_ended_nothing_is_told_for_what_it_left_undone(is_reading: bool) -> None:
    story = asked()
    for seconds in (5.0, 5.4, 6.2, 7.8, 11.0):
        story.frame(seconds, SERVER).frame(seconds + 0.01, CLIENT).marked(seconds + 0.01, window=9 * is_reading)
    told = answers(case_of(story))[Subject.APPLICATION]
    assert told.standing is (Standing.NO_SIGN if is_reading else Standing.INVOLVED)
    assert ids(told.reason) == ["answer-application-nothing" if is_reading else "peer-stalled-window-closed"]


def test_a_host_in_whose_name_a_device_may_have_closed_is_not_cleared() -> None:
    """Captured at the client, and asked by the server's end: the RST in its name came from another distance."""
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 2).reset(13.0, SERVER, ttl=40)
    host = answers(case_of(story, local=SERVER))[Subject.HOST]
    assert (host.standing, ids(host.reason)) == (Standing.NOT_CLEARED, ["answer-network-may-have-sent-it"])
    own = Story().handshake().data(1.0, SERVER).probes(6.0, 2).reset(13.0, SERVER)
    assert answers(case_of(own, local=SERVER))[Subject.HOST].standing is not Standing.NOT_CLEARED


@pytest.mark.parametrize(
    ("logged", "told"),
    [
        (62.5, "2.500 s after the close"),
        (60.0, "At the time of the close, as far as the log tells, which counts in steps of 1.000 s"),
        (59.5, "At the time of the close, as far as the log tells, which counts in steps of 1.000 s"),
        (59.0, "1.000 s before the close"),
    ],
)
def test_a_line_is_written_before_the_close_or_after_it_as_far_as_its_stamp_tells(logged: float, told: str) -> None:
    """The stamp has whole seconds, and stands for the second that it begins."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).fin(60.0, SERVER, 1.1)
    case = case_of(story, log="broken pipe", logged=logged, lasts=90.0)
    facts = {Words("en").say(fact.label): fact for fact in key_facts(case)}
    note = facts["Error logged at"].note
    assert isinstance(note, Claim)
    assert Words("en").say(note) == told


def test_probes_are_told_of_the_end_that_sent_some() -> None:
    case = case_of(Story().handshake().data(1.0, SERVER).data(1.1, CLIENT).probe(6.1, SERVER).probe(11.1, SERVER))
    assert facts(case)["fact-probes"].label.values == {"who": Party.SERVER}
    assert value_of(facts(case)["fact-probes"]).values == {"sent": 2, "answered": 2, "missed": 0, "rested": False}
    both = case_of(Story().handshake().data(1.0, SERVER).probe(6.0).probe(8.0, SERVER).probe(13.0))
    assert facts(both)["fact-probes"].label.values == {"who": Party.CLIENT}


def test_what_was_missed_after_the_close_is_not_told_before_it() -> None:
    """One interval before the FIN, several after it, in which the socket was kept open."""
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 2).fin(17.5, SERVER, 1.0).probe(40.0, after_fin=17.5)
    case = case_of(story)
    assert sum(found.intervals for found in case.connection.missed(CLIENT)) > 1
    told = value_of(facts(case)["fact-probes-before-the-close"]).values
    assert told == {"sent": 2, "answered": 2, "missed": 1, "rested": False}
    sentence = keepalive_sentence(case)
    assert sentence is not None
    assert sentence.values["missed"] == 1
    assert value_of(facts(case_of(gap_before_close()))["fact-probes-before-the-close"]).values["missed"] == 3


def test_where_no_connection_came_to_be_nothing_is_told_of_keep_alive() -> None:
    asked_for = Story().frame(0.0, CLIENT, flags=FLAG_SYN)
    for seconds in (1.0, 3.0, 7.0):
        asked_for.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=True)
    silent = case_of(asked_for, lasts=30.0)
    refused = case_of(
        Story().frame(0.0, CLIENT, flags=FLAG_SYN).frame(0.001, SERVER, flags=FLAG_RST | FLAG_ACK), lasts=30.0
    )
    assert keepalive_rows(silent) == keepalive_rows(refused) == ()
    assert ids(not_told(silent, diagnose(silent)[0])) == ["open-did-the-syn-arrive"]
    assert ids(not_told(refused, diagnose(refused)[0])) == ["open-who-refused"]
    assert len(keepalive_rows(case_of(Story().handshake()))) == 2


def test_up_to_where_a_silence_before_a_reset_is_counted_is_said() -> None:
    """An RST that answers data came at once after them; the silence is that before the data."""
    story = Story().handshake().data(1.0, SERVER).data(61.0, CLIENT).reset(61.2, SERVER, "data", 61.0)
    case = case_of(story)
    found = facts(case)["fact-data-idle-refused"]
    assert (found.value, note_of(found).id) == (Duration(60_000_000_000), "fact-up-to-what-drew-the-reset")
    assert found.frames == tuple(frame.number for frame in case.connection.frames if frame.length)
    story = Story().handshake().data(1.0, SERVER).frame(1.01, CLIENT).reset(61.2, SERVER)
    assert note_of(facts(case_of(story))["fact-data-idle"]).id == "fact-since-the-last-data"


@pytest.mark.parametrize(
    ("local", "language", "called"),
    [(CLIENT, "en", "Service"), (SERVER, "en", "Other end (client)"), (SERVER, "zh", "对端（客户端）")],
)
def test_a_client_that_is_asked_about_is_not_called_the_service(local: str, language: str, called: str) -> None:
    """Where the server is the local end, the other one is the client."""
    service = answers(case_of(idle_close(), local=local))[Subject.SERVICE]
    assert Words(language).label("subject-service", of_client=service.of_client) == called


@pytest.mark.parametrize(("last", "is_told"), [(1.02, False), (1.5, True), (60.9, False), (60.7, True)])
def test_a_silence_of_all_is_told_where_it_is_another_than_that_of_the_data(last: float, is_told: bool) -> None:
    """The ACK of the last data began none, and what came with the close broke none: one number for one fact."""
    story = Story().handshake().data(1.0, CLIENT).data(1.01, SERVER).frame(last, CLIENT).fin(61.0, SERVER, 1.01)
    assert ("fact-packet-idle" in facts(case_of(story, lasts=90.0))) is is_told
