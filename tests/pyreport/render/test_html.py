"""The HTML report: everything of the narrative is in it, escaped, in the promised order."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b64encode
from datetime import timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError
from lxml import etree, html
from msgspec.structs import replace

from pyreport.diagnosis.result import Confidence, Kind, Status
from pyreport.narrative.letter import letter_text
from pyreport.narrative.model import Ladder, Narrative, Rung, StepKind
from pyreport.render.clean import printable
from pyreport.render.frame_list import format_frames
from pyreport.render.glyphs import mark_icon
from pyreport.render.html import environment, render_html
from pyreport.render.shown import cite, confidence_words, shorten, status_words, step_rows, zone_name
from tests.pyreport import sample
from tests.pyreport.sample import WORDS, plain


def document(narrative: Narrative) -> html.HtmlElement:
    return html.document_fromstring(render_html(narrative, WORDS))


def words_of(narrative: Narrative) -> str:
    return " ".join(document(narrative).find("body").text_content().split())


def headings(narrative: Narrative) -> list[str]:
    return [h.text_content() for h in document(narrative).iter("h2")]


def test_sections_come_in_reading_order() -> None:
    assert headings(sample.ipv6()) == [
        "⚠ Read this first",
        "Verdict",
        "Service, network, host or application?",
        "Ask the other side for ",
        "What to do ",
        "Contents",
        "Walkthrough",
        "What decides it",
        "Key facts",
        "The host around that time",
        "The log line",
        "Explanations that were weighed",
        "What cannot be told from this capture",
        "Keep-alive, by side",
        "The application side",
        "What to do",
        "Ask the other side for",
        "Headers of the decisive frames",
        "How to see it in Wireshark",
        "Appendix: how to get the same report",
    ]


def test_empty_parts_leave_no_heading_behind() -> None:
    assert headings(sample.bare()) == ["Verdict", "Appendix: how to get the same report"]


@pytest.mark.parametrize(
    "words",
    [
        "The first packet that closes anything is the broker's FIN (frame 940).",
        "nothing was retransmitted (frames 476-896, 22 in all).",
        "● confirmed",
        "peer service, local application",
        "5.008 s",
        "not learned",
        "✘ ruled out",
        "frame.number == 940 or keepalive.related == 940",
        "Flags: 0x011 (FIN, ACK)",
        "UTC+08:00, Asia/Shanghai",
        "148,532 bytes, 1,402 frames",
        "9f2b5c1de0a84a6f7d3e51c0b2a96e4f8813d7c65b0f4a2e9d1c3b5a79860f1e",
        "pyreport 0.1.0, tshark 4.0.17, keepalive plugin 0.1.0, WeasyPrint 70.0",
    ],
)
def test_report_says(words: str) -> None:
    assert words in words_of(replace(sample.article(), confidence=Confidence.CONFIRMED))


def test_advice_has_its_settings_and_numbered_sources() -> None:
    said = words_of(sample.ipv6())
    assert "The settings are those of Sarama." in said
    assert "Let the program try once more. Sarama: Producer.Retry.Max" in said
    assert "Sources: (1) config.go; RFC 9112. (2) recv(2)." in said


def test_the_letter_can_be_copied_line_by_line() -> None:
    narrative = sample.ipv6()
    assert narrative.letter is not None
    (letter,) = document(narrative).iter("pre")
    assert letter.text_content() == letter_text(narrative.letter, WORDS)


def test_keepalive_is_a_row_for_each_side() -> None:
    rows = document(sample.article()).xpath("//table[contains(@class, 'keepalive')]//tr[th[@scope='row']]")
    cells = [[cell.text_content() for cell in row] for row in rows]
    assert cells[0] == [f"client {sample.CLIENT}", "5.000 s", "5.008 s", "12", "11", "0", "0"]
    assert cells[1] == [f"broker {sample.SERVER}", "not learned", "not learned", "0", "0", "0", "0"]


def test_steps_are_rows_with_number_frames_time_gap_and_sentence() -> None:
    rows = document(sample.article()).xpath("//table[contains(@class, 'steps')]/tbody/tr")
    cells = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
    assert [row[0] for row in cells] == [str(n) for n in range(1, 10)]
    assert cells[2][2:5] == ["476-899", "00:07:06.387260to 00:07:56.467480", "0 µs"]
    assert cells[3][2:5] == ["940", "00:08:01.376174", "4.909 s"]
    assert cells[3][5].startswith("decisive The broker closes the connection")
    assert cells[7][2] == "no frame"
    assert [n for n, row in enumerate(rows, 1) if "decisive" in row.get("class").split()] == [4, 5, 7]


def test_date_is_printed_on_the_first_step_of_each_day() -> None:
    article = sample.article()
    rows = list(step_rows((*article.steps, replace(article.steps[0], start_ns=sample.at("24:00:01"))), (), WORDS))
    assert [row.date for row in rows] == ["2022-09-30", *[""] * 8, "2022-10-01"]


def test_the_browser_may_apply_this_stylesheet_and_do_nothing_else() -> None:
    page = document(sample.article())
    digest = b64encode(hashlib.sha256(page.findtext(".//style", "").encode()).digest()).decode()
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert page.xpath("//@style") == []


def test_page_needs_no_other_file() -> None:
    page = document(sample.article())
    assert page.xpath("//link | //script | //img | //iframe | //object") == []
    assert "font-size:" in page.findtext(".//style", "")
    assert not re.search(r"@import|url\((?!#)", render_html(sample.article(), WORDS))


def test_icons_are_those_of_the_figure() -> None:
    for kind in StepKind:
        icon = etree.fromstring(mark_icon(kind, WORDS))
        assert len(icon) == 2, kind


METACHARACTERS = "<script>alert(1)</script>&amp;\"'{{ 7*7 }}</style></svg>-->"


def test_markup_in_any_string_stays_text() -> None:
    original, attacked = document(sample.hostile("x")), document(sample.hostile(METACHARACTERS))
    # Longer labels of the figure may take more lines of text; every other element is the same.
    before, after = ([(e.tag, *sorted(e.attrib)) for e in d.iter() if e.tag != "text"] for d in (original, attacked))
    assert after == before
    text = attacked.text_content()
    assert text.count("<script>alert(1)</script>&amp;\"'{{ 7*7 }}") > 100


def test_invisible_characters_become_visible() -> None:
    page = render_html(sample.hostile("\x00\x1b[31m\u202etxt\ud800\x85"), WORDS)
    assert r"\x00\x1b[31m\u202etxt\ud800\x85" in page
    assert not re.search("[\x00\x1b\u202e\ud800\x85]", page)
    page.encode()


def test_printable_keeps_ordinary_text() -> None:
    text = "tab\tline\nµ 中文 → “quoted” 🙂 é e\u0301 עברית"
    assert printable(text) == text


def test_what_no_program_shows_is_an_escape() -> None:
    """Characters without a width hide text and split words; tags carry whole sentences; selectors carry any bytes."""
    hidden = "\u200b\u200d\u2060\ufeff\xad\u061c\u2066\u2028\u3164\ufe0f\U000e0041\U000e0100"
    assert printable(f"a{hidden}b") == "a" + hidden.encode("ascii", "backslashreplace").decode() + "b"
    unseen = [c for c in map(chr, range(0x110000)) if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
    assert [c for c in unseen if printable(c) == c] == ["\t", "\n"]
    shown = {c for c in map(chr, range(0x110000)) if unicodedata.category(c) == "Cf" and printable(c) == c}
    # Signs with a shape of their own, though Unicode calls them format characters: those before Arabic and Kaithi
    # numbers, of Syriac, and what joins hieroglyphs.
    assert all(unicodedata.name(c).startswith(("ARABIC", "SYRIAC", "KAITHI", "EGYPTIAN")) for c in shown)


def test_template_may_not_print_what_is_not_there() -> None:
    with pytest.raises(UndefinedError):
        environment(WORDS).from_string("{{ absent }}").render()


@pytest.mark.parametrize(
    ("frames", "text"),
    [
        ((), ""),
        ((940,), "frame 940"),
        ((941, 940), "frames 940, 941"),
        ((940, 940), "frame 940"),
        ((1, 2, 3), "frames 1-3"),
        ((1, 3, 5, 7, 9, 11), "frames 1, 3, 5, 7, 9, 11"),
        (tuple(range(476, 900, 20)), "frames 476-896, 22 in all"),
    ],
)
def test_frames_are_written_one_way(frames: tuple[int, ...], text: str) -> None:
    assert format_frames(frames, WORDS) == text


def test_frames_stand_before_the_full_stop() -> None:
    span = '<span class="frames"> (frame\xa09)</span>'
    assert cite(plain("It closed.", (9,)), WORDS) == f"It closed{span}."
    assert cite(plain("它关闭了。", (9,)), WORDS) == f"它关闭了{span}。"
    assert cite(plain("Did it close?", (9,)), WORDS) == f"Did it close{span}?"
    assert cite(plain("It closed", (9,)), WORDS) == f"It closed{span}"
    assert cite(plain("It closed."), WORDS) == "It closed."


def test_status_and_confidence_have_a_symbol_and_a_word() -> None:
    known = [status_words(status, WORDS) for status in Status]
    assert len({text[0] for text in known}) == len({text[2:] for text in known}) == len(Status)
    known = [confidence_words(confidence, WORDS) for confidence in Confidence]
    assert len({text[0] for text in known}) == len({text[2:] for text in known}) == len(Confidence)


def test_zone_is_named_once() -> None:
    assert zone_name(WORDS.in_zone(ZoneInfo("UTC")), 0) == "UTC"
    assert zone_name(WORDS.in_zone(ZoneInfo("Asia/Shanghai")), 0) == "UTC+08:00, Asia/Shanghai"
    assert zone_name(WORDS.in_zone(timezone(timedelta(hours=-3))), 0) == "UTC-03:00"


def test_long_header_lines_are_cut_and_say_so() -> None:
    assert shorten("x" * 400, WORDS) == "x" * 400
    assert shorten("x" * 2000, WORDS) == "x" * 400 + "… (2,000 characters)"


def test_where_nothing_broke_the_report_is_brief() -> None:
    healthy = replace(sample.ipv6(), kind=Kind.HEALTHY, warnings=())
    left_out = set(headings(sample.ipv6())) - set(headings(healthy))
    assert left_out == {
        "⚠ Read this first",
        "Ask the other side for ",
        "Ask the other side for",
        "What to do ",
        "Contents",
        "Walkthrough",
        "The host around that time",
        "Explanations that were weighed",
        "What cannot be told from this capture",
        "Headers of the decisive frames",
        "How to see it in Wireshark",
    }
    assert "Walkthrough" in headings(replace(healthy, steps=healthy.steps[:3]))


def test_what_is_in_one_piece_stands_before_what_can_be_parted() -> None:
    """The ladder behind the walkthrough would leave up to half of the page before it empty."""
    ladder = Ladder(("a", "b"), (Rung(0, StepKind.DATA, sample.FIN, 1, plain("data")),))
    shown = headings(replace(sample.article(), ladder=ladder))
    first = [shown.index(one) for one in ("The decisive frames", "Walkthrough", "What decides it", "Key facts")]
    assert first == sorted(first)


def test_the_clocks_of_a_walkthrough_are_all_as_fine_as_the_finest() -> None:
    """A whole microsecond in a capture in nanoseconds is no coarser than its neighbours."""
    steps = sample.article().steps
    plain_clocks = [row.start for row in step_rows(steps, (), WORDS)]
    assert {len(clock) for clock in plain_clocks} == {len("00:08:01.376174")}
    finer = (replace(steps[0], end_ns=steps[0].end_ns + 1), *steps[1:])
    assert [row.start for row in step_rows(finer, (), WORDS)] == [f"{clock}000" for clock in plain_clocks]


def test_each_value_of_a_card_says_its_column() -> None:
    """On a telephone the head of such a table is not shown."""
    tables = [table for table in document(sample.ipv6()).iter("table") if "cards" in table.get("class", "").split()]
    assert [table.get("class") for table in tables] == ["grid cards keepalive", "grid cards filters"]
    for table in tables:
        columns = [cell.text_content() for cell in table.iter("th") if cell.get("scope") == "col"]
        rows = [row for row in table.iter("tr") if len(row) == len(columns) and row.getparent().tag == "tbody"]
        assert rows
        for row in rows:
            assert [cell.get("data-label") for cell in row][1:] == [f"{column}: " for column in columns[1:]]
