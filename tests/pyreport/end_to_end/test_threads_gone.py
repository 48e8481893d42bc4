"""Captures rebuilt from public threads in which one end is no longer there, or owes what it never sends.

As in test_threads.py: each function has the thread's address and what was taken from it. Beside each stands its twin.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pyreport.capture.tshark import Tshark
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.narrative.cause import Where, cause
from tests.pyreport.end_to_end.test_threads import PATH, PEER, start, tshark_of_all
from tests.pyreport.end_to_end.test_threads_spoken_for import judged, listed
from tests.pyreport.told import ids, told
from tests.scenarios.packets import ACK, FIN, PSH
from tests.scenarios.wire import CLIENT, SERVER, Wire

__all__ = ["tshark_of_all"]  # the fixture

GREETING = bytes.fromhex("160301013d010001390303") + bytes(311)


def of(wire: Wire, tshark: Tshark, folder: Path, lasts: float = 60.0) -> Verdict:
    """The verdict on this connection."""
    return judged(wire, tshark, folder, lasts=lasts)[2]


def report_run(*, owed: bool, fins: int, acknowledged: bool = False) -> Wire:
    """https://github.com/npgsql/npgsql/issues/1555: a query runs for hours, a firewall forgets its connection after 30
    minutes without a packet, and the reply never comes. Here the client gives up in the end.
    """
    wire = Wire(start("2017-06-09T08:00:00"), "10.1.0.5:41000", "10.7.0.9:5432").open().ask(0.1, 300, 400)
    wire.say(1.0, CLIENT, 900).send(1.0006, SERVER)
    if not owed:
        wire.say(2.0, SERVER, 700).send(2.0001, CLIENT)
    wire.fin(3000.0, CLIENT)
    at, wait = 3000.0, 0.204
    for _ in range(fins):
        at, wait = at + wait, wait * 2
        wire.send(at, CLIENT, FIN | ACK, seq=wire.next[CLIENT] - 1)
    return wire.send(at + 0.0006, SERVER) if acknowledged else wire


@pytest.mark.parametrize(
    ("owed", "fins", "acknowledged", "is_lost"),
    [
        (True, 7, False, True),
        (False, 7, False, False),  # nothing was lost with a host that is gone
        (True, 2, False, False),  # ordinary loss
        (True, 7, True, False),  # its kernel is there
    ],
)
def test_who_gets_neither_a_reply_nor_an_acknowledgment_of_its_fin_was_not_heard(
    owed: bool, fins: int, acknowledged: bool, is_lost: bool, tshark: Tshark, tmp_path: Path
) -> None:
    verdicts = listed(report_run(owed=owed, fins=fins, acknowledged=acknowledged), tshark, tmp_path, lasts=3100.0)
    lost = [verdict for verdict in verdicts if verdict.kind is Kind.PATH_LOST]
    assert bool(lost) is is_lost
    for verdict in lost:
        assert {"reply-outstanding", "fin-sent-again"} <= set(ids(verdict.claims))
        assert set(verdict.attribution) == {PATH, PEER}
        assert verdict.confidence is Confidence.POSSIBLE


def pushed(copies: int, *, reads: bool) -> Wire:
    """https://github.com/chatmail/core/pull/5096, at the server: a connection in IMAP IDLE is dead, and its client ends
    the command after minutes. ``reads``: what it sends acknowledges what it was sent.
    """
    wire = Wire(start("2023-12-10T09:00:00"), "100.64.0.7:50500", "10.3.0.9:993", at=SERVER, far=48, round_trip=0.045)
    wire.open().ask(0.1, 20, 60)
    wire.say(300.0, SERVER, 22)
    at, wait = 300.0, 0.25
    for _ in range(copies):
        at, wait = at + wait, min(2 * wait, 120.0)
        wire.send(at, SERVER, PSH | ACK, 22, seq=wire.next[SERVER] - 22)
    wire.send(1600.0, CLIENT, PSH | ACK, 6, ack=wire.next[SERVER] - (0 if reads else 22))
    return wire.refuse(1600.00003, SERVER)


@pytest.mark.parametrize(
    ("wire", "is_told"),
    [
        (pushed(12, reads=True), True),
        (pushed(2, reads=True), False),  # ordinary loss
        (pushed(12, reads=False), False),  # nothing is an answer
    ],
)
def test_a_host_that_had_given_its_data_up_refuses_for_that_silence(
    wire: Wire, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    """The RST does not clear the path, whether what draws it acknowledges the data or not."""
    case, _, verdict = judged(wire, tshark, tmp_path, lasts=1700.0)
    assert ("reset-answered-too-late" in ids(verdict.claims)) is is_told
    is_lost = is_told or verdict.kind is Kind.PATH_LOST
    assert (PATH in verdict.attribution) is is_lost
    line = cause(case, verdict)
    assert line is not None
    assert (line.id == "cause-silence") is is_lost
    if is_told:
        assert line.values["where"] is Where.STOOD


def refused_at_once(*, bare: bool = True, spoke: bool = False) -> Wire:
    """https://github.com/LTD-Beget/syncookied/issues/25: a firewall answers the SYN of a client with a cookie, and the
    server, which knows of none, refuses the end of the handshake. ``spoke``:
    https://github.com/kubernetes/kubernetes/issues/123116, a connection in use goes to another pod.
    """
    wire = Wire(start("2016-09-20T11:05:33"), "92.63.98.40:36798", "89.111.56.136:8888", round_trip=0.0665, far=55)
    wire.open()
    if not spoke:
        wire.refuse(0.1295, SERVER) if bare else wire.abort(0.1295, SERVER)
        return wire
    wire.ask(0.2, 300, 500).ask(1.2, 300, 500).say(2.2, CLIENT, 300)
    return wire.refuse(2.2665, SERVER) if bare else wire.abort(2.2665, SERVER)


@pytest.mark.parametrize("bare", [True, False])
@pytest.mark.parametrize(("spoke", "claim"), [(False, "reset-of-the-handshake"), (True, "reset-no-such-connection")])
def test_an_rst_without_ack_is_of_a_host_that_does_not_have_the_connection(
    spoke: bool, claim: str, bare: bool, tshark: Tshark, tmp_path: Path
) -> None:
    verdict = of(refused_at_once(bare=bare, spoke=spoke), tshark, tmp_path)
    assert verdict.kind is Kind.PEER_RESET
    assert (claim in ids(verdict.claims)) is bare
    assert set(verdict.attribution) == ({PEER, PATH} if bare else set(verdict.attribution))


def with_a_hole(*, heard: int, full: bool = True) -> Wire:
    """https://github.com/raspberrypi/linux/issues/2449: a file server loses two segments of a reply and never sends
    them again, although it answers each probe of its client.
    """
    size = 1448 if full else 400
    wire = Wire(start("2018-06-13T10:00:00"), "192.168.1.132:41000", "192.168.1.240:2049", round_trip=0.0004, far=64)
    wire.open().ask(0.1, 200, 100).say(1.0, CLIENT, 160).send(1.0004, SERVER)
    for index in range(4):
        wire.send(1.001 + index * 0.0001, SERVER, ACK, size)
    wire.send(1.0015, CLIENT)
    hole = wire.next[SERVER]
    wire.next[SERVER] += 2 * 1448
    for index in range(4):
        at = 1.002 + index * 0.0001
        wire.send(at, SERVER, ACK, size).send(at + 0.00002, CLIENT, ack=hole)
    for turn in range(1, heard + 1):
        at = 1.0 + 20.0 * turn
        wire.send(at, CLIENT, seq=wire.next[CLIENT] - 1, ack=hole).send(at + 0.0004, SERVER)
    return wire


@pytest.mark.parametrize(("heard", "full", "is_told"), [(5, True, True), (1, True, False), (5, False, False)])
def test_who_was_heard_all_along_may_have_sent_the_missing_part_only_once(
    heard: int, full: bool, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    case, _, verdict = judged(with_a_hole(heard=heard, full=full), tshark, tmp_path, lasts=120.0)
    line = cause(case, verdict)
    assert line is not None
    assert verdict.kind is Kind.PATH_LOST
    assert (line.id == "cause-sent-once") is is_told
    assert ("hole-heard-all-along" in ids(verdict.claims)) is is_told
    if is_told:
        assert set(verdict.attribution) == {PATH, PEER}
        assert verdict.confidence is Confidence.POSSIBLE
        said = told(verdict.claims, "hole-heard-all-along")
        assert said.values["heard"] == heard


def greeted(port: int = 443, *, waits: float, answers: bool = False, gives_up: bool = False) -> Wire:
    """https://github.com/openssl/openssl/issues/23350: the kernel of a TLS server has the greeting of a client, and the
    program never reads it.
    """
    wire = Wire(start("2024-09-27T10:00:00"), "10.1.0.5:41000", f"10.6.0.9:{port}", round_trip=0.0003, far=64).open()
    wire.say(0.001, CLIENT, GREETING).send(0.0013, SERVER)
    if answers:
        wire.say(0.002, SERVER, 1400).send(0.0021, CLIENT).say(0.003, CLIENT, 80).send(0.0033, SERVER)
    at = 0.0
    while at + 15 < waits:
        at += 15
        wire.send(at, CLIENT, seq=wire.next[CLIENT] - 1).send(at + 0.0003, SERVER)
    return wire.fin(waits, CLIENT).send(waits + 0.0003, SERVER) if gives_up else wire


@pytest.mark.parametrize(
    ("wire", "lasts", "is_stalled"),
    [
        (greeted(waits=60.0), 70.0, True),
        (greeted(waits=10.0, gives_up=True), 12.0, True),
        (greeted(waits=10.0), 12.0, False),  # it may still come
        (greeted(waits=60.0, answers=True), 70.0, False),  # what ends the handshake wants no reply
        (greeted(9999, waits=60.0), 70.0, False),  # nothing says that it is TLS
    ],
)
def test_the_greeting_of_tls_is_owed_an_answer(
    wire: Wire, lasts: float, is_stalled: bool, tshark: Tshark, tmp_path: Path
) -> None:
    _, explanations, verdict = judged(wire, tshark, tmp_path, lasts=lasts)
    weighed = {found.id: found for found in explanations}
    stalled = weighed[ExplanationId.PEER_APPLICATION_STALLED]
    assert (stalled.status is Status.SUPPORTED and "peer-stalled-greeting" in ids(stalled.evidence)) is is_stalled
    assert (verdict.kind is Kind.PEER_STALLED) is is_stalled


def worker(turns: int, *, answered: bool, limit: float = 30.0) -> Wire:
    """https://docs.gunicorn.org/en/stable/settings.html#timeout: a worker that is silent for 30 s is killed, with the
    request that it was at.
    """
    wire = Wire(start("2024-05-01T10:00:00"), "10.1.0.5:41000", "10.8.0.9:8000", round_trip=0.0008).open()
    for turn in range(turns):
        wire.ask(0.1 + turn, 300, 900)
    if answered:
        wire.ask(9.0, 700, 900)
    else:
        wire.say(9.0, CLIENT, 700).send(9.0008, SERVER)
    closes = 9.0 + limit + 0.02
    return (
        wire.fin(closes, SERVER).send(closes + 0.0001, CLIENT).fin(closes + 0.001, CLIENT).send(closes + 0.002, SERVER)
    )


@pytest.mark.parametrize(
    ("turns", "kind", "surest"),
    [(3, Kind.PEER_CLOSED, Confidence.LIKELY), (1, Kind.PEER_CLOSED_IDLE, Confidence.POSSIBLE)],
)
def test_a_server_that_owes_a_reply_was_not_idle(
    turns: int, kind: Kind, surest: Confidence, tshark: Tshark, tmp_path: Path
) -> None:
    """An age that is a known limit's does not make it one; where one reply is no habit, both stay possible."""
    case, _, verdict = judged(worker(turns, answered=False), tshark, tmp_path)
    line = cause(case, verdict)
    assert line is not None
    assert (line.id == "cause-peer-closed-owing") is (kind is Kind.PEER_CLOSED)
    assert (verdict.kind, verdict.confidence) == (kind, surest)
    assert "reply-outstanding" in ids(verdict.claims)
    _, explanations, verdict = judged(worker(turns, answered=True), tshark, tmp_path)
    weighed = {found.id: found for found in explanations}
    assert "reply-outstanding" not in ids(verdict.claims)
    assert weighed[ExplanationId.PEER_IDLE_CLOSE].status in (Status.SUPPORTED, Status.POSSIBLE)


def interrupted(copies: int, *, heard_at_once: bool = False) -> Wire:
    """https://github.com/kubernetes/kubernetes/issues/124290 as it goes where the path comes back: a request is sent
    again and again, and answered in the end. ``heard_at_once``: only the acknowledgments were lost.
    """
    wire = Wire(start("2024-04-12T10:00:00"), "10.1.0.5:41000", "10.96.0.10:5555", round_trip=0.0005, far=62).open()
    wire.ask(0.1, 300, 500).say(1.0, CLIENT, 300)
    echo = wire.heard[SERVER]
    at, wait = 1.0, 0.204
    for _ in range(copies):
        at, wait = at + wait, wait * 2
        wire.send(at, CLIENT, PSH | ACK, 300, seq=wire.next[CLIENT] - 300)
    if heard_at_once:
        wire.heard[SERVER] = echo
    wire.say(at + 0.0025, SERVER, 500).send(at + 0.0026, CLIENT).ask(at + 1, 300, 500).fin(at + 2, CLIENT)
    wire.send(at + 2.0005, SERVER).fin(at + 2.0006, SERVER)
    return wire.send(at + 2.0007, CLIENT)


@pytest.mark.parametrize(("copies", "heard", "is_told"), [(5, False, True), (2, False, False), (5, True, False)])
def test_a_connection_that_stood_still_and_went_on_says_so_and_is_well(
    copies: int, heard: bool, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    verdict = of(interrupted(copies, heard_at_once=heard), tshark, tmp_path)
    assert verdict.kind is Kind.HEALTHY
    assert ("data-made-good" in ids(verdict.claims)) is is_told
    if is_told:
        said = told(verdict.claims, "data-made-good")
        assert said.values["repeats"] == copies
        assert said.values["took"] == round((0.204 * (2**copies - 1) + 0.0025) * 1e9)


def probing(*, own: bool, answered: bool = False) -> Wire:
    """https://github.com/apache/nuttx/pull/17888 with a peer that probes, too: the client's probes get no answer.
    ``own``: the server's own probes come in between, and Linux minds none of them.
    """
    wire = Wire(start("2026-01-14T15:09:38"), "10.0.1.2:15149", "10.0.1.3:7777", round_trip=0.0036, far=64).open()
    wire.ask(0.1)
    for turn in range(1, 12):
        at = 10.0 * turn
        wire.send(at, CLIENT, seq=wire.next[CLIENT] - 1)
        if turn < 4 or answered:
            wire.send(at + 0.0036, SERVER)
        if own:
            wire.send(at + 5, SERVER, seq=wire.next[SERVER] - 1).send(at + 5.00002, CLIENT)
    return wire


@pytest.mark.parametrize(
    ("own", "answered", "kind"),
    [(True, False, Kind.PATH_LOST), (False, False, Kind.PATH_LOST), (True, True, Kind.HEALTHY)],
)
def test_a_probe_of_the_other_side_is_no_answer_and_a_sign_of_life(
    own: bool, answered: bool, kind: Kind, tshark: Tshark, tmp_path: Path
) -> None:
    _, explanations, verdict = judged(probing(own=own, answered=answered), tshark, tmp_path, lasts=118.0)
    weighed = {found.id: found for found in explanations}
    assert verdict.kind is kind
    assert "keepalive-answered-again" not in ids(verdict.claims)
    is_one_way = own and not answered
    assert (weighed[ExplanationId.PATH_LOSS].status is Status.SUPPORTED) is is_one_way
    if is_one_way:
        assert weighed[ExplanationId.HOST_FROZEN_THERE].status is Status.RULED_OUT


def pushing(*, bare: bool, closed: bool = False, after: float = 0.00003) -> Wire:
    """https://github.com/kubernetes/kubernetes/issues/124290, from the end that came back: a server sends to a host
    that was started anew since, captured there.
    """
    wire = Wire(start("2024-04-12T10:00:00"), "10.1.0.5:41000", "10.2.0.9:5432", round_trip=0.0008).open().ask(0.1)
    wire.ask(1.0)
    if closed:
        wire.fin(2.0, CLIENT).send(2.0008, SERVER)
    wire.say(400.0, SERVER, 300)
    return wire.refuse(400.0 + after, CLIENT) if bare else wire.abort(400.0 + after, CLIENT)


@pytest.mark.parametrize(
    ("bare", "closed", "after", "is_told"),
    [
        (True, False, 0.00003, True),
        (False, False, 0.00003, False),
        (True, True, 0.00003, False),
        (True, False, 1.5, False),  # a kernel refuses at once, so this was a program
    ],
)
def test_a_local_host_that_does_not_have_its_connection_is_not_its_program_closing(
    bare: bool, closed: bool, after: float, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    verdict = of(pushing(bare=bare, closed=closed, after=after), tshark, tmp_path, lasts=410.0)
    assert ("reset-no-such-connection" in ids(verdict.claims)) is is_told
    assert (Attribution.LOCAL_HOST in verdict.attribution) is is_told
    if is_told:
        assert (verdict.kind, verdict.confidence) == (Kind.LOCAL_CLOSED, Confidence.POSSIBLE)


def unread(*, reads: bool) -> Wire:
    """https://nginx.org/en/docs/http/ngx_http_core_module.html#send_timeout: a client stops reading, and the server
    resets the connection 60 s later (reset_timedout_connection).
    """
    wire = Wire(start("2024-05-01T10:00:00"), "10.1.0.5:41000", "10.2.0.9:80").open().say(0.1, CLIENT, 300)
    wire.send(0.1006, SERVER)
    for segment in range(20):
        at = 0.11 + segment * 0.0002
        wire.send(at, SERVER, ACK, 1448).send(at + 0.00002, CLIENT, window=501 if reads else max(0, 190 - 10 * segment))
    for wait in (0.2, 0.6, 1.4, 3.0, 6.2, 12.6, 25.4, 51.0):
        wire.send(0.2 + wait, SERVER, seq=wire.next[SERVER] - 1)
        wire.send(0.2 + wait + 0.00003, CLIENT, window=501 if reads else 0)
    return wire.abort(60.2, SERVER)


@pytest.mark.parametrize("reads", [True, False])
def test_a_scan_tells_of_a_client_that_did_not_read_until_it_was_reset(
    reads: bool, tshark: Tshark, tmp_path: Path
) -> None:
    verdicts = listed(unread(reads=reads), tshark, tmp_path, lasts=70.0)
    assert any("peer-stalled-window-closed" in ids(verdict.claims) for verdict in verdicts) is not reads
