"""How to see each finding in Wireshark, and which frames the report shows in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pyreport.connections.connection import host_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.gaps import lasts_to_the_end
from pyreport.frames.frame import Finding, Frame
from pyreport.narrative.model import FilterRow

MOST_DECODED = 6


def filters(case: Case) -> tuple[FilterRow, ...]:
    """Display filters, each with the number of frames it shows in this capture."""
    return tuple(_filters(case))


def _filters(case: Case) -> Iterator[FilterRow]:
    stream = f"tcp.stream == {case.connection.stream}"
    frames = case.connection.frames
    yield FilterRow("This connection", stream, len(frames))
    yield FilterRow(
        "All that was found on it", f"{stream} && keepalive.finding", _count(frames, lambda f: bool(f.findings))
    )
    by_id = {
        "Keep-alive probes": "probe",
        "Unanswered probes": "unanswered",
        "Missed intervals": "missed",
        "Who closed first": "fin",
        "Probes after the FIN": "post_fin_probe",
        "Writes after the FIN": "post_fin_write",
        "The RST after the FIN": "post_fin_reset",
        "Keep-alive that gave up": "gave_up",
        "RST without a FIN": "reset",
    }
    for what, finding_id in by_id.items():
        count = _count(frames, lambda f, wanted=finding_id: f.found(wanted) is not None)  # type: ignore[misc]
        if count or finding_id == "missed":
            yield FilterRow(what, f"{stream} && keepalive.{finding_id}.expert", count)
    first = case.ending.first
    if first is not None:
        related = _count(
            frames, lambda f: f.number == first.frame or any(_links_to(x, first.frame) for x in f.findings)
        )
        yield FilterRow(
            "The close and all that belongs to it",
            f"frame.number == {first.frame} || (keepalive.related == {first.frame} && {stream})",
            related,
        )
    yield from _neighbour_filter(case)


def _neighbour_filter(case: Case) -> Iterator[FilterRow]:
    host = host_of(case.local)
    count = 0
    for other in case.index.neighbours_of(case.connection, case.local):
        count += sum(1 for f in other.findings if f.id == "probe" and host_of(f.source) == host)
    if count:
        version, address = ("ipv6", host.strip("[]")) if ":" in host else ("ip", host)
        yield FilterRow(
            "Probes of this host's other connections",
            f"keepalive.probe && {version}.src == {address} && !(tcp.stream == {case.connection.stream})",
            count,
        )


def _links_to(finding: Finding, frame: int) -> bool:
    return any(name.endswith("_frame") and value == frame for name, value in finding.data.items())


def _count(frames: list[Frame], wanted: Callable[[Frame], bool]) -> int:
    return sum(1 for frame in frames if wanted(frame))


def decisive_frames(case: Case) -> dict[int, str]:
    """The frames to show in full, with the reason; in frame order, at most MOST_DECODED."""
    ending = case.ending
    chosen: dict[int, str] = {}
    last_probe = case.last_probe_before_end
    if last_probe is not None and ending.first is not None:
        chosen[last_probe.number] = "The last keep-alive probe before the close."
        answer = last_probe.found("probe")
        answered_in = answer.number("answer_frame") if answer else None
        if answered_in:
            chosen[answered_in] = "Its answer."
    if ending.fin is not None:
        chosen[ending.fin.frame] = (
            f"The FIN of {case.roles.name(ending.fin.source)}: the first segment that closes anything."
        )
    if ending.fin_ack is not None:
        chosen[ending.fin_ack.frame] = "The other kernel has the FIN: it acknowledges it."
    reset = ending.post_fin_reset or ending.gave_up or ending.reset
    if reset is not None:
        cause = reset.number("cause_frame")
        if cause and case.connection.frame(cause):
            chosen[cause] = f"The {reset.text('cause_kind') or 'segment'} that draws the RST."
        chosen[reset.frame] = "The RST."
    for missed in case.connection.of("missed")[:2]:
        where = "The last frame before the gap" if lasts_to_the_end(missed) else "The frame that ends the gap"
        chosen.setdefault(missed.frame, f"{where} in the probes.")
    # In the order of their weight up to here: what is too much are gaps, not the close.
    return dict(sorted(list(chosen.items())[:MOST_DECODED]))
