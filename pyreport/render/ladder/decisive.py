"""The ladder of a report: its decisive frames, with the state of both ends."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from pyreport.base.claim import Duration, Moment
from pyreport.base.units import NS_PER_S, clock_digits, format_clock, format_date
from pyreport.frames.tcp_state import TcpState
from pyreport.narrative.model import Ladder, Rung
from pyreport.render.ladder.draw import SIZE, WIDTH, Columns, DrawnRung, Way, draw_ladder
from pyreport.render.text_width import text_width
from pyreport.words import Words

COLUMNS = Columns(left=200.0, right=WIDTH - 96.0, beside=106.0)
#: A clock to the nanosecond has room on the left if the line of that end moves by so much at most.
MOST_MOVED = 30.0
#: From so long on, the lines are broken between two rungs.
PAUSE_NS = NS_PER_S


def draw_decisive(ladder: Ladder, words: Words) -> str:
    """The figure as an SVG document; times in the zone of the words."""
    names = (words.tell(ladder.names[0]), words.tell(ladder.names[1]))
    rungs: list[DrawnRung] = []
    shown: list[TcpState | None] = [None, None]
    before: Rung | None = None
    date_before = ""
    digits = clock_digits(rung.time_ns for rung in ladder.rungs)
    days = {format_date(rung.time_ns, words.zone) for rung in ladder.rungs}
    for rung in ladder.rungs:
        since = None if before is None else rung.time_ns - before.time_ns
        date = format_date(rung.time_ns, words.zone)
        told = ["", ""]
        for end, state in enumerate(rung.states or ()):
            if state is not shown[end]:
                told[end] = words.label("tcp-state", state=state)
                shown[end] = state
        rungs.append(
            DrawnRung(
                end=rung.end,
                kind=rung.kind,
                way=Way.NONE if rung.frame is None else Way.ARRIVED,
                lines=tuple(filter(None, (words.say(rung.what), rung.detail))),
                beside=(told[0], told[1]),
                margin=(
                    *((date,) if len(days) > 1 and date != date_before else ()),
                    format_clock(rung.time_ns, words.zone, digits),
                ),
                since="" if since is None else words.label("ladder-later", since=Duration(since)),
                is_pause=since is not None and since >= PAUSE_NS,
            )
        )
        before, date_before = rung, date
    has_states = any(rung.states for rung in ladder.rungs)
    told_of_lines = words.label("ladder-dashed")
    notes = [words.between_sentences.join(([words.label("ladder-states")] if has_states else []) + [told_of_lines])]
    return draw_ladder(_told(ladder, names, words), names, rungs, _columns(rungs), notes, words)


def _columns(rungs: Sequence[DrawnRung]) -> Columns:
    """The columns, with room for the widest clock."""
    widest = max((text_width(text, SIZE) for rung in rungs for text in rung.margin), default=0.0)
    moved = min(max(widest + COLUMNS.beside - COLUMNS.left, 0.0), MOST_MOVED)
    return replace(COLUMNS, left=COLUMNS.left + moved)


def _told(ladder: Ladder, names: tuple[str, str], words: Words) -> str:
    """The figure for who does not see it."""
    rungs = words.between_sources.join(
        words.label("ladder-rung", time=Moment(rung.time_ns), who=names[rung.end], what=_what(rung, words))
        for rung in ladder.rungs
    )
    return words.label("labelled-value", name=words.label("ladder-title"), value=rungs)


def _what(rung: Rung, words: Words) -> str:
    states = rung.states or ()
    parts = [words.phrase(rung.what), rung.detail, *(words.label("tcp-state", state=state) for state in states)]
    return words.between_items.join(filter(None, parts))
