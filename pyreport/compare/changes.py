"""What the way changes on the packets that arrive: addresses, numbers, hop limits, options, windows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.packet import NO_FRAMES, Frames, Pair
from pyreport.compare.thresholds import MOST_EXAMPLES, WINDOW_MOSTLY
from pyreport.compare.view import ENDS
from pyreport.frames.frame import FLAG_SYN
from pyreport.frames.seq import shifted


class ChangeId(StrEnum):
    """What is changed."""

    ADDRESSES = "addresses"
    SEQUENCE_NUMBERS = "sequence_numbers"
    HOP_LIMIT = "hop_limit"
    HOP_LIMIT_VARIES = "hop_limit_varies"
    MSS = "mss"
    TIMESTAMPS = "timestamps"
    WINDOW = "window"


class Change(Struct, frozen=True):
    """One thing that is different at the two ends; ``frames`` are examples."""

    id: ChangeId
    claim: Claim
    frames: Frames = NO_FRAMES


def changes(alignment: Alignment) -> tuple[Change, ...]:
    """All that something on the way changes."""
    return (
        *_addresses(alignment),
        *_numbers(alignment),
        *(change for sender in ENDS for change in _of_sender(alignment, sender)),
    )


def _addresses(alignment: Alignment) -> Iterator[Change]:
    first, second = (view.endpoints for view in alignment.views)
    for end, who in enumerate(alignment.parties):
        if first[end] != second[end]:
            here, there = alignment.parties
            told = claim("addresses-translated", who=who, here=here, first=first[end], there=there, second=second[end])
            yield Change(ChangeId.ADDRESSES, told)


def _numbers(alignment: Alignment) -> Iterator[Change]:
    here, there = alignment.parties
    for end, who in enumerate(alignment.parties):
        added = shifted(0, alignment.shift.by_sender[end])
        if added:
            told = claim("sequence-numbers-rewritten", who=who, here=here, there=there, added=added)
            yield Change(ChangeId.SEQUENCE_NUMBERS, told)


def _of_sender(alignment: Alignment, sender: int) -> Iterator[Change]:
    pairs, who = alignment.pairings[sender].pairs, alignment.parties[sender]
    yield from _hop_limits(pairs, sender, alignment)
    syn = next((p for p in pairs if p.near.frame.has(FLAG_SYN)), None)
    if syn is not None and syn.near.frame.marks.mss != syn.far.frame.marks.mss:
        told = claim("mss-changed", who=who, sent=syn.near.frame.marks.mss, arrived=syn.far.frame.marks.mss)
        yield Change(ChangeId.MSS, told, _examples([syn], sender))
    stripped = [p for p in pairs if p.near.timestamp is not None and p.far.timestamp is None]
    if stripped:
        told = claim("timestamps-removed", who=who, count=len(stripped))
        yield Change(ChangeId.TIMESTAMPS, told, _examples(stripped, sender))
    windows = [p for p in pairs if p.near.frame.marks.window != p.far.frame.marks.window]
    if windows:
        is_rule = len(windows) > WINDOW_MOSTLY * len(pairs)
        told = claim("window-changed" if is_rule else "window-changed-at-times", who=who)
        yield Change(ChangeId.WINDOW, told, _examples(windows, sender))


def _hop_limits(pairs: Sequence[Pair], sender: int, alignment: Alignment) -> Iterator[Change]:
    who = alignment.parties[sender]
    hops = Counter(p.near.frame.ttl - p.far.frame.ttl for p in pairs if p.near.frame.ttl and p.far.frame.ttl)
    if not hops:
        return
    usual = hops.most_common(1)[0][0]
    if usual:
        yield Change(ChangeId.HOP_LIMIT, claim("hop-limit-falls", who=who, by=usual))
    odd = [p for p in pairs if p.near.frame.ttl - p.far.frame.ttl != usual and p.far.frame.ttl]
    if odd:
        yield Change(
            ChangeId.HOP_LIMIT_VARIES, claim("hop-limit-varies", who=who, count=len(odd)), _examples(odd, sender)
        )


def _examples(pairs: Sequence[Pair], sender: int) -> Frames:
    near = tuple(p.near.number for p in pairs[:MOST_EXAMPLES])
    far = tuple(p.far.number for p in pairs[:MOST_EXAMPLES])
    return (near, far) if sender == 0 else (far, near)
