"""The JSON: what its schema says, and what stands in it."""

from __future__ import annotations

import copy
import json
from typing import Any

import jsonschema
import pytest
from msgspec import Struct

from pyreport.base.claim import Duration, FrameNumber, Moment, Party, claim
from pyreport.export import schema
from pyreport.export.claim_json import FORMAT, Json, evidence_json
from pyreport.export.report_json import dump
from pyreport.words import Words
from tests.pyreport import catalogue
from tests.pyreport.conftest import Report, Scan
from tests.pyreport.json_schema import DEFINITIONS, SCHEMA, wrong


def test_the_schema_is_made_from_the_types() -> None:
    """When this fails: make reference."""
    assert schema.FILE.read_text(encoding="utf-8") == schema.schema_text()


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert str(FORMAT) in SCHEMA["title"]


def test_every_object_is_closed_and_explained(article: Report) -> None:
    assert all(part["description"] for part in DEFINITIONS.values())
    objects = [part for part in DEFINITIONS.values() if part.get("type") == "object"]
    assert len(objects) > 30
    assert all(part["required"] == list(part["properties"]) for part in objects)
    assert all(part["additionalProperties"] is False for part in objects)
    jsonschema.validate(article.json, SCHEMA)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), FORMAT - 1),
        (("capture", "sha256"), "abc"),
        (("connections", 0, "a"), "an end without a port"),
        (("connections", 0, "verdict", "kind"), "network"),
        (("connections", 0, "findings", 0, "id"), "heartbeat"),
        (("connections", 0, "first_frame"), 0),
        (("connections", 0, "extra"), 1),
    ],
)
def test_the_schema_refuses_what_is_wrong(article: Report, path: tuple[Any, ...], value: object) -> None:
    document = copy.deepcopy(article.json)
    inner: Any = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert len(wrong(document)) == 1


class Holder(Json):
    """For dump, which writes documents."""

    evidence: Struct


def written(told: Struct) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(dump(Holder(told)))["evidence"]
    return document


def test_a_claim_has_its_id_its_values_its_frames_and_its_sentence() -> None:
    quoted = claim("number-1", (4,), reason="Because.")
    told = claim(
        "number-2", (3, 5),
        said="It is so.", who=Party.SERVER, age=Duration(5), at=Moment(7), frame=FrameNumber(9), count=2, known=True,
        gap_ns=Duration(1), ages=(Duration(1), Duration(2)), names=("x", "y"), none=(), why=quoted,
    )  # fmt: skip
    document = written(evidence_json(told, Words()))
    assert (document["id"], document["frames"], document["text"]) == ("number-2", [3, 5], "Two")
    why = document["values"].pop("why")
    assert document["values"] == {
        "said": "It is so.", "who": "server", "age_ns": 5, "at_ns": 7, "frame": 9, "count": 2, "known": True,
        "gap_ns": 1, "ages_ns": [1, 2], "names": ["x", "y"], "none": [],
    }  # fmt: skip
    assert why == {"id": "number-1", "values": {"reason": "Because."}, "frames": [4], "text": "One"}


def test_the_verdict_is_its_claims(article: Report) -> None:
    verdict = article.connection["verdict"]
    assert verdict["claims"]
    assert verdict["sentence"] == " ".join(claim["text"] for claim in verdict["claims"])


def test_explanations_have_titles(article: Report) -> None:
    assert article.explanation("peer_idle_close")["title"] == Words().label("explanation-peer_idle_close")


def test_the_findings_are_those_of_the_plugins_catalogue() -> None:
    assert set(DEFINITIONS["FindingJson"]["properties"]["id"]["enum"]) == set(catalogue.findings())


def test_the_data_of_findings_are_those_of_the_plugins_catalogue(scan: Scan) -> None:
    declared = catalogue.findings()
    for connection in scan.json["connections"]:
        for finding in connection["findings"]:
            assert set(finding["data"]) <= declared[finding["id"]]


def test_the_facts_of_the_article(article: Report) -> None:
    connection = article.connection
    assert (connection["a"], connection["b"], connection["local"]) == (
        "10.226.11.15:38742", "10.226.5.4:9092", "10.226.11.15:38742",
    )  # fmt: skip
    assert (connection["stream"], connection["first_frame"], connection["last_frame"]) == (15, 112, 980)
    assert {name: value for name, value in connection["keepalive"]["a"].items() if name != "clock"} == {
        "idle_ns": 5_008_000_000, "cadence_ns": 5_008_000_000, "interval_ns": None,
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
    assert advised["software"].startswith("The settings are those of Sarama")
    assert [entry["id"] for entry in advised["advice"]][:2] == ["retry_first_use", "idle_below_the_peer"]
    assert advised["advice"][1]["values"] == {
        "local": "client", "peer": "server", "data_age_ns": 60_000_432_000, "below_ns": 45_000_000_000,
    }  # fmt: skip
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


def test_scan_has_its_events_and_a_report_that_of_its_connection(scan: Scan, told: Report) -> None:
    (closed,) = scan.json["events"]
    assert (closed["kind"], closed["common"], closed["streams"]) == ("peer_closed_idle", "alone", [15])
    assert closed["sentence"].startswith("10.226.11.15:38742 → 10.226.5.4:9092: ")
    assert told.json["events"] == []
