"""What the user named is understood before the long work."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyreport.base.errors import InputError
from pyreport.cli.request import Request
from pyreport.cli.wanted import wanted_of

LINE = "2026-05-04 10:00:00 write tcp 10.0.0.1:5000->10.0.0.2:80: write: broken pipe"


def test_the_name_of_a_file_is_no_line_of_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app.log").write_text(f"{LINE}\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"^--log takes a line of a log, and app\.log is a file: .* --log-file\.$"):
        wanted_of(Request(("x.pcap",), log_line="app.log"))


@pytest.mark.parametrize("line", ["other.log", "nothing\0", "x" * 5000, ""])
def test_any_other_text_is_one(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="names no connection"):
        wanted_of(Request(("x.pcap",), log_line=line))


def test_a_file_whose_name_is_a_line_is_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    log = wanted_of(Request(("x.pcap",), log_line=LINE)).log
    assert log is not None
    assert str(log.remote) == "10.0.0.2:80"
