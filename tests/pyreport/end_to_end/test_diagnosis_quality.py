"""A flaw of the capture lowers what rests on it, and nothing else; the report says what the capture is worth."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.base.claim import Claim, Party, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.diagnosis.verdict.temper import ONE_LOWER, RESTS_ON, temper
from pyreport.narrative.about_capture import about_capture
from pyreport.quality import Flaw, FlawId, Quality, RestsOn
from pyreport.quality.vantage import Clue, Place, Vantage
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, idle_close, verdict_of
from tests.pyreport.told import ids

HOPS = Clue(Place.A, Claim("hop-limits-speak-for-the-client", (1, 2)))
TIMES = Clue(Place.B, Claim("times-speak-for-the-server", (3,)))
AT_CLIENT = Vantage(Place.A, CLIENT, (HOPS,))


def flawed(case: Case, *weakens: RestsOn) -> Case:
    flaw = Flaw(FlawId.LOST_FRAMES, Claim("the-capture-lacks-frames", (7,)), weakens)
    return replace(case, quality=Quality(AT_CLIENT, (flaw,)))


def verdict(kind: Kind, confidence: Confidence) -> Verdict:
    return Verdict(kind, (Claim("it-ended"),), confidence, (Attribution.PEER_SERVICE,), (Claim("a-fin", (3,)),))


CASE = case_of(idle_close())


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("ground", RestsOn)
@pytest.mark.parametrize("before", Confidence)
def test_one_step_for_what_the_verdict_rests_on(kind: Kind, ground: RestsOn, before: Confidence) -> None:
    found = temper(flawed(CASE, ground), verdict(kind, before))
    touched = ground in RESTS_ON[kind] and ONE_LOWER[before] is not before
    assert found.confidence is (ONE_LOWER[before] if touched else before)
    assert (found.kind, found.claims) == (kind, verdict(kind, before).claims)
    assert len(found.deciding) == (2 if touched else 1)
    if touched:
        assert found.deciding[-1] == claim("verdict-less-sure", (7,), why=Claim("the-capture-lacks-frames", (7,)))


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
    case = case_of(Story().handshake().data(1.0, SERVER).gave_up(6.0, 2))
    before = verdict_of(case)
    after = verdict_of(flawed(case, RestsOn.ANSWERS))
    assert (before.confidence, after.confidence) == (Confidence.CONFIRMED, Confidence.LIKELY)
    assert after.deciding[-1].id == "verdict-less-sure"


def test_every_kind_says_what_it_rests_on() -> None:
    assert set(RESTS_ON) == set(Kind)


# About this capture --------------------------------------------------------------------------------------------------


AT_THE_CLIENT = claim("place-at-end", who=Party.CLIENT)
SOUND = claim("capture-is-sound")


def about(vantage: Vantage, *flaws: Flaw) -> tuple[tuple[Claim, ...], ...]:
    return about_capture(replace(CASE, quality=Quality(vantage, flaws)))


def test_a_sound_capture_is_told_in_one_line() -> None:
    assert about(AT_CLIENT) == ((AT_THE_CLIENT, HOPS.claim), (SOUND,))


def test_flaws_and_what_they_weaken() -> None:
    grounds = (RestsOn.ABSENCE, RestsOn.ANSWERS, RestsOn.TIMES)
    loss = Flaw(FlawId.LOST_FRAMES, Claim("frames-are-missing", (7,)), grounds)
    remark = Flaw(FlawId.ENDS_EARLY, Claim("it-ends-early"))
    weakened = (Claim("weakened-absence"), Claim("weakened-answers"), Claim("weakened-times"))
    assert about(AT_CLIENT, loss, remark) == (
        (AT_THE_CLIENT, HOPS.claim),
        (loss.claim, claim("flaw-weakens", what=weakened)),
        (remark.claim,),
    )


def test_clues_that_contradict_each_other_are_all_told() -> None:
    open_ = about(Vantage(Place.UNKNOWN, None, (HOPS, TIMES), is_disputed=True))
    assert ids(open_[0]) == ["place-disputed", "place-unknown"]
    assert open_[1:] == ((HOPS.claim,), (TIMES.claim,), (SOUND,))
    decided = about(Vantage(Place.A, CLIENT, (HOPS, TIMES), is_disputed=True))
    assert decided[0] == (claim("place-disputed"), AT_THE_CLIENT)


@pytest.mark.parametrize(
    ("vantage", "said"),
    [
        (Vantage(Place.UNKNOWN, None, ()), "place-unknown"),
        (Vantage(Place.BETWEEN, None, ()), "place-between"),
        (Vantage(Place.BOTH, None, ()), "place-at-both"),
    ],
)
def test_other_places(vantage: Vantage, said: str) -> None:
    assert ids(about(vantage)[0]) == [said]
