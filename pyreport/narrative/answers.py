"""The four answers to "service, network, host or application?", and what cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Attribution, Explanation, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import IDLE_FROM_NS


def answer_the_question(case: Case, explanations: Sequence[Explanation], verdict: Verdict) -> tuple[Claim, ...]:
    """Four sentences: service, network, host, application."""
    weighed = {explanation.id: explanation for explanation in explanations}
    return (
        _service(case, verdict),
        _network(weighed, verdict),
        _host(weighed),
        _application(case, weighed, verdict),
    )


def _service(case: Case, verdict: Verdict) -> Claim:
    first = case.ending.first
    if first is None and verdict.kind is Kind.PEER_RESET:
        return sentence("Service: involved. It refused the connection, or a device did in its name.")
    if first is None:
        return sentence(f"Service: {case.peer_name} did not close the connection in this capture.")
    frames = (first.frame,)
    if first.source != case.peer:
        return sentence(f"Service: cleared for the close; {case.local_name} ended the connection.", frames)
    if verdict.kind is Kind.HEALTHY:
        return sentence(f"Service: {case.peer_name} closed first, in order.", frames)
    if verdict.kind is Kind.MIDDLEBOX_CLOSED:
        return sentence(
            f"Service: not shown to be involved; the close in {case.peer_name}'s name looks foreign.", frames
        )
    how = "in order, with a FIN" if first.id == "fin" else "with an RST"
    return sentence(f"Service: involved. {case.roles.title(case.peer)}'s end closed the connection, {how}.", frames)


def _network(weighed: Mapping[ExplanationId, Explanation], verdict: Verdict) -> Claim:
    loss, foreign = weighed[ExplanationId.PATH_LOSS], weighed[ExplanationId.MIDDLEBOX_CLOSE]
    if verdict.kind is Kind.MIDDLEBOX_CLOSED:
        return sentence(f"Network: involved. {foreign.evidence[0].text}", foreign.evidence[0].frames)
    if loss.status is Status.SUPPORTED:
        return sentence(f"Network: involved. {loss.evidence[0].text}", loss.evidence[0].frames)
    if Attribution.NETWORK_PATH in verdict.attribution and verdict.kind in (Kind.KEEPALIVE_GAVE_UP, Kind.PATH_LOST):
        return sentence(
            "Network: the path, or the host behind it, did not answer; from this end the two look the same.",
            loss.evidence[0].frames,
        )
    if loss.status is Status.RULED_OUT:
        return sentence(f"Network: cleared. {loss.evidence[0].text}", loss.evidence[0].frames)
    if loss.status is Status.NO_EVIDENCE:
        return sentence(f"Network: no sign of loss. {loss.evidence[0].text}", loss.evidence[0].frames)
    return sentence(f"Network: not cleared. {loss.evidence[0].text}", loss.evidence[0].frames)


def _host(weighed: Mapping[ExplanationId, Explanation]) -> Claim:
    frozen, not_sent = weighed[ExplanationId.HOST_FROZEN_HERE], weighed[ExplanationId.PROBE_NOT_SENT]
    if frozen.status is Status.SUPPORTED:
        return sentence(f"Host: it did not run. {frozen.evidence[0].text}", frozen.evidence[0].frames)
    if not_sent.status in (Status.SUPPORTED, Status.POSSIBLE):
        return sentence(f"Host: not cleared. {not_sent.evidence[0].text}", not_sent.evidence[0].frames)
    if frozen.status is Status.RULED_OUT:
        return sentence(f"Host: cleared. {frozen.evidence[0].text}", frozen.evidence[0].frames)
    if not_sent.status is Status.RULED_OUT:
        return sentence(f"Host: no sign of trouble. {not_sent.evidence[0].text}", not_sent.evidence[0].frames)
    return sentence("Host: cannot be told from this capture.")


def _application(case: Case, weighed: Mapping[ExplanationId, Explanation], verdict: Verdict) -> Claim:
    overlooked = weighed[ExplanationId.WRITE_ON_HALF_CLOSED]
    fin = case.ending.fin
    if overlooked.status is Status.SUPPORTED and fin is not None:
        kept = format_duration(case.close_wait_ns or 0)
        used = (
            f"; its error was logged {format_duration(case.log_ns - fin.time_ns)} after the FIN"
            if case.log_ns and case.log_ns > fin.time_ns
            else ""
        )
        return sentence(f"Application: involved. It left the FIN unread for at least {kept}{used}.", (fin.frame,))
    if Attribution.LOCAL_APPLICATION in verdict.attribution:
        first = case.ending.first
        return sentence("Application: it ended the connection itself.", (first.frame,) if first else ())
    return sentence("Application: nothing in this capture speaks against it.")


def not_told(case: Case, explanations: Sequence[Explanation]) -> tuple[Claim, ...]:
    """What cannot be told from this capture, and what would tell it."""
    return tuple(_open_questions(case, {e.id: e for e in explanations}))


def _open_questions(case: Case, weighed: Mapping[ExplanationId, Explanation]) -> Iterator[Claim]:
    first = case.ending.first
    if first is not None and first.source == case.peer:
        yield sentence(
            f"Whether {case.peer_name} itself or a device in front of it sent the close. A capture on "
            f"{case.peer_name} would tell.",
            (first.frame,),
        )
    data_idle = first.number("data_idle_ns") if first else None
    if weighed[ExplanationId.PEER_IDLE_CLOSE].status is Status.SUPPORTED and data_idle is not None:
        yield sentence(
            f"Which limit of {format_duration(data_idle)} it was, and where it is set. The configuration of "
            f"{case.peer_name} and of every proxy and balancer before it would tell."
        )
    if data_idle is not None and data_idle >= IDLE_FROM_NS:
        yield sentence(
            f"Why the application of {case.local_name} sent nothing for {format_duration(data_idle)}. Its own log or "
            "a thread dump would tell."
        )
    reset = case.ending.post_fin_reset
    if reset is not None and weighed[ExplanationId.MIDDLEBOX_CLOSE].status is Status.POSSIBLE:
        age = format_duration(reset.number("after_fin_ns") or 0)
        yield sentence(
            f"Why the other side had forgotten the connection {age} after its FIN. Its tcp_fin_timeout and "
            "tcp_max_tw_buckets, and whether it is a proxy, would tell.",
            (reset.frame,),
        )
    if case.ending.gave_up is not None:
        yield sentence(
            "Whether the probes or their answers were lost, and where. A capture at the other end for the same time "
            "would tell."
        )
    if first is None:
        yield sentence("How the connection ended. A capture that covers its end would tell.")
