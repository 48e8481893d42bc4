"""A device between the two ends closed the connection in the name of one of them."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.likeness import goes_on_after, likeness
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import AFTER_RESET_NS, LINUX_FIN_TIMEOUT_NS
from pyreport.frames.frame import FLAG_RST, Frame


def explain(case: Case) -> Explanation:
    """Hold the closing frame against the earlier ones of its sender: distance, timestamp line, packet counter, options;
    see whether that side goes on after "its own" RST; and how old the FIN was when an empty probe drew an RST.
    """
    closing = closing_frame(case)
    if closing is None:
        return _result(Status.NO_EVIDENCE, (sentence("Nothing closed the connection in this capture."),))
    who = case.roles.name(closing.source)
    found = likeness(case.connection, closing)
    evidence, against = list(found.differs), list(found.agrees)
    strong = found.is_elsewhere or (not closing.has(FLAG_RST) and any("lacks" in s.text for s in found.differs))
    if closing.has(FLAG_RST):
        later = goes_on_after(case.connection, closing, AFTER_RESET_NS)
        if later:
            strong = True
            text = f"{case.roles.title(closing.source)} goes on sending after the RST in its name."
            evidence.insert(0, sentence(text, (closing.number, *later[:5])))
    if strong:
        return _result(Status.SUPPORTED, evidence, against)
    if case.quality.vantage.is_at(closing.source):
        where = "on the host of both ends" if case.is_at_local and case.is_at_peer else f"at {who}"
        text = f"The capture was taken {where}, and the closing frame left there."
        return _result(Status.RULED_OUT, (sentence(text, (closing.number,)),), found.agrees)
    evidence += _early_reset(case)
    if evidence:
        return _result(Status.POSSIBLE, evidence, against)
    if found.is_own_socket:
        return _result(Status.RULED_OUT, against)
    if found.is_bare:
        text = (
            "The RST has no options and a window of 0. A kernel without the connection answers so, and so does a "
            "device: it tells nothing."
        )
        evidence.append(sentence(text, (closing.number,)))
    elif not against:
        evidence.append(sentence("There are no earlier frames of its sender to compare the closing frame with."))
    return _result(Status.NO_EVIDENCE, evidence or against, against if evidence else ())


def closing_frame(case: Case) -> Frame | None:
    """The frame that ended the connection, else an RST that the connection outlived."""
    first = case.ending.first
    if first is not None:
        return case.connection.frame(first.frame)
    return stray_reset(case)


def stray_reset(case: Case) -> Frame | None:
    """An RST that ended nothing: its side went on afterwards."""
    if case.ending.first is not None:
        return None
    resets = (frame for frame in case.connection.frames if frame.has(FLAG_RST))
    return next((reset for reset in resets if goes_on_after(case.connection, reset, AFTER_RESET_NS)), None)


def _early_reset(case: Case) -> list[Claim]:
    reset = case.ending.post_fin_reset
    if reset is None or reset.source != case.peer or reset.text("cause_kind") != "probe":
        return []
    age = reset.number("after_fin_ns") or 0
    if age >= LINUX_FIN_TIMEOUT_NS:
        return []
    text = (
        f"The RST answers an empty probe {format_duration(age)} after the FIN. A Linux kernel with default settings "
        "would still acknowledge it (tcp_fin_timeout, 60 s): the closing side has a shorter limit, has run out of "
        "time-wait buckets, or is a proxy."
    )
    return [sentence(text, (reset.frame,))]


def _result(
    status: Status, evidence: list[Claim] | tuple[Claim, ...], against: list[Claim] | tuple[Claim, ...] = ()
) -> Explanation:
    return Explanation(ExplanationId.MIDDLEBOX_CLOSE, status, tuple(evidence), tuple(against))
