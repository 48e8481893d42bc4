"""The ladder of a comparison: which packets are on it, and what is told of each."""

from __future__ import annotations

import re

from msgspec.structs import replace

from pyreport.base.claim import Party, claim
from pyreport.compare.clocks import Bounds
from pyreport.compare.packet import Fate
from pyreport.compare.rows import Row
from pyreport.render.compare import render_comparison
from pyreport.render.ladder.both_ends import MOST_RUNGS, chosen_rows, draw_both_ends
from pyreport.words import Words
from tests.pyreport.compared import START_NS
from tests.pyreport.render.test_compare import report
from tests.pyreport.render.test_ladder import assert_readable
from tests.pyreport.svg_geometry import SVG, read


def row(fate: Fate | None, number: int, sender: int | None = 0) -> Row:
    there = None if fate is Fate.LOST else (number, number)
    times = (START_NS + number, None if there is None else START_NS + number)
    what = claim("row-probe", number=number, who=Party.CLIENT)
    return Row(what, sender, times, ((number, number), there), fate)


def drawn(*rows: Row) -> str:
    told = [(f"packet {n}", "lost" if r.fate is Fate.LOST else "") for n, r in enumerate(rows)]
    return draw_both_ends(rows, told, ("Client a:1", "Server b:2"), Words())


def test_what_decides_is_chosen_before_the_end_of_the_connection() -> None:
    rows = [row(Fate.LOST, 1), *(row(Fate.ARRIVED, n) for n in range(2, 40)), row(Fate.NOT_SENT, 40)]
    chosen = chosen_rows(rows)
    assert len(chosen) == MOST_RUNGS
    assert chosen[0] is rows[0]
    assert chosen[1:] == tuple(rows[-11:])


def test_of_many_losses_the_last_are_shown_and_nothing_else() -> None:
    rows = [row(Fate.LOST, n) for n in range(30)] + [row(Fate.ARRIVED, 31)]
    assert chosen_rows(rows) == tuple(rows[18:30])


def test_of_repeats_one_is_on_the_ladder_and_leaves_room() -> None:
    """As of a FIN that was sent eight times, each of which was on its way for another time."""
    fin = claim("row-fin", who=Party.SERVER)
    repeats = [replace(row(Fate.ARRIVED, n, 1), what=fin, delay=Bounds(n, n)) for n in range(8)]
    rows = [*(row(Fate.LOST, n) for n in range(10, 20)), *repeats, row(Fate.ARRIVED, 30)]
    chosen = chosen_rows(rows)
    assert [one.count for one in chosen] == [*[1] * 10, 8, 1]
    written = [str(text.text) for text in read(drawn(*chosen)).iter(f"{SVG}text")]
    assert written.count("frames 0, 7") == 2


def test_few_rows_are_all_there() -> None:
    rows = (row(Fate.ARRIVED, 1), row(Fate.LOST, 2))
    assert chosen_rows(rows) == rows


def test_a_lost_packet_has_a_time_at_its_sender_only_and_a_cross() -> None:
    root = read(drawn(row(Fate.LOST, 7)))
    written = [text.text for text in root.iter(f"{SVG}text")]
    assert written.count("frame 7") == 1
    group = root.find(f".//{SVG}g[@class='rung']")
    assert group is not None
    assert len(list(group.iter(f"{SVG}line"))) == 3


def test_a_run_of_packets_has_no_arrow_and_both_its_frames() -> None:
    run = Row(claim("walk-last-data"), None, (START_NS, START_NS), ((3, 900), (5, 902)), Fate.ARRIVED)
    svg = drawn(run)
    assert_readable(svg)
    assert any("3" in str(t.text) and "900" in str(t.text) for t in read(svg).iter(f"{SVG}text"))


def test_the_report_has_the_figure_with_its_words() -> None:
    page = render_comparison(report(), Words())
    (figure,) = re.findall('<svg[^>]*class="ladder".*?</svg>', page, re.DOTALL)
    assert_readable(figure)
    (title,) = read(figure).iterfind(f"{SVG}title")
    assert "RST of the" in str(title.text)
