"""Prints what the plugin and the report cost: `make bench`.

Everything is measured in one run on one machine, and given as a ratio: the machines are shared and noisy. Of several
rounds, the fastest counts. With `--instructions` only the plugin's instructions inside tshark are counted, which do not
vary.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.connections import write_connections
from tests.bench.growth import print_growth, print_large
from tests.bench.instructions import print_instructions
from tests.bench.probes import write_probes
from tests.bench.traffic import write_traffic
from tests.support.plugin import PLUGIN, REPOSITORY

FRAMES, CONNECTIONS, SHORT, PROBES, ROUNDS = 200_000, 200, 10_000, 10_000, 3
KIB = 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall time and CPU time of the process and its children in seconds, and the peak of the resident memory of one of
    them in bytes.
    """

    seconds: float
    cpu: float
    peak: int


def measure(command: Sequence[str | Path], rounds: int) -> Cost:
    """Run a command several times; the least of each cost counts. Raises CalledProcessError when it fails."""
    costs = [_run(command) for _ in range(rounds)]
    return Cost(min(cost.seconds for cost in costs), min(cost.cpu for cost in costs), min(cost.peak for cost in costs))


def _run(command: Sequence[str | Path]) -> Cost:
    environment = os.environ | {"WIRESHARK_CONFIG_DIR": str(REPOSITORY), "LC_ALL": "C", "TZ": "UTC"}
    start = time.monotonic()
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=stderr)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            stderr.seek(0)
            raise subprocess.CalledProcessError(process.returncode, command, stderr=stderr.read())
    return Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * KIB)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("tests.bench", description="What the plugin and the report cost, as ratios.")
    parser.add_argument("--frames", type=int, default=FRAMES, help="size of the capture (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=CONNECTIONS, help="in the capture (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of which the fastest counts (default: %(default)s)")
    parser.add_argument("--short", type=int, default=SHORT, help="short connections in another (default: %(default)s)")
    parser.add_argument("--instructions", action="store_true", help="count the plugin's instructions, and nothing else")
    parser.add_argument("--probes", type=int, default=PROBES, help="of one long connection (default: %(default)s)")
    parser.add_argument("--large", type=int, metavar="FRAMES", help="only a scan and a report of a capture so large")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.large:
            print_large(Path(folder), measure, options.large)
            return
        print_instructions(Path(folder))
        if options.instructions:
            return
        print_growth(Path(folder), measure)
        capture = Path(folder) / "bench.pcap"
        write_traffic(capture, options.frames, options.connections)
        _print_costs(capture, options.frames, options.connections, options.rounds, Path(folder) / "report.pdf")
        _print_scans(capture, f"{options.frames:,} frames of {options.connections} connections")
        for count in (options.short // 4, options.short):
            frames = write_connections(capture, count)
            _print_scans(capture, f"{frames:,} frames of {count:,} connections")
        _print_long(write_probes(capture, options.probes), options.probes, Path(folder) / "report.pdf")


def _print_long(capture: Path, probes: int, pdf: Path) -> None:
    """What the report of one long connection with hundreds of findings costs, of the process and of all it starts."""
    report = measure([sys.executable, "-m", "pyreport", "report", capture, "-o", pdf], 1)
    print(f"pyreport report, one connection of {probes:,} probes: {report.cpu:.2f} s of CPU time")


def _print_scans(capture: Path, what: str) -> None:
    """What a scan costs by each engine, in CPU time, against plain tshark with two passes; one round."""
    plain = measure(["tshark", "-2", "-r", capture, "-Y", "frame.number==0"], 1)
    print(f"pyreport scan, {what}: CPU time, against tshark -2 ({plain.cpu:.2f} s), and the largest process")
    for engine in ("fast", "tshark"):
        scan = measure([sys.executable, "-m", "pyreport", "scan", capture, "--engine", engine], 1)
        print(f"  {engine:<8} {scan.cpu:6.2f} s  {scan.cpu / plain.cpu:5.2f} times  {scan.peak / KIB / KIB:5.0f} MiB")


def _print_costs(capture: Path, frames: int, connections: int, rounds: int, pdf: Path) -> None:
    # The same filter in both: it is what makes tshark dissect every frame twice.
    tshark: list[str | Path] = ["tshark", "-2", "-r", capture, "-Y", "frame.number==0"]
    plain = measure(tshark, rounds)
    with_plugin = measure([*tshark, "-X", f"lua_script:{PLUGIN}"], rounds)
    report = measure([sys.executable, "-m", "pyreport", "report", capture, "-o", pdf], rounds)
    per_frame = (with_plugin.peak - plain.peak) / frames
    mib = KIB * KIB
    print(f"{frames:,} frames of Kafka traffic in {connections} connections, {rounds} rounds, the fastest of each:")
    print(f"  tshark -2                      {plain.seconds:6.2f} s  {plain.peak / mib:6.0f} MiB")
    print(f"  tshark -2 with the plugin      {with_plugin.seconds:6.2f} s  {with_plugin.peak / mib:6.0f} MiB")
    print(f"  pyreport report                {report.seconds:6.2f} s  {report.peak / mib:6.0f} MiB (largest process)")
    print(f"  plugin against none            {with_plugin.seconds / plain.seconds:6.2f} times the time")
    print(f"  plugin's memory                {per_frame:6.0f} bytes a frame")
    print(f"  report against tshark + plugin {report.seconds / with_plugin.seconds:6.2f} times the time")


if __name__ == "__main__":
    main()
