"""A keep-alive probe was due and the local host sent none."""

from __future__ import annotations

from pyreport.base.claim import Claim
from pyreport.base.sentence import capitalized, sentence
from pyreport.base.units import count_words, format_duration
from pyreport.connections.connection import host_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import NO_CAUSE, gap_end_ns, tell_gap
from pyreport.diagnosis.evidence.neighbours import frames_of, kept_their_grid, neighbours, others
from pyreport.diagnosis.evidence.packets_made import made_between
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.frames.frame import Finding

EVEN_SO = sentence(f"Even so, {NO_CAUSE}.")


def explain(case: Case) -> Explanation:
    """The plugin's ``missed``: due by the side's own schedule, covered by the capture, nothing received, no probe."""
    missed = case.connection.missed(case.local)
    if missed:
        return _missed(case, missed)
    probes = tuple(f.frame for f in case.connection.of("probe", side=case.local))
    if not probes:
        text = f"{case.roles.title(case.local)} sends no keep-alive on this connection."
        return _result(Status.NO_EVIDENCE, sentence(text))
    in_time = next((f for f in case.connection.of("closed_before_due") if f.text("by") == case.local), None)
    if in_time is not None:
        margin = format_duration(in_time.number("margin_ns") or 0)
        frames = tuple(f for f in (in_time.number("last_probe_frame"), in_time.frame) if f)
        text = f"No interval was missed: the next probe was due {margin} after the connection had been closed."
        return _result(Status.RULED_OUT, sentence(text, frames), EVEN_SO)
    return _result(Status.RULED_OUT, sentence("Every probe that was due was sent.", probes))


def _missed(case: Case, missed: list[Finding]) -> Explanation:
    evidence = []
    for finding in missed:
        told = tell_gap(case, finding)
        late = format_duration(finding.number("overdue_ns") or 0)
        evidence.append(sentence(f"{capitalized(told.text)}; the first had been due for {late} then.", told.frames))
    first = missed[0]
    due_ns, end_ns = first.number("due_at_ns") or first.time_ns, gap_end_ns(first)
    lapses = neighbours(case, due_ns, end_ns).lapses
    if lapses and kept_their_grid(first, lapses):
        text = (
            f"{others(lapses)} of this host missed intervals at that time as well, and probes came back at the times "
            "at which they would have come anyway: the capture may lack the frames of that time."
        )
        return _result(Status.POSSIBLE, *evidence, sentence(text, frames_of(lapses)), EVEN_SO)
    made = made_between(case.connection, case.local, due_ns, end_ns)
    if made is not None and made.absent:
        text = (
            f"Its packet counter shows {count_words(made.absent, 'packet')} made in that time that "
            f"{'is' if made.absent == 1 else 'are'} not here: dropped inside the host (a filter, a queue), or by the "
            "capture."
        )
        evidence.append(sentence(text, made.frames))
    elif made is not None:
        evidence.append(sentence("Its packet counter shows that its kernel made none in that time.", made.frames))
    if not case.is_at_local:
        known = case.is_at_peer
        where = f"The capture was taken at {case.peer_name}" if known else "The capture was not provably taken there"
        told = sentence(f"{where}: a probe that was sent and lost on the way looks the same.")
        return _result(Status.POSSIBLE, *evidence, EVEN_SO, against=(told,))
    sound = _capture_ran(case, due_ns, end_ns)
    if sound is None and not (made is not None and not made.absent):
        doubt = sentence("Nothing in the capture shows that it lost no frames in that time.")
        return _result(Status.POSSIBLE, *evidence, EVEN_SO, against=(doubt,))
    return _result(Status.SUPPORTED, *evidence, *((sound,) if sound is not None else ()), EVEN_SO)


def _capture_ran(case: Case, due_ns: int, end_ns: int) -> Claim | None:
    """What shows that the capture had all frames while the probes were missing: other frames of the host, or a counter
    of the peer that did not move, so that it answered nothing.
    """
    answered = made_between(case.connection, case.peer, due_ns, end_ns)
    if answered is not None:
        text = "The peer's packet counter did not move in that time: no probe got to it."
        return None if answered.absent else sentence(text, answered.frames)
    host = host_of(case.local)
    silence_from, silence_to = case.index.longest_silence_of(host, due_ns, end_ns)
    if 2 * (silence_to - silence_from) <= end_ns - due_ns:
        return sentence("The capture has frames of this host's other connections from all that time.")
    return None


def _result(status: Status, *evidence: Claim, against: tuple[Claim, ...] = ()) -> Explanation:
    return Explanation(ExplanationId.PROBE_NOT_SENT, status, evidence, against)
