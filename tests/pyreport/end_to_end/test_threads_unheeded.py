"""More captures rebuilt from public threads: signs of life that nobody gave, RSTs that nobody heeded, answers to a SYN
that nobody took. Beside each stands what looks like it.

As in test_threads.py: each function has the thread's address and what was taken from it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pyreport.capture.tshark import Tshark
from pyreport.diagnosis.result import Attribution, Confidence, Kind
from tests.pyreport.end_to_end.test_threads import (
    APPLICATION,
    PATH,
    PEER,
    Thread,
    hold,
    judge,
    start,
    tshark_of_all,
)
from tests.pyreport.told import ids
from tests.scenarios.packets import ACK, PSH, RST, SYN
from tests.scenarios.wire import CLIENT, SERVER, Wire

__all__ = ["tshark_of_all"]  # the fixture


def subscriber(closes: float = 96.35) -> Wire:
    """A client that only reads what is published to it; the broker closes."""
    wire = Wire(start("2024-05-13T10:00:00"), "10.1.0.5:50100", "10.2.0.9:1883").open().ask(0.2, 60, 4).ask(0.3, 30, 5)
    for publish in range(20):
        wire.say(1 + publish * 5, SERVER, 120).send(1.00004 + publish * 5, CLIENT)
    wire.fin(closes, SERVER).send(closes + 0.00004, CLIENT).fin(closes + 0.0005, CLIENT)
    return wire.send(closes + 0.0012, SERVER)


def mqttjs() -> Thread:
    """https://github.com/mqttjs/MQTT.js/issues/1861: what comes in puts the client's ping off, again and again, and the
    broker closes 96 s after it last heard the client. The client closes in turn, and nothing else looks wrong.
    """
    return Thread(subscriber(), (Kind.PEER_CLOSED,), (PEER,), 120.0, claims=("unheard",), spared=(PATH,))


def initiator() -> Thread:
    """https://github.com/iscsi-osx/iSCSIInitiator/issues/81: the client does not answer the target's NOP-In; the target
    closes.
    """
    wire = Wire(start("2017-01-03T10:00:00"), "10.1.0.5:50100", "10.2.0.9:3260", round_trip=0.0003).open()
    wire.ask(0.1, 48, 48).ask(0.5, 500, 800)
    for ping in (5.0, 10.0, 15.0):
        wire.say(ping, SERVER, 48).send(ping + 0.0001, CLIENT)
    wire.fin(20.0, SERVER).send(20.0001, CLIENT).fin(20.01, CLIENT).send(20.0103, SERVER)
    return Thread(wire, (Kind.PEER_CLOSED,), (PEER,), 50.0, claims=("unheard",), spared=(PATH,))


def haproxy() -> Thread:
    """https://github.com/haproxy/haproxy/issues/2182: the server's RST is in the capture of the client, which sends a
    request after it all the same, and gets another RST.
    """
    wire = Wire(start("2023-06-14T10:00:00"), "10.1.0.5:50100", "10.2.0.9:8443", round_trip=0.0004).open()
    wire.ask(0.1, 300, 900).ask(5.0, 300, 900).send(65.0, SERVER, RST | ACK)
    wire.say(72.0, CLIENT, 300).refuse(72.0004, SERVER)
    return Thread(wire, (Kind.PEER_CLOSED_IDLE,), (PEER,), 100.0, claims=("reset-not-taken",))


def frr() -> Thread:
    """https://github.com/FRRouting/frr/issues/21282: a router has closed a session with TCP-MD5. Its RSTs have no
    signature, and the peer repeats its message. Captured at the peer.
    """
    wire = Wire(start("2026-03-21T10:00:00"), "10.1.0.5:50100", "10.2.0.9:179", round_trip=0.0009, far=255).open()
    wire.ask(0.1, 60, 60).ask(30.0, 19, 19).fin(40.0, SERVER).send(40.0001, CLIENT).say(61.0, CLIENT, 19)
    wire.refuse(61.0009, SERVER)
    at, wait = 61.0, 0.204
    for _ in range(6):
        at, wait = at + wait, wait * 2
        wire.send(at, CLIENT, PSH | ACK, 19, seq=wire.next[CLIENT] - 19).refuse(at + 0.0009, SERVER)
    return Thread(wire, (Kind.PEER_CLOSED,), (PEER,), 120.0, claims=("reset-not-taken",))


def upload(more: int = 2, *, bare: bool = True) -> Wire:
    """An upload in which the client's host refuses an old segment; its socket sends so many segments after that."""
    wire = Wire(start("2016-04-08T10:00:00"), "10.1.0.5:50100", "10.2.0.9:5000", round_trip=0.002).open()
    wire.say(0.01, CLIENT, 300)
    for segment in range(60):
        wire.send(0.02 + segment * 0.1, CLIENT, ACK, 1448).send(0.022 + segment * 0.1, SERVER)
    wire.send(6.1, SERVER, ack=wire.next[CLIENT] - 50 * 1448)
    refusing = wire.refuse if bare else wire.abort
    refusing(6.10003, CLIENT)
    for segment in range(more):
        wire.send(6.1005 + segment * 0.0001, CLIENT, ACK, 1448)
    return wire.refuse(6.1026, SERVER)


def registry() -> Thread:
    """https://github.com/distribution/distribution/issues/785: a segment from far outside the window is nobody's to
    address translation on the client's host, which refuses it in the client's name. The upload goes on until the
    server, which takes that RST, refuses it.
    """
    kinds, shares = (Kind.LOCAL_CLOSED,), (Attribution.LOCAL_HOST,)
    return Thread(upload(), kinds, shares, 40.0, spared=(APPLICATION, PEER))


def refused_answers() -> Wire:
    """SYNs, and SYN-ACKs that the client's kernel does not take."""
    wire = Wire(start("2017-04-22T09:00:00"), "10.1.0.5:50100", "10.2.0.9:443", round_trip=0.001)
    wire.next[CLIENT] += 1
    for at in (0.0, 1.02, 3.07, 7.2):
        wire.send(at, CLIENT, SYN, seq=1_000).send(at + 0.001, SERVER, SYN | ACK, seq=500_000)
    return wire.send(15.0, SERVER, SYN | ACK, seq=500_000)


def opnsense() -> Thread:
    """https://github.com/opnsense/src/issues/23 and https://github.com/aws/eks-anywhere-build-tooling/pull/2840:
    checksums that a driver gets wrong. The SYN-ACKs come in, and the kernel drops them; the program gives up.
    """
    log = "2017-04-22T09:00:15.000Z dial tcp 10.2.0.9:443: i/o timeout"
    spared = (PEER,)
    possible = Confidence.POSSIBLE
    return Thread(refused_answers(), (Kind.NEVER_OPENED,), (), 60.0, log=log, surest=possible, spared=spared)


def windows() -> Thread:
    """https://github.com/microsoft/Windows-Containers/issues/552: LDAP after ten minutes without traffic. Windows sends
    five copies and an RST, and the program says the same as when it cannot connect.
    """
    wire = Wire(start("2024-12-12T09:00:00"), "10.1.0.5:50100", "10.2.0.9:389", round_trip=0.0007, stamped=False).open()
    wire.ask(0.1, 60, 300).ask(1.0, 60, 300).say(700.0, CLIENT, 120)
    at, wait = 700.0, 0.3
    for _ in range(5):
        at, wait = at + wait, wait * 2
        wire.send(at, CLIENT, PSH | ACK, 120, seq=wire.next[CLIENT] - 120)
    wire.abort(at + wait, CLIENT)
    log = (
        "2024-12-12 09:11:58.920 System.Net.Sockets.SocketException (10060): A connection attempt failed because the "
        "connected party did not properly respond after a period of time, or established connection failed because "
        "connected host has failed to respond."
    )
    possible = Confidence.POSSIBLE
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 760.0, log=log, surest=possible, spared=(APPLICATION,))


def restarting() -> Thread:
    """https://github.com/haproxy/haproxy/issues/3153: while a service restarts, each attempt to connect is refused. The
    line names no port of the client, and is about any of them.
    """
    wires = []
    for attempt in range(6):
        wire = Wire(start("2025-10-13T13:00:00"), f"10.1.0.5:{50100 + attempt}", "10.2.0.9:9001", round_trip=0.0002)
        at = 2 * attempt + 0.3
        wires.append(wire.send(at, CLIENT, SYN).send(at + 0.0002, SERVER, RST | ACK, seq=0, bare=True))
    log = "2025-10-13T13:00:04.301Z dial tcp 10.2.0.9:9001: connect: connection refused"
    others = (*wires[:2], *wires[3:])
    return Thread(wires[2], (Kind.NEVER_OPENED,), (PEER,), 30.0, log=log, others=others, spared=(PATH,))


THREADS = [mqttjs, initiator, haproxy, frr, registry, opnsense, windows, restarting]


@pytest.mark.parametrize("told", THREADS, ids=[told.__name__ for told in THREADS])
def test_what_the_thread_says(told: Callable[[], Thread], tshark: Tshark, tmp_path: Path) -> None:
    hold(told(), tshark, tmp_path)


def test_a_stream_that_ends_with_its_last_words_had_waited_for_nothing(tshark: Tshark, tmp_path: Path) -> None:
    verdict = judge(tshark, tmp_path, Thread(subscriber(closes=96.01), (), (), 120.0)).verdict
    assert verdict.kind is Kind.HEALTHY


@pytest.mark.parametrize(("at", "is_told"), [(65.0002, False), (65.1, False), (65.3, True)])
def test_what_was_on_its_way_ignored_no_rst(at: float, is_told: bool, tshark: Tshark, tmp_path: Path) -> None:
    wire = Wire(start("2023-06-14T10:00:00"), "10.1.0.5:50100", "10.2.0.9:8443", round_trip=0.0004).open()
    wire.ask(0.1, 300, 900).ask(5.0, 300, 900).send(65.0, SERVER, RST | ACK).say(at, CLIENT, 300)
    verdict = judge(tshark, tmp_path, Thread(wire, (), (), 100.0)).verdict
    assert ("reset-not-taken" in ids(verdict.claims)) is is_told


@pytest.mark.parametrize(("more", "bare"), [(0, True), (1, True), (2, False)])
def test_an_rst_behind_which_the_socket_says_nothing_new_may_be_its_own(
    more: int, bare: bool, tshark: Tshark, tmp_path: Path
) -> None:
    """Nor does one segment tell, which a capture may have put behind it; and an RST with a timestamp is a socket's."""
    verdict = judge(tshark, tmp_path, Thread(upload(more, bare=bare), (), (), 40.0)).verdict
    assert (verdict.kind, verdict.told("reset-by-own-filter")) == (Kind.LOCAL_CLOSED, None)


def test_a_syn_ack_that_was_acknowledged_is_no_failed_connect(tshark: Tshark, tmp_path: Path) -> None:
    wire = refused_answers()
    wire.next[SERVER] += 1
    wire.send(15.001, CLIENT)
    with pytest.raises(Exception, match="No connection to"):
        judge(tshark, tmp_path, Thread(wire, (), (), 60.0, log=opnsense().log))
