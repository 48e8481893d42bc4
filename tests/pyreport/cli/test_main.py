"""The command as users meet it: bad input, wrong usage, help, quiet in a pipe, progress on a terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from pyreport.capture.processes import family
from tests.pyreport.command import CONTROL, Done, pyreport
from tests.pyreport.conftest import SCENARIOS, Scan, log_line
from tests.scenarios.wire import CLIENT as WIRE_CLIENT
from tests.scenarios.wire import SERVER as WIRE_SERVER
from tests.scenarios.wire import Wire, save
from tests.support.plugin import REPOSITORY
from tests.support.programs import public_folder, write_program
from tests.support.signals import hears_signals
from tests.support.tiny_capture import ACK, CLIENT, FIN, SERVER, closed_connection, segment, write_pcap

ARTICLE = SCENARIOS / "article" / "article.pcap"
NAMED = ("--connection", "10.226.11.15:38742->10.226.5.4:9092")
REAL_TSHARK = shutil.which("tshark") or "tshark"
# Prints its version like the real one, and then does what follows.
TRACED = f'if [ "$1" = -v ]; then exec {REAL_TSHARK} -v; fi\n'


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the unprivileged account, too, can enter and write to."""
    with public_folder() as path:
        path.chmod(0o777)
        yield path


@pytest.fixture
def tiny(folder: Path) -> Path:
    return write_pcap(folder / "tiny.pcap", closed_connection())


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(done: Done, status: int, said: str) -> None:
    """The run ended with this status and one clear sentence."""
    assert (done.status, done.stdout) == (status, "")
    assert done.is_one_sentence, done.stderr
    assert re.search(said, done.stderr), done.stderr


# The capture ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["report", "scan"])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("lost.pcap", None, r"There is no file .*lost\.pcap: check the path"),
        ("notes.txt", b"There was a timeout.\n", r"notes\.txt is not a capture file: give a pcap"),
        ("empty.pcap", b"", r"empty\.pcap is empty: nothing was captured"),
        (
            "head.pcap",
            b"\xd4\xc3\xb2\xa1\x02\0\x04\0" + bytes(8) + b"\xff\xff\0\0\x01\0\0\0",
            "There is not one packet",
        ),
        ("torn.pcap", b"\xd4\xc3\xb2\xa1\x02\0", r"torn\.pcap"),
        ("arp.pcap", "arp", "There is no TCP in the 1 frames of"),
    ],
)
def test_unusable_captures(folder: Path, command: str, name: str, content: bytes | str | None, said: str) -> None:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        write_pcap(path, [bytes(12) + b"\x08\x06" + bytes(28)])
    refused(pyreport(command, path, cwd=folder), 1, said)
    assert files(folder) == ([name] if content is not None else [])


@pytest.mark.parametrize("path", [".", "/"])
def test_a_folder_is_no_capture(path: str) -> None:
    refused(pyreport("report", path), 1, "There is no capture in the folder")


def test_a_capture_that_is_cut_is_reported_and_said_to_be_cut(folder: Path) -> None:
    cut = folder / "cut.pcap"
    whole = ARTICLE.read_bytes()
    cut.write_bytes(whole[: len(whole) * 3 // 4 + 1])
    said = "cut.pcap is cut short in the middle of a packet: only the frames before the cut were read."
    done = pyreport("report", cut, *NAMED, "-o", "cut.pdf", "--json", "cut.json", cwd=folder)
    assert done.status == 0
    assert said in done.stderr
    document = json.loads((folder / "cut.json").read_text())
    assert 980 < document["capture"]["frames"] < 1581
    assert said in document["capture"]["warnings"][0]
    assert document["connections"][0]["verdict"]["kind"] == "peer_closed_idle"
    first_page = " ".join(PdfReader(folder / "cut.pdf").pages[0].extract_text().split())
    assert said in first_page
    scanned = pyreport("scan", cut)
    assert scanned.status == 0
    assert said in scanned.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs tshark as somebody else")
def test_a_capture_that_only_root_may_read(tmp_path: Path) -> None:
    hidden = write_pcap(tmp_path / "hidden.pcap", closed_connection())
    hidden.chmod(0o600)
    done = pyreport("report", hidden, "--json", tmp_path / "x.json", "--engine", "tshark")
    assert done.status == 0
    assert "tshark reads a private copy" in done.stderr
    assert pyreport("scan", hidden).stderr == "", "the reader is handed the open file"


# The connection ------------------------------------------------------------------------------------------------------


def test_a_connection_that_is_not_there_names_those_that_come_close(folder: Path) -> None:
    line = log_line("article").replace("38742", "38743")
    done = pyreport("report", ARTICLE, "--log", line, cwd=folder)
    refused(done, 1, r"10\.226\.11\.15:38743->10\.226\.5\.4:9092 is not in this capture\. Come close")
    assert "10.226.11.15:38742->10.226.5.4:9092 (stream 15)" in done.stderr
    assert files(folder) == []


def test_a_stream_that_is_not_there(tiny: Path) -> None:
    refused(pyreport("report", tiny, "--stream", "7", cwd=tiny.parent), 1, "no TCP stream 7 .* 0 to 0")


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [
        ("--log", "consumer timed out again", "The log line names no connection that can be understood"),
        ("--log", "", "The log line names no connection that can be understood"),
        ("--connection", "10.0.0.1", "does not name a connection"),
        ("--connection", "2001:db8::1:5->2001:db8::2:6", "needs brackets"),
    ],
)
def test_what_names_no_connection(tiny: Path, option: str, text: str, said: str) -> None:
    refused(pyreport("report", tiny, option, text, cwd=tiny.parent), 1, said)
    assert files(tiny.parent) == ["tiny.pcap"]


# tshark and the plugin -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["report", "scan", "demo"])
def test_no_tshark(folder: Path, command: str) -> None:
    capture = () if command == "demo" else (ARTICLE,)
    done = pyreport(command, *capture, cwd=folder, PYREPORT_TSHARK="/nowhere/tshark")
    refused(done, 3, "was not found or is no program: install Wireshark's command line")
    assert files(folder) == []


def test_no_tshark_on_the_path(tiny: Path) -> None:
    refused(pyreport("scan", tiny, PATH="/nowhere"), 3, "tshark was not found .*apt-get install tshark")


@pytest.mark.parametrize("command", ["report", "scan"])
def test_a_tshark_that_is_too_old(tiny: Path, command: str) -> None:
    """A report learns the version from the pass in which Wireshark checks it: no report is written without one."""
    old = write_program(tiny.parent / "old", 'echo "TShark (Wireshark) 3.4.10 (Git v3.4.10)"')
    before = files(tiny.parent)
    done = pyreport(command, tiny, "--tshark", old, cwd=tiny.parent)
    refused(done, 3, r"version 3\.4\.10, and pyreport needs tshark 3\.6 or later")
    assert files(tiny.parent) == before


@pytest.mark.parametrize("command", ["report", "scan"])
def test_a_plugin_that_does_not_load_is_never_a_healthy_capture(tiny: Path, command: str) -> None:
    """tshark 4.4 and later drop Lua scripts for root without a word: played by one that drops the option."""
    deaf = write_program(
        tiny.parent / "deaf",
        'set -- "$@" END\nwhile [ "$1" != END ]; do\n'
        '  case "$1" in -X) shift ;; *) set -- "$@" "$1" ;; esac\n  shift\ndone\nshift\n'
        f'exec {REAL_TSHARK} "$@"',
    )
    done = pyreport(command, tiny, "--tshark", deaf, "--engine", "tshark", cwd=tiny.parent)
    refused(done, 3, "does not know the fields of the keepalive plugin, so the plugin was not loaded")
    assert files(tiny.parent) == ["deaf", "tiny.pcap"]


def test_a_tshark_that_dies(tiny: Path) -> None:
    dying = write_program(tiny.parent / "dying", f"{TRACED}kill -9 $$")
    refused(pyreport("scan", tiny, "--tshark", dying, "--engine", "tshark"), 3, "ended by signal 9")


# The outputs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["-o", "--json", "--html"])
@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("none/x", "There is no folder"),
        (".", "is a folder"),
        ("/proc/x", r"/proc/x cannot be written"),
        ("tiny.pcap", "is the capture itself"),
    ],
)
def test_an_output_that_cannot_be_written_is_told_before_the_work(
    tiny: Path, option: str, target: str, said: str
) -> None:
    spy = write_program(tiny.parent / "spy", f"{TRACED}exit 9")  # which would be told with another status
    before = tiny.read_bytes()
    done = pyreport("report", "tiny.pcap", option, target, "--tshark", spy, "--engine", "tshark", cwd=tiny.parent)
    refused(done, 1, said)
    assert files(tiny.parent) == ["spy", "tiny.pcap"]
    assert tiny.read_bytes() == before


def test_a_failure_leaves_the_report_of_last_time(tiny: Path) -> None:
    old = tiny.parent / "tiny.report.pdf"
    old.write_text("the old one")
    dying = write_program(tiny.parent / "dying", f"{TRACED}exit 9")
    assert pyreport("report", tiny, "--tshark", dying, cwd=tiny.parent).status == 3
    assert old.read_text() == "the old one"


def test_names_that_are_no_utf8(tiny: Path) -> None:
    """Linux's names are octets. A document shows those that are no text as escapes."""
    capture = tiny.rename(tiny.with_name(os.fsdecode(b"a\xff.pcap")))
    target = tiny.with_name(os.fsdecode(b"b\xff.zip"))
    done = pyreport("report", capture, "--json", tiny.with_name("x.json"), "--bundle", target)
    assert done.status == 0, done.stderr
    document = json.loads(tiny.with_name("x.json").read_text(encoding="utf-8"))
    assert document["capture"]["path"].endswith(r"a\udcff.pcap")
    checked = pyreport("verify", target)
    assert (checked.status, r"a\udcff.pcap" in checked.stdout) == (0, True), checked.stderr


@pytest.mark.parametrize("option", [(), ("-o", "x.pdf")], ids=["named by default", "named"])
def test_a_current_folder_that_was_removed(tiny: Path, option: tuple[str, ...]) -> None:
    gone = tiny.parent / "gone"
    gone.mkdir()
    done = subprocess.run(
        ["bash", "-c", 'cd "$1" && rmdir "$1" && shift && exec "$@"', "bash", gone,
         sys.executable, "-m", "pyreport", "report", tiny, *option],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    assert files(tiny.parent) == ["tiny.pcap"]


def test_outputs_are_what_was_asked_for(tiny: Path) -> None:
    assert pyreport("report", tiny, cwd=tiny.parent).status == 0
    assert files(tiny.parent) == ["tiny.pcap", "tiny.report.pdf"]
    assert pyreport("report", tiny, "--json", "x.json", "--html", "x.html", cwd=tiny.parent).status == 0
    assert files(tiny.parent) == ["tiny.pcap", "tiny.report.pdf", "x.html", "x.json"]


# Usage ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("explain",),
        ("report",),
        ("scan", "x.pcap", "--stream", "1"),
        ("report", "x.pcap", "--stream", "two"),
        ("report", "x.pcap", "--stream", "1", "--connection", "10.0.0.1:1->10.0.0.2:2"),
        ("report", "x.pcap", "--log", "x", "--log-file", "x.log"),
        ("report", "x.pcap", "--at", "00:08"),
        ("report", str(ARTICLE), "--log-file", str(ARTICLE.with_name("app.log")), "--at", "noon"),
        ("scan", "x.pcap", "--log-tz", "Mars/Olympus"),
        ("report", "x.pcap", "--tz", "Mars/Olympus"),
        ("report", str(ARTICLE), "--json", "/tmp/same", "--html", "/tmp/same"),
    ],
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    done = pyreport(*arguments)
    assert done.status == 2
    assert "pyreport" in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path("/tmp/same").exists()


@pytest.mark.parametrize("command", [(), ("report",), ("scan",), ("compare",), ("log",), ("demo",)])
def test_help_fits_a_terminal(command: tuple[str, ...]) -> None:
    done = pyreport(*command, "--help", COLUMNS="80")
    assert (done.status, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "exit status: 0 done" in " ".join(done.stdout.split())
    for word in ("--log", "--connection", "--stream", "--json", "--tz") if command == ("report",) else ():
        assert word in done.stdout


def test_version() -> None:
    assert re.fullmatch(r"pyreport \d+\.\d+\.\d+\n", pyreport("--version").stdout)


# Pipes and terminals -------------------------------------------------------------------------------------------------


def test_scan_is_a_table_of_what_has_something_to_say(scan: Scan) -> None:
    words = " ".join(scan.done.stdout.split())
    assert scan.done.stderr == ""
    assert "10.226.11.15:38742" in words
    assert "[peer_closed_idle, likely]" in words
    assert re.search(r"One connection has something to say, of \d+ TCP connections in 1,581 frames\.", words)


def test_scan_of_a_healthy_capture_says_so(tiny: Path) -> None:
    by_client = segment(CLIENT, SERVER, FIN | ACK, 101, 501)
    left = write_pcap(tiny.with_name("left.pcap"), [*closed_connection()[:3], by_client])
    done = pyreport("scan", left)
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout.startswith("Nothing found: 1 TCP connection in 4 frames")


def test_scan_tells_of_an_idle_limit_where_nothing_broke(tmp_path: Path) -> None:
    """What is asked of the capture after the judging is still asked of a reader that runs."""
    wires = []
    for index in range(3):
        wire = Wire(1_700_000_000 * 10**9, f"10.0.0.1:4000{index}", "10.0.0.2:5000").open(20.0 * index)
        wire.ask(20.0 * index + 1.0).fin(20.0 * index + 6.0, WIRE_SERVER).send(20.0 * index + 6.0005, WIRE_CLIENT, ACK)
        wires.append(wire.fin(20.0 * index + 6.001, WIRE_CLIENT).send(20.0 * index + 6.0015, WIRE_SERVER, ACK))
    done = pyreport("scan", save(tmp_path / "limit.pcap", *wires))
    words = " ".join(done.stdout.split())
    assert (done.status, done.stderr) == (0, "")
    assert words.startswith("Nothing found: 3 TCP connections")
    assert "Again and again: 3 connections" in words


@pytest.mark.parametrize("is_said", [True, False])
def test_scan_of_a_log_reads_what_was_said_before_the_close(is_said: bool, tmp_path: Path) -> None:
    wire = Wire(1_700_000_000 * 10**9, "10.0.0.1:40000", "10.0.0.2:6379").open().ask(1.0)
    wire.say(6.0, WIRE_SERVER, b"-ERR max number of clients reached\r\n" if is_said else b"+PONG\r\n")
    wire.fin(6.0001, WIRE_SERVER).fin(6.001, WIRE_CLIENT).send(6.0015, WIRE_SERVER, ACK)
    log = tmp_path / "app.log"
    log.write_text(
        "2023-11-14 22:13:26,002 ERROR 10.0.0.1:40000 -> 10.0.0.2:6379: ConnectionError: Connection closed by server\n"
    )
    done = pyreport("scan", save(tmp_path / "said.pcap", wire), "--log-file", log, "--log-tz", "UTC")
    words = " ".join(done.stdout.split())
    assert (done.status, done.stderr) == (0, "")
    assert "peer_closed" in words
    assert ("max number" in words) is is_said


def test_scan_tells_of_a_server_that_closes_at_once_before_anybody_has_said_anything(tiny: Path) -> None:
    words = " ".join(pyreport("scan", tiny).stdout.split())
    assert "Until then, it had sent and received no data. [peer_closed, " in words


def test_a_reader_that_goes_away_is_no_error(tiny: Path) -> None:
    command = f"{shlex.join([sys.executable, '-m', 'pyreport', 'scan', str(ARTICLE)])} | true"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=REPOSITORY)
    assert (done.returncode, done.stderr) == (0, "")


def on_a_terminal(*arguments: str | Path, words: str, then: Path) -> str:
    """What stderr shows in a pseudo-terminal; makes a file when it shows these words."""
    screen, stderr = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "pyreport", *map(str, arguments)],
        cwd=REPOSITORY, env={**os.environ, "TERM": "xterm"}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=stderr,
    )  # fmt: skip
    os.close(stderr)
    shown = b""
    while True:
        try:
            read = os.read(screen, 4096)
        except OSError:  # Linux: the last one on the other side has closed it
            break
        shown += read
        if words.encode() in shown:
            then.touch()
    os.close(screen)
    assert process.wait() == 0
    return shown.decode()


def test_progress_shows_on_a_terminal_when_it_takes_long(tiny: Path) -> None:
    seen = tiny.parent / "seen"
    wait = f"for _ in $(seq 600); do [ -e {seen} ] && break; sleep 0.1; done"
    patient = write_program(tiny.parent / "patient", f'[ "$1" = -v ] || {{ {wait}; }}\nexec {REAL_TSHARK} "$@"')
    by_tshark = ("--engine", "tshark", "--tshark", patient)
    shown = on_a_terminal("scan", tiny, *by_tshark, words="Reading the capture", then=seen)
    assert "Reading the capture" in shown
    assert "\x1b[2K" in shown


def test_a_pipe_stays_quiet_however_long_it_takes(tiny: Path) -> None:
    slow = write_program(tiny.parent / "slow", f'[ "$1" = -v ] || sleep 2\nexec {REAL_TSHARK} "$@"')
    done = pyreport("scan", tiny, "--tshark", slow, "--engine", "tshark")
    assert (done.status, done.stderr) == (0, "")
    assert not CONTROL & set(done.stdout)


@pytest.mark.parametrize("pass_of", ["-T fields", "-T pdml"], ids=["the bulk pass", "the decisive frames"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_leaves_nothing_behind(tiny: Path, pass_of: str, number: signal.Signals) -> None:
    """No output, no tshark that goes on, no private folder. Ctrl-C reaches tshark, too; the others need not."""
    folder, temporary = tiny.parent, tiny.parent / "temporary"
    temporary.mkdir(mode=0o755)
    # Where nothing broke, no frame is decisive.
    capture = tiny if pass_of == "-T fields" else REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"
    by_tshark = ("--engine", "tshark", "--tshark")
    endless = write_program(
        folder / "endless", f'case "$*" in *"{pass_of}"*) exec sleep 300;; esac\nexec {REAL_TSHARK} "$@"'
    )
    with subprocess.Popen(
        [sys.executable, "-m", "pyreport", "report", capture, "-o", folder / "x.pdf", *by_tshark, endless],
        stderr=subprocess.PIPE, text=True, cwd=REPOSITORY, env={**os.environ, "TMPDIR": str(temporary)},
        preexec_fn=hears_signals, start_new_session=True,
    ) as process:  # fmt: skip
        started: list[int] = []
        while not (endless_ones := [each for each in family(process.pid) if command_of(each) == ["sleep", "300"]]):
            assert process.poll() is None
            started = family(process.pid)[1:]
            time.sleep(0.05)
        (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
        _, stderr = process.communicate()
    assert stderr == "pyreport: stopped; no file is half written.\n"
    assert process.returncode == 128 + number
    assert not any(map(is_running, {*started, *endless_ones}))
    assert list(temporary.iterdir()) == []
    assert files(folder) == ["endless", "temporary", "tiny.pcap"]


def command_of(pid: int) -> list[str]:
    """The command of a process; nothing when it has ended."""
    try:
        return Path("/proc", str(pid), "cmdline").read_text().split("\0")[:-1]
    except (FileNotFoundError, ProcessLookupError):
        return []


def is_running(pid: int) -> bool:
    """Whether there is such a process, and it has not ended (proc_pid_stat(5))."""
    try:
        return Path("/proc", str(pid), "stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False
