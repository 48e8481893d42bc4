"""What an end says before it closes, in plain text, and what is not taken for that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.application.farewells import Said, farewells_of
from pyreport.application.parting import Form, Parting, Why
from pyreport.base.endpoint import Endpoint
from pyreport.capture.file import open_capture
from pyreport.capture.packet_details import decode_frames
from pyreport.capture.tshark import Tshark, open_tshark
from pyreport.connections.ending import ending_of
from pyreport.connections.reading import read_capture
from pyreport.connections.roles import assign_roles
from tests.pyreport.application.test_goaway import CALM, NO_ERROR, PING, goaway, http2
from tests.pyreport.application.test_parting import mysql, postgresql
from tests.pyreport.command import pyreport
from tests.pyreport.talk import CLIENT, SERVER, Talk
from tests.support.programs import public_folder


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


@pytest.fixture(scope="module")
def tshark() -> Iterator[Tshark]:
    with open_tshark() as opened:
        yield opened


def found(tshark: Tshark, capture: Path) -> Said | None:
    reading = read_capture(tshark, open_capture(str(capture)))
    connection = reading.index.connections[0]
    close = ending_of(connection).first
    farewells = None if close is None else farewells_of(connection, assign_roles(connection), close.frame)
    if farewells is None:
        return None
    decode_frames(tshark, reading.excerpt(connection), [], others=[farewells.other])
    return farewells.told().said


def pinging(port: int = 50051, error: int = CALM, said: bytes = b"too_many_pings") -> Talk:
    talk = Talk(port).say(CLIENT, http2(PING, bytes(8))).say(SERVER, http2(PING, bytes(8), flags=1))
    return talk.say(CLIENT, http2(PING, bytes(8)), after_ms=1000).say(SERVER, goaway(error, said))


def test_who_said_it_and_where(tshark: Tshark, folder: Path) -> None:
    told = found(tshark, pinging().fin(SERVER).write(folder))
    assert told == Said(
        7, Endpoint("10.0.9.9:50051"), Parting(Form.HTTP2, "ENHANCE_YOUR_CALM", "too_many_pings", Why.OTHER)
    )
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


ADMIN = postgresql(b"57P01", b"terminating connection due to administrator command")
IDLE = postgresql(b"57P05", b"terminating connection due to idle-session timeout")
SYNTAX = mysql(1064, b"You have an error in your SQL syntax")


def asked(port: int) -> Talk:
    """A client that has asked twice, and had its replies."""
    talk = Talk(port)
    for _ in range(2):
        talk.say(CLIENT, b"Q" * 60, after_ms=20).say(SERVER, b"T" * 300)
    return talk.send(CLIENT, 0x10)


def told_of(capture: Path, folder: Path) -> tuple[str, list[str], dict[str, str], list[str]]:
    """The verdict's kind, its claims, how each explanation stands, and the advice."""
    done = pyreport("report", capture, "--json", folder / "told.json")
    assert done.status == 0, done.stderr
    (told,) = json.loads((folder / "told.json").read_text())["connections"]
    claims = [claim["id"] for claim in told["verdict"]["claims"]]
    status = {row["id"]: row["status"] for row in told["explanations"]}
    return told["verdict"]["kind"], claims, status, [row["id"] for row in told["what_to_do"]["advice"]]


def test_what_a_server_says_decides_whether_a_limit_ran_out(folder: Path) -> None:
    """https://github.com/npgsql/npgsql/issues/5073: a restart ends idle connections, one of them after a round time.
    https://github.com/dotnetcore/FreeSql/issues/2049: the idle limit does, after the same time.
    """
    kinds = []
    for words in (ADMIN, IDLE):
        talk = asked(5432).say(SERVER, words, after_ms=30_000).fin(SERVER)
        talk.say(CLIENT, b"Q" * 60, after_ms=40_000).send(SERVER, 0x04)
        kind, claims, status, advice = told_of(talk.write(folder), folder)
        assert claims[1:3] == ["last-words", "last-words-mean"]
        assert ("idle_below_the_peer" in advice) is (words is IDLE)
        kinds.append((kind, status["peer_idle_close"], status["peer_restart"]))
    assert kinds[0] == ("peer_closed", "no evidence", "possible")
    assert kinds[1][:2] == ("peer_closed_idle", "supported")
    assert kinds[1][2] != "possible"


def test_a_close_that_was_forced_is_not_healthy(folder: Path) -> None:
    """https://github.com/eandersson/amqpstorm/issues/35: the broker forces the close, and the client agrees."""
    text = b"CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'"
    body = b"\0\x0a\0\x32\x01\x40" + bytes((len(text),)) + text + bytes(4)
    close = b"\x01\0\0" + len(body).to_bytes(4) + body + b"\xce"
    close_ok = b"\x01\0\0\0\0\0\x04\0\x0a\0\x33\xce"
    kinds = {}
    for words in (close, b"Z" * len(close)):
        talk = asked(5672).say(SERVER, words, after_ms=30_000).say(CLIENT, close_ok).fin(SERVER).fin(CLIENT)
        kind, claims, _, _ = told_of(talk.write(folder), folder)
        kinds[words] = kind, "last-words" in claims
    assert kinds[close] == ("peer_closed", True)
    assert kinds[b"Z" * len(close)] == ("healthy", False)


@pytest.mark.parametrize(("after_ms", "is_told"), [(1, True), (60_000, False)])
def test_the_answer_to_a_request_is_a_farewell_only_where_the_close_comes_with_it(
    after_ms: int, is_told: bool, folder: Path, tshark: Tshark
) -> None:
    talk = asked(3306).say(CLIENT, b"Q" * 60, after_ms=500).say(SERVER, SYNTAX).fin(SERVER, after_ms)
    assert (found(tshark, talk.write(folder)) is not None) is is_told


def test_who_asked_badly_and_hangs_up_was_not_sent_away(folder: Path, tshark: Tshark) -> None:
    talk = asked(3306).say(CLIENT, b"Q" * 60, after_ms=500).say(SERVER, SYNTAX).fin(CLIENT)
    assert found(tshark, talk.write(folder)) is None


def test_words_that_were_cut_off_are_not_guessed_at(folder: Path, tshark: Tshark) -> None:
    talk = asked(5432).say(SERVER, ADMIN, after_ms=30_000).fin(SERVER)
    whole = found(tshark, talk.write(folder))
    assert whole is not None
    begun = found(tshark, talk.write(folder, snap_length=100))
    assert begun is not None
    assert (begun.parting.code, begun.parting.why) == (whole.parting.code, whole.parting.why)
    assert begun.text[-1] == "…"
    assert whole.text.startswith(begun.text[:-1])
    assert found(tshark, talk.write(folder, snap_length=78)) is None  # before the end of the code


def test_an_rst_behind_the_words_is_of_who_spoke(folder: Path) -> None:
    """https://github.com/NixOS/infra/issues/352: sshd has too many clients that have not logged in."""
    shares = []
    for words in (b"Exceeded MaxStartups\r\n", b"SSH-2.0-OpenSSH_9.6\r\n"):
        talk = Talk(22).say(CLIENT, b"SSH-2.0-OpenSSH_9.6\r\n").say(SERVER, words, after_ms=20).reset(SERVER)
        done = pyreport("report", talk.write(folder), "--json", folder / "told.json")
        assert done.status == 0, done.stderr
        (told,) = json.loads((folder / "told.json").read_text())["connections"]
        shares.append(told["verdict"]["attribution"])
    assert shares == [["peer_service"], ["peer_service", "network_path"]]


def test_who_announces_the_close_gives_no_reason(folder: Path) -> None:
    answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"
    talk = Talk(80).say(CLIENT, b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").say(SERVER, answer).fin(SERVER).fin(CLIENT)
    kind, claims, _, _ = told_of(talk.write(folder), folder)
    assert (kind, claims[1]) == ("healthy", "last-words-leave")


@pytest.mark.parametrize(("code", "has_share"), [(4, True), (6, False)])
def test_who_closes_because_it_heard_nothing_is_not_alone_in_it(code: int, has_share: bool, folder: Path) -> None:
    """https://github.com/FRRouting/frr/issues/13654: the hold timer runs out here, not there. A NOTIFICATION is no
    request, and its lack of a reply is nobody's.
    """
    words = b"\xff" * 16 + (21).to_bytes(2) + bytes((3, code, 0))
    talk = asked(179)
    for _ in range(3):
        talk.say(CLIENT, b"K" * 19, after_ms=30_000).send(SERVER, 0x10)
    talk.say(CLIENT, words, after_ms=1_000).fin(CLIENT)
    done = pyreport("report", talk.write(folder), "--json", folder / "told.json")
    assert done.status == 0, done.stderr
    (told,) = json.loads((folder / "told.json").read_text())["connections"]
    claims = [claim["id"] for claim in told["verdict"]["claims"]]
    assert told["verdict"]["kind"] == "local_closed"
    assert ("peer_service" in told["verdict"]["attribution"]) is has_share
    assert "last-words" in claims
    assert "health-no-reply" not in claims


@pytest.mark.parametrize(
    ("said", "code", "text"),
    [
        (
            postgresql(b"57P01", b"terminating connection due to an administrator command"),
            "57P01",
            "term",
        ),
        (mysql(4031, b"The client was disconnected by the server because of inactivity."), "4031", "The client was"),
        (b"-ERR max number of clients reached, and whatever else a server adds to that\r\n", "", "-ERR max"),
    ],
)
def test_words_of_which_the_capture_has_the_begin_are_told_as_far(
    said: bytes, code: str, text: str, tshark: Tshark, folder: Path
) -> None:
    """A watch keeps 128 octets of each frame: 74 of the payload here."""
    talk = Talk(6432).say(CLIENT, b"hello").say(SERVER, b"you").say(SERVER, said, after_ms=9000).fin(SERVER)
    told = found(tshark, talk.write(folder, snap_length=128))
    assert told is not None
    assert (told.parting.code, told.parting.text[-1]) == (code, "…")
    assert told.text.startswith(text)
    whole = found(tshark, talk.write(folder))
    assert whole is not None
    assert (whole.parting.code, whole.parting.why) == (code, told.parting.why)
    assert whole.text.startswith(told.text[:-1])


@pytest.mark.parametrize(
    "said",
    [
        postgresql(b"42P01", b"relation does not exist, which is no reason to end anything", b"ERROR"),
        b"E" + (400).to_bytes(4) + postgresql(b"57P01", b"x" * 90)[5:],  # its length is another
        b"\0\1\2 some octets of whatever protocol, so many that the capture has cut them somewhere",
    ],
)
def test_the_begin_of_what_says_nothing_says_nothing(said: bytes, tshark: Tshark, folder: Path) -> None:
    talk = Talk(6432).say(CLIENT, b"hello").say(SERVER, b"you").say(SERVER, said, after_ms=9000).fin(SERVER, 900)
    assert found(tshark, talk.write(folder, snap_length=128)) is None


@pytest.mark.parametrize(
    ("begin", "is_tls", "last"),
    [
        (b"\x17\x03\x03\x04\x00", True, 1029),
        (b"\x00\x00\x00\x10\x00", False, 1029),
        (b"\x00\x00\x00\x10\x00", False, 40),
    ],
)
def test_what_was_said_last_at_length_is_read_of_tls_alone(
    begin: bytes, is_tls: bool, last: int, folder: Path, tshark: Tshark
) -> None:
    talk = Talk(9093).say(CLIENT, begin.ljust(1029, b"q"))
    for _ in range(5):
        talk.say(SERVER, begin.ljust(1029, b"a"), after_ms=20)
    talk.say(SERVER, begin.ljust(last, b"a"), after_ms=20).fin(SERVER)
    reading = read_capture(tshark, open_capture(str(talk.write(folder))))
    connection = reading.index.connections[0]
    close = ending_of(connection).first
    farewells = None if close is None else farewells_of(connection, assign_roles(connection), close.frame)
    assert farewells is not None
    assert len(farewells.more) > 3
    spoken = farewells.as_spoken(reading.payloads(farewells.frames, whole=False))
    if is_tls:
        assert spoken is farewells
    elif not farewells.frames:
        assert spoken is None
    else:
        assert spoken is not None
        assert spoken.other.frames == tuple(sorted(frame.number for frame in farewells.frames))
