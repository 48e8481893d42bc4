"""A keep-alive probe was due and the local host sent none."""

from __future__ import annotations

from pyreport.diagnosis.model import Case, Explanation, Status
from pyreport.sentence import Sentence
from pyreport.units import format_duration

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
        evidence = [
            Sentence(
                f"{case.roles.title(case.local)} missed {_intervals(finding.number('intervals') or 0)} before frame "
                f"{finding.frame}: "
                f"the first was due {format_duration(finding.number('overdue_ns') or 0)} earlier.",
                tuple(f for f in (finding.number("last_probe_frame"), finding.frame) if f),
            )
            for finding in missed
        ]
        return _result(Status.SUPPORTED, *evidence, NO_CAUSE)
    if case.connection.keepalive(case.local).probes == 0:
        return _result(
            Status.NO_EVIDENCE, Sentence(f"{case.roles.title(case.local)} sends no keep-alive on this connection.")
        )
    in_time = next((f for f in case.connection.of("closed_before_due") if f.text("by") == case.local), None)
    if in_time is not None:
        margin = format_duration(in_time.number("margin_ns") or 0)
        frames = tuple(f for f in (in_time.number("last_probe_frame"), in_time.frame) if f)
        return _result(
            Status.RULED_OUT,
            Sentence(
                f"No interval was missed: the next probe was due {margin} after the connection had been closed.", frames
            ),
            NO_CAUSE,
        )
    probes = tuple(f.frame for f in case.connection.of("probe", side=case.local))
    return _result(Status.RULED_OUT, Sentence("Every probe that was due was sent.", probes))


def _intervals(count: int) -> str:
    return f"{count} keep-alive interval" + ("" if count == 1 else "s")


def _result(status: Status, *evidence: Sentence) -> Explanation:
    return Explanation(
        ID, TITLE, status, evidence, "Another keep-alive interval on this socket than the one that the capture shows."
    )
