"""A flaw of the capture lowers what rests on it, and nothing else; the report says what the capture is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pyreport.base.sentence import sentence
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.diagnosis.verdict.temper import ONE_LOWER, RESTS_ON, temper
from pyreport.narrative.about_capture import ALL_WELL, about_capture
from pyreport.quality import Flaw, Quality, RestsOn
from pyreport.quality.vantage import Clue, Place, Vantage
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, idle_close, texts, verdict_of

HOPS = Clue(Place.A, sentence("Hop limits speak for the client.", (1, 2)))
TIMES = Clue(Place.B, sentence("Times speak for the server.", (3,)))
AT_CLIENT = Vantage(Place.A, CLIENT, (HOPS,))


def flawed(case: Case, *weakens: RestsOn) -> Case:
    flaw = Flaw("lost_frames", sentence("The capture lacks frames.", (7,)), weakens)
    return replace(case, quality=Quality(AT_CLIENT, (flaw,)))


def verdict(kind: Kind, confidence: Confidence) -> Verdict:
    return Verdict(kind, (sentence("It ended."),), confidence, (Attribution.PEER_SERVICE,), (sentence("A FIN.", (3,)),))


CASE = case_of(idle_close())


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("ground", RestsOn)
@pytest.mark.parametrize("before", Confidence)
def test_one_step_for_what_the_verdict_rests_on(kind: Kind, ground: RestsOn, before: Confidence) -> None:
    found = temper(flawed(CASE, ground), verdict(kind, before))
    touched = ground in RESTS_ON[kind] and ONE_LOWER[before] is not before
    assert found.confidence is (ONE_LOWER[before] if touched else before)
    assert (found.kind, found.sentence) == (kind, "It ended.")
    assert len(found.deciding) == (2 if touched else 1)
    if touched:
        assert found.deciding[-1] == sentence(
            "Less sure than the frames alone would be: The capture lacks frames.", (7,)
        )


def test_a_sound_capture_changes_nothing() -> None:
    sure = verdict(Kind.HEALTHY, Confidence.CONFIRMED)
    assert temper(CASE, sure) == sure


def test_nothing_seen_is_not_nothing_there() -> None:
    """A connection on which nothing went wrong, in a capture that lost frames."""
    case = case_of(Story().handshake().data(1.0, SERVER).probes(6.0, 3))
    assert verdict_of(case).confidence is Confidence.LIKELY
    assert verdict_of(flawed(case, RestsOn.ABSENCE)).confidence is Confidence.POSSIBLE
    assert verdict_of(flawed(case, RestsOn.PAYLOAD)).confidence is Confidence.LIKELY


def test_a_keep_alive_that_gave_up_rests_on_answers_that_are_not_there() -> None:
    story = Story().handshake().data(1.0, SERVER).probe(6.0, answered=False).probe(11.0, answered=False)
    case = case_of(story.unanswered(6.0, 11.0, 1).gave_up(16.0, CLIENT, 6.0, 11.0, 2))
    before = verdict_of(case)
    after = verdict_of(flawed(case, RestsOn.ANSWERS))
    assert (before.confidence, after.confidence) == (Confidence.CONFIRMED, Confidence.LIKELY)
    assert "The capture lacks frames." in texts(after.deciding)


def test_every_kind_says_what_it_rests_on() -> None:
    assert set(RESTS_ON) == set(Kind)


# About this capture --------------------------------------------------------------------------------------------------


def about(vantage: Vantage, *flaws: Flaw) -> list[str]:
    return [sentence.text for sentence in about_capture(replace(CASE, quality=Quality(vantage, flaws)))]


def test_a_sound_capture_is_told_in_one_line() -> None:
    place, well = about_capture(replace(CASE, quality=Quality(AT_CLIENT)))
    assert place == sentence("This capture was taken at the client. Hop limits speak for the client.", (1, 2))
    assert well == sentence(ALL_WELL)


def test_flaws_and_what_they_weaken() -> None:
    loss = Flaw("lost_frames", sentence("Frames are missing.", (7,)), (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.TIMES))
    remark = Flaw("ends_early", sentence("It ends early."))
    assert about(AT_CLIENT, loss, remark) == [
        "This capture was taken at the client. Hop limits speak for the client.",
        (
            "Frames are missing. This weakens what is said about what was not sent, what got no answer and how long "
            "something took."
        ),
        "It ends early.",
    ]


def test_clues_that_contradict_each_other_are_all_told() -> None:
    open_ = about(Vantage(Place.UNKNOWN, None, (HOPS, TIMES), is_disputed=True))
    assert open_[0].endswith("on balance, it cannot be told where it was taken.")
    assert open_[1:] == ["Hop limits speak for the client.", "Times speak for the server.", ALL_WELL]
    decided = about(Vantage(Place.A, CLIENT, (HOPS, TIMES), is_disputed=True))
    assert decided[0].endswith("on balance, this capture was taken at the client.")


@pytest.mark.parametrize(
    ("vantage", "said"),
    [
        (Vantage(Place.UNKNOWN, None, ()), "Where this capture was taken cannot be told from it"),
        (Vantage(Place.BETWEEN, None, ()), "This capture was taken between the two ends, at neither."),
        (Vantage(Place.BOTH, None, ()), "This capture shows both ends: they are on one host."),
    ],
)
def test_other_places(vantage: Vantage, said: str) -> None:
    assert about(vantage)[0].startswith(said)
