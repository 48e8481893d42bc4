"""Packets of this connection were lost on the path."""

from __future__ import annotations

from pyreport.diagnosis.gaps import tell_gap
from pyreport.diagnosis.model import Case, Explanation, Status
from pyreport.sentence import Sentence, capitalized
from pyreport.units import count_words
from pyreport.vantage import captured_at

ID = "path_loss"
TITLE = "Packets were lost on the network path"


def explain(case: Case) -> Explanation:
    """Loss shows as probes without an answer, as retransmissions (Wireshark's mark, a hint of its own), and as probes
    that do not arrive at a capture away from the prober.
    """
    connection = case.connection
    evidence: list[Sentence] = []
    status = Status.POSSIBLE
    unanswered = connection.of("unanswered")
    if unanswered:
        probes = tuple(f.number("probe_frame") or f.frame for f in unanswered)
        count = capitalized(count_words(len(probes), "keep-alive probe"))
        evidence.append(Sentence(f"{count} got no answer. A peer that was down or frozen looks the same.", probes))
        status = Status.SUPPORTED if len(probes) > 1 else Status.POSSIBLE
    taken_at = captured_at(connection)
    for missed in connection.missed():
        if missed.text("by") != taken_at:
            told = tell_gap(case, missed)
            text = f"{capitalized(told.text)}: not sent, or lost before they reached the capture."
            evidence.append(Sentence(text, told.frames))
    resent = tuple(frame.number for frame in connection.frames if frame.retransmission)
    if resent:
        count = capitalized(count_words(len(resent), "retransmission"))
        evidence.append(Sentence(f"{count} on this connection, by Wireshark's own mark.", resent))
    if evidence:
        return _result(status, *evidence)
    arrived = tuple(f.frame for f in connection.of("answer") if taken_at and f.source != taken_at)
    if arrived:
        count = capitalized(count_words(len(arrived), "answer"))
        text = (
            f"{count} to keep-alive probes came in, none was missing, and nothing was retransmitted: the path carried "
            "packets both ways."
        )
        return _result(Status.RULED_OUT, Sentence(text, arrived))
    answers = tuple(f.frame for f in connection.of("answer"))
    if answers:
        text = "Nothing was retransmitted and the probes were answered; whether the answers arrived does not show here."
        return _result(Status.NO_EVIDENCE, Sentence(text, answers))
    return _result(Status.NO_EVIDENCE, Sentence("Nothing was retransmitted, and no probe tested the path."))


def _result(status: Status, *evidence: Sentence) -> Explanation:
    return Explanation(ID, TITLE, status, evidence, "A capture at the other end that shows what arrived there.")
