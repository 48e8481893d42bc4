"""A GOAWAY at the end of a payload, and what is none."""

from __future__ import annotations

import pytest

from pyreport.application.goaway import goaway_in

CALM, NO_ERROR, GOAWAY, PING, DATA = 11, 0, 7, 6, 0


def http2(kind: int, body: bytes, stream: int = 0, flags: int = 0) -> bytes:
    """A frame (RFC 9113 section 4.1)."""
    return len(body).to_bytes(3) + bytes((kind, flags)) + stream.to_bytes(4) + body


def goaway(error: int = CALM, said: bytes = b"too_many_pings") -> bytes:
    return http2(GOAWAY, (2**31 - 1).to_bytes(4) + error.to_bytes(4) + said)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (goaway(), ("ENHANCE_YOUR_CALM", b"too_many_pings")),
        (goaway(NO_ERROR, b""), ("NO_ERROR", b"")),
        (goaway(NO_ERROR, b"max_age"), ("NO_ERROR", b"max_age")),
        (http2(PING, bytes(8), flags=1) + goaway(), ("ENHANCE_YOUR_CALM", b"too_many_pings")),
        (b"the rest of a longer frame" + goaway(), ("ENHANCE_YOUR_CALM", b"too_many_pings")),
        (goaway() + http2(PING, bytes(8)), ("ENHANCE_YOUR_CALM", b"too_many_pings")),
        (goaway(NO_ERROR, b"\x00\xff"), ("NO_ERROR", b"\x00\xff")),
    ],
)
def test_a_goaway_is_found_at_the_end_of_a_payload(payload: bytes, expected: tuple[str, bytes]) -> None:
    assert goaway_in(payload) == expected


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        http2(PING, bytes(8)),
        goaway()[:-1],  # cut
        goaway() + b"x",
        goaway(14, b""),  # no error of RFC 9113
        http2(GOAWAY, bytes(8), stream=1),
        http2(GOAWAY, bytes(7)),
        http2(DATA, goaway(), stream=1)[:-2],
        b"HTTP/1.1 200 OK\r\n\r\ntoo_many_pings",
    ],
)
def test_what_is_none(payload: bytes) -> None:
    assert goaway_in(payload) is None
