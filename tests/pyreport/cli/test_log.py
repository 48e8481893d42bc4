"""``pyreport log``: what is said of a line and of a file, without a capture."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console

from pyreport.base.errors import InputError, UsageError
from pyreport.cli.log import LogRequest, run_log
from tests.pyreport.json_schema import DEFINITIONS

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RESET = "read tcp 10.0.0.1:40000->10.0.0.5:9092: read: connection reset by peer"
STAMPED = f"2024-05-16 09:14:29.123 +02:00 ERROR {RESET}"
KEYS = [
    *("line", "format", "product", "errno", "operation", "local", "remote", "stamp", "zone", "by_server", "idle_ns"),
    "lasted_ns",
]


def told(request: LogRequest) -> str:
    out = Console(file=io.StringIO(), width=80)
    run_log(request, out)
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def listed(request: LogRequest, capsysbinary: pytest.CaptureFixture[bytes]) -> list[dict[str, Any]]:
    run_log(LogRequest(request.line, request.file, Path("-")), Console(file=io.StringIO()))
    document = json.loads(capsysbinary.readouterr().out)
    validator = jsonschema.Draft202012Validator(
        {"type": "array", "items": {"$ref": "#/$defs/LoggedJson"}, "$defs": DEFINITIONS}
    )
    assert list(validator.iter_errors(document)) == []
    assert isinstance(document, list)
    return document


def test_the_json_of_a_line(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    (error,) = listed(LogRequest(STAMPED), capsysbinary)
    assert list(error) == KEYS
    assert error == {
        "line": 1, "format": "Go net.OpError", "product": None, "errno": "ECONNRESET", "operation": "read",
        "local": "10.0.0.1:40000", "remote": "10.0.0.5:9092", "stamp": "2024-05-16 09:14:29.123", "zone": "+02:00",
        "by_server": False, "idle_ns": None, "lasted_ns": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "stamp", "zone"),
    [
        (f"09:14:29.5 {RESET}", "09:14:29.5", None),
        (f"May 16 09:14:29 host app: {RESET}", "1972-05-16 09:14:29", None),
        (f"1715850869123 | {RESET}", "2024-05-16 09:14:29.123", "UTC"),
        (RESET, None, None),
    ],
)
def test_the_stamp_is_what_the_clock_shows(
    line: str, stamp: str | None, zone: str | None, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (error,) = listed(LogRequest(line), capsysbinary)
    assert (error["stamp"], error["zone"]) == (stamp, zone)


def test_nothing_is_an_empty_list(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert listed(LogRequest("all is well"), capsysbinary) == []
    assert told(LogRequest("all is well")) == "Nothing in the line tells of a connection that broke.\n"


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstd.compress], ids=["plain", "gzip", "zstd"])
def test_a_file_is_read_as_it_is_packed(pack: Any, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(pack(f"all is well\n{STAMPED}\nfine\n".encode()))
    assert [(error["line"], error["errno"]) for error in listed(LogRequest(file=path), capsysbinary)] == [
        (2, "ECONNRESET")
    ]


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(STAMPED.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert [error["line"] for error in listed(LogRequest(file=Path("-")), capsysbinary)] == [1]


def test_the_terminal_says_what_is_proved_and_what_is_missing() -> None:
    said = told(LogRequest(f"May 16 09:14:29 host app: {RESET}"))
    assert max(map(len, said.splitlines())) <= 80
    flat = " ".join(said.split())
    for part in (
        "Time 05-16 09:14:29, as the log’s clock shows it", "Ends 10.0.0.1:40000 → 10.0.0.5:9092",
        "It proves The peer, or a device on the way, sent a reset (RST).", "The year: it is taken from the capture.",
        "The time zone: --log-tz names it",
    ):  # fmt: skip
        assert part in flat


def test_a_long_file_is_cut_on_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text(f"{STAMPED}\n" * 25, encoding="utf-8")
    assert "5 more errors: --json FILE lists all." in told(LogRequest(file=path)).replace("five", "5")


def test_the_json_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    assert "ECONNRESET" in told(LogRequest(STAMPED, json=path))
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 1


def test_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="either a line"):
        told(LogRequest())
    with pytest.raises(UsageError, match="either a line"):
        told(LogRequest("x", tmp_path))
    with pytest.raises(InputError, match="There is no file"):
        told(LogRequest(file=tmp_path / "no.log"))
    broken = tmp_path / "app.log.gz"
    broken.write_bytes(gzip.compress(STAMPED.encode())[:-9])
    with pytest.raises(InputError, match="is damaged"):
        told(LogRequest(file=broken))
    with pytest.raises(InputError, match="is the log itself"):
        told(LogRequest(file=broken, json=broken))
