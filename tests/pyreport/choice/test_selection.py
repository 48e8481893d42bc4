"""Which connection a report is about, and what is said when it is not there."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest

from pyreport.base.claim import claim
from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError
from pyreport.choice.selection import OfSeveral, by_addresses, by_severity, by_stream
from pyreport.choice.severity import severity, worst_first
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.frames.frame import CaptureSpan
from pyreport.logs.model import LogError
from pyreport.logs.registry import parse_log_line
from pyreport.matching.zone import infer_zone
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, frames_of, idle_close, overlooked_close


def index_of(*stories: Story) -> CaptureIndex:
    return build_index(frames_of(*stories))


def plain(stream: int, seconds: float) -> Story:
    """A connection with a request and nothing else, between the same ends."""
    return Story(stream=stream).handshake(seconds).data(seconds + 1.0, CLIENT)


def test_the_named_stream() -> None:
    index = index_of(overlooked_close(), plain(4, 70.0))
    assert by_stream(index, 4).connection.stream == 4
    with pytest.raises(InputError, match="There is no TCP stream 9 in the capture: its streams are 0 to 4"):
        by_stream(index, 9)


@pytest.mark.parametrize("ends", [(CLIENT, SERVER), (SERVER, CLIENT)])
def test_the_end_that_is_named_first_is_local(ends: tuple[Endpoint, Endpoint]) -> None:
    chosen = by_addresses(index_of(overlooked_close()), *ends)
    assert chosen.local == ends[0]


def test_of_a_reused_pair_the_one_near_the_log_is_taken() -> None:
    index = index_of(overlooked_close(), plain(1, 100.0), plain(2, 200.0))
    assert by_addresses(index, CLIENT, SERVER, at(102.0)).connection.stream == 1
    assert by_addresses(index, CLIENT, SERVER, at(199.0)).connection.stream == 2
    chosen = by_addresses(index, CLIENT, SERVER)
    assert chosen.connection.stream == 0
    assert (chosen.rivals, chosen.why.values["several"], chosen.why.values["how"]) == (2, 3, OfSeveral.WORST)


def test_the_worst_connection_comes_first() -> None:
    dead = overlooked_close()
    warned = Story("10.0.0.1:41001", stream=1).probes(6.5, 2).data(31.5, "10.0.0.1:41001")
    warned.missed(11.5, 31.5, 3, "data")
    index = index_of(warned, dead, plain(2, 70.0))
    assert [c.stream for c in worst_first(index.connections.values())] == [0, 1, 2]
    assert severity(index.connections[0]) > severity(index.connections[1]) > severity(index.connections[2])
    chosen = by_severity(index)
    assert (chosen.connection.stream, chosen.local) == (0, None)
    assert chosen.why == claim("chosen-worst-findings", more=1)


def test_without_an_incident_the_choice_says_so() -> None:
    assert by_severity(index_of(Story().handshake())).why == claim("chosen-most-to-say")
    assert by_severity(index_of(overlooked_close())).why == claim("chosen-only-findings")
    with pytest.raises(InputError, match="no TCP"):
        by_severity(CaptureIndex())


@pytest.mark.parametrize(
    ("local", "remote", "close"),
    [
        (CLIENT, "10.0.9.9:9093", "from the same local end"),
        ("10.0.0.1:5", SERVER, "between the same hosts, to the same port"),
        ("10.5.5.5:5", SERVER, "to the same remote end"),
        ("10.0.0.1:5", "10.0.9.9:6", "between the same hosts"),
        ("10.5.5.5:5", "10.6.6.6:9092", "to the same port"),
    ],
)
def test_what_comes_close_is_said(local: str, remote: str, close: str) -> None:
    with pytest.raises(InputError) as raised:
        by_addresses(index_of(overlooked_close()), Endpoint(local), Endpoint(remote))
    assert f"{local}->{remote} is not in this capture. Come close ({close}): {CLIENT}->{SERVER} (stream 0)" in str(
        raised.value
    )


def test_many_that_come_close_are_cut() -> None:
    stories = [Story(f"10.0.0.1:{50000 + n}", stream=n).handshake(n / 10) for n in range(5)]
    with pytest.raises(InputError, match="and 2 more"):
        by_addresses(index_of(*stories), Endpoint("10.0.0.1:5"), SERVER)


def test_nothing_comes_close() -> None:
    with pytest.raises(InputError, match="nothing comes close"):
        by_addresses(index_of(overlooked_close()), Endpoint("10.5.5.5:5"), Endpoint("10.6.6.6:6"))


def zone_of(log: str, story: Story) -> object:
    case = case_of(story)
    span = CaptureSpan(1, case.span.first_time_ns, case.span.last_time_ns, 1)
    error: LogError = parse_log_line(f"{log} write tcp {CLIENT}->{SERVER}: write: broken pipe")
    return infer_zone(error, case.connection, span)


def test_the_zone_follows_from_the_close() -> None:
    """The story begins at 16:00 UTC and closes at 16:01:01."""
    eight = timezone(timedelta(hours=8))
    assert zone_of("2022-09-30 00:01:53", overlooked_close()) == eight
    assert zone_of("2022-09-29 21:31:53", overlooked_close()) == timezone(timedelta(hours=5, minutes=30))
    assert zone_of("2022-09-30 00:01:53", idle_close()) == eight


def test_a_log_line_of_another_day_or_before_the_close_has_no_zone() -> None:
    assert zone_of("2022-10-30 00:01:53", overlooked_close()) is None
    assert zone_of("2022-09-30 00:00:30", overlooked_close()) is None
