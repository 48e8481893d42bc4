"""A live capture in the real Wireshark, whose user changes the display filter: the window tells what tshark -2 tells.

Wireshark 4.0 counts the time of frames from the first one after such a change, until the next one.
Only a frame that comes at the very moment is such a one, so a run of this test may meet none; keepalive_clock_spec.lua
has the times themselves.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from tests.dissector.story import TRACE
from tests.dissector.test_clocks import with_others
from tests.gui.window import Window, wireshark
from tests.scenarios.pcapfile import write_pcap
from tests.support.plugin import PLUGIN, tshark_command

TOLD = Path(__file__).with_name("told.lua")
OUTPUT = "told.txt"  # in the folder in which the program runs
FILTERS = ("tcp.port==1", "", "tcp", "keepalive", "", "frame.number==1", "")
# Frames of other protocols between those of the story, so that one comes when the filter changes.
FRAMES = with_others(TRACE.frames, 1, 0)
FILE_HEADER, RECORD_HEADER = 24, 16
LONGEST_S = 120.0
# What Wireshark has done with a new filter is not told by anything but the frames that it dissects again.
SETTLED_S = 2.0
BETWEEN_FRAMES_S, BETWEEN_FILTERS_S = 0.15, 0.3

Told = dict[int, tuple[str, ...]]
"""The plugin's records on each frame, as the last dissection of the frame has them."""


def read_told(path: Path) -> Told:
    """What told.lua has written so far, without the line that it may be writing."""
    lines = path.read_text(encoding="utf-8").split("\n")[:-1] if path.exists() else []
    rows = (line.split("\t") for line in lines)
    return {int(number): tuple(records) for number, *records in rows}


def told_by_tshark(capture: Path, folder: Path) -> Told:
    """The same for a file that tshark reads twice."""
    scripts = ["-X", f"lua_script:{PLUGIN}", "-X", f"lua_script:{TOLD}"]
    command = [*tshark_command(), "-2", "-r", str(capture), "-Y", "frame.number==0", *scripts]
    subprocess.run(command, cwd=folder, env=os.environ | {"LC_ALL": "C"}, capture_output=True, check=True)
    return read_told(folder / OUTPUT)


def wait(is_so: Callable[[], bool], problem: str) -> None:
    """Wait until something is so. Raises TimeoutError."""
    end = time.monotonic() + LONGEST_S
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(problem)
        time.sleep(0.1)


@contextmanager
def a_pipe() -> Iterator[tuple[Path, BinaryIO]]:
    """A named pipe in a folder that the account of Wireshark may enter, and the file to write to, read or not."""
    with tempfile.TemporaryDirectory(prefix="live-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        pipe = folder / "live"
        os.mkfifo(pipe)
        pipe.chmod(0o666)
        with os.fdopen(os.open(pipe, os.O_RDWR), "wb", buffering=0) as writer:
            yield pipe, writer


def set_filter(window: Window, text: str) -> None:
    """Type a display filter, or clear it, as a user does."""
    window.press("ctrl+slash")
    window.press("ctrl+a", "BackSpace")
    if text:
        window.type(text)
    window.press("Return")
    time.sleep(BETWEEN_FILTERS_S)


def send(writer: BinaryIO, octets: bytes) -> None:
    """Write the frames of a capture file, one after the other, as they would come from an interface."""
    end = FILE_HEADER
    for frame in FRAMES:
        begin, end = end, end + RECORD_HEADER + len(frame.octets)
        writer.write(octets[begin:end])
        time.sleep(BETWEEN_FRAMES_S)


def test_a_filter_that_is_set_and_cleared_while_capturing_changes_no_finding(tmp_path: Path) -> None:
    """Set and cleared while frames come, and once after the last one, so that each frame is dissected then."""
    capture = tmp_path / "live.pcap"
    write_pcap(capture, FRAMES)
    octets = capture.read_bytes()
    with a_pipe() as (pipe, writer), ExitStack() as stack:
        # Wireshark shows its window's title when the capture's header has come.
        writer.write(octets[:FILE_HEADER])
        window = stack.enter_context(wireshark(pipe, more_scripts=[TOLD]))
        told = window.log.with_name(OUTPUT)
        sender = Thread(target=send, args=(writer, octets))
        sender.start()
        while sender.is_alive():
            for text in FILTERS:
                set_filter(window, text)
        wait(lambda: max(read_told(told), default=0) >= len(FRAMES), "the last frame does not come")
        set_filter(window, "frame.number==1")
        set_filter(window, "")
        time.sleep(SETTLED_S)
        in_the_window = read_told(told)
    expected = told_by_tshark(capture, tmp_path)
    assert any(records for records in expected.values())
    assert in_the_window == expected
