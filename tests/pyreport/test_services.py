"""Ports of services."""

from __future__ import annotations

import pytest

from pyreport.knowledge.services import SERVICES, is_service_port, port_of, service_name


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
    assert (port_of(endpoint), is_service_port(endpoint), service_name(endpoint)) == (port, serves, name)


def test_no_service_has_a_port_of_clients() -> None:
    """Linux hands out 32768 to 60999 (ip_local_port_range), IANA's dynamic ports start at 49152."""
    assert max(SERVICES) < 32768
