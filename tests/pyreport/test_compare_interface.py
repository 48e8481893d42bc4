"""The JSON of the comparison is what its definition in the schema and its types say, and both say the same."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from pyreport.compare.align import Match
from pyreport.compare.changes import changes
from pyreport.compare.comparison import Comparison
from pyreport.compare.conclude import conclude
from pyreport.compare.conclusions import Kind, Scene, Where
from pyreport.compare.fate import fates
from pyreport.compare.model import Fate, Shift
from pyreport.compare.names import Names
from pyreport.compare.partner import Chosen
from pyreport.diagnosis.result import Confidence
from pyreport.export.compare_json import ComparisonJson, comparison_json
from pyreport.frames.frame import Level
from tests.pyreport.compared import Wire
from tests.pyreport.test_compare_fate import probes
from tests.pyreport.test_interface import DEFINITIONS, SCHEMA_JSON, check

COMPARISON: dict[str, Any] = {"$ref": "#/$defs/comparison", "$defs": DEFINITIONS}


def document() -> dict[str, Any]:
    """The document of a comparison in which probes got lost and a RST was forged."""
    return dict(comparison_json(comparison()))


def comparison() -> Comparison:
    wire = probes(Wire(ahead_ns=77_000).talk(1), (2, 3), stamped=True).forged_reset(20)
    lineup = wire.send(21, 1, seq=100, ack=100, length=1, lost=True).lined_up()
    names, passages = Names(("client", "server")), fates(lineup)
    first, second = (view.connection for view in lineup.views)
    chosen = Chosen(first, Match(second, first.a, second.a, 9), "it is a test", "the log line")
    told = conclude(Scene(lineup, passages, names))
    return Comparison(chosen, names, lineup, Shift(), passages, changes(lineup, Shift(), names), told, ("a note",))


def test_types_and_schema_are_the_same() -> None:
    check(ComparisonJson, DEFINITIONS["comparison"], "comparison")


def test_a_document_is_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA_JSON)
    validator = jsonschema.Draft202012Validator(COMPARISON)
    assert [error.message for error in validator.iter_errors(document())] == []


@pytest.mark.parametrize(
    ("part", "value"),
    [("format", 2), ("conclusions", []), ("captures", []), ("client_stream", -1), ("clocks", "unknown"), ("extra", 1)],
)
def test_the_schema_refuses_what_is_wrong(part: str, value: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document() | {part: value}, COMPARISON)


def words(vocabulary: type[StrEnum]) -> list[str]:
    return [word.value for word in vocabulary]


def test_the_vocabularies_are_those_of_the_comparison() -> None:
    conclusion = DEFINITIONS["conclusion"]["properties"]
    assert conclusion["kind"]["enum"] == words(Kind)
    assert conclusion["where"]["enum"] == words(Where)
    assert conclusion["confidence"]["enum"] == words(Confidence)
    assert conclusion["level"]["enum"] == [level.word for level in Level]
    assert DEFINITIONS["compared_segment"]["properties"]["fate"]["enum"] == words(Fate)


def test_the_changes_are_those_that_the_code_names() -> None:
    source = (Path(__file__).parents[2] / "pyreport" / "compare" / "changes.py").read_text(encoding="utf-8")
    named = {part.partition('"')[0] for part in source.split('Change("')[1:]}
    assert set(DEFINITIONS["change"]["properties"]["id"]["enum"]) == named


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
