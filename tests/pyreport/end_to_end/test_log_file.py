"""A whole log: its records, the line nearest to a time, the incidents it tells of, and the commands that read it."""

from __future__ import annotations

import json
import resource
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pyreport.base.claim import claim
from pyreport.base.errors import InputError, UsageError
from pyreport.choice.choose import Wanted, choose
from pyreport.choice.log_at import nearest, parse_at
from pyreport.choice.log_incidents import LogFile, collect, describe, tell_streams
from pyreport.connections.reading import Reading
from pyreport.logs.logfile import Logged, read_errors, tells
from pyreport.logs.model import Errno
from pyreport.logs.records import LONGEST_RECORD, put_together
from pyreport.matching.match import Strength, Zones
from pyreport.matching.matcher import Matcher
from tests.pyreport import cases
from tests.pyreport.cases import CLIENT, SERVER, START_NS, Story, overlooked_close
from tests.pyreport.command import pyreport
from tests.pyreport.conftest import SCENARIOS
from tests.pyreport.json_schema import DEFINITIONS
from tests.pyreport.log_samples import SAMPLES
from tests.support.captures import no_file

ARTICLE = SCENARIOS / "article" / "article.pcap"
APP_LOG = (SCENARIOS / "article" / "app.log").read_text()
WRITE = f"write tcp {CLIENT}->{SERVER}: write: broken pipe"


def records(text: str | bytes) -> list[tuple[int, str]]:
    content = text.encode() if isinstance(text, str) else text
    return [
        (r.line, r.content.decode("utf-8", "replace")) for r in put_together(enumerate(content.splitlines(), 1), tells)
    ]


# Records -------------------------------------------------------------------------------------------------------------

JAVA_TRACE = [
    "2024-05-16 09:14:29,123 ERROR failed",
    "java.io.IOException: outer",
    "\tat a.B.c(B.java:1)",
    "Caused by: java.io.IOException: Broken pipe",
    "\t... 12 more",
]
PYTHON_TRACE = [
    "2024-05-16 09:14:29,123 ERROR failed",
    "Traceback (most recent call last):",
    '  File "a.py", line 3, in f',
    "ConnectionResetError: [Errno 104] Connection reset by peer",
    "",
    "During handling of the above exception, another exception occurred:",
    "",
    "Traceback (most recent call last):",
    '  File "b.py", line 3, in g',
    "redis.exceptions.ConnectionError: Error 104 while writing to socket. Connection reset by peer.",
]
NODE_TRACE = ["Error: read ECONNRESET", "    at TCP.onStreamRead {", "  code: 'ECONNRESET',", "  syscall: 'read'", "}"]


@pytest.mark.parametrize("trace", [JAVA_TRACE, PYTHON_TRACE, NODE_TRACE], ids=["java", "python", "node"])
@pytest.mark.parametrize("prefix", ["", "2024-05-16T09:14:29.123456789Z stderr F ", "app-1  | 2024-05-16T09:14:29Z "])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_stack_trace_is_one_record(trace: list[str], prefix: str, newline: str) -> None:
    lines = ["2024-05-16 09:14:28,000 INFO before", *trace, "2024-05-16 09:14:30,000 INFO after"]
    if trace is NODE_TRACE:
        lines = lines[1:]  # nothing before it: it would be taken for the end of that record
    found = records("".join(f"{prefix}{line}{newline}" for line in lines))
    assert "\n".join(f"{prefix}{line}" for line in trace) in [text for _, text in found]
    assert found[-1] == (len(lines), f"{prefix}{lines[-1]}")


def test_exceptions_without_times_are_records_of_their_own() -> None:
    assert [n for n, _ in records("ConnectionResetError: a\nBrokenPipeError: b\nTimeoutError: c\n")] == [1, 2, 3]


def test_an_endless_trace_is_cut() -> None:
    first, last = records("one\n" + "\tat a.b.c\n" * LONGEST_RECORD + "two\n")
    assert len(first[1]) < 2 * LONGEST_RECORD
    assert last == (LONGEST_RECORD + 2, "two")


# The errors of a file ------------------------------------------------------------------------------------------------


def log_of(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "app.log"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_every_sample_is_found_in_a_file(tmp_path: Path) -> None:
    """No format is lost by the quick look that most lines of a log get."""
    lines: list[str] = []
    for sample in SAMPLES:
        lines += ["2024-05-16 09:14:28 INFO all is well", *sample.line.splitlines(), "2024-05-16 09:14:28 INFO on"]
    found = list(read_errors(log_of(tmp_path, *lines)))
    assert [logged.error.errno for logged in found] == [sample.errno for sample in SAMPLES]


def test_any_file_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "core"
    path.write_bytes(bytes(range(256)) * 400 + b"\n" + f"2022-09-30 00:08:53 {WRITE}\xff\x00\r\n".encode("latin-1"))
    (found,) = read_errors(path)
    assert str(found.error.remote) == SERVER


def test_connections_that_ended_in_order_are_no_errors(tmp_path: Path) -> None:
    line = "haproxy[1]: 10.0.0.1:4 [06/Feb/2009:12:12:51.443] fnt bck/srv1 0/0/5007 212 {} 0/0/0/0/3 0/0"
    found = list(read_errors(log_of(tmp_path, line.format("--"), line.format("sD"))))
    assert [logged.line for logged in found] == [2]


@pytest.mark.slow
def test_a_large_file_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "large.log"
    with path.open("w") as file:
        for _ in range(200):
            file.write("2024-05-16 09:14:28 INFO GET /health 200\n" * 2500)  # 100 kB
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert list(read_errors(path)) == []
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * 1024  # kB, of a file of 20 MB


# --at ----------------------------------------------------------------------------------------------------------------


def errors(tmp_path: Path, *stamps: str) -> list[Logged]:
    return list(read_errors(log_of(tmp_path, *(f"{stamp} {WRITE}" for stamp in stamps))))


@pytest.mark.parametrize(
    ("at", "line"),
    [
        ("2022-09-30 00:08:53", 2),
        ("2022-09-30 00:08:54.100", 3),
        ("2022-09-30 00:10", 3),
        ("00:08:53", 2),
        ("00:00", 1),
        ("2022-09-29T23:59:58", 1),
        ("23:59:00", 1),
    ],
)
def test_the_nearest_line_as_it_is_written(tmp_path: Path, at: str, line: int) -> None:
    found = errors(tmp_path, "2022-09-30 00:00:01", "2022-09-30 00:08:53.470", "2022-09-30 00:08:54.400")
    assert nearest(found, parse_at(at), Zones(), START_NS).line == line


def test_lines_of_several_zones_are_told_apart_by_them(tmp_path: Path) -> None:
    """librdkafka counts in UTC; asked for in the zone of --tz, or with a zone of its own."""
    path = log_of(
        tmp_path,
        "%3|1664467733.470|FAIL|rdkafka#c| [thrd:a:9092/1]: a:9092/1: Disconnected (after 3ms in state UP)",
        f"2022-09-30 00:20:00 {WRITE}",
    )
    found, shanghai = list(read_errors(path)), Zones(show=ZoneInfo("Asia/Shanghai"))
    assert nearest(found, parse_at("2022-09-30 00:08:53"), shanghai, START_NS).line == 1
    assert nearest(found, parse_at("2022-09-29T16:20:10Z"), shanghai, START_NS).line == 2


def test_a_time_that_no_line_is_near_to(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"within 10 min 00 s of that time; the nearest is 51 min 07 s away, in line 1"
    ):
        nearest(errors(tmp_path, "2022-09-30 00:08:53"), parse_at("01:00"), Zones(), START_NS)
    with pytest.raises(InputError, match="both an error of a connection and a time"):
        nearest(errors(tmp_path, ""), parse_at("01:00"), Zones(), START_NS)
    with pytest.raises(UsageError, match="'noon' is no time"):
        parse_at("noon")


def test_stamps_without_a_year_are_compared_by_day_and_clock(tmp_path: Path) -> None:
    found = errors(tmp_path, "Sep 30 00:08:53 host app:", "Sep 30 01:08:53 host app:")
    assert nearest(found, parse_at("2022-09-30 01:08:50"), Zones(), START_NS).line == 2


# Incidents -----------------------------------------------------------------------------------------------------------

SECOND, THIRD = "10.0.0.1:40001", "10.0.0.1:40002"


def closed_again(client: str, stream: int, later: float, server: str = SERVER) -> Story:
    """The same incident on another connection, some seconds later."""
    story = Story(client, server, stream).handshake(later).data(later + 1.0, server)
    story.fin(later + 61.0, server, later + 1.0)
    story.write_after_fin(later + 62.0, client, later + 61.0)
    return story.reset_after_fin(later + 62.1, server, later + 62.0, "write", later + 61.0)


def reading_of(*stories: Story) -> Reading:
    return Reading(no_file("x.pcap"), *cases.reading_of(*stories))


def collected(tmp_path: Path, *lines: str) -> tuple[LogFile, Reading, Path]:
    was_reset = Story(THIRD, "10.0.8.8:6379", 2).handshake(0.2).data(1.2, THIRD).reset(50.0, "10.0.8.8:6379")
    again = closed_again(SECOND, 1, 0.5), closed_again("10.0.0.1:40003", 3, 0.7, "10.0.7.7:9092")
    reading = reading_of(overlooked_close(), was_reset, *again)
    path = log_of(tmp_path, *lines)
    return collect(read_errors(path), Matcher(reading.index, reading.span, Zones()), reading), reading, path


def logged(client: str, clock: str = "16:01:53", server: str = SERVER, error: str = "write: broken pipe") -> str:
    return f"2022-09-29 {clock} write tcp {client}->{server}: {error}"


LINES = (
    logged(THIRD, "16:00:50", "10.0.8.8:6379", "read: connection reset by peer"),
    logged(SECOND, "16:01:54"),
    logged(CLIENT),
    logged(CLIENT, "16:01:55"),
    logged(CLIENT, "16:01:53", "10.0.9.9:1"),
    "2022-09-29 16:02:00 BrokenPipeError: [Errno 32] Broken pipe",
    f"2022-10-29 16:02:00 {WRITE}",
    "2022-09-29 16:02:00 INFO fine",
)


def test_incidents_that_share_their_cause_are_one_group(tmp_path: Path) -> None:
    found, _, _ = collected(tmp_path, *LINES)
    assert (found.inside, found.outside, found.beyond) == (6, 1, 0)
    assert [(group.streams, group.lines) for group in found.groups] == [([1, 0], 3), ([2], 1), ([], 1), ([], 1)]
    told = describe(found.groups[0])
    assert (told.id, told.values["lines"], told.values["streams"]) == ("log-group-found", 3, tell_streams([1, 0], 5))
    assert told.values["ends"] == claim("log-names-both-ends", local=SECOND, remote=SERVER)
    others = {claim.id: claim.values for claim in map(describe, found.groups[2:])}
    assert set(others) == {"log-group-ambiguous", "log-group-unmatched"}
    assert others["log-group-ambiguous"]["rivals"] == 3


def test_the_report_is_about_the_worst_and_names_the_others(tmp_path: Path) -> None:
    _, reading, path = collected(tmp_path, *LINES)
    choice = choose(reading, Wanted(log_file=path))
    assert choice.selection.connection.stream == 1
    assert choice.notes[:2] == (
        claim("log-file-read", file="app.log", errors=6, line=2),
        claim("log-file-same-cause", count=1, streams=tell_streams([0], 3)),
    )
    assert choice.notes[2].values["error"] == "read: connection reset by peer"
    assert choice.notes[-1] == claim("log-file-all")
    assert choose(reading, Wanted(log_file=path, stream=2)).selection.connection.stream == 2
    at = choose(reading, Wanted(log_file=path, at=parse_at("16:00:51")))
    assert at.selection.connection.stream == 2
    assert at.notes == (claim("log-line-at", line=1, file="app.log"),)


def test_many_streams_are_cut() -> None:
    assert tell_streams([4, 2, 7, 1], 3) == claim("log-streams", count=4, streams=(4, 2, 7), more=1)


@pytest.mark.parametrize(
    ("lines", "stream", "said"),
    [
        (("fine",), None, "app.log holds no error of a connection that can be understood"),
        ((f"2022-10-29 16:02:00 {WRITE}",), None, "app.log has one error of connections, but none of this capture's"),
        (("2022-09-29 16:02:00 BrokenPipeError: [Errno 32] Broken pipe",), None, "fits 3 connections"),
        ((logged(CLIENT, server="10.0.9.9:1"),), None, "is not in this capture"),
        (LINES, 3, "No error in app.log belongs to TCP stream 3"),
    ],
)
def test_a_log_that_names_no_connection_is_refused(
    tmp_path: Path, lines: tuple[str, ...], stream: int | None, said: str
) -> None:
    _, reading, path = collected(tmp_path, *lines)
    with pytest.raises(InputError, match=said):
        choose(reading, Wanted(log_file=path, stream=stream))


# The commands --------------------------------------------------------------------------------------------------------


def test_the_report_of_a_log_file(tmp_path: Path) -> None:
    path = log_of(tmp_path, APP_LOG, "2022-09-30 00:08:54 dial tcp 10.9.9.9:1234: connect: connection refused")
    done = pyreport("report", ARTICLE, "--log-file", path, "--json", tmp_path / "x.json", "--html", tmp_path / "x.html")
    assert done.status == 0, done.stderr
    assert "The log app.log has two errors of this capture's time. This report is about line 6." in done.stderr
    assert "“connect: connection refused” once (to 10.9.9.9:1234): no connection fits." in done.stderr
    log = json.loads((tmp_path / "x.json").read_text())["connections"][0]["log"]
    assert (log["format"], log["errno"], log["match"]) == ("Go net.OpError in Sarama", "EPIPE", "exact")
    assert (log["local"], log["time_ns"]) == ({"host": "10.226.11.15", "port": 38742}, 1_664_467_733_470_000_000)
    page = (tmp_path / "x.html").read_text()
    assert "Go net.OpError in Sarama: write, EPIPE" in page
    assert "Matched with the connection by: both ends" in page


def test_the_report_of_a_line_behind_address_translation(tmp_path: Path) -> None:
    line = "2022-09-30 00:08:53.470 write tcp 172.17.0.3:38742->10.226.5.4:9092: write: broken pipe"
    done = pyreport("report", ARTICLE, "--log", line, "--json", tmp_path / "x.json", "--log-tz", "Asia/Shanghai")
    assert done.status == 0, done.stderr
    assert "matched by the remote end and the local port, not by both ends" in done.stderr
    connection = json.loads((tmp_path / "x.json").read_text())["connections"][0]
    assert (connection["stream"], connection["log"]["match"]) == (15, "local_port")


def test_an_ambiguous_line_is_answered_with_the_candidates(tmp_path: Path) -> None:
    line = "2022-09-30 00:08:53.470 read tcp 172.17.0.3:5->10.226.5.4:9092: i/o timeout"
    done = pyreport("report", ARTICLE, "--log", line, cwd=tmp_path)
    assert done.status == 1
    assert done.is_one_sentence
    assert "equally well" in done.stderr
    assert "--stream beside --log" in done.stderr
    assert list(tmp_path.iterdir()) == []
    named = pyreport("report", ARTICLE, "--log", line, "--stream", "15", "--json", tmp_path / "x.json")
    assert named.status == 0, named.stderr
    log = json.loads((tmp_path / "x.json").read_text())["connections"][0]["log"]
    assert (log["match"], log["errno"]) == ("named", "i/o timeout")


def test_the_scan_of_a_log_file(tmp_path: Path) -> None:
    path = log_of(tmp_path, APP_LOG, "2022-09-30 00:08:54 dial tcp 10.9.9.9:1234: connect: connection refused")
    done = pyreport("scan", ARTICLE, "--log-file", path, "--json", tmp_path / "x.json", COLUMNS="160")
    assert (done.status, done.stderr) == (0, "")
    words = " ".join(done.stdout.split())
    assert "match: both ends]" in words
    assert "fits no connection of this capture" in words
    assert "Two errors in the log are of this capture's time" in words
    connections = json.loads((tmp_path / "x.json").read_text())["connections"]
    assert [c["stream"] for c in connections if c["log"] is not None] == [15]


def test_the_schema_has_the_vocabularies_of_the_log() -> None:
    assert set(DEFINITIONS["Errno"]["enum"]) == set(Errno)
    assert set(DEFINITIONS["Strength"]["enum"]) == set(Strength)


@pytest.mark.parametrize("command", ["report", "scan"])
@pytest.mark.parametrize(("name", "said"), [("lost.log", "There is no file"), (".", "is a folder")])
def test_a_log_that_cannot_be_read_is_told_at_once(tmp_path: Path, command: str, name: str, said: str) -> None:
    done = pyreport(command, ARTICLE, "--log-file", tmp_path / name, cwd=tmp_path, PYREPORT_TSHARK="/nowhere/tshark")
    assert (done.status, done.is_one_sentence) == (1, True)
    assert said in done.stderr
