"""What happens in each scenario of the lab: the steps of both programs and what the network does meanwhile.

Times are seconds after zero. The steps are the verbs of `sockets.End`; each connection starts with a request and a
response.
"""

from __future__ import annotations

from dataclasses import dataclass

Step = tuple[str | int | float, ...]

PORT = 7000
NEIGHBOUR_PORT = 7001
REQUEST, RESPONSE = 100, 300

ASK: tuple[Step, ...] = (("send", REQUEST), ("receive", RESPONSE))
REPLY: tuple[Step, ...] = (("receive", REQUEST), ("send", RESPONSE))
PROBE_EACH_SECOND: Step = ("keep_alive", 1, 1, 9)
READ_TO_THE_END: Step = ("receive", 1_000_000)

FIN_WAIT2_S = 8

TO_SERVER = f"tcp dport {PORT}"
TO_CLIENT = f"tcp sport {PORT}"
REJECT = "reject with tcp reset"


@dataclass(frozen=True, slots=True)
class Connection:
    """The steps of both ends of one connection, which starts at zero."""

    client: tuple[Step, ...]
    server: tuple[Step, ...]
    port: int = PORT


@dataclass(frozen=True, slots=True)
class Taking:
    """Packets that the network takes out: from a time on, until so many are counted (None: to the end)."""

    begin_s: float
    place: str  # "client", "router" or "server"
    chain: str  # "output", "input" or "forward", see Topology.take
    match: str
    until_count: int | None = None
    verdict: str = "drop"


@dataclass(frozen=True, slots=True)
class Service:
    """A server process on PORT and the steps of its clients, each with a connection of its own: client 1, 2, ...

    It may be killed and started again at a time, and closes what is idle for its limit (0: never).
    """

    clients: tuple[tuple[Step, ...], ...]
    killed_at_s: float | None = None
    back_at_s: float = 0
    idle_limit_s: float = 0
    reset_on_exit: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """One run: its connections, which share the namespaces and the captures, and what the network does to them."""

    name: str
    connections: tuple[Connection, ...] = ()
    taking: Taking | None = None
    service: Service | None = None


CLEAN = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 4.5), *ASK, ("at", 7), ("close",)),
    server=(*REPLY, *REPLY, READ_TO_THE_END, ("close",)),
)

IDLE_CLOSE = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 8), ("send", 50), ("at", 8.2), ("send", 50), ("receive", 1)),
    server=(*REPLY, ("fin_wait2_lasts", 2), ("at", 3.5), ("close",)),
)

# The kernel answers for a closed socket all the time that it remembers it, though more probes go by than the count.
ANSWERED_AFTER_CLOSE = Connection(
    client=(("keep_alive", 1, 1, 3), *ASK, ("at", 11.5), ("send", 50), ("receive", 1)),
    server=(*REPLY, ("fin_wait2_lasts", FIN_WAIT2_S), ("at", 1.5), ("close",)),
)

WRITE_AFTER_FIN = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 6.5), ("send", 50), ("at", 7), ("send", 50), ("receive", 1)),
    server=(*REPLY, ("at", 3.5), ("close",)),
)

# Long enough for three missing probes and two good ones after them.
RECOVERED = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 9.5), ("close",)),
    server=(*REPLY, READ_TO_THE_END, ("close",)),
)

PROBES_UNTIL_GIVING_UP = 4

# The idle time is longer than the interval, as with Linux's defaults: unanswered probes follow each other faster.
FASTER_WHEN_UNANSWERED = Connection(
    client=(("keep_alive", 3, 1, 9), *ASK, ("at", 12), ("close",)),
    server=(*REPLY, READ_TO_THE_END, ("close",)),
)

VANISHED = Connection(
    client=(("keep_alive", 1, 1, PROBES_UNTIL_GIVING_UP), *ASK, ("receive", 1), ("at", 9), ("send", 50)),
    server=(*REPLY, ("at", 9)),
)
NEIGHBOUR = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 10.5), ("close",)),
    server=(*REPLY, READ_TO_THE_END, ("close",)),
    port=NEIGHBOUR_PORT,
)

# The writer's pauses are longer than a second, so that both ends probe while the connection is half-closed.
PAUSES = (4.0, 6.5, 6.7, 9.0)
WRITE_ON: tuple[Step, ...] = tuple(step for pause in PAUSES for step in (("at", pause), ("send", 200)))

HALF_CLOSED_BY_CLIENT = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 2.5), ("shutdown_write",), READ_TO_THE_END, ("close",)),
    server=(*REPLY, PROBE_EACH_SECOND, READ_TO_THE_END, *WRITE_ON, ("close",)),
)
HALF_CLOSED_BY_SERVER = Connection(
    client=(PROBE_EACH_SECOND, *ASK, READ_TO_THE_END, *WRITE_ON, ("close",)),
    server=(*REPLY, PROBE_EACH_SECOND, ("at", 2.5), ("shutdown_write",), READ_TO_THE_END, ("close",)),
)

BOTH_PROBE = Connection(
    client=(("keep_alive", 2, 2, 9), *ASK, ("at", 9), ("close",)),
    server=(PROBE_EACH_SECOND, *REPLY, READ_TO_THE_END, ("close",)),
)

RESET_WHILE_IDLE = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 5), ("send", 50), ("send", 50), ("receive", 1)),
    server=(*REPLY, ("at", 3.5), ("close_with_reset",)),
)

# The router loses the connection and answers for the server.
FORGOTTEN = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 5.5), ("send", 50)),
    server=(*REPLY, ("at", 5.5)),
)

SCENARIOS = (
    Scenario("clean", (CLEAN,)),
    Scenario("idle_close", (IDLE_CLOSE,)),
    Scenario("answered_after_close", (ANSWERED_AFTER_CLOSE,)),
    Scenario("write_after_fin", (WRITE_AFTER_FIN,)),
    Scenario("never_sent", (RECOVERED,), Taking(2.5, "client", "output", TO_SERVER, until_count=3)),
    Scenario("probes_lost", (RECOVERED, NEIGHBOUR), Taking(2.5, "router", "forward", TO_SERVER, until_count=3)),
    Scenario("answers_lost", (RECOVERED,), Taking(2.5, "router", "forward", TO_CLIENT, until_count=3)),
    Scenario(
        "idle_longer", (FASTER_WHEN_UNANSWERED, NEIGHBOUR), Taking(4.5, "router", "forward", TO_SERVER, until_count=2)
    ),
    Scenario("peer_vanishes", (VANISHED, NEIGHBOUR), Taking(2.5, "router", "forward", TO_SERVER)),
    Scenario("half_close_client", (HALF_CLOSED_BY_CLIENT,)),
    Scenario("half_close_server", (HALF_CLOSED_BY_SERVER,)),
    Scenario("both_probe", (BOTH_PROBE,)),
    Scenario("reset_while_idle", (RESET_WHILE_IDLE,)),
    Scenario("middlebox_reset", (FORGOTTEN,), Taking(3.5, "router", "forward", TO_SERVER, verdict=REJECT)),
)
