"""The local application went on using a connection that the peer had closed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import fin_acknowledged, fin_not_acknowledged
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import PROMPT_CLOSE_NS
from pyreport.frames.finding import Finding, Level
from pyreport.frames.findings import PostFinWrite
from pyreport.logs.model import Errno


class Until(StrEnum):
    """Up to what no FIN of the local end came."""

    RST = "rst"
    CAPTURE_END = "capture_end"


def explain(case: Case) -> Explanation:
    """FIN of the peer, acknowledged by the local kernel, no FIN of the local end, then a write or a probe: RFC 9293
    state CLOSE-WAIT, from which only the local application can go on.
    """
    fin, local, peer = case.ending.fin, case.local_party, case.peer_party
    kept = case.close_wait_ns
    if fin is None or kept is None:
        status = case.when_absent if case.ending.first is not None else Status.NO_EVIDENCE
        return _result(status, claim("write-on-half-closed-no-fin", local=local, peer=peer))
    acknowledged = fin_acknowledged(case)
    evidence = [acknowledged] if acknowledged is not None else []
    writes = [f for f in case.ending.post_fin_writes if f.source == case.local]
    bad_writes = [write for write in writes if write.level >= Level.WARN]
    if writes and not bad_writes:
        why = writes[0].harmless or ""
        harmless = claim("write-on-half-closed-harmless", _numbers(writes), local=local, why=why)
        return _result(Status.RULED_OUT, harmless, *evidence)
    if kept < PROMPT_CLOSE_NS and not bad_writes:
        over = claim("write-on-half-closed-too-soon", (fin.frame,), local=local, peer=peer, kept=Duration(kept))
        has_closed = case.ending.answering_fin is not None
        return _result(Status.RULED_OUT if has_closed else Status.NO_EVIDENCE, over, *evidence)
    if case.used_half_close:
        half = claim("write-on-half-closed-half-close", (fin.frame,), local=local, peer=peer)
        return _result(Status.RULED_OUT, half, *evidence)
    if not case.has_seen_fin:
        return _result(Status.NO_EVIDENCE, fin_not_acknowledged(case, fin), *evidence)
    if bad_writes and all(write.after_fin_ns < PROMPT_CLOSE_NS for write in bad_writes):
        after = Duration(bad_writes[0].after_fin_ns)
        crossed = claim("write-on-half-closed-early", _numbers(bad_writes), local=local, peer=peer, after=after)
        return _result(Status.POSSIBLE, *evidence, crossed)
    evidence += _what_followed(case, bad_writes)
    if case.log is not None and case.log.errno is Errno.EPIPE:
        evidence.append(claim("write-on-half-closed-epipe"))
    return _result(Status.SUPPORTED, *evidence)


def _what_followed(case: Case, bad_writes: list[PostFinWrite]) -> list[Claim]:
    evidence, local, probes = [], case.local_party, case.ending.post_fin_probes
    if case.ending.answering_fin is None:
        evidence.append(claim("write-on-half-closed-no-own-fin", local=local, until=_until(case)))
    if probes:
        evidence.append(claim("write-on-half-closed-probed", _numbers(probes), local=local))
    if bad_writes:
        evidence.append(claim("write-on-half-closed-wrote", _numbers(bad_writes), local=local, peer=case.peer_party))
    return evidence


def _until(case: Case) -> Until:
    return Until.RST if case.ending.dead is not None else Until.CAPTURE_END


def _numbers(findings: Sequence[Finding]) -> tuple[int, ...]:
    return tuple(finding.frame for finding in findings)


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.WRITE_ON_HALF_CLOSED, status, evidence)
