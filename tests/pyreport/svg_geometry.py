"""Boxes of the texts of an SVG figure, measured with the real font and not with the figure's own estimate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree
from PIL import ImageFont

SVG = "{http://www.w3.org/2000/svg}"
_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "~/.fonts", "~/.local/share/fonts")
_TOUCH = 0.05  # rounding of printed coordinates


@dataclass(frozen=True)
class Box:
    """A rectangle of the figure; ``text`` tells what stands in it."""

    left: float
    top: float
    right: float
    bottom: float
    text: str = ""

    def overlaps(self, other: Box) -> bool:
        return (
            self.left < other.right - _TOUCH
            and other.left < self.right - _TOUCH
            and self.top < other.bottom - _TOUCH
            and other.top < self.bottom - _TOUCH
        )

    def contains(self, other: Box) -> bool:
        return (
            self.left <= other.left + _TOUCH
            and other.right <= self.right + _TOUCH
            and self.top <= other.top + _TOUCH
            and other.bottom <= self.bottom + _TOUCH
        )


@cache
def _font() -> ImageFont.FreeTypeFont:
    for folder in _FONT_FOLDERS:
        for path in sorted(Path(folder).expanduser().rglob("DejaVuSans.ttf")):
            return ImageFont.truetype(str(path), 1000)
    raise AssertionError("DejaVu Sans is not installed (Debian: fonts-dejavu-core)")


def real_width(text: str, size: float) -> float:
    """Width of a text as the font has it."""
    return _font().getlength(text) * size / 1000


def read(svg: str) -> etree._Element:
    return etree.fromstring(svg)


def figure_box(root: etree._Element) -> Box:
    left, top, width, height = map(float, str(root.attrib["viewBox"]).split())
    return Box(left, top, left + width, top + height)


def text_boxes(root: etree._Element) -> list[Box]:
    """Box of every text, from the font's ascent (0.76 em covers capitals and digits) to its descent."""
    boxes = []
    for element in root.iter(f"{SVG}text"):
        text = element.text or ""
        size, x, y = (float(element.attrib[name]) for name in ("font-size", "x", "y"))
        width = real_width(text, size)
        left = x - {"start": 0.0, "middle": width / 2, "end": width}[str(element.attrib["text-anchor"])]
        boxes.append(Box(left, y - 0.76 * size, left + width, y + 0.24 * size, text))
    return boxes


def pole_boxes(root: etree._Element) -> list[Box]:
    """Box of the pole of every flag."""
    boxes = []
    for line in root.iterfind(f".//{SVG}g[@class='flag']/{SVG}line"):
        x, y1, y2 = (float(line.attrib[name]) for name in ("x1", "y1", "y2"))
        boxes.append(Box(x - 0.6, min(y1, y2), x + 0.6, max(y1, y2)))
    return boxes
