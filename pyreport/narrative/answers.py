"""The four answers to "service, network, host or application?", each with the claim of the explanation that decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from pyreport.base.claim import Claim, Party, Value, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.acks_not_heard import NOT_HEARD
from pyreport.diagnosis.evidence.after_fin import fin_unnoticed, local_after_fin, refused_from_elsewhere
from pyreport.diagnosis.evidence.crossing import crossed_fins
from pyreport.diagnosis.evidence.gaps import tell_gaps
from pyreport.diagnosis.evidence.last_words import pings_of_local
from pyreport.diagnosis.evidence.never_came import HEARD
from pyreport.diagnosis.evidence.refused_too_soon import TOO_SOON
from pyreport.diagnosis.evidence.reply_cut import CUT
from pyreport.diagnosis.evidence.stopped_stream import STOPPED
from pyreport.diagnosis.evidence.tls_parting import PARTED
from pyreport.diagnosis.evidence.told_waits import NOT_ACCEPTED, REACHED_LINK
from pyreport.diagnosis.evidence.unserved import BOTH
from pyreport.diagnosis.evidence.window import closed_window
from pyreport.diagnosis.explanations.one_direction import UNTOLD
from pyreport.diagnosis.result import Attribution, Explanation, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import LATE_NS
from pyreport.diagnosis.verdict.reset import ANSWERED_TOO_LATE
from pyreport.diagnosis.verdict.shares import arrived
from pyreport.frames.findings import Fin, Reset
from pyreport.narrative.cause import closer_in_doubt
from pyreport.narrative.model import Answer, Standing, Subject

#: How the subject of an explanation stands when the explanation stands like this.
STANDING_OF = {
    Status.SUPPORTED: Standing.INVOLVED,
    Status.POSSIBLE: Standing.NOT_CLEARED,
    Status.NO_EVIDENCE: Standing.NO_SIGN,
    Status.RULED_OUT: Standing.CLEARED,
}

#: Whose share each answer is about.
SHARE_OF_SUBJECT = {
    Subject.SERVICE: Attribution.PEER_SERVICE,
    Subject.NETWORK: Attribution.NETWORK_PATH,
    Subject.HOST: Attribution.LOCAL_HOST,
    Subject.APPLICATION: Attribution.LOCAL_APPLICATION,
}

#: What keeps packets of one connection from passing, on a path that lets others through.
BLOCKING = (ExplanationId.MTU_BLACK_HOLE, ExplanationId.IDLE_STATE_FORGOTTEN)
#: Verdicts on somebody who did not answer.
SILENT = (Kind.KEEPALIVE_GAVE_UP, Kind.PATH_LOST, Kind.NEVER_OPENED)


def answer_the_question(case: Case, explanations: Sequence[Explanation], verdict: Verdict) -> tuple[Answer, ...]:
    """Four answers: service, network, host, application. A reason that two of them share is told once."""
    weighed = {explanation.id: explanation for explanation in explanations}
    answers = (
        replace(_service(case, weighed, verdict), of_client=case.peer_party is Party.CLIENT),
        _network(case, weighed, verdict),
        _host(case, weighed, verdict),
        _application(case, weighed, verdict),
    )
    shared = [_no_more_than_its_share(answer, verdict) for answer in answers]
    return tuple(_in_short(answer, shared[:place]) for place, answer in enumerate(shared))


def _no_more_than_its_share(answer: Answer, verdict: Verdict) -> Answer:
    """The answer; who has no share in what broke is not involved in it, whatever else stands out."""
    if answer.standing is Standing.INVOLVED and SHARE_OF_SUBJECT[answer.subject] not in verdict.attribution:
        return replace(answer, standing=Standing.NOT_CLEARED)
    return answer


def _in_short(answer: Answer, before: Sequence[Answer]) -> Answer:
    """The answer; where one before it has the same reason, which one."""
    told = _without_frames(answer)
    same = next((other for other in before if _without_frames(other) == told), None)
    if same is None:
        return answer
    frames = tuple(frame for reason in answer.reason for frame in reason.frames)
    return replace(
        answer, reason=(claim("answer-same-reason", frames, subject=same.subject, of_client=same.of_client),)
    )


def _without_frames(answer: Answer) -> list[tuple[str, Mapping[str, Value]]]:
    return [(reason.id, reason.values) for reason in answer.reason]


def _likeliest(*explanations: Explanation) -> Explanation | None:
    """The first that is supported, else the first that is possible; None without one."""
    wanted = (Status.SUPPORTED, Status.POSSIBLE)
    return next((found for status in wanted for found in explanations if found.status is status), None)


def _service(case: Case, weighed: Mapping[ExplanationId, Explanation], verdict: Verdict) -> Answer:
    first = case.ending.first
    stalled, frozen = weighed[ExplanationId.PEER_APPLICATION_STALLED], weighed[ExplanationId.HOST_FROZEN_THERE]
    if (both := verdict.told(BOTH)) is not None:
        return Answer(Subject.SERVICE, Standing.NOT_CLEARED, (both,))
    if (parted := verdict.told(PARTED)) is not None and parted.values["who"] == case.peer_party:
        return Answer(Subject.SERVICE, Standing.INVOLVED, (parted,))
    if verdict.kind is Kind.PEER_STALLED:
        return Answer(Subject.SERVICE, Standing.INVOLVED, (_stalled(case, stalled.weightiest.frames),))
    if verdict.kind is Kind.HEALTH_CHECK:
        return Answer(Subject.SERVICE, Standing.NO_SIGN, verdict.claims[:1])
    if verdict.kind is Kind.NEVER_OPENED:
        is_alone = verdict.attribution == (Attribution.PEER_SERVICE,)
        is_alive = verdict.claims[-1].id == "opening-host-alive"
        reason = claim("opening-queue-or-filter", verdict.claims[-1].frames) if is_alive else verdict.claims[-1]
        has_share = Attribution.PEER_SERVICE in verdict.attribution
        standing = Standing.INVOLVED if is_alone else Standing.NOT_CLEARED if has_share else Standing.NO_SIGN
        return Answer(Subject.SERVICE, standing, (reason,))
    if first is None and frozen.status is Status.SUPPORTED:
        return Answer(Subject.SERVICE, Standing.INVOLVED, (frozen.weightiest,))
    if first is None and Attribution.PEER_SERVICE in verdict.attribution:
        return Answer(Subject.SERVICE, Standing.NOT_CLEARED, (_silent(weighed, verdict, frozen),))
    if first is None and case.unseen == case.peer:
        return Answer(Subject.SERVICE, Standing.UNKNOWN, (claim("one-direction-no-frame", who=case.peer_party),))
    silent = _said_nothing_more(case, verdict)
    if first is None and silent is not None:
        return Answer(Subject.SERVICE, Standing.NOT_CLEARED, (silent,))
    if first is None:
        return Answer(Subject.SERVICE, Standing.NO_SIGN, (claim("answer-service-did-not-close", who=case.peer_party),))
    frames = (first.frame,)
    if first.source != case.peer and case.doubt:
        return Answer(Subject.SERVICE, Standing.UNKNOWN, (closer_in_doubt(case, *frames),))
    if first.source != case.peer and verdict.kind is Kind.MIDDLEBOX_CLOSED:
        reason = claim("answer-service-close-looks-foreign", frames, who=case.local_party)
        return Answer(Subject.SERVICE, Standing.NO_SIGN, (reason,))
    if first.source != case.peer:
        return _service_that_was_left(case, weighed, verdict, frames)
    if verdict.kind is Kind.HEALTHY:
        is_first = crossed_fins(case) is None
        reason = claim("answer-service-closed-in-order", frames, who=case.peer_party, first=is_first)
        return Answer(Subject.SERVICE, Standing.NO_SIGN, (reason,))
    if verdict.kind is Kind.MIDDLEBOX_CLOSED:
        reason = claim("answer-service-close-looks-foreign", frames, who=case.peer_party)
        has_share = Attribution.PEER_SERVICE in verdict.attribution
        return Answer(Subject.SERVICE, Standing.NOT_CLEARED if has_share else Standing.NO_SIGN, (reason,))
    if case.ending.gave_up is not None:
        reason = claim("answer-service-probed-in-vain", frames, who=case.peer_party)
        return Answer(Subject.SERVICE, Standing.NO_SIGN, (reason,))
    if case.ending.given_up is not None:
        reason = claim("answer-service-gave-up", frames, who=case.peer_party)
        return Answer(Subject.SERVICE, Standing.NO_SIGN, (reason,))
    if (unheard := verdict.told(NOT_HEARD)) is not None:
        return Answer(Subject.SERVICE, Standing.NOT_CLEARED, (unheard,))
    refused = verdict.told("reset-by-own-filter")
    reason = refused or claim(
        "answer-service-closed", frames, who=case.peer_party, how="fin" if isinstance(first, Fin) else "reset"
    )
    return Answer(Subject.SERVICE, Standing.INVOLVED, (reason,))


def _said_nothing_more(case: Case, verdict: Verdict) -> Claim | None:
    """That the peer stopped sending what nobody asked for, or did not reply: its program may be why. None else."""
    stopped, unanswered = verdict.told(STOPPED), verdict.told("health-no-reply")
    is_peers = unanswered is not None and unanswered.values["other"] == case.peer_party
    return stopped or (unanswered if is_peers else None)


def _stalled(case: Case, frames: tuple[int, ...]) -> Claim:
    """What a peer's program did not do, in short: the verdict has the whole of it."""
    window = closed_window(case)
    is_unread = window is not None and window.side == case.peer
    return claim("answer-service-stalled", frames, who=case.peer_party, unread=is_unread)


def _service_that_was_left(
    case: Case, weighed: Mapping[ExplanationId, Explanation], verdict: Verdict, frames: tuple[int, ...]
) -> Answer:
    """Who did not close may still be why the other end did."""
    stalled, frozen = weighed[ExplanationId.PEER_APPLICATION_STALLED], weighed[ExplanationId.HOST_FROZEN_THERE]
    has_share = Attribution.PEER_SERVICE in verdict.attribution
    if has_share and verdict.kind in SILENT:
        # Who gives up on somebody that does not answer clears nobody.
        return Answer(Subject.SERVICE, Standing.NOT_CLEARED, (_silent(weighed, verdict, frozen, frames),))
    found = _likeliest(frozen, stalled) if has_share else _likeliest(frozen)
    if found is not None and verdict.kind is not Kind.HEALTHY:
        return Answer(Subject.SERVICE, STANDING_OF[found.status], (found.weightiest,))
    if has_share:
        owed = verdict.told("reply-outstanding", "reply-came-too-late", *CUT, STOPPED) or verdict.claims[0]
        return Answer(Subject.SERVICE, Standing.NOT_CLEARED, (owed,))
    if case.unseen == case.peer:
        return Answer(Subject.SERVICE, Standing.UNKNOWN, (claim("one-direction-no-frame", who=case.peer_party),))
    cut = verdict.told(*CUT)
    if cut is not None and cut.values["who"] == case.peer_party:
        # Who is left in the middle of its reply is not cleared: had it stopped, that may be why.
        return Answer(Subject.SERVICE, Standing.NOT_CLEARED if _had_stopped(case) else Standing.NO_SIGN, (cut,))
    reason = claim("answer-service-was-left", frames, who=case.local_party)
    # Who was not reached, because of the path, is not cleared by its silence.
    is_unheard = verdict.kind in SILENT and frozen.status is not Status.RULED_OUT
    return Answer(Subject.SERVICE, Standing.NO_SIGN if is_unheard else Standing.CLEARED, (reason,))


def _had_stopped(case: Case) -> bool:
    """Whether the peer had sent nothing for longer than what is on its way takes when the local end closed."""
    first = case.ending.first
    last = None if first is None else case.connection.last_data_before(first.time_ns)
    return first is not None and last is not None and first.time_ns - last.time_ns >= LATE_NS


def _network(case: Case, weighed: Mapping[ExplanationId, Explanation], verdict: Verdict) -> Answer:
    loss, foreign = weighed[ExplanationId.PATH_LOSS], weighed[ExplanationId.MIDDLEBOX_CLOSE]
    if (too_soon := verdict.told(TOO_SOON)) is not None:
        standing = Standing.INVOLVED if too_soon.values["sure"] else Standing.NOT_CLEARED
        return Answer(Subject.NETWORK, standing, (too_soon,))
    either = verdict.told("device-or-filter", "wait-path-or-filter")
    if either is not None:
        return Answer(Subject.NETWORK, Standing.NOT_CLEARED, (either,))
    if verdict.told("reset-by-own-filter"):
        return Answer(Subject.NETWORK, STANDING_OF[foreign.status], (foreign.weightiest,))
    if verdict.kind is Kind.MIDDLEBOX_CLOSED:
        return Answer(Subject.NETWORK, Standing.INVOLVED, (foreign.weightiest,))
    blocked = next((weighed[e] for e in BLOCKING if weighed[e].status is Status.SUPPORTED), None)
    if blocked is not None:
        return Answer(Subject.NETWORK, Standing.INVOLVED, (blocked.weightiest,))
    strayed = verdict.told("untranslated", "opening-untranslated")
    if strayed is not None:
        return Answer(Subject.NETWORK, Standing.INVOLVED, (strayed,))
    is_open = Attribution.NETWORK_PATH in verdict.attribution
    if is_open and loss.weightiest.id == "wait-syn-host-heard":
        reason = claim("opening-queue-or-filter", loss.weightiest.frames)
        return Answer(Subject.NETWORK, Standing.NOT_CLEARED, (reason,))
    if loss.weightiest.id == "wait-syn-host-heard":
        reason = Claim("opening-path-worked", loss.weightiest.frames, loss.weightiest.values)
        return Answer(Subject.NETWORK, STANDING_OF[loss.status], (reason,))
    if loss.status is not Status.SUPPORTED and is_open and verdict.kind in SILENT:
        reason = _how_far(verdict) or claim("answer-path-or-host-silent", loss.weightiest.frames)
        return Answer(Subject.NETWORK, Standing.NOT_CLEARED, (reason,))
    if is_open and isinstance(case.ending.first, Reset) and loss.status in (Status.NO_EVIDENCE, Status.RULED_OUT):
        # A path that carried packets both ways may have a device on it that wrote the RST.
        reset = case.ending.first
        reason = claim("answer-device-may-have-reset", (reset.frame,), who=case.roles.party(reset.source))
        return Answer(Subject.NETWORK, Standing.NOT_CLEARED, (reason,))
    elsewhere = refused_from_elsewhere(case, case.ending.post_fin_reset)
    if is_open and elsewhere:
        return Answer(Subject.NETWORK, Standing.NOT_CLEARED, elsewhere)
    hole = verdict.told("health-hole")
    if hole is not None and loss.status is Status.NO_EVIDENCE:
        return Answer(Subject.NETWORK, Standing.NOT_CLEARED, (hole,))
    if is_open and loss.status not in (Status.SUPPORTED, Status.POSSIBLE):
        return Answer(Subject.NETWORK, Standing.NOT_CLEARED, (_may_be_the_path(case, weighed),))
    if loss.status is Status.SUPPORTED and loss.weightiest in verdict.claims:
        return Answer(Subject.NETWORK, Standing.INVOLVED, (lost_in_short(loss.weightiest),))
    if loss.weightiest == UNTOLD:
        return Answer(Subject.NETWORK, Standing.UNKNOWN, (UNTOLD,))
    return Answer(Subject.NETWORK, STANDING_OF[loss.status], (loss.weightiest,))


def lost_in_short(told: Claim) -> Claim:
    """Who did not let packets pass, in short where the verdict has the whole of it."""
    values = told.values
    if told.id == "next-hop-silent":
        return claim("answer-network-next-hop", told.frames, target=values["target"])
    if told.id == "refused-by-device":
        return claim("answer-network-refused", told.frames, device=values["device"], sender=values["sender"])
    return told


def _may_be_the_path(case: Case, weighed: Mapping[ExplanationId, Explanation]) -> Claim:
    """Why the path has a share that no loss gives it: what forgot the connection, or sent a frame in an end's name."""
    forgotten, first = weighed[ExplanationId.IDLE_STATE_FORGOTTEN], case.ending.first
    if forgotten.status is Status.POSSIBLE:
        return forgotten.weightiest
    return claim("answer-network-may-have-sent-it", () if first is None else (first.frame,))


def _host(case: Case, weighed: Mapping[ExplanationId, Explanation], verdict: Verdict) -> Answer:
    frozen, not_sent = weighed[ExplanationId.HOST_FROZEN_HERE], weighed[ExplanationId.PROBE_NOT_SENT]
    if frozen.status is Status.SUPPORTED:
        return Answer(
            Subject.HOST,
            Standing.INVOLVED,
            (claim("answer-host-stood-still", frozen.weightiest.frames, who=case.local_party),),
        )
    if not_sent.status in (Status.SUPPORTED, Status.POSSIBLE):
        missed = case.connection.missed(case.local)
        told = tell_gaps(case, missed) if len(missed) > 1 else not_sent.weightiest
        return Answer(Subject.HOST, Standing.NOT_CLEARED, (told,))
    if Attribution.LOCAL_HOST in verdict.attribution:
        return Answer(Subject.HOST, Standing.NOT_CLEARED, (_may_be_the_host(case, weighed, verdict, frozen),))
    if frozen.status is Status.RULED_OUT:
        return Answer(Subject.HOST, Standing.CLEARED, (frozen.weightiest,))
    if not_sent.status is Status.RULED_OUT:
        return Answer(Subject.HOST, Standing.NO_SIGN, (not_sent.weightiest,))
    return Answer(Subject.HOST, Standing.UNKNOWN, (claim("answer-host-not-told"),))


def _may_be_the_host(
    case: Case, weighed: Mapping[ExplanationId, Explanation], verdict: Verdict, frozen: Explanation
) -> Claim:
    """Why the local host has a share although nothing shows that it stood still or sent no probe."""
    first = case.ending.first
    refused = verdict.told("reset-by-own-filter", "device-or-filter")
    if refused is not None:
        return refused
    if first is None or verdict.kind in SILENT:
        return _silent(weighed, verdict, frozen)
    return claim("answer-network-may-have-sent-it", (first.frame,))


def _how_far(verdict: Verdict) -> Claim | None:
    """That what was sent in vain drew an acknowledgment of nothing new, or where it may have been dropped; or that who
    owes octets was heard.
    """
    return verdict.told("wait-data-not-taken-in", "wait-path-or-filter", NOT_ACCEPTED, HEARD, *REACHED_LINK)


def _silent(
    weighed: Mapping[ExplanationId, Explanation], verdict: Verdict, frozen: Explanation, frames: tuple[int, ...] = ()
) -> Claim:
    """What is told of a host that did not answer: it or the path, or what shows that the path has no share."""
    how_far = _how_far(verdict)
    if how_far is not None:
        return how_far
    is_open = frozen.status in (Status.SUPPORTED, Status.POSSIBLE)
    if is_open and Attribution.NETWORK_PATH not in verdict.attribution:
        return frozen.weightiest
    if arrived(weighed):
        return weighed[ExplanationId.PATH_LOSS].weightiest
    return claim("answer-path-or-host-silent", frames)


def _application(case: Case, weighed: Mapping[ExplanationId, Explanation], verdict: Verdict) -> Answer:
    first = case.ending.first
    if weighed[ExplanationId.WRITE_ON_HALF_CLOSED].status is Status.SUPPORTED:
        unnoticed = fin_unnoticed(case)
        return Answer(Subject.APPLICATION, Standing.INVOLVED, (unnoticed,) if unnoticed else local_after_fin(case))
    if pings_of_local(case) and Attribution.LOCAL_APPLICATION in verdict.attribution:
        told = verdict.told("goaway-too-many-pings")
        frames = () if told is None else told.frames
        reason = claim("answer-application-pings", frames, who=case.local_party, other=case.peer_party)
        return Answer(Subject.APPLICATION, Standing.INVOLVED, (reason,))
    if (parted := verdict.told(PARTED)) is not None and Attribution.LOCAL_APPLICATION in verdict.attribution:
        return Answer(Subject.APPLICATION, Standing.INVOLVED, (parted,))
    if (both := verdict.told(BOTH)) is not None:
        return Answer(Subject.APPLICATION, Standing.NOT_CLEARED, (both,))
    if Attribution.LOCAL_APPLICATION in verdict.attribution and case.doubt and first is not None:
        return Answer(Subject.APPLICATION, Standing.NOT_CLEARED, (closer_in_doubt(case, first.frame),))
    stalled = weighed[ExplanationId.APPLICATION_STALLED]
    if Attribution.LOCAL_APPLICATION in verdict.attribution and stalled.status is Status.SUPPORTED:
        return Answer(Subject.APPLICATION, Standing.INVOLVED, (stalled.weightiest,))
    if verdict.kind is Kind.LOCAL_CLOSED and refused_from_elsewhere(case, case.ending.post_fin_reset):
        reason = claim("cause-closed-one-way", local=case.local_party)
        return Answer(Subject.APPLICATION, Standing.NOT_CLEARED, (reason,))
    late = verdict.told(ANSWERED_TOO_LATE)
    if late is not None and late.values["who"] == case.local_party:
        return Answer(Subject.APPLICATION, Standing.NOT_CLEARED, (late,))
    if Attribution.LOCAL_APPLICATION in verdict.attribution:
        reason = claim("answer-application-ended-it", (first.frame,) if first else ())
        return Answer(Subject.APPLICATION, Standing.INVOLVED, (reason,))
    if case.unseen == case.local:
        return Answer(Subject.APPLICATION, Standing.UNKNOWN, (claim("one-direction-no-frame", who=case.local_party),))
    return Answer(Subject.APPLICATION, Standing.NO_SIGN, (claim("answer-application-nothing", who=case.local_party),))
