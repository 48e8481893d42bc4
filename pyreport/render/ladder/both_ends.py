"""The ladder of a comparison: what left one end and came to the other, each time by the clock of its own capture."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.base.units import format_clock
from pyreport.compare.packet import Fate
from pyreport.compare.rows import Row, with_repeats_folded
from pyreport.compare.view import ENDS
from pyreport.render.frame_list import format_frames
from pyreport.render.ladder.draw import WIDTH, Columns, DrawnRung, Way, draw_ladder
from pyreport.words import Words

COLUMNS = Columns(left=112.0, right=WIDTH - 112.0, beside=112.0)
#: What is lost or made comes first, the end of the connection next; the table has every row.
MOST_RUNGS = 12
DECISIVE = (Fate.LOST, Fate.NOT_SENT)
WAYS = {
    Fate.ARRIVED: Way.ARRIVED,
    Fate.ARRIVED_IN_PIECES: Way.ARRIVED,
    Fate.ARRIVED_UNSEEN: Way.ARRIVED,
    Fate.LOST: Way.LOST,
    Fate.NOT_SENT: Way.MADE,
}


def chosen_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of the figure, in order: the last of those that decide, and the last of the others. Repeats are one."""
    rows = tuple(with_repeats_folded(rows, with_delays=True))
    decisive = [index for index, row in enumerate(rows) if row.fate in DECISIVE][-MOST_RUNGS:]
    others = [index for index, row in enumerate(rows) if row.fate not in DECISIVE]
    room = MOST_RUNGS - len(decisive)
    return tuple(rows[index] for index in sorted((*decisive, *(others[-room:] if room else ()))))


def draw_both_ends(rows: Sequence[Row], told: Sequence[tuple[str, str]], names: tuple[str, str], words: Words) -> str:
    """The figure as an SVG document. ``told`` are, for each row, what it is and what became of it, as text."""
    rungs = [
        DrawnRung(
            end=row.sender or 0,
            kind="other",
            way=Way.NONE if row.sender is None else WAYS.get(row.fate or Fate.UNKNOWN, Way.UNKNOWN),
            lines=tuple(filter(None, texts)),
            beside=(_beside(row, 0, words), _beside(row, 1, words)),
        )
        for row, texts in zip(rows, told, strict=True)
    ]
    sentence = words.between_sources.join(words.between_items.join(filter(None, texts)) for texts in told)
    title = words.label("labelled-value", name=words.label("ladder-title"), value=sentence)
    return draw_ladder(title, names, rungs, COLUMNS, [words.label("ladder-both-ends")], words)


def _beside(row: Row, end: int, words: Words) -> str:
    """Time and frames in the capture of an end; "" where it does not have the packet."""
    assert end in ENDS
    time_ns, span = row.times_ns[end], row.frames[end]
    if time_ns is None or span is None:
        return ""
    frames = format_frames(sorted(set(span)), words)
    return f"{format_clock(time_ns, words.zone)} {frames}"
