"""The progress display: after a second, on a terminal, and gone at the end."""

from __future__ import annotations

import io
import threading
import time

import pytest
from rich.console import Console

from pyreport.base.claim import claim
from pyreport.capture.how_far import HowFar, Step
from pyreport.cli import progress
from pyreport.cli.progress import show_progress, tell
from pyreport.words import Words


def console(terminal: bool) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, force_terminal=terminal, width=80, color_system=None), text


# Only a display that never comes takes so long.
NEVER_S = 120


def wait_for(text: io.StringIO, words: str) -> bool:
    end = time.monotonic() + NEVER_S
    while words not in text.getvalue() and time.monotonic() < end:
        time.sleep(0.01)
    return words in text.getvalue()


def test_a_long_work_is_shown_also_when_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", 0.05)
    screen, text = console(terminal=True)
    with show_progress(screen, Words(), "progress-capture") as shown:
        assert wait_for(text, "Reading the capture …")
        shown.say("progress-report")
        assert wait_for(text, "Writing the report …")
    assert text.getvalue().endswith("\x1b[2K")


def test_a_short_work_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", NEVER_S)
    screen, text = console(terminal=True)
    before = threading.active_count()
    with show_progress(screen, Words(), "progress-capture") as shown:
        shown.say("progress-report")
    assert text.getvalue() == ""
    assert wait_until_threads_are(before)


def wait_until_threads_are(count: int) -> bool:
    end = time.monotonic() + NEVER_S
    while threading.active_count() > count and time.monotonic() < end:
        time.sleep(0.01)
    return threading.active_count() <= count


def test_a_pipe_gets_nothing_but_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", 0.0)
    screen, text = console(terminal=False)
    with show_progress(screen, Words(), "progress-capture") as shown:
        time.sleep(0.05)
        shown.say("progress-report")
        shown.note(claim("capture-cut-short", file="a [with] brackets.pcap"))
    assert text.getvalue().startswith("The capture a [with] brackets.pcap is cut short")


@pytest.mark.parametrize(
    ("how_far", "elapsed_s", "told"),
    [
        (HowFar(Step.RECEIVING, 123_456), 1.0, "Receiving the capture: 123 kB"),
        (HowFar(Step.RECEIVING, 50_000_000), 10.0, "Receiving the capture: 50 MB, 5,000 kB/s"),
        (
            HowFar(Step.JUDGING, 1_000_000_000, 7_000_000_000, 2_000_000, 800),
            10.0,
            "Reading the capture: 1,000 MB of 7,000 MB, 100 MB/s, 60 s left, 2,000,000 frames, 800 connections",
        ),
        (
            HowFar(Step.JUDGING, 16_000_000, 7_000_000_000, 30_000, 80),
            3.0,
            "Reading the capture: 16 MB of 7,000 MB, 5,333 kB/s, 30,000 frames, 80 connections",
        ),
        (HowFar(Step.TAKING, 7_000, 7_000, 20), 1.0, "Sorting the connections: 7 kB of 7 kB, 20 frames"),
    ],
)
def test_how_far_it_is(how_far: HowFar, elapsed_s: float, told: str) -> None:
    """A rate only of what took a while, the time that is left only when enough was read to tell."""
    assert tell(how_far, elapsed_s, Words()) == told


def test_how_far_it_is_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "PATIENCE_S", 0.05)
    screen, text = console(terminal=True)
    with show_progress(screen, Words(), "progress-capture") as shown:
        assert wait_for(text, "Reading the capture …")
        shown.follow(HowFar(Step.JUDGING, 5_000, 9_000))
        assert wait_for(text, "5 kB of 9 kB")
    screen, text = console(terminal=False)
    with show_progress(screen, Words(), "progress-capture") as shown:
        shown.follow(HowFar(Step.JUDGING, 5_000, 9_000))
    assert text.getvalue() == ""
