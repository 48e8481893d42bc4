"""Probes, answers, unanswered probes and the close: marked where the kernels sent them, and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.property.conversation import Conversation, Do, Plan, play
from tests.property.core import Findings, rows_of, run
from tests.property.examples import for_all
from tests.property.path import Fate
from tests.property.plans import CLOSES, HEALTHY, ON_THE_WIRE, Kind, plans
from tests.property.segments import End
from tests.property.truth import Frame, are_probes_clear, covers, frames, is_end_clear, marks
from tests.scenarios.packets import FIN, RST

LOSSY = Kind(closes=(*CLOSES, Do.ABORT), fates=ON_THE_WIRE, outages=True, dropped=True)
CLOSING = replace(
    HEALTHY, closes=(*CLOSES, Do.ABORT), on_fin=(Do.CLOSE, Do.WRITE, Do.SHUTDOWN, Do.ABORT), fates=(Fate.DOUBLED,)
)
RESETS = ("reset", "post_fin_reset", "gave_up")


def found_in(conversation: Conversation) -> Findings:
    """What the tracker finds when it is told nothing."""
    return run(rows_of(conversation.capture), conversation.end_ns)


def first_rst(conversation: Conversation) -> int:
    """Its frame, or one behind the last."""
    seen = frames(conversation.capture)
    return seen[-1].number if seen and seen[-1].segment.has(RST) else len(conversation.capture) + 1


def is_closed(alive: Sequence[Frame]) -> bool:
    """Whether each side has acknowledged the other's FIN: there is nothing left for an RST to end."""
    fins = {f.segment.sender: f.segment for f in alive if f.segment.has(FIN)}
    return len(fins) == len(End) and all(
        any(f.segment.sender is end.peer and covers(f.segment, fin.end) for f in alive) for end, fin in fins.items()
    )


def was_opened_only(seen: Sequence[Frame]) -> bool:
    """Whether a connection was opened and reset at once, as health checks do: that may go without a finding."""
    return not any(f.segment.length or f.segment.has(FIN) for f in seen) and seen[-1].segment.sender is End.CLIENT


@for_all(plans(LOSSY), examples=300)
def test_probes_and_answers_are_marked(plan: Plan) -> None:
    """Whatever is lost before or behind the capture, which sees both directions."""
    conversation = play(plan)
    if not (are_probes_clear(conversation.capture) and is_end_clear(conversation.capture)):
        return
    found, end = found_in(conversation), first_rst(conversation)
    answers = [(f.frame, f.datum("probe")) for f in found.of("answer") if f.frame < end]
    expected = marks(conversation, answers)
    story = f"{found.in_two_passes}\n{conversation}"
    assert expected.probes == [f.frame for f in found.of("probe") if f.frame < end], story
    assert expected.answers == answers, story
    unanswered = [(f.frame, f.datum("probe")) for f in found.of("unanswered") if f.frame < end]
    # What the capture's end shows is written back to the probe itself.
    assert expected.unanswered == [pair for pair in unanswered if pair[0] != pair[1]], story


@for_all(plans(CLOSING), examples=300)
def test_the_close_is_told_as_it_was(plan: Plan) -> None:
    """Who closed first, when the other kernel had it, what was written or probed after it, and how it ended."""
    conversation = play(plan)
    if not (are_probes_clear(conversation.capture) and is_end_clear(conversation.capture)):
        return
    found, seen, end = found_in(conversation), frames(conversation.capture), first_rst(conversation)
    alive = [frame for frame in seen if frame.number < end]
    story = f"{found.in_two_passes}\n{conversation}"

    fins = [frame for frame in alive if frame.segment.has(FIN)]
    assert [(f.number, f.segment.sender) for f in fins[:1]] == [(f.frame, f.datum("by")) for f in found.of("fin")], (
        story
    )

    acks = [
        frame.number
        for frame in alive
        if fins
        and frame.number > fins[0].number
        and frame.segment.sender is not fins[0].segment.sender
        and covers(frame.segment, fins[0].segment.end)
    ]
    assert acks[:1] == [f.frame for f in found.of("fin_ack")], story

    closed: set[End] = set()
    writes, probes = [], []
    for number, _, segment in alive:
        if segment.knows_fin and segment.sender not in closed:
            writes += [number] * (segment.is_new and segment.length > 0)
            probes += [number] * segment.is_probe
        if segment.has(FIN):
            closed.add(segment.sender)
    assert writes == [f.frame for f in found.of("post_fin_write") if f.frame < end], story
    assert probes == [f.frame for f in found.of("post_fin_probe") if f.frame < end], story
    assert not found.of("write_after_own_fin"), story

    resets = [f for identifier in RESETS for f in found.of(identifier)]
    if resets or not (was_opened_only(seen) or is_closed(alive)):
        assert [f.frame for f in resets] == [end] * (end <= len(conversation.capture)), story
    if resets:
        rst = conversation.capture[end - 1].segment
        assert resets[0].id != "post_fin_reset" or rst.sender in closed, story
        assert (resets[0].id == "gave_up") == (rst.gives_up and not closed), story
