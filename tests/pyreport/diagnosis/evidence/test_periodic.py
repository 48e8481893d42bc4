"""Closes between the same ends at one age, at the edges of the rule."""

from __future__ import annotations

import pytest

from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.evidence.periodic import Periodic, periodic_closes, periodic_of
from tests.pyreport.cases import SERVER, Story, at, number, reading_of

OTHER = "10.0.9.10:9092"


def closed(stream: int, moment: float, age: float, *, server: str = SERVER, by: str = "", opened: bool = True) -> Story:
    """A connection that ``by``, else its server, closes at a moment, after an age."""
    client = f"10.0.0.1:{40000 + stream}"
    story = Story(client, server, stream)
    if opened:
        story.handshake(moment - age - 1.0)
    return story.data(moment - age, by or server).fin(moment, by or server, moment - age)


def found(*stories: Story) -> tuple[CaptureIndex, tuple[Periodic, ...]]:
    index, _ = reading_of(*stories)
    return index, periodic_closes(index)


@pytest.mark.parametrize(
    ("moments", "ages", "is_rule"),
    [
        ((100.0, 170.0, 250.0), (30.0, 30.0, 30.0), True),
        ((100.0, 170.0), (30.0, 30.0), False),
        ((100.0, 170.0, 250.0, 330.0, 410.0), (30.0, 30.05, 30.1, 30.15, 30.2), True),
        ((100.0, 170.0, 250.0), (30.0, 30.1, 30.3), True),  # 0.3 s are one limit
        ((100.0, 170.0, 250.0), (10.0, 10.1, 10.301), False),
        ((100.0, 370.0, 650.0), (200.0, 201.0, 202.0), True),  # or a hundredth
        ((100.0, 370.0, 650.0), (200.0, 201.0, 202.1), False),
        ((100.0, 170.0, 250.0), (2.0, 2.0, 2.0), True),
        ((100.0, 170.0, 250.0), (1.999, 1.999, 1.999), False),  # no silence
        ((100.0, 100.5, 101.0), (30.003, 30.001, 30.002), False),  # one moment
        ((100.0, 100.5, 101.001), (30.003, 30.001, 30.002), True),
    ],
)
def test_three_closes_at_one_age_and_other_times_are_a_rule(
    moments: tuple[float, ...], ages: tuple[float, ...], is_rule: bool
) -> None:
    stories = [closed(n, moment, age) for n, (moment, age) in enumerate(zip(moments, ages, strict=True))]
    index, rules = found(*stories)
    assert len(rules) == is_rule
    for rule in rules:
        assert rule.streams == tuple(range(len(moments)))
        assert rule.frames == tuple(map(number, moments))
        assert [close.time_ns for close in rule.closes] == [at(moment) for moment in moments]
        assert rule.age_ns == round(sorted(ages)[len(ages) // 2] * 1e9)
        assert (rule.closer, rule.other) == (SERVER, "10.0.0.1")
        assert periodic_of(index, index.connections[1]) == rule


def test_each_age_and_each_pair_of_ends_is_a_rule_of_its_own_the_longest_first() -> None:
    ages = {0: 30.0, 1: 60.0, 2: 30.0, 3: 60.0, 4: 30.0, 5: 60.0, 6: 60.0}
    index, rules = found(*(closed(n, 200.0 + 90 * n, age) for n, age in ages.items()))
    assert [(rule.age_ns, rule.streams) for rule in rules] == [
        (60_000_000_000, (1, 3, 5, 6)), (30_000_000_000, (0, 2, 4)),
    ]  # fmt: skip
    assert periodic_of(index, index.connections[4]) == rules[1]
    apart = [closed(n, 200.0 + 90 * n, 30.0, server=OTHER if n % 2 else SERVER) for n in range(4)]
    assert found(*apart)[1] == ()


@pytest.mark.parametrize("opened", [True, False], ids=["from its SYN", "from its middle"])
@pytest.mark.parametrize("by_client", [True, False])
def test_a_client_is_named_without_its_port(opened: bool, by_client: bool) -> None:
    """Where the capture lacks the SYN, a service's port tells which end is the server."""
    stories = [
        closed(n, 200.0 + 90 * n, 30.0, by=f"10.0.0.1:{40000 + n}" if by_client else "", opened=opened)
        for n in range(3)
    ]
    (rule,) = found(*stories)[1]
    assert (rule.closer, rule.other) == (("10.0.0.1", SERVER) if by_client else (SERVER, "10.0.0.1"))


def test_a_server_is_known_by_the_syn_whatever_its_port() -> None:
    odd = "10.0.9.9:50123"
    (rule,) = found(*(closed(n, 200.0 + 90 * n, 30.0, server=odd) for n in range(3)))[1]
    assert (rule.closer, rule.other) == (odd, "10.0.0.1")
