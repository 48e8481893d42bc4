"""The cause in words: what kind of end it was, for who reads no packets."""

from __future__ import annotations

from enum import StrEnum

from pyreport.application.farewells import Said
from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.acks_not_heard import NOT_HEARD
from pyreport.diagnosis.evidence.after_fin import refused_from_elsewhere
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.closing import ResetBy, forgot_silently, reset_by
from pyreport.diagnosis.evidence.last_words import words_of_peer
from pyreport.diagnosis.evidence.never_came import HEARD
from pyreport.diagnosis.evidence.not_of_the_syn import NOT_OF_THE_SYN
from pyreport.diagnosis.evidence.refusals import refusals
from pyreport.diagnosis.evidence.silent_past_keepalive import SILENT
from pyreport.diagnosis.evidence.told_waits import ARRIVED, NOT_ACCEPTED, REACHED_LINK
from pyreport.diagnosis.evidence.unserved import BOTH, UNREAD
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.diagnosis.verdict.reset import ANSWERED_TOO_LATE
from pyreport.frames.findings import RefusedByReason
from pyreport.frames.frame import FLAG_RST

# A device says so of what is beyond it (RFC 1812 section 5.2.7.1); the other reasons are its own, or the host's.
OUT_OF_REACH = (RefusedByReason.NET_UNREACHABLE, RefusedByReason.HOST_UNREACHABLE)
#: What the local end left undone when the peer ended the connection.
UNSERVED = ("peer-stalled-no-reply", UNREAD)


def cause(case: Case, verdict: Verdict) -> Claim | None:
    """What the kind of the verdict means; None where nothing broke."""
    local, peer, aged = case.local_party, case.peer_party, close_age(case)
    is_sure = verdict.confidence in (Confidence.CONFIRMED, Confidence.LIKELY)
    match verdict.kind:
        case Kind.HEALTHY | Kind.HEALTH_CHECK:
            return None
        case Kind.PEER_CLOSED_IDLE if aged is not None:
            return claim("cause-idle-limit", peer=peer, age=Duration(aged.ns), sure=is_sure)
        case Kind.PEER_CLOSED | Kind.PEER_RESET if (said := _reason_given(case)) is not None:
            return claim("cause-peer-said", (said.frame,), peer=peer, frame=FrameNumber(said.frame))
        case Kind.PEER_CLOSED | Kind.PEER_RESET if verdict.told(SILENT) is not None:
            return claim("cause-waited-for", peer=peer, local=local, sure=is_sure)
        case Kind.PEER_CLOSED_IDLE:
            return claim("cause-peer-closed", peer=peer)
        case Kind.PEER_RESET | Kind.LOCAL_CLOSED if refused := verdict.told("reset-by-own-filter"):
            return claim("cause-own-filter", who=refused.values["who"])
        case Kind.PEER_RESET if verdict.told("untranslated") is not None:
            return claim("cause-untranslated", sure=is_sure)
        case Kind.PEER_RESET | Kind.PEER_CLOSED if verdict.told(*UNSERVED) is not None:
            return claim("cause-waited-for", peer=peer, local=local, sure=is_sure)
        case Kind.PEER_CLOSED if verdict.told("reply-outstanding") is not None:
            return claim("cause-peer-closed-owing", peer=peer)
        case Kind.PEER_CLOSED:
            return claim("cause-peer-closed", peer=peer)
        case Kind.PEER_RESET if verdict.told(ANSWERED_TOO_LATE) is not None:
            return claim("cause-silence", where=Where.STOOD, sure=False)
        case Kind.PEER_RESET:
            reset = case.ending.reset
            return claim("cause-peer-reset", peer=peer, by=ResetBy.ANY if reset is None else reset_by(case, reset))
        case Kind.MIDDLEBOX_CLOSED if filtered := verdict.told("device-or-filter"):
            return claim("cause-device-or-filter", who=filtered.values["who"], sure=is_sure)
        case Kind.MIDDLEBOX_CLOSED:
            return claim("cause-device", sure=is_sure)
        case Kind.PEER_RESTARTED:
            is_event = verdict.told("close-one-of-many") is not None
            what = "host" if forgot_silently(case) else "program"
            return claim("cause-peer-restarted", peer=peer, sure=is_sure, several=is_event, what=what)
        case Kind.PATH_LOST | Kind.KEEPALIVE_GAVE_UP if verdict.told("untranslated") is not None:
            return claim("cause-untranslated", sure=is_sure)
        case Kind.PATH_LOST if not_heard := verdict.told(NOT_HEARD):
            return claim("cause-one-way", who=not_heard.values["other"], other=not_heard.values["sender"], sure=is_sure)
        case Kind.PATH_LOST if heard := verdict.told(HEARD):
            return claim("cause-sent-once", who=heard.values["sender"])
        case Kind.PATH_LOST if verdict.told("mtu-verdict") is not None:
            return claim("cause-size", sure=is_sure)
        case Kind.PATH_LOST if verdict.told("mtu-small-pass") is not None:
            return claim("cause-size", sure=False)
        case Kind.PATH_LOST if verdict.told("idle-forgotten-others-open") is not None:
            return claim("cause-device", sure=is_sure)
        case Kind.PATH_LOST | Kind.KEEPALIVE_GAVE_UP if by := refusals(case):
            cannot = by[0].reason in OUT_OF_REACH
            far = case.roles.party(case.connection.other(by[0].sender))
            return claim("cause-refused", device=by[0].device, sure=is_sure, unreachable=cannot, far=far)
        case Kind.PATH_LOST if verdict.told("wait-data-not-taken-in") is not None:
            return claim("cause-not-taken-in")
        case Kind.PATH_LOST if refused := verdict.told(NOT_ACCEPTED):
            return claim("cause-not-accepted", who=refused.values["silent"], other=refused.values["asker"])
        case Kind.PATH_LOST | Kind.KEEPALIVE_GAVE_UP:
            return claim("cause-silence", where=_where(verdict), sure=is_sure)
        case Kind.HOST_FROZEN:
            return claim("cause-host-frozen", sure=is_sure)
        case Kind.LOCAL_CLOSED if verdict.told(ANSWERED_TOO_LATE) is not None:
            return claim("cause-silence", where=Where.STOOD, sure=False)
        case Kind.LOCAL_CLOSED if case.doubt:
            return closer_in_doubt(case)
        case Kind.LOCAL_CLOSED if refused_from_elsewhere(case, case.ending.post_fin_reset):
            return claim("cause-closed-one-way", local=local)
        case Kind.LOCAL_CLOSED:
            # What the peer did before is in the direction that was not captured.
            is_alone = verdict.attribution == (Attribution.LOCAL_APPLICATION,) and case.unseen != case.peer
            return claim("cause-local-closed", local=local, alone=is_alone)
        case Kind.PEER_STALLED if verdict.told(BOTH) is not None:
            return claim("cause-both-stalled", local=local, peer=peer)
        case Kind.PEER_STALLED:
            return claim("cause-peer-stalled", peer=peer)
        case Kind.LOCAL_STALLED:
            return claim("cause-local-stalled", local=local)
        case Kind.NEVER_OPENED if verdict.told("opening-untranslated") is not None:
            return claim("cause-answer-untranslated", sure=is_sure)
        case Kind.NEVER_OPENED if half := verdict.told("opening-not-completed"):
            return claim("cause-never-completed", who=half.values["who"], other=half.values["other"])
        case Kind.NEVER_OPENED if verdict.told(REACHED_LINK.syns, ARRIVED.syns) is not None:
            return claim("cause-silence", where=_where(verdict), sure=is_sure)
        case Kind.NEVER_OPENED:
            is_refused = verdict.told(NOT_OF_THE_SYN) is None and _was_refused(case)
            return claim("cause-never-opened", peer=peer, refused=is_refused)
        case Kind.UNDETERMINED:
            return claim("cause-unknown")


def _reason_given(case: Case) -> Said | None:
    """Why the peer ended the connection, where it did so unasked, in its own words; None where it said nothing."""
    first = case.ending.first
    is_its_own = first is not None and first.source == case.peer and case.ending.cause_frame is None
    return words_of_peer(case) if is_its_own else None


class Where(StrEnum):
    """Where what got no answer may have been lost."""

    PATH = "path"
    HOST = "host"
    LINK = "link"
    FILTER = "filter"
    EITHER = "either"
    STOOD = "stood"  # or its host stood still: it went on afterwards


def _where(verdict: Verdict) -> Where:
    if verdict.told("wait-path-or-filter"):
        return Where.FILTER
    if verdict.told(*REACHED_LINK):
        return Where.LINK
    if Attribution.NETWORK_PATH not in verdict.attribution:
        return Where.HOST
    if len(verdict.attribution) == 1:
        return Where.PATH
    return Where.EITHER if verdict.told("silent-side-came-back") is None else Where.STOOD


def _was_refused(case: Case) -> bool:
    """Whether an RST, or a device's ICMP error, says that the connection may not be."""
    return any(frame.has(FLAG_RST) for frame in case.connection.frames) or bool(refusals(case))


def closer_in_doubt(case: Case, *frames: int) -> Claim:
    """That the local end is seen to close first, and the peer may have closed before, unseen."""
    return claim("cause-closer-in-doubt", frames, local=case.local_party, peer=case.peer_party)
