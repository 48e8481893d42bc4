"""What the fast reader calls quiet, and each thing that makes a connection that looks like it loud."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from pyreport.capture.engine import Engine
from pyreport.capture.file import open_capture
from pyreport.capture.tshark import Tshark
from pyreport.connections.reading import read_capture
from tests.scenarios.packets import (
    ACK,
    FIN,
    PSH,
    RST,
    SYN,
    Address,
    Segment,
    ethernet_frame,
    ipv4_packet,
    timestamp_option,
)
from tests.scenarios.pcapfile import Frame, write_pcap

START_NS, MS = 1_700_000_000_000_000_000, 1_000_000
ENDS = Address(IPv4Address("192.0.2.1"), 40_000), Address(IPv4Address("198.51.100.1"), 9_092)


@dataclass(frozen=True, slots=True)
class Sent:
    """A segment: when (ms), by whom, its flags, numbers from 0, payload octets, TSval (ms; None: none), window, TTL."""

    at: int
    by: int
    flags: int
    seq: int
    ack: int
    length: int = 0
    stamp: int | None = None
    window: int = 500
    ttl: int = 64

    def frame(self) -> Frame:
        source, destination = ENDS[self.by], ENDS[1 - self.by]
        options = timestamp_option(self.stamp, 0) if self.stamp is not None else b""
        payload = b"x" * self.length
        segment = Segment(source, destination, self.seq, self.ack, self.flags, self.window, 1, options, payload)
        packet = ipv4_packet(segment, self.ttl)
        return Frame(START_NS + self.at * MS, ethernet_frame(bytes(6), bytes(6), packet, from_the_wire=False))


def connection() -> list[Sent]:
    """An exchange every second, with timestamps, and an orderly close."""
    sent = [Sent(0, 0, SYN, 0, 0), Sent(1, 1, SYN | ACK, 0, 1), Sent(2, 0, ACK, 1, 1)]
    for turn in range(5):
        at, one, other = 1000 * (turn + 1), 1 + 100 * turn, 1 + 300 * turn
        sent += [
            Sent(at, 0, PSH | ACK, one, other, 100),
            Sent(at + 1, 1, PSH | ACK, other, one + 100, 300),
            Sent(at + 2, 0, ACK, one + 100, other + 300),
        ]
    sent += [Sent(6000, 0, FIN | ACK, 501, 1501), Sent(6001, 1, FIN | ACK, 1501, 502), Sent(6002, 0, ACK, 502, 1502)]
    return [replace(one, stamp=1_000 * (one.by + 1) + one.at) for one in sent]


def is_quiet(tshark: Tshark, folder: Path, sent: list[Sent]) -> bool:
    capture = folder / "one.pcap"
    write_pcap(capture, [one.frame() for one in sent])
    (only,) = read_capture(tshark, open_capture(str(capture)), engine=Engine.FAST).index.connections.values()
    return only.outline.is_quiet


Change = Callable[[list[Sent]], list[Sent]]


def at(place: int, **changes: int) -> Change:
    return lambda sent: [replace(one, **changes) if n == place else one for n, one in enumerate(sent)]


def without(*places: int) -> Change:
    return lambda sent: [one for n, one in enumerate(sent) if n not in places]


def again(place: int) -> Change:
    return lambda sent: [*sent[: place + 1], replace(sent[place], at=sent[place].at + 1), *sent[place + 1 :]]


def ending(*more: Sent, keep: int) -> Change:
    return lambda sent: [*sent[:keep], *(replace(one, stamp=1_000 * (one.by + 1) + one.at) for one in more)]


STILL = {
    "as it is": lambda sent: sent,
    "from the middle": without(0, 1, 2),
    "still open": ending(keep=18),
    "the last data is on its way": ending(Sent(6000, 0, PSH | ACK, 501, 1501, 100), keep=18),
    "a keep-alive probe": ending(Sent(6000, 0, ACK, 500, 1501), Sent(6001, 1, ACK, 1501, 501), keep=18),
    "no timestamps": lambda sent: [replace(one, stamp=None) for one in sent],
    "a clock of 10 ms": lambda sent: [replace(one, stamp=one.at // 10) for one in sent],
    "a clock that wraps": lambda sent: [replace(one, stamp=(2**32 - 3_000 + one.at) % 2**32) for one in sent],
}
LOUD = {
    "one direction": lambda sent: [one for one in sent if one.by == 0],
    "an RST": ending(Sent(6000, 0, RST | ACK, 501, 1501), keep=18),
    "a FIN alone": ending(Sent(6000, 0, FIN | ACK, 501, 1501), Sent(6001, 1, ACK, 1501, 502), keep=18),
    "data sent again": again(6),
    "data that is not there": without(6),
    "an acknowledgment of what is not there": at(8, ack=1),
    "data that nobody acknowledged": ending(
        Sent(6000, 0, PSH | ACK, 501, 1501, 100), Sent(7000, 1, PSH | ACK, 1501, 501, 1), keep=18
    ),
    "data with the FIN": at(18, length=10),
    "a closed window": at(8, window=0),
    "another TTL": at(18, ttl=63),
    "a timestamp off its line": at(18, stamp=6_400),
    "a clock that stood": lambda sent: [
        replace(one, stamp=(one.stamp or 0) - 700) if one.by == 1 and one.at > 3500 else one for one in sent
    ],
    "a segment without timestamps": lambda sent: [
        replace(one, stamp=None) if n == 8 else one for n, one in enumerate(sent)
    ],
    "a second SYN": again(0),
}


@pytest.mark.parametrize("change", STILL.values(), ids=STILL.keys())
def test_quiet(change: Change, tshark: Tshark, tmp_path: Path) -> None:
    assert is_quiet(tshark, tmp_path, change(connection()))


@pytest.mark.parametrize("change", LOUD.values(), ids=LOUD.keys())
def test_loud(change: Change, tshark: Tshark, tmp_path: Path) -> None:
    assert not is_quiet(tshark, tmp_path, change(connection()))
