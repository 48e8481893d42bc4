"""A keep-alive probe was due and the local host sent none."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import NO_CAUSE, closed_before_due, gap_end_ns, next_probe_due, tell_gap
from pyreport.diagnosis.evidence.neighbours import came_back_on_time, kept_their_grid, neighbours
from pyreport.diagnosis.evidence.next_hop import silent_hop
from pyreport.diagnosis.evidence.packets_made import made_between, made_unseen
from pyreport.diagnosis.evidence.second_clock import clock_was_set
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.frames.findings import Missed, MissedEndedBy, Probe
from pyreport.quality.holes import holes_of, tell_holes


def explain(case: Case) -> Explanation:
    """The plugin's ``missed``: due by the side's own schedule, covered by the capture, nothing received, no probe.

    Where the capture shows no frame of anybody, nobody knows.
    """
    missed = case.connection.missed(case.local)
    hop = silent_hop(case)
    if missed and hop is not None:
        # The kernel makes the probe, and it waits for the address of the next hop until it is thrown away
        # (net/core/neighbour.c, neigh_invalidate()).
        held = claim("next-hop-holds-probes", hop.frames, target=hop.target)
        return _result(Status.NO_EVIDENCE, held)
    if missed:
        return _missed(case, missed)
    probes = tuple(f.frame for f in case.connection.of(Probe, side=case.local))
    if not probes:
        return _result(Status.NO_EVIDENCE, claim("probe-not-sent-no-keepalive", local=case.local_party))
    holes = holes_of(case.connection, case.span)
    if holes:
        return _result(Status.NO_EVIDENCE, tell_holes(holes))
    in_time = closed_before_due(case)
    if in_time is not None:
        return _result(Status.RULED_OUT, next_probe_due(in_time), NO_CAUSE)
    return _result(Status.RULED_OUT, claim("probe-not-sent-all-sent", probes, local=case.local_party))


def _missed(case: Case, missed: list[Missed]) -> Explanation:
    evidence = [_overdue(case, finding) for finding in missed]
    first, local = missed[0], case.local_party
    due_ns, end_ns = first.due_at_ns, gap_end_ns(first)
    lapses = neighbours(case, due_ns, end_ns).lapses
    if lapses and kept_their_grid(first, lapses):
        return _result(Status.POSSIBLE, *evidence, came_back_on_time(case, lapses), NO_CAUSE)
    was_set = clock_was_set(case, due_ns, end_ns)
    if was_set is not None:
        return _result(Status.NO_EVIDENCE, was_set)
    made = made_between(case.connection, case.local, due_ns, end_ns)
    if made is not None:
        none = claim("probe-not-sent-none-made", made.frames, local=local)
        evidence.append(made_unseen(case, case.local, made) if made.absent else none)
    if not case.is_at_local:
        elsewhere = claim("probe-not-sent-place-unknown", local=local)
        if case.is_at_peer:
            elsewhere = claim("probe-not-sent-taken-at-peer", peer=case.peer_party)
        # Where the counter shows that none was made, none was lost on the way.
        none_made = made is not None and not made.absent
        return _result(Status.POSSIBLE, *evidence, NO_CAUSE, against=() if none_made else (elsewhere,))
    none_seen = made is None or not made.absent
    if none_seen and first.ended_by is MissedEndedBy.DATA and not _probed_again(case, first):
        off = claim("probe-not-sent-switched-off", local=local)
        return _result(Status.POSSIBLE, *evidence, NO_CAUSE, against=(off,))
    sound = _capture_ran(case, due_ns, end_ns)
    if sound is not None:
        return _result(Status.SUPPORTED, *evidence, sound, NO_CAUSE)
    if made is not None and not made.absent:
        return _result(Status.SUPPORTED, *evidence, NO_CAUSE)
    return _result(Status.POSSIBLE, *evidence, NO_CAUSE, against=(claim("probe-not-sent-capture-may-lack"),))


def _probed_again(case: Case, missed: Missed) -> bool:
    """Whether probes went on after the gap: the timer was armed, and an application had not switched it off."""
    return any(probe.time_ns >= gap_end_ns(missed) for probe in case.connection.of(Probe, side=case.local))


def _overdue(case: Case, missed: Missed) -> Claim:
    gap = tell_gap(case, missed)
    return claim("probe-not-sent-gap", gap.frames, gap=gap, overdue=Duration(missed.overdue_ns))


def _capture_ran(case: Case, due_ns: int, end_ns: int) -> Claim | None:
    """What shows that the capture had all frames while the probes were missing: other frames of the host, or a counter
    of the peer that did not move, so that it answered nothing.
    """
    answered = made_between(case.connection, case.peer, due_ns, end_ns)
    if answered is not None:
        return None if answered.absent else claim("probe-not-sent-none-arrived", answered.frames, peer=case.peer_party)
    silence_from, silence_to = case.index.longest_silence_of(case.local.host, due_ns, end_ns)
    if 2 * (silence_to - silence_from) <= end_ns - due_ns:
        return claim("probe-not-sent-capture-ran", local=case.local_party)
    return None


def _result(status: Status, *evidence: Claim, against: tuple[Claim, ...] = ()) -> Explanation:
    return Explanation(ExplanationId.PROBE_NOT_SENT, status, evidence, against)
