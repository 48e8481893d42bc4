"""What is said of the application: only what holds, with its frames."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.application.kafka_messages import Exchange, Request
from pyreport.base.claim import Claim, Duration, Party, claim
from pyreport.diagnosis.case import Case
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN
from pyreport.logs.registry import parse_log_line
from pyreport.narrative.application_side import application_side
from pyreport.narrative.close_wait import Until
from pyreport.narrative.failed_write import failed_without_packet
from pyreport.narrative.last_words import At
from pyreport.quality.flaw import Flaw, FlawId, Quality, RestsOn
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, idle_close, number, overlooked_close
from tests.pyreport.told import ids

PIPE, RESET = "broken pipe", "connection reset by peer"


def about(case: Case, identifier: str, exchange: Exchange | None = None) -> Claim | None:
    """The one claim of this id, None when there is none."""
    found = [claim for claim in application_side(case, exchange) if claim.id == identifier]
    assert len(found) <= 1
    return found[0] if found else None


def told(case: Case, identifier: str, exchange: Exchange | None = None) -> Claim:
    found = about(case, identifier, exchange)
    assert found is not None, ids(application_side(case, exchange))
    return found


def short() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)


# The socket ----------------------------------------------------------------------------------------------------------


def test_a_probe_that_drew_the_reset() -> None:
    found = told(case_of(overlooked_close()), "reset-drawn-by-probe")
    assert found.values == {"who": Party.CLIENT}
    assert found.frames == (number(66.0), number(66.2))


def test_a_write_that_drew_the_reset() -> None:
    story = short().fin(5.0, SERVER, 1.0).write_after_fin(9.0, CLIENT, 5.0)
    found = told(case_of(story.reset_after_fin(9.1, SERVER, 9.0, "write", 5.0)), "reset-drawn-by-write")
    assert found.values == {"who": Party.CLIENT, "sent": 100}
    assert found.frames == (number(9.0), number(9.1))


def test_a_reset_that_answers_nothing_was_drawn_by_nothing() -> None:
    assert not [c for c in ids(application_side(case_of(short().reset(4.0, SERVER)), None)) if "drawn" in c]


def test_the_time_in_close_wait() -> None:
    def kept(case: Case) -> tuple[object, object]:
        values = told(case, "close-wait").values
        return values["kept"], values["until"]

    assert kept(case_of(overlooked_close())) == (Duration(5_200_000_000), Until.RESET)
    ended = case_of(idle_close().answering_fin(63.0, CLIENT))
    assert kept(ended) == (Duration(2_000_000_000), Until.OWN_FIN)
    assert told(ended, "close-wait").frames == (number(61.0), number(63.0))
    assert kept(case_of(idle_close(), lasts=90.0)) == (Duration(29_000_000_000), Until.CAPTURE_END)
    assert about(case_of(idle_close().answering_fin(61.2, CLIENT)), "close-wait") is None


# The log line --------------------------------------------------------------------------------------------------------


def test_a_broken_pipe_after_the_probe() -> None:
    case = case_of(overlooked_close(), log=PIPE, logged=113.0)
    assert told(case, "error-proves-fin-then-rst").frames == (number(61.0), number(66.2))
    late = told(case, "error-logged-late")
    assert late.values == {"after": Duration(46_800_000_000), "sign": "reset"}
    assert late.frames == (number(66.2),)
    assert told(case, "no-packet-for-the-write").frames == (number(66.2),)


def test_a_reset_without_a_fin() -> None:
    case = case_of(short().reset(4.0, SERVER), log=RESET, logged=9.0)
    assert told(case, "error-proves-rst-alone").frames == (number(4.0),)
    assert failed_without_packet(case) is not None


def test_what_the_capture_does_not_bear_out_is_not_proven() -> None:
    """Those are contradictions, told elsewhere."""
    assert about(case_of(overlooked_close(), log=RESET, logged=113.0), "error-proves-rst-alone") is None
    assert about(case_of(idle_close(), log=PIPE, logged=90.0), "error-proves-fin-then-rst") is None
    assert about(case_of(short().reset(4.0, SERVER), log=PIPE, logged=9.0), "error-proves-fin-then-rst") is None


def test_a_write_that_is_in_the_capture_is_not_missing() -> None:
    story = overlooked_close().data(112.9, CLIENT)
    assert failed_without_packet(case_of(story, log=PIPE, logged=113.0)) is None
    assert about(case_of(story, log=PIPE, logged=113.0), "no-packet-for-the-write") is None


def test_a_read_needs_no_packet() -> None:
    case = case_of(short().reset(4.0, SERVER), log=RESET, logged=9.0)
    assert case.log is not None
    assert failed_without_packet(replace(case, log=replace(case.log, operation="read"))) is None


def test_a_line_that_came_at_once_is_not_late() -> None:
    assert about(case_of(short().reset(4.0, SERVER), log=RESET, logged=4.5), "error-logged-late") is None


def test_a_time_out_that_left_no_close() -> None:
    case = case_of(short(), log="connection timed out", logged=900.0)
    assert told(case, "error-of-silent-giving-up").values == {"error": "write: connection timed out"}
    gave_up = short().gave_up(6.0, 9)
    assert told(case_of(gave_up, log="connection timed out", logged=52.0), "error-proves-giving-up").frames == (
        number(51.0),
    )


def test_without_a_log_nothing_is_said_of_an_error() -> None:
    said = ids(application_side(case_of(overlooked_close()), None))
    assert said == ["spoke-last-before-close", "spoke-before", "close-wait", "reset-drawn-by-probe"]


# The last messages ---------------------------------------------------------------------------------------------------


def test_who_spoke_last() -> None:
    last, before = (
        told(case_of(idle_close()), identifier) for identifier in ("spoke-last-before-close", "spoke-before")
    )
    assert (last.id, before.id) == ("spoke-last-before-close", "spoke-before")
    assert last.values == {"who": Party.SERVER, "sent": 100, "before": Duration(60_000_000_000)}
    assert last.frames == (number(1.0), number(1.0))
    assert before.values == {"who": Party.CLIENT, "sent": 100}
    assert before.frames == (number(0.9), number(0.9))
    alone = Story().handshake().data(1.0, CLIENT).fin(9.0, SERVER, 1.0)
    assert told(case_of(alone), "spoke-alone").values == {"other": Party.SERVER}
    assert application_side(case_of(Story().handshake()), None) == ()


def request(seconds: float, correlation: int, answered: float | None = None, *, wants_answer: bool = True) -> Request:
    answer, answer_ns = (number(answered), at(answered)) if answered is not None else (None, None)
    return Request(number(seconds), at(seconds), 1, 4, correlation, "app", wants_answer, answer, answer_ns)


def fetch(correlation: int) -> Claim:
    return claim("kafka-request-named", api="Fetch", version="4", id=str(correlation))


def test_an_answered_request() -> None:
    exchange = Exchange(SERVER, (request(0.5, 6, 0.6), request(0.9, 7, 1.0)), "kgo v1.2")
    last, client, software, response, none, *_ = application_side(case_of(idle_close()), exchange)
    assert (last.id, last.frames) == ("kafka-last-request-before-close", (number(0.9),))
    assert last.values == {"request": fetch(7), "before": Duration(60_100_000_000)}
    assert client == claim("kafka-client-id", id="app")
    assert software == claim("kafka-client-software", name="kgo v1.2")
    assert response == claim("kafka-response", (number(1.0),), after=Duration(100_000_000))
    assert none == claim("kafka-none-outstanding", at=At.CLOSE, server=Party.SERVER)
    assert about(case_of(idle_close()), "spoke-last-before-close", exchange) is None


def test_outstanding_requests() -> None:
    exchange = Exchange(SERVER, (request(0.9, 7),))
    one = told(case_of(idle_close()), "kafka-outstanding", exchange)
    assert one == claim("kafka-outstanding", (number(0.9),), count=1, at=At.CLOSE)
    assert told(case_of(idle_close()), "kafka-oldest-outstanding", exchange).values["request"] == fetch(7)
    three = tuple(request(0.7 + i / 10, i, 70.0 if i == 1 else None) for i in range(3))
    several = told(case_of(idle_close()), "kafka-outstanding", Exchange(SERVER, three))
    assert several.values["count"] == 3
    oldest = told(case_of(idle_close()), "kafka-oldest-outstanding", Exchange(SERVER, three))
    assert oldest.values["request"] == fetch(0)
    assert several.frames == (number(0.7), number(0.8), number(0.9))


def test_a_response_after_the_close_and_none_wanted() -> None:
    late = Exchange(SERVER, (request(0.9, 7, 61.2),))
    assert told(case_of(idle_close()), "kafka-response-after-close", late).frames == (number(61.2),)
    silent = Exchange(SERVER, (request(0.9, 7, wants_answer=False),))
    told(case_of(idle_close()), "kafka-wants-no-response", silent)
    told(case_of(idle_close()), "kafka-none-outstanding", silent)


def test_what_could_not_be_read_is_not_outstanding() -> None:
    doubtful = Exchange(SERVER, (request(0.9, 7),), unread=number(1.0))
    found = told(case_of(idle_close()), "kafka-outstanding-untold", doubtful)
    assert found.frames == (number(1.0),)


@pytest.mark.parametrize("ground", [RestsOn.ANSWERS, RestsOn.PAYLOAD])
def test_a_capture_that_lacks_frames_may_lack_the_response(ground: RestsOn) -> None:
    case = replace(case_of(idle_close()), quality=Quality(flaws=(Flaw(FlawId.LOST_FRAMES, Claim("lost"), (ground,)),)))
    told(case, "kafka-response-may-be-missing", Exchange(SERVER, (request(0.9, 7),)))


def test_requests_after_the_close_are_not_the_last_before_it() -> None:
    exchange = Exchange(SERVER, (request(0.9, 7, 1.0), request(70.0, 8)))
    last = told(case_of(idle_close()), "kafka-last-request-before-close", exchange)
    assert last.values["request"] == fetch(7)


def test_a_farewell_is_not_what_was_said_last() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER)
    closed = case_of(story.data(61.0, SERVER, length=24).fin(61.001, SERVER, 61.0))
    assert closed.ending.fin is not None
    assert closed.ending.fin.farewell_frame == number(61.0)
    last = told(closed, "spoke-last-before-close")
    assert (last.frames, last.values["sent"]) == ((number(1.0), number(1.0)), 100)
    assert last.values["before"] == Duration(at(61.001) - at(1.0))


def test_what_comes_with_the_fin_was_said_no_time_before_it() -> None:
    story = Story().data(1.0, SERVER)
    said = ids(application_side(case_of(story.frame(5.0, CLIENT, flags=FLAG_FIN | FLAG_ACK, length=12)), None))
    assert "spoke-last" in said
    assert "spoke-last-before-close" not in said


CALM = "rpc error: code = Unavailable desc = error reading from server: EOF, received prior goaway: code: "


def test_the_reason_that_the_peer_gave_is_told() -> None:
    case = case_of(short().fin(5.0, SERVER, 1.0), log="broken pipe", logged=9.0)
    for debug_data, expected in (('ENHANCE_YOUR_CALM, debug data: "too_many_pings"', True), ("NO_ERROR", False)):
        said = replace(case, log=parse_log_line(CALM + debug_data))
        assert (about(said, "error-tells-reason") is not None) is expected
    said = replace(case, log=parse_log_line(CALM + '"too_many_pings"'))
    assert told(said, "error-tells-reason").values == {"who": Party.SERVER, "reason": "too_many_pings"}


def test_a_server_that_took_pings_for_too_many_says_so_of_itself() -> None:
    line = "ERROR: [transport] Got too many pings from the client, closing the connection."
    case = case_of(short().fin(5.0, SERVER, 1.0), log="broken pipe", logged=9.0, local=SERVER)
    assert told(replace(case, log=parse_log_line(line)), "error-tells-reason").values["who"] is Party.SERVER
