"""The fast reader checked by Wireshark: tshark with the plugin judges the connection once more, in an excerpt of the
capture, and finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.capture.excerpt import Excerpt
from pyreport.capture.packet_details import FrameHeaders, Judged, Other, decode_frames
from pyreport.capture.tshark import Tshark
from pyreport.connections.connection import Connection
from pyreport.connections.original import original
from pyreport.frames.columns import FIELDS
from pyreport.frames.finding import Finding
from pyreport.frames.frame import FRAME_FIELDS, NOBODY, Records
from pyreport.frames.row import values_of

# What a finding is made of: the columns that a user types to see the same, and which frames have one.
COLUMNS = ("number", "time", "source_4", "source_6", "source_port", "records", "summaries")
FOUND = "keepalive.record"
# The columns that a line of the plugin's ledger has the values of.
JUDGED = ("number", "time", "time", "source_4", "source_port", "records", "summaries")


class SelfCheck(Struct, frozen=True):
    """What came of it: the claim for the report, the first frame with another finding, None when all are equal, and the
    headers that were decoded in the same pass, in frame order.
    """

    told: Claim
    first_difference: int | None = None
    headers: Sequence[FrameHeaders] = ()


def self_check(
    tshark: Tshark,
    connection: Connection,
    excerpt: Excerpt,
    decoded: Iterable[int] = (),
    others: Sequence[Other] = (),
) -> SelfCheck | None:
    """Hold the findings on a connection against those of tshark with the plugin on its excerpt; None where tshark has
    judged it in the first place. ``decoded`` are the frames whose headers are wanted, too, ``others`` what else.

    Raises what decode_frames raises.
    """
    if excerpt.numbers is None or excerpt.is_judged:
        return None
    own = {frame.number: frame.findings for frame in connection.frames}
    theirs: dict[int, tuple[Finding, ...]] = {}

    def take(judged: Judged) -> None:
        place, *values = values_of(JUDGED, judged)
        number = excerpt.original(place)
        if number in own:
            found = _by_wireshark(place, values, connection)
            theirs[number] = tuple(original(finding, excerpt) for finding in found)

    shown = f"tcp.stream == {connection.stream} && {FOUND}"
    tshark.note_rows(excerpt.capture, [getattr(FIELDS, name) for name in COLUMNS], shown)
    headers = decode_frames(tshark, excerpt, decoded, connection.stream, FRAME_FIELDS, take, others)
    different = next((number for number, found in own.items() if theirs.get(number, ()) != found), None)
    if different is None:
        return SelfCheck(claim("self-check-equal", findings=sum(map(len, own.values()))), headers=headers)
    return SelfCheck(claim("self-check-differs", (different,), frame=FrameNumber(different)), different)


def _by_wireshark(number: int, values: list[Any], connection: Connection) -> Iterator[Finding]:
    """What the plugin finds on a frame, with the numbers of the excerpt; ``values`` are those of JUDGED behind it."""
    time_ns, start_ns, address, port, records, summaries = values
    try:
        source = Endpoint.of(address or "", port)
    except ValueError:
        # A frame that is no segment to Wireshark has another sender than the reader says, and so is found out.
        source = NOBODY
    return Records(number, time_ns, connection.stream, 0, records, summaries).parsed(start_ns, source)
