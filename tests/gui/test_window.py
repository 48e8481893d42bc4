"""The real Wireshark shows the colours, columns and buttons of the profile."""

from __future__ import annotations

import subprocess
import time
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from tests.gui import every_class, screenshot
from tests.gui.colour_vision import VISION, Rgb, difference, lab
from tests.gui.layout import layout, version
from tests.gui.profile_files import colour_rules
from tests.gui.test_colours import APART, CLEARLY
from tests.gui.window import Window, WindowError, wireshark
from tests.support.plugin import run_tshark

BACKGROUND = {rule.name: rule.background for rule in colour_rules()}
# A row of the packet list has some 20,000 pixels, its mark in the overview beside the scroll bar at most a few hundred.
A_ROW = 8_000
A_MARK = 1_000
# So many columns of pixels have the marks of frames that the selected one links to, at most and at least.
DOT, ARROW = 8, 10
AUTO_SWITCH_SINCE = (4, 4)
# A bar of a graph is some pixels wide.
A_BAR = 15


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


LOUD = {
    every_class.MISSED,
    every_class.WRITE,
    every_class.CLOSING_RESET,
    every_class.GAVE_UP,
    every_class.RESET,
    every_class.UNANSWERED,
    every_class.OWN_FIN_WRITE,
}
ASKED = LOUD | {every_class.PROBE, every_class.ANSWER, every_class.TURNING_FIN, every_class.FIN_ACKED}


def test_the_article_in_the_window(tmp_path: Path) -> None:
    """The end of its connection: healthy probes and answers, FIN, its acknowledgement, the RST; nothing missed."""
    picture = tmp_path / "article.png"
    # Frame 898 is selected, and painted in Wireshark's own colour.
    with wireshark(screenshot.ARTICLE, arguments=["-Y", screenshot.CONNECTION, "-g", "898"]) as window:
        window.settled_screenshot(picture)
        said = window.log.read_text(encoding="utf-8", errors="replace")
    healthy_close = {every_class.PROBE, every_class.ANSWER, every_class.TURNING_FIN, every_class.FIN_ACKED}
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


def colours_of(picture: Path, part: str) -> Counter[Rgb]:
    """How many pixels of a part of an image ("width x height + left + top") have each colour."""
    cropped = picture.with_suffix(".part.png")
    subprocess.run(["convert", str(picture), "-crop", part, "+repage", str(cropped)], check=True)
    return pixels_by_colour(cropped)


def pressed(window: Window, button: tuple[int, int], picture: Path) -> None:
    """Press a filter button, then go to the first row: the cursor of the filter field would never stand still."""
    window.click(*button)
    time.sleep(2)
    window.click(*layout().first_row)
    window.settled_screenshot(picture)


def test_one_click_leads_from_the_opened_file_to_the_trouble(tmp_path: Path) -> None:
    """*Trouble* leaves the FIN, the probe after it and the RST.

    *This episode* of the FIN adds the last data, the last probe with its answer, and what acknowledged the FIN.
    """
    picture = tmp_path / "trouble.png"
    with wireshark(screenshot.ARTICLE, size=(1280, 800)) as window:
        window.settled_screenshot(picture)
        assert BACKGROUND[every_class.CLOSING_RESET] not in colours_of(picture, layout().the_list(300)), (
            "it is far down"
        )
        pressed(window, layout().trouble_button, picture)
        trouble = painted_rows(picture)
        pressed(window, layout().episode_button, picture)
        episode = painted_rows(picture)
    assert trouble == {every_class.EVERYDAY: 1, every_class.CLOSING_RESET: 1}  # the FIN is selected
    # Now the last data are selected.
    close = (every_class.TURNING_FIN, every_class.FIN_ACKED, every_class.EVERYDAY, every_class.CLOSING_RESET)
    assert episode == dict.fromkeys((every_class.PROBE, every_class.ANSWER, *close), 1)


def painted_rows(picture: Path, height: int = 300) -> dict[str, int]:
    """How many rows of the packet list each colour rule paints; only those that paint one."""
    pixels = colours_of(picture, layout().the_list(height))
    rows = {name: round(pixels[colour] / layout().row_pixels) for name, colour in BACKGROUND.items()}
    return {name: count for name, count in rows.items() if count}


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_rows_in_the_light_and_in_the_dark_theme(tmp_path: Path, is_dark: bool) -> None:
    """As seen: ordinary rows have the theme's background, and no row with trouble looks like the selected one."""
    capture, picture = tmp_path / "every_class.pcap", tmp_path / "theme.png"
    rules = every_class.write_every_class(capture)
    ordinary = min(frame for frame, rule in rules.items() if rule == every_class.NONE)
    filters = 'keepalive.level in {"Warn", "Error"} || keepalive.late || keepalive.fin'
    filters += f" || frame.number in {{{ordinary}, {ordinary + 1}}}"
    arguments = ["-Y", filters, "-g", str(ordinary)]
    with wireshark(capture, size=(1280, 1000), arguments=arguments, is_dark=is_dark) as window:
        window.settled_screenshot(picture)
    (selected, _), *_ = colours_of(picture, layout().row(0)).most_common(1)
    (beside, _), *_ = colours_of(picture, layout().row(1)).most_common(1)
    assert beside not in BACKGROUND.values()
    assert (lab(beside)[0] < 30) == is_dark
    shown = {name: BACKGROUND[name] for name in painted_rows(picture, 400)}
    assert shown.keys() >= LOUD | {every_class.LATE, every_class.EVERYDAY, every_class.TURNING_FIN}
    for vision, (name, colour) in product(VISION, shown.items()):
        assert difference(colour, selected, vision) >= APART, (vision, name)
        if name in LOUD:
            assert difference(colour, beside, vision) >= (APART if is_dark else CLEARLY), (vision, name)


@pytest.mark.parametrize("story", [every_class.write_on_closed, every_class.closed_at_once])
def test_wireshark_chooses_the_profile_of_a_capture_with_trouble(
    tmp_path: Path, story: Callable[[every_class.Conversation], None]
) -> None:
    """From 4.4 on, by the file profile_settings; before, and of the near twin, the default profile shows no finding."""
    capture, picture = tmp_path / "chosen.pcap", tmp_path / "chosen.png"
    rules = every_class.write_every_class(capture, [story])
    has_trouble = not LOUD.isdisjoint(rules.values())
    assert has_trouble == (story == every_class.write_on_closed)
    with wireshark(capture, size=(1280, 800), profile="") as window:
        window.settled_screenshot(picture)
    assert bool(painted_rows(picture)) == (has_trouble and version() >= AUTO_SWITCH_SINCE)


def marks_of(picture: Path, row: int) -> int:
    """How many columns of pixels the mark has that Wireshark draws before the number of the frame in a row."""
    part = f"16x{layout().row_height}+1+{layout().list_top + row * layout().row_height}"
    cropped = picture.with_suffix(".mark.png")
    subprocess.run(["convert", str(picture), "-crop", part, "+repage", str(cropped)], check=True)
    raw = subprocess.run(["convert", str(cropped), "-depth", "8", "rgb:-"], capture_output=True, check=True).stdout
    pixels = list(zip(raw[::3], raw[1::3], raw[2::3], strict=True))
    columns = [set(pixels[left::16]) for left in range(16)]
    return sum(len(column) > 1 for column in columns)


def test_an_arrow_leads_from_the_request_to_the_response(tmp_path: Path) -> None:
    """Beside the write that drew the RST, which is selected; beside the FIN, to which it only links, there is a dot."""
    capture, picture = tmp_path / "arrows.pcap", tmp_path / "arrows.png"
    every_class.write_every_class(capture, [every_class.write_on_closed])
    fin, write, reset = (
        int(run_tshark(["-2", "-r", str(capture), "-Y", f"keepalive.{name}", "-T", "fields", "-e", "frame.number"]))
        for name in ("fin", "post_fin_write", "post_fin_reset")
    )
    with wireshark(capture, size=(1280, 800), arguments=["-g", str(reset)]) as window:
        window.settled_screenshot(picture)
        response = [marks_of(picture, frame - 1) for frame in (fin, write)]
        window.click(400, layout().list_top + (write - 1) * layout().row_height + 5)
        window.settled_screenshot(picture)
        request = [marks_of(picture, frame - 1) for frame in (fin, reset)]
    for dot, arrow in (response, request):
        assert 0 < dot <= DOT < ARROW <= arrow, (response, request)


def test_the_graphs_show_when_intervals_were_missed_and_what_came_after_the_fin(tmp_path: Path) -> None:
    """*Statistics > I/O Graphs*; the near twin is the window before, which has none of their colours."""
    before, graphs = tmp_path / "before.png", tmp_path / "graphs.png"
    bars = [BACKGROUND[every_class.MISSED], BACKGROUND[every_class.WRITE]]
    with wireshark(screenshot.ARTICLE_AS_TOLD, size=(1280, 800)) as window:
        window.settled_screenshot(before)
        window.press("alt+s")
        time.sleep(1)
        window.press("i")
        window.settled_screenshot(graphs)
    assert [pixels_by_colour(before)[colour] > A_BAR for colour in bars] == [False, False]
    assert [pixels_by_colour(graphs)[colour] > A_BAR for colour in bars] == [True, True]


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
    assert rules_on_screen(picture, {every_class.PROBE, every_class.TURNING_FIN, every_class.CLOSING_RESET})
