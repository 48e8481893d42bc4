"""Who has a share, computed from what the explanations say."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.filtered import perhaps_filtered
from pyreport.diagnosis.evidence.refusals import is_out_of_reach
from pyreport.diagnosis.evidence.told_waits import ARRIVED, NOT_ACCEPTED, REACHED_LINK
from pyreport.diagnosis.evidence.waits import answered_each, open_wait, waits
from pyreport.diagnosis.result import Attribution, Explanation, ExplanationId, Status
from pyreport.diagnosis.verdict.basis import Weighed, present

#: Whose fault it is when the explanation is true. The others are a mechanism, not somebody's fault.
SHARE_OF = {
    ExplanationId.PEER_IDLE_CLOSE: Attribution.PEER_SERVICE,
    ExplanationId.PEER_RESTART: Attribution.PEER_SERVICE,
    ExplanationId.PEER_APPLICATION_STALLED: Attribution.PEER_SERVICE,
    ExplanationId.HOST_FROZEN_THERE: Attribution.PEER_SERVICE,
    ExplanationId.MIDDLEBOX_CLOSE: Attribution.NETWORK_PATH,
    ExplanationId.IDLE_STATE_FORGOTTEN: Attribution.NETWORK_PATH,
    ExplanationId.PATH_LOSS: Attribution.NETWORK_PATH,
    ExplanationId.MTU_BLACK_HOLE: Attribution.NETWORK_PATH,
    ExplanationId.PROBE_NOT_SENT: Attribution.LOCAL_HOST,
    ExplanationId.HOST_FROZEN_HERE: Attribution.LOCAL_HOST,
    ExplanationId.CAPTURE_LOSS: Attribution.CAPTURE_INCOMPLETE,
    ExplanationId.WRITE_ON_HALF_CLOSED: Attribution.LOCAL_APPLICATION,
    ExplanationId.APPLICATION_STALLED: Attribution.LOCAL_APPLICATION,
}
#: What may be why nothing came back over a path that may be at fault.
PATH = (ExplanationId.PATH_LOSS, ExplanationId.MTU_BLACK_HOLE, ExplanationId.IDLE_STATE_FORGOTTEN)


def shares_of_supported(weighed: Weighed) -> tuple[Attribution, ...]:
    """The shares of all supported explanations, each once; the capture's own only when there is no other."""
    found = [SHARE_OF[e] for e in SHARE_OF if weighed[e].status is Status.SUPPORTED]
    shares = dict.fromkeys(share for share in found if share is not Attribution.CAPTURE_INCOMPLETE)
    return tuple(shares) or (Attribution.CAPTURE_INCOMPLETE,)


def why_silent(case: Case, weighed: Weighed, silent: Endpoint) -> Explanation | None:
    """The supported explanation of why ``silent`` did not answer: its host before the path to it. None without one."""
    return next((weighed[e] for e in (frozen_of(case, silent), *PATH) if weighed[e].status is Status.SUPPORTED), None)


def told_of_silence(case: Case, weighed: Weighed, silent: Endpoint) -> tuple[Claim, ...]:
    """What shows why ``silent`` did not answer, else how far what it was asked came; empty when nothing does."""
    why, loss = why_silent(case, weighed, silent), weighed[ExplanationId.PATH_LOSS]
    if why is None:
        return (loss.weightiest,) if arrived(weighed) or reached_link(weighed) else ()
    return (why.weightiest, *present(perhaps_filtered(case, loss, silent) if why is loss else None))


def silent_side(case: Case) -> Endpoint:
    """The side that did not answer to the end: the one that a prober gave up, else that which was asked last."""
    gave_up = case.ending.gave_up
    if gave_up is not None:
        return case.connection.other(gave_up.source)
    in_vain = open_wait(case) or next((wait for wait in reversed(waits(case)) if wait.answer is None), None)
    return case.peer if in_vain is None else in_vain.silent


def frozen_of(case: Case, silent: Endpoint) -> ExplanationId:
    """The explanation that the host of a side stood still."""
    return ExplanationId.HOST_FROZEN_THERE if silent == case.peer else ExplanationId.HOST_FROZEN_HERE


def shares_of_silence(case: Case, weighed: Weighed, silent: Endpoint) -> tuple[Attribution, ...]:
    """Who has a share when ``silent`` did not answer: the path and the host at its end look the same, unless an
    explanation of one of them is supported, the host's is ruled out, or the capture shows that what was asked arrived.
    A live host may have a packet filter.
    """
    there = frozen_of(case, silent)
    far_end = Attribution.PEER_SERVICE if silent == case.peer else Attribution.LOCAL_HOST
    why = why_silent(case, weighed, silent)
    if why is not None and why.id is there:
        return (far_end,)
    if why is not None:
        filtered = perhaps_filtered(case, why, silent)
        both = is_out_of_reach(case, silent) or filtered is not None
        return (Attribution.NETWORK_PATH, far_end) if both else (Attribution.NETWORK_PATH,)
    wait = open_wait(case)
    if wait is not None and wait.silent == silent and answered_each(case, wait):
        # Its kernel does not accept what arrives, and a device on the way may have changed it.
        return (far_end, Attribution.NETWORK_PATH)
    if weighed[ExplanationId.PATH_LOSS].weightiest.id == NOT_ACCEPTED:
        # A full queue, or a path that loses what completes the handshake.
        return (Attribution.NETWORK_PATH, far_end)
    if arrived(weighed):
        return (far_end,)
    if reached_link(weighed):
        return (far_end, Attribution.NETWORK_PATH)
    if silent == case.peer and weighed[there].status is Status.RULED_OUT:
        return (Attribution.NETWORK_PATH,)
    return (Attribution.NETWORK_PATH, far_end)


def arrived(weighed: Weighed) -> bool:
    """Whether what nobody answered came in at the host that was asked, where the capture was taken."""
    return weighed[ExplanationId.PATH_LOSS].weightiest.id in ARRIVED


def reached_link(weighed: Weighed) -> bool:
    """Whether it came at least as far as the link of that host, where the capture was taken: no router lost it."""
    return weighed[ExplanationId.PATH_LOSS].weightiest.id in REACHED_LINK
