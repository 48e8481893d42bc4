"""That there is no room is said before anything is written."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from pyreport.base.errors import ToolError
from pyreport.capture.file import open_capture
from pyreport.capture.room import check_room
from pyreport.capture.tshark import open_tshark
from tests.support.tiny_capture import closed_connection, write_pcap


def test_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=7_000_000_000))
    check_room(tmp_path, 7_000_000_000, "x.pcap")
    with pytest.raises(ToolError, match=r"tshark needs 7,001 MB in .* for a copy of x\.pcap, and 7,000 MB are free"):
        check_room(tmp_path, 7_001_000_000, "x.pcap")


def test_no_room_for_one_file_of_several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b"):
        write_pcap(tmp_path / f"{name}.pcap", closed_connection())
    with open_tshark() as tshark:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
        before = set(tshark.sandbox.folder.iterdir())
        with pytest.raises(ToolError, match="are free: set TMPDIR"):
            tshark.file_of(open_capture(str(tmp_path)))
        assert set(tshark.sandbox.folder.iterdir()) == before
        monkeypatch.undo()
        joined = tshark.file_of(open_capture(str(tmp_path)))
        assert joined.origins.frames == 8
        assert joined.path == tshark.file_of(open_capture(str(tmp_path))).path
