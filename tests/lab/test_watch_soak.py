"""The watch beside many connections and a busy, rotating log, for a while: it stays within its bounds.

WATCH_SOAK_S says for how long (make soak: an hour), WATCH_SOAK_CONNECTIONS with how many connections.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.watch.archive import MOST_FAILED
from tests.lab import load
from tests.lab.topology import SERVER_ADDRESS, Topology, topology
from tests.lab.watched import PORT, Watching, service, started, watch

LASTS_S = int(os.environ.get("WATCH_SOAK_S", "25"))
CONNECTIONS = int(os.environ.get("WATCH_SOAK_CONNECTIONS", "200"))
RING_MB = 4
SETTLES_S = 20
# What Python and its libraries take by themselves differs; what is added over time must not.
MOST_GROWTH_BYTES = 32_000_000
# The present file of the ring may be as full as the others while the oldest is still there.
RING_SLACK_BYTES = 1_000_000


@pytest.fixture
def net(root: None) -> Iterator[Topology]:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(files[1], 8192), files[1]))
    with topology() as made:
        yield made
    resource.setrlimit(resource.RLIMIT_NOFILE, files)


def test_it_stays_within_its_bounds(net: Topology, tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    script = [sys.executable, "-I", str(load.__file__), str(log), SERVER_ADDRESS, str(PORT), str(CONNECTIONS)]
    options = ("--port", str(PORT), "--wait", "1", "--log-file", str(log), "--ring-mb", str(RING_MB))
    with service(net, idle_limit_s=5), started(net.client, script) as program:
        assert program.process.stdout is not None
        assert program.process.stdout.readline().strip() == "ready"
        with watch(net, tmp_path / "out", *options) as watching:
            watching.until_said("Written: ")
            files, before = open_files(watching), memory(watching)
            deadline = time.monotonic() + LASTS_S
            most_ring = 0
            while time.monotonic() < deadline:
                time.sleep(1)
                most_ring = max(most_ring, sum(map(size, ring(watching))))
                assert watching.process.poll() is None
            grown = memory(watching) - before
            print(
                f"grown by {grown // 1000} kB, ring at most {most_ring // 1000} kB, {log_lines(log)} lines at the end"
            )
            assert grown < MOST_GROWTH_BYTES
            assert most_ring < RING_MB * 1_000_000 + RING_SLACK_BYTES
            # A renamed log is followed for a while. A report that is being made has more, and comes to its end.
            assert any(number <= files + 2 for number in open_files_for_a_while(watching))
            # A few causes (a broken pipe, a reset while reading or writing, the end), each told once; of a connection
            # that ended before the watch began there can be no report, and its cause is tried again.
            assert 1 <= len(watching.reports) <= 4 * MOST_FAILED
            assert watching.unfinished == [] or len(watching.unfinished) == 1
            watching.process.send_signal(signal.SIGTERM)
            assert watching.ended() == 0
    again = [path for path in watching.reports if '"again": 0' not in (path / "watch.json").read_text()]
    assert again != []  # the service went on closing


def ring(watching: Watching) -> list[Path]:
    """The files of the ring. dumpcap may remove one at any moment."""
    return list((watching.folder / "ring").glob("*.pcapng"))


def size(path: Path) -> int:
    """Bytes of a file; 0 when it is not there any more."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def memory(watching: Watching) -> int:
    """Resident bytes of the watch itself."""
    pages = Path(f"/proc/{watching.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def open_files(watching: Watching) -> int:
    """How many descriptors the watch has."""
    return sum(1 for _ in Path(f"/proc/{watching.process.pid}/fd").iterdir())


def open_files_for_a_while(watching: Watching) -> Iterator[int]:
    """How many descriptors the watch has, once a second, for as long as a few reports take."""
    for _ in range(SETTLES_S):
        yield open_files(watching)
        time.sleep(1)


def log_lines(log: Path) -> int:
    """Lines of the present log."""
    return log.read_bytes().count(b"\n")
