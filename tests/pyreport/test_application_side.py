"""What is said of the application: only what holds, with its frames."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pyreport.application.kafka_messages import Exchange, Request
from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.diagnosis.case import Case
from pyreport.narrative.application_side import application_side
from pyreport.narrative.failed_write import failed_without_packet
from pyreport.quality.flaw import Flaw, Quality, RestsOn
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, idle_close, number, overlooked_close, texts

PIPE, RESET = "broken pipe", "connection reset by peer"


def about(case: Case, words: str, exchange: Exchange | None = None) -> Claim | None:
    """The one sentence with these words, None when there is none."""
    found = [sentence for sentence in application_side(case, exchange) if words in sentence.text]
    assert len(found) <= 1
    return found[0] if found else None


def told(case: Case, words: str, exchange: Exchange | None = None) -> Claim:
    found = about(case, words, exchange)
    assert found is not None, texts(application_side(case, exchange))
    return found


def short() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)


# The socket ----------------------------------------------------------------------------------------------------------


def test_a_probe_that_drew_the_reset() -> None:
    sentence = told(case_of(overlooked_close()), "drew the RST")
    assert sentence.text.startswith("A keep-alive probe of the client's kernel drew the RST")
    assert sentence.frames == (number(66.0), number(66.2))


def test_a_write_that_drew_the_reset() -> None:
    story = short().fin(5.0, SERVER, 1.0).write_after_fin(9.0, CLIENT, 5.0)
    sentence = told(case_of(story.reset_after_fin(9.1, SERVER, 9.0, "write", 5.0)), "drew the RST")
    assert sentence.text.startswith("A write of the client (100 bytes) drew the RST. For the program that write had")
    assert sentence.frames == (number(9.0), number(9.1))


def test_a_reset_that_answers_nothing_was_drawn_by_nothing() -> None:
    assert about(case_of(short().reset(4.0, SERVER)), "drew the RST") is None


def test_the_time_in_close_wait() -> None:
    assert told(case_of(overlooked_close()), "CLOSE-WAIT").text.endswith("for 5.200 s, from the FIN to the RST.")
    ended = told(case_of(idle_close().answering_fin(63.0, CLIENT)), "CLOSE-WAIT")
    assert ended.text.endswith("for 2.000 s, from the FIN to its own FIN.")
    assert ended.frames == (number(61.0), number(63.0))
    assert "for at least 29.0 s" in told(case_of(idle_close(), lasts=90.0), "CLOSE-WAIT").text
    assert about(case_of(idle_close().answering_fin(61.2, CLIENT)), "CLOSE-WAIT") is None


# The log line --------------------------------------------------------------------------------------------------------


def test_a_broken_pipe_after_the_probe() -> None:
    case = case_of(overlooked_close(), log=PIPE, logged=113.0)
    assert told(case, "a FIN first and an RST after it").frames == (number(61.0), number(66.2))
    assert told(case, "46.8 s after the RST").frames == (number(66.2),)
    assert told(case, "No packet exists for the failed write, which is expected").frames == (number(66.2),)


def test_a_reset_without_a_fin() -> None:
    case = case_of(short().reset(4.0, SERVER), log=RESET, logged=9.0)
    assert told(case, "means an RST with no FIN before it").frames == (number(4.0),)
    assert failed_without_packet(case) is not None


def test_what_the_capture_does_not_bear_out_is_not_proven() -> None:
    """Those are contradictions, told elsewhere."""
    assert about(case_of(overlooked_close(), log=RESET, logged=113.0), "no FIN before it") is None
    assert about(case_of(idle_close(), log=PIPE, logged=90.0), "an RST after it") is None
    assert about(case_of(short().reset(4.0, SERVER), log=PIPE, logged=9.0), "a FIN first") is None


def test_a_write_that_is_in_the_capture_is_not_missing() -> None:
    story = overlooked_close().data(112.9, CLIENT)
    assert failed_without_packet(case_of(story, log=PIPE, logged=113.0)) is None
    assert about(case_of(story, log=PIPE, logged=113.0), "No packet exists") is None


def test_a_read_needs_no_packet() -> None:
    case = case_of(short().reset(4.0, SERVER), log=RESET, logged=9.0)
    assert case.log is not None
    assert failed_without_packet(replace(case, log=replace(case.log, operation="read"))) is None


def test_a_line_that_came_at_once_is_not_late() -> None:
    assert about(case_of(short().reset(4.0, SERVER), log=RESET, logged=4.5), "The line was written") is None


def test_a_time_out_that_left_no_close() -> None:
    case = case_of(short(), log="connection timed out", logged=900.0)
    assert "nobody answered" in told(case, "means that nobody answered").text
    gave_up = short().gave_up(60.0, CLIENT, 6.0, 51.0, 9)
    assert told(case_of(gave_up, log="connection timed out", logged=61.0), "gave up").frames == (number(60.0),)


def test_without_a_log_nothing_is_said_of_an_error() -> None:
    said = texts(application_side(case_of(overlooked_close()), None))
    assert "means" not in said
    assert "No packet exists" not in said


# The last messages ---------------------------------------------------------------------------------------------------


def test_who_spoke_last() -> None:
    sentence = told(case_of(idle_close()), "spoke last")
    assert sentence.text == (
        "The server spoke last, 60.0 s before the close: 100 bytes. Before that, the client had sent 100 bytes."
    )
    assert sentence.frames == (number(0.9), number(0.9), number(1.0), number(1.0))
    alone = Story().handshake().data(1.0, CLIENT).fin(9.0, SERVER, 1.0)
    assert "No payload of the other side was captured." in told(case_of(alone), "spoke last").text
    assert about(case_of(Story().handshake()), "spoke last") is None


def request(seconds: float, correlation: int, answered: float | None = None, *, wants_answer: bool = True) -> Request:
    answer, answer_ns = (number(answered), at(answered)) if answered is not None else (None, None)
    return Request(number(seconds), at(seconds), 1, 4, correlation, "app", wants_answer, answer, answer_ns)


def test_an_answered_request() -> None:
    exchange = Exchange(SERVER, (request(0.5, 6, 0.6), request(0.9, 7, 1.0)), "kgo v1.2")
    sentence = told(case_of(idle_close()), "last Kafka request", exchange)
    assert sentence.text == (
        "The last Kafka request is Fetch version 4, correlation id 7, client id “app”, of a client that names itself "
        "“kgo v1.2”, 60.1 s before the close; answered after 100.0 ms."
    )
    assert sentence.frames == (number(0.9), number(1.0))
    none = told(case_of(idle_close()), "outstanding", exchange)
    assert none.text == "No request was outstanding at the close: the server owed no response."
    assert about(case_of(idle_close()), "spoke last", exchange) is None


def test_outstanding_requests() -> None:
    one = told(case_of(idle_close()), "outstanding", Exchange(SERVER, (request(0.9, 7),)))
    assert one.text == "One request was outstanding at the close: Fetch version 4, correlation id 7."
    assert one.frames == (number(0.9),)
    three = tuple(request(0.7 + i / 10, i, 70.0 if i == 1 else None) for i in range(3))
    several = told(case_of(idle_close()), "outstanding", Exchange(SERVER, three))
    assert several.text.startswith("Three requests were outstanding at the close; the oldest is Fetch version 4, corr")
    assert several.frames == (number(0.7), number(0.8), number(0.9))


def test_a_response_after_the_close_and_none_wanted() -> None:
    late = Exchange(SERVER, (request(0.9, 7, 61.2),))
    assert "the response came only after the close" in told(case_of(idle_close()), "last Kafka request", late).text
    silent = Exchange(SERVER, (request(0.9, 7, wants_answer=False),))
    assert "asks for no response (acks=0)" in told(case_of(idle_close()), "last Kafka request", silent).text
    assert "owed no response" in told(case_of(idle_close()), "outstanding", silent).text


def test_what_could_not_be_read_is_not_outstanding() -> None:
    doubtful = Exchange(SERVER, (request(0.9, 7),), unread=number(1.0))
    sentence = told(case_of(idle_close()), "outstanding", doubtful)
    assert "cannot be told" in sentence.text
    assert sentence.frames == (number(1.0),)


@pytest.mark.parametrize("claim", [RestsOn.ANSWERS, RestsOn.PAYLOAD])
def test_a_capture_that_lacks_frames_may_lack_the_response(claim: RestsOn) -> None:
    case = replace(case_of(idle_close()), quality=Quality(flaws=(Flaw("lost", sentence("Lost."), (claim,)),)))
    assert "may be among those" in told(case, "outstanding", Exchange(SERVER, (request(0.9, 7),))).text


def test_requests_after_the_close_are_not_the_last_before_it() -> None:
    exchange = Exchange(SERVER, (request(0.9, 7, 1.0), request(70.0, 8)))
    assert "correlation id 7" in told(case_of(idle_close()), "last Kafka request", exchange).text
