"""Real services with an idle limit, and what is told of it: kind, age, limit, and whose line the client's is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.choice.choose import Wanted, choose
from pyreport.choice.diagnosed import Diagnosis, diagnose_selection
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.idle_limits import idle_limits
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status
from pyreport.frames.findings import Reset
from pyreport.logs.registry import parse_log_line
from pyreport.matching.match import Strength
from tests.lab.judged import reading_of
from tests.lab.services import LIMIT_S, SERVICES, Client, Idled, RealService, idle_past_the_limit

LIMIT_NS = LIMIT_S * NS_PER_S
#: How late a service looks for connections that are idle for too long: Redis does once a second (serverCron), the
#: others set a timer.
LATE_NS = {"redis": NS_PER_S}
#: A busy machine runs a timer late.
BUSY_NS = NS_PER_S
SIDES = ("client", "server")


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known of a service: what its client's own words are, and the product in known_timers.toml.

    ``by_port``: the client's words say which service it is.
    """

    words: str
    limit: str
    by_port: bool = False


EXPECTED = {
    "redis": Expected("Server closed the connection", "redis"),
    "nginx": Expected("RemoteDisconnected", "nginx_keepalive"),
    "postgresql": Expected("server closed the connection unexpectedly", "postgresql", by_port=True),
    "haproxy": Expected("RemoteDisconnected", "haproxy"),
    "mariadb": Expected("ERROR 2006", "mariadb"),
}
NAMES = [service.name for service in SERVICES]


@pytest.fixture(scope="module")
def idled(root: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Idled]]]:
    """All services at once: they mostly wait."""
    place = tmp_path_factory.mktemp("services")

    def run(service: RealService) -> Idled:
        return idle_past_the_limit(service, place / service.name)

    with ThreadPoolExecutor(len(SERVICES)) as pool:
        yield {service.name: pool.submit(run, service) for service in SERVICES}


def line_of(client: Client, name: str) -> str:
    """The line in which a client says that its connection is gone."""
    return next(line for line in client.lines if EXPECTED[name].words in line)


def diagnosed(idled: Idled, side: str, wanted: Wanted) -> Diagnosis:
    reading = reading_of(idled.captures[side])
    choice = choose(reading, wanted)
    return diagnose_selection(reading, choice.selection, choice.log, wanted.zones, [])


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", NAMES)
def test_the_limit_of_a_real_service_is_told_with_its_age(
    name: str, side: str, idled: dict[str, Future[Idled]]
) -> None:
    diagnosis = diagnosed(idled[name].result(), side, Wanted(stream=0))
    case, verdict = diagnosis.case, diagnosis.verdict
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert Attribution.PEER_SERVICE in verdict.attribution
    age = close_age(case)
    assert age is not None
    assert LIMIT_NS - 10 * NS_PER_MS <= age.ns <= LIMIT_NS + LATE_NS.get(name, 0) + BUSY_NS
    assert isinstance(case.ending.first, Reset) is (name == "mariadb")
    limits = idle_limits(case)
    assert limits is not None
    products = {found.timer.product for found in (*limits.equal, *limits.settable)}
    assert EXPECTED[name].limit in products


@pytest.mark.parametrize("name", NAMES)
def test_a_clients_own_words_lead_to_its_connection(name: str, idled: dict[str, Future[Idled]]) -> None:
    happened = idled[name].result()
    reading = reading_of(happened.captures["client"])
    opened = sorted(reading.index.connections.values(), key=lambda connection: connection.first.time_ns)
    for client in happened.clients:
        log = parse_log_line(line_of(client, name))
        match = choose(reading, Wanted(log=log)).selection.match
        assert match is not None
        assert match.strength is (Strength.PORT_TIME if EXPECTED[name].by_port else Strength.TIME_OUTCOME)
        assert match.local == match.connection.a
        closed_last = max((c for c in happened.clients if c.closed_ns <= client.told_ns), key=lambda c: c.closed_ns)
        assert match.connection is opened[happened.clients.index(closed_last)]
        verdict = diagnosed(happened, "client", Wanted(log=log)).verdict
        assert (verdict.kind, verdict.confidence) == (Kind.PEER_CLOSED_IDLE, Confidence.POSSIBLE)


@pytest.mark.parametrize("name", ["nginx", "postgresql", "haproxy"])
def test_closes_of_one_age_at_different_times_are_a_limit(name: str, idled: dict[str, Future[Idled]]) -> None:
    """Each of these sets a timer for each connection, so the ages agree; Redis looks once a second."""
    diagnosis = diagnosed(idled[name].result(), "client", Wanted(stream=0))
    found = next(e for e in diagnosis.explanations if e.id is ExplanationId.PEER_IDLE_CLOSE)
    assert found.status is Status.SUPPORTED
