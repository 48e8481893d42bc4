"""Whose frame the closing one is: what an RST without options is worth, and a packet counter that goes on."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.likeness import Likeness, likeness
from pyreport.diagnosis.result import Attribution, Kind, Status
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, verdict_of, weigh

TIMES = (1.0, 1.1, 2.0, 2.1, 3.0, 3.1)


def closed_by(story: Story) -> Likeness:
    connection = case_of(story).connection
    closing = connection.frame(number(61.0))
    assert closing is not None
    return likeness(connection, closing)


def talked() -> Story:
    story = Story().handshake()
    for seconds in TIMES:
        story.data(seconds, CLIENT)
    return story.frame(3.2, SERVER)


def numbered(ids: tuple[int, ...], last: int) -> Story:
    """The client's packets with these identifications, then its RST with the last one."""
    story = talked().reset(61.0, CLIENT).marked(61.0, ip_id=last, window=0)
    for seconds, ip_id in zip(TIMES, ids, strict=True):
        story.marked(seconds, ip_id=ip_id)
    return story


def test_an_rst_with_an_ack_of_a_side_that_never_used_options_is_not_bare() -> None:
    assert not closed_by(talked().reset(61.0, CLIENT).marked(61.0, window=0)).is_bare


def test_an_rst_without_an_ack_or_without_the_options_of_its_side_is() -> None:
    refused = talked().frame(60.9, SERVER).reset(61.0, CLIENT, "ack", 60.9)
    assert closed_by(refused.marked(61.0, window=0)).is_bare
    stamped = talked().reset(61.0, CLIENT).marked(61.0, window=0)
    for seconds in TIMES:
        stamped.marked(seconds, timestamp=round(seconds * 1000))
    assert closed_by(stamped).is_bare


@pytest.mark.parametrize(
    ("ids", "last", "is_own"),
    [
        ((100, 115, 1_080, 1_083, 1_082, 1_084), 1_128, True),  # the host's counter, two packets in another order
        ((65_500, 65_515, 20, 23, 22, 24), 60, True),  # it wraps
        ((100, 115, 1_080, 1_083, 1_082, 1_084), 30_000, False),  # another counter
        ((100, 40_000, 7, 30_000, 12, 20_000), 20_010, False),  # no counter at all
        ((100, 100, 100, 100, 100, 100), 101, False),  # one number for all packets
    ],
)
def test_a_counter_of_the_whole_host_that_goes_on_is_that_hosts(ids: tuple[int, ...], last: int, is_own: bool) -> None:
    assert closed_by(numbered(ids, last)).is_own_socket is is_own


def test_a_client_that_resets_its_idle_connection_is_known_at_the_server_too() -> None:
    case = case_of(at_the_server(numbered((100, 115, 1_080, 1_083, 1_082, 1_084), 1_128)))
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.LOCAL_CLOSED, (Attribution.LOCAL_APPLICATION,))
    assert weigh("middlebox_close", case).status is Status.RULED_OUT
