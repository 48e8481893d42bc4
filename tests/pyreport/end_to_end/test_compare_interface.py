"""The JSON of the comparison: what its schema says, and what stands in it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pyreport.base.claim import Party, claim
from pyreport.compare.changes import ChangeId, changes
from pyreport.compare.comparison import Comparison
from pyreport.compare.conclude import conclude
from pyreport.compare.fate import fates
from pyreport.compare.in_both import Chosen
from pyreport.compare.partner import Partner
from pyreport.export.compare_json import comparison_json
from pyreport.export.report_json import dump
from pyreport.words import Words
from tests.pyreport.compare.test_fate import probes
from tests.pyreport.compared import Wire
from tests.pyreport.json_schema import DEFINITIONS, wrong


def document() -> dict[str, Any]:
    """The document of a comparison in which probes got lost and a RST was forged."""
    told: dict[str, Any] = json.loads(dump(comparison_json(comparison(), Words())))
    return told


def comparison(wire: Wire | None = None) -> Comparison:
    """The comparison of what was sent; by default probes got lost and an RST was forged."""
    if wire is None:
        wire = probes(Wire(ahead_ns=77_000).talk(1), (2, 3), stamped=True).forged_reset(20)
        wire.send(21, 1, seq=100, ack=100, length=1, lost=True)
    alignment = wire.aligned()
    packets = fates(alignment)
    first, second = (view.connection for view in alignment.views)
    why = (claim("connection-is-the-worst-in-both", count=1),)
    chosen = Chosen(first, Partner(second, first.a, second.a, 9), why, "the log line")
    notes = (claim("capture-order-unknown", path="client.pcap", who=Party.CLIENT),)
    return Comparison(chosen, alignment, packets, changes(alignment), conclude(alignment, packets), notes)


def test_a_document_is_valid() -> None:
    assert wrong(document()) == []


@pytest.mark.parametrize(
    ("part", "value"),
    [("format", 1), ("conclusions", []), ("captures", []), ("client_stream", -1), ("clocks", "unknown"), ("extra", 1)],
)
def test_the_schema_refuses_what_is_wrong(part: str, value: object) -> None:
    assert wrong(document() | {part: value})


def test_the_changes_are_those_that_the_code_names() -> None:
    assert DEFINITIONS["ChangeId"]["enum"] == sorted(ChangeId)


def test_the_segments_that_matter() -> None:
    told = document()
    fates = [segment["fate"] for segment in told["segments"]]
    assert fates.count("lost") == 3
    assert fates.count("not sent") == 1
    (forged,) = [segment for segment in told["segments"] if segment["fate"] == "not sent"]
    assert (forged["sender"], forged["server_frame"]) == ("server", None)
    arrived = next(segment for segment in told["segments"] if segment["fate"] == "arrived")
    assert 0 <= arrived["least_delay_ns"] <= 2_000_000 <= arrived["most_delay_ns"]


def test_the_clocks() -> None:
    clocks = document()["clocks"]
    assert clocks["low_ns"] <= 77_000 <= clocks["high_ns"]
    assert clocks["steps"] == 0
