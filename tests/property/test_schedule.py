"""`missed` and `late`: never without cause, always when a probe did not reach the wire. Healthy traffic is quiet."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from tests.property.conversation import Conversation, Plan, play
from tests.property.core import Findings, rows_of, run
from tests.property.examples import for_all
from tests.property.keepalive import LINUX, WINDOWS, Keepalive
from tests.property.plans import HEALTHY, MOSTLY_TOLD, ON_THE_WIRE, SETTINGS, TOLD, Kind, plans, settings_for
from tests.property.segments import End
from tests.property.truth import SLACK, Run, frames, rounding, runs_of_dropped
from tests.scenarios.packets import RST
from tests.scenarios.simulation import SECOND
from tests.support.core import Settings

LOSSY = replace(HEALTHY, fates=ON_THE_WIRE, outages=True, vantages=(0, 100))
DROPPING = Kind(sides=((True, False), (False, True)), vantages=(0, 100), dropped=True)
# BSD probes while data is in flight, too, when no probe can be said to be due.
DROPPING_AND_LOSING = replace(DROPPING, kernels=(*LINUX, *WINDOWS), fates=ON_THE_WIRE, outages=True)
UNANSWERED = replace(DROPPING, kernels=(*LINUX, *WINDOWS), closes=())
LEARNED_AFTER = 3  # undisturbed probes of one silence


def findings_of(conversation: Conversation, settings: Settings) -> Findings:
    """What the tracker finds."""
    return run(rows_of(conversation.capture), conversation.end_ns, settings)


def near_end(plan: Plan) -> End:
    """The end at which the capture was made."""
    return End.CLIENT if plan.path.vantage == 0 else End.SERVER


@for_all(plans(HEALTHY), SETTINGS, examples=400)
def test_no_interval_is_missed_when_nothing_is_lost(plan: Plan, choice: int) -> None:
    """Any kernel, setting, distance and place of capture; told or learned; in one pass as in two."""
    conversation, settings = play(plan), settings_for(plan, choice)
    found = findings_of(conversation, settings)
    wrong = [f for f in found.in_one_pass + found.in_two_passes if f.id in ("missed", "late")]
    assert not wrong, f"{wrong}\n{settings}\n{conversation}"


@for_all(plans(LOSSY), SETTINGS, examples=300)
def test_no_interval_is_missed_at_the_probers_end_whatever_the_path_loses(plan: Plan, choice: int) -> None:
    """The capture shows what the prober sent and what it received, and that is all its timer knows."""
    conversation, settings = play(plan), settings_for(plan, choice)
    found = findings_of(conversation, settings)
    prober = near_end(plan)
    wrong = [f for f in found.in_one_pass + found.in_two_passes if f.id == "missed" and f.datum("by") == prober]
    wrong += [f for f in found.of("late") if conversation.capture[f.frame - 1].segment.sender is prober]
    assert not wrong, f"{wrong}\n{settings}\n{conversation}"


def is_learned(conversation: Conversation, prober: End, run: Run) -> bool:
    """Whether the capture has shown the cadence before a run: some answered probes of one silence."""
    if conversation.plan.path.loses:
        return False
    streak = 0
    for frame in frames(conversation.capture):
        if frame.time_ns >= run.times[0]:
            break
        if frame.segment.length > 1:
            streak = 0
        elif frame.segment.is_probe and frame.segment.sender is prober:
            streak += 1
        if streak == LEARNED_AFTER:
            # Two gaps of the same length in a row could also be a new setting.
            return not any(p.was_dropped and p.time_ns < run.times[0] for p in conversation.probes[prober])
    return False


def looks_like_a_new_setting(conversation: Conversation, prober: End, run: Run) -> bool:
    """Whether the gap around a run and one beside it are equally long: two longer gaps in a row are a new setting."""
    seen = frames(conversation.capture)
    own = [f.time_ns for f in seen if f.segment.is_probe and f.segment.sender is prober]
    gaps = list(pairwise(own))
    at = next((i for i, (before, after) in enumerate(gaps) if before < run.times[0] <= after), None)
    if at is None:
        return False
    lengths = [after - before for before, after in gaps]
    beside = lengths[max(at - 1, 0) : at] + lengths[at + 1 : at + 2]
    return any(abs(length - lengths[at]) <= SLACK + lengths[at] * 8 // 63 for length in beside)


def is_seen_to_probe(conversation: Conversation, prober: End, until_ns: int) -> bool:
    """Whether the capture shows a probe of it before. What BSD sends beside data in flight looks like a copy."""
    sent = [frame.segment for frame in frames(conversation.capture) if frame.time_ns < until_ns]
    return any(segment.is_probe and segment.sender is prober for segment in sent)


def check_count(run: Run, intervals: int, keepalive: Keepalive, tolerance: int, round_trip: int, unseen: int) -> None:
    """The number of missed intervals is that of the dropped probes, as far as rounding lets it be counted. `unseen` is
    by how much a dropped probe before the run may have set the timer later: from when to count, no frame shows then.
    """
    interval = keepalive.interval * SECOND
    count = len(run.times)
    # What cannot be told: by how much the timers before the run and in it were rounded, and without being told, by how
    # much a round trip makes the cadence of answered probes longer than the interval.
    unsure = tolerance + count * (rounding(keepalive.interval) + round_trip)
    if run.by_probe and not unseen and unsure < interval and count * round_trip < SLACK:
        assert intervals == count
    since = run.end_ns - run.times[0]
    assert max(since - unsure, 0) // interval <= intervals <= (since + unsure + unseen) // interval + 1


def has_cause(conversation: Conversation, prober: End, frame: int | None) -> bool:
    """Whether a probe was dropped since the last one before a frame that the capture shows, or before its end (None).

    It set the timer, unseen; so what comes after is judged against a time that is too early.
    """
    end_ns = conversation.capture[frame - 1].time_ns if frame else conversation.end_ns
    return is_behind_dropped(conversation, prober, end_ns)


def is_behind_dropped(conversation: Conversation, prober: End, time_ns: int) -> bool:
    """Whether the last probe before a time was dropped."""
    before = [probe for probe in conversation.probes[prober] if probe.time_ns < time_ns]
    return bool(before) and before[-1].was_dropped


@for_all(plans(DROPPING) | plans(DROPPING_AND_LOSING), MOSTLY_TOLD, examples=500)
def test_every_probe_that_never_left_is_found(plan: Plan, choice: int) -> None:
    """And nothing else is. The capture is at the prober's end; the prober must have been seen to probe before.

    Without being told, the interval is not known unless it equals the idle time (as Go sets it), so the number is not
    either; and a gap may be too short to be sure of (slack), then it may be passed over.
    """
    prober = End.CLIENT if plan.client.keepalive else End.SERVER
    plan = replace(plan, path=replace(plan.path, vantage=0 if prober is End.CLIENT else 100))
    keepalive = plan.of(prober).keepalive
    assert keepalive is not None
    conversation, settings = play(plan), settings_for(plan, choice)
    found = findings_of(conversation, settings)
    # On a capture's last frame two may end: one there, one with the capture.
    gaps = {
        None if f.id == "missed" and f.datum("ended_by") == "capture_end" else f.frame: f
        for f in found.in_two_passes
        if f.id in ("missed", "late")
    }
    told = settings.idle > 0 and settings.interval > 0
    round_trip = 2 * (plan.path.one_way_ns + plan.path.jitter_ns)
    # A cadence that was measured, also beside told settings, is longer by as much as that timer was rounded.
    tolerance = 2 * rounding(keepalive.period) + SLACK
    try:
        for run_ in runs_of_dropped(conversation, prober):
            gap = gaps.pop(run_.frame, None)
            known = is_learned(conversation, prober, run_) or (
                told and is_seen_to_probe(conversation, prober, run_.times[0])
            )
            if not known or run_.end_ns - run_.times[0] <= tolerance:
                continue
            assert gap or looks_like_a_new_setting(conversation, prober, run_), "nothing found"
            if gap and gap.id == "missed" and (told or keepalive.idle == keepalive.interval):
                unseen = keepalive.interval * SECOND * is_behind_dropped(conversation, prober, run_.times[0])
                check_count(run_, gap.datum("intervals"), keepalive, tolerance, round_trip, unseen)
        without_cause = [gap for frame, gap in gaps.items() if not has_cause(conversation, prober, frame)]
        assert not without_cause, "found without cause"
    except AssertionError as error:
        error.add_note(f"{conversation.probes[prober]}\n{settings}\n{found.in_two_passes}\n{conversation}")
        raise


@for_all(plans(UNANSWERED), examples=150)
def test_a_probe_that_never_left_is_found_among_unanswered_ones(plan: Plan) -> None:
    """The spacing of probes without an answer is the interval, however long the idle time is."""
    prober = End.CLIENT if plan.client.keepalive else End.SERVER
    keepalive = plan.of(prober).keepalive
    assert keepalive is not None
    silence = (keepalive.idle + 10 * keepalive.interval) * SECOND
    dead_from = plan.script[0].pause + keepalive.idle * SECOND * 3 // 2
    path = replace(plan.path, outages=((dead_from, 10 * silence),), vantage=0 if prober is End.CLIENT else 100)
    plan = replace(plan, path=path, script=plan.script[:1], tail=2 * silence)
    settings = settings_for(plan, TOLD)
    conversation = play(plan)
    found = findings_of(conversation, settings)
    gaps = {f.frame for f in found.in_two_passes if f.id in ("missed", "late")}
    for run_ in runs_of_dropped(conversation, prober):
        before = [f for f in frames(conversation.capture) if f.time_ns < run_.times[0]]
        is_unanswered = before[-1].segment.is_probe and before[-1].segment.sender is prober
        if is_unanswered and run_.end_ns - run_.times[0] > rounding(keepalive.interval) + SLACK:
            frame = run_.frame or len(conversation.capture)
            assert frame in gaps, f"{frame}\n{settings}\n{found.in_two_passes}\n{conversation}"


@for_all(plans(HEALTHY), SETTINGS, examples=200)
def test_a_healthy_conversation_raises_no_warning(plan: Plan, choice: int) -> None:
    """Healthy: nothing lost, nothing reset, and what was written after a FIN was taken (a legal half-close)."""
    conversation, settings = play(plan), settings_for(plan, choice)
    if any(captured.segment.has(RST) for captured in conversation.capture):
        return
    found = findings_of(conversation, settings)
    open_write = {f.frame for f in found.of("post_fin_write") if f.datum("acked_in") is None}
    wrong = [f for f in found.in_two_passes if f.level in ("WARN", "ERROR") and f.frame not in open_write]
    assert not wrong, f"{wrong}\n{conversation}"
    assert all(frame >= len(conversation.capture) - 8 for frame in open_write), f"{conversation}"
