"""What an end said of why it ends the connection, and what that decides."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.application.farewells import Said
from pyreport.application.parting import Form, Parting, Why
from pyreport.base.claim import Party
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.last_words import (
    pings_of_local,
    tell_last_words,
    unheard_by_peer,
    words_of_peer,
)
from pyreport.diagnosis.result import Attribution, Kind, Status
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, verdict_of, weigh
from tests.pyreport.told import ids


def case_that(why: Why, by: Endpoint = SERVER, *, form: Form = Form.LINE, text: str = "bye", code: str = "42") -> Case:
    """The server closes 33.4 s after the last data, which its words, or the client's, came with."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT).data(34.4, SERVER)
    case = case_of(story.fin(34.401, SERVER, 34.4), lasts=60.0, local=CLIENT)
    return replace(case, said=Said(number(34.4), by, Parting(form, code, text, why)))


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (Why.LEAVE, ["last-words-leave"]),
        (Why.OTHER, ["last-words"]),
        (Why.IDLE, ["last-words", "last-words-mean"]),
        (Why.SHUTDOWN, ["last-words", "last-words-mean"]),
    ],
)
@pytest.mark.parametrize("by", [SERVER, CLIENT])
def test_words_are_quoted_and_what_they_come_to_is_said(why: Why, told: list[str], by: Endpoint) -> None:
    case = case_that(why, by)
    claims = tell_last_words(case)
    assert ids(claims) == told
    assert all(claim.frames == (number(34.4),) for claim in claims)
    assert all(claim.values["who"] is (Party.SERVER if by == SERVER else Party.CLIENT) for claim in claims)
    assert claims[0].values["said"] == "bye"
    assert set(told) <= set(ids(verdict_of(case).claims))
    assert tell_last_words(replace(case, said=None)) == ()


@pytest.mark.parametrize(("by", "why", "is_reason"), [
    (SERVER, Why.IDLE, True), (SERVER, Why.OTHER, True), (SERVER, Why.LEAVE, False), (CLIENT, Why.IDLE, False),
])  # fmt: skip
def test_a_reason_is_one_of_the_peers(by: Endpoint, why: Why, is_reason: bool) -> None:
    case = case_that(why, by)
    assert words_of_peer(case) is (case.said if is_reason else None)
    assert words_of_peer(replace(case, said=None)) is None


@pytest.mark.parametrize(
    ("by", "why", "unheard"), [(SERVER, Why.UNHEARD, True), (SERVER, Why.IDLE, False), (CLIENT, Why.UNHEARD, False)]
)
def test_only_the_peer_can_say_that_it_did_not_hear_the_local_end(by: Endpoint, why: Why, unheard: bool) -> None:
    case = case_that(why, by)
    assert unheard_by_peer(case) is unheard
    assert not unheard_by_peer(replace(case, said=None))


@pytest.mark.parametrize(
    ("by", "text", "of_pings"),
    [(SERVER, "too_many_pings", True), (SERVER, "max_age", False), (CLIENT, "too_many_pings", False)],
)
def test_only_the_peer_can_say_that_the_local_end_sent_too_many_pings(by: Endpoint, text: str, of_pings: bool) -> None:
    case = case_that(Why.OTHER, by, form=Form.HTTP2, code="ENHANCE_YOUR_CALM", text=text)
    assert pings_of_local(case) is of_pings
    assert not pings_of_local(replace(case, said=None))


@pytest.mark.parametrize(
    ("code", "text", "told"),
    [
        ("ENHANCE_YOUR_CALM", "too_many_pings", ["goaway", "goaway-too-many-pings"]),
        ("NO_ERROR", "max_age", ["goaway", "goaway-said"]),
        ("NO_ERROR", "", ["goaway"]),
    ],
)
def test_a_goaway_is_told_by_its_error_and_what_it_says(code: str, text: str, told: list[str]) -> None:
    claims = tell_last_words(case_that(Why.OTHER, form=Form.HTTP2, code=code, text=text))
    assert ids(claims) == told
    assert (claims[0].values["error"], claims[0].values["who"]) == (code, Party.SERVER)


@pytest.mark.parametrize(
    ("why", "by", "status", "said"),
    [
        (Why.IDLE, SERVER, Status.SUPPORTED, "peer-idle-close-said"),
        (Why.SHUTDOWN, SERVER, Status.NO_EVIDENCE, "peer-idle-close-said-otherwise"),
        (Why.LEAVE, SERVER, None, ""),
        (Why.IDLE, CLIENT, None, ""),
    ],
)
def test_an_idle_limit_is_weighed_by_what_the_peer_says(
    why: Why, by: Endpoint, status: Status | None, said: str
) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT).fin(34.4, SERVER, 1.0)
    plain = case_of(story, lasts=60.0, local=CLIENT)
    case = replace(plain, said=Said(number(34.4), by, Parting(Form.LINE, "", "bye", why)))
    found = weigh("peer_idle_close", case)
    claims = [claim for claim in ids((*found.evidence, *found.against)) if claim.startswith("peer-idle-close-said")]
    assert claims == ([said] if said else [])
    assert found.status is (weigh("peer_idle_close", plain).status if status is None else status)
    if why is Why.IDLE and by == SERVER:
        assert verdict_of(case).kind is Kind.PEER_CLOSED_IDLE


@pytest.mark.parametrize(
    ("why", "by", "is_told"),
    [(Why.SHUTDOWN, SERVER, True), (Why.SHUTDOWN, CLIENT, False), (Why.OTHER, SERVER, False)],
)
def test_a_restart_is_what_the_peer_says_itself(why: Why, by: Endpoint, is_told: bool) -> None:
    found = weigh("peer_restart", case_that(why, by))
    assert ("peer-restart-said" in ids(found.evidence)) is is_told
    assert found.status is (Status.POSSIBLE if is_told else Status.NO_EVIDENCE)


@pytest.mark.parametrize(
    ("said", "answers", "is_of_peer"), [(True, False, True), (False, False, False), (True, True, False)]
)
def test_an_rst_with_a_reason_of_the_peers_is_the_peers(said: bool, answers: bool, is_of_peer: bool) -> None:
    """One that answers a segment is not what the peer spoke of."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    if answers:
        story.data(1.55, CLIENT).reset(1.6, SERVER, "data", 1.55)
    else:
        story.reset(1.6, SERVER)
    case = case_of(story, lasts=60.0, local=CLIENT)
    words = Said(number(1.0), SERVER, Parting(Form.LINE, "", "bye", Why.OTHER)) if said else None
    shares = verdict_of(replace(case, said=words)).attribution
    assert Attribution.PEER_SERVICE in shares
    assert (Attribution.NETWORK_PATH in shares) is not is_of_peer
