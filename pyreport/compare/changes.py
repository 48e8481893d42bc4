"""What the way changes on the packets that arrive: addresses, numbers, hop limits, options, windows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyreport.base.units import count_words
from pyreport.compare.lineup import Lineup
from pyreport.compare.model import ENDS, Pair, Shift
from pyreport.compare.names import Names
from pyreport.frames.frame import FLAG_SYN

#: A change that only a few packets show is told of those; from this share on, it is the rule.
MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different at the two ends. ``id`` is for programs; ``frames`` are examples, by capture."""

    id: str
    text: str
    frames: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())


def changes(lineup: Lineup, shift: Shift, names: Names) -> tuple[Change, ...]:
    """All that something on the way changes."""
    return (
        *_addresses(lineup, names),
        *_numbers(shift, names),
        *(change for sender in ENDS for change in _of_sender(lineup, sender, names)),
    )


def _addresses(lineup: Lineup, names: Names) -> Iterator[Change]:
    first, second = (view.endpoints for view in lineup.views)
    for end in ENDS:
        if first[end] != second[end]:
            text = (
                f"{names.end(end)[0].upper()}{names.end(end)[1:]} is {first[end]} in {names.capture(0)} and "
                f"{second[end]} in {names.capture(1)}: addresses are translated on the way."
            )
            yield Change("addresses", text)


def _numbers(shift: Shift, names: Names) -> Iterator[Change]:
    for end in ENDS:
        if shift.by_sender[end]:
            text = (
                f"Sequence numbers of {names.end(end)} are rewritten on the way: {shift.by_sender[end] % 2**32:,} is "
                f"added (modulo 2^32) between {names.capture(0)} and {names.capture(1)}."
            )
            yield Change("sequence_numbers", text)


def _of_sender(lineup: Lineup, sender: int, names: Names) -> Iterator[Change]:
    pairs = lineup.pairings[sender].pairs
    who = names.end(sender)
    hops = Counter(p.near.frame.ttl - p.far.frame.ttl for p in pairs if p.near.frame.ttl and p.far.frame.ttl)
    if hops:
        usual = hops.most_common(1)[0][0]
        if usual:
            yield Change("hop_limit", f"The hop limit of packets from {who} goes down by {usual} on the way.")
        odd = [p for p in pairs if p.near.frame.ttl - p.far.frame.ttl != usual and p.far.frame.ttl]
        if odd:
            text = f"Of {count_words(len(odd), 'packet')} from {who}, the hop limit goes down by another number."
            yield Change("hop_limit_varies", text, _examples(odd, sender))
    syn = next((p for p in pairs if p.near.frame.has(FLAG_SYN)), None)
    if syn is not None and syn.near.frame.marks.mss != syn.far.frame.marks.mss:
        text = f"The MSS that {who} announces is changed from {syn.near.frame.marks.mss} to {syn.far.frame.marks.mss}."
        yield Change("mss", text, _examples([syn], sender))
    stripped = [p for p in pairs if p.near.options.tsval is not None and p.far.options.tsval is None]
    if stripped:
        text = f"Timestamps are taken out of {count_words(len(stripped), 'packet')} from {who}."
        yield Change("timestamps", text, _examples(stripped, sender))
    windows = [p for p in pairs if p.near.options.window != p.far.options.window]
    if windows:
        which = "The window" if len(windows) > MOSTLY * len(pairs) else "Now and then the window"
        yield Change("window", f"{which} that {who} announces is changed on the way.", _examples(windows, sender))


def _examples(pairs: Sequence[Pair], sender: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    near, far = tuple(p.near.number for p in pairs[:3]), tuple(p.far.number for p in pairs[:3])
    return (near, far) if sender == 0 else (far, near)
