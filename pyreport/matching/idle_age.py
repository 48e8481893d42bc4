"""The idle age that a log line states, held against the silences of a capture: a length in milliseconds is a name."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.connections.connection import Connection
from pyreport.frames.findings import Probe
from pyreport.logs.model import LogError
from pyreport.matching.outcome import Outcome

# What lies between a packet and the moment that a program takes for it, at both ends of the silence: its reads, and
# the exception that it makes.
READ_LATE_NS = 200 * NS_PER_MS
# Shorter ages than this are those of traffic, and many connections have them.
NAMES_FROM_NS = 2 * NS_PER_S


def has_stated_age(connection: Connection, outcome: Outcome, log: LogError) -> bool:
    """Whether the connection had been silent for the age that the line states when its error came about."""
    stated = log.idle_ns
    if stated is None or stated < NAMES_FROM_NS:
        return False
    # An age in whole seconds is a count of seconds: it lacks up to one.
    most = READ_LATE_NS if is_exact(log) else NS_PER_S + READ_LATE_NS
    return any(-READ_LATE_NS <= age - stated <= most for age in _ages(connection, outcome))


def is_exact(log: LogError) -> bool:
    """Whether the age that the line states is more than a count of seconds."""
    return log.idle_ns is not None and log.idle_ns % NS_PER_S != 0


def _ages(connection: Connection, outcome: Outcome) -> Sequence[int]:
    """How old the last payload of each side was at the error, the request that met it left out."""
    until = outcome.since_ns
    ages = []
    for side in (connection.a, connection.b):
        sent = [f for f in connection.frames if f.source == side and f.length and not f.found(Probe)]
        older = [f.time_ns for f in sent if until - f.time_ns >= NAMES_FROM_NS]
        ages += [until - older[-1]] if older else []
    return ages
