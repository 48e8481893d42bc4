"""The watch: what it waits for, what it counts, what it refuses. The reports are stand-ins; tests/lab has real ones."""

from __future__ import annotations

import errno
import threading
from collections import namedtuple
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from pyreport.base.claim import Claim
from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_S
from pyreport.matching.match import Strength
from pyreport.watch import watch as module
from pyreport.watch.archive import LOCK, RESERVE_BYTES, SAME_CAUSE_NS, Archive
from pyreport.watch.evidence import Outcome
from pyreport.watch.excerpt import Excerpt
from pyreport.watch.follow import LogFollower
from pyreport.watch.incident import Incident
from pyreport.watch.watch import MOST_WAITING, Watch, WatchSettings

NOW_NS = 1_715_850_869 * NS_PER_S
ENDS = (Endpoint("10.0.0.1:40000"), Endpoint("10.0.0.2:9092"))
Usage = namedtuple("Usage", "total used free")


class NoRing:
    """A ring that is always well."""

    folder = Path("ring")

    def poll(self, now_ns: int) -> None:
        """Nothing to do."""

    def files(self) -> list[Path]:
        return []


class StandIn:
    """A report that is over when the test says so."""

    child = object()
    excerpt = Excerpt(9, is_cut=False)

    def __init__(self, incident: Incident, folder: Path) -> None:
        self.incident, self.folder = incident, folder
        self.over = False
        self.result = Outcome("It broke.", ENDS, Strength.EXACT)
        self.stopped = False

    def is_over(self) -> bool:
        return self.over

    def outcome(self) -> Outcome:
        return self.result

    def stop(self) -> None:
        self.stopped = True


class Bench:
    """A watch with its log, a clock, and what became of it."""

    def __init__(self, folder: Path, settings: WatchSettings, most_a_day: int = 24) -> None:
        self.log = folder / "app.log"
        self.log.touch()
        self.said: list[Claim] = []
        self.begun: list[StandIn] = []
        self.refuse: Callable[[], None] = lambda: None
        self.now_ns = NOW_NS
        self.free = 10 * RESERVE_BYTES
        self.archive = Archive(folder / "out", 1 << 30, most_a_day)
        self.archive.open()
        self.watch = Watch(settings, NoRing(), self.archive, [LogFollower(self.log)], [], self.said.append)  # type: ignore[arg-type]

    def begin(
        self, incident: Incident, ring: Sequence[Path], recent: bytes, folder: Path, options: Sequence[str]
    ) -> StandIn:
        self.refuse()
        self.begun.append(StandIn(incident, folder))
        return self.begun[-1]

    def error(self, local: int = 40000, port: int = 9092, host: str = "10.0.0.2") -> None:
        with self.log.open("a") as file:
            file.write(f"write tcp 10.0.0.1:{local}->{host}:{port}: write: broken pipe\n")

    def passes(self, seconds: float) -> None:
        """Let time pass, with a look each quarter of a second."""
        for _ in range(int(seconds * 4)):
            self.watch.look(self.now_ns)
            self.now_ns += NS_PER_S // 4

    def told(self) -> list[str]:
        return [claim.id.removeprefix("watch-") for claim in self.said]

    def reports(self) -> list[str]:
        return sorted(path.name for path in self.archive.folder.iterdir() if path.name != LOCK)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def make(most_a_day: int = 24, **settings: object) -> Bench:
        made.append(Bench(tmp_path, WatchSettings(**settings), most_a_day))  # type: ignore[arg-type]
        monkeypatch.setattr(module, "begin_report", made[0].begin)
        monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(1 << 40, 0, made[0].free))
        return made[0]

    yield make
    for each in made:
        each.watch._end()


def test_a_report_begins_when_the_aftermath_is_captured(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=5)
    here.error()
    here.passes(1.5)  # a record is whole after a second of silence
    assert here.told() == ["seen"]
    here.passes(4.5)
    assert here.begun == []
    here.passes(1)
    assert len(here.begun) == 1
    here.begun[0].over = True
    here.passes(1)
    assert here.told() == ["seen", "report"]
    assert here.reports() == ["2024-05-16T09-14-30Z_10.0.0.1-40000_10.0.0.2-9092"]
    assert here.watch.reports == 1


def test_the_same_cause_is_counted_while_it_waits_is_made_and_is_told(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=5)
    for seconds in (2, 6, 1):
        here.error(local=40000 + seconds)
        here.passes(seconds)
        here.error(local=50000 + seconds)
        here.passes(2)
        for report in here.begun:
            report.over = True
    assert (len(here.begun), here.told()) == (1, ["seen", "report"])
    here.passes(SAME_CAUSE_NS / NS_PER_S + 10)
    assert here.told() == ["seen", "report", "repeated"]
    assert here.said[-1].values["count"] == 5
    here.error()
    here.passes(8)
    assert len(here.begun) == 2


def test_one_report_is_made_at_a_time_and_none_is_lost(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=1)
    here.error(port=9092)
    here.error(port=9093)
    here.passes(5)
    assert len(here.begun) == 1
    here.begun[0].over = True
    here.passes(1)
    assert len(here.begun) == 2
    here.begun[1].over = True
    here.passes(1)
    assert len(here.reports()) == 2


def test_a_flood_of_causes_is_bounded_and_said_once(bench: Callable[..., Bench]) -> None:
    here = bench()
    for port in range(1, 200):
        here.error(port=port)
    here.passes(2)
    assert here.told().count("seen") == MOST_WAITING
    assert here.told().count("too-many-at-once") == 1


def test_reports_of_a_day_are_bounded(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=0, most_a_day=1)
    here.error(port=9092)
    here.passes(2)
    here.begun[0].over = True
    here.passes(1)
    for port in (9093, 9094):
        here.error(port=port)
        here.passes(3)
    assert here.told() == ["seen", "report", "seen", "day-full", "seen"]
    here.passes(24 * 3600)
    here.error(port=9095)
    here.passes(3)
    assert len(here.begun) == 2


def test_a_full_disk_is_said_and_the_cause_may_come_again(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=0)
    here.free = RESERVE_BYTES - 1
    here.error()
    here.passes(3)
    assert (here.told(), here.begun, here.reports()) == (["seen", "disk-full"], [], [])
    here.free = RESERVE_BYTES
    here.error()
    here.passes(3)
    assert len(here.begun) == 1


def test_a_disk_that_becomes_full_leaves_no_half_report(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=0)

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    here.refuse = full
    here.error(port=9092)
    here.passes(2)
    assert (here.told(), here.reports()) == (["seen", "disk-full"], [])
    here.refuse = lambda: None
    here.error(port=9093)
    here.passes(2)
    here.free = 0
    here.begun[0].result = Outcome(failure="report.pdf cannot be written")
    here.begun[0].over = True
    here.passes(1)
    assert here.told()[2:] == ["seen", "disk-full"]
    assert here.reports() == []


def test_a_report_that_fails_leaves_the_evidence(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=0)
    here.error()
    here.passes(2)
    here.begun[0].result = Outcome(failure="the line fits two connections")
    here.begun[0].over = True
    here.passes(1)
    assert here.told() == ["seen", "no-report"]
    assert here.said[-1].values["why"] == "the line fits two connections"
    assert len(here.reports()) == 1


def test_a_line_that_fits_several_connections_is_told_with_their_number(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=0)
    here.error()
    here.passes(2)
    here.begun[0].result = Outcome("It broke.", None, Strength.OUTCOME, fits=7, reports=3)
    here.begun[0].over = True
    here.passes(1)
    assert here.told() == ["seen", "several"]
    assert (here.said[-1].values["count"], here.said[-1].values["reports"]) == (7, 3)


def test_once_is_enough(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=0, once=True)
    here.error(port=9092)
    here.error(port=9093)
    here.passes(2)
    here.begun[0].over = True
    here.watch.run(threading.Event())  # ends by itself
    assert (here.watch.reports, len(here.begun)) == (1, 1)


def test_the_end_stops_what_is_being_made(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=0)
    here.error(port=9092)
    here.error(port=9093)
    here.passes(2)
    stop = threading.Event()
    stop.set()
    here.watch.run(stop)
    assert here.begun[0].stopped
    assert here.reports() == []
    assert here.told() == ["seen", "seen", "left", "left"]


def test_what_is_not_captured_is_not_reported(bench: Callable[..., Bench]) -> None:
    here = bench(ports=frozenset([9092]))
    for port in (5432, 5433):
        here.error(port=port)
        here.passes(2)
    assert here.told() == ["not-watched"]


def test_a_connection_that_was_inferred_is_told_so_and_names_the_folder(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=0)
    with here.log.open("a") as file:
        file.write("ERROR the request failed: Connection reset by peer\n")
    here.passes(2)
    here.begun[0].result = Outcome("It broke.", ENDS, Strength.TIME_OUTCOME)
    here.begun[0].over = True
    here.passes(1)
    assert here.told() == ["seen", "inferred"]
    assert here.said[-1].values["connection"] == "10.0.0.1:40000 -> 10.0.0.2:9092"
    assert here.said[-1].values["match"] == Claim("strength-time_outcome")
    [name] = here.reports()
    assert name.endswith("Z_10.0.0.1-40000_10.0.0.2-9092")


def test_a_clock_that_is_set_back_delays_nothing(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=5)
    here.error()
    here.passes(2)
    assert here.begun == []
    here.now_ns -= 3600 * NS_PER_S
    here.passes(1)
    assert len(here.begun) == 1


def test_an_excerpt_without_the_oldest_packets_is_told(bench: Callable[..., Bench]) -> None:
    here = bench(wait_s=0)
    here.error()
    here.passes(2)
    here.begun[0].excerpt = Excerpt(9, is_cut=True)
    here.begun[0].over = True
    here.passes(1)
    assert here.told() == ["seen", "excerpt-cut", "report"]


def test_a_log_that_cannot_be_read_any_more_is_told_once(
    bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = bench()
    here.passes(1)
    here.log.rename(here.log.with_suffix(".1"))
    here.log.touch()

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr("os.open", refuse)
        here.passes(2)
    assert here.told() == ["log-refused"]
    here.error()
    here.passes(2)
    assert here.told() == ["log-refused", "seen"]
