"""One end of a TCP connection: what its kernel sends and how it takes what arrives (RFC 9293, as kernels do it).

Built for any legal conversation, loss and all;
`tests/scenarios/endpoint.py` makes the exact bytes of one kernel instead.
Left out: congestion and flow control, closed windows, segments of more than one write, simultaneous opening.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from tests.property.keepalive import Keepalive, Kernel, Verdict, on_timer
from tests.property.segments import End, Segment, add, after
from tests.property.timers import Clock
from tests.scenarios.hosts import Freeze
from tests.scenarios.packets import ACK, FIN, PSH, RST, SYN
from tests.scenarios.simulation import MILLISECOND, SECOND, Action, Simulation

KERNEL_DELAY = 20_000  # ns between a segment's arrival and the reaction to it
RTO_MAX = 120 * SECOND
RETRIES = 15  # net.ipv4.tcp_retries2
ORPHAN_RETRIES = 8  # net.ipv4.tcp_orphan_retries, its built-in default
ACK_LIMIT = 500 * MILLISECOND  # net.ipv4.tcp_invalid_ratelimit
TIME_WAIT_NS = 60 * SECOND  # TCP_TIMEWAIT_LEN


class State(Enum):
    """Connection states of RFC 9293, section 3.3.2."""

    LISTEN = auto()
    SYN_SENT = auto()
    SYN_RECEIVED = auto()
    ESTABLISHED = auto()
    CLOSE_WAIT = auto()
    LAST_ACK = auto()
    FIN_WAIT_1 = auto()
    FIN_WAIT_2 = auto()
    CLOSING = auto()
    TIME_WAIT = auto()
    CLOSED = auto()


NO_TIMER = {State.LISTEN, State.SYN_SENT, State.SYN_RECEIVED, State.TIME_WAIT, State.CLOSED}
FIN_TAKEN = {State.CLOSE_WAIT, State.LAST_ACK, State.CLOSING}
CAN_SEND = {State.ESTABLISHED, State.CLOSE_WAIT}


@dataclass(frozen=True, slots=True)
class EndPlan:
    """One end: its kernel, its keep-alive setting (none: off) and its habits.

    `delayed_ack` in ns. `fin_timeout` in ns: how long a closed socket waits for the peer's FIN (tcp_fin_timeout).
    `dropped` are the probes, by number, that never reach the wire (a firewall's output hook). `freezes` are spans in
    which the host stands still.
    """

    kernel: Kernel
    keepalive: Keepalive | None = None
    delayed_ack: int = 40 * MILLISECOND
    fin_timeout: int = 60 * SECOND
    booted_ns: int = 0
    dropped: frozenset[int] = frozenset()
    freezes: tuple[Freeze, ...] = ()


@dataclass(frozen=True, slots=True)
class Probe:
    """A probe that the kernel sent; whether an output hook dropped it before it reached the wire."""

    time_ns: int
    was_dropped: bool


@dataclass(slots=True)
class Endpoint:
    """One end. `rto` is its first retransmission timeout in ns. Public actions are those of an application."""

    end: End
    plan: EndPlan
    simulation: Simulation
    transmit: Callable[[Segment], None]
    seq: int
    rto: int
    state: State = State.LISTEN
    on_connected: Action = lambda: None
    on_fin: Action = lambda: None
    on_request: Callable[[int], None] = lambda _length: None
    kernel: Kernel = field(init=False)
    clock: Clock = field(init=False)
    acked: int = field(init=False)  # SND.UNA
    expected: int = 0  # RCV.NXT
    announced: int = 0  # RCV.NXT when the last segment was sent (rcv_wup)
    in_flight: list[Segment] = field(default_factory=list)
    early: dict[int, Segment] = field(default_factory=dict)
    retries: int = 0
    has_fin: bool = False
    is_orphan: bool = False
    probes_out: int = 0
    heard_ns: int = 0
    last_limited: int | None = None
    probes: list[Probe] = field(default_factory=list)
    _ack_owed: int = 0
    _timeout: int = 0

    def __post_init__(self) -> None:
        """A fresh socket has nothing unacknowledged."""
        self.kernel, self.acked = self.plan.kernel, self.seq
        self.clock = Clock(self.kernel.hz, self.kernel.rounding, self.plan.booted_ns)

    # --- what an application does; a socket that cannot do it refuses silently (EPIPE, ENOTCONN) ---

    def connect(self) -> None:
        """Send the SYN."""
        self.state = State.SYN_SENT
        self._send_new(SYN)

    def write(self, length: int, wants: int = 0) -> None:
        """Send one segment of payload, to be answered by `wants` bytes of the peer's application (0: not at all)."""
        if self.state in CAN_SEND:
            self._send_new(PSH | ACK, length, wants)

    def shutdown(self) -> None:
        """Send the FIN and go on reading (SHUT_WR)."""
        if self.state in CAN_SEND:
            self.state = State.LAST_ACK if self.state is State.CLOSE_WAIT else State.FIN_WAIT_1
            self._send_new(FIN | ACK)

    def close(self) -> None:
        """Send the FIN and forget the socket."""
        self.shutdown()
        self.is_orphan = True
        if self.state is State.FIN_WAIT_2:
            self._after(self.plan.fin_timeout, self._forget)

    def abort(self) -> None:
        """Close with SO_LINGER 0, or die: RST."""
        if self.state in CAN_SEND or self.state in (State.FIN_WAIT_1, State.FIN_WAIT_2):
            self._send(RST | ACK)
            self._die()

    # --- sending ---

    def _send(self, flags: int, *, gives_up: bool = False) -> None:
        self._transmit(Segment(self.end, self.seq, self.expected, flags, knows_fin=self.has_fin, gives_up=gives_up))

    def _send_new(self, flags: int, length: int = 0, wants: int = 0) -> None:
        """Send something that takes sequence space, to be sent again until it is acknowledged."""
        ack = self.expected if flags & ACK else 0
        segment = Segment(self.end, self.seq, ack, flags, length, wants=wants, is_new=True, knows_fin=self.has_fin)
        self.in_flight.append(segment)
        self.seq = segment.end
        self._transmit(segment)
        if len(self.in_flight) == 1:
            self.retries = 0
            self._start_retransmission_timer()

    def _transmit(self, segment: Segment) -> None:
        if segment.has(ACK):
            self._ack_owed += 1  # whatever was owed goes with it
            self.announced = self.expected
        self.transmit(segment)

    def _acknowledge(self) -> None:
        self._react(lambda: self._send(ACK))

    def _refuse(self, segment: Segment) -> None:
        """There is no such socket (RFC 9293 section 3.10.7.1)."""
        if not segment.has(RST):
            number = segment.ack if segment.has(ACK) else 0
            self._react(lambda: self.transmit(Segment(self.end, number, 0, RST, window=0)))

    def _react(self, action: Action) -> None:
        self._after(KERNEL_DELAY, action)

    def _after(self, delay_ns: int, action: Action) -> None:
        """Do something after a delay, or when the host goes on if it stands still then."""
        self.simulation.at(self.wakes(self.simulation.now + delay_ns), action)

    def wakes(self, time_ns: int) -> int:
        """The time itself, or the end of the span in which the host stands still."""
        return next((f.end_ns for f in self.plan.freezes if f.covers(time_ns)), time_ns)

    # --- retransmission (RFC 6298: the timeout doubles; the oldest segment goes again) ---

    def _start_retransmission_timer(self) -> None:
        self._timeout += 1
        timeout = self._timeout
        self._after(min(self.rto << self.retries, RTO_MAX), lambda: self._retransmit(timeout))

    def _retransmit(self, timeout: int) -> None:
        if timeout != self._timeout or not self.in_flight:
            return
        if self.retries == (ORPHAN_RETRIES if self.is_orphan else RETRIES):
            self._die()
            return
        self.retries += 1
        oldest = self.in_flight[0]
        again = replace(oldest, ack=self.expected if oldest.has(ACK) else 0, is_new=False, knows_fin=self.has_fin)
        self._transmit(again)
        self._start_retransmission_timer()

    # --- receiving ---

    def receive(self, segment: Segment) -> None:
        """Take a segment that arrives now."""
        if self.kernel.hears_probes and not segment.has(RST):
            self.heard_ns = self.simulation.now  # BSD: t_rcvtime, on every segment
        if self.state is State.CLOSED:
            self._refuse(segment)
        elif segment.has(SYN) or self.state in (State.LISTEN, State.SYN_SENT):
            self._handshake(segment)
        elif self.state is State.TIME_WAIT or (self.state is State.FIN_WAIT_2 and self.is_orphan):
            self._receive_without_socket(segment)
        elif segment.has(RST) and self._is_at_fin(segment):
            self._die()
        elif after(self.announced, segment.end):
            # All of it is old, as a probe is: answered, and dropped before tcp_ack (tcp_input.c, tcp_sequence).
            self._answer_old(segment)
        elif segment.has(RST):
            self._die()
        else:
            self._accept(segment)

    def _is_at_fin(self, rst: Segment) -> bool:
        """Whether it carries the number of the peer's FIN, as some systems' do (tcp_input.c, tcp_reset_check)."""
        return self.state in FIN_TAKEN and rst.seq == add(self.expected, -1)

    def _answer_old(self, segment: Segment) -> None:
        if segment.has(RST):
            return
        now, last = self.simulation.now, self.last_limited
        if self.kernel.limits_acks and segment.length == 0:
            if last is not None and now - last < ACK_LIMIT:
                return
            self.last_limited = now
        self._acknowledge()

    def _handshake(self, segment: Segment) -> None:
        if not segment.has(SYN) or segment.has(RST):
            self._refuse(segment)
        elif self.state is State.LISTEN:
            self.expected = segment.end
            self._heard()
            self.state = State.SYN_RECEIVED
            self._react(lambda: self._send_new(SYN | ACK))
        elif self.state is State.SYN_SENT and segment.has(ACK):
            self.expected = segment.end
            self._heard()
            self._take_ack(segment)
            self._connected()
            self._acknowledge()
            self._react(self.on_connected)
        elif self.state is not State.SYN_RECEIVED:
            self._acknowledge()  # RFC 5961 section 4: a challenge; here, because the last ACK of the handshake was lost

    def _connected(self) -> None:
        self.state = State.ESTABLISHED
        if self.plan.keepalive:
            self._set_keepalive_timer(self.plan.keepalive.idle * self.kernel.hz)

    def _accept(self, segment: Segment) -> None:
        """tcp_ack, then tcp_data_queue of tcp_input.c."""
        if after(segment.ack, self.seq):
            return
        if not after(self.acked, segment.ack):
            self._heard()
            self._take_ack(segment)
        if self.state is State.SYN_RECEIVED:
            self._connected()
        if segment.length or segment.has(FIN):
            self._take_data(segment)

    def _heard(self) -> None:
        """A sign of life (tcp_ack: rcv_tstamp, icsk_probes_out)."""
        self.heard_ns = self.simulation.now
        self.probes_out = 0

    def _take_ack(self, segment: Segment) -> None:
        self.acked = segment.ack
        unacknowledged = [sent for sent in self.in_flight if after(sent.end, self.acked)]
        if len(unacknowledged) < len(self.in_flight):
            self.in_flight, self.retries = unacknowledged, 0
            self._start_retransmission_timer()
        if self.in_flight:
            return
        if self.state is State.FIN_WAIT_1:
            self.state = State.FIN_WAIT_2
            if self.is_orphan:
                self._after(self.plan.fin_timeout, self._forget)
        elif self.state is State.CLOSING:
            self._wait()
        elif self.state is State.LAST_ACK:
            self._die()

    def _take_data(self, segment: Segment) -> None:
        if not after(segment.end, self.expected):
            self._acknowledge()  # old data, or a garbage byte
            return
        if self.is_orphan and segment.length:
            # Nobody will read it (tcp_rcv_state_process, FIN_WAIT1 and later).
            self._refuse(segment)
            self._die()
            return
        self.early[segment.seq] = segment
        in_order = segment.seq == self.expected
        while (following := self.early.pop(self.expected, None)) is not None:
            self._take_in_order(following)
        if self.has_fin or not in_order:
            self._acknowledge()
        else:
            self._owe_ack()

    def _take_in_order(self, segment: Segment) -> None:
        self.expected = segment.end
        self.heard_ns = self.simulation.now  # lrcvtime
        if segment.wants:
            self.on_request(segment.wants)
        if segment.has(FIN):
            self._take_fin()

    def _take_fin(self) -> None:
        self.has_fin = True
        if self.state is State.ESTABLISHED:
            self.state = State.CLOSE_WAIT
        elif self.state is State.FIN_WAIT_1:
            self.state = State.CLOSING
        else:
            self._wait()
        self._react(self.on_fin)

    def _owe_ack(self) -> None:
        """Acknowledge after the delayed-ACK time, or with the second segment, unless something is sent before."""
        owed = self._ack_owed
        if (self.expected - self.announced) % (1 << 32) > 2 * 1460:
            self._acknowledge()
            return
        self._after(self.plan.delayed_ack, lambda: self._send(ACK) if self._ack_owed == owed else None)

    def _receive_without_socket(self, segment: Segment) -> None:
        """What is left of a closed socket answers (net/ipv4/tcp_minisocks.c, tcp_timewait_state_process)."""
        is_new = after(segment.end, self.expected)
        if segment.has(RST):
            self._die()
        elif self.state is State.FIN_WAIT_2 and segment.has(FIN) and segment.length == 0 and is_new:
            self.expected, self.has_fin = segment.end, True
            self._wait()
            self._acknowledge()
        elif self.state is State.FIN_WAIT_2 and is_new:
            self._refuse(segment)
            self._die()
        elif segment.seq != self.expected:
            self._answer_old(segment)

    def _wait(self) -> None:
        self.state = State.TIME_WAIT
        self._after(TIME_WAIT_NS, self._die)

    def _forget(self) -> None:
        """End of tcp_fin_timeout: nothing of the connection is left."""
        if self.state is State.FIN_WAIT_2:
            self._die()

    def _die(self) -> None:
        self.state, self.in_flight = State.CLOSED, []

    # --- keep-alive ---

    def jiffies_since_heard(self) -> int:
        """Time since the last sign of life."""
        return self.clock.jiffies(self.simulation.now) - self.clock.jiffies(self.heard_ns)

    def has_in_flight(self) -> bool:
        """Whether anything sent is not acknowledged yet."""
        return bool(self.in_flight)

    def _set_keepalive_timer(self, jiffies: int) -> None:
        fires = self.clock.fires(self.simulation.now, jiffies)
        self._after(fires - self.simulation.now, self._keepalive_timer)

    def _keepalive_timer(self) -> None:
        if self.state in NO_TIMER or (self.state is State.FIN_WAIT_2 and self.is_orphan):
            return
        assert self.plan.keepalive
        verdict, jiffies = on_timer(self, self.plan.keepalive)
        if verdict is Verdict.GIVE_UP:
            self._send(RST | ACK, gives_up=True)
            self._die()
            return
        if verdict is Verdict.PROBE:
            self._probe()
        self._set_keepalive_timer(jiffies)

    def _probe(self) -> None:
        """One below SND.UNA (tcp_output.c, tcp_xmit_probe_skb). A drop in the output hook counts as sent."""
        self.probes_out += 1
        was_dropped = len(self.probes) in self.plan.dropped
        self.probes.append(Probe(self.simulation.now, was_dropped))
        if not was_dropped:
            self._transmit(
                Segment(
                    self.end,
                    add(self.acked, -1),
                    self.expected,
                    ACK,
                    length=self.kernel.garbage,
                    by_timer=True,
                    is_probe=not self.in_flight,
                    knows_fin=self.has_fin,
                )
            )
