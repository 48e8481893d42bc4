"""The verdict on connections that ended with a FIN first."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import capitalized
from pyreport.base.sentence import sentence as stated
from pyreport.base.units import count_words, format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_frames, tell_gap
from pyreport.diagnosis.evidence.waits import open_wait
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, PROMPT_CLOSE_NS
from pyreport.diagnosis.verdict.basis import Weighed, foreign, is_incident, supported
from pyreport.diagnosis.verdict.verdict_words import (
    after_the_data,
    closed_first,
    keepalive_sentence,
    trouble,
    what_local_did,
)
from pyreport.frames.frame import Finding


def peer_fin(case: Case, weighed: Weighed, fin: Finding) -> Verdict:
    """The peer closed first: idle, after an exchange, with its process, or a device in its name."""
    opening = f"{closed_first(case, fin)}{after_the_data(fin)}"
    probes = keepalive_sentence(case)
    if probes is not None:
        opening += f"; {probes.text}"
    deciding = _deciding_fin(case, fin)
    if not is_incident(case) and not supported(weighed, ExplanationId.PEER_RESTART):
        sentence = f"{opening}. {_quiet_end(case)}"
        return Verdict(Kind.HEALTHY, (stated(sentence),), Confidence.LIKELY, (Attribution.HEALTHY,), deciding)
    shares = [Attribution.PEER_SERVICE]
    if supported(weighed, ExplanationId.HOST_FROZEN_HERE) or supported(weighed, ExplanationId.PROBE_NOT_SENT):
        shares.append(Attribution.LOCAL_HOST)
    sentence = f"{opening}."
    overlooked = weighed[ExplanationId.WRITE_ON_HALF_CLOSED].status
    if overlooked in (Status.SUPPORTED, Status.POSSIBLE):
        sentence += what_local_did(case, fin)
    elif not case.has_seen_fin:
        sentence += " This capture has no acknowledgment of the FIN, so nothing shows that it arrived."
    if overlooked is Status.SUPPORTED:
        shares.append(Attribution.LOCAL_APPLICATION)
    kind, confidence = _why_peer_closed(case, weighed, fin)
    if kind is Kind.MIDDLEBOX_CLOSED:
        shares[0] = Attribution.NETWORK_PATH
        sentence += f" {foreign(weighed)}"
    elif kind is Kind.PEER_RESTARTED:
        restart = weighed[ExplanationId.PEER_RESTART].evidence[-1]
        sentence += f" {restart.text}"
        deciding = (deciding[0], restart)
    if not case.has_seen_fin or case.doubt:
        confidence = Confidence.POSSIBLE
    return Verdict(kind, (stated(sentence),), confidence, tuple(shares), deciding)


def _why_peer_closed(case: Case, weighed: Weighed, fin: Finding) -> tuple[Kind, Confidence]:
    if supported(weighed, ExplanationId.MIDDLEBOX_CLOSE):
        return Kind.MIDDLEBOX_CLOSED, Confidence.POSSIBLE
    if supported(weighed, ExplanationId.PEER_RESTART):
        return Kind.PEER_RESTARTED, Confidence.LIKELY
    if (fin.number("data_idle_ns") or 0) < IDLE_FROM_NS or case.used_half_close:
        return Kind.PEER_CLOSED, Confidence.LIKELY
    idle = weighed[ExplanationId.PEER_IDLE_CLOSE].status
    if idle is Status.NO_EVIDENCE:
        return Kind.PEER_CLOSED, Confidence.LIKELY
    return Kind.PEER_CLOSED_IDLE, Confidence.LIKELY if idle is Status.SUPPORTED else Confidence.POSSIBLE


def _quiet_end(case: Case) -> str:
    """How an orderly close of the peer went on."""
    who = case.roles.title(case.local)
    if case.ending.answering_fin is not None:
        return f"{who} closed in turn: nothing broke here."
    kept = case.close_wait_ns or 0
    if kept < PROMPT_CLOSE_NS or case.used_half_close:
        return f"{who} had not closed yet when the capture ends: nothing broke here."
    return f"{who} has not closed {format_duration(kept)} later, when the capture ends; no error is in this capture."


def local_fin(case: Case, weighed: Weighed, fin: Finding) -> Verdict:
    """The local end closed first."""
    opening = f"{closed_first(case, fin)}{after_the_data(fin)}"
    deciding = _deciding_fin(case, fin)
    wait = open_wait(case)
    if wait is not None and wait.is_bare_fin and not is_incident(case):
        repeats = count_words(len(wait.asks) - 1, "time")
        sentence = f"{opening}. It sent its FIN again {repeats}, and {case.peer_name} never acknowledged it."
        own = (Attribution.LOCAL_APPLICATION,)
        return Verdict(Kind.LOCAL_CLOSED, (stated(sentence),), Confidence.POSSIBLE, own, deciding)
    if not is_incident(case):
        sentence = f"{opening}: an orderly close, nothing broke here."
        return Verdict(Kind.HEALTHY, (stated(sentence),), Confidence.LIKELY, (Attribution.HEALTHY,), deciding)
    sentence = f"{opening}: the local end ended the connection itself.{trouble(case, 'Before that')}"
    shares = [Attribution.LOCAL_APPLICATION]
    if supported(weighed, ExplanationId.PROBE_NOT_SENT):
        shares.append(Attribution.LOCAL_HOST)
    if weighed[ExplanationId.PATH_LOSS].status is Status.SUPPORTED or _went_unanswered(case):
        shares.append(Attribution.NETWORK_PATH)
    if _is_owed_a_reply(case, fin):
        shares.append(Attribution.PEER_SERVICE)
        sentence += f" {case.roles.title(case.peer)} had not replied to what it last sent."
    reset = case.ending.post_fin_reset
    writes = [write for write in case.ending.post_fin_writes if write.source == case.peer]
    if reset is not None and reset.source == case.local:
        cause = reset.number("cause_frame")
        sentence += f" What {case.peer_name} sent after that (frame {cause}) was refused (RST, frame {reset.frame})."
    elif writes:
        after = format_duration(writes[0].number("after_fin_ns") or 0)
        sentence += f" {capitalized(case.peer_name)} wrote {after} after the FIN (frame {writes[0].frame})."
    if supported(weighed, ExplanationId.MIDDLEBOX_CLOSE):
        shares = [Attribution.NETWORK_PATH]
        sentence = f"{opening}. {foreign(weighed)}"
        return Verdict(Kind.MIDDLEBOX_CLOSED, (stated(sentence),), Confidence.POSSIBLE, tuple(shares), deciding)
    confidence = Confidence.POSSIBLE if case.doubt else Confidence.LIKELY
    return Verdict(Kind.LOCAL_CLOSED, (stated(sentence),), confidence, tuple(shares), deciding)


def _is_owed_a_reply(case: Case, fin: Finding) -> bool:
    """Whether the local end is the client, and what it sent last had been acknowledged and not replied to for a while:
    a request without its response, as far as requests have one.
    """
    last = case.connection.last_data_before(fin.time_ns)
    if last is None or last.source != case.local or case.roles.names[case.local] != "client":
        return False
    return fin.time_ns - last.time_ns >= IDLE_FROM_NS and open_wait(case) is None


def _went_unanswered(case: Case) -> bool:
    """Whether several probes in a row of the local end got no answer; at the peer, its own kernel gave none."""
    rows = [f.number("in_a_row") or 1 for f in case.connection.unanswered(case.local)]
    return max(rows, default=0) > 1 and not case.is_at_peer


def _deciding_fin(case: Case, fin: Finding) -> tuple[Claim, ...]:
    closer = case.roles.name(fin.source)
    opening = f"The first segment that closes anything is the FIN of {closer}."
    if case.doubt:
        opening = f"The first FIN here is that of {closer}; whether it came first cannot be told: {case.doubt}."
    facts = [stated(opening, (fin.frame,))]
    missed = case.connection.missed(case.local)
    in_time = next((f for f in case.connection.of("closed_before_due") if f.text("by") == case.local), None)
    if missed:
        gap = tell_gap(case, missed[0])
        facts.append(stated(f"{capitalized(gap.text)}: a fault of its own.", gap_frames(missed[0])))
    elif in_time is not None and in_time.frame == fin.frame:
        margin = format_duration(in_time.number("margin_ns") or 0)
        frames = tuple(f for f in (in_time.number("last_probe_frame"), fin.frame) if f)
        facts.append(stated(f"The next keep-alive probe was due {margin} after it, so none was missing.", frames))
    return tuple(facts)
