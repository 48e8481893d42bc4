"""Captures of very many RSTs, to measure with: all of one connection, or of as many connections at once."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.support.tiny_capture import ACK, CLIENT, SERVER, SYN, segment

START_US = 1_664_467_200 * 1_000_000
STEP_US = 10
RST = 0x04
PORTS = 60_000


def write_resets(path: Path, count: int) -> Path:
    """One connection, and that many RSTs of its server."""
    opening = _opening(CLIENT)
    resets = (segment(SERVER, CLIENT, RST, 501 + number % 3, 0) for number in range(count))
    return _write(path, (frame for frames in (opening, resets) for frame in frames))


def write_resets_at_once(path: Path, count: int) -> Path:
    """That many connections, each reset right behind its handshake and all within a moment."""

    def frames() -> Iterator[bytes]:
        for number in range(count):
            client = (f"192.0.{number // PORTS}.1", 1024 + number % PORTS)
            yield from _opening(client)
            yield segment(SERVER, client, RST | ACK, 501, 101)

    return _write(path, frames())


def _opening(client: tuple[str, int]) -> Iterator[bytes]:
    yield segment(client, SERVER, SYN, 100, 0)
    yield segment(SERVER, client, SYN | ACK, 500, 101)
    yield segment(client, SERVER, ACK, 101, 501)


def _write(path: Path, frames: Iterable[bytes]) -> Path:
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, frame in enumerate(frames):
            head = struct.pack("<IIII", *divmod(START_US + number * STEP_US, 1_000_000), len(frame), len(frame))
            file.write(head + frame)
    return path
