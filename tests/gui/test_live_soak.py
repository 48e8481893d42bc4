"""A live capture of many connections that open, are probed and close, in the window: it tells what tshark -2 tells of
the file, and the connections that the plugin remembers have a bound.

LIVE_SOAK_S says for how long they go on by the capture's clock (make soak: an hour), LIVE_SOAK_CONNECTIONS how many
there are at a time (make soak: a thousand). The frames come faster than they would. test_live.py changes the display
filter meanwhile, with few frames; LIVE_SOAK_FILTERS=1 does so here. On a busy machine Wireshark 4.0 then leaves out
frames that come while it applies the filter. Of these the plugin knows nothing; it must not call them missed.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from tests.gui.crowd import crowd, records
from tests.gui.test_live import OUTPUT, SETTLED_S, TOLD, a_pipe, read_told, set_filter, told_by_tshark
from tests.gui.window import Window, wireshark

LASTS_S = int(os.environ.get("LIVE_SOAK_S", "60"))
CONNECTIONS = int(os.environ.get("LIVE_SOAK_CONNECTIONS", "100"))
STATE = Path(__file__).with_name("state.lua")
FRAMES_A_SECOND = int(os.environ.get("LIVE_SOAK_FRAMES_A_SECOND", "1000"))
AT_ONCE = 50
BETWEEN_FILTERS_S = 5.0
FILTERS = ("keepalive", "", "tcp.port==1", "") if os.environ.get("LIVE_SOAK_FILTERS") else ()
#: keepalive_tracker.lua: the connections that are over, or never opened, and are remembered.
REMEMBERED = 4096
#: A thousand connections for an hour are two million frames, and the machine may be busy.
LONGEST_S = 1800.0
READ_AT_ONCE = 1 << 20


def send(writer: BinaryIO, written: bytearray, sent: list[int]) -> None:
    """Write the frames, some at once. `sent` gets their number at the end."""
    number = 0
    for number, octets in enumerate(records(crowd(CONNECTIONS, LASTS_S), written)):
        writer.write(octets)
        if number % AT_ONCE == 0:
            time.sleep(AT_ONCE / FRAMES_A_SECOND)
    sent.append(number)


def alarms(records: tuple[str, ...]) -> set[str]:
    """The findings at Warn or Error."""
    return {record for record in records if record.split("|")[1] in ("Warn", "Error")}


def until_dissected(told: Path, last_frame: int, since: int = 0) -> None:
    """Wait until what told.lua wrote behind its first `since` bytes has the last frame. Raises TimeoutError."""
    end = time.monotonic() + LONGEST_S
    line = re.compile(rb"^%d\b" % last_frame, re.MULTILINE)
    with told.open("rb") as file:
        file.seek(since)
        rest = b""
        while not line.search(rest := rest[rest.rfind(b"\n") + 1 :] + file.read(READ_AT_ONCE)):
            if time.monotonic() > end:
                raise TimeoutError(f"frame {last_frame} is not dissected")
            if file.tell() == told.stat().st_size:
                time.sleep(1)


def dissect_again(window: Window, told: Path, last_frame: int, display_filter: str) -> None:
    """Set a display filter, for which Wireshark dissects all frames anew, and wait for the last one."""
    since = told.stat().st_size
    set_filter(window, display_filter)
    until_dissected(told, last_frame, since)


def test_the_window_tells_what_the_file_tells_and_forgets_what_is_over(tmp_path: Path) -> None:
    written = bytearray()
    sent: list[int] = []
    with a_pipe() as (pipe, writer), ExitStack() as stack:
        sender = Thread(target=send, args=(writer, written, sent))
        sender.start()
        window = stack.enter_context(wireshark(pipe, more_scripts=[TOLD, STATE]))
        told, state = window.log.with_name(OUTPUT), window.log.with_name("state.txt")
        while sender.is_alive():
            time.sleep(1)
            for text in FILTERS:
                set_filter(window, text)
                time.sleep(BETWEEN_FILTERS_S)
        until_dissected(told, sent[0])
        dissect_again(window, told, sent[0], "frame.number==1")
        dissect_again(window, told, sent[0], "")
        time.sleep(SETTLED_S)
        in_the_window = read_told(told)
        kept = [tuple(map(int, line.split())) for line in state.read_text(encoding="utf-8").splitlines()]
        said = window.log.read_text(encoding="utf-8", errors="replace")
    capture = tmp_path / "live.pcap"
    capture.write_bytes(written)
    expected = told_by_tshark(capture, tmp_path)
    findings = sum(map(len, expected.values()))
    print(f"{len(expected)} frames, {findings} findings; frame, KiB, remembered, probing, provisional, filed:")
    print("\n".join(map(str, kept[:: max(1, len(kept) // 10)])))
    assert findings > CONNECTIONS
    if FILTERS:
        more = {number: alarms(in_the_window[number]) - alarms(expected[number]) for number in expected}
        assert [(number, one) for number, found in sorted(more.items()) for one in found if "missed" in one][:3] == []
        return
    wrong = [number for number in sorted(expected) if in_the_window.get(number) != expected[number]]
    assert [(number, in_the_window.get(number), expected[number]) for number in wrong[:3]] == [], len(wrong)
    assert max(remembered for _, _, remembered, *_ in kept) <= REMEMBERED + CONNECTIONS
    assert max(probing for _, _, _, probing, *_ in kept) <= REMEMBERED + CONNECTIONS
    assert "lua" not in said.lower(), said
