"""The verdict on connections on which somebody asked in vain: SYN, data or probes without an answer."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.acks_not_heard import UnheardAcks, tell_not_heard
from pyreport.diagnosis.evidence.closing import NOT_CLOSED
from pyreport.diagnosis.evidence.filtered import perhaps_filtered
from pyreport.diagnosis.evidence.first_after_silence import all_fell_silent
from pyreport.diagnosis.evidence.gaps import gap_end_ns
from pyreport.diagnosis.evidence.keepalive import keepalive_trouble
from pyreport.diagnosis.evidence.not_of_the_syn import not_of_the_syn
from pyreport.diagnosis.evidence.refusals import grouped, tell_refusal
from pyreport.diagnosis.evidence.refused_too_soon import refused_too_soon
from pyreport.diagnosis.evidence.replies import is_leave, open_request
from pyreport.diagnosis.evidence.same_service import accepted_another, closed_before, outcome_of_opening, refused_late
from pyreport.diagnosis.evidence.spread import silent_elsewhere
from pyreport.diagnosis.evidence.told_waits import ARRIVED, NOT_ACCEPTED, REACHED_LINK, not_taken_in
from pyreport.diagnosis.evidence.unserved import tell_outstanding
from pyreport.diagnosis.evidence.untranslated import untranslated, untranslated_opening
from pyreport.diagnosis.evidence.waits import (
    Wait,
    answered_each,
    closed_by_silent,
    open_wait,
    waits,
    went_on_without,
)
from pyreport.diagnosis.evidence.window import ClosedWindow, tell_asked_in_vain
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import FEWEST_REPEATS, IDLE_FROM_NS
from pyreport.diagnosis.verdict.basis import Weighed, once, present
from pyreport.diagnosis.verdict.shares import shares_of_silence, told_of_silence, why_silent
from pyreport.diagnosis.verdict.stalled import how_it_ended
from pyreport.frames.findings import Fin, RefusedBy, Unanswered
from pyreport.frames.frame import FLAG_RST, FLAG_SYN
from pyreport.logs.model import Errno


def no_opening(case: Case, weighed: Weighed) -> Verdict:
    """Nothing but SYNs, or an RST in answer."""
    client, server = case.connection.a, case.connection.b
    outcome, frame = outcome_of_opening(case.connection, server)
    who = case.roles.party(client)
    earlier = case.connection.before_opening()
    if earlier:
        return _still_had_another(case, earlier)
    far_end = Attribution.PEER_SERVICE if server == case.peer else Attribution.LOCAL_HOST
    strayed = untranslated_opening(case)
    if strayed is not None:
        path = (Attribution.NETWORK_PATH,)
        return Verdict(Kind.NEVER_OPENED, (strayed,), Confidence.LIKELY, path, (strayed,))
    if outcome == "refused":
        return _refused(case, frame, far_end)
    refused = next(
        grouped(found for found in case.span.refusals if found.sender == client and _is_of(case, found)), None
    )
    if refused is not None:
        told = tell_refusal(case, refused)
        share = far_end if refused[0].device == server.host else Attribution.NETWORK_PATH
        return Verdict(Kind.NEVER_OPENED, (told,), Confidence.LIKELY, (share,), (told,))
    tries = tuple(f.number for f in case.connection.frames if f.source == client and f.has(FLAG_SYN))
    claims: tuple[Claim, ...] = (claim("opening-unanswered", tries, who=who, tries=len(tries)),)
    deciding = (claim("opening-no-answer", tries),)
    if len(tries) < FEWEST_REPEATS:
        shares: tuple[Attribution, ...] = (Attribution.CAPTURE_INCOMPLETE,)
        return Verdict(Kind.UNDETERMINED, claims, Confidence.UNDETERMINED, shares, deciding)
    loss = weighed[ExplanationId.PATH_LOSS]
    if loss.weightiest.id == "wait-syn-host-heard":
        # The host is there. Its queue was full, or a filter before the port took the SYNs: its own, or one on the path.
        is_queue = case.quality.vantage.is_at(server) or _took_others(case, server)
        shares = (far_end,) if is_queue else (far_end, Attribution.NETWORK_PATH)
        sure = Confidence.LIKELY if is_queue else Confidence.POSSIBLE
        alive = Claim("opening-host-alive", loss.weightiest.frames, loss.weightiest.values)
        return Verdict(Kind.NEVER_OPENED, (*claims, alive), sure, shares, (loss.weightiest,))
    shares = shares_of_silence(case, weighed, server)
    if loss.weightiest.id in (REACHED_LINK.syns, ARRIVED.syns):
        claims, deciding = (*claims, loss.weightiest), (loss.weightiest,)
    return Verdict(Kind.NEVER_OPENED, claims, Confidence.POSSIBLE, shares, deciding)


def _refused(case: Case, frame: int, far_end: Attribution) -> Verdict:
    """An RST came in answer to the SYN."""
    client, server = case.connection.a, case.connection.b
    frames = (case.connection.first.number, frame)
    reset = case.connection.frame(frame)
    too_soon = None if reset is None else refused_too_soon(case, server, reset)
    of_another = None if reset is None else not_of_the_syn(case, client, reset)
    refusal = "opening-refused" if of_another is None else "opening-met-rst"
    claims: tuple[Claim, ...] = (
        claim(refusal, frames, who=case.roles.party(client), frame=FrameNumber(frame)),
        *present(refused_late(case.connection, frame)),
        *present(accepted_another(case, server)),
        *(present(of_another, too_soon) or (claim("opening-nobody-listens", server=server),)),
    )
    deciding = (claim("opening-reset", frames), *present(too_soon, of_another))
    both = (Attribution.NETWORK_PATH, far_end)
    if too_soon is not None and too_soon.values["sure"]:
        return Verdict(Kind.NEVER_OPENED, claims, Confidence.LIKELY, both[:1], deciding)
    if too_soon is not None or of_another is not None:
        return Verdict(Kind.NEVER_OPENED, claims, Confidence.POSSIBLE, both, deciding)
    return Verdict(Kind.NEVER_OPENED, claims, Confidence.LIKELY, (far_end,), deciding)


def _still_had_another(case: Case, earlier: frozenset[int]) -> Verdict:
    """The server's end answers for an earlier connection. The client's RST would end that one, if it got there. A
    client that sends none did not see the ACK, or has no socket that minds (RFC 9293 section 3.10.7.3).
    """
    client, server = case.connection.a, case.connection.b
    tries = sum(1 for f in case.connection.frames if f.source == client and f.has(FLAG_SYN))
    who, other = case.roles.party(client), case.roles.party(server)
    told = claim("opening-of-another", tuple(sorted(earlier)), who=who, other=other, tries=tries, acks=len(earlier))
    closed = present(closed_before(case, earlier))
    resets = tuple(f.number for f in case.connection.frames if f.source == client and f.has(FLAG_RST))
    far_end, near_end = Attribution.PEER_SERVICE, Attribution.LOCAL_HOST
    if server != case.peer:
        far_end, near_end = near_end, far_end
    if resets:
        lost = claim("opening-rst-not-heeded", resets, who=who, other=other)
        shares = (Attribution.NETWORK_PATH, far_end)
        return Verdict(Kind.NEVER_OPENED, (told, *closed, lost), Confidence.LIKELY, shares, (told,))
    path = () if case.quality.vantage.is_at(client) else (Attribution.NETWORK_PATH,)
    kept = claim("opening-no-rst", tuple(sorted(earlier)), who=who)
    return Verdict(Kind.NEVER_OPENED, (told, *closed, kept), Confidence.POSSIBLE, (far_end, near_end, *path), (told,))


def _is_of(case: Case, found: RefusedBy) -> bool:
    """Whether an ICMP error quotes a segment of this connection."""
    return found.segment_frame is not None and case.connection.frame(found.segment_frame) is not None


def _took_others(case: Case, server: Endpoint) -> bool:
    """Whether the same port was heard on another connection meanwhile: no filter before the port takes all."""
    first, last = case.connection.first.time_ns, case.connection.last.time_ns
    return any(
        other is not case.connection and any(first <= f.time_ns <= last for f in other.frames if f.source == server)
        for other in case.index.by_endpoint.get(server, [])
    )


def is_lost(case: Case, wait: Wait) -> bool:
    """Whether data that was never acknowledged is what ended the connection: nothing of the silent side closed it
    before, or it closed without what it was sent, and the repeats are too many for ordinary loss, or the application
    was told of a timeout.
    """
    if wait.is_bare_fin:
        return False
    if closed_by_silent(case, wait) is not None:
        return went_on_without(case, wait) is not None
    repeats = wait.repeats
    timed_out = case.log is not None and case.log.errno is Errno.ETIMEDOUT
    return repeats >= FEWEST_REPEATS or timed_out


def unacknowledged(case: Case, weighed: Weighed, wait: Wait) -> Verdict:
    """Data went out again and again to the end."""
    if wait.is_opening:
        return _half_open(case, weighed, wait)
    claims = [
        claim(
            "data-never-acknowledged",
            wait.frames,
            who=case.roles.party(wait.asker),
            other=case.roles.party(wait.silent),
            frame=FrameNumber(wait.frames[0]),
            repeats=wait.repeats,
            lasted=Duration(wait.asks[-1].time_ns - wait.start_ns),
        )
    ]
    loss = weighed[ExplanationId.PATH_LOSS].weightiest
    if loss.id == NOT_ACCEPTED:
        claims = [loss]
    first = case.ending.first
    if first is not None and first.source == wait.asker and first.frame > wait.frames[0]:
        claims.append(
            claim(
                "data-given-up-by-fin" if isinstance(first, Fin) else "data-given-up-by-reset",
                (first.frame,),
                who=case.roles.party(first.source),
                frame=FrameNumber(first.frame),
            )
        )
    shares = shares_of_silence(case, weighed, wait.silent)
    forgotten, why = weighed[ExplanationId.IDLE_STATE_FORGOTTEN], why_silent(case, weighed, wait.silent)
    proof = told_of_silence(case, weighed, wait.silent)
    claims += why.evidence if why is not None and why.id is ExplanationId.IDLE_STATE_FORGOTTEN else proof
    claims += [told for told in weighed[ExplanationId.MTU_BLACK_HOLE].evidence if told.id == "mtu-small-pass"]
    drawn = answered_each(case, wait)
    if drawn:
        claims.append(not_taken_in(case, wait, drawn))
    if forgotten.status is Status.POSSIBLE:
        claims += [forgotten.weightiest, *present(all_fell_silent(case))]
    claims += present(silent_elsewhere(case, wait))
    confidence = Confidence.POSSIBLE if drawn else Confidence.LIKELY
    deciding = (claim("data-sent-again", wait.frames), *proof)
    return Verdict(Kind.PATH_LOST, once(claims), confidence, shares, deciding)


def gave_up_unheard(case: Case, weighed: Weighed) -> Verdict | None:
    """A side closed for want of a reply, and nothing acknowledged its FIN either: what is not heard is the kernel of
    the other host, not its application alone. None where a reply was not due, or where so few copies are ordinary loss.
    """
    wait, request, fin = open_wait(case), open_request(case), case.ending.fin
    if wait is None or fin is None or request is None or not wait.is_bare_fin or wait.repeats < FEWEST_REPEATS:
        return None
    if request.asker != wait.asker or request.owes_nothing or is_leave(case, request):
        return None
    if request.waited_ns < IDLE_FROM_NS or closed_by_silent(case, wait) is not None:
        return None
    owed, again = tell_outstanding(case, request.request, fin), fin_sent_again(case, wait)
    proof = told_of_silence(case, weighed, wait.silent)
    shares = shares_of_silence(case, weighed, wait.silent)
    return Verdict(
        Kind.PATH_LOST, once((owed, how_it_ended(case), again, *proof)), Confidence.POSSIBLE, shares, (again,)
    )


def fin_sent_again(case: Case, wait: Wait) -> Claim:
    """That nobody acknowledged a FIN, which was repeated."""
    who, other = case.roles.party(wait.asker), case.roles.party(wait.silent)
    return claim("fin-sent-again", wait.frames, who=who, other=other, repeats=wait.repeats)


def acks_lost(case: Case, found: UnheardAcks) -> Verdict:
    """What one side acknowledges does not get to the other, which sends it again until it gives up."""
    told = tell_not_heard(case, found)
    far_end = Attribution.PEER_SERVICE if found.sender == case.peer else Attribution.LOCAL_HOST
    is_there = case.quality.vantage.is_at(found.sender)
    # At the sender, the acknowledgments came in, and something on that host kept them from its TCP.
    shares = (far_end,) if is_there else (Attribution.NETWORK_PATH, far_end)
    sure = Confidence.POSSIBLE if is_there else Confidence.LIKELY
    return Verdict(Kind.PATH_LOST, (told, how_it_ended(case)), sure, shares, (told,))


def _half_open(case: Case, weighed: Weighed, wait: Wait) -> Verdict:
    """The answer to the SYN went out again and again, and nothing took it."""
    who, other = case.roles.party(wait.asker), case.roles.party(wait.silent)
    tries = len(wait.asks)
    told = claim("opening-not-completed", wait.frames, who=who, other=other, tries=tries)
    if tries <= FEWEST_REPEATS:
        untold = (Attribution.CAPTURE_INCOMPLETE,)
        return Verdict(Kind.UNDETERMINED, (told,), Confidence.UNDETERMINED, untold, (told,))
    claims = (told, *present(perhaps_filtered(case, weighed[ExplanationId.PATH_LOSS], wait.silent)))
    shares = shares_of_silence(case, weighed, wait.silent)
    return Verdict(Kind.NEVER_OPENED, claims, Confidence.POSSIBLE, shares, claims)


def window_unanswered(case: Case, weighed: Weighed, window: ClosedWindow) -> Verdict:
    """The peer closed its window, and what asked whether it was open again got no answer."""
    told = tell_asked_in_vain(case, window)
    shares = shares_of_silence(case, weighed, case.peer)
    return Verdict(Kind.PATH_LOST, (told, how_it_ended(case)), Confidence.POSSIBLE, shares, (told,))


def no_answers(case: Case, weighed: Weighed, unanswered: list[Unanswered]) -> Verdict:
    """Probes without an answer up to the capture's end."""
    last = unanswered[-1]
    silent = case.peer if last in case.connection.unanswered(case.local) else case.local
    frames = tuple(finding.frame for finding in unanswered)
    stopped = claim(
        "keepalive-answers-stopped",
        frames,
        who=case.roles.party(silent),
        other=case.roles.party(case.connection.other(silent)),
        probes=last.in_a_row,
    )
    strayed = untranslated(case)
    if strayed is not None:
        path, strays = (Attribution.NETWORK_PATH,), (stopped, strayed, NOT_CLOSED)
        return Verdict(Kind.PATH_LOST, strays, Confidence.LIKELY, path, (stopped, strayed))
    why = why_silent(case, weighed, silent)
    proof = told_of_silence(case, weighed, silent)
    claims = (stopped, *proof, NOT_CLOSED)
    deciding = (claim("keepalive-silence-to-the-end", frames), *proof)
    shares = shares_of_silence(case, weighed, silent)
    confidence = Confidence.POSSIBLE if why is None else Confidence.LIKELY
    return Verdict(Kind.PATH_LOST, claims, confidence, shares, deciding)


def lost_to_the_end(case: Case, weighed: Weighed) -> Verdict | None:
    """The local end missed probes or sent something again since it last heard the peer, and what proves that the path
    lost packets lies in that silence. None otherwise.
    """
    loss = weighed[ExplanationId.PATH_LOSS]
    heard = next((frame for frame in reversed(case.connection.frames) if frame.source == case.peer), None)
    if loss.status is not Status.SUPPORTED or heard is None or max(loss.weightiest.frames) <= heard.number:
        return None
    in_vain = any(wait.answer is None and wait.asker == case.local for wait in waits(case))
    if not in_vain and not any(gap_end_ns(gap) > heard.time_ns for gap in case.connection.missed(case.local)):
        return None
    filtered = perhaps_filtered(case, loss, case.peer)
    claims = (loss.weightiest, *present(filtered), *keepalive_trouble(case), NOT_CLOSED)
    path, deciding = (Attribution.NETWORK_PATH,), (loss.weightiest,)
    shares = path if filtered is None else (*path, Attribution.PEER_SERVICE)
    return Verdict(Kind.PATH_LOST, claims, Confidence.LIKELY, shares, deciding)
