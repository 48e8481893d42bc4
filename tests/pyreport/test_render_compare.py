"""The report of a comparison: a ladder that shows what was lost and what was made, and text that cannot break it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

from lxml import html

from pyreport.compare.conclude import conclude
from pyreport.compare.conclusions import Scene
from pyreport.compare.fate import fates
from pyreport.compare.ladder import MOST_FIRST, MOST_LAST, ladder
from pyreport.compare.names import Names
from pyreport.compare.report import CompareReport, build_report, exact_duration
from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from pyreport.render.arrows import draw_arrow
from pyreport.render.compare import cite_both, render_comparison
from tests.pyreport.compared import START_NS, Wire
from tests.pyreport.test_compare_interface import comparison

NAMES = Names(("client", "server"))


def report() -> CompareReport:
    return build_report(
        comparison(), zone=UTC, generated_ns=START_NS, versions=[("pyreport", "1")], commands=["pyreport compare"]
    )


def page(made: CompareReport) -> html.HtmlElement:
    found: html.HtmlElement = html.document_fromstring(render_comparison(made))
    return found


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def rows(made: CompareReport) -> list[list[str]]:
    table = page(made).find_class("ladder")[0]
    return [[words(cell) for cell in row.findall("td")] for row in table.iter("tr") if row.findall("td")]


def test_the_verdict_comes_first_with_the_frames_of_both_captures() -> None:
    (verdict,) = page(report()).find_class("verdict")
    told = report().verdict
    assert told.text in words(verdict)
    assert f"client frame {told.frames[0][0]}; server frame" in words(verdict)


def test_the_ladder_has_a_row_for_each_packet_that_matters() -> None:
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
    for rung in ladder(made.lineup, made.passages, NAMES):
        span = rung.frames[0]
        covered |= set(range(span[0], span[1] + 1)) if span else set()
    assert covered == {packet.number for packet in made.lineup.packets[0]}


def test_a_connection_with_much_loss_keeps_a_ladder_that_can_be_read() -> None:
    wire = Wire(until=500).talk(1)
    for second in range(200):
        wire.send(3 + second, 0, seq=100 + second, ack=100, length=1, stamp=9000 + second, lost=second % 2 == 0)
    lineup = wire.lined_up()
    rungs = ladder(lineup, fates(lineup), NAMES)
    assert len([rung for rung in rungs if rung.sender is not None]) <= 2 * (MOST_FIRST + MOST_LAST)


def test_text_of_strangers_is_escaped() -> None:
    evil = replace(report(), log_line="<script>alert(1)</script> \x1b[31m", warnings=("<b>no</b>",))
    made = render_comparison(evil)
    assert "<script>" not in made
    assert "<b>no</b>" not in made
    assert "\x1b" not in made


def test_arrows_differ_in_shape() -> None:
    fates = ("arrived", "lost", "not sent", "cannot be told")
    assert len({draw_arrow(0, fate).replace(fate, "") for fate in fates}) == len(fates)
    assert "scale(-1,1)" in draw_arrow(1, "lost")
    assert "scale(-1,1)" not in draw_arrow(0, "lost")


def test_frames_of_both_captures() -> None:
    assert cite_both(((5,), (7, 9)), NAMES) == "client frame 5; server frames 7, 9"
    assert cite_both(((), ()), NAMES) == ""


def test_a_difference_of_clocks_is_told_to_the_microsecond() -> None:
    assert exact_duration(3_600_000_123_456) == "3,600.000123 s"
    assert exact_duration(1_234_000) == "1.2 ms"


def test_a_report_without_a_clock_can_be_made() -> None:
    """Not one packet is surely in both."""
    wire = Wire().send(1, 0, length=5, far=False).send(2, 1, length=5, flags=FLAG_RST | FLAG_ACK, near=False)
    wire.send(3, 1, length=7, far=False)
    lineup = wire.lined_up()
    passages = fates(lineup)
    told = conclude(Scene(lineup, passages, NAMES))
    made = replace(comparison(), lineup=lineup, passages=passages, conclusions=told)
    text = words(page(build_report(made, zone=UTC, generated_ns=START_NS, versions=[], commands=[])))
    assert "cannot be compared" in text
    assert "cannot be told" in text
