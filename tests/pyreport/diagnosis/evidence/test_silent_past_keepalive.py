"""An MQTT client that was silent for longer than it had named, and when that is why the server closed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.application.mqtt_keepalive import NamedKeepAlive
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.silent_past_keepalive import silent_past_keepalive
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number

NAMED = 20  # seconds; the server closes after 30


def closed(
    silence: float, *, by: str = SERVER, reset: bool = False, answers: bool = False, before: float = 5.0,
    at_server: bool = False,
) -> Case:  # fmt: skip
    """The client connects at 1 s and says something once more, ``before`` seconds later; a side closes."""
    story = Story().handshake().data(1.0, CLIENT, 40).data(1.02, SERVER, 4).frame(1.03, CLIENT)
    last = 1.0 + before
    closes = round(last + silence, 3)
    story.data(last, CLIENT, 60).frame(last + 0.02, SERVER)
    if answers:
        story.frame(closes - 0.02, CLIENT).reset(closes, SERVER, "ack", closes - 0.02)
    elif reset:
        story.reset(closes, by)
    else:
        story.fin(closes, by, last)
    case = case_of(at_the_server(story) if at_server else story, lasts=closes + 1.0, local=CLIENT)
    return replace(case, named=NamedKeepAlive(number(1.0), Endpoint(CLIENT), NAMED))


@pytest.mark.parametrize(
    ("silence", "is_told"),
    [
        (29.938, False),
        (29.939, True),  # a round trip of 11 ms, and what timers take
        (30.0, True),
        (40.0, True),  # Mosquitto looks every 5 s
        (40.001, False),
    ],
)
def test_a_server_closes_after_one_and_a_half_times_what_the_client_had_named(silence: float, is_told: bool) -> None:
    case = closed(silence)
    told = silent_past_keepalive(case)
    assert (told is not None) is is_told
    if told is not None:
        assert told.frames == (number(1.0), number(6.0), number(6.0 + silence))
        assert (told.values["who"], told.values["frame"]) == (case.local_party, number(1.0))
        assert (told.values["named"], told.values["silence"]) == (20_000_000_000, round(silence * 1000) * 1_000_000)
        assert told.values["is_seen"] is True


def test_at_the_server_nobody_knows_what_the_client_had_sent() -> None:
    told = silent_past_keepalive(closed(30.0, at_server=True))
    assert told is not None
    assert told.values["is_seen"] is False


def test_an_rst_of_the_server_is_a_close_unless_it_answers_something() -> None:
    assert silent_past_keepalive(closed(30.0, reset=True)) is not None
    assert silent_past_keepalive(closed(30.0, answers=True)) is None


@pytest.mark.parametrize(("before", "is_told"), [(40.0, True), (40.001, False)])
def test_a_server_that_let_a_longer_silence_pass_does_not_hold_the_client_to_it(before: float, is_told: bool) -> None:
    assert (silent_past_keepalive(closed(30.0, before=before)) is not None) is is_told


def test_the_client_may_close_when_it_likes() -> None:
    assert silent_past_keepalive(closed(30.0, by=CLIENT)) is None
    assert silent_past_keepalive(replace(closed(30.0), named=None)) is None
