"""Several files put together in one, for tshark, which reads only one."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterator
from operator import itemgetter
from typing import BinaryIO

from pyreport.base.claim import Claim, claim
from pyreport.capture.file import Capture, CaptureFile
from pyreport.capture.how_far import HowFar, Step, Watch
from pyreport.capture.origins import Origins
from pyreport.capture.pcapng_blocks import (
    IF_TSRESOL,
    Packet,
    enhanced_packet,
    interface_description,
    section_header,
    written,
)
from pyreport.capture.records import DamageError, Record, Records

# A billion ticks a second (if_tsresol of draft-ietf-opsawg-pcapng).
_IN_NANOSECONDS = ((IF_TSRESOL, b"\x09"),)
# How many bytes are written from one word of how far it is to the next.
_STRIDE = 1 << 24
# A packet of pcap needs 16 octets around it, one of pcapng 32 and padding: a third more, when all are of 60 octets.
GROWTH = 1.35


def join(capture: Capture, target: BinaryIO, watch: Watch) -> tuple[Origins, list[Claim]]:
    """Write the packets of all files in order of time (of the same time: those of the earlier file first) as a pcapng
    file. Returns which file each is from, and what has to be said of files that are cut or damaged.

    Raises OSError when a file cannot be read or the target cannot be written.
    """
    origins, notes = Origins(), list[Claim]()
    streams = [_numbered(place, file, notes) for place, file in enumerate(capture.files)]
    target.write(written(section_header()))
    interfaces: dict[int, int] = {}
    frame, last, due = 0, -1, _STRIDE
    for _, place, record in heapq.merge(*streams, key=itemgetter(0)):
        frame += 1
        if place != last:
            origins.begin(frame, place)
            last = place
        if record.link not in interfaces:
            interfaces[record.link] = len(interfaces)
            target.write(written(interface_description(record.link, 0, _IN_NANOSECONDS)))
        octets = os.pread(capture.files[place].descriptor, record.captured, record.offset)
        packet = Packet(interfaces[record.link], record.time_ns, octets, record.length, b"")
        target.write(written(enhanced_packet(packet)))
        if target.tell() >= due:
            due = target.tell() + _STRIDE
            watch(HowFar(Step.JOINING, target.tell(), 0, frame))
    origins.end(frame)
    return origins, notes


def _numbered(place: int, file: CaptureFile, notes: list[Claim]) -> Iterator[tuple[int, int, Record]]:
    records = Records(file.descriptor, file.size)
    try:
        for record in records:
            yield record.time_ns, place, record
    except DamageError as error:
        notes.append(claim("capture-damaged-file", file=file.shown_path, damage=error.damage))
    if records.is_cut:
        notes.append(claim("capture-cut-short", file=file.shown_path))
