"""Last words in the formats of their protocols, and what looks like them."""

from __future__ import annotations

import pytest

from pyreport.application.parting import LONGEST_SAID, Form, Why, parting_in, said
from tests.pyreport.application.test_goaway import NO_ERROR, goaway


def postgresql(code: bytes, text: bytes, severity: bytes = b"FATAL") -> bytes:
    """An ErrorResponse."""
    body = b"S" + severity + b"\0V" + severity + b"\0C" + code + b"\0M" + text + b"\0Fpostgres.c\0L3100\0\0"
    return b"E" + (len(body) + 4).to_bytes(4) + body


def mysql(code: int, text: bytes, state: bytes = b"#HY000") -> bytes:
    """An ERR_Packet."""
    body = b"\xff" + code.to_bytes(2, "little") + state + text
    return len(body).to_bytes(3, "little") + b"\0" + body


def amqp(code: int, text: bytes, method: int = 50) -> bytes:
    """A connection.close."""
    body = b"\0\x0a" + method.to_bytes(2) + code.to_bytes(2) + bytes((len(text),)) + text + bytes(4)
    return b"\x01\0\0" + len(body).to_bytes(4) + body + b"\xce"


def bgp(kind: int, code: int, subcode: int) -> bytes:
    """A message with two octets and no data."""
    return b"\xff" * 16 + (21).to_bytes(2) + bytes((kind, code, subcode))


def http(status: bytes, header: bytes, body: bytes = b"") -> bytes:
    return b"HTTP/1.1 " + status + b"\r\n" + header + b"\r\n\r\n" + body


SAID = [
    (postgresql(b"57P01", b"by command"), 5432, (Form.POSTGRESQL, "57P01", "by command", Why.SHUTDOWN, True)),
    (postgresql(b"57P05", b"idle"), 0, (Form.POSTGRESQL, "57P05", "idle", Why.IDLE, True)),
    (postgresql(b"53300", b"too many", b"FATAL"), 0, (Form.POSTGRESQL, "53300", "too many", Why.FULL, True)),
    (postgresql(b"28P01", b"password", b"FATAL"), 0, (Form.POSTGRESQL, "28P01", "password", Why.OTHER, True)),
    (mysql(4031, b"inactivity"), 3306, (Form.MYSQL, "4031", "inactivity", Why.IDLE, True)),
    (
        mysql(1053, b"Server shutdown in progress"),
        0,
        (Form.MYSQL, "1053", "Server shutdown in progress", Why.SHUTDOWN, True),
    ),
    (mysql(1040, b"Too many connections", b""), 0, (Form.MYSQL, "1040", "Too many connections", Why.FULL, True)),
    (mysql(1064, b"syntax"), 0, (Form.MYSQL, "1064", "syntax", Why.OTHER, False)),
    (amqp(320, b"CONNECTION_FORCED"), 0, (Form.AMQP, "320", "CONNECTION_FORCED", Why.SHUTDOWN, True)),
    (amqp(200, b"Goodbye"), 0, (Form.AMQP, "200", "Goodbye", Why.LEAVE, True)),
    (b"\xe0\x02\x8d\x00", 1883, (Form.MQTT, "0x8D", "Keep Alive timeout", Why.UNHEARD, True)),
    (bgp(3, 4, 0), 179, (Form.BGP, "4/0", "Hold Timer Expired", Why.UNHEARD, True)),
    (bgp(3, 6, 2), 179, (Form.BGP, "6/2", "Cease", Why.SHUTDOWN, True)),
    (
        http(b"408 Request Time-out", b"Server: x", b"late"),
        80,
        (Form.HTTP, "408", "408 Request Time-out", Why.IDLE, True),
    ),
    (http(b"503 Busy", b"Connection: Close"), 80, (Form.HTTP, "503", "503 Busy", Why.OTHER, False)),
    (http(b"200 OK", b"connection: close", b"{}"), 80, (Form.HTTP, "200", "Connection: close", Why.LEAVE, True)),
    (
        b"421 4.4.2 mx Error: timeout exceeded\r\n",
        25,
        (Form.LINE, "", "421 4.4.2 mx Error: timeout exceeded", Why.IDLE, True),
    ),
    (b"421 Too many connections\r\n", 21, (Form.LINE, "", "421 Too many connections", Why.FULL, True)),
    (b"421-first\r\n421 second\r\n", 21, (Form.LINE, "", "421-first", Why.OTHER, True)),
    (
        b"* BYE Autologout; idle for too long\r\n",
        143,
        (Form.LINE, "", "* BYE Autologout; idle for too long", Why.IDLE, True),
    ),
    (b"ERROR :Closing Link: killed\r\n", 6667, (Form.LINE, "", "ERROR :Closing Link: killed", Why.SHUTDOWN, True)),
    (
        b"-ERR max number of clients reached\r\n",
        6379,
        (Form.LINE, "", "-ERR max number of clients reached", Why.FULL, False),
    ),
    (b"Exceeded MaxStartups\r\n", 22, (Form.LINE, "", "Exceeded MaxStartups", Why.FULL, True)),
]


@pytest.mark.parametrize(("payload", "port", "expected"), SAID)
def test_what_is_said(payload: bytes, port: int, expected: tuple[Form, str, str, Why, bool]) -> None:
    found = parting_in(payload, port=port)
    assert found is not None
    assert (found.form, found.code, found.text, found.why, found.announces) == expected


@pytest.mark.parametrize(
    ("payload", "port"),
    [
        (b"", 0),
        (postgresql(b"57P01", b"by command", b"ERROR"), 5432),  # the session goes on
        (postgresql(b"57P01", b"by command")[:-1], 5432),
        (postgresql(b"57P01", b"by command") + b"Z\0\0\0\x05I", 5432),  # ready for the next query
        (postgresql(b"57p01", b"by command"), 5432),
        (mysql(4031, b"inactivity")[:-1], 3306),
        (mysql(4031, b"inactivity\n"), 3306),
        (mysql(999, b"text"), 3306),
        (amqp(320, b"CONNECTION_FORCED", method=51), 5672),
        (amqp(320, b"CONNECTION_FORCED")[:-1], 5672),
        (b"\xe0\x02\x8d\x00", 1884),
        (b"\xe0\x00", 1883),  # a client's
        (b"\xe0\x01\x04", 1883),  # with will message: a client's as well
        (bgp(2, 4, 0), 179),
        (bgp(3, 9, 0), 179),
        (http(b"200 OK", b"Connection: keep-alive"), 80),
        (http(b"503 Busy", b"Retry-After: 3"), 80),
        (b"HTTP/1.1 408 Request Time-out\r\n", 80),  # its head is not whole
        (http(b"200 OK", b"X-Connection: close"), 80),
        (b"421 Too many connections", 21),  # no whole line
        (b"4210 apples\r\n", 21),
        (b"250 421 apples\r\n", 25),
        (b"* OK still here\r\n", 143),
        (b"-2 apples\r\n", 6379),
        (b"Exceeded MaxStartups\r\n", 23),
        (b"SSH-2.0-OpenSSH_9.6\r\n", 22),
        (b"\x15\x03\x03\x00\x02\x01\x00", 5432),  # a TLS alert
        (goaway(), 0),  # where HTTP/2 is not spoken
    ],
)
def test_what_says_nothing(payload: bytes, port: int) -> None:
    assert parting_in(payload, port=port) is None


def test_a_goaway() -> None:
    told = [
        parting_in(payload, is_http2=True)
        for payload in (goaway(), goaway(NO_ERROR, b"max_idle"), goaway(0, b"max_age"))
    ]
    assert [found and (found.text, found.why) for found in told] == [
        ("too_many_pings", Why.OTHER),
        ("max_idle", Why.IDLE),
        ("max_age", Why.LEAVE),
    ]


def test_what_may_be_quoted() -> None:
    assert said(b" plain ") == "plain"
    assert [said(text) for text in (b"\x00\xff", "Zeitüberschreitung".encode(), b"a\x1b[31m")] == ["", "", ""]
    assert (len(said(b"x" * LONGEST_SAID)), said(b"x" * (LONGEST_SAID + 1))) == (LONGEST_SAID, "")
