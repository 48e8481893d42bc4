"""The JSON of ``pyreport compare --json``: a public interface, ComparisonJson of report.schema.json.

The names of its fields follow report_json; "client" is the end of the first of ``captures``, side A when neither
the SYN nor a port tells the roles.
"""

from __future__ import annotations

from typing import Annotated, Literal, cast

from msgspec import Meta

from pyreport import __version__
from pyreport.base.claim import Party
from pyreport.compare.alignment import Alignment
from pyreport.compare.changes import Change, ChangeId
from pyreport.compare.clocks import Clocks
from pyreport.compare.comparison import Comparison
from pyreport.compare.conclusion import Conclusion, ConclusionKind, Where, delay_of
from pyreport.compare.packet import Fate, Packet
from pyreport.compare.rows import notable
from pyreport.diagnosis.result import Confidence
from pyreport.export.claim_json import (
    FORMAT,
    Count,
    Endpoint,
    EvidenceJson,
    Format,
    Frame,
    Frames,
    Json,
    LevelWord,
    claims_json,
)
from pyreport.export.report_json import CaptureJson, capture_json
from pyreport.words import Words

EndName = Literal["client", "server", "A", "B"]
#: What an end is called when the roles are known, and when they are not.
END_NAMES: dict[Party, EndName] = {
    Party.CLIENT: "client",
    Party.SERVER: "server",
    Party.A: "A",
    Party.B: "B",
}


class ComparedEndJson(Json):
    """One end: what it is called, and its address and port in the client's and in the server's capture."""

    name: EndName
    in_client_capture: Endpoint
    in_server_capture: Endpoint


class ClocksJson(Json):
    """The clock of the server's capture minus that of the client's, at at_ns of the latter: from low_ns to
    high_ns (null: no bound). The drift is in parts per billion, "steps" is how often a clock was set in between.
    """

    at_ns: int
    low_ns: int | None
    high_ns: int | None
    least_drift_ppb: int | None
    most_drift_ppb: int | None
    steps: Count


class ConclusionJson(Json):
    """One conclusion, and what else it can be (empty: nothing)."""

    kind: ConclusionKind
    where: Where
    level: LevelWord
    confidence: Confidence
    claims: tuple[EvidenceJson, ...]
    text: str
    doubt: str
    client_frames: Frames
    server_frames: Frames


class ChangeJson(Json):
    """One thing that is changed on the way."""

    id: ChangeId
    text: str
    client_frames: Frames
    server_frames: Frames


class SegmentJson(Json):
    """One segment that matters. A frame is null in the capture that lacks it; "why" is what a fate other than arrived
    rests on.
    """

    sender: Literal["client", "server"]
    client_frame: Frame | None
    server_frame: Frame | None
    fate: Fate
    why: str
    least_delay_ns: int | None
    most_delay_ns: int | None


class ComparisonJson(Json):
    """What pyreport compare writes. The client is the end of the first capture, side A when the roles cannot be told;
    the captures are the one at the client and the one at the server, whatever the order in which they were given
    (was_swapped: the other one). The streams are Wireshark's tcp.stream. The clocks are null when no packet is surely
    in both captures. The first conclusion is the verdict.
    """

    format: Format
    generator: str
    language: str
    captures: tuple[CaptureJson, CaptureJson]
    ends: tuple[ComparedEndJson, ComparedEndJson]
    client_stream: Count
    server_stream: Count
    was_swapped: bool
    log_line: str
    warnings: tuple[str, ...]
    clocks: ClocksJson | None
    conclusions: Annotated[tuple[ConclusionJson, ...], Meta(min_length=1)]
    changes: tuple[ChangeJson, ...]
    segments: tuple[SegmentJson, ...]


def comparison_json(comparison: Comparison, words: Words) -> ComparisonJson:
    """The document of a comparison, its texts in the language of ``words``."""
    alignment = comparison.alignment
    first, second = alignment.views
    return ComparisonJson(
        format=FORMAT,
        generator=f"pyreport {__version__}",
        language=words.label("language-tag"),
        captures=(capture_json(first.reading), capture_json(second.reading)),
        ends=(_end(alignment, 0), _end(alignment, 1)),
        client_stream=first.connection.stream,
        server_stream=second.connection.stream,
        was_swapped=alignment.was_swapped,
        log_line=comparison.chosen.log_line,
        warnings=tuple(map(words.say, comparison.warnings)),
        clocks=_clocks(alignment.clocks, alignment.told_at_ns),
        conclusions=tuple(_conclusion(conclusion, words) for conclusion in comparison.conclusions),
        changes=tuple(_change(change, words) for change in comparison.changes),
        segments=tuple(_segment(alignment, packet, words) for packet in notable(comparison.packets)),
    )


def _end(alignment: Alignment, end: int) -> ComparedEndJson:
    first, second = alignment.views
    return ComparedEndJson(
        name=END_NAMES[alignment.parties[end]],
        in_client_capture=first.endpoints[end],
        in_server_capture=second.endpoints[end],
    )


def _clocks(clocks: Clocks | None, at_ns: int) -> ClocksJson | None:
    if clocks is None:
        return None
    bounds, drift = clocks.bounds_at(at_ns), clocks.drift_ppb
    return ClocksJson(
        at_ns=at_ns,
        low_ns=bounds.low_ns,
        high_ns=bounds.high_ns,
        least_drift_ppb=drift[0] if drift else None,
        most_drift_ppb=drift[1] if drift else None,
        steps=len(clocks.steps()),
    )


def _conclusion(conclusion: Conclusion, words: Words) -> ConclusionJson:
    return ConclusionJson(
        kind=conclusion.kind,
        where=conclusion.where,
        level=cast("LevelWord", conclusion.level.word),
        confidence=conclusion.confidence,
        claims=claims_json(conclusion.claims, words),
        text=words.join(conclusion.claims),
        doubt=words.say(conclusion.doubt) if conclusion.doubt else "",
        client_frames=conclusion.frames[0],
        server_frames=conclusion.frames[1],
    )


def _change(change: Change, words: Words) -> ChangeJson:
    return ChangeJson(
        id=change.id,
        text=words.say(change.claim),
        client_frames=change.frames[0],
        server_frames=change.frames[1],
    )


def _segment(alignment: Alignment, packet: Packet, words: Words) -> SegmentJson:
    first, second = packet.at(0), packet.at(1)
    delay = delay_of(alignment, packet) if packet.fate is Fate.ARRIVED else None
    return SegmentJson(
        sender="server" if packet.sender else "client",
        client_frame=first.number if first else None,
        server_frame=second.number if second else None,
        fate=packet.fate,
        why=words.join(packet.why),
        least_delay_ns=delay.low_ns if delay else None,
        most_delay_ns=delay.high_ns if delay else None,
    )
