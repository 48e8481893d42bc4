"""What closes near each other have in common, at the edges of each bound."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.connections.close import close_of
from pyreport.diagnosis.evidence.spread import (
    Cause,
    Spread,
    refused_elsewhere,
    refused_together,
    silent_elsewhere,
    spread_of,
    tell_together,
)
from pyreport.diagnosis.evidence.waits import open_wait
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from pyreport.knowledge.known_timers import known_timers
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, idle_close, number

#: The numbers of the rules (pyreport.diagnosis.thresholds), once more: what a test takes from there, it cannot notice.
AT_A_STROKE_NS = 50 * NS_PER_MS
CLOCK_STEP_NS = 10 * NS_PER_MS
LIMIT_LATE_NS = NS_PER_S
ROUND_LIMIT_NS = 5 * NS_PER_S
SAME_AGE_NS = 300 * NS_PER_MS
SHORT_OF_IT_NS = 50 * NS_PER_MS
TIGHTER = 10

#: An age that no limit is near: it lies between two multiples of five seconds, and no product has it.
NO_LIMIT = 33 * NS_PER_S
SECOND = NS_PER_S


def spread(moments_ns: list[int], ages_ns: list[int | None]) -> Spread:
    """Of closes at these moments whose last data had these ages."""
    one = close_of(case_of(idle_close()).connection)
    assert one is not None
    return spread_of([replace(one, frame=1 + n, time_ns=one.time_ns + at) for n, at in enumerate(moments_ns)], ages_ns)


def of_widths(in_time: int, in_age: int, youngest: int = NO_LIMIT) -> Spread:
    """Of three closes whose moments and whose ages lie so far apart, in no order."""
    return spread([in_time, 0, in_time // 2], [youngest + in_age // 2, youngest, youngest + in_age])


@pytest.mark.parametrize(
    ("in_time", "in_age", "cause"),
    [
        (0, CLOCK_STEP_NS, Cause.EITHER),
        (0, CLOCK_STEP_NS + 1, Cause.EVENT),
        (SECOND // 10, TIGHTER * (SECOND // 10), Cause.EVENT),
        (SECOND // 10, TIGHTER * (SECOND // 10) - 1, Cause.EITHER),
        (TIGHTER * 20 * NS_PER_MS, 20 * NS_PER_MS, Cause.LIMIT),
        (TIGHTER * 20 * NS_PER_MS - 1, 20 * NS_PER_MS, Cause.EITHER),
        (SECOND, SECOND, Cause.EITHER),
    ],
)
def test_the_tighter_of_two_spreads_is_what_they_have_in_common(in_time: int, in_age: int, cause: Cause) -> None:
    found = of_widths(in_time, in_age)
    assert (found.cause, found.moments_ns) == (cause, in_time)
    assert found.ages_ns == (NO_LIMIT, NO_LIMIT + in_age)
    assert found.may_be_event is (cause is not Cause.LIMIT)
    told = tell_together(found, SERVER)
    assert told.frames == (1, 2, 3)
    assert (told.values["youngest"], told.values["oldest"]) == (NO_LIMIT, NO_LIMIT + in_age)


def limits() -> list[int]:
    """A round one that no product has, and one of a product that is not round."""
    of_products = {timer.limit_ns for timer in known_timers() if timer.limit_ns}
    odd = sorted(limit for limit in of_products if limit % ROUND_LIMIT_NS)
    return [next(n * ROUND_LIMIT_NS for n in range(1, 99) if n * ROUND_LIMIT_NS not in of_products), *odd[-1:]]


@pytest.mark.parametrize("limit", limits())
@pytest.mark.parametrize(
    ("youngest", "oldest", "cause"),
    [
        (-SHORT_OF_IT_NS, LIMIT_LATE_NS, Cause.EITHER),
        (-SHORT_OF_IT_NS - 1, 0, Cause.EVENT),
        (0, LIMIT_LATE_NS + 1, Cause.EVENT),
    ],
)
def test_one_sweep_finds_what_passed_a_limit_since_the_sweep_before(
    limit: int, youngest: int, oldest: int, cause: Cause
) -> None:
    assert of_widths(0, oldest - youngest, limit + youngest).cause is cause


def test_no_limit_is_zero() -> None:
    assert of_widths(0, SECOND // 2, SECOND // 10).cause is Cause.EVENT


@pytest.mark.parametrize(
    ("ages", "may_be"),
    [
        ([NO_LIMIT], False),
        ([NO_LIMIT, NO_LIMIT], False),
        ([NO_LIMIT, NO_LIMIT + SAME_AGE_NS], False),
        ([NO_LIMIT + SAME_AGE_NS + 1, NO_LIMIT], True),
        ([None, None, None], False),
        ([NO_LIMIT, None, NO_LIMIT], True),
        ([NO_LIMIT, None], False),
    ],
)
def test_few_ages_tell_little(ages: list[int | None], may_be: bool) -> None:
    """Two closes of one age are an idle limit's everyday, and ages that are not known tell nothing."""
    found = spread([0] * len(ages), ages)
    assert (found.cause, found.may_be_event) == (Cause.EITHER, may_be)
    known = any(age is not None for age in ages)
    assert tell_together(found, SERVER).id == ("closed-together-after" if known else "closed-together")


def test_nothing_has_no_spread() -> None:
    assert spread_of([], []) == Spread((), Cause.EITHER, 0, None)


def test_a_sweep_is_told_by_the_limit_that_the_oldest_had_passed() -> None:
    """The others may be as much short of it as a delayed acknowledgment makes them."""
    limit = limits()[0]
    ages: list[int | None] = [limit - SHORT_OF_IT_NS, limit - SHORT_OF_IT_NS // 2, limit + LIMIT_LATE_NS]
    assert spread([0, 0, 0], ages).cause is Cause.EITHER


def refused(stream: int, asks: float, *, prompted: bool = True) -> Story:
    """A connection whose next request draws the service's RST 10 ms later, or which it resets by itself."""
    client = f"10.0.0.1:{41000 + stream}"
    story = Story(client, stream=stream).handshake(stream / 10).data(1.0 + stream / 100, client)
    story.frame(2.0 + stream / 100, SERVER)
    if not prompted:
        return story.reset(round(asks + 0.010, 3), SERVER)
    return story.data(asks, client).reset(round(asks + 0.010, 3), SERVER, "data", asks)


@pytest.mark.parametrize(
    ("others", "is_told"),
    [
        ([], False),
        ([refused(1, 9.1)], False),
        ([refused(1, 9.1), refused(2, 8.9)], True),
        ([refused(1, 9.1), refused(2, 8.9), refused(3, 9.3)], True),
        ([refused(1, 9.1), refused(2, 8.9, prompted=False)], False),  # that one answers nothing
        ([refused(1, 9.1), refused(2, 10.001)], False),
        ([refused(1, 9.1), refused(2, 10.0)], True),
    ],
)
def test_what_no_longer_knows_a_connection_refuses_two_others_within_a_second(
    others: list[Story], is_told: bool
) -> None:
    case = case_of(refused(0, 9.0), *others, lasts=20.0)
    assert case.ending.reset is not None
    told = refused_together(case, case.ending.reset)
    assert (told is not None) is is_told
    if told is not None:
        times = sorted(round(max(story.frames) - 1) for story in (refused(0, 9.0), *others))
        assert told.frames == tuple(time + 1 for time in times)
        assert told.values["others"] == len(others)
        assert told.values["within"] == (times[-1] - times[0]) * NS_PER_MS
    alone = case_of(refused(0, 9.0, prompted=False), *others, lasts=20.0)
    assert alone.ending.reset is not None
    assert refused_together(alone, alone.ending.reset) is None


@pytest.mark.parametrize(
    ("in_time", "ages", "cause"),
    [
        (AT_A_STROKE_NS, (NO_LIMIT, NO_LIMIT + TIGHTER * SAME_AGE_NS + SECOND), Cause.PAIR),
        (AT_A_STROKE_NS + 1, (NO_LIMIT, NO_LIMIT + TIGHTER * SAME_AGE_NS + SECOND), Cause.EITHER),
        (0, (3 * SECOND, 3 * SECOND + TIGHTER * SAME_AGE_NS), Cause.PAIR),
        (0, (3 * SECOND, 3 * SECOND + TIGHTER * SAME_AGE_NS - 1), Cause.EITHER),
        # Of long ages, what lies within a tenth may be one limit that is looked at now and then.
        (0, (400 * SECOND, 430 * SECOND), Cause.EITHER),
        (0, (400 * SECOND, 450 * SECOND), Cause.PAIR),
        (0, (NO_LIMIT, NO_LIMIT), Cause.EITHER),
        (0, (NO_LIMIT, None), Cause.EITHER),
    ],
)
def test_two_closes_at_a_stroke_of_far_ages_are_no_limit(
    in_time: int, ages: tuple[int, int | None], cause: Cause
) -> None:
    """A server that shuts down with two sessions closes both within milliseconds, whatever their age."""
    found = spread([0, in_time], list(ages))
    assert found.cause is cause
    assert found.is_of_one_moment is (cause is Cause.PAIR)
    if cause is Cause.PAIR:
        assert found.may_be_event
        assert tell_together(found, SERVER).values["cause"] == "pair"


def falls_silent(
    stream: int, last: float, *, server: str = "", client: str = "", asks: float = 5.0, opens: float = 0.0
) -> Story:
    """A connection of the client to a host of its own, which is heard last at ``last``, and asked for so long."""
    client, server = client or f"10.0.0.1:{41000 + stream}", server or f"10.0.8.{stream}:443"
    story = Story(client, server, stream).handshake(opens + stream / 10).data(last, server)
    return story.data(last + 0.02, client).data(last + asks, client)


@pytest.mark.parametrize(
    ("others", "hosts"),
    [
        ([falls_silent(1, 20.0), falls_silent(2, 40.0)], 2),
        ([falls_silent(1, 19.999), falls_silent(2, 40.0)], 0),  # another silence
        ([falls_silent(1, 20.0), falls_silent(2, 40.001)], 0),
        ([falls_silent(1, 20.0)], 0),  # two may be chance
        ([falls_silent(1, 20.0), falls_silent(2, 31.0, server="10.0.8.1:443")], 0),
        ([falls_silent(1, 20.0), falls_silent(2, 31.0, server="10.0.9.9:443")], 0),  # the silent host itself
        ([falls_silent(1, 20.0), falls_silent(2, 31.0, client="10.0.0.2:41000")], 0),  # another host asked
        ([falls_silent(1, 20.0, asks=2.0), falls_silent(2, 31.0)], 2),
        ([falls_silent(1, 20.0, asks=1.999), falls_silent(2, 31.0)], 0),
        ([falls_silent(1, 20.0), falls_silent(2, 31.0, opens=20.8)], 2),
        ([falls_silent(1, 20.0), falls_silent(2, 31.0, opens=20.801)], 0),  # for less than ten seconds
        ([falls_silent(1, 20.0), falls_silent(2, 31.0).frame(60.0, "10.0.0.1:41002", flags=FLAG_RST)], 0),
        ([falls_silent(1, 20.0), falls_silent(2, 31.0).frame(60.0, "10.0.0.1:41002", flags=FLAG_FIN | FLAG_ACK)], 0),
    ],
)
def test_three_hosts_that_fall_silent_within_ten_seconds_have_a_path_in_common(others: list[Story], hosts: int) -> None:
    """The server is heard last at 30 s, and asked from 30.5 s on."""
    story = Story().handshake().data(29.9, CLIENT).data(30.0, SERVER).frame(30.01, CLIENT)
    story.sent_again(CLIENT, 30.5, 30.8, 31.4, 32.6)
    case = case_of(story, *others, lasts=90.0, local=CLIENT)
    wait = open_wait(case)
    assert wait is not None
    told = silent_elsewhere(case, wait)
    assert (told.values["hosts"] if told else 0) == hosts
    if told is not None:
        ends = [next(f.number for f in reversed(list(o.frames.values())) if f.source == o.server) for o in others]
        assert told.frames == tuple(sorted((number(30.0), *ends)))
        times = [at - 1 for at in told.frames]
        assert told.values["within"] == (max(times) - min(times)) * NS_PER_MS


@pytest.mark.parametrize(("last", "is_told"), [(10.0, True), (9.999, False)])
def test_who_is_heard_for_less_than_ten_seconds_had_never_much_to_say(last: float, is_told: bool) -> None:
    """A client that tries many peers, which say nothing from the start on. All but one were there for longer."""
    story = Story().handshake().data(last, SERVER).frame(last + 0.01, CLIENT)
    story.sent_again(CLIENT, *(round(last + after, 3) for after in (0.5, 0.8, 1.4, 2.6)))
    case = case_of(story, falls_silent(1, 12.0), falls_silent(2, 12.1), lasts=90.0, local=CLIENT)
    wait = open_wait(case)
    assert wait is not None
    assert (silent_elsewhere(case, wait) is not None) is is_told


def unknown(stream: int, asks: float, *, server: str = "", client: str = "", flags: int = FLAG_RST) -> Story:
    """A connection to a host of its own, whose next request draws that host's RST 10 ms later."""
    client, server = client or f"10.0.0.1:{41000 + stream}", server or f"10.0.8.{stream}:443"
    story = Story(client, server, stream).handshake(stream / 10)
    story.data(1.0 + stream / 100, client).data(2.0 + stream / 100, server)
    story.data(asks, client).frame(round(asks + 0.010, 3), server, flags=flags)
    if flags & FLAG_ACK:
        story.lost.add(number(asks))
    return story


@pytest.mark.parametrize(
    ("others", "hosts"),
    [
        ([unknown(1, 20.0), unknown(2, 40.0)], 2),
        ([unknown(1, 19.999), unknown(2, 40.0)], 0),
        ([unknown(1, 20.0), unknown(2, 40.001)], 0),
        ([unknown(1, 29.0)], 0),  # two may be chance
        ([unknown(1, 29.0), unknown(2, 31.0, server="10.0.8.1:443")], 0),
        ([unknown(1, 29.0), unknown(2, 31.0, server="10.0.9.9:443")], 0),  # the host that refuses this one
        ([unknown(1, 29.0), unknown(2, 31.0, client="10.0.0.2:41000")], 0),
        ([unknown(1, 29.0), unknown(2, 31.0, flags=FLAG_RST | FLAG_ACK)], 0),  # that one has the connection
        ([unknown(1, 29.0), unknown(2, 31.0, flags=FLAG_FIN | FLAG_ACK)], 0),
    ],
)
def test_three_hosts_that_no_longer_know_one_within_ten_seconds_have_something_on_its_side_in_common(
    others: list[Story], hosts: int
) -> None:
    """The server's RST comes at 30.01 s."""
    case = case_of(unknown(0, 30.0, server=SERVER), *others, lasts=60.0, local="10.0.0.1:41000")
    assert case.ending.reset is not None
    told = refused_elsewhere(case, case.ending.reset)
    assert (told.values["hosts"] if told else 0) == hosts
    if told is not None:
        assert told.frames == tuple(sorted((number(30.01), *(max(other.frames) for other in others))))
        assert told.values["within"] == (told.frames[-1] - told.frames[0]) * NS_PER_MS


@pytest.mark.parametrize("flags", [FLAG_RST, FLAG_RST | FLAG_ACK])
def test_a_host_that_has_the_connection_refuses_for_a_reason_of_its_own(flags: int) -> None:
    own = unknown(0, 30.0, server=SERVER, flags=flags)
    case = case_of(own, unknown(1, 29.0), unknown(2, 31.0), lasts=60.0, local="10.0.0.1:41000")
    assert case.ending.reset is not None
    assert (refused_elsewhere(case, case.ending.reset) is not None) is (flags == FLAG_RST)
