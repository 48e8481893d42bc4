"""A device between the two ends closed the connection in the name of one of them."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import refused_from_elsewhere
from pyreport.diagnosis.evidence.closing import NOT_CLOSED, bare_reset, left_its_host
from pyreport.diagnosis.evidence.filtered import refused_at_home
from pyreport.diagnosis.evidence.likeness import goes_on_after, likeness
from pyreport.diagnosis.evidence.too_soon import sooner_than_openings
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import AFTER_RESET_NS, LINUX_FIN_TIMEOUT_NS
from pyreport.frames.findings import PostFinResetCauseKind
from pyreport.frames.frame import FLAG_RST, Frame


def explain(case: Case) -> Explanation:
    """Hold the closing frame against the earlier ones of its sender: distance, timestamp line, packet counter, options;
    see whether that side goes on after "its own" RST; how old the FIN was when an empty probe drew an RST, and whether
    one that refused later data came from elsewhere.
    """
    closing = closing_frame(case)
    if closing is None:
        return _result(Status.NO_EVIDENCE, [NOT_CLOSED])
    found = likeness(case.connection, closing)
    evidence, against, is_reset = list(found.differs), list(found.agrees), closing.has(FLAG_RST)
    later = goes_on_after(case.connection, closing, AFTER_RESET_NS) if is_reset else ()
    if later:
        who = case.roles.party(closing.source)
        evidence.insert(0, claim("middlebox-close-goes-on", (closing.number, *later[:5]), who=who))
    at_home = refused_at_home(case, closing) if is_reset else None
    left = left_its_host(case, closing)
    if left is not None and at_home is not None:
        return _result(Status.RULED_OUT, [left, at_home], against)
    sooner = None if found.is_own_socket or not is_reset else sooner_than_openings(case, closing)
    evidence += [] if sooner is None else [sooner]
    is_sooner = sooner is not None and bool(sooner.values["sure"])
    if found.is_elsewhere or later or is_sooner or (found.lacks_timestamps and not is_reset):
        return _result(Status.SUPPORTED, evidence, against)
    if left is not None:
        return _result(Status.RULED_OUT, [left], against)
    evidence += [*_early_reset(case), *refused_from_elsewhere(case, case.ending.post_fin_reset)]
    if evidence:
        return _result(Status.POSSIBLE, evidence, against)
    if found.is_own_socket:
        return _result(Status.RULED_OUT, against)
    if found.is_bare:
        return _result(Status.NO_EVIDENCE, [bare_reset(closing.number)], against)
    return _result(Status.NO_EVIDENCE, against or [claim("middlebox-close-nothing-to-compare")])


def only_in_its_name(case: Case) -> bool:
    """Whether the frame that closed the connection first shows of its sender no more than the name: what it says of
    this explanation is what the verdict says of the sender.
    """
    return case.ending.first is not None and explain(case).status is Status.SUPPORTED


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
    if reset is None or reset.source != case.peer or reset.cause_kind is not PostFinResetCauseKind.PROBE:
        return []
    age = reset.after_fin_ns
    if age >= LINUX_FIN_TIMEOUT_NS:
        return []
    return [claim("middlebox-close-early-rst", (reset.frame,), age=Duration(age))]


def _result(status: Status, evidence: list[Claim], against: Sequence[Claim] = ()) -> Explanation:
    return Explanation(ExplanationId.MIDDLEBOX_CLOSE, status, tuple(evidence), tuple(against))
