"""The scenarios for the verdict went as they are told: what the programs' own calls returned."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.lab.judged import Question, first_failure
from tests.lab.lab import NS_PER_S, Outcome
from tests.lab.scenarios import PORT

Run = Callable[[str], Outcome]


@pytest.mark.parametrize(
    ("name", "side", "number", "errno"),
    [
        ("client_aborts", "server", PORT, "ECONNRESET"),
        ("closed_unread", "client", PORT, "ECONNRESET"),
        ("dead_path", "client", PORT, "ETIMEDOUT"),
        ("response_lost", "client", PORT, "ETIMEDOUT"),
        ("middlebox_both", "client", PORT, "ECONNRESET"),
        ("middlebox_both", "server", PORT, "ECONNRESET"),
        ("reset_then_talks", "client", PORT, "ECONNRESET"),
        ("reset_then_talks", "server", PORT, "ECONNRESET"),
        ("rerouted_reset", "client", PORT, "ECONNRESET"),
        ("never_answered", "client", PORT, "timed out"),
        ("server_gives_up", "server", PORT, "ETIMEDOUT"),
        ("server_gives_up", "client", PORT, "ECONNRESET"),
        ("service_killed", "client", 3, "EPIPE"),
        ("host_restarted", "client", 1, "ECONNRESET"),
        ("host_restarted", "client", 2, "ECONNRESET"),
        ("host_restarted", "client", 3, "ECONNRESET"),
        ("idle_limit", "client", 2, "EPIPE"),
        ("closed_together", "client", 2, "EPIPE"),
    ],
)
def test_first_error(outcome: Run, name: str, side: str, number: int, errno: str) -> None:
    """The error by which the program learns of the end."""
    failed = first_failure(outcome(name), Question(side, side, number))
    assert failed is not None
    assert failed.errno == errno


@pytest.mark.parametrize(
    ("name", "number", "errnos"),
    [
        ("service_killed", 1, [None, "ECONNREFUSED", None]),
        ("closed_together", 1, [None, None]),
        ("host_restarted", 3, [None, None]),
    ],
)
def test_connects(outcome: Run, name: str, number: int, errnos: list[str | None]) -> None:
    """Nobody listens while the service is down, and somebody does while it is up."""
    assert [call.errno for call in outcome(name).calls("client", "connect", number)] == errnos


@pytest.mark.parametrize(
    ("name", "taken"),
    [("path_recovers", 4), ("reset_then_talks", 1), ("never_sent_on_one", 3), ("never_sent_at_all", 6)],
)
def test_taken(outcome: Run, name: str, taken: int) -> None:
    """The network took out as many packets as it was told to."""
    assert outcome(name).taken == taken


def test_resets_that_nobody_hears(outcome: Run) -> None:
    """All three resets of the dying service are lost, and perhaps an answer to a probe that came at once."""
    assert 3 <= outcome("host_restarted").taken <= 6


def test_the_client_does_not_read(outcome: Run) -> None:
    """What the server wrote waits for seconds in the kernels until the client reads it, all of it."""
    happened = outcome("client_does_not_read")
    (wrote,) = [call for call in happened.calls("server", "send") if call.result == 60_000]
    read = [call for call in happened.calls("client", "recv") if call.begin_ns > wrote.begin_ns + 5 * NS_PER_S]
    assert sum(call.result or 0 for call in read) == 60_000
