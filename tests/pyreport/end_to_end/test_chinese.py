"""The command in Chinese: all that it writes, the language of the locale, fonts that are missing."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from pypdf import PdfReader

from pyreport.render.fonts import missing_characters
from tests.pyreport.command import pyreport
from tests.pyreport.conftest import SCENARIOS, Report, log_line

ARTICLE = SCENARIOS / "article" / "article.pcap"
# Three English words in a row are no name of a field, an option or a state.
ENGLISH = re.compile(r"[A-Za-z][a-z'’-]*(?: +[a-z'’-]+){2,}")
# What is quoted: log lines, commands, filters, headers as Wireshark shows them; where a number was read.
QUOTED = (
    "//*[contains(concat(' ', @class, ' '), ' mono ')] | //style | //title | //section[@class='letter']"
    " | //*[contains(@class, 'source')]"
)


@pytest.fixture(params=["chinese", "chinese_told"])
def report(request: pytest.FixtureRequest, chinese: Report, chinese_told: Report) -> Report:
    return chinese if request.param == "chinese" else chinese_told


def sentences(report: Report) -> str:
    """The text of the page without what it quotes."""
    document: html.HtmlElement = html.document_fromstring((report.folder / "report.html").read_text())
    for element in document.xpath(QUOTED):
        element.drop_tree()
    return "\n".join(document.find("body").itertext())


def test_no_english_sentence_is_left(report: Report) -> None:
    assert ENGLISH.findall(sentences(report)) == []


def test_no_english_sentence_is_left_in_the_summary(report: Report) -> None:
    text = (report.folder / "report.md").read_text()
    before, _, after = text.partition("```")
    assert ENGLISH.findall(before + after.rpartition("```")[2]) == []
    for heading in ("# 连接中断分析报告", "## 结论", "## 关键事实", "## 报文逐条分析"):
        assert heading in text.splitlines()


def test_the_terms_are_those_of_operators(report: Report) -> None:
    text = sentences(report)
    assert not re.search("服务器|确认断开|frame [0-9]", text)
    assert text.count("心跳包") == text.count("（心跳包）")
    assert "服务端先关闭了连接（FIN，第\xa0" in text.replace("\n", "")


def test_no_line_of_the_page_has_a_space_beside_full_width_punctuation(report: Report) -> None:
    assert re.findall(r".{0,12}(?:[，。；：）] [^ ]| [，。；：（）]).{0,12}", sentences(report).replace("\n", "")) == []


def test_the_page_and_the_pdf_name_their_language(report: Report) -> None:
    assert '<html lang="zh-CN" ' in (report.folder / "report.html").read_text()
    assert str(report.reader.root_object["/Lang"]) == "zh-CN"
    title = report.reader.metadata.title if report.reader.metadata else None
    assert title == "连接中断分析报告: 10.226.11.15:38742 → 10.226.5.4:9092"


def test_no_glyph_is_missing_and_fonts_are_embedded_in_part(report: Report) -> None:
    assert "notdef" not in report.done.stderr
    assert missing_characters(report.words) == ()
    fonts = {font for page in report.reader.pages for font in fonts_of(page)}
    assert fonts
    assert all(re.match(r"/[A-Z]{6}\+", name) for name in fonts)


def fonts_of(page: Any) -> Iterator[str]:
    for font in page["/Resources"].get("/Font", {}).values():
        yield font.get_object()["/BaseFont"]


def test_the_json_says_the_same_values_in_chinese(chinese: Report, article: Report) -> None:
    assert (chinese.json["language"], article.json["language"]) == ("zh-CN", "en")
    verdicts = [report.connection["verdict"] for report in (chinese, article)]
    assert verdicts[0]["sentence"].startswith("服务端先关闭了连接（FIN，第 940 号报文）")
    assert verdicts[1]["sentence"].startswith("The server closed")
    assert list(without_text(verdicts[0])) == list(without_text(verdicts[1]))


def without_text(document: Any) -> Iterator[tuple[str, Any]]:
    """Ids, numbers and frames."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name not in ("text", "sentence"):
                yield name, None
                yield from without_text(value)
    elif isinstance(document, list):
        for value in document:
            yield from without_text(value)
    else:
        yield "", document


def test_the_terminal_speaks_chinese(chinese: Report) -> None:
    lines = chinese.done.stderr.splitlines()
    assert lines[-1].startswith("已写入：")
    assert not ENGLISH.search("\n".join(lines))


def test_the_language_is_that_of_the_locale(tmp_path: Path) -> None:
    chinese = pyreport("scan", ARTICLE, LC_ALL="zh_CN.UTF-8")
    assert "服务端" in chinese.stdout
    assert not ENGLISH.search(chinese.stdout.replace("pyreport report CAPTURE --stream N", ""))
    english = pyreport("scan", ARTICLE, "--lang", "en", LC_ALL="zh_CN.UTF-8")
    assert "the server closed" in english.stdout


def test_a_language_that_there_are_no_words_in() -> None:
    done = pyreport("scan", ARTICLE, "--lang", "tlh")
    assert (done.status, done.is_one_sentence) == (2, True)
    assert "--lang en or --lang zh" in done.stderr


def fonts_only(tmp_path: Path, *files: str) -> str:
    """A configuration of fontconfig that knows these files and no others."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    for file in files:
        (folder / Path(file).name).symlink_to(file)
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(f"<fontconfig><dir>{folder}</dir><cachedir>{tmp_path / 'cache'}</cachedir></fontconfig>")
    return str(configuration)


def files_of(family: str) -> list[str]:
    listed = subprocess.run(["fc-list", family, "file"], capture_output=True, text=True, check=True).stdout
    return [line.strip().rstrip(":") for line in listed.splitlines()]


def test_without_a_font_a_chinese_pdf_is_refused(tmp_path: Path) -> None:
    fonts = fonts_only(tmp_path, *files_of("DejaVu Sans"))
    options = ("--lang", "zh", "-o", tmp_path / "report.pdf")
    done = pyreport("report", ARTICLE, *options, FONTCONFIG_FILE=fonts)
    assert (done.status, done.is_one_sentence) == (3, True)
    assert "fonts-noto-cjk" in done.stderr
    assert not (tmp_path / "report.pdf").exists()
    page = pyreport("report", ARTICLE, "--lang", "zh", "--html", tmp_path / "r.html", FONTCONFIG_FILE=fonts)
    assert page.status == 0, page.stderr


@pytest.mark.parametrize("has_font", [True, False])
def test_chinese_in_the_log_line_of_an_english_report(tmp_path: Path, has_font: bool) -> None:
    families = ("DejaVu Sans", "DejaVu Sans Mono", *(("Noto Sans CJK SC",) if has_font else ()))
    fonts = fonts_only(tmp_path, *{file for family in families for file in files_of(family)})
    line = log_line("article").replace("error while consuming", "error while consuming 消费失败")
    target = tmp_path / "report.pdf"
    done = pyreport("report", ARTICLE, "--log", line, "-o", target, FONTCONFIG_FILE=fonts)
    assert done.status == 0, done.stderr
    text = " ".join(page.extract_text() for page in PdfReader(target).pages)
    assert "notdef" not in done.stderr
    assert ("消费失败" in text) is has_font
    assert ("fonts-noto-cjk" in done.stderr) is not has_font
    assert ("fonts-noto-cjk" in text) is not has_font
