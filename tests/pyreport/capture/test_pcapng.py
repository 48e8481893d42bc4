"""The drop counters of a pcapng file."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pyreport.capture.pcapng import DropCounters, read_drop_counters


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    length = 12 + len(body)
    return struct.pack(f"{order}II", kind, length) + body + struct.pack(f"{order}I", length)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(f"{order}IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def statistics(interface: int, options: list[tuple[int, int]], order: str = "<") -> bytes:
    body = struct.pack(f"{order}III", interface, 0, 0)
    for code, value in options:
        body += struct.pack(f"{order}HHQ", code, 8, value)
    return block(5, body + struct.pack(f"{order}HH", 0, 0), order)


def packet(order: str = "<") -> bytes:
    return block(6, struct.pack(f"{order}IIIII", 0, 0, 0, 4, 4) + b"\x05\0\0\0", order)


def read(tmp_path: Path, content: bytes) -> DropCounters | None:
    path = tmp_path / "x.pcapng"
    path.write_bytes(content)
    return read_drop_counters(path)


@pytest.mark.parametrize("order", ["<", ">"])
def test_counters_of_all_interfaces_are_added_up(tmp_path: Path, order: str) -> None:
    content = section(order) + packet(order) + statistics(0, [(4, 900), (5, 3), (7, 40)], order)
    content += statistics(1, [(5, 2)], order)
    assert read(tmp_path, content) == DropCounters(5, 40)


def test_running_totals_are_not_added_up(tmp_path: Path) -> None:
    """A later block of the same interface includes the earlier."""
    assert read(tmp_path, section() + statistics(0, [(7, 5)]) + packet() + statistics(0, [(7, 9)])) == DropCounters(
        0, 9
    )


def test_sections_are_counted_apart(tmp_path: Path) -> None:
    content = section() + statistics(0, [(7, 5)]) + section(">") + statistics(0, [(7, 9)], ">")
    assert read(tmp_path, content) == DropCounters(0, 14)


def test_no_counter_is_not_zero(tmp_path: Path) -> None:
    assert read(tmp_path, section() + packet() + statistics(0, [(4, 900)])) is None
    assert read(tmp_path, section() + packet() + statistics(0, [(7, 0)])) == DropCounters(0, 0)


def test_a_classic_capture_has_none(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xd4\xc3\xb2\xa1" + bytes(20)) is None


def test_damage_ends_the_reading(tmp_path: Path) -> None:
    whole = section() + statistics(0, [(7, 5)])
    assert read(tmp_path, whole + b"\x06\0\0\0\xff\xff\xff\xff") == DropCounters(0, 5)
    assert read(tmp_path, whole + statistics(0, [(7, 9)])[:-8]) == DropCounters(0, 5)
    assert read(tmp_path, whole + bytes(40)) == DropCounters(0, 5)
