"""The two lanes of the figure: the marks of what each side sent, and the flags that name the important ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from pyreport.narrative.model import LaneEvent, LaneEventKind
from pyreport.render.glyphs import INK, LIGHT, STYLES, draw_mark
from pyreport.render.svg import add, add_line, add_text, add_uprights
from pyreport.render.text_width import text_width, wrap_text
from pyreport.render.timeline.broken import Axis
from pyreport.render.timeline.labels import Label, PlacedLabel, level_heights, place_labels
from pyreport.words import Words

LANE_GAP = 72.0
SMALL_LANE_GAP = 60.0
LABEL_SIZE = 10.5
LINE_HEIGHT = 12.5
MOST_LABELS = 10  # on one lane; more would not leave a page to read them on

_LABEL_LINES = 3
_POLE_SPACE = 4.0
_LEVEL_SPACE = 5.0
_NEAREST_LEVEL = 20.0  # distance from the lane to the first level
_ROOM_FOR_A_SHAPE = 9.0
_ROOM_FOR_A_TICK = 1.0
_STEM = 25.0

# Worst first: which labels stay when there are too many.
_IMPORTANCE = (
    LaneEventKind.RESET,
    LaneEventKind.FIN,
    LaneEventKind.REFUSED,
    LaneEventKind.LOG,
    LaneEventKind.WRITE,
    LaneEventKind.SYN,
    LaneEventKind.UNANSWERED,
    LaneEventKind.ACK,
    LaneEventKind.PROBE,
    LaneEventKind.ANSWER,
    LaneEventKind.DATA,
)
#: What does not go from one side to the other: a log line, and what a device on the way says.
NOT_SENT = (LaneEventKind.LOG, LaneEventKind.REFUSED)


def flags_of(
    events: Iterable[LaneEvent], lane: int, scale: Axis, figure_width: float, words: Words
) -> tuple[tuple[PlacedLabel, ...], int]:
    """The placed flags of one lane, and how many labels were left out because there were too many."""
    labelled = sorted(
        (event for event in events if event.lane == lane and words.tell(event.label).strip()),
        key=lambda event: (_IMPORTANCE.index(event.kind), event.time_ns),
    )
    labels = [_label_of(event, scale, words) for event in labelled[:MOST_LABELS]]
    return place_labels(labels, figure_width), len(labelled) - len(labels)


def _label_of(event: LaneEvent, scale: Axis, words: Words) -> Label:
    lines = wrap_text(words.tell(event.label), LABEL_SIZE, scale.left - _POLE_SPACE, _LABEL_LINES)
    width = max(text_width(line, LABEL_SIZE) for line in lines) + _POLE_SPACE
    return Label(scale.x(event.time_ns), width, len(lines) * LINE_HEIGHT, lines, STYLES[event.kind].color)


def flags_height(flags: Sequence[PlacedLabel]) -> float:
    """Room that the flags of a lane need above (or below) it."""
    return _NEAREST_LEVEL + sum(height + _LEVEL_SPACE for height in level_heights(flags))


def draw_flags(parent: etree._Element, flags: Sequence[PlacedLabel], lane_y: float, *, upwards: bool) -> None:
    """Draw the flags of one lane, away from the other lane."""
    heights = level_heights(flags)
    for flag in flags:
        label = flag.label
        nearest = _NEAREST_LEVEL + sum(height + _LEVEL_SPACE for height in heights[: flag.level])
        top = lane_y - nearest - label.height if upwards else lane_y + nearest
        far = top if upwards else top + label.height
        group = add(parent, "g", class_="flag")
        add_line(group, label.x, lane_y, label.x, far, label.color, 1.2)
        text_x = label.x + _POLE_SPACE if flag.opens_right else label.x - _POLE_SPACE
        for row, line in enumerate(label.lines):
            baseline = top + row * LINE_HEIGHT + LABEL_SIZE * 0.9
            add_text(group, line, text_x, baseline, LABEL_SIZE, INK, "start" if flag.opens_right else "end")


def draw_lane(parent: etree._Element, name: str, y: float, scale: Axis, figure_right: float, *, is_upper: bool) -> None:
    """Draw the line of a lane and its name in the left margin; a long name grows towards the other lane, as far as that
    one's leaves room.
    """
    size, line_height = 9.5, 11.5
    lines = wrap_text(name, size, scale.left - 10, 4)
    height = len(lines) * line_height
    away = line_height if height < SMALL_LANE_GAP / 2 + line_height else height - SMALL_LANE_GAP / 2 + 1
    top = max(y - height / 2, y - away) if is_upper else min(y - height / 2, y + away - height)
    for row, line in enumerate(lines):
        add_text(parent, line, 0, top + row * line_height + size * 0.9, size, INK)
    add_line(parent, scale.left - 4, y, figure_right, y, INK, 1.2)


def draw_events(parent: etree._Element, events: Sequence[LaneEvent], lane_ys: tuple[float, float], scale: Axis) -> bool:
    """Draw the marks. True when some had to be thinned out to ticks.

    A mark with a label, and one with room beside its neighbours of the same kind, gets its shape and an arrow towards
    the side it was sent to. Crowded marks become ticks, at most one a unit.
    """
    is_thinned = False
    for lane, y in enumerate(lane_ys):
        toward = 1.0 if lane == 0 else -1.0
        group = add(parent, "g", class_=f"lane-{lane}")
        for kind in LaneEventKind:
            ticks, shapes = _spread(
                [(scale.x(e.time_ns), bool(e.label)) for e in events if e.lane == lane and e.kind is kind]
            )
            is_thinned = is_thinned or bool(ticks)
            add_uprights(group, ticks, y - toward * 3, y + toward * 10, STYLES[kind].color, 0.8)
            for x in shapes:
                if kind not in NOT_SENT:
                    _draw_arrow(group, x, y, toward, STYLES[kind].color)
                draw_mark(group, kind, x, y)
    return is_thinned


def _spread(marks: list[tuple[float, bool]]) -> tuple[list[float], list[float]]:
    """Places of ticks and of shapes among marks (place, has a label) of one kind on one lane."""
    marks = sorted(marks)
    ticks: list[float] = []
    shapes: list[float] = []
    for index, (x, has_label) in enumerate(marks):
        is_free_left = index == 0 or x - marks[index - 1][0] >= _ROOM_FOR_A_SHAPE
        is_free_right = index + 1 == len(marks) or marks[index + 1][0] - x >= _ROOM_FOR_A_SHAPE
        if has_label or (is_free_left and is_free_right):
            shapes.append(x)
        elif not ticks or x - ticks[-1] >= _ROOM_FOR_A_TICK:
            ticks.append(x)
    return ticks, shapes


def _draw_arrow(parent: etree._Element, x: float, y: float, toward: float, color: str) -> None:
    tip = y + toward * (_STEM + 4)
    add_line(parent, x, y, x, y + toward * _STEM, color, 1.1)
    add(parent, "path", d=f"M{x:.2f},{tip:.2f}l-2.6,{-5 * toward}h5.2z", fill=color)


def draw_gridlines(parent: etree._Element, xs: Iterable[float], top: float, bottom: float) -> None:
    """Draw faint vertical lines at the ticks of the axis."""
    add_uprights(parent, xs, top, bottom, LIGHT, 0.6)
