"""The strongest argument against a verdict, and the answer to it."""

from __future__ import annotations

from collections.abc import Mapping

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence as stated
from pyreport.base.units import format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import NO_CAUSE
from pyreport.diagnosis.evidence.likeness import likeness
from pyreport.diagnosis.result import Explanation, ExplanationId, Kind, Objection, Verdict


def objection(case: Case, weighed: Mapping[ExplanationId, Explanation], verdict: Verdict) -> Objection | None:
    """What the other side will say first; None where nothing broke or nothing was decided."""
    if verdict.kind in (Kind.PEER_CLOSED_IDLE, Kind.PEER_CLOSED):
        return _to_a_close(case)
    if verdict.kind is Kind.PEER_RESET:
        return _to_a_reset(case)
    if verdict.kind is Kind.MIDDLEBOX_CLOSED:
        agrees = weighed[ExplanationId.MIDDLEBOX_CLOSE].against
        speaks = f"Yes: {agrees[0].text}" if agrees else "Nothing else in the frame says so."
        answer = f"{speaks} A capture on the host that is named as its sender decides."
        frames = agrees[0].frames if agrees else ()
        return Objection(stated("The host itself sent it, along another route."), stated(answer, frames))
    if verdict.kind is Kind.PEER_RESTARTED:
        text = weighed[ExplanationId.PEER_RESTART].evidence[0]
        return Objection(stated("An idle limit or an operator closed this one connection."), text)
    if verdict.kind in (Kind.PATH_LOST, Kind.KEEPALIVE_GAVE_UP):
        return _to_silence(case, weighed)
    if verdict.kind is Kind.HOST_FROZEN:
        return Objection(
            stated("The capture stood still, not the host."), weighed[ExplanationId.HOST_FROZEN_HERE].evidence[-1]
        )
    if verdict.kind is Kind.LOCAL_CLOSED:
        return _to_an_own_close(case)
    return None


def _to_a_close(case: Case) -> Objection:
    missed = case.connection.missed(case.local)
    in_time = next((f for f in case.connection.of("closed_before_due") if f.text("by") == case.local), None)
    if missed:
        argument = f"{case.roles.title(case.peer)} closed because keep-alive probes were missing."
        return Objection(stated(argument), stated(f"No: {NO_CAUSE}.", (missed[0].frame,)))
    if in_time is not None:
        margin = format_duration(in_time.number("margin_ns") or 0)
        text = f"None was: the next was due {margin} after the FIN. Besides, {NO_CAUSE}."
        return Objection(stated("The close came because a keep-alive was missing."), stated(text, (in_time.frame,)))
    return Objection(stated("A device on the path sent the FIN in its name."), _looks_own(case))


def _to_a_reset(case: Case) -> Objection:
    return Objection(stated("A device on the path sent the RST in its name."), _looks_own(case))


def _looks_own(case: Case) -> Claim:
    first = case.ending.first
    closing = case.connection.frame(first.frame) if first else None
    if closing is None:
        return stated("Nothing here excludes it; a capture at the other end decides.")
    if case.quality.vantage.is_at(closing.source):
        return stated("The capture was taken there, and the frame left there.", (closing.number,))
    found = likeness(case.connection, closing)
    if found.is_own_socket:
        return stated(" ".join(s.text for s in found.agrees), (closing.number,))
    if found.agrees:
        return stated(f"{found.agrees[0].text} That alone excludes no device.", (closing.number,))
    return stated("Nothing in this capture excludes it; a capture at the other end decides.", (closing.number,))


def _to_silence(case: Case, weighed: Mapping[ExplanationId, Explanation]) -> Objection:
    there = weighed[ExplanationId.HOST_FROZEN_THERE]
    loss = weighed[ExplanationId.PATH_LOSS].evidence[0]
    if there.status.value == "ruled out":
        return Objection(stated("The host at the other end was down, and the path was fine."), there.evidence[0])
    text = f"From this capture the two look the same. {loss.text}"
    if case.is_at_local and case.is_at_peer:
        text = "The capture is on the host of both ends: there is hardly a path."
    return Objection(stated("The host at the other end was down, and the path was fine."), stated(text, loss.frames))


def _to_an_own_close(case: Case) -> Objection:
    first = case.ending.first
    end = first.time_ns if first else case.span.last_time_ns
    last = case.connection.last_data_before(end)
    argument = f"{case.roles.title(case.local)} only closed because {case.peer_name} did not reply."
    if last is None:
        return Objection(stated(argument), stated("No payload is in this capture, so it does not tell."))
    waited = format_duration(end - last.time_ns)
    if last.source == case.local:
        text = f"That may be: the last payload was its own, {waited} before."
    else:
        text = f"The last payload was {case.peer_name}'s, {waited} before: no reply was outstanding by then."
    return Objection(stated(argument), stated(text, (last.number,)))
