"""A real Wireshark in a virtual X display, with the plugin and the profile as `pyreport install` puts them."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.gui.home import UNPRIVILEGED, hand_over, install, new_home

PROGRAMS = ("Xvfb", "xdotool", "import")
START_S = 300.0  # only a program that hangs takes so long
STILL_S = 1.0
POLL_S = 0.2
SERVERS = 5


# Wireshark writes in Liberation Mono where the machine has it, whose lines are lower. The layout is that of the font
# which it takes next, DejaVu Sans Mono.
FONTS = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<include>/etc/fonts/fonts.conf</include>
<selectfont><rejectfont><glob>*/Liberation*</glob></rejectfont></selectfont>
</fontconfig>
"""
# A desktop with a dark theme, as Qt 5 and 6 read it (QKdeTheme); colours are red, green, blue.
DARK_DESKTOP = {"XDG_CURRENT_DESKTOP": "KDE", "KDE_SESSION_VERSION": "5", "KDE_FULL_SESSION": "true"}
DARK_COLOURS = """\
[Colors:Window]
BackgroundNormal=42,46,50
ForegroundNormal=252,252,252
[Colors:View]
BackgroundNormal=27,30,32
BackgroundAlternate=35,38,41
ForegroundNormal=252,252,252
ForegroundLink=29,153,243
[Colors:Button]
BackgroundNormal=49,54,59
ForegroundNormal=252,252,252
[Colors:Selection]
BackgroundNormal=61,174,233
ForegroundNormal=252,252,252
[Colors:Tooltip]
BackgroundNormal=49,54,59
ForegroundNormal=252,252,252
"""


class WindowError(RuntimeError):
    """A program is missing, or Wireshark did not come up in time."""


@dataclass(frozen=True, slots=True)
class Window:
    """A Wireshark main window. `log` is what the program has written so far, beside it lies the opened capture."""

    environment: dict[str, str]
    identifier: str
    log: Path
    process: subprocess.Popen[bytes]

    @property
    def home(self) -> Path:
        """The home folder of its user."""
        return Path(self.environment["HOME"])

    def screenshot(self, path: Path) -> None:
        """Write the whole display to an image file."""
        _run(["import", "-window", "root", "-strip", str(path)], self.environment)

    def settled_screenshot(self, path: Path) -> None:
        """Write an image of the display once it no longer changes. Raises WindowError after START_S seconds."""
        seen: list[bytes] = []

        def is_still() -> bool:
            time.sleep(STILL_S)
            self.screenshot(path)
            seen.append(path.read_bytes())
            return len(seen) > 2 and len(set(seen[-3:])) == 1

        _wait(is_still, "the window keeps changing")

    def press(self, *keys: str) -> None:
        """Type keys by their X names, e.g. "ctrl+g"."""
        _run(["xdotool", "windowfocus", "--sync", self.identifier, "key", "--delay", "80", *keys], self.environment)

    def quit(self) -> None:
        """Leave the program as a user does: then it writes down what it keeps. Raises WindowError when it stays."""
        self.press("ctrl+q")
        _wait(lambda: self.process.poll() is not None, "wireshark does not end")

    def type(self, text: str) -> None:
        """Type a text."""
        _run(["xdotool", "type", "--delay", "80", text], self.environment)

    def click(self, x: int, y: int) -> None:
        """Press the left mouse button at a place of the display."""
        _run(["xdotool", "mousemove", str(x), str(y), "click", "1"], self.environment)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Move the mouse between two places of the display with the left button down."""
        places = [[str(x), str(y)] for x, y in (start, end)]
        steps = ["mousemove", *places[0], "mousedown", "1", "mousemove", "--sync", *places[1], "mouseup", "1"]
        _run(["xdotool", *steps], self.environment)


def wireshark_command() -> list[str]:
    """The command that starts Wireshark: what WIRESHARK holds in shell words, or `wireshark`.

    Another command than that is one that root may run, such as `tests/matrix/in_root ROOT wireshark`.
    """
    return shlex.split(os.environ.get("WIRESHARK", "")) or ["wireshark"]


@contextmanager
def wireshark(
    capture: Path,
    *,
    size: tuple[int, int] = (1400, 800),
    timezone: str = "UTC",
    arguments: Sequence[str] = (),
    more_scripts: Sequence[Path] = (),
    is_dark: bool = False,
    profile: str = "Keepalive",
    home: Path | None = None,
) -> Iterator[Window]:
    """Open a capture, in a window of `size` pixels. A named pipe is captured from live.

    `profile`: "" lets Wireshark choose. `more_scripts` are loaded after the plugin. `is_dark`: on a dark desktop.
    `home`: a home folder as it is; without it, one with the plugin and the profile installed, which is thrown away.
    Run by root, Wireshark runs as nobody. Raises WindowError when it cannot be shown. All that was started has ended
    when the block is left.
    """
    start = wireshark_command()
    for program in (*PROGRAMS, start[0]):
        if not shutil.which(program):
            raise WindowError(f"{program} is not installed")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wireshark-", dir="/tmp")))
        if home is None:
            home = stack.enter_context(new_home())
            install(home)
        environment = _settings(folder, capture, home, is_dark) | {
            "DISPLAY": stack.enter_context(_display(size)),
            "TZ": timezone,
        }
        log = folder / "log"
        command = [*start, *(["-C", profile] if profile else [])]
        command += ["-k", "-i", str(capture)] if capture.is_fifo() else ["-r", str(folder / capture.name)]
        for script in more_scripts:
            command += ["-X", f"lua_script:{shutil.copy(script, folder)}"]
        command += arguments
        user = UNPRIVILEGED if os.geteuid() == 0 and len(start) == 1 else None
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, env=environment, stdout=output, stderr=output, user=user, group=user,
                extra_groups=[] if user else None, cwd=folder,
            )  # fmt: skip
        stack.callback(_end, process)
        title = "Capturing from" if capture.is_fifo() else capture.name
        identifier = _main_window(process, title, environment, log)
        resize = ["windowmove", identifier, "0", "0", "windowsize", "--sync", identifier, *map(str, size)]
        _run(["xdotool", *resize], environment)
        yield Window(environment, identifier, log, process)


def _settings(folder: Path, capture: Path, home: Path, is_dark: bool) -> dict[str, str]:
    """Put the capture and the choice of fonts into a folder, and the theme into the home; the environment of a user who
    has nothing else.
    """
    if not capture.is_fifo():
        shutil.copy(capture, folder)
    fonts = folder / "fonts.conf"
    fonts.write_text(FONTS, encoding="utf-8")
    hand_over(folder)
    if is_dark:
        (home / ".config").mkdir(exist_ok=True)
        (home / ".config" / "kdeglobals").write_text(DARK_COLOURS, encoding="utf-8")
        hand_over(home)
    return {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "HOME": str(home),
        "FONTCONFIG_FILE": str(fonts),
        "XDG_RUNTIME_DIR": str(home),
        "QT_QPA_PLATFORM": "xcb",
    } | (DARK_DESKTOP if is_dark else {})


@contextmanager
def _display(size: tuple[int, int]) -> Iterator[str]:
    """Start an X server on a free display number; its name, e.g. ":1". One that ends at the same time, and had that
    number, may take the socket of the new one along: then it answers nobody, and the next one is started.
    """
    with ExitStack() as stack:
        for _ in range(SERVERS):
            server, name = _x_server(size)
            stack.callback(_end, server)
            if _answers(name):
                break
        else:
            raise WindowError(f"none of {SERVERS} X servers answers")
        yield name


def _x_server(size: tuple[int, int]) -> tuple[subprocess.Popen[bytes], str]:
    """An X server that is up, and the name of its display."""
    read_end, write_end = os.pipe()
    screen = f"{size[0]}x{size[1]}x24"
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", screen, "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write_end)
    with os.fdopen(read_end) as pipe:
        number = pipe.readline().strip()
    if not number:
        _end(server)
        raise WindowError("Xvfb did not start")
    return server, f":{number}"


def _answers(display: str) -> bool:
    """Whether an X server answers there."""
    asked = subprocess.run(
        ["xdotool", "getdisplaygeometry"], env=os.environ | {"DISPLAY": display}, capture_output=True, check=False
    )
    return asked.returncode == 0


def _main_window(process: subprocess.Popen[bytes], title: str, environment: dict[str, str], log: Path) -> str:
    identifier = ""

    def is_there() -> bool:
        nonlocal identifier
        if process.poll() is not None:
            raise WindowError(f"wireshark ended with status {process.returncode}: {log.read_text(errors='replace')}")
        search = ["xdotool", "search", "--onlyvisible", "--name", f"^{title}"]
        found = subprocess.run(search, env=environment, capture_output=True, text=True, check=False).stdout.split()
        identifier = found[0] if found else ""
        return bool(found)

    _wait(is_there, "wireshark shows no window with the capture's name")
    return identifier


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=START_S, check=False)
    if done.returncode:
        raise WindowError(f"{' '.join(command)}: {done.stderr.strip()}")


def _wait(is_done: Callable[[], bool], complaint: str) -> None:
    """Ask until the answer is yes. Raises WindowError after START_S seconds."""
    deadline = time.monotonic() + START_S
    while not is_done():
        if time.monotonic() > deadline:
            raise WindowError(f"{complaint} after {START_S:.0f} s")
        time.sleep(POLL_S)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
