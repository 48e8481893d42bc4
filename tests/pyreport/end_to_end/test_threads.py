"""Captures rebuilt from public threads in which somebody says what the cause was: the report agrees, or cannot tell.

Each function has the thread's address and the facts that were taken from it. Addresses, and what the thread does not
say, are made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError
from pyreport.capture.file import open_capture
from pyreport.capture.tshark import Tshark, open_tshark
from pyreport.choice.choose import Wanted, choose
from pyreport.choice.diagnosed import Diagnosis, diagnose_selection
from pyreport.choice.plainly_well import judge_all, to_judge
from pyreport.choice.worth_telling import rows_of
from pyreport.connections.reading import read_capture
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status
from pyreport.logs.registry import parse_log_line
from pyreport.matching.match import Zones
from tests.pyreport.told import ids
from tests.scenarios.packets import ACK, RST, SYN
from tests.scenarios.simulation import SECOND
from tests.scenarios.wire import CLIENT, SERVER, Wire, beside, save
from tests.support.leftovers import ending_its_readers

PEER, PATH, APPLICATION = Attribution.PEER_SERVICE, Attribution.NETWORK_PATH, Attribution.LOCAL_APPLICATION
X = ExplanationId


def start(text: str) -> int:
    """A moment in UTC, in ns."""
    return int(datetime.fromisoformat(f"{text}+00:00").timestamp()) * SECOND


@dataclass(frozen=True)
class Thread:
    """A rebuilt capture and what may be said of it.

    ``kinds``: what may be said to have happened. ``shares``: who has to have a share. ``supported``: explanations that
    have to be; ``dismissed``: some that may not even be possible; ``claims``: some that the verdict has to make.
    ``spared``: who may have no share. ``others``: what else the capture has, beside a busy connection if not
    ``is_alone``. ``log``: the line as the program words it, without which the connection is named. ``surest``: no
    verdict may be surer.
    """

    wire: Wire
    kinds: tuple[Kind, ...]
    shares: tuple[Attribution, ...]
    lasts: float
    supported: tuple[ExplanationId, ...] = ()
    claims: tuple[str, ...] = ()
    log: str = ""
    others: tuple[Wire, ...] = ()
    surest: Confidence = Confidence.LIKELY
    dismissed: tuple[ExplanationId, ...] = ()
    spared: tuple[Attribution, ...] = ()
    is_alone: bool = False


def tomcat() -> Thread:
    """https://github.com/logstash-plugins/logstash-output-http/issues/54: Tomcat's keepAliveTimeout is 10 s. Its FIN
    came 10.33 s after the last segment. The plugin posts 4 ms after that FIN, which it has acknowledged, and closes 56
    us later.
    """
    wire = Wire(start("2017-04-11T14:32:30"), "10.1.1.5:56617", "10.1.1.9:2181").open().ask(12.893, 1670, 321)
    wire.fin(23.226484, SERVER).say(23.230563, CLIENT, 1669).fin(23.230619, CLIENT).refuse(23.230816, SERVER)
    return Thread(wire, (Kind.PEER_CLOSED_IDLE,), (PEER,), 60.0, claims=("fin-write-after", "fin-refusal-after"))


def mosquitto() -> Thread:
    """https://github.com/SIDN/spin/issues/17: the broker closes 1.5 times the keep-alive of 60 s after the client's
    last packet (89.967 s): the client publishes, and does not ping. The line is the broker's.
    """
    wire = Wire(start("2017-11-10T18:09:00"), "10.1.2.3:44416", "10.1.2.4:1883").open().ask(0.2, 22, 4)
    wire.say(17.522142, CLIENT, 428).send(17.522411, SERVER).fin(107.489544, SERVER).fin(107.490396, CLIENT)
    wire.send(107.4904, SERVER)
    log = "1510337447: Client asdf has exceeded timeout, disconnecting."
    return Thread(wire, (Kind.LOCAL_CLOSED,), (APPLICATION,), 130.0, log=log)


def swarm() -> Thread:
    """https://github.com/moby/moby/issues/31208: IPVS forgets a connection after 900 s without a packet, and drops
    what comes then.
    """
    wire = Wire(start("2017-02-21T10:00:00"), "10.0.0.7:40112", "10.0.0.4:5000").open().ask(1.0, 6, 6)
    wire.again(1000.0, CLIENT, 6, 9)
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 1150.0, surest=Confidence.POSSIBLE)


def half_closed() -> Thread:
    """https://github.com/moby/moby/issues/29655: the client has closed its side and waits. IPVS forgets that after 60
    s; it refuses what the server writes then. Captured at the server.
    """
    wire = Wire(start("2016-12-22T03:00:00"), "10.0.0.3:34012", "10.0.0.5:8080", at=SERVER).open()
    wire.say(0.001, CLIENT, 6).send(0.00102, SERVER).fin(0.0015, CLIENT).send(0.00152, SERVER)
    wire.say(65.0, SERVER, 6).refuse(65.00004, CLIENT, ttl=64)
    claims = ("fin-refusal-in-the-name", "fin-refusal-elsewhere")
    kinds, shares = (Kind.LOCAL_CLOSED, Kind.MIDDLEBOX_CLOSED), (PATH,)
    return Thread(wire, kinds, shares, 90.0, claims=claims, surest=Confidence.POSSIBLE)


def kube_router() -> Thread:
    """https://github.com/cloudnativelabs/kube-router/issues/521: gRPC, idle for more than 15 minutes. An RST answers
    the next write; its TTL was not lowered, and a capture at the server has none.
    """
    wire = Wire(start("2018-08-25T08:00:00"), "100.96.3.12:44120", "100.65.10.4:50051", far=62, round_trip=0.0009)
    wire.open().ask(1.0, 180, 120).ask(2.0, 90, 60).say(960.0, CLIENT, 90).refuse(960.00006, SERVER, ttl=64)
    line = "rpc error: code = Unavailable desc = transport is closing: read tcp {}->{}: read: connection reset by peer"
    log = f"2018/08/25 08:16:00 {line.format(*wire.named)}"
    supported = (X.MIDDLEBOX_CLOSE, X.IDLE_STATE_FORGOTTEN)
    return Thread(wire, (Kind.MIDDLEBOX_CLOSED,), (PATH,), 990.0, supported, log=log)


def node() -> Thread:
    """https://github.com/nodejs/node/issues/6795: the server's limit of 120 s runs out as a request comes in. It
    closes and does not reply. Keep-alive probes were answered all the time.
    """
    wire = Wire(start("2016-05-16T11:31:40"), "10.2.0.8:53300", "10.2.0.20:8080").open().ask(1.0, 337, 500)
    wire.ask(23.0, 337, 500).probes(38.0, 7, 15.04).say(143.001, CLIENT, 551).send(143.0016, SERVER)
    wire.fin(143.0034, SERVER).send(143.00345, CLIENT).fin(143.0036, CLIENT).send(143.0042, SERVER)
    return Thread(wire, (Kind.PEER_CLOSED, Kind.PEER_CLOSED_IDLE), (PEER,), 170.0, claims=("reply-outstanding",))


def jetty() -> Thread:
    """https://github.com/jetty/jetty.project/issues/2306: nginx keeps a connection for 60 s, Jetty for 30 s. A request
    meets Jetty's FIN on the way.
    """
    wire = Wire(start("2018-03-04T22:38:55"), "10.0.1.2:47100", "10.0.1.8:8080", round_trip=0.0008).open()
    wire.ask(1.0, 400, 900).ask(4.9962, 400, 900).say(35.0, CLIENT, 400)
    wire.fin(35.0003, SERVER, ack=wire.next[CLIENT] - 400).fin(35.00034, CLIENT).refuse(35.0008, SERVER)
    log = (
        "2018/03/04 22:39:30 [error] 19106#19106: *20 upstream prematurely closed connection while reading response "
        'header from upstream, client: 10.9.1.1, server: _, request: "GET / HTTP/1.1", upstream: "http://10.0.1.8:8080/"'
    )
    supported = (X.PEER_IDLE_CLOSE, X.CLOSE_RACE)
    return Thread(wire, (Kind.PEER_CLOSED_IDLE,), (PEER,), 80.0, supported, log=log)


def zookeeper() -> Thread:
    """https://github.com/apache/pulsar/issues/3535 and https://github.com/vert-x3/vertx-zookeeper/issues/82: the
    client collects garbage for 34.8 s and sends no ping; the server expires its session.
    """
    wire = Wire(start("2019-06-12T10:14:00"), "10.8.0.5:41220", "10.8.0.40:2181").open().ask(0.001, 49, 41)
    for ping in range(8):
        wire.ask(6.7 + ping * 6.67, 12, 20)
    last = 6.7 + 7 * 6.67 + 0.0026
    wire.fin(last + 20.1, SERVER).send(last + 20.10004, CLIENT).fin(last + 34.816, CLIENT).send(last + 34.817, SERVER)
    log = (
        "2019-06-12 10:15:28.210  WARN 1 --- [.internal:2181)] org.apache.zookeeper.ClientCnxn : Client session timed "
        "out, have not heard from server in 34816ms for sessionid 0x100000048e50034"
    )
    kinds = (Kind.PEER_CLOSED, Kind.PEER_CLOSED_IDLE)
    return Thread(wire, kinds, (PEER, APPLICATION), 130.0, (X.APPLICATION_STALLED,), log=log)


def rabbitmq() -> Thread:
    """https://github.com/alanxz/SimpleAmqpClient/issues/101 and https://github.com/amqp-node/amqplib/issues/151: a
    client that is busy sends no heartbeats; its kernel acknowledges the broker's, and the broker closes. It writes on,
    half a minute later.
    """
    wire = Wire(start("2017-09-26T08:00:00"), "10.3.0.9:54720", "10.3.0.2:5672").open().ask(0.003, 300, 500)
    wire.ask(0.02, 50, 20).ask(20.0, 150, 30)
    for heartbeat in (50.0, 80.0, 110.0):
        wire.say(heartbeat, SERVER, 8).send(heartbeat + 0.0001, CLIENT)
    wire.fin(140.7, SERVER).send(140.70004, CLIENT).say(171.2, CLIENT, 150).refuse(171.2006, SERVER)
    return Thread(wire, (Kind.PEER_CLOSED,), (PEER, APPLICATION), 190.0, (X.APPLICATION_STALLED,), ("unheard",))


def logstash() -> Thread:
    """https://github.com/logstash-plugins/logstash-output-elasticsearch/issues/814: a balancer forgets connections
    that are idle for 5 minutes. The next request gets no answer, and the client gives up after 60 s.
    """
    wire = Wire(start("2018-11-16T09:30:00"), "10.100.3.4:40550", "10.100.24.254:9200", round_trip=0.0008).open()
    wire.ask(0.01, 900, 300).ask(30.0, 900, 300).again(350.7, CLIENT, 900, 8).fin(410.701, CLIENT)
    log = (
        "[2018-11-16T09:36:50,708][WARN ][logstash.outputs.elasticsearch] Marking url as dead. Last error: [LogStash::"
        "Outputs::ElasticSearch::HttpClient::Pool::HostUnreachableError] Elasticsearch Unreachable: [http://10.100.24.254:9200/]"
        "[Manticore::SocketTimeout] Read timed out"
    )
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 470.0, log=log, surest=Confidence.POSSIBLE)


def gunicorn() -> Thread:
    """https://github.com/benoitc/gunicorn/issues/1698: a worker closes a connection that is kept alive without having
    read the request that came in.
    """
    wire = Wire(start("2018-02-06T10:00:00"), "10.4.4.4:41880", "10.4.4.5:7777").open()
    for turn in range(12):
        wire.ask(0.01 + turn * 0.05, 150, 180)
    wire.say(0.71, CLIENT, 150).send(0.7106, SERVER).abort(0.7123, SERVER)
    return Thread(wire, (Kind.PEER_RESET,), (PEER,), 20.0, claims=("reply-outstanding",))


def ingress() -> Thread:
    """https://github.com/hashicorp/boundary/issues/3133: a connection that nothing but keep-alive probes uses ends
    after 10 minutes: nginx' proxy_timeout of streams.
    """
    wire = Wire(start("2023-03-31T10:00:00"), "10.20.0.9:47700", "10.20.0.2:22", round_trip=0.01).open()
    wire.ask(0.02, 40, 40).ask(12.0, 60, 100).probes(27.04, 39, 15.104)
    wire.fin(612.03, SERVER).send(612.03004, CLIENT).fin(612.0302, CLIENT).send(612.04, SERVER)
    log = "2023-03-31T10:10:12Z read tcp {}->{}: EOF".format(*wire.named)
    return Thread(wire, (Kind.PEER_CLOSED_IDLE,), (PEER,), 650.0, (X.PEER_IDLE_CLOSE,), log=log)


def injected() -> Thread:
    """https://github.com/net4people/bbs/issues/285: three RSTs with the same number answer a SYN, sooner than the
    server can and from another distance; its SYN-ACK comes behind them.
    """
    wire = Wire(start("2023-09-09T10:00:00"), "10.30.0.5:50500", "192.0.2.1:443", far=52)
    wire.send(0.0, CLIENT, SYN)
    for copy in range(3):
        wire.send(0.012 + copy * 3e-5, SERVER, RST | ACK, seq=0, ttl=91 + copy, bare=True)
    wire.send(0.16, SERVER, SYN | ACK).refuse(0.16004, CLIENT)
    return Thread(wire, (Kind.MIDDLEBOX_CLOSED,), (PATH,), 20.0, (X.MIDDLEBOX_CLOSE,), ("refused-and-accepted",))


def nat_gateway() -> Thread:
    """https://github.com/istio/istio/issues/36499: a NAT gateway of AWS answers what comes after 350 s of silence with
    an RST.
    """
    wire = Wire(start("2021-12-14T08:50:00"), "10.60.1.8:44550", "198.51.100.97:443", far=55, round_trip=0.012).open()
    wire.ask(0.02, 517, 1400).ask(4.0, 300, 600).say(374.1, CLIENT, 300).refuse(374.1004, SERVER, ttl=255)
    supported = (X.MIDDLEBOX_CLOSE, X.IDLE_STATE_FORGOTTEN)
    return Thread(wire, (Kind.MIDDLEBOX_CLOSED,), (PATH,), 400.0, supported)


def download() -> Wire:
    """A client pod reads from a service address; then the server refuses what the client acknowledges."""
    wire = Wire(start("2019-03-02T11:00:00"), "10.8.1.7:41222", "10.0.0.2:80", far=62).open().say(0.001, CLIENT, 120)
    for segment in range(40):
        wire.send(0.002 + segment * 0.00012, SERVER, ACK, 1448).send(0.00201 + segment * 0.00012, CLIENT)
    return wire


def kube_proxy() -> Thread:
    """https://github.com/kubernetes/kubernetes/issues/74839: conntrack takes a segment for one outside the window, and
    the client gets it under the address of the server's pod. The client's RST ends the connection at the server.
    """
    wire = download()
    stray = Wire(wire.start_ns, wire.client, "10.8.2.9:8000", far=62)
    stray.send(0.0072, SERVER, ACK, 1448, seq=wire.next[SERVER] - 30 * 1448, ack=wire.next[CLIENT])
    stray.send(0.00722, CLIENT, RST, seq=wire.next[CLIENT], bare=True)
    wire.send(0.0073, SERVER, ACK, 1448).send(0.00731, CLIENT).refuse(0.0079, SERVER)
    return Thread(wire, (Kind.PEER_RESET,), (PATH,), 30.0, claims=("untranslated",), others=(stray,))


THREADS = [
    *(
        tomcat,
        mosquitto,
        swarm,
        half_closed,
        kube_router,
        node,
        jetty,
        zookeeper,
        rabbitmq,
        logstash,
        gunicorn,
        ingress,
    ),
    *(injected, nat_gateway, kube_proxy),
]
SURENESS = [Confidence.UNDETERMINED, Confidence.POSSIBLE, Confidence.LIKELY, Confidence.CONFIRMED]


@pytest.fixture(name="tshark", scope="module")
def tshark_of_all() -> Iterator[Tshark]:
    """The tshark that the tests use."""
    with open_tshark() as opened:
        yield opened


def judge(tshark: Tshark, folder: Path, thread: Thread) -> Diagnosis:
    """What is concluded from the capture, asked about as the thread's line or its two ends name it."""
    busy = () if thread.is_alone else (beside(thread.wire, thread.lasts),)
    capture = save(folder / "thread.pcap", thread.wire, *thread.others, *busy)
    with ending_its_readers(tshark) as opened:
        reading = read_capture(opened, open_capture(str(capture)))
        zones = Zones(log=UTC)
        log = parse_log_line(thread.log) if thread.log else None
        ends = None if log else (Endpoint(thread.wire.client), Endpoint(thread.wire.server))
        choice = choose(reading, Wanted(log=log, ends=ends, zones=zones))
        return diagnose_selection(reading, choice.selection, choice.log, zones, [])


@pytest.mark.parametrize("told", THREADS, ids=[told.__name__ for told in THREADS])
def test_what_the_thread_says(told: Callable[[], Thread], tshark: Tshark, tmp_path: Path) -> None:
    hold(told(), tshark, tmp_path)


def hold(thread: Thread, tshark: Tshark, folder: Path) -> None:
    """Assert that the report says what may be said."""
    diagnosis = judge(tshark, folder, thread)
    verdict, weighed = diagnosis.verdict, {found.id: found for found in diagnosis.explanations}
    assert {diagnosis.case.connection.a, diagnosis.case.connection.b} == set(thread.wire.named)
    assert verdict.kind in thread.kinds
    assert set(thread.shares) <= set(verdict.attribution)
    assert SURENESS.index(verdict.confidence) <= SURENESS.index(thread.surest)
    assert set(thread.spared).isdisjoint(verdict.attribution)
    assert [name for name in thread.supported if weighed[name].status is not Status.SUPPORTED] == []
    open_ones = (Status.SUPPORTED, Status.POSSIBLE)
    assert [name for name in thread.dismissed if weighed[name].status in open_ones] == []
    assert set(thread.claims) <= set(ids(verdict.claims))


@pytest.mark.parametrize(("off", "refuses", "opens"), [(2**30, True, False), (0, False, False), (0, True, True)])
def test_what_looks_like_an_untranslated_segment(
    off: int, refuses: bool, opens: bool, tshark: Tshark, tmp_path: Path
) -> None:
    """Other numbers, nothing refused, or a connection of its own from the same port: the server's RST is told alone."""
    wire = download()
    other = Wire(wire.start_ns, wire.client, "10.8.2.9:8000", far=62)
    if opens:
        other.open(0.0068)
    other.send(0.0076, SERVER, ACK, 1448, seq=wire.next[SERVER] + off, ack=wire.next[CLIENT])
    if refuses:
        other.send(0.00762, CLIENT, RST, seq=wire.next[CLIENT], bare=True)
    wire.send(0.0077, SERVER, ACK, 1448).send(0.00771, CLIENT).refuse(0.0083, SERVER)
    verdict = judge(tshark, tmp_path, Thread(wire, (), (), 30.0, others=(other,))).verdict
    assert verdict.kind is Kind.PEER_RESET
    assert "untranslated" not in ids(verdict.claims)
    assert PEER in verdict.attribution


CURL = "2019-03-02T11:00:00.009Z curl: (56) Recv failure: Connection reset by peer"


@pytest.mark.parametrize("log", [CURL, ""], ids=["a line that names no end", "nothing named"])
def test_what_strayed_from_a_connection_is_told_with_that_one(log: str, tshark: Tshark, tmp_path: Path) -> None:
    """Nobody opened what Wireshark counts as a connection of the stray segment."""
    thread = kube_proxy()
    capture = save(tmp_path / "thread.pcap", thread.wire, *thread.others, beside(thread.wire, thread.lasts))
    with ending_its_readers(tshark) as opened:
        reading = read_capture(opened, open_capture(str(capture)))
        wanted = Wanted(log=parse_log_line(log) if log else None, zones=Zones(log=UTC))
        chosen = choose(reading, wanted).selection.connection
        told = rows_of(judge_all(reading, to_judge(reading)))
    assert {chosen.a, chosen.b} == set(thread.wire.named)
    assert [case.connection.stream for case, _ in told] == [chosen.stream]


def test_two_connections_of_one_end_that_were_reset_are_not_taken_for_one(tshark: Tshark, tmp_path: Path) -> None:
    """The other one's numbers are not those of the first: the line may be about either."""
    wire = download()
    other = Wire(wire.start_ns, wire.client, "10.8.2.9:8000", far=62)
    other.send(0.0076, SERVER, ACK, 1448, seq=wire.next[SERVER] + 2**30, ack=wire.next[CLIENT])
    other.send(0.00762, CLIENT, RST, seq=wire.next[CLIENT], bare=True)
    wire.send(0.0077, SERVER, ACK, 1448).send(0.00771, CLIENT).refuse(0.0083, SERVER)
    capture = save(tmp_path / "thread.pcap", wire, other, beside(wire, 30.0))
    with ending_its_readers(tshark) as opened:
        reading = read_capture(opened, open_capture(str(capture)))
        with pytest.raises(InputError, match="fits 2 connections"):
            choose(reading, Wanted(log=parse_log_line(CURL), zones=Zones(log=UTC)))
        assert len(rows_of(judge_all(reading, to_judge(reading)))) == 2
