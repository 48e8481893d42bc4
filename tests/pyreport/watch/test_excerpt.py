"""What is cut out of the ring: frames by their hosts, the newest first when there is too little room."""

from __future__ import annotations

import io
import struct
from ipaddress import ip_address
from pathlib import Path

import pytest

from pyreport.watch.excerpt import Address, Excerpt, Wanted, cut

A, B, C = map(ip_address, ("10.0.0.1", "10.0.0.2", "10.0.0.3"))
A6, B6 = map(ip_address, ("2001:db8::1", "2001:db8::2"))
SECTION = struct.pack("=IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28)
INTERFACE = struct.pack("=IIHHII", 1, 20, 1, 0, 128, 20)
STATISTICS = struct.pack("=IIIIII", 5, 24, 0, 0, 0, 24)
NOTHING = Excerpt(0, is_cut=False)


def frame(source: Address, target: Address, number: int = 0, ports: tuple[int, int] = (1, 2)) -> bytes:
    """An Enhanced Packet Block: an Ethernet header, what comes before the addresses, the addresses, a number."""
    data = bytes(26 if source.version == 4 else 22) + source.packed + target.packed + struct.pack("!HH", *ports)
    data += struct.pack("=I", number)
    data += bytes(-len(data) % 4)
    return (
        struct.pack("=IIIIIII", 6, 32 + len(data), 0, 0, 0, len(data), len(data))
        + data
        + struct.pack("=I", 32 + len(data))
    )


def ring(folder: Path, *files: list[bytes]) -> list[Path]:
    paths = [folder / f"ring_{number}.pcapng" for number in range(len(files))]
    for path, frames in zip(paths, files, strict=True):
        path.write_bytes(SECTION + INTERFACE + b"".join(frames) + STATISTICS)
    return paths


def excerpt(
    paths: list[Path],
    *addresses: Address,
    most_bytes: int = 1 << 20,
    own: int = 0,
    ports: tuple[int, int] | None = None,
) -> tuple[bytes, Excerpt]:
    target = io.BytesIO()
    result = cut(paths, Wanted(addresses, ports), target, most_bytes, own)
    return target.getvalue(), result


def test_both_directions_and_nothing_of_others(tmp_path: Path) -> None:
    frames = [frame(A, B), frame(A, C), frame(B, A), frame(C, B)]
    written, result = excerpt(ring(tmp_path, frames), A, B)
    assert written == SECTION + INTERFACE + frame(A, B) + frame(B, A) + STATISTICS
    assert result == Excerpt(2, is_cut=False)


def test_ipv6(tmp_path: Path) -> None:
    frames = [frame(A6, B6), frame(B6, A6), frame(A, B)]
    assert excerpt(ring(tmp_path, frames), A6, B6)[1].frames == 2


def test_one_address_and_none(tmp_path: Path) -> None:
    files = ring(tmp_path, [frame(A, B), frame(B, C), frame(C, C)])
    assert [excerpt(files, A)[1].frames, excerpt(files, B)[1].frames, excerpt(files)[1].frames] == [1, 2, 3]


def test_files_in_their_order_and_the_counters_once(tmp_path: Path) -> None:
    files = ring(tmp_path, [frame(A, B, 1)], [frame(A, C, 2)], [frame(A, B, 3)])
    written, result = excerpt(files, A, B)
    head = SECTION + INTERFACE
    assert written == head + frame(A, B, 1) + head + frame(A, B, 3) + STATISTICS
    assert result.frames == 2


def test_the_newest_stay_when_there_is_too_little_room(tmp_path: Path) -> None:
    files = ring(tmp_path, [frame(A, B, 1)], [frame(A, B, 2), frame(A, B, 3)])
    size = len(frame(A, B))
    written, result = excerpt(files, A, B, most_bytes=size + 1)
    assert written == SECTION + INTERFACE + frame(A, B, 3) + STATISTICS
    assert result == Excerpt(1, is_cut=True)
    assert excerpt(files, A, B, most_bytes=1000)[1] == Excerpt(3, is_cut=False)


def test_the_connection_itself_stays_longer_than_the_others_of_its_hosts(tmp_path: Path) -> None:
    def own(number: int) -> bytes:
        return frame(B, A, number, ports=(9, 7)) if number % 2 else frame(A, B, number, ports=(7, 9))

    files = ring(tmp_path, [own(1), frame(A, B, 2), own(3)], [own(4), frame(A, B, 5)], [frame(A, B, 6), own(7)])
    size = len(own(1))
    head = SECTION + INTERFACE
    written, result = excerpt(files, A, B, most_bytes=size, own=9 * size, ports=(7, 9))
    assert written == head + own(1) + own(3) + head + own(4) + head + frame(A, B, 6) + own(7) + STATISTICS
    assert result == Excerpt(5, is_cut=True)
    written, result = excerpt(files, A, B, most_bytes=9 * size, own=size, ports=(7, 9))
    others = head + frame(A, B, 2) + head + frame(A, B, 5) + head + frame(A, B, 6)
    assert written == others + own(7) + STATISTICS
    assert result == Excerpt(4, is_cut=True)
    assert excerpt(files, A, B, own=9 * size, ports=(7, 9))[1] == Excerpt(7, is_cut=False)


@pytest.mark.parametrize("lacking", range(1, len(frame(A, B))))
def test_the_unfinished_end_of_the_newest_file(tmp_path: Path, lacking: int) -> None:
    path = tmp_path / "ring_1.pcapng"
    path.write_bytes((SECTION + INTERFACE + frame(A, B, 1) + frame(A, B, 2))[:-lacking])
    assert excerpt([path], A, B) == (SECTION + INTERFACE + frame(A, B, 1), Excerpt(1, is_cut=False))


def test_files_that_are_gone_or_empty(tmp_path: Path) -> None:
    [path] = ring(tmp_path, [frame(A, B)])
    (tmp_path / "empty").touch()
    assert excerpt([tmp_path / "gone", tmp_path / "empty", path], A, B)[1].frames == 1
    assert excerpt([tmp_path / "gone"], A, B) == (b"", NOTHING)


def test_what_is_no_capture(tmp_path: Path) -> None:
    path = tmp_path / "text"
    path.write_text("10.0.0.1 and much more, but no blocks at all")
    assert excerpt([path]) == (b"", NOTHING)
