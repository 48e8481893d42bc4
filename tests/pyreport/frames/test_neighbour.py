"""Requests for hardware addresses on the link, and which of them were answered."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_S
from pyreport.frames.columns import Columns
from pyreport.frames.neighbour import NeighbourLog

HOST, ROUTER, OTHER = "10.0.0.1", "10.0.0.254", "10.0.0.7"
EMPTY = Columns(*([""] * len(Columns._fields)))


def arp(operation: str, sender: str, target: str) -> Columns:
    return EMPTY._replace(arp_operation=operation, arp_sender=sender, arp_target=target)


def asked(log: NeighbourLog, first: int, *rows: Columns) -> NeighbourLog:
    """One frame a second, from ``first`` on."""
    for second, row in enumerate(rows, start=first):
        log.note(row, second, second * NS_PER_S)
    return log


def frames(log: NeighbourLog, asker: str = HOST) -> list[int]:
    return [request.frame for request in log.unanswered(asker, 0, 100 * NS_PER_S)]


def test_a_router_that_never_answers() -> None:
    log = asked(NeighbourLog(), 1, *[arp("1", HOST, ROUTER)] * 4)
    assert frames(log) == [1, 2, 3, 4]
    assert frames(log, OTHER) == []
    assert [request.frame for request in log.unanswered(HOST, 3 * NS_PER_S, 100 * NS_PER_S)] == [3, 4]


def test_one_answer_is_enough() -> None:
    assert frames(asked(NeighbourLog(), 1, *[arp("1", HOST, ROUTER)] * 3, arp("2", ROUTER, HOST))) == []


def test_an_answer_for_another_address_is_none() -> None:
    assert frames(asked(NeighbourLog(), 1, *[arp("1", HOST, ROUTER)] * 3, arp("2", OTHER, HOST))) == [1, 2, 3]


def test_an_answer_before_all_requests_is_none() -> None:
    assert frames(asked(NeighbourLog(), 1, arp("2", ROUTER, HOST), *[arp("1", HOST, ROUTER)] * 3)) == [2, 3, 4]


@pytest.mark.parametrize("row", [arp("1", "0.0.0.0", HOST), arp("1", HOST, HOST)])
def test_a_question_whether_an_address_is_in_use_is_no_request(row: Columns) -> None:
    log = asked(NeighbourLog(), 1, *[row] * 4)
    assert log.requests == {}


def test_neighbour_discovery() -> None:
    ask = EMPTY._replace(icmp_6_type="135", source_6="fe80::1", solicited="fe80::9")
    assert frames(asked(NeighbourLog(), 1, *[ask] * 3), "fe80::1") == [1, 2, 3]
    answer = EMPTY._replace(icmp_6_type="136", source_6="fe80::9", advertised="fe80::9")
    assert frames(asked(NeighbourLog(), 1, *[ask] * 3, answer), "fe80::1") == []
