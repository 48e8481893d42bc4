"""What a record quotes is not the program's own word: requests, referrers, lists of errors."""

from __future__ import annotations

import pytest

from pyreport.logs.model import Errno
from pyreport.logs.quoted import without_quoted
from pyreport.logs.registry import understand


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            '10.0.0.6 - - "GET /wiki/Broken_pipe HTTP/1.1" 200 51 "http://a/ECONNRESET" "EPIPE/1" 7',
            '10.0.0.6 - - "-" 200 51 7',
        ),
        ('x, referer: https://10.0.0.9:8080/a', 'x, "-"'),
        ("retryOn=[java.net.SocketTimeoutException, java.io.IOException]", "retryOn=-"),
        ("retry_on: ['ECONNRESET', 'EPIPE']", "retry_on: -"),
        ("on (Errno::EPIPE | EOFError) again", "on - again"),
        ("Added handler for ConnectionResetError", "Added -"),
    ],
)  # fmt: skip
def test_is_left_out(text: str, left: str) -> None:
    assert without_quoted(text) == left
    assert understand(text) is None


@pytest.mark.parametrize(
    ("text", "errno"),
    [
        ("('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))", Errno.ECONNRESET),
        ("AggregateError [ECONNREFUSED]: ", Errno.ECONNREFUSED),
        ("Error: aborted { code: 'ECONNRESET', errno: -104 }", Errno.ECONNRESET),
        ('error: [{"port":5432},"ECONNRESET","read"]', Errno.ECONNRESET),
        ('"GET /x HTTP/1.1" failed: broken pipe', Errno.EPIPE),
    ],
)
def test_looks_alike_and_is_kept(text: str, errno: Errno) -> None:
    log = understand(text)
    assert log is not None
    assert log.errno is errno
