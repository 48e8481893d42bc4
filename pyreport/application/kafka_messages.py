"""Kafka's requests and responses on one connection, as tshark's own Kafka dissector reads them.

They are read in the pass in which the connection's frames are decoded, never in the bulk pass. Requests and responses
are paired here by their correlation ids: a broker answers each request of a connection, in order
(kafka.apache.org/protocol, "Network"), save a Produce that asks for no acknowledgment.

A capture that begins in the middle of a message, or lacks some of one, can leave the dissector out of step for good in
that direction: it takes payload for a length and waits. So payload that came after the last message that was read is
looked for, and nothing is said of what it may have held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pyreport.application.kafka_apis import API_NAMES, PRODUCE
from pyreport.base.claim import Party
from pyreport.base.endpoint import Endpoint
from pyreport.capture.packet_details import Other
from pyreport.capture.tshark import AGGREGATOR
from pyreport.connections.connection import Connection
from pyreport.connections.roles import Roles
from pyreport.frames.findings import Probe
from pyreport.frames.frame import Frame
from pyreport.frames.seq import ahead
from pyreport.knowledge.services import may_be, service_name

KAFKA, PROTOCOL = "Kafka", "kafka"
FIELDS = (
    "kafka.api_key",
    "kafka.api_version",
    "kafka.correlation_id",
    "kafka.client_id",
    "kafka.required_acks",
    "kafka.client_software_name",
    "kafka.client_software_version",
)


class Request(Struct, frozen=True):
    """One request. ``frame`` is the one that completes it, ``answer`` the frame that completes its response, None when
    there is none in this capture. ``wants_answer`` is False for a Produce with acks=0.
    """

    frame: int
    time_ns: int
    api_key: int
    api_version: int
    correlation_id: int
    client_id: str
    wants_answer: bool = True
    answer: int | None = None
    answer_ns: int | None = None

    def waits_at(self, frame: int | None) -> bool:
        """Whether its response is still owed at a frame (None: at the capture's end)."""
        if not self.wants_answer:
            return False
        return self.answer is None or (frame is not None and self.answer > frame)


class Exchange(Struct, frozen=True):
    """What was asked on a connection. ``software`` is the client's name and version, "" when it did not say.

    ``unread`` is the last frame with payload of the server that no response that was read accounts for, if any.
    """

    server: Endpoint
    requests: tuple[Request, ...]
    software: str = ""
    unread: int | None = None

    def until(self, frame: int | None) -> tuple[Request, ...]:
        """The requests up to and with a frame."""
        return tuple(r for r in self.requests if frame is None or r.frame <= frame)

    def outstanding_at(self, frame: int | None) -> tuple[Request, ...] | None:
        """The requests up to a frame whose response is owed there; None when payload that could not be read may have
        been the response to each of them.
        """
        waiting = tuple(request for request in self.until(frame) if request.waits_at(frame))
        if not waiting or self.unread is None:
            return waiting
        return tuple(request for request in waiting if request.frame > self.unread) or None


class Messages(Struct, frozen=True):
    """The messages of a connection that may be Kafka's: ``other`` is what tshark is asked for."""

    connection: Connection
    server: Endpoint
    is_kafka_port: bool
    other: Other

    def exchange(self) -> Exchange | None:
        """What was asked, once tshark has told; None when the connection carries none of Kafka's messages that can be
        read: another protocol, or encrypted.
        """
        return exchange_of(self.other.rows, self.connection, self.server, is_kafka_port=self.is_kafka_port)


def messages_of(connection: Connection, roles: Roles, service: str = "") -> Messages | None:
    """The messages that tshark can be asked for; None where they cannot be Kafka's, or there is no payload. ``service``
    is what a log line says of it.
    """
    server = server_of(connection, roles)
    known = service or service_name(server)
    # What is known to be something else, or is anybody's system port, is not tried.
    if not may_be(server, known, KAFKA):
        return None
    if server.port == connection.other(server).port or not any(f.length for f in connection.frames):
        return None
    options = ("-d", f"tcp.port=={server.port},{PROTOCOL}", "-o", "tcp.reassemble_out_of_order:TRUE")
    return Messages(connection, server, known == KAFKA, Other(FIELDS, options, PROTOCOL, connection.stream))


def server_of(connection: Connection, roles: Roles) -> Endpoint:
    """The end that serves; when neither the SYN nor a service's port tells, the end with the lower port."""
    return roles.end_of(Party.SERVER) or min((connection.a, connection.b), key=lambda end: end.port)


def exchange_of(
    rows: Iterable[Sequence[str]], connection: Connection, server: Endpoint, *, is_kafka_port: bool
) -> Exchange | None:
    """Pair the messages of the rows (a frame's number, then FIELDS). None when they are not Kafka's beyond doubt: on a
    port of Kafka all requests must be known ones, on any other a response must answer a request as well. None too when
    the client sent payload after the last request that was read: the last request is not known then.
    """
    requests: list[Request] = []
    waiting: dict[int, list[int]] = {}
    seen: set[tuple[str, int, int]] = set()
    software, last_response = "", None
    for row in rows:
        frame = connection.frame(int(row[0]))
        if frame is None or (frame.source, frame.seq, frame.length) in seen:
            continue  # a second copy of the same segment
        seen.add((frame.source, frame.seq, frame.length))
        if frame.destination == server:
            for request in _requests(frame, row):
                if request.wants_answer:
                    waiting.setdefault(request.correlation_id, []).append(len(requests))
                requests.append(request)
            software = " ".join(filter(None, (_first(row[6]), _first(row[7])))) or software
        else:
            last_response = frame
            for correlation_id in _numbers(row[3]):
                if places := waiting.get(correlation_id):
                    place = places.pop(0)
                    requests[place] = replace(requests[place], answer=frame.number, answer_ns=frame.time_ns)
    sure = bool(requests) and all(request.api_key in API_NAMES for request in requests)
    answered = any(request.answer is not None for request in requests)
    if not sure or not (is_kafka_port or answered):
        return None
    client = connection.other(server)
    if _unread_payload(connection, client, connection.frame(requests[-1].frame)) is not None:
        return None
    return Exchange(server, tuple(requests), software, _unread_payload(connection, server, last_response))


def _unread_payload(connection: Connection, side: str, read: Frame | None) -> int | None:
    """The last frame with new payload of a side behind the frame up to which it was read (None: nothing was)."""
    for frame in reversed(connection.frames):
        if read is not None and frame.number <= read.number:
            return None
        is_new = read is None or ahead(frame.payload_end, read.payload_end) > 0
        if frame.source == side and frame.length and is_new and not frame.found(Probe):
            return frame.number
    return None


def _requests(frame: Frame, row: Sequence[str]) -> Iterator[Request]:
    """The requests that a frame completes. One that was cut off by the snap length lacks fields and is left out."""
    keys, versions, ids = _numbers(row[1]), _numbers(row[2]), _numbers(row[3])
    clients = row[4].split(AGGREGATOR)
    if len(clients) != len(ids):  # one without a client id has no such field
        clients = clients * len(ids) if len(clients) == 1 else [""] * len(ids)
    acks = iter(_numbers(row[5]))
    for key, version, correlation_id, client in zip(keys, versions, ids, clients, strict=False):
        wants_answer = key != PRODUCE or next(acks, 1) != 0
        yield Request(frame.number, frame.time_ns, key, version, correlation_id, client, wants_answer)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(AGGREGATOR)] if text else []


def _first(text: str) -> str:
    return text.partition(AGGREGATOR)[0]
