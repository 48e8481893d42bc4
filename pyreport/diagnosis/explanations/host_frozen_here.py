"""The local host did not run for a while: paused, migrated, or starved."""

from __future__ import annotations

from pyreport.diagnosis.model import Case, Explanation, Status
from pyreport.frames import Finding
from pyreport.incident import host_of
from pyreport.sentence import Sentence
from pyreport.units import format_duration

ID = "host_frozen_here"
TITLE = "The local host was frozen (paused, migrated or starved)"


def explain(case: Case) -> Explanation:
    """A frozen host sends nothing on any connection, and the timers of all of them run late by the same amount."""
    window = suspected_window(case)
    if window is None:
        return _result(
            Status.NO_EVIDENCE, Sentence("The capture shows no stretch of time in which the host could be judged.")
        )
    start_ns, end_ns = window
    missed = case.connection.missed(case.local)
    lapses, on_time = _neighbours(case, start_ns, end_ns)
    silence_from, silence_to = case.index.longest_silence_of(host_of(case.local), start_ns, end_ns)
    silence = silence_to - silence_from
    if missed:
        return _after_missed(missed, silence, lapses, on_time)
    if lapses:
        frames = tuple(f.frame for f in lapses)
        return _result(
            Status.POSSIBLE,
            Sentence(f"{len(lapses)} other connections of this host missed keep-alive intervals at that time.", frames),
        )
    if on_time:
        streams = len({stream for stream, _ in on_time})
        other = "1 other connection" if streams == 1 else f"{streams} other connections"
        evidence = [
            Sentence(
                f"{other} of this host sent {len(on_time)} keep-alive probes on time in the "
                f"{format_duration(end_ns - start_ns)} around the close.",
                tuple(frame for _, frame in on_time),
            ),
            Sentence(
                f"The longest time in which the capture has no frame of this host there is {format_duration(silence)}."
            ),
        ]
        return _result(Status.RULED_OUT, *evidence, *_prompt_ack(case))
    return _result(
        Status.NO_EVIDENCE,
        *_prompt_ack(case)
        or (Sentence("No other connection of this host was probing, so nothing speaks for or against it."),),
    )


def suspected_window(case: Case) -> tuple[int, int] | None:
    """From the last sign of life before the trouble (a probe of the local end, else its last segment) to one cadence
    after the trouble; (start, end) in ns. None when there is no trouble to look at.
    """
    missed = case.connection.missed(case.local)
    trouble = missed[0] if missed else case.ending.first
    if trouble is None:
        return None
    before = [f for f in case.connection.frames if f.source == case.local and f.time_ns < trouble.time_ns]
    start = case.connection.frame(trouble.number("last_probe_frame") or 0) if missed else case.last_probe_before_end
    start = start or (before[-1] if before else None)
    if start is None:
        return None
    cadence = case.connection.keepalive(case.local).cadence_ns or 0
    return start.time_ns, min(trouble.time_ns + cadence, case.span.last_time_ns)


def _neighbours(case: Case, start_ns: int, end_ns: int) -> tuple[list[Finding], list[tuple[int, int]]]:
    """What other connections of the local host did in the window: lapses, and probes on time (stream, frame)."""
    host = host_of(case.local)
    lapses: list[Finding] = []
    on_time: list[tuple[int, int]] = []
    for other in case.index.neighbours_of(case.connection, case.local):
        for finding in other.findings:
            if not start_ns <= finding.time_ns <= end_ns:
                continue
            if (finding.id == "missed" and host_of(finding.text("by")) == host) or (
                finding.id == "late" and host_of(finding.source) == host
            ):
                lapses.append(finding)
            elif finding.id == "probe" and host_of(finding.source) == host:
                on_time.append((other.stream, finding.frame))
    late_frames = {finding.frame for finding in lapses}
    return lapses, [(stream, frame) for stream, frame in on_time if frame not in late_frames]


def _after_missed(
    missed: list[Finding], silence: int, lapses: list[Finding], on_time: list[tuple[int, int]]
) -> Explanation:
    gap = missed[0].number("gap_ns") or 0
    interval = missed[0].number("interval_ns") or 0
    if lapses and silence >= interval:
        return _result(
            Status.SUPPORTED,
            Sentence(
                f"This host sent no frame on any captured connection for {format_duration(silence)} of the "
                f"{format_duration(gap)} gap.",
                tuple(f for f in (missed[0].number("last_probe_frame"), missed[0].frame) if f),
            ),
            Sentence(
                f"{len(lapses)} other connections of this host missed keep-alive intervals in the same stretch.",
                tuple(f.frame for f in lapses),
            ),
        )
    if on_time:
        return _result(
            Status.RULED_OUT,
            Sentence(
                "Other connections of this host sent their probes in that stretch.",
                tuple(frame for _, frame in on_time),
            ),
        )
    return _result(
        Status.POSSIBLE,
        Sentence(
            "No other connection of this host was probing, so a frozen host and one lost timer look the same.",
            (missed[0].frame,),
        ),
    )


def _prompt_ack(case: Case) -> tuple[Sentence, ...]:
    ack = case.ending.fin_ack
    if ack is None or ack.source != case.local:
        return ()
    return (
        Sentence(
            f"Its kernel acknowledged the FIN within {format_duration(ack.number('delay_ns') or 0)}.", (ack.frame,)
        ),
    )


def _result(status: Status, *evidence: Sentence) -> Explanation:
    return Explanation(
        ID,
        TITLE,
        status,
        evidence,
        "The hypervisor's log of migrations and pauses, and the guest's kernel log, for that time.",
    )
