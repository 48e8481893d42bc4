"""TLS records that the end of a connection cut off, and those that are whole and look alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.application.tls_records import begins_record
from tests.pyreport.command import pyreport
from tests.pyreport.talk import CLIENT, SERVER, Talk
from tests.scenarios.packets import ACK, PSH
from tests.support.programs import public_folder

HELLO, DATA, ALERT = 22, 23, 21
SEGMENT = 1448


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


def record(octets: int, kind: int = DATA, *, version: int = 3) -> bytes:
    """A record of so many octets that are all alike, and look like no header."""
    return bytes([kind, 3, version]) + octets.to_bytes(2) + b"\xa7" * octets


def greeted() -> Talk:
    """A TLS connection with a request under way."""
    talk = Talk(443).say(CLIENT, record(300, HELLO, version=1)).say(SERVER, record(90, HELLO) + record(900))
    return talk.say(CLIENT, record(53)).say(CLIENT, record(400), after_ms=900)


def replied(reply: bytes, talk: Talk | None = None, segment: int = SEGMENT) -> Talk:
    """A reply in segments, all acknowledged."""
    talk = greeted() if talk is None else talk
    for start in range(0, len(reply), segment):
        talk.send(SERVER, PSH | ACK if start + segment >= len(reply) else ACK, reply[start : start + segment])
    return talk.send(CLIENT, ACK)


def left(talk: Talk, *, by: str = CLIENT, after_ms: int = 700) -> Talk:
    """Both sides close."""
    return talk.fin(by, after_ms).fin(SERVER if by == CLIENT else CLIENT)


def told_of(talk: Talk, folder: Path, *options: str) -> tuple[dict[str, object], str]:
    """The report's verdict, and what the scan prints."""
    capture = talk.write(folder)
    done = pyreport("report", capture, "--json", folder / "told.json", *options)
    assert done.status == 0, done.stderr
    (told,) = json.loads((folder / "told.json").read_text())["connections"]
    scan = pyreport("scan", capture, *options)
    assert scan.status == 0, scan.stderr
    return told, scan.stdout


CUT, WHOLE = record(16_384)[:5000], record(16_384)
LONG = record(16_384) * 6
ANSWERED = ["local_application", "peer_service", "network_path"]


@pytest.mark.parametrize(
    ("talk", "kind", "began", "numbers", "shares"),
    [
        (left(replied(CUT)), "local_closed", 8, (16_384, 4_995), ["local_application"]),
        # It may have had reason to close: the server did not go on, or the path lost the rest.
        (left(replied(CUT), after_ms=30_000), "local_closed", 8, (16_384, 4_995), ANSWERED),
        # A client in good order says so before it closes; the server's record is cut all the same.
        (left(replied(CUT).say(CLIENT, record(26, ALERT))), "local_closed", 8, (16_384, 4_995), ["local_application"]),
        (left(replied(CUT), by=SERVER), "peer_closed", 8, (16_384, 4_995), ["peer_service"]),
        (replied(CUT).reset(CLIENT, 700), "local_closed", 8, (16_384, 4_995), ["local_application"]),
        (replied(CUT).reset(SERVER, 700), "peer_reset", 8, (16_384, 4_995), ["peer_service"]),
        # Of a long reply, the last record; also where a frame is longer than any segment on the wire.
        (left(replied(LONG + CUT)), "local_closed", 75, (16_384, 4_995), ["local_application"]),
        (left(replied(LONG + CUT, segment=60_000)), "local_closed", 9, (16_384, 4_995), ["local_application"]),
    ],
)  # fmt: skip
def test_a_record_of_which_a_part_came_is_cut_off(
    talk: Talk, kind: str, began: int, numbers: tuple[int, int], shares: list[str], folder: Path
) -> None:
    told, scan = told_of(talk, folder)
    verdict = told["verdict"]
    assert isinstance(verdict, dict)
    (cut,) = [one for one in verdict["claims"] if one["id"] == "record-cut"]
    assert (verdict["kind"], verdict["attribution"]) == (kind, shares)
    assert cut["frames"][0] == began
    assert (cut["values"]["promised"], cut["values"]["came"]) == numbers
    assert "not whole" in " ".join(scan.split())


@pytest.mark.parametrize(
    "talk",
    [
        left(replied(WHOLE)),
        left(replied(LONG)),
        left(replied(LONG, segment=60_000)),
        left(replied(record(20)[:-1] + b"\x17")),
        left(replied(WHOLE).say(CLIENT, record(26, ALERT)).say(SERVER, record(26, ALERT))),
        # Not TLS: nothing else in it looks like a record.
        left(replied(CUT, Talk(9000).say(CLIENT, b"GET").say(SERVER, b"well").say(CLIENT, b"GET"))),
        # What came is another protocol's, and has a record's header in its middle.
        left(replied(b"x" * 700 + CUT, greeted())),
    ],
)
def test_what_is_whole_is_not_cut_off(talk: Talk, folder: Path) -> None:
    told, scan = told_of(talk, folder)
    assert "record-cut" not in json.dumps(told)
    assert "not whole" not in scan


def test_the_rest_of_a_record_that_crosses_the_close_makes_it_whole(folder: Path) -> None:
    talk = replied(CUT).send(CLIENT, 0x11).say(SERVER, WHOLE[5000:6000]).say(SERVER, WHOLE[6000:])
    told, _ = told_of(talk.reset(CLIENT), folder)
    assert "record-cut" not in json.dumps(told)


def test_frames_that_the_capture_cut_tell_nothing(folder: Path) -> None:
    capture = left(replied(CUT)).write(folder, snap_length=200)
    pyreport("report", capture, "--json", folder / "told.json")
    assert "record-cut" not in (folder / "told.json").read_text()


def test_bytes_that_the_capture_lacks_may_be_the_rest(folder: Path) -> None:
    talk = replied(CUT)
    talk.next[SERVER] += len(WHOLE) - len(CUT)
    told, _ = told_of(left(talk), folder)
    assert "record-cut" not in json.dumps(told)


@pytest.mark.parametrize("engine", ["auto", "tshark"])
def test_both_engines_say_the_same(engine: str, folder: Path) -> None:
    told, scan = told_of(left(replied(LONG + CUT, segment=60_000)), folder, "--engine", engine)
    assert "record-cut" in json.dumps(told)
    assert "not whole" in " ".join(scan.split())


@pytest.mark.parametrize(
    ("payload", "begins"),
    [
        (record(5), True),
        (record(0), False),
        (b"\x17\x03\x03\xff\xff", False),
        (b"\x17\x02\x03\0\5", False),
        (b"\x17\x03", False),
    ],
)
def test_a_header_is_five_octets_that_fit(payload: bytes, begins: bool) -> None:
    assert begins_record(payload) is begins
