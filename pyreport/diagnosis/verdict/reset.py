"""The verdict on connections that ended with an RST and no FIN before it."""

from __future__ import annotations

from pyreport.base.sentence import sentence as stated
from pyreport.base.units import format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.likeness import goes_on_after, likeness
from pyreport.diagnosis.explanations.keepalive_gave_up import fired_on_time
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import AFTER_RESET_NS
from pyreport.diagnosis.verdict.basis import Weighed, foreign, is_incident, supported
from pyreport.diagnosis.verdict.verdict_words import (
    keepalive_sentence,
    reset_followed,
)
from pyreport.frames.frame import Finding


def gave_up(case: Case, weighed: Weighed, finding: Finding) -> Verdict:
    """A prober ended it after probes without an answer."""
    silence = format_duration(finding.number("silence_ns") or 0)
    count = finding.number("unanswered") or 0
    other = case.roles.name(case.connection.other(finding.source))
    sentence = (
        f"{case.roles.title(finding.source)} ended the connection itself (RST, frame {finding.frame}): {count} "
        f"keep-alive probes in a row got no answer, and nothing was heard from {other} for {silence}."
    )
    far_end = Attribution.PEER_SERVICE if finding.source == case.local else Attribution.LOCAL_HOST
    deciding = stated(f"{count} probes without an answer, then the prober's own RST.", (finding.frame,))
    shares: tuple[Attribution, ...] = (Attribution.NETWORK_PATH, far_end)
    if supported(weighed, ExplanationId.PATH_LOSS):
        shares = shares[:1]
    return Verdict(Kind.KEEPALIVE_GAVE_UP, (stated(sentence),), Confidence.CONFIRMED, shares, (deciding,))


def reset_first(case: Case, weighed: Weighed, reset: Finding) -> Verdict:
    """An RST ended it."""
    name, title = case.roles.name(reset.source), case.roles.title(reset.source)
    is_foreign = supported(weighed, ExplanationId.MIDDLEBOX_CLOSE)
    if is_foreign:
        opening = f"An RST in the name of {name} (frame {reset.frame}) ended the connection"
    else:
        opening = f"{title} reset the connection (RST, frame {reset.frame})"
    sound = case.when_absent is Status.RULED_OUT
    none = "with no FIN before it" if sound else "with no FIN before it in this capture, which lacks frames"
    sentence = f"{opening} {reset_followed(reset)}, {none}."
    probes = keepalive_sentence(case)
    if probes is not None:
        sentence += f" Until then: {probes.text}."
    before = "no FIN came before it" if sound else "whether a FIN came before it, the capture does not tell"
    deciding = (stated(f"The first segment that ends anything is an RST; {before}.", (reset.frame,)),)
    if not is_incident(case):
        sentence = f"{opening} {reset_followed(reset)}; nothing else happened on it."
        return Verdict(Kind.HEALTHY, (stated(sentence),), Confidence.LIKELY, (Attribution.HEALTHY,), deciding)
    if is_foreign:
        far_end = Attribution.PEER_SERVICE if reset.source == case.peer else Attribution.LOCAL_HOST
        sentence += f" {foreign(weighed)}"
        shares: tuple[Attribution, ...] = (Attribution.NETWORK_PATH, far_end)
        if _is_certain(case, reset):
            shares = shares[:1]
            return Verdict(Kind.MIDDLEBOX_CLOSED, (stated(sentence),), Confidence.LIKELY, shares, deciding)
        return Verdict(Kind.MIDDLEBOX_CLOSED, (stated(sentence),), Confidence.POSSIBLE, shares, deciding)
    fired = fired_on_time(case)
    if fired is not None:
        sentence += f" {fired.text}"
        return Verdict(
            Kind.KEEPALIVE_GAVE_UP,
            (stated(sentence),),
            Confidence.POSSIBLE,
            (Attribution.NETWORK_PATH,),
            (*deciding, fired),
        )
    closing = case.connection.frame(reset.frame)
    found = likeness(case.connection, closing) if closing is not None else None
    bare = found is not None and found.is_bare
    if reset.source == case.local:
        if bare and not case.is_at_local:
            sentence += (
                " It carries no options, as from a host that has no such connection (any more), or from a device on "
                "the path."
            )
            shares = (Attribution.LOCAL_HOST, Attribution.NETWORK_PATH)
            return Verdict(Kind.UNDETERMINED, (stated(sentence),), Confidence.UNDETERMINED, shares, deciding)
        return Verdict(
            Kind.LOCAL_CLOSED, (stated(sentence),), Confidence.LIKELY, (Attribution.LOCAL_APPLICATION,), deciding
        )
    shares = (Attribution.PEER_SERVICE, Attribution.NETWORK_PATH)
    if case.is_at_peer or (found is not None and found.is_own_socket):
        shares = shares[:1]
    if supported(weighed, ExplanationId.HOST_FROZEN_HERE):
        frozen = weighed[ExplanationId.HOST_FROZEN_HERE].evidence[0]
        sentence += f" Before that: {frozen.text}"
        shares = (Attribution.LOCAL_HOST, *shares)
        return Verdict(Kind.PEER_RESET, (stated(sentence),), Confidence.POSSIBLE, shares, (*deciding, frozen))
    if supported(weighed, ExplanationId.PEER_RESTART):
        restart = weighed[ExplanationId.PEER_RESTART].evidence[-1]
        sentence += f" {restart.text}"
        return Verdict(Kind.PEER_RESTARTED, (stated(sentence),), Confidence.LIKELY, shares[:1], (*deciding, restart))
    return Verdict(Kind.PEER_RESET, (stated(sentence),), Confidence.LIKELY, shares, deciding)


def _is_certain(case: Case, reset: Finding) -> bool:
    """Whether the RST surely is not from the side that it names: that side went on afterwards."""
    closing = case.connection.frame(reset.frame)
    return closing is not None and bool(goes_on_after(case.connection, closing, AFTER_RESET_NS))
