"""Which of the connections that were judged have something to say."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.connections.ending import age_of, said_nothing
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.connection import Judged
from pyreport.diagnosis.evidence.reply_cut import CUT
from pyreport.diagnosis.evidence.silent_past_keepalive import SILENT
from pyreport.diagnosis.evidence.unserved import UNREAD
from pyreport.diagnosis.evidence.untranslated import stray_streams
from pyreport.diagnosis.result import Kind, Verdict
from pyreport.diagnosis.thresholds import IDLE_FROM_NS
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
    is_loud = case.connection.worst >= Level.WARN or verdict.kind in BROKEN
    is_late = verdict.told("opening-late") is not None
    is_told = is_late or _lost_in_an_orderly_close(verdict) or _says_why(case, verdict)
    return is_loud or is_told or _turned_away(case, verdict)


def _turned_away(case: Case, verdict: Verdict) -> bool:
    """Whether the server closed soon after the handshake, before anybody had said anything."""
    first = case.ending.first
    age = None if first is None or said_nothing(first) is None else age_of(first)
    return verdict.kind is Kind.PEER_CLOSED and age is not None and age < IDLE_FROM_NS


def _says_why(case: Case, verdict: Verdict) -> bool:
    """Whether an end said before the close what was wrong, or closed in the middle of a reply, on a client that had
    been silent for longer than it had named, or that end did not read what it was sent.
    """
    said = case.said
    unread = verdict.told(UNREAD) is not None and verdict.kind is not Kind.LOCAL_CLOSED
    return unread or (said is not None and said.is_complaint) or verdict.told(*CUT, SILENT) is not None


def _lost_in_an_orderly_close(verdict: Verdict) -> bool:
    """Whether a request crossed the close and was lost, or the peer closed instead of replying to one."""
    told = {found.id for found in verdict.claims}
    return "close-race-refused" in told or (verdict.kind in PEER_CLOSED and "reply-outstanding" in told)
