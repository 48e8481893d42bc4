"""What is the same cause, what is about what is captured, and how a folder is called."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from pyreport.logs.records import Record
from pyreport.logs.registry import parse_log_line
from pyreport.watch.excerpt import Wanted
from pyreport.watch.incident import Incident, address_of, is_watched, time_of_folder

SEEN_NS = 1_715_850_869_250_000_000


def incident(line: str) -> Incident:
    error = parse_log_line(line)
    return Incident(SEEN_NS, error.local, error.remote, Record(1, line.encode()), error)


def write(local: str = "10.0.0.1:40000", remote: str = "10.0.0.2:9092", errno: str = "broken pipe") -> Incident:
    return incident(f"write tcp {local}->{remote}: write: {errno}")


def test_another_connection_of_the_same_hosts_is_the_same_cause() -> None:
    assert write().cause([9092]) == write("10.0.0.1:50000").cause([9092])
    assert write("[::1]:40000", "[::2]:9092").cause([]) == write("[::1]:40001", "[::2]:9092").cause([])


@pytest.mark.parametrize(
    "other",
    [
        write(remote="10.0.0.3:9092"),
        write(local="10.0.0.9:40000"),
        write(remote="10.0.0.2:9093"),
        write(errno="connection reset by peer"),
        incident("read tcp 10.0.0.1:40000->10.0.0.2:9092: read: connection reset by peer"),
    ],
)
def test_what_differs_is_another_cause(other: Incident) -> None:
    assert write().cause([9092, 9093]) != other.cause([9092, 9093])


def test_the_service_is_told_by_its_port_where_the_own_one_is_low() -> None:
    assert write("10.0.0.1:1024").cause([9092]) == write("10.0.0.1:1025").cause([9092])


HOSTS, PORTS = [ip_address("10.0.0.2")], [9092]


@pytest.mark.parametrize(
    ("line", "watched"),
    [
        ("write tcp 10.0.0.1:40000->10.0.0.2:9092: write: broken pipe", True),
        ("write tcp 10.0.0.1:40000->10.0.0.2:5432: write: broken pipe", False),
        ("write tcp 10.0.0.1:40000->10.0.0.3:9092: write: broken pipe", False),
        ("write tcp [::ffff:10.0.0.1]:40000->[::ffff:10.0.0.2]:9092: write: broken pipe", True),
        ("dial tcp: connect to kafka-1.example:9092: connection refused", True),
        ("ERROR the request failed: Connection reset by peer", True),
    ],
)
def test_what_is_about_another_service_is_not_watched(line: str, watched: bool) -> None:
    assert is_watched(incident(line), HOSTS, PORTS) is watched


def test_everything_is_watched_where_nothing_is_named() -> None:
    assert is_watched(write(), [], [])


def test_a_folder_is_named_by_time_and_connection() -> None:
    assert write().folder_name() == "2024-05-16T09-14-29Z_10.0.0.1-40000_10.0.0.2-9092"
    assert write("[2001:db8::1]:4", "[::2]:5").folder_name() == "2024-05-16T09-14-29Z_2001-db8-1-4_2-5"
    assert incident("ERROR Connection reset by peer").folder_name() == "2024-05-16T09-14-29Z_unknown_unknown"
    assert time_of_folder(write().folder_name()) == SEEN_NS // 10**9 * 10**9


def test_a_hostile_name_stays_one_name_of_a_folder() -> None:
    name = Incident(SEEN_NS, write().local, write().remote.__class__("../../etc/$(id)" * 40, 1)).folder_name()
    assert set("/$( ") & set(name) == set()
    assert name.startswith("2024-05-16T09-14-29Z_10.0.0.1-40000_etc-")
    assert len(name) < 255


@pytest.mark.parametrize("name", ["ring", ".unfinished-2024-05-16T09-14-29Z_a", "2024", ""])
def test_other_folders_have_no_time(name: str) -> None:
    assert time_of_folder(name) is None


def test_addresses() -> None:
    assert address_of("[::ffff:10.0.0.1]") == address_of("10.0.0.1") == ip_address("10.0.0.1")
    assert address_of("[fe80::1%eth0]") == ip_address("fe80::1")
    assert address_of("kafka") is None


def test_what_an_excerpt_has() -> None:
    a, b = ip_address("10.0.0.1"), ip_address("10.0.0.2")
    assert write().wanted == Wanted((a, b), (40000, 9092))
    assert incident("ERROR 10.0.0.2:9092: Connection reset by peer").wanted == Wanted((b,))
    assert incident("ERROR Connection reset by peer").wanted == Wanted()
