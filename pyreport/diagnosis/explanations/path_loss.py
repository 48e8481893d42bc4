"""Packets of this connection were lost on the path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.acks_not_heard import acks_not_heard, tell_not_heard
from pyreport.diagnosis.evidence.gaps import gap_end_ns, tell_gap
from pyreport.diagnosis.evidence.never_came import heard_all_along, never_came
from pyreport.diagnosis.evidence.next_hop import silent_hop, tell_silent_hop
from pyreport.diagnosis.evidence.packets_made import made_between
from pyreport.diagnosis.evidence.refusals import tell_refusals, turned_back
from pyreport.diagnosis.evidence.signs_of_life import heard_meanwhile
from pyreport.diagnosis.evidence.stand_in import stand_in, tell_stand_in
from pyreport.diagnosis.evidence.told_waits import (
    host_was_heard,
    it_went_on,
    no_answer,
    not_accepted,
    not_taken_in,
    syn_ignored,
)
from pyreport.diagnosis.evidence.waits import (
    Wait,
    answered_each,
    first_copy_arrived,
    opening_again,
    waits,
    went_on_without,
)
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import FEWEST_REPEATS
from pyreport.frames.findings import Answer, Missed, Probe
from pyreport.frames.frame import FLAG_ACK
from pyreport.quality.copies import copies

ORDER = (Status.RULED_OUT, Status.NO_EVIDENCE, Status.POSSIBLE, Status.SUPPORTED)


def explain(case: Case) -> Explanation:
    """Loss shows as asks without an answer from a host that is heard meanwhile, as segments sent again, as a hole that
    nothing filled, and as probes that were made and do not arrive at a capture away from the prober.
    """
    hop = silent_hop(case)
    found = [] if hop is None or hop.is_peer else [(Status.SUPPORTED, tell_silent_hop(case, hop))]
    found += [(Status.SUPPORTED, told) for told in tell_refusals(case)]
    silences = [wait for wait in waits(case) if not turned_back(case, wait)]
    found += [*_probes(case, silences), *(_data(case, wait) for wait in silences if wait.is_data), *_holes(case)]
    found += [(Status.POSSIBLE, gap) for missed in case.connection.missed() if (gap := _gap(case, missed)) is not None]
    unheard = acks_not_heard(case)
    if unheard is not None:
        is_there = case.quality.vantage.is_at(unheard.sender)
        found.append((Status.POSSIBLE if is_there else Status.SUPPORTED, tell_not_heard(case, unheard)))
    if found:
        # What weighs most is told first: the strongest, and of equals that with the most frames.
        found.sort(key=lambda piece: (-ORDER.index(piece[0]), -len(piece[1].frames)))
        return _result(found[0][0], *(told for _, told in found))
    again = {frame.number for frame in case.connection.frames if frame.retransmission}
    marked = tuple(sorted(again - set(copies(case.connection))))  # a mirror port's second copy was sent once
    if marked:
        return _result(Status.POSSIBLE, claim("path-loss-marked", marked, marked=len(marked)))
    return _cleared(case)


def _probes(case: Case, silences: Sequence[Wait]) -> Iterator[tuple[Status, Claim]]:
    """The probes of each side without an answer, counted where there are several stretches of them."""
    for asker in (case.local, case.peer):
        own = [wait for wait in silences if wait.asker == asker and not wait.is_data]
        weighed = [_unanswered(case, wait) for wait in own]
        if len(own) < 2:
            yield from weighed
            continue
        sent, lost = len(case.connection.of(Probe, side=asker)), sum(len(wait.asks) for wait in own)
        told = claim(
            "path-loss-probes-counted",
            tuple(number for wait in own for number in wait.frames),
            asker=case.roles.party(asker),
            silent=case.roles.party(case.connection.other(asker)),
            lost=lost,
            sent=sent,
            percent=round(100 * lost / sent),
            longest=max(len(wait.asks) for wait in own),
        )
        yield max((status for status, _ in weighed), key=ORDER.index), told
        yield from ((status, claim) for status, claim in weighed if status is Status.SUPPORTED)


def _unanswered(case: Case, wait: Wait) -> tuple[Status, Claim]:
    if case.quality.vantage.is_at(wait.silent):
        return Status.NO_EVIDENCE, no_answer(case, wait)
    heard = heard_meanwhile(case, wait)
    if heard:
        return Status.SUPPORTED, host_was_heard(case, wait, heard)
    return Status.POSSIBLE, no_answer(case, wait)


def _data(case: Case, wait: Wait) -> tuple[Status, Claim]:
    if wait.answer is not None and first_copy_arrived(wait):
        told = claim(
            "path-loss-late",
            (*wait.frames, wait.answer.number),
            asker=case.roles.party(wait.asker),
            silent=case.roles.party(wait.silent),
            repeats=wait.repeats,
            after=Duration(wait.answer.time_ns - wait.start_ns),
        )
        return Status.SUPPORTED if heard_meanwhile(case, wait) else Status.POSSIBLE, told
    if wait.answer is not None and len(wait.asks) == 2 and not wait.is_refused:
        asker, silent = case.roles.party(wait.asker), case.roles.party(wait.silent)
        return Status.POSSIBLE, claim(
            "path-loss-sent-twice", (*wait.frames, wait.answer.number), asker=asker, silent=silent
        )
    opening = opening_again(case, wait)
    if opening:
        return Status.POSSIBLE, not_accepted(case, wait, opening)
    heard = heard_meanwhile(case, wait)
    if heard and wait.is_opening and not wait.asks[0].has(FLAG_ACK):
        # A live host that does not answer a SYN has a full queue or a filter (Linux tcp_conn_request(), listen(2)).
        return Status.NO_EVIDENCE, syn_ignored(case, wait, heard)
    if wait.answer is None and len(wait.asks) > FEWEST_REPEATS and case.quality.vantage.is_at(wait.silent):
        return Status.NO_EVIDENCE, no_answer(case, wait)
    drawn = answered_each(case, wait)
    if drawn:
        return Status.NO_EVIDENCE, not_taken_in(case, wait, drawn)
    if heard:
        return Status.SUPPORTED, host_was_heard(case, wait, heard)
    went_on = went_on_without(case, wait)
    if went_on is not None:
        return Status.SUPPORTED, it_went_on(case, wait, went_on)
    return Status.POSSIBLE, no_answer(case, wait)


def _holes(case: Case) -> Iterator[tuple[Status, Claim]]:
    """Octets that never came although later ones did, and that nobody acknowledged: not lost by the capture. Who was
    heard all along may have sent them once and no more.
    """
    for side in (case.local, case.peer):
        lost = list(never_came(case, side))
        status = Status.POSSIBLE if lost and heard_all_along(case, side) is not None else Status.SUPPORTED
        yield from ((status, told) for _, told in lost)


def _gap(case: Case, missed: Missed) -> Claim | None:
    """Probes that are missing away from the prober; None when its packet counter shows that it made none."""
    by = missed.by
    if case.quality.vantage.is_at(by):
        return None
    gap = tell_gap(case, missed)
    made = made_between(case.connection, by, missed.due_at_ns, gap_end_ns(missed))
    if made is None:
        return claim("path-loss-gap", gap.frames, gap=gap)
    if not made.absent:
        return None
    who = case.roles.party(by)
    return claim("path-loss-gap-dropped", (*gap.frames, *made.frames), gap=gap, who=who, packets=made.absent)


def _cleared(case: Case) -> Explanation:
    standing_in = stand_in(case.connection, case.peer)
    if standing_in is not None:
        # They came from a device, and say nothing of the way behind it.
        return _result(Status.NO_EVIDENCE, tell_stand_in(case, standing_in))
    answers = case.connection.of(Answer)
    arrived = tuple(f.frame for f in answers if case.quality.vantage.is_at(case.connection.other(f.source)))
    if arrived:
        return _result(case.when_absent, claim("path-loss-answers-arrived", arrived, answers=len(arrived)))
    if answers:
        return _result(Status.NO_EVIDENCE, claim("path-loss-answers-left", tuple(f.frame for f in answers)))
    return _result(Status.NO_EVIDENCE, claim("path-loss-not-tested"))


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.PATH_LOSS, status, evidence)
