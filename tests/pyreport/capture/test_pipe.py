"""A capture that comes through standard input: up to its end, or to Ctrl-C."""

from __future__ import annotations

import os
import pty
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyreport.base.claim import claim
from pyreport.base.errors import InputError, UsageError
from pyreport.capture import pipe
from pyreport.capture.how_far import HowFar, Step, unwatched
from pyreport.capture.pipe import receive
from pyreport.capture.tshark import Tshark, open_tshark
from tests.support.tiny_capture import closed_connection, write_pcap


@pytest.fixture
def tshark() -> Iterator[Tshark]:
    with open_tshark() as opened:
        yield opened


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return write_pcap(tmp_path / "tiny.pcap", closed_connection()).read_bytes()


@contextmanager
def sent(*pieces: bytes, then_close: bool = True) -> Iterator[int]:
    """A pipe into which pieces were written; without an end it stays open until the block is left."""
    reader, writer = os.pipe()
    for piece in pieces:
        os.write(writer, piece)
    if then_close:
        os.close(writer)
    try:
        yield reader
    finally:
        os.close(reader)
        if not then_close:
            os.close(writer)


def test_all_that_comes_is_kept(tshark: Tshark, content: bytes) -> None:
    told: list[HowFar] = []
    with sent(content[:5], content[5:40], content[40:]) as reader:
        file = receive(tshark, told.append, reader)
    assert (file.shown_path, file.size, file.is_plain) == ("-", len(content), True)
    assert file.path.read_bytes() == content
    assert told[-1] == HowFar(Step.RECEIVING, len(content))
    assert tshark.warnings == []


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        ((), "Nothing came through standard input"),
        ((b"host: connection refused\n",), "Standard input is not a capture"),
    ],
)
def test_no_capture(pieces: tuple[bytes, ...], said: str, tshark: Tshark) -> None:
    with sent(*pieces) as reader, pytest.raises(InputError, match=said):
        receive(tshark, unwatched, reader)


def test_no_capture_is_said_before_the_end(tshark: Tshark) -> None:
    with sent(b"tcpdump: eth7: no such device\n", then_close=False) as reader, pytest.raises(InputError):
        receive(tshark, unwatched, reader)


def test_a_terminal(tshark: Tshark) -> None:
    controller, terminal = pty.openpty()
    with pytest.raises(UsageError, match="is a terminal"):
        receive(tshark, unwatched, terminal)
    for descriptor in (controller, terminal):
        os.close(descriptor)


@pytest.fixture
def _hears_ctrl_c() -> Iterator[None]:
    """A shell without job control starts `pytest &` with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_hears_ctrl_c")
def test_ctrl_c_keeps_what_came(tshark: Tshark, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pipe stays open, as when the program before it does not end."""
    monkeypatch.setattr(pipe, "LAST_WORDS_S", 0.05)
    with sent(content, then_close=False) as reader:
        interrupt = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
        interrupt.start()
        file = receive(tshark, unwatched, reader)
        interrupt.join()
    assert file.size == len(content)
    assert tshark.warnings == [claim("capture-stopped", bytes=len(content))]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("_hears_ctrl_c")
def test_after_ctrl_c_the_last_words_are_waited_for(tshark: Tshark, content: bytes) -> None:
    """The program before the pipe gets the same signal, and writes what it still has."""
    reader, writer = os.pipe()
    os.write(writer, content[:50])

    def run() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.write(writer, content[50:])
        os.close(writer)

    interrupt = threading.Timer(0.2, run)
    interrupt.start()
    file = receive(tshark, unwatched, reader)
    interrupt.join()
    os.close(reader)
    assert file.size == len(content)
    assert tshark.warnings == [claim("capture-stopped", bytes=len(content))]


@pytest.mark.usefixtures("_hears_ctrl_c")
def test_a_second_ctrl_c_ends_it(tshark: Tshark, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "LAST_WORDS_S", 3600)

    def run() -> None:
        for _ in range(2):
            stopped.wait(0.2)
            os.kill(os.getpid(), signal.SIGINT)

    stopped = threading.Event()
    with sent(content, then_close=False) as reader:
        thread = threading.Thread(target=run)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            receive(tshark, unwatched, reader)
        thread.join()
