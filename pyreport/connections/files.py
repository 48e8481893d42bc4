"""What has to be said of the files of a capture, and of a capture of which only a part was asked for."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, Moment, claim
from pyreport.capture.file import Capture
from pyreport.capture.limits import Limits
from pyreport.capture.origins import Origins
from pyreport.connections.index import CaptureIndex


def warnings_of(capture: Capture, origins: Origins, index: CaptureIndex) -> Iterator[Claim]:
    """Files that changed while they were read, whose times overlap, or which have no host in common with the others."""
    for file in capture.files:
        yield from file.changes()
    if origins.overlap:
        yield claim("files-overlap", files=len(origins.counts))
    for place in strangers(origins, index):
        yield claim("files-of-other-hosts", file=capture.files[place].shown_path)


def strangers(origins: Origins, index: CaptureIndex) -> list[int]:
    """The files (places in the capture) none of whose hosts is in another file, when there are others with hosts.

    A connection is taken to be in all files between its first frame and its last one, so a file may be thought to have
    hosts that it has not, never the other way round.
    """
    if len(origins.counts) < 2:
        return []
    stretches: dict[str, set[tuple[int, int]]] = {}
    for connection in index.connections.values():
        first, last = origins.of(connection.outline.first), origins.of(connection.outline.last)
        if first is not None and last is not None:
            between = min(first.file, last.file), max(first.file, last.file)
            for end in (connection.a, connection.b):
                stretches.setdefault(end.host, set()).add(between)
    hosts: dict[int, set[str]] = {}
    for host, found in stretches.items():
        for low, high in found:
            for place in range(low, high + 1):
                hosts.setdefault(place, set()).add(host)
    return [
        place
        for place, own in sorted(hosts.items())
        if len(hosts) > 1 and all(own.isdisjoint(others) for other, others in hosts.items() if other != place)
    ]


def limited(limits: Limits) -> Iterator[Claim]:
    """What was asked for, so what was left out."""
    if limits.from_ns is not None and limits.to_ns is not None:
        yield claim("limited-from-to", first=Moment(limits.from_ns), last=Moment(limits.to_ns))
    elif limits.from_ns is not None:
        yield claim("limited-from", first=Moment(limits.from_ns))
    elif limits.to_ns is not None:
        yield claim("limited-to", last=Moment(limits.to_ns))
    if limits.host is not None:
        yield claim("limited-host", host=str(limits.host))
