"""What was understood of the log line, for the box of key facts."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.sentence import capitalized
from pyreport.base.units import format_duration
from pyreport.choice.selection import told_ends
from pyreport.diagnosis.case import Case
from pyreport.logs.model import LogError
from pyreport.narrative.model import Fact


def log_facts(case: Case) -> Iterator[Fact]:
    """The line as it was read, and what the match with the connection rests on; nothing without a line."""
    if case.log is None:
        return
    words = ", ".join(part for part in (case.log.operation, case.log.errno.value) if part)
    said = capitalized("; ".join([*_said(case.log), f"match: {case.log_match}" if case.log_match else ""]).strip("; "))
    yield Fact("Log line read as", f"{case.log.format}: {words}", said)


def _said(log: LogError) -> Iterator[str]:
    """What else the line says."""
    if log.local or log.remote:
        yield told_ends(log)
    if log.peer_name:
        yield f"peer {log.peer_name}"
    if log.client_id:
        yield f"client id {log.client_id}"
    if log.state_age_ns is not None:
        yield f"{format_duration(log.state_age_ns)} in state {log.state} (the connection's age, not its idle time)"
    if log.idle_ns is not None:
        yield f"idle for {format_duration(log.idle_ns)}, it says"
    if log.lasted_ns is not None:
        yield f"the connection lasted {format_duration(log.lasted_ns)}, it says"
