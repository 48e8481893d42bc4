"""What an end said with its last words before the connection ended, where they are not encrypted: often why it ended.

Only the last payload of each side is looked at, so that nothing before it has to be read.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.application.kafka_messages import server_of
from pyreport.application.parting import Form, Parting, Why, parting_in
from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_MS
from pyreport.capture.packet_details import Other
from pyreport.connections.connection import Connection
from pyreport.connections.roles import Roles
from pyreport.frames.findings import Probe
from pyreport.frames.frame import Frame
from pyreport.knowledge.services import may_be, service_name

FIELDS = ("tcp.payload",)
# Services that may speak HTTP/2 in plain text; another port of users' programs may be one.
HTTP2 = ("HTTP", "etcd")
# The shortest that says something, and what is longer has more in it than a farewell.
SHORTEST, LONGEST = 3, 600
# What may be an answer as well is a farewell where its sender closes in the same flight.
SAME_FLIGHT_NS = 200 * NS_PER_MS


@dataclass(frozen=True, slots=True)
class Said:
    """Last words: their frame in the capture, who said them, and what they are."""

    frame: int
    by: Endpoint
    parting: Parting

    @property
    def text(self) -> str:
        """The words, or the code where there are none."""
        return self.parting.text or self.parting.code

    @property
    def is_complaint(self) -> bool:
        """Whether it tells of more than leave that was taken, or a limit of time that ran out."""
        return self.parting.why not in (Why.LEAVE, Why.IDLE)

    @property
    def is_of_pings(self) -> bool:
        """Whether the sender took the other end's HTTP/2 PINGs for too many (gRFC A8)."""
        found = self.parting
        return (found.form, found.code, found.text) == (Form.HTTP2, "ENHANCE_YOUR_CALM", "too_many_pings")


@dataclass(frozen=True, slots=True)
class Farewells:
    """The last payload of each side before the close, by the frame's number. ``other`` is what tshark is asked for."""

    last: dict[int, Frame]
    close: Frame
    is_http2: bool
    port: int
    other: Other

    def said(self) -> Said | None:
        """The first last words among it, once tshark has told; None without any."""
        found = []
        for number, payload in self.other.rows:
            frame = self.last[int(number)]
            octets = bytes.fromhex(payload.replace(":", ""))
            parting = parting_in(octets, is_http2=self.is_http2, port=self.port)
            if parting is not None and (parting.announces or self._is_of_the_close(frame)):
                found.append(Said(frame.number, frame.source, parting))
        return min(found, key=lambda one: one.frame, default=None)

    def _is_of_the_close(self, frame: Frame) -> bool:
        return frame.source == self.close.source and self.close.time_ns - frame.time_ns <= SAME_FLIGHT_NS


def farewells_of(connection: Connection, roles: Roles, close: int) -> Farewells | None:
    """What tshark can be asked for before the frame ``close``; None where none of it can be a farewell."""
    closing = connection.frame(close)
    last = {frame.number: frame for frame in _last_said(connection, close)}
    if closing is None or not last:
        return None
    server = server_of(connection, roles)
    is_http2 = may_be(server, service_name(server), *HTTP2)
    return Farewells(last, closing, is_http2, server.port, Other(FIELDS, frames=tuple(last)))


def _last_said(connection: Connection, close: int) -> list[Frame]:
    """The last segment with payload of each side up to the close, where it may be a farewell."""
    last: dict[str, Frame] = {}
    for frame in connection.frames:
        if frame.number > close:
            break
        if frame.length and not frame.found(Probe):
            last[frame.source] = frame
    return [frame for frame in last.values() if SHORTEST <= frame.length <= LONGEST]
