"""Draws a ladder: two lifelines, arrows between them, times at the left, what is told of each end beside its line.

It is laid out before it is drawn: every text is measured, and what does not fit its column is wrapped or cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto

from lxml import etree
from msgspec import Struct

from pyreport.render.glyphs import GREY, INK, VERMILLION, draw_mark
from pyreport.render.svg import add, add_line, add_text, describe, new_svg
from pyreport.render.text_width import text_width, wrap_text
from pyreport.words import Words

WIDTH = 720.0
SIZE, SMALL = 10.0, 9.0
_LINE = 12.0
_NAME_LINES, _LABEL_LINES, _BESIDE_LINES = 3, 3, 2
_GAP = 8.0  # between a text and a line
_AFTER = 10.0  # below an arrow
_BREAK = 14.0  # more, where the time between two rungs is told
_HEAD = 8.0


class Way(Enum):
    """What became of a segment between the two ends."""

    ARRIVED = auto()
    LOST = auto()  # left its end and did not come to the other
    MADE = auto()  # came to the other end and did not leave this one
    UNKNOWN = auto()
    NONE = auto()  # it is no segment


class DrawnRung(Struct, frozen=True):
    """A rung as texts. ``end`` is 0 for the left one, ``kind`` a mark of glyphs. ``lines`` stand over the arrow, the
    first in ink; ``beside`` stand outside of the left and the right line; ``margin`` is at the far left, at most two
    lines, ``since`` over it: the time since the rung before. ``is_pause``: the lifelines are broken before it.
    """

    end: int
    kind: str
    way: Way
    lines: tuple[str, ...]
    beside: tuple[str, str] = ("", "")
    margin: tuple[str, ...] = ()
    since: str = ""
    is_pause: bool = False


class Columns(Struct, frozen=True):
    """Where the lifelines are: what is left of ``left`` less ``beside`` is the margin."""

    left: float
    right: float
    beside: float

    @property
    def between(self) -> float:
        """Room for a label."""
        return self.right - self.left - 2 * _GAP


def draw_ladder(
    title: str, names: tuple[str, str], rungs: Sequence[DrawnRung], columns: Columns, notes: Sequence[str], words: Words
) -> str:
    """The figure as an SVG document, 720 units wide and as high as its rungs need. ``title`` is what a reader hears
    who does not see it.
    """
    root = new_svg("ladder")
    root.set("font-family", words.label("fonts-text"))
    describe(root, title)
    lifelines = add(root, "g", class_="lifelines")
    y = _draw_names(root, names, columns)
    for rung in rungs:
        y = _draw_rung(root, lifelines, rung, columns, y)
    _draw_lifelines(lifelines, columns, y, y + 10, is_pause=False)
    y += 14
    for note in notes:
        for line in wrap_text(note, SMALL, WIDTH, 3):
            y += _LINE
            add_text(root, line, 0, y, SMALL, GREY)
    bottom = y + 6
    root.set("viewBox", f"0 0 {WIDTH:g} {bottom:.2f}")
    root.set("width", f"{WIDTH:g}")
    root.set("height", f"{bottom:.2f}")
    return etree.tostring(root, encoding="unicode")


def _draw_names(root: etree._Element, names: tuple[str, str], columns: Columns) -> float:
    """The names of both ends over their lines; the height at which the lines begin."""
    middle = (columns.left + columns.right) / 2
    rooms = ((0.0, middle - _GAP), (middle + _GAP, WIDTH))
    wrapped = [wrap_text(name, SIZE, room[1] - room[0], _NAME_LINES) for name, room in zip(names, rooms, strict=True)]
    height = max(len(lines) for lines in wrapped) * _LINE
    for lines, x, (left, right) in zip(wrapped, (columns.left, columns.right), rooms, strict=True):
        half = max((text_width(line, SIZE) for line in lines), default=0) / 2
        center = min(max(x, left + half), right - half)
        for row, line in enumerate(lines):
            add_text(root, line, center, row * _LINE + SIZE, SIZE, INK, "middle")
    return height + 4


def _draw_rung(root: etree._Element, lifelines: etree._Element, rung: DrawnRung, columns: Columns, top: float) -> float:
    """One rung below ``top``; the height at which it ends."""
    lines = [line for text in rung.lines for line in wrap_text(text, SIZE, columns.between - 2 * _HEAD, _LABEL_LINES)]
    pause = _BREAK if rung.since else 0.0
    y = top + pause + len(lines) * _LINE + 8
    beside = [wrap_text(text, SMALL, columns.beside - 2 * _GAP, _BESIDE_LINES) for text in rung.beside]
    below = max(_AFTER, *(len(texts) * _LINE - 4 for texts in beside)) if any(beside) else _AFTER
    _draw_lifelines(lifelines, columns, top, top + pause, is_pause=rung.is_pause)
    _draw_lifelines(lifelines, columns, top + pause, y + below, is_pause=False)
    group = add(root, "g", class_="rung")
    room = columns.left - columns.beside
    if rung.since:
        _add_cut(group, rung.since, top + pause - 3, GREY, room)
    for above, text in enumerate(reversed(rung.margin)):
        _add_cut(group, text, y + 3 - above * _LINE, INK if above == 0 else GREY, room)
    own, other = (columns.left, columns.right) if rung.end == 0 else (columns.right, columns.left)
    first = len(wrap_text(rung.lines[0], SIZE, columns.between - 2 * _HEAD, _LABEL_LINES)) if rung.lines else 0
    anchor, x = ("middle", (columns.left + columns.right) / 2)
    if rung.way is Way.NONE:
        anchor, x = ("start", own + _GAP + 4) if rung.end == 0 else ("end", own - _GAP - 4)
    for row, line in enumerate(lines):
        # Without an arrow, a single line stands at the height of its mark.
        shift = 8.0 if rung.way is Way.NONE else 0.0
        baseline = y - (len(lines) - row) * _LINE + SIZE * 0.5 + shift
        add_text(group, line, x, baseline, SIZE, INK if row < first else GREY, anchor)
    _draw_way(group, rung.way, own, other, y)
    draw_mark(group, rung.kind, own, y)
    for texts, edge, side in zip(beside, (columns.left - _GAP, columns.right + _GAP), ("end", "start"), strict=True):
        for row, text in enumerate(texts):
            add_text(group, text, edge, y + 3 + row * _LINE, SMALL, INK if row == 0 else GREY, side)
    return y + below


def _add_cut(parent: etree._Element, text: str, y: float, color: str, room: float) -> None:
    """One line at the far left, cut where the margin ends."""
    for line in wrap_text(text, SMALL, room, 1):
        add_text(parent, line, 0, y, SMALL, color)


def _draw_lifelines(parent: etree._Element, columns: Columns, top: float, bottom: float, *, is_pause: bool) -> None:
    for x in (columns.left, columns.right):
        add_line(parent, x, top, x, bottom, GREY if is_pause else INK, 1.2)
        if is_pause:
            parent[-1].set("stroke-dasharray", "2 3")


def _draw_way(parent: etree._Element, way: Way, own: float, other: float, y: float) -> None:
    """The arrow from one line to the other. What is lost ends in a cross half-way, what was made begins at a dot."""
    if way is Way.NONE:
        return
    towards = 1.0 if other > own else -1.0
    middle = (own + other) / 2
    start, end = own + towards * 6, other - towards
    if way is Way.LOST:
        end = middle
    if way is Way.MADE:
        start = middle
    color = VERMILLION if way in (Way.LOST, Way.MADE) else INK
    add_line(parent, start, y, end, y, color, 1.2)
    if way is Way.UNKNOWN:
        parent[-1].set("stroke-dasharray", "4 3")
    if way is Way.LOST:
        for sign in (1, -1):
            add_line(parent, end - 4, y - 4 * sign, end + 4, y + 4 * sign, color, 2)
        return
    if way is Way.MADE:
        add(parent, "circle", cx=start, cy=y, r=3.5, fill=color)
    add(parent, "path", d=f"M{end:.2f},{y:.2f}l{-7 * towards},-3.5v7z", fill=color)
