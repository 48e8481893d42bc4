"""The payload of single frames, by their numbers: what most of a capture's frames are not asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from pyreport.capture.excerpt import Excerpt
from pyreport.capture.packet_details import Other, decode_frames
from pyreport.capture.tshark import Tshark
from pyreport.connections.on_demand import ReaderIndex
from pyreport.frames.frame import Frame

FIELDS = ("tcp.payload",)
# tshark is asked for no more: each is compared with each frame of its capture.
MOST_BY_TSHARK = 1_000


def whole_payloads(rows: Iterable[Sequence[str]], frames: Iterable[Frame]) -> dict[int, bytes]:
    """The payloads in rows of FIELDS, as tshark tells them, by the number of their frame; without those that the
    capture has cut.
    """
    lengths = {frame.number: frame.length for frame in frames}
    return {number: octets for number, octets in _told(rows) if len(octets) == lengths.get(number)}


def begun_payloads(rows: Iterable[Sequence[str]], frames: Iterable[Frame]) -> dict[int, bytes]:
    """The begins of those that the capture has cut, by the number of their frame."""
    lengths = {frame.number: frame.length for frame in frames}
    return {number: octets for number, octets in _told(rows) if 0 < len(octets) < lengths.get(number, 0)}


def _told(rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, bytes]]:
    return ((int(number), bytes.fromhex(octets.replace(":", ""))) for number, octets in rows)


class Payloads(Protocol):
    """What reads the payloads of frames."""

    def __call__(self, frames: Sequence[Frame], *, whole: bool) -> dict[int, bytes]:
        """By their numbers; of long ones, unless ``whole``, maybe the begin and the end only."""


def no_payloads(frames: Sequence[Frame], *, whole: bool) -> dict[int, bytes]:
    """Of a capture that cannot be read again."""
    del frames, whole
    return {}


def by_tshark(tshark: Tshark, excerpt: Excerpt, frames: Sequence[Frame], *, whole: bool = True) -> dict[int, bytes]:
    """The payloads of frames of an excerpt, whole in any case. Raises what decode_frames raises."""
    del whole
    wanted = frames[:MOST_BY_TSHARK]
    if not wanted:
        return {}
    other = Other(FIELDS, frames=tuple(sorted(frame.number for frame in wanted)))
    decode_frames(tshark, excerpt, [], others=[other])
    return whole_payloads(other.rows, wanted)


def by_both(
    tshark: Tshark, reader: ReaderIndex, excerpts: Mapping[int, Excerpt], frames: Sequence[Frame], *, whole: bool
) -> dict[int, bytes]:
    """The same where the reader has most connections, and tshark those of ``excerpts``."""
    of_reader = [frame.number for frame in frames if frame.stream not in excerpts]
    found = reader.payloads(of_reader, whole=whole) if of_reader else {}
    for excerpt, theirs in _by_excerpt(excerpts, frames):
        found |= by_tshark(tshark, excerpt, theirs)
    return found


def _by_excerpt(excerpts: Mapping[int, Excerpt], frames: Iterable[Frame]) -> Iterator[tuple[Excerpt, list[Frame]]]:
    groups: dict[int, list[Frame]] = defaultdict(list)
    for frame in frames:
        if frame.stream in excerpts:
            groups[id(excerpts[frame.stream])].append(frame)
    return ((excerpts[theirs[0].stream], theirs) for theirs in groups.values())
