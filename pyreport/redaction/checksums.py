"""Internet checksums (RFC 1071) made anew: right ones stay right, wrong ones wrong, unfinished ones unfinished."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct


class State(Enum):
    """How a checksum stood before."""

    RIGHT = auto()  # or it cannot be told, since the packet was not captured whole
    UNFINISHED = auto()  # of the pseudo-header only, as Linux leaves it to the network card
    NONE = auto()  # zero: none was made
    WRONG = auto()


class Covered(Struct, frozen=True):
    """What a checksum covers: bytes of the frame from ``start`` to ``end`` with the checksum at ``field``, and before
    them the pseudo-header's sum. ``is_whole``: all of it was captured.
    """

    start: int
    end: int
    field: int
    pseudo: int = 0
    is_whole: bool = True


def total(data: bytes | bytearray) -> int:
    """The ones' complement sum of 16-bit words, as a number below 0xFFFF that is congruent to it."""
    return int.from_bytes(bytes(data) + bytes(len(data) % 2)) % 0xFFFF


def state_of(frame: bytearray, covered: Covered) -> State:
    """How the checksum of a packet stands."""
    given = int.from_bytes(frame[covered.field : covered.field + 2])
    if given == 0:
        return State.NONE
    if covered.pseudo and given % 0xFFFF == covered.pseudo % 0xFFFF:
        return State.UNFINISHED
    if not covered.is_whole:
        return State.RIGHT
    is_right = (total(frame[covered.start : covered.end]) + covered.pseudo) % 0xFFFF == 0
    return State.RIGHT if is_right else State.WRONG


def renew(frame: bytearray, covered: Covered, state: State) -> None:
    """Write the checksum of a packet that was changed. What was not captured of it counts as zeros."""
    if state is State.NONE:
        return
    frame[covered.field : covered.field + 2] = bytes(2)
    if state is State.UNFINISHED:
        value = covered.pseudo % 0xFFFF or 0xFFFF
    else:
        value = -(total(frame[covered.start : covered.end]) + covered.pseudo) % 0xFFFF
        if state is State.WRONG:
            value = (value + 1) % 0xFFFF
    # Zero would say that there is none.
    frame[covered.field : covered.field + 2] = (value or 0xFFFF).to_bytes(2)
