"""The figure of the probes as SVG."""

from __future__ import annotations

from itertools import combinations

from hypothesis import strategies as st
from msgspec.structs import replace

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.narrative.model import Cadence, Gap, Grid
from pyreport.render.cadence.draw import draw_cadence
from pyreport.render.glyphs import STYLES
from tests.property.examples import for_all
from tests.pyreport import sample
from tests.pyreport.sample import plain
from tests.pyreport.svg_geometry import SVG, figure_box, read, text_boxes

START, STEP = sample.FIRST_PROBE, sample.CADENCE_NS


def steady(count: int, step: int = STEP) -> tuple[Gap, ...]:
    return tuple(Gap(START + n * step, step, 400 + n, is_answered=True) for n in range(1, count + 1))


EVEN = Cadence(
    plain("client"), START, sample.FIN + NS_PER_S, steady(10), (Grid(START, sample.FIN, STEP, 70 * NS_PER_MS),), (),
    sample.FIN, sample.FIN + 99 * NS_PER_MS,
)  # fmt: skip


def assert_readable(svg: str) -> None:
    root = read(svg)
    frame, texts = figure_box(root), text_boxes(root)
    assert [box.text for box in texts if not frame.contains(box)] == []
    assert [(a.text, b.text) for a, b in combinations(texts, 2) if a.overlaps(b)] == []


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in read(svg).iter(f"{SVG}text")]


def marks(svg: str, kind: str) -> list[float]:
    """The heights of the marks of a kind."""
    paths = read(svg).iterfind(f".//{SVG}g[@class='gaps']/{SVG}path")
    return [
        float(str(p.attrib["transform"]).rpartition(",")[2][:-1]) for p in paths if p.attrib["d"] == STYLES[kind].path
    ]


times = st.integers(0, 10**4) | st.integers(0, 3 * 86_400 * NS_PER_S)


@for_all(
    st.lists(st.builds(Gap, times, times.map(lambda t: t + 1), st.integers(1, 99), st.booleans()), min_size=1),
    st.lists(st.builds(Grid, times, times, times.map(lambda t: t + 1), times), max_size=3),
    st.lists(times, max_size=5),
    st.none() | times,
    examples=15,
)
def test_any_figure_is_readable(gaps: list[Gap], grids: list[Grid], missed: list[int], close: int | None) -> None:
    gaps.sort(key=lambda gap: gap.time_ns)
    everything = [gap.time_ns for gap in gaps] + missed + ([close] if close is not None else [])
    figure = Cadence(
        plain("x"), min(everything), max(everything), tuple(gaps), tuple(grids), tuple(sorted(missed)), close, None
    )
    assert_readable(draw_cadence(figure, sample.WORDS))


def test_an_even_cadence_is_seen_against_its_tolerance() -> None:
    svg = draw_cadence(EVEN, sample.WORDS)
    assert len(marks(svg, "probe")) == 10
    assert {"5.008 s", "5.078 s", "4.938 s", "close"} <= set(texts(svg))
    assert any("the next probe was due" in text for text in texts(svg))


def test_a_stop_of_the_host_stands_out() -> None:
    """One long gap is higher than all others, which stay at one height."""
    stopped = replace(EVEN, gaps=(*steady(9), Gap(START + 13 * STEP, 4 * STEP, 499, is_answered=True)))
    heights = sorted(marks(draw_cadence(stopped, sample.WORDS), "probe"))
    assert len(set(heights[1:])) == 1
    assert heights[0] < heights[1] - 30


def test_a_changed_setting_has_two_bands() -> None:
    half = sample.FIRST_PROBE + 5 * STEP
    grids = (Grid(START, half, STEP, 70 * NS_PER_MS), Grid(half, sample.FIN, 1_024 * NS_PER_MS, 30 * NS_PER_MS))
    svg = draw_cadence(replace(EVEN, grids=grids), sample.WORDS)
    assert {"5.008 s", "1.024 s"} <= set(texts(svg))


def test_an_unanswered_probe_has_a_shape_of_its_own() -> None:
    gaps = (*steady(9), Gap(START + 10 * STEP, STEP, 499, is_answered=False))
    svg = draw_cadence(replace(EVEN, gaps=gaps), sample.WORDS)
    assert (len(marks(svg, "probe")), len(marks(svg, "unanswered"))) == (9, 1)


def test_ten_thousand_probes_are_drawn_as_what_can_be_seen_and_the_longest_gap_is_among_it() -> None:
    many = list(steady(10_000))
    many[5_000] = Gap(many[5_000].time_ns, 3 * STEP, 9, is_answered=True)
    figure = replace(EVEN, gaps=tuple(many), end_ns=many[-1].time_ns, grids=(Grid(START, many[-1].time_ns, STEP, 1),))
    svg = draw_cadence(figure, sample.WORDS)
    heights = marks(svg, "probe")
    assert 50 < len(heights) < 200
    assert min(heights) < max(heights) - 30
    assert any("several probes" in text for text in texts(svg))
    assert len(svg) < 60_000


def test_who_does_not_see_it_is_told_what_it_shows() -> None:
    (title,) = read(draw_cadence(EVEN, sample.WORDS)).iterfind(f"{SVG}title")
    assert "10 gaps, the shortest 5.008 s, the longest 5.008 s, no interval missed" in str(title.text)
