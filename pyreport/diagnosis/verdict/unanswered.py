"""The verdict on connections on which somebody asked in vain: SYN, data or probes without an answer."""

from __future__ import annotations

from pyreport.base.sentence import sentence as stated
from pyreport.base.units import count_words, format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.same_service import outcome_of_opening
from pyreport.diagnosis.evidence.waits import Wait, closed_by_silent
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.diagnosis.thresholds import FEWEST_REPEATS
from pyreport.diagnosis.verdict.basis import Weighed
from pyreport.frames.frame import FLAG_SYN, Finding
from pyreport.logs.model import Errno


def no_opening(case: Case) -> Verdict:
    """Nothing but SYNs, or an RST in answer."""
    client, server = case.connection.a, case.connection.b
    outcome, frame = outcome_of_opening(case.connection, server)
    who = case.roles.title(client)
    far_end = Attribution.PEER_SERVICE if server == case.peer else Attribution.LOCAL_HOST
    if outcome == "refused":
        sentence = (
            f"{who} was refused: its SYN was answered with RST (frame {frame}). Nobody listens on {server}, or a "
            "device on the path says so."
        )
        deciding = (stated("The answer to the SYN is an RST.", (case.connection.first.number, frame)),)
        return Verdict(Kind.PEER_RESET, (stated(sentence),), Confidence.LIKELY, (far_end,), deciding)
    tries = tuple(f.number for f in case.connection.frames if f.source == client and f.has(FLAG_SYN))
    times = "once" if len(tries) == 1 else count_words(len(tries), "time")
    sentence = f"{who} asked for a connection {times} (SYN) and got no answer here."
    deciding = (stated("No answer to the SYN.", tries),)
    if len(tries) < FEWEST_REPEATS:
        shares: tuple[Attribution, ...] = (Attribution.CAPTURE_INCOMPLETE,)
        return Verdict(Kind.UNDETERMINED, (stated(sentence),), Confidence.UNDETERMINED, shares, deciding)
    shares = (Attribution.NETWORK_PATH, far_end)
    return Verdict(Kind.PATH_LOST, (stated(sentence),), Confidence.POSSIBLE, shares, deciding)


def is_lost(case: Case, wait: Wait) -> bool:
    """Whether data that was never acknowledged is what ended the connection: nothing of the silent side closed it
    before, and the repeats are too many for ordinary loss, or the application was told of a timeout.
    """
    if wait.is_bare_fin or closed_by_silent(case, wait) is not None:
        return False
    repeats = len(wait.asks) - 1
    timed_out = case.log is not None and case.log.errno is Errno.ETIMEDOUT
    return repeats >= FEWEST_REPEATS or timed_out


def unacknowledged(case: Case, weighed: Weighed, wait: Wait) -> Verdict:
    """Data went out again and again to the end."""
    asker, silent = case.roles.title(wait.asker), case.roles.name(wait.silent)
    lasted = format_duration(wait.asks[-1].time_ns - wait.start_ns)
    sentence = (
        f"{asker} got no acknowledgment any more: it sent the data of frame {wait.asks[0].number} again "
        f"{count_words(len(wait.asks) - 1, 'time')} in {lasted}, and {silent} did not acknowledge it."
    )
    first = case.ending.first
    if first is not None and first.source == wait.asker:
        how = "FIN" if first.id == "fin" else "RST"
        sentence += f" Then it gave the connection up ({how}, frame {first.frame})."
    there = weighed[ExplanationId.HOST_FROZEN_THERE].status
    far_end = Attribution.PEER_SERVICE if wait.silent == case.peer else Attribution.LOCAL_HOST
    shares: tuple[Attribution, ...] = (Attribution.NETWORK_PATH, far_end)
    if wait.silent == case.peer and there is Status.RULED_OUT:
        shares = (Attribution.NETWORK_PATH,)
    confidence = Confidence.LIKELY if wait.backs_off else Confidence.POSSIBLE
    deciding = (stated("The same segment again and again, without an acknowledgment.", wait.frames),)
    return Verdict(Kind.PATH_LOST, (stated(sentence),), confidence, shares, deciding)


def no_answers(case: Case, unanswered: list[Finding]) -> Verdict:
    """Probes without an answer up to the capture's end."""
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
    deciding = (stated("Probes without an answer up to the capture's end.", frames),)
    return Verdict(
        Kind.PATH_LOST, (stated(sentence),), Confidence.POSSIBLE, (Attribution.NETWORK_PATH, far_end), deciding
    )
