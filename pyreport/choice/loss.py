"""What a connection lost, and how bad that is: the level of an event.

The plugin's level is that of a finding on a frame, and some losses stand on no frame: a hole that is never filled, a
program that does not read, a SYN that nobody answers. The verdict tells them, and an event is no milder than its loss.
"""

from __future__ import annotations

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.event import Row
from pyreport.diagnosis.evidence.reply_cut import CUT
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.diagnosis.evidence.unserved import UNREAD
from pyreport.diagnosis.evidence.waits import open_wait
from pyreport.diagnosis.result import Kind, Verdict
from pyreport.frames.finding import Level
from pyreport.frames.findings import PostFinReset, PostFinResetCauseKind, ResetFollowed
from pyreport.frames.frame import FLAG_RST

#: Verdicts on connections on which somebody waits in vain. One that was closed all the same tells it by its close.
IN_VAIN = (Kind.PATH_LOST, Kind.KEEPALIVE_GAVE_UP, Kind.PEER_STALLED, Kind.LOCAL_STALLED)
#: What is told of data that never came, or that a program left unread or unanswered.
MISSING = {"mtu-verdict", "path-loss-hole", UNREAD, "peer-stalled-no-reply"}
#: What is told of a client that asked again and again for a connection, whatever ended that.
WAITED = ("opening-of-another", "opening-untranslated")


def _lost_data(case: Case) -> bool:
    """Whether data of the connection was refused or never acknowledged."""
    reset, after_fin, wait = case.ending.reset, case.ending.post_fin_reset, open_wait(case)
    if wait is not None and not wait.is_bare_fin:
        return True
    if after_fin is not None and _refuses_data(after_fin):
        return True
    if _sent_after_the_reset(case):
        return True
    return reset is not None and reset.level >= Level.WARN and reset.followed is ResetFollowed.DATA


def _sent_after_the_reset(case: Case) -> bool:
    """Whether the side that an RST names sent payload after it that the other side refused: a device wrote the RST."""
    dead = case.ending.dead
    if dead is None:
        return False
    behind = [frame for frame in case.connection.frames if frame.number > dead.number]
    refused = any(frame.has(FLAG_RST) and frame.source != dead.source for frame in behind)
    return refused and any(frame.length and frame.source == dead.source for frame in behind)


def lost(row: Row) -> bool:
    """Whether the connection lost data, by its frames or by its verdict. One that never opened had none."""
    case, verdict = row
    if never_opened(case.connection):
        return False
    missing = verdict.kind in IN_VAIN and verdict.told(*MISSING) is not None and not _nobody_asks(verdict)
    return _lost_data(case) or missing


def level_of(row: Row) -> Level:
    """The level of the worst finding, and a warning at least where somebody waited in vain, or got half a reply."""
    case, verdict = row
    worst = case.connection.worst
    is_loss = lost(row) or _in_vain(case, verdict) or verdict.told(*CUT) is not None
    return max(worst, Level.WARN) if is_loss else worst


def _in_vain(case: Case, verdict: Verdict) -> bool:
    """Whether nothing came for somebody who waited. Who is refused waits no longer."""
    if never_opened(case.connection):
        return not case.connection.outline.is_two_sided or verdict.told(*WAITED) is not None
    return verdict.kind in IN_VAIN and not _nobody_asks(verdict)


def _nobody_asks(verdict: Verdict) -> bool:
    """Whether a window is closed that nobody is seen to wait for."""
    window = verdict.told(UNREAD)
    return window is not None and window.values["asks"] == 0


def _refuses_data(reset: PostFinReset) -> bool:
    return reset.level >= Level.WARN and reset.cause_kind is PostFinResetCauseKind.WRITE
