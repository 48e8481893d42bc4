"""The lower part of the figure: neighbouring connections, time axis, legend."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lxml import etree

from pyreport.narrative.model import Neighbour
from pyreport.render.glyphs import BLUE, GREY, INK, draw_mark
from pyreport.render.svg import add, add_line, add_text, add_uprights
from pyreport.render.text_width import text_width, wrap_text
from pyreport.render.timeline.broken import Axis
from pyreport.render.timeline.scale import Tick
from pyreport.words import Words

MOST_NEIGHBOURS = 24

_SIZE = 9.5
_NAMED_AT_MOST = 6
_ROW_NAMED = 13.0
_ROW_UNNAMED = 6.0
_TICK_SPACING = 0.8
_MARK_ROOM = 13.0

LegendEntry = tuple[Callable[[etree._Element, float, float], None], str]


def neighbours_height(neighbours: Sequence[Neighbour]) -> float:
    """Height of the band of neighbouring connections."""
    if not neighbours:
        return 0.0
    rows = min(len(neighbours), MOST_NEIGHBOURS)
    return max(rows * _row_height(neighbours), 4 * 11.5 if _row_height(neighbours) == _ROW_UNNAMED else 0) + 14


def draw_neighbours(
    parent: etree._Element, neighbours: Sequence[Neighbour], scale: Axis, top: float, words: Words
) -> None:
    """Draw a row of probe ticks for each neighbouring connection; names only when the rows are high enough."""
    row_height = _row_height(neighbours)
    drawn = neighbours[:MOST_NEIGHBOURS]
    if row_height == _ROW_UNNAMED:
        for row, line in enumerate(wrap_text(_caption(len(drawn), len(neighbours), words), _SIZE, scale.left - 10, 4)):
            add_text(parent, line, 0, top + row * 11.5 + _SIZE * 0.9, _SIZE, INK)
    for row, neighbour in enumerate(drawn):
        y = top + row * row_height
        if row_height == _ROW_NAMED:
            add_text(parent, _name_in(neighbour.name, scale.left - 10), 0, y + _SIZE * 0.9, _SIZE, INK)
        group = add(parent, "g", class_="neighbour")
        xs: list[float] = []
        for x in sorted(scale.x(t) for t in neighbour.probe_times_ns if scale.shows(t)):
            if not xs or x - xs[-1] >= _TICK_SPACING:
                xs.append(x)
        add_uprights(group, xs, y + 1, y + row_height - 1, BLUE, 0.9)
        if neighbour.closed is not None and scale.shows(neighbour.closed[1]):
            kind, time_ns = neighbour.closed
            draw_mark(group, kind, scale.x(time_ns), y + row_height / 2, row_height / _MARK_ROOM)


def _name_in(name: str, width: float) -> str:
    """The name, or as much as there is room for: the near end alone, which tells the connections of a host apart."""
    near = name if text_width(name, _SIZE) <= width else name.partition(" → ")[0]
    return "".join(wrap_text(near, _SIZE, width, 1))


def _caption(shown: int, count: int, words: Words) -> str:
    if shown == count:
        return words.label("figure-neighbours", count=count)
    return words.label("figure-some-neighbours", shown=shown)


def _row_height(neighbours: Sequence[Neighbour]) -> float:
    return _ROW_NAMED if len(neighbours) <= _NAMED_AT_MOST else _ROW_UNNAMED


def draw_axis(
    parent: etree._Element, ticks: Sequence[Tick], axis: Axis, zone: Sequence[str], y: float, size: float
) -> float:
    """Draw the time axis at height ``y``, with the lines that name its zone; the height at which it ends."""
    for part in axis.parts:
        add_line(parent, part.left, y, part.right, y, INK, 1)
    add_uprights(parent, (tick.x for tick in ticks), y, y + 4, INK, 1)
    for tick in ticks:
        add_text(parent, tick.clock, tick.x, y + 5 + size, size, INK, "middle")
        if tick.date:
            add_text(parent, tick.date, tick.x, y + 5 + 2.2 * size, size, GREY, "middle")
    for row, line in enumerate(zone):
        add_text(parent, line, 0, y + 5 + size + row * 1.2 * size, size, GREY)
    return y + 10 + 2.2 * size


def draw_legend(
    parent: etree._Element, entries: Sequence[LegendEntry], top: float, figure_width: float, notes: Sequence[str]
) -> float:
    """Draw samples with their names, row after row, then the notes; the height at which it ends."""
    x, y, row_height = 8.0, top + 8, 17.0
    for draw_sample, name in entries:
        width = 14 + text_width(name, _SIZE) + 16
        if x > 8 and x + width > figure_width:
            x, y = 8.0, y + row_height
        draw_sample(parent, x, y)
        add_text(parent, name, x + 11, y + _SIZE * 0.36, _SIZE, INK)
        x += width
    for note in notes:
        for line in wrap_text(note, _SIZE, figure_width, 3):
            y += row_height - 3
            add_text(parent, line, 0, y + _SIZE * 0.36, _SIZE, GREY)
    return y + 9
