"""The walkthrough of a connection whose receive window was closed: questions whether it is open are no exchange of
data.
"""

from __future__ import annotations

import pytest

from pyreport.base.claim import FrameNumber, Party, claim
from pyreport.frames.capture_hints import Marks
from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from pyreport.narrative.model import Step
from pyreport.narrative.walkthrough import walk
from tests.pyreport.cases import CLIENT, SERVER, case_in
from tests.pyreport.segments import Segments
from tests.pyreport.told import ids

SHUT, OPEN = Marks(window=0), Marks(window=500)
S = 1_000_000  # in us


def filled(window: Marks = SHUT) -> Segments:
    """The client sends 3,000 bytes; frames 1 to 5, of which the last says how much more the server takes."""
    return Segments((64, 61)).handshake(300, 300).add(1_000, CLIENT, 3_000).add(1_500, SERVER, marks=window)


def asked(story: Segments, *times_us: int, length: int = 0, window: Marks = SHUT) -> Segments:
    """Questions that the server answers: of Linux, with the number before the next one, or one octet."""
    for us in times_us:
        before = story.next[CLIENT] - (0 if length else 1)
        story.add(us, CLIENT, length, seq=before).add(us + 400, SERVER, ack=story.next[CLIENT], marks=window)
    return story


def steps_of(story: Segments) -> tuple[Step, ...]:
    return walk(case_in(story.index(), story.span()))


def the_step(story: Segments, *of: str) -> Step:
    (step,) = [step for step in steps_of(story) if ids(step.claims) == list(of)]
    return step


@pytest.mark.parametrize("length", [0, 1])
def test_window_probes_are_a_step_of_their_own(length: int) -> None:
    story = asked(filled(), 250_000, 700_000, 1_500_000, 3_000_000, length=length)
    step = the_step(story, "walk-window-probes", "walk-window-still-closed")
    assert (step.first_frame, step.last_frame) == (6, 13)
    assert step.claims[0].values == {"who": Party.CLIENT, "other": Party.SERVER, "count": 4}
    (data,) = [step for step in steps_of(story) if "walk-bytes" in ids(step.claims)]
    assert (data.first_frame, data.last_frame) == (4, 5)


def test_what_opens_the_window_again_is_named_and_the_data_go_on_behind_it() -> None:
    story = asked(asked(filled(), 250_000, 700_000, 1_500_000), 3_000_000, window=OPEN)
    story.add(3_001_000, CLIENT, 900).add(3_001_500, SERVER, marks=OPEN)
    step = the_step(story, "walk-window-probes", "walk-window-opened")
    assert step.claims[1] == claim("walk-window-opened", (13,), who=Party.SERVER, frame=FrameNumber(13))
    assert [(step.first_frame, step.last_frame) for step in steps_of(story)][-1] == (14, 15)


def test_a_window_that_opens_after_a_moment_is_part_of_the_exchange() -> None:
    story = asked(filled(), 2_000).add(2_600, SERVER, marks=OPEN).add(3_000, CLIENT, 900).add(3_500, SERVER, marks=OPEN)
    assert not any("walk-window-probes" in ids(step.claims) for step in steps_of(story))


def test_the_same_frames_before_an_open_window_ask_for_nothing() -> None:
    story = asked(filled(OPEN), 250_000, 700_000, 1_500_000, 3_000_000, window=OPEN)
    assert not any("walk-window-probes" in ids(step.claims) for step in steps_of(story))


def test_data_and_a_reset_before_a_closed_window_are_what_they_are() -> None:
    """Data that were on the way when the window closed; the sender gives up with an RST."""
    story = filled().add(1_600, CLIENT, 1_400).add(2_000, SERVER, marks=SHUT)
    asked(story, 5 * S).add(9 * S, CLIENT, flags=FLAG_RST | FLAG_ACK)
    step = the_step(story, "walk-window-probes", "walk-window-still-closed")
    assert (step.first_frame, step.last_frame) == (8, 9)
    assert steps_of(story)[-1].first_frame == 10
