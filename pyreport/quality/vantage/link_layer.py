"""Clues that the capturing host leaves below TCP: packet type, unfinished checksums, padding, oversized segments."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.base.sentence import sentence
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
            text = (
                f"The capturing host marked the frames of {near} as sent by itself and those of "
                f"{connection.other(near)} as received."
            )
            return Clue(place, sentence(text, frames), True)
    both: dict[frozenset[int | None], tuple[Place, str]] = {
        frozenset({CAME_IN, WENT_OUT}): (Place.BETWEEN, "as received and as sent on: it forwards them"),
        frozenset({FOR_ANOTHER}): (Place.BETWEEN, "as meant for another host: a mirror port, or a shared medium"),
        frozenset({CAME_IN}): (Place.BOTH, "as received, and none as sent: they stay inside this host"),
    }
    kinds = set(map(frozenset, seen.values()))
    found = both.get(kinds.pop()) if len(kinds) == 1 else None
    if found is None:
        return None
    place, marked = found
    return Clue(place, sentence(f"The capturing host marked the frames of both sides {marked}.", frames), True)


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
                text = (
                    f"The TCP checksums of the frames of {near} are unfinished, as a kernel hands them to its network "
                    f"card; those of {far} are not."
                )
                return Clue(place, sentence(text, _first(by_side[near])), True)
        text = "The TCP checksums of both sides are unfinished: a virtual network, in which they tell no place."
        return Clue(Place.UNKNOWN, sentence(text, _first([f for frames in by_side.values() for f in frames])))
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
            text = f"Short frames of {far} are padded, as on a wire; those of {near} are not: they were not on one yet."
            return Clue(place, sentence(text, _first(kinds[near]) + _first(kinds[far])))
    if all(padded.values()):
        text = "Short frames of both sides are padded: both came over a wire."
        return Clue(Place.BETWEEN, sentence(text, _first([f for frames in kinds.values() for f in frames])))
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
    text = (
        f"Segments are larger than the announced {limit:,} bytes (up to {max(f.length for f in large):,}): the capture "
        "was taken inside a host, before its network card cut them or after it joined them; this does not tell which."
    )
    return Clue(Place.UNKNOWN, sentence(text, _first(large)))


def _ends(connection: Connection) -> tuple[str, str]:
    return connection.a, connection.b


def _sent(connection: Connection, side: str) -> list[Frame]:
    return [frame for frame in connection.frames if frame.source == side]


def _first(frames: Sequence[Frame]) -> tuple[int, ...]:
    return tuple(sorted(frame.number for frame in frames)[:SHOWN])
