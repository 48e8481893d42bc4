"""Each report is checked by Wireshark: an excerpt shows what the whole capture shows, a broken reader is found out."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from rich.console import Console

from pyreport.capture.engine import Engine
from pyreport.capture.excerpt import whole
from pyreport.capture.file import open_capture
from pyreport.capture.packet_details import decode_frames
from pyreport.capture.sandbox import READER
from pyreport.capture.tshark import Tshark, open_tshark
from pyreport.choice.severity import worst_first
from pyreport.cli.report import run_report
from pyreport.cli.request import Request
from pyreport.connections.reading import read_capture
from pyreport.connections.self_check import self_check
from pyreport.frames.frame import FRAME_FIELDS
from tests.engine.mutations import write
from tests.engine.test_equality import SCENARIOS
from tests.engine.test_outlines import read
from tests.engine.test_roads import ARTICLE

# One more nanosecond on each time that is judged.
JUDGED_AT = "segment.frame, segment.time, segment.clock_steps = number, time, self.clock.steps"
LATE = JUDGED_AT.replace("number, time,", "number, time + 1000000,")


@pytest.mark.parametrize("capture", SCENARIOS, ids=lambda path: path.name)
def test_connections_of_the_scenarios(capture: Path, tshark: Tshark) -> None:
    reading = read_capture(tshark, open_capture(str(capture)), engine=Engine.FAST)
    for connection in worst_first(reading.index.connections.values())[:5]:
        checked = self_check(tshark, connection, reading.excerpt(connection))
        assert checked is not None
        assert checked.told.id == "self-check-equal", connection.stream


def test_captures_at_random(tshark: Tshark, tmp_path: Path) -> None:
    count = 0
    for seed in range(20_000, 20_012):
        capture = tmp_path / f"{seed}.pcap"
        write(capture, Random(seed))
        reading = read(tshark, capture, Engine.FAST)
        for connection in reading.index.connections.values() if reading is not None else ():
            checked = self_check(tshark, connection, reading.excerpt(connection)) if reading is not None else None
            assert checked is not None
            assert checked.first_difference is None, (seed, connection.stream, checked.first_difference)
            count += 1
    assert count > 4


def test_headers_in_full_are_those_of_the_whole_capture(tshark: Tshark) -> None:
    """Numbers of frames and of the connection are the whole capture's, in fields and in sentences."""
    capture = open_capture(str(ARTICLE))
    reading = read_capture(tshark, capture, engine=Engine.FAST)
    for connection in (reading.index.connections[15], reading.index.connections[16]):
        frames = [finding.frame for finding in connection.findings][-6:]
        excerpt = reading.excerpt(connection)
        assert excerpt.numbers is not None
        assert len(excerpt.numbers) < reading.span.frames
        by_excerpt = decode_frames(tshark, excerpt, frames, connection.stream, FRAME_FIELDS)
        assert by_excerpt == decode_frames(tshark, whole(capture), frames)


def test_headers_read_in_the_same_pass_are_those_of_a_pass_of_their_own(tshark: Tshark) -> None:
    reading = read_capture(tshark, open_capture(str(ARTICLE)), engine=Engine.FAST)
    connection = reading.index.connections[15]
    excerpt = reading.excerpt(connection)
    frames = [finding.frame for finding in connection.findings][-6:]
    checked = self_check(tshark, connection, excerpt, frames)
    assert checked is not None
    assert checked.told.id == "self-check-equal"
    assert checked.headers == decode_frames(tshark, excerpt, frames, connection.stream, FRAME_FIELDS)
    assert len(checked.headers) == len(set(frames))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The reader judges each segment a millisecond late."""

    def open_broken(*args: object, **options: object) -> object:
        context = open_tshark(*args, **options)  # type: ignore[arg-type]

        class Broken:
            def __enter__(self) -> Tshark:
                tshark = context.__enter__()
                judging = tshark.sandbox.folder / READER / "judging.lua"
                text = judging.read_text(encoding="utf-8")
                assert JUDGED_AT in text
                judging.write_text(text.replace(JUDGED_AT, LATE), encoding="utf-8")
                return tshark

            def __exit__(self, *raised: object) -> bool | None:
                return context.__exit__(*raised)  # type: ignore[arg-type]

        return Broken()

    monkeypatch.setattr("pyreport.cli.report.open_tshark", open_broken)
    yield


@pytest.mark.usefixtures("broken")
def test_a_reader_that_finds_something_else_is_found_out(tmp_path: Path) -> None:
    """The report says so, and tells what tshark found."""
    told = io.StringIO()
    output = tmp_path / "report.json"
    run_report(Request((str(ARTICLE),), json=output, stream=15), Console(file=told, width=200))
    report = json.loads(output.read_text(encoding="utf-8"))
    assert "do not find the same on this connection" in told.getvalue()
    assert any("do not find the same" in warning for warning in report["capture"]["warnings"])
