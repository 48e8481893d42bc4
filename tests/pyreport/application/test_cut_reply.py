"""HTTP replies that the close cut off, and those that are whole and look alike."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.application.cut_reply import lacking
from tests.pyreport.command import pyreport
from tests.pyreport.talk import CLIENT, SERVER, Talk
from tests.support.programs import public_folder

GET, HEAD = b"GET / HTTP/1.1\r\n\r\n", b"HEAD / HTTP/1.1\r\n\r\n"
OF_LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
IN_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNK, LAST = b"5\r\nhello\r\n", b"0\r\n\r\n"


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


@pytest.mark.parametrize(
    ("asked", "reply", "lacks"),
    [
        (GET, OF_LENGTH + b"x" * 99, (100, 99)),
        (GET, OF_LENGTH + b"x" * 100, None),
        (GET, OF_LENGTH + b"x" * 140, None),  # another reply behind it
        (GET, OF_LENGTH[:-2], None),  # the header may go on in the next segment
        (HEAD, OF_LENGTH, None),
        (b"CONNECT a:443 HTTP/1.1\r\n\r\n", OF_LENGTH, None),
        (GET, OF_LENGTH.replace(b"200 OK", b"304 Not Modified"), None),
        (GET, OF_LENGTH.replace(b"200 OK", b"100 Continue"), None),
        (GET, OF_LENGTH.replace(b"Content-Length", b"content-length"), (100, 0)),
        (GET, OF_LENGTH.replace(b"Content-Length", b"X-Content-Length"), None),
        (GET, b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 99, None),  # it ends with the connection
        (GET, b"220 " + OF_LENGTH, None),
        (GET, IN_CHUNKS + CHUNK, (None, len(CHUNK))),
        (GET, IN_CHUNKS + CHUNK + LAST, None),
        (GET, IN_CHUNKS + CHUNK + b"0\r\nX-Sum: 1\r\n\r\n", None),
        # Its chunks count, whatever else the header says (RFC 9112 section 6.3).
        (GET, OF_LENGTH[:-2] + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNK + LAST, None),
    ],
)
def test_the_header_tells_how_long_a_reply_is(asked: bytes, reply: bytes, lacks: tuple[int | None, int] | None) -> None:
    assert lacking(asked, reply, reply, len(reply)) == lacks


@pytest.mark.parametrize("end", [LAST[1:], LAST[3:], b"", b"mer\r\n\r\n"])
def test_a_last_chunk_in_pieces_is_one(end: bytes) -> None:
    """b"": the last frame is not whole in the capture."""
    assert lacking(GET, IN_CHUNKS + CHUNK, end, 1000) is None


def served(reply: bytes, *, asked: bytes = GET, by: str = SERVER, after_ms: int = 300) -> Talk:
    """A reply in two segments, and an orderly close of both sides."""
    talk = Talk(8080).say(CLIENT, asked, after_ms=20).say(SERVER, reply[:120]).say(SERVER, reply[120:] or b"\r\n")
    return talk.send(CLIENT, 0x10).fin(by, after_ms).fin(SERVER if by == CLIENT else CLIENT)


def told_of(talk: Talk, folder: Path) -> tuple[str, list[str], list[str], str]:
    """What the report says: the verdict's kind, its claims, the shares; and what the scan prints."""
    capture = talk.write(folder)
    done = pyreport("report", capture, "--json", folder / "told.json")
    assert done.status == 0, done.stderr
    (told,) = json.loads((folder / "told.json").read_text())["connections"]
    scan = pyreport("scan", capture)
    assert scan.status == 0, scan.stderr
    verdict = told["verdict"]
    return verdict["kind"], [one["id"] for one in verdict["claims"]], verdict["attribution"], scan.stdout


CUT, WHOLE = OF_LENGTH + b"x" * 90, OF_LENGTH + b"x" * 100
WAITED = ["local_application", "peer_service", "network_path"]


@pytest.mark.parametrize(
    ("talk", "kind", "claim", "shares"),
    [
        (served(CUT), "peer_closed", "reply-cut", ["peer_service"]),
        (served(CUT, after_ms=30_000), "peer_closed", "reply-cut", ["peer_service"]),  # and no idle limit
        (served(CUT, by=CLIENT), "local_closed", "reply-cut", ["local_application"]),
        # It may have had reason to close: the server did not go on, or the path lost the rest.
        (served(CUT, by=CLIENT, after_ms=30_000), "local_closed", "reply-cut", WAITED),
        (served(IN_CHUNKS + CHUNK * 20), "peer_closed", "reply-cut-chunked", ["peer_service"]),
        (served(WHOLE), "healthy", "", ["healthy"]),
        (served(CUT, asked=HEAD), "healthy", "", ["healthy"]),
        (served(IN_CHUNKS + CHUNK * 20 + LAST), "healthy", "", ["healthy"]),
    ],
)
def test_who_closes_in_the_middle_of_a_reply_does_not_close_in_order(
    talk: Talk, kind: str, claim: str, shares: list[str], folder: Path
) -> None:
    found, claims, attribution, scan = told_of(talk, folder)
    assert (found, attribution) == (kind, shares)
    assert [one for one in claims if one.startswith("reply-cut")] == [claim for claim in [claim] if claim]
    assert ("not whole" in " ".join(scan.split())) is bool(claim)
    assert ("Nothing found" in scan) is (kind == "healthy")


def test_a_capture_that_cuts_its_frames_tells_nothing_of_the_last_chunk(folder: Path) -> None:
    capture = served(IN_CHUNKS + CHUNK * 40).write(folder, snap_length=200)
    done = pyreport("report", capture, "--json", folder / "told.json")
    assert done.status == 0, done.stderr
    (told,) = json.loads((folder / "told.json").read_text())["connections"]
    assert told["verdict"]["kind"] == "healthy"


def test_a_reply_of_which_a_part_comes_behind_the_fin_was_sent_whole(folder: Path) -> None:
    """A path that changes the order: the last segment, with a copy of the FIN, comes behind the first one."""
    talk = Talk(8080).say(CLIENT, GET, after_ms=20).say(SERVER, WHOLE[:120])
    end = talk.next[SERVER]
    talk.next[SERVER] = end + len(WHOLE[120:])
    talk.send(SERVER, 0x11)
    talk.send(SERVER, 0x19, WHOLE[120:], seq=end).send(CLIENT, 0x10).fin(CLIENT)
    _, claims, _, scan = told_of(talk, folder)
    assert "reply-cut" not in claims
    assert "not whole" not in scan


GREETING = b"ERR too many connections\r\n"


@pytest.mark.parametrize(
    ("talk", "is_told"),
    [
        (Talk(5000).say(SERVER, GREETING).fin(SERVER).fin(CLIENT), True),
        (Talk(5000).say(SERVER, b"total 0\r\n").fin(SERVER).fin(CLIENT), False),  # a passive FTP transfer
        (Talk(5000).say(CLIENT, b"list errors\r\n").say(SERVER, GREETING).fin(SERVER).fin(CLIENT), False),
        (Talk(5432).say(CLIENT, b"Q" * 9).say(SERVER, b"T" * 9).fin(SERVER).fin(CLIENT), False),
    ],
)
def test_who_is_turned_away_with_a_word_was_not_served(talk: Talk, is_told: bool, folder: Path) -> None:
    kind, claims, shares, scan = told_of(talk, folder)
    assert (kind, shares) == (("peer_closed", ["peer_service"]) if is_told else ("healthy", ["healthy"]))
    assert ("last-words" in claims) is is_told
    assert ("too many connections" in " ".join(scan.split())) is is_told
    assert ("Nothing found" in scan) is not is_told


@pytest.mark.parametrize("talk", [Talk(9092).fin(SERVER), served(CUT)])
def test_tshark_reads_what_the_fast_reader_reads(talk: Talk, folder: Path) -> None:
    """Also where there is no payload to be read."""
    capture = talk.write(folder)
    fast, slow = (pyreport("scan", capture, "--engine", engine) for engine in ("auto", "tshark"))
    assert (fast.status, slow.status) == (0, 0), slow.stderr
    assert fast.stdout == slow.stdout
