"""Runs of the command that many tests look at: each is made once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from pypdf import PdfReader

from tests.pyreport.command import Done, pyreport
from tests.support.plugin import REPOSITORY

SCENARIOS = REPOSITORY / "tests" / "scenarios"
# The time that the reports carry; the same on each run.
MADE_AT = "1700000000"


@dataclass
class Report:
    """A report of a scenario in all three forms."""

    done: Done
    folder: Path

    @cached_property
    def reader(self) -> PdfReader:
        return PdfReader(self.folder / "report.pdf")

    @cached_property
    def pages(self) -> list[str]:
        """The words of each page."""
        return [" ".join(page.extract_text().split()) for page in self.reader.pages]

    @cached_property
    def words(self) -> str:
        """The words of the report, without the headers and footers of pages."""
        document: html.HtmlElement = html.document_fromstring((self.folder / "report.html").read_text())
        return " ".join(document.find("body").text_content().split())

    @cached_property
    def json(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.folder / "report.json").read_text())
        return document

    @cached_property
    def connection(self) -> dict[str, Any]:
        (connection,) = self.json["connections"]
        result: dict[str, Any] = connection
        return result

    def explanation(self, explanation_id: str) -> dict[str, Any]:
        (found,) = [e for e in self.connection["explanations"] if e["id"] == explanation_id]
        result: dict[str, Any] = found
        return result


def log_line(name: str) -> str:
    """The line of the scenario's log that names the connection."""
    (line,) = [line for line in (SCENARIOS / name / "app.log").read_text().splitlines() if "->" in line]
    return line


def make_report(name: str, folder: Path, *options: str) -> Report:
    outputs = (
        *("-o", folder / "report.pdf", "--json", folder / "report.json", "--html", folder / "report.html"),
        *("--summary", folder / "report.md"),
    )
    capture = SCENARIOS / name / f"{name}.pcap"
    done = pyreport("report", capture, "--log", log_line(name), *options, *outputs, SOURCE_DATE_EPOCH=MADE_AT)
    assert done.status == 0, done.stderr
    return Report(done, folder)


@pytest.fixture(scope="session")
def article(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The article's incident."""
    return make_report("article", tmp_path_factory.mktemp("article"))


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The incident as the article tells it."""
    return make_report("article_as_told", tmp_path_factory.mktemp("told"))


@pytest.fixture(scope="session")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The article's incident in Chinese."""
    return make_report("article", tmp_path_factory.mktemp("chinese"), "--lang", "zh", "--tz", "Asia/Shanghai")


@pytest.fixture(scope="session")
def chinese_told(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The incident as the article tells it, in Chinese."""
    return make_report("article_as_told", tmp_path_factory.mktemp("told"), "--lang", "zh", "--tz", "Asia/Shanghai")


@dataclass
class Scan:
    """A scan of a scenario."""

    done: Done
    json: dict[str, Any]


@pytest.fixture(scope="session")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """The scan of the article's capture."""
    target = tmp_path_factory.mktemp("scan") / "scan.json"
    done = pyreport("scan", SCENARIOS / "article" / "article.pcap", "--json", target)
    assert done.status == 0, done.stderr
    return Scan(done, json.loads(target.read_text()))
