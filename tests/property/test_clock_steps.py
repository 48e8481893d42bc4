"""A clock that is set back before any frame of any story: no Lua error, and what needs no time is found."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.dissector import cases_closing, cases_copies, cases_partial, cases_probing, cases_window
from tests.dissector.story import STORY
from tests.dissector.trace import CLIENT, Trace
from tests.property.conversation import Plan, play
from tests.property.core import Finding, Findings, rows_of, run
from tests.property.examples import for_all
from tests.property.plans import ANYTHING, plans
from tests.support.core import Row

CASES = {
    f"{module.__name__.rpartition('_')[2]}, {name}": case.trace
    for module in (cases_closing, cases_copies, cases_partial, cases_probing, cases_window)
    for name, case in module.CASES.items()
}

# What the sequence numbers alone prove. Whether something was due, and what a probe was answered by, needs time.
NEEDS_NO_TIME = {"fin", "fin_ack", "post_fin_write", "write_after_own_fin"}
ENDINGS = {"reset", "post_fin_reset", "gave_up"}
ALARMS = {"late", "missed", "gave_up"}


def rows_of_trace(text: str) -> list[Row]:
    """The segments of a trace, as the tracker takes them."""
    trace = Trace(text)
    rows = []
    for _, time_ns, segment in trace.segments():
        names = ("client", "server") if segment.source == CLIENT else ("server", "client")
        numbers = (segment.seq, segment.ack, len(segment.payload), segment.flags, segment.window)
        rows.append(Row(time_ns - trace.start_ns, *names, *numbers))
    return rows


def set_back(rows: list[Row], first: int) -> list[Row]:
    """The rows when the clock was set back before row `first`: time goes on from the latest that was seen before."""
    lost = rows[first].time_ns - rows[first - 1].time_ns
    return rows[:first] + [row._replace(time_ns=row.time_ns - lost, clock_steps=1) for row in rows[first:]]


def frames_of(found: Findings, wanted: Iterable[str]) -> list[tuple[int, str]]:
    """Frame and id of the findings that are wanted."""
    return [(f.frame, f.id) for f in found.in_two_passes if f.id in wanted]


def was_overdue(finding: Finding, last: Row) -> bool:
    """Whether a probe was overdue by as much when the last segment before the step was captured."""
    due, overdue = finding.datum("due"), finding.datum("overdue")
    return due is not None and overdue is not None and due + overdue <= last.time_ns


def check_a_step_before_each_frame(rows: list[Row], end_ns: int) -> None:
    """Also that no silence which the step hides is called late or missed, and that the same RST ends the connection."""
    steady = run(rows, end_ns)
    for first in range(1, len(rows)):
        stepped = set_back(rows, first)
        found = run(stepped, end_ns + stepped[-1].time_ns - rows[-1].time_ns)
        where = f"clock set back before frame {first + 1}\nwith it: {found}\nwithout: {steady}"
        assert frames_of(found, NEEDS_NO_TIME) == frames_of(steady, NEEDS_NO_TIME), where
        assert {frame for frame, _ in frames_of(steady, ENDINGS)} >= {f for f, _ in frames_of(found, ENDINGS)}, where
        for finding in found.in_two_passes:
            # What the end of the capture shows stands at the last frame; a silence that begins there has no step in it.
            is_after = finding.datum("ended_by") == "capture_end" and finding.datum("last_probe") == first + 1
            is_alarm = finding.id in ALARMS and finding.frame == first + 1 and not is_after
            assert not is_alarm or was_overdue(finding, stepped[first - 1]), (finding, where)


@pytest.mark.parametrize("text", [STORY, *CASES.values()], ids=["the story", *CASES])
def test_before_each_frame_of_a_story(text: str) -> None:
    rows = rows_of_trace(text)
    check_a_step_before_each_frame(rows, rows[-1].time_ns)


@for_all(plans(ANYTHING), examples=60)
def test_before_each_frame_of_a_conversation(plan: Plan) -> None:
    conversation = play(plan)
    rows = rows_of(conversation.capture)
    if 1 < len(rows) <= 60:
        check_a_step_before_each_frame(rows, conversation.end_ns)
