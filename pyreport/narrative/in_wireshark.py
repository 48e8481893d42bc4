"""How to see each finding in Wireshark, and which frames the report shows in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import stands_before
from pyreport.diagnosis.explanations.middlebox_close import only_in_its_name
from pyreport.frames.finding import links_of
from pyreport.frames.findings import (
    Fin,
    GaveUp,
    Missed,
    PostFinProbe,
    PostFinReset,
    PostFinWrite,
    Probe,
    Reset,
    ResetFollowed,
    RetransmissionTimeout,
    Unanswered,
)
from pyreport.frames.frame import Frame
from pyreport.narrative.model import FilterRow

MOST_DECODED = 6
#: Findings that have a filter of their own, in the order of the table.
SHOWN_FINDINGS = (
    Probe,
    Unanswered,
    Missed,
    Fin,
    PostFinProbe,
    PostFinWrite,
    PostFinReset,
    GaveUp,
    RetransmissionTimeout,
    Reset,
)


def filters(case: Case) -> tuple[FilterRow, ...]:
    """Display filters, each with the number of frames it shows in this capture."""
    return tuple(_filters(case))


def _filters(case: Case) -> Iterator[FilterRow]:
    stream = f"tcp.stream == {case.connection.stream}"
    frames = case.connection.frames
    yield FilterRow(claim("filter-connection"), stream, len(frames))
    found = sum(1 for frame in frames if frame.findings)
    if found:
        yield FilterRow(claim("filter-all-findings"), f"{stream} && keepalive.finding", found)
    of_kind = Counter(kind for frame in frames for kind in set(map(type, frame.findings)))
    for kind in SHOWN_FINDINGS:
        count = of_kind[kind]
        # That none was missed is worth a look, where there was something to miss.
        if count or (kind is Missed and of_kind[Probe]):
            yield FilterRow(Claim(f"filter-finding-{kind.id}"), f"{stream} && keepalive.{kind.id}.expert", count)
    first = case.ending.first
    if first is not None:
        related = sum(1 for frame in frames if frame.number == first.frame or _links_to(frame, first.frame))
        shows = f"frame.number == {first.frame} || (keepalive.related == {first.frame} && {stream})"
        yield FilterRow(claim("filter-close"), shows, related)
    yield from _neighbour_filter(case)


def _kind_of_cause(reset: Reset | None) -> str:
    return "own_data" if reset is not None and reset.followed is ResetFollowed.OWN_DATA else ""


def _neighbour_filter(case: Case) -> Iterator[FilterRow]:
    host = case.local.host
    count = 0
    for other in case.index.neighbours_of(case.connection, case.local):
        count += sum(1 for f in other.findings if isinstance(f, Probe) and f.source.host == host)
    if count:
        version, address = ("ipv6", host.strip("[]")) if ":" in host else ("ip", host)
        shows = f"keepalive.probe && {version}.src == {address} && !(tcp.stream == {case.connection.stream})"
        yield FilterRow(claim("filter-neighbours"), shows, count)


def _links_to(frame: Frame, other: int) -> bool:
    return any(getattr(finding, name) == other for finding in frame.findings for name in links_of(type(finding)))


def decisive_frames(case: Case) -> dict[int, Claim]:
    """The frames to show in full, with the reason; in frame order, at most MOST_DECODED."""
    ending = case.ending
    chosen: dict[int, Claim] = {}
    last_probe = case.last_probe_before_end
    if last_probe is not None and ending.first is not None:
        chosen[last_probe.number] = claim("shown-last-probe")
        answer = last_probe.found(Probe)
        answered_in = answer.answer_frame if answer else None
        if answered_in:
            chosen[answered_in] = claim("shown-answer")
    if ending.fin is not None:
        chosen[ending.fin.frame] = claim("shown-fin", who=case.roles.party(ending.fin.source))
    if ending.fin_ack is not None:
        chosen[ending.fin_ack.frame] = claim("shown-fin-ack", who=case.roles.party(ending.fin_ack.source))
    after_fin, reset = ending.post_fin_reset, ending.post_fin_reset or ending.gave_up or ending.reset
    cause = after_fin.cause_frame if after_fin else ending.reset.cause_frame if ending.reset else None
    if cause and case.connection.frame(cause):
        chosen[cause] = claim("shown-cause", kind=after_fin.cause_kind if after_fin else _kind_of_cause(ending.reset))
    if reset is not None:
        is_by_name = reset is ending.first and only_in_its_name(case)
        chosen[reset.frame] = claim(
            "shown-reset-by-name" if is_by_name else "shown-reset", who=case.roles.party(reset.source)
        )
    for missed in case.connection.of(Missed)[:2]:
        chosen.setdefault(missed.frame, claim("shown-before-gap" if stands_before(missed) else "shown-end-of-gap"))
    # In the order of their weight up to here: what is too much are gaps, not the close.
    return dict(sorted(list(chosen.items())[:MOST_DECODED]))
