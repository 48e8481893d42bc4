"""A process of the peer that ended with all its connections, at the edges of what tells it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.result import Explanation, Status
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, weigh
from tests.pyreport.told import ids

CLOSED = 61.0
AGES = (33.4, 41.7, 52.9)  # no limit of any product, and no whole seconds


def closed(stream: int, moment: float = CLOSED, age: float = AGES[0], *, by: str = SERVER) -> Story:
    client = CLIENT if not stream else f"10.0.0.1:{41000 + stream}"
    story = Story(client, SERVER, stream).handshake(moment - age - 1.0).data(moment - age - 0.1, client)
    return story.data(moment - age, SERVER).frame(moment - age + 0.01, client).fin(moment, by, moment - age)


def lives(until: float) -> Story:
    """Another connection of the service, which speaks once more at that time."""
    client = "10.0.0.1:41009"
    return Story(client, SERVER, 9).handshake(0.5).data(1.0, client).data(until, SERVER).frame(until + 0.01, client)


def syn(seconds: float, flags: int | None) -> Story:
    """The next attempt to connect, and what it draws 10 ms later."""
    client = "10.0.0.1:41008"
    story = Story(client, SERVER, 8).frame(seconds - 0.01, client, flags=FLAG_SYN)
    return story if flags is None else story.frame(seconds, SERVER, flags=flags)


def found(*others: Story, moments: tuple[float, ...] = (CLOSED,), by: str = SERVER) -> Explanation:
    """``moments``: when the closes came, each at another age; the first is the one that is asked about."""
    stories = [closed(stream, moment, AGES[stream], by=by) for stream, moment in enumerate(moments)]
    return weigh("peer_restart", case_of(stories[0], *stories[1:], *others, lasts=200.0, local=CLIENT))


@pytest.mark.parametrize(
    ("moments", "status"),
    [
        ((CLOSED,), Status.NO_EVIDENCE),
        ((CLOSED, 61.5), Status.POSSIBLE),
        ((CLOSED, 62.0), Status.POSSIBLE),
        ((CLOSED, 62.001), Status.NO_EVIDENCE),
        ((CLOSED, 61.05, 61.1), Status.SUPPORTED),
    ],
)
def test_closes_within_a_second_may_be_one_end(moments: tuple[float, ...], status: Status) -> None:
    weighed = found(moments=moments)
    assert weighed.status is status
    together = [claim.values["closes"] for claim in weighed.evidence if claim.id.startswith("closed-together")]
    assert together == ([len(moments)] if status is not Status.NO_EVIDENCE else [])


@pytest.mark.parametrize(
    ("seconds", "flags", "status", "outcome"),
    [
        (121.0, FLAG_RST | FLAG_ACK, Status.SUPPORTED, "for"),
        (121.001, FLAG_RST | FLAG_ACK, Status.POSSIBLE, "for"),  # it may be another reason by then
        (70.0, FLAG_SYN | FLAG_ACK, Status.NO_EVIDENCE, "against"),
        (70.0, None, Status.NO_EVIDENCE, ""),
    ],
)
def test_who_does_not_listen_within_a_minute_is_down(
    seconds: float, flags: int | None, status: Status, outcome: str
) -> None:
    weighed = found(syn(seconds, flags))
    assert weighed.status is status
    assert ("next-opening" in ids(weighed.evidence)) is (outcome == "for" or outcome == "against")
    if status is Status.NO_EVIDENCE:
        assert (ids(weighed.evidence) == ["next-opening"]) is (outcome == "against")


@pytest.mark.parametrize(("until", "status"), [(62.0, Status.NO_EVIDENCE), (62.001, Status.RULED_OUT)])
def test_a_service_that_speaks_on_another_connection_a_second_later_runs(until: float, status: Status) -> None:
    assert found(lives(until)).status is status


@pytest.mark.parametrize(
    ("apart", "until", "lives_on"),
    [
        (0.006, 61.206, False),
        (0.006, 61.207, True),
        (0.05, 61.55, False),
        (0.05, 61.551, True),
        (0.2, 62.2, False),
        (0.2, 62.201, True),
    ],
)
def test_one_process_of_several_may_have_ended(apart: float, until: float, lives_on: bool) -> None:
    """Of closes that were one event, ten times as long after it, 200 ms at least, and a second at most."""
    moments = (CLOSED, round(CLOSED + apart / 2, 3), round(CLOSED + apart, 3))
    weighed = found(lives(until), moments=moments)
    assert (weighed.status is Status.POSSIBLE) is lives_on
    assert ("peer-restart-others-went-on" in ids(weighed.against)) is lives_on


def test_the_own_close_or_none_is_no_end_of_the_peer() -> None:
    assert found(by=CLIENT).status is Status.RULED_OUT
    still = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(1.2, CLIENT)
    assert weigh("peer_restart", case_of(still, lasts=90.0)).status is Status.NO_EVIDENCE


@pytest.mark.parametrize(("refused", "lives_on"), [(62.0, False), (62.001, True)])
def test_what_the_service_refuses_within_a_second_of_the_close_had_ended_with_it(
    refused: float, lives_on: bool
) -> None:
    """It speaks once more 0.3 s after the closes, and then has no such connection."""
    client = "10.0.0.1:41009"
    other = Story(client, SERVER, 9).handshake(0.5).data(1.0, client).data(61.3, SERVER).frame(61.31, client)
    other.data(refused - 0.01, client).reset(refused, SERVER, "data", refused - 0.01)
    weighed = found(other, moments=(CLOSED, 61.003, 61.006))
    assert ("peer-restart-others-went-on" in ids(weighed.against)) is lives_on
