"""A device between the two ends closed the connection in the peer's name."""

from __future__ import annotations

from collections import Counter

from pyreport.diagnosis.model import Case, Explanation, Status
from pyreport.frames import Frame
from pyreport.sentence import Sentence
from pyreport.units import NS_PER_S, format_duration

ID = "middlebox_close"
TITLE = "A device on the path closed the connection in the peer's name"

# Documentation/networking/ip-sysctl.rst: Linux keeps an orphaned FIN_WAIT2 for tcp_fin_timeout, 60 s by default, and
# acknowledges keep-alive probes in that time (tcp_timewait_state_process).
LINUX_FIN_TIMEOUT_NS = 60 * NS_PER_S


def explain(case: Case) -> Explanation:
    """Compare the hop limit of the closing frame with the peer's earlier ones; and the age of the FIN at the RST."""
    closing = _closing_frame(case)
    if closing is None or closing.source != case.peer:
        return _result(Status.RULED_OUT, Sentence("The peer's side did not close the connection in this capture."))
    earlier = Counter(f.ttl for f in case.connection.frames if f.source == case.peer and f.number < closing.number)
    evidence: list[Sentence] = []
    status = Status.NO_EVIDENCE
    if earlier and closing.ttl:
        usual = earlier.most_common(1)[0][0]
        if closing.ttl in earlier:
            evidence.append(
                Sentence(
                    f"The closing frame has the hop limit of the peer's other frames ({closing.ttl}).",
                    (closing.number,),
                )
            )
        else:
            status = Status.SUPPORTED
            evidence.append(
                Sentence(
                    f"The closing frame has hop limit {closing.ttl}; the peer's others have {usual}.", (closing.number,)
                )
            )
    evidence += _early_reset(case)
    if len(evidence) > 1 and status is Status.NO_EVIDENCE:
        status = Status.POSSIBLE
    if not evidence:
        evidence.append(
            Sentence("The peer's frames before the close are not in this capture, so there is nothing to compare with.")
        )
    return _result(status, *evidence)


def _closing_frame(case: Case) -> Frame | None:
    first = case.ending.first
    return case.connection.frame(first.frame) if first else None


def _early_reset(case: Case) -> list[Sentence]:
    reset = case.ending.post_fin_reset
    if reset is None or reset.source != case.peer or reset.text("cause_kind") != "probe":
        return []
    age = reset.number("after_fin_ns") or 0
    if age >= LINUX_FIN_TIMEOUT_NS:
        return []
    return [
        Sentence(
            f"The RST answers an empty probe {format_duration(age)} after the FIN. A Linux kernel with default "
            "settings would still acknowledge it (tcp_fin_timeout, 60 s): the closing side has a shorter limit, has "
            "run out of time-wait buckets, or is a proxy.",
            (reset.frame,),
        )
    ]


def _result(status: Status, *evidence: Sentence) -> Explanation:
    return Explanation(
        ID, TITLE, status, evidence, "A capture on the peer itself: either it sent this close, or it did not."
    )
