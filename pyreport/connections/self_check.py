"""The fast reader checked by Wireshark: tshark with the plugin judges the connection once more, in an excerpt of the
capture, and finds the same.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.capture.engine import NOTHING_BESIDE, Beside
from pyreport.capture.excerpt import Excerpt
from pyreport.capture.tshark import Tshark
from pyreport.connections.connection import Connection
from pyreport.connections.original import original
from pyreport.frames.columns import FIELDS
from pyreport.frames.finding import Finding
from pyreport.frames.frame import NOBODY, Records, Segments
from pyreport.frames.row import values_of

# What a finding is made of: the columns, and which frames have one. The plugin counts from the first frame's time.
COLUMNS = ("number", "time", "source_4", "source_6", "source_port", "records", "summaries")
FOUND, FIRST = "keepalive.record", "frame.number == 1"


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """What came of it: the claim for the report, and the first frame with another finding, None when all are equal."""

    told: Claim
    first_difference: int | None = None


def self_check(
    tshark: Tshark, connection: Connection, excerpt: Excerpt, beside: Beside = NOTHING_BESIDE
) -> SelfCheck | None:
    """Hold the findings on a connection against those of tshark with the plugin on its excerpt; None where tshark has
    judged it in the first place. ``beside`` is read in the same pass.

    Raises what Tshark.read_rows raises.
    """
    if excerpt.numbers is None or excerpt.is_judged:
        return None
    own = {frame.number: frame.findings for frame in connection.frames}
    theirs = dict(_by_wireshark(tshark, connection, excerpt, beside, own))
    different = next((number for number, found in own.items() if theirs.get(number, ()) != found), None)
    if different is None:
        return SelfCheck(claim("self-check-equal", findings=sum(map(len, own.values()))))
    return SelfCheck(claim("self-check-differs", (different,), frame=FrameNumber(different)), different)


def _by_wireshark(
    tshark: Tshark, connection: Connection, excerpt: Excerpt, beside: Beside, frames: Container[int]
) -> Iterator[tuple[int, tuple[Finding, ...]]]:
    """Those of these frames that have findings, and what they have, with the numbers of the whole capture."""
    wanted = f"{FOUND} || {beside.protocol}" if beside.protocol else FOUND
    fields = [getattr(FIELDS, name) for name in COLUMNS]
    shown = f"tcp.stream == {connection.stream} && ({wanted})"
    texts = tshark.read_rows(excerpt.capture, (*fields, *beside.columns), f"{wanted} || {FIRST}", beside.options, shown)
    segments: Segments | None = None
    for text in beside.taken(texts, len(fields)):
        number, time_ns, source_4, source_6, port, records, summaries = values_of(COLUMNS, text)
        segments = segments or Segments(time_ns)
        address = source_4 or source_6
        if records and excerpt.original(number) in frames:
            # A frame that is no segment to Wireshark has another sender than the reader says, and so is found out.
            source = segments.endpoint(address, port) if address and port is not None else NOBODY
            told = Records(number, time_ns, connection.stream, 0, records, summaries).parsed(segments.start_ns, source)
            yield excerpt.original(number), tuple(original(finding, excerpt) for finding in told)
