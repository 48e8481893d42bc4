"""Which end stood still: many packets that the other end sent one after the other came in there at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.base.claim import Claim, Duration, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.clocks import across_step
from pyreport.compare.conclusion import END, Conclusion, ConclusionKind
from pyreport.compare.packet import WHOLE, Packet, merged
from pyreport.compare.thresholds import AT_ONCE_NS, FEWEST_AT_ONCE, STOOD_FROM_NS
from pyreport.compare.view import ENDS
from pyreport.diagnosis.result import Confidence
from pyreport.frames.finding import Level


def stood_still(alignment: Alignment, packets: Sequence[Packet]) -> Iterator[Conclusion]:
    """For each end, the packets of the longest time that came in together. A queue on the path holds packets back as
    well, but then the end goes on sending meanwhile, and the clocks keep their difference.
    """
    for end in ENDS:
        whole = [p for p in packets if p.sender != end and p.fate in WHOLE]
        incoming = [packet for packet in whole if packet.near is not None and packet.far is not None]
        run = max(_runs(incoming), key=_made_ns, default=None)
        if run is None or _made_ns(run) < STOOD_FROM_NS:
            continue
        set_by = _clock_step(alignment, run)
        if set_by is None and _sent_meanwhile(alignment, end, run):
            continue
        told = claim(
            "end-took-in-at-once",
            who=alignment.parties[end],
            whom=alignment.parties[1 - end],
            count=len(run),
            made=Duration(_made_ns(run)),
            within=Duration(_times(run, end)[-1] - _times(run, end)[0]),
        )
        claims: tuple[Claim, ...] = (told,)
        if set_by is not None:
            claims = (told, claim("its-clock-stood-too", who=alignment.parties[end], jump=Duration(set_by)))
        confidence = Confidence.CONFIRMED if set_by is not None else Confidence.LIKELY
        frames = merged(packet.frames for packet in run)
        yield Conclusion(ConclusionKind.STOOD_STILL, END[end], Level.WARN, confidence, claims, frames)


def _runs(incoming: Sequence[Packet]) -> Iterator[list[Packet]]:
    """Packets that came in one right after the other."""
    ordered = sorted(incoming, key=lambda p: p.far.time_ns if p.far else 0)
    run: list[Packet] = []
    for packet in ordered:
        if run and _arrival(packet) - _arrival(run[0]) > AT_ONCE_NS:
            if len(run) >= FEWEST_AT_ONCE:
                yield run
            run = []
        run.append(packet)
    if len(run) >= FEWEST_AT_ONCE:
        yield run


def _arrival(packet: Packet) -> int:
    assert packet.far is not None
    return packet.far.time_ns


def _made_ns(run: Sequence[Packet]) -> int:
    """Over how long they were sent, by their sender's clock."""
    times = [packet.near.time_ns for packet in run if packet.near is not None]
    return max(times) - min(times)


def _times(run: Sequence[Packet], end: int) -> list[int]:
    return sorted(captured.time_ns for packet in run if (captured := packet.at(end)) is not None)


def _clock_step(alignment: Alignment, run: Sequence[Packet]) -> int | None:
    """How far the difference of the clocks jumped while the packets were on their way; None when it did not."""
    if alignment.clocks is None or not any(across_step(alignment.clocks, p.at(0), p.at(1)) for p in run):
        return None
    jumps = [abs(jump) for _, jump in alignment.clocks.steps()]
    return max(jumps) if jumps and max(jumps) >= STOOD_FROM_NS else None


def _sent_meanwhile(alignment: Alignment, end: int, run: Sequence[Packet]) -> bool:
    """Whether the host at an end sent anything, on any connection, while the packets waited; not right before it took
    them in, when it had begun to run again.
    """
    view, arrived, made = alignment.views[end], _times(run, end)[0], _made_ns(run)
    start, stop = view.reading.index.longest_silence_of(view.endpoints[end].host, arrived - made, arrived)
    return stop - start < made - STOOD_FROM_NS
