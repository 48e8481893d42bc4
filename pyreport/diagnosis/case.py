"""What is diagnosed."""

from __future__ import annotations

from msgspec import Struct

from pyreport.application.cut_reply import CutReply
from pyreport.application.farewells import Said
from pyreport.application.mqtt_keepalive import NamedKeepAlive
from pyreport.application.tls_records import ClosingAlert, CutRecord
from pyreport.base.claim import Party
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.ending import Ending
from pyreport.connections.index import CaptureIndex
from pyreport.connections.roles import Roles
from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.result import Status
from pyreport.frames.findings import FinDoubt, Probe, Reset
from pyreport.frames.frame import FLAG_FIN, CaptureSpan, Frame
from pyreport.logs.model import LogError
from pyreport.quality import NOT_ASSESSED, FlawId, Quality, RestsOn


class Case(Struct, frozen=True):
    """All that an explanation may look at. ``log_ns`` is when the log line was written, None if unknown; ``log_match``
    what the match of line and connection rests on (pyreport.matching.match.Strength), "" without a line; ``log_fits``
    how many connections the line fits to which different things happened. ``said`` is what an end said before the
    close, ``cut`` the reply or the TLS record that the close cut off, ``named`` the keep-alive that the client had
    named, and ``alert`` the TLS alert with which an end took its leave though the other wrote on, where that was looked
    for.
    """

    connection: Connection
    roles: Roles
    ending: Ending
    index: CaptureIndex
    span: CaptureSpan
    log: LogError | None = None
    log_ns: int | None = None
    log_match: str = ""
    quality: Quality = NOT_ASSESSED
    log_fits: int = 1
    said: Said | None = None
    cut: CutReply | CutRecord | None = None
    named: NamedKeepAlive | None = None
    alert: ClosingAlert | None = None

    @property
    def local(self) -> Endpoint:
        """The local end."""
        return self.roles.local

    @property
    def peer(self) -> Endpoint:
        """The other end."""
        return self.roles.peer

    @property
    def local_party(self) -> Party:
        """What the local end is called."""
        return self.roles.party(self.roles.local)

    @property
    def peer_party(self) -> Party:
        """What the peer is called."""
        return self.roles.party(self.roles.peer)

    @property
    def is_at_local(self) -> bool:
        """Whether the capture was taken at the local end, so that it shows what really left there."""
        return self.quality.vantage.is_at(self.local)

    @property
    def is_at_peer(self) -> bool:
        """Whether the capture was taken at the peer."""
        return self.quality.vantage.is_at(self.peer)

    @property
    def unseen(self) -> Endpoint | None:
        """The end of which a capture of one direction has no frame: it shows nothing that this end did, and nothing of
        what became of the other's segments. None when both directions were captured.
        """
        if self.quality.told(FlawId.ONE_SIDED) is None:
            return None
        return self.connection.other(self.connection.first.source)

    @property
    def when_absent(self) -> Status:
        """How an explanation stands of which the capture has no trace: ruled out, unless it lacks frames."""
        return Status.NO_EVIDENCE if self.quality.against(RestsOn.ABSENCE) else Status.RULED_OUT

    @property
    def doubt(self) -> FinDoubt | None:
        """Why the first FIN of the capture may not be the connection's first; None when it is."""
        return self.ending.fin.doubt if self.ending.fin else None

    @property
    def peer_closed_first(self) -> bool:
        """Whether the first FIN is the peer's."""
        return self.ending.fin is not None and self.ending.closer == self.peer

    @property
    def close_wait_ns(self) -> int | None:
        """How long the local end kept its socket after the peer's FIN; None when the peer did not close first, and when
        the capture has no frame of the local end.
        """
        if not self.peer_closed_first or self.ending.fin is None or self.unseen == self.local:
            return None
        end = self.ending.close_wait_end(self.span.last_time_ns)
        return None if end is None else end - self.ending.fin.time_ns

    @property
    def fin_unnoticed_ns(self) -> int | None:
        """For how long the local application did not close after the peer's FIN, at least: until it closed, else until
        the RST, the capture's end or its log line, whichever came last. None when the peer did not close first.
        """
        kept_ns, fin = self.close_wait_ns, self.ending.fin
        if kept_ns is None or fin is None or self.log_ns is None or self.ending.answering_fin is not None:
            return kept_ns
        return max(kept_ns, self.log_ns - fin.time_ns)

    @property
    def has_seen_fin(self) -> bool:
        """Whether the other end's kernel is known to have the first FIN: it acknowledged it, or wrote or probed with an
        acknowledgment that covers it.
        """
        if self.ending.fin is None or self.ending.fin_ack is not None:
            return self.ending.fin_ack is not None
        outstanding = space_of(self.connection, self.ending.fin.source).outstanding
        return not any(frame.has(FLAG_FIN) for frame in outstanding)

    @property
    def used_half_close(self) -> bool:
        """Whether the side that sent the first FIN took data after it: a half-close, not a close (RFC 9293 3.6)."""
        return any(write.acked_in_frame for write in self.ending.post_fin_writes)

    @property
    def half_close_reset(self) -> Reset | None:
        """The RST with which the side that still had something to say broke off, behind the other's half-close."""
        fin, reset = self.ending.fin, self.ending.reset
        if fin is None or reset is None or not self.used_half_close or self.ending.answering_fin is not None:
            return None
        is_prompted = reset.source == fin.source or reset.cause_frame is not None
        return None if is_prompted else reset

    @property
    def last_probe_before_end(self) -> Frame | None:
        """The local end's last probe before the close, or of all where there is none."""
        close = self.ending.first
        probes = [frame for frame in self.connection.frames if frame.source == self.local and frame.found(Probe)]
        return next((probe for probe in reversed(probes) if close is None or probe.number < close.frame), None)
