"""The stretches of time of the figure: shaded bands over the lanes, and a bar with a name for each below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml import etree
from msgspec import Struct
from msgspec.structs import replace

from pyreport.narrative.model import SpanKind, TimeSpan
from pyreport.render.glyphs import GREY, INK, ORANGE, PURPLE, VERMILLION
from pyreport.render.svg import add, add_line, add_text
from pyreport.render.text_width import text_width, wrap_text
from pyreport.render.timeline.broken import Axis
from pyreport.words import Words

ROW_HEIGHT = 25.0
MOST_ROWS = 6
MOST_ROWS_SMALL = 3
MOST_NAMED = 12

_SIZE = 9.5
_GAP = 8.0
_BAR = 6.0
_THINNEST = 1.5


class SpanStyle(Struct, frozen=True):
    """How a kind of stretch looks: a tint and the slope of its hatching (0: none)."""

    color: str
    opacity: float
    slope: int


# Drawn in this order: the one that matters most lies on top.
STYLES = {
    SpanKind.IDLE: SpanStyle(GREY, 0.12, 0),
    SpanKind.UNACKNOWLEDGED: SpanStyle(PURPLE, 0.13, 0),
    SpanKind.STALLED: SpanStyle(VERMILLION, 0.12, 0),
    SpanKind.CLOSE_WAIT: SpanStyle(ORANGE, 0.16, 1),
    SpanKind.MISSED: SpanStyle(VERMILLION, 0.20, -1),
}


class SpanRow(Struct, frozen=True):
    """A span with the row of its bar and the place of its label; extents are left and right edges, with their air."""

    span: TimeSpan
    row: int
    label: str
    label_left: float
    bar_extent: tuple[float, float]
    label_extent: tuple[float, float]

    def touches(self, other: SpanRow) -> bool:
        """Whether the two cannot share a row. Bars may meet end to end; bars and labels lie at different heights."""
        pairs = ((self.bar_extent, other.bar_extent), (self.label_extent, other.label_extent))
        return any(a[0] < b[1] and b[0] < a[1] for a, b in pairs)


def add_patterns(root: etree._Element) -> None:
    """Declare the hatchings."""
    definitions = add(root, "defs")
    for kind, style in STYLES.items():
        if not style.slope:
            continue
        pattern = add(definitions, "pattern", id=f"span-{kind}", width=7, height=7, patternUnits="userSpaceOnUse")
        add(pattern, "rect", width=7, height=7, fill=style.color, fill_opacity=style.opacity)
        path = "M-1,1L1,-1M0,7L7,0M6,8L8,6" if style.slope > 0 else "M-1,6L1,8M0,0L7,7M6,-1L8,1"
        add(pattern, "path", d=path, stroke=style.color, stroke_width=0.9, stroke_opacity=0.75, fill="none")


def lay_out_spans(
    spans: Sequence[TimeSpan], scale: Axis, figure_width: float, words: Words, most_rows: int = MOST_ROWS
) -> tuple[SpanRow, ...]:
    """A row for each span so that neither bars nor labels touch; spans beyond the last row keep only their shading, and
    so do very many of a kind, which would repeat one name.
    """
    counts = Counter(span.kind for span in spans)
    spans = [span for span in spans if counts[span.kind] <= MOST_NAMED]
    taken: list[list[SpanRow]] = []
    rows: list[SpanRow] = []
    for span in sorted(spans, key=lambda s: (s.start_ns, -s.end_ns)):
        left, right = _edges(span, scale)
        label = "".join(wrap_text(words.tell(span.label), _SIZE, figure_width, 1))
        width = text_width(label, _SIZE)
        label_left = min(max((left + right - width) / 2, 0.0), figure_width - width)
        mine = SpanRow(
            span, 0, label, label_left, (left, right), (label_left - _GAP / 2, label_left + width + _GAP / 2)
        )
        row = next((i for i, row in enumerate(taken) if not any(mine.touches(other) for other in row)), len(taken))
        if row == most_rows:
            continue
        if row == len(taken):
            taken.append([])
        taken[row].append(mine)
        rows.append(replace(mine, row=row))
    return tuple(rows)


def rows_height(rows: Sequence[SpanRow]) -> float:
    """Height of all rows."""
    return ROW_HEIGHT * (max((row.row for row in rows), default=-1) + 1)


def draw_shades(parent: etree._Element, spans: Sequence[TimeSpan], scale: Axis, top: float, bottom: float) -> None:
    """Shade the spans between two heights."""
    for kind in STYLES:
        for span in spans:
            if span.kind == kind:
                _draw_box(parent, span, scale, top, bottom)


def draw_rows(parent: etree._Element, rows: Sequence[SpanRow], scale: Axis, top: float) -> None:
    """Draw the bars, each with its name under it."""
    for row in rows:
        y = top + row.row * ROW_HEIGHT
        left, right = _edges(row.span, scale)
        _draw_box(parent, row.span, scale, y, y + _BAR)
        for x in (left, right):
            add_line(parent, x, y - 2, x, y + _BAR + 2, STYLES[row.span.kind].color, 1.2)
        if row.label:
            add_text(parent, row.label, row.label_left, y + _BAR + 2 + _SIZE * 0.95, _SIZE, INK)


def draw_swatch(parent: etree._Element, kind: SpanKind, x: float, y: float) -> None:
    """Draw the sample of a kind for the legend, centred on (x, y)."""
    box = _add_box(parent, kind, x - 7, y - 5, 14, 10)
    box.set("stroke", STYLES[kind].color)


def _edges(span: TimeSpan, scale: Axis) -> tuple[float, float]:
    left, right = scale.x(span.start_ns), scale.x(span.end_ns)
    return left, max(right, left + _THINNEST)


def _draw_box(parent: etree._Element, span: TimeSpan, scale: Axis, top: float, bottom: float) -> None:
    left, right = _edges(span, scale)
    _add_box(parent, span.kind, left, top, right - left, bottom - top)


def _add_box(parent: etree._Element, kind: SpanKind, x: float, y: float, width: float, height: float) -> etree._Element:
    style = STYLES[kind]
    if style.slope:
        return add(parent, "rect", x=x, y=y, width=width, height=height, fill=f"url(#span-{kind})")
    return add(parent, "rect", x=x, y=y, width=width, height=height, fill=style.color, fill_opacity=style.opacity)
