"""The comparison as a report: sentences with the frames of both captures, no markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from pyreport.base.sentence import capitalized
from pyreport.base.units import NS_PER_S, count_words, format_duration
from pyreport.compare.comparison import Comparison
from pyreport.compare.conclusions import Conclusion, Kind
from pyreport.compare.ladder import Rung, ladder
from pyreport.compare.lineup import Lineup
from pyreport.compare.model import ENDS, Fate, View
from pyreport.compare.names import Names
from pyreport.narrative.model import Fact, FilterRow
from pyreport.quality.vantage import Place, vantage_of


@dataclass(frozen=True, slots=True)
class CaptureColumn:
    """One capture in the table of both."""

    title: str
    path: str
    sha256: str
    size: int
    frames: int
    first_time_ns: int
    last_time_ns: int
    connection: str
    stream: int
    place: str
    filters: tuple[FilterRow, ...]


@dataclass(frozen=True, slots=True)
class CompareReport:
    """The whole report. The first conclusion is the verdict."""

    title: str
    connection: str
    generated_ns: int
    zone: tzinfo
    names: Names
    conclusions: tuple[Conclusion, ...]
    warnings: tuple[str, ...]
    log_line: str
    why_this: str
    facts: tuple[Fact, ...]
    captures: tuple[CaptureColumn, CaptureColumn]
    rungs: tuple[Rung, ...]
    changes: tuple[str, ...]
    not_told: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]

    @property
    def verdict(self) -> Conclusion:
        """The gravest conclusion."""
        return self.conclusions[0]


def build_report(
    comparison: Comparison,
    *,
    zone: tzinfo,
    generated_ns: int,
    versions: Sequence[tuple[str, str]],
    commands: Sequence[str],
) -> CompareReport:
    """Put the report together."""
    lineup, names = comparison.lineup, comparison.names
    ends = lineup.views[0].endpoints
    columns = [_column(lineup.views[end], end, names) for end in ENDS]
    return CompareReport(
        title="One connection, two captures",
        connection=f"{ends[0]} → {ends[1]}",
        generated_ns=generated_ns,
        zone=zone,
        names=names,
        conclusions=comparison.conclusions,
        warnings=comparison.warnings,
        log_line=comparison.chosen.log_line,
        why_this=comparison.chosen.why,
        facts=tuple(_facts(comparison)),
        captures=(columns[0], columns[1]),
        rungs=ladder(lineup, comparison.passages, names),
        changes=tuple(change.text for change in comparison.changes),
        not_told=tuple(_not_told(comparison)),
        versions=tuple(versions),
        commands=tuple(commands),
    )


def _column(view: View, end: int, names: Names) -> CaptureColumn:
    capture, span = view.reading.capture, view.reading.span
    stream = view.connection.stream
    found = sum(1 for frame in view.connection.frames if frame.findings)
    vantage = vantage_of(view.connection)
    if vantage.end is not None:
        place = f"at {names.end(view.endpoints.index(vantage.end))}, by its frames"
    else:
        place = {Place.BOTH: "at both ends", Place.BETWEEN: "on the way"}.get(vantage.place, "its frames do not tell")
    return CaptureColumn(
        title=capitalized(names.capture(end)),
        path=capture.shown_path,
        sha256=capture.sha256,
        size=capture.size,
        frames=span.frames,
        first_time_ns=span.first_time_ns,
        last_time_ns=span.last_time_ns,
        connection=f"{view.endpoints[0]} → {view.endpoints[1]}",
        stream=stream,
        place=place,
        filters=(
            FilterRow("This connection", f"tcp.stream == {stream}", len(view.connection.frames)),
            FilterRow("All that was found on it", f"tcp.stream == {stream} && keepalive.finding", found),
        ),
    )


def _facts(comparison: Comparison) -> Iterator[Fact]:
    lineup, names = comparison.lineup, comparison.names
    yield from clock_facts(lineup, names)
    for sender in ENDS:
        counted = Counter(p.fate for p in comparison.passages if p.sender == sender)
        left = sum(1 for p in comparison.passages if p.sender == sender and p.near is not None)
        arrived = counted[Fate.ARRIVED] + counted[Fate.ARRIVED_IN_PIECES]
        rest = [
            f"{counted[fate]:,} {words}"
            for fate, words in (
                (Fate.LOST, "did not arrive"),
                (Fate.NOT_SENT, "arrived that it did not send"),
                (Fate.ARRIVED_UNSEEN, "arrived unseen"),
                (Fate.SENT_UNSEEN, "sent unseen"),
                (Fate.NOT_COVERED, "at a time that one capture does not cover"),
                (Fate.UNKNOWN, "of which it cannot be told"),
            )
            if counted[fate]
        ]
        label = f"Packets from {names.end(sender)} to {names.end(1 - sender)}"
        yield Fact(
            label,
            f"{left:,} left, {arrived:,} of them in both captures",
            "; ".join(rest) or "None was seen to be lost.",
        )


def clock_facts(lineup: Lineup, names: Names) -> Iterator[Fact]:
    """How far the clocks are apart, and how they drift."""
    if lineup.clocks is None:
        yield Fact("Clocks", "cannot be compared", "No packet is surely the same in both captures.")
        return
    bounds = lineup.clocks.bounds_at(told_at(lineup))
    uncertainty = bounds.uncertainty_ns
    ahead = bounds.middle_ns
    if uncertainty is None:
        limit = "at most" if bounds.low_ns is None else "at least"
        value, note = f"differ by {limit} {format_duration(ahead)}", "Only one direction was captured at both ends."
    elif abs(ahead) <= uncertainty:
        value, note = f"agree within {format_duration(uncertainty)}", "Told by the packets of both directions."
    else:
        later, earlier = (1, 0) if ahead > 0 else (0, 1)
        value = f"{names.capture(later)} is {exact_duration(abs(ahead))} ahead of {names.capture(earlier)}"
        note = f"Uncertain by {format_duration(uncertainty)}; told by the packets of both directions."
    yield Fact("Clocks", value[0].upper() + value[1:], note)
    drift = lineup.clocks.drift_ppb
    if drift is None:
        yield Fact("Drift", "cannot be told")
    elif drift[0] <= 0 <= drift[1]:
        yield Fact("Drift", f"none seen; less than {_ppm(max(-drift[0], drift[1]))}")
    else:
        value = f"{_ppm(sum(drift) // 2)} ± {_ppm((drift[1] - drift[0] + 1) // 2)}"
        yield Fact("Drift", value, f"So fast {names.capture(1)} gains on the other one.")


def told_at(lineup: Lineup) -> int:
    """The time (clock 0) that the difference of the clocks is told for: the last packet that is surely in both."""
    sure = [pair for pair in lineup.pairs() if pair.is_sure]
    return max(((pair.near if pair.near.sender == 0 else pair.far).time_ns for pair in sure), default=0)


def exact_duration(duration_ns: int) -> str:
    """A duration to the microsecond when it is longer than what ``format_duration`` shows so: "3600.000123 s"."""
    if duration_ns < NS_PER_S:
        return format_duration(duration_ns)
    return f"{duration_ns // NS_PER_S:,}.{duration_ns % NS_PER_S // 1000:06d} s"


def _ppm(parts_per_billion: int) -> str:
    return f"{parts_per_billion / 1000:.1f} ppm"


def _not_told(comparison: Comparison) -> Iterator[str]:
    """What stays open, and what would tell."""
    names = comparison.names
    kinds = {conclusion.kind for conclusion in comparison.conclusions}
    grave = comparison.conclusions[0].kind
    if Kind.MADE_BETWEEN in kinds:
        yield (
            "Which device made it. A capture at each device on the way tells: the one behind which it first shows. "
            "Idle limits and logs of firewalls, balancers and NAT gateways on the way are where to look."
        )
    if Kind.LOST in kinds:
        yield "Where on the way it was lost, and why. Captures and drop counters of the devices on the way would tell."
    if Kind.NOT_ANSWERED in kinds:
        yield "Why the host did not answer what reached it: its load, its packet filter, or that it stood still."
    if grave is Kind.ARRIVED:
        yield "Why the end that closed did so: the two captures show that it did, its own log shows the reason."
    if grave is Kind.NOT_SENT:
        yield "Why the host sent nothing: its load, a pause of the virtual machine, its packet filter."
    uncovered = sum(1 for p in comparison.passages if p.fate is Fate.NOT_COVERED)
    if uncovered:
        yield (
            f"What became of {count_words(uncovered, 'packet')} outside the time that both captures cover. A capture "
            "file ends with its last frame: that it went on running without seeing anything cannot be told from it."
        )
    unknown = sum(1 for p in comparison.passages if p.fate is Fate.UNKNOWN)
    if unknown:
        yield f"The fate of {count_words(unknown, 'packet')}: each capture can lack frames, or they look like others."
    yield (
        f"What happened inside the hosts of {names.end(0)} and {names.end(1)}: captures show what passes their network "
        "interfaces, not what their applications did."
    )
