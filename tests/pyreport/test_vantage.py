"""At which end the capture was taken."""

from __future__ import annotations

import pytest

from pyreport.frames import FLAG_ACK, FLAG_SYN
from pyreport.vantage import captured_at
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of


def taken_at(client: int, server: int, to_server: float = 0.0002, to_client: float = 0.0001) -> str | None:
    story = Story()
    story.hop_limit = {CLIENT: client, SERVER: server}
    story.frame(0.0, CLIENT, flags=FLAG_SYN)
    story.frame(1.0, SERVER, flags=FLAG_SYN | FLAG_ACK)
    story.frame(2.0, CLIENT)
    connection = case_of(story).connection
    syn, syn_ack, ack = connection.frames
    moved = [(syn_ack, syn.time_ns + round(to_server * 1e9)), (ack, syn.time_ns + round((to_server + to_client) * 1e9))]
    for index, (frame, time_ns) in enumerate(moved, 1):
        connection.frames[index] = type(frame)(
            frame.number, time_ns, frame.stream, frame.source, frame.destination, 1, 1, 0, frame.flags, frame.ttl
        )
    return captured_at(connection)


@pytest.mark.parametrize(
    ("client", "server", "end"),
    [(64, 61, CLIENT), (61, 64, SERVER), (128, 54, CLIENT), (64, 64, None), (60, 61, None), (64, 0, None)],
)
def test_hop_limits(client: int, server: int, end: str | None) -> None:
    assert taken_at(client, server) == end


@pytest.mark.parametrize(
    ("to_server", "to_client", "end"),
    [(0.02, 0.0001, CLIENT), (0.0001, 0.02, SERVER), (0.01, 0.01, None), (0.0005, 0.00001, None)],
)
def test_handshake_where_no_router_counts(to_server: float, to_client: float, end: str | None) -> None:
    assert taken_at(64, 64, to_server, to_client) == end


def test_without_handshake_and_routers_it_is_not_told() -> None:
    story = Story()
    story.hop_limit = {CLIENT: 64, SERVER: 64}
    assert captured_at(case_of(story.probes(1.0, 3)).connection) is None
