"""The verdict where one side had taken its leave of TLS, sent no FIN, and the other wrote on."""

from __future__ import annotations

from msgspec.structs import replace

from pyreport.base.claim import Claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.tls_parting import Met, Parting, parting_of, tell_parting
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import LATE_NS
from pyreport.diagnosis.verdict.basis import Weighed, once


def after_leave(case: Case, weighed: Weighed, verdict: Verdict) -> Verdict:
    """The verdict on how it ended, told of the leave that had been taken before; as it is without one."""
    parted = parting_of(case)
    if parted is None or verdict.is_harmless:
        return verdict
    told = tell_parting(case, parted)
    sure = Confidence.LIKELY if parted.is_sure and parted.met is Met.REFUSED else Confidence.POSSIBLE
    kind = _kind(case, weighed, parted)
    claims = once((told, *_without_doubt(verdict.claims)))
    return replace(
        verdict,
        kind=kind,
        claims=claims,
        confidence=Confidence.POSSIBLE if kind is Kind.PEER_CLOSED_IDLE else sure,
        attribution=_shares(case, parted),
        deciding=(told,),
    )


def _kind(case: Case, weighed: Weighed, parted: Parting) -> Kind:
    if parted.by == case.local:
        return Kind.LOCAL_CLOSED
    is_idle = weighed[ExplanationId.PEER_IDLE_CLOSE].status in (Status.SUPPORTED, Status.POSSIBLE)
    return Kind.PEER_CLOSED_IDLE if is_idle else Kind.PEER_CLOSED


def _shares(case: Case, parted: Parting) -> tuple[Attribution, ...]:
    """Who left, and who wrote long after it had been told so. What met nothing may have been lost as well."""
    of_peer, of_local = Attribution.PEER_SERVICE, Attribution.LOCAL_APPLICATION
    left, wrote = (of_peer, of_local) if parted.by == case.peer else (of_local, of_peer)
    late = (wrote,) if parted.after_ns > LATE_NS else ()
    path = (Attribution.NETWORK_PATH,) if parted.met is Met.NOTHING else ()
    return (left, *late, *path)


def _without_doubt(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """What else is told, without that the capture does not show how it ended."""
    return tuple(told for told in claims if told.id != "open-end-not-shown")
