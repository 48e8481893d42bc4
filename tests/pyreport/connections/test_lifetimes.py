"""Which connections were there at a time, and how many are looked at to tell."""

from __future__ import annotations

import pytest

from pyreport.connections.connection import Connection
from pyreport.connections.lifetimes import Lifetimes
from tests.pyreport.cases import SERVER, Story, at, reading_of

#: Connections of which one begins each second.
MANY = 60


def lasting(*seconds: float) -> list[Connection]:
    """One connection after the other, each of so many seconds."""
    stories = []
    for begun, lasts in enumerate(seconds):
        client = f"10.0.0.1:{40_000 + begun}"
        stories.append(Story(client, SERVER, begun).data(float(begun), client).data(begun + lasts, SERVER))
    return list(reading_of(*stories)[0].connections.values())


@pytest.mark.parametrize(
    ("start", "end", "there"),
    [(2.0, 2.0, [0, 2]), (2.6, 2.6, [0]), (0.0, 1.0, [0, 1]), (2.5, 3.0, [0, 2, 3]), (99.0, 99.0, []), (3.5, 2.0, [0])],
)
def test_those_are_there_that_begin_before_the_end_and_end_after_the_start(
    start: float, end: float, there: list[int]
) -> None:
    connections = lasting(30.0, 0.5, 0.5, 0.25)
    found = Lifetimes(connections).meeting(at(start), at(end))
    assert [connections.index(one) for one in found] == there


def test_of_more_than_are_asked_for_those_that_began_first_are_told_and_few_others_looked_at() -> None:
    connections, looked_at = lasting(*([100.0] * MANY)), []

    def last_ns(connection: Connection) -> int:
        looked_at.append(connection)
        return connection.outline.last_ns

    lifetimes = Lifetimes(connections, last_ns)
    looked_at.clear()
    assert lifetimes.meeting(at(70.0), at(70.0), 3) == connections[:3]
    assert len(looked_at) <= MANY // 10
    assert lifetimes.meeting(at(70.0), at(70.0)) == connections


def test_what_counts_as_the_last_moment_is_the_askers() -> None:
    connections = lasting(30.0, 30.0)
    heard = Lifetimes(connections, lambda one: one.frames[0].time_ns)
    assert heard.meeting(at(0.5), at(20.0)) == connections[1:]
