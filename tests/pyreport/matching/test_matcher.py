"""From a log line to the connection that it is about: how strong the match is, and when nothing is claimed."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone

import pytest

from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError
from pyreport.choice.selection import by_log, by_stream_with_log
from pyreport.logs.registry import parse_log_line
from pyreport.matching.match import Match, Strength, Zones
from pyreport.matching.matcher import Matcher
from tests.pyreport.cases import CLIENT, SERVER, Story, at, idle_close, overlooked_close, reading_of

OTHER = Endpoint("10.0.0.1:41001")
REDIS = "10.0.9.9:6379"
UTC_EIGHT = timezone(timedelta(hours=8))


def matcher(*stories: Story, zones: Zones | None = None) -> Matcher:
    return Matcher(*reading_of(*stories), zones or Zones())


def reset_by_server(seconds: float, client: str = OTHER, server: str = SERVER, stream: int = 1) -> Story:
    return Story(client, server, stream).handshake(stream / 10).data(stream + 0.1, client).reset(seconds, server)


def refused(seconds: float, client: str = OTHER, server: str = SERVER, stream: int = 1) -> Story:
    story = Story(client, server, stream)
    return story.frame(seconds, client, flags=2).frame(seconds + 0.01, server, flags=0x14)


def line_at(clock: str, text: str) -> str:
    """A line of the day of the stories, which begin at 16:00:00 UTC."""
    return f"2022-09-29 {clock} ERROR {text}"


def matched(found: Match | None) -> tuple[int, Strength]:
    assert found is not None
    return found.connection.stream, found.strength


WRITE = f"write tcp {CLIENT}->{SERVER}: write: broken pipe"
NATTED = f"write tcp 172.17.0.3:40000->{SERVER}: write: broken pipe"
RESET = "read: connection reset by peer"


@pytest.mark.parametrize(
    ("line", "strength"),
    [
        (WRITE, Strength.EXACT),
        (f"write tcp {SERVER}->{CLIENT}: write: broken pipe", Strength.REVERSED),
        (NATTED, Strength.LOCAL_PORT),
        (NATTED.replace(":40000", ":50000"), Strength.REMOTE_OUTCOME),
        (line_at("16:01:53", NATTED.replace(":40000", ":50000")), Strength.REMOTE_TIME),
        (line_at("16:01:53", f"write tcp {CLIENT}->172.20.0.1:9092: write: broken pipe"), Strength.LOCAL_TIME),
        (f"<KafkaTCPTransport [{SERVER}<-40000]>: socket disconnected", Strength.LOCAL_PORT),
        (line_at("16:01:53", "write tcp 172.17.0.3:5->broker.example:9092: write: broken pipe"), Strength.PORT_TIME),
        ("write tcp 172.17.0.3:5->broker.example:9092: write: broken pipe", Strength.PORT_OUTCOME),
        (line_at("16:01:53", "[Producer clientId=p] Node 1 disconnected."), Strength.PORT_TIME),
        (line_at("16:01:53", "BrokenPipeError: [Errno 32] Broken pipe"), Strength.TIME_OUTCOME),
        ("BrokenPipeError: [Errno 32] Broken pipe", Strength.OUTCOME),
    ],
)
def test_the_strength_of_a_match(line: str, strength: Strength) -> None:
    """The broken connection, beside a healthy one to the same server."""
    log = parse_log_line(line)
    found = matcher(
        overlooked_close(), Story(OTHER, stream=1).handshake(0.1).data(90.0, OTHER), zones=Zones(log=UTC)
    ).match(log)
    if strength is Strength.REVERSED:
        assert found is not None
        assert (found.local, found.strength) == (SERVER, strength)
    else:
        assert matched(found) == (0, strength)
        assert found is not None
        assert found.local == CLIENT


def test_a_server_that_writes_of_its_client_is_not_reversed() -> None:
    line = f"About to close the idle connection from {SERVER}-{CLIENT}-3-17 due to being idle for 60001 millis"
    found = matcher(idle_close()).match(parse_log_line(line))
    assert matched(found) == (0, Strength.EXACT)
    assert found is not None
    assert found.local == SERVER


@pytest.mark.parametrize(
    "ends",
    [f"{CLIENT[:-1]}1->{SERVER}", f"{CLIENT}->10.0.9.9:9093", "172.17.0.3:5->172.20.0.1:1234"],
)
def test_what_the_ends_rule_out_is_not_matched(ends: str) -> None:
    """An address that the capture has is not translated; an end like none of the capture's is another's."""
    log = parse_log_line(line_at("16:01:53", f"write tcp {ends}: write: broken pipe"))
    wanted = matcher(overlooked_close(), zones=Zones(log=UTC))
    assert wanted.match(log) is None
    with pytest.raises(InputError, match="not in this capture"):
        by_log(wanted, log, wanted.match(log))


def test_the_error_separates_two_connections() -> None:
    """EPIPE needs a FIN before the RST, ECONNRESET an RST without one (domain of tcp_reset() in tcp_input.c)."""
    both = matcher(overlooked_close(), reset_by_server(65.0), zones=Zones(log=UTC))
    remote = f"172.17.0.3:5->{SERVER}"
    pipe = both.match(parse_log_line(line_at("16:01:53", f"write tcp {remote}: write: broken pipe")))
    assert matched(pipe) == (0, Strength.REMOTE_TIME)
    reset = both.match(parse_log_line(line_at("16:01:53", f"read tcp {remote}: {RESET}")))
    assert matched(reset) == (1, Strength.REMOTE_TIME)


def test_the_time_separates_two_connections() -> None:
    two = matcher(reset_by_server(30.0), reset_by_server(90.0, "10.0.0.1:41002", stream=2), zones=Zones(log=UTC))
    text = f"read tcp 172.17.0.3:5->{SERVER}: {RESET}"
    assert matched(two.match(parse_log_line(line_at("16:00:30.500", text)))) == (1, Strength.REMOTE_TIME)
    assert matched(two.match(parse_log_line(line_at("16:01:30.500", text)))) == (2, Strength.REMOTE_TIME)


@pytest.mark.parametrize("clock", ["16:01:31.500 ", ""])
def test_two_that_fit_equally_well_are_ambiguous(clock: str) -> None:
    """Both were reset before the line, one second apart; or the line has no time."""
    two = matcher(reset_by_server(90.0), reset_by_server(91.0, "10.0.0.1:41002", stream=2), zones=Zones(log=UTC))
    text = f"read tcp 172.17.0.3:5->{SERVER}: {RESET}"
    log = parse_log_line(line_at(clock, text) if clock else text)
    found = two.match(log)
    assert found is not None
    assert found.strength is Strength.AMBIGUOUS
    assert {c.stream for c in found.rivals} == {1, 2}
    with pytest.raises(InputError, match=r"fits 2 connections .* equally well .*stream 1.*--stream beside --log"):
        by_log(two, log, two.match(log))
    selection = by_stream_with_log(two, 2, log)
    assert selection.match is not None
    assert (selection.connection.stream, selection.match.strength) == (2, Strength.NAMED)


def test_a_line_from_before_its_cause_is_not_matched() -> None:
    log = parse_log_line(line_at("16:00:20", f"read tcp 172.17.0.3:5->{SERVER}: {RESET}"))
    assert matcher(reset_by_server(30.0), zones=Zones(log=UTC)).match(log) is None


def test_a_whole_second_stands_for_the_second() -> None:
    log = parse_log_line(line_at("16:00:30", f"read tcp 172.17.0.3:5->{SERVER}: {RESET}"))
    assert matched(matcher(reset_by_server(30.9), zones=Zones(log=UTC)).match(log)) == (1, Strength.REMOTE_TIME)


def test_another_service_is_not_taken_for_the_one_of_the_line() -> None:
    """The Redis connection is well and a Kafka connection was reset: the line of a Redis client is about neither."""
    healthy = Story("10.0.0.1:42000", REDIS, 2).handshake().data(100.0, "10.0.0.1:42000")
    log = parse_log_line(
        line_at("16:01:05.100", "redis.exceptions.ConnectionError: Error 104 while writing to socket. x")
    )
    assert matcher(reset_by_server(65.0), healthy, zones=Zones(log=UTC)).match(log) is None


def test_a_refused_connect_is_the_one_with_the_refused_syn() -> None:
    log = parse_log_line(line_at("16:00:40.100", f"dial tcp {SERVER}: connect: connection refused"))
    found = matcher(reset_by_server(39.9, "10.0.0.1:41002", stream=2), refused(40.0), zones=Zones(log=UTC)).match(log)
    assert matched(found) == (1, Strength.REMOTE_TIME)


def test_the_zone_follows_from_a_match_without_a_tuple() -> None:
    log = parse_log_line(f"2022-09-30 00:01:53 {NATTED.replace(':40000', ':5')}")
    found = matcher(overlooked_close()).match(log)
    assert matched(found) == (0, Strength.REMOTE_TIME)
    assert found is not None
    assert (found.zone, found.moment_ns) == (UTC_EIGHT, at(113.0))


def test_without_an_end_and_a_zone_only_soon_counts() -> None:
    """In one of 53 zones any time of a day lies somewhere behind the RST: here four minutes, in UTC-1."""
    wanted = matcher(overlooked_close())
    text = "BrokenPipeError: [Errno 32] Broken pipe"
    assert wanted.match(parse_log_line(f"2022-09-29 15:05:06 {text}")) is None
    assert matched(wanted.match(parse_log_line(f"2022-09-29 15:01:26 {text}"))) == (0, Strength.TIME_OUTCOME)


def test_a_zone_to_show_that_cannot_be_the_logs_is_not_taken_for_it() -> None:
    log = parse_log_line(f"2022-09-30 00:01:53 {WRITE}")
    found = matcher(overlooked_close(), zones=Zones(show=UTC)).match(log)
    assert found is not None
    assert (found.zone, found.moment_ns) == (UTC_EIGHT, at(113.0))
    forced = matcher(overlooked_close(), zones=Zones(log=UTC)).match(log)
    assert forced is not None
    assert forced.moment_ns == at(113.0) + 8 * 3600 * 1_000_000_000


def test_in_a_long_capture_the_soonest_zone_is_assumed() -> None:
    """Two hours of capture: four half hours place the line behind the close; one of them 52 s behind."""
    long = matcher(overlooked_close(), Story(OTHER, stream=1).handshake(0.1).data(7200.0, OTHER))
    found = long.match(parse_log_line(f"2022-09-30 00:01:53 {WRITE}"))
    assert found is not None
    assert found.zone == UTC_EIGHT
    late = long.match(parse_log_line(f"2022-09-30 00:11:53 {WRITE}"))
    assert late is not None
    assert (late.zone, late.moment_ns) == (None, None)


def test_of_a_reused_pair_the_end_that_fits_is_taken() -> None:
    """The same ports again: the first was closed and reset, the second is alive when the line is written."""
    again = Story(stream=1).handshake(100.0).data(101.0, CLIENT).data(130.0, CLIENT)
    log = parse_log_line(line_at("16:01:53", WRITE))
    assert matched(matcher(overlooked_close(), again, zones=Zones(log=UTC)).match(log)) == (0, Strength.EXACT)


@pytest.mark.parametrize(("age_ms", "stream"), [(89_900, 1), (29_800, 2)])
def test_the_age_that_the_line_states_separates_two_connections(age_ms: int, stream: int) -> None:
    """Both were reset in the same second; one was opened 90 s before, the other 30 s."""
    young = Story("10.0.0.1:41002", stream=2).handshake(60.2).data(61.0, "10.0.0.1:41002").reset(90.2, SERVER)
    line = (
        "%3|1664467290.300|FAIL|rdkafka#c| [thrd:kafka-1:9092/1]: kafka-1:9092/1: Receive failed: Connection reset by "
        f"peer (after {age_ms}ms in state UP)"
    )
    log = parse_log_line(line)
    assert matched(matcher(reset_by_server(90.0), young).match(log)) == (stream, Strength.PORT_TIME)


# The idle age that a line states -------------------------------------------------------------------------------------


def pooled(silence: float, stream: int, server: str = "10.0.9.9:3306") -> Story:
    """A pooled connection: a request after a silence, and the RST that answers it."""
    client, asked = f"10.0.0.1:{40_000 + stream}", 2.0 + stream / 40 + silence
    story = Story(client, server, stream).handshake(0.1 + stream / 40).data(1.8 + stream / 40, client)
    story.data(2.0 + stream / 40, server).data(asked, client)
    return story.reset(asked + 0.002, server, "data", asked)


def last_packet(milliseconds: str) -> str:
    return (
        "com.mysql.cj.jdbc.exceptions.CommunicationsException: Communications link failure\n\n"
        f"The last packet successfully received from the server was {milliseconds} milliseconds ago.\n"
        "Caused by: java.net.SocketException: Connection reset"
    )


def test_a_stated_age_names_the_connection() -> None:
    """Three connections of one pool were reset; the line says which."""
    found = matcher(pooled(600.0, 0), pooled(901.7, 1), pooled(901.0, 2))
    line = parse_log_line(last_packet("901,702"))
    assert matched(found.match(line)) == (1, Strength.IDLE_AGE)


def test_a_stated_age_that_two_have_names_none() -> None:
    found = matcher(pooled(901.7, 0), pooled(901.75, 1))
    assert matched(found.match(parse_log_line(last_packet("901,702"))))[1] is Strength.AMBIGUOUS


def test_an_age_of_traffic_names_nothing() -> None:
    found = matcher(pooled(0.5, 0), pooled(901.7, 1)).match(parse_log_line(last_packet("502")))
    assert matched(found)[1] is Strength.AMBIGUOUS


# A program that stood still, and whose line it is ---------------------------------------------------------------------


def stood_still(seconds: float) -> Story:
    """A client pings every 6 s and stands still after 18 s. The server closes at 38 s; the client does, later."""
    story = Story().handshake()
    for ping in (6.0, 12.0, 18.0):
        story.data(ping, CLIENT, 12).data(ping + 0.01, SERVER, 20).frame(ping + 0.02, CLIENT)
    return story.fin(38.0, SERVER, 18.01).answering_fin(38.0 + seconds, CLIENT)


ZOOKEEPER = "WARN org.apache.zookeeper.ClientCnxn : Client session timed out, have not heard from server in {}ms for x"


def test_the_line_of_a_client_that_stood_still_is_the_clients() -> None:
    """https://github.com/apache/pulsar/issues/3535: a client's session expires while it collects garbage."""
    log = parse_log_line(line_at("16:00:52.830", ZOOKEEPER.format(34_810)))
    found = matcher(stood_still(14.8), zones=Zones(log=UTC)).match(log)
    assert found is not None
    assert (found.local, found.strength) == (CLIENT, Strength.IDLE_AGE)


def test_the_line_of_a_client_is_never_the_servers() -> None:
    """A client that runs reads the FIN at once, and reports no time-out of its own: the line is about another one."""
    log = parse_log_line(line_at("16:00:38.030", ZOOKEEPER.format(20_000)))
    assert matcher(stood_still(0.02), zones=Zones(log=UTC)).match(log) is None


def test_a_line_that_names_no_side_may_be_the_servers() -> None:
    """The server waited and closed, at 38 s."""
    log = parse_log_line(line_at("16:00:38.030", "ERROR read: i/o timeout"))
    found = matcher(stood_still(0.02), zones=Zones(log=UTC)).match(log)
    assert found is not None
    assert found.local == SERVER
