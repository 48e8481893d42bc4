"""A connection as both captures have it: its packets in common terms, and which of them are the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from pyreport.compare.numbers import ahead, shifted
from pyreport.connections.connection import Connection
from pyreport.connections.reading import Reading
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, Frame

#: The two ends and the capture at each: 0 is the client, or side A where neither SYN nor port tells, 1 the other one.
ENDS = (0, 1)
IDENTITY_FLAGS = FLAG_SYN | FLAG_FIN | FLAG_RST


@dataclass(frozen=True, slots=True)
class Options:
    """What the bulk pass does not read of a segment: timestamps (RFC 7323; None without) and the window as sent."""

    tsval: int | None = None
    tsecr: int | None = None
    window: int | None = None


NO_OPTIONS = Options()


@dataclass(frozen=True, slots=True)
class Packet:
    """One frame of the connection in one capture. ``sender`` is an end; ``seq`` and ``ack`` are the header's, in the
    numbers of capture 0, so that a packet has the same in both captures even if something between rewrites them.
    """

    frame: Frame
    sender: int
    seq: int
    ack: int
    options: Options = NO_OPTIONS

    @property
    def number(self) -> int:
        """Its frame number in its capture."""
        return self.frame.number

    @property
    def time_ns(self) -> int:
        """Its time on the clock of its capture."""
        return self.frame.time_ns

    @property
    def space(self) -> int:
        """The sequence space that it takes (RFC 9293 SEG.LEN): payload, SYN and FIN."""
        return self.frame.length + self.frame.has(FLAG_SYN) + self.frame.has(FLAG_FIN)

    @property
    def end(self) -> int:
        """The sequence number after it."""
        return shifted(self.seq, self.space)

    @property
    def is_reset(self) -> bool:
        """Whether it is a RST."""
        return self.frame.has(FLAG_RST)

    @property
    def is_fin(self) -> bool:
        """Whether it carries a FIN."""
        return self.frame.has(FLAG_FIN) and not self.is_reset

    def acknowledges(self, number: int) -> bool:
        """Whether it says that everything below a sequence number of the other side has arrived."""
        return self.frame.has(FLAG_ACK) and not self.is_reset and ahead(self.ack, number) >= 0


@dataclass(frozen=True, slots=True)
class Shift:
    """What has to be added to the sequence numbers of each sender in capture 0 to get those of capture 1."""

    by_sender: tuple[int, int] = (0, 0)


NO_SHIFT = Shift()


@dataclass(frozen=True, slots=True)
class View:
    """One capture's side of the story: the connection in it, and which endpoint of it is which end."""

    reading: Reading
    connection: Connection
    endpoints: tuple[str, str]
    options: dict[int, Options] = field(default_factory=dict)

    def sender_of(self, frame: Frame) -> int:
        """The end that sent a frame."""
        return self.endpoints.index(frame.source)

    @property
    def starts_ns(self) -> int:
        """When this capture begins, as far as its frames tell, on its clock."""
        return self.reading.span.first_time_ns

    @property
    def ends_ns(self) -> int:
        """When this capture ends, as far as its frames tell, on its clock."""
        return self.reading.span.last_time_ns


@dataclass(frozen=True, slots=True)
class Pair:
    """One packet in both captures: ``near`` at its sender's end, ``far`` at its receiver's.

    ``is_sure``: nothing else it could have been, so that its times may set the clocks.
    """

    near: Packet
    far: Packet
    is_sure: bool = True


class Fate(StrEnum):
    """What became of a packet between the two captures."""

    ARRIVED = "arrived"  # in both
    ARRIVED_IN_PIECES = "arrived in pieces"  # its octets are in both, cut or joined on the way or by a network card
    ARRIVED_UNSEEN = "arrived unseen"  # the receiver acted on it; only its capture lacks it
    LOST = "lost"  # left its sender and did not reach the other capture
    NOT_SENT = "not sent"  # reached the receiver, and its alleged sender did not send it
    SENT_UNSEEN = "sent unseen"  # its sender went on as having sent it; only the capture there lacks it
    NOT_COVERED = "not covered"  # the capture that lacks it does not cover that time
    UNKNOWN = "cannot be told"


@dataclass(frozen=True, slots=True)
class Passage:
    """One packet with its fate. One of ``near`` and ``far`` may be None. ``why`` says what a fate other than ARRIVED
    rests on; ``proof`` are frames of the two captures (numbers, by end) that show it; ``is_proven`` says whether that
    excludes everything else.
    """

    sender: int
    near: Packet | None
    far: Packet | None
    fate: Fate
    why: str = ""
    proof: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    is_proven: bool = True

    @property
    def packet(self) -> Packet:
        """The packet where it was sent, else where it arrived."""
        packet = self.near or self.far
        assert packet is not None
        return packet

    @property
    def receiver(self) -> int:
        """The end that it is for."""
        return 1 - self.sender

    def at(self, end: int) -> Packet | None:
        """The packet in the capture of one end."""
        return self.near if end == self.sender else self.far

    def frames(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Its frame in each capture, by end."""
        first, second = (self.at(end) for end in ENDS)
        return (first.number,) if first else (), (second.number,) if second else ()
