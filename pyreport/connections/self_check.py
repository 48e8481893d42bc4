"""The fast reader checked by Wireshark: tshark with the plugin judges the connection once more, in an excerpt of the
capture, and finds the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.capture.engine import NOTHING_BESIDE, Beside, tshark_rows
from pyreport.capture.excerpt import Excerpt
from pyreport.capture.tshark import Tshark
from pyreport.connections.connection import Connection
from pyreport.connections.original import original
from pyreport.connections.reading import PARSERS
from pyreport.frames.columns import FIELDS
from pyreport.frames.frame import CaptureSpan, parse_rows


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
    rows = tshark_rows(tshark, excerpt.capture, FIELDS, PARSERS, beside=beside)
    own = {frame.number: frame.findings for frame in connection.frames}
    theirs = {
        number: tuple(original(finding, excerpt) for finding in frame.findings)
        for frame in parse_rows(rows, CaptureSpan())
        if (number := excerpt.original(frame.number)) in own
    }
    different = next((number for number, found in own.items() if theirs.get(number) != found), None)
    count = sum(map(len, own.values()))
    if different is None:
        return SelfCheck(claim("self-check-equal", findings=count))
    return SelfCheck(claim("self-check-differs", (different,), frame=FrameNumber(different)), different)
