"""More captures rebuilt from public threads: lost closes, lost replies, hosts that were gone, filters and sleep.

As in test_threads.py: each function has the thread's address and what was taken from it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pyreport.capture.tshark import Tshark
from pyreport.diagnosis.result import Confidence, Kind
from tests.pyreport.end_to_end.test_threads import APPLICATION, PATH, PEER, Thread, X, hold, start, tshark_of_all
from tests.scenarios.packets import ACK, FIN, PSH, RST, SYN
from tests.scenarios.wire import CLIENT, MIDDLE, SERVER, Wire

__all__ = ["tshark_of_all"]  # the fixture


def conbench() -> Thread:
    """https://github.com/conbench/conbench/issues/1156: gunicorn closes after 2 s, the balancer reuses a connection for
    longer. A request meets the FIN on the way. No device forgets a connection after 2 s.
    """
    client, server = "[2001:db8:1::5]:50100", "[2001:db8:1::9]:8000"
    wire = Wire(start("2023-04-24T09:00:00"), client, server, round_trip=0.0009, far=63).open()
    wire.ask(0.3, 900, 400).say(2.3038, CLIENT, 900).fin(2.3041, SERVER, ack=wire.next[CLIENT] - 900)
    wire.send(2.30412, CLIENT).refuse(2.3047, SERVER)
    dismissed = (X.IDLE_STATE_FORGOTTEN,)
    return Thread(wire, (Kind.PEER_CLOSED_IDLE,), (PEER,), 30.0, (X.CLOSE_RACE,), dismissed=dismissed, spared=(PATH,))


def envoy() -> Thread:
    """https://github.com/envoyproxy/envoy/issues/6815: Node closes after 5 s. Envoy's kernel has acknowledged the FIN,
    and 1.4 s later Envoy sends a request on the connection.
    """
    wire = Wire(start("2020-03-18T10:00:00"), "10.4.0.2:40100", "10.4.0.3:3000", round_trip=0.0004, far=63).open()
    wire.ask(0.1, 600, 900).fin(5.104, SERVER).send(5.1441, CLIENT).say(6.51, CLIENT, 600).refuse(6.5104, SERVER)
    supported = (X.WRITE_ON_HALF_CLOSED,)
    return Thread(wire, (Kind.PEER_CLOSED_IDLE,), (PEER, APPLICATION), 30.0, supported, spared=(PATH,))


def narrow_path() -> Thread:
    """https://github.com/NICMx/Jool/issues/455: of a TLS greeting in two segments the full one never passes. Captured
    halfway; the server acknowledges the small one by what it still waits for, and the FIN as well.
    """
    wire = Wire(start("2026-01-20T20:11:48"), "192.0.2.6:62910", "198.51.100.71:443", at=MIDDLE, round_trip=0.014,
                far=63, stamped=False, mss=1330).open()  # fmt: skip
    first = wire.next[CLIENT]
    wire.send(0.0143, CLIENT, ACK, 1330).say(0.014301, CLIENT, 479).send(0.0283, SERVER, ack=first)
    at, wait = 0.0143, 0.3
    for _ in range(6):
        at, wait = at + wait, wait * 2
        wire.send(at, CLIENT, ACK, 1330, seq=first)
    wire.fin(60.01, CLIENT).send(60.024, SERVER, ack=first)
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 80.0, (X.PATH_LOSS,), spared=(PEER,))


def lost_reply() -> Thread:
    """https://github.com/docker/for-linux/issues/594: large replies do not pass a VPN. All that comes back is an
    acknowledgment, whose number counts the reply.
    """
    wire = Wire(start("2019-03-01T12:25:10"), "172.30.2.157:38999", "10.4.0.32:1521", round_trip=0.04, far=60).open()
    wire.ask(0.06, 217, 8).say(0.15, CLIENT, 433).send(0.19, SERVER).fin(60.2, CLIENT)
    wire.send(60.24, SERVER, seq=wire.next[SERVER] + 2896)
    dismissed = (X.PEER_APPLICATION_STALLED,)
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 80.0, (X.PATH_LOSS,), dismissed=dismissed)


def dead_host() -> Thread:
    """https://github.com/redis/lettuce/issues/2082: the host fails. The client's kernel repeats a command for 925 s;
    another host has taken the address when the client connects again.
    """
    wire = Wire(start("2022-04-22T10:00:00"), "10.6.0.5:44000", "10.6.0.9:6379", round_trip=0.0005, far=64).open()
    for turn in range(10):
        wire.ask(0.5 + turn * 0.5, 35, 5)
    wire.say(10.0, CLIENT, 35)
    at, wait = 10.0, 0.201
    for _ in range(15):
        at, wait = at + wait, min(wait * 2, 120)
        wire.send(at, CLIENT, PSH | ACK, 35, seq=wire.next[CLIENT] - 35)
    wire.abort(at + 120, CLIENT)
    again = Wire(wire.start_ns, "10.6.0.5:44044", wire.server, round_trip=0.0005, far=64)
    again.open(at + 120.3).ask(at + 120.4, 30, 5)
    return Thread(wire, (Kind.PATH_LOST,), (PATH, PEER), at + 140, others=(again,), surest=Confidence.POSSIBLE)


def lost_close() -> Thread:
    """https://github.com/redis/lettuce/issues/1322: Redis closes after its timeout of 300 s. The FIN never arrives, and
    the client's next command is refused. Captured at the server.
    """
    wire = Wire(start("2020-06-25T10:00:00"), "10.6.2.5:44000", "10.6.2.9:6379", at=SERVER, round_trip=0.0012).open()
    wire.ask(0.5, 35, 5).ask(10.0, 35, 300).fin(310.2, SERVER)
    at, wait = 310.2, 0.204
    for _ in range(8):
        at, wait = at + wait, wait * 2
        wire.send(at, SERVER, FIN | ACK, seq=wire.next[SERVER] - 1)
    wire.send(910.0, CLIENT, PSH | ACK, 35, ack=wire.next[SERVER] - 1).refuse(910.00003, SERVER)
    dismissed = (X.CLOSE_RACE,)
    return Thread(wire, (Kind.PEER_CLOSED_IDLE,), (PEER, PATH), 940.0, (X.PATH_LOSS,), dismissed=dismissed)


def port_again() -> Thread:
    """https://github.com/oxidecomputer/opte/issues/436: a connection from a port ends well. The next one from that port
    gets no answer to its SYNs.
    """
    before = Wire(start("2023-12-18T10:00:00"), "172.30.0.5:56000", "192.0.2.3:80", round_trip=0.01, far=55)
    before.open().ask(0.02, 80, 300).fin(0.05, CLIENT).fin(0.0601, SERVER).send(0.06012, CLIENT)
    wire = Wire(before.start_ns, before.client, before.server, round_trip=0.01, far=55)
    for at in (20.0, 21.02, 23.04, 27.2, 35.4):
        wire.send(at, CLIENT, SYN, seq=900_000)
    kinds = (Kind.NEVER_OPENED,)
    return Thread(wire, kinds, (PATH,), 60.0, others=(before,), surest=Confidence.POSSIBLE)


def late_start() -> Thread:
    """https://github.com/Icinga/icingaweb2/issues/4299: a firewall has forgotten a connection to an LDAP server that
    was idle for an hour. The capture begins after the last answer, so that it has one direction only.
    """
    wire = Wire(start("2021-01-06T10:00:00"), "10.13.0.5:42458", "10.13.0.9:389", round_trip=0.0008, far=60).open()
    wire.ask(0.1, 60, 22).ask(0.2, 150, 900).again(4500.0, CLIENT, 150, 5).fin(4510.0, CLIENT)
    wire.send(4513.5, CLIENT, FIN | PSH | ACK, 150, seq=wire.next[CLIENT] - 151).since(4000.0)
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 4560.0, surest=Confidence.POSSIBLE, spared=(APPLICATION,))


def nginx_module() -> Thread:
    """https://github.com/kvspb/nginx-auth-ldap/issues/51: the same, told by a module of nginx, whose line names no end
    and borrows the number of ETIMEDOUT for its own 10 s.
    """
    wire = Wire(start("2014-07-28T08:20:00"), "10.14.0.5:42458", "10.14.0.9:636", round_trip=0.0008, far=60).open()
    wire.ask(0.1, 300, 1400).ask(0.2, 150, 900).again(2421.0, CLIENT, 150, 5).fin(2431.0, CLIENT)
    log = (
        "2014/07/28 09:00:31 [info] 8020#0: http_auth_ldap: Request timed out (state=1) (110: Connection timed out)"
    )  # fmt: skip
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 2480.0, log=log, surest=Confidence.POSSIBLE)


def laptop() -> Thread:
    """https://github.com/lordmauve/chopsticks/issues/20: a laptop sleeps, and the capture with it; the server does not
    know its connections afterwards.
    """
    wire = Wire(start("2017-05-26T08:00:00"), "192.168.1.7:50100", "203.0.113.5:22", round_trip=0.03, far=50).open()
    other = Wire(wire.start_ns, "192.168.1.7:51515", "203.0.113.8:443", round_trip=0.03, far=50).open(0.5)
    for turn in range(30):
        wire.ask(0.1 + turn * 2, 36, 36)
        other.ask(1.1 + turn * 2, 120, 300)
    wakes = 3 * 3600 + 60
    wire.say(wakes, CLIENT, 36).refuse(wakes + 0.03, SERVER)
    other.say(wakes + 0.5, CLIENT, 60).refuse(wakes + 0.53, SERVER)
    claims, possible = ("idle-forgotten-all-silent",), Confidence.POSSIBLE
    kinds = (Kind.PEER_RESET,)
    return Thread(wire, kinds, (), 0.0, claims=claims, others=(other,), is_alone=True, surest=possible)


def restarted_host() -> Thread:
    """https://github.com/brettwooldridge/HikariCP/issues/1705: the machine of a database hangs and is restarted. The
    last of many copies draws an RST; a new connection opens.
    """
    wire = Wire(start("2024-03-08T10:00:00"), "10.18.0.9:50070", "10.18.0.3:1433", round_trip=0.0006, far=127).open()
    for turn in range(20):
        wire.ask(0.1 + turn * 2, 160, 400)
    wire.again(41.0, CLIENT, 160, 9).refuse(145.2496, SERVER)
    again = Wire(wire.start_ns, "10.18.0.9:50090", wire.server, round_trip=0.0006, far=127).open(155.0).ask(155.1)
    claims, dismissed = ("reset-after-copies",), (X.IDLE_STATE_FORGOTTEN,)
    kinds = (Kind.PEER_RESET, Kind.PEER_RESTARTED)
    return Thread(wire, kinds, (PEER,), 190.0, claims=claims, others=(again,), dismissed=dismissed)


def pgbouncer() -> Thread:
    """https://github.com/pgbouncer/pgbouncer/issues/184: a query after more than 240 s gets no answer. The request that
    cancels it takes a connection of its own, and arrives.
    """
    wire = Wire(start("2017-02-08T18:40:00"), "10.2.0.9:40404", "192.0.2.33:6432", round_trip=0.02, far=50).open()
    wire.ask(0.1, 60, 300).ask(2.0, 60, 100).again(252.0, CLIENT, 60, 9)
    cancel = Wire(wire.start_ns, "10.2.0.9:40410", wire.server, round_trip=0.02, far=50).open(261.0)
    cancel.say(261.03, CLIENT, 16).send(261.06, SERVER).fin(261.061, SERVER).fin(261.0612, CLIENT)
    cancel.send(261.081, SERVER)
    claims, supported = ("idle-forgotten-others-open",), (X.IDLE_STATE_FORGOTTEN,)
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 390.0, supported, claims, others=(cancel,), spared=(PEER,))


def packet_filter() -> Thread:
    """https://github.com/pgbouncer/pgbouncer/issues/364: the database's own host drops what comes to its port. Captured
    there: no router lost it, though nothing tells that the capture is on the host itself.
    """
    wire = Wire(start("2019-02-05T10:00:00"), "10.3.0.9:40404", "10.3.0.2:5432", at=SERVER, round_trip=0.0005).open()
    for turn in range(10):
        wire.ask(0.1 + turn * 1.5, 60, 300)
    wire.again(16.0, CLIENT, 60, 7).fin(46.0, CLIENT)
    dismissed = (X.PATH_LOSS, X.IDLE_STATE_FORGOTTEN)
    return Thread(wire, (Kind.PATH_LOST,), (PEER,), 80.0, dismissed=dismissed)


def half_open() -> Thread:
    """https://github.com/kubernetes/kubernetes/issues/118739: the server stays in SYN_RECV. Its SYN-ACK does not arrive
    at the client, which repeats its SYN.
    """
    wire = Wire(start("2023-06-19T10:00:00"), "10.5.0.9:40404", "10.5.0.2:30080", at=SERVER, round_trip=0.0005)
    wire.next[CLIENT] += 1
    for at in (1.0, 2.01, 4.03, 8.2):
        wire.send(at, CLIENT, SYN, seq=1_000).send(at + 0.00003, SERVER, SYN | ACK, seq=500_000)
    wire.send(16.3, SERVER, SYN | ACK, seq=500_000)
    return Thread(wire, (Kind.NEVER_OPENED,), (PATH,), 60.0, (X.PATH_LOSS,), surest=Confidence.POSSIBLE)


def refused_body() -> Thread:
    """https://github.com/nodejs/node/issues/26166: a timer of 10 s closes the connection
    as a request has come in, which the server does not read. Its kernel sends an RST that nothing has asked for.
    """
    wire = Wire(start("2019-02-17T10:00:00"), "172.17.0.1:50022", "172.17.0.2:8080", round_trip=0.0003, far=64).open()
    for turn in range(4):
        wire.ask(0.01 + turn * 10.0, 140, 180)
    wire.say(40.011, CLIENT, 140).send(40.0113, SERVER).send(40.0131, SERVER, RST | ACK)
    claims = ("reply-outstanding", "reset-perhaps-unread")
    return Thread(wire, (Kind.PEER_RESET,), (PEER,), 60.0, claims=claims, spared=(PATH,))


THREADS = [
    *(conbench, envoy, narrow_path, lost_reply, dead_host, lost_close, port_again, late_start, nginx_module, laptop),
    *(restarted_host, pgbouncer, packet_filter, half_open, refused_body),
]


@pytest.mark.parametrize("told", THREADS, ids=[told.__name__ for told in THREADS])
def test_what_the_thread_says(told: Callable[[], Thread], tshark: Tshark, tmp_path: Path) -> None:
    hold(told(), tshark, tmp_path)
