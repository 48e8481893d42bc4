"""Lets a test read like a trace: one line a frame, and behind the colon what the plugin must say of it.

    0.000 client SYN
    0.001 server SYN
    0.002 client ACK
    5.002 client probe         : => probe      "=>": only later frames prove what follows, so one pass does not show it
    5.003 server ACK           : answer
    5.004 client len=10        : late/Warn     a level is named when it is not the finding's usual one
    9.000 other                                a frame of something else, not TCP
    9-20 others                                one of them each second, from 9.5 s to 19.5 s: the capture goes on
    9.001 server copy          | duplicate_ack behind the bar: what Wireshark's own analysis marks it as, see marks.py

Words: SYN FIN RST set the flag (ACK is set on all but the first SYN), `probe` goes one sequence number back, `len=N`
carries payload (with PSH, but for a probe's garbage byte), `seq-N` and `ack-N` move the numbers from what the sender
would use, `win=N` sets the window, `ts=N` and `ecr=N` are TSval and TSecr of the timestamps option,
`no-ack` clears ACK, `tls-alert` carries a TLS alert (`tls13-alert`: as TLS 1.3 encrypts it), `lost` was sent but is
not in the capture, `copy` is the sender's last frame once more.
The same grammar as tests/lua/conversation.lua. Here also: `octet=N` is what the payload is made of, `scale=N` announces
a window scale, `tagged` puts a VLAN tag (IEEE 802.1Q) before the IP header.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from pathlib import Path

from tests.scenarios.packets import ACK, FIN, PSH, RST, SYN, Address, Segment, ethernet_frame, ipv4_packet, segment_of
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.support.plugin import run_findings

Findings = list[tuple[int, str, str]]
"""Frame, id, level."""

START_NS = 1_664_467_200 * 1_000_000_000  # 2022-09-29 16:00:00 UTC
CLIENT = Address(IPv4Address("192.0.2.1"), 40_000)
SERVER = Address(IPv4Address("198.51.100.2"), 9)  # the discard port: no dissector guesses at the payload
FLAGS = {"SYN": SYN, "FIN": FIN, "RST": RST}
WORDS = {*FLAGS, "ACK", "no-ack", "probe", "tls-alert", "tls13-alert", "lost", "copy", "tagged"}
NUMBERS = re.compile(r"(len|seq|ack|win|octet|scale|ts|ecr)=?([-+]?\d+)")
OTHERS = re.compile(r"\s*(\d+)-(\d+) others\s*")
MODULUS = 2**32
ETHERNET_ADDRESSES = 12
VLAN_TAG = b"\x81\x00\x00\x07"
ALERTS = {
    "tls-alert": bytes.fromhex("15030300020100"),
    "tls13-alert": bytes.fromhex("1703030013") + bytes(19),
}
OTHER = bytes(12) + b"\x88\xb5" + bytes(46)  # an EtherType for local experiments

USUAL_LEVEL = {
    "probe": "Chat",
    "answer": "Chat",
    "unanswered": "Note",
    "gave_up": "Error",
    "refused_by": "Warn",
    "capture_hole": "Note",
    "setting_changed": "Note",
    "late": "Note",
    "missed": "Warn",
    "closed_before_due": "Note",
    "fin": "Note",
    "fin_ack": "Chat",
    "post_fin_probe": "Note",
    "post_fin_write": "Warn",
    "post_fin_reset": "Error",
    "retransmission_timeout": "Warn",
    "reset": "Warn",
    "write_after_own_fin": "Warn",
}

OPEN = """
    0.000 client SYN
    0.001 server SYN
    0.002 client ACK
    1.000 client len=10
    1.001 server ACK
    1.002 server len=20
    1.003 client ACK
"""
"""The handshake, a request and its response, both acknowledged: frames 1 to 7."""

PROBED = (
    OPEN
    + """
    6.003  client probe : probe
    6.004  server ACK   : answer
    11.011 client probe : probe
    11.012 server ACK   : answer
    16.019 client probe : probe
    16.020 server ACK   : answer
"""
)
"""... and three probes 5.008 s apart, all answered: frames 8 to 13. The next is due at 21.027 s."""

SET_FORWARD = (
    OPEN
    + """
    11.003 client probe ts=10000 : probe
    11.004 server ACK ts=500000  : answer
    21.003 client probe ts=20000 : probe
    21.004 server ACK ts=510000  : answer
    91.003 client probe ts=30000 : missed, capture_hole, probe => capture_hole, probe
    91.004 server ACK ts=520000  : answer
    101.003 client probe ts=40000 : probe
    101.004 server ACK ts=530000  : answer
"""
)
"""A probe every 10 s by both sides' timestamps, and the capture's clock was set forward by 60 s before the third."""


def nanoseconds(seconds: str) -> int:
    """Nanoseconds of decimal seconds with up to six decimals."""
    whole, _, fraction = seconds.partition(".")
    return int(whole) * 1_000_000_000 + int(fraction.ljust(6, "0")) * 1000


@dataclass(slots=True)
class Trace:
    """Frames of one connection and the findings that each must get, in one pass and in two, as (frame, id, level).

    `marks` are Wireshark's own, of the frames that name them. `client` is the client's end, `start_ns` the time of
    0.000 s, `client_isn` and `server_isn` the initial sequence numbers.
    """

    text: str
    client: Address = CLIENT
    start_ns: int = START_NS
    client_isn: int = 1000
    server_isn: int = 5000
    frames: list[Frame] = field(default_factory=list)
    in_one_pass: Findings = field(default_factory=list)
    in_two_passes: Findings = field(default_factory=list)
    marks: dict[int, set[str]] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    _next: dict[str, int] = field(init=False)
    _last: dict[str, bytes] = field(default_factory=dict)
    _sent: dict[str, int] = field(default_factory=lambda: {"client": 0, "server": 0})

    def __post_init__(self) -> None:
        """Read the lines."""
        self._next = {"client": self.client_isn, "server": self.server_isn}
        for line in _lines(self.text):
            left, bar, marks = line.partition("|")
            what, _, expected = left.partition(":")
            time, sender, *words = what.split()
            octets = OTHER if sender == "other" else self._octets(sender, words)
            if "lost" in words:
                continue
            self.frames.append(Frame(self.start_ns + nanoseconds(time), octets))
            self.lines.append(" ".join((time.rjust(8), sender, *words)))
            if bar:
                self.marks[len(self.frames)] = set(marks.replace(",", " ").split())
            before, arrow, after = expected.partition("=>")
            self.in_one_pass += self._findings(before)
            self.in_two_passes += self._findings(after if arrow else before)

    def write(self, path: Path) -> Path:
        """Write the frames to a file."""
        write_pcap(path, self.frames)
        return path

    def segments(self) -> Iterator[tuple[int, int, Segment]]:
        """Number, time in ns and segment of each frame that is TCP."""
        for number, frame in enumerate(self.frames, start=1):
            if frame.octets != OTHER:
                tag = len(VLAN_TAG) * (frame.octets[ETHERNET_ADDRESSES : ETHERNET_ADDRESSES + 2] == VLAN_TAG[:2])
                yield number, frame.time_ns, segment_of(frame.octets[tag:])

    def beside(self, expected: Findings, found: Findings) -> str:
        """The trace, line by line, with the findings that were expected and found; ">" before the lines that differ."""
        rows = [("", "frame", "line", "expected", "found")]
        for number, line in enumerate(self.lines, start=1):
            both = _on_frame(number, expected), _on_frame(number, found)
            rows.append((">" if both[0] != both[1] else "", str(number), line, *both))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
        return "\n".join(lines)

    def _findings(self, text: str) -> Findings:
        findings = []
        for name in filter(None, (name.strip() for name in text.split(","))):
            identifier, _, level = name.partition("/")
            findings.append((len(self.frames), identifier, level or USUAL_LEVEL[identifier]))
        return findings

    def _octets(self, sender: str, words: list[str]) -> bytes:
        octets = self._last[sender] if "copy" in words else self._segment(sender, words)
        self._last[sender] = octets
        if "tagged" in words:
            return octets[:ETHERNET_ADDRESSES] + VLAN_TAG + octets[ETHERNET_ADDRESSES:]
        return octets

    def _segment(self, sender: str, words: list[str]) -> bytes:
        receiver = {"client": "server", "server": "client"}[sender]
        ends = {"client": self.client, "server": SERVER}
        numbers = _numbers(words)
        flags = 0 if "SYN" in words and not self.frames else ACK
        for word in words:
            flags |= FLAGS.get(word, 0)
        if "no-ack" in words:
            flags &= ~ACK
        payload = bytes([numbers.get("octet", ord("x"))]) * numbers.get("len", 0)
        payload = next((ALERTS[word] for word in words if word in ALERTS), payload)
        flags |= PSH if payload and "probe" not in words else 0
        seq = self._next[sender] + numbers.get("seq", 0) - ("probe" in words)
        ack = self._next[receiver] + numbers.get("ack", 0) if flags & ACK else 0
        window = numbers.get("win", 500)
        options = bytes((1, 3, 3, numbers["scale"])) if "scale" in numbers else b""  # RFC 7323 section 2.2
        if "ts" in numbers:
            options += b"\1\1\10\12" + struct.pack("!II", numbers["ts"], numbers.get("ecr", 0))  # RFC 7323 appendix A
        options += bytes(-len(options) % 4)
        self._sent[sender] += 1
        segment = Segment(
            source=ends[sender],
            destination=ends[receiver],
            seq=seq % MODULUS,
            ack=ack % MODULUS,
            flags=flags,
            window=window,
            ip_id=self._sent[sender],
            options=options,
            payload=payload,
        )
        self._next[sender] = max(self._next[sender], seq + segment.length)
        return ethernet_frame(bytes(6), bytes(6), ipv4_packet(segment, 64), from_the_wire=False)


def _lines(text: str) -> Iterator[str]:
    """The lines of a trace, one for each frame."""
    for line in filter(str.strip, text.splitlines()):
        others = OTHERS.fullmatch(line)
        if others:
            yield from (f"{second}.500 other" for second in range(int(others[1]), int(others[2])))
        else:
            yield line


def _on_frame(number: int, findings: Findings) -> str:
    """The findings of a frame as a trace names them."""
    on_it = [(name, level) for frame, name, level in findings if frame == number]
    return ", ".join(name if level == USUAL_LEVEL.get(name) else f"{name}/{level}" for name, level in on_it) or "-"


def _numbers(words: list[str]) -> dict[str, int]:
    """The words that are a name and a number. Raises ValueError for a word that the grammar does not have."""
    numbers = {}
    for word in words:
        number = NUMBERS.fullmatch(word)
        if number:
            numbers[number[1]] = int(number[2])
        elif word not in WORDS:
            raise ValueError(f"no such word: {word}")
    return numbers


def check(text: str, folder: Path, *options: str) -> Path:
    """Assert that the plugin finds exactly what the trace says, in one pass and in two; returns the capture."""
    return check_trace(Trace(text), folder / "trace.pcap", *options)


def check_trace(trace: Trace, path: Path, *options: str) -> Path:
    """Write a trace to `path`, and assert that the plugin finds exactly what it says, in one pass and in two."""
    capture = trace.write(path)
    for two_pass, expected in ((False, trace.in_one_pass), (True, trace.in_two_passes)):
        found = [(f.frame, f.id, f.level) for f in run_findings(capture, two_pass, options)]
        assert found == expected, f"in {'two passes' if two_pass else 'one pass'}\n{trace.beside(expected, found)}"
    return capture
