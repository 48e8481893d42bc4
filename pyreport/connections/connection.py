"""A connection as its frames show it: what was found on it, what each side's keep-alive did.

Nothing is detected here, the plugin's findings are put in order and counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_MS
from pyreport.connections.outline import Outline, outline_of
from pyreport.frames.finding import Finding, Level
from pyreport.frames.findings import Missed, PostFinReset, Probe, Reset, Unanswered
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN, F, Frame

# A SYN so long after another one is sent again by a timer, and no second copy of it (Linux TCP_RTO_MIN).
SYN_AGAIN_NS = 200 * NS_PER_MS


class SideKeepalive(Struct, frozen=True):
    """Keep-alive of one side, as the plugin learned it. None: cannot be told from this capture."""

    idle_ns: int | None
    cadence_ns: int | None
    interval_ns: int | None
    probes: int
    answered: int
    unanswered: int
    missed: int


Load = Callable[["Connection"], list[Frame]]
# The findings with an id, all with "".
Find = Callable[[str], list[Finding]]


class Connection:
    """One TCP connection. ``a`` is the client when the SYN was seen, else the first sender.

    Its frames, in order, are read when they are first asked for, where its outline was known before. It is equal to
    itself only, so what was computed of one can be kept.
    """

    __slots__ = (
        *("_find", "_findings", "_firsts", "_frames", "_ids", "_load", "_of_kind", "_outline"),
        *("a", "b", "stream"),
    )

    def __init__(self, stream: int, a: Endpoint, b: Endpoint, frames: Iterable[Frame] = ()) -> None:
        self.stream = stream
        self.a, self.b = a, b
        self._frames: list[Frame] | None = list(frames)
        self._findings: list[Finding] | None = [finding for frame in self._frames for finding in frame.findings]
        self._ids: frozenset[str] | None = None
        self._outline: Outline | None = None
        self._load: Load | None = None
        self._find: Find | None = None
        self._firsts: dict[str, Finding] = {}
        self._of_kind: dict[type[Finding], list[Any]] = {}

    @classmethod
    def outlined(cls, outline: Outline, ids: frozenset[str], find: Find, load: Load) -> Connection:
        """A connection whose frames ``load`` reads, and whose findings, which have these ids, ``find`` gives."""
        connection = cls(outline.stream, outline.source, outline.destination)
        connection._frames, connection._findings, connection._ids = None, None, ids
        connection._outline, connection._load, connection._find = outline, load, find
        if outline.syn_from == 1:
            connection.turn()
        return connection

    def turn(self) -> None:
        """Let the other end be ``a``."""
        self.a, self.b = self.b, self.a

    def add(self, frame: Frame) -> None:
        """Take its next frame."""
        self.frames.append(frame)
        self.findings.extend(frame.findings)
        self._outline = self._ids = None
        self._of_kind.clear()

    @property
    def frames(self) -> list[Frame]:
        """Its frames in order."""
        if self._frames is None:
            assert self._load is not None
            self._frames = self._load(self)
        return self._frames

    @property
    def is_loaded(self) -> bool:
        """Whether its frames are there already."""
        return self._frames is not None

    def give(self, frames: list[Frame]) -> None:
        """Its frames, read together with those of others, with what was found on them."""
        self._frames = frames
        if self._findings is None:
            self._findings = [finding for frame in frames for finding in frame.findings]

    @property
    def findings(self) -> list[Finding]:
        """What was found on it, in the order of its frames."""
        if self._findings is None:
            assert self._find is not None
            self._findings = self._find("")
        return self._findings

    @property
    def found_ids(self) -> frozenset[str]:
        """The ids of its findings."""
        if self._ids is None:
            self._ids = frozenset(finding.id for finding in self.findings)
        return self._ids

    @property
    def outline(self) -> Outline:
        """What is known of it without its frames."""
        if self._outline is None:
            self._outline = outline_of(self.frames)
        return self._outline

    @property
    def first(self) -> Frame:
        """The first frame."""
        return self.frames[0]

    @property
    def last(self) -> Frame:
        """The last frame."""
        return self.frames[-1]

    @property
    def worst(self) -> Level:
        """The highest level of its findings; CHAT when there are none."""
        return max((finding.level for finding in self.findings), default=Level.CHAT)

    def other(self, endpoint: str) -> Endpoint:
        """The other end."""
        return self.b if endpoint == self.a else self.a

    def of(self, kind: type[F], side: str | None = None) -> list[F]:
        """Findings of one kind, in frame order; only those on frames that ``side`` sent, if given."""
        if kind.id not in self.found_ids:
            return []
        if kind not in self._of_kind:
            self._of_kind[kind] = [found for found in self.findings if isinstance(found, kind)]
        return [found for found in self._of_kind[kind] if side is None or found.source == side]

    def first_of(self, kind: type[F]) -> F | None:
        """The first finding of a kind."""
        if kind.id not in self.found_ids:
            return None
        if self._findings is None and self._find is not None:
            if kind.id not in self._firsts:
                self._firsts[kind.id] = self._find(kind.id)[0]
            found = self._firsts[kind.id]
            return found if isinstance(found, kind) else None
        return next((finding for finding in self.findings if isinstance(finding, kind)), None)

    def missed(self, side: str | None = None) -> list[Missed]:
        """Missed intervals, of one side only if given (the finding may stand on a frame of the other)."""
        return [finding for finding in self.of(Missed) if side is None or finding.by == side]

    def unanswered(self, side: str) -> list[Unanswered]:
        """Unanswered probes of one side (the finding stands on a later frame, maybe the other side's)."""
        probes = {finding.frame for finding in self.of(Probe, side=side)}
        return [finding for finding in self.of(Unanswered) if finding.probe_frame in probes]

    def drew_reset(self) -> frozenset[int]:
        """The segments that an RST answered."""
        answered = (f.cause_frame for f in self.findings if isinstance(f, PostFinReset | Reset))
        return frozenset(frame for frame in answered if frame is not None)

    def frame(self, number: int) -> Frame | None:
        """The frame of this connection with this number."""
        index = bisect_left(self.frames, number, key=lambda frame: frame.number)
        return self.frames[index] if index < len(self.frames) and self.frames[index].number == number else None

    @property
    def syn(self) -> Frame | None:
        """The client's SYN, when the capture has it."""
        return next((f for f in self.frames[:4] if f.is_syn), None)

    def before_opening(self) -> frozenset[int]:
        """The acknowledgments with which the server's end answered the SYN in place of a SYN-ACK: their numbers are
        those of an earlier connection of the same two ends, which that end still had (RFC 9293 section 3.5.1, half-open
        connections; RFC 5961 section 4, challenge ACK). A SYN-ACK after them shows it, the client's RST for one, or its
        SYN again where it sends nothing else: no SYN-ACK had come then.
        """
        syn = self.syn
        if syn is None:
            return frozenset()
        early: dict[int, int] = {}
        for frame in self.frames:
            if frame.source == syn.source:
                continue
            if frame.has(FLAG_SYN):
                return frozenset(early)
            if frame.length or frame.has(FLAG_RST | FLAG_FIN) or frame.ack == syn.end:
                return frozenset()
            early[frame.number] = frame.ack
        own = [frame for frame in self.frames if early and frame.source == syn.source and frame.number > min(early)]
        refused = any(frame.has(FLAG_RST) and frame.seq in early.values() for frame in own)
        asks = [frame.time_ns for frame in (syn, *own) if frame.is_syn]
        asked_again = any(after - before >= SYN_AGAIN_NS for before, after in pairwise(asks))
        has_nothing_else = all(frame.is_syn or frame.has(FLAG_RST) for frame in own)
        return frozenset(early) if refused or (asked_again and has_nothing_else) else frozenset()

    def fin_of(self, side: str) -> Frame | None:
        """The first FIN of a side that its receiver takes (``Frame.is_fin``)."""
        return next((frame for frame in self.frames if frame.source == side and frame.is_fin), None)

    def last_data_before(self, time_ns: int) -> Frame | None:
        """The last frame with new payload before a time: not what was sent again, nor a probe's garbage octet. Where
        all of it was sent again, the last of that.
        """
        said = [f for f in self.frames if f.time_ns < time_ns and f.length and not f.found(Probe)]
        return next((f for f in reversed(said) if not f.retransmission), said[-1] if said else None)

    def keepalive(self, side: str) -> SideKeepalive:
        """What one side's keep-alive did on this connection."""
        probes = self.of(Probe, side=side)
        latest = probes[-1] if probes else None
        return SideKeepalive(
            idle_ns=latest.idle_time_ns if latest else None,
            cadence_ns=latest.cadence_ns if latest else None,
            interval_ns=latest.interval_ns if latest else None,
            probes=len(probes),
            answered=sum(1 for probe in probes if probe.answer_frame),
            unanswered=len({finding.probe_frame for finding in self.unanswered(side)}),
            missed=sum(finding.intervals for finding in self.missed(side)),
        )
