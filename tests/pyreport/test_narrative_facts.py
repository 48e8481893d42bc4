"""Key facts, the table of keep-alive, the four answers, and what cannot be told."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.narrative.answers import answer_the_question, not_told
from pyreport.narrative.key_facts import NOT_SEEN, keepalive_rows, key_facts
from pyreport.narrative.model import Fact
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    case_of,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    resumed_neighbour,
    steady_neighbour,
    texts,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def facts(case: Case) -> dict[str, Fact]:
    return {fact.label: fact for fact in key_facts(case, SHANGHAI)}


def test_the_facts_of_an_incident() -> None:
    found = facts(case_of(overlooked_close(), log="broken pipe", logged=113.0))
    assert found["Client"].value == CLIENT
    assert found["Server"].value == f"{SERVER} (Kafka)"
    assert found["Closed first by"].value == "the server, with a FIN"
    assert found["Closed at"].value == "2022-09-30 00:01:01.000000 +08:00"
    assert found["Closed at"].note == "2022-09-29 16:01:01.000000 UTC"
    assert found["Closed at"].frames == (number(61.0),)
    assert found["Data idle at the close"].value == "60.0 s"
    assert found["Data idle at the close"].frames == (number(1.0), number(61.0))
    assert found["Packet idle at the close"].value == "1.000 s"
    assert found["Kept by the local end after the FIN"].value == "5.200 s"
    assert found["Socket dead at"].frames == (number(66.0), number(66.2))
    assert found["Local probes before the close"].value == "11 sent, 11 answered; intervals missed: 0"
    assert found["Error logged at"].value == "2022-09-30 00:01:53.000 +08:00"
    assert found["Error logged at"].note == "52.0 s after the close"


def test_missed_intervals_are_counted() -> None:
    found = facts(case_of(gap_before_close()))["Local probes before the close"]
    assert found.value == "2 sent, 2 answered; intervals missed: 3"


def test_what_the_capture_lacks_is_said() -> None:
    found = facts(case_of(Story().handshake()))
    assert found["Closed by"].value == NOT_SEEN
    assert found["Local probes"].value == "none"
    assert "Closed at" not in found
    no_data = facts(case_of(Story().probes(6.0, 2).fin(20.0, SERVER, None)))
    assert no_data["Data idle at the close"].value == NOT_SEEN


@pytest.mark.parametrize(
    ("story", "until"),
    [
        (idle_close().answering_fin(62.0, CLIENT), "state CLOSE-WAIT, until its own FIN"),
        (overlooked_close(), "state CLOSE-WAIT, until the RST"),
        (idle_close(), "state CLOSE-WAIT, until the capture's end"),
    ],
)
def test_the_time_in_close_wait_has_an_end(story: Story, until: str) -> None:
    assert facts(case_of(story))["Kept by the local end after the FIN"].note == until


def test_keepalive_by_side() -> None:
    ours, theirs = keepalive_rows(case_of(overlooked_close()))
    assert (ours.side, ours.probes, ours.answered, ours.unanswered, ours.missed) == (f"Client {CLIENT}", 12, 11, 0, 0)
    assert ours.cadence_ns == 5_000_000_000
    assert ours.remark.startswith("One probe drew an RST. The interval of unanswered probes cannot be learned here")
    assert (theirs.probes, theirs.idle_ns) == (0, None)
    assert theirs.remark.startswith("Sent no probe in this capture")


def test_a_probe_that_the_capture_cuts_off_is_left_open() -> None:
    row, _ = keepalive_rows(case_of(Story().handshake().probe(6.0).probe(11.0, answered=False)))
    assert row.remark.startswith("Whether one probe got an answer, the capture does not tell.")


def answers(case: Case) -> list[str]:
    return [sentence.text for sentence in answer_the_question(case, *diagnose(case))]


def test_four_answers_to_the_articles_question() -> None:
    neighbours = (steady_neighbour(stream, 80.0) for stream in (1, 2))
    service, network, host, application = answers(
        case_of(overlooked_close(), *neighbours, log="broken pipe", logged=113.0, lasts=120.0)
    )
    assert service == "Service: involved. The server's end closed the connection, in order, with a FIN."
    assert network.startswith("Network: cleared. Eleven answers to keep-alive probes came in")
    assert host.startswith("Host: cleared. 2 other connections of this host sent")
    assert application.startswith("Application: involved. It left the FIN unread for at least 5.200 s; its error was")


def test_a_frozen_host_is_named() -> None:
    case = case_of(gap_before_close(), resumed_neighbour(1, 31.501), resumed_neighbour(2, 31.502))
    assert answers(case)[2].startswith("Host: it did not run.")
    assert answers(case_of(gap_before_close()))[2].startswith("Host: not cleared.")


def test_an_own_close_clears_the_service() -> None:
    service, *_, application = answers(case_of(Story().handshake().data(1.0, SERVER).reset(3.0, CLIENT)))
    assert service.startswith("Service: cleared for the close; the client ended the connection.")
    assert application == "Application: it ended the connection itself."


def test_a_dead_path_and_a_dead_peer_are_not_told_apart() -> None:
    story = Story().handshake().data(1.0, SERVER).probe(6.0, answered=False).probe(11.0, answered=False)
    case = case_of(story.unanswered(6.0, 11.0, 1).gave_up(16.0, CLIENT, 6.0, 11.0, 2))
    assert answers(case)[1].startswith("Network: the path, or the host behind it, did not answer")
    assert "Whether the probes or their answers were lost" in texts(not_told(case, diagnose(case)[0]))


def test_what_cannot_be_told() -> None:
    case = case_of(overlooked_close())
    told = texts(not_told(case, diagnose(case)[0]))
    assert "Whether the server itself or a device in front of it sent the close." in told
    assert "Which limit of 60.0 s it was" in told
    assert "Why the application of the client sent nothing for 60.0 s." in told
    assert "Why the other side had forgotten the connection 5.200 s after its FIN." in told
    open_case = case_of(Story().handshake())
    assert texts(not_told(open_case, diagnose(open_case)[0])) == (
        "How the connection ended. A capture that covers its end would tell."
    )
