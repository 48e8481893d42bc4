"""Ports of services."""

from __future__ import annotations

import pytest

from pyreport.base.endpoint import Endpoint
from pyreport.knowledge.services import FIRST_EPHEMERAL_PORT, SERVICES, is_service_port, service_name


@pytest.mark.parametrize(
    ("endpoint", "port", "serves", "name"),
    [
        ("10.0.0.1:9092", 9092, True, "Kafka"),
        ("[2001:db8::1]:443", 443, True, "HTTPS"),
        ("10.0.0.1:1", 1, True, ""),
        ("10.0.0.1:1023", 1023, True, ""),
        ("10.0.0.1:1024", 1024, False, ""),
        ("10.0.0.1:49152", 49152, False, ""),
    ],
)
def test_ports(endpoint: str, port: int, serves: bool, name: str) -> None:
    end = Endpoint(endpoint)
    assert (end.port, is_service_port(end), service_name(end)) == (port, serves, name)


def test_no_service_has_a_port_of_clients() -> None:
    """Linux hands out 32768 to 60999 (ip_local_port_range), IANA's dynamic ports start at 49152. EtherNet/IP has one of
    28,000 ports of Linux clients: a capture of a plant without a SYN would have its devices for clients.
    """
    assert [port for port in SERVICES if port >= FIRST_EPHEMERAL_PORT] == [44818]
