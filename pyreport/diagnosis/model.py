"""What is diagnosed, and the closed vocabularies of the result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pyreport.ending import Ending
from pyreport.frames import CaptureSpan, Frame
from pyreport.incident import CaptureIndex, Connection, Roles
from pyreport.logline import LogError
from pyreport.sentence import Sentence
from pyreport.units import NS_PER_S

# From this age of the last data on, a close follows a silence, not traffic: longer than a retransmission or two
# (RFC 6298: RTO of 1 s at first), shorter than the shortest idle limits in use.
IDLE_FROM_NS = 2 * NS_PER_S
# An application that reads its socket closes within this time of the peer's FIN; longer means that it was not looking.
PROMPT_CLOSE_NS = 1 * NS_PER_S


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
    """All that an explanation may look at. ``log_ns`` is when the log line was written, None if unknown."""

    connection: Connection
    roles: Roles
    ending: Ending
    index: CaptureIndex
    span: CaptureSpan
    log: LogError | None = None
    log_ns: int | None = None

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
    """One explanation after weighing; ``would_refute`` says what would take it down."""

    id: str
    title: str
    status: Status
    evidence: tuple[Sentence, ...]
    would_refute: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome: what happened, in one sentence, how sure, and who has a share in it."""

    kind: Kind
    sentence: str
    confidence: Confidence
    attribution: tuple[Attribution, ...]
    deciding: tuple[Sentence, ...]
