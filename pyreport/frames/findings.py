"""The plugin's findings, a class each: ``make reference`` writes this file from the catalogue in Lua.

Names ending in ``_ns`` are nanoseconds: ``_at_ns`` since the epoch, others durations. Names ending in ``_frame`` are
frame numbers. A datum that can be None is one that the plugin gives only where it knows it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Literal

from pyreport.base.endpoint import Endpoint
from pyreport.frames.finding import Finding


class GaveUp(Finding, frozen=True, kw_only=True):
    """Keep-alive gave up: on the RST of the side that probed."""

    id: ClassVar[str] = "gave_up"
    unanswered: int
    first_probe_frame: int
    last_probe_frame: int
    last_heard_frame: int
    silence_ns: int
    data_idle_ns: int | None = None


class PostFinResetCauseKind(StrEnum):
    """What it answers."""

    WRITE = "write"
    PROBE = "probe"


class PostFinReset(Finding, frozen=True, kw_only=True):
    """RST after the closing side's FIN: on the RST."""

    id: ClassVar[str] = "post_fin_reset"
    cause_frame: int
    cause_kind: PostFinResetCauseKind
    fin_frame: int
    delay_ns: int
    after_fin_ns: int


class MissedEndedBy(StrEnum):
    """What ended the gap."""

    PROBE = "probe"
    DATA = "data"
    ACK = "ack"
    FIN = "fin"
    RST = "rst"
    CAPTURE_HOLE = "capture_hole"
    CAPTURE_END = "capture_end"
    NOTHING_YET = "nothing_yet"


class Missed(Finding, frozen=True, kw_only=True):
    """Missed keep-alive interval: on the next frame of the connection, or the probe that ends the gap."""

    id: ClassVar[str] = "missed"
    by: Endpoint
    intervals: int
    due_at_ns: int
    overdue_ns: int
    interval_ns: int
    last_probe_frame: int | None = None
    gap_ns: int | None = None
    ended_by: MissedEndedBy


class PostFinWriteHarmless(StrEnum):
    """Why this is everyday traffic."""

    HALF_CLOSE = "half_close"
    OWN_FIN = "own_fin"
    OWN_RST = "own_rst"
    TLS_ALERT = "tls_alert"
    BEFORE_ALERT = "before_alert"
    ASKED_FOR = "asked_for"


class PostFinWrite(Finding, frozen=True, kw_only=True):
    """Write after the peer's FIN: on the segment with the payload."""

    id: ClassVar[str] = "post_fin_write"
    fin_frame: int
    after_fin_ns: int
    bytes: int
    acked_in_frame: int | None = None
    reset_in_frame: int | None = None
    harmless: PostFinWriteHarmless | None = None


class WriteAfterOwnFin(Finding, frozen=True, kw_only=True):
    """Data after the sender's own FIN: on the segment with the payload."""

    id: ClassVar[str] = "write_after_own_fin"
    fin_frame: int
    bytes: int


class Unanswered(Finding, frozen=True, kw_only=True):
    """Unanswered keep-alive probe: on the next probe of the same side, or the RST with which it gives up."""

    id: ClassVar[str] = "unanswered"
    probe_frame: int
    in_a_row: int
    waited_ns: int


class RetransmissionTimeoutEndedBy(StrEnum):
    """What ended the wait."""

    RST = "rst"
    CAPTURE_END = "capture_end"


class RetransmissionTimeout(Finding, frozen=True, kw_only=True):
    """Retransmissions without an answer: on the RST with which the side gives up, or its last retransmission."""

    id: ClassVar[str] = "retransmission_timeout"
    by: Endpoint
    data_frame: int
    repeats: int
    last_repeat_frame: int
    waited_ns: int
    last_heard_frame: int
    ended_by: RetransmissionTimeoutEndedBy


class CaptureHole(Finding, frozen=True, kw_only=True):
    """Hole in the capture: on the first frame after it, of whatever protocol."""

    id: ClassVar[str] = "capture_hole"
    length_ns: int
    last_frame_frame: int
    connections: int


class SettingChanged(Finding, frozen=True, kw_only=True):
    """Keep-alive setting changed: on the probe that shows it."""

    id: ClassVar[str] = "setting_changed"
    by: Endpoint
    before_ns: int
    after_ns: int


class RefusedByReason(StrEnum):
    """Why."""

    NET_UNREACHABLE = "net_unreachable"
    HOST_UNREACHABLE = "host_unreachable"
    PROTOCOL_UNREACHABLE = "protocol_unreachable"
    PORT_UNREACHABLE = "port_unreachable"
    PROHIBITED = "prohibited"
    TOO_BIG = "too_big"
    HOPS_EXCEEDED = "hops_exceeded"


class RefusedBy(Finding, frozen=True, kw_only=True):
    """A device refuses a segment: on the ICMP or ICMPv6 error."""

    id: ClassVar[str] = "refused_by"
    device: str
    reason: RefusedByReason
    icmp_type: int
    icmp_code: int
    mtu: int | None = None
    sender: Endpoint
    segment_frame: int | None = None


class Late(Finding, frozen=True, kw_only=True):
    """Late keep-alive probe: on the probe."""

    id: ClassVar[str] = "late"
    due_at_ns: int
    overdue_ns: int
    last_probe_frame: int | None = None


class ResetFollowed(StrEnum):
    """What it followed."""

    PROBE = "probe"
    DATA = "data"
    FIN = "fin"
    OWN_DATA = "own_data"
    ACK = "ack"
    NOTHING = "nothing"
    NOT_CAPTURED = "not_captured"


class ResetSilenceFrom(StrEnum):
    """The silence began with."""

    PAYLOAD = "payload"
    HANDSHAKE = "handshake"
    SEGMENT = "segment"
    CAPTURE_START = "capture_start"
    CAPTURE_HOLE = "capture_hole"


class Reset(Finding, frozen=True, kw_only=True):
    """RST ends the connection: on the RST."""

    id: ClassVar[str] = "reset"
    by: Endpoint
    followed: ResetFollowed
    cause_frame: int | None = None
    fin_frame: int | None = None
    delay_ns: int | None = None
    too_soon_ns: int | None = None
    data_idle_ns: int | None = None
    packet_idle_ns: int
    silence_ns: int | None = None
    silence_from: ResetSilenceFrom | None = None
    since_frame: int | None = None
    farewell_frame: int | None = None
    farewell_bytes: int | None = None


class FinDoubt(StrEnum):
    """Why the peer may have closed before."""

    UNSEEN_BYTES = "unseen_bytes"
    UNSEEN_PEER = "unseen_peer"


class FinSilenceFrom(StrEnum):
    """The silence began with."""

    PAYLOAD = "payload"
    HANDSHAKE = "handshake"
    SEGMENT = "segment"
    CAPTURE_START = "capture_start"
    CAPTURE_HOLE = "capture_hole"


class Fin(Finding, frozen=True, kw_only=True):
    """First FIN: on the first FIN."""

    id: ClassVar[str] = "fin"
    by: Endpoint
    data_idle_ns: int | None = None
    packet_idle_ns: int | None = None
    last_data_frame: int | None = None
    doubt: FinDoubt | None = None
    silence_ns: int | None = None
    silence_from: FinSilenceFrom | None = None
    since_frame: int | None = None
    farewell_frame: int | None = None
    farewell_bytes: int | None = None


class ClosedBeforeDue(Finding, frozen=True, kw_only=True):
    """Closed before the next probe was due: on the FIN or RST."""

    id: ClassVar[str] = "closed_before_due"
    by: Endpoint
    due_at_ns: int
    margin_ns: int
    last_probe_frame: int


class PostFinProbe(Finding, frozen=True, kw_only=True):
    """Probe after the peer's FIN: on the probe."""

    id: ClassVar[str] = "post_fin_probe"
    fin_frame: int
    after_fin_ns: int


class FinAck(Finding, frozen=True, kw_only=True):
    """FIN acknowledged: on the acknowledgment."""

    id: ClassVar[str] = "fin_ack"
    fin_frame: int
    delay_ns: int


class Probe(Finding, frozen=True, kw_only=True):
    """Keep-alive probe: on the probe."""

    id: ClassVar[str] = "probe"
    number: int
    answer_frame: int | None = None
    last_probe_frame: int | None = None
    since_last_ns: int | None = None
    silence_ns: int | None = None
    bytes: int | None = None
    idle_time_ns: int | None = None
    interval_ns: int | None = None
    cadence_ns: int | None = None


class Answer(Finding, frozen=True, kw_only=True):
    """Keep-alive answer: on the answer."""

    id: ClassVar[str] = "answer"
    probe_frame: int
    delay_ns: int


#: Each kind of finding, the worst first.
KINDS: tuple[type[Finding], ...] = (
    GaveUp,
    PostFinReset,
    Missed,
    PostFinWrite,
    WriteAfterOwnFin,
    Unanswered,
    RetransmissionTimeout,
    CaptureHole,
    SettingChanged,
    RefusedBy,
    Late,
    Reset,
    Fin,
    ClosedBeforeDue,
    PostFinProbe,
    FinAck,
    Probe,
    Answer,
)

FindingId = Literal[
    "gave_up",
    "post_fin_reset",
    "missed",
    "post_fin_write",
    "write_after_own_fin",
    "unanswered",
    "retransmission_timeout",
    "capture_hole",
    "setting_changed",
    "refused_by",
    "late",
    "reset",
    "fin",
    "closed_before_due",
    "post_fin_probe",
    "fin_ack",
    "probe",
    "answer",
]
