"""The reference page says what tshark knows: every field with its type, every preference with its default."""

from __future__ import annotations

import re

import pytest

from tests.dissector.test_findings import STORIES
from tests.dissector.trace import Trace
from tests.support.plugin import PLUGIN, plugin_fields, run_findings, run_tshark

PAGE = (PLUGIN.parent / "README.md").read_text(encoding="utf-8")
SECTIONS = {section.split("\n", 1)[0]: section for section in PAGE.split("\n## ")[1:]}
FINDINGS = {name: section for name, section in SECTIONS.items() if "\nSet when:\n" in section}
TYPES = dict(re.findall(r"^\| (\w+) \| (FT_\w+) \|", SECTIONS["Fields"], re.MULTILINE))
SUPERSEDED = {
    name: re.findall(r"`(\w+)`", line[1])
    for name, section in FINDINGS.items()
    if (line := re.search(r"^Supersedes (.*)\.$", section, re.MULTILINE))
}


def rows(section: str) -> list[list[str]]:
    """Cells of the table rows that begin with a name."""
    return [line.replace("`", "").strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]


def test_it_has_every_field_with_its_type() -> None:
    told = {name: "FT_STRING" for name, _ in rows(SECTIONS["Fields"])} | {
        "keepalive.related": "FT_UINT32",
        "keepalive.linked_from": "FT_FRAMENUM",
    }
    told |= {"keepalive.state.src": "FT_UINT8", "keepalive.state.dst": "FT_UINT8"}
    for name, section in FINDINGS.items():
        told[f"keepalive.{name}"] = "FT_NONE"
        told |= {f"keepalive.{name}.{datum}": TYPES[kind] for datum, kind, *_ in rows(section)}
    known = {name: kind for name, kind in plugin_fields().items() if not name.endswith(".expert")}
    assert told == known


def test_it_has_every_preference_with_its_default() -> None:
    told = {name: default for name, _, default, _ in rows(SECTIONS["Preferences"])}
    current = run_tshark(["-G", "defaultprefs"])
    known = dict(re.findall(r"^#?keepalive\.(\w+): (\w+)$", current, re.MULTILINE))
    assert told == {name: {"FALSE": "off", "TRUE": "on"}.get(value, value) for name, value in known.items()}


@pytest.mark.parametrize("text", STORIES.values(), ids=STORIES.keys())
def test_what_supersedes_another_finding_takes_its_place(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    ids: dict[int, set[str]] = {}
    for finding in run_findings(Trace(text).write(tmp_path_factory.mktemp("story") / "trace.pcap")):
        ids.setdefault(finding.frame, set()).add(finding.id)
    assert not [names for names in ids.values() for name in names & SUPERSEDED.keys() if names & set(SUPERSEDED[name])]
