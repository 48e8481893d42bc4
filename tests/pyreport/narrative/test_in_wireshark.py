"""The filters of the report show in tshark exactly as many frames as the report says; the shown frames decide."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Party, claim
from pyreport.narrative.in_wireshark import MOST_DECODED, decisive_frames, filters
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    case_of,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    steady_neighbour,
)
from tests.pyreport.conftest import SCENARIOS
from tests.support.plugin import run_tshark


def shown(capture: str, display_filter: str) -> list[int]:
    arguments = ["-2", "-n", "-r", str(SCENARIOS / capture / f"{capture}.pcap"), "-Y", display_filter]
    return [int(line) for line in run_tshark([*arguments, "-T", "fields", "-e", "frame.number"]).split()]


@pytest.fixture(scope="module", params=["article", "article_as_told"])
def rows(request: pytest.FixtureRequest) -> tuple[str, list[tuple[str, str, int]]]:
    """The filters of a scenario's worst connection."""
    from pyreport.capture.file import open_capture
    from pyreport.capture.tshark import open_tshark
    from pyreport.choice.selection import by_severity
    from pyreport.connections.reading import read_capture
    from pyreport.diagnosis.connection import diagnose_connection

    capture = open_capture(str(SCENARIOS / request.param / f"{request.param}.pcap"))
    with open_tshark() as tshark:
        reading = read_capture(tshark, capture)
        case, _, _ = diagnose_connection(reading, by_severity(reading.index).connection)
        return request.param, [(row.what.id, row.display_filter, row.count or 0) for row in filters(case)]


def test_tshark_shows_what_the_report_counts(rows: tuple[str, list[tuple[str, str, int]]]) -> None:
    capture, table = rows
    counted = {display_filter: count for _, display_filter, count in table}
    assert len(counted) == len(table) >= 8
    assert {display_filter: len(shown(capture, display_filter)) for display_filter in counted} == counted


def test_the_filters_of_the_article(rows: tuple[str, list[tuple[str, str, int]]]) -> None:
    capture, table = rows
    counts = {shown: count for shown, _, count in table}
    assert counts["filter-finding-probe"] == (12 if capture == "article" else 9)
    assert counts["filter-finding-missed"] == (0 if capture == "article" else 1)
    assert counts["filter-finding-post_fin_reset"] == 1
    assert counts["filter-neighbours"] > 100


def test_the_host_of_ipv6_is_filtered_as_such() -> None:
    story = Story("[2001:db8::1]:40000", "[2001:db8::9]:9092").handshake().probes(6.0, 2)
    other = Story("[2001:db8::1]:40001", "[2001:db8::9]:9092", stream=1).probes(7.0, 2)
    (row,) = [row for row in filters(case_of(story, other)) if row.what.id == "filter-neighbours"]
    assert row.display_filter == "keepalive.probe && ipv6.src == 2001:db8::1 && !(tcp.stream == 0)"
    assert row.count == 2


def test_an_absence_can_be_looked_up_too() -> None:
    """That no interval was missed, where there were probes; elsewhere there was nothing to miss."""
    (row,) = [row for row in filters(case_of(idle_close())) if row.what.id == "filter-finding-missed"]
    assert row.count == 0
    assert [row.what.id for row in filters(case_of(Story().handshake()))] == ["filter-connection"]


def test_the_decisive_frames_with_their_reasons() -> None:
    chosen = decisive_frames(case_of(overlooked_close(), steady_neighbour(1, 70.0)))
    assert list(chosen) == [number(s) for s in (56.1, 56.110, 61.0, 61.001, 66.0, 66.2)]
    assert chosen[number(61.0)] == claim("shown-fin", who=Party.SERVER)
    assert chosen[number(66.0)] == claim("shown-cause", kind="probe")
    assert len(chosen) == MOST_DECODED


def test_gaps_are_shown_from_their_right_side() -> None:
    ended = decisive_frames(
        case_of(Story().handshake().probes(6.0, 2).data(31.0, CLIENT).missed(11.0, 31.0, 3, "data"))
    )
    assert ended == {number(31.0): claim("shown-end-of-gap")}
    open_gap = Story().handshake().probes(6.0, 2).missed(11.0, 11.01, 9, "capture_end")
    assert decisive_frames(case_of(open_gap, lasts=60.0)) == {number(11.01): claim("shown-before-gap")}
    fin = decisive_frames(case_of(gap_before_close()))
    assert fin[number(31.5)].id == "shown-fin"


def test_gaps_do_not_push_the_close_out() -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 2)
    story.data(31.5, CLIENT).missed(11.0, 31.5, 3, "data").frame(31.510, SERVER).probes(36.6, 4).fin(56.0, SERVER, 31.5)
    story.probe(61.0, answered=False, after_fin=56.0).reset_after_fin(61.2, SERVER, 61.0, "probe", 56.0)
    chosen = list(decisive_frames(case_of(story)))
    assert (len(chosen), chosen[-1]) == (MOST_DECODED, number(61.2))


def test_an_open_connection_has_none() -> None:
    assert decisive_frames(case_of(Story().handshake().data(1.0, SERVER))) == {}
