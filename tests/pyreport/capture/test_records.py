"""The records of pcap and pcapng files, as the merging for tshark needs them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pyreport.capture.records import DamageError, Records, first_time
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.pcapngfile import POWER_OF_TWO, Interface, write_pcapng, write_without_times

START_NS = 1_700_000_000_123_456_789
FRAMES = [
    Frame(START_NS + number * 1_000_000_007, bytes([number]) * (60 + number), 100 + number) for number in range(3)
]


@contextmanager
def opened(path: Path, size: int | None = None) -> Iterator[Records]:
    with path.open("rb") as file:
        yield Records(file.fileno(), path.stat().st_size if size is None else size)


def read(path: Path, size: int | None = None) -> tuple[list[Frame], bool]:
    """The frames, and whether the file is cut."""
    content = path.read_bytes()
    with opened(path, size) as records:
        frames = [Frame(r.time_ns, content[r.offset : r.offset + r.captured], r.length) for r in records]
        return frames, records.is_cut


def test_nanoseconds_and_microseconds(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    write_pcap(path, FRAMES, nanoseconds=True)
    assert read(path) == (FRAMES, False)
    write_pcap(path, FRAMES)
    assert read(path) == ([frame._replace(time_ns=frame.time_ns // 1000 * 1000) for frame in FRAMES], False)


def test_big_endian(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    header = struct.pack(">IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1)
    path.write_bytes(header + struct.pack(">IIII", 5, 6, 4, 9) + b"abcd")
    assert read(path) == ([Frame(5_000_000_006, b"abcd", 9)], False)


@pytest.mark.parametrize("resolution", [6, 9, POWER_OF_TWO | 30])
def test_pcapng(resolution: int, tmp_path: Path) -> None:
    """Each interface has its clock, and its link."""
    path = tmp_path / "x.pcapng"
    interfaces = [Interface(1, 9), Interface(113, resolution)]
    write_pcapng(path, interfaces, [(number % 2, frame) for number, frame in enumerate(FRAMES)])
    frames, is_cut = read(path)
    assert not is_cut
    assert [frame.octets for frame in frames] == [frame.octets for frame in FRAMES]
    assert all(0 <= given.time_ns - told.time_ns < 1000 for told, given in zip(frames, FRAMES, strict=True))
    with opened(path) as records:
        assert [record.link for record in records] == [1, 113, 1]


@pytest.mark.parametrize("kept", [24, 30, 39, 41, 100, 150])
def test_a_cut_file_gives_what_is_whole(kept: int, tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    write_pcap(path, FRAMES, nanoseconds=True)
    whole = (kept - 24) // 76 if kept < 100 + 77 else 2
    assert read(path, kept) == (FRAMES[:whole], kept not in (24, 100))


def test_damage(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    write_pcap(path, FRAMES)
    path.write_bytes(path.read_bytes() + b"\xff" * 40)
    with opened(path) as records, pytest.raises(DamageError, match="header"):
        list(records)


def test_packets_without_a_time(tmp_path: Path) -> None:
    path = tmp_path / "x.pcapng"
    write_without_times(path, FRAMES)
    with path.open("rb") as file:
        assert first_time(file.fileno(), path.stat().st_size) is None
    with opened(path) as records, pytest.raises(DamageError, match="no_time"):
        list(records)


def test_first_time(tmp_path: Path) -> None:
    path = tmp_path / "x.pcap"
    write_pcap(path, FRAMES, nanoseconds=True)
    with path.open("rb") as file:
        assert first_time(file.fileno(), path.stat().st_size) == START_NS
        assert first_time(file.fileno(), 24) is None
