"""The records of a log: what belongs together, in every wrapping, and that a file costs what it has to."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from pyreport.logs.logfile import first_errors, read_errors
from pyreport.logs.model import Errno
from pyreport.logs.records import put_together

OP = "read tcp 10.0.0.1:40000->10.0.0.5:9092: read: connection reset by peer"


def errors_of(tmp_path: Path, content: str | bytes) -> list[tuple[int, Errno]]:
    path = tmp_path / "app.log"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [(logged.line, logged.error.errno) for logged in read_errors(path)]


ONE = {
    "java.util.logging": "Oct 24, 2024 11:37:54 AM a.b.C d\nINFO: Connection reset",
    "RabbitMQ": "=WARNING REPORT==== 25-Mar-2019::07:54:25 ===\nclosing AMQP connection <0.5.0> (10.0.0.5:5 -> "
    "10.0.0.1:5672):\nclient unexpectedly closed TCP connection",
    "cause": "2024-05-16 09:14:29 ERROR request failed\njava.io.IOException: outer\n\tat a.B.c(B.java:1)\nCaused by: "
    "java.net.SocketException: Connection reset",
    "asyncio": "Fatal read error on socket transport\nprotocol: <x>\ntransport: <y>\n"
    "Traceback (most recent call last):\n"
    'File "a.py", line 1, in f\ndata = self._sock.recv(1)\nTimeoutError: [Errno 60] Operation timed out',
    "git": "error: RPC failed; curl 56 LibreSSL SSL_read: SSL_ERROR_SYSCALL, errno 54\nfatal: The remote end hung up",
    "Rust": "Error: outer\n\nCaused by:\n   0: Connection reset by peer (os error 54)",
    "event": "Log Name:      Application\nSource:        x\nDate:          12.03.2019 16:00:04\nDescription:\nAn "
    "existing "
    "connection was forcibly closed by the remote host",
    "pm2": "0|app  | Error: read ECONNRESET\n0|app  |     at TCP.onread (net.js:572:26)",
    "journal": "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1552406404123456\n_PID=12\nMESSAGE=Connection reset by peer",
    "docker": "\n".join(
        json.dumps({"log": f"{line}\n", "stream": "stderr", "time": "2024-05-16T09:14:29.1Z"}, separators=(",", ":"))
        for line in ("java.io.IOException: outer", "\tat a.B.c(B.java:1)", "Caused by: java.io.EOFException")
    ),
    "syslog": "May 16 09:14:29 host app[1]: java.io.IOException: outer\n"
    "May 16 09:14:29 host app[1]: \tat a.B.c(B.java:1)\n"
    "May 16 09:14:29 host app[1]: Caused by: java.io.EOFException",
    "partial": "2024-05-16T09:14:29.1Z stderr P read tcp 10.0.0.1:40000->10.0.0.5:9\n"
    "2024-05-16T09:14:29.1Z stderr F 092: "
    "read: connection reset by peer",
}


@pytest.mark.parametrize("record", ONE.values(), ids=ONE)
@pytest.mark.parametrize("around", ["", "2024-05-16 09:14:28 INFO all is well\n"])
def test_a_record_of_several_lines_is_one_error(record: str, around: str, tmp_path: Path) -> None:
    if around and record.startswith(("Fatal", "error:", "Error:")):
        around = ""  # without a time of its own it is the end of the record above
    found = errors_of(tmp_path, f"{around}{record}\n2024-05-16 09:14:30 INFO all is well\n")
    assert [line for line, _ in found] == [1 + around.count("\n")]


def test_the_journal_tells_the_time(tmp_path: Path) -> None:
    path = tmp_path / "journal.export"
    path.write_text(ONE["journal"] + "\n\n", encoding="utf-8")
    (found,) = read_errors(path)
    assert found.error.clock_ns == 1_552_406_404_123_456_000


def test_lines_that_name_other_ends_are_records_of_their_own(tmp_path: Path) -> None:
    other = OP.replace("40000", "40001")
    assert [line for line, _ in errors_of(tmp_path, f"2024-05-16 09:14:28 {OP}\n{other}\n{other}\n")] == [1, 2, 3]


def test_utf_16_is_read(tmp_path: Path) -> None:
    assert errors_of(tmp_path, f"fine\r\n{OP}\r\n".encode("utf-16")) == [(2, Errno.ECONNRESET)]


def test_the_end_of_a_line_of_megabytes_is_read(tmp_path: Path) -> None:
    content = "2024-05-16 09:14:28 " + "x=1 " * (1 << 20) + OP + f"\nfine\n{OP}\n"
    assert errors_of(tmp_path, content) == [(1, Errno.ECONNRESET), (3, Errno.ECONNRESET)]


@pytest.mark.parametrize("size", [1 << 20, (1 << 20) - 1, (1 << 20) + 60])
def test_a_record_on_the_border_of_two_blocks_is_read_once(size: int, tmp_path: Path) -> None:
    trace = (
        "\n2024-05-16 09:14:29 ERROR x\njava.io.IOException: y\n\tat a.B.c(B.java:1)\nCaused by: java.io.EOFException\n"
    )
    filling = "2024-05-16 09:14:28 INFO x\n" * (size // 27)
    content = filling + "#" * (size - len(filling) - 40) + trace + filling
    assert [errno for _, errno in errors_of(tmp_path, content)] == [Errno.EOF]


def test_nothing_of_the_lines_is_lost() -> None:
    lines = [b"2024-05-16 09:14:28 a", b"\tb", b"c", b"2024-05-16 09:14:29 d", b"", b'{"e": 1}']
    records = list(put_together(enumerate(lines, 1), lambda _: False))
    assert b"\n".join(record.content for record in records) == b"\n".join(lines)
    assert [record.line for record in records] == [1, 4, 6]


QUIET = (
    '2024-05-16 09:14:28,123 INFO [main] a.b.C - handled id=12 in 17 ms status=200 timeout=30 path="/closed/reset"\n'
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [QUIET, "\tat a.b.C(C.java:1) timed out\n", "INFO connection closed, request timed out\n", "x" * 200],
    ids=["quiet", "trace", "loose", "one line"],
)
def test_a_file_without_errors_costs_a_few_passes_over_its_bytes(line: str, tmp_path: Path) -> None:
    """A ratio, since machines differ: 200 MB of ordinary lines take about 2 s."""
    content = (line * (30_000_000 // len(line))).encode()
    path = tmp_path / "app.log"
    path.write_bytes(content)
    started = time.process_time()
    assert list(read_errors(path)) == []
    took = time.process_time() - started
    started = time.process_time()
    for _ in range(10):
        content.lower().count(b"\n")
    assert took < 3 * (time.process_time() - started) + 0.5


def test_the_first_errors_and_the_number_of_all(tmp_path: Path) -> None:
    path = tmp_path / "log"
    lines = [
        f"2024-05-16 09:14:29 read tcp 10.0.0.1:{n}->10.0.0.2:9092: read: connection reset by peer" for n in range(9)
    ]
    path.write_text("\n".join(line for each in lines for line in (each, "2024-05-16 09:14:29 all is well")) + "\n")
    every = list(read_errors(path))
    assert len(every) == 9
    assert first_errors(path, 4) == (every[:4], 9)
    assert first_errors(path, 20) == (every, 9)
