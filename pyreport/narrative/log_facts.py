"""What was understood of the log line, for the box of key facts."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, Duration, Name, claim
from pyreport.choice.log_ends import log_ends
from pyreport.diagnosis.case import Case
from pyreport.logs.model import LogError
from pyreport.matching.match import Strength
from pyreport.narrative.model import Fact


def log_facts(case: Case) -> Iterator[Fact]:
    """The line as it was read, and what the match with the connection rests on; nothing without a line."""
    if case.log is None:
        return
    match = (claim("log-match", strength=Strength(case.log_match).said),) if case.log_match else ()
    yield Fact(claim("fact-log-read-as"), _read_as(case.log), (*_said(case.log), *match))


def _read_as(log: LogError) -> Claim:
    error = Claim(f"errno-{log.errno.name.lower()}")
    if log.operation:
        return claim("log-read-as-operation", format=Name(log.format), operation=log.operation, error=error)
    return claim("log-read-as", format=Name(log.format), error=error)


def _said(log: LogError) -> Iterator[Claim]:
    """What else the line says."""
    if log.local or log.remote:
        yield log_ends(log)
    if log.termination:
        yield claim("log-termination", state=log.termination, who=log.termination[0])
    if log.peer_name:
        yield claim("log-peer-name", name=log.peer_name)
    if log.client_id:
        yield claim("log-client-id", id=log.client_id)
    if log.state_age_ns is not None:
        yield claim("log-state-age", state=log.state, age=Duration(log.state_age_ns))
    if log.idle_ns is not None:
        yield claim("log-idle", age=Duration(log.idle_ns))
    if log.lasted_ns is not None:
        yield claim("log-lasted", age=Duration(log.lasted_ns))
