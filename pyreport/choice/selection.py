"""Which connection the report is about: named by the log line, the addresses or the stream, else the worst one."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim, claim
from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError
from pyreport.choice.complaints import ambiguous, no_match, not_there
from pyreport.choice.severity import severity, worst_first
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.diagnosis.connection import Judged
from pyreport.frames.finding import Level
from pyreport.logs.model import LogError
from pyreport.matching.match import Match, Strength
from pyreport.matching.matcher import Matcher, distance


class OfSeveral(StrEnum):
    """How one of several connections between the same two ends was chosen."""

    NEAREST = "nearest"
    WORST = "worst"
    BEST_FIT = "best_fit"


class Selection(Struct, frozen=True):
    """The connection, why this one, and its local end with the reason for that, if something named one.

    ``match`` says how the log line led to it, None without a log line. ``rivals`` is the number of other connections
    between the two ends that were named. ``judged`` is the judgement, where it was needed to choose.
    """

    connection: Connection
    why: Claim
    local: Endpoint | None = None
    why_local: Claim | None = None
    match: Match | None = None
    rivals: int = 0
    judged: Judged | None = None


def by_stream(index: CaptureIndex, stream: int) -> Selection:
    """The connection with this ``tcp.stream``. Raises InputError when there is none."""
    connection = index.connections.get(stream)
    if connection is None:
        last = max(index.connections, default=-1)
        raise InputError(
            f"There is no TCP stream {stream} in the capture: its streams are 0 to {last} (see pyreport scan)."
        )
    return Selection(connection, claim("chosen-stream", stream=stream))


def by_addresses(index: CaptureIndex, local: Endpoint, remote: Endpoint, near_ns: int | None = None) -> Selection:
    """The connection between two ends; of several (a reused port), the one that is alive nearest to ``near_ns``.

    Raises InputError when there is none; the message says which come close.
    """
    wanted = {local, remote}
    matches = [c for c in index.connections.values() if {c.a, c.b} == wanted]
    if not matches:
        raise InputError(not_there(index, local, remote))
    chosen = min(matches, key=lambda c: distance(c, near_ns)) if near_ns is not None else max(matches, key=severity)
    why = _by_ends(local, remote, len(matches), OfSeveral.WORST if near_ns is None else OfSeveral.NEAREST)
    return Selection(chosen, why, local, claim("local-named-first"), rivals=len(matches) - 1)


def by_severity(index: CaptureIndex) -> Selection:
    """The worst connection of the capture. Raises InputError when there is no TCP at all."""
    connections = worst_first(index.connections.values())
    if not connections:
        raise InputError("There is no TCP in this capture: check the capture filter and the interface.")
    worst = connections[0]
    more = sum(1 for c in connections if c.worst >= Level.WARN) - 1
    if worst.worst < Level.WARN:
        return Selection(worst, claim("chosen-most-to-say"))
    return Selection(worst, claim("chosen-worst-findings", more=more) if more else claim("chosen-only-findings"))


def by_log(matcher: Matcher, log: LogError, match: Match | None) -> Selection:
    """The connection that a log line was matched with. Raises InputError when none is it, or when more than one can be
    it; the message names those.
    """
    if match is None:
        raise InputError(no_match(matcher, log))
    if match.strength is Strength.AMBIGUOUS:
        raise InputError(ambiguous(log, match.rivals))
    between = matcher.exact(log)
    if not between:
        why = claim("chosen-by-log", strength=match.strength.said)
        return Selection(match.connection, why, match.local, claim("local-wrote-log"), match)
    why = _by_ends(str(log.local), str(log.remote), len(between), OfSeveral.BEST_FIT)
    return Selection(match.connection, why, match.local, claim("local-named-first"), match, len(between) - 1)


def by_stream_with_log(matcher: Matcher, stream: int, log: LogError) -> Selection:
    """The connection with this ``tcp.stream``, which the user says that the log line is about.

    Raises InputError when there is none.
    """
    chosen = by_stream(matcher.index, stream)
    local = matcher.local_end(log, chosen.connection)
    strength = Strength.EXACT if chosen.connection in matcher.exact(log) else Strength.NAMED
    match = matcher.named(log, chosen.connection, local, strength)
    return Selection(chosen.connection, chosen.why, local, claim("local-wrote-log"), match)


def _by_ends(local: str, remote: str, several: int, how: OfSeveral) -> Claim:
    if several == 1:
        return claim("chosen-by-ends", local=local, remote=remote)
    return claim("chosen-by-ends-of-several", local=local, remote=remote, several=several, how=how)
