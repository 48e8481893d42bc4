"""What an end said with its last words before the connection ended, where they are not encrypted: often why it ended.

Only the last payload of each side is looked at, so that nothing before it has to be read, save what opens MQTT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from pyreport.application.cut_reply import CutReply, LastReply, last_reply
from pyreport.application.kafka_messages import server_of
from pyreport.application.mqtt_keepalive import PORT, NamedKeepAlive, keepalive_in
from pyreport.application.parting import HARMLESS, Form, Parting, parting_begun, parting_in
from pyreport.application.tls_records import (
    ClosingAlert,
    CutRecord,
    Tail,
    begins_record,
    closing_alert,
    cut_record,
    tail_of,
)
from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_MS
from pyreport.capture.packet_details import Other
from pyreport.connections.connection import Connection
from pyreport.connections.payloads import FIELDS, begun_payloads, whole_payloads
from pyreport.connections.roles import Roles
from pyreport.frames.findings import Probe
from pyreport.frames.frame import Frame
from pyreport.frames.seq import ahead
from pyreport.knowledge.services import may_be, service_name

# Services that may speak HTTP/2 in plain text; another port of users' programs may be one.
HTTP2 = ("HTTP", "etcd")
# The shortest that says something, and what is longer has more in it than a farewell.
SHORTEST, LONGEST = 3, 600
# What may be an answer as well is a farewell where its sender closes in the same flight.
SAME_FLIGHT_NS = 200 * NS_PER_MS
SIDES = 2


class Said(Struct, frozen=True):
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
        return self.parting.why not in HARMLESS

    @property
    def is_of_pings(self) -> bool:
        """Whether the sender took the other end's HTTP/2 PINGs for too many (gRFC A8)."""
        found = self.parting
        return (found.form, found.code, found.text) == (Form.HTTP2, "ENHANCE_YOUR_CALM", "too_many_pings")


class LastWords(NamedTuple):
    """What an end said before the close, the reply or the TLS record that the close cut off, the keep-alive that the
    client had named when it opened the connection, and the alert with which an end took its leave of TLS though the
    other wrote on; None without.
    """

    said: Said | None = None
    cut: CutReply | CutRecord | None = None
    named: NamedKeepAlive | None = None
    alert: ClosingAlert | None = None


NO_WORDS = LastWords()


class Farewells(Struct, frozen=True):
    """``spoke`` is the last payload of each side before the close (in the capture, where nobody closed: ``close`` is
    None), ``last`` those of it that may be a farewell, by the frame's number; ``reply`` is the last reply, ``opening``
    the first payload of a client that may name a keep-alive in it. ``frames`` are those whose payload has to be read.
    ``tails`` are what each side said last, at length, whose frames ``more`` have to be read where TLS is spoken.
    ``is_greeting``: only the one that closes has said anything. ``other`` is what tshark is asked for.
    """

    spoke: tuple[Frame, ...]
    last: dict[int, Frame]
    reply: LastReply | None
    opening: Frame | None
    tails: tuple[Tail, ...]
    frames: tuple[Frame, ...]
    close: Frame | None
    is_http2: bool
    is_greeting: bool
    port: int
    other: Other

    @property
    def more(self) -> tuple[Frame, ...]:
        """The frames of the tails."""
        return tuple(frame for tail in self.tails for frame in tail.frames)

    def as_spoken(self, payloads: Mapping[int, bytes]) -> Farewells | None:
        """The same, without the tails where no TLS is spoken; None where nothing is left to be read. ``payloads`` are
        the begins of those of ``frames``.
        """
        if not self.tails or self.speaks_tls(payloads):
            return self
        return replace(self, tails=(), other=_other(self.frames)) if self.frames else None

    def told(self) -> LastWords:
        """What is in them, once tshark has told."""
        words = self.read(whole_payloads(self.other.rows, (*self.frames, *self.more)))
        return words if words.said is not None else words._replace(said=self._begun())

    def _begun(self) -> Said | None:
        """The first last words of which the capture has the begin only."""
        begun = begun_payloads(self.other.rows, self.last.values())
        for number, frame in sorted(self.last.items()):
            parting = parting_begun(begun.get(number, b""), frame.length, port=self.port)
            if parting is not None and self._counts(frame, parting):
                return Said(number, frame.source, parting)
        return None

    def _counts(self, frame: Frame, parting: Parting) -> bool:
        """Whether these are last words: no answer to a request after which the connection goes on."""
        return parting.announces or self._is_of_the_close(frame)

    def speaks_tls(self, payloads: Mapping[int, bytes]) -> bool:
        """Whether one of the frames begins with a TLS record."""
        return any(begins_record(payloads.get(frame.number, b"")) for frame in self.frames)

    def read(self, payloads: Mapping[int, bytes]) -> LastWords:
        """What is in them: the first last words, and what the reply lacks. ``payloads`` are those that are known whole
        (those of long ones may lack the middle, save of ``more``), by the number of their frame.
        """
        found = []
        for number, frame in self.last.items():
            parting = parting_in(
                payloads.get(number, b""), is_http2=self.is_http2, is_greeting=self.is_greeting, port=self.port
            )
            if parting is not None and self._counts(frame, parting):
                found.append(Said(frame.number, frame.source, parting))
        cut = self.reply.cut(payloads) if self.reply is not None else None
        said = min(found, key=lambda one: one.frame, default=None)
        return LastWords(said, cut or self._cut_record(payloads), self._named(payloads), self._alert(payloads))

    def _cut_record(self, payloads: Mapping[int, bytes]) -> CutRecord | None:
        is_tls = self.speaks_tls(payloads)
        cuts = (cut_record(tail, payloads, is_tls=is_tls) for tail in self.tails)
        return next((cut for cut in cuts if cut is not None), None)

    def _alert(self, payloads: Mapping[int, bytes]) -> ClosingAlert | None:
        """The alert that a side said last, where the other said more, and no alert, when it had that one."""
        if len(self.spoke) < SIDES:
            return None
        first, second = sorted(self.spoke, key=lambda frame: frame.number)
        alert, answer = (closing_alert(frame, payloads.get(frame.number, b"")) for frame in (first, second))
        has_it = ahead(second.ack, first.end) >= 0
        return alert if alert is not None and answer is None and has_it else None

    def _named(self, payloads: Mapping[int, bytes]) -> NamedKeepAlive | None:
        """The keep-alive in the first payload."""
        opening = self.opening
        seconds = None if opening is None else keepalive_in(payloads.get(opening.number, b""))
        return None if opening is None or seconds is None else NamedKeepAlive(opening.number, opening.source, seconds)

    def _is_of_the_close(self, frame: Frame) -> bool:
        close = self.close
        return close is not None and frame.source == close.source and close.time_ns - frame.time_ns <= SAME_FLIGHT_NS


def farewells_of(connection: Connection, roles: Roles, close: int | None) -> Farewells | None:
    """What has to be read before the frame ``close``, None where nobody closed; None where none of it can be a farewell
    or a reply.
    """
    spoke = _last_said(connection, connection.last.number if close is None else close)
    last = {frame.number: frame for frame in spoke if SHORTEST <= frame.length <= LONGEST}
    server = server_of(connection, roles)
    is_http2 = may_be(server, service_name(server), *HTTP2)
    closing = None if close is None else connection.frame(close)
    if close is None or closing is None:
        # Who has said good-bye without closing is told where the other did not heed it.
        may_be_left = close is None and len(spoke) == SIDES and bool(last)
        return _asking(spoke, last, None, None, (), None, is_http2, False, server.port) if may_be_left else None
    reply = last_reply(connection, close)
    opening = next((f for f in connection.frames if f.length), None) if server.port == PORT else None
    tails = tuple(tail for side in (connection.a, connection.b) if (tail := tail_of(connection, side)) is not None)
    if not (last or reply or opening or tails):
        return None
    is_greeting = {frame.source for frame in spoke} == {closing.source}
    return _asking(spoke, last, reply, opening, tails, closing, is_http2, is_greeting, server.port)


def _asking(
    spoke: list[Frame],
    last: dict[int, Frame],
    reply: LastReply | None,
    opening: Frame | None,
    tails: tuple[Tail, ...],
    close: Frame | None,
    is_http2: bool,
    is_greeting: bool,
    port: int,
) -> Farewells:
    read = (*last.values(), *(() if reply is None else reply.frames), *(() if opening is None else (opening,)))
    frames = tuple({frame.number: frame for frame in read}.values())
    other = _other((*frames, *(frame for tail in tails for frame in tail.frames)))
    return Farewells(tuple(spoke), last, reply, opening, tails, frames, close, is_http2, is_greeting, port, other)


def _other(frames: Iterable[Frame]) -> Other:
    return Other(FIELDS, frames=tuple(sorted({frame.number for frame in frames})))


def _last_said(connection: Connection, close: int) -> list[Frame]:
    """The last segment with payload of each side up to the close."""
    last: dict[str, Frame] = {}
    for frame in connection.frames:
        if frame.number > close:
            break
        if frame.length and not frame.found(Probe):
            last[frame.source] = frame
    return list(last.values())
