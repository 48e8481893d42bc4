"""One connection, captured at both of its ends, each capture with a clock of its own, and what lies between them.

Built from the same hosts as the article's capture. What a device on the way changes is applied to the finished capture
of one end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from random import Random

from tests.scenarios.connection import Connection
from tests.scenarios.hosts import INITIAL_TTL, Capture, Host, Keepalive
from tests.scenarios.packets import ACK, RST, Address, Segment, ethernet_frame, ipv4_packet, segment_of
from tests.scenarios.path import Loss, Path
from tests.scenarios.pcapfile import Frame
from tests.scenarios.simulation import MICROSECOND, SECOND, Action, Simulation

START = 1_700_000_000 * SECOND
CLIENT, SERVER = Address(IPv4Address("10.1.0.5"), 40312), Address(IPv4Address("10.2.0.9"), 9092)
CLIENT_MAC, SERVER_MAC, GATEWAY_MAC = (bytes.fromhex(f"5254000000{n:02x}") for n in (1, 2, 3))
TTL_PLACE = 22  # in an Ethernet frame with IPv4
EVERY_SECOND = Keepalive(idle=1000, interval=1000)

Change = Callable[[Segment], Segment]


@dataclass
class TwoEnds:
    """A client and a server with a capture on each. Times are seconds after START; ``one_way_us`` is the path's delay.

    The client asks at 0.1 s and has its answer a little later; both probe as told. Nothing runs until ``run``.
    """

    one_way_us: int = 800
    hops: int = 3
    jitter_us: int = 200
    loses: Loss = lambda _time, _segment: False
    client_probes: Keepalive | None = EVERY_SECOND
    server_probes: Keepalive | None = None
    fin_timeout_s: int = 60

    def __post_init__(self) -> None:
        """Put the hosts up."""
        self.simulation = Simulation(START)
        chance = Random(7)
        self.captures = (Capture(CLIENT_MAC, GATEWAY_MAC), Capture(SERVER_MAC, GATEWAY_MAC))
        client, server = (
            Host(IPv4Address(end.ip), START - hours * 3600 * SECOND, self.fin_timeout_s * SECOND, capture=capture)
            for end, hours, capture in zip((CLIENT, SERVER), (50, 90), self.captures, strict=True)
        )
        path = Path(self.one_way_us * MICROSECOND, self.hops, self.jitter_us * MICROSECOND, chance, self.loses)
        self.connection = Connection(self.simulation, path, (client, CLIENT.port), (server, SERVER.port), chance)
        self.connection.client.keepalive = self.client_probes
        self.connection.server.keepalive = self.server_probes
        self.at(0.05, lambda: self.connection.client.connect(lambda: None))
        self.at(0.1, lambda: self.connection.exchange(b"q" * 120, b"a" * 480, 3000 * MICROSECOND))

    def at(self, seconds: float, action: Action) -> None:
        """Let something happen."""
        self.simulation.at(START + round(seconds * SECOND), action)

    def forge_reset_to_client(self, seconds: float, hops: int | None = None) -> None:
        """Something on the way sends the client a RST in the server's name; ``hops`` away from the client."""
        self.at(seconds, lambda: self._forge(hops))

    def _forge(self, hops: int | None) -> None:
        client, server = self.connection.client, self.connection.server
        forged = Segment(server.local, client.local, client.expected, client.seq, RST | ACK, 0, 0)
        path, usual = client.path, client.path.hops
        path.hops = usual if hops is None else hops
        client.receive(forged)
        path.hops = usual

    def run(self, until: float) -> tuple[list[Frame], list[Frame]]:
        """The frames of the client's and of the server's capture."""
        self.simulation.run(START + round(until * SECOND))
        return self.captures[0].frames, self.captures[1].frames


def clock(frames: Sequence[Frame], ahead_ns: int, ppm: int = 0) -> list[Frame]:
    """The frames as stamped by a clock that is ahead at START and runs fast."""
    return [
        frame._replace(time_ns=frame.time_ns + ahead_ns + (frame.time_ns - START) * ppm // 1_000_000)
        for frame in frames
    ]


def changed(frames: Sequence[Frame], change: Change) -> list[Frame]:
    """The frames with their segments changed; hop limits and padding stay as they are."""
    return [frame._replace(octets=_rebuilt(frame.octets, change)) for frame in frames]


def _rebuilt(octets: bytes, change: Change) -> bytes:
    packet = ipv4_packet(change(segment_of(octets)), octets[TTL_PLACE])
    return ethernet_frame(octets[6:12], octets[:6], packet, from_the_wire=octets[TTL_PLACE] != INITIAL_TTL)


def translated(inside: Address, outside: Address) -> Change:
    """Address translation of one end (RFC 3022)."""

    def change(segment: Segment) -> Segment:
        names = {inside: outside}
        return replace(
            segment,
            source=names.get(segment.source, segment.source),
            destination=names.get(segment.destination, segment.destination),
        )

    return change


def renumbered(client_by: int, server_by: int) -> Change:
    """A firewall that adds a constant to the sequence numbers of each side, and to what acknowledges them."""

    def change(segment: Segment) -> Segment:
        own, other = (client_by, server_by) if segment.source.port == CLIENT.port else (server_by, client_by)
        ack = (segment.ack + other) % 2**32 if segment.flags & ACK else 0
        return replace(segment, seq=(segment.seq + own) % 2**32, ack=ack)

    return change


def without_timestamps(segment: Segment) -> Segment:
    """A device that takes timestamps out (RFC 7323) by writing NOPs over them; SYNs keep their other options."""
    options = segment.options
    place = options.find(b"\x08\x0a")
    if place < 0:
        return segment
    return replace(segment, options=options[:place] + b"\x01" * 10 + options[place + 10 :])


def without_identification(segment: Segment) -> Segment:
    """A host that sends 0 as IP identification (RFC 6864 allows it for packets that are not cut)."""
    return replace(segment, ip_id=0)
