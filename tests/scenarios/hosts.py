"""Hosts: addresses, a kernel clock that counts jiffies, and times at which the host does not run at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address

from tests.scenarios.packets import Segment, ethernet_frame, ipv4_packet
from tests.scenarios.pcapfile import Frame
from tests.scenarios.simulation import MICROSECOND, MILLISECOND

TICK_NS = MILLISECOND  # HZ=1000
INITIAL_TTL = 64
SOFTIRQ_DELAY_NS = 14 * MICROSECOND
CATCH_UP_NS_PER_TICK = 20


@dataclass(frozen=True, slots=True)
class Keepalive:
    """TCP_KEEPIDLE, TCP_KEEPINTVL (both in jiffies) and TCP_KEEPCNT."""

    idle: int
    interval: int
    probes: int = 9


@dataclass(frozen=True, slots=True)
class Freeze:
    """A span in which a host does not run: no timer, no application, no packet in or out."""

    start_ns: int
    end_ns: int

    def covers(self, time_ns: int) -> bool:
        """Whether the host stands still at that time."""
        return self.start_ns <= time_ns < self.end_ns


@dataclass(slots=True)
class Capture:
    """What tcpdump sees on one host's only interface."""

    mac: bytes
    gateway_mac: bytes
    frames: list[Frame] = field(default_factory=list)

    def sent(self, time_ns: int, segment: Segment) -> None:
        """Record a segment that leaves the host."""
        packet = ipv4_packet(segment, INITIAL_TTL)
        self.frames.append(Frame(time_ns, ethernet_frame(self.mac, self.gateway_mac, packet, from_the_wire=False)))

    def received(self, time_ns: int, segment: Segment, hops: int) -> None:
        """Record a segment that arrives after some hops."""
        packet = ipv4_packet(segment, INITIAL_TTL - hops)
        self.frames.append(Frame(time_ns, ethernet_frame(self.gateway_mac, self.mac, packet, from_the_wire=True)))


@dataclass(slots=True)
class Host:
    """A Linux 3.10 host with HZ=1000.

    `booted_ns` is when its jiffies were 0, so it fixes where the ticks lie and what its TSvals are. `fin_timeout_ns` is
    tcp_fin_timeout. `capture` is set on the host where the capture runs.
    """

    ip: IPv4Address
    booted_ns: int
    fin_timeout_ns: int = 60_000 * MILLISECOND
    freeze: Freeze | None = None
    capture: Capture | None = None

    def jiffies(self, time_ns: int) -> int:
        """Ticks since boot."""
        return (time_ns - self.booted_ns) // TICK_NS

    def tsval(self, time_ns: int) -> int:
        """Timestamp value of a segment sent now: the jiffies (net/ipv4/tcp_output.c, tcp_time_stamp before 4.13)."""
        return self.jiffies(time_ns) & 0xFFFFFFFF

    def timer_fires(self, expires: int) -> int:
        """When a kernel timer that expires at a jiffy runs, in nanoseconds.

        A timer that expired while the host stood still runs at the first tick afterwards. The kernel then works through
        the missed jiffies in order (kernel/timer.c, __run_timers), so such timers run in the order they were due.
        """
        due = self.booted_ns + expires * TICK_NS + SOFTIRQ_DELAY_NS
        if self.freeze is None or not self.freeze.covers(due):
            return due
        first_tick = self.jiffies(self.freeze.end_ns) + 1
        missed = expires - self.jiffies(self.freeze.start_ns)
        return self.booted_ns + first_tick * TICK_NS + SOFTIRQ_DELAY_NS + missed * CATCH_UP_NS_PER_TICK

    def application_runs(self, time_ns: int) -> int:
        """When a program that wants to do something at a time really does it."""
        if self.freeze is None or not self.freeze.covers(time_ns):
            return time_ns
        return self.freeze.end_ns + 4 * MILLISECOND + (time_ns - self.freeze.start_ns) // 1000

    def can_receive(self, time_ns: int) -> int:
        """When a packet that arrives at a time is seen by the kernel."""
        return self.freeze.end_ns if self.freeze and self.freeze.covers(time_ns) else time_ns


def with_slack(now: int, delay: int) -> int:
    """Jiffy at which a timer set for `now + delay` really expires on Linux 2.6.35 to 4.7.

    mod_timer() rounds up within 1/256 of the delay to the jiffy with the most trailing zero bits (kernel/timer.c,
    apply_slack), so a keep-alive of 5000 jiffies comes every 5008.
    """
    expires = now + delay
    limit = expires + delay // 256
    differing = expires ^ limit
    if differing == 0:
        return expires
    return limit >> (differing.bit_length() - 1) << (differing.bit_length() - 1)
