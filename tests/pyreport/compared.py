"""Two captures of one connection told in a few words, without tshark: what was sent when, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyreport.base.claim import Party
from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.compare.alignment import Alignment, align
from pyreport.compare.conclude import conclude
from pyreport.compare.conclusion import Conclusion
from pyreport.compare.fate import fates
from pyreport.compare.packet import Fate, Packet
from pyreport.compare.view import NO_SHIFT, View
from pyreport.connections.index import build_index
from pyreport.connections.reading import Reading
from pyreport.frames.capture_hints import NO_MARKS, Marks
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, CaptureSpan, Frame
from tests.pyreport.plugin_findings import found_by_plugin
from tests.support.captures import no_file

CLIENT, SERVER = Endpoint("10.0.0.1:40000"), Endpoint("10.0.0.5:9092")
ENDS = (CLIENT, SERVER)
PARTIES = (Party.CLIENT, Party.SERVER)
START_NS = 1_700_000_000 * NS_PER_S
DELAY_NS = 2 * NS_PER_MS
NEAR_TTL, FAR_TTL = 64, 61
CLIENT_SEQ, SERVER_SEQ = 1_000_000, 5_000_000


@dataclass
class Wire:
    """Packets between CLIENT (0) and SERVER (1). ``ahead_ns``: how far the server's clock is ahead.

    Both captures also have a frame of another connection at the very beginning and at ``until`` seconds.
    """

    ahead_ns: int = 0
    until: float = 60.0
    frames: tuple[list[Frame], list[Frame]] = field(default_factory=lambda: ([], []))

    def send(
        self, seconds: float, sender: int, *, seq: int = 0, ack: int = 0, length: int = 0,
        flags: int = FLAG_ACK, lost: bool = False, near: bool = True, far: bool = True, delay_ns: int = DELAY_NS,
        ttl: int = FAR_TTL, stamp: int | None = None,
    ) -> Wire:  # fmt: skip
        """Send a segment; ``seq`` and ``ack`` count from the ends' first numbers. ``near`` and ``far`` say whether the
        captures have it where it is sent and where it arrives.
        """
        base = (CLIENT_SEQ, SERVER_SEQ)
        for end in (sender, 1 - sender):
            if not (near if end == sender else far and not lost):
                continue
            time_ns = START_NS + round(seconds * NS_PER_S) + (delay_ns if end != sender else 0) + end * self.ahead_ns
            number = 10 + len(self.frames[end])
            marks = NO_MARKS if stamp is None else Marks(window=500, timestamp=stamp, timestamp_echo=stamp)
            frame = Frame(
                number, time_ns, 0, ENDS[sender], ENDS[1 - sender], base[sender] + seq,
                base[1 - sender] + ack if flags & FLAG_ACK else 0, length, flags,
                NEAR_TTL if end == sender else ttl, marks=marks,
            )  # fmt: skip
            self.frames[end].append(frame)
        return self

    def talk(self, seconds: float) -> Wire:
        """A request and a response of 100 bytes each, acknowledged; only timestamps tell several of them apart."""
        stamp = round(seconds * 1000)
        self.send(seconds, 0, length=100, stamp=stamp).send(seconds + 0.01, 1, ack=100, length=100, stamp=stamp)
        return self.send(seconds + 0.02, 0, seq=100, ack=100, stamp=stamp)

    def views(self) -> tuple[View, View]:
        """Both captures, read."""
        first, second = (self._view(end) for end in (0, 1))
        return first, second

    def captured(self, end: int) -> list[Frame]:
        """What the capture at CLIENT (0) or SERVER (1) has, judged by the plugin."""
        frames = sorted(self.frames[end], key=lambda frame: frame.time_ns)
        return found_by_plugin(frames, end_ns=self._edges(end)[1])

    def _edges(self, end: int) -> tuple[int, int]:
        until = round(self.until * NS_PER_S)
        return START_NS - NS_PER_S + end * self.ahead_ns, START_NS + until + end * self.ahead_ns

    def _view(self, end: int) -> View:
        edges = self._edges(end)
        frames = self.captured(end)
        span = CaptureSpan()
        for number, time_ns in enumerate([edges[0], *(f.time_ns for f in frames), edges[1]], start=1):
            span.cover(number, time_ns)
        index = build_index(frames)
        name = ("client.pcap", "server.pcap")[end]
        reading = Reading(no_file(name, f"{end}" * 64), index, span)
        return View(reading, index.connections[0], ENDS)

    def aligned(self) -> Alignment:
        """Both captures, aligned."""
        return align(self.views(), NO_SHIFT, PARTIES)

    def packets(self) -> tuple[Packet, ...]:
        """Each packet with its fate."""
        return fates(self.aligned())

    def packet(self, flags: int = 0) -> Packet:
        """The only packet with these flags; without any, the only probe."""
        (found,) = [
            p for p in self.packets()
            if (p.captured.frame.flags & flags if flags else p.captured.frame.found(Probe) is not None)
        ]  # fmt: skip
        return found

    def conclusions(self) -> tuple[Conclusion, ...]:
        """What both captures say together."""
        alignment = self.aligned()
        return conclude(alignment, fates(alignment))

    def forged_reset(self, seconds: float, ttl: int = FAR_TTL) -> Wire:
        """A RST that reaches the client in the server's name, and that the server did not send."""
        return self.send(seconds, 1, seq=100, flags=FLAG_RST, near=False, ttl=ttl)


def lost(packets: tuple[Packet, ...]) -> list[int]:
    """The frames, at their senders, of the packets that got lost."""
    return [p.near.number for p in packets if p.fate is Fate.LOST and p.near is not None]
