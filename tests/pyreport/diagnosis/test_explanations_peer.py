"""The explanations that look beyond the connection: the peer's process, its host, and who never answered."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Claim, Party, claim
from pyreport.base.units import NS_PER_MS
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.spread import Cause
from pyreport.diagnosis.explanations.peer_idle_close import is_limit_age
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Status
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from pyreport.narrative.cause import cause
from pyreport.quality import Flaw, FlawId, RestsOn
from tests.pyreport.cases import (
    CLIENT,
    FAR,
    SERVER,
    Story,
    at_the_server,
    case_of,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    resumed_neighbour,
    steady_neighbour,
    verdict_of,
    weigh,
    with_timestamps,
)
from tests.pyreport.told import ids, told

# Who said nothing at all ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("farewell", [0, 200])
def test_a_server_that_nobody_asked_closes_after_the_age_of_the_handshake(farewell: int) -> None:
    """A client connects and keeps silent; an HTTP proxy writes 408 and closes."""
    story = Story().handshake()
    if farewell:
        story.data(60.0, SERVER, farewell)
    case = case_of(story.fin(60.001, SERVER, 60.0 if farewell else None), lasts=70.0)
    found = weigh("peer_idle_close", case)
    assert found.status is Status.SUPPORTED
    assert told(found.evidence, "close-after-handshake").values == {
        "who": Party.SERVER, "first": True, "frame": number(60.001), "idle": 59_990 * NS_PER_MS, "sent": farewell,
    }  # fmt: skip


def test_a_close_right_after_the_handshake_follows_no_silence() -> None:
    found = weigh("peer_idle_close", case_of(Story().handshake().fin(0.02, SERVER)))
    assert (found.status, ids(found.evidence)) == (Status.NO_EVIDENCE, ["peer-idle-close-after-handshake"])


# The peer's process ended --------------------------------------------------------------------------------------------


def another(stream: int, last_data: float, fin: float | None) -> Story:
    """Another connection to the same service."""
    story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).handshake(0.1 + stream / 50).data(last_data, SERVER)
    return story.fin(fin, SERVER, last_data) if fin is not None else story


def attempt(seconds: float, *, refused: bool) -> Story:
    """Someone connects to the service."""
    story = Story("10.0.0.1:42000", stream=90).frame(seconds, "10.0.0.1:42000", flags=FLAG_SYN)
    return story.frame(seconds + 0.01, SERVER, flags=FLAG_RST if refused else FLAG_SYN | FLAG_ACK)


@pytest.mark.parametrize(("answers", "what"), [("data", "host"), (None, "program")])
def test_a_host_that_was_started_anew_refuses_and_has_sent_no_fin(answers: str | None, what: str) -> None:
    """A kernel closes the sockets of a program that ends: by an RST of their own where something was unread."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(1.11, CLIENT).data(9.0, CLIENT)
    if answers is None:
        story.frame(9.001, SERVER)
    case = case_of(story.reset(9.01, SERVER, answers, 9.0 if answers else None), attempt(9.5, refused=True))
    verdict = verdict_of(case)
    assert verdict.kind is Kind.PEER_RESTARTED
    why = cause(case, verdict)
    assert why is not None
    assert (why.id, why.values["what"]) == ("cause-peer-restarted", what)


def test_connections_of_all_ages_that_end_together_are_a_process_that_ended() -> None:
    case = case_of(idle_close(), another(1, 20.0, 61.02), another(2, 47.0, 61.03))
    result = weigh("peer_restart", case)
    assert result.status is Status.SUPPORTED
    assert result.evidence[0].frames == (number(61.0), number(61.02), number(61.03))
    assert weigh("peer_idle_close", case).status is Status.NO_EVIDENCE
    assert verdict_of(case).kind is Kind.PEER_RESTARTED


def test_nine_closes_tighter_in_time_than_in_age_are_one_event() -> None:
    """A server that was restarted 3.7 s after its clients had last spoken, one after the other."""
    story = Story().handshake().data(1.0, SERVER).fin(4.762, SERVER, 1.0)
    others = [another(i, 1.2 + i / 50, 4.762 + i / 500) for i in range(1, 9)]
    case = case_of(story, *others)
    result = weigh("peer_restart", case)
    assert result.status is Status.SUPPORTED
    assert told(result.evidence, "closed-together-after").values == {
        "service": SERVER, "closes": 9, "within": 16 * NS_PER_MS, "cause": Cause.EVENT, "youngest": 3_418 * NS_PER_MS,
        "oldest": 3_762 * NS_PER_MS,
    }  # fmt: skip
    assert weigh("peer_idle_close", case).status is Status.NO_EVIDENCE
    assert verdict_of(case).kind is Kind.PEER_RESTARTED
    assert not is_limit_age(case)


def test_the_headline_tells_the_event_and_the_age_is_no_headline() -> None:
    """The reader has to learn of the process that ended before of the one FIN in hand."""
    others = [another(i, 1.2 + i / 50, 4.762 + i / 500) for i in range(1, 9)]
    verdict = verdict_of(case_of(Story().handshake().data(1.0, SERVER).fin(4.762, SERVER, 1.0), *others))
    headline, ages, *more = verdict.claims
    assert (headline.id, ages.id) == ("close-one-of-many", "close-of-any-age")
    assert headline.values == {
        "who": Party.SERVER, "close": "fin", "frame": number(4.762), "closes": 9, "within": 16 * NS_PER_MS,
    }  # fmt: skip
    assert not {"close-after-data", "closed-together-after"} & set(ids(more))
    assert verdict.objection is not None
    assert ids(verdict.objection.reply) == ["closed-together"]


def test_an_end_that_a_refusal_tells_has_the_close_as_its_headline() -> None:
    verdict = verdict_of(case_of(idle_close(), attempt(61.5, refused=True)))
    assert verdict.kind is Kind.PEER_RESTARTED
    assert verdict.claims[0].id == "close-after-data"


def test_closes_tighter_in_age_than_in_time_are_an_idle_limit() -> None:
    """The same nine by a limit of 3.7 s, which comes when each of them had been idle for as long."""
    others = [another(i, 1.0 + i / 10, 4.762 + i / 10 + i / 500) for i in range(1, 9)]
    case = case_of(Story().handshake().data(1.0, SERVER).fin(4.762, SERVER, 1.0), *others)
    result = weigh("peer_restart", case)
    assert result.status is Status.NO_EVIDENCE
    assert told(result.evidence, "closed-together-after").values["cause"] is Cause.LIMIT
    assert weigh("peer_idle_close", case).status is Status.SUPPORTED
    assert is_limit_age(case)


def test_neither_spread_tighter_leaves_both_possible() -> None:
    """They fell silent together, and closed together."""
    case = case_of(idle_close(), another(1, 1.05, 61.02), another(2, 1.06, 61.03))
    assert weigh("peer_restart", case).status is Status.POSSIBLE
    assert weigh("peer_idle_close", case).status is Status.POSSIBLE


def test_a_sweep_that_finds_several_past_their_limit_is_no_event_for_sure() -> None:
    """A product that looks once a second closes at one moment all that had passed 60 s since."""
    case = case_of(idle_close(), another(1, 0.7, 61.002), another(2, 0.5, 61.004))
    assert weigh("peer_restart", case).status is Status.POSSIBLE
    assert weigh("peer_idle_close", case).status is Status.POSSIBLE


def test_a_service_that_goes_on_with_others_was_not_restarted() -> None:
    alive = another(3, 30.0, None).data(70.0, SERVER)
    assert weigh("peer_restart", case_of(idle_close(), another(1, 20.0, 61.02), alive)).status is Status.RULED_OUT


@pytest.mark.parametrize(
    ("alive", "status"),
    [
        (another(3, 30.0, None).data(61.5, "10.0.0.1:41003").data(61.51, SERVER), Status.POSSIBLE),
        (
            another(3, 30.0, None).data(61.5, "10.0.0.1:41003").data(61.51, SERVER).fin(61.8, SERVER, 61.51),
            Status.SUPPORTED,
        ),
        (another(3, 30.0, None).data(61.1, SERVER), Status.SUPPORTED),
    ],
    ids=["answers", "answers-and-closes", "amid-the-closes"],
)
def test_a_service_that_answers_when_all_is_over_may_live(alive: Story, status: Status) -> None:
    """An administrator's command closes three connections at one moment, and the fourth goes on."""
    case = case_of(idle_close(), another(1, 20.0, 61.02), another(2, 47.0, 61.03), alive)
    assert weigh("peer_restart", case).status is status


def test_one_process_of_several_may_have_ended() -> None:
    alive = another(3, 30.0, None).data(70.0, SERVER)
    case = case_of(idle_close(), another(1, 20.0, 61.02), another(2, 47.0, 61.03), alive)
    assert weigh("peer_restart", case).status is Status.POSSIBLE
    assert weigh("peer_idle_close", case).status is Status.NO_EVIDENCE


@pytest.mark.parametrize(("refused", "status"), [(True, Status.SUPPORTED), (False, Status.NO_EVIDENCE)])
def test_a_service_that_refuses_right_after_its_close_is_down(refused: bool, status: Status) -> None:
    case = case_of(idle_close(), attempt(61.5, refused=refused))
    assert weigh("peer_restart", case).status is status
    expected = (Kind.PEER_RESTARTED, Status.NO_EVIDENCE) if refused else (Kind.HEALTHY, Status.SUPPORTED)
    assert (verdict_of(case).kind, weigh("peer_idle_close", case).status) == expected


def test_a_refusal_long_after_the_close_tells_nothing_of_it() -> None:
    case = case_of(idle_close(), attempt(300.0, refused=True))
    assert weigh("peer_restart", case).status is Status.POSSIBLE


def test_the_own_close_is_no_restart_of_the_peer() -> None:
    story = Story().handshake().data(1.0, SERVER).fin(61.0, CLIENT, 1.0)
    assert weigh("peer_restart", case_of(story)).status is Status.RULED_OUT
    assert weigh("peer_restart", case_of(Story().handshake())).status is Status.NO_EVIDENCE


# Idle limits and what speaks against them ----------------------------------------------------------------------------


def test_a_longer_silence_that_was_survived_speaks_against_an_idle_limit() -> None:
    client = "10.0.0.1:41009"
    longer = Story(client, stream=9).handshake(0.2).data(1.5, client).data(1.6, SERVER).data(90.0, client)
    result = weigh("peer_idle_close", case_of(idle_close(), longer))
    assert result.status is Status.NO_EVIDENCE
    outlived = told(result.against, "peer-idle-close-outlived")
    assert outlived.values == {"is_this": False, "service": SERVER, "rest": 88_400 * NS_PER_MS}


@pytest.mark.parametrize(("until", "is_told"), [(64.2, False), (64.201, True)])
def test_a_silence_that_was_survived_is_longer_by_what_two_ages_of_one_limit_differ_and_a_moment(
    until: float, is_told: bool
) -> None:
    """60 s at the close: a hundredth of them, and 2 s."""
    client = "10.0.0.1:41009"
    longer = Story(client, stream=9).handshake(0.2).data(1.5, client).data(1.6, SERVER).data(until, client)
    result = weigh("peer_idle_close", case_of(idle_close(), longer))
    assert ("peer-idle-close-outlived" in ids(result.against)) is is_told


def test_a_reply_that_took_long_is_no_silence_that_was_survived() -> None:
    client = "10.0.0.1:41009"
    busy = Story(client, stream=9).handshake(0.2).data(1.5, client).data(90.0, SERVER)
    assert weigh("peer_idle_close", case_of(idle_close(), busy)).status is Status.SUPPORTED


def test_an_unprompted_reset_of_the_own_socket_is_a_close_like_a_fin() -> None:
    """MariaDB ends an idle session with an RST; the timestamps go on where its socket was."""
    story = Story(server="10.0.9.9:3306").handshake().data(1.0, "10.0.9.9:3306").data(3.0, "10.0.9.9:3306")
    story.reset(9.0, "10.0.9.9:3306").marked(0.01, timestamp=1_010).marked(1.0, timestamp=2_000)
    story.marked(3.0, timestamp=4_000).marked(9.0, timestamp=10_000)
    found = weigh("peer_idle_close", case_of(story))
    assert (found.status, found.evidence[0].id) == (Status.POSSIBLE, "reset-after-idle")
    assert found.evidence[0].values["idle"] == 6_000 * NS_PER_MS
    verdict = verdict_of(case_of(story, log="connection reset by peer"))
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert verdict.objection is not None
    assert verdict.objection.argument == claim("objection-device-sent-rst")


def test_a_reset_of_the_own_socket_at_an_odd_age_is_not_called_a_limit() -> None:
    """A program that resets on purpose (SO_LINGER 0), after 5.5 s without data."""
    story = Story().handshake().data(1.0, SERVER).data(3.0, SERVER).reset(8.5, SERVER)
    case = case_of(with_timestamps(story), log="connection reset by peer")
    assert weigh("peer_idle_close", case).status is Status.POSSIBLE
    assert verdict_of(case).kind is Kind.PEER_RESET
    assert "reset-after-idle" in ids(verdict_of(case).claims)


def test_a_reset_that_may_be_anybodys_is_no_idle_close() -> None:
    story = Story().handshake().data(1.0, SERVER).data(3.0, SERVER).reset(9.0, SERVER)
    assert weigh("peer_idle_close", case_of(story)).status is Status.NO_EVIDENCE
    assert verdict_of(case_of(story, log="connection reset by peer")).kind is Kind.PEER_RESET


def reset_by_a_balancer(age: float, begin: float = 0.0, stream: int = 0, ttl: int = 0) -> Story:
    """An RST without options, so long after the last data."""
    story = Story(f"10.0.0.1:{41_000 + stream}", stream=stream).handshake(begin)
    story.data(begin + 0.9, story.client).data(begin + 1.0, SERVER)
    return story.reset(begin + 1.0 + age, SERVER, ttl=ttl)


@pytest.mark.parametrize(
    ("ages", "ttl", "status", "kind"),
    [
        ((37.402, 37.398, 37.401), 0, Status.SUPPORTED, Kind.PEER_CLOSED_IDLE),
        # As far, with another initial value, as a balancer's.
        ((37.402, 37.398, 37.401), 252, Status.POSSIBLE, Kind.PEER_CLOSED_IDLE),
        # From elsewhere: the device is weighed by itself.
        ((37.402, 37.398, 37.401), 250, Status.NO_EVIDENCE, None),
        ((37.402, 37.398), 0, Status.NO_EVIDENCE, Kind.PEER_RESET),
        ((37.402, 31.0, 52.7), 0, Status.NO_EVIDENCE, Kind.PEER_RESET),
    ],
    ids=["same place", "another initial hop limit", "elsewhere", "two", "three ages"],
)
def test_resets_at_one_age_again_and_again_are_a_limit_of_whoever_sends_them(
    ages: tuple[float, ...], ttl: int, status: Status, kind: Kind | None
) -> None:
    first, *others = (reset_by_a_balancer(age, 7.3 * n, n, ttl) for n, age in enumerate(ages))
    case = case_of(first, *others, log="connection reset by peer", local=first.client)
    found, verdict = weigh("peer_idle_close", case), verdict_of(case)
    assert found.status is status
    if kind is None:
        assert verdict.kind not in (Kind.PEER_CLOSED_IDLE, Kind.HEALTHY)
        return
    assert verdict.kind is kind
    # Nothing shows whether the peer or a device in its place sends them.
    assert verdict.attribution == (Attribution.PEER_SERVICE, Attribution.NETWORK_PATH)
    if status is not Status.NO_EVIDENCE:
        assert told(found.evidence, "peer-idle-close-rst-of-any").values["as_far"] is (ttl == 0)
        assert len(told(found.evidence, "peer-idle-close-same-age").frames) == 2
        assert (verdict.confidence is Confidence.LIKELY) is (status is Status.SUPPORTED)
        assert is_limit_age(case)


def test_resets_at_one_moment_are_one_event_whatever_their_age() -> None:
    first, *others = (reset_by_a_balancer(37.4 - 0.299 * n, 0.3 * n, n) for n in range(3))
    case = case_of(first, *others, log="connection reset by peer", local=first.client)
    assert verdict_of(case).kind is not Kind.PEER_CLOSED_IDLE


@pytest.mark.parametrize(("fin", "is_limit"), [(8.004, True), (8.437, False)])
def test_one_close_at_an_age_of_nobody_is_not_a_limit_for_sure(fin: float, is_limit: bool) -> None:
    """7 s is nobody's default. A whole number of seconds may be one by chance: an administrator's KILL."""
    case = case_of(Story().handshake().data(1.0, SERVER).fin(fin, SERVER, 1.0).write_after_fin(fin + 2, CLIENT, fin))
    assert weigh("peer_idle_close", case).status is Status.POSSIBLE
    assert is_limit_age(case) is is_limit
    verdict = verdict_of(case)
    assert verdict.kind is (Kind.PEER_CLOSED_IDLE if is_limit else Kind.PEER_CLOSED)
    assert (verdict.confidence is Confidence.POSSIBLE) is is_limit


# The peer's host was frozen ------------------------------------------------------------------------------------------


def silent_peer(resumed: float | None = 26.0) -> Story:
    """Probes at 11, 16 and 21 s without an answer; the one at 26 s is answered."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(6.0)
    for index, seconds in enumerate((11.0, 16.0, 21.0)):
        story.probe(seconds, answered=False)
        if index:
            story.unanswered(seconds - 5.0, seconds, index)
    if resumed is not None:
        story.probe(resumed).unanswered(21.0, resumed, 3)
    return story


def test_silence_on_one_connection_may_be_a_frozen_host() -> None:
    result = weigh("host_frozen_there", case_of(silent_peer()))
    assert result.status is Status.POSSIBLE
    assert ids(result.evidence) == ["wait-probes-no-answer"]
    assert ids(result.against) == ["host-frozen-there-next-answered"]


def test_frames_of_the_same_host_rule_it_out() -> None:
    case = case_of(silent_peer(), steady_neighbour(1, 30.0))
    assert weigh("host_frozen_there", case).status is Status.RULED_OUT
    assert weigh("path_loss", case).status is Status.SUPPORTED


@pytest.mark.parametrize(("after", "status"), [(6_100, Status.SUPPORTED), (26_000, Status.POSSIBLE)])
def test_a_clock_that_stood_still_proves_the_freeze(after: int, status: Status) -> None:
    """TSval in milliseconds: the peer's went on by 0.1 s in 20 s, or by all of it."""
    story = silent_peer()
    for seconds, stamp in ((0.010, 0), (1.0, 990), (6.010, 6_000), (26.010, after)):
        story.marked(seconds, timestamp=100_000 + stamp)
    assert weigh("host_frozen_there", case_of(story)).status is status


@pytest.mark.parametrize(("last", "is_line"), [(1.5, True), (1.0, False)])
def test_a_clock_needs_a_second_of_its_pace_to_be_held_against(last: float, is_line: bool) -> None:
    """Two stamps that are closer than that give no line: a tick may be 1 s long (RFC 7323 section 5.4)."""
    story = silent_peer().data(1.5, SERVER)
    for seconds, stamp in ((0.010, 0), (last, round(last * 1000)), (26.010, 1_600)):
        story.marked(seconds, timestamp=100_000 + stamp)
    result = weigh("host_frozen_there", case_of(story))
    assert ("host-frozen-there-clock-stood" in ids(result.evidence)) is is_line


def test_a_host_that_answered_everything_was_not_frozen() -> None:
    assert weigh("host_frozen_there", case_of(idle_close())).status is Status.RULED_OUT
    assert weigh("host_frozen_there", case_of(Story().handshake())).status is Status.NO_EVIDENCE


# Retransmissions ran out ---------------------------------------------------------------------------------------------

DOUBLING = (5.0, 5.2, 5.6, 6.4, 8.0, 11.2)


def unacknowledged(*times: float) -> Story:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0)
    return story.sent_again(CLIENT, *(times or DOUBLING))


def test_data_sent_again_to_the_end_is_a_retransmission_timeout() -> None:
    case = case_of(unacknowledged(), lasts=30.0)
    result = weigh("retransmission_timeout", case)
    assert result.status is Status.SUPPORTED
    repeats = told(result.evidence, "retransmission-repeats")
    assert repeats.frames == tuple(number(seconds) for seconds in DOUBLING)
    assert (repeats.values["what"], repeats.values["repeats"], repeats.values["are_all"]) == ("segment", 5, False)
    assert repeats.values["gaps"] == tuple(round(gap * 1000) * NS_PER_MS for gap in (0.4, 0.8, 1.6, 3.2))
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.confidence) == (Kind.PATH_LOST, Confidence.LIKELY)
    assert verdict.attribution == (Attribution.NETWORK_PATH, Attribution.PEER_SERVICE)


def test_while_the_next_repeat_is_not_due_it_has_not_run_out() -> None:
    case = case_of(unacknowledged(), lasts=14.0)
    assert weigh("retransmission_timeout", case).status is Status.POSSIBLE
    told = case_of(unacknowledged(), lasts=14.0, log="connection timed out", logged=14.0)
    assert weigh("retransmission_timeout", told).status is Status.SUPPORTED
    assert verdict_of(case).kind is Kind.PATH_LOST


def test_repeats_to_a_side_that_had_closed_are_none() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).fin(4.0, SERVER, 1.0)
    case = case_of(story.sent_again(CLIENT, *DOUBLING), lasts=30.0)
    assert weigh("retransmission_timeout", case).status is Status.RULED_OUT
    assert verdict_of(case).kind is not Kind.PATH_LOST


def test_a_fin_that_is_sent_again_loses_nothing() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).fin(5.0, CLIENT, 1.0, acknowledged=None)
    for seconds in DOUBLING[1:]:
        story.frame(seconds, CLIENT, flags=FLAG_FIN | FLAG_ACK, retransmission=True)
        story.lost.add(number(seconds))
    story.lost.add(number(5.0))
    verdict = verdict_of(case_of(story, lasts=30.0))
    assert verdict.kind is Kind.LOCAL_CLOSED
    assert verdict.claims[1].id == "fin-sent-again"
    assert verdict.claims[1].values == {"who": Party.CLIENT, "other": Party.SERVER, "repeats": 5}


def test_a_host_that_is_heard_meanwhile_may_have_a_packet_filter() -> None:
    """A rule that drops what comes to one port leaves the host's other connections as they are."""
    verdict = verdict_of(case_of(unacknowledged(), steady_neighbour(1, 20.0)))
    assert verdict.kind is Kind.PATH_LOST
    assert verdict.attribution == (Attribution.NETWORK_PATH, Attribution.PEER_SERVICE)
    assert "wait-path-or-filter" in ids(verdict.claims)


def test_the_own_close_behind_it_is_not_called_orderly() -> None:
    verdict = verdict_of(case_of(unacknowledged().fin(15.0, CLIENT, 5.0, acknowledged=None)))
    assert verdict.kind is Kind.PATH_LOST
    assert verdict.claims[1] == claim("data-given-up-by-fin", (number(15.0),), who=Party.CLIENT, frame=number(15.0))


def test_data_that_was_acknowledged_in_the_end_is_none() -> None:
    case = case_of(unacknowledged().frame(12.0, CLIENT, length=100, retransmission=True).frame(12.1, SERVER))
    result = weigh("retransmission_timeout", case)
    assert (result.status, result.evidence[0].frames) == (Status.RULED_OUT, (number(12.1),))
    assert verdict_of(case).kind is Kind.HEALTHY


def test_one_repeat_at_the_end_is_none_yet() -> None:
    case = case_of(unacknowledged(5.0, 5.2))
    result = weigh("retransmission_timeout", case)
    assert (result.status, ids(result.evidence)) == (
        Status.POSSIBLE, ["retransmission-repeats", "retransmission-few"]
    )  # fmt: skip
    assert verdict_of(case).kind is not Kind.PATH_LOST


@pytest.mark.parametrize(("times", "is_few"), [((5.0, 5.2, 5.6), True), ((5.0, 5.2, 5.6, 6.4), False)])
def test_two_repeats_are_few_and_three_are_not(times: tuple[float, ...], is_few: bool) -> None:
    evidence = weigh("retransmission_timeout", case_of(unacknowledged(*times))).evidence
    assert ("retransmission-few" in ids(evidence)) is is_few


def test_repeats_at_even_times_are_not_called_few() -> None:
    result = weigh("retransmission_timeout", case_of(unacknowledged(5.0, 6.0, 7.0, 8.0, 9.0, 10.0), lasts=30.0))
    assert (result.status, result.evidence[-1].id) == (Status.POSSIBLE, "retransmission-no-backoff")


def test_repeats_into_a_closed_window_are_none() -> None:
    story = unacknowledged().marked(3.010, window=0)
    assert weigh("retransmission_timeout", case_of(story)).status is not Status.SUPPORTED


def test_a_syn_without_an_answer_and_a_refused_one() -> None:
    silent = Story()
    for seconds in (1.0, 2.0, 4.0, 8.0):
        silent.frame(seconds, CLIENT, flags=FLAG_SYN)
    assert verdict_of(case_of(silent)).kind is Kind.NEVER_OPENED
    refused = Story().frame(1.0, CLIENT, flags=FLAG_SYN).frame(1.01, SERVER, flags=FLAG_RST | FLAG_ACK)
    verdict = verdict_of(case_of(refused))
    assert (verdict.kind, verdict.attribution) == (Kind.NEVER_OPENED, (Attribution.PEER_SERVICE,))
    assert [found.id for found in verdict.claims] == ["opening-refused", "opening-nobody-listens"]


# The capture lost frames ---------------------------------------------------------------------------------------------


def flaw(name: str) -> Flaw:
    return Flaw(FlawId(name), Claim("frames-are-missing", (1,)), (RestsOn.ABSENCE,))


@pytest.mark.parametrize(
    ("name", "status"),
    [("lost_frames", Status.SUPPORTED), ("dropped", Status.SUPPORTED), ("counter_gaps", Status.POSSIBLE),
     ("cut_frames", Status.NO_EVIDENCE)],
)  # fmt: skip
def test_what_the_capture_lacks_is_its_own_loss(name: str, status: Status) -> None:
    assert weigh("capture_loss", case_of(idle_close(), flaws=(flaw(name),))).status is status


def test_probes_missing_everywhere_on_an_unmoved_grid_are_the_captures() -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 2).probe(31.0).missed(11.0, 31.0, 3, "probe")
    assert weigh("capture_loss", case_of(story, resumed_neighbour(1, 32.001))).status is Status.POSSIBLE
    assert weigh("capture_loss", case_of(story)).status is Status.NO_EVIDENCE


# Packet counters -----------------------------------------------------------------------------------------------------


def counted(own_after: int, peers_after: int, *, at_server: bool = False) -> Case:
    """The gap before the close, with IP identifications: the client's at 13 and the server's at 24 before it."""
    story = at_the_server(gap_before_close()) if at_server else gap_before_close()
    for index, seconds in enumerate((0.0, 0.011, 6.0, 11.0)):
        story.marked(seconds, ip_id=10 + index)
    for index, seconds in enumerate((0.010, 1.0, 6.010, 11.010)):
        story.marked(seconds, ip_id=21 + index)
    return case_of(story.marked(31.501, ip_id=own_after).marked(31.5, ip_id=peers_after))


def test_packets_that_were_made_and_are_not_here_did_not_get_out() -> None:
    case = counted(own_after=17, peers_after=25)
    result = weigh("probe_not_sent", case)
    assert result.status is Status.SUPPORTED
    made = told(result.evidence, "packets-made-unseen")
    assert made.values == {"who": Party.CLIENT, "packets": 3}
    frozen = weigh("host_frozen_here", case)
    assert (frozen.status, frozen.evidence) == (Status.RULED_OUT, (made,))


def test_a_counter_that_stood_shows_that_none_was_made() -> None:
    result = weigh("probe_not_sent", counted(own_after=14, peers_after=25))
    assert result.status is Status.SUPPORTED
    assert "probe-not-sent-none-made" in ids(result.evidence)


@pytest.mark.parametrize(("own_after", "may_be_lost"), [(14, False), (17, True)])
def test_no_probe_was_lost_on_the_way_where_none_was_made(own_after: int, may_be_lost: bool) -> None:
    """From a capture at the other end: only the client's counter tells a probe that was not made from a lost one."""
    result = weigh("probe_not_sent", counted(own_after, 25, at_server=True))
    assert result.status is Status.POSSIBLE
    assert ("probe-not-sent-taken-at-peer" in ids(result.against)) is may_be_lost


def test_answers_that_were_made_show_that_the_capture_lost_the_probes() -> None:
    case = counted(own_after=17, peers_after=28)
    assert weigh("probe_not_sent", case).status is Status.POSSIBLE
    assert weigh("capture_loss", case).status is Status.POSSIBLE


# The FIN never arrived -----------------------------------------------------------------------------------------------


def test_a_fin_that_nobody_acknowledged_was_not_overlooked() -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 11).fin(61.0, SERVER, 1.0, acknowledged=None)
    case = case_of(story, lasts=90.0)
    assert weigh("write_on_half_closed", case).status is Status.NO_EVIDENCE
    assert weigh("application_stalled", case).status is not Status.SUPPORTED


# Devices on the path -------------------------------------------------------------------------------------------------


def test_a_side_that_goes_on_after_its_own_rst_did_not_send_it() -> None:
    story = Story().handshake().data(1.0, SERVER).reset(10.0, SERVER).data(15.0, SERVER)
    assert weigh("middlebox_close", case_of(story)).status is Status.SUPPORTED
    soon = Story().handshake().data(1.0, SERVER).reset(10.0, SERVER).data(10.2, SERVER)
    assert weigh("middlebox_close", case_of(soon)).status is Status.NO_EVIDENCE


def refused_opening(*later: float, accepted: float, answers: bool = True) -> Case:
    """A SYN and, 12 ms later, an RST in the server's name; ``later``: further SYNs. Then the server's SYN-ACK."""
    flags = FLAG_RST | FLAG_ACK if answers else FLAG_RST
    story = Story().frame(0.0, CLIENT, flags=FLAG_SYN).frame(0.012, SERVER, flags=flags)
    for seconds in later:
        story.frame(seconds, CLIENT, flags=FLAG_SYN)
    story.frame(accepted, SERVER, flags=FLAG_SYN | FLAG_ACK)
    return case_of(story.frame(accepted + 0.001, CLIENT, flags=FLAG_RST), lasts=20.0)


def test_who_accepts_a_connection_did_not_refuse_it() -> None:
    """https://github.com/net4people/bbs/issues/285: RSTs that a SYN draws on its way, and then the server's SYN-ACK."""
    case = refused_opening(accepted=0.16)
    assert weigh("middlebox_close", case).status is Status.SUPPORTED
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.MIDDLEBOX_CLOSED, (Attribution.NETWORK_PATH,))
    assert ids(verdict.claims)[0] == "refused-and-accepted"


def test_a_server_that_begins_to_listen_accepts_the_next_syn() -> None:
    case = refused_opening(0.5, accepted=0.66)
    assert weigh("middlebox_close", case).status is not Status.SUPPORTED
    assert verdict_of(case).kind is not Kind.MIDDLEBOX_CLOSED


def test_the_same_distance_with_another_initial_hop_limit_proves_nothing() -> None:
    story = Story().handshake().data(1.0, SERVER).reset(61.0, SERVER, ttl=FAR + 64)
    result = weigh("middlebox_close", case_of(story))
    assert result.status is Status.POSSIBLE
    assert told(result.evidence, "closing-frame-other-first-ttl").values["ttl"] == FAR + 64


@pytest.mark.parametrize(("off_ms", "status"), [(0, Status.RULED_OUT), (5_000, Status.POSSIBLE)])
def test_a_timestamp_on_the_line_is_the_peers_own(off_ms: int, status: Status) -> None:
    story = Story().handshake().data(1.0, SERVER).data(5.0, SERVER).fin(61.0, SERVER, 5.0)
    for seconds in (0.010, 1.0, 5.0):
        story.marked(seconds, timestamp=round(seconds * 1000))
    story.marked(61.0, timestamp=61_000 + off_ms)
    assert weigh("middlebox_close", case_of(story)).status is status


def test_a_fin_without_the_timestamps_that_were_agreed_on_is_foreign() -> None:
    story = Story().handshake().data(1.0, SERVER).data(5.0, SERVER).fin(61.0, SERVER, 5.0)
    for seconds in (0.010, 1.0, 5.0):
        story.marked(seconds, timestamp=round(seconds * 1000))
    result = weigh("middlebox_close", case_of(story))
    assert (result.status, ids(result.evidence)) == (Status.SUPPORTED, ["closing-frame-no-timestamp"])
    bare = Story().handshake().data(1.0, SERVER).data(5.0, SERVER).reset(61.0, SERVER)
    for seconds in (0.010, 1.0, 5.0):
        bare.marked(seconds, timestamp=round(seconds * 1000))
    result = weigh("middlebox_close", case_of(bare.marked(61.0, window=0)))
    assert result.status is Status.NO_EVIDENCE
    assert ids(result.evidence) == ["reset-bare"]


def test_what_left_the_capturing_host_came_from_no_device() -> None:
    story = at_the_server(Story()).handshake().data(1.0, SERVER).reset(61.0, SERVER)
    case = case_of(story)
    assert weigh("middlebox_close", case).status is Status.RULED_OUT
    assert verdict_of(case).attribution == (Attribution.PEER_SERVICE,)


def test_an_rst_in_the_local_ends_name_can_be_foreign_too() -> None:
    story = at_the_server(Story()).handshake().data(1.0, SERVER).reset(61.0, CLIENT, ttl=63)
    verdict = verdict_of(case_of(story))
    assert verdict.kind is Kind.MIDDLEBOX_CLOSED
    assert verdict.attribution[0] is Attribution.NETWORK_PATH


# Keep-alive that gave up out of sight --------------------------------------------------------------------------------


@pytest.mark.parametrize(("reset", "status"), [(21.01, Status.POSSIBLE), (23.5, Status.NO_EVIDENCE)])
def test_an_rst_at_the_time_of_the_next_probe_may_be_the_timers(reset: float, status: Status) -> None:
    """At the server every probe has its answer, but the answers need not arrive."""
    story = at_the_server(Story()).handshake().data(1.0, SERVER).probes(6.0, 3).reset(reset, CLIENT)
    case = case_of(story)
    assert weigh("keepalive_gave_up", case).status is status
    assert verdict_of(case).confidence is (
        Confidence.POSSIBLE if status is Status.POSSIBLE else verdict_of(case).confidence
    )
    assert (verdict_of(case).kind is Kind.KEEPALIVE_GAVE_UP) == (status is Status.POSSIBLE)


def test_at_the_prober_it_is_no_timer_when_the_answers_came_in() -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 3).reset(21.01, CLIENT)
    assert weigh("keepalive_gave_up", case_of(story)).status is Status.NO_EVIDENCE


def test_the_application_of_the_article_still_overlooked_it() -> None:
    assert weigh("write_on_half_closed", case_of(overlooked_close())).status is Status.SUPPORTED


# What the capture lacks ----------------------------------------------------------------------------------------------


def test_nothing_is_ruled_out_for_want_of_a_frame_that_the_capture_may_lack() -> None:
    story = Story().handshake().data(1.0, SERVER).data(61.0, CLIENT).reset(61.01, SERVER, "data", 61.0)
    for explanation in ("write_on_half_closed", "peer_idle_close"):
        assert weigh(explanation, case_of(story)).status is Status.RULED_OUT
        assert weigh(explanation, case_of(story, flaws=(flaw("lost_frames"),))).status is Status.NO_EVIDENCE
    assert verdict_of(case_of(story)).deciding[0].values == {"fins": "none"}
    holed = verdict_of(case_of(story, flaws=(flaw("lost_frames"),)))
    assert (holed.deciding[0].id, holed.deciding[0].values) == ("reset-first-segment", {"fins": "unseen"})
    assert holed.confidence is Confidence.POSSIBLE


def test_in_a_capture_of_one_direction_a_farewell_in_vain_is_nothing() -> None:
    """The program had closed before: its last words and its FIN are one segment, which is sent again and again."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    for seconds in DOUBLING:
        story.frame(seconds, CLIENT, length=31, flags=FLAG_FIN | FLAG_ACK, retransmission=seconds > DOUBLING[0])
        story.lost.add(number(seconds))
    case = case_of(story, lasts=30.0, flaws=(flaw("one_sided"),))
    assert weigh("retransmission_timeout", case).status is Status.NO_EVIDENCE
    assert verdict_of(case).kind is not Kind.PATH_LOST
    assert "data-given-up-by-fin" not in [told.id for told in verdict_of(case_of(story, lasts=30.0)).claims]


@pytest.mark.parametrize(
    ("times", "then", "is_told"),
    [
        ((), 0.0, True),
        ((5.0, 5.4, 5.8, 6.2, 6.6), 0.0, False),  # no timer of a kernel
        ((), 25.0, False),  # the client went on: what acknowledged it is not in the capture
    ],
)
def test_in_a_capture_of_one_direction_a_timer_that_backs_off_tells(
    times: tuple[float, ...], then: float, is_told: bool
) -> None:
    """An acknowledgment starts the timer anew (RFC 6298 section 5.3), whether the capture has it or not."""
    story = unacknowledged(*times)
    if then:
        story.data(then, CLIENT)
        story.lost.add(number(then))
    case = case_of(story, lasts=30.0, flaws=(flaw("one_sided"),))
    assert (weigh("retransmission_timeout", case).status is Status.NO_EVIDENCE) is not is_told
    assert (verdict_of(case).kind is Kind.PATH_LOST) is is_told
