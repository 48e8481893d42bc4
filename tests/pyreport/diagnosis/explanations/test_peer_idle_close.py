"""When the age of a close is a limit, at the edges of what tells it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.diagnosis.evidence.idle_limits import idle_limits
from pyreport.diagnosis.explanations import peer_idle_close
from pyreport.diagnosis.explanations.peer_idle_close import is_just_over_round, is_limit_age, is_whole
from pyreport.diagnosis.result import Status
from pyreport.frames.findings import Probe
from pyreport.knowledge.known_timers import known_timers
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, weigh
from tests.pyreport.told import ids, told

MS = 1_000_000


@pytest.mark.parametrize(
    ("age", "round_trip", "whole"),
    [
        (30_000, 0, True),
        (30_100, 0, True),  # a close comes soon after its limit
        (30_101, 0, False),
        (29_950, 0, True),  # a delayed acknowledgment may have made it shorter
        (29_949, 0, False),
        (30_500, 0, False),
        (29_920, 30, True),
        (29_919, 30, False),
        (30_130, 30, True),
        (30_131, 30, False),
    ],
)
def test_an_age_of_whole_seconds_is_rarely_chance(age: int, round_trip: int, whole: bool) -> None:
    assert is_whole(age * MS, round_trip * MS) is whole


@pytest.mark.parametrize(
    ("age", "round_trip", "just_over"),
    [
        (5_000, 0, True),
        (6_000, 0, True),  # its product looks once a second
        (6_001, 0, False),
        (9_949, 0, False),
        (9_950, 0, True),
        (9_920, 30, True),
        (9_919, 30, False),
        (6_030, 30, True),
        (6_031, 30, False),
        (116_000, 0, True),
        (125_000, 0, False),  # from two minutes on half a minute at a time
        (120_000, 0, True),
        (151_000, 0, True),
        (151_001, 0, False),
    ],
)
def test_limits_are_multiples_of_five_seconds_and_long_ones_of_thirty(
    age: int, round_trip: int, just_over: bool
) -> None:
    assert is_just_over_round(age * MS, round_trip * MS) is just_over


@pytest.mark.parametrize(
    ("age", "may_be"),
    [
        (2_500, False),
        (3_370, False),  # a second more than any whole number would be every age
        (3_000, True),
        (3_118, True),  # a proxy's limit of 3 s
        (3_200, True),
        (3_201, False),
        (4_949, False),
        (4_950, True),
        (5_900, True),  # products that look once a second
        (7_430, False),
    ],
)
def test_of_a_few_seconds_only_a_whole_number_may_be_a_limit(age: int, may_be: bool) -> None:
    assert is_just_over_round(age * MS, 0) is may_be


def closed(age: float, *, stream: int = 0, moment: float = 100.0) -> Story:
    client = CLIENT if not stream else f"10.0.0.1:{41000 + stream}"
    story = Story(client, SERVER, stream).handshake(moment - age - 1.0).data(moment - age - 0.02, client)
    return story.data(moment - age, SERVER).frame(moment - age + 0.01, client).fin(moment, SERVER, moment - age)


@pytest.mark.parametrize(("age", "told_as"), [(1.999, "peer-idle-close-after-exchange"), (2.0, "")])
def test_two_seconds_are_a_silence(age: float, told_as: str) -> None:
    found = weigh("peer_idle_close", case_of(closed(age)))
    assert (found.status is Status.NO_EVIDENCE) is bool(told_as)
    if told_as:
        assert (ids(found.evidence), found.evidence[0].values["age"]) == ([told_as], round(age * 1e9))


@pytest.mark.parametrize(
    ("age", "moment", "same"),
    [
        (33.43, 200.0, True),
        (33.73, 200.0, True),
        (33.774, 200.0, False),  # a hundredth of it is 0.337 s
        (33.43, 101.001, True),
        (33.433, 101.0, False),  # one moment
        (33.23, 102.0, True),
        (33.23, 101.999, False),  # ages that lie no closer together than a tenth of the moments
    ],
)
def test_another_close_at_that_age_and_another_time_is_the_same_limit(age: float, moment: float, same: bool) -> None:
    """33.43 s, which is no whole number of seconds, and no product's."""
    case = case_of(closed(33.43), closed(age, stream=1, moment=moment), local=CLIENT)
    found = weigh("peer_idle_close", case)
    assert ("peer-idle-close-same-age" in ids(found.evidence)) is same
    if same:
        said = told(found.evidence, "peer-idle-close-same-age")
        assert (said.frames, said.values["others"]) == ((number(moment),), 1)
    assert is_limit_age(case) is same


def test_a_close_of_the_own_end_is_no_limit_of_the_peers() -> None:
    story = Story().handshake().data(0.9, SERVER).data(1.0, CLIENT).frame(1.01, SERVER).fin(61.0, CLIENT, 1.0)
    case = case_of(story, local=CLIENT)
    assert not is_limit_age(case)
    found = weigh("peer_idle_close", case)
    assert (found.status, ids(found.evidence)) == (Status.RULED_OUT, ["peer-idle-close-other-first"])
    assert not is_limit_age(case_of(Story().handshake().data(1.0, SERVER), lasts=90.0))


def test_probes_that_were_answered_before_the_close_are_told() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.1, 11).fin(61.0, SERVER, 1.0)
    said = told(weigh("peer_idle_close", case_of(story)).evidence, "peer-idle-close-probes-answered")
    assert said.frames == tuple(number(6.11 + 5 * index) for index in range(11))


@pytest.mark.parametrize(
    ("verified", "unverified", "named", "more"), [(1, 0, 1, 0), (2, 1, 2, 1), (3, 0, 2, 1), (3, 2, 2, 3), (0, 2, 0, 2)]
)
def test_two_known_limits_are_named_and_the_others_counted(
    verified: int, unverified: int, named: int, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many products come to have a limit of the same length."""
    case = case_of(closed(60.0))
    limits = idle_limits(case)
    assert limits is not None
    of_both = [
        next(timer for timer in known_timers() if bool(timer.unverified) is is_unverified)
        for is_unverified in (False, True)
    ]
    timers = [of_both[0]] * verified + [of_both[1]] * unverified
    equal = tuple(replace(limits.equal[0], timer=timer) for timer in timers)
    monkeypatch.setattr(peer_idle_close, "idle_limits", lambda _: replace(limits, equal=equal))
    found = weigh("peer_idle_close", case).evidence
    if not verified:
        assert told(found, "peer-idle-close-matches-unverified").values["limits"] == more
        return
    said = told(found, "peer-idle-close-matches").values
    assert isinstance(said["limits"], tuple)
    assert (len(said["limits"]), said["more"]) == (named, more)


def test_closes_of_one_age_within_a_second_are_cited_without_its_own() -> None:
    """Ages that lie much closer together than the moments; and not an RST that answered something."""
    others = [closed(33.43, stream=1, moment=100.4), closed(33.44, stream=2, moment=100.8)]
    client = "10.0.0.1:41003"
    asked = Story(client, SERVER, 3).handshake(50.0).data(50.5, client).data(51.0, SERVER).frame(51.01, client)
    asked.data(84.43, client).reset(84.44, SERVER, "data", 84.43)
    case = case_of(closed(33.43), *others, asked, local=CLIENT)
    said = told(weigh("peer_idle_close", case).evidence, "peer-idle-close-same-age")
    assert said.frames == (number(100.4), number(100.8))


def test_a_close_that_itself_answers_a_probe_is_no_answer_before_it() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.1, 11).probe(61.1, answered=False)
    story.expected.pop()
    story.fin(61.11, SERVER, 1.0).expect(61.1, Probe, answer_frame=number(61.11))
    said = told(weigh("peer_idle_close", case_of(story)).evidence, "peer-idle-close-probes-answered")
    assert said.frames == tuple(number(6.11 + 5 * index) for index in range(11))
