"""A large capture to measure with: Kafka consumers that poll, and one connection that breaks like the article's."""

from __future__ import annotations

from functools import partial
from ipaddress import IPv4Address
from pathlib import Path as FilePath
from random import Random

from tests.scenarios import kafka
from tests.scenarios.connection import Connection
from tests.scenarios.hosts import Capture, Host, Keepalive
from tests.scenarios.kafka_clients import Cluster, Consumer
from tests.scenarios.path import Path
from tests.scenarios.pcapfile import write_pcap
from tests.scenarios.simulation import MICROSECOND, MILLISECOND, SECOND, Simulation

START = 1_664_467_200 * SECOND
IDLE_LIMIT = 60 * SECOND
SEED = 20220930


def write_traffic(path: FilePath, frame_count: int, connection_count: int) -> None:
    """Write a capture of exactly that many frames on that many connections; the same file on each run.

    The first connection falls silent and is closed by the broker a minute later; the others poll to the end.
    """
    simulation, chance = Simulation(START), Random(SEED)
    capture = Capture(mac=bytes.fromhex("525400e20b0f"), gateway_mac=bytes.fromhex("00000c07ac0b"))
    client = Host(IPv4Address("192.0.2.1"), START - 86_400 * SECOND, capture=capture)
    broker = Host(IPv4Address("198.51.100.1"), START - 90_000 * SECOND, fin_timeout_ns=3 * SECOND)
    cluster = Cluster([kafka.Broker(1, str(broker.ip))], topic="bench", leaders=[1])

    for number in range(connection_count):
        way = Path((90 + number) * MICROSECOND, hops=3, jitter_ns=30 * MICROSECOND, chance=chance)
        connection = Connection(simulation, way, (client, 30_000 + number), (broker, 9092), chance)
        connection.client.keepalive = Keepalive(idle=5000, interval=5000)
        silent_from = START + 10 * SECOND if number == 0 else None
        consumer = Consumer(connection, cluster, partition=0, chance=chance, last_data_ns=silent_from)
        simulation.at(START + number * 3 * MILLISECOND, partial(consumer.start, consumer.find_offset))
        if silent_from:
            simulation.at(silent_from + IDLE_LIMIT, connection.server.close)

    end = START
    while len(capture.frames) < frame_count:
        end += SECOND
        simulation.run(end)
    write_pcap(path, capture.frames[:frame_count])
