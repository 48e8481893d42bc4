"""What an end says before it closes, by HTTP/2 in plain text, and what is not taken for that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.application.goaway import Goaway, farewells_of, goaway_in
from pyreport.base.endpoint import Endpoint
from pyreport.capture.file import open_capture
from pyreport.capture.packet_details import decode_frames
from pyreport.capture.tshark import Tshark, open_tshark
from pyreport.connections.ending import ending_of
from pyreport.connections.reading import read_capture
from pyreport.connections.roles import assign_roles
from tests.pyreport.command import pyreport
from tests.pyreport.talk import CLIENT, SERVER, Talk
from tests.support.programs import public_folder

CALM, NO_ERROR, GOAWAY, PING, DATA = 11, 0, 7, 6, 0


def http2(kind: int, body: bytes, stream: int = 0, flags: int = 0) -> bytes:
    """A frame (RFC 9113 section 4.1)."""
    return len(body).to_bytes(3) + bytes((kind, flags)) + stream.to_bytes(4) + body


def goaway(error: int = CALM, said: bytes = b"too_many_pings") -> bytes:
    return http2(GOAWAY, (2**31 - 1).to_bytes(4) + error.to_bytes(4) + said)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (goaway(), ("ENHANCE_YOUR_CALM", "too_many_pings")),
        (goaway(NO_ERROR, b""), ("NO_ERROR", "")),
        (goaway(NO_ERROR, b"max_age"), ("NO_ERROR", "max_age")),
        (http2(PING, bytes(8), flags=1) + goaway(), ("ENHANCE_YOUR_CALM", "too_many_pings")),
        (b"the rest of a longer frame" + goaway(), ("ENHANCE_YOUR_CALM", "too_many_pings")),
        (goaway() + http2(PING, bytes(8)), ("ENHANCE_YOUR_CALM", "too_many_pings")),
        (goaway(NO_ERROR, b"\x00\xff"), ("NO_ERROR", "")),
        (goaway(NO_ERROR, b"x" * 101), ("NO_ERROR", "")),
    ],
)
def test_a_goaway_is_found_at_the_end_of_a_payload(payload: bytes, expected: tuple[str, str]) -> None:
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


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


@pytest.fixture(scope="module")
def tshark() -> Iterator[Tshark]:
    with open_tshark() as opened:
        yield opened


def found(tshark: Tshark, capture: Path) -> Goaway | None:
    reading = read_capture(tshark, open_capture(str(capture)))
    connection = reading.index.connections[0]
    close = ending_of(connection).first
    farewells = None if close is None else farewells_of(connection, assign_roles(connection), close.frame)
    if farewells is None:
        return None
    decode_frames(tshark, reading.excerpt(connection), [], others=[farewells.other])
    return farewells.goaway()


def pinging(port: int = 50051, error: int = CALM, said: bytes = b"too_many_pings") -> Talk:
    talk = Talk(port).say(CLIENT, http2(PING, bytes(8))).say(SERVER, http2(PING, bytes(8), flags=1))
    return talk.say(CLIENT, http2(PING, bytes(8)), after_ms=1000).say(SERVER, goaway(error, said))


def test_who_said_it_and_where(tshark: Tshark, folder: Path) -> None:
    told = found(tshark, pinging().fin(SERVER).write(folder))
    assert told == Goaway(7, Endpoint("10.0.9.9:50051"), "ENHANCE_YOUR_CALM", "too_many_pings")
    assert told.is_of_pings


def test_it_is_the_last_word_before_the_close(tshark: Tshark, folder: Path) -> None:
    assert found(tshark, pinging().write(folder)) is None  # nobody closed
    later = pinging().say(SERVER, http2(PING, bytes(8), flags=1)).fin(SERVER)
    assert found(tshark, later.write(folder)) is None
    assert found(tshark, pinging(port=443).fin(SERVER).write(folder)) is None  # what is there is encrypted


@pytest.mark.parametrize(("said", "is_of_pings"), [(b"too_many_pings", True), (b"max_age", False)])
def test_the_report_tells_it(said: bytes, is_of_pings: bool, folder: Path) -> None:
    capture = pinging(error=CALM if is_of_pings else NO_ERROR, said=said).fin(SERVER).write(folder)
    done = pyreport("report", capture, "--json", folder / "told.json")
    assert done.status == 0, done.stderr
    (told,) = json.loads((folder / "told.json").read_text())["connections"]
    claims = [claim["id"] for claim in told["verdict"]["claims"]]
    assert "goaway" in claims
    assert ("goaway-too-many-pings" in claims, "goaway-said" in claims) == (is_of_pings, not is_of_pings)
    assert (told["verdict"]["kind"] == "healthy") is not is_of_pings
    assert ("ping_less_often" in [row["id"] for row in told["what_to_do"]["advice"]]) is is_of_pings
