"""A side that says good-bye in TLS and sends no FIN, and the other, which writes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pyreport.application.test_tls_records import ALERT, greeted, record
from tests.pyreport.command import pyreport
from tests.pyreport.talk import CLIENT, SERVER, Talk
from tests.scenarios.packets import ACK, PSH, RST
from tests.support.programs import public_folder

MINUTE = 60_000
OF_1_2, OF_1_3 = record(26, ALERT), record(19)
BOTH = ["peer_service", "local_application"]


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


def left(alert: bytes, after_ms: int = MINUTE) -> Talk:
    """A server that says so, and a client whose kernel acknowledges it."""
    return greeted().say(SERVER, record(700)).send(CLIENT, ACK).say(SERVER, alert, after_ms).send(CLIENT, ACK)


def refused(talk: Talk) -> Talk:
    return talk.send(SERVER, RST)


def repeated(talk: Talk) -> Talk:
    """The client's last data once more, again and again."""
    seq = talk.next[CLIENT] - len(record(400))
    for _ in range(5):
        talk.send(CLIENT, PSH | ACK, record(400), 1000, seq=seq)
    return talk


def report_of(talk: Talk, folder: Path) -> dict[str, Any]:
    done = pyreport(
        "report", talk.write(folder), "--json", folder / "told.json", "--connection", "10.0.0.1:40000->10.0.9.9:443"
    )
    assert done.status == 0, done.stderr
    (told,) = json.loads((folder / "told.json").read_text())["connections"]
    return dict(told)


def told_of(talk: Talk, folder: Path) -> dict[str, Any]:
    return dict(report_of(talk, folder)["verdict"])


def wrote(alert: bytes, later_ms: int = 14_000, after_ms: int = MINUTE, octets: int = 400) -> Talk:
    return left(alert, after_ms).say(CLIENT, record(octets), later_ms)


@pytest.mark.parametrize(
    ("talk", "kind", "confidence", "shares", "met"),
    [
        (refused(wrote(OF_1_2)), "peer_closed_idle", "possible", BOTH, "refused"),
        (refused(wrote(OF_1_3)), "peer_closed_idle", "possible", BOTH, "refused"),
        (refused(wrote(OF_1_2, octets=1200)), "peer_closed_idle", "possible", BOTH, "refused"),
        # No limit is as odd as that.
        (refused(wrote(OF_1_2, after_ms=13_471)), "peer_closed", "likely", BOTH, "refused"),
        (refused(wrote(OF_1_3, after_ms=13_471)), "peer_closed", "possible", BOTH, "refused"),
        # It had just been told so.
        (refused(wrote(OF_1_2, later_ms=3, after_ms=13_471)), "peer_closed", "likely", ["peer_service"], "refused"),
        (wrote(OF_1_2).send(SERVER, ACK).fin(CLIENT, 9000), "peer_closed_idle", "possible", BOTH, "taken"),
        # What meets nothing may have been lost.
        (repeated(wrote(OF_1_2)), "peer_closed_idle", "possible", [*BOTH, "network_path"], "nothing"),
    ],
)  # fmt: skip
def test_who_writes_to_a_side_that_has_left(
    talk: Talk, kind: str, confidence: str, shares: list[str], met: str, folder: Path
) -> None:
    verdict = told_of(talk, folder)
    assert (verdict["kind"], verdict["confidence"], verdict["attribution"]) == (kind, confidence, shares)
    first = verdict["claims"][0]
    assert (first["id"], first["values"]["met"]) == ("tls-parting", met)
    assert [one["id"] for one in verdict["claims"]].count("tls-parting") == 1


@pytest.mark.parametrize(
    "talk",
    [
        # The other side takes its leave, too.
        left(OF_1_2).say(CLIENT, record(26, ALERT)).reset(CLIENT),
        # A FIN went with it: the report on the FIN tells of it.
        refused(left(OF_1_2).send(SERVER, 0x11).send(CLIENT, ACK).say(CLIENT, record(400), 9000)),
        # More was said after it, or it says something else, or there is more in the segment.
        refused(left(OF_1_2).say(SERVER, record(60)).say(CLIENT, record(400), 9000)),
        refused(wrote(record(2, ALERT)[:-2] + b"\2\x28")),
        refused(wrote(OF_1_2 + record(30))),
        refused(wrote(record(20))),
    ],
)
def test_what_is_no_leave_that_was_overlooked(talk: Talk, folder: Path) -> None:
    assert "tls-parting" not in json.dumps(told_of(talk, folder))


def test_what_crossed_the_leave_overlooked_nothing(folder: Path) -> None:
    """The client's data counts nothing of the alert as received."""
    talk = greeted().say(SERVER, record(700)).send(CLIENT, ACK)
    known = talk.next[SERVER]
    talk.say(SERVER, OF_1_2, MINUTE)
    after, talk.next[SERVER] = talk.next[SERVER], known
    talk.say(CLIENT, record(400), 1)
    talk.next[SERVER] = after
    assert "tls-parting" not in json.dumps(told_of(refused(talk), folder))


def test_the_limit_is_that_of_the_leave_and_not_of_the_write(folder: Path) -> None:
    """Nothing is advised for the 14 s after which the client wrote."""
    told = json.dumps(report_of(refused(wrote(OF_1_2)), folder)["what_to_do"])
    assert "60.0" in told
    assert "14.0" not in told
    assert "no limit of this length" not in told
