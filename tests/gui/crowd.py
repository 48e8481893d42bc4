"""Frames of many connections that open, are probed and close, in all ways, for as long as is asked; none is kept.

Each slot holds one connection after the other, on a new port each time. What happens to a connection is drawn by lot,
with the same lots each time.
"""

from __future__ import annotations

import heapq
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tests.scenarios.pcapfile import LINKTYPE_ETHERNET, MAGIC_NANOSECONDS, SNAP_LENGTH, Frame
from tests.support.tiny_capture import ACK, FIN, SYN, segment

RST = 0x04
SECOND_NS = 1_000_000_000
START_NS = 1_664_467_200 * SECOND_NS
INTERVAL_NS, ROUND_TRIP_NS = 5 * SECOND_NS, 200_000
SERVER = ("192.0.2.2", 9092)
CLIENTS, FIRST_PORT, LAST_PORT = 50, 20_000, 60_000
LEAST_PROBES, MOST_PROBES = 2, 20

FILE_HEADER = struct.pack("<IHHiIII", MAGIC_NANOSECONDS, 2, 4, 0, 0, SNAP_LENGTH, LINKTYPE_ETHERNET)

Timed: TypeAlias = tuple[int, bytes]


@dataclass(slots=True)
class Talk:
    """One connection: what a client and the service send, from a time on."""

    now_ns: int
    client: tuple[str, int]
    client_next: int = 1_000
    server_next: int = 5_000

    def from_client(self, flags: int, length: int = 0, *, back: int = 0) -> Timed:
        """A segment of the client; with `back`, its number lies so far before the next one."""
        made = segment(self.client, SERVER, flags, self.client_next - back, self.server_next, b"x" * length)
        self.client_next += length + bool(flags & (SYN | FIN))
        return self.now_ns, made

    def from_server(self, flags: int, length: int = 0) -> Timed:
        """A segment of the service."""
        made = segment(SERVER, self.client, flags, self.server_next, self.client_next, b"y" * length)
        self.server_next += length + bool(flags & (SYN | FIN))
        return self.now_ns, made

    def wait(self, time_ns: int = ROUND_TRIP_NS) -> None:
        """Let time go by."""
        self.now_ns += time_ns

    def probe(self) -> Timed:
        """A keep-alive probe of the client."""
        return self.from_client(ACK, back=1)


def connection(talk: Talk, lots: random.Random) -> Iterator[Timed]:
    """All frames of a connection."""
    yield talk.from_client(SYN)
    talk.wait()
    yield talk.from_server(SYN | ACK)
    talk.wait()
    yield talk.from_client(ACK)
    yield talk.from_client(ACK, 40)
    talk.wait()
    yield talk.from_server(ACK, 60)
    talk.wait()
    yield talk.from_client(ACK)
    for _ in range(lots.randint(LEAST_PROBES, MOST_PROBES)):
        talk.wait(INTERVAL_NS * (4 if lots.random() < 0.01 else 1))  # three that were due did not come
        yield talk.probe()
        talk.wait()
        if lots.random() > 0.02:
            yield talk.from_server(ACK)
    yield from lots.choice((closed, written_behind, reset, given_up))(talk)


def closed(talk: Talk) -> Iterator[Timed]:
    """The service closes, and the client does so too."""
    talk.wait(SECOND_NS)
    yield talk.from_server(FIN | ACK)
    talk.wait()
    yield talk.from_client(FIN | ACK)
    talk.wait()
    yield talk.from_server(ACK)


def written_behind(talk: Talk) -> Iterator[Timed]:
    """The client does not see the close, and writes."""
    talk.wait(SECOND_NS)
    yield talk.from_server(FIN | ACK)
    talk.wait()
    yield talk.from_client(ACK)
    talk.wait(SECOND_NS)
    yield talk.from_client(ACK, 40)
    talk.wait()
    yield talk.from_server(RST)


def reset(talk: Talk) -> Iterator[Timed]:
    """The service resets it."""
    talk.wait(SECOND_NS)
    yield talk.from_server(RST | ACK)


def given_up(talk: Talk) -> Iterator[Timed]:
    """No answer comes any more."""
    for _ in range(3):
        talk.wait(INTERVAL_NS)
        yield talk.probe()
    talk.wait(INTERVAL_NS)
    yield talk.from_client(RST | ACK)


def records(frames: Iterator[Frame], written: bytearray) -> Iterator[bytes]:
    """The frames as a capture file has them, one at a time, after its header; all of it is kept in `written`."""
    written += FILE_HEADER
    yield FILE_HEADER
    for frame in frames:
        seconds, rest = divmod(frame.time_ns, SECOND_NS)
        one = struct.pack("<IIII", seconds, rest, len(frame.octets), frame.length) + frame.octets
        written += one
        yield one


def crowd(connections: int, seconds: int) -> Iterator[Frame]:
    """The frames of so many connections at a time, in order of time, until no connection begins any more."""
    lots = random.Random(1)
    end_ns = START_NS + seconds * SECOND_NS
    slots = (slot(number, connections, end_ns, random.Random(lots.random())) for number in range(connections))
    for time_ns, octets in heapq.merge(*slots, key=lambda timed: timed[0]):
        yield Frame(time_ns, octets)


def slot(number: int, slots: int, end_ns: int, lots: random.Random) -> Iterator[Timed]:
    """One connection after the other, each with a port of its own."""
    begin_ns = START_NS + lots.randrange(INTERVAL_NS)
    own = number
    while begin_ns < end_ns:
        port = FIRST_PORT + own // CLIENTS % (LAST_PORT - FIRST_PORT)
        talk = Talk(begin_ns, (f"192.0.2.{100 + own % CLIENTS}", port))
        yield from connection(talk, lots)
        begin_ns, own = talk.now_ns + SECOND_NS, own + slots
