"""Programs that use Kafka: a consumer, a producer, a member of a consumer group, a check of a broker's health."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random

from tests.scenarios import kafka
from tests.scenarios.connection import Connection
from tests.scenarios.simulation import MICROSECOND, MILLISECOND, SECOND, Action


@dataclass(frozen=True, slots=True)
class Cluster:
    """Brokers, and a topic with the leaders (nodes) of its partitions."""

    brokers: Sequence[kafka.Broker]
    topic: str
    leaders: Sequence[int]


@dataclass(slots=True)
class Client:
    """One connection of a program to a broker. `chance` decides about think times, messages and pauses."""

    connection: Connection
    cluster: Cluster
    partition: int
    chance: Random
    name: str = "sarama"
    correlations: count[int] = field(default_factory=count)

    def ask(
        self,
        request: Callable[[int], bytes],
        response: Callable[[int], bytes],
        think_ns: int,
        then: Action = lambda: None,
    ) -> None:
        """Send a request now; the broker answers `think_ns` after it came in; then `then` runs."""
        correlation = next(self.correlations)
        self.connection.exchange(request(correlation), response(correlation), think_ns, then)

    def start(self, then: Action) -> None:
        """Connect, ask for ApiVersions and Metadata, then go on."""
        self.connection.client.connect(lambda: self._greet(then))

    def _greet(self, then: Action) -> None:
        self.ask(
            lambda number: kafka.api_versions_request(number, self.name),
            kafka.api_versions_response,
            self.think(),
            lambda: self.connection.simulation.after(self.think(), lambda: self._ask_for_metadata(then)),
        )

    def _ask_for_metadata(self, then: Action) -> None:
        cluster = self.cluster
        self.ask(
            lambda number: kafka.metadata_request(number, self.name, [cluster.topic]),
            lambda number: kafka.metadata_response(number, cluster.brokers, cluster.topic, cluster.leaders),
            self.think(),
            lambda: self.connection.simulation.after(self.think(), then),
        )

    def think(self) -> int:
        """A short time that a program needs, nanoseconds."""
        return 200 * MICROSECOND + int(self.chance.random() * 1800) * MICROSECOND

    def wake_at(self, time_ns: int, action: Action) -> None:
        """Do something at a time, or as soon as the client's host runs again."""
        self.connection.simulation.at(self.connection.client.host.application_runs(time_ns), action)

    def message(self) -> bytes:
        """What a record holds."""
        return b'{"uid":%d,"type":"push"}' % int(self.chance.random() * 1e9)


@dataclass(slots=True)
class Consumer(Client):
    """Fetches one partition with long polls, and stops after a batch of messages that arrives at `last_data_ns`."""

    offset: int = 5_310_226
    max_wait_ms: int = 500
    last_data_ns: int | None = None

    def find_offset(self) -> None:
        """Ask where the partition ends, then poll from there."""
        topic, partition = self.cluster.topic, self.partition
        self.ask(
            lambda number: kafka.list_offsets_request(number, self.name, topic, partition),
            lambda number: kafka.list_offsets_response(number, topic, partition, self.offset),
            self.think(),
            lambda: self.connection.simulation.after(self.think(), self.poll),
        )

    def poll(self) -> None:
        """One long poll: the broker answers when there is a message, else after the longest wait."""
        now = self.connection.simulation.now
        wait_ns, values = self.max_wait_ms * MILLISECOND, list[bytes]()
        if self.chance.random() < 0.15:
            wait_ns, values = int(self.chance.random() * wait_ns), [self.message()]
        there_and_back = 2 * self.connection.client.path.one_way_ns
        then: Action = self._poll_again
        if self.last_data_ns is not None and now + there_and_back + self.max_wait_ms * MILLISECOND > self.last_data_ns:
            wait_ns, values = self.last_data_ns - there_and_back - now, [self.message() for _ in range(5)]
            then = self._stall
        self._fetch(wait_ns, values, then)

    def _fetch(self, wait_ns: int, values: list[bytes], then: Action) -> None:
        topic, partition, offset = self.cluster.topic, self.partition, self.offset
        self.offset += len(values)
        written_ms = (self.connection.simulation.now + wait_ns) // MILLISECOND
        records = kafka.record_batch(offset, written_ms, values) if values else b""
        self.ask(
            lambda number: kafka.fetch_request(number, self.name, topic, partition, offset, self.max_wait_ms),
            lambda number: kafka.fetch_response(number, topic, partition, self.offset, records),
            wait_ns,
            then,
        )

    def _poll_again(self) -> None:
        self.connection.simulation.after(self.think() // 2, self.poll)

    def _stall(self) -> None:
        """Nobody takes the messages, so nothing more is fetched."""


@dataclass(slots=True)
class Producer(Client):
    """Sends a record every half second to two seconds until `busy_until_ns`, after that every 17 to 34 s, at random."""

    offset: int = 18_202
    busy_until_ns: int = 0

    def rest(self) -> None:
        """Wait for the next record."""
        now = self.connection.simulation.now
        least, more = (500, 1500) if now < self.busy_until_ns else (17_000, 17_000)
        pause = int((least + self.chance.random() * more) * 1000) * MICROSECOND
        self.wake_at(now + pause, self.produce)

    def produce(self) -> None:
        """Send a record, then wait again."""
        topic, partition, offset = self.cluster.topic, self.partition, self.offset
        self.offset += 1
        records = kafka.record_batch(0, self.connection.simulation.now // MILLISECOND, [self.message()])
        self.ask(
            lambda number: kafka.produce_request(number, self.name, topic, partition, records),
            lambda number: kafka.produce_response(number, topic, partition, offset),
            self.think(),
            self.rest,
        )


@dataclass(slots=True)
class GroupMember(Client):
    """Sends heartbeats of a consumer group to its coordinator every 3 s, Sarama's default."""

    group: str = "group"
    interval_ns: int = 3 * SECOND

    def heartbeat(self) -> None:
        """One heartbeat; the next follows an interval later, whatever the answer takes."""
        member = f"{self.name}-6b1a2f0c"
        self.ask(
            lambda number: kafka.heartbeat_request(number, self.name, self.group, 7, member),
            kafka.heartbeat_response,
            self.think(),
        )
        self.wake_at(self.connection.simulation.now + self.interval_ns, self.heartbeat)
