"""Clues that the capturing host leaves below TCP: packet type, unfinished checksums, padding, oversized segments."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.base.claim import claim
from pyreport.connections.connection import Connection
from pyreport.frames.frame import Frame
from pyreport.quality.vantage.votes import Clue, Place

CAME_IN, FOR_ANOTHER, WENT_OUT = 0, 3, 4
# One checksum in 65,536 looks unfinished by chance; three in a row, and nearly all of a side's frames, do not.
FEWEST = 3
NEARLY_ALL = 0.9
SHOWN = 3


def packet_type_clue(connection: Connection) -> Clue | None:
    """A Linux cooked capture (tcpdump -i any) says of each frame whether it came in or went out (packet(7))."""
    seen = {side: {f.marks.packet_type for f in _sent(connection, side)} - {None} for side in _ends(connection)}
    if not all(seen.values()):
        return None
    frames = tuple(_sent(connection, side)[0].number for side in _ends(connection))
    for place, near in ((Place.A, connection.a), (Place.B, connection.b)):
        if seen[near] == {WENT_OUT} and seen[connection.other(near)] == {CAME_IN}:
            return Clue(place, claim("vantage-marked-sent", frames, near=near, far=connection.other(near)), True)
    kind, other = seen.values()
    if kind != other:
        return None
    if kind == {CAME_IN, WENT_OUT}:
        return Clue(Place.BETWEEN, claim("vantage-marked-forwarded", frames), True)
    if kind == {FOR_ANOTHER}:
        return Clue(Place.BETWEEN, claim("vantage-marked-for-another", frames), True)
    if kind == {CAME_IN}:
        return Clue(Place.BOTH, claim("vantage-marked-received", frames), True)
    return None


def checksum_clue(connection: Connection) -> Clue | None:
    """A kernel leaves the checksum of what it sends to the network card, and captures before the card fills it in
    (Linux CHECKSUM_PARTIAL). Virtual links carry such frames on, so when both sides have them, nothing follows.
    """
    by_side = {
        side: [f for f in _sent(connection, side) if f.marks.unfinished_checksum is not None]
        for side in _ends(connection)
    }
    share = {
        side: sum(1 for f in frames if f.marks.unfinished_checksum) / len(frames) if len(frames) >= FEWEST else None
        for side, frames in by_side.items()
    }
    if any(value is not None and value >= NEARLY_ALL for value in share.values()) and None not in share.values():
        for place, near in ((Place.A, connection.a), (Place.B, connection.b)):
            far = connection.other(near)
            if (share[near] or 0) >= NEARLY_ALL and (share[far] or 0) <= 1 - NEARLY_ALL:
                shown = _first(by_side[near])
                return Clue(place, claim("vantage-checksums-unfinished", shown, near=near, far=far), True)
        shown = _first([frame for frames in by_side.values() for frame in frames])
        return Clue(Place.UNKNOWN, claim("vantage-checksums-unfinished-both", shown))
    return None


def padding_clue(connection: Connection) -> Clue | None:
    """The sender's network card fills short Ethernet frames up to 60 octets, behind the place where its host captures
    (IEEE 802.3). Virtual links do not pad, so only frames that are padded, and both sides together, tell something.
    """
    kinds = {side: [f for f in _sent(connection, side) if f.marks.padded is not None] for side in _ends(connection)}
    padded = {side: bool(frames) and all(f.marks.padded for f in frames) for side, frames in kinds.items()}
    bare = {side: bool(frames) and not any(f.marks.padded for f in frames) for side, frames in kinds.items()}
    for place, near in ((Place.A, connection.a), (Place.B, connection.b)):
        far = connection.other(near)
        if bare[near] and padded[far]:
            shown = _first(kinds[near]) + _first(kinds[far])
            return Clue(place, claim("vantage-padded", shown, far=far, near=near))
    if all(padded.values()):
        shown = _first([frame for frames in kinds.values() for frame in frames])
        return Clue(Place.BETWEEN, claim("vantage-padded-both", shown))
    return None


def segment_size_clue(connection: Connection) -> Clue | None:
    """Segments larger than the announced MSS (RFC 9293 3.7.1) exist only inside hosts: put together before the network
    card cuts them (TSO), or after it received them (GRO). Either end, or a router that does the same.
    """
    announced = {f.source: f.marks.mss for f in connection.frames if f.marks.mss}
    limit = max(announced.values(), default=0)
    large = [frame for frame in connection.frames if 5 * frame.length > 6 * limit] if len(announced) == 2 else []
    if not large:
        return None
    largest = max(frame.length for frame in large)
    return Clue(Place.UNKNOWN, claim("vantage-large-segments", _first(large), limit=limit, largest=largest))


def _ends(connection: Connection) -> tuple[str, str]:
    return connection.a, connection.b


def _sent(connection: Connection, side: str) -> list[Frame]:
    return [frame for frame in connection.frames if frame.source == side]


def _first(frames: Sequence[Frame]) -> tuple[int, ...]:
    return tuple(sorted(frame.number for frame in frames)[:SHOWN])
