"""The packets that matter, in order, as the rungs of a ladder between the two ends; routine in between is folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyreport.base.sentence import capitalized
from pyreport.base.units import count_words
from pyreport.compare.clocks import Bounds
from pyreport.compare.lineup import Lineup
from pyreport.compare.model import ENDS, Fate, Passage
from pyreport.compare.names import Names
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN, Finding, Level

#: More rungs than this nobody reads: of a connection with much loss, the first and the last are shown.
MOST_FIRST, MOST_LAST = 15, 45
WHOLE = (Fate.ARRIVED, Fate.ARRIVED_IN_PIECES)


@dataclass(frozen=True, slots=True)
class Rung:
    """One row: a packet, or a run of routine. ``times_ns`` (each on its own clock) and ``frames`` (first and last) are
    by capture, None where the packet is not. ``sender`` is None for a run.
    """

    kind: str
    text: str
    sender: int | None
    times_ns: tuple[int | None, int | None]
    frames: tuple[tuple[int, int] | None, tuple[int, int] | None]
    fate: Fate | None
    why: str = ""
    delay: Bounds | None = None


def ladder(lineup: Lineup, passages: Sequence[Passage], names: Names) -> tuple[Rung, ...]:
    """The rungs, in the order of the packets."""
    ordinals = _ordinals(passages)
    places = sorted(_notable_places(passages))
    if len(places) > MOST_FIRST + MOST_LAST:
        places = places[:MOST_FIRST] + places[-MOST_LAST:]
    rungs: list[Rung] = []
    before = 0
    for place in [*places, len(passages)]:
        if place == before + 1:
            rungs.append(_rung(lineup, passages[before], ordinals, names))
        elif place > before:
            rungs.append(_run(passages[before:place]))
        if place < len(passages):
            rungs.append(_rung(lineup, passages[place], ordinals, names))
        before = place + 1
    return tuple(rungs)


def notable(passages: Sequence[Passage]) -> Iterator[Passage]:
    """The packets that matter, all of them, in order."""
    return (passages[place] for place in sorted(_notable_places(passages)))


def _notable_places(passages: Sequence[Passage]) -> set[int]:
    return {place for place, passage in enumerate(passages) if _is_notable(passage)} | _last_payload(passages)


def delay_of(lineup: Lineup, passage: Passage) -> Bounds | None:
    """How long a packet took; None when it is not whole in both captures or the clocks are not known."""
    way = lineup.way(passage.sender)
    if way is None or passage.near is None or passage.far is None or passage.fate is not Fate.ARRIVED:
        return None
    return way.delay(passage.near.time_ns, passage.far.time_ns)


def _is_notable(passage: Passage) -> bool:
    packet = passage.packet
    if passage.fate not in WHOLE or packet.is_reset or packet.is_fin or packet.frame.has(FLAG_SYN):
        return True
    found = [f for end in ENDS if (p := passage.at(end)) for f in p.frame.findings]
    if any(f.level >= Level.NOTE or f.id == "fin_ack" for f in found):
        return True
    answered = next((f.number("probe_frame") for f in found if f.id == "answer"), None)
    return answered is not None and passage.fate is not Fate.ARRIVED


def _last_payload(passages: Sequence[Passage]) -> set[int]:
    """The last packet of each sender with payload."""
    found = set()
    for sender in ENDS:
        places = [
            place
            for place, p in enumerate(passages)
            if p.sender == sender and p.packet.frame.length and not p.packet.frame.found("probe")
        ]
        found.update(places[-1:])
    return found


def _ordinals(passages: Sequence[Passage]) -> dict[int, int]:
    """The number of each probe among those of its sender, by the identity of the passage."""
    counted: Counter[int] = Counter()
    ordinals = {}
    for passage in passages:
        if _found(passage, "probe"):
            counted[passage.sender] += 1
            ordinals[id(passage)] = counted[passage.sender]
    return ordinals


def _found(passage: Passage, *ids: str) -> Finding | None:
    packets = (passage.near, passage.far)
    return next((f for p in packets if p is not None if (f := p.frame.found(*ids)) is not None), None)


def _rung(lineup: Lineup, passage: Passage, ordinals: dict[int, int], names: Names) -> Rung:
    kind, text = _what(passage, ordinals)
    text = f"{text} of {names.end(passage.sender)}"
    times: list[int | None] = [None, None]
    frames: list[tuple[int, int] | None] = [None, None]
    for end in ENDS:
        packet = passage.at(end)
        if packet is not None:
            times[end], frames[end] = packet.time_ns, (packet.number, packet.number)
    return Rung(
        kind,
        capitalized(text),
        passage.sender,
        (times[0], times[1]),
        (frames[0], frames[1]),
        passage.fate,
        passage.why,
        delay_of(lineup, passage),
    )


def _what(passage: Passage, ordinals: dict[int, int]) -> tuple[str, str]:
    """The kind (a mark of the report) and the name of a packet."""
    packet = passage.packet
    frame = packet.frame
    if packet.is_reset:
        return "reset", "RST"
    if frame.has(FLAG_SYN):
        return "other", "SYN-ACK" if frame.has(FLAG_ACK) else "SYN"
    if _found(passage, "probe"):
        after = " after the FIN" if _found(passage, "post_fin_probe") else ""
        return "probe", f"probe {ordinals[id(passage)]}{after}"
    if packet.is_fin:
        return "fin", "FIN" if not frame.length else f"FIN with {frame.length:,} bytes"
    if frame.length:
        after = " after the FIN" if _found(passage, "post_fin_write") else ""
        return ("write" if after else "data"), f"payload{after}, {frame.length:,} byte{'s' * (frame.length > 1)},"
    if _found(passage, "fin_ack"):
        return "ack", "ACK of the FIN"
    if _found(passage, "answer"):
        return "answer", "answer to a probe"
    return "other", "ACK"


def _run(passages: Sequence[Passage]) -> Rung:
    """A row for packets that need no row of their own."""
    counted = Counter(_routine_word(passage) for passage in passages)
    parts = [
        count_words(counted[word], word)
        for word in ("probe", "answer", "segment with payload", "other segment")
        if counted[word]
    ]
    parts = [part.replace("segment with payloads", "segments with payload") for part in parts]
    times: list[int | None] = [None, None]
    frames: list[tuple[int, int] | None] = [None, None]
    for end in ENDS:
        packets = [packet for passage in passages if (packet := passage.at(end)) is not None]
        if packets:
            times[end], frames[end] = packets[0].time_ns, (packets[0].number, packets[-1].number)
    arrived = all(passage.fate in WHOLE for passage in passages)
    text = capitalized(", ".join(parts))
    return Rung("quiet", text, None, (times[0], times[1]), (frames[0], frames[1]), Fate.ARRIVED if arrived else None)


def _routine_word(passage: Passage) -> str:
    if _found(passage, "probe"):
        return "probe"
    if passage.packet.frame.length:
        return "segment with payload"
    return "answer" if _found(passage, "answer") else "other segment"
