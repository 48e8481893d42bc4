"""Packets of this connection were lost on the path."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import capitalized, sentence
from pyreport.base.units import count_words
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import gap_end_ns, tell_gap
from pyreport.diagnosis.evidence.packets_made import made_between
from pyreport.diagnosis.evidence.waits import Wait, heard_meanwhile, waits
from pyreport.diagnosis.result import Explanation, ExplanationId, Status


def explain(case: Case) -> Explanation:
    """Loss shows as asks without an answer from a host that is heard meanwhile, as segments sent again, and as probes
    that were made and do not arrive at a capture away from the prober.
    """
    evidence: list[Claim] = []
    status = Status.NO_EVIDENCE
    for wait in waits(case):
        found, sentences = _weigh(case, wait)
        status = _stronger(status, found)
        evidence += sentences
    for missed in case.connection.missed():
        by = missed.text("by")
        if not case.quality.vantage.is_at(by):
            told = tell_gap(case, missed)
            due_ns = missed.number("due_at_ns") or missed.time_ns
            made = made_between(case.connection, by, due_ns, gap_end_ns(missed))
            if made is not None and made.absent:
                text = (
                    f"{capitalized(told.text)}, but its packet counter shows {count_words(made.absent, 'packet')} made "
                    "in that time: they were dropped before they reached the capture."
                )
                evidence.append(sentence(text, (*told.frames, *made.frames)))
            elif made is None:
                text = f"{capitalized(told.text)}: not sent, or lost before they reached the capture."
                evidence.append(sentence(text, told.frames))
            else:
                continue
            status = _stronger(status, Status.POSSIBLE)
    if evidence:
        return _result(status, evidence)
    marked = tuple(frame.number for frame in case.connection.frames if frame.retransmission)
    if marked:
        count = capitalized(count_words(len(marked), "retransmission"))
        text = f"{count} on this connection, by Wireshark's own mark."
        return _result(Status.POSSIBLE, [sentence(text, marked)])
    return _cleared(case)


def _weigh(case: Case, wait: Wait) -> tuple[Status, list[Claim]]:
    asker, silent = case.roles.name(wait.asker), case.roles.name(wait.silent)
    if case.quality.vantage.is_at(wait.silent) and not wait.is_data:
        text = f"{capitalized(_asks(wait))} of {asker} arrived at {silent}, which sent no answer: no loss of these."
        return Status.NO_EVIDENCE, [sentence(text, wait.frames)]
    if wait.is_data:
        repeats = count_words(len(wait.asks) - 1, "time")
        how = f"{capitalized(asker)} sent one segment again {repeats}"
        if wait.answer is not None and len(wait.asks) == 2:
            text = f"{how} before it was acknowledged: it, or the acknowledgment, was lost or late."
            return Status.POSSIBLE, [sentence(text, (*wait.frames, wait.answer.number))]
    else:
        how = f"{capitalized(_asks(wait))} of {asker} got no answer"
    heard = heard_meanwhile(case, wait)
    if heard and len(wait.asks) > 1:
        frames = count_words(heard, "frame")
        text = f"{how}, while {frames} of {silent}'s host came in: it was alive."
        return Status.SUPPORTED, [sentence(text, wait.frames)]
    return Status.POSSIBLE, [sentence(f"{how}. A host that was down or frozen looks the same.", wait.frames)]


def _asks(wait: Wait) -> str:
    return count_words(len(wait.asks), "keep-alive probe")


def _stronger(one: Status, other: Status) -> Status:
    order = (Status.NO_EVIDENCE, Status.POSSIBLE, Status.SUPPORTED)
    return max(one, other, key=order.index)


def _cleared(case: Case) -> Explanation:
    answers = case.connection.of("answer")
    arrived = tuple(f.frame for f in answers if case.quality.vantage.is_at(case.connection.other(f.source)))
    if arrived:
        count = capitalized(count_words(len(arrived), "answer"))
        text = (
            f"{count} to keep-alive probes came in, none was missing, and nothing was retransmitted: the path carried "
            "packets both ways."
        )
        return _result(case.when_absent, [sentence(text, arrived)])
    if answers:
        text = "Nothing was retransmitted and the probes were answered; whether the answers arrived does not show here."
        return _result(Status.NO_EVIDENCE, [sentence(text, tuple(f.frame for f in answers))])
    return _result(Status.NO_EVIDENCE, [sentence("Nothing was retransmitted, and no probe tested the path.")])


def _result(status: Status, evidence: list[Claim]) -> Explanation:
    return Explanation(ExplanationId.PATH_LOSS, status, tuple(evidence))
