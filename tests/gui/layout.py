"""Where things lie in a window of 1280 x 800 pixels: Wireshark on Qt 5 (Debian's 4.0) and on Qt 6 (its 4.4 and 4.6)."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from tests.gui.window import wireshark_command


@dataclass(frozen=True, slots=True)
class Layout:
    """The packet list, and the filter buttons (points of the display)."""

    list_top: int
    row_height: int
    trouble_button: tuple[int, int]
    episode_button: tuple[int, int]

    LIST_WIDTH: ClassVar = 1229  # without the overview beside it

    @property
    def first_row(self) -> tuple[int, int]:
        """A point of the first row."""
        return 900, self.list_top + self.row_height // 2

    @property
    def row_pixels(self) -> int:
        """How many pixels of a row have its background's colour, about: the rest is text."""
        return self.LIST_WIDTH * self.row_height * 7 // 8

    def the_list(self, height: int) -> str:
        """The upper part of the packet list, as ImageMagick takes it."""
        return f"{self.LIST_WIDTH}x{height}+0+{self.list_top}"

    def row(self, number: int) -> str:
        """A part of a row, from 0 on."""
        return f"600x{self.row_height - 4}+600+{self.list_top + 2 + number * self.row_height}"


@cache
def version() -> tuple[int, int]:
    """The version of Wireshark, such as (4, 0)."""
    said = subprocess.run([*wireshark_command(), "-v"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"Wireshark \D*(\d+)\.(\d+)", said)
    assert found, said
    return int(found[1]), int(found[2])


def layout() -> Layout:
    """That of the Wireshark which is tested."""
    if version() < (4, 2):
        return Layout(115, 17, (625, 77), (830, 77))
    return Layout(106, 14, (698, 72), (891, 72))
