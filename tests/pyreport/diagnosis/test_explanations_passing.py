"""What passes and what does not: a stalled peer, a close that crossed a request, large packets, a device that forgot,
and the signs of life of a host that was asked.
"""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_S
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.signs_of_life import heard_meanwhile, spread_over
from pyreport.diagnosis.evidence.waits import waits
from pyreport.diagnosis.result import Attribution, Confidence, Explanation, ExplanationId, Kind, Status
from pyreport.diagnosis.verdict.sureness import EXPLAINED_BY
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    START_NS,
    Story,
    at_the_server,
    case_of,
    number,
    steady_neighbour,
    verdict_of,
)
from tests.pyreport.diagnosis.test_health import asked
from tests.pyreport.told import ids


def weigh(identifier: ExplanationId, case: Case) -> Explanation:
    return next(found for found in diagnose(case)[0] if found.id is identifier)


# The peer's application ----------------------------------------------------------------------------------------------


def test_an_acknowledged_request_that_the_client_waited_for_in_vain() -> None:
    story = asked().data(5.0, CLIENT).frame(5.01, SERVER).fin(15.0, CLIENT, 5.0)
    verdict = verdict_of(case_of(story))
    assert (verdict.kind, verdict.attribution) == (Kind.PEER_STALLED, (Attribution.PEER_SERVICE,))
    assert verdict.claims[0].frames == (number(5.0), number(5.01))


def test_a_server_that_reads_the_fin_at_once_may_have_owed_nothing() -> None:
    story = asked().data(5.0, CLIENT).frame(5.01, SERVER).fin(15.0, CLIENT, 5.0).answering_fin(15.1, SERVER)
    assert weigh(ExplanationId.PEER_APPLICATION_STALLED, case_of(story)).status is Status.POSSIBLE


def test_a_server_that_speaks_unasked_owes_no_reply() -> None:
    story = asked().data(4.2, SERVER).frame(4.21, CLIENT).data(5.0, CLIENT).frame(5.01, SERVER)
    case = case_of(story.fin(15.0, CLIENT, 5.0))
    assert weigh(ExplanationId.PEER_APPLICATION_STALLED, case).status is Status.POSSIBLE


def test_a_client_that_sends_without_replies_waits_for_none() -> None:
    story = Story().handshake()
    for second in (1, 4, 7, 10):
        story.data(second, CLIENT).frame(second + 0.01, SERVER)
    story.fin(20.0, CLIENT, 10.0).answering_fin(20.1, SERVER)
    assert weigh(ExplanationId.PEER_APPLICATION_STALLED, case_of(story)).status is Status.NO_EVIDENCE


def test_a_server_that_ignores_request_and_fin_serves_nobody() -> None:
    story = Story().handshake().data(1.0, CLIENT).frame(1.01, SERVER).fin(6.0, CLIENT, 1.0)
    assert verdict_of(case_of(story, lasts=30.0)).kind is Kind.PEER_STALLED
    answered = Story().handshake().data(1.0, CLIENT).frame(1.01, SERVER).fin(6.0, CLIENT, 1.0)
    answered.answering_fin(6.1, SERVER)
    found = weigh(ExplanationId.PEER_APPLICATION_STALLED, case_of(answered, lasts=30.0))
    assert found.status is Status.POSSIBLE


@pytest.mark.parametrize(("opened", "kind"), [(False, Kind.PEER_STALLED), (True, Kind.HEALTHY)])
def test_a_window_that_stays_closed(opened: bool, kind: Kind) -> None:
    story = asked().frame(5.0, SERVER).marked(5.0, window=0)
    for seconds in (5.2, 5.6, 6.4, 8.0):
        story.frame(seconds, CLIENT).frame(seconds + 0.01, SERVER).marked(seconds + 0.01, window=0)
    if opened:
        story.frame(8.5, SERVER).marked(8.5, window=500)
    assert verdict_of(case_of(story)).kind is kind


# A close that crossed a request --------------------------------------------------------------------------------------


def crossed(*, knew: bool) -> Case:
    """The server closes after 10 s, and the client writes; ``knew``: its kernel had the FIN by then."""
    story = asked().fin(13.1, SERVER, 3.1, acknowledged=None)
    if not knew:
        story.lost.add(number(13.1))
    story.frame(13.11, CLIENT, length=100)
    story.lost.add(number(13.11))
    return case_of(story.frame(13.2, SERVER, flags=FLAG_RST))


def test_a_request_that_crossed_the_close_is_lost_and_nobody_could_know() -> None:
    verdict = verdict_of(crossed(knew=False))
    assert weigh(ExplanationId.CLOSE_RACE, crossed(knew=False)).status is Status.SUPPORTED
    assert (verdict.kind, verdict.attribution) == (Kind.PEER_CLOSED_IDLE, (Attribution.PEER_SERVICE,))
    rst = ("close-race-refused", "close-ended-by-rst", "reset-answers")
    assert [told for told in ids(verdict.claims) if told in rst] == ["close-race-refused"]


def test_a_write_by_a_kernel_that_had_the_fin_did_not_cross_it() -> None:
    assert weigh(ExplanationId.CLOSE_RACE, crossed(knew=True)).status is not Status.SUPPORTED


# Large packets -------------------------------------------------------------------------------------------------------


def full_segments(passed_before: bool) -> Story:
    story = asked()
    if passed_before:
        story.data(4.0, SERVER, 1448).frame(4.01, CLIENT)
    story.sent_again(SERVER, 5.0, 5.2, 5.6, 6.4, 8.0, length=1448)
    story.holes.add(number(5.0))
    for seconds in (5.3, 6.3, 7.3):
        story.data(seconds, CLIENT, 20).frame(seconds + 0.01, SERVER)
    return story


def test_full_segments_that_never_pass_while_small_ones_do() -> None:
    case = case_of(full_segments(passed_before=False))
    assert weigh(ExplanationId.MTU_BLACK_HOLE, case).status is Status.SUPPORTED
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.PATH_LOST, (Attribution.NETWORK_PATH,))


def test_a_path_that_let_a_full_segment_through_loses_for_another_reason() -> None:
    assert weigh(ExplanationId.MTU_BLACK_HOLE, case_of(full_segments(passed_before=True))).status is Status.RULED_OUT


@pytest.mark.parametrize(("small_pass", "status"), [(True, Status.SUPPORTED), (False, Status.POSSIBLE)])
def test_a_hole_at_the_receiver(small_pass: bool, status: Status) -> None:
    story = asked().after_unseen(5.0, SERVER, 5792)
    for seconds in (5.1, 6.0, 7.0, 8.0, 9.0):
        story.frame(seconds, CLIENT)
        if small_pass:
            story.frame(seconds + 0.01, SERVER)
    found = weigh(ExplanationId.MTU_BLACK_HOLE, case_of(story))
    assert found.status is status
    assert ("mtu-perhaps" in ids(found.evidence)) is (status is Status.POSSIBLE)
    assert weigh(ExplanationId.PATH_LOSS, case_of(story)).status is Status.SUPPORTED


def test_a_hole_behind_segments_that_are_as_full_is_not_one_of_size() -> None:
    """Without the SYN, nobody knows how large the largest may be."""
    story = Story().data(1.0, CLIENT).data(1.1, SERVER, 600).frame(1.11, CLIENT).after_unseen(5.0, SERVER, 5792)
    for seconds in (5.1, 6.0, 7.0, 8.0, 9.0):
        story.frame(seconds, CLIENT)
    assert "mtu-perhaps" not in ids(weigh(ExplanationId.MTU_BLACK_HOLE, case_of(story)).evidence)


# A device that forgot ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "status"), [(0.001, Status.SUPPORTED), (0.1, Status.POSSIBLE)])
def test_an_rst_after_a_silence_sooner_than_the_host_ever_answered(answer: float, status: Status) -> None:
    story = Story()
    story.handshake()
    for second in (1, 2, 3, 4):
        story.data(second, CLIENT).frame(second + 0.1, SERVER, length=100).frame(second + 0.101, CLIENT)
    story.frame(904.0, CLIENT, length=100)
    story.lost.add(number(904.0))
    story.hop_limit[SERVER] = 0
    case = case_of(story.reset(904.0 + answer, SERVER, "data", 904.0))
    assert weigh(ExplanationId.IDLE_STATE_FORGOTTEN, case).status is status
    kind = Kind.MIDDLEBOX_CLOSED if status is Status.SUPPORTED else Kind.PEER_RESET
    verdict = verdict_of(case)
    assert verdict.kind is kind
    silence = weigh(ExplanationId.IDLE_STATE_FORGOTTEN, case).weightiest.id
    told = [found for found in ids(verdict.claims) if found in (silence, "reset-answers")]
    assert told == [silence]


def dropped(silence: float) -> Story:
    return asked().sent_again(CLIENT, *(3.2 + silence + gap for gap in (0.0, 0.2, 0.6, 1.4, 3.0)))


def test_a_segment_that_was_dropped_after_a_silence_while_a_new_connection_opened() -> None:
    other = Story("10.0.0.1:41000", stream=1).handshake(905.0)
    assert weigh(ExplanationId.IDLE_STATE_FORGOTTEN, case_of(dropped(900.0), other)).status is Status.SUPPORTED
    assert weigh(ExplanationId.IDLE_STATE_FORGOTTEN, case_of(dropped(900.0))).status is Status.POSSIBLE
    assert weigh(ExplanationId.IDLE_STATE_FORGOTTEN, case_of(dropped(0.5))).status is Status.NO_EVIDENCE


@pytest.mark.parametrize(("closed", "status"), [(935.0, Status.POSSIBLE), (880.0, Status.NO_EVIDENCE)])
def test_a_segment_that_was_dropped_after_a_silence_and_then_given_up(closed: float, status: Status) -> None:
    """The client's own time limit ends the wait with a FIN (JDBC's socketTimeout); a FIN of before is none."""
    story = dropped(900.0).frame(closed, CLIENT, flags=FLAG_FIN | FLAG_ACK)
    story.lost.add(number(closed))
    assert weigh(ExplanationId.IDLE_STATE_FORGOTTEN, case_of(story)).status is status


def test_a_connection_that_had_outlived_such_a_silence_was_not_forgotten() -> None:
    story = asked(2)
    story.data(1200.0, CLIENT).data(1200.1, SERVER).frame(1200.11, CLIENT)
    story.sent_again(CLIENT, 2100.0, 2100.2, 2100.6, 2101.4, 2103.0)
    assert weigh(ExplanationId.IDLE_STATE_FORGOTTEN, case_of(story)).status is Status.NO_EVIDENCE


# Signs of life -------------------------------------------------------------------------------------------------------


def unheard() -> Story:
    return asked().sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, 8.0, 11.2)


def test_signs_of_life_are_the_askeds_and_spread_over_the_silence() -> None:
    spread = case_of(unheard(), steady_neighbour(1, 20.0))
    (wait,) = waits(spread)
    assert heard_meanwhile(spread, wait) > 0
    woken = Story("10.0.0.1:41000", SERVER, stream=1).data(11.19, SERVER).data(11.195, SERVER)
    assert heard_meanwhile(case_of(unheard(), woken), wait) == 0
    assert not spread_over([], 0, 10)
    assert spread_over([4, 7], 0, 10)


def test_both_ends_on_one_host_give_no_sign() -> None:
    here, there = "10.0.0.1:40000", "10.0.0.1:9092"
    story = Story(here, there).handshake().data(1.0, there).frame(1.1, here)
    case = case_of(story.sent_again(here, 5.0, 5.2, 5.6, 6.4, 8.0, 11.2))
    (wait,) = waits(case)
    assert heard_meanwhile(case, wait) == 0


def test_a_live_host_that_ignores_a_syn_is_not_a_lossy_path() -> None:
    story = Story("10.0.0.1:42000", stream=7)
    for seconds in (1.0, 2.0, 4.0, 8.0, 16.0):
        story.frame(seconds, story.client, flags=FLAG_SYN, retransmission=seconds > 1.0)
        story.lost.add(number(seconds))
    verdict = verdict_of(case_of(story, steady_neighbour(1, 20.0)))
    assert (verdict.kind, verdict.attribution) == (Kind.NEVER_OPENED, (Attribution.PEER_SERVICE,))
    assert verdict_of(case_of(story)).attribution[0] is Attribution.NETWORK_PATH


# No verdict is surer than its explanation ----------------------------------------------------------------------------


def test_a_verdict_of_a_kind_is_not_surer_than_its_explanations() -> None:
    for story in (full_segments(False), unheard(), dropped(900.0), asked().fin(13.1, SERVER, 3.1)):
        explanations, verdict = diagnose(case_of(story, lasts=13.3))
        statuses = {found.status for found in explanations if found.id in EXPLAINED_BY.get(verdict.kind, ())}
        assert verdict.confidence is not Confidence.LIKELY or not statuses or Status.SUPPORTED in statuses


# What never opened, and packets that were made and not seen ----------------------------------------------------------


@pytest.mark.parametrize(("tries", "kind"), [((1.01, 2.0, 4.0, 8.0), Kind.NEVER_OPENED), ((1.01,), Kind.HEALTHY)])
def test_an_answer_to_a_syn_that_nobody_acknowledges(tries: tuple[float, ...], kind: Kind) -> None:
    story = Story().frame(1.0, CLIENT, flags=FLAG_SYN)
    for seconds in tries:
        story.frame(seconds, SERVER, flags=FLAG_SYN | FLAG_ACK, retransmission=seconds > 1.01)
        if len(tries) > 1:
            story.lost.add(number(seconds))
    if len(tries) == 1:
        story.frame(1.02, CLIENT).data(1.1, CLIENT).data(1.2, SERVER).frame(1.21, CLIENT)
    assert verdict_of(case_of(story)).kind is kind


@pytest.mark.parametrize(("ip_id", "kind"), [(25, Kind.KEEPALIVE_GAVE_UP), (21, Kind.LOCAL_CLOSED)])
def test_packets_that_were_made_and_not_seen_before_an_rst(ip_id: int, kind: Kind) -> None:
    """Captured at the server: the client's counter went on by probes that did not arrive, or by the RST alone."""
    story = at_the_server(asked(5))
    times = sorted(frame.time_ns for frame in story.frames.values() if frame.source == CLIENT)
    for count, time_ns in enumerate(times):
        story.marked((time_ns - START_NS) / NS_PER_S, ip_id=20 - len(times) + 1 + count)
    story.frame(12.0, CLIENT, flags=FLAG_RST | FLAG_ACK).marked(12.0, ip_id=ip_id)
    assert verdict_of(case_of(story)).kind is kind
