"""The way of a packet as a small figure: arrived, lost on the way, come from nowhere."""

from __future__ import annotations

from lxml import etree

from pyreport.compare.packet import Fate
from pyreport.render.glyphs import GREEN, GREY, INK, VERMILLION
from pyreport.render.svg import add, add_line, new_svg

WIDTH, HEIGHT, MIDDLE = 80, 14, 7
BREAK = 44


def draw_arrow(sender: int | None, fate: Fate | None, title: str) -> str:
    """One row as SVG. ``sender`` 0 is on the left, None for a run of packets both ways. ``title`` says the fate to who
    does not see the figure.
    """
    root = new_svg("arrow")
    root.set("viewBox", f"0 0 {WIDTH} {HEIGHT}")
    add(root, "title").text = title
    drawing = add(root, "g")
    if sender == 1:
        drawing.set("transform", f"translate({WIDTH},0) scale(-1,1)")
    if sender is None:
        _line(drawing, 4, WIDTH - 4, GREY, dashed=True)
    elif fate in (Fate.ARRIVED, Fate.ARRIVED_IN_PIECES, Fate.ARRIVED_UNSEEN):
        _line(drawing, 2, WIDTH - 8, GREEN)
        _head(drawing, WIDTH - 2, GREEN)
    elif fate is Fate.LOST:
        _line(drawing, 2, BREAK - 6, VERMILLION)
        _cross(drawing, BREAK)
    elif fate in (Fate.NOT_SENT, Fate.SENT_UNSEEN):
        color = VERMILLION if fate is Fate.NOT_SENT else INK
        _line(drawing, BREAK - 12, WIDTH - 8, color)
        _head(drawing, WIDTH - 2, color)
        if fate is Fate.NOT_SENT:
            add(drawing, "circle", cx=BREAK - 14, cy=MIDDLE, r=3, fill=color)
    else:
        _line(drawing, 2, WIDTH - 8, GREY, dashed=True)
        _head(drawing, WIDTH - 2, GREY)
    return etree.tostring(root, encoding="unicode")


def _line(parent: etree._Element, start: float, end: float, color: str, *, dashed: bool = False) -> None:
    add_line(parent, start, MIDDLE, end, MIDDLE, color, 1.6)
    if dashed:
        parent[-1].set("stroke-dasharray", "3 3")


def _head(parent: etree._Element, tip: float, color: str) -> None:
    add(parent, "path", d=f"M{tip},{MIDDLE}L{tip - 8},{MIDDLE - 4}V{MIDDLE + 4}Z", fill=color)


def _cross(parent: etree._Element, center: float) -> None:
    for sign in (1, -1):
        add_line(parent, center - 4, MIDDLE - 4 * sign, center + 4, MIDDLE + 4 * sign, VERMILLION, 2)
