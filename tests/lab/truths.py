"""The truth of every scenario: what the script did, and how much of it a capture at each end can tell.

One row is one connection of a scenario, asked about by one end, on the captures of one or both ends. What the script
did is the truth; the row allows "undetermined" only where that capture cannot tell, and never a confidence above what
it proves. Every explanation that is not listed is false: no capture may make it "supported".
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from pyreport.diagnosis.result import Attribution, Confidence, Kind
from tests.lab.scenarios import NEIGHBOUR_PORT, PORT

BOTH = ("client", "server")
AT_CLIENT = ("client",)
AT_SERVER = ("server",)
CLIENT, SERVER = BOTH

WITH_LOG, EITHER = (True,), (False, True)

EXPLANATIONS = (
    "host_frozen_here",
    "host_frozen_there",
    "path_loss",
    "probe_not_sent",
    "capture_loss",
    "peer_idle_close",
    "middlebox_close",
    "peer_restart",
    "retransmission_timeout",
    "write_on_half_closed",
    "keepalive_gave_up",
    "application_stalled",
    "peer_application_stalled",
    "close_race",
    "mtu_black_hole",
    "idle_state_forgotten",
)

PEER, PATH = Attribution.PEER_SERVICE, Attribution.NETWORK_PATH
HOST, APPLICATION = Attribution.LOCAL_HOST, Attribution.LOCAL_APPLICATION

CLOSED_IDLE = (Kind.PEER_CLOSED_IDLE,)
# A close() after some seconds without data: there was no idle limit, which a capture cannot tell.
CLOSED = (Kind.PEER_CLOSED, Kind.PEER_CLOSED_IDLE)
CLOSED_HERE = (Kind.LOCAL_CLOSED,)
# An orderly close is no incident, and may be called one or the other.
QUIET_HERE = (Kind.LOCAL_CLOSED, Kind.HEALTHY)
QUIET_THERE = (Kind.PEER_CLOSED, Kind.HEALTHY)
# The same when no data had passed for long enough that an idle limit cannot be told from an intention.
QUIET_IDLE = (*QUIET_THERE, Kind.PEER_CLOSED_IDLE)
SILENCE = (Kind.UNDETERMINED, Kind.PATH_LOST)
NOTHING_SEEN = (Kind.HEALTHY, Kind.UNDETERMINED)


@dataclass(frozen=True, slots=True)
class Truth:
    """What may and what must not be said about one connection.

    `blamed` must have a share (unless the verdict is "undetermined" or "healthy"), `cleared` must have none.
    `true` explanations must not be ruled out, `arguable` ones may stand as they like, all others must not be supported.
    `logged`: asked without, with the log line of the asking program's first failed read or write, or either way; with
    an error in the log nothing is healthy.
    """

    scenario: str
    captured_at: tuple[str, ...]
    asked_by: str
    kinds: tuple[Kind, ...]
    at_most: Confidence = Confidence.LIKELY
    blamed: Collection[Attribution] = ()
    cleared: Collection[Attribution] = ()
    true: Collection[str] = ()
    arguable: Collection[str] = ()
    number: int = PORT
    logged: tuple[bool, ...] = (False,)


# A table: a row takes as many lines as it needs.
# fmt: off
TRUTHS = (
    # The client closes in order, or nobody closes.
    Truth("clean", BOTH, CLIENT, QUIET_HERE, Confidence.CONFIRMED, cleared=(PEER, PATH, HOST)),
    Truth("clean", BOTH, SERVER, QUIET_IDLE, cleared=(PATH, HOST, APPLICATION), arguable=["peer_idle_close"]),
    Truth("both_probe", BOTH, CLIENT, QUIET_HERE, Confidence.CONFIRMED, cleared=(PEER, PATH, HOST)),
    Truth("both_probe", BOTH, SERVER, QUIET_IDLE, cleared=(PATH, HOST, APPLICATION), arguable=["peer_idle_close"]),
    Truth("stays_open", BOTH, CLIENT, (Kind.HEALTHY,), cleared=(PEER, PATH, HOST, APPLICATION)),
    Truth("stays_open", BOTH, SERVER, (Kind.HEALTHY,), cleared=(PEER, PATH, HOST, APPLICATION)),
    # The client aborts (SO_LINGER 0).
    Truth("client_aborts", AT_CLIENT, CLIENT, QUIET_HERE, Confidence.CONFIRMED, [APPLICATION], (PEER, PATH, HOST)),
    Truth("client_aborts", AT_SERVER, CLIENT, QUIET_HERE, blamed=[APPLICATION], cleared=(PEER, HOST)),
    Truth("client_aborts", BOTH, SERVER, (Kind.PEER_RESET,), blamed=[PEER], cleared=(HOST, APPLICATION), logged=EITHER),
    # The server closes a connection that carried no data for some seconds; the client overlooks it, or does not.
    *(
        Truth(
            scenario, BOTH, CLIENT, CLOSED, blamed=(PEER, APPLICATION), cleared=(PATH, HOST),
            true=("write_on_half_closed", "application_stalled"), arguable=["peer_idle_close"], logged=EITHER,
        )
        for scenario in ("idle_close", "answered_after_close", "write_after_fin")
    ),
    *(
        Truth(scenario, BOTH, SERVER, CLOSED_HERE, blamed=[APPLICATION], cleared=(PATH, HOST))
        for scenario in ("idle_close", "answered_after_close", "write_after_fin")
    ),
    Truth("closed_in_turn", BOTH, CLIENT, QUIET_IDLE, cleared=(PATH, HOST, APPLICATION), arguable=["peer_idle_close"]),
    Truth("closed_in_turn", BOTH, SERVER, QUIET_HERE, cleared=(PEER, PATH, HOST)),
    # An idle limit in force: one client reads the FIN, one overlooks it, one is never idle for so long.
    Truth(
        "idle_limit", BOTH, CLIENT, QUIET_IDLE, cleared=(PATH, HOST, APPLICATION), true=["peer_idle_close"], number=1,
    ),
    Truth(
        "idle_limit", BOTH, CLIENT, CLOSED_IDLE, blamed=(PEER, APPLICATION), cleared=(PATH, HOST),
        true=("peer_idle_close", "write_on_half_closed", "application_stalled"), number=2, logged=EITHER,
    ),
    Truth("idle_limit", BOTH, CLIENT, QUIET_HERE, Confidence.CONFIRMED, cleared=(PEER, PATH, HOST), number=3),
    Truth("idle_limit", BOTH, SERVER, CLOSED_HERE, blamed=[APPLICATION], cleared=(PATH, HOST), number=2),
    # Limits that run out together look like a restart; but the process took a new connection at once.
    Truth(
        "closed_together", BOTH, CLIENT, QUIET_IDLE, cleared=(PATH, HOST, APPLICATION), true=["peer_idle_close"],
        number=1,
    ),
    Truth(
        "closed_together", BOTH, CLIENT, CLOSED, blamed=(PEER, APPLICATION), cleared=(PATH, HOST),
        true=("peer_idle_close", "write_on_half_closed", "application_stalled"), number=2, logged=EITHER,
    ),
    # The server process is killed and started again: that nothing was sent for a while is no idle limit.
    Truth(
        "service_killed", BOTH, CLIENT, (Kind.PEER_RESTARTED,), blamed=[PEER], cleared=(PATH, HOST, APPLICATION),
        true=["peer_restart"], number=1,
    ),
    Truth(
        "service_killed", BOTH, CLIENT, (Kind.PEER_RESTARTED,), blamed=[PEER], cleared=(PATH, HOST, APPLICATION),
        true=["peer_restart"], number=2,
    ),
    Truth(
        "service_killed", BOTH, CLIENT, (Kind.PEER_RESTARTED,), blamed=[PEER], cleared=(PATH, HOST),
        true=("peer_restart", "write_on_half_closed"), arguable=["application_stalled"], number=3, logged=EITHER,
    ),
    Truth("service_killed", BOTH, SERVER, QUIET_HERE, cleared=(PATH, PEER), number=1),
    # The whole server forgets its connections without a word, and answers the next probes with RST.
    *(
        Truth(
            "host_restarted", BOTH, CLIENT, (Kind.PEER_RESTARTED, Kind.PEER_RESET), blamed=[PEER], cleared=(HOST,
            APPLICATION), true=["peer_restart"], arguable=["path_loss"], number=number, logged=EITHER,
        )
        for number in (1, 2, 3)
    ),
    # A real RST of the server, on a path that stays as it is, and on one that became longer before.
    Truth("reset_while_idle", AT_CLIENT, CLIENT, (Kind.PEER_RESET,), blamed=[PEER], cleared=[HOST], logged=EITHER),
    Truth(
        "reset_while_idle", AT_SERVER, CLIENT, (Kind.PEER_RESET,), Confidence.CONFIRMED, [PEER], (PATH, HOST),
        logged=EITHER,
    ),
    Truth(
        "reset_while_idle", AT_SERVER, SERVER, CLOSED_HERE, Confidence.CONFIRMED, [APPLICATION], (PATH, PEER, HOST),
    ),
    Truth("rerouted_reset", AT_CLIENT, CLIENT, (Kind.PEER_RESET,), blamed=[PEER], cleared=[HOST], logged=EITHER),
    Truth(
        "rerouted_reset", AT_SERVER, CLIENT, (Kind.PEER_RESET,), Confidence.CONFIRMED, [PEER], (PATH, HOST),
        logged=EITHER,
    ),
    Truth("closed_unread", AT_CLIENT, CLIENT, (Kind.PEER_RESET,), blamed=[PEER], cleared=[HOST], logged=EITHER),
    Truth(
        "closed_unread", AT_SERVER, CLIENT, (Kind.PEER_RESET,), Confidence.CONFIRMED, [PEER], (PATH, HOST),
        logged=EITHER,
    ),
    Truth("closed_unread", AT_SERVER, SERVER, CLOSED_HERE, Confidence.CONFIRMED, [APPLICATION], (PATH, PEER, HOST)),
    # A router answers in the name of an end: to the client, to both, to the client while the server talks on.
    Truth(
        "middlebox_reset", AT_CLIENT, CLIENT, (Kind.MIDDLEBOX_CLOSED,), blamed=[PATH], cleared=(HOST, APPLICATION),
        true=["middlebox_close"], logged=EITHER,
    ),
    Truth(
        "middlebox_reset", AT_SERVER, CLIENT, (*NOTHING_SEEN, Kind.MIDDLEBOX_CLOSED), cleared=[PEER],
        true=["middlebox_close"], logged=EITHER,
    ),
    Truth("middlebox_reset", AT_SERVER, SERVER, NOTHING_SEEN, cleared=(HOST, APPLICATION), true=["middlebox_close"]),
    Truth(
        "middlebox_both", AT_CLIENT, CLIENT, (Kind.MIDDLEBOX_CLOSED,), blamed=[PATH], cleared=(HOST, APPLICATION),
        true=["middlebox_close"], logged=EITHER,
    ),
    Truth(
        "middlebox_both", AT_SERVER, CLIENT, (Kind.MIDDLEBOX_CLOSED, Kind.UNDETERMINED), blamed=[PATH],
        cleared=[PEER], true=["middlebox_close"], logged=EITHER,
    ),
    Truth(
        "middlebox_both", AT_SERVER, SERVER, (Kind.MIDDLEBOX_CLOSED,), blamed=[PATH], cleared=(HOST, APPLICATION),
        true=["middlebox_close"], logged=EITHER,
    ),
    Truth(
        "reset_then_talks", AT_CLIENT, CLIENT, (Kind.MIDDLEBOX_CLOSED,), Confidence.CONFIRMED, [PATH], (HOST,
        APPLICATION), ["middlebox_close"], logged=EITHER,
    ),
    # There the client's kernel says, truly, that it knows no such connection; not why.
    Truth(
        "reset_then_talks", AT_SERVER, CLIENT, (Kind.UNDETERMINED, Kind.MIDDLEBOX_CLOSED, *CLOSED_HERE),
        Confidence.POSSIBLE, cleared=[PEER], true=["middlebox_close"], logged=EITHER,
    ),
    Truth(
        "reset_then_talks", AT_SERVER, SERVER, (Kind.PEER_RESET, Kind.UNDETERMINED, Kind.MIDDLEBOX_CLOSED),
        cleared=(HOST, APPLICATION), true=["middlebox_close"], logged=EITHER,
    ),
    # Probes that never reach a wire. Whose packets are counted and not seen, this end cannot tell.
    Truth("never_sent", BOTH, CLIENT, QUIET_HERE, cleared=[PEER], true=["probe_not_sent"]),
    Truth("never_sent", BOTH, SERVER, QUIET_IDLE, cleared=(HOST, APPLICATION), arguable=["peer_idle_close"]),
    Truth("never_sent_on_one", BOTH, CLIENT, QUIET_HERE, cleared=[PEER], true=["probe_not_sent"]),
    Truth(
        "never_sent_on_one", BOTH, CLIENT, QUIET_HERE, Confidence.CONFIRMED, cleared=(PEER, PATH, HOST),
        number=NEIGHBOUR_PORT,
    ),
    Truth("never_sent_at_all", BOTH, CLIENT, QUIET_HERE, cleared=[PEER], true=["probe_not_sent"]),
    # Probes or answers lost on the path, which then works again.
    Truth("probes_lost", AT_CLIENT, CLIENT, QUIET_HERE, cleared=[HOST], true=["path_loss"]),
    Truth("probes_lost", AT_SERVER, CLIENT, QUIET_HERE, cleared=[PEER], true=["path_loss"]),
    Truth(
        "probes_lost", AT_SERVER, SERVER, QUIET_IDLE, cleared=(HOST, APPLICATION), true=["path_loss"],
        arguable=["peer_idle_close"],
    ),
    Truth("answers_lost", AT_CLIENT, CLIENT, QUIET_HERE, cleared=[HOST], true=["path_loss"]),
    Truth("answers_lost", AT_SERVER, CLIENT, QUIET_HERE, cleared=(PEER, HOST), true=["path_loss"]),
    Truth("idle_longer", AT_CLIENT, CLIENT, QUIET_HERE, cleared=[HOST], true=["path_loss"]),
    Truth("idle_longer", AT_SERVER, CLIENT, QUIET_HERE, cleared=[PEER], true=["path_loss"]),
    Truth("path_recovers", BOTH, CLIENT, QUIET_HERE, cleared=(PEER, HOST), true=["path_loss"]),
    Truth(
        "path_recovers", BOTH, SERVER, QUIET_IDLE, cleared=(HOST, APPLICATION), true=["path_loss"],
        arguable=["peer_idle_close"],
    ),
    # The path dies under probes, until the prober gives up; at the other end they just stop.
    Truth(
        "peer_vanishes", AT_CLIENT, CLIENT, (Kind.KEEPALIVE_GAVE_UP, Kind.PATH_LOST), Confidence.CONFIRMED, [PATH],
        (HOST, APPLICATION), ("keepalive_gave_up", "path_loss"), logged=EITHER,
    ),
    Truth(
        "peer_vanishes", AT_SERVER, CLIENT, (*SILENCE, Kind.KEEPALIVE_GAVE_UP), Confidence.POSSIBLE, cleared=[PEER],
        true=("keepalive_gave_up", "path_loss"), logged=EITHER,
    ),
    Truth(
        "peer_vanishes", AT_SERVER, SERVER, SILENCE, Confidence.POSSIBLE, cleared=(HOST, APPLICATION),
        true=("keepalive_gave_up", "path_loss"),
    ),
    Truth(
        "peer_vanishes", BOTH, CLIENT, QUIET_HERE, Confidence.CONFIRMED, cleared=(PEER, PATH, HOST),
        number=NEIGHBOUR_PORT,
    ),
    Truth(
        "server_gives_up", AT_SERVER, SERVER, (Kind.KEEPALIVE_GAVE_UP, Kind.PATH_LOST), Confidence.CONFIRMED, [PATH],
        (HOST, APPLICATION), ("keepalive_gave_up", "path_loss"), logged=EITHER,
    ),
    Truth(
        "server_gives_up", AT_SERVER, CLIENT, (Kind.KEEPALIVE_GAVE_UP, Kind.PATH_LOST), Confidence.CONFIRMED, [PATH],
        true=("keepalive_gave_up", "path_loss"), logged=EITHER,
    ),
    # Its own answers left it, all of them: it cannot know that they were lost on the way.
    Truth(
        "server_gives_up", AT_CLIENT, CLIENT, (Kind.PEER_RESET, Kind.KEEPALIVE_GAVE_UP, Kind.PATH_LOST,
        Kind.UNDETERMINED), cleared=(HOST, APPLICATION), true=("keepalive_gave_up", "path_loss"), logged=EITHER,
    ),
    # A reset by the application while its probes are unanswered, or its data, when no timer of the kernel runs out.
    Truth("aborts_amid_loss", AT_CLIENT, CLIENT, (*CLOSED_HERE, *SILENCE), cleared=[HOST], true=["path_loss"]),
    Truth("aborts_amid_loss", AT_SERVER, CLIENT, SILENCE, Confidence.POSSIBLE, cleared=[PEER], true=["path_loss"]),
    Truth("aborts_unacked", AT_CLIENT, CLIENT, (*CLOSED_HERE, *SILENCE), cleared=[HOST], true=["path_loss"]),
    Truth("aborts_unacked", AT_SERVER, CLIENT, SILENCE, Confidence.POSSIBLE, cleared=[PEER], true=["path_loss"]),
    # Data into a dead path, until TCP_USER_TIMEOUT.
    Truth(
        "dead_path", AT_CLIENT, CLIENT, (Kind.PATH_LOST,), blamed=[PATH], cleared=(HOST, APPLICATION),
        true=("retransmission_timeout", "path_loss"), logged=EITHER,
    ),
    Truth(
        "dead_path", AT_SERVER, CLIENT, SILENCE, Confidence.POSSIBLE, cleared=[PEER], true=("retransmission_timeout",
        "path_loss"), logged=EITHER,
    ),
    Truth(
        "dead_path", AT_SERVER, SERVER, SILENCE, Confidence.POSSIBLE, cleared=(HOST, APPLICATION), true=["path_loss"],
    ),
    # A packet filter of the server's host. From the client's end, a device on the path does the same.
    Truth(
        "host_drops", AT_CLIENT, CLIENT, (Kind.PATH_LOST,), Confidence.LIKELY, (PATH, PEER), (HOST, APPLICATION),
        ("retransmission_timeout", "path_loss"), logged=EITHER,
    ),
    Truth(
        "host_drops", AT_SERVER, CLIENT, (Kind.PATH_LOST,), Confidence.LIKELY, [PEER], (HOST, APPLICATION),
        ["retransmission_timeout"], ["host_frozen_there"], logged=EITHER,
    ),
    Truth(
        "host_drops_probes", AT_CLIENT, CLIENT, (Kind.KEEPALIVE_GAVE_UP,), Confidence.CONFIRMED, (PATH, PEER),
        (HOST, APPLICATION), ("keepalive_gave_up", "path_loss"), logged=EITHER,
    ),
    Truth(
        "host_drops_probes", AT_SERVER, CLIENT, (Kind.KEEPALIVE_GAVE_UP,), Confidence.CONFIRMED, [PEER],
        (HOST, APPLICATION), ["keepalive_gave_up"], logged=EITHER,
    ),
    Truth(
        "host_rejects", AT_CLIENT, CLIENT, (Kind.MIDDLEBOX_CLOSED,), Confidence.LIKELY, (PATH, PEER),
        (HOST, APPLICATION), arguable=["middlebox_close"], logged=EITHER,
    ),
    Truth(
        "host_rejects", AT_SERVER, CLIENT, (Kind.PEER_RESET,), Confidence.LIKELY, [PEER], (PATH, HOST, APPLICATION),
        logged=EITHER,
    ),
    # The same in the other direction: the server answers, which its own capture proves, and nothing comes through.
    Truth(
        "response_lost", AT_CLIENT, CLIENT, (Kind.PATH_LOST,), blamed=[PATH], cleared=(HOST, APPLICATION),
        true=("retransmission_timeout", "path_loss"), logged=EITHER,
    ),
    Truth(
        "response_lost", AT_SERVER, CLIENT, (Kind.PATH_LOST,), blamed=[PATH], cleared=(APPLICATION, PEER),
        true=("retransmission_timeout", "path_loss"), logged=EITHER,
    ),
    Truth(
        "response_lost", AT_SERVER, SERVER, (Kind.PATH_LOST,), blamed=[PATH], cleared=(APPLICATION, HOST),
        true=["path_loss"], arguable=["retransmission_timeout"],
    ),
    # One direction is closed on purpose, and the other goes on.
    Truth("half_close_client", BOTH, CLIENT, QUIET_HERE, cleared=(PEER, PATH, HOST)),
    Truth("half_close_client", BOTH, SERVER, QUIET_THERE, cleared=(PATH, HOST, APPLICATION)),
    Truth("half_close_server", BOTH, CLIENT, QUIET_THERE, cleared=(PATH, HOST, APPLICATION)),
    Truth("half_close_server", BOTH, SERVER, QUIET_HERE, cleared=(PEER, PATH, HOST)),
    # An application that stalls while both kernels and the path work: the server's, then the client's.
    Truth("answered_late", BOTH, CLIENT, QUIET_HERE, cleared=(PATH, HOST)),
    Truth("answered_late", BOTH, SERVER, QUIET_IDLE, cleared=(PATH, HOST), true=["application_stalled"]),
    Truth(
        "never_answered", BOTH, CLIENT, (*QUIET_HERE[:1], Kind.PEER_STALLED), cleared=(PATH, HOST),
        true=["peer_application_stalled"],
    ),
    Truth(
        "never_answered", BOTH, CLIENT, (*CLOSED_HERE, Kind.PEER_STALLED), blamed=[PEER], cleared=(PATH, HOST),
        true=["peer_application_stalled"], logged=WITH_LOG,
    ),
    Truth(
        "server_does_not_read", BOTH, CLIENT, (Kind.PEER_STALLED,), blamed=[PEER], cleared=(PATH, HOST),
        true=["peer_application_stalled"],
    ),
    # Full segments of the server are dropped, and all else passes.
    Truth(
        "large_packets_lost", BOTH, CLIENT, (Kind.PATH_LOST,), blamed=[PATH], cleared=(HOST, APPLICATION, PEER),
        true=("mtu_black_hole", "path_loss"), arguable=["retransmission_timeout"], logged=EITHER,
    ),
    # The FIN and the request pass each other; the client's end never sees the FIN.
    Truth(
        "request_crosses_close", AT_SERVER, CLIENT, CLOSED, blamed=[PEER], cleared=(HOST, APPLICATION),
        true=["close_race"], arguable=("peer_idle_close", "path_loss"), logged=EITHER,
    ),
    Truth(
        "request_crosses_close", AT_CLIENT, CLIENT, (Kind.PEER_RESET, Kind.PEER_CLOSED_IDLE, Kind.UNDETERMINED),
        cleared=(HOST, APPLICATION), true=["close_race"], arguable=["capture_loss"], logged=EITHER,
    ),
    # The router has forgotten the connection while nothing passed, and refuses the next request in the server's name.
    Truth(
        "forgotten_while_idle", AT_CLIENT, CLIENT, (Kind.MIDDLEBOX_CLOSED,), blamed=[PATH],
        cleared=(HOST, APPLICATION), true=("middlebox_close", "idle_state_forgotten"), logged=EITHER,
    ),
    Truth(
        "never_answered", BOTH, SERVER, QUIET_IDLE, cleared=(PATH, HOST), true=["application_stalled"],
        arguable=["peer_idle_close"],
    ),
    # The server asks in vain and closes; it closes on a request; it closes when nobody asked for anything.
    Truth(
        "heartbeats_in_vain", BOTH, CLIENT, CLOSED[:1], blamed=(PEER, APPLICATION), cleared=(PATH, HOST),
        true=("application_stalled", "write_on_half_closed"),
    ),
    Truth(
        "closes_on_a_request", BOTH, CLIENT, (Kind.PEER_CLOSED, Kind.PEER_STALLED), blamed=[PEER],
        cleared=(PATH, HOST), true=["peer_application_stalled"],
        arguable=("write_on_half_closed", "application_stalled"),
    ),
    Truth("nobody_asks", BOTH, CLIENT, QUIET_IDLE, cleared=(PATH, HOST, APPLICATION), arguable=["peer_idle_close"]),
    # The process of the client ends with what it had not read: an RST after seconds, and no idle limit.
    Truth(
        "resets_unread", BOTH, SERVER, (Kind.PEER_STALLED, Kind.PEER_RESET), blamed=[PEER],
        cleared=(PATH, HOST, APPLICATION), true=["peer_application_stalled"],
    ),
    Truth(
        "client_does_not_read", BOTH, CLIENT, QUIET_THERE, cleared=(PEER, PATH, HOST), true=["application_stalled"],
    ),
    Truth("client_does_not_read", BOTH, SERVER, QUIET_HERE, cleared=(PATH, HOST)),
)
# fmt: on

# For each explanation a scenario in which it is false and yet suggests itself to the client, and why.
TEMPTING = {
    "host_frozen_here": ("never_sent_at_all", "no connection of the host probes for seconds"),
    "host_frozen_there": ("answers_lost", "the server answers nothing for seconds, then everything"),
    "path_loss": ("service_killed", "the server is gone for seconds"),
    "probe_not_sent": ("probes_lost", "at the server's end the probes of some seconds are missing"),
    "capture_loss": ("never_sent", "packets that the kernel numbered are in no frame"),
    "peer_idle_close": ("service_killed", "a FIN after seconds without data"),
    "middlebox_close": ("rerouted_reset", "an RST with another hop limit than most of the server's frames"),
    "peer_restart": ("closed_together", "all connections of the service close at the same moment"),
    "retransmission_timeout": ("aborts_unacked", "data sent again and again, then the end"),
    "write_on_half_closed": ("half_close_server", "writes for seconds after the peer's FIN"),
    "keepalive_gave_up": ("aborts_amid_loss", "unanswered probes, then the prober's own RST"),
    "application_stalled": ("never_answered", "nothing happens on the connection for seconds"),
    "peer_application_stalled": ("answered_late", "a request waits for seconds for its reply"),
    "close_race": ("write_after_fin", "a request after the FIN draws an RST"),
    "mtu_black_hole": ("response_lost", "the response is sent again and again, and requests pass"),
    "idle_state_forgotten": ("dead_path", "what is sent after a pause is dropped"),
}
