"""The report of a comparison: a ladder that shows what was lost and what was made, and text that cannot break it."""

from __future__ import annotations

import re

from lxml import html
from msgspec.structs import replace

from pyreport.base.claim import Party, claim
from pyreport.compare.fate import fates
from pyreport.compare.packet import Fate
from pyreport.compare.rows import rows_of
from pyreport.compare.thresholds import MOST_FIRST, MOST_LAST
from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from pyreport.narrative.compare_report import CompareReport, build_report
from pyreport.render.arrows import draw_arrow
from pyreport.render.compare import cite_both, render_comparison
from pyreport.words import Words
from pyreport.words.breaks import kept_together
from tests.pyreport.compared import PARTIES, START_NS, Wire
from tests.pyreport.end_to_end.test_compare_interface import comparison

WORDS = Words()


def report(wire: Wire | None = None) -> CompareReport:
    made = comparison(wire)
    return build_report(made, generated_ns=START_NS, versions=[("pyreport", "1")], commands=["pyreport compare"])


def page(made: CompareReport) -> html.HtmlElement:
    found: html.HtmlElement = html.document_fromstring(render_comparison(made, WORDS))
    return found


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def rows(made: CompareReport) -> list[list[str]]:
    table = page(made).find_class("packets")[0]
    return [[words(cell) for cell in row.findall("td")] for row in table.iter("tr") if row.findall("td")]


def test_the_verdict_comes_first_with_the_frames_of_both_captures() -> None:
    (verdict,) = page(report()).find_class("verdict")
    told = report().verdict
    assert WORDS.join(told.claims) in words(verdict)
    assert f"frame {told.frames[0][0]} at the client; frame {told.frames[1][0]} at the server" in words(verdict)


def test_the_page_in_chinese_has_no_english_sentence() -> None:
    made: html.HtmlElement = html.document_fromstring(render_comparison(report(), Words("zh")))
    for quoted in made.xpath("//*[contains(@class, 'mono')] | //style"):
        quoted.drop_tree()
    assert re.findall(r"[A-Za-z][a-z'’-]*(?: +[a-z'’-]+){2,}", made.find("body").text_content()) == []


def test_the_table_has_a_row_for_each_packet_that_matters() -> None:
    found = rows(report())
    lost = [row for row in found if "did not arrive" in row[-1]]
    forged = [row for row in found if "not sent by that end" in row[-1]]
    assert [row[-1].partition(":")[0] for row in lost[:2]] == ["Probe 3 of the client", "Probe 4 of the client"]
    assert [row[3] for row in lost[:2]] == ["–", "–"]
    assert [(row[3], row[4]) for row in forged] == [("–", "")]
    delays = [row[5] for row in found if row[-1].startswith("Payload") and row[0] and row[4]]
    assert delays
    assert all("±" in delay for delay in delays)


def test_routine_between_them_is_folded_and_nothing_is_left_out() -> None:
    made = comparison()
    covered = set()
    for row in rows_of(made.alignment, made.packets):
        span = row.frames[0]
        covered |= set(range(span[0], span[1] + 1)) if span else set()
    assert covered == {packet.number for packet in made.alignment.captured[0]}


def test_a_connection_with_much_loss_keeps_a_table_that_can_be_read() -> None:
    wire = Wire(until=500).talk(1)
    for second in range(200):
        wire.send(3 + second, 0, seq=100 + second, ack=100, length=1, stamp=9000 + second, lost=second % 2 == 0)
    alignment = wire.aligned()
    made = rows_of(alignment, fates(alignment))
    assert len([row for row in made if row.sender is not None]) <= 2 * (MOST_FIRST + MOST_LAST)


def test_text_of_strangers_is_escaped() -> None:
    warning = claim("capture-order-unknown", path="<b>no</b>", who=Party.CLIENT)
    evil = replace(report(), log_line="<script>alert(1)</script> \x1b[31m", warnings=(warning,))
    made = render_comparison(evil, WORDS)
    assert "<script>" not in made
    assert "<b>no</b>" not in made
    assert "\x1b" not in made


def test_arrows_differ_in_shape() -> None:
    fates = (Fate.ARRIVED, Fate.LOST, Fate.NOT_SENT, Fate.UNKNOWN)
    assert len({draw_arrow(0, fate, "") for fate in fates}) == len(fates)
    assert "scale(-1,1)" in draw_arrow(1, Fate.LOST, "")
    assert "scale(-1,1)" not in draw_arrow(0, Fate.LOST, "")


def test_frames_of_both_captures() -> None:
    assert cite_both(((5,), (7, 9)), PARTIES, WORDS) == kept_together(
        "frame 5 at the client; frames 7, 9 at the server"
    )
    assert cite_both(((), ()), PARTIES, WORDS) == ""


def test_a_difference_of_clocks_is_told_to_the_microsecond() -> None:
    clocks = report(Wire(ahead_ns=3_600_000_123_000).talk(1).talk(2)).facts[0]
    assert (clocks.value.id, clocks.value.values["who"], clocks.value.values["whom"]) == (
        "clock-is-ahead", Party.SERVER, Party.CLIENT,
    )  # fmt: skip
    exactly = clocks.notes[0].values["microseconds"]
    assert isinstance(exactly, int)
    assert abs(exactly - 3_600_000_123) <= 2_000


def test_a_report_without_a_clock_can_be_made() -> None:
    """Not one packet is surely in both."""
    wire = Wire().send(1, 0, length=5, far=False).send(2, 1, length=5, flags=FLAG_RST | FLAG_ACK, near=False)
    wire.send(3, 1, length=7, far=False)
    made = report(wire)
    assert made.facts[0].value.id == "clocks-not-compared"
    assert [fact.label.id for fact in made.facts] == ["fact-clocks", "fact-packets", "fact-packets"]
    assert "the-way-is-unknown" in [claim.id for told in made.conclusions for claim in told.claims]
    assert WORDS.say(made.facts[0].value) in words(page(made))
