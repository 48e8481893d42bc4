"""A few words for building SVG with lxml, so that drawing code says what it draws."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from pyreport.render.clean import printable

SVG = "http://www.w3.org/2000/svg"


def new_svg(css_class: str) -> etree._Element:
    """An empty SVG document, announced to screen readers as one image."""
    root = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})  # type: ignore[dict-item]  # the stubs forget None
    root.attrib.update({"class": css_class, "role": "img"})
    return root


def describe(root: etree._Element, told: str) -> None:
    """Say what the figure shows to who does not see it: screen readers and PDF read the title."""
    add(root, "title").text = printable(told)


def add(parent: etree._Element, tag: str, **attributes: str | float) -> etree._Element:
    """Add an SVG element; ``stroke_width`` becomes ``stroke-width``, ``class_`` becomes ``class``.

    Numbers are written with two decimals.
    """
    plain = {
        name.rstrip("_").replace("_", "-"): value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")
        for name, value in attributes.items()
    }
    return etree.SubElement(parent, f"{{{SVG}}}{tag}", plain)


def add_line(parent: etree._Element, x1: float, y1: float, x2: float, y2: float, color: str, width: float = 1) -> None:
    """Add a straight line."""
    add(parent, "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=color, stroke_width=width)


def add_uprights(parent: etree._Element, xs: Iterable[float], y1: float, y2: float, color: str, width: float) -> None:
    """Add vertical lines of one height as one element: each element costs WeasyPrint half a millisecond."""
    if drawn := "".join(f"M{x:.2f},{y1:.2f}V{y2:.2f}" for x in xs):
        add(parent, "path", d=drawn, stroke=color, stroke_width=width, fill="none")


def add_text(
    parent: etree._Element, text: str, x: float, y: float, size: float, color: str, anchor: str = "start"
) -> None:
    """Add one line of text with its baseline at ``y``; ``anchor`` is start, middle or end."""
    element = add(parent, "text", x=x, y=y, font_size=size, fill=color, text_anchor=anchor)
    element.text = printable(text)
