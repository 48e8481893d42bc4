"""Connections to which the same thing happened are one event, the worst first."""

from __future__ import annotations

import pytest

from pyreport.base.claim import claim
from pyreport.base.units import NS_PER_MS
from pyreport.choice.events import Told, events_of
from pyreport.choice.loss import level_of, lost
from pyreport.diagnosis.event import Common, event_of
from pyreport.diagnosis.result import Kind
from pyreport.frames.finding import Level
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN
from pyreport.words import LANGUAGES, Words
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, resumed_neighbour, verdict_of

HOST = "10.0.0.1"


def told(*stories: Story) -> tuple[Told, ...]:
    """The events of all stories, each connection judged among the others."""
    rows = []
    for index, story in enumerate(stories):
        case = case_of(story, *stories[:index], *stories[index + 1 :])
        rows.append((case, verdict_of(case)))
    return events_of(rows)


def closed(stream: int, last: float, fin: float, host: str = HOST) -> Story:
    """A connection that the server closes and its client goes on writing to."""
    client = f"{host}:{41000 + stream}"
    story = Story(client, stream=stream).handshake(0.1 + stream / 40).data(last, SERVER).fin(fin, SERVER, last)
    return story.write_after_fin(fin + 3.0 + stream / 100, client, fin)


def test_a_restart_is_one_event() -> None:
    stories = [closed(stream, 1.0 + stream / 2, 30.0 + stream / 500) for stream in range(5)]
    (only,) = told(*stories)
    assert (only.event.kind, only.event.common) == (Kind.PEER_RESTARTED, Common.MOMENT)
    assert sorted(only.event.streams) == [0, 1, 2, 3, 4]
    assert (only.event.near, only.event.far) == (HOST, SERVER)
    assert only.event.last_ns - only.event.first_ns == 8 * NS_PER_MS
    case = case_of(*stories)
    event = event_of(case, verdict_of(case))
    assert event is not None
    assert sorted(event.streams) == [0, 1, 2, 3, 4]


def test_a_restart_is_one_event_whoever_the_clients_were() -> None:
    (only,) = told(*(closed(n, 1.0 + n / 2, 30.0 + n / 500, host=f"10.0.0.{1 + n % 3}") for n in range(6)))
    assert (only.event.kind, only.event.hosts, len(only.event.streams)) == (Kind.PEER_RESTARTED, 3, 6)


def test_two_restarts_are_two() -> None:
    first = [closed(stream, 1.0 + stream / 2, 30.0 + stream / 500) for stream in range(3)]
    second = [closed(3 + stream, 31.0 + stream / 2, 90.0 + stream / 500) for stream in range(3)]
    events = told(*first, *second)
    assert [len(event.rows) for event in events] == [3, 3]


def refused(port: int) -> Story:
    """A SYN to a port on which nobody listens."""
    client, server = f"{HOST}:{41000 + port}", f"10.0.9.9:{port}"
    story = Story(client, server, stream=port).frame(0.1 + port / 40, client, flags=FLAG_SYN)
    return story.frame(0.11 + port / 40, server, flags=FLAG_RST | FLAG_ACK)


def test_a_port_scan_is_one_event() -> None:
    (only,) = told(*map(refused, range(5)))
    assert (only.event.kind, only.event.near, only.event.far) == (Kind.NEVER_OPENED, HOST, "10.0.9.9")


def half_open(client: int) -> Story:
    """A SYN of a host of its own, and SYN-ACKs that nobody takes (https://github.com/netdata/netdata/issues/8249)."""
    ends = f"203.0.113.{client}:41000", "10.0.9.9:80"
    story = Story(*ends, stream=client).frame(0.1 + client / 40, ends[0], flags=FLAG_SYN)
    for wait in (0.001, 1.0, 3.0, 7.0, 15.0):
        story.frame(0.1 + client / 40 + wait, ends[1], flags=FLAG_SYN | FLAG_ACK, retransmission=wait >= 1)
        story.lost.add(number(0.1 + client / 40 + wait))
    return story


@pytest.mark.parametrize(("clients", "events"), [(5, 1), (4, 4)])
def test_what_does_not_open_from_many_hosts_is_one_event(clients: int, events: int) -> None:
    found = told(*map(half_open, range(clients)))
    assert [one.event.kind for one in found] == [Kind.NEVER_OPENED] * events
    if events == 1:
        assert (found[0].event.near, found[0].event.hosts, found[0].event.far) == ("", 5, "10.0.9.9:80")
        assert found[0].event.ends.id == "event-connections-of-hosts"


def test_some_services_that_are_down_are_an_event_each() -> None:
    assert [event.event.far for event in told(*map(refused, range(4)))] == [f"10.0.9.9:{port}" for port in range(4)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_happened_is_told_of_every_kind_but_what_cannot_be_told(language: str) -> None:
    words = Words(language)
    told_of = {kind: words.say(claim("event-kind", kind=kind)) for kind in Kind}
    assert len(set(told_of.values())) == len(Kind)


def test_a_host_that_stood_still_is_one_event_of_all_its_connections() -> None:
    stories = [resumed_neighbour(stream, 34.0 + stream / 50) for stream in range(4)]
    (only,) = told(*stories)
    assert (only.event.kind, only.event.common) == (Kind.HOST_FROZEN, Common.SILENCE)
    assert (len(only.rows), only.event.near) == (4, HOST)
    assert only.event.silence_ns > 21_000 * NS_PER_MS


def test_lost_data_comes_before_a_higher_level() -> None:
    """A request that nobody acknowledged has no finding of its own; a late RST to a probe is an Error."""
    lost = Story(f"{HOST}:41009", "10.0.9.8:9092", stream=9).handshake(0.1).data(1.1, "10.0.9.8:9092")
    lost.sent_again(f"{HOST}:41009", 5.0, 5.2, 5.6, 6.4, 8.0)
    probed = Story().handshake().data(1.0, SERVER).fin(61.0, SERVER, 1.0).probe(66.0, answered=False, after_fin=61.0)
    probed.reset_after_fin(66.2, SERVER, 66.0, "probe", 61.0)
    events = told(probed, lost)
    assert [event.event.streams[0] for event in events] == [9, 0]


def test_what_no_peer_ended_is_no_event() -> None:
    """Unbroken, or given up by the peer's own keep-alive: that is no decision of its."""
    unbroken = case_of(Story().handshake().data(1.0, SERVER).frame(1.1, CLIENT))
    given_up = case_of(Story().handshake().data(1.0, CLIENT).frame(1.01, SERVER).gave_up(10.0, 3, SERVER))
    for case in (unbroken, given_up):
        assert event_of(case, verdict_of(case)) is None


def test_a_connection_alone_is_no_event_of_the_report() -> None:
    case = case_of(closed(0, 1.0, 30.0))
    assert event_of(case, verdict_of(case)) is None


# How bad it is -------------------------------------------------------------------------------------------------------


def stalled(asks: bool = True) -> Story:
    """The server's window is closed from 5 s on; ``asks``: the client has more for it."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).data(4.9, CLIENT)
    story.frame(5.0, SERVER).marked(5.0, window=0)
    for seconds in (5.3, 5.9, 7.1, 9.5) if asks else ():
        story.frame(seconds, CLIENT).frame(seconds + 0.01, SERVER).marked(seconds + 0.01, window=0)
    return story


def with_a_hole() -> Story:
    """Captured at the client, to which a full segment never comes."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT).after_unseen(5.0, SERVER, 1448)
    for seconds in (5.01, 6.5, 8.0, 9.0):
        story.frame(seconds, CLIENT)
    return story.frame(6.0, SERVER).frame(7.5, SERVER)


def opening(answered: bool) -> Story:
    """SYNs without an answer, or with a refusal."""
    story = Story()
    for seconds in (1.0,) if answered else (1.0, 2.0, 4.0, 8.0):
        story.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=seconds > 1.0)
        story.lost.add(number(seconds))
    return story.frame(1.01, SERVER, flags=FLAG_RST | FLAG_ACK) if answered else story


@pytest.mark.parametrize(
    ("story", "kind", "is_lost"),
    [
        (stalled(), Kind.PEER_STALLED, True),
        (with_a_hole(), Kind.PATH_LOST, True),
        (opening(answered=False), Kind.NEVER_OPENED, False),
    ],
    ids=["a closed window", "a hole", "an opening without an answer"],
)
def test_an_event_is_no_milder_than_what_was_lost(story: Story, kind: Kind, is_lost: bool) -> None:
    """No finding of the plugin says so: the frames are as any others."""
    case = case_of(story, lasts=30.0)
    row = case, verdict_of(case)
    assert (row[1].kind, lost(row)) == (kind, is_lost)
    assert case.connection.worst < Level.WARN
    (event,) = events_of([row])
    assert event.worst is Level.WARN


@pytest.mark.parametrize("story", [stalled(asks=False), opening(answered=True)], ids=["nobody asks", "refused"])
def test_who_does_not_wait_has_lost_nothing(story: Story) -> None:
    case = case_of(story, lasts=30.0)
    row = case, verdict_of(case)
    assert not lost(row)
    assert level_of(row) is case.connection.worst


def test_what_was_lost_comes_before_what_was_only_refused() -> None:
    client = f"{HOST}:41999"
    reset = Story(client, stream=1).handshake(0.2).data(0.95, client).data(1.05, SERVER).reset(9.0, SERVER)
    cases = [case_of(story, other, lasts=30.0) for story, other in ((stalled(), reset), (reset, stalled()))]
    events = events_of([(case, verdict_of(case)) for case in cases])
    assert [event.event.kind for event in events] == [Kind.PEER_STALLED, Kind.PEER_RESET]
