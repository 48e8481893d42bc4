"""The ladder as SVG: every text readable, whatever is written on it."""

from __future__ import annotations

from itertools import combinations

from hypothesis import strategies as st
from msgspec.structs import replace

from pyreport.base.units import NS_PER_S, format_clock
from pyreport.frames.tcp_state import TcpState
from pyreport.narrative.model import Ladder, Rung, StepKind
from pyreport.render.ladder.decisive import draw_decisive
from pyreport.render.ladder.draw import WIDTH, Columns, DrawnRung, Way, draw_ladder
from pyreport.words import Words
from tests.property.examples import for_all
from tests.pyreport import sample
from tests.pyreport.sample import plain
from tests.pyreport.svg_geometry import SVG, figure_box, read, text_boxes

ESTABLISHED, CLOSE_WAIT, FIN_WAIT = TcpState.ESTABLISHED, TcpState.CLOSE_WAIT, TcpState.FIN_WAIT_1

ARTICLE = Ladder(
    ("client 10.226.11.15:38742", "broker 10.226.5.4:9092"),
    (
        Rung(1, StepKind.DATA, sample.at("00:07:01.3792"), 433, plain("data, frame 433"), "[ACK]", (ESTABLISHED,) * 2),
        Rung(1, StepKind.FIN, sample.FIN, 940, plain("FIN, frame 940"), "[FIN, ACK] Seq=1", (CLOSE_WAIT, FIN_WAIT)),
        Rung(0, StepKind.ACK, sample.FIN_ACK, 941, plain("ACK, frame 941"), "[ACK]", (CLOSE_WAIT, FIN_WAIT)),
        Rung(0, StepKind.LOG, sample.LOG, None, plain("logged: broken pipe")),
    ),
)


def assert_readable(svg: str) -> None:
    """No text leaves the figure, touches another one, or is crossed by a lifeline or an arrow."""
    root = read(svg)
    frame, texts = figure_box(root), text_boxes(root)
    assert [box.text for box in texts if not frame.contains(box)] == []
    assert [(a.text, b.text) for a, b in combinations(texts, 2) if a.overlaps(b)] == []
    for line in root.iter(f"{SVG}line"):
        x1, y1, x2, y2 = (float(line.attrib[name]) for name in ("x1", "y1", "x2", "y2"))
        crossed = [
            box.text
            for box in texts
            if min(x1, x2) < box.right and box.left < max(x1, x2) + 0.1 and min(y1, y2) < box.bottom - 0.5 < max(y1, y2)
        ]
        assert crossed == []


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in read(svg).iter(f"{SVG}text")]


words = st.text(st.sampled_from("aWi 1:@对\u0301µ.\x00\n"), max_size=90)
rungs = st.builds(
    Rung,
    end=st.integers(0, 1),
    kind=st.sampled_from(StepKind),
    time_ns=st.integers(0, 10**18) | st.integers(0, 10**4) | st.just(253402300800 * NS_PER_S),
    frame=st.none() | st.integers(1, 10**9),
    what=words.map(plain),
    detail=words,
    states=st.none() | st.tuples(st.sampled_from(TcpState), st.sampled_from(TcpState)),
)


@for_all(st.tuples(words, words), st.lists(rungs, max_size=6), examples=15)
def test_any_ladder_is_readable(names: tuple[str, str], rungs: list[Rung]) -> None:
    rungs.sort(key=lambda rung: rung.time_ns)
    assert_readable(draw_decisive(Ladder(names, tuple(rungs)), sample.WORDS))


drawn_rungs = st.builds(
    DrawnRung,
    end=st.integers(0, 1),
    kind=st.just("data"),
    way=st.sampled_from(Way),
    lines=st.lists(words, max_size=2).map(tuple),
    beside=st.tuples(words, words),
    margin=st.just(()),
    since=st.just(""),
)


@for_all(st.lists(drawn_rungs, max_size=5), examples=10)
def test_any_ladder_without_a_margin_is_readable(rungs: list[DrawnRung]) -> None:
    columns = Columns(left=112.0, right=WIDTH - 112.0, beside=112.0)
    assert_readable(draw_ladder("x", ("client", "server"), rungs, columns, ["note"], Words()))


def test_a_state_is_written_where_it_changes() -> None:
    written = texts(draw_decisive(ARTICLE, sample.WORDS))
    assert (written.count("ESTABLISHED"), written.count("CLOSE-WAIT"), written.count("FIN-WAIT-1")) == (2, 1, 1)


def test_times_between_are_told_and_a_long_one_breaks_the_lines() -> None:
    svg = draw_decisive(ARTICLE, sample.WORDS)
    assert {"+60.0 s", "+35 µs", "+52.1 s"} <= set(texts(svg))
    broken = [line for line in read(svg).iter(f"{SVG}line") if line.get("stroke-dasharray")]
    assert len(broken) == 4  # two lifelines, two pauses


def test_a_ladder_over_midnight_has_its_dates() -> None:
    late = Rung(0, StepKind.DATA, sample.at("24:00:01"), 2000, plain("data"))
    assert [t for t in texts(draw_decisive(Ladder(("a", "b"), (*ARTICLE.rungs, late)), sample.WORDS)) if "-" in t] == [
        "2022-09-30",
        "CLOSE-WAIT",
        "FIN-WAIT-1",
        "2022-10-01",
    ]
    assert "2022-09-30" not in texts(draw_decisive(ARTICLE, sample.WORDS))


def test_a_clock_to_the_nanosecond_is_whole() -> None:
    """A FIN and its ACK 350 ns later: their times differ where a shorter clock is cut."""
    first, *others = ARTICLE.rungs
    rungs = (replace(first, time_ns=first.time_ns + 451), *others)
    written = texts(draw_decisive(replace(ARTICLE, rungs=rungs), sample.WORDS))
    assert {format_clock(rung.time_ns, sample.SHANGHAI, 9) for rung in rungs} <= set(written)


def test_who_does_not_see_it_is_told_every_rung() -> None:
    (title,) = read(draw_decisive(ARTICLE, sample.WORDS)).iterfind(f"{SVG}title")
    for told in ("00:08:01.376174 broker 10.226.5.4:9092", "FIN, frame 940", "CLOSE-WAIT", "logged: broken pipe"):
        assert told in str(title.text)


def test_what_became_of_a_segment_is_told_by_shape() -> None:
    """A cross for what was lost, a dot for what was made on the way, dashes for what is not known."""
    columns = Columns(left=112.0, right=608.0, beside=112.0)

    def shapes(way: Way) -> tuple[int, int, int]:
        root = read(draw_ladder("x", ("a", "b"), [DrawnRung(0, "data", way, ("x",))], columns, [], Words()))
        group = root.find(f".//{SVG}g[@class='rung']")
        assert group is not None
        lines = list(group.iter(f"{SVG}line"))
        return len(lines), len(list(group.iter(f"{SVG}circle"))), sum(1 for x in lines if x.get("stroke-dasharray"))

    looks = {way: shapes(way) for way in Way}
    assert looks == {
        Way.ARRIVED: (1, 0, 0),
        Way.LOST: (3, 0, 0),
        Way.MADE: (1, 1, 0),
        Way.UNKNOWN: (1, 0, 1),
        Way.NONE: (0, 0, 0),
    }
