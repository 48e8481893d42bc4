"""Findings by the plugin itself: its pure core judges frames that a test made, without tshark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import structs

from pyreport.frames.frame import Frame, parse_record
from tests.support.core import Core, Row

WINDOW, PAYLOAD = 500, b"xx"


def found_by_plugin(
    frames: Sequence[Frame], payloads: Mapping[int, bytes] = {}, *, end_ns: int = 0, alone: bool = False
) -> list[Frame]:
    """The frames of a capture, in order of time, with what the plugin finds on them in two passes. ``payloads`` has how
    a frame's payload begins by its number, where it matters; ``end_ns`` is the time of the capture's last frame, if
    later. ``alone``: the capture has no other frames, so where these rest it shows nothing.
    """
    core, start_ns = Core(), frames[0].time_ns
    for f in frames:
        if alone:
            core.pass_frame(f.number, f.time_ns - start_ns)
        core.observe(f.number, Row(
            f.time_ns - start_ns, f.source, f.destination, f.seq, f.ack, f.length, f.flags,
            WINDOW if f.marks.window is None else f.marks.window, f.stream, head=payloads.get(f.number, PAYLOAD),
            tsval=-1 if f.marks.timestamp is None else f.marks.timestamp, tsecr=f.marks.timestamp_echo or 0,
        ))  # fmt: skip
    core.finish(max(end_ns, frames[-1].time_ns) - start_ns)
    return [
        structs.replace(f, findings=tuple(
            parse_record(record.text, "", f.number, f.time_ns, start_ns, f.source) for record in core.records(f.number)
        ))
        for f in frames
    ]  # fmt: skip
