"""Compressed captures that unpack to more than any capture does."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from backports import zstd

from pyreport.base.errors import InputError
from pyreport.capture import unpacked
from pyreport.capture.file import open_capture

HEADER = b"\xd4\xc3\xb2\xa1\x02\0\4\0" + bytes(8) + b"\0\0\4\0\1\0\0\0"
EMPTY_FRAME = bytes(16)
PACKERS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "zstd": zstd.compress}


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("most", [100_000, 400_000])
def test_a_bomb_is_refused(packer: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """320,024 bytes in some hundred: more than 200 times, and refused where it is also more than ``most``."""
    monkeypatch.setattr(unpacked, "MOST_BYTES", most)
    path = tmp_path / "bomb"
    path.write_bytes(PACKERS[packer](HEADER + EMPTY_FRAME * 20_000))
    assert path.stat().st_size * unpacked.MOST_TIMES < 320_024
    if most < 320_024:
        with pytest.raises(InputError, match="unpacks to more than 200 times its size"):
            open_capture(str(path))
    else:
        assert open_capture(str(path)).size == path.stat().st_size


@pytest.mark.parametrize("packer", PACKERS)
def test_a_large_capture_that_is_packed_as_captures_are_is_not(
    packer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacked, "MOST_BYTES", 0)
    path = tmp_path / "capture"
    path.write_bytes(PACKERS[packer](HEADER + bytes(range(256)) * 4))
    assert open_capture(str(path)).size


@pytest.mark.parametrize("packer", PACKERS)
def test_one_that_is_cut_is_left_to_tshark(packer: str, tmp_path: Path) -> None:
    path = tmp_path / "cut"
    path.write_bytes(PACKERS[packer](HEADER + EMPTY_FRAME * 100)[:-6])
    assert open_capture(str(path)).size
