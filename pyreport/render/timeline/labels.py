"""Where the labels of the figure go: pure geometry, no drawing.

A label is a flag: its pole rises from the mark and runs along one side of the text. Flags stand on levels, level 0
nearest to the lane. A pole never passes through a text, no text touches another.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

_GAP = 6.0


class Label(Struct, frozen=True):
    """A text block that wants to stand at ``x``; the size includes the space between pole and text."""

    x: float
    width: float
    height: float
    lines: tuple[str, ...]
    color: str


class PlacedLabel(Struct, frozen=True):
    """A label with its level and its left edge; ``opens_right`` tells on which side of the pole the text is."""

    label: Label
    level: int
    left: float
    opens_right: bool

    @property
    def right(self) -> float:
        """Right edge of the text block."""
        return self.left + self.label.width


def place_labels(labels: Sequence[Label], figure_width: float) -> tuple[PlacedLabel, ...]:
    """A level and a side for every label.

    A level is filled from right to left; a flag may stand on it when it covers no flag of the level and no pole of a
    label that is not placed yet (that pole has to pass). The leftmost of the remaining labels, opened to the left,
    covers no such pole, so every level takes at least one and the search ends. For that each label must fit left of
    its own place: ValueError when ``width > x``.
    """
    for label in labels:
        if label.width > label.x:
            raise ValueError(f"a label of width {label.width} does not fit left of {label.x}")
    waiting = sorted(labels, key=lambda label: label.x)
    placed: list[PlacedLabel] = []
    level = 0
    while waiting:
        on_level: list[PlacedLabel] = []
        for label in reversed(waiting):
            poles = [other.x for other in waiting if other is not label and not any(p.label is other for p in on_level)]
            flag = _free_flag(label, level, on_level, poles, figure_width)
            if flag:
                on_level.append(flag)
        waiting = [label for label in waiting if not any(p.label is label for p in on_level)]
        placed.extend(on_level)
        level += 1
    return tuple(placed)


def _free_flag(
    label: Label, level: int, on_level: Sequence[PlacedLabel], poles: Sequence[float], figure_width: float
) -> PlacedLabel | None:
    for flag in (
        PlacedLabel(label, level, label.x, opens_right=True),
        PlacedLabel(label, level, label.x - label.width, opens_right=False),
    ):
        is_inside = flag.right <= figure_width
        is_apart = all(flag.right + _GAP <= other.left or other.right + _GAP <= flag.left for other in on_level)
        lets_poles_pass = not any(flag.left < x < flag.right for x in poles)
        if is_inside and is_apart and lets_poles_pass:
            return flag
    return None


def level_heights(placed: Sequence[PlacedLabel]) -> tuple[float, ...]:
    """Height of each level: that of its tallest label."""
    levels = max((p.level for p in placed), default=-1) + 1
    return tuple(max(p.label.height for p in placed if p.level == level) for level in range(levels))
