"""The JSON is what its schema and its types say, and both say the same."""

from __future__ import annotations

import json
import types
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

import jsonschema
import pytest

from pyreport.diagnosis.evidence.idle_limits import Fate
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Status
from pyreport.export import report_json as interface
from pyreport.export.report_json import SCHEMA, ReportJson
from pyreport.frames.frame import Level
from pyreport.knowledge.kernel_timers import Family
from pyreport.quality import RestsOn
from pyreport.quality.vantage import Place
from tests.pyreport import catalogue
from tests.pyreport.conftest import Report, Scan

SCHEMA_JSON: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
DEFINITIONS: dict[str, Any] = SCHEMA_JSON["$defs"]


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA_JSON)


def test_reports_and_scans_are_valid(article: Report, told: Report, scan: Scan) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA_JSON)
    for document in (article.json, told.json, scan.json):
        assert [error.message for error in validator.iter_errors(document)] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), 2),
        (("capture", "sha256"), "abc"),
        (("connections", 0, "verdict", "kind"), "network"),
        (("connections", 0, "findings", 0, "id"), "heartbeat"),
        (("connections", 0, "first_frame"), 0),
        (("connections", 0, "extra"), 1),
    ],
)
def test_the_schema_refuses_what_is_wrong(article: Report, path: tuple[Any, ...], value: object) -> None:
    document: Any = json.loads(json.dumps(article.json))
    inner = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, SCHEMA_JSON)


def words(vocabulary: type[StrEnum]) -> list[str]:
    return [word.value for word in vocabulary]


def test_the_vocabularies_are_those_of_the_diagnosis() -> None:
    verdict = DEFINITIONS["verdict"]["properties"]
    assert verdict["kind"]["enum"] == words(Kind)
    assert verdict["confidence"]["enum"] == words(Confidence)
    assert verdict["attribution"]["items"]["enum"] == words(Attribution)
    assert DEFINITIONS["explanation"]["properties"]["status"]["enum"] == words(Status)
    assert DEFINITIONS["finding"]["properties"]["level"]["enum"] == [level.word for level in Level]


def test_the_vocabularies_of_the_evidence() -> None:
    """Those of what the capture is worth, of the clock, and of the limits."""
    quality = DEFINITIONS["quality"]["properties"]
    assert quality["vantage"]["properties"]["place"]["enum"] == words(Place)
    assert quality["flaws"]["items"]["properties"]["weakens"]["items"]["enum"] == words(RestsOn)
    fit = DEFINITIONS["clock"]["properties"]["fits"]["items"]["properties"]
    assert fit["kernel"]["enum"] == words(Family)
    limit = DEFINITIONS["idle_limits"]["properties"]["fitting"]["items"]["properties"]
    assert limit["fate"]["enum"] == words(Fate)


def test_the_findings_are_those_of_the_plugins_catalogue() -> None:
    assert set(DEFINITIONS["finding"]["properties"]["id"]["enum"]) == set(catalogue.findings())


def test_the_data_of_findings_are_those_of_the_plugins_catalogue(scan: Scan) -> None:
    declared = catalogue.findings()
    for connection in scan.json["connections"]:
        for finding in connection["findings"]:
            assert set(finding["data"]) <= declared[finding["id"]]


def resolve(part: dict[str, Any]) -> dict[str, Any]:
    return DEFINITIONS[part["$ref"].rpartition("/")[2]] if "$ref" in part else part


JSON_TYPES = {str: "string", int: "integer", bool: "boolean", types.NoneType: "null"}


def check(hint: Any, schema: dict[str, Any], where: str) -> None:
    """Fail when a type and a part of the schema do not describe the same."""
    schema = resolve(schema)
    if is_typeddict(hint):
        fields = get_type_hints(hint)
        assert set(schema["properties"]) == set(schema["required"]) == set(fields), where
        assert schema["additionalProperties"] is False, where
        for name, inner in fields.items():
            check(inner, schema["properties"][name], f"{where}.{name}")
    elif get_origin(hint) is list:
        assert schema["type"] == "array", where
        check(get_args(hint)[0], schema["items"], f"{where}[]")
    elif get_origin(hint) is dict:
        assert schema["type"] == "object", where
        check(get_args(hint)[1], schema["additionalProperties"], f"{where}{{}}")
    elif isinstance(hint, types.UnionType) and "anyOf" in schema:
        inside, nothing = schema["anyOf"]
        (part,) = [part for part in get_args(hint) if part is not types.NoneType]
        assert nothing == {"type": "null"}, where
        check(part, inside, where)
    elif isinstance(hint, types.UnionType):
        assert sorted(schema["type"]) == sorted(JSON_TYPES[part] for part in get_args(hint)), where
    elif "const" in schema or "enum" in schema:
        values = schema.get("enum", [schema.get("const")])
        assert all(type(value) is hint for value in values), where
    else:
        assert schema["type"] == JSON_TYPES[hint], where


def test_types_and_schema_are_the_same() -> None:
    check(ReportJson, SCHEMA_JSON, "report")
    assert SCHEMA_JSON["properties"]["format"]["const"] == interface.FORMAT


def test_the_facts_of_the_article(article: Report) -> None:
    connection = article.connection
    assert (connection["a"], connection["b"], connection["local"]) == (
        "10.226.11.15:38742", "10.226.5.4:9092", "10.226.11.15:38742",
    )  # fmt: skip
    assert (connection["stream"], connection["first_frame"], connection["last_frame"]) == (15, 112, 980)
    assert {name: value for name, value in connection["keepalive"]["a"].items() if name != "clock"} == {
        "idle_ns": 5_011_086_000, "cadence_ns": 5_008_000_000, "interval_ns": None,
        "probes": 12, "answered": 11, "unanswered": 0, "missed": 0,
    }  # fmt: skip
    assert article.json["capture"]["frames"] == 1581
    assert article.json["capture"]["path"].endswith("article.pcap")
    (fin,) = [f for f in connection["findings"] if f["id"] == "fin"]
    assert (fin["frame"], fin["time_ns"], fin["level"]) == (940, 1_664_467_681_376_174_000, "Note")
    assert fin["data"]["data_idle_ns"] == 60_000_432_000


def test_the_application_of_the_article(article: Report) -> None:
    """The last request and its response, and that none was owed when the broker closed."""
    said = article.connection["application"]
    assert said["kafka"] == {
        "client_software": "",
        "last_request": {
            "frame": 438, "time_ns": 1_664_467_621_279_959_000, "api": "Fetch", "api_key": 1, "api_version": 4,
            "correlation_id": 52, "client_id": "sarama", "wants_answer": True, "answer_frame": 440,
        },
        "outstanding": [],
    }  # fmt: skip
    assert (said["last_sent"]["first_frame"], said["last_sent"]["bytes"]) == (438, 98)
    assert (said["last_received"]["first_frame"], said["last_received"]["bytes"]) == (440, 337)
    assert [980] in [statement["frames"] for statement in said["statements"]]


def test_what_to_do_about_the_article(article: Report) -> None:
    advised = article.connection["what_to_do"]
    assert advised["software"] == "Sarama, by the format of the log line"
    assert [entry["id"] for entry in advised["advice"]][:2] == ["retry_first_use", "idle_below_the_peer"]
    assert all(entry["source"] for entry in advised["advice"])
    assert advised["ask"]["text"].startswith("Connection: TCP 10.226.11.15:38742 -> 10.226.5.4:9092\n")
    assert any(ask["command"].startswith("tcpdump ") for ask in advised["ask"]["asks"])


def test_a_scan_does_not_read_messages(scan: Scan) -> None:
    """That takes a tshark call for each connection; the last message each way is told all the same."""
    assert all(connection["application"]["kafka"] is None for connection in scan.json["connections"])
    assert scan.json["connections"][0]["application"]["last_sent"]["bytes"] == 98


def test_a_scan_has_every_connection(scan: Scan) -> None:
    streams = [connection["stream"] for connection in scan.json["connections"]]
    assert sorted(streams) == list(range(len(streams)))
    assert scan.json["connections"][0]["stream"] == 15


def test_a_scan_and_a_report_agree_on_the_findings(scan: Scan, article: Report) -> None:
    assert scan.json["connections"][0]["findings"] == article.connection["findings"]
    assert scan.json["capture"]["sha256"] == article.json["capture"]["sha256"]
