"""The verdict on connections that ended with a FIN first."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, Party, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import (
    fin_not_acknowledged,
    local_after_fin,
    refused_after_fin,
    written_after_fin,
)
from pyreport.diagnosis.evidence.closing import closed_first, reset_followed
from pyreport.diagnosis.evidence.gaps import closed_before_due, gap_frames, next_probe_due, tell_gap
from pyreport.diagnosis.evidence.keepalive import keepalive_sentence, keepalive_trouble
from pyreport.diagnosis.evidence.waits import open_wait
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, PROMPT_CLOSE_NS
from pyreport.diagnosis.verdict.basis import Weighed, foreign, is_incident, present, supported
from pyreport.frames.findings import Fin
from pyreport.frames.frame import Frame


def peer_fin(case: Case, weighed: Weighed, fin: Fin) -> Verdict:
    """The peer closed first: idle, after an exchange, with its process, or a device in its name."""
    opening = present(closed_first(case, fin), keepalive_sentence(case))
    deciding = _deciding_fin(case, fin)
    if not is_incident(case) and not supported(weighed, ExplanationId.PEER_RESTART):
        claims = (*opening, *_ended_by_rst(case), *present(_quiet_end(case)))
        return Verdict(Kind.HEALTHY, claims, Confidence.LIKELY, (Attribution.HEALTHY,), deciding)
    kind, confidence = _why_peer_closed(case, weighed, fin)
    why: tuple[Claim, ...] = ()
    if kind is Kind.MIDDLEBOX_CLOSED:
        why = foreign(weighed)
    elif kind is Kind.PEER_RESTARTED:
        why = weighed[ExplanationId.PEER_RESTART].evidence[-1:]
        deciding = (deciding[0], *why)
    if not case.has_seen_fin or case.doubt:
        confidence = Confidence.POSSIBLE
    claims = (*opening, *_overlooked(case, weighed, fin), *why)
    return Verdict(kind, claims, confidence, _shares_of_peer_fin(weighed, kind), deciding)


def _overlooked(case: Case, weighed: Weighed, fin: Fin) -> tuple[Claim, ...]:
    """What became of the FIN at the local end."""
    if weighed[ExplanationId.WRITE_ON_HALF_CLOSED].status in (Status.SUPPORTED, Status.POSSIBLE):
        return local_after_fin(case)
    return () if case.has_seen_fin else (fin_not_acknowledged(case, fin),)


def _shares_of_peer_fin(weighed: Weighed, kind: Kind) -> tuple[Attribution, ...]:
    shares = [Attribution.NETWORK_PATH if kind is Kind.MIDDLEBOX_CLOSED else Attribution.PEER_SERVICE]
    if supported(weighed, ExplanationId.HOST_FROZEN_HERE) or supported(weighed, ExplanationId.PROBE_NOT_SENT):
        shares.append(Attribution.LOCAL_HOST)
    if supported(weighed, ExplanationId.WRITE_ON_HALF_CLOSED):
        shares.append(Attribution.LOCAL_APPLICATION)
    return tuple(shares)


def _why_peer_closed(case: Case, weighed: Weighed, fin: Fin) -> tuple[Kind, Confidence]:
    if supported(weighed, ExplanationId.MIDDLEBOX_CLOSE):
        return Kind.MIDDLEBOX_CLOSED, Confidence.POSSIBLE
    if supported(weighed, ExplanationId.PEER_RESTART):
        return Kind.PEER_RESTARTED, Confidence.LIKELY
    if (fin.data_idle_ns or 0) < IDLE_FROM_NS or case.used_half_close:
        return Kind.PEER_CLOSED, Confidence.LIKELY
    idle = weighed[ExplanationId.PEER_IDLE_CLOSE].status
    if idle is Status.NO_EVIDENCE:
        return Kind.PEER_CLOSED, Confidence.LIKELY
    return Kind.PEER_CLOSED_IDLE, Confidence.LIKELY if idle is Status.SUPPORTED else Confidence.POSSIBLE


def _ended_by_rst(case: Case) -> tuple[Claim, ...]:
    """That an RST ended what the first FIN began, and no second FIN; with what it answers, if that is known."""
    dead, reset = case.ending.dead, case.ending.reset
    if dead is None or case.ending.answering_fin is not None:
        return ()
    who = case.roles.party(dead.source)
    ended = claim("close-ended-by-rst", (dead.number,), who=who, frame=FrameNumber(dead.number))
    return (ended, reset_followed(reset)) if reset is not None else (ended,)


def _quiet_end(case: Case) -> Claim | None:
    """How an orderly close of the peer went on; None when an RST ended it."""
    answering = case.ending.answering_fin
    if answering is not None:
        return claim("close-answered", (answering.number,), who=case.local_party)
    if case.ending.dead is not None:
        return None
    kept = case.close_wait_ns or 0
    if kept < PROMPT_CLOSE_NS or case.used_half_close:
        return claim("close-not-answered-yet", who=case.local_party)
    return claim("close-left-alone", who=case.local_party, kept=Duration(kept))


def local_fin(case: Case, weighed: Weighed, fin: Fin) -> Verdict:
    """The local end closed first."""
    closed = closed_first(case, fin)
    deciding = _deciding_fin(case, fin)
    own = (Attribution.LOCAL_APPLICATION,)
    wait = open_wait(case)
    if wait is not None and wait.is_bare_fin and not is_incident(case):
        asked = claim(
            "fin-sent-again",
            wait.frames,
            who=case.roles.party(wait.asker),
            other=case.roles.party(wait.silent),
            repeats=len(wait.asks) - 1,
        )
        return Verdict(Kind.LOCAL_CLOSED, (closed, asked), Confidence.POSSIBLE, own, deciding)
    if not is_incident(case):
        claims: tuple[Claim, ...] = (closed, *(_ended_by_rst(case) or (claim("close-orderly"),)))
        return Verdict(Kind.HEALTHY, claims, Confidence.LIKELY, (Attribution.HEALTHY,), deciding)
    if supported(weighed, ExplanationId.MIDDLEBOX_CLOSE):
        claims, path = (closed, *foreign(weighed)), (Attribution.NETWORK_PATH,)
        return Verdict(Kind.MIDDLEBOX_CLOSED, claims, Confidence.POSSIBLE, path, deciding)
    shares = list(own)
    if supported(weighed, ExplanationId.PROBE_NOT_SENT):
        shares.append(Attribution.LOCAL_HOST)
    if supported(weighed, ExplanationId.PATH_LOSS) or _went_unanswered(case):
        shares.append(Attribution.NETWORK_PATH)
    request = _owed_a_reply(case, fin)
    owed = None if request is None else _reply_outstanding(case, request, fin)
    if owed is not None:
        shares.append(Attribution.PEER_SERVICE)
    claims = (
        *(closed, claim("close-by-local-end", (fin.frame,)), *keepalive_trouble(case)),
        *present(owed, _came_too_late(case)),
    )
    confidence = Confidence.POSSIBLE if case.doubt else Confidence.LIKELY
    return Verdict(Kind.LOCAL_CLOSED, claims, confidence, tuple(shares), deciding)


def _owed_a_reply(case: Case, fin: Fin) -> Frame | None:
    """What the local end sent last, if it is the client and that had been acknowledged and not replied to for a while:
    a request without its response, as far as requests have one.
    """
    last = case.connection.last_data_before(fin.time_ns)
    if last is None or last.source != case.local or case.local_party is not Party.CLIENT:
        return None
    return last if fin.time_ns - last.time_ns >= IDLE_FROM_NS and open_wait(case) is None else None


def _reply_outstanding(case: Case, request: Frame, fin: Fin) -> Claim:
    return claim(
        "reply-outstanding",
        (request.number, fin.frame),
        who=case.local_party,
        other=case.peer_party,
        waited=Duration(fin.time_ns - request.time_ns),
    )


def _came_too_late(case: Case) -> Claim | None:
    """What the peer still sent after the local end's FIN."""
    reset = case.ending.post_fin_reset
    if reset is not None and reset.source == case.local:
        return refused_after_fin(case, reset)
    write = next((write for write in case.ending.post_fin_writes if write.source == case.peer), None)
    return None if write is None else written_after_fin(case, write)


def _went_unanswered(case: Case) -> bool:
    """Whether several probes in a row of the local end got no answer; at the peer, its own kernel gave none."""
    rows = [f.in_a_row or 1 for f in case.connection.unanswered(case.local)]
    return max(rows, default=0) > 1 and not case.is_at_peer


def _deciding_fin(case: Case, fin: Fin) -> tuple[Claim, ...]:
    who = case.roles.party(fin.source)
    if case.doubt:
        first = claim("close-first-doubted", (fin.frame,), who=who, doubt=case.doubt)
    else:
        first = claim("close-first-segment", (fin.frame,), who=who)
    missed = case.connection.missed(case.local)
    in_time = closed_before_due(case)
    if missed:
        # A host that had stood still may close for that reason, another one cannot know of a missing probe.
        apart = claim(
            "keepalive-gap-no-cause" if fin.source == case.peer else "keepalive-gap-apart",
            gap_frames(missed[0]),
            gap=tell_gap(case, missed[0]),
        )
        return (first, apart)
    if in_time is not None and in_time.frame == fin.frame:
        return (first, next_probe_due(in_time))
    return (first,)
