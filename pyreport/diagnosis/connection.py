"""One connection of a capture, weighed and judged."""

from __future__ import annotations

from pyreport.application.farewells import NO_WORDS, LastWords
from pyreport.base.claim import Claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.ending import ending_of
from pyreport.connections.reading import Reading
from pyreport.connections.roles import assign_roles
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Explanation, Verdict
from pyreport.logs.model import LogError
from pyreport.matching.match import Match
from pyreport.quality import assess

#: A connection after weighing.
Judged = tuple[Case, tuple[Explanation, ...], Verdict]


def diagnose_connection(
    reading: Reading,
    connection: Connection,
    *,
    local: Endpoint | None = None,
    why_local: Claim | None = None,
    log: LogError | None = None,
    match: Match | None = None,
    words: LastWords = NO_WORDS,
) -> Judged:
    """Weigh and judge one connection of the capture. ``words`` is what an end said before the close."""
    case = Case(
        connection=connection,
        roles=assign_roles(connection, local, why_local),
        ending=ending_of(connection),
        index=reading.index,
        span=reading.span,
        log=log,
        log_ns=match.moment_ns if match else None,
        log_match=match.strength.value if match else "",
        said=words.said,
        cut=words.cut,
        named=words.named,
        alert=words.alert,
        log_fits=max(1, match.among) if match else 1,
        quality=assess(
            connection, reading.index, reading.span, drops=reading.drops, log_ns=match.moment_ns if match else None
        ),
    )
    explanations, verdict = diagnose(case)
    return case, explanations, verdict
