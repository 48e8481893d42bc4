"""The host of the article's incident: its connections to three Kafka brokers, one of which the article is about.

Times of day are the article's local time, UTC+8, on 2022-09-30. article/README.md lists what the article tells and
what is invented here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from ipaddress import IPv4Address
from pathlib import Path as FilePath
from random import Random

from tests.scenarios import kafka
from tests.scenarios.article_log import APP_LOG, GROUP, TOPIC
from tests.scenarios.connection import Connection
from tests.scenarios.hosts import Capture, Freeze, Host, Keepalive
from tests.scenarios.kafka_clients import Client, Cluster, Consumer, GroupMember, Producer
from tests.scenarios.path import Path
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.simulation import MICROSECOND, MILLISECOND, SECOND, Action, Simulation

LOCAL = timezone(timedelta(hours=8))
DAY = 86_400 * SECOND


def local_time(clock: str) -> int:
    """Nanoseconds since the epoch of a local time of day, "00:08:01.376174"."""
    moment = datetime.fromisoformat(f"2022-09-30T{clock}").replace(tzinfo=LOCAL)
    return int(moment.replace(microsecond=0).timestamp()) * SECOND + moment.microsecond * MICROSECOND


FIRST_PROBE_FRAME = 476
FIRST_PROBE = local_time("00:07:06.387260")
FIN_ARRIVES = local_time("00:08:01.376174")
ERROR_LOGGED = local_time("00:08:53.470")

# The broker closes 60 s after it last saw data, so the last data is 60 s and a little before the FIN.
LAST_DATA = local_time("00:07:01.375742")
CONNECTED = local_time("00:06:37.915")
RUN_FROM, RUN_UNTIL = local_time("00:06:25"), local_time("00:09:10")
PRODUCERS_BUSY_UNTIL = local_time("00:06:35")
HEALTH_CHECKS = tuple(local_time(f"00:{minute}:30.204") for minute in ("07", "08"))
RETRY_BACKOFF = 2 * SECOND  # Sarama's Consumer.Retry.Backoff

KEEPALIVE = Keepalive(idle=5000, interval=5000)
# The first probe follows a tick by 14 µs; that tick is a multiple of 16 jiffies, like all of a cadence of 5.008 s.
HOST_BOOTED = FIRST_PROBE - 14 * MICROSECOND - 2_714_906_112 * MILLISECOND

CLUSTER = Cluster(
    brokers=[kafka.Broker(node, f"10.226.5.{node + 3}") for node in (1, 2, 3)],
    topic=TOPIC,
    leaders=[2, 1, 3],
)
RESULTS = Cluster(CLUSTER.brokers, topic="inno_pdl_push_result", leaders=[1, 2, 3])
PRODUCERS = 14
JITTER = 30 * MICROSECOND
SEED = 2978  # tried out: with it the article's frame numbers come out


class ArticleHost:
    """10.226.11.15 with a capture running on it, and the brokers it talks to."""

    def __init__(self, freeze: Freeze | None, seed: int = SEED) -> None:
        """The host stands still in `freeze`; `seed` fixes all that is random."""
        self.simulation = Simulation(RUN_FROM)
        self.chance = Random(seed)
        self.capture = Capture(mac=bytes.fromhex("525400e20b0f"), gateway_mac=bytes.fromhex("00000c07ac0b"))
        self.host = Host(IPv4Address("10.226.11.15"), HOST_BOOTED, freeze=freeze, capture=self.capture)
        self.brokers = {
            broker.node: Host(IPv4Address(broker.host), self._broker_booted(), fin_timeout_ns=3 * SECOND)
            for broker in CLUSTER.brokers
        }

    def _broker_booted(self) -> int:
        return RUN_FROM - DAY - int(self.chance.random() * 30 * DAY) // MICROSECOND * MICROSECOND

    def connection(self, port: int, node: int, one_way_us: int, jitter_ns: int = JITTER) -> Connection:
        """A connection from a port of the host to a broker, not yet open."""
        path = Path(one_way_us * MICROSECOND, hops=3, jitter_ns=jitter_ns, chance=self.chance)
        made = Connection(self.simulation, path, (self.host, port), (self.brokers[node], 9092), self.chance)
        made.client.keepalive = KEEPALIVE
        return made

    def frames(self) -> Sequence[Frame]:
        """Everything that happens, from the 475th frame before the first probe under study."""
        self._broken_connection()
        self._producers()
        self._group_member()
        self._health_checks()
        self._next_connection()
        self.simulation.run(RUN_UNTIL)
        captured = self.capture.frames
        first = next(i for i, frame in enumerate(captured) if frame.time_ns == FIRST_PROBE) + 1 - FIRST_PROBE_FRAME
        return captured[first:]

    def _broken_connection(self) -> None:
        """The connection of the article: no jitter, since the article's times have none."""
        connection = self.connection(38742, node=1, one_way_us=105, jitter_ns=0)
        consumer = Consumer(connection, CLUSTER, partition=1, chance=self.chance, last_data_ns=LAST_DATA)
        self.simulation.at(CONNECTED, lambda: consumer.start(consumer.find_offset))
        self.simulation.at(FIN_ARRIVES - connection.client.path.one_way_ns, connection.server.close)

    def _producers(self) -> None:
        """Connections that are idle most of the time, but never for as long as 60 s."""
        for number in range(PRODUCERS):
            connection = self.connection(38604 + 26 * number, node=1 + number % 3, one_way_us=95 + 4 * number)
            producer = Producer(connection, RESULTS, number % 3, self.chance, busy_until_ns=PRODUCERS_BUSY_UNTIL)
            self._start(self._first_second(), producer, producer.rest)

    def _group_member(self) -> None:
        connection = self.connection(38736, node=3, one_way_us=118)
        member = GroupMember(connection, CLUSTER, partition=0, chance=self.chance, group=GROUP)
        self._start(self._first_second(), member, member.heartbeat)

    def _health_checks(self) -> None:
        """Another program on the host asks a broker for metadata once a minute, and closes."""
        for number, time_ns in enumerate(HEALTH_CHECKS):
            connection = self.connection(39102 + 14 * number, node=2, one_way_us=101)
            connection.server.on_fin = connection.server.close
            check = Client(connection, RESULTS, partition=0, chance=self.chance, name="health-check")
            self._start(time_ns, check, connection.client.close)

    def _next_connection(self) -> None:
        """What the consumer opens in place of the broken one."""
        connection = self.connection(39134, node=1, one_way_us=105)
        consumer = Consumer(connection, CLUSTER, partition=1, chance=self.chance)
        self._start(ERROR_LOGGED + RETRY_BACKOFF + 1730 * MICROSECOND, consumer, consumer.find_offset)

    def _first_second(self) -> int:
        """A random time in the first second."""
        return RUN_FROM + int(self.chance.random() * SECOND) // MICROSECOND * MICROSECOND

    def _start(self, time_ns: int, client: Client, then: Action) -> None:
        self.simulation.at(time_ns, lambda: client.start(then))


def write_scenario(folder: FilePath, name: str, frames: Sequence[Frame]) -> None:
    """Write NAME.pcap and the application's app.log into a folder, which is made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    write_pcap(folder / f"{name}.pcap", frames)
    (folder / "app.log").write_bytes(APP_LOG.encode())
