"""The comparison as a report: which claims stand in which section. No markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, Party, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.comparison import Comparison
from pyreport.compare.conclusion import Conclusion, ConclusionKind
from pyreport.compare.flow import nothing_in_common
from pyreport.compare.packet import WHOLE, Fate, Packet
from pyreport.compare.rows import Row, rows_of
from pyreport.compare.view import ENDS, View
from pyreport.narrative.files_table import files_table
from pyreport.narrative.model import FilesTable
from pyreport.quality.vantage import Place, vantage_of

SECONDS_AN_HOUR = 3_600


class CompareFact(Struct, frozen=True):
    """One row of the box of key facts; ``notes`` are the small print under the value."""

    label: Claim
    value: Claim
    notes: tuple[Claim, ...] = ()


class Shown(Struct, frozen=True):
    """A display filter, and how many frames it shows."""

    display_filter: str
    count: int


class CaptureColumn(Struct, frozen=True):
    """One capture in the table of both."""

    who: Party
    path: str
    sha256: str
    size: int
    frames: int
    first_time_ns: int
    last_time_ns: int
    connection: str
    place: Claim
    read_by: Claim
    whole: Shown
    findings: Shown


class CompareReport(Struct, frozen=True):
    """The whole report. The first conclusion is the verdict."""

    connection: str
    generated_ns: int
    parties: tuple[Party, Party]
    conclusions: tuple[Conclusion, ...]
    warnings: tuple[Claim, ...]
    log_line: str
    why_this: tuple[Claim, ...]
    facts: tuple[CompareFact, ...]
    captures: tuple[CaptureColumn, CaptureColumn]
    rows: tuple[Row, ...]
    changes: tuple[Claim, ...]
    not_told: tuple[Claim, ...]
    versions: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]
    files: tuple[tuple[Party, FilesTable], ...] = ()

    @property
    def verdict(self) -> Conclusion:
        """The gravest conclusion."""
        return self.conclusions[0]


def build_report(
    comparison: Comparison, *, generated_ns: int, versions: Sequence[tuple[str, str]], commands: Sequence[str]
) -> CompareReport:
    """Put the report together."""
    alignment = comparison.alignment
    ends = alignment.views[0].endpoints
    columns = [_column(alignment.views[end], alignment.parties, end) for end in ENDS]
    return CompareReport(
        connection=f"{ends[0]} → {ends[1]}",
        generated_ns=generated_ns,
        parties=alignment.parties,
        conclusions=comparison.conclusions,
        warnings=comparison.warnings,
        log_line=comparison.chosen.log_line,
        why_this=comparison.chosen.why,
        facts=tuple(_facts(comparison)),
        captures=(columns[0], columns[1]),
        rows=rows_of(alignment, comparison.packets),
        changes=tuple(change.claim for change in comparison.changes),
        not_told=tuple(_not_told(comparison)),
        versions=tuple(versions),
        commands=tuple(commands),
        files=tuple(_files(comparison)),
    )


def _files(comparison: Comparison) -> Iterator[tuple[Party, FilesTable]]:
    """Of a capture of several files, where the connection's frames lie, and whose capture that is."""
    alignment = comparison.alignment
    for end in ENDS:
        view = alignment.views[end]
        table = files_table(view.reading, (frame.number for frame in view.connection.frames))
        if table is not None:
            yield alignment.parties[end], table


def _column(view: View, parties: tuple[Party, Party], end: int) -> CaptureColumn:
    capture, span, stream = view.reading.capture, view.reading.span, view.connection.stream
    found = sum(1 for frame in view.connection.frames if frame.findings)
    return CaptureColumn(
        who=parties[end],
        path=capture.shown_path,
        sha256=capture.sha256,
        size=capture.size,
        frames=span.frames,
        first_time_ns=span.first_time_ns,
        last_time_ns=span.last_time_ns,
        connection=f"{view.endpoints[0]} → {view.endpoints[1]}",
        place=_place(view, parties),
        read_by=view.reading.read_by,
        whole=Shown(f"tcp.stream == {stream}", len(view.connection.frames)),
        findings=Shown(f"tcp.stream == {stream} && keepalive.finding", found),
    )


def _place(view: View, parties: tuple[Party, Party]) -> Claim:
    """Where a capture was taken, as far as its own frames tell."""
    vantage = vantage_of(view.connection)
    if vantage.end is not None:
        return claim("compare-taken-at", who=parties[view.endpoints.index(vantage.end)])
    if vantage.place is Place.BOTH:
        return claim("compare-taken-at-both")
    return claim("compare-taken-between" if vantage.place is Place.BETWEEN else "compare-taken-unknown")


def _facts(comparison: Comparison) -> Iterator[CompareFact]:
    yield _clocks(comparison.alignment)
    if comparison.alignment.clocks is not None:
        yield _drift(comparison.alignment.clocks.drift_ppb, comparison.alignment.parties)
    for sender in ENDS:
        yield _packets([p for p in comparison.packets if p.sender == sender], comparison.alignment.parties, sender)


def _clocks(alignment: Alignment) -> CompareFact:
    """How far the clocks are apart."""
    label = claim("fact-clocks")
    if alignment.clocks is None:
        return CompareFact(label, claim("clocks-not-compared"), (nothing_in_common(),))
    bounds = alignment.clocks.bounds_at(alignment.told_at_ns)
    ahead, uncertainty = bounds.middle_ns, bounds.uncertainty_ns
    if uncertainty is None:
        is_most = bounds.low_ns is None
        value = claim("clocks-differ-at-most" if is_most else "clocks-differ-at-least", difference=Duration(ahead))
        return CompareFact(label, value, (claim("clocks-one-direction"),))
    if abs(ahead) <= uncertainty:
        return CompareFact(
            label, claim("clocks-agree", within=Duration(uncertainty)), (claim("clocks-both-directions"),)
        )
    who, whom = alignment.parties[::-1] if ahead > 0 else alignment.parties
    exactly = claim("clock-difference-is", microseconds=abs(ahead) // 1_000, uncertainty=Duration(uncertainty))
    value = claim("clock-is-ahead", who=who, whom=whom, ahead=Duration(abs(ahead)))
    return CompareFact(label, value, (exactly, claim("clocks-both-directions")))


def _drift(drift_ppb: tuple[int, int] | None, parties: tuple[Party, Party]) -> CompareFact:
    """How fast one clock gains on the other, in time an hour."""
    label = claim("fact-drift")
    if drift_ppb is None:
        return CompareFact(label, claim("drift-not-told"))
    least, most = (Duration(ppb * SECONDS_AN_HOUR) for ppb in drift_ppb)
    if least <= 0 <= most:
        return CompareFact(label, claim("drift-none-seen", most=Duration(max(-least, most))))
    gain, uncertainty = Duration(abs(least + most) // 2), Duration((most - least + 1) // 2)
    value = claim("drift-seen", gain=gain, uncertainty=uncertainty)
    return CompareFact(label, value, (claim("drift-is-of", who=parties[1 if least > 0 else 0]),))


def _packets(packets: Sequence[Packet], parties: tuple[Party, Party], sender: int) -> CompareFact:
    """How many packets of one sender left, and what became of them."""
    counted = Counter(packet.fate for packet in packets)
    left = sum(1 for packet in packets if packet.near is not None)
    label = claim("fact-packets", who=parties[sender], whom=parties[1 - sender])
    value = claim("packets-left-and-arrived", left=left, arrived=sum(counted[fate] for fate in WHOLE))
    parts = tuple(_otherwise(counted))
    return CompareFact(
        label, value, (claim("packets-otherwise", parts=parts) if parts else claim("packets-none-lost"),)
    )


def _otherwise(counted: Counter[Fate]) -> Iterator[Claim]:
    if count := counted[Fate.LOST]:
        yield claim("count-lost", count=count)
    if count := counted[Fate.NOT_SENT]:
        yield claim("count-not-sent", count=count)
    if count := counted[Fate.ARRIVED_UNSEEN]:
        yield claim("count-arrived-unseen", count=count)
    if count := counted[Fate.SENT_UNSEEN]:
        yield claim("count-sent-unseen", count=count)
    if count := counted[Fate.NOT_COVERED]:
        yield claim("count-not-covered", count=count)
    if count := counted[Fate.UNKNOWN]:
        yield claim("count-unknown", count=count)


def _not_told(comparison: Comparison) -> Iterator[Claim]:
    """What stays open, and what would tell."""
    kinds = {conclusion.kind for conclusion in comparison.conclusions}
    gravest = comparison.conclusions[0].kind
    if ConclusionKind.MADE_BETWEEN in kinds:
        yield claim("open-which-device")
    if ConclusionKind.LOST in kinds:
        yield claim("open-where-lost")
    if ConclusionKind.NOT_ANSWERED in kinds:
        yield claim("open-why-not-answered")
    if gravest is ConclusionKind.ARRIVED:
        yield claim("open-why-closed")
    if gravest is ConclusionKind.NOT_SENT:
        yield claim("open-why-not-sent")
    counted = Counter(packet.fate for packet in comparison.packets)
    if uncovered := counted[Fate.NOT_COVERED]:
        yield claim("open-uncovered", count=uncovered)
    if unknown := counted[Fate.UNKNOWN]:
        yield claim("open-fates", count=unknown)
    who, whom = comparison.alignment.parties
    yield claim("open-inside-hosts", who=who, whom=whom)
