"""A log line that fits several connections equally well, to all of which the same happened: the line is about their
event, whichever of them it is.
"""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from pyreport.base.errors import InputError
from pyreport.choice.events import events_of
from pyreport.connections.connection import Connection
from pyreport.connections.reading import Reading
from pyreport.diagnosis.connection import diagnose_connection
from pyreport.diagnosis.event import Common
from pyreport.diagnosis.evidence.health_check import asking_checks, health_checks
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.diagnosis.evidence.untranslated import is_like_a_stray, stray_streams
from pyreport.logs.model import LogError
from pyreport.matching.match import Match, Strength
from pyreport.matching.matcher import Matcher

# More connections than this are not judged for one line.
MOST_JUDGED = 200


class LineMatcher(Struct):
    """Matches lines with connections, and of one event with the connection that is nearest in time."""

    reading: Reading
    matcher: Matcher
    _known: dict[tuple[int, ...], bool] = field(default_factory=dict)

    def match(self, log: LogError) -> Match | None:
        """The connection that the line is about; AMBIGUOUS where several fit that have nothing in common; None when
        none can be it.
        """
        match = self.matcher.match(log)
        if match is None or match.strength is not Strength.AMBIGUOUS:
            return match
        rivals = self._without_strays(match.rivals)
        fitting = self.matcher.fitting(log, rivals)
        if len(fitting) == len(rivals) == 1 < len(match.rivals):
            return fitting[0]
        if len(fitting) < len(rivals) or not self._are_one_event(fitting):
            return match
        return replace(fitting[0], alike=len(fitting))

    def candidate(self, log: LogError, rank: int) -> Match | None:
        """The match as match() has it; of several connections that have nothing in common the one that is number
        ``rank`` (from 1) in time. Raises InputError when they are fewer.
        """
        match = self.match(log)
        if match is None or match.strength is not Strength.AMBIGUOUS:
            return match
        ends = [(rival, self.matcher.local_end(log, rival)) for rival in match.rivals]
        fitting = self.matcher.fitting(log, match.rivals) or [
            self.matcher.named(log, rival, local, Strength.EXACT) for rival, local in ends
        ]
        if rank > len(fitting):
            raise InputError(f"The log line fits {len(fitting)} connections: there is no candidate {rank}.")
        if len(fitting) == 1:  # the only one, but by too little to claim it without being asked
            return fitting[0]
        return replace(fitting[rank - 1], among=len(fitting), rank=rank)

    def _without_strays(self, rivals: tuple[Connection, ...]) -> tuple[Connection, ...]:
        """The connections without what strayed from one of them: no program has a socket for that where it came."""
        like = [rival for rival in rivals if is_like_a_stray(rival)]
        ends = {end for rival in like for end in (rival.a, rival.b)}
        near = [rival for rival in rivals if rival not in like and ends & {rival.a, rival.b}]
        if not like or len(near) > MOST_JUDGED:
            return rivals
        strays = stray_streams(diagnose_connection(self.reading, rival)[0] for rival in near)
        return tuple(rival for rival in rivals if rival.stream not in strays)

    def _are_one_event(self, fitting: list[Match]) -> bool:
        key = tuple(sorted(found.connection.stream for found in fitting))
        if key not in self._known:
            one, index = fitting[0].connection, self.reading.index
            checks = {check.stream for check in (*health_checks(index, one), *asking_checks(index, one))}
            self._known[key] = checks.issuperset(key) or (len(key) <= MOST_JUDGED and self._share_an_event(fitting))
        return self._known[key]

    def _share_an_event(self, fitting: list[Match]) -> bool:
        """Whether they have more in common than the kind of their verdicts."""
        judged = [diagnose_connection(self.reading, one.connection, local=one.local) for one in fitting]
        told = events_of([(case, verdict) for case, _, verdict in judged])
        if all(never_opened(case.connection) for case, _, _ in judged):
            return len(told) == 1  # one service did not take them, whenever they came
        return len(told) == 1 and told[0].event.common not in (Common.KIND, Common.ALONE)
