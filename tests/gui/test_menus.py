"""The menus in the real Wireshark: from the list of incidents to the frame, and to the report."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gui import every_class, screenshot
from tests.gui.menus import (
    A_ROW,
    ABOUT,
    EVENTS,
    GO_TO,
    INCIDENTS,
    NEXT,
    PDF,
    REPORT,
    REPORT_BY_RIGHT_CLICK,
    SHOW,
    Desk,
    noted_by,
    write_pyreport,
)
from tests.gui.test_window import rules_on_screen
from tests.gui.window import Window, wireshark
from tests.pyreport.command import pyreport
from tests.support.plugin import run_tshark
from tests.support.programs import public_folder, write_program

PROBES = {every_class.PROBE}
MISSED = {every_class.MISSED}
RESET = {every_class.CLOSING_RESET}
# So often the capture is read anew; a window that Lua does not hold is gone long before.
RELOADS = 8


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A pyreport in PATH, and where it notes its arguments."""
    with public_folder() as folder:
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
        yield write_pyreport(folder)


def on_screen(window: Window, folder: Path, asked: set[str]) -> set[str]:
    """Those of the colour rules that paint a row."""
    picture = folder / "screen.png"
    window.settled_screenshot(picture)
    return rules_on_screen(picture, asked)


def frames(capture: Path) -> str:
    """The time and length of each frame."""
    return run_tshark(["-r", str(capture), "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len"])


def test_from_the_incidents_to_the_frame_and_the_report(tmp_path: Path, noted: Path) -> None:
    with wireshark(screenshot.ARTICLE, arguments=["-Y", screenshot.CONNECTION, "-g", "898"]) as window:
        desk = Desk(window)
        assert on_screen(window, tmp_path, PROBES | RESET) == PROBES | RESET
        desk.choose(INCIDENTS)
        incidents = desk.find("Keep-alive incidents")
        desk.move(incidents, 680, 340)

        # The RST is alone and selected, so it is painted in Wireshark's own colour; then its connection is around it.
        desk.push(incidents, GO_TO)
        assert on_screen(window, tmp_path, PROBES | RESET) == set()
        desk.push(incidents, SHOW)
        assert on_screen(window, tmp_path, PROBES | RESET) == PROBES

        # The next incident is a connection without probes.
        desk.push(incidents, NEXT)
        desk.push(incidents, SHOW)
        assert on_screen(window, tmp_path, PROBES) == set()

        desk.push(incidents, PDF)
        capture = window.log.parent / screenshot.ARTICLE.name
        pdf = capture.with_name("article.stream-16.report.pdf")
        arguments = noted_by(noted)
        assert arguments == ["report", str(capture), "--stream", "16", "-o", str(pdf), "--show"]
        desk.find("Report on TCP stream 16")
        # The real one takes them; here, since the account of the window may not be able to enter its folder.
        opened = noted.with_name("opened")
        write_program(noted.with_name("xdg-open"), f'printf "%s\\n" "$1" >{opened}.part; mv {opened}.part {opened}')
        done = pyreport(*arguments)
        assert done.status == 0, done.stderr
        assert noted_by(opened) == [str(pdf)]
        assert pdf.read_bytes().startswith(b"%PDF-")
        said = window.log.read_text(encoding="utf-8", errors="replace")
    assert "lua" not in said.lower(), said


def reported_on(desk: Desk, incidents: str, noted: Path) -> int:
    """The stream that the window of incidents has chosen, as its button PDF tells pyreport."""
    desk.push(incidents, PDF)
    stream = noted_by(noted)[3]
    desk.push_close(desk.find(f"Report on TCP stream {stream}"))
    return int(stream)


def test_the_events_as_pyreport_groups_them(tmp_path: Path, noted: Path) -> None:
    """Of the capture's incidents the second is one connection that missed an interval; of its events, all of those."""
    table = noted.with_name("events.tsv.part")
    done = pyreport("scan", screenshot.ARTICLE_AS_TOLD, "--tsv", table)
    assert done.status == 0, done.stderr
    table.chmod(0o644)
    with wireshark(screenshot.ARTICLE_AS_TOLD, arguments=["-g", "1"]) as window:
        desk = Desk(window)
        desk.choose(INCIDENTS)
        incidents = desk.find("Keep-alive incidents")
        desk.move(incidents, 560, 340)
        desk.push(incidents, NEXT)
        assert reported_on(desk, incidents, noted) == 11
        desk.push(incidents, EVENTS)
        assert reported_on(desk, incidents, noted) == 11, "pyreport is not done yet"

        table.rename(noted.with_name("events.tsv"))
        while (stream := reported_on(desk, incidents, noted)) == 11:
            desk.push(incidents, EVENTS)
        assert stream == 15
        desk.push(incidents, NEXT)
        assert reported_on(desk, incidents, noted) == 0
        # All of them missed it at one moment, beside the frame that is selected.
        desk.push(incidents, GO_TO)
        assert on_screen(window, tmp_path, MISSED | RESET) == set()
        desk.push(incidents, SHOW)
        assert on_screen(window, tmp_path, MISSED | RESET) == MISSED
        desk.push(incidents, EVENTS)
        assert reported_on(desk, incidents, noted) == 11, "it leads back"
        said = window.log.read_text(encoding="utf-8", errors="replace")
    assert "lua" not in said.lower(), said


def test_a_report_on_a_capture_that_is_no_file_any_more(noted: Path) -> None:
    """All its frames are written out, so that each has its number."""
    with wireshark(screenshot.ARTICLE, arguments=["-Y", "tcp.stream == 15"]) as window:
        capture = window.log.parent / screenshot.ARTICLE.name
        capture.unlink()
        desk = Desk(window)
        desk.choose(REPORT)
        desk.push_ok(desk.find("Report on a connection"))
        command, written, option, stream, *_ = noted_by(noted)
        assert (command, option, stream) == ("report", "--stream", "15")
        assert written != str(capture)
        assert frames(noted.with_name("copy")) == frames(screenshot.ARTICLE)
        desk.find("Report on TCP stream 15")
    assert not Path(written).exists()


@pytest.mark.packet_menu
def test_the_right_click(noted: Path) -> None:
    with wireshark(screenshot.ARTICLE, arguments=["-Y", screenshot.CONNECTION, "-g", "898"]) as window:
        desk = Desk(window)
        desk.right_click(*A_ROW)
        desk.keys(*["Down"] * REPORT_BY_RIGHT_CLICK, "Return")
        assert noted_by(noted)[2:4] == ["--stream", "15"]


def test_without_pyreport_the_menu_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    path = ":".join(folder for folder in os.environ["PATH"].split(":") if not Path(folder, "pyreport").exists())
    monkeypatch.setenv("PATH", path)
    with wireshark(screenshot.ARTICLE, arguments=["-Y", "tcp.stream == 15"]) as window:
        desk = Desk(window)
        desk.choose(ABOUT)
        desk.push_close(desk.find("about and check"))
        desk.choose(REPORT)
        desk.push_ok(desk.find("Report on a connection"))
        desk.find("Report on this connection")
        assert not desk.titled("Report on TCP stream")


def test_a_window_that_lua_opened_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever garbage Lua collects meanwhile: reading the capture anew makes some."""
    with wireshark(screenshot.ARTICLE) as window:
        desk = Desk(window)
        desk.choose(ABOUT)
        desk.find("about and check")
        for _ in range(RELOADS):
            window.press("ctrl+r")
            desk.find(screenshot.ARTICLE.name)
            assert desk.titled("about and check")
