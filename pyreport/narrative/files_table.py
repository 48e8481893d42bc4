"""The files of a capture of several, and where in them the frames lie that a report cites."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from pyreport.base.claim import Claim
from pyreport.connections.reading import Reading
from pyreport.narrative.model import DecodedFrame, FileRow, FilesTable, Step, StretchRow


def files_table(reading: Reading, cited: Iterable[int]) -> FilesTable | None:
    """The table for a report that cites these frames; None for a capture of one file."""
    capture, origins = reading.capture, reading.origins
    if capture.is_one_file:
        return None
    sums = capture.sums.all()
    found = origins.stretches_of(cited)
    places = sorted({stretch.origin.file for stretch in found})
    files = tuple(
        FileRow(capture.files[place].shown_path, sums[place], capture.files[place].size, origins.counts[place])
        for place in places
    )
    stretches = tuple(
        StretchRow(
            capture.files[stretch.origin.file].shown_path,
            stretch.first,
            stretch.first + stretch.count - 1,
            stretch.origin.number,
            stretch.origin.number + stretch.count - 1,
        )
        for stretch in found
    )
    return FilesTable(files, stretches, len(capture.files), origins.overlap)


def cited_frames(part: object) -> Iterator[int]:
    """The frames that a report or a part of it cites: in its claims, its steps, its decoded headers."""
    if isinstance(part, Claim):
        yield from part.frames
        yield from cited_frames(tuple(part.values.values()))
    elif isinstance(part, Step):
        yield from (frame for frame in (part.first_frame, part.last_frame) if frame is not None)
        yield from cited_frames(part.claims)
    elif isinstance(part, DecodedFrame):
        yield part.frame
        yield from cited_frames(part.caption)
    elif isinstance(part, tuple | list):
        for each in part:
            yield from cited_frames(each)
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from cited_frames(getattr(part, name))
