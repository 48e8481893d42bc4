"""A capture of any size to measure with: consumers poll a busy Kafka broker, and one of them breaks like the article's.

The frames of a block of time are made once. Each next block is the one before with larger numbers: times, timestamps
and sequence numbers. All of them lie in the octets as big-endian numbers, so the block as one large integer plus
another integer is the next block.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from tests.scenarios import kafka

CONNECTIONS, CYCLES = 200, 100
#: A consumer polls so often; a block is so long.
POLL_US, BLOCK_S = 20_000, 2
STAGGER_US, REPLY_US, ACK_US = 95, 40, 70
START_S = 1_664_496_000
CLIENT, BROKER = IPv4Address("192.0.2.1").packed, IPv4Address("198.51.100.1").packed
FIRST_PORT, PORT = 30_000, 9092
FIN, RST, PSH, ACK = 0x01, 0x04, 0x08, 0x10
ETHERNET = b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0"
RECORD_OCTETS = 900
REQUEST = kafka.fetch_request(7, "bench", "bench", 0, 4711, 500)
REPLY = kafka.fetch_response(7, "bench", 0, 4712, kafka.record_batch(4711, START_S * 1000, [bytes(RECORD_OCTETS)]))
#: The broker closes what was silent for so long; the consumer writes so much later (s).
IDLE_LIMIT_S, WRITTEN_AFTER_S = 60, 4
#: Octets of a frame, on average, with its record's header.
FRAME_OCTETS = 16 + 66 + (len(REQUEST) + len(REPLY)) // 3


@dataclass(frozen=True, slots=True)
class _Sent:
    """A segment of a connection, so many microseconds after the first one."""

    connection: int
    is_brokers: bool
    flags: int
    payload: bytes
    us: int
    requests: int  # how many of these the consumer has sent before it
    replies: int
    fins: int = 0  # whether the broker's FIN went before it

    def octets(self) -> bytes:
        """The frame as a record of a big-endian pcap file; checksums are left out."""
        ends = (CLIENT, BROKER)
        ports = (FIRST_PORT + self.connection, PORT)
        numbers = (1000 + self.requests * len(REQUEST), 5000 + self.replies * len(REPLY) + self.fins)
        clocks = (100_000 + self.us // 1000, 900_000 + self.us // 1000)
        side = int(self.is_brokers)
        options = struct.pack("!BBBBII", 1, 1, 8, 10, clocks[side], clocks[1 - side])
        tcp = struct.pack(
            "!HHIIBBHHH", ports[side], ports[1 - side], numbers[side], numbers[1 - side], 0x80, self.flags, 500, 0, 0
        )
        total = 20 + len(tcp) + len(options) + len(self.payload)
        ip = struct.pack("!BBHHHBBH", 0x45, 0, total, 0, 0x4000, 64 - side, 6, 0) + ends[side] + ends[1 - side]
        frame = ETHERNET + ip + tcp + options + self.payload
        seconds, us = divmod(self.us, 1_000_000)
        return struct.pack("!IIII", START_S + seconds, us, len(frame), len(frame)) + frame

    def growth(self) -> bytes:
        """What its octets grow by from one block to the next."""
        sent = (CYCLES * len(REQUEST), CYCLES * len(REPLY))
        side = int(self.is_brokers)
        head = struct.pack("!IIII", BLOCK_S, 0, 0, 0) + bytes(14 + 20 + 4)
        numbers = struct.pack("!II", sent[side], sent[1 - side]) + bytes(8 + 4)
        return head + numbers + struct.pack("!II", BLOCK_S * 1000, BLOCK_S * 1000) + bytes(len(self.payload))


def _block(first: int) -> Iterator[_Sent]:
    """The segments of the first block, of the connections from one on."""
    for cycle in range(CYCLES):
        for connection in range(first, CONNECTIONS):
            us = cycle * POLL_US + connection * STAGGER_US
            yield _Sent(connection, False, PSH | ACK, REQUEST, us, cycle, cycle)
            yield _Sent(connection, True, PSH | ACK, REPLY, us + REPLY_US, cycle + 1, cycle)
            yield _Sent(connection, False, ACK, b"", us + ACK_US, cycle + 1, cycle + 1)


@dataclass(slots=True)
class _Blocks:
    """Blocks one after the other, as octets."""

    frames: int
    size: int
    number: int
    growth: int

    @classmethod
    def of(cls, first: int, after: int) -> _Blocks:
        """Those of the connections from one on, which begin after so many blocks."""
        sent = list(_block(first))
        octets = b"".join(one.octets() for one in sent)
        growth = int.from_bytes(b"".join(one.growth() for one in sent))
        return cls(len(sent), len(octets), int.from_bytes(octets) + after * growth, growth)

    def next(self) -> bytes:
        """The next one."""
        octets = self.number.to_bytes(self.size)
        self.number += self.growth
        return octets


def _ending(blocks: int) -> tuple[tuple[int, _Sent], ...]:
    """How the first connection ends that polled in so many blocks, each segment with the block that it comes before."""
    polled = blocks * CYCLES
    closed_s = blocks * BLOCK_S + IDLE_LIMIT_S
    sent = (
        _Sent(0, True, FIN | ACK, b"", closed_s * 1_000_000, polled, polled),
        _Sent(0, False, ACK, b"", closed_s * 1_000_000 + ACK_US, polled, polled, 1),
        _Sent(0, False, PSH | ACK, REQUEST, (closed_s + WRITTEN_AFTER_S) * 1_000_000, polled, polled, 1),
        _Sent(0, True, RST, b"", (closed_s + WRITTEN_AFTER_S) * 1_000_000 + REPLY_US, polled + 1, polled, 1),
    )
    return tuple((one.us // 1_000_000 // BLOCK_S, one) for one in sent)


def write_large(path: Path, least: int) -> int:
    """Write a capture of at least so many frames, and of a minute and a half after the broken connection fell silent.
    Returns how many frames it has.
    """
    silent = (IDLE_LIMIT_S + WRITTEN_AFTER_S) // BLOCK_S + 2
    with_all = _Blocks.of(0, 0)
    polled = max(1, -(-(least - silent * (CONNECTIONS - 1) * CYCLES * 3) // with_all.frames))
    ending = _ending(polled)
    frames = 0
    with path.open("wb") as file:
        file.write(struct.pack("!IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1))
        for _ in range(polled):
            file.write(with_all.next())
            frames += with_all.frames
        without = _Blocks.of(1, polled)
        for place in range(polled, polled + silent):
            for block, one in ending:
                if block == place:
                    file.write(one.octets())
                    frames += 1
            file.write(without.next())
            frames += without.frames
    return frames
