"""One version, wherever it is told."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pyreport import __version__
from pyreport.desk.copies import version_of
from tests.pyreport.command import pyreport
from tests.support.plugin import PLUGIN, REPOSITORY


def test_the_plugin_has_the_version_of_the_package() -> None:
    assert version_of(PLUGIN) == __version__


def test_the_changelog_begins_with_it() -> None:
    changelog = (REPOSITORY / "README.md").read_text(encoding="utf-8").partition("## Changelog\n")[2]
    assert re.findall(r"^### (.+)$", changelog, re.MULTILINE)[:1] == [__version__]


def test_the_package_takes_it_from_there() -> None:
    project = (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")
    assert 'dynamic = ["version"]' in project
    assert 'path = "pyreport/__init__.py"' in project


def test_the_json_tells_it(tmp_path: Path) -> None:
    capture = REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"
    done = pyreport("scan", capture, "--json", tmp_path / "scan.json")
    assert done.status == 0, done.stderr
    assert json.loads((tmp_path / "scan.json").read_text(encoding="utf-8"))["generator"] == f"pyreport {__version__}"
