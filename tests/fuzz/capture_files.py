"""Capture files made wrong: bytes, lengths, order, times, blocks, options, link types, containers, the end."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from random import Random

from backports import zstd

from tests.fuzz.frames import wrong_frame
from tests.fuzz.pieces import (
    CAPTURED_LENGTH,
    RECORD_HEADER,
    data_begins,
    is_pcapng,
    order_of,
    packet_places,
    pieces,
)
from tests.fuzz.texts import hostile_text

Mutation = Callable[[list[bytearray], Random], None]

WORDS_32 = (0, 1, 4, 12, 16, 28, 0x7F, 0xFF, 0xFFFF, 0x10000, 0x40000, 0x40001, 2**31 - 1, 2**31, 2**32 - 16, 2**32 - 1)
LINK_TYPES = (0, 1, 9, 12, 14, 101, 105, 108, 113, 127, 147, 195, 228, 229, 239, 253, 276, 290, 0xFFFF)
RESOLUTIONS = (0, 1, 3, 6, 9, 10, 12, 18, 19, 20, 63, 127, 0x80, 0x8A, 0xA0, 0xBF, 0xC0, 0xFF)
SECONDS = (0, 1, 2**31 - 1, 2**31, 2**32 - 1, 1_664_467_200)
TICKS = (0, 1, 2**32 - 1, 2**32, 2**53, 2**63 - 1, 2**63, 2**64 - 1, 253_402_300_800 * 10**6)
#: Of pcapng: option codes of a block whose kind matters little here (comment, filter, if_tsresol, if_tsoffset, flags).
OPTION_CODES = (0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 13, 14, 15, 2988, 0x8001, 0xFFFF)
BLOCK_KINDS = (1, 2, 3, 4, 5, 6, 9, 10, 0x0BAD, 0x40000BAD, 0x80000001, 0x0A0D0D0A)


def mutated_capture(octets: bytes, chance: Random, other: bytes) -> bytes:
    """A capture with a few things wrong; ``other`` is one whose records may come into it."""
    parts = [bytearray(part) for part in pieces(octets)]
    if chance.random() < 0.08:
        parts += [bytearray(part) for part in pieces(other)[chance.randrange(2) :]]
    for _ in range(chance.choice((1, 1, 2, 3, 5, 12))):
        chance.choices(MUTATIONS, WEIGHTS)[0](parts, chance)
        if not parts:
            break
    result = b"".join(parts)
    if chance.random() < 0.12:
        result = result[: chance.randrange(len(result) + 1)]
    if chance.random() < 0.04:
        result = _packed(result, chance)
    return result


def _packed(octets: bytes, chance: Random) -> bytes:
    packed = bytearray(gzip.compress(octets, mtime=0) if chance.random() < 0.6 else zstd.compress(octets))
    if chance.random() < 0.5:
        packed[chance.randrange(len(packed))] ^= 1 << chance.randrange(8)
    if chance.random() < 0.3:
        del packed[chance.randrange(len(packed)) :]
    return bytes(packed)


def _byte(parts: list[bytearray], chance: Random) -> None:
    part = chance.choice(parts)
    for _ in range(chance.choice((1, 1, 2, 8))):
        if part:
            part[int(len(part) * chance.random() ** 2)] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))


def _word(parts: list[bytearray], chance: Random) -> None:
    part = chance.choice(parts)
    if len(part) >= 4:
        place = 4 * chance.randrange(min(len(part), 80) // 4)
        part[place : place + 4] = struct.pack(f"{order_of(parts)}I", chance.choice(WORDS_32))


def _insert_or_cut(parts: list[bytearray], chance: Random) -> None:
    part = chance.choice(parts)
    if part:
        place = chance.randrange(len(part))
        if chance.random() < 0.5:
            del part[place : place + chance.randrange(1, 40)]
        else:
            part[place:place] = chance.choice((bytes(4), part[place : place + 20], chance.randbytes(7)))


def _order(parts: list[bytearray], chance: Random) -> None:
    place, other = chance.randrange(len(parts)), chance.randrange(len(parts))
    match chance.randrange(5):
        case 0:
            parts[place], parts[other] = parts[other], parts[place]
        case 1:
            del parts[place : place + chance.choice((1, 1, 2, 10))]
        case 2:
            parts.insert(other, bytearray(parts[place]))
        case 3:
            rest = parts[1:]
            chance.shuffle(rest)
            parts[1:] = rest
        case _:
            parts[place + 1 : place + 1] = [bytearray(parts[place]) for _ in range(chance.choice((3, 30)))]


def _lengths(parts: list[bytearray], chance: Random) -> None:
    """The captured or the original length of one packet is another, with its bytes or without."""
    places = packet_places(parts)
    if not places:
        return
    part, order = parts[chance.choice(places)], order_of(parts)
    at = CAPTURED_LENGTH if is_pcapng(parts) else 8
    begins = data_begins(parts)
    kept = len(part) - begins
    match chance.randrange(4):
        case 0:
            struct.pack_into(f"{order}I", part, at, chance.choice((*WORDS_32, kept - 1, kept + 1)) % 2**32)
        case 1:
            struct.pack_into(f"{order}I", part, at + 4, chance.choice((*WORDS_32, kept - 1, kept + 1)) % 2**32)
        case _ if not is_pcapng(parts):
            shorter = chance.randrange(kept + 1)
            struct.pack_into(f"{order}I", part, at, shorter)
            del part[RECORD_HEADER + shorter :]
        case _:
            struct.pack_into(f"{order}I", part, at, chance.randrange(kept + 1))


def _times(parts: list[bytearray], chance: Random) -> None:
    """From some packet on all are moved, or one has an extreme time, or all have the same."""
    places = packet_places(parts)
    if not places:
        return
    order, first = order_of(parts), chance.randrange(len(places))
    change = chance.randrange(4)
    by = chance.choice((-1, 1)) * int(10 ** (chance.random() * 12))
    for place in places[first : first + 1] if change == 0 else places[first:]:
        _set_time(parts[place], order, is_pcapng(parts), change, by, chance)


def _set_time(part: bytearray, order: str, is_ng: bool, change: int, by: int, chance: Random) -> None:
    if is_ng:
        high, low = struct.unpack_from(f"{order}II", part, 12)
        ticks = ((high << 32) | low) + by if change in (1, 2) else chance.choice(TICKS) if change == 0 else abs(by)
        struct.pack_into(f"{order}II", part, 12, (ticks >> 32) & 0xFFFFFFFF, ticks & 0xFFFFFFFF)
        return
    seconds, rest = struct.unpack_from(f"{order}II", part)
    if change == 0:
        seconds, rest = chance.choice(SECONDS), chance.choice((rest, *WORDS_32))
    elif change == 3:
        seconds = abs(by) % 2**32
    else:
        moved = seconds * 1_000_000 + rest + by
        seconds, rest = moved // 1_000_000, moved % 1_000_000
    struct.pack_into(f"{order}II", part, 0, seconds % 2**32, rest % 2**32)


def _link_type(parts: list[bytearray], chance: Random) -> None:
    link, order = chance.choice(LINK_TYPES), order_of(parts)
    if not is_pcapng(parts):
        if len(parts[0]) >= 24:
            struct.pack_into(f"{order}I", parts[0], 20, link | chance.choice((0, 0, 0x04000000, 0xF0000000)))
        return
    for part in parts:
        if len(part) > 12 and struct.unpack_from(f"{order}I", part)[0] == 1:
            struct.pack_into(f"{order}H", part, 8, link)


def _options(parts: list[bytearray], chance: Random) -> None:
    """Options in some block: times of another unit, comments of hostile text, lengths that are not so."""
    if not is_pcapng(parts):
        return
    order, place = order_of(parts), chance.randrange(len(parts))
    if chance.random() < 0.6:
        kinds = [
            at for at, part in enumerate(parts) if len(part) > 12 and bytes(part[:4]) in (b"\1\0\0\0", b"\0\0\0\1")
        ]
        place = chance.choice(kinds) if kinds else place
    part = parts[place]
    if len(part) < 16:
        return
    option = _option(order, chance)
    # Those of an interface come before the ones that it has, all others last.
    at = 16 if struct.unpack_from(f"{order}I", part)[0] == 1 else len(part) - 4
    part[at:at] = option
    _repair(part, order)


def _option(order: str, chance: Random) -> bytes:
    match chance.randrange(4):
        case 0:
            code, value = 9, bytes([chance.choice(RESOLUTIONS)])
        case 1:
            code = 14
            value = struct.pack(f"{order}q", chance.choice((0, -1, 1, 2**62, -(2**63), 2**63 - 1, 3600)))
        case 2:
            code, value = 1, hostile_text(chance).encode("utf-8", "surrogatepass")[:2000]
        case _:
            code, value = chance.choice(OPTION_CODES), chance.randbytes(chance.randrange(20))
    length = len(value) if chance.random() < 0.9 else chance.choice((0, 0xFFFF, len(value) + 1))
    return struct.pack(f"{order}HH", code, length) + value + bytes(-len(value) % 4)


def _repair(part: bytearray, order: str) -> None:
    """Give a block the length that it has."""
    part += bytes(-len(part) % 4)
    struct.pack_into(f"{order}I", part, 4, len(part))
    struct.pack_into(f"{order}I", part, len(part) - 4, len(part))


def _block(parts: list[bytearray], chance: Random) -> None:
    """A block of any kind comes in between, or one becomes another kind."""
    if not is_pcapng(parts):
        return
    order, place = order_of(parts), chance.randrange(len(parts))
    kind = chance.choice(BLOCK_KINDS)
    if chance.random() < 0.4:
        if len(parts[place]) >= 12:
            struct.pack_into(f"{order}I", parts[place], 0, kind)
        return
    interface = struct.pack(f"{order}HHI", 1, 0, 0)
    body = chance.choice((b"", bytes(4), bytes(8), bytes(20), chance.randbytes(24), interface))
    if kind == 0x0A0D0D0A:
        other = chance.choice("<>")
        body = struct.pack(f"{other}IHHq", 0x1A2B3C4D, 1, chance.choice((0, 0, 2)), -1)
        order = other
    block = bytearray(struct.pack(f"{order}II", kind, 0) + body + bytes(4))
    _repair(block, order)
    parts.insert(place + 1, block)


def _frames(parts: list[bytearray], chance: Random) -> None:
    """The headers of some packets say something else."""
    places = packet_places(parts)
    begins = data_begins(parts)
    for place in chance.sample(places, min(len(places), chance.choice((1, 1, 2, 5, 20)))):
        part = parts[place]
        part[begins:] = wrong_frame(part[begins:], chance)


MUTATIONS: tuple[Mutation, ...] = (
    _byte, _word, _insert_or_cut, _order, _lengths, _times, _link_type, _options, _block, _frames,
)  # fmt: skip
WEIGHTS = (3, 2, 1, 4, 2, 3, 1, 3, 2, 8)
