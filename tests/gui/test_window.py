"""The real Wireshark shows the colours, columns and buttons of the profile."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.gui import every_class, screenshot
from tests.gui.colour_vision import Rgb
from tests.gui.profile_files import colour_rules
from tests.gui.window import WindowError, wireshark

BACKGROUND = {rule.name: rule.background for rule in colour_rules()}
# A row of the packet list has some 20,000 pixels, its mark in the overview beside the scroll bar at most a few hundred.
A_ROW = 8_000
A_MARK = 1_000


def pixels_by_colour(picture: Path) -> Counter[Rgb]:
    """How many pixels of an image have each colour."""
    raw = subprocess.run(["convert", str(picture), "-depth", "8", "rgb:-"], capture_output=True, check=True).stdout
    return Counter(zip(raw[::3], raw[1::3], raw[2::3], strict=True))


def rules_on_screen(picture: Path, names: set[str]) -> set[str]:
    """Those of the named colour rules that paint at least one row of the packet list."""
    pixels = pixels_by_colour(picture)
    counts = {name: pixels[BACKGROUND[name]] for name in names}
    assert not [name for name, count in counts.items() if A_MARK < count < A_ROW], counts
    return {name for name, count in counts.items() if count >= A_ROW}


LOUD = {every_class.MISSED, every_class.WRITE, every_class.CLOSING_RESET, every_class.GAVE_UP, every_class.RESET}
ASKED = LOUD | {every_class.PROBE, every_class.ANSWER, every_class.FIRST_FIN, every_class.FIN_ACKED}


def test_the_article_in_the_window(tmp_path: Path) -> None:
    """The end of its connection: healthy probes and answers, FIN, its acknowledgement, the RST; nothing missed."""
    picture = tmp_path / "article.png"
    # Frame 898 is selected, and painted in Wireshark's own colour.
    with wireshark(screenshot.ARTICLE, arguments=["-Y", screenshot.CONNECTION, "-g", "898"]) as window:
        window.settled_screenshot(picture)
        said = window.log.read_text(encoding="utf-8", errors="replace")
    healthy_close = {every_class.PROBE, every_class.ANSWER, every_class.FIRST_FIN, every_class.FIN_ACKED}
    assert rules_on_screen(picture, ASKED) == healthy_close | {every_class.CLOSING_RESET}
    assert "lua" not in said.lower(), said


def test_the_loud_classes_in_the_window(tmp_path: Path) -> None:
    """The last frames with trouble, without the healthy ones."""
    capture = tmp_path / "every_class.pcap"
    rules = every_class.write_every_class(capture)
    first = min(frame for frame, rule in rules.items() if rule in LOUD)
    filters = f'keepalive.level in {{"Warn", "Error"}} || frame.number == {first - 1}'
    picture = tmp_path / "loud.png"
    with wireshark(capture, arguments=["-Y", filters, "-g", str(first - 1)]) as window:
        window.settled_screenshot(picture)
    assert rules_on_screen(picture, ASKED) == LOUD


def test_without_the_profile_s_colours_the_test_sees_nothing(tmp_path: Path) -> None:
    """The near twin: with colouring switched off, none of the colours is on the screen."""
    picture = tmp_path / "plain.png"
    plain = ["-Y", screenshot.CONNECTION, "-g", "898", "-o", "gui.packet_list_show_minimap:FALSE"]
    with wireshark(screenshot.ARTICLE, arguments=plain) as window:
        window.settled_screenshot(picture)
        assert rules_on_screen(picture, ASKED)
        window.click(*screenshot.COLOURING_BUTTON)
        window.settled_screenshot(picture)
    assert rules_on_screen(picture, ASKED) == set()


def test_the_window_leaves_nothing_behind() -> None:
    """Its programs have ended and its folder is gone, also when the test fails inside."""
    with pytest.raises(ZeroDivisionError), wireshark(screenshot.ARTICLE) as window:
        folder = window.log.parent
        assert folder.is_dir()
        raise ZeroDivisionError
    assert not folder.exists()
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(folder) not in running


def test_a_window_that_does_not_come_up_is_reported(tmp_path: Path) -> None:
    """Wireshark's own words are in the error."""
    capture = tmp_path / "any.pcap"
    every_class.write_every_class(capture)
    with pytest.raises(WindowError, match="ended with status"), wireshark(capture, arguments=["-o", "nonsense"]):
        pass


def test_the_readme_s_picture_can_be_made_again(tmp_path: Path) -> None:
    """As big as the window, small as a file, and not of an empty one."""
    picture = tmp_path / "picture.png"
    screenshot.take(picture)
    assert picture.stat().st_size < 300_000
    size = subprocess.run(["identify", "-format", "%wx%h", str(picture)], capture_output=True, text=True, check=True)
    assert size.stdout == "1400x800"
    assert rules_on_screen(picture, {every_class.PROBE, every_class.FIRST_FIN, every_class.CLOSING_RESET})
