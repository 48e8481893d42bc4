"""What large captures cost, and how the cost grows: against tcpdump's filter pass over the same file."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.connections import write_connections
from tests.bench.large import CONNECTIONS as LARGE_CONNECTIONS
from tests.bench.large import FRAME_OCTETS, write_large
from tests.bench.traffic import write_traffic

if TYPE_CHECKING:
    from tests.bench.__main__ import Cost

    Measure = Callable[[Sequence[str | Path], int], Cost]

LONG_LIVED = 200
FRAMES, CONNECTIONS = (250_000, 1_000_000), (10_000, 100_000)
MIB, GB = 1024 * 1024, 1e9
# A capture, and the excerpt of the connection that is reported.
ROOM = 1.1


def print_growth(folder: Path, measure: Measure) -> None:
    """Measure a scan, and the report of the worst connection, over captures of growing size."""
    capture = folder / "growth.pcap"
    for frames in FRAMES:
        write_traffic(capture, frames, LONG_LIVED)
        _print(capture, f"{frames:,} frames of {LONG_LIVED} connections", measure)
    for count in CONNECTIONS:
        frames = write_connections(capture, count)
        _print(capture, f"{frames:,} frames of {count:,} connections", measure)


def print_large(folder: Path, measure: Measure, frames: int) -> None:
    """The same of one large capture. Raises SystemExit, with a sentence, where the folder has no room for it."""
    needed, free = int(frames * FRAME_OCTETS * ROOM), shutil.disk_usage(folder).free
    if free < needed:
        raise SystemExit(
            f"A capture of {frames:,} frames needs {needed / GB:.1f} GB, and {folder.parent} has {free / GB:.1f} GB "
            "free: set TMPDIR to a folder with more room, or give a smaller --large."
        )
    capture = folder / "large.pcap"
    written = write_large(capture, frames)
    _print(capture, f"{written:,} frames of {LARGE_CONNECTIONS} connections", measure)


def _print(capture: Path, what: str, measure: Measure) -> None:
    passed = measure(["tcpdump", "-n", "-r", capture, "-w", "/dev/null", "tcp[tcpflags] & tcp-fin != 0"], 3)
    print(f"{what}, {capture.stat().st_size / MIB:,.0f} MiB; tcpdump's filter pass: {passed.cpu:.2f} s of CPU time")
    pyreport: list[str | Path] = [sys.executable, "-m", "pyreport"]
    commands: dict[str, list[str | Path]] = {
        "scan": [*pyreport, "scan", capture, "--engine", "fast"],
        "report": [*pyreport, "report", capture, "-o", capture.with_suffix(".pdf")],
    }
    for name, command in commands.items():
        cost = measure(command, 1)
        print(
            f"  {name:<7} {cost.cpu:7.2f} s of CPU time {cost.seconds:7.2f} s"
            f" {cost.cpu / passed.cpu:6.1f} times tcpdump {cost.peak / MIB:6.0f} MiB (largest process)"
        )
