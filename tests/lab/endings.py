"""More scenarios, for the verdict: truths that the findings alone do not need, and beside each what looks like it.

A frozen host is missing on purpose: namespaces share one kernel, which cannot be stopped for one of them. That
explanation is tested on built captures (tests/scenarios); here it is only tempting.
"""

from __future__ import annotations

from tests.lab.scenarios import (
    ASK,
    NEIGHBOUR,
    NEIGHBOUR_PORT,
    PORT,
    PROBE_EACH_SECOND,
    READ_TO_THE_END,
    RECOVERED,
    REJECT,
    REPLY,
    REQUEST,
    RESPONSE,
    TO_CLIENT,
    TO_SERVER,
    VANISHED,
    Connection,
    Scenario,
    Service,
    Taking,
)

ANSWER_ALL = (*REPLY, READ_TO_THE_END, ("close",))
RESETS_TO_CLIENT = f"tcp sport {PORT} tcp flags & rst == rst"
FIN_TO_CLIENT = f"tcp sport {PORT} tcp flags & fin == fin"
LARGE_TO_CLIENT = f"ip length > 600 tcp sport {PORT}"
EVERYTHING = "ip protocol tcp"
TO_SERVERS = f"tcp dport {{ {PORT}, {NEIGHBOUR_PORT} }}"
# A route with three routers more than the one before.
LONGER_ROUTE = "ip ttl set 60"

STAYS_OPEN = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 4.5), *ASK, ("at", 8)),
    server=(*REPLY, *REPLY, ("at", 8)),
)
CLOSED_IN_TURN = Connection(
    client=(PROBE_EACH_SECOND, *ASK, READ_TO_THE_END, ("close",)),
    server=(*REPLY, ("at", 3.5), ("close",)),
)
CLIENT_ABORTS = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 3.5), ("close_with_reset",)),
    server=(*REPLY, READ_TO_THE_END),
)
# Between two probes: no timer of the kernel runs out then.
ABORTS_AMID_LOSS = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 5.5), ("close_with_reset",)),
    server=(*REPLY, ("at", 7)),
)
# Its retransmissions were still going on.
ABORTS_UNACKNOWLEDGED = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 3.5), ("send", 50), ("at", 6.5), ("close_with_reset",)),
    server=(*REPLY, ("at", 7)),
)
WRITES_INTO_DEAD_PATH = Connection(
    client=(PROBE_EACH_SECOND, ("user_timeout", 5), *ASK, ("at", 3.5), ("send", 50), ("receive", 1), ("at", 10.5)),
    server=(*REPLY, ("at", 10.5)),
)
RESPONSE_IS_LOST = Connection(
    client=(PROBE_EACH_SECOND, ("user_timeout", 5), *ASK, ("at", 3.5), *ASK, ("at", 10.5)),
    server=(*REPLY, *REPLY, ("at", 10.5)),
)
PATH_RECOVERS = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 3.5), *ASK, ("at", 9.5), ("close",)),
    server=(*REPLY, *ANSWER_ALL),
)
BOTH_PROBE_AND_WRITE = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 5.5), ("send", 50)),
    server=(PROBE_EACH_SECOND, *REPLY, ("at", 5.5), ("send", 50)),
)
# The server, which nobody told, still probes when the client has been reset.
SERVER_PROBES_ON = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 7), ("send", 50)),
    server=(("keep_alive", 3, 3, 9), *REPLY, ("at", 7), ("send", 50)),
)
RESET_BY_SERVER = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 6.5), ("send", 50)),
    server=(*REPLY, ("at", 5.5), ("close_with_reset",)),
)
# close() with bytes that nobody read is a RST (RFC 2525 section 2.17).
CLOSED_UNREAD = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 3.5), ("send", REQUEST), ("at", 5.5), ("send", REQUEST)),
    server=(*REPLY, ("at", 4.5), ("close",)),
)
ANSWERED_LATE = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 2.5), *ASK, ("at", 9.5), ("close",)),
    server=(*REPLY, ("receive", REQUEST), ("at", 8), ("send", RESPONSE), READ_TO_THE_END, ("close",)),
)
NEVER_ANSWERED = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 2.5), ("wait_at_most", 5), *ASK, ("close",)),
    server=(*REPLY, ("receive", REQUEST), ("at", 8.5)),
)
CLIENT_DOES_NOT_READ = Connection(
    client=(("receive_buffer", 8192), PROBE_EACH_SECOND, *ASK, ("at", 7.5), READ_TO_THE_END, ("close",)),
    server=(*REPLY, ("at", 2), ("send", 60_000), ("close",)),
)
SERVER_GIVES_UP = Connection(
    client=(*ASK, ("at", 10), ("send", 50)),
    server=(*REPLY, ("keep_alive", 1, 1, 4), ("receive", 1), ("at", 10)),
)

# The server takes the request and answers with more than one small packet.
LARGE_ANSWER = Connection(
    client=(
        PROBE_EACH_SECOND,
        *ASK,
        ("at", 3.5),
        ("wait_at_most", 6),
        ("send", REQUEST),
        ("receive", 6000),
        ("close",),
    ),
    server=(*REPLY, ("receive", REQUEST), ("send", 6000), ("at", 10)),
)
# More than both buffers hold.
SERVER_DOES_NOT_READ = Connection(
    client=(*ASK, ("wait_at_most", 5), ("send", 20_000_000)),
    server=(("receive_buffer", 8192), *REPLY, ("at", 8)),
)
# The FIN is lost once, and the client writes before it comes again: neither had what the other one had sent.
REQUEST_CROSSES_CLOSE = Connection(
    client=(*ASK, ("at", 5.6), ("send", REQUEST), ("receive", 1)),
    server=(*REPLY, ("at", 5.5), ("close",), ("at", 7)),
)
FORGOTTEN = Connection(
    client=(*ASK, *ASK, *ASK, ("at", 6.5), ("send", REQUEST), ("receive", 1)),
    server=(*REPLY, *REPLY, *REPLY, ("at", 8)),
)
# The server says something every two seconds, and gives up when the client's program has not answered three times.
HEARTBEATS_IN_VAIN = Connection(
    client=(*ASK, ("at", 0.8), ("send", 20), ("at", 1.6), ("send", 20), ("at", 11.5), ("send", 20)),
    server=(
        *REPLY,
        *(("receive", 20), ("send", 20), ("receive", 20), ("send", 20)),
        *(step for seconds in (3.7, 5.8, 7.9) for step in (("at", seconds), ("send", 20))),
        *(("at", 10), ("close",)),
    ),
)
# A proxy that waits in vain for its own server: it takes the request, and closes after its time limit.
CLOSES_ON_A_REQUEST = Connection(
    client=(PROBE_EACH_SECOND, *ASK, ("at", 1), *ASK, ("at", 2), *ASK, ("at", 3), *ASK, ("at", 8.5), ("close",)),
    server=(*REPLY, *REPLY, *REPLY, ("receive", REQUEST), ("at", 6.4), ("close",)),
)
# Nobody asks for anything; the server says so, and closes (HTTP's 408).
NOBODY_ASKS = Connection(
    client=(READ_TO_THE_END, ("close",)),
    server=(("at", 4.4), ("send", 200), ("close",)),
)
# Its process ends with what it had not read, behind a closed window.
RESETS_UNREAD = Connection(
    client=(("receive_buffer", 8192), *ASK, ("at", 9), ("close",)),
    server=(*REPLY, ("at", 1.5), ("wait_at_most", 9), ("send", 20_000_000)),
)

ASKS_AGAIN_AT_2 = (PROBE_EACH_SECOND, *ASK, ("at", 2), *ASK, READ_TO_THE_END, ("close",))
WRITES_TOO_LATE = (PROBE_EACH_SECOND, *ASK, ("at", 7), ("send", REQUEST), ("at", 7.3), ("send", REQUEST))
SERVICE_KILLED = Service(
    clients=(
        (
            *(PROBE_EACH_SECOND, *ASK, READ_TO_THE_END, ("close",)),
            *(("at", 5), ("connect_again",), ("at", 8), ("connect_again",), *ASK, ("close",)),
        ),
        ASKS_AGAIN_AT_2,
        (PROBE_EACH_SECOND, *ASK, ("at", 5.5), ("send", REQUEST), ("at", 5.8), ("send", REQUEST)),
    ),
    killed_at_s=4.5,
    back_at_s=6.5,
)
# Its resets are lost, so the clients are told nothing, as when the whole host goes down.
HOST_RESTARTED = Service(
    clients=(
        (PROBE_EACH_SECOND, *ASK, ("at", 8), ("send", REQUEST)),
        (PROBE_EACH_SECOND, *ASK, ("at", 2.5), *ASK, ("at", 8), ("send", REQUEST)),
        (PROBE_EACH_SECOND, *ASK, ("at", 8), ("send", REQUEST), ("connect_again",), *ASK, ("close",)),
    ),
    killed_at_s=4.5,
    back_at_s=5,
    reset_on_exit=True,
)
# One client reads the FIN, one overlooks it, one is too busy to be closed.
IDLE_LIMIT = Service(
    clients=(
        (PROBE_EACH_SECOND, *ASK, READ_TO_THE_END, ("close",)),
        (PROBE_EACH_SECOND, *ASK, ("at", 2.5), *ASK, ("at", 9), ("send", REQUEST), ("at", 9.3), ("send", REQUEST)),
        (PROBE_EACH_SECOND, *ASK, ("at", 3.2), *ASK, ("at", 6.4), *ASK, ("at", 9.3), ("close",)),
    ),
    idle_limit_s=4,
)
# All were idle for as long, so their limits run out together; the process lives on and takes new connections.
CLOSED_TOGETHER = Service(
    clients=(
        (PROBE_EACH_SECOND, *ASK, READ_TO_THE_END, ("close",), ("connect_again",), *ASK, ("close",)),
        WRITES_TOO_LATE,
        WRITES_TOO_LATE,
    ),
    idle_limit_s=4,
)

ENDINGS = (
    Scenario("stays_open", (STAYS_OPEN,)),
    Scenario("closed_in_turn", (CLOSED_IN_TURN,)),
    Scenario("client_aborts", (CLIENT_ABORTS,)),
    Scenario("aborts_amid_loss", (ABORTS_AMID_LOSS, NEIGHBOUR), Taking(2.5, "router", "forward", TO_SERVER)),
    Scenario("aborts_unacked", (ABORTS_UNACKNOWLEDGED, NEIGHBOUR), Taking(3.2, "router", "forward", TO_SERVER)),
    Scenario("dead_path", (WRITES_INTO_DEAD_PATH, NEIGHBOUR), Taking(3.2, "router", "forward", TO_SERVER)),
    Scenario("response_lost", (RESPONSE_IS_LOST, NEIGHBOUR), Taking(3.2, "router", "forward", TO_CLIENT)),
    Scenario("closed_unread", (CLOSED_UNREAD,)),
    Scenario("path_recovers", (PATH_RECOVERS,), Taking(3.25, "router", "forward", TO_SERVER, until_count=4)),
    Scenario(
        "middlebox_both", (BOTH_PROBE_AND_WRITE,), Taking(3.5, "router", "forward", EVERYTHING, None, verdict=REJECT)
    ),
    Scenario("reset_then_talks", (SERVER_PROBES_ON,), Taking(3.5, "router", "forward", TO_SERVER, 1, verdict=REJECT)),
    Scenario(
        "rerouted_reset", (RESET_BY_SERVER,), Taking(2.5, "router", "forward", TO_CLIENT, None, verdict=LONGER_ROUTE)
    ),
    Scenario("answered_late", (ANSWERED_LATE,)),
    Scenario("never_answered", (NEVER_ANSWERED,)),
    Scenario("client_does_not_read", (CLIENT_DOES_NOT_READ,)),
    Scenario("large_packets_lost", (LARGE_ANSWER,), Taking(2.5, "router", "forward", LARGE_TO_CLIENT, None)),
    Scenario("server_does_not_read", (SERVER_DOES_NOT_READ,)),
    Scenario(
        "request_crosses_close",
        (REQUEST_CROSSES_CLOSE,),
        Taking(2.5, "router", "forward", FIN_TO_CLIENT, until_count=1),
    ),
    Scenario("forgotten_while_idle", (FORGOTTEN,), Taking(3.5, "router", "forward", TO_SERVER, 1, verdict=REJECT)),
    Scenario("heartbeats_in_vain", (HEARTBEATS_IN_VAIN,)),
    Scenario("closes_on_a_request", (CLOSES_ON_A_REQUEST,)),
    Scenario("nobody_asks", (NOBODY_ASKS,)),
    Scenario("resets_unread", (RESETS_UNREAD,)),
    # A packet filter of the server's own host, which drops what comes to one port, or refuses it.
    Scenario("host_drops", (WRITES_INTO_DEAD_PATH, NEIGHBOUR), Taking(3.2, "server", "input", TO_SERVER)),
    Scenario("host_drops_probes", (VANISHED, NEIGHBOUR), Taking(2.5, "server", "input", TO_SERVER)),
    Scenario("host_rejects", (SERVER_PROBES_ON,), Taking(3.5, "server", "input", TO_SERVER, None, verdict=REJECT)),
    Scenario("server_gives_up", (SERVER_GIVES_UP, NEIGHBOUR), Taking(2.5, "router", "forward", TO_SERVER)),
    Scenario("never_sent_on_one", (RECOVERED, NEIGHBOUR), Taking(2.5, "client", "output", TO_SERVER, until_count=3)),
    Scenario("never_sent_at_all", (RECOVERED, NEIGHBOUR), Taking(2.5, "client", "output", TO_SERVERS, until_count=6)),
    Scenario("service_killed", service=SERVICE_KILLED),
    Scenario(
        "host_restarted",
        taking=Taking(2, "router", "forward", RESETS_TO_CLIENT, until_count=3),
        service=HOST_RESTARTED,
    ),
    Scenario("idle_limit", service=IDLE_LIMIT),
    Scenario("closed_together", service=CLOSED_TOGETHER),
)
