"""The verdict: one closed kind, one sentence, how sure, and who has a share in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyreport.diagnosis.gaps import gap_frames, tell_gap
from pyreport.diagnosis.model import (
    IDLE_FROM_NS,
    PROMPT_CLOSE_NS,
    Attribution,
    Case,
    Confidence,
    Explanation,
    Kind,
    Status,
    Verdict,
)
from pyreport.diagnosis.verdict_words import (
    after_the_data,
    answered_after,
    keepalive_sentence,
    trouble,
    what_local_did,
)
from pyreport.frames import Finding, Level
from pyreport.sentence import Sentence, capitalized
from pyreport.units import format_duration

Weighed = Mapping[str, Explanation]


def judge(case: Case, explanations: Sequence[Explanation]) -> Verdict:
    """Decide by how the connection ended first, then by what the explanations found."""
    weighed = {explanation.id: explanation for explanation in explanations}
    ending = case.ending
    if ending.gave_up is not None:
        return _gave_up(case, ending.gave_up)
    if ending.fin is not None:
        if case.peer_closed_first:
            return _peer_fin(case, weighed, ending.fin)
        return _local_fin(case, weighed, ending.fin)
    if ending.reset is not None:
        return _reset(case, weighed, ending.reset)
    return _still_open(case, weighed)


def _gave_up(case: Case, finding: Finding) -> Verdict:
    silence = format_duration(finding.number("silence_ns") or 0)
    count = finding.number("unanswered") or 0
    other = case.roles.name(case.connection.other(finding.source))
    sentence = (
        f"{case.roles.title(finding.source)} ended the connection itself (RST, frame {finding.frame}): {count} "
        f"keep-alive probes in a row got no answer, and nothing was heard from {other} for {silence}."
    )
    far_end = Attribution.PEER_SERVICE if finding.source == case.local else Attribution.LOCAL_HOST
    deciding = Sentence(f"{count} probes without an answer, then the prober's own RST.", (finding.frame,))
    shares = (Attribution.NETWORK_PATH, far_end)
    return Verdict(Kind.KEEPALIVE_GAVE_UP, sentence, Confidence.CONFIRMED, shares, (deciding,))


def _peer_fin(case: Case, weighed: Weighed, fin: Finding) -> Verdict:
    opening = f"{case.roles.title(case.peer)} closed first (FIN, frame {fin.frame}){after_the_data(fin)}"
    probes = keepalive_sentence(case)
    if probes is not None:
        opening += f"; {probes.text}"
    deciding = _deciding_fin(case, fin)
    if not _is_incident(case):
        sentence = f"{opening}. {_quiet_end(case)}"
        return Verdict(Kind.HEALTHY, sentence, Confidence.LIKELY, (Attribution.HEALTHY,), deciding)
    shares = [Attribution.PEER_SERVICE]
    if _supported(weighed, "host_frozen_here") or _supported(weighed, "probe_not_sent"):
        shares.append(Attribution.LOCAL_HOST)
    sentence = f"{opening}."
    overlooked = weighed["write_on_half_closed"].status
    if overlooked in (Status.SUPPORTED, Status.POSSIBLE):
        sentence += what_local_did(case, fin)
    if overlooked is Status.SUPPORTED:
        shares.append(Attribution.LOCAL_APPLICATION)
    idle = (fin.number("data_idle_ns") or 0) >= IDLE_FROM_NS and not case.used_half_close
    kind = Kind.PEER_CLOSED_IDLE if idle else Kind.PEER_CLOSED
    confidence = Confidence.LIKELY
    if _supported(weighed, "middlebox_close"):
        kind, confidence, shares[0] = Kind.MIDDLEBOX_CLOSED, Confidence.POSSIBLE, Attribution.NETWORK_PATH
        sentence += f" {_foreign_hop_limit(weighed)}"
    return Verdict(kind, sentence, confidence, tuple(shares), deciding)


def _quiet_end(case: Case) -> str:
    """How an orderly close of the peer went on."""
    who = case.roles.title(case.local)
    if case.ending.answering_fin is not None:
        return f"{who} closed in turn: nothing broke here."
    kept = case.close_wait_ns or 0
    if kept < PROMPT_CLOSE_NS or case.used_half_close:
        return f"{who} had not closed yet when the capture ends: nothing broke here."
    return f"{who} has not closed {format_duration(kept)} later, when the capture ends; no error is in this capture."


def _local_fin(case: Case, weighed: Weighed, fin: Finding) -> Verdict:
    opening = f"{case.roles.title(case.local)} closed first (FIN, frame {fin.frame}){after_the_data(fin)}"
    deciding = _deciding_fin(case, fin)
    if not _is_incident(case):
        sentence = f"{opening}: an orderly close, nothing broke here."
        return Verdict(Kind.HEALTHY, sentence, Confidence.LIKELY, (Attribution.HEALTHY,), deciding)
    sentence = f"{opening}: the local end ended the connection itself.{trouble(case, 'Before that')}"
    shares = [Attribution.LOCAL_APPLICATION]
    if _supported(weighed, "probe_not_sent"):
        shares.append(Attribution.LOCAL_HOST)
    if _supported(weighed, "path_loss"):
        shares.append(Attribution.NETWORK_PATH)
    reset = case.ending.post_fin_reset
    writes = [write for write in case.ending.post_fin_writes if write.source == case.peer]
    if reset is not None and reset.source == case.local:
        cause = reset.number("cause_frame")
        sentence += f" What {case.peer_name} sent after that (frame {cause}) was refused (RST, frame {reset.frame})."
    elif writes:
        after = format_duration(writes[0].number("after_fin_ns") or 0)
        sentence += f" {capitalized(case.peer_name)} wrote {after} after the FIN (frame {writes[0].frame})."
    return Verdict(Kind.LOCAL_CLOSED, sentence, Confidence.LIKELY, tuple(shares), deciding)


def _reset(case: Case, weighed: Weighed, reset: Finding) -> Verdict:
    cause = reset.number("cause_frame")
    silence = format_duration(reset.number("packet_idle_ns") or 0)
    followed = {
        "data": f"in answer to data (frame {cause})",
        "probe": f"in answer to a keep-alive probe (frame {cause})",
    }.get(reset.text("followed"), f"{silence} after the segment before and in answer to nothing")
    foreign = reset.source == case.peer and _supported(weighed, "middlebox_close")
    if foreign:
        opening = f"An RST in the name of {case.peer_name} (frame {reset.frame}) ended the connection"
    else:
        opening = f"{case.roles.title(reset.source)} reset the connection (RST, frame {reset.frame})"
    sentence = f"{opening} {followed}, with no FIN before it."
    probes = keepalive_sentence(case)
    if probes is not None:
        sentence += f" Until then: {probes.text}."
    deciding = (Sentence("The first segment that ends anything is an RST; no FIN came before it.", (reset.frame,)),)
    if reset.source == case.local:
        shares: tuple[Attribution, ...] = (Attribution.LOCAL_APPLICATION,)
        return Verdict(Kind.LOCAL_CLOSED, sentence, Confidence.LIKELY, shares, deciding)
    shares = (Attribution.PEER_SERVICE, Attribution.NETWORK_PATH)
    if foreign:
        sentence += f" {_foreign_hop_limit(weighed)}"
        return Verdict(Kind.MIDDLEBOX_CLOSED, sentence, Confidence.POSSIBLE, shares[::-1], deciding)
    return Verdict(Kind.PEER_RESET, sentence, Confidence.LIKELY, shares, deciding)


def _foreign_hop_limit(weighed: Weighed) -> str:
    return f"{weighed['middlebox_close'].evidence[0].text} So a device on the path may have sent it."


def _still_open(case: Case, weighed: Weighed) -> Verdict:
    missed = case.connection.missed(case.local)
    if missed and _supported(weighed, "host_frozen_here"):
        sentence = (
            f"{case.roles.title(case.local)}'s host did not run for a while: {tell_gap(case, missed[0]).text}, on "
            "other connections as well. The connection did not close in this capture."
        )
        evidence = weighed["host_frozen_here"].evidence[:2]
        return Verdict(Kind.HOST_FROZEN, sentence, Confidence.LIKELY, (Attribution.LOCAL_HOST,), evidence)
    unanswered = case.connection.of("unanswered")
    if unanswered and not answered_after(case, unanswered[-1]):
        return _no_answers(case, unanswered)
    if _is_incident(case):
        sentence = (
            "This capture does not show how the connection ended: "
            f"its last frame here is {case.connection.last.number}, and no FIN or RST is among its frames."
        )
        gaps = [tell_gap(case, finding) for finding in case.connection.missed()]
        sentence += trouble(case, "In it")
        deciding = tuple(Sentence(f"{capitalized(gap.text)}.", gap.frames) for gap in gaps)
        shares = (Attribution.CAPTURE_INCOMPLETE,)
        return Verdict(Kind.UNDETERMINED, sentence, Confidence.UNDETERMINED, shares, deciding)
    probes = keepalive_sentence(case)
    tail = f" {capitalized(probes.text)}." if probes else ""
    sentence = f"Nothing broke on this connection while it was captured: no FIN, no RST, nothing unanswered.{tail}"
    return Verdict(Kind.HEALTHY, sentence, Confidence.CONFIRMED, (Attribution.HEALTHY,), ())


def _no_answers(case: Case, unanswered: list[Finding]) -> Verdict:
    last = unanswered[-1]
    silent = case.peer if last in case.connection.unanswered(case.local) else case.local
    in_a_row = last.number("in_a_row") or 1
    probes = f"the last {in_a_row} keep-alive probes" if in_a_row > 1 else "the last keep-alive probe"
    sentence = (
        f"{case.roles.title(silent)} stopped answering: {probes} of {case.roles.name(case.connection.other(silent))} "
        "in this capture got no answer, and nothing closed the connection."
    )
    far_end = Attribution.PEER_SERVICE if silent == case.peer else Attribution.LOCAL_HOST
    frames = tuple(finding.frame for finding in unanswered)
    deciding = (Sentence("Probes without an answer up to the capture's end.", frames),)
    return Verdict(Kind.PATH_LOST, sentence, Confidence.POSSIBLE, (Attribution.NETWORK_PATH, far_end), deciding)


def _deciding_fin(case: Case, fin: Finding) -> tuple[Sentence, ...]:
    facts = [
        Sentence(f"The first segment that closes anything is the FIN of {case.roles.name(fin.source)}.", (fin.frame,))
    ]
    missed = case.connection.missed(case.local)
    in_time = next((f for f in case.connection.of("closed_before_due") if f.text("by") == case.local), None)
    if in_time is not None and in_time.frame == fin.frame:
        margin = format_duration(in_time.number("margin_ns") or 0)
        frames = tuple(f for f in (in_time.number("last_probe_frame"), fin.frame) if f)
        none = "no probe was owed at that moment" if missed else "none was missing"
        facts.append(Sentence(f"The next keep-alive probe was due {margin} after it, so {none}.", frames))
    for finding in missed:
        text = (
            f"{capitalized(tell_gap(case, finding).text)}. That is a fault of its own: a missing probe does not make a "
            "peer send a FIN."
        )
        facts.append(Sentence(text, gap_frames(finding)))
    return tuple(facts)


def _is_incident(case: Case) -> bool:
    """Whether more than an orderly close happened: an error in the log, or a Warn or Error in the capture."""
    return case.log is not None or case.connection.worst >= Level.WARN


def _supported(weighed: Weighed, explanation: str) -> bool:
    return weighed[explanation].status is Status.SUPPORTED
