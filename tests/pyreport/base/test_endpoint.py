"""An address and a port, as text and taken apart."""

from __future__ import annotations

import pytest

from pyreport.base.endpoint import Endpoint


@pytest.mark.parametrize(
    ("address", "port", "text", "host"),
    [
        ("10.0.0.1", "40000", "10.0.0.1:40000", "10.0.0.1"),
        ("2001:db8::1", "9092", "[2001:db8::1]:9092", "[2001:db8::1]"),
    ],
)
def test_an_end_is_text_that_can_be_taken_apart(address: str, port: str, text: str, host: str) -> None:
    end = Endpoint.of(address, port)
    assert end == text
    assert (end.host, end.address, end.port, end.is_ipv6) == (host, address, int(port), ":" in address)
