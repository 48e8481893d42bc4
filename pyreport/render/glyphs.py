"""The marks of the report: a shape and a colour for each thing that happens, the same in figure and walkthrough.

Shapes differ, so the marks are told apart without colour. Colours: Okabe and Ito, "Color Universal Design" (2008).
"""

from __future__ import annotations

from lxml import etree
from msgspec import Struct

from pyreport.render.svg import add, new_svg
from pyreport.words import Words

INK = "#22262b"
GREY = "#6b7280"
LIGHT = "#d5d9de"
BLUE = "#0072B2"
GREEN = "#009E73"
VERMILLION = "#D55E00"
ORANGE = "#E69F00"
PURPLE = "#A8568A"  # Okabe-Ito reddish purple, darkened so that thin lines keep contrast on white


class MarkStyle(Struct, frozen=True):
    """How a mark is drawn. ``path`` is SVG path data around (0, 0), about 10 units across."""

    color: str
    path: str
    is_filled: bool = True


_CIRCLE = "M-4.2,0C-4.2,-2.32 -2.32,-4.2 0,-4.2S4.2,-2.32 4.2,0 2.32,4.2 0,4.2 -4.2,2.32 -4.2,0Z"
_CROSS = "M-3.8,-3.8L3.8,3.8M-3.8,3.8L3.8,-3.8"

STYLES = {
    "syn": MarkStyle(INK, "M-3.6,-4.4L4.4,0L-3.6,4.4Z"),
    "data": MarkStyle(GREY, "M-1.3,-5.5H1.3V5.5H-1.3Z"),
    "repeats": MarkStyle(PURPLE, "M-4.6,-5H-2.8V5H-4.6ZM2.8,-5H4.6V5H2.8Z"),
    "probe": MarkStyle(BLUE, _CIRCLE),
    "answer": MarkStyle(GREEN, _CIRCLE, is_filled=False),
    "unanswered": MarkStyle(VERMILLION, _CIRCLE + "M-2.4,-2.4L2.4,2.4M-2.4,2.4L2.4,-2.4", is_filled=False),
    "fin": MarkStyle(PURPLE, "M-4.4,-4.4H4.4V4.4H-4.4Z"),
    "ack": MarkStyle(GREEN, "M-3.8,-3.8H3.8V3.8H-3.8Z", is_filled=False),
    "write": MarkStyle(ORANGE, "M0,-5.2L5,4H-5Z"),
    "reset": MarkStyle(VERMILLION, _CROSS, is_filled=False),
    "refused": MarkStyle(VERMILLION, _CIRCLE + "M-3,3L3,-3", is_filled=False),
    "log": MarkStyle(INK, "M0,-5.6L4.6,0L0,5.6L-4.6,0Z"),
    "missed": MarkStyle(VERMILLION, "M-5,-4V4M5,-4V4M-2.2,4L2.2,-4", is_filled=False),
    "quiet": MarkStyle(GREY, "M-5,0H-3M-1,0H1M3,0H5", is_filled=False),
    "other": MarkStyle(GREY, "M-2,0C-2,-1.1 -1.1,-2 0,-2S2,-1.1 2,0 1.1,2 0,2 -2,1.1 -2,0Z"),
}


def draw_mark(parent: etree._Element, kind: str, x: float, y: float, scale: float = 1.0) -> None:
    """Add the mark of a kind to an SVG element, centred on (x, y). KeyError when there is no such kind."""
    style = STYLES[kind]
    add(
        parent,
        "path",
        d=style.path,
        transform=f"translate({x:.2f},{y:.2f})" + ("" if scale == 1 else f" scale({scale:.2f})"),
        fill=style.color if style.is_filled else "#ffffff",
        stroke=style.color,
        stroke_width=1 if style.is_filled else 1.8,
    )


def mark_icon(kind: str, words: Words) -> str:
    """The mark of a kind as a small SVG of its own, for a table cell. KeyError when there is no such kind."""
    icon = new_svg("mark")
    icon.set("viewBox", "-7 -7 14 14")
    add(icon, "title").text = words.label(f"mark-{kind}")
    draw_mark(icon, kind, 0, 0)
    return etree.tostring(icon, encoding="unicode")
