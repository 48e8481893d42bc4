"""The outcome of a diagnosis, and its closed vocabularies."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim


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
    PEER_STALLED = "peer_stalled"
    LOCAL_STALLED = "local_stalled"
    NEVER_OPENED = "never_opened"
    HEALTH_CHECK = "health_check"
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


class ExplanationId(StrEnum):
    """What may have happened; the module of that name in pyreport/diagnosis/explanations weighs it."""

    PEER_IDLE_CLOSE = "peer_idle_close"
    PEER_RESTART = "peer_restart"
    HOST_FROZEN_THERE = "host_frozen_there"
    MIDDLEBOX_CLOSE = "middlebox_close"
    PATH_LOSS = "path_loss"
    RETRANSMISSION_TIMEOUT = "retransmission_timeout"
    KEEPALIVE_GAVE_UP = "keepalive_gave_up"
    PROBE_NOT_SENT = "probe_not_sent"
    HOST_FROZEN_HERE = "host_frozen_here"
    CAPTURE_LOSS = "capture_loss"
    WRITE_ON_HALF_CLOSED = "write_on_half_closed"
    APPLICATION_STALLED = "application_stalled"
    PEER_APPLICATION_STALLED = "peer_application_stalled"
    CLOSE_RACE = "close_race"
    MTU_BLACK_HOLE = "mtu_black_hole"
    IDLE_STATE_FORGOTTEN = "idle_state_forgotten"


class Explanation(Struct, frozen=True):
    """One explanation after weighing: the evidence for it (or why there is none), and what speaks against it.

    ``weightiest`` is the claim of the evidence that says most, for those who tell one only; the first where an
    explanation names none. What it is called and what would refute it are the messages ``explanation-ID`` and
    ``refute-ID``.
    """

    id: ExplanationId
    status: Status
    evidence: tuple[Claim, ...]
    against: tuple[Claim, ...] = ()
    chief: Claim | None = None

    @property
    def weightiest(self) -> Claim:
        """The claim that says most."""
        return self.evidence[0] if self.chief is None else self.chief


class Objection(Struct, frozen=True):
    """The strongest argument against a verdict, and what there is to say to it."""

    argument: Claim
    reply: tuple[Claim, ...]


class Verdict(Struct, frozen=True):
    """The outcome: what happened, how sure, who has a share in it, and what decided.

    ``objection`` is None where nothing broke or nothing was decided.
    """

    kind: Kind
    claims: tuple[Claim, ...]
    confidence: Confidence
    attribution: tuple[Attribution, ...]
    deciding: tuple[Claim, ...]
    objection: Objection | None = None

    def told(self, *identifiers: str) -> Claim | None:
        """The first of its claims that is one of these; None without."""
        return next((claim for claim in self.claims if claim.id in identifiers), None)

    @property
    def is_everyday(self) -> bool:
        """Whether it is no more than the everyday noise of closing: nothing broke, or the application closed."""
        own = self.kind is Kind.LOCAL_CLOSED and self.attribution == (Attribution.LOCAL_APPLICATION,)
        return own or self.is_harmless

    @property
    def is_harmless(self) -> bool:
        """Whether nothing broke."""
        return self.kind in (Kind.HEALTHY, Kind.HEALTH_CHECK)
