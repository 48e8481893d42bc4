"""A TCP endpoint that behaves like Linux 3.10: ACKs, keep-alive, timestamps, IP-IDs, RST when the socket is gone.

Not modelled: retransmission, zero windows, more than one segment a write, data for a socket that is half gone.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto

from tests.scenarios.hosts import Host, Keepalive, with_slack
from tests.scenarios.packets import ACK, FIN, PSH, RST, SYN, Address, Segment, syn_options, timestamp_option
from tests.scenarios.path import Path
from tests.scenarios.simulation import MICROSECOND, Action, Simulation

MSS = 1460
WINDOW_SCALE = 7
DELAYED_ACK = 40  # jiffies, TCP_DELACK_MIN
SEQUENCE_SPACE = 1 << 32


class State(Enum):
    """Connection states of RFC 9293, section 3.3.2, as far as they are needed."""

    LISTEN = auto()
    SYN_SENT = auto()
    SYN_RECEIVED = auto()
    ESTABLISHED = auto()
    CLOSE_WAIT = auto()
    LAST_ACK = auto()
    FIN_WAIT_1 = auto()
    FIN_WAIT_2 = auto()
    TIME_WAIT = auto()
    CLOSED = auto()


WITH_KEEPALIVE = {State.ESTABLISHED, State.CLOSE_WAIT, State.LAST_ACK, State.FIN_WAIT_1, State.FIN_WAIT_2}


@dataclass(slots=True)
class Endpoint:
    """One end of a connection: a socket with the kernel behind it.

    `windows` are the raw window of the SYN and of all other segments. `on_payload` has what the application does with
    the next messages, one action a message; `on_fin` is what it does when it reads the end.
    """

    simulation: Simulation
    path: Path
    host: Host
    local: Address
    remote: Address
    seq: int
    ip_id: int
    windows: tuple[int, int]
    keepalive: Keepalive | None = None
    state: State = State.LISTEN
    peer: Endpoint = field(init=False)
    acked: int = field(init=False)
    expected: int = 0
    ts_recent: int = 0
    probes_out: int = 0
    heard: int = 0
    ack_owed: int | None = None
    last_arrival: int = 0
    on_payload: deque[Action] = field(default_factory=deque)
    on_connected: Action | None = None
    on_fin: Action | None = None

    def __post_init__(self) -> None:
        """A fresh socket has nothing unacknowledged."""
        self.acked = self.seq

    # --- what an application does ---

    def connect(self, then: Action) -> None:
        """Send the SYN; `then` runs when the connection is up."""
        self.on_connected = then
        self.state = State.SYN_SENT
        self._send(SYN)

    def write(self, payload: bytes) -> None:
        """Send one segment of payload. Raises ValueError when it is too long or the socket cannot send."""
        if self.state not in (State.ESTABLISHED, State.CLOSE_WAIT) or len(payload) > MSS - 12:
            raise ValueError(f"{self.local} cannot write {len(payload)} bytes in {self.state.name}")
        self._send(PSH | ACK, payload)

    def close(self) -> None:
        """Send the FIN."""
        self.state = State.LAST_ACK if self.state is State.CLOSE_WAIT else State.FIN_WAIT_1
        self._send(FIN | ACK)

    # --- what the kernel sends ---

    def _send(self, flags: int, payload: bytes = b"") -> None:
        """Send a segment at SND.NXT."""
        tsval = self.host.tsval(self.simulation.now)
        if flags & SYN:
            options = syn_options(MSS, WINDOW_SCALE, tsval, self.ts_recent)
            # The kernel answers a SYN before there is a socket to count IP-IDs.
            ip_id = 0 if flags & ACK else self._next_ip_id()
            segment = self._segment(flags, self.windows[0], ip_id, options)
        else:
            options = timestamp_option(tsval, self.ts_recent)
            segment = self._segment(flags, self.windows[1], self._next_ip_id(), options, payload)
        self.seq = (self.seq + segment.length) % SEQUENCE_SPACE
        self._transmit(segment)

    def _send_probe(self) -> None:
        """A keep-alive probe: no payload, one below SND.UNA (net/ipv4/tcp_output.c, tcp_xmit_probe_skb)."""
        options = timestamp_option(self.host.tsval(self.simulation.now), self.ts_recent)
        probe = self._segment(ACK, self.windows[1], self._next_ip_id(), options, seq=(self.acked - 1) % SEQUENCE_SPACE)
        self._transmit(probe)

    def _refuse(self, segment: Segment) -> None:
        """The RST of a host that has no such socket (net/ipv4/tcp_ipv4.c, tcp_v4_send_reset)."""
        self._transmit(Segment(self.local, self.remote, seq=segment.ack, ack=0, flags=RST, window=0, ip_id=0))

    def _segment(
        self, flags: int, window: int, ip_id: int, options: bytes, payload: bytes = b"", seq: int | None = None
    ) -> Segment:
        seq = self.seq if seq is None else seq
        ack = self.expected if flags & ACK else 0
        return Segment(self.local, self.remote, seq, ack, flags, window, ip_id, options, payload)

    def _next_ip_id(self) -> int:
        self.ip_id = (self.ip_id + 1) & 0xFFFF
        return self.ip_id

    def _transmit(self, segment: Segment) -> None:
        if segment.flags & ACK:
            self.ack_owed = None
        now = self.simulation.now
        if self.host.capture:
            self.host.capture.sent(now, segment)
        if self.path.loses(now, segment):
            return
        arrival = max(now + self.path.one_way_ns + self.path.jitter(), self.peer.last_arrival + MICROSECOND)
        self.peer.last_arrival = self.peer.host.can_receive(arrival)
        self.simulation.at(self.peer.last_arrival, lambda: self.peer.receive(segment))

    def _react(self, action: Action) -> None:
        """Do something as fast as a kernel does."""
        self.simulation.after(10 * MICROSECOND + self.path.jitter() // 2, action)

    # --- what the kernel receives ---

    def receive(self, segment: Segment) -> None:
        """Handle a segment that arrives now."""
        if self.host.capture:
            self.host.capture.received(self.simulation.now, segment, self.path.hops)
        if segment.flags & RST:
            self.state = State.CLOSED
        elif self.state is State.CLOSED:
            self._react(lambda: self._refuse(segment))
        elif segment.flags & SYN:
            self._handshake(segment)
        elif segment.seq != self.expected:
            # An old sequence number, so a probe: answered and dropped; its timestamp and ACK are not looked at
            # (net/ipv4/tcp_input.c, tcp_validate_incoming).
            self._react(lambda: self._send(ACK))
        else:
            self._accept(segment)

    def _handshake(self, segment: Segment) -> None:
        self.expected = (segment.seq + 1) % SEQUENCE_SPACE
        self.ts_recent = int.from_bytes(segment.options[8:12])  # where syn_options() puts TSval
        self._heard()
        if self.state is State.LISTEN:
            self.state = State.SYN_RECEIVED
            self._react(lambda: self._send(SYN | ACK))
            return
        self.acked = segment.ack
        self._react(self._connected)

    def _connected(self) -> None:
        self.state = State.ESTABLISHED
        self._send(ACK)
        self._start_keepalive()
        if self.on_connected:
            self._react(self.on_connected)

    def _accept(self, segment: Segment) -> None:
        self.ts_recent = int.from_bytes(segment.options[4:8])  # where timestamp_option() puts TSval
        self._heard()
        self.acked = segment.ack
        self.expected = (self.expected + segment.length) % SEQUENCE_SPACE
        if self.acked == self.seq:
            self._everything_acknowledged()
        if segment.flags & FIN:
            self._fin_received()
        elif segment.payload:
            self._owe_ack()
            if self.on_payload:
                self.on_payload.popleft()()

    def _heard(self) -> None:
        """Restart the idle clock (tcp_ack: rcv_tstamp, icsk_probes_out)."""
        self.heard = self.host.jiffies(self.simulation.now)
        self.probes_out = 0

    def _everything_acknowledged(self) -> None:
        if self.state is State.SYN_RECEIVED:
            self.state = State.ESTABLISHED
            self._start_keepalive()
        elif self.state is State.FIN_WAIT_1:
            self.state = State.FIN_WAIT_2
            self.simulation.after(self.host.fin_timeout_ns, self._forget)
        elif self.state is State.LAST_ACK:
            self.state = State.CLOSED

    def _forget(self) -> None:
        """End of tcp_fin_timeout: nothing of the connection is left."""
        if self.state is State.FIN_WAIT_2:
            self.state = State.CLOSED

    def _fin_received(self) -> None:
        self.state = State.CLOSE_WAIT if self.state is State.ESTABLISHED else State.TIME_WAIT
        self._react(lambda: self._send(ACK))
        if self.on_fin:
            self.simulation.after(150 * MICROSECOND, self.on_fin)

    def _owe_ack(self) -> None:
        """Acknowledge after the delayed-ACK time unless something else is sent before."""
        if self.ack_owed is not None:
            return
        owed = self.ack_owed = self.host.jiffies(self.simulation.now) + DELAYED_ACK

        def pay() -> None:
            if self.ack_owed == owed:
                self._send(ACK)

        self.simulation.at(self.host.timer_fires(owed) + self.path.jitter(), pay)

    # --- the keep-alive timer (net/ipv4/tcp_timer.c, tcp_keepalive_timer) ---

    def _start_keepalive(self) -> None:
        if self.keepalive:
            self._set_keepalive_timer(self.keepalive, self.keepalive.idle)

    def _set_keepalive_timer(self, keepalive: Keepalive, delay: int) -> None:
        expires = with_slack(self.host.jiffies(self.simulation.now), delay)
        fires = self.host.timer_fires(expires) + self.path.jitter()
        self.simulation.at(fires, lambda: self._keepalive_timer(keepalive))

    def _keepalive_timer(self, keepalive: Keepalive) -> None:
        if self.state not in WITH_KEEPALIVE:
            return
        idle = self.host.jiffies(self.simulation.now) - self.heard
        if self.acked != self.seq:
            delay = keepalive.idle  # the retransmission timer is in charge
        elif idle < keepalive.idle:
            delay = keepalive.idle - idle
        elif self.probes_out >= keepalive.probes:
            self._send(RST | ACK)
            self.state = State.CLOSED
            return
        else:
            self._send_probe()
            self.probes_out += 1
            delay = keepalive.interval
        self._set_keepalive_timer(keepalive, delay)
