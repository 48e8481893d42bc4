"""A capture of very many short connections to measure with: clients of a few brokers, one close in fifty reset."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

START_US = 1_664_496_000 * 1_000_000
BETWEEN_US, STEP_US = 2_000, 100
ETHERNET = b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0"
FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10
BROKERS, PORT = 5, 9092
CLIENTS, PORTS, FIRST_PORT = 250, 28_000, 32_768
RESET_EVERY = 50

# Of the client (0) or the broker (1): flags and payload octets.
OPENING = ((0, SYN, 0), (1, SYN | ACK, 0), (0, ACK, 0))
EXCHANGE = ((0, PSH | ACK, 100), (1, PSH | ACK, 300))
CLOSED = ((0, FIN | ACK, 0), (1, FIN | ACK, 0), (0, ACK, 0))
WRITTEN_BEHIND = ((1, FIN | ACK, 0), (0, ACK, 0), (0, PSH | ACK, 100), (1, RST, 0))


def write_connections(path: Path, count: int) -> int:
    """Write that many connections; returns how many frames that makes."""
    frames = 0
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        for number in range(count):
            for time_us, octets in _connection(number):
                head = struct.pack("<IIII", *divmod(time_us, 1_000_000), len(octets), len(octets))
                file.write(head + octets)
                frames += 1
    return frames


def _connection(number: int) -> Iterator[tuple[int, bytes]]:
    """The frames of one connection, with their times; the next connection begins behind the last one."""
    ends = (
        (IPv4Address("10.1.0.1") + number // CLIENTS % CLIENTS, FIRST_PORT + number % PORTS),
        (IPv4Address("10.2.0.1") + number % BROKERS, PORT),
    )
    numbers = [1_000 + number, 500_000 + number]
    closing = WRITTEN_BEHIND if number % RESET_EVERY == 0 else CLOSED
    time_us = START_US + number * BETWEEN_US
    for sender, flags, length in (*OPENING, *EXCHANGE, *EXCHANGE, *closing):
        (source, port), (destination, to_port) = ends[sender], ends[1 - sender]
        ack = numbers[1 - sender] if flags & ACK else 0
        tcp = struct.pack("!HHIIBBHHH", port, to_port, numbers[sender], ack, 0x50, flags, 501, 0, 0)
        packed = source.packed + destination.packed
        ip = struct.pack("!BBHHHBBH", 0x45, 0, 40 + length, 0, 0x4000, 64, 6, 0) + packed
        yield time_us, ETHERNET + ip + tcp + b"x" * length
        numbers[sender] += length + bool(flags & (SYN | FIN))
        time_us += STEP_US
