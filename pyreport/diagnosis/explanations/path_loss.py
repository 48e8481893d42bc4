"""Packets of this connection were lost on the path."""

from __future__ import annotations

from pyreport.diagnosis.model import Case, Explanation, Status
from pyreport.sentence import Sentence

ID = "path_loss"
TITLE = "Packets were lost on the network path"


def explain(case: Case) -> Explanation:
    """Loss shows as probes without an answer and as retransmissions (Wireshark's mark, a hint of its own)."""
    unanswered = case.connection.of("unanswered")
    resent = tuple(frame.number for frame in case.connection.frames if frame.retransmission)
    if unanswered:
        probes = tuple(f.number("probe_frame") or f.frame for f in unanswered)
        plural = "s" if len(probes) > 1 else ""
        evidence = [Sentence(f"{len(probes)} keep-alive probe{plural} got no answer.", probes)]
        if resent:
            evidence.append(Sentence(f"{len(resent)} segments were retransmitted.", resent))
        status = Status.SUPPORTED if len(probes) > 1 else Status.POSSIBLE
        evidence.append(Sentence("A peer that was down or frozen looks the same from here."))
        return _result(status, *evidence)
    if resent:
        return _result(Status.POSSIBLE, Sentence("Wireshark marks retransmitted segments on this connection.", resent))
    answers = tuple(f.frame for f in case.connection.of("answer"))
    if answers:
        return _result(
            Status.RULED_OUT,
            Sentence(
                "Every keep-alive probe was answered and nothing was retransmitted: the path carried packets both "
                "ways.",
                answers,
            ),
        )
    return _result(Status.NO_EVIDENCE, Sentence("Nothing was retransmitted."))


def _result(status: Status, *evidence: Sentence) -> Explanation:
    return Explanation(ID, TITLE, status, evidence, "A capture at the other end that shows what arrived there.")
