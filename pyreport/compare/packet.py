"""A packet of the connection: as one capture has it, as a pair of both, and with its fate."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim
from pyreport.compare.view import ENDS
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, F, Frame
from pyreport.frames.seq import ahead, shifted

IDENTITY_FLAGS = FLAG_SYN | FLAG_FIN | FLAG_RST

#: Frame numbers by capture.
Frames = tuple[tuple[int, ...], tuple[int, ...]]
NO_FRAMES: Frames = ((), ())


class CapturedPacket(Struct, frozen=True):
    """One frame of the connection in one capture. ``sender`` is an end; ``seq`` and ``ack`` are the header's, in the
    numbers of capture 0, so that a packet has the same in both captures even if something between rewrites them.
    """

    frame: Frame
    sender: int
    seq: int
    ack: int

    @property
    def number(self) -> int:
        """Its frame number in its capture."""
        return self.frame.number

    @property
    def time_ns(self) -> int:
        """Its time on the clock of its capture."""
        return self.frame.time_ns

    @property
    def timestamp(self) -> int | None:
        """The TSval of its timestamps option (RFC 7323), None without."""
        return self.frame.marks.timestamp

    @property
    def stamps(self) -> tuple[int | None, int | None]:
        """TSval and TSecr of its timestamps option, None without."""
        return self.frame.marks.timestamp, self.frame.marks.timestamp_echo

    @property
    def space(self) -> int:
        """The sequence space that it takes: payload, SYN and FIN."""
        return self.frame.space

    @property
    def end(self) -> int:
        """The sequence number after it."""
        return shifted(self.seq, self.space)

    @property
    def is_reset(self) -> bool:
        """Whether it is an RST."""
        return self.frame.has(FLAG_RST)

    @property
    def is_fin(self) -> bool:
        """Whether it carries a FIN."""
        return self.frame.has(FLAG_FIN) and not self.is_reset

    def acknowledges(self, number: int) -> bool:
        """Whether it says that everything below a sequence number of the other side has arrived."""
        return self.frame.has(FLAG_ACK) and not self.is_reset and ahead(self.ack, number) >= 0


class Pair(Struct, frozen=True):
    """One packet in both captures: ``near`` at its sender's end, ``far`` at its receiver's.

    ``is_sure``: nothing else it could have been, so that its times may set the clocks.
    """

    near: CapturedPacket
    far: CapturedPacket
    is_sure: bool = True


class Fate(StrEnum):
    """What became of a packet between the two captures."""

    ARRIVED = "arrived"  # in both
    ARRIVED_IN_PIECES = "arrived in pieces"  # its bytes are in both, cut or joined on the way or by a network card
    ARRIVED_UNSEEN = "arrived unseen"  # the receiver acted on it; only its capture lacks it
    LOST = "lost"  # left its sender and did not reach the other capture
    NOT_SENT = "not sent"  # reached the receiver, and its alleged sender did not send it
    SENT_UNSEEN = "sent unseen"  # its sender went on as having sent it; only the capture there lacks it
    NOT_COVERED = "not covered"  # the capture that lacks it does not cover that time
    UNKNOWN = "cannot be told"


#: The fates of a packet that is whole in both captures.
WHOLE = (Fate.ARRIVED, Fate.ARRIVED_IN_PIECES)


class Packet(Struct, frozen=True):
    """One packet with its fate. One of ``near`` and ``far`` may be None. ``why`` says what a fate other than ARRIVED
    rests on; ``proof`` are frames that show it; ``is_proven`` says whether that excludes everything else.
    """

    sender: int
    near: CapturedPacket | None
    far: CapturedPacket | None
    fate: Fate
    why: tuple[Claim, ...] = ()
    proof: Frames = NO_FRAMES
    is_proven: bool = True

    @property
    def captured(self) -> CapturedPacket:
        """The packet where it was sent, else where it arrived."""
        captured = self.near or self.far
        assert captured is not None
        return captured

    @property
    def receiver(self) -> int:
        """The end that it is for."""
        return 1 - self.sender

    def at(self, end: int) -> CapturedPacket | None:
        """The packet in the capture of one end."""
        return self.near if end == self.sender else self.far

    def found(self, kind: type[F]) -> F | None:
        """The first finding of a kind, where it was sent before where it arrived."""
        both = (self.near, self.far)
        return next((f for one in both if one is not None if (f := one.frame.found(kind)) is not None), None)

    @property
    def frames(self) -> Frames:
        """Its frame in each capture."""
        first, second = (self.at(end) for end in ENDS)
        return (first.number,) if first else (), (second.number,) if second else ()

    @property
    def evidence(self) -> Frames:
        """Its own frames and those that show its fate."""
        return merged((self.frames, self.proof))


def merged(frames: Iterable[Frames]) -> Frames:
    """Frames of several things, by capture, in order and each once."""
    both: tuple[set[int], set[int]] = (set(), set())
    for entry in frames:
        for end in ENDS:
            both[end].update(entry[end])
    return tuple(sorted(both[0])), tuple(sorted(both[1]))
