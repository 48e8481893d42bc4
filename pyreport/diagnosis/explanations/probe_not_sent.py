"""A keep-alive probe was due and the local host sent none."""

from __future__ import annotations

from pyreport.diagnosis.gaps import gap_end_ns, tell_gap
from pyreport.diagnosis.model import Case, Explanation, Status
from pyreport.diagnosis.neighbours import frames_of, kept_their_grid, neighbours, others
from pyreport.frames import Finding
from pyreport.sentence import Sentence, capitalized
from pyreport.units import format_duration
from pyreport.vantage import captured_at

ID = "probe_not_sent"
TITLE = "The local host did not send keep-alive probes that were due"

NO_CAUSE = Sentence(
    "Even so, a missing probe does not make a peer send a FIN: the receiver of probes keeps no timer on them "
    "(RFC 1122 section 4.2.3.6), and a prober that gives up sends an RST."
)


def explain(case: Case) -> Explanation:
    """The plugin's ``missed``: due by the side's own schedule, covered by the capture, nothing received, no probe."""
    missed = case.connection.missed(case.local)
    if missed:
        return _missed(case, missed)
    probes = tuple(f.frame for f in case.connection.of("probe", side=case.local))
    if not probes:
        text = f"{case.roles.title(case.local)} sends no keep-alive on this connection."
        return _result(Status.NO_EVIDENCE, Sentence(text))
    in_time = next((f for f in case.connection.of("closed_before_due") if f.text("by") == case.local), None)
    if in_time is not None:
        margin = format_duration(in_time.number("margin_ns") or 0)
        frames = tuple(f for f in (in_time.number("last_probe_frame"), in_time.frame) if f)
        text = f"No interval was missed: the next probe was due {margin} after the connection had been closed."
        return _result(Status.RULED_OUT, Sentence(text, frames), NO_CAUSE)
    return _result(Status.RULED_OUT, Sentence("Every probe that was due was sent.", probes))


def _missed(case: Case, missed: list[Finding]) -> Explanation:
    evidence = []
    for finding in missed:
        told = tell_gap(case, finding)
        late = format_duration(finding.number("overdue_ns") or 0)
        evidence.append(Sentence(f"{capitalized(told.text)}; the first had been due for {late} then.", told.frames))
    due_ns = missed[0].number("due_at_ns") or missed[0].time_ns
    lapses = neighbours(case, due_ns, gap_end_ns(missed[0])).lapses
    if lapses and kept_their_grid(missed[0], lapses):
        text = (
            f"{others(lapses)} of this host missed intervals at that time as well, and probes came back at the times "
            "at which they would have come anyway: the capture may lack the frames of that time."
        )
        return _result(Status.POSSIBLE, *evidence, Sentence(text, frames_of(lapses)), NO_CAUSE)
    taken_at = captured_at(case.connection)
    if taken_at == case.local:
        return _result(Status.SUPPORTED, *evidence, NO_CAUSE)
    where = f"The capture was taken at {case.peer_name}" if taken_at else "The capture does not tell where it was taken"
    text = f"{where}: a probe that was sent and lost on the way looks the same."
    return _result(Status.POSSIBLE, *evidence, Sentence(text), NO_CAUSE)


def _result(status: Status, *evidence: Sentence) -> Explanation:
    return Explanation(
        ID, TITLE, status, evidence, "Another keep-alive interval on this socket than the one that the capture shows."
    )
