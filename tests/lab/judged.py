"""What pyreport concludes from a capture of the lab, asked by one end, with or without that end's log line."""

from __future__ import annotations

import atexit
import functools
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyreport.base.endpoint import Endpoint
from pyreport.capture.file import open_capture
from pyreport.capture.tshark import Tshark, open_tshark
from pyreport.choice.choose import Wanted, choose
from pyreport.choice.diagnosed import Diagnosis, diagnose_selection
from pyreport.connections.reading import Reading, read_capture
from pyreport.logs.registry import parse_log_line
from tests.lab.lab import NS_PER_S, SIDES, Outcome
from tests.lab.program import Call
from tests.lab.scenarios import PORT
from tests.support.leftovers import ending_its_readers

OPERATIONS = {"send": "write", "recv": "read"}
# As Go's net package words them; it adds the system call's name to an errno, and none to its own deadline.
ERRORS = {
    "EPIPE": "{}: broken pipe",
    "ECONNRESET": "{}: connection reset by peer",
    "ETIMEDOUT": "{}: connection timed out",
    "timed out": "i/o timeout",
}


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks about which connection, and where the capture was taken: sides are "client" or "server".

    `number` is that of `Outcome.endpoint`. `logged`: whether the first error of the asking program's log is given, too.
    """

    captured_at: str
    asked_by: str
    number: int = PORT
    logged: bool = False


def diagnosis_of(outcome: Outcome, question: Question) -> Diagnosis:
    """Capture to verdict, the way the command line does it."""
    reading = reading_of(outcome.captures[question.captured_at])
    local = outcome.endpoint(question.asked_by, question.number)
    remote = outcome.endpoint(_other(question.asked_by), question.number)
    if question.logged:
        failed = first_failure(outcome, question)
        assert failed is not None, f"no call of the {question.asked_by} failed"
        wanted = Wanted(log=parse_log_line(_log_line(failed, local, remote)))
    else:
        wanted = Wanted(ends=(Endpoint(local), Endpoint(remote)))
    choice = choose(reading, wanted)
    return diagnose_selection(reading, choice.selection, choice.log, wanted.zones, [])


def diagnose_all(capture: Path) -> int:
    """Diagnose every connection of a capture for both of its ends; returns how many diagnoses were made."""
    reading, made = reading_of(capture), 0
    for connection in reading.index.connections.values():
        for end in (connection.a, connection.b):
            wanted = Wanted(ends=(end, connection.other(end)))
            choice = choose(reading, wanted)
            diagnose_selection(reading, choice.selection, choice.log, wanted.zones, [])
            made += 1
    return made


def first_failure(outcome: Outcome, question: Question) -> Call | None:
    """The first read or write of the asking program that failed; None when none did, or when it keeps no log."""
    calls = outcome.logs.get((question.asked_by, question.number), [])
    return next((call for call in calls if call.call in OPERATIONS and call.errno), None)


@functools.cache
def reading_of(capture: Path) -> Reading:
    """A capture, read once, and all of it: its reader ends here."""
    with ending_its_readers(_tshark()) as tshark:
        reading = read_capture(tshark, open_capture(str(capture)))
        connections = list(reading.index.connections.values())
        reading.load(connections)
        for host in {end.host for connection in connections for end in (connection.a, connection.b)}:
            reading.index.times_of(host)
    return reading


@functools.cache
def _tshark() -> Tshark:
    """One for all captures: it is tried out when it is opened, which takes longer than a capture of the lab."""
    until_exit = ExitStack()
    atexit.register(until_exit.close)
    return until_exit.enter_context(open_tshark())


def _other(side: str) -> str:
    return SIDES[1 - SIDES.index(side)]


def _log_line(call: Call, local: str, remote: str) -> str:
    seconds, nanoseconds = divmod(call.end_ns, NS_PER_S)
    moment = f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.{nanoseconds // 1000:06}Z"
    operation = OPERATIONS[call.call]
    return f"{moment} {operation} tcp {local}->{remote}: {ERRORS[call.errno or ''].format(operation)}"
