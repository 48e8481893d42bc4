"""What the ends of many connections said before the close: who looks over a capture knows what a report knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyreport.application.cut_reply import lacking
from pyreport.application.farewells import HTTP2, LONGEST, SHORTEST, Farewells, LastWords, farewells_of
from pyreport.application.parting import HARMLESS, OF_PORT, parting_in
from pyreport.application.tls_records import begins_record
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.ending import ending_of
from pyreport.connections.on_demand import Parting
from pyreport.connections.payloads import MOST_BY_TSHARK
from pyreport.connections.reading import Reading
from pyreport.connections.roles import assign_roles
from pyreport.frames.frame import Frame
from pyreport.knowledge.services import may_be, service_name


def last_words(reading: Reading, connections: Iterable[Connection]) -> dict[int, LastWords]:
    """Those of these connections, by stream, read at once; without those that said nothing.

    Raises ToolError when the capture cannot be read again.
    """
    asked = {c.stream: found for c in connections if (found := _asked_of(c)) is not None}
    frames = {frame.number: frame for one in asked.values() for frame in one.frames}
    payloads = reading.payloads([frames[number] for number in sorted(frames)], whole=False)
    tails = {stream: _more_of(one, payloads) for stream, one in asked.items()}
    words: dict[int, LastWords] = {}
    for streams in _in_parts(tails):
        more = reading.payloads([frame for stream in streams for frame in tails[stream]], whole=True)
        known = payloads | more
        words |= {stream: asked[stream].read(known) for stream in streams}
    return words


def _more_of(one: Farewells, payloads: Mapping[int, bytes]) -> tuple[Frame, ...]:
    """The frames of what the sides said last, where that is TLS."""
    return one.more if one.more and one.speaks_tls(payloads) else ()


def _in_parts(tails: Mapping[int, Sequence[Frame]]) -> Iterator[list[int]]:
    """So many connections at a time that what they said last is not too much to be read at once; each by its stream."""
    streams: list[int] = []
    frames = 0
    for stream, tail in tails.items():
        if frames + len(tail) > MOST_BY_TSHARK:
            yield streams
            streams, frames = [], 0
        streams.append(stream)
        frames += len(tail)
    yield streams


def _asked_of(connection: Connection) -> Farewells | None:
    close = ending_of(connection).first
    return farewells_of(connection, assign_roles(connection), None if close is None else close.frame)


def telling_streams(reading: Reading) -> frozenset[int]:
    """The connections on which nothing stands out but what was said before the close: a complaint, or a reply that the
    close cut off.
    """
    connections = reading.index.connections
    return frozenset(one.stream for one in reading.partings() if _is_telling(connections[one.stream], one))


def _is_telling(connection: Connection, one: Parting) -> bool:
    asked, began, ended = (bytes.fromhex(payload or "") for payload in (one.asked, one.began, one.ended))
    if one.began is not None and lacking(asked, began, ended, one.octets) is not None:
        return True
    if begins_record(began):
        return True  # more frames have to be read to tell whether the last record is whole
    if not SHORTEST <= len(ended) <= LONGEST:
        return False
    for is_http2, port in {_speaks(server) for server in (connection.a, connection.b)}:
        said = parting_in(ended, is_http2=is_http2, is_greeting=not one.asked, port=port)
        if said is not None and said.why not in HARMLESS:
            return True
    return False


def _speaks(server: Endpoint) -> tuple[bool, int]:
    """What decides which last words a server may say: whether it may be one of HTTP/2, and its port, 0 for one that
    has none of its own.
    """
    return may_be(server, service_name(server), *HTTP2), server.port if server.port in OF_PORT else 0
