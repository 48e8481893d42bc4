"""From the capture to the diagnosis: what the reading says, and what is assumed on the way."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError
from pyreport.capture.file import open_capture
from pyreport.capture.how_far import HowFar, Step
from pyreport.capture.tshark import open_tshark
from pyreport.choice.diagnosed import diagnose_selection
from pyreport.choice.selection import by_addresses, by_log, by_severity, by_stream
from pyreport.connections.reading import Reading, read_capture
from pyreport.diagnosis.connection import diagnose_connection
from pyreport.logs.registry import parse_log_line
from pyreport.matching.match import Zones
from pyreport.matching.matcher import Matcher
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number, overlooked_close
from tests.support.captures import no_file
from tests.support.tiny_capture import START_NS, closed_connection, write_pcap

CUT = claim("capture-cut-short", file="x.pcap")
WRITE = f"write tcp {CLIENT}->{SERVER}: write: broken pipe"


def reading(*stories: Story) -> Reading:
    case = case_of(*stories)
    return Reading(no_file("x.pcap"), case.index, case.span)


def test_a_capture_is_read(tmp_path: Path) -> None:
    capture = open_capture(str(write_pcap(tmp_path / "tiny.pcap", closed_connection())))
    with open_tshark() as tshark:
        read = read_capture(tshark, capture)
        assert (read.span.frames, read.span.tcp_frames, read.span.first_time_ns) == (4, 4, START_NS)
        (connection,) = read.index.connections.values()
        assert [f.id for f in connection.findings] == ["fin"]


def test_the_watcher_is_told_how_far_it_is(tmp_path: Path) -> None:
    """What was read of what, so many frames and connections; the capture is larger than the stride."""
    frames = [frame + bytes(1400) for frame in closed_connection()] * 6000
    path = write_pcap(tmp_path / "large.pcap", frames)
    told: list[HowFar] = []
    with open_tshark() as tshark:
        read_capture(tshark, open_capture(str(path)), told.append)
    (first, *_) = told
    assert {each.step for each in told} == {Step.JUDGING}
    assert 0 < first.frames <= 24_000
    assert (first.size, first.connections) == (path.stat().st_size, 1)
    assert [each.read for each in told] == sorted({each.read for each in told})
    assert told[-1].read <= path.stat().st_size


@pytest.mark.parametrize(
    ("frames", "said"), [([], "There is not one packet in"), ([bytes(12) + b"\x08\x06" + bytes(28)], "There is no TCP")]
)
def test_nothing_to_read(tmp_path: Path, frames: list[bytes], said: str) -> None:
    capture = open_capture(str(write_pcap(tmp_path / "none.pcap", frames)))
    with open_tshark() as tshark, pytest.raises(InputError, match=said):
        read_capture(tshark, capture)


def test_the_selected_connection_is_judged_for_the_named_end() -> None:
    read = reading(overlooked_close())
    diagnosis = diagnose_selection(read, by_addresses(read.index, SERVER, CLIENT), None, Zones(), [CUT])
    assert diagnosis.case.local == SERVER
    assert diagnosis.warnings == (CUT,)
    assert diagnosis.zone is UTC


def test_a_chosen_connection_is_said_to_be_chosen() -> None:
    read = reading(overlooked_close())
    (warning,) = diagnose_selection(read, by_severity(read.index), None, Zones(), []).notes
    why = claim("chosen-only-findings")
    assert warning == claim("chosen-report-is-about", local=CLIENT, peer=SERVER, why=why)
    (asked,) = diagnose_selection(read, by_stream(read.index, 0), None, Zones(), []).notes
    assert asked.values["why"] == claim("chosen-stream", stream=0)


def test_one_of_several_between_the_named_ends_is_said_to_be_chosen() -> None:
    again = Story(stream=1).handshake(100.0).data(101.0, CLIENT)
    read = reading(overlooked_close(), again)
    (warning,) = diagnose_selection(read, by_addresses(read.index, CLIENT, SERVER), None, Zones(), []).notes
    assert (warning.id, warning.values["several"]) == ("chosen-by-ends-of-several", 2)


def diagnose(line: str, zone: str | None = None) -> tuple[object, int | None, list[Claim]]:
    read = reading(overlooked_close())
    log = parse_log_line(line)
    zones = Zones(show=ZoneInfo(zone) if zone else None)
    matcher = Matcher(read.index, read.span, zones)
    diagnosis = diagnose_selection(read, by_log(matcher, log, matcher.match(log)), log, zones, [])
    return diagnosis.zone, diagnosis.case.log_ns, list(diagnosis.warnings)


def test_a_zone_in_the_line_is_taken() -> None:
    eight = timezone(timedelta(hours=8))
    assert diagnose(f"2022-09-30T00:01:53+08:00 {WRITE}") == (eight, at(113.0), [])


def test_a_given_zone_is_taken_and_shown() -> None:
    assert diagnose(f"2022-09-30 00:01:53 {WRITE}", "Asia/Shanghai") == (ZoneInfo("Asia/Shanghai"), at(113.0), [])
    zone, log_ns, warnings = diagnose(f"2022-09-30T00:01:53+08:00 {WRITE}", "UTC")
    assert (zone, log_ns, warnings) == (ZoneInfo("UTC"), at(113.0), [])


def test_a_guessed_zone_is_told() -> None:
    zone, log_ns, (note,) = diagnose(f"2022-09-30 00:01:53 {WRITE}")
    assert (zone, log_ns) == (timezone(timedelta(hours=8)), at(113.0))
    assert note == claim("log-zone-assumed", time=at(113.0), offset="UTC+08:00")


def test_a_time_that_fits_nowhere_is_told() -> None:
    _, log_ns, (note,) = diagnose(f"2022-10-30 00:01:53 {WRITE}")
    assert log_ns is None
    assert note == claim("log-zone-unknown")


def test_a_line_without_a_time_is_told() -> None:
    _, log_ns, (note,) = diagnose(WRITE)
    assert log_ns is None
    assert note == claim("log-time-none")


def test_contradictions_come_before_what_was_assumed() -> None:
    line = f"2022-09-30 00:01:53 {WRITE}".replace("broken pipe", "connection reset by peer")
    first, second = diagnose(line)[2]
    assert first.frames == (number(61.0),)
    assert second.id == "log-zone-assumed"


def test_a_connection_of_a_scan_is_judged_without_a_log() -> None:
    read = reading(overlooked_close())
    case, explanations, verdict = diagnose_connection(read, read.index.connections[0])
    assert (case.local, case.log, len(explanations), verdict.kind) == (CLIENT, None, 16, "peer_closed_idle")
