"""The verdict where the path let part through: an end whose kernel lives and whose application does not, and a path on
which large packets do not pass.
"""

from __future__ import annotations

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import NOT_CLOSED, closed_first
from pyreport.diagnosis.evidence.never_came import heard_all_along, unheard_before_close
from pyreport.diagnosis.evidence.unserved import unread_by_both
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import IDLE_FROM_NS
from pyreport.diagnosis.verdict.basis import Weighed, present
from pyreport.frames.findings import Fin

#: What tells of octets that never came.
NEVER_CAME = ("path-loss-hole", "path-loss-counted")


def peer_stalled(case: Case, weighed: Weighed) -> Verdict:
    """The peer's application did not read or did not answer, and the local end gave up or the capture ended."""
    found = weighed[ExplanationId.PEER_APPLICATION_STALLED]
    both = unread_by_both(case)
    claims = (*found.evidence, *both, how_it_ended(case))
    if both:
        shares: tuple[Attribution, ...] = (Attribution.PEER_SERVICE, Attribution.LOCAL_APPLICATION)
        return Verdict(Kind.PEER_STALLED, claims, Confidence.POSSIBLE, shares, (*found.evidence, *both))
    shares = (Attribution.PEER_SERVICE,)
    return Verdict(Kind.PEER_STALLED, claims, Confidence.LIKELY, shares, found.evidence)


def local_stalled(case: Case, unread: Claim) -> Verdict:
    """The local application did not read, and nothing had closed the connection when the capture ended."""
    shares = (Attribution.LOCAL_APPLICATION,)
    return Verdict(Kind.LOCAL_STALLED, (unread, how_it_ended(case)), Confidence.LIKELY, shares, (unread,))


def large_packets_lost(case: Case, weighed: Weighed) -> Verdict:
    """Full segments are lost and small ones pass."""
    found = weighed[ExplanationId.MTU_BLACK_HOLE]
    claims = (claim("mtu-verdict", found.weightiest.frames), *found.evidence, how_it_ended(case))
    return Verdict(Kind.PATH_LOST, claims, Confidence.LIKELY, (Attribution.NETWORK_PATH,), found.evidence)


def hole_at_the_end(case: Case, weighed: Weighed) -> Claim | None:
    """What the peer sent and never came, when the local end closed after it had waited for that in vain, when the peer
    closed after it had sent that, or when the capture ended so.
    """
    loss = weighed[ExplanationId.PATH_LOSS]
    if loss.status not in (Status.SUPPORTED, Status.POSSIBLE) or loss.weightiest.id not in NEVER_CAME:
        return None
    first = case.ending.first
    if first is not None and first.source == case.peer:
        return unheard_before_close(case)
    holes = space_of(case.connection, case.peer).holes
    end = case.ending.first.time_ns if case.ending.first is not None else case.span.last_time_ns
    begun = (hole.beyond if hole.beyond.space else hole.before or hole.beyond for hole in holes)
    is_long = any(end - frame.time_ns >= IDLE_FROM_NS for frame in begun)
    return loss.weightiest if is_long else None


def never_filled(case: Case, weighed: Weighed, told: Claim) -> Verdict:
    """The local end closed because a part of the reply never came, or still lacks it. Where the peer was heard all
    along and its full segments had passed, it may as well have sent the part only once.
    """
    narrow = weighed[ExplanationId.MTU_BLACK_HOLE]
    what = narrow.evidence if narrow.status is Status.POSSIBLE else (told,)
    heard = None if narrow.status is Status.POSSIBLE else heard_all_along(case, case.peer)
    claims = (*what, *present(heard), how_it_ended(case))
    if heard is not None:
        both = (Attribution.NETWORK_PATH, Attribution.PEER_SERVICE)
        return Verdict(Kind.PATH_LOST, claims, Confidence.POSSIBLE, both, (told, heard))
    return Verdict(Kind.PATH_LOST, claims, Confidence.LIKELY, (Attribution.NETWORK_PATH,), (told,))


def how_it_ended(case: Case) -> Claim:
    """The close of the connection, or that the capture has none."""
    first = case.ending.first
    if first is None:
        return NOT_CLOSED
    if isinstance(first, Fin):
        return closed_first(case, first)
    frame = FrameNumber(first.frame)
    return claim("reset-by-prober", (first.frame,), who=case.roles.party(first.source), frame=frame)
