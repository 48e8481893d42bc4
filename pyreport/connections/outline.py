"""A connection in outline: what is asked of all of a capture, also of those whose frames nobody looks at."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame

# The client's SYN is among so many first frames.
BEGINNING = 4


class Outline(Struct, frozen=True):
    """``source`` is the end that sent the first frame. Frames by their numbers, times in ns since the epoch.

    ``syn_from`` is the end that sent a SYN to open it: 0 the source, 1 the destination, -1 none. ``last_of`` are the
    last frames of source and destination that are no RST, each with its time, (0, 0) for none, ``reply`` is the
    first frame of the destination, with its flags. ``is_quiet``: the fast
    reader saw that nothing can be wrong with it but what was found, or a reply that is owed: ``payload_from`` is the
    end that sent payload last, at ``payload_ns`` (of quiet connections only). What tshark read is never called quiet.
    """

    stream: int
    source: Endpoint
    destination: Endpoint
    first: int
    first_ns: int
    last: int
    last_ns: int
    frames: int
    syn_from: int
    is_two_sided: bool
    has_reset: bool
    last_of: tuple[tuple[int, int], tuple[int, int]]
    reply: tuple[int, int]
    is_quiet: bool = False
    payload_from: int = -1
    payload_ns: int = 0

    @property
    def is_accepted(self) -> bool:
        """Whether the first frame of the destination is a SYN-ACK."""
        return self.reply[1] & (FLAG_SYN | FLAG_ACK) == FLAG_SYN | FLAG_ACK

    def last_of_end(self, end: str) -> tuple[int, int]:
        """The last frame of an end that is no RST, and its time; (0, 0) for none."""
        return self.last_of[0] if end == self.source else self.last_of[1]


def outline_of(frames: Sequence[Frame]) -> Outline:
    """The outline of a connection with these frames, of which there is one at least."""
    first, last = frames[0], frames[-1]
    syn = next((f for f in frames[:BEGINNING] if f.is_syn), None)
    last_of = {frame.source: (frame.number, frame.time_ns) for frame in frames if not frame.has(FLAG_RST)}
    return Outline(
        first.stream,
        first.source,
        first.destination,
        first.number,
        first.time_ns,
        last.number,
        last.time_ns,
        len(frames),
        -1 if syn is None else int(syn.source != first.source),
        len({frame.source for frame in frames}) > 1,
        any(frame.has(FLAG_RST) for frame in frames),
        (last_of.get(first.source, (0, 0)), last_of.get(first.destination, (0, 0))),
        next(((frame.number, frame.flags) for frame in frames if frame.source != first.source), (0, 0)),
    )
