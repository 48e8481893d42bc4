"""The verdict: one closed kind, its claims, how sure, and who has a share in it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pyreport.base.claim import Claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.acks_not_heard import acks_not_heard
from pyreport.diagnosis.evidence.crossing import crossed_fins
from pyreport.diagnosis.evidence.health_check import asking_checks, health_checks
from pyreport.diagnosis.evidence.last_words import tell_last_words
from pyreport.diagnosis.evidence.late_opening import late_opening
from pyreport.diagnosis.evidence.not_taken import unheeded
from pyreport.diagnosis.evidence.same_service import never_opened
from pyreport.diagnosis.evidence.setting import setting_changes
from pyreport.diagnosis.evidence.stand_in import stand_in, tell_stand_in
from pyreport.diagnosis.evidence.unseen_fin import unseen_fin
from pyreport.diagnosis.evidence.unserved import unread_by_peer, unread_here
from pyreport.diagnosis.evidence.waits import open_wait
from pyreport.diagnosis.evidence.window import asked_in_vain, shut_to_the_end
from pyreport.diagnosis.health import check_health, not_holding
from pyreport.diagnosis.result import Attribution, Confidence, Explanation, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.verdict.basis import Weighed, once, present, supported
from pyreport.diagnosis.verdict.fin import local_fin, peer_fin
from pyreport.diagnosis.verdict.objections import objection
from pyreport.diagnosis.verdict.parted import after_leave
from pyreport.diagnosis.verdict.reset import gave_up, reset_first
from pyreport.diagnosis.verdict.sound import asked_by_a_monitor, checked_by_a_monitor, healthy
from pyreport.diagnosis.verdict.stalled import (
    hole_at_the_end,
    large_packets_lost,
    local_stalled,
    never_filled,
    peer_stalled,
)
from pyreport.diagnosis.verdict.still_open import still_open
from pyreport.diagnosis.verdict.sureness import not_surer
from pyreport.diagnosis.verdict.unanswered import (
    acks_lost,
    gave_up_unheard,
    is_lost,
    no_opening,
    unacknowledged,
    window_unanswered,
)

#: What may be so on a connection on which nothing broke: an idle limit that ran out in order, losses that were made
#: good, and frames that the capture lacks.
HARMLESS = (ExplanationId.PEER_IDLE_CLOSE, ExplanationId.PATH_LOSS, ExplanationId.CAPTURE_LOSS)


def judge(case: Case, explanations: Sequence[Explanation]) -> Verdict:
    """Decide by how the connection ended first, then by what the explanations found."""
    weighed = {explanation.id: explanation for explanation in explanations}
    verdict = not_surer(weighed, after_leave(case, weighed, _decide(case, weighed)))
    opened = present(late_opening(case))
    before, behind = (opened, ()) if verdict.is_harmless else ((), opened)
    ignored = present(unheeded(case)) if verdict.told("reset-not-taken") is None else ()
    claims = (
        *(*before, *verdict.claims[:1], *tell_last_words(case), *behind),
        *(*verdict.claims[1:], *ignored, *setting_changes(case), *_answered_for(case), *present(crossed_fins(case))),
    )
    return replace(verdict, claims=once(claims), objection=objection(case, weighed, verdict))


def _answered_for(case: Case) -> tuple[Claim, ...]:
    """That a device answered the local end's probes in the peer's name."""
    found = stand_in(case.connection, case.peer)
    return () if found is None else (tell_stand_in(case, found),)


def _decide(case: Case, weighed: Weighed) -> Verdict:
    ending = case.ending
    if never_opened(case.connection):
        return no_opening(case, weighed)
    checks = health_checks(case.index, case.connection)
    if checks:
        return checked_by_a_monitor(case, checks)
    asking = asking_checks(case.index, case.connection)
    if asking:
        return asked_by_a_monitor(case, asking)
    checked = check_health(case)
    found = {e.id for e in weighed.values() if e.status is Status.SUPPORTED}
    # A complaint is no proof, but it is why nothing is called healthy, be it a log's or an end's own.
    is_complained = case.log is not None or (case.said is not None and case.said.is_complaint)
    if not is_complained and not not_holding(checked) and found.issubset(HARMLESS):
        return healthy(case, checked)
    if supported(weighed, ExplanationId.MTU_BLACK_HOLE):
        return large_packets_lost(case, weighed)
    wait = open_wait(case)
    if wait is not None and (wait.is_opening or is_lost(case, wait)):
        return unacknowledged(case, weighed, wait)
    given_up = gave_up_unheard(case, weighed)
    if given_up is not None:
        return given_up
    unheard = acks_not_heard(case)
    if unheard is not None and (ending.first is None or ending.first.source == unheard.sender):
        return acks_lost(case, unheard)
    if ending.gave_up is not None:
        return gave_up(case, weighed, ending.gave_up)
    in_vain = asked_in_vain(case, case.peer)
    if in_vain is not None and (ending.first is None or ending.first.source == case.local):
        return window_unanswered(case, weighed, in_vain)
    is_own_end = ending.first is None or ending.first.source == case.local
    is_by_stall = is_own_end or unread_by_peer(case) is not None
    if is_by_stall and supported(weighed, ExplanationId.PEER_APPLICATION_STALLED):
        return peer_stalled(case, weighed)
    if ending.first is None and shut_to_the_end(case):
        return peer_stalled(case, weighed)
    unread = unread_here(case)
    if ending.first is None and unread is not None:
        return local_stalled(case, unread)
    if (gap := hole_at_the_end(case, weighed)) is not None:
        return never_filled(case, weighed, gap)
    unseen = unseen_fin(case)
    if unseen is not None:
        untold = (Attribution.CAPTURE_INCOMPLETE,)
        return Verdict(Kind.UNDETERMINED, (unseen,), Confidence.UNDETERMINED, untold, (unseen,))
    if case.half_close_reset is not None:
        return reset_first(case, weighed, case.half_close_reset)
    if ending.fin is not None:
        return (peer_fin if case.peer_closed_first else local_fin)(case, weighed, ending.fin)
    if ending.reset is not None:
        return reset_first(case, weighed, ending.reset)
    return still_open(case, weighed, checked)
