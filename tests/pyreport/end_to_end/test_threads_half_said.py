"""More captures rebuilt from public threads: replies that never began, that broke off, and that an RST took away.

As in test_threads.py: each function has the thread's address and what was taken from it. Beside each stands what looks
like it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pyreport.capture.tshark import Tshark
from pyreport.diagnosis.result import Confidence, ExplanationId, Kind, Status
from tests.pyreport.end_to_end.test_threads import (
    APPLICATION,
    PATH,
    PEER,
    Thread,
    X,
    hold,
    judge,
    start,
    tshark_of_all,
)
from tests.pyreport.told import ids
from tests.scenarios.packets import ACK, RST
from tests.scenarios.wire import CLIENT, SERVER, Wire

__all__ = ["tshark_of_all"]  # the fixture

FROM = start("2026-03-02T09:00:00")


def worker(closes: float, port: int = 8080) -> Wire:
    """A request, the first of its connection, and a server that closes without a reply."""
    wire = Wire(FROM, "10.1.0.5:50100", f"10.2.0.9:{port}", round_trip=0.0003).open()
    wire.say(0.01, CLIENT, 300).send(0.0103, SERVER).fin(closes, SERVER).fin(closes + 0.00005, CLIENT)
    return wire.send(closes + 0.0004, SERVER)


def meinheld() -> Thread:
    """https://github.com/tiangolo/meinheld-gunicorn-flask-docker/issues/24: a worker is ended after its limit of 10 s,
    in the middle of the first request of a connection.
    """
    log = (
        "2026/03/02 09:00:10 [error] 11#11: *1 upstream prematurely closed connection while reading response header "
        'from upstream, client: 192.168.160.1, server: , request: "GET /index HTTP/1.1", upstream: "http://10.2.0.9:8080/"'
    )
    claims = ("reply-outstanding",)
    return Thread(worker(10.9), (Kind.PEER_CLOSED,), (PEER,), 40.0, claims=claims, log=log, spared=(PATH, APPLICATION))


def upload(rests: float = 0.00003) -> Wire:
    """A request with a body, an answer before the body was read, and an RST so long after it."""
    wire = Wire(FROM, "10.1.0.5:50100", "10.2.0.9:8000", round_trip=0.0004).open()
    wire.say(0.01, CLIENT, 400).send(0.0104, SERVER)
    for segment in range(8):
        wire.send(0.0105 + segment * 0.00002, CLIENT, ACK, 1448)
    return wire.say(0.0125, SERVER, 180).send(0.0125 + rests, SERVER, RST | ACK)


def gunicorn() -> Thread:
    """https://github.com/benoitc/gunicorn/issues/872: the server says 401 before it has read the body, and its RST
    comes right behind: nginx may lose the answer.
    """
    log = (
        "2026/03/02 09:00:00 [error] 7#7: *4 recv() failed (104: Connection reset by peer) while reading response "
        'header from upstream, client: 10.9.1.1, server: _, request: "POST /x HTTP/1.1", upstream: "http://10.2.0.9:8000/x"'
    )
    return Thread(upload(), (Kind.PEER_RESET,), (PEER,), 20.0, claims=("reset-behind-own-data",), log=log)


def softether() -> Thread:
    """https://github.com/SoftEtherVPN/SoftEtherVPN/issues/482: address translation forgets a connection whose query
    takes 40 s. The query had arrived; nobody answers the driver's keep-alive probes.
    """
    wire = Wire(FROM, "10.1.0.5:50100", "10.2.0.9:1433", round_trip=0.03, far=60).open()
    wire.ask(0.1, 300, 900).say(1.0, CLIENT, 200).send(1.03, SERVER)
    for probe in range(10):
        wire.send(31.03 + probe, CLIENT, ACK, 1, seq=wire.next[CLIENT] - 1)
    wire.abort(41.03, CLIENT)
    log = (
        "2026-03-02 09:00:41 Microsoft.Data.SqlClient.SqlException: A transport-level error has occurred when "
        "receiving results from the server. (provider: TCP Provider, error: 0 - The semaphore timeout period has "
        "expired.)"
    )
    return Thread(wire, (Kind.KEEPALIVE_GAVE_UP,), (PATH, PEER), 70.0, (X.KEEPALIVE_GAVE_UP,), log=log)


def download(unseen: int = 0, ends: int = 0) -> Wire:
    """A download that comes to a stop; after a minute the client closes. The server's number counts so much more.
    ``ends``: it comes to its end, with a segment of that size.
    """
    wire = Wire(FROM, "10.1.0.5:50100", "10.2.0.9:80", round_trip=0.01, far=58).open().say(0.02, CLIENT, 200)
    for segment in range(50):
        wire.send(0.03 + segment * 0.01, SERVER, ACK, 1448).send(0.03005 + segment * 0.01, CLIENT)
    if ends:
        wire.say(0.53, SERVER, ends).send(0.53005, CLIENT)
    return wire.fin(60.6, CLIENT).send(60.61, SERVER, seq=wire.next[SERVER] + unseen)


SLOW = "2026-03-02T09:01:00.600Z curl: (28) Operation too slow. Less than 1 bytes/sec transferred the last 60 seconds"


def nethsecurity() -> Thread:
    """https://github.com/NethServer/nethsecurity/issues/1624: an inspecting firewall lets no more of a download through
    after 4 GiB. What it took is in the server's numbers.
    """
    return Thread(download(14_480), (Kind.PATH_LOST,), (PATH,), 90.0, (X.PATH_LOSS,), log=SLOW, spared=(PEER,))


def stopped() -> Thread:
    """https://github.com/NethServer/nethsecurity/issues/1624 as it looks where the server's number tells nothing: who
    stopped cannot be told, and it was not the client.
    """
    claims, sure = ("waited-in-vain",), Confidence.LIKELY
    return Thread(download(), (Kind.LOCAL_CLOSED,), (PEER, PATH), 90.0, claims=claims, log=SLOW, surest=sure)


def failover(count: int = 5, apart: float = 0.013, rests: float = 0.5) -> list[Wire]:
    """Connections to a service, each of which draws an RST with its next request."""
    wires = []
    for one in range(count):
        wire = Wire(FROM, f"10.1.0.5:{50100 + one}", "10.2.0.9:80", round_trip=0.0006).open(0.1 * one)
        for turn in range(5):
            wire.ask(0.5 + 0.1 * one + turn, 200, 500)
        at = 5.5 + rests + apart * one
        wires.append(wire.say(at, CLIENT, 200).refuse(at + 0.0006, SERVER))
    return wires


def keepalived() -> Thread:
    """https://github.com/acassen/keepalived/issues/1225: the address moves to another node, which knows none of the
    connections.
    """
    first, *others = failover()
    claims = ("reset-others-too",)
    return Thread(first, (Kind.PEER_RESET,), (PEER, PATH), 30.0, claims=claims, others=tuple(others))


def impatient(gives_up: float, at: str = CLIENT) -> Wire:
    """A request to a slow server, and a client that closes; the reply comes later."""
    wire = Wire(FROM, "10.8.10.1:50100", "10.8.10.5:8080", at=at, round_trip=0.0004, far=64).open()
    wire.say(0.01, CLIENT, 120).send(0.01 + wire.there, SERVER).fin(gives_up, CLIENT)
    return wire.send(gives_up + wire.there, SERVER).say(1.9, SERVER, 180).refuse(1.9001, CLIENT)


def kubelet() -> Thread:
    """https://github.com/kubernetes/kubernetes/issues/51096: a probe that waits for 1 s, and a server that takes
    longer. Captured at the client.
    """
    log = (
        'Mar  2 09:00:01 n1 kubelet[1]: Readiness probe failed: Get "http://10.8.10.5:8080/ready": context deadline '
        "exceeded (Client.Timeout exceeded while awaiting headers)"
    )
    kinds, shares, claims = (Kind.LOCAL_CLOSED,), (APPLICATION, PEER), ("reply-outstanding",)
    return Thread(impatient(1.011), kinds, shares, 30.0, claims=claims, log=log, spared=(PATH,))


def epoll() -> Thread:
    """https://github.com/GoogleCloudPlatform/php-docker/issues/443: the same, as the server tells it."""
    log = (
        "2026/03/02 09:00:01 [info] 45#0: *400 epoll_wait() reported that client prematurely closed connection, so "
        "upstream connection is closed too while sending request to upstream, client: 10.8.10.1, server: , request: "
        '"GET /alive HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "10.8.10.5:8080"'
    )
    kinds, shares, claims = (Kind.PEER_CLOSED,), (APPLICATION, PEER), ("peer-stalled-no-reply",)
    return Thread(impatient(1.011, SERVER), kinds, shares, 30.0, claims=claims, log=log, spared=(PATH,))


THREADS = [meinheld, kubelet, epoll, gunicorn, softether, nethsecurity, stopped, keepalived]


@pytest.mark.parametrize("told", THREADS, ids=[told.__name__ for told in THREADS])
def test_what_the_thread_says(told: Callable[[], Thread], tshark: Tshark, tmp_path: Path) -> None:
    hold(told(), tshark, tmp_path)


def claims_of(tshark: Tshark, folder: Path, wire: Wire, *others: Wire, log: str = "") -> list[str]:
    verdict = judge(tshark, folder, Thread(wire, (), (), 90.0, others=others, log=log)).verdict
    return ids(verdict.claims)


def test_a_last_word_that_owes_no_reply_by_its_port_needs_none(tshark: Tshark, tmp_path: Path) -> None:
    """A worker that crashes at once. A log shipper says as much to a port of its own, and nothing shows that the other
    end should have replied.
    """
    assert "reply-outstanding" in claims_of(tshark, tmp_path, worker(0.06))
    assert "reply-outstanding" not in claims_of(tshark, tmp_path, worker(0.06, port=5170))


@pytest.mark.parametrize(("rests", "is_told"), [(0.2, True), (0.201, False)])
def test_data_that_had_time_to_be_read_was_not_taken_away(
    rests: float, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    assert ("reset-behind-own-data" in claims_of(tshark, tmp_path, upload(rests))) is is_told


def test_a_kernel_that_answers_no_probe_is_more_than_a_stalled_application(tshark: Tshark, tmp_path: Path) -> None:
    found = judge(tshark, tmp_path, softether())
    (stalled,) = [one for one in found.explanations if one.id is ExplanationId.PEER_APPLICATION_STALLED]
    assert (stalled.status, ids(stalled.against)) == (Status.POSSIBLE, ["peer-stalled-kernel-silent"])


def test_who_closed_after_a_reply_had_waited_for_nothing_unless_a_log_says_so(tshark: Tshark, tmp_path: Path) -> None:
    """Nor had it where the reply ended with a segment that is not full."""
    assert "waited-in-vain" not in claims_of(tshark, tmp_path, download())
    assert "waited-in-vain" not in claims_of(tshark, tmp_path, download(ends=700), log=SLOW)


@pytest.mark.parametrize(("count", "apart", "rests"), [(2, 0.013, 0.5), (5, 1.1, 0.5), (5, 0.013, 400.0)])
def test_resets_that_may_have_nothing_in_common(
    count: int, apart: float, rests: float, tshark: Tshark, tmp_path: Path
) -> None:
    """Too few, not at one time, or after a silence in which a device forgets each for itself."""
    assert "reset-others-too" not in claims_of(tshark, tmp_path, *failover(count, apart, rests))


@pytest.mark.parametrize(("gives_up", "is_told"), [(0.3, True), (0.1, False)])
def test_who_closes_at_once_had_not_waited(gives_up: float, is_told: bool, tshark: Tshark, tmp_path: Path) -> None:
    """It asked, and closed its side, as old clients do: the reply may still come."""
    assert ("reply-outstanding" in claims_of(tshark, tmp_path, impatient(gives_up))) is is_told
