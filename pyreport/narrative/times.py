"""When it happened: the times that the first page tells beside the verdict."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Moment, claim
from pyreport.diagnosis.case import Case
from pyreport.narrative.model import Fact


def times(case: Case) -> tuple[Fact, ...]:
    """The close, the moment from which the socket was dead when that came later, and the log line."""
    return tuple(_times(case))


def _times(case: Case) -> Iterator[Fact]:
    first, dead = case.ending.first, case.ending.dead
    if first is not None:
        yield Fact(claim("fact-closed-at"), claim("time-and-date", time=Moment(first.time_ns)), frames=(first.frame,))
    if dead is not None and (first is None or dead.number != first.frame):
        yield Fact(claim("fact-dead-at"), claim("time-of-day", time=Moment(dead.time_ns)), frames=(dead.number,))
    if case.log_ns is not None:
        yield Fact(claim("fact-logged-at"), claim("time-of-day-in-log", time=Moment(case.log_ns)))
