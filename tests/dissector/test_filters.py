"""Filter names: they obey Wireshark's rules, and a finding is found by its field and by its expert alike."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.dissector.test_findings import STORIES
from tests.dissector.trace import CLIENT, USUAL_LEVEL, Trace
from tests.scenarios.packets import Address
from tests.scenarios.pcapfile import write_pcap
from tests.support.plugin import plugin_fields, run_findings, run_tshark

SEVERITIES = {"2097152": "Chat", "4194304": "Note", "6291456": "Warn", "8388608": "Error"}


def frames(capture: Path, display_filter: str, *options: str) -> list[int]:
    """Numbers of the frames that a display filter selects, in two passes."""
    arguments = ["-2", "-r", str(capture), "-Y", display_filter, "-T", "fields", "-e", "frame.number", *options]
    return [int(number) for number in run_tshark(arguments).split()]


@pytest.fixture(scope="module")
def capture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All stories, each on a connection of its own; together they have every finding on every level."""
    ends = [Address(CLIENT.ip, CLIENT.port + number) for number in range(len(STORIES))]
    stories = zip(STORIES.values(), ends, strict=True)
    frames_of_all = [frame for text, client in stories for frame in Trace(text, client).frames]
    path = tmp_path_factory.mktemp("stories") / "stories.pcap"
    write_pcap(path, sorted(frames_of_all, key=lambda frame: frame.time_ns))
    return path


def test_field_and_expert_select_the_frames_of_the_finding_on_all_levels(capture: Path) -> None:
    found = run_findings(capture)
    seen = {(finding.id, finding.level) for finding in found}
    assert {name for name, _ in seen} == set(USUAL_LEVEL) - {"refused_by"}, "that one is in test_icmp.py"
    assert {name for name, level in seen if level != USUAL_LEVEL[name]} == {
        "unanswered",
        "post_fin_write",
        "post_fin_reset",
        "reset",
        "retransmission_timeout",
    }
    for name in {name for name, _ in seen}:
        expected = sorted({finding.frame for finding in found if finding.id == name})
        assert frames(capture, f"keepalive.{name}") == expected
        assert frames(capture, f"keepalive.{name}.expert") == expected


def test_the_expert_has_the_level_of_the_finding(capture: Path) -> None:
    by_frame = defaultdict(set)
    for finding in run_findings(capture):
        by_frame[finding.frame].add((finding.id, finding.level))
    packets = ElementTree.fromstring(run_tshark(["-2", "-r", str(capture), "-Y", "keepalive.finding", "-T", "pdml"]))
    for packet in packets.iter("packet"):
        shown = set()
        for tree in packet.findall(".//field/[@name='_ws.expert']/.."):
            severity = tree.find(".//field[@name='_ws.expert.severity']")
            assert severity is not None
            shown.add((tree.get("name", "").removeprefix("keepalive."), SEVERITIES[severity.get("show", "")]))
        number = packet.find(".//field[@name='num']")
        assert number is not None
        ours = {(name, level) for name, level in shown if name in USUAL_LEVEL}
        assert ours == by_frame.pop(int(number.get("show", "")))
    assert not by_frame


def test_names_obey_the_rules_of_wireshark() -> None:
    """Lower case, ours in front, no `_.` or `._`, and no second `keepalive` (tools/checkfiltername.pl)."""
    for name in plugin_fields():
        assert re.fullmatch(r"keepalive(\.[a-z][a-z0-9_]*)+", name), name
        assert "_." not in name
        assert "._" not in name
        assert name.count("keepalive") == 1, name


def test_names_are_registered_once_but_for_experts_of_several_levels() -> None:
    lines = [line.split("\t") for line in run_tshark(["-G", "fields"]).splitlines()]
    names = Counter(columns[2] for columns in lines if columns[0] == "F" and columns[2].startswith("keepalive."))
    assert {name for name, count in names.items() if count > 1} <= {name for name in names if name.endswith(".expert")}
