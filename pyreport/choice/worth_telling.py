"""Which of the connections that were judged have something to say."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.connection import Judged
from pyreport.diagnosis.evidence.untranslated import stray_streams
from pyreport.diagnosis.result import Kind, Verdict
from pyreport.frames.finding import Level

#: Verdicts on connections that broke, whatever level the plugin's findings have.
BROKEN = (
    *(Kind.PATH_LOST, Kind.PEER_RESTARTED, Kind.MIDDLEBOX_CLOSED, Kind.PEER_STALLED, Kind.NEVER_OPENED),
    *(Kind.LOCAL_STALLED, Kind.KEEPALIVE_GAVE_UP, Kind.HOST_FROZEN),
)
#: Verdicts on a peer that closed in order.
PEER_CLOSED = (Kind.PEER_CLOSED, Kind.PEER_CLOSED_IDLE)


def rows_of(judged: Sequence[Judged]) -> list[tuple[Case, Verdict]]:
    """The connections that have something to say: a Warn or Error, or an end that no finding stands for. In the order
    given, the everyday noise of closing last. What strayed from a connection is told with that one.
    """
    strays = stray_streams(case for case, _, _ in judged)
    rows = [
        (case, verdict)
        for case, _, verdict in judged
        if case.connection.stream not in strays and _has_something_to_say(case, verdict)
    ]
    return sorted(rows, key=lambda row: row[1].is_everyday)


def _has_something_to_say(case: Case, verdict: Verdict) -> bool:
    is_told = _lost_in_an_orderly_close(verdict) or verdict.told("opening-late") is not None
    return case.connection.worst >= Level.WARN or verdict.kind in BROKEN or is_told


def _lost_in_an_orderly_close(verdict: Verdict) -> bool:
    """Whether a request crossed the close and was lost, or the peer closed instead of replying to one."""
    told = {found.id for found in verdict.claims}
    return "close-race-refused" in told or (verdict.kind in PEER_CLOSED and "reply-outstanding" in told)
