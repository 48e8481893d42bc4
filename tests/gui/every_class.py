"""A capture with every class of finding that the profile colours, and the colour rule each frame must get."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from tests.scenarios.packets import ACK, FIN, PSH, RST, SYN, Address, Segment, ethernet_frame, ipv4_packet
from tests.scenarios.pcapfile import Frame, write_pcap

START_NS = 1_700_000_000 * 1_000_000_000
MS = 1_000_000
CADENCE_MS = 5_000
DISCARD_PORT = 9  # no dissector guesses at the payload
CLIENT_IP, SERVER_IP = IPv4Address("192.0.2.1"), IPv4Address("198.51.100.2")
TLS_CLOSING_ALERT = bytes.fromhex("1503030002") + b"\x01\x00"

NONE = "no rule"
PROBE = "Keep-alive probe"
ANSWER = "Keep-alive answer"
EVERYDAY = "Everyday close and what follows it"
TURNING_FIN = "FIN that brought trouble, or after a long silence"
FIN_ACKED = "FIN acknowledged"
WRITE = "Write after the peer's FIN"
OWN_FIN_WRITE = "Data after the sender's own FIN"
CLOSING_RESET = "RST after the closing side's FIN"
RESET = "RST ends the connection"
LATE = "Late, unanswered once, or a hole"
MISSED = "Missed keep-alive interval"
UNANSWERED = "No answer, or refused on the way"
GAVE_UP = "Keep-alive gave up"


@dataclass
class Side:
    """One end: its address, the next sequence number it will send."""

    address: Address
    nxt: int


@dataclass
class Conversation:
    """Writes one connection's segments; each call waits `after_ms` and names its frame's colour rule, or NONE."""

    port: int
    now_ms: int = 0
    sent: list[tuple[int, bytes, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """The three-way handshake."""
        self.client = Side(Address(CLIENT_IP, self.port), 1000)
        self.server = Side(Address(SERVER_IP, DISCARD_PORT), 5000)
        self.send(self.client, SYN, NONE)
        self.send(self.server, SYN | ACK, NONE)
        self.send(self.client, ACK, NONE)

    def send(self, side: Side, flags: int, rule: str, after_ms: int = 1, payload: bytes = b"") -> None:
        """A segment at SND.NXT."""
        peer = self.server if side is self.client else self.client
        self.now_ms += after_ms
        ack = peer.nxt if flags & ACK else 0
        segment = Segment(side.address, peer.address, side.nxt, ack, flags, 500, 1, payload=payload)
        mac, peer_mac = (bytes([2, 0, 0, 0, 0, end is self.server]) for end in (side, peer))
        octets = ethernet_frame(mac, peer_mac, ipv4_packet(segment, 64), from_the_wire=side is self.server)
        self.sent.append((self.now_ms, octets, rule))
        side.nxt += segment.length

    def data(self, side: Side, rule: str, after_ms: int = 1, payload: bytes = b"payload") -> None:
        """New payload."""
        self.send(side, PSH | ACK, rule, after_ms, payload)

    def exchange(self) -> None:
        """A request and a response, both acknowledged."""
        self.data(self.client, NONE)
        self.send(self.server, ACK, NONE)
        self.data(self.server, NONE)
        self.send(self.client, ACK, NONE)

    def probe(self, rule: str = PROBE, after_ms: int = CADENCE_MS) -> None:
        """The client's empty keep-alive probe (RFC 9293, 3.8.4)."""
        self.now_ms += after_ms - 1
        self.client.nxt -= 1
        self.send(self.client, ACK, rule)
        self.client.nxt += 1

    def probe_and_answer(self, rule: str = PROBE, after_ms: int = CADENCE_MS) -> None:
        """A probe, and the server's answer a millisecond later; the two together take `after_ms`."""
        self.probe(rule, after_ms - 1)
        self.send(self.server, ACK, ANSWER)

    def silence_with_probes(self) -> None:
        """Three answered probes: enough to learn the cadence."""
        self.exchange()
        for _ in range(3):
            self.probe_and_answer()

    def server_closes(self, rule: str = TURNING_FIN, after_ms: int = 1000) -> None:
        """FIN of the server, acknowledged by the client's kernel."""
        self.send(self.server, FIN | ACK, rule, after_ms=after_ms)
        self.send(self.client, ACK, FIN_ACKED)


def idle_close(talk: Conversation) -> None:
    """The server closes an idle connection; the next probe draws its RST."""
    talk.silence_with_probes()
    talk.server_closes()
    talk.probe(EVERYDAY, CADENCE_MS - 1000)
    talk.send(talk.server, RST | ACK, CLOSING_RESET)


def intervals_missed(talk: Conversation) -> None:
    """Nearly three intervals without a probe, then a request; then on time again to the end of the capture."""
    talk.silence_with_probes()
    talk.data(talk.client, MISSED, after_ms=CADENCE_MS * 29 // 10)
    talk.send(talk.server, ACK, NONE)
    talk.probe_and_answer()


def probe_late(talk: Conversation) -> None:
    """One probe 2 s late, the next ones on time to the end of the capture."""
    talk.silence_with_probes()
    talk.probe_and_answer(LATE, CADENCE_MS + 2000)
    talk.probe_and_answer()
    talk.probe_and_answer()


def peer_vanished(talk: Conversation) -> None:
    """No answer to three probes: the client's kernel gives up with an RST."""
    talk.silence_with_probes()
    talk.probe()
    talk.probe(LATE)
    talk.probe(UNANSWERED)
    talk.send(talk.client, RST | ACK, GAVE_UP, after_ms=CADENCE_MS)


def write_on_closed(talk: Conversation) -> None:
    """The client writes three seconds after the server's FIN and is reset."""
    talk.exchange()
    talk.server_closes()
    talk.data(talk.client, WRITE, after_ms=3000)
    talk.send(talk.server, RST, CLOSING_RESET)


def closing_alert(talk: Conversation) -> None:
    """The near twin: a TLS closing alert after the FIN, reset, is everyday noise, and so is the FIN before it."""
    talk.exchange()
    talk.server_closes(EVERYDAY)
    talk.data(talk.client, EVERYDAY, payload=TLS_CLOSING_ALERT)
    talk.send(talk.server, RST, EVERYDAY)


def data_after_own_fin(talk: Conversation) -> None:
    """The server sends new data after its own FIN: a protocol violation."""
    talk.exchange()
    talk.server_closes()
    talk.data(talk.server, OWN_FIN_WRITE, after_ms=500)


def closed_after_a_minute(talk: Conversation) -> None:
    """Nobody loses anything, but somebody's timer closed: the FIN stands out."""
    talk.exchange()
    talk.server_closes(TURNING_FIN, after_ms=60_000)
    talk.send(talk.client, FIN | ACK, NONE)


def closed_at_once(talk: Conversation) -> None:
    """The near twin: both close after the answer."""
    talk.exchange()
    talk.server_closes(EVERYDAY, after_ms=500)
    talk.send(talk.client, FIN | ACK, NONE)


def fin_ends_a_missed_interval(talk: Conversation) -> None:
    """Two findings on one frame: the worse one decides."""
    talk.silence_with_probes()
    talk.send(talk.client, FIN | ACK, MISSED, after_ms=CADENCE_MS * 29 // 10)
    talk.send(talk.server, FIN | ACK, FIN_ACKED)


def reset_of_a_closing_side(talk: Conversation) -> None:
    """An RST at Note: after a FIN that the other side answers at once."""
    talk.exchange()
    talk.send(talk.client, FIN | ACK, EVERYDAY)
    talk.send(talk.client, RST | ACK, EVERYDAY)


def reset_mid_request(talk: Conversation) -> None:
    """The server resets an open connection on a request."""
    talk.exchange()
    talk.data(talk.client, NONE)
    talk.send(talk.server, RST | ACK, RESET)


def lost_segment(talk: Conversation) -> None:
    """A gap in sequence space: no finding of ours, so the row keeps the theme's colours, whatever Wireshark says."""
    talk.exchange()
    talk.server.nxt += 500
    talk.data(talk.server, NONE)


STORIES = (
    idle_close,
    intervals_missed,
    probe_late,
    peer_vanished,
    write_on_closed,
    closing_alert,
    data_after_own_fin,
    closed_at_once,
    fin_ends_a_missed_interval,
    reset_of_a_closing_side,
    reset_mid_request,
    lost_segment,
)


def write_every_class(path: Path, stories: Sequence[Callable[[Conversation], None]] = STORIES) -> dict[int, str]:
    """Write the capture; the colour rule that each frame must get, by frame number; NONE for one without a finding."""
    sent: list[tuple[int, bytes, str]] = []
    for number, story in enumerate(stories):
        talk = Conversation(port=40_000 + number, now_ms=100 * number)
        story(talk)
        sent += talk.sent
    sent.sort(key=lambda item: item[0])
    write_pcap(path, [Frame(START_NS + at_ms * MS, octets) for at_ms, octets, _ in sent])
    return {number: rule for number, (_, _, rule) in enumerate(sent, start=1)}
