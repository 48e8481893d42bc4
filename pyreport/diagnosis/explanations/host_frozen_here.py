"""The local host did not run for a while: paused, migrated, or starved."""

from __future__ import annotations

from msgspec.structs import replace

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import fin_acknowledged
from pyreport.diagnosis.evidence.gaps import gap_end_ns, gap_frames
from pyreport.diagnosis.evidence.neighbours import (
    Lapses,
    frames_of,
    kept_their_grid,
    neighbours,
    others,
    probes_at_once,
)
from pyreport.diagnosis.evidence.next_hop import silent_hop
from pyreport.diagnosis.evidence.packets_made import made_between, made_unseen
from pyreport.diagnosis.evidence.second_clock import (
    burst_from,
    clock_was_set,
    clocks_agree,
    stood_still,
    tell_burst,
    tell_stood,
)
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import AT_ONCE_NS
from pyreport.frames.findings import Late, Missed


def explain(case: Case) -> Explanation:
    """A frozen host sends nothing on any connection, and the timers of all of them run late by the same amount. A
    capture on that host stands still with it: only the peer's timestamps show that.
    """
    stood = stood_still(case, case.local)
    if stood is not None:
        return _result(Status.SUPPORTED, tell_stood(case, stood), *_came_at_once(case))
    missed = case.connection.missed(case.local)
    hop = silent_hop(case)
    if hop is not None and (not missed or hop.requests[-1].time_ns >= missed[0].due_at_ns):
        return _result(Status.RULED_OUT, claim("next-hop-host-ran", hop.frames, local=case.local_party))
    if missed:
        return _after_missed(case, missed[0])
    shared = _of_the_others(case)
    if shared is not None:
        return shared
    at_once = _came_at_once(case)
    if at_once:
        return _result(Status.POSSIBLE, *at_once)
    local, window = case.local_party, _around_the_close(case)
    if window is None:
        return _result(Status.NO_EVIDENCE, claim("host-frozen-here-no-stretch", local=local))
    around, span_ns = neighbours(case, *window), window[1] - window[0]
    silence_from, silence_to = case.index.longest_silence_of(case.local.host, *window)
    silence = Duration(silence_to - silence_from)
    if around.lapses and 2 * silence > span_ns:
        return _result(Status.POSSIBLE, _lapsed(case, around.lapses))
    acknowledged = _prompt_ack(case)
    if not around.on_time:
        nothing = claim("host-frozen-here-nobody-probed", local=local)
        return _result(Status.NO_EVIDENCE, *acknowledged or (nothing,))
    on_time = claim(
        "host-frozen-here-others-on-time",
        frames_of(around.on_time),
        local=local,
        others=others(around.on_time),
        probes=len(around.on_time),
        span=Duration(span_ns),
    )
    longest = claim("host-frozen-here-longest-silence", local=local, silence=silence)
    if silence > span_ns // 2:
        return _result(Status.NO_EVIDENCE, on_time, longest, *acknowledged)
    # A capture that stood still with the host has the probes on time by a clock that stood.
    agreed = () if case.is_at_peer and not case.is_at_local else clocks_agree(case, window[0], _close_ns(case))
    if agreed is None:
        alone = claim("clock-only-one", local=local)
        return _result(Status.NO_EVIDENCE, on_time, longest, alone, *acknowledged)
    both = (claim("clock-of-the-peer-agrees", agreed, local=local, peer=case.peer_party),) if agreed else ()
    return _result(Status.RULED_OUT, on_time, longest, *both, *acknowledged)


def _close_ns(case: Case) -> int:
    return case.ending.first.time_ns if case.ending.first is not None else case.span.last_time_ns


def _came_at_once(case: Case) -> tuple[Claim, ...]:
    """What the peer had made one after the other, and the host took in at once."""
    burst = None if case.is_at_peer else burst_from(case, case.local)
    return () if burst is None else (tell_burst(case, case.local, burst),)


def _prompt_ack(case: Case) -> tuple[Claim, ...]:
    """That the host's own kernel acknowledged the FIN."""
    ack, acknowledged = case.ending.fin_ack, fin_acknowledged(case)
    if ack is None or acknowledged is None or ack.source != case.local:
        return ()
    return (replace(acknowledged, frames=(ack.frame,)),)


def _around_the_close(case: Case) -> tuple[int, int] | None:
    """From the local end's last probe before the close, else its last segment, to one cadence after; (start, end) in
    ns. None when there is no close, or nothing of the local end before it.
    """
    first = case.ending.first
    if first is None:
        return None
    before = [f for f in case.connection.frames if f.source == case.local and f.time_ns < first.time_ns]
    start = case.last_probe_before_end or (before[-1] if before else None)
    if start is None:
        return None
    cadence = case.connection.keepalive(case.local).cadence_ns or 0
    return start.time_ns, min(first.time_ns + cadence, case.span.last_time_ns)


def _after_missed(case: Case, missed: Missed) -> Explanation:
    due_ns, end_ns = missed.due_at_ns, gap_end_ns(missed)
    was_set = clock_was_set(case, due_ns, end_ns)
    if was_set is not None:
        return _result(Status.NO_EVIDENCE, was_set)
    last_probe = case.connection.frame(missed.last_probe_frame) if missed.last_probe_frame else None
    start_ns = last_probe.time_ns if last_probe else due_ns
    around = neighbours(case, due_ns, end_ns)
    on_grid = kept_their_grid(missed, around.lapses)
    local = case.local_party
    if on_grid:
        frames = tuple(sorted({n for f in on_grid for n in gap_frames(f)}))
        return _result(Status.RULED_OUT, claim("host-frozen-here-timers-ran-on", frames, local=local))
    made = made_between(case.connection, case.local, due_ns, end_ns)
    if made is not None and made.absent:
        return _result(Status.RULED_OUT, made_unseen(case, case.local, made))
    silence_from, silence_to = case.index.longest_silence_of(case.local.host, start_ns, end_ns)
    silent_throughout = silence_to - silence_from >= (end_ns - start_ns) - missed.interval_ns
    if around.lapses and silent_throughout:
        whole = case.index.silence_around(case.local.host, due_ns)
        return _all_silent(case, missed, whole, around.lapses)
    if around.on_time:
        frames, count = frames_of(around.on_time), others(around.on_time)
        return _result(Status.RULED_OUT, claim("host-frozen-here-others-probed", frames, local=local, others=count))
    if around.lapses:
        sent = claim(
            "host-frozen-here-sent-meanwhile",
            frames_of(around.lapses),
            local=local,
            others=others(around.lapses),
            silence=Duration(silence_to - silence_from),
        )
        return _result(Status.POSSIBLE, sent)
    return _result(Status.POSSIBLE, claim("host-frozen-here-alone", gap_frames(missed), local=local))


def _of_the_others(case: Case) -> Explanation | None:
    """A host that stood still did so on this connection, too, although no probe of it was due or its schedule is not
    known: the others show it, between the last payload before the close and the connection's last frame.
    """
    last = case.connection.last_data_before(_close_ns(case))
    since = case.connection.first if last is None else last
    for _, lapse in neighbours(case, since.time_ns, case.connection.last.time_ns).lapses:
        silence = case.index.silence_around(case.local.host, lapse.due_at_ns)
        if isinstance(lapse, Late) or silence[1] - silence[0] < lapse.overdue_ns or silence[1] <= since.time_ns:
            continue
        lapses = neighbours(case, lapse.due_at_ns, silence[1]).lapses
        made = made_between(case.connection, case.local, *silence)
        if kept_their_grid(lapse, lapses) or (made is not None and made.absent):
            continue
        found = _all_silent(case, lapse, silence, lapses)
        if found.status is Status.SUPPORTED:
            return found
    return None


def _all_silent(case: Case, missed: Missed, silence: tuple[int, int], lapses: Lapses) -> Explanation:
    start_ns, end_ns = silence
    length = Duration(end_ns - start_ns)
    evidence = [
        claim("host-frozen-here-silent", gap_frames(missed), local=case.local_party, silence=length),
        _lapsed(case, lapses),
    ]
    overdue = probes_at_once(case, lapses, end_ns, AT_ONCE_NS)
    evidence += _came_at_once(case)
    made = made_between(case.connection, case.local, start_ns, end_ns)
    none_made = () if made is None or made.absent else (claim("packets-made-none", made.frames, who=case.local_party),)
    if not overdue and not none_made:
        return _result(Status.POSSIBLE, *evidence, claim("host-frozen-here-capture-stood"))
    if none_made and not overdue:
        return _result(Status.POSSIBLE, *evidence, *none_made)
    within = Duration(max(finding.time_ns for finding in overdue) - end_ns)
    frames = tuple(sorted(finding.frame for finding in overdue))
    evidence += [claim("host-frozen-here-overdue", frames, probes=len(overdue), within=within), *none_made]
    if case.is_at_local or none_made:
        whole = tuple(sorted({number for told in evidence for number in told.frames}))
        stood = claim(
            "host-frozen-here-stood", whole, local=case.local_party, silence=length, none_made=bool(none_made)
        )
        return replace(_result(Status.SUPPORTED, *evidence), chief=stood)
    return _result(Status.POSSIBLE, *evidence, claim("host-frozen-here-place-unknown", local=case.local_party))


def _lapsed(case: Case, lapses: Lapses) -> Claim:
    return claim("host-frozen-here-others-missed", frames_of(lapses), local=case.local_party, others=others(lapses))


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.HOST_FROZEN_HERE, status, evidence)
