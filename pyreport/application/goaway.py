"""What an end says with an HTTP/2 GOAWAY before the connection ends, where it is not encrypted (RFC 9113 section 6.8).

gRPC servers give the reason in its debug data: "too_many_pings" (gRFC A8), "max_idle", "max_age" (gRFC A9). The frame
is looked for at the end of what each side said last, so that nothing before it has to be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.application.kafka_messages import server_of
from pyreport.base.endpoint import Endpoint
from pyreport.capture.packet_details import Other
from pyreport.connections.connection import Connection
from pyreport.connections.roles import Roles
from pyreport.frames.findings import Probe
from pyreport.frames.frame import Frame
from pyreport.knowledge.services import may_be, service_name

FIELDS = ("tcp.payload",)
# Services that may speak HTTP/2 in plain text; another port of users' programs may be one.
PLAIN = ("HTTP", "etcd")
# RFC 9113 section 4.1: length, type, flags and stream; then the last stream and the error (6.8).
HEADER, GOAWAY, SHORTEST = 9, 7, 8
LAST_TYPE = 9
# Longer segments carry more than a farewell.
LONGEST = 400
# RFC 9113 section 7.
ERRORS = (
    *("NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED"),
    *("FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM"),
    *("INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"),
)
LONGEST_SAID = 100


@dataclass(frozen=True, slots=True)
class Goaway:
    """A GOAWAY: its frame in the capture, who sent it, its error as RFC 9113 names it, and its debug data ("": none, or
    no text).
    """

    frame: int
    by: Endpoint
    error: str
    said: str

    @property
    def is_complaint(self) -> bool:
        """Whether it names an error; without one it takes leave."""
        return self.error != ERRORS[0]

    @property
    def is_of_pings(self) -> bool:
        """Whether the sender took the other end's PINGs for too many."""
        return (self.error, self.said) == ("ENHANCE_YOUR_CALM", "too_many_pings")


@dataclass(frozen=True, slots=True)
class Farewells:
    """What each side said last before the close, by the frame's number. ``other`` is what tshark is
    asked for.
    """

    said: dict[int, Frame]
    other: Other

    def goaway(self) -> Goaway | None:
        """The first GOAWAY among it, once tshark has told; None without one."""
        found = []
        for number, payload in self.other.rows:
            frame, goaway = self.said[int(number)], goaway_in(bytes.fromhex(payload.replace(":", "")))
            if goaway is not None:
                found.append(Goaway(frame.number, frame.source, *goaway))
        return min(found, key=lambda one: one.frame, default=None)


def farewells_of(connection: Connection, roles: Roles, close: int) -> Farewells | None:
    """What tshark can be asked for before the frame ``close``; None where none of it can be a GOAWAY."""
    server = server_of(connection, roles)
    if not may_be(server, service_name(server), *PLAIN):
        return None
    said = {frame.number: frame for frame in _last_said(connection, close)}
    if not said:
        return None
    return Farewells(said, Other(FIELDS, frames=tuple(said)))


def goaway_in(payload: bytes) -> tuple[str, str] | None:
    """Error and debug data of the GOAWAY that a payload ends with, or of which only whole frames come after; None when
    there is none.
    """
    for start in range(len(payload) - HEADER - SHORTEST + 1):
        if payload[start + 3 : start + HEADER] != bytes((GOAWAY, 0, 0, 0, 0, 0)) or not _are_frames(payload, start):
            continue
        length = int.from_bytes(payload[start : start + 3])
        body = payload[start + HEADER : start + HEADER + length]
        code = int.from_bytes(body[4:SHORTEST])
        if length >= SHORTEST and code < len(ERRORS):
            return ERRORS[code], _text(body[SHORTEST:])
    return None


def _are_frames(payload: bytes, start: int) -> bool:
    """Whether the payload from a place on is whole frames of HTTP/2."""
    while start + HEADER <= len(payload):
        if payload[start + 3] > LAST_TYPE or payload[start + 5] & 0x80:
            return False
        start += HEADER + int.from_bytes(payload[start : start + 3])
    return start == len(payload)


def _text(data: bytes) -> str:
    is_text = len(data) <= LONGEST_SAID and data.isascii() and data.decode("ascii").isprintable()
    return data.decode("ascii") if is_text else ""


def _last_said(connection: Connection, close: int) -> list[Frame]:
    """The last segment with payload of each side up to the close, where it may be a farewell."""
    last: dict[str, Frame] = {}
    for frame in connection.frames:
        if frame.number > close:
            break
        if frame.length and not frame.found(Probe):
            last[frame.source] = frame
    return [frame for frame in last.values() if HEADER + SHORTEST <= frame.length <= LONGEST]
