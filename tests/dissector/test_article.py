"""The article's incident and its twin: the frames that the README of each scenario names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.article_host import local_time
from tests.support.plugin import REPOSITORY, FindingOnFrame, run_findings

SCENARIOS = REPOSITORY / "tests" / "scenarios"
ARTICLE = SCENARIOS / "article" / "article.pcap"
AS_TOLD = SCENARIOS / "article_as_told" / "article_as_told.pcap"
CLIENT, SERVER = "10.226.11.15:38742", "10.226.5.4:9092"
MS = 1_000_000
CADENCE = 5008 * MS


def of_the_incident(capture: Path, two_pass: bool) -> list[FindingOnFrame]:
    """Findings on the connection that the article is about."""
    findings = run_findings(capture, two_pass)
    stream = next(finding.stream for finding in findings if finding.source == CLIENT)
    return [finding for finding in findings if finding.stream == stream]


def frames_by_id(findings: list[FindingOnFrame]) -> dict[str, list[int]]:
    """Frame numbers of each finding."""
    frames: dict[str, list[int]] = {}
    for finding in findings:
        frames.setdefault(finding.id, []).append(finding.frame)
    return frames


@pytest.mark.parametrize("two_pass", [False, True], ids=["one pass", "two passes"])
def test_article_frames(two_pass: bool) -> None:
    frames = frames_by_id(of_the_incident(ARTICLE, two_pass))
    probes, answers = frames.pop("probe"), frames.pop("answer")
    after_fin = frames["post_fin_probe"]
    assert frames == {
        "fin": [940],
        "closed_before_due": [940],
        "fin_ack": [941],
        "post_fin_probe": [979],
        "post_fin_reset": [980],
    }
    assert len(probes) == 12
    assert (probes[0], probes[10], probes[11:]) == (476, 898, after_fin)
    assert len(answers) == 11
    assert (answers[0], answers[10]) == (477, 899)


def test_article_has_no_missed_late_or_unanswered_probe_on_any_connection() -> None:
    names = {finding.id for finding in run_findings(ARTICLE)}
    assert names.isdisjoint({"missed", "late", "unanswered", "gave_up"})


def test_article_was_closed_99_ms_before_the_next_probe_was_due() -> None:
    findings = {finding.id: finding for finding in of_the_incident(ARTICLE, two_pass=True)}
    data = findings["closed_before_due"].data
    assert data["by"] == CLIENT
    assert data["last_probe"] == 898
    assert data["due"] == local_time("00:07:56.467260") + CADENCE
    assert data["margin"] == local_time("00:07:56.467260") + CADENCE - local_time("00:08:01.376174")
    assert 99 * MS <= int(data["margin"]) < 100 * MS


def test_article_close_follows_60_s_of_data_silence_and_is_the_brokers() -> None:
    findings = {finding.id: finding for finding in of_the_incident(ARTICLE, two_pass=True)}
    fin, reset = findings["fin"], findings["post_fin_reset"]
    assert (fin.source, fin.data["by"], fin.data["last_data"]) == (SERVER, SERVER, 440)
    assert fin.time_ns == local_time("00:08:01.376174")
    assert fin.data["data_idle"] == local_time("00:08:01.376174") - local_time("00:07:01.375742")
    assert fin.data["packet_idle"] == local_time("00:08:01.376174") - local_time("00:07:56.467480")
    assert findings["fin_ack"].data == {"fin": 940, "delay": 10_000}
    assert (reset.level, reset.source) == ("Error", SERVER)
    assert (reset.data["fin"], reset.data["cause"], reset.data["cause_kind"]) == (940, 979, "probe")


def test_article_cadence_is_that_of_a_linux_before_4_8() -> None:
    probes = [finding.data for finding in of_the_incident(ARTICLE, two_pass=True) if finding.id == "probe"]
    assert [probe.get("since_last") for probe in probes] == [None, *[CADENCE] * 10, None]
    assert [probe["number"] for probe in probes] == [*range(1, 12), 1]
    assert probes[10]["cadence"] == CADENCE


@pytest.mark.parametrize("two_pass", [False, True], ids=["one pass", "two passes"])
def test_as_told_frames(two_pass: bool) -> None:
    """No frame of anybody for 17.5 s. That the client's kernel made no packet in it, its next one tells: 799."""
    frames = frames_by_id(of_the_incident(AS_TOLD, two_pass))
    missed = {"missed": [798]} if two_pass else {}
    probes, answers = frames.pop("probe"), frames.pop("answer")
    assert frames == missed | {
        "capture_hole": [798],
        "fin": [798],
        "fin_ack": [799],
        "post_fin_probe": [875],
        "post_fin_reset": [880],
    }
    assert (len(probes), probes[0], probes[7:]) == (9, 476, [775, 875])
    assert (len(answers), answers[0], answers[7]) == (8, 477, 776)


def test_as_told_missed_three_intervals_before_the_fin() -> None:
    missed = next(finding for finding in of_the_incident(AS_TOLD, two_pass=True) if finding.id == "missed")
    last_probe = local_time("00:07:41.443260")
    assert missed.data == {
        "by": CLIENT,
        "intervals": 3,
        "due": last_probe + CADENCE,
        "overdue": local_time("00:08:01.376174") - last_probe - CADENCE,
        "interval": CADENCE,
        "last_probe": 775,
        "gap": local_time("00:08:01.376174") - last_probe,
        "ended_by": "FIN",
    }


def test_as_told_the_whole_host_stood_still() -> None:
    """On the other connections the overdue probes end the gaps.

    Frame 803 is the first probe ever of a connection that had always been busy: when it was due cannot be told.
    """
    missed = [finding for finding in run_findings(AS_TOLD) if finding.id == "missed"]
    others = [finding for finding in missed if finding.frame != 798]
    assert [finding.frame for finding in missed] == [798, *range(800, 803), *range(804, 815)]
    assert {finding.data["ended_by"] for finding in others} == {"probe"}
    assert all(finding.source == finding.data["by"] for finding in others)
