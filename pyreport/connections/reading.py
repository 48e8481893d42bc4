"""A capture read once: its frames sorted into connections, with what it covers and lacks."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError
from pyreport.capture.engine import Engine, Parsers, read_all
from pyreport.capture.file import Capture
from pyreport.capture.how_far import Watch, unwatched
from pyreport.capture.origins import Origins
from pyreport.capture.pcapng import DropCounters, read_drop_counters
from pyreport.capture.tshark import Tshark
from pyreport.connections.files import limited, warnings_of
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.frames.columns import FIELDS
from pyreport.frames.frame import CaptureSpan, parse_rows
from pyreport.frames.row import row_of_text, rows_of_json

PARSERS = Parsers(row_of_text, rows_of_json)


@dataclass(frozen=True, slots=True)
class Reading:
    """A capture that was read: its connections, what it covers, what it says of packets that it lacks, by which
    program, and which of its files each frame is from.
    """

    capture: Capture
    index: CaptureIndex
    span: CaptureSpan
    drops: DropCounters | None = None
    read_by: Claim = field(default_factory=lambda: claim("read-by-reader"))
    origins: Origins = field(default_factory=Origins)


def read_capture(tshark: Tshark, capture: Capture, watch: Watch = unwatched, engine: Engine = Engine.AUTO) -> Reading:
    """Read every frame once; ``watch`` is told how far it is, ``engine`` says by which program.

    Raises InputError when the capture cannot be read or holds no TCP, ToolError when tshark or the plugin fails.
    """
    span = CaptureSpan()
    read = read_all(tshark, capture, FIELDS, PARSERS, engine, watch)
    index = build_index(parse_rows(read.rows, span))
    if span.frames == 0:
        if not capture.limits.is_none:
            raise InputError(
                f"{capture.shown_path} has no packet within --from, --to and --host: check them, and --tz."
            )
        raise InputError(
            f"There is not one packet in {capture.shown_path}: check the capture filter and the interface."
        )
    if span.tcp_frames == 0:
        raise InputError(
            f"There is no TCP in the {span.frames} frames of {capture.shown_path}: check the capture filter and the "
            "interface."
        )
    for warning in (*warnings_of(capture, read.origins, index), *limited(capture.limits, read.origins, span)):
        tshark.warn(warning)
    return Reading(capture, index, span, _drops(capture), read.read_by, read.origins)


def _drops(capture: Capture) -> DropCounters | None:
    """Those of all files."""
    found = [drops for file in capture.files if (drops := read_drop_counters(file.path)) is not None]
    if not found:
        return None
    return DropCounters(sum(drops.by_interface for drops in found), sum(drops.by_system for drops in found))
