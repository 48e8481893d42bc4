"""Wireshark's menus and the windows that they open, driven by keys and the mouse."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.gui.layout import version
from tests.gui.window import Window
from tests.support.programs import write_program

# The buttons of the window of incidents: where they lie in it, from its left edge.
NEXT, GO_TO, SHOW, PDF, EVENTS = 50, 242, 372, 568, 654
BUTTON_ABOVE_EDGE = 24
#: The entries of Tools > Keep-alive, as Wireshark sorts them.
ABOUT, INCIDENTS, REPORT = range(3)
POLL_S = 0.2
PATIENCE_S = 120.0
#: Since this version Lua adds to the menu of a right click, and a reload makes Lua's menus anew.
PACKET_MENUS_SINCE = (4, 2)
#: A row of the packet list, and where the report stands in the menu of a right click on it.
A_ROW = (400, 300)
REPORT_BY_RIGHT_CLICK = 6


@dataclass(frozen=True, slots=True)
class Desk:
    """A Wireshark window, and the other windows of its program."""

    window: Window

    def keys(self, *keys: str) -> None:
        """Type keys where the focus is."""
        self._xdotool("key", "--delay", "150", *keys)

    def keys_in(self, window: str, *keys: str) -> None:
        """Type keys into one of the windows."""
        self._xdotool("windowfocus", "--sync", window, "key", "--delay", "150", *keys)

    def choose(self, entry: int, *, is_reloaded: bool = False) -> None:
        """Choose an entry of Tools > Keep-alive, which stands before the last one of Tools. On 4.2 and later it is the
        last one itself when the Lua plugins have been reloaded.
        """
        self._opening(lambda: self.window.press("alt+t"))
        self.keys(*["Up"] * (1 if is_reloaded and version() >= PACKET_MENUS_SINCE else 2))
        self._opening(lambda: self.keys("Right"))
        self.keys(*["Down"] * entry, "Return")

    def find(self, title: str) -> str:
        """The window with this in its title; waits for it. Raises AssertionError when it does not come."""
        deadline = time.monotonic() + PATIENCE_S
        while not (found := self.titled(title)):
            assert time.monotonic() < deadline, f"no window '{title}' among {self.titles()}"
            time.sleep(POLL_S)
        return found[0]

    def titled(self, title: str) -> list[str]:
        """The windows with this in their title."""
        return self._xdotool("search", "--onlyvisible", "--name", title).split()

    def titles(self) -> list[str]:
        """The titles of all windows."""
        windows = self._xdotool("search", "--onlyvisible", "--name", ".*").split()
        return [self._xdotool("getwindowname", window).strip() for window in windows]

    def push(self, window: str, x: int) -> None:
        """Press a button at the lower edge of a window, which is brought to the front."""
        geometry = dict(
            line.split("=")
            for line in self._xdotool("getwindowgeometry", "--shell", window).splitlines()
            if "=" in line
        )
        y = int(geometry["HEIGHT"]) - BUTTON_ABOVE_EDGE
        self._xdotool("windowraise", window, "mousemove", "--window", window, str(x), str(y), "click", "1")

    def push_ok(self, window: str) -> None:
        """Take what a dialog proposes."""
        self._xdotool("windowfocus", "--sync", window, "key", "Return")

    def push_close(self, window: str) -> None:
        """Close a window by its key, and wait until it is gone."""
        self._xdotool("windowfocus", "--sync", window, "key", "Escape")
        deadline = time.monotonic() + PATIENCE_S
        while window in self._xdotool("search", "--onlyvisible", "--class", ".").split():
            assert time.monotonic() < deadline, "the window stays"
            time.sleep(POLL_S)

    def right_click(self, x: int, y: int) -> None:
        """Press the right mouse button at a place of the display, and wait for the menu."""
        self._opening(lambda: self._xdotool("mousemove", str(x), str(y), "click", "3"))

    def _opening(self, act: Callable[[], object]) -> None:
        """Do what opens a menu, and wait for it: it is a window of its own, and keys before that go elsewhere."""
        before = self._shown()
        act()
        deadline = time.monotonic() + PATIENCE_S
        while self._shown() <= before:
            assert time.monotonic() < deadline, "no menu opened"
            time.sleep(POLL_S)

    def _shown(self) -> int:
        """How many windows can be seen."""
        return len(self._xdotool("search", "--onlyvisible", "--class", ".").split())

    def move(self, window: str, x: int, y: int) -> None:
        """Put the upper left corner of a window at a place of the display."""
        self._xdotool("windowmove", "--sync", window, str(x), str(y))

    def _xdotool(self, *arguments: str) -> str:
        command = ["xdotool", *arguments]
        done = subprocess.run(command, env=self.window.environment, capture_output=True, text=True, check=False)
        return done.stdout


def write_pyreport(folder: Path) -> Path:
    """Write a pyreport that copies its capture and notes its arguments; returns the file that it notes them in.

    Asked to scan, it waits for the file `events.tsv` beside it, gives that, and notes nothing.
    """
    noted = folder / "noted"
    folder.chmod(0o777)
    write_program(
        folder / "pyreport",
        f'[ "$1" = --version ] && {{ echo "pyreport 9.9.9"; exit; }}\n'
        f'[ "$1" = scan ] && {{ while [ -d {folder} ] && ! cp {folder}/events.tsv "$4"; do sleep 0.1; done; exit; }}\n'
        f'cp "$2" {folder}/copy; printf "%s\\n" "$@" >{noted}.part; mv {noted}.part {noted}; echo done',
    )
    return noted


def noted_by(noted: Path) -> list[str]:
    """The arguments that pyreport was started with; waits for them, and takes them away."""
    deadline = time.monotonic() + PATIENCE_S
    while not noted.exists():
        assert time.monotonic() < deadline, "pyreport was not started"
        time.sleep(POLL_S)
    words = noted.read_text(encoding="utf-8").splitlines()
    noted.unlink()
    return words
