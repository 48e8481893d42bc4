"""Wireshark's own dialogs with the plugin: Expert Information, Preferences, Reload; none brings up an error of Lua."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.gui import every_class, screenshot
from tests.gui.home import INSTALLED_PLUGIN, INSTALLED_PROFILE
from tests.gui.layout import layout
from tests.gui.menus import INCIDENTS, Desk
from tests.gui.profile_files import PROFILE
from tests.gui.test_live import wait
from tests.gui.test_window import BACKGROUND, colours_of, painted_rows, pixels_by_colour, pressed
from tests.gui.window import Window, wireshark

SIZE = (1280, 800)
# Of the plugin's page in the preferences, how many entries from the end: what it shows of the states.
STATES_FROM_END = 3
# The colour of Wireshark's expert information at Error, which nothing else has here.
ERROR_COLOUR = (255, 92, 92)
EXPERT_BUTTON = (16, 789)
# A search by typing begins anew after a pause.
NEXT_SEARCH_S = 1.5
A_LINE = 1_000
EXPECTED_WINDOWS = {"", screenshot.ARTICLE.name}


@contextmanager
def article(*arguments: str) -> Iterator[tuple[Window, Desk]]:
    """The article's capture in a window."""
    with wireshark(screenshot.ARTICLE, size=SIZE, arguments=arguments) as window:
        yield window, Desk(window)


def complaints(desk: Desk) -> list[str]:
    """The windows that are open and should not be, and what the program says of Lua."""
    said = desk.window.log.read_text(encoding="utf-8", errors="replace").splitlines()
    return sorted(set(desk.titles()) - EXPECTED_WINDOWS) + [line for line in said if "lua" in line.lower()]


def is_in_sight(rule: str, picture: Path) -> bool:
    """Whether a row of the packet list is painted by this rule."""
    return painted_rows(picture).get(rule, 0) > 0


def error_line(picture: Path) -> int:
    """The vertical middle of the first line of expert information at Error."""
    for top in range(0, SIZE[1], 4):
        if colours_of(picture, f"{SIZE[0]}x4+0+{top}")[ERROR_COLOUR] > A_LINE // 2:
            return top + 6
    raise AssertionError("no expert information at Error")


def test_expert_information_leads_to_the_frame(tmp_path: Path) -> None:
    """The one line at Error is the plugin's; the line below it, when it is unfolded, is the RST."""
    picture = tmp_path / "expert.png"
    with article() as (window, desk):
        window.settled_screenshot(picture)
        assert not is_in_sight(every_class.FIN_ACKED, picture), "it is far down"
        assert pixels_by_colour(picture)[ERROR_COLOUR] < A_LINE
        window.click(*EXPERT_BUTTON)
        dialog = desk.find("Expert Information")
        window.settled_screenshot(picture)
        # Left of its middle, where the dialog shows the summary.
        window.click(SIZE[0] // 2, error_line(picture))
        desk.keys("Right", "Down")
        desk.push_close(dialog)
        window.settled_screenshot(picture)
        assert complaints(desk) == []
    assert is_in_sight(every_class.EVERYDAY, picture), "the probe, above the RST that is selected"


def test_what_the_preferences_set_holds_at_once(tmp_path: Path) -> None:
    """The states are shown, and Wireshark writes them down in the profile."""
    picture = tmp_path / "preferences.png"
    with article("-Y", "keepalive.state.src && keepalive.probe") as (window, desk):
        window.settled_screenshot(picture)
        assert not is_in_sight(every_class.PROBE, picture)
        window.press("ctrl+shift+p")
        dialog = desk.find("Preferences")
        for name in ("protocols", "keepalive"):
            time.sleep(NEXT_SEARCH_S)
            desk.keys_in(dialog, *name, "Right")
        desk.keys_in(dialog, *["shift+Tab"] * STATES_FROM_END, "space", "Return")
        written = window.home / INSTALLED_PROFILE / "preferences"
        wait(lambda: "\nkeepalive.show_state: TRUE" in written.read_text(encoding="utf-8"), "it is not written down")
        assert "keepalive.show_state" not in (PROFILE / "preferences").read_text(encoding="utf-8")
        window.settled_screenshot(picture)
        assert complaints(desk) == []
    assert is_in_sight(every_class.PROBE, picture)


def test_reload_shows_the_same(tmp_path: Path) -> None:
    """The capture, then the Lua plugins: same colours, and the menu once more leads to the incidents."""
    picture = tmp_path / "reload.png"
    with article() as (window, desk):
        pressed(window, layout().trouble_button, picture)
        before = painted_rows(picture)
        assert before.keys() == {every_class.EVERYDAY, every_class.CLOSING_RESET}
        for keys in ("ctrl+r", "ctrl+shift+l"):
            window.press(keys)
            window.settled_screenshot(picture)
            pressed(window, layout().trouble_button, picture)
            assert painted_rows(picture) == before, keys
            assert complaints(desk) == [], keys
        desk.choose(INCIDENTS, is_reloaded=True)
        desk.push_close(desk.find("Keep-alive incidents"))


def test_an_error_of_lua_is_noticed(tmp_path: Path) -> None:
    """The near twin: a plugin that fails to load brings up a window, and no row is painted."""
    picture = tmp_path / "planted.png"
    with article("-Y", screenshot.CONNECTION, "-g", "898") as (window, desk):
        window.settled_screenshot(picture)
        assert complaints(desk) == []
        script = window.home / INSTALLED_PLUGIN / "keepalive.lua"
        script.write_text(f'error("planted")\n{script.read_text(encoding="utf-8")}', encoding="utf-8")
        window.press("ctrl+shift+l")
        wait(lambda: bool(complaints(desk)), "nothing complains")
        window.settled_screenshot(picture)
    assert not any(colours_of(picture, layout().the_list(300))[BACKGROUND[rule]] > A_LINE for rule in BACKGROUND)
