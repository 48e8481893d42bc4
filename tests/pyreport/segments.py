"""Connections with real sequence numbers and with the marks of the place of capture, told segment by segment.

A frame's number is its place in the story, from 1.
"""

from __future__ import annotations

from dataclasses import replace

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.frames.capture_hints import NO_MARKS, Marks
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_SYN, CaptureSpan, Frame
from tests.pyreport.cases import CLIENT, SERVER, START_NS
from tests.pyreport.plugin_findings import found_by_plugin

US, MS = 1_000, 1_000_000
FIRST_SEQ = {CLIENT: 1_000, SERVER: 2_000}


class Segments:
    """One connection. Each method adds a segment at a time in microseconds from the start."""

    def __init__(self, limits: tuple[int, int] = (64, 64), stream: int = 0) -> None:
        self.limits = dict(zip((CLIENT, SERVER), limits, strict=True))
        self.stream = stream
        self.next = dict(FIRST_SEQ)
        self.frames: list[Frame] = []

    def add(
        self, us: int, side: Endpoint, length: int = 0, flags: int = FLAG_ACK, *, seq: int | None = None,
        ack: int | None = None, marks: Marks = NO_MARKS, retransmission: bool = False, captured: bool = True,
    ) -> Segments:  # fmt: skip
        """A segment; the next number of its side and the other's are filled in. ``captured`` False: it was sent, and
        is not in the capture.
        """
        other = SERVER if side == CLIENT else CLIENT
        number = len(self.frames) + 1
        start = self.next[side] if seq is None else seq
        frame = Frame(
            number, START_NS + us * US, self.stream, side, other, start % 2**32,
            (self.next[other] if ack is None else ack) % 2**32, length, flags, self.limits[side], retransmission,
            marks=marks,
        )  # fmt: skip
        if seq is None:
            self.next[side] = start + length + bool(flags & FLAG_SYN) + bool(flags & FLAG_FIN)
        if captured:
            self.frames.append(frame)
        return self

    def handshake(self, to_server_us: int, to_client_us: int) -> Segments:
        self.add(0, CLIENT, flags=FLAG_SYN)
        self.add(to_server_us, SERVER, flags=FLAG_SYN | FLAG_ACK)
        return self.add(to_server_us + to_client_us, CLIENT)

    def probe(self, us: int, side: Endpoint, answer_us: int | None = 220, octets: int = 0) -> Segments:
        """A probe and, ``answer_us`` later, its answer."""
        self.add(us, side, octets, seq=self.next[side] - 1)
        return self if answer_us is None else self.add(us + answer_us, SERVER if side == CLIENT else CLIENT)

    def marked(self, **marks: Marks) -> Segments:
        """The same with marks on all frames of ``client`` and of ``server``."""
        by_side = {CLIENT: marks.get("client", NO_MARKS), SERVER: marks.get("server", NO_MARKS)}
        self.frames = [replace(frame, marks=by_side[frame.source]) for frame in self.frames]
        return self

    @property
    def connection(self) -> Connection:
        return self.index().connections[self.stream]

    def index(self, *others: Segments) -> CaptureIndex:
        """The index of this and other connections, each judged by the plugin."""
        stories = [sorted(story.frames, key=lambda frame: frame.time_ns) for story in (self, *others)]
        frames = [frame for story in stories for frame in found_by_plugin(story)]
        return build_index(sorted(frames, key=lambda frame: frame.time_ns))

    def span(self) -> CaptureSpan:
        span = CaptureSpan()
        for frame in self.frames:
            span.cover(frame.number, frame.time_ns)
        return span
