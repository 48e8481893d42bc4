"""A capture read once: its frames sorted into connections, with what it covers and lacks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct, field
from msgspec.structs import replace

from pyreport.base.claim import Claim
from pyreport.base.errors import InputError
from pyreport.capture.engine import READ_BY_READER, Engine, Fast, Parsers, open_fast, tshark_rows
from pyreport.capture.excerpt import Excerpt, cut, whole
from pyreport.capture.file import Capture
from pyreport.capture.how_far import Watch, unwatched
from pyreport.capture.origins import Origins
from pyreport.capture.pcapng import DropCounters, read_drop_counters
from pyreport.capture.tshark import Tshark
from pyreport.connections.connection import Connection
from pyreport.connections.files import limited, warnings_of
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.connections.mixed import read_mixed
from pyreport.connections.on_demand import Parting, ReaderIndex
from pyreport.connections.payloads import Payloads, by_both, by_tshark, no_payloads
from pyreport.frames.columns import FIELDS
from pyreport.frames.findings import CaptureHole, Probe
from pyreport.frames.frame import CaptureSpan, parse_rows
from pyreport.frames.row import row_of_text, rows_of_json

PARSERS = Parsers(row_of_text, rows_of_json)


class Reading(Struct, frozen=True):
    """A capture that was read: its connections, what it covers, what it says of packets that it lacks, by which
    program, and which of its files each frame is from. ``load`` reads the frames of many connections at once;
    ``excerpt`` gives a capture to read a connection in again, ``payloads`` reads those of single frames, and
    ``partings`` are what connections that the reader calls quiet said last.
    """

    capture: Capture
    index: CaptureIndex
    span: CaptureSpan
    drops: DropCounters | None = None
    read_by: Claim = READ_BY_READER
    load: Callable[[Iterable[Connection]], None] = lambda _: None
    cut: Callable[[Connection], Excerpt] | None = None
    origins: Origins = field(default_factory=Origins)
    payloads: Payloads = no_payloads
    partings: Callable[[], Iterable[Parting]] = tuple

    def excerpt(self, connection: Connection) -> Excerpt:
        """Raises ToolError when it cannot be made."""
        return whole(self.capture) if self.cut is None else self.cut(connection)


def read_capture(tshark: Tshark, capture: Capture, watch: Watch = unwatched, engine: Engine = Engine.AUTO) -> Reading:
    """Read every frame once; ``watch`` is told how far it is, ``engine`` says by which program.

    The fast reader keeps the frames, and gives them when they are asked for.
    Raises InputError when the capture cannot be read or holds no TCP, ToolError when tshark or the plugin fails.
    """
    fast = open_fast(tshark, capture, FIELDS, engine, watch, may_set_aside=True)
    mixed = read_mixed(tshark, fast, watch) if isinstance(fast, Fast) and fast.odd else None
    if isinstance(fast, Fast) and fast.odd and mixed is None:
        fast = fast.given_up()
    if isinstance(fast, Claim):
        span, origins = CaptureSpan(), tshark.file_of(capture, watch).origins
        index = build_index(parse_rows(tshark_rows(tshark, capture, FIELDS, PARSERS, watch), span))
        _check_content(span, capture)
        reading = Reading(capture, index, span, _sum(list(_drops_of_files(capture))), fast, origins=origins)
        reading = replace(reading, payloads=partial(by_tshark, tshark, whole(capture)))
    else:
        reader = ReaderIndex(fast.process) if mixed is None else mixed.reader
        _check_content(reader.span, capture)
        index, process = reader.index() if mixed is None else mixed.index, fast.process

        def cut_out(connection: Connection) -> Excerpt:
            judged = mixed.excerpts.get(connection.stream) if mixed is not None else None
            return judged or cut(tshark, process, reader.of_reader(_streams_beside(index, connection)))

        drops = _sum(process.tidings.drops)
        read_by = fast.read_by if mixed is None else mixed.read_by
        payloads = partial(by_both, tshark, reader, mixed.excerpts if mixed is not None else {})
        reading = Reading(
            *(capture, index, reader.span, drops, read_by, reader.load, cut_out, fast.origins),
            payloads=payloads,
            partings=reader.partings,
        )
    for warning in (*warnings_of(capture, reading.origins, reading.index), *limited(capture.limits)):
        tshark.warn(warning)
    return reading


def _streams_beside(index: CaptureIndex, connection: Connection) -> list[int]:
    """The connections that an excerpt needs for the findings on one: itself; where the capture has a hole, all that
    probe, since the finding counts those of which a probe was due then.
    """
    if connection.first_of(CaptureHole) is None:
        return [connection.stream]
    probing = (other.stream for other in index.connections.values() if Probe.id in other.found_ids)
    return sorted({connection.stream, *probing})


def _drops_of_files(capture: Capture) -> Iterator[DropCounters]:
    for file in capture.files:
        drops = read_drop_counters(file.path)
        if drops is not None:
            yield drops


def _sum(found: Sequence[DropCounters]) -> DropCounters | None:
    """Those of all files; None when none has any."""
    if not found:
        return None
    return DropCounters(sum(drops.by_interface for drops in found), sum(drops.by_system for drops in found))


def _check_content(span: CaptureSpan, capture: Capture) -> None:
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
