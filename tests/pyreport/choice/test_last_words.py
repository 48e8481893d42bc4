"""Which quiet connections are judged for what was said on them before the close."""

from __future__ import annotations

import struct
from types import SimpleNamespace
from typing import cast

import pytest

from pyreport.application.farewells import LONGEST
from pyreport.choice.last_words import telling_streams
from pyreport.connections.on_demand import Parting
from pyreport.connections.reading import Reading
from tests.pyreport.cases import CLIENT, Story, case_of


def fatal(routine: bytes) -> bytes:
    """The ErrorResponse with which PostgreSQL shuts down."""
    fields = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection\0R" + routine + b"\0\0"
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


def goaway(debug: bytes) -> bytes:
    """The GOAWAY of a server that takes the pings for too many."""
    return struct.pack("!I", 8 + len(debug))[1:] + b"\x07\0\0\0\0\0" + struct.pack("!II", 1, 11) + debug


@pytest.mark.parametrize(
    ("ended", "is_told"),
    [
        (fatal(b""), True),
        (fatal(b"r" * (LONGEST - len(fatal(b"")))), True),
        (fatal(b"r" * (LONGEST - len(fatal(b"")) + 1)), False),  # nor does a report read it
        (bytes((0, 0, 4, 1, 5, 0, 0, 0, 1)) + bytes(4) + goaway(b"too_many_pings"), True),
        (goaway(b"too_many_pings") + b"\0", False),
        (b"ok", False),
        (b"", False),
    ],
)
def test_what_a_report_would_read_is_judged_in_a_scan(ended: bytes, is_told: bool) -> None:
    connection = case_of(Story(server="10.0.0.2:50051").handshake().data(1.0, CLIENT), lasts=9.0).connection
    parting = Parting(connection.stream, len(ended), b"asked".hex(), ended.hex(), ended.hex())
    reading = SimpleNamespace(
        index=SimpleNamespace(connections={connection.stream: connection}), partings=lambda: [parting]
    )
    assert telling_streams(cast(Reading, reading)) == (frozenset({connection.stream}) if is_told else frozenset())
