"""The keep-alive timer of each kind of kernel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from tests.property.timers import Rounding


@dataclass(frozen=True, slots=True)
class Keepalive:
    """TCP_KEEPIDLE and TCP_KEEPINTVL in whole seconds, TCP_KEEPCNT."""

    idle: int
    interval: int
    probes: int = 9

    @property
    def period(self) -> int:
        """Seconds between two answered probes, before rounding."""
        return max(self.idle, self.interval)


@dataclass(frozen=True, slots=True, repr=False)
class Kernel:
    """What tells TCP implementations apart as far as keep-alive goes.

    `garbage`: bytes that a probe carries. `hears_probes`: the peer's probe restarts the idle clock. `minds_flight`:
    no probe while data is in flight. `gives_up_by_time`: after idle + probes * interval without a sign of life,
    instead of by counting probes. `limits_acks`: answers to old segments at most every 500 ms.
    """

    name: str
    hz: int
    rounding: Rounding
    garbage: int = 0
    hears_probes: bool = False
    minds_flight: bool = True
    gives_up_by_time: bool = False
    limits_acks: bool = False

    def __repr__(self) -> str:
        """Short, for the plans that hypothesis prints."""
        return self.name


# net/ipv4/tcp_timer.c, tcp_keepalive_timer; tcp_input.c, tcp_sequence and tcp_oow_rate_limited (500 ms).
LINUX = tuple(
    [Kernel(f"Linux 3.10 HZ={hz}", hz, Rounding.SLACK, limits_acks=True) for hz in (100, 250, 1000)]
    + [Kernel(f"Linux 6.1 HZ={hz}", hz, Rounding.WHEEL, limits_acks=True) for hz in (100, 250, 1000)]
)
# freebsd-src sys/netinet/tcp_timer.c, tcp_timer_keep (re-armed lazily); tcp_input.c sets t_rcvtime on every segment.
BSD = Kernel("BSD", 1000, Rounding.NONE, hears_probes=True, minds_flight=False, gives_up_by_time=True)
# One garbage byte; whether a peer's probe restarts its clock is not documented, so there is one of each.
WINDOWS = tuple(Kernel("Windows", 64, Rounding.NONE, garbage=1, hears_probes=hears) for hears in (False, True))


class Verdict(Enum):
    """What the timer does when it runs."""

    WAIT = auto()
    PROBE = auto()
    GIVE_UP = auto()


class Socket(Protocol):
    """What the timer looks at. Times are jiffies."""

    kernel: Kernel
    probes_out: int

    def jiffies_since_heard(self) -> int:
        """Time since the last sign of life: keepalive_time_elapsed() in include/net/tcp.h."""
        ...

    def has_in_flight(self) -> bool:
        """Whether anything sent is not acknowledged yet (packets_out)."""
        ...


def on_timer(socket: Socket, keepalive: Keepalive) -> tuple[Verdict, int]:
    """What a keep-alive timer does that runs now, and for how many jiffies it is set again.

    Lazy: what is received does not move the timer, which finds out when it runs. Our own sends count for nothing.
    After a probe it is set for the interval, answered or not; so answered probes come every max(idle, interval).
    """
    kernel = socket.kernel
    idle, interval = keepalive.idle * kernel.hz, keepalive.interval * kernel.hz
    silent = socket.jiffies_since_heard()
    if kernel.minds_flight and socket.has_in_flight():
        return Verdict.WAIT, idle  # "It is alive without keepalive": the retransmission timer is in charge
    if silent < idle:
        return Verdict.WAIT, idle - silent
    if _is_exhausted(socket, keepalive, silent):
        return Verdict.GIVE_UP, 0
    return Verdict.PROBE, interval


def _is_exhausted(socket: Socket, keepalive: Keepalive, silent: int) -> bool:
    if socket.kernel.gives_up_by_time:
        limit = keepalive.idle + keepalive.probes * keepalive.interval
        return silent >= limit * socket.kernel.hz
    return socket.probes_out >= keepalive.probes
