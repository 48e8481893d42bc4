"""What one record of a log says, whatever wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from enum import StrEnum

from msgspec import Struct, field

from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_S


class Errno(StrEnum):
    """The error as the socket reported it (errno(3)), or what the program says instead of one."""

    EPIPE = "EPIPE"
    ECONNRESET = "ECONNRESET"
    ECONNABORTED = "ECONNABORTED"
    ECONNREFUSED = "ECONNREFUSED"
    ETIMEDOUT = "ETIMEDOUT"
    EHOSTUNREACH = "EHOSTUNREACH"
    ENETUNREACH = "ENETUNREACH"
    DEADLINE = "i/o timeout"  # the program waited no longer: its own limit, not the kernel's
    EOF = "EOF"  # the peer closed in order
    DISCONNECTED = "disconnected"  # closed or reset by the peer: the line does not say which
    CLOSED_HERE = "closed here"  # the writer of the line closed it
    OTHER = "other"


class PeerReason(StrEnum):
    """Why an end closes, as its protocol tells the other one before."""

    TOO_MANY_PINGS = "too_many_pings"  # HTTP/2 GOAWAY with ENHANCE_YOUR_CALM, as gRPC servers send it (gRFC A8)


class Repeats(StrEnum):
    """What a time stamp leaves out, so that it fits again and again."""

    NEVER = ""
    DAILY = "day"
    YEARLY = "year"


class NamedEnd(Struct, frozen=True):
    """One end of a connection as far as the line names it: an address or a name, a port, or neither ("" and None).

    An IPv6 host is in brackets, as tshark's ends are written here.
    """

    host: str = ""
    port: int | None = None

    def __str__(self) -> str:
        if self.port is None:
            return self.host
        return f"{self.host}:{self.port}" if self.host else f"port {self.port}"

    def __bool__(self) -> bool:
        return bool(self.host) or self.port is not None

    @property
    def endpoint(self) -> Endpoint:
        """The end, when it is whole."""
        return Endpoint(self)

    @property
    def is_whole(self) -> bool:
        """Whether both host and port are there."""
        return bool(self.host) and self.port is not None


class Stamp(Struct, frozen=True):
    """A time stamp. ``clock_ns`` is its clock read as UTC, in ns since the epoch; ``zone`` is None when it names none.

    ``resolution_ns`` is its last digit: a stamp of whole seconds stands for the second that it begins.
    """

    clock_ns: int
    zone: tzinfo | None = None
    repeats: Repeats = Repeats.NEVER
    resolution_ns: int = NS_PER_S


class LogError(Struct, frozen=True):
    """What a record says of a connection that broke; what it does not say is empty or None.

    ``service`` is the service that the format is a client or server of, as knowledge.services names it.
    ``by_server``: the format is one of the accepting side, ``by_client``: its words are of the one that connected; many
    tell neither. ``state_age_ns`` is the time spent in ``state``
    (librdkafka), ``idle_ns`` the idle age that the line states, ``lasted_ns`` the life of the connection (HAProxy's
    Tt), ``termination`` HAProxy's termination state. ``product`` is what wrote the line, or the library in it.
    ``beside`` is the end of a proxy's other connection: the line is about the proxy's connection to its server, and
    names the client whom that served. ``reason`` is why the accepting side ended the connection, where the line says.
    """

    line: str
    format: str
    error_text: str
    errno: Errno
    operation: str = ""
    local: NamedEnd = NamedEnd()
    remote: NamedEnd = NamedEnd()
    stamp: Stamp | None = None
    service: str = ""
    by_server: bool = False
    by_client: bool = False
    peer_name: str = ""
    client_id: str = ""
    state: str = ""
    state_age_ns: int | None = None
    idle_ns: int | None = None
    lasted_ns: int | None = None
    termination: str = ""
    product: str = ""
    beside: NamedEnd = NamedEnd()
    reason: PeerReason | None = None

    @property
    def age_ns(self) -> int | None:
        """The age of the connection that the line states: librdkafka's time in state UP, or how long it lasted."""
        if self.beside:
            return None  # the life is that of the other connection
        return self.state_age_ns if self.state == "UP" else self.lasted_ns

    @property
    def clock_ns(self) -> int | None:
        """The time stamp taken as UTC; None without one."""
        return self.stamp.clock_ns if self.stamp else None

    @property
    def zone(self) -> tzinfo | None:
        """The zone that the line names, or that its format implies."""
        return self.stamp.zone if self.stamp else None


class Entry(Struct, frozen=True):
    """A record without its wrapping: the text to search, the fields of a JSON record by the last part of their
    (lower-case) names, and the time stamp of the wrapping.
    """

    text: str
    fields: Mapping[str, str] = field(default_factory=dict)
    outer: Stamp | None = None
