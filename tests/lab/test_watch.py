"""The watch beside a real program, a real service and a real log, in network namespaces."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.lab.topology import SERVER_ADDRESS, Topology, run, topology
from tests.lab.watched import (
    OTHER_PORT,
    PORT,
    Program,
    descendants,
    is_alive,
    kill,
    service,
    told,
    until,
    watch,
    writer,
)
from tests.support.plugin import REPOSITORY
from tests.support.programs import write_program

CLIENT_ADDRESS = "10.99.1.2"
OPTIONS = ("--host", SERVER_ADDRESS, "--port", str(PORT), "--wait", "1")


@pytest.fixture
def net(root: None) -> Iterator[Topology]:
    with topology() as made:
        yield made


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "app.log"


@pytest.fixture
def app(net: Topology, log: Path) -> Iterator[Program]:
    """The program, and the service that closes what is idle for a second."""
    with service(net, idle_limit_s=1), writer(net, log) as program:
        yield program


def break_pipe(app: Program, port: int = PORT) -> str:
    """A connection that the service closes for idleness, and on which the program writes then: its two ends."""
    own = app.ask(f"open {SERVER_ADDRESS} {port}")
    app.ask(f"ask {own}")
    time.sleep(1.5)
    app.ask(f"write {own}")
    return f"{CLIENT_ADDRESS}:{own} -> {SERVER_ADDRESS}:{port}"


def is_of_the_close(report: Path, connection: str) -> bool:
    """Whether a report is about this connection, which the service closed, and the write that failed after it."""
    found = told(report)
    ends = connection.split(" -> ")
    claims = [claim["id"] for claim in found["verdict"]["claims"]]
    return {found["a"], found["b"]} == set(ends) and found["local"] == ends[0] and claims[0] == "close-after-data"


def test_a_report_of_each_cause_and_none_of_the_same_again(
    net: Topology, app: Program, log: Path, tmp_path: Path
) -> None:
    notified = tmp_path / "notified"
    command = write_program(tmp_path / "notify", f'printf "%s\\n" "$@" >>{shlex.quote(str(notified))}')
    options = (*OPTIONS, "--port", str(OTHER_PORT), "--notify", str(command))
    with watch(net, tmp_path / "out", *options, "--log-file", str(log)) as watching:
        first = break_pipe(app)
        watching.until_said("Written: ")
        [report] = watching.reports
        assert is_of_the_close(report, first)
        assert f"{first}: The server closed the connection first" in watching.said
        assert f"{first.replace(' -> ', '->')}: write: broken pipe" in (report / "log.txt").read_text()
        assert {path.name for path in report.iterdir()} == {
            *("capture.pcapng", "log.txt", "messages.txt", "report.pdf", "report.json", "report.txt", "watch.json"),
        }
        assert report.stat().st_mode & 0o077 == 0
        until(notified.exists, "the command of --notify ran")
        assert notified.read_text().split()[0] == str(report)

        # The same cause on another connection, and two others at once.
        break_pipe(app)
        with service(net, OTHER_PORT, resets=True) as other:
            reset = app.ask(f"open {SERVER_ADDRESS} {OTHER_PORT}")
            app.ask(f"ask {reset}")
            ended = app.ask(f"open {SERVER_ADDRESS} {PORT}")
            app.ask(f"ask {ended}")
            other.process.kill()
            other.process.wait()
        app.ask(f"read {reset}")
        app.ask(f"read {ended}")
        # Not what is captured, and not an error at all; the second looks for a shell.
        app.ask("log dial tcp 10.99.1.2:40000->192.0.2.7:5432: connect: connection refused")
        app.ask("log all is well; $(touch /tmp/never)")
        watching.until_said("Written: ", 3)
        assert len(watching.reports) == 3
        assert {told(path)["local"] for path in watching.reports[1:]} == {
            f"{CLIENT_ADDRESS}:{reset}",
            f"{CLIENT_ADDRESS}:{ended}",
        }
        watching.process.send_signal(signal.SIGTERM)
        assert watching.ended() == 0
    assert '"again": 1' in (report / "watch.json").read_text()
    assert watching.said.count("is about another service") == 1
    assert "Stopped. Reports written: 3." in watching.said

    # Another watch remembers what the first has written.
    with watch(net, tmp_path / "out", *OPTIONS, "--log-file", str(log)) as watching:
        break_pipe(app)
        until(lambda: '"again": 2' in (report / "watch.json").read_text(), "the second watch counts on")
        assert len(watching.reports) == 3


def test_the_log_is_followed_through_rotation(net: Topology, app: Program, log: Path, tmp_path: Path) -> None:
    until(log.exists, "the program has opened its log")
    log.rename(tmp_path / "away")  # missing at the start
    with watch(net, tmp_path / "out", *OPTIONS, "--log-file", str(log)) as watching:
        app.ask("log written to the file that is away")
        app.ask("reopen")
        until(lambda: watching.follows(log), "the log is found")
        log.rename(tmp_path / "app.log.1")
        log.touch()
        first = break_pipe(app)  # still written to the renamed file
        watching.until_said("Written: ")
        app.ask("reopen")
        app.ask("log a line before it is cut")
        until(lambda: watching.follows(log), "the new log is found")
        os.truncate(log, 0)
        app.ask("log read tcp 10.99.1.2:9->10.99.2.2:9092: read: connection reset by peer")
        watching.until_said(" -> ", 4)
        assert is_of_the_close(watching.reports[0], first)
        assert len(watching.reports) == 2
    assert "is not there yet" in watching.said


def test_dumpcap_is_started_again_when_it_dies(net: Topology, app: Program, log: Path, tmp_path: Path) -> None:
    with watch(net, tmp_path / "out", *OPTIONS, "--log-file", str(log), "--once") as watching:
        before = dumpcaps(watching.process.pid)
        assert len(before) == 1
        kill(before[0])
        watching.until_said("dumpcap ended (SIGKILL). It is started again after 1.000 s.")
        watching.until_said("dumpcap runs again.")
        assert dumpcaps(watching.process.pid) != before
        connection = break_pipe(app)
        assert watching.ended() == 0
    assert is_of_the_close(watching.reports[0], connection)


def test_a_finding_of_the_plugin_sets_a_report_off(net: Topology, app: Program, tmp_path: Path) -> None:
    with watch(net, tmp_path / "out", *OPTIONS, "--on", "finding", "--once") as watching:
        until(lambda: "tshark" in names(watching.children()), "tshark looks at the capture")
        own = app.ask(f"open {SERVER_ADDRESS} {PORT}")
        app.ask(f"ask {own}")
        time.sleep(1.5)
        app.ask(f"write {own}")
        connection = f"{CLIENT_ADDRESS}:{own} -> {SERVER_ADDRESS}:{PORT}"
        watching.until_said(f"{connection}: post_fin_write")
        children = watching.children()
        assert watching.ended() == 0
        assert [pid for pid in children if is_alive(pid)] == []
    assert is_of_the_close(watching.reports[0], connection)
    assert not (watching.reports[0] / "log.txt").exists()


def test_the_search_for_findings_goes_on_when_tshark_dies(net: Topology, tmp_path: Path) -> None:
    with watch(net, tmp_path / "out", *OPTIONS, "--on", "finding") as watching:
        until(lambda: "tshark" in names(watching.children()), "tshark looks at the capture")
        before = watching.children()
        [tshark] = [pid for pid in before if names([pid]) == ["tshark"]]
        kill(tshark)
        watching.until_said("The search for findings stopped (tshark: SIGKILL). It is started again after 1.000 s.")
        until(lambda: "tshark" in names(set(watching.children()) - set(before)), "there is another one")
        watching.process.send_signal(signal.SIGTERM)
        assert watching.ended() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_the_middle_of_a_report(
    net: Topology, app: Program, log: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with watch(net, tmp_path / "out", *OPTIONS, "--log-file", str(log)) as watching:
        connection = break_pipe(app)
        until(lambda: len(watching.children()) >= 2, "a report is made beside dumpcap")
        children = watching.children()
        assert len(watching.unfinished) == 1
        watching.process.send_signal(number)
        assert watching.ended() == 0
        assert [pid for pid in children if is_alive(pid)] == []
        assert watching.unfinished == []
        assert watching.reports == []
    assert f"{connection}: stopped before its report was written." in watching.said


def test_nothing_captures_on_after_a_watch_that_was_killed(
    net: Topology, app: Program, log: Path, tmp_path: Path
) -> None:
    options = (*OPTIONS, "--ring-minutes", "1", "--log-file", str(log))
    with watch(net, tmp_path / "out", *options) as watching:
        break_pipe(app)
        until(lambda: watching.unfinished, "a report has begun")
        [dumpcap] = dumpcaps(watching.process.pid)
        watching.process.kill()
        watching.process.wait()
        until(lambda: not is_alive(dumpcap), "dumpcap ends with its next files")
    left = watching.unfinished
    assert len(left) == 1
    with watch(net, tmp_path / "out", *options):
        assert watching.unfinished == []


def test_a_full_disk_is_said_and_what_is_there_stays(net: Topology, app: Program, log: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    run(["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(disk)])
    try:
        with watch(net, disk / "out", *OPTIONS, "--port", str(OTHER_PORT), "--log-file", str(log)) as watching:
            first = break_pipe(app)
            watching.until_said("Written: ")
            filler = disk / "filler"
            fill(filler)
            with service(net, OTHER_PORT, idle_limit_s=1):
                break_pipe(app, OTHER_PORT)
                watching.until_said(" is full: the report was not written.")
                assert watching.unfinished == []
                assert len(watching.reports) == 1
                assert is_of_the_close(watching.reports[0], first)
                # With room again, the cause that was not reported is reported.
                filler.unlink()
                if "dumpcap ended" in watching.said:
                    watching.until_said("dumpcap runs again.")
                second = break_pipe(app, OTHER_PORT)
                watching.until_said("Written: ", 2)
                assert is_of_the_close(watching.reports[1], second)
            watching.process.send_signal(signal.SIGTERM)
            assert watching.ended() == 0
    finally:
        run(["umount", "--lazy", str(disk)])


def test_a_user_without_the_right_to_capture_is_told_how_to_get_it(root: None, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *("setpriv", "--bounding-set=-all", "--inh-caps=-all", sys.executable, "-m", "pyreport", "watch"),
            *("-i", "lo", "--dir", str(tmp_path / "out"), "--log-file", str(tmp_path / "log"), "--ring-mb", "8"),
        ],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 3
    [line] = done.stderr.splitlines()
    assert "may not capture on lo: let dumpcap capture for the group wireshark" in line


def names(pids: Iterable[int]) -> list[str]:
    """What the processes run, where they still do."""
    found = []
    for pid in pids:
        with contextlib.suppress(OSError):
            found.append(Path(f"/proc/{pid}/comm").read_text().strip())
    return found


def dumpcaps(pid: int) -> list[int]:
    """The dumpcap processes below one."""
    return [child for child in descendants(pid) if names([child]) == ["dumpcap"]]


def fill(path: Path) -> None:
    """Fill a disk up to its last block."""
    try:
        with path.open("wb") as file:
            while True:
                file.write(bytes(1 << 16))
                file.flush()
    except OSError:
        return
