"""Kafka's last request and response: as tshark reads them from captures, and what is not taken for Kafka."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.application.kafka_messages import Exchange, exchange_of, messages_of
from pyreport.capture.excerpt import Excerpt
from pyreport.capture.file import open_capture
from pyreport.capture.packet_details import decode_frames
from pyreport.capture.tshark import AGGREGATOR, Tshark, open_tshark
from pyreport.connections.connection import Connection
from pyreport.connections.ending import ending_of
from pyreport.connections.reading import Reading, read_capture
from pyreport.connections.roles import assign_roles
from tests.pyreport.cases import CLIENT as CASE_CLIENT
from tests.pyreport.cases import SERVER as CASE_SERVER
from tests.pyreport.cases import Story, case_of, number
from tests.pyreport.talk import CLIENT, SERVER, Talk
from tests.scenarios import kafka
from tests.support.programs import public_folder
from tests.support.public import needs_public_captures, public_captures

PUBLIC = "kafka-go_v1-v1.pcapng"


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


@pytest.fixture(scope="module")
def tshark() -> Iterator[Tshark]:
    with open_tshark() as opened:
        yield opened


def read(tshark: Tshark, path: Path) -> Reading:
    return read_capture(tshark, open_capture(str(path)))


def exchange(tshark: Tshark, path: Path, stream: int = 0) -> Exchange | None:
    reading = read(tshark, path)
    connection = reading.index.connections[stream]
    return read_exchange(tshark, reading.excerpt(connection), connection)


def read_exchange(tshark: Tshark, excerpt: Excerpt, connection: Connection) -> Exchange | None:
    """As a report does, but in a pass of its own."""
    messages = messages_of(connection, assign_roles(connection))
    if messages is None:
        return None
    decode_frames(tshark, excerpt, [], others=[messages.other])
    return messages.exchange()


def heartbeat(correlation: int) -> bytes:
    return kafka.heartbeat_request(correlation, "app", "group", 7, "member")


def produce(correlation: int, acks: int) -> bytes:
    wanted = kafka.array([kafka.array([(0).to_bytes(4) + kafka.sized(kafka.record_batch(0, 0, [b"value"]))])])
    topic = kafka.array([kafka.string("t") + wanted[4:]])
    return kafka.request(
        kafka.PRODUCE, 3, correlation, "app", kafka.string(None) + acks.to_bytes(2) + b"\0\0\x27\x10" + topic
    )


def answered(talk: Talk, correlation: int) -> Talk:
    return talk.say(CLIENT, heartbeat(correlation)).say(SERVER, kafka.heartbeat_response(correlation), after_ms=4)


def test_the_last_request_and_its_response(tshark: Tshark, folder: Path) -> None:
    talk = answered(answered(Talk(), 1), 2).fin(SERVER, after_ms=60_000)
    found = exchange(tshark, talk.write(folder))
    assert found is not None
    assert found.server == "10.0.9.9:9092"
    last = found.requests[-1]
    assert (last.frame, last.api_key, last.api_version, last.correlation_id, last.client_id) == (6, 12, 0, 2, "app")
    assert (last.answer, last.answer_ns) == (7, last.time_ns + 4_000_000)
    assert found.outstanding_at(8) == ()


def test_a_request_outstanding_at_the_close(tshark: Tshark, folder: Path) -> None:
    path = answered(Talk(), 1).say(CLIENT, heartbeat(2)).fin(SERVER, after_ms=3000).write(folder)
    found = exchange(tshark, path)
    assert found is not None
    assert [(r.frame, r.correlation_id, r.answer) for r in found.outstanding_at(7) or ()] == [(6, 2, None)]
    assert found.outstanding_at(5) == ()


def test_a_response_after_the_close_was_owed_at_it(tshark: Tshark, folder: Path) -> None:
    talk = answered(Talk(), 1).say(CLIENT, heartbeat(2)).fin(CLIENT).say(SERVER, kafka.heartbeat_response(2))
    found = exchange(tshark, talk.write(folder))
    assert found is not None
    assert found.requests[-1].answer == 9
    assert [request.correlation_id for request in found.outstanding_at(7) or ()] == [2]
    assert found.outstanding_at(None) == ()


def test_a_produce_without_acknowledgment_owes_nothing(tshark: Tshark, folder: Path) -> None:
    talk = Talk().say(CLIENT, produce(1, acks=1)).say(SERVER, kafka.produce_response(1, "t", 0, 5))
    found = exchange(tshark, talk.say(CLIENT, produce(2, acks=0)).fin(SERVER).write(folder))
    assert found is not None
    assert [request.wants_answer for request in found.requests] == [True, False]
    assert found.outstanding_at(None) == ()


def test_several_requests_in_one_segment(tshark: Tshark, folder: Path) -> None:
    talk = Talk().say(CLIENT, heartbeat(1) + heartbeat(2) + heartbeat(3)).say(SERVER, kafka.heartbeat_response(1))
    found = exchange(tshark, talk.fin(SERVER).write(folder))
    assert found is not None
    assert [(r.correlation_id, r.client_id, r.answer) for r in found.requests] == [
        (1, "app", 5), (2, "app", None), (3, "app", None),
    ]  # fmt: skip


def test_a_request_in_two_segments_stands_at_the_one_that_completes_it(tshark: Tshark, folder: Path) -> None:
    whole = heartbeat(1)
    talk = Talk().say(CLIENT, whole[:9]).say(CLIENT, whole[9:]).say(SERVER, kafka.heartbeat_response(1))
    found = exchange(tshark, talk.write(folder))
    assert found is not None
    assert [(r.frame, r.answer) for r in found.requests] == [(5, 6)]


def test_a_request_sent_again_counts_once(tshark: Tshark, folder: Path) -> None:
    talk = Talk()
    seq = talk.next[CLIENT]
    talk.say(CLIENT, heartbeat(1)).send(CLIENT, 0x18, heartbeat(1), after_ms=300, seq=seq)
    found = exchange(tshark, talk.say(SERVER, kafka.heartbeat_response(1)).write(folder))
    assert found is not None
    assert [(r.correlation_id, r.answer) for r in found.requests] == [(1, 6)]


@pytest.mark.parametrize("skip", [1, 2, 3, 4, 5, 7])
def test_a_capture_that_begins_in_the_middle(tshark: Tshark, folder: Path, skip: int) -> None:
    """Also between a request and its response."""
    whole = heartbeat(2)
    talk = answered(Talk(), 1).say(CLIENT, whole[:9]).say(CLIENT, whole[9:]).say(SERVER, kafka.heartbeat_response(2))
    found = exchange(tshark, answered(talk, 3).fin(SERVER).write(folder, skip=skip))
    assert found is not None
    assert found.requests[-1].correlation_id == 3
    assert found.requests[-1].answer is not None


def test_a_capture_that_begins_in_mid_request_is_not_read(tshark: Tshark, folder: Path) -> None:
    """The dissector takes the rest of the request for a length, and is out of step from there on."""
    whole = heartbeat(2)
    talk = Talk().say(CLIENT, whole[:9]).say(CLIENT, whole[9:]).say(SERVER, kafka.heartbeat_response(2))
    assert exchange(tshark, answered(talk, 3).fin(SERVER).write(folder, skip=4)) is None


def test_a_capture_that_begins_in_mid_response_does_not_make_requests_outstanding(tshark: Tshark, folder: Path) -> None:
    whole = kafka.fetch_response(1, "t", 0, 5, kafka.record_batch(0, 0, [b"\x7f" * 300]))
    talk = Talk().say(CLIENT, heartbeat(1)).say(SERVER, whole[:200]).say(SERVER, whole[200:])
    answered(answered(talk, 2), 3)
    found = exchange(tshark, talk.write(folder, skip=5))
    assert found is not None
    assert found.requests[-1].correlation_id == 3
    assert found.outstanding_at(None) is None
    # Behind one more request nothing came at all: that one is owed, whatever the rest was.
    found = exchange(tshark, talk.say(CLIENT, heartbeat(4)).fin(SERVER).write(folder, skip=5))
    assert found is not None
    assert [request.correlation_id for request in found.outstanding_at(None) or ()] == [4]


def test_a_snap_length_that_cuts_messages(tshark: Tshark, folder: Path) -> None:
    """The beginning of a request is enough; what is cut off before its ids is left out, without a crash."""
    talk = answered(Talk(), 1)
    kept = exchange(tshark, talk.write(folder, snap_length=54 + 20))
    assert kept is not None
    assert kept.requests[0].correlation_id == 1
    assert exchange(tshark, talk.write(folder, snap_length=54 + 6)) is None


@pytest.mark.parametrize("port", [9093, 19092])
def test_other_ports(tshark: Tshark, folder: Path, port: int) -> None:
    """9093 is Kafka's as well; on a port that nobody is known for, the payload tells."""
    found = exchange(tshark, answered(Talk(port), 1).write(folder))
    assert found is not None
    assert found.requests[0].correlation_id == 1


TLS_RECORD = bytes.fromhex("1703030020") + bytes(range(32))


@pytest.mark.parametrize(
    ("port", "request_", "response"),
    [
        (9093, TLS_RECORD, TLS_RECORD),
        (9092, b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"),
        (19092, b"\0\0\0\x0c" + b"\0\0\0\x01\0\0\0\x03\0\0\0\0", b"\0\0\0\x08\0\0\0\x07okay"),
        (2181, heartbeat(1), kafka.heartbeat_response(1)),
        (443, heartbeat(1), kafka.heartbeat_response(1)),
    ],
)
def test_what_is_not_taken_for_kafka(tshark: Tshark, folder: Path, port: int, request_: bytes, response: bytes) -> None:
    """Encrypted, another protocol, messages with a length in front that answer nothing, ports of other services."""
    talk = Talk(port).say(CLIENT, request_).say(SERVER, response).say(CLIENT, request_)
    assert exchange(tshark, talk.fin(SERVER).write(folder)) is None


def test_nothing_is_asked_of_tshark_without_payload(tshark: Tshark, folder: Path) -> None:
    reading = read(tshark, Talk().fin(SERVER).write(folder))
    connection = reading.index.connections[0]
    before = list(tshark.commands)
    assert read_exchange(tshark, reading.excerpt(connection), connection) is None
    assert tshark.commands == before


def test_a_request_that_is_answered_after_the_fin_was_outstanding_at_the_fin(tshark: Tshark, folder: Path) -> None:
    talk = answered(Talk(), 1).say(CLIENT, heartbeat(2)).fin(CLIENT, after_ms=2)
    found = exchange(tshark, talk.say(SERVER, kafka.heartbeat_response(2), after_ms=1).write(folder))
    assert found is not None
    assert [(r.frame, r.correlation_id, r.answer) for r in found.outstanding_at(7) or ()] == [(6, 2, 9)]


@needs_public_captures
def test_a_real_client_that_closed_while_it_was_fetching(tshark: Tshark, folder: Path) -> None:
    """kafka-go's reader: its Fetch is answered after its FIN, which is everyday noise."""
    copy = folder / PUBLIC
    copy.write_bytes((public_captures() / PUBLIC).read_bytes())
    reading = read(tshark, copy)
    owed = {}
    for stream, connection in reading.index.connections.items():
        found = read_exchange(tshark, reading.excerpt(connection), connection)
        assert found is not None
        close = ending_of(connection).first
        assert close is not None
        outstanding = found.outstanding_at(close.frame)
        assert outstanding is not None
        owed[stream] = [(r.api_key, r.correlation_id, r.answer) for r in outstanding]
    assert owed == {0: [], 1: [], 2: [(1, 14, 92)]}


# The pairing by itself -----------------------------------------------------------------------------------------------


def row(seconds: float, key: str = "", version: str = "", ids: str = "", client: str = "", acks: str = "") -> list[str]:
    return [str(number(seconds)), key, version, ids, client, acks, "", ""]


def paired(*rows: list[str], is_kafka_port: bool = True) -> Exchange | None:
    story = Story()
    for line in rows:
        seconds = (int(line[0]) - 1) / 1000
        story.data(seconds, CASE_CLIENT if line[1] else CASE_SERVER, length=100 + int(line[0]))
    return exchange_of(rows, case_of(story).connection, CASE_SERVER, is_kafka_port=is_kafka_port)


def test_a_correlation_id_that_comes_again_is_answered_in_order() -> None:
    found = paired(row(1, "3", "1", "7"), row(2, "3", "1", "7"), row(3, ids="7"))
    assert found is not None
    assert [request.answer for request in found.requests] == [number(3), None]


def test_a_missing_client_id_is_no_other_requests() -> None:
    both = AGGREGATOR.join
    found = paired(
        row(1, both("33"), both("11"), both("12"), both("ab")),
        row(2, both("333"), both("111"), both("345"), both("ab")),
    )
    assert found is not None
    assert [request.client_id for request in found.requests] == ["a", "b", "", "", ""]


def test_an_unknown_request_makes_it_something_else() -> None:
    assert paired(row(1, "3", "1", "1"), row(2, "901", "1", "2")) is None


def test_off_kafkas_ports_a_response_must_answer_a_request() -> None:
    lines = (row(1, "3", "1", "1"), row(2, ids="5"))
    assert paired(*lines) is not None
    assert paired(*lines, is_kafka_port=False) is None
