"""The packets that matter, in order, a row each; routine packets in between are folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from pyreport.base.claim import Claim, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.clocks import Bounds
from pyreport.compare.conclusion import delay_of
from pyreport.compare.packet import WHOLE, Fate, Packet
from pyreport.compare.thresholds import MOST_FIRST, MOST_LAST
from pyreport.compare.view import ENDS
from pyreport.frames.finding import Level
from pyreport.frames.findings import Answer, FinAck, PostFinProbe, PostFinWrite, Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN


class Row(Struct, frozen=True):
    """A packet, packets of one kind to which the same happened (``count``), or a run of routine packets. ``times_ns``
    (of the first, each on its own clock) and ``frames`` (first and last) are by capture, None where the packet is not.
    ``sender`` is None for a run of routine; the fate of such a run is None where they differ.
    """

    what: Claim
    sender: int | None
    times_ns: tuple[int | None, int | None]
    frames: tuple[tuple[int, int] | None, tuple[int, int] | None]
    fate: Fate | None
    why: tuple[Claim, ...] = ()
    delay: Bounds | None = None
    count: int = 1


def rows_of(alignment: Alignment, packets: Sequence[Packet]) -> tuple[Row, ...]:
    """The rows, in the order of the packets."""
    ordinals = _ordinals(packets)
    places = sorted(_notable_places(packets))
    if len(places) > MOST_FIRST + MOST_LAST:
        places = places[:MOST_FIRST] + places[-MOST_LAST:]
    rows: list[Row] = []
    before = 0
    for place in [*places, len(packets)]:
        if place == before + 1:
            rows.append(_row(alignment, packets[before], ordinals))
        elif place > before:
            rows.append(_folded(packets[before:place]))
        if place < len(packets):
            rows.append(_row(alignment, packets[place], ordinals))
        before = place + 1
    return tuple(with_repeats_folded(rows))


def with_repeats_folded(rows: Iterable[Row], *, with_delays: bool = False) -> Iterator[Row]:
    """The rows with one for each run of packets of one kind to which the same happened. Those whose delay is known
    stay, since each has another; ``with_delays`` folds them, too, where no delay is shown.
    """

    def kind(row: Row) -> object:
        """The same for rows that are told in the same words."""
        is_alone = row.sender is None or (row.delay is not None and not with_delays)
        return id(row) if is_alone else (row.what, row.sender, row.fate, row.why)

    for _, run in groupby(rows, kind):
        first, *more = run
        yield reduce(_joined, more, first)


def _joined(row: Row, later: Row) -> Row:
    """One row for both."""
    first, second = (_span(row.frames[end], later.frames[end]) for end in ENDS)
    times = [row.times_ns[end] if row.frames[end] else later.times_ns[end] for end in ENDS]
    return replace(
        row, frames=(first, second), times_ns=(times[0], times[1]), delay=None, count=row.count + later.count
    )


def _span(one: tuple[int, int] | None, later: tuple[int, int] | None) -> tuple[int, int] | None:
    spans = [span for span in (one, later) if span is not None]
    return (min(span[0] for span in spans), max(span[1] for span in spans)) if spans else None


def notable(packets: Sequence[Packet]) -> Iterator[Packet]:
    """The packets that matter, all of them, in order."""
    return (packets[place] for place in sorted(_notable_places(packets)))


def _notable_places(packets: Sequence[Packet]) -> set[int]:
    return {place for place, packet in enumerate(packets) if _is_notable(packet)} | _last_payload(packets)


def _is_notable(packet: Packet) -> bool:
    captured = packet.captured
    if packet.fate not in WHOLE or captured.is_reset or captured.is_fin or captured.frame.has(FLAG_SYN):
        return True
    found = [f for end in ENDS if (p := packet.at(end)) for f in p.frame.findings]
    if any(f.level >= Level.NOTE or isinstance(f, FinAck) for f in found):
        return True
    answered = next((f.probe_frame for f in found if isinstance(f, Answer)), None)
    return answered is not None and packet.fate is not Fate.ARRIVED


def _last_payload(packets: Sequence[Packet]) -> set[int]:
    """The last packet of each sender with payload."""
    found = set()
    for sender in ENDS:
        places = [
            place
            for place, p in enumerate(packets)
            if p.sender == sender and p.captured.frame.length and not p.captured.frame.found(Probe)
        ]
        found.update(places[-1:])
    return found


def _ordinals(packets: Sequence[Packet]) -> dict[int, int]:
    """The number of each probe among those of its sender, by the identity of the packet."""
    counted: Counter[int] = Counter()
    ordinals = {}
    for packet in packets:
        if packet.found(Probe):
            counted[packet.sender] += 1
            ordinals[id(packet)] = counted[packet.sender]
    return ordinals


def _row(alignment: Alignment, packet: Packet, ordinals: dict[int, int]) -> Row:
    times: list[int | None] = [None, None]
    frames: list[tuple[int, int] | None] = [None, None]
    for end in ENDS:
        captured = packet.at(end)
        if captured is not None:
            times[end], frames[end] = captured.time_ns, (captured.number, captured.number)
    delay = delay_of(alignment, packet) if packet.fate is Fate.ARRIVED else None
    what = _what(alignment, packet, ordinals)
    return Row(what, packet.sender, (times[0], times[1]), (frames[0], frames[1]), packet.fate, packet.why, delay)


def _what(alignment: Alignment, packet: Packet, ordinals: dict[int, int]) -> Claim:
    """What a packet is."""
    captured, who = packet.captured, alignment.parties[packet.sender]
    frame = captured.frame
    if captured.is_reset:
        return claim("row-rst", who=who)
    if frame.has(FLAG_SYN):
        return claim("row-syn-ack" if frame.has(FLAG_ACK) else "row-syn", who=who)
    if packet.found(Probe):
        is_late = packet.found(PostFinProbe) is not None
        number = ordinals[id(packet)]
        return claim("row-probe-after-fin" if is_late else "row-probe", who=who, number=number)
    if captured.is_fin and frame.length:
        return claim("row-fin-with-payload", who=who, bytes=frame.length)
    if captured.is_fin:
        return claim("row-fin", who=who)
    if frame.length:
        is_late = packet.found(PostFinWrite) is not None
        return claim("row-payload-after-fin" if is_late else "row-payload", who=who, bytes=frame.length)
    if packet.found(FinAck):
        return claim("row-fin-ack", who=who)
    return claim("row-answer" if packet.found(Answer) else "row-ack", who=who)


def _folded(packets: Sequence[Packet]) -> Row:
    """A row for packets that need no row of their own."""
    times: list[int | None] = [None, None]
    frames: list[tuple[int, int] | None] = [None, None]
    for end in ENDS:
        own = [captured for packet in packets if (captured := packet.at(end)) is not None]
        if own:
            times[end], frames[end] = own[0].time_ns, (own[0].number, own[-1].number)
    fate = Fate.ARRIVED if all(packet.fate in WHOLE for packet in packets) else None
    what = claim("row-routine", parts=tuple(_routine(packets)))
    return Row(what, None, (times[0], times[1]), (frames[0], frames[1]), fate)


def _routine(packets: Sequence[Packet]) -> Iterator[Claim]:
    """What routine packets are, with their numbers."""
    probes = [p for p in packets if p.found(Probe)]
    payload = [p for p in packets if p.captured.frame.length and not p.found(Probe)]
    answers = [p for p in packets if p.found(Answer) and not p.found(Probe) and not p.captured.frame.length]
    if probes:
        yield claim("routine-probes", count=len(probes))
    if answers:
        yield claim("routine-answers", count=len(answers))
    if payload:
        yield claim("routine-payload", count=len(payload))
    if others := len(packets) - len(probes) - len(answers) - len(payload):
        yield claim("routine-others", count=others)
