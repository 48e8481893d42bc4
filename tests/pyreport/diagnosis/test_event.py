"""What connections have in common: the moment, the age, a silence of their host, or the kind alone."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.diagnosis.event import Common, Event, event_of, group, moment_of
from pyreport.diagnosis.result import Kind
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    at,
    case_in,
    case_of,
    gap_before_close,
    reading_of,
    resumed_neighbour,
    steady_neighbour,
    verdict_of,
)

OTHER = "10.0.9.10:9092"


def closed(stream: int, moment: float, age: float, *, server: str = SERVER, host: str = "10.0.0.1") -> Story:
    """A connection that its server closes at a moment, after an age."""
    client = f"{host}:{40000 + stream}"
    story = Story(client, server, stream).handshake(moment - age - 1.0).data(moment - age - 0.1, client)
    return story.data(moment - age, server).fin(moment, server, moment - age)


def grouped(*stories: Story) -> Event:
    """All of them as one event, in the order given."""
    index, span = reading_of(*stories)
    cases = [case_in(index, span, story.stream, local=story.client) for story in stories]
    return group([(case, verdict_of(case)) for case in cases])


@pytest.mark.parametrize(("hosts", "told"), [(1, "event-connections"), (3, "event-connections-of-hosts")])
def test_an_event_of_several_hosts_is_not_told_of_one(hosts: int, told: str) -> None:
    stories = [closed(n, 100.0 + n * 0.013, 30.0 + 7.137 * n, host=f"10.0.0.{1 + n % hosts}") for n in range(6)]
    index, span = reading_of(*stories)
    case = case_in(index, span, 0, local=stories[0].client)
    found = event_of(case, verdict_of(case))
    assert found is not None
    assert (found.common, found.hosts, found.ends.id) == (Common.MOMENT, hosts, told)
    assert (found.near, found.far) == ("10.0.0.1" if hosts == 1 else "", SERVER)


def test_a_client_on_the_peers_own_host_is_one_host() -> None:
    stories = [closed(n, 100.0 + n * 0.013, 30.0 + 7.137 * n, host="10.0.9.9") for n in range(6)]
    index, span = reading_of(*stories)
    case = case_in(index, span, 0, local=stories[0].client)
    found = event_of(case, verdict_of(case))
    assert found is not None
    assert (found.hosts, found.near) == (1, "10.0.9.9")


@pytest.mark.parametrize(
    ("moments", "ages", "common", "age"),
    [
        ((100.0,), (30.0,), Common.ALONE, 0.0),
        ((100.0, 100.5, 101.0), (30.0, 40.0, 60.0), Common.MOMENT, 0.0),
        ((100.0, 101.0, 100.5), (30.0, 30.003, 30.006), Common.MOMENT, 0.0),
        ((100.0, 100.5, 101.001), (30.0, 40.0, 60.0), Common.KIND, 0.0),
        ((100.0, 101.001, 100.9), (30.0, 40.0, 60.0), Common.KIND, 0.0),
        ((100.0, 170.0, 250.0), (30.2, 30.0, 30.1), Common.AGE, 30.1),
        ((100.0, 170.0, 250.0, 320.0), (30.2, 30.0, 30.1, 30.05), Common.AGE, 30.1),
        ((100.0, 170.0, 250.0), (30.0, 30.0, 31.0), Common.KIND, 0.0),
        ((100.0, 170.0, 250.0), (30.0, 31.0, 31.0), Common.KIND, 0.0),
        ((100.0, 170.0, 250.0), (2.0, 2.0, 2.0), Common.AGE, 2.0),
        ((100.0, 170.0, 250.0), (1.999, 2.1, 2.1), Common.KIND, 0.0),
    ],
)
def test_what_closes_have_in_common(
    moments: tuple[float, ...], ages: tuple[float, ...], common: Common, age: float
) -> None:
    pairs = list(zip(moments, ages, strict=True))
    found = grouped(*(closed(stream, moment, age) for stream, (moment, age) in enumerate(pairs)))
    assert (found.common, found.age_ns, found.silence_ns) == (common, round(age * NS_PER_S), 0)
    assert (found.first_ns, found.last_ns) == (at(min(moments)), at(max(moments)))
    assert found.streams == tuple(range(len(moments)))
    told = found.happened
    assert (told.values["within"], told.values["age"]) == (
        round((max(moments) - min(moments)) * NS_PER_S),
        found.age_ns,
    )
    assert found.ends.id == ("event-connection" if common is Common.ALONE else "event-connections")


def test_the_ends_that_are_told_are_those_that_all_have() -> None:
    """A single connection's whole ends; a server's port, which does not change, and not its clients'; where even these
    differ, the hosts of the first.
    """
    alone = grouped(closed(0, 100.0, 30.0))
    assert (alone.near, alone.far) == (CLIENT, SERVER)
    alike = grouped(closed(0, 100.0, 30.0), closed(1, 170.0, 50.0))
    assert (alike.near, alike.far) == ("10.0.0.1", SERVER)
    unlike = grouped(closed(0, 100.0, 30.0), closed(1, 170.0, 50.0, server=OTHER))
    assert (unlike.near, unlike.far) == ("10.0.0.1", "10.0.9.9")


@pytest.mark.parametrize("count", [2, 4])
def test_a_silence_of_the_host_is_an_event_of_the_connections_that_lack_probes(count: int) -> None:
    stories = [resumed_neighbour(stream, 34.0 + stream / 50) for stream in range(count)]
    went_on = Story("10.0.0.1:41900", OTHER, 900).data(34.5, "10.0.0.1:41900")
    index, span = reading_of(*stories, went_on)
    cases = [case_in(index, span, story.stream, local=story.client) for story in stories]
    rows = [(case, verdict_of(case)) for case in cases]
    assert {verdict.kind for _, verdict in rows} == {Kind.HOST_FROZEN}
    for found in (event_of(*rows[0]), group(rows), group(rows[:1])):
        assert found is not None
        assert (found.first_ns, found.age_ns) == (at(12.0 + (count - 1) / 1000), 0)
        assert (found.last_ns, found.silence_ns) == (at(34.0), at(34.0) - found.first_ns)
        is_alone = len(found.connections) == 1
        assert found.streams == ((0,) if is_alone else tuple(range(count)))
        assert found.common is (Common.ALONE if is_alone else Common.SILENCE)
        assert (found.near, found.far) == ((stories[0].client, SERVER) if is_alone else ("10.0.0.1", ""))
        assert found.ends.id == ("event-connection" if is_alone else "event-connections-of-host")


def test_a_host_whose_other_connections_went_on_is_no_event() -> None:
    case = case_of(gap_before_close(), steady_neighbour(1, 60.0))
    assert event_of(case, verdict_of(case)) is None


def test_what_its_peer_closes_at_one_age_is_an_event_of_the_age() -> None:
    """From the first such close to the last, whichever of them is asked about."""
    moments = (40.0, 110.0, 190.0, 280.0)
    stories = [closed(stream, moment, 30.0) for stream, moment in enumerate(moments)]
    index, span = reading_of(*stories)
    for stream in range(len(moments)):
        case = case_in(index, span, stream, local=stories[stream].client)
        found = event_of(case, verdict_of(case))
        assert found is not None
        assert (found.common, found.age_ns) == (Common.AGE, 30 * NS_PER_S)
        assert (found.first_ns, found.last_ns) == (at(moments[0]), at(moments[-1]))
        assert found.streams == tuple(range(len(moments)))
        assert event_of(case_in(index, span, stream, local=SERVER), verdict_of(case)) is None


def test_what_its_peer_closes_at_one_moment_is_an_event_of_the_moment() -> None:
    moments = (100.2, 100.0, 100.4)
    index, span = reading_of(*(closed(stream, moment, 30.0 + 9 * stream) for stream, moment in enumerate(moments)))
    case = case_in(index, span, local="10.0.0.1:40000")
    found = event_of(case, verdict_of(case))
    assert found is not None
    assert (found.common, found.age_ns, found.silence_ns) == (Common.MOMENT, 0, 0)
    assert (found.first_ns, found.last_ns) == (at(100.0), at(100.4))


def test_when_it_happened() -> None:
    """The close; else when the first missed probe was due; else when the first segment without an answer was sent."""
    assert moment_of(case_of(closed(0, 100.0, 30.0))) == at(100.0)
    vain = Story().handshake().data(1.0, SERVER).data(1.1, CLIENT).frame(1.2, SERVER)
    assert moment_of(case_of(vain, lasts=2.0)) == at(1.2)
    vain.sent_again(CLIENT, 5.0, 5.3, 5.9, 7.1, 9.5, 14.3)
    assert moment_of(case_of(vain, lasts=60.0)) == at(5.0)
    probed = Story().handshake().data(1.0, SERVER).probe(6.0).probe(11.0)
    missed = case_of(probed, lasts=60.0)
    assert missed.connection.missed(missed.local)
    assert abs(moment_of(missed) - at(16.0)) <= 200 * NS_PER_MS
