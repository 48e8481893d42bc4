"""The tables of wordings: each row's lines are read as it says, and everyday lines are no errors."""

from __future__ import annotations

import pytest

from pyreport.logs.model import Errno, PeerReason
from pyreport.logs.registry import tells_of_error, understand
from pyreport.logs.wording import Wording, find, tells_surely, trouble, wordings

ROWS = [row for row in wordings() if row.errno is not None]
LINES = [(line, row) for row in ROWS for line in row.lines]


@pytest.mark.parametrize(("line", "row"), LINES, ids=[f"{row.errno}-{line[:40]}" for line, row in LINES])
def test_a_rows_line_tells_its_error(line: str, row: Wording) -> None:
    log = understand(line)
    assert log is not None
    assert log.errno is row.errno
    if row.operation:
        assert log.operation == row.operation


def test_every_row_that_tells_an_error_has_a_line() -> None:
    assert [row.words for row in ROWS if not row.lines] == []


def test_every_line_has_a_word_that_the_whole_file_is_searched_for() -> None:
    assert all(any(hit.wording.errno is not None for hit in find(line)) for line, _ in LINES)
    assert len(trouble()) > 500


EVERYDAY = [
    "INFO server closed for maintenance at 10:15",
    "2024-05-16 09:14:29,123 INFO  [main] HikariPool-1 - Added connection conn1: url=jdbc:h2:mem user=SA",
    "INFO [Consumer clientId=c-1] Resetting offset for partition t-0 to position 12 at kafka-1:9092",
    "INFO Closing idle connection to 10.0.0.5:9092",
    "1700000000: Client sensor-7 disconnected.",
    "10.0.0.5:6379 connected (idle timeout is 300)",
    'GET /reset-password HTTP/1.1" 200 12 "https://a.example:443/login" closed',
    "WARN slow query took 30.1 s",
    "pool.read.timeout = 5000",
    "INFO o.a.k.clients.NetworkClient reconnected to node kafka-1:9092",
    "debug: connection closed",
    "INFO 0 errors so far, connection closed",
    'level=info msg="connection closed" errors=0',
    '{"level":"info","msg":"connection closed, no error","remote":"10.0.0.5:80"}',
    "sshd[12]: Disconnected from user bob 10.0.0.5 port 40000",
    "sshd[12]: Received disconnect from 10.0.0.5 port 40000:11: disconnected by user",
    "Connection timeout is set to 5000 ms",
    "info: session 12 closed for user bob",
    (
        "May 17 22:01:07 lb haproxy[2]: 10.0.0.5:29916 [17/May/2022:22:01:07.806] http http/s1 0/0/0/0/0 304 160 - - "
        '---- 2/1/0/0/0 0/0 "GET / HTTP/1.1"'
    ),
    (
        "lb haproxy[2]: 10.0.0.5:29916 [17/May/2022:22:01:07.806] http http/<NOSRV> 0/-1/-1/-1/0 301 160 - - LR-- "
        '2/1/0/0/0 0/0 "GET / HTTP/1.1"'
    ),
    '[2024-05-16T09:14:29.123Z] "GET /x HTTP/1.1" 200 - via_upstream - "-" 0 95 3 - "-" "curl" "1b" "a" "10.0.0.5:80"',
    '10.0.0.6 - - [17/Apr/2023:20:24:55 +0000] "POST /api HTTP/1.1" 502 150 "-" "axios/0.23" 10.0.0.5:8080',
    "INFO Password reset by peer review for user bob",
    "2024-05-16 09:14:29 UTC [9954] bob@db ERROR:  canceling statement due to statement timeout",
    "[1576939.453001] nfs: server 10.0.0.36 OK",
    "2016-12-29 10:37:21,727 - INFO  [NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181] - Closed socket connection for client",
    "INFO conn closed",
    "{:error, :enoent}",
    "** (Mint.HTTPError) %Mint.TransportError{reason: :nxdomain}",
    "INFO read 421 Timeouts of the configuration",
    "INFO keep-alive is on",
    "DEBUG connection pool: 4 conns closed",
    '{"haproxy_timestamp":"29/May/2022:17:43:23 +0000","client_ip":"10.0.0.8","termination_state":"--"}',
]


@pytest.mark.parametrize("line", EVERYDAY)
def test_an_everyday_line_is_no_error(line: str) -> None:
    assert understand(line) is None


def test_the_quick_answer_is_that_of_the_whole_reading() -> None:
    lines = [line for row in wordings() for line in row.lines]
    lines += [f"2024-05-16 09:14:29 INFO {line}" for line in lines] + [f"{line}, errno 104" for line in lines]
    wrong = [line for line in lines if tells_of_error(line) is not (understand(line) is not None)]
    assert wrong == []
    assert len(lines) > 900
    surely = sum(map(tells_surely, lines))
    assert len(lines) / 2 < surely < len(lines)  # both ways are taken


@pytest.mark.parametrize(
    ("text", "errno"),
    [
        ("request failed: 0x80072746", Errno.ECONNRESET),
        ("Network error code 0x2746 occurred while establishing a connection", Errno.ECONNRESET),
        ("Die Verbindung brach ab. (10053)", Errno.ECONNABORTED),
        ("mount failed w/return code = -110", Errno.ETIMEDOUT),
        ('"recv".  Protocol specific error code(s): "104", "*", "0"', Errno.ECONNRESET),
        ("SOCKET=RECV RETURN CODE=1121 REASON CODE=77B17343", Errno.ECONNRESET),
    ],
)
def test_a_number_is_an_errno(text: str, errno: Errno) -> None:
    log = understand(text)
    assert log is not None
    assert log.errno is errno


@pytest.mark.parametrize(
    "text",
    [
        "offset 0x2746 of the table",
        "[Amazon][JDBC](10060) opened",
        "return code = 110",
        "chapter 12 (104) read",
        "the mount failed w/return code = -0110",
        "rc=-2",
    ],
)
def test_a_number_is_none(text: str) -> None:
    assert understand(text) is None


@pytest.mark.parametrize(
    ("line", "by_server", "by_client"),
    [
        ("[http-nio-8080-exec-3] java.io.IOException: Connection reset by peer", True, False),
        ("[http-nio-8080-exec-3] org.elasticsearch.client.RestClient: java.io.IOException: Connection reset by peer",
         False, False),
        ("org.elasticsearch.client.RestClient: java.io.IOException: Connection reset by peer", False, True),
        ("org.apache.zookeeper.ClientCnxn: Client session timed out, have not heard from server in 67ms", False, True),
        ("java.io.IOException: Connection reset by peer", False, False),
    ],
)  # fmt: skip
def test_whose_line_it_is(line: str, by_server: bool, by_client: bool) -> None:
    """A client that runs in a server's thread says both, which tells neither."""
    log = understand(line)
    assert log is not None
    assert (log.by_server, log.by_client) == (by_server, by_client)


@pytest.mark.parametrize(
    ("line", "errno", "operation", "product"),
    [
        # The words of one product that another one's stand in.
        ("okhttp3.internal.http2.ConnectionShutdownException", Errno.DISCONNECTED, "", "OkHttp"),
        ("psycopg.OperationalError: the connection is closed", Errno.DISCONNECTED, "", "PostgreSQL"),
        ("Error: Connection is closed.", Errno.DISCONNECTED, "", "Redis"),
        (
            "MySql.Data.MySqlClient.MySqlException: Reading from the stream has failed.",
            Errno.DISCONNECTED,
            "read",
            "MySQL",
        ),
        ("System.Data.SqlClient.SqlException: Connection reset by peer", Errno.ECONNRESET, "", "SQL Server"),
        # hyper's own timer, which says what the system says of a peer that is gone, and the system's.
        ("http2 error: keep-alive timed out: operation timed out", Errno.DEADLINE, "", ""),
        ("tcp error: operation timed out", Errno.ETIMEDOUT, "", ""),
        # Only an opening is refused, whatever was to be sent.
        (
            "error sending request for url (http://a.example/): Connection refused (os error 111)",
            Errno.ECONNREFUSED,
            "connect",
            "Rust",
        ),
        (
            "error sending request for url (http://a.example/): Connection reset by peer (os error 104)",
            Errno.ECONNRESET,
            "write",
            "Rust",
        ),
        # A stream of HTTP/2 is no connection.
        ("HTTP/2 stream 1 was not closed cleanly: ENHANCE_YOUR_CALM (err 11)", Errno.DISCONNECTED, "", "curl"),
        ("http2 error: stream error received: unspecific protocol error detected", Errno.OTHER, "", ""),
        ("http2 error: connection error received: unspecific protocol error detected", Errno.EOF, "read", ""),
    ],
)
def test_words_that_several_say(line: str, errno: Errno, operation: str, product: str) -> None:
    log = understand(line)
    assert log is not None
    assert (log.errno, log.operation, log.product) == (errno, operation, product)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('GoAway(b"too_many_pings", ENHANCE_YOUR_CALM, Remote)', PeerReason.TOO_MANY_PINGS),
        ("Client received GoAway with http2.ErrCodeEnhanceYourCalm.", PeerReason.TOO_MANY_PINGS),
        ('GoAway(b"max_age", NO_ERROR, Remote)', None),
        ("Stream closed with error code NGHTTP2_ENHANCE_YOUR_CALM, connection reset by peer", None),
    ],
)
def test_the_reason_that_a_line_gives(line: str, reason: PeerReason | None) -> None:
    log = understand(line)
    assert log is not None
    assert log.reason is reason
