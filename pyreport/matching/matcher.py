"""Matches the lines of a log with the connections of a capture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import tzinfo

from msgspec import Struct, field

from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_S
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex
from pyreport.frames.frame import CaptureSpan
from pyreport.logs.model import Errno, LogError
from pyreport.logs.zones import log_time, possible_zones
from pyreport.matching.ends import STRENGTHS, EndsRank, exact_strength, possible_writers, rank_ends
from pyreport.matching.idle_age import has_stated_age, is_exact
from pyreport.matching.match import Match, Strength, Zones
from pyreport.matching.outcome import Fit, Outcome, outcome_of
from pyreport.matching.zone import CLOCK_SKEW_NS, SOON_NS, covers, infer_zone

# An error that is logged this soon after its cause is told apart from one whose cause lies ten times as far back.
PROMPT_NS = 2 * NS_PER_S
FAR_BEHIND = 10
# A client is in state UP, or a proxy counts, this long after the SYN at most: TLS, authentication, versions come first.
SETUP_NS = 30 * NS_PER_S


class Candidate(Struct, frozen=True):
    """A connection that the line can be about, with the end that wrote the line."""

    connection: Connection
    local: Endpoint
    rank: EndsRank
    outcome: Outcome


class Matcher(Struct):
    """Matches the lines of a log with the connections of one capture."""

    index: CaptureIndex
    span: CaptureSpan
    zones: Zones
    _hosts: set[str] = field(default_factory=set)
    _pairs: dict[frozenset[str], list[Connection]] = field(default_factory=dict)
    _known: dict[tuple[object, ...], list[Candidate]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for connection in self.index.connections.values():
            self._hosts |= {connection.a.host, connection.b.host}
            self._pairs.setdefault(frozenset((connection.a, connection.b)), []).append(connection)

    def exact(self, log: LogError) -> list[Connection]:
        """The connections between the two ends that the line names."""
        if not (log.local.is_whole and log.remote.is_whole):
            return []
        return self._pairs.get(frozenset((str(log.local), str(log.remote))), [])

    def match(self, log: LogError) -> Match | None:
        """The connection that the line is about; None when none can be it."""
        exact = self.exact(log)
        if exact:
            local = log.local.endpoint
            placed = [self._as_candidate(c, local, log, EndsRank.LOCAL_PORT) for c in exact]
            chosen = self._decide(log, placed, Strength.EXACT) if len(exact) > 1 else None
            if chosen is not None and not chosen.rivals:
                connection = chosen.connection
            else:
                near = self.near(log)
                connection = min(exact, key=lambda c: distance(c, near)) if near is not None else exact[0]
                if len(exact) > 1 and near is None:
                    return Match(Strength.AMBIGUOUS, connection, local, rivals=tuple(exact))
            return self.named(log, connection, local, exact_strength(log, connection))
        candidates = self._candidates(log)
        if not candidates:
            return None
        of_age = [c for c in candidates if has_stated_age(c.connection, c.outcome, log)]
        if is_exact(log) and len({c.connection.stream for c in of_age}) == 1:
            rank, found = of_age[0].rank, of_age[0]
            strength = Strength.LOCAL_PORT if rank is EndsRank.LOCAL_PORT else Strength.IDLE_AGE
            return self.named(log, found.connection, found.local, strength)
        candidates = of_age or candidates
        timed, untimed = STRENGTHS[candidates[0].rank]
        return self._decide(log, candidates, timed if log.stamp is not None else untimed)

    def named(self, log: LogError, connection: Connection, local: Endpoint, strength: Strength) -> Match:
        """The match with a connection that is known, and the time of the line."""
        outcome = outcome_of(connection, local, log)
        since = outcome.since_ns if outcome.fit is Fit.FITS and log.errno is not Errno.DEADLINE else None
        zone = self.clock_zone(log) or infer_zone(log, connection, self.span, since) or self.zones.show
        if zone is None:
            return Match(strength, connection, local)
        return Match(strength, connection, local, zone, log_time(log, zone, self.span.last_time_ns))

    def fitting(self, log: LogError, rivals: Sequence[Connection]) -> list[Match]:
        """The match with each of these candidates of an ambiguous line, the nearest in time first. An error is logged
        after its cause; one before it takes a clock that is off.
        """
        streams = {connection.stream for connection in rivals}
        placed = []
        for candidate in self._candidates(log):
            if candidate.connection.stream in streams:
                timed, untimed = STRENGTHS[candidate.rank]
                strength = timed if log.stamp is not None else untimed
                found = self.named(log, candidate.connection, candidate.local, strength)
                moment, since = found.moment_ns, candidate.outcome.since_ns
                off = 0 if moment is None else moment - since
                placed.append((moment is None, off < 0, abs(off), candidate.connection.stream, found))
        return [found for *_, found in sorted(placed, key=lambda one: one[:4])]

    def local_end(self, log: LogError, connection: Connection) -> Endpoint:
        """Which end of a known connection wrote the line: by the ends it names, else by whom the format belongs to."""
        for local in (connection.a, connection.b):
            if rank_ends(log, connection, local, self._hosts) not in (None, EndsRank.NOTHING, EndsRank.SERVICE):
                return local
        return possible_writers(log, connection)[0]

    def clock_zone(self, log: LogError) -> tzinfo | None:
        """The zone of the line's clock: its own, the one named for the log, else the one to show if it fits."""
        known = log.zone or self.zones.log
        if known is not None or self.zones.show is None:
            return known
        return self.zones.show if covers(self.span, log_time(log, self.zones.show, self.span.last_time_ns)) else None

    def near(self, log: LogError) -> int | None:
        """The moment of the line if its zone is known."""
        zone = self.clock_zone(log)
        return log_time(log, zone, self.span.last_time_ns) if zone is not None else None

    def can_be_within(self, log: LogError) -> bool:
        """Whether the line can have been written in the capture's time, or soon after it; True without a time."""
        zones = self._zones_of(log)
        return log.stamp is None or any(covers(self.span, log_time(log, z, self.span.last_time_ns)) for z in zones)

    def _zones_of(self, log: LogError) -> list[tzinfo]:
        known = self.clock_zone(log)
        return [known] if known is not None else list(possible_zones())

    def _candidates(self, log: LogError) -> list[Candidate]:
        """The connections that the line's ends fit best, without those whose end speaks against the error."""
        sides = (log.by_server, log.by_client)
        key = (log.local, log.remote, log.beside, log.service, *sides, log.errno, log.operation, log.format)
        if key not in self._known:
            allowed = list(self._allowed(log))
            best = min((candidate.rank for candidate in allowed), default=EndsRank.NOTHING)
            # A weaker likeness counts for nothing beside a stronger one, even if that one ended otherwise.
            self._known[key] = [c for c in allowed if c.rank is best and c.outcome.fit is not Fit.AGAINST]
        return self._known[key]

    def _allowed(self, log: LogError) -> Iterable[Candidate]:
        for connection in self.index.connections.values():
            oriented = []
            for local in possible_writers(log, connection):
                rank = rank_ends(log, connection, local, self._hosts)
                if rank is not None:
                    oriented.append(self._as_candidate(connection, local, log, rank))
            if oriented:
                yield min(oriented, key=lambda c: (c.rank, -c.outcome.fit))

    def _as_candidate(self, connection: Connection, local: Endpoint, log: LogError, rank: EndsRank) -> Candidate:
        return Candidate(connection, local, rank, outcome_of(connection, local, log))

    def _decide(self, log: LogError, candidates: list[Candidate], strength: Strength) -> Match | None:
        """The one candidate that fits, the best of those that fit equally well as ambiguous, None when none does."""
        placed = list(self._placed(log, candidates))
        for fit in (Fit.FITS, Fit.OPEN):
            fitting = sorted((p for p in placed if p.fit is fit), key=lambda p: p.delay_ns)
            if not fitting:
                continue
            best = fitting[0]
            others = [p for p in fitting if p.candidate.connection is not best.candidate.connection]
            prompt = log.stamp is not None and best.delay_ns <= PROMPT_NS
            alone = not others or (prompt and others[0].delay_ns >= FAR_BEHIND * PROMPT_NS)
            weak = fit is Fit.OPEN and strength in (Strength.TIME_OUTCOME, Strength.OUTCOME, Strength.PORT_OUTCOME)
            connection, local = best.candidate.connection, best.candidate.local
            if alone and not weak:
                return self.named(log, connection, local, strength)
            rivals = dict.fromkeys(p.candidate.connection.stream for p in fitting)
            streams = self.index.connections
            return Match(Strength.AMBIGUOUS, connection, local, rivals=tuple(streams[stream] for stream in rivals))
        return None

    def _placed(self, log: LogError, candidates: Iterable[Candidate]) -> Iterable[_Placed]:
        """Each candidate at each time that the line can have been written, if that is after the cause of the error."""
        if log.stamp is None:
            yield from (_Placed(c, c.outcome.fit, 0) for c in candidates)
            return
        zones = self._zones_of(log)
        moments = [log_time(log, zone, self.span.last_time_ns) for zone in zones]
        inside = [moment for moment in moments if moment is not None and covers(self.span, moment)]
        for candidate in candidates:
            since = candidate.outcome.since_ns
            # In one of so many zones any time falls somewhere behind the cause: without an end, only soon counts.
            soon_only = len(zones) > 1 and candidate.rank > EndsRank.REMOTE
            for moment in inside:
                delay = moment - since
                if (soon_only and delay > SOON_NS) or not _is_of_age(candidate.connection, log, moment):
                    continue
                if log.errno is Errno.DEADLINE:
                    # The program closes when it has waited enough: that, too, is soon before or after the line.
                    soon = abs(delay) <= FAR_BEHIND * PROMPT_NS
                    if moment >= candidate.connection.first.time_ns:
                        yield _Placed(candidate, candidate.outcome.fit if soon else Fit.OPEN, abs(delay))
                elif delay >= -CLOCK_SKEW_NS:
                    yield _Placed(candidate, candidate.outcome.fit, max(0, delay))


class _Placed(Struct, frozen=True):
    candidate: Candidate
    fit: Fit
    delay_ns: int


def _is_of_age(connection: Connection, log: LogError, moment_ns: int) -> bool:
    """Whether the connection is as old as the line says; True when it says nothing or the SYN was not captured."""
    if log.age_ns is None or connection.syn is None:
        return True
    late = moment_ns - log.age_ns - connection.syn.time_ns
    return -CLOCK_SKEW_NS <= late <= SETUP_NS


def distance(connection: Connection, near_ns: int) -> int:
    """How far a moment lies outside a connection's time, in ns; 0 inside."""
    outline = connection.outline
    if outline.first_ns > near_ns:
        return outline.first_ns - near_ns
    return max(0, near_ns - outline.last_ns)
