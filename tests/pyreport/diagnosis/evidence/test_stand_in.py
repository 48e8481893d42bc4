"""Answers to keep-alive probes that a device gave in a server's name, and those that the server gave."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.stand_in import FEWEST_ALIKE, MOST_LOOKED_AT, stand_in
from pyreport.diagnosis.evidence.window import closed_window
from pyreport.diagnosis.result import ExplanationId, Kind, Status
from pyreport.frames.capture_hints import Marks
from tests.pyreport.cases import CLIENT, SERVER, case_in
from tests.pyreport.segments import US, Segments
from tests.pyreport.told import ids, told

SECOND = 1_000_000  # in the stories' microseconds
NEAR, FAR, DEVICE = 64, 61, 252


class Kept:
    """A connection that talked once, and then probes every 60 s; the server's clock ticks in ms, its IP ID counts."""

    def __init__(self) -> None:
        self.story, self.sent = Segments((NEAR, FAR)), 0
        self.story.add(0, CLIENT, flags=2, marks=self.own(0))
        self.server(220, flags=18)
        self.story.add(440, CLIENT, marks=self.own(440))
        for turn in range(1, 7):
            self.story.add(turn * SECOND, CLIENT, 100, marks=self.own(turn * SECOND))
            self.server(turn * SECOND + 300, 200)
            self.story.add(turn * SECOND + 310, CLIENT, marks=self.own(turn * SECOND + 310))

    def own(self, us: int, **other: Any) -> Marks:
        self.sent += 1
        return replace(Marks(window=500, timestamp=us // 1000 + 5000, ip_id=100 + self.sent), **other)

    def server(self, us: int, length: int = 0, flags: int = 16, **other: Any) -> None:
        self.story.add(us, SERVER, length, flags=flags, marks=self.own(us, **other))

    def probed(self, times: int, limit: int = FAR, **other: Any) -> Kept:
        """Probes, each answered with this hop limit, and with other marks."""
        first = self.story.frames[-1].time_ns
        for turn in range(1, times + 1):
            us = (first - self.story.frames[0].time_ns) // US + turn * 60 * SECOND
            self.story.add(us, CLIENT, seq=self.story.next[CLIENT] - 1, marks=self.own(us))
            self.story.limits[SERVER] = limit
            self.server(us + 250, **other)
            self.story.limits[SERVER] = FAR
        return self

    @property
    def case(self) -> Case:
        return case_in(self.story.index(), self.story.span())


STRANGERS = [
    (DEVICE, {"timestamp": None, "ip_id": 0}, "hop_limit"),
    (FAR, {"timestamp": None, "ip_id": 0}, "timestamp"),
    (DEVICE, {"timestamp": 77, "ip_id": 0}, "hop_limit"),
]


@pytest.mark.parametrize(("limit", "other", "by"), STRANGERS)
def test_answers_that_do_not_look_like_the_server_prove_nothing_of_it(
    limit: int, other: dict[str, Any], by: str
) -> None:
    case = Kept().probed(4, limit, **other).case
    explanations, verdict = diagnose(case)
    values = told(verdict.claims, "keepalive-stand-in").values
    assert (values["answers"], values["of"], values["by"]) == (4, 4, by)
    assert verdict.kind is not Kind.HEALTHY
    weighed = {found.id: found.status for found in explanations}
    assert weighed[ExplanationId.PATH_LOSS] is Status.NO_EVIDENCE
    assert weighed[ExplanationId.HOST_FROZEN_THERE] is Status.NO_EVIDENCE


@pytest.mark.parametrize(
    ("limit", "other"),
    [
        (FAR, {}),
        (DEVICE, {}),  # the way changed: its clock and its counter go on
        (DEVICE, {"timestamp": None}),  # so does the counter alone
        (FAR, {"ip_id": 0}),  # answers of an atomic datagram (RFC 6864)
    ],
)
def test_what_goes_on_as_the_server_is_the_server(limit: int, other: dict[str, Any]) -> None:
    case = Kept().probed(4, limit, **other).case
    explanations, verdict = diagnose(case)
    assert "keepalive-stand-in" not in ids(verdict.claims)
    weighed = {found.id: found.status for found in explanations}
    assert weighed[ExplanationId.HOST_FROZEN_THERE] is Status.RULED_OUT


@pytest.mark.parametrize("times", [FEWEST_ALIKE - 1, FEWEST_ALIKE])
def test_a_single_one_may_have_taken_another_way(times: int) -> None:
    case = Kept().probed(3).probed(times, DEVICE, timestamp=None, ip_id=0).case
    found = stand_in(case.connection, SERVER)
    assert (found is not None) is (times >= FEWEST_ALIKE)
    if found is not None:
        assert (len(found.frames), found.answers, found.hop_limit) == (times, 3 + times, (DEVICE, FAR))


def test_a_window_that_a_device_closes_is_not_the_servers() -> None:
    assert closed_window(Kept().probed(3, DEVICE, timestamp=None, ip_id=0, window=0).case) is None
    assert closed_window(Kept().probed(3, window=0).case) is not None


def test_no_more_than_so_many_are_looked_at() -> None:
    found = stand_in(Kept().probed(MOST_LOOKED_AT + 3, DEVICE, timestamp=None, ip_id=0).case.connection, SERVER)
    assert found is not None
    assert (len(found.frames), found.answers) == (MOST_LOOKED_AT, MOST_LOOKED_AT)
