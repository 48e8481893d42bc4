"""Several files read as one capture: both programs give the rows of the one file that has all packets in order."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest
from msgspec.structs import replace

from pyreport.base.claim import Claim, claim
from pyreport.capture.engine import Engine, read_all
from pyreport.capture.file import Capture, open_capture
from pyreport.capture.limits import Limits
from pyreport.capture.origins import Origin, Origins
from pyreport.capture.pcapng import DropCounters
from pyreport.capture.tshark import Tshark
from pyreport.connections.reading import PARSERS, read_capture
from pyreport.frames.columns import FIELDS
from pyreport.frames.row import Row
from tests.dissector.story import TRACE
from tests.engine.both import told
from tests.pyreport.capture.test_pcapng import section, statistics
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.pcapngfile import Interface, write_pcapng

FRAMES = TRACE.frames
HOST = ip_address("192.0.2.1")
BOTH = (Engine.FAST, Engine.TSHARK)


def write(path: Path, frames: Sequence[Frame]) -> str:
    """A pcap file in nanoseconds, or by its name a pcapng file."""
    if path.suffix == ".pcapng":
        write_pcapng(path, [Interface(resolution=9)], [(0, frame) for frame in frames])
    else:
        write_pcap(path, frames, nanoseconds=True, clock_may_jump=True)
    return str(path)


def whole(folder: Path) -> Path:
    path = folder / "whole.pcap"
    write(path, FRAMES)
    return path


def read(tshark: Tshark, capture: Capture, engine: Engine) -> tuple[list[Row], Origins, list[Claim]]:
    tshark.warnings.clear()
    got = read_all(tshark, capture, FIELDS, PARSERS, engine)
    return list(got.rows), got.origins, list(tshark.warnings)


@pytest.mark.parametrize("engine", BOTH)
def test_a_ring_is_the_capture_that_was_cut_into_it(engine: Engine, tshark: Tshark, tmp_path: Path) -> None:
    """In the order of their times, not of their names; pcap and pcapng mixed, and a file without a packet."""
    third = len(FRAMES) // 3
    ring = tmp_path / "ring"
    ring.mkdir()
    write(ring / "3.pcap", FRAMES[:third])
    write(ring / "1.pcapng", FRAMES[third : 2 * third])
    write(ring / "2.pcap", FRAMES[2 * third :])
    write(ring / "0.pcap", [])
    rows, origins, warnings = read(tshark, open_capture(str(ring)), engine)
    assert rows == told(tshark, whole(tmp_path)).rows
    assert origins.of(third + 1) == Origin(1, 1)
    assert origins.counts == {0: third, 1: third, 2: len(FRAMES) - 2 * third}
    assert not origins.overlap
    assert warnings == []


@pytest.mark.parametrize("engine", BOTH)
def test_files_whose_times_overlap(engine: Engine, tshark: Tshark, tmp_path: Path) -> None:
    """Each frame has its place in time; of the same time, those of the earlier file come first."""
    chosen = random.Random(5)
    places = [chosen.randrange(3) for _ in FRAMES]
    for place in range(3):
        write(tmp_path / f"{place}.pcap", [f for f, at in zip(FRAMES, places, strict=True) if at == place])
    capture = open_capture(*(str(tmp_path / f"{place}.pcap") for place in range(3)))
    rows, origins, _ = read(tshark, capture, engine)
    assert rows == told(tshark, whole(tmp_path)).rows
    order = [int(file.path.stem) for file in capture.files]
    assert [order[origins.of(row.number).file] for row in rows] == places  # type: ignore[union-attr]
    assert origins.overlap


@pytest.mark.parametrize("engine", BOTH)
def test_frames_of_the_same_time_and_a_clock_that_steps_back(engine: Engine, tshark: Tshark, tmp_path: Path) -> None:
    """A file's own frames keep their order, whatever its times are."""
    start = FRAMES[0].time_ns
    seconds = {"a": (0, 5, 2, 9), "b": (0, 2, 5, 5)}
    for name, times in seconds.items():
        frames = [Frame(start + second * 10**9, FRAMES[number].octets) for number, second in enumerate(times)]
        write(tmp_path / f"{name}.pcap", frames)
    rows, origins, _ = read(tshark, open_capture(str(tmp_path)), engine)
    found = [origins.of(row.number) for row in rows]
    a, b = 0, 1
    assert [(o.file, o.number) for o in found if o] == [(a, 1), (b, 1), (b, 2), (a, 2), (a, 3), (b, 3), (b, 4), (a, 4)]


@pytest.mark.parametrize("engine", BOTH)
def test_a_file_that_is_cut_short_is_named(engine: Engine, tshark: Tshark, tmp_path: Path) -> None:
    half = len(FRAMES) // 2
    first, second = tmp_path / "1.pcap", tmp_path / "2.pcap"
    write(first, FRAMES[: half + 1]), write(second, FRAMES[half:])
    first.write_bytes(first.read_bytes()[:-3])
    rows, _, warnings = read(tshark, open_capture(str(tmp_path)), engine)
    assert rows == told(tshark, whole(tmp_path)).rows
    assert warnings == [claim("capture-cut-short", file=str(first))]


def test_one_odd_frame_sends_all_files_to_tshark(tshark: Tshark, tmp_path: Path) -> None:
    write(tmp_path / "1.pcap", FRAMES)
    odd = Frame(FRAMES[-1].time_ns + 1, bytes(12) + b"\x88\x47" + bytes(40))
    write(tmp_path / "2.pcap", [odd])
    got = read_all(tshark, open_capture(str(tmp_path)), FIELDS, PARSERS)
    assert got.read_by == claim("read-by-tshark", (len(FRAMES) + 1,), reason="link")
    assert len(list(got.rows)) == len(FRAMES) + 1


def limited(path: Path, limits: Limits) -> Capture:
    return replace(open_capture(str(path)), limits=limits)


def test_limits_leave_the_numbers_as_they_are(tshark: Tshark, tmp_path: Path) -> None:
    """Both programs judge what lies in the times, and nothing else; numbers of frames and streams are the capture's."""
    path = whole(tmp_path)
    everything = told(tshark, path).rows
    first, last = len(FRAMES) // 3, len(FRAMES) // 2
    limits = Limits(FRAMES[first].time_ns, FRAMES[last].time_ns)
    fast, slow = (read(tshark, limited(path, limits), engine)[0] for engine in BOTH)
    assert fast == slow
    inside = [row for row in everything if limits.from_ns <= row.time <= limits.to_ns]  # type: ignore[operator]
    assert [(row.number, row.stream) for row in fast] == [(row.number, row.stream) for row in inside]
    assert 0 < len(fast) < len(everything)
    # Cut off from what came before, some findings are others.
    assert [row.records for row in fast] != [row.records for row in inside]


@pytest.mark.parametrize("limits", [Limits(FRAMES[10].time_ns), Limits(None, FRAMES[10].time_ns)])
def test_one_limit(limits: Limits, tshark: Tshark, tmp_path: Path) -> None:
    path = whole(tmp_path)
    fast, slow = (read(tshark, limited(path, limits), engine)[0] for engine in BOTH)
    assert fast == slow
    numbers = [row.number for row in fast]
    assert (10 in numbers, 11 in numbers, 12 in numbers) == (not limits.from_ns, True, not limits.to_ns)


def test_a_host(tshark: Tshark, tmp_path: Path) -> None:
    """Both programs judge what goes from and to the host, as a capture has it that was made with that filter."""
    other = [Frame(f.time_ns - 3 * 10**9, f.octets.replace(HOST.packed, b"\xcb\0\x71\x09")) for f in FRAMES]
    path, filtered = tmp_path / "two-hosts.pcap", tmp_path / "filtered.pcap"
    write(path, sorted([*FRAMES, *other]))
    write(filtered, FRAMES)
    fast, slow = (read(tshark, limited(path, Limits(host=HOST)), engine)[0] for engine in BOTH)
    assert fast == slow
    alone = told(tshark, filtered).rows
    assert [(row.time, len(row.records or ())) for row in fast] == [(row.time, len(row.records or ())) for row in alone]
    assert fast[0].number > 1
    assert moments(fast) == moments(alone) != []


def moments(rows: Sequence[Row]) -> list[str]:
    """The times in the findings, which are counted from the first frame that is judged."""
    return re.findall(r"\w+_at_ns=\d+", str([row.records for row in rows]))


@pytest.mark.parametrize("engine", BOTH)
def test_nothing_inside(engine: Engine, tshark: Tshark, tmp_path: Path) -> None:
    capture = limited(whole(tmp_path), Limits(to_ns=1))
    assert read(tshark, capture, engine)[0] == []


def with_drops(path: Path, order: str, *blocks: tuple[int, list[tuple[int, int]]]) -> None:
    """A section with the statistics of interfaces (number; code and value of each option) behind a capture."""
    parts = [path.read_bytes(), section(order), *(statistics(number, options, order) for number, options in blocks)]
    path.write_bytes(b"".join(parts))


@pytest.mark.parametrize("order", ["<", ">"])
def test_drop_counters_of_all_files(order: str, tshark: Tshark, tmp_path: Path) -> None:
    """The reader tells what the files say; the last of several statistics of an interface counts."""
    half = len(FRAMES) // 2
    for name, frames in (("1.pcapng", FRAMES[:half]), ("2.pcapng", FRAMES[half:])):
        write(tmp_path / name, frames)
    write(tmp_path / "3.pcap", FRAMES[-1:])
    with_drops(tmp_path / "1.pcapng", order, (0, [(5, 3), (7, 2**33)]), (0, [(5, 4), (7, 2**33 + 1)]), (1, [(4, 9)]))
    with_drops(tmp_path / "2.pcapng", order, (1, [(7, 5)]))
    for engine in BOTH:
        found = read_capture(tshark, open_capture(str(tmp_path)), engine=engine)
        assert found.drops == DropCounters(4, 2**33 + 6), engine
    (tmp_path / "2.pcapng").unlink()
    write(tmp_path / "1.pcapng", FRAMES[:half])
    assert read_capture(tshark, open_capture(str(tmp_path))).drops is None
