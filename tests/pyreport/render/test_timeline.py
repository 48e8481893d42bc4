"""The timeline figure: every label readable, every event drawn, nothing said by colour alone."""

from __future__ import annotations

from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st
from msgspec.structs import replace

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.narrative.model import LaneEvent, LaneEventKind, Neighbour, SpanKind, Timeline, TimeSpan
from pyreport.render.glyphs import STYLES
from pyreport.render.text_width import text_width, wrap_text
from pyreport.render.timeline import spans
from pyreport.render.timeline.broken import APART, Axis, axis_of, ticks_of
from pyreport.render.timeline.draw import WIDTH, draw_timeline
from pyreport.render.timeline.labels import Label, place_labels
from pyreport.render.timeline.scale import TimeScale, axis_ticks
from pyreport.words import Words
from tests.property.examples import for_all
from tests.pyreport import sample
from tests.pyreport.svg_geometry import SVG, figure_box, pole_boxes, read, real_width, text_boxes

UTC = ZoneInfo("UTC")


def assert_readable(svg: str) -> None:
    """No text leaves the figure, touches another text, or is crossed by a pole."""
    root = read(svg)
    frame, texts, poles = figure_box(root), text_boxes(root), pole_boxes(root)
    assert [box.text for box in texts if not frame.contains(box)] == []
    assert [(a.text, b.text) for a, b in combinations(texts, 2) if a.overlaps(b)] == []
    assert [box.text for box in texts for pole in poles if box.overlaps(pole)] == []


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in read(svg).iter(f"{SVG}text")]


def marks_on(svg: str, lane: int, kind: LaneEventKind) -> int:
    paths = read(svg).iterfind(f".//{SVG}g[@class='lane-{lane}']/{SVG}path")
    return sum(path.attrib["d"] == STYLES[kind].path for path in paths)


WHOLE_6 = "[2001:db8:aaaa:bbbb:cccc:dddd:eeee:1111]"
NOTHING = Timeline(sample.at("00:00:00"), sample.at("00:00:00"), ("A", "B"), (), ())


@pytest.mark.parametrize(
    "timeline",
    [
        sample.article_timeline(),
        replace(
            sample.article_timeline(), events=sample.article_timeline().events[:3], neighbours=sample.neighbours(3)
        ),
        sample.crowded_timeline(),
        sample.crowded_timeline(labelled_every=1),
        replace(sample.article_timeline(), lane_names=("client " + sample.CLIENT_6, "broker " + sample.SERVER_6)),
        replace(sample.article_timeline(), lane_names=("对端的服务器地址" * 20, "")),
        replace(sample.article_timeline(), lane_names=(f"客户端 {WHOLE_6}:50001", f"服务端 {WHOLE_6}:9092")),
        NOTHING,
    ],
    ids=["article", "three events", "3000 events", "3000 labels", "IPv6", "Chinese", "Chinese and IPv6", "nothing"],
)
@pytest.mark.parametrize("small", [False, True])
def test_labels_neither_overlap_nor_leave_the_figure(timeline: Timeline, small: bool) -> None:
    assert_readable(draw_timeline(timeline, sample.WORDS, small=small))


event_texts = st.text(st.sampled_from("aWi 1:@对\u0301µ.\x00\n"), max_size=60)
moments = st.integers(0, 10**13) | st.integers(0, 10**5)


@for_all(
    st.lists(
        st.builds(
            LaneEvent,
            lane=st.integers(0, 1),
            kind=st.sampled_from(LaneEventKind),
            time_ns=moments,
            frame=st.none(),
            label=event_texts,
        ),
        max_size=25,
    ),
    st.lists(
        st.builds(
            lambda kind, start, length, label: TimeSpan(kind, start, start + length, label),
            st.sampled_from(SpanKind),
            moments,
            moments,
            event_texts,
        ),
        max_size=8,
    ),
    st.tuples(event_texts, event_texts),
    st.integers(0, 9),
    examples=60,
)
def test_any_timeline_is_readable(
    events: list[LaneEvent], spans: list[TimeSpan], names: tuple[str, str], neighbours: int
) -> None:
    others = tuple(Neighbour(names[0], (n, n * 10**6)) for n in range(neighbours))
    timeline = Timeline(0, 10**9, names, tuple(events), tuple(spans), others)
    assert_readable(draw_timeline(timeline, sample.WORDS))


def test_every_label_of_the_article_is_in_the_figure() -> None:
    written = " ".join(texts(draw_timeline(sample.article_timeline(), sample.WORDS)))
    for frame in ("432", "476", "477", "898", "899", "940", "941", "983", "984"):
        assert f"frame {frame}" in written
    for words in ("00:08:01.376174", "60.0 s without data", "broken pipe logged", "20 other connections", "UTC+08:00"):
        assert words in written


def test_every_event_of_the_article_has_its_shape_on_the_lane_of_its_sender() -> None:
    svg = draw_timeline(sample.article_timeline(), sample.WORDS)
    assert marks_on(svg, 0, LaneEventKind.PROBE) == 12
    assert marks_on(svg, 1, LaneEventKind.ANSWER) == 11
    assert marks_on(svg, 1, LaneEventKind.FIN) == 1
    assert marks_on(svg, 0, LaneEventKind.FIN) == 0
    assert marks_on(svg, 1, LaneEventKind.RESET) == 1
    assert marks_on(svg, 0, LaneEventKind.LOG) == 1


def test_crowded_routine_marks_become_ticks_and_labelled_ones_keep_their_shape() -> None:
    crowd = tuple(LaneEvent(0, LaneEventKind.PROBE, n * NS_PER_MS, n) for n in range(3000))
    named = LaneEvent(0, LaneEventKind.PROBE, 1500 * NS_PER_MS, 1500, "the one")
    svg = draw_timeline(Timeline(0, 3 * NS_PER_S, ("A", "B"), (*crowd, named), ()), Words())
    assert marks_on(svg, 0, LaneEventKind.PROBE) == 1
    ticks = [path.get("d", "").count("V") for path in read(svg).iterfind(f".//{SVG}g[@class='lane-0']/{SVG}path")]
    assert 400 < max(ticks) < 600
    assert any("crowded marks" in text for text in texts(svg))


def test_marks_differ_in_shape_not_only_in_colour() -> None:
    looks = [(style.path, style.is_filled) for style in STYLES.values()]
    assert len(set(looks)) == len(looks)


def test_legend_names_what_occurs_and_nothing_else() -> None:
    fin = LaneEvent(1, LaneEventKind.FIN, NS_PER_S, 2)
    missed = TimeSpan(SpanKind.MISSED, 0, NS_PER_S, "")
    written = texts(draw_timeline(Timeline(0, 2 * NS_PER_S, ("A", "B"), (fin,), (missed,)), Words()))
    assert "FIN" in written
    assert "missed keep-alive interval" in written
    for absent in ("RST", "log line", "write", "no data", "probe of another connection of this host"):
        assert absent not in written


def test_labels_and_spans_without_room_are_counted() -> None:
    written = " ".join(texts(draw_timeline(sample.crowded_timeline(labelled_every=20), sample.WORDS)))
    assert "140 labels had no room" in written
    stacked = tuple(TimeSpan(SpanKind.MISSED, 0, NS_PER_S, f"number {n}") for n in range(9))
    written = " ".join(texts(draw_timeline(replace(NOTHING, spans=stacked), Words())))
    assert "Three further stretches of time are shaded without a name" in written


def test_important_labels_stay_when_there_are_too_many() -> None:
    crowd = tuple(LaneEvent(0, LaneEventKind.PROBE, n * NS_PER_S, n, f"probe {n}") for n in range(50))
    reset = LaneEvent(0, LaneEventKind.RESET, 25 * NS_PER_S, 99, "the reset")
    assert "the reset" in texts(draw_timeline(Timeline(0, 50 * NS_PER_S, ("A", "B"), (*crowd, reset), ()), Words()))


def test_events_outside_the_range_widen_it() -> None:
    early = LaneEvent(0, LaneEventKind.WRITE, -60 * NS_PER_S, 1, "early")
    late = LaneEvent(0, LaneEventKind.WRITE, 60 * NS_PER_S, 2, "late")
    svg = draw_timeline(Timeline(0, NS_PER_S, ("A", "B"), (early, late), ()), Words())
    left, right = sorted(pole.left for pole in pole_boxes(read(svg)))
    assert right - left > WIDTH / 2


def test_every_kind_of_span_has_a_style() -> None:
    assert list(spans.STYLES) == list(SpanKind)


def test_ticks_are_at_round_local_times() -> None:
    start = sample.at("00:07:00")
    scale = TimeScale(start, start + 115 * NS_PER_S, 126, 690)
    ticks = axis_ticks(scale, ZoneInfo("Asia/Kolkata"), 9.5, WIDTH)
    assert [tick.clock for tick in ticks][:2] == ["21:37:00", "21:37:15"]
    assert [tick.date for tick in ticks] == ["2022-09-29", *[""] * (len(ticks) - 1)]


@pytest.mark.parametrize(
    ("length_ns", "first", "second"),
    [
        (1_000_000, "00:00:00.000000", "00:00:00.000200"),
        (10 * NS_PER_S, "00:00:00", "00:00:01"),
        (7200 * NS_PER_S, "00:00:00", "00:15:00"),
    ],
)
def test_ticks_are_as_close_as_their_labels_allow(length_ns: int, first: str, second: str) -> None:
    ticks = axis_ticks(TimeScale(0, length_ns, 126, 690), UTC, 9.5, WIDTH)
    assert [tick.clock for tick in ticks][:2] == [first, second]


def test_ticks_of_many_days_carry_their_dates() -> None:
    ticks = axis_ticks(TimeScale(0, 40 * 86_400 * NS_PER_S, 126, 690), UTC, 9.5, WIDTH)
    assert ticks[0].date == "1970-01-01"
    assert all(tick.date for tick in ticks)


def test_flags_at_one_place_stand_above_each_other() -> None:
    labels = [Label(300.0, 80.0, 12.0, (str(n),), "#000") for n in range(4)]
    placed = place_labels(labels, WIDTH)
    assert sorted((p.level, p.opens_right) for p in placed) == [(0, True), (1, True), (2, True), (3, True)]


def test_label_that_cannot_be_placed_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        place_labels([Label(50.0, 80.0, 12.0, ("x",), "#000")], WIDTH)


@for_all(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40), examples=100)
def test_estimated_width_is_that_of_the_font_or_a_little_more(text: str) -> None:
    assert text_width(text, 10) >= real_width(text, 10) - 0.2


def test_no_pair_of_characters_is_wider_than_estimated() -> None:
    printable = [chr(code) for code in range(32, 127)]
    pairs = [left + right for left in printable for right in printable]
    assert [pair for pair in pairs if real_width(pair, 1000) > text_width(pair, 1000) + 1] == []


@for_all(st.text(max_size=300), st.floats(12, 200), st.integers(1, 4), examples=100)
def test_wrapped_lines_fit(text: str, width: float, most_lines: int) -> None:
    lines = wrap_text(text, 10, width, most_lines)
    assert len(lines) <= most_lines
    assert all(text_width(line, 10) <= width for line in lines)


def test_wrapping_keeps_the_text_or_says_that_it_is_cut() -> None:
    assert wrap_text("frame 940, FIN of the broker", 10, 82, 3) == ("frame 940, FIN", "of the broker")
    assert wrap_text("one two three four", 10, 40, 2)[-1].endswith("…")
    assert "".join(wrap_text("[2001:db8:85a3::7348]:38742", 10, 100, 3)) == "[2001:db8:85a3::7348]:38742"
    assert wrap_text("  ", 10, 90, 3) == ()
    with pytest.raises(ValueError, match="no room"):
        wrap_text("x", 10, 5, 1)


def hour_of_probes(*, missed: bool = False) -> Timeline:
    """Answered probes every 7 s for an hour; 3.2 s after the last one a FIN, its ACK, a write and an RST in 300 µs."""
    last_ns = 514 * 7 * NS_PER_S
    fin_ns = last_ns + 3_200 * NS_PER_MS
    named = {7 * NS_PER_S: "first probe", last_ns: "last probe"}
    probes = [
        LaneEvent(0, LaneEventKind.PROBE, at, None, named.get(at, ""))
        for at in range(7 * NS_PER_S, last_ns + 1, 7 * NS_PER_S)
    ]
    end = [
        LaneEvent(1, LaneEventKind.FIN, fin_ns, 2586, "the FIN"),
        LaneEvent(0, LaneEventKind.ACK, fin_ns + 10_000, 2587, "the ACK"),
        LaneEvent(0, LaneEventKind.WRITE, fin_ns + 120_000, 2588, "the write"),
        LaneEvent(1, LaneEventKind.RESET, fin_ns + 300_000, 2589, "the RST"),
    ]
    spans = [TimeSpan(SpanKind.IDLE, 0, fin_ns, "an hour without data")]
    if missed:
        spans.append(TimeSpan(SpanKind.MISSED, last_ns + NS_PER_S, fin_ns, "missed"))
    return Timeline(0, fin_ns + 108 * NS_PER_S, ("A", "B"), (*probes, *end), tuple(spans), (), (0, fin_ns + 300_000))


def axis_in(timeline: Timeline) -> Axis:
    return axis_of(timeline, TimeScale(timeline.start_ns, timeline.end_ns, 126, 690))


def places_of_named_marks(timeline: Timeline) -> list[float]:
    axis = axis_in(timeline)
    return [axis.x(event.time_ns) for event in timeline.events if event.label]


def test_an_hour_of_probes_and_the_last_300_microseconds_both_can_be_read() -> None:
    timeline = hour_of_probes()
    first, last, fin, ack, write, reset = places_of_named_marks(timeline)
    assert last - first > 150
    assert fin - last >= APART
    assert ack > fin
    assert write - ack >= APART
    assert reset - write >= APART
    svg = draw_timeline(timeline, Words())
    assert_readable(svg)
    assert {"3.200 s left out", "axis broken: another scale on either side"} <= set(texts(svg))
    assert "3.200 s left out" in (read(svg).findtext(f"{SVG}title") or "")


def test_a_tick_of_each_part_tells_its_time() -> None:
    timeline = hour_of_probes()
    axis = axis_in(timeline)
    ticks = ticks_of(axis, UTC, WIDTH)
    assert all(any(part.left <= tick.x <= part.right for tick in ticks) for part in axis.parts)
    assert [tick.date for tick in ticks if tick.date] == ["1970-01-01"]


def test_an_axis_is_broken_only_where_that_tells_apart_and_never_where_a_probe_was_missing() -> None:
    timeline = hour_of_probes()
    assert len(axis_in(timeline).parts) == 2
    assert len(axis_in(sample.article_timeline()).parts) == 1
    two = tuple(event for event in timeline.events if event.label not in ("the write", "the RST"))
    assert len(axis_in(replace(timeline, events=two)).parts) == 1
    missed = hour_of_probes(missed=True)
    span = missed.spans[-1]
    assert all(axis_in(missed).shows(at) for at in (span.start_ns, (span.start_ns + span.end_ns) // 2, span.end_ns))


def test_a_break_leaves_out_more_than_is_told_on_one_of_its_sides() -> None:
    """To leave out the 348 ns between FIN and ACK would tell most apart, and leave out nothing."""
    kinds = (LaneEventKind.FIN, LaneEventKind.ACK, LaneEventKind.WRITE, LaneEventKind.RESET)
    times = (6 * NS_PER_S + offset for offset in (0, 348, 3_600, 11_900))
    events = [LaneEvent(0, kind, at, None, kind.value) for kind, at in zip(kinds, times, strict=True)]
    request = LaneEvent(0, LaneEventKind.DATA, 0, None)
    axis = axis_in(Timeline(0, 6 * NS_PER_S + 11_900, ("A", "B"), (request, *events), ()))
    assert [left_out for _, _, left_out in axis.breaks()] == [6 * NS_PER_S]


def test_the_small_figure_explains_what_no_name_in_it_tells() -> None:
    timeline = hour_of_probes()
    answer = LaneEvent(1, LaneEventKind.ANSWER, 100 * NS_PER_S, None)
    timeline = replace(timeline, events=(*timeline.events, answer), neighbours=sample.neighbours(3))
    written = set(texts(draw_timeline(timeline, Words(), small=True)))
    assert "answer to a probe" in written
    assert not {"FIN", "RST", "write", "no data", "keep-alive probe"} & written
    assert {"FIN", "RST", "write", "no data"} <= set(texts(draw_timeline(timeline, Words())))
