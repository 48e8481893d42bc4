"""What is diagnosed, and the closed vocabularies of the result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pyreport.base.claim import Claim
from pyreport.connections.connection import CaptureIndex, Connection, Roles
from pyreport.connections.ending import Ending
from pyreport.diagnosis.thresholds import IDLE_FROM_NS as IDLE_FROM_NS
from pyreport.diagnosis.thresholds import PROMPT_CLOSE_NS as PROMPT_CLOSE_NS
from pyreport.frames.frame import CaptureSpan, Frame
from pyreport.logs.model import LogError
from pyreport.quality import NOT_ASSESSED, Quality, RestsOn


class Status(StrEnum):
    """How an explanation stands after weighing."""

    SUPPORTED = "supported"
    POSSIBLE = "possible"
    NO_EVIDENCE = "no evidence"
    RULED_OUT = "ruled out"


class Kind(StrEnum):
    """What happened to the connection."""

    PEER_CLOSED_IDLE = "peer_closed_idle"
    PEER_CLOSED = "peer_closed"
    PEER_RESET = "peer_reset"
    MIDDLEBOX_CLOSED = "middlebox_closed"
    PEER_RESTARTED = "peer_restarted"
    PATH_LOST = "path_lost"
    KEEPALIVE_GAVE_UP = "keepalive_gave_up"
    HOST_FROZEN = "host_frozen"
    LOCAL_CLOSED = "local_closed"
    HEALTHY = "healthy"
    UNDETERMINED = "undetermined"


class Confidence(StrEnum):
    """How sure the verdict is."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNDETERMINED = "undetermined"


class Attribution(StrEnum):
    """Who has a share in it; more than one can."""

    PEER_SERVICE = "peer_service"
    NETWORK_PATH = "network_path"
    LOCAL_HOST = "local_host"
    LOCAL_APPLICATION = "local_application"
    CAPTURE_INCOMPLETE = "capture_incomplete"
    HEALTHY = "healthy"


@dataclass(frozen=True, slots=True)
class Case:
    """All that an explanation may look at. ``log_ns`` is when the log line was written, None if unknown; ``log_match``
    what the match of line and connection rests on (pyreport.matching.match.Strength), "" without a line.
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

    @property
    def local(self) -> str:
        """The local end, "address:port"."""
        return self.roles.local

    @property
    def peer(self) -> str:
        """The other end."""
        return self.roles.peer

    @property
    def peer_name(self) -> str:
        """What the peer is called in the middle of a sentence: "the server"."""
        return self.roles.name(self.roles.peer)

    @property
    def local_name(self) -> str:
        """What the local end is called there: "the client"."""
        return self.roles.name(self.roles.local)

    @property
    def is_at_local(self) -> bool:
        """Whether the capture was taken at the local end, so that it shows what really left there."""
        return self.quality.vantage.is_at(self.local)

    @property
    def is_at_peer(self) -> bool:
        """Whether the capture was taken at the peer."""
        return self.quality.vantage.is_at(self.peer)

    @property
    def when_absent(self) -> Status:
        """How an explanation stands of which the capture has no trace: ruled out, unless it lacks frames."""
        return Status.NO_EVIDENCE if self.quality.against(RestsOn.ABSENCE) else Status.RULED_OUT

    @property
    def doubt(self) -> str:
        """Why the first FIN of the capture may not be the connection's first; "" when it is."""
        return self.ending.fin.text("doubt") if self.ending.fin else ""

    @property
    def peer_closed_first(self) -> bool:
        """Whether the first FIN is the peer's."""
        return self.ending.fin is not None and self.ending.closer == self.peer

    @property
    def close_wait_ns(self) -> int | None:
        """How long the local end kept its socket after the peer's FIN; None when the peer did not close first."""
        if not self.peer_closed_first or self.ending.fin is None:
            return None
        end = self.ending.close_wait_end(self.span.last_time_ns)
        return None if end is None else end - self.ending.fin.time_ns

    @property
    def has_seen_fin(self) -> bool:
        """Whether the other end's kernel is known to have the first FIN: it acknowledged it, or wrote or probed with an
        acknowledgment that covers it.
        """
        ending = self.ending
        return bool(ending.fin_ack or ending.post_fin_probes or ending.post_fin_writes)

    @property
    def used_half_close(self) -> bool:
        """Whether the side that sent the first FIN took data after it: a half-close, not a close (RFC 9293 3.6)."""
        return any(write.number("acked_in_frame") for write in self.ending.post_fin_writes)

    @property
    def last_probe_before_end(self) -> Frame | None:
        """The local end's last probe before the close."""
        end = self.ending.first.time_ns if self.ending.first else self.span.last_time_ns
        probes = [f for f in self.connection.frames if f.source == self.local and f.time_ns < end and f.found("probe")]
        return probes[-1] if probes else None


@dataclass(frozen=True, slots=True)
class Explanation:
    """One explanation after weighing: the evidence for it (or why there is none), what speaks against it, and
    ``would_refute``, what would decide.
    """

    id: str
    title: str
    status: Status
    evidence: tuple[Claim, ...]
    would_refute: str
    against: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """The strongest argument against a verdict, and the answer to it."""

    argument: str
    answer: Claim


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome: what happened, in one sentence, how sure, who has a share in it, and what decided.

    ``objection`` is None where nothing broke or nothing was decided.
    """

    kind: Kind
    sentence: str
    confidence: Confidence
    attribution: tuple[Attribution, ...]
    deciding: tuple[Claim, ...]
    objection: Objection | None = None

    @property
    def is_everyday(self) -> bool:
        """Whether it is no more than the everyday noise of closing: nothing broke, or the application closed."""
        own = self.kind is Kind.LOCAL_CLOSED and self.attribution == (Attribution.LOCAL_APPLICATION,)
        return own or self.kind is Kind.HEALTHY
