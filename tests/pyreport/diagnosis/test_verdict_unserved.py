"""What an application left undone when the peer closed, what never got there, and who refuses a SYN: each rule with the
story that it is about and one that looks alike.
"""

from __future__ import annotations

import pytest

from pyreport.base.claim import Party
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.idle_close import idle_close
from pyreport.diagnosis.evidence.likeness import likeness
from pyreport.diagnosis.evidence.waits import open_wait, went_on_without
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Status
from pyreport.frames.finding import Level
from pyreport.frames.findings import PostFinReset, RefusedBy, RefusedByReason
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, NOBODY
from pyreport.narrative.answers import answer_the_question
from pyreport.narrative.cause import cause
from pyreport.narrative.model import Standing
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    at,
    at_the_server,
    case_in,
    case_of,
    number,
    verdict_of,
    weigh,
)
from tests.pyreport.diagnosis.test_health import asked
from tests.pyreport.segments import Segments
from tests.pyreport.told import ids, told

ROUTER = "10.0.0.254"

# The peer waited for this end, and was not idle ----------------------------------------------------------------------


def waited_for_a_reply(*, answered: bool) -> Case:
    """The client closes 5 s after its last request; the server is asked about."""
    story = asked().data(5.0, CLIENT).frame(5.01, SERVER)
    if answered:
        story.data(5.1, SERVER).frame(5.11, CLIENT)
    return case_of(story.fin(10.1, CLIENT, 5.1 if answered else 5.0), local=SERVER, lasts=10.3)


def test_a_client_that_waited_for_a_reply_was_not_idle() -> None:
    case = waited_for_a_reply(answered=False)
    assert weigh("peer_idle_close", case).status is Status.NO_EVIDENCE
    assert weigh("application_stalled", case).status is Status.SUPPORTED
    verdict = verdict_of(case)
    assert verdict.kind is Kind.PEER_CLOSED
    assert verdict.attribution == (Attribution.PEER_SERVICE, Attribution.LOCAL_APPLICATION)
    assert "peer-stalled-no-reply" in ids(verdict.claims)


def test_a_client_that_had_its_reply_may_have_been_idle() -> None:
    case = waited_for_a_reply(answered=True)
    assert weigh("peer_idle_close", case).status is Status.POSSIBLE
    assert weigh("application_stalled", case).status is not Status.SUPPORTED


def unread(*, asks: bool) -> Case:
    """The client's window is closed for 12 s, and the server resets; ``asks``: it had more to send."""
    story = asked().frame(5.0, CLIENT).marked(5.0, window=0)
    for seconds in (5.2, 5.6, 6.4, 8.0) if asks else ():
        story.frame(seconds, SERVER).frame(seconds + 0.01, CLIENT).marked(seconds + 0.01, window=0)
    return case_of(story.frame(17.0, SERVER, flags=FLAG_RST | FLAG_ACK))


def test_a_server_before_a_closed_window_was_not_idle() -> None:
    case = unread(asks=True)
    assert weigh("peer_idle_close", case).status is Status.NO_EVIDENCE
    assert weigh("application_stalled", case).status is Status.SUPPORTED
    verdict = verdict_of(case)
    assert verdict.kind is Kind.PEER_RESET
    assert Attribution.LOCAL_APPLICATION in verdict.attribution


def test_a_closed_window_that_nobody_asks_for_holds_nothing_up() -> None:
    assert weigh("application_stalled", unread(asks=False)).status is not Status.SUPPORTED


def asks_in_vain(*, answered: bool, late: float = 0.0) -> Case:
    """The server says something every 15 s and closes when it would for the fourth time, or ``late`` seconds later;
    ``answered``: with a reply.
    """
    story = asked(6).probes(30.0, 1)
    for seconds in (21.1, 36.1, 51.1):
        story.data(seconds, SERVER, 50).frame(seconds + 0.001, CLIENT, length=20 if answered else 0)
        story.frame(seconds + 0.02, SERVER)
    return case_of(story.fin(66.1 + late, SERVER, 51.101 if answered else 51.1), lasts=75.0)


def test_a_server_that_asks_in_vain_and_closes_was_not_idle() -> None:
    """sshd's ClientAliveInterval, RabbitMQ's heartbeats: the client's kernel acknowledges, its program says nothing."""
    case = asks_in_vain(answered=False)
    assert weigh("peer_idle_close", case).status is Status.NO_EVIDENCE
    assert "unheard" in ids(weigh("application_stalled", case).evidence)
    verdict = verdict_of(case)
    assert verdict.kind is Kind.PEER_CLOSED
    assert "unheard" in ids(verdict.claims)


@pytest.mark.parametrize(
    ("late", "status"),
    [(-10.0, Status.NO_EVIDENCE), (0.7, Status.NO_EVIDENCE), (0.9, Status.NO_EVIDENCE), (1.7, Status.POSSIBLE)],
)
def test_a_server_that_asks_in_vain_may_look_at_its_clock_once_a_second(late: float, status: Status) -> None:
    """https://github.com/alanxz/SimpleAmqpClient/issues/101: heartbeats in vain, and each side has its own timer."""
    case = asks_in_vain(answered=False, late=late)
    assert weigh("peer_idle_close", case).status is status
    assert "unheard" in ids(verdict_of(case).claims)


def test_a_server_whose_questions_are_answered_may_have_been_idle() -> None:
    case = asks_in_vain(answered=True)
    assert weigh("peer_idle_close", case).status is not Status.NO_EVIDENCE
    assert "unheard" not in ids(verdict_of(case).claims)


def closes_on_a_request(*, has_habit: bool) -> Case:
    """A proxy waits 4 s for its own server, and closes; ``has_habit``: all that was said before got a reply."""
    story = asked(2)
    if not has_habit:
        story.data(4.5, CLIENT, 20).frame(4.51, SERVER)
    story.data(7.0, CLIENT).frame(7.01, SERVER)
    return case_of(story.fin(11.0, SERVER, 7.0), lasts=15.0)


def test_a_server_that_closes_on_a_request_is_not_said_to_have_been_idle() -> None:
    verdict = verdict_of(closes_on_a_request(has_habit=True))
    assert verdict.kind is Kind.PEER_CLOSED
    assert "reply-outstanding" in ids(verdict.claims)


def test_a_last_word_that_needs_no_reply_leaves_an_idle_limit_possible() -> None:
    """Such as an HTTP/2 WINDOW_UPDATE, or MySQL's COM_STMT_CLOSE."""
    verdict = verdict_of(closes_on_a_request(has_habit=False))
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert "reply-outstanding" not in ids(verdict.claims)


@pytest.mark.parametrize("has_it", [True, False])
def test_a_request_that_the_reset_acknowledges_got_no_reply(has_it: bool) -> None:
    """A program that closes with the request unread sends an RST that acknowledges it."""
    story = asked(2).data(7.0, CLIENT)
    if not has_it:
        story.lost.add(number(7.0))
    verdict = verdict_of(case_of(story.frame(7.01, SERVER, flags=FLAG_RST | FLAG_ACK), log="connection reset by peer"))
    assert ("reply-outstanding" in ids(verdict.claims)) is has_it


def reset_by_the_side_that_does_not_read(*, asks: bool) -> Case:
    """The client's window is closed for 16 s, and then its process ends with what it had not read: an RST."""
    story = asked().data(4.0, SERVER).frame(4.01, CLIENT).marked(4.01, window=0)
    for seconds in (4.3, 4.8, 5.8, 7.8, 11.8) if asks else ():
        story.frame(seconds, SERVER).frame(seconds + 0.01, CLIENT).marked(seconds + 0.01, window=0)
    return case_of(story.frame(20.01, CLIENT, flags=FLAG_RST | FLAG_ACK), local=SERVER)


def test_a_client_that_resets_behind_a_closed_window_had_not_been_idle() -> None:
    case = reset_by_the_side_that_does_not_read(asks=True)
    assert weigh("peer_idle_close", case).status is Status.NO_EVIDENCE
    verdict = verdict_of(case)
    assert verdict.kind is Kind.PEER_STALLED
    assert ids(verdict.claims) == ["peer-stalled-window-closed", "reset-by-prober"]


def test_a_client_that_resets_when_nobody_waits_for_its_window_may_have_been_idle() -> None:
    assert verdict_of(reset_by_the_side_that_does_not_read(asks=False)).kind is not Kind.PEER_STALLED


@pytest.mark.parametrize(("last", "kind"), [(SERVER, Kind.PEER_CLOSED_IDLE), (CLIENT, Kind.PEER_RESET)])
def test_a_reset_of_a_side_that_had_received_the_last_data_may_be_for_want_of_reading(last: str, kind: Kind) -> None:
    """A server whose process ends after 5 s with something unread resets; one that spoke last had read all."""
    story = asked()
    if last == CLIENT:
        story.data(5.0, CLIENT).frame(5.01, SERVER).marked(5.01, timestamp=6_010)
    reset = 10.0 if last == CLIENT else 8.1
    story.frame(reset, SERVER, flags=FLAG_RST | FLAG_ACK)
    for seconds in (0.01, 1.1, 2.1, 3.1, reset):
        story.marked(seconds, timestamp=1_000 + round(seconds * 1_000))
    verdict = verdict_of(case_of(story, log="connection reset by peer", logged=reset + 0.1))
    assert verdict.kind is kind
    assert ("reset-perhaps-unread" in ids(verdict.claims)) is (last == CLIENT)


# A request that crossed this end's own close -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("closer", "status"), [(SERVER, Status.SUPPORTED), (CLIENT, Status.RULED_OUT)], ids=["request", "reply"]
)
def test_what_crossed_the_close_of_the_end_that_asks(closer: str, status: Status) -> None:
    """A request that crosses the server's close is lost; a reply that crosses the client's was given up."""
    other = CLIENT if closer == SERVER else SERVER
    story = asked().fin(13.1, closer, 3.1, acknowledged=None)
    story.lost.add(number(13.1))
    story.frame(13.11, other, length=100)
    story.lost.add(number(13.11))
    case = case_of(story.frame(13.2, closer, flags=FLAG_RST), local=closer)
    assert weigh("close_race", case).status is status
    assert verdict_of(case).kind is Kind.LOCAL_CLOSED


@pytest.mark.parametrize(("sent", "crossed"), [(12.9, True), (5.0, False)])
def test_a_request_of_long_before_the_close_crossed_nothing(sent: float, crossed: bool) -> None:
    story = asked().frame(sent, CLIENT, length=100).frame(13.1, SERVER, flags=FLAG_FIN | FLAG_ACK)
    story.lost |= {number(sent), number(13.1)}
    case = case_of(story.frame(13.2, SERVER, flags=FLAG_RST))
    assert (weigh("close_race", case).status is Status.SUPPORTED) is crossed


# What never got there ------------------------------------------------------------------------------------------------


def sent_in_vain(last_word: float | None, *, here: bool = False) -> Case:
    """The server's reply goes out again and again; then the client closes without having had it."""
    story = asked().data(5.0, CLIENT).sent_again(SERVER, 5.1, 5.3, 5.7, 6.5, 8.1, length=900)
    if last_word is not None:
        story.frame(last_word, CLIENT, flags=FLAG_FIN | FLAG_ACK)
    return case_of(story if here else at_the_server(story), local=SERVER)


def test_a_side_that_goes_on_without_what_it_was_sent_ran_and_had_not_got_it() -> None:
    case = sent_in_vain(9.0)
    assert weigh("host_frozen_there", case).status is Status.RULED_OUT
    assert weigh("path_loss", case).status is Status.SUPPORTED
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.confidence) == (Kind.PATH_LOST, Confidence.LIKELY)
    assert verdict.attribution[0] is Attribution.NETWORK_PATH
    assert "wait-path-or-filter" in ids(verdict.claims)  # a rule of its own host keeps it from the data as well


@pytest.mark.parametrize("alike", [sent_in_vain(None), sent_in_vain(5.2), sent_in_vain(9.0, here=True)])
def test_a_side_that_says_nothing_or_says_it_at_once_or_had_got_it(alike: Case) -> None:
    """Nothing came, or it was on its way, or the capture shows that the copies arrived."""
    wait = open_wait(alike)
    assert wait is not None
    assert went_on_without(alike, wait) is None


@pytest.mark.parametrize(("filled", "kind"), [(False, Kind.PATH_LOST), (True, Kind.HEALTHY)])
def test_a_client_that_closes_before_a_part_of_the_reply_came(filled: bool, kind: Kind) -> None:
    story = asked().data(5.0, CLIENT)
    if filled:
        story.data(5.1, SERVER, 5792).data(5.101, SERVER)
    else:
        story.after_unseen(5.101, SERVER, 5792)
    story.frame(5.2, CLIENT).frame(9.0, CLIENT).fin(19.0, CLIENT, 5.101).answering_fin(19.1, SERVER)
    verdict = verdict_of(case_of(story))
    assert verdict.kind is kind
    assert (verdict.attribution == (Attribution.NETWORK_PATH,)) is not filled


def closed_by_the_server(*, came: bool) -> Case:
    """The server closes 30 s after the request; ``came``: what it had replied by then came, too."""
    story = asked().data(5.0, CLIENT).frame(5.05, SERVER)
    story.data(5.1, SERVER, 4000)
    if came:
        story.frame(5.15, CLIENT)
    else:
        story.not_captured(5.1).holes.add(number(5.1))
    story.frame(35.0, SERVER, flags=FLAG_FIN | FLAG_ACK).frame(35.01, CLIENT).frame(37.0, CLIENT)
    return case_of(story, lasts=39.0)


def test_a_server_that_closes_beyond_octets_that_never_came_was_not_idle_and_did_reply() -> None:
    """A full segment is lost on a narrow path: the server's FIN comes, and tells by its number what was sent before."""
    case = closed_by_the_server(came=False)
    assert weigh("peer_idle_close", case).status is Status.NO_EVIDENCE
    assert weigh("peer_application_stalled", case).status is Status.NO_EVIDENCE
    assert idle_close(case) is None
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.PATH_LOST, (Attribution.NETWORK_PATH,))
    assert ids(verdict.claims) == ["mtu-hole", "mtu-perhaps", "close-by"]


def test_a_server_that_closes_after_all_came_may_have_been_idle() -> None:
    case = closed_by_the_server(came=True)
    assert weigh("peer_idle_close", case).status is Status.POSSIBLE
    assert verdict_of(case).kind is Kind.PEER_CLOSED  # after 29.9 s, which is no limit of anybody


# Who refuses a SYN ---------------------------------------------------------------------------------------------------


def syn(*, port_heard: bool, device: str = "") -> Case:
    story = Story()
    for seconds in (1.01, 2.01, 4.01, 8.01):
        story.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=seconds > 2)
        story.lost.add(number(seconds))
    case = case_of(story, chatter(SERVER if port_heard else "10.0.9.9:8888"))
    if device:
        case.span.note([
            RefusedBy(
                frame=number(1.011), time_ns=at(1.011), source=NOBODY, level=Level.WARN, summary="", device=device,
                reason=RefusedByReason.PORT_UNREACHABLE, icmp_type=3, icmp_code=3, sender=CLIENT,
                segment_frame=number(1.01), mtu=None,
            )
        ])  # fmt: skip
    return case


def chatter(server: str) -> Story:
    """Another connection to the same host that speaks every half second."""
    story = Story("10.0.0.1:41000", server, stream=1).handshake(0.1)
    for half in range(1, 18):
        story.frame(half / 2 + 0.03, "10.0.0.1:41000", length=10).frame(half / 2 + 0.04, server, length=10)
    return story


def answered_for_another(*, refused: bool) -> Case:
    """A server that still has an earlier connection of the same ports acknowledges that one at each SYN."""
    story = Segments((64, 61))
    for second in (0, 1, 3):
        story.add(second * 1_000_000, CLIENT, flags=FLAG_SYN, seq=1_000, retransmission=second > 0)
        story.add(second * 1_000_000 + 20_000, SERVER, seq=2_000, ack=5_000_000 if refused else 1_001)
        if refused:
            story.add(second * 1_000_000 + 20_020, CLIENT, flags=FLAG_RST, seq=5_000_000)
    return case_in(story.index(), story.span())


def test_a_syn_that_is_answered_for_an_earlier_connection_opened_none() -> None:
    verdict = verdict_of(answered_for_another(refused=True))
    assert verdict.kind is Kind.NEVER_OPENED
    assert ids(verdict.claims) == ["opening-of-another", "opening-rst-not-heeded"]


def test_a_syn_whose_syn_ack_the_capture_lacks_is_not_said_to_have_opened_none() -> None:
    assert verdict_of(answered_for_another(refused=False)).kind is not Kind.NEVER_OPENED


def test_a_syn_to_a_silent_port_of_a_live_host_may_be_filtered_on_the_path() -> None:
    verdict = verdict_of(syn(port_heard=False))
    assert (verdict.kind, verdict.confidence) == (Kind.NEVER_OPENED, Confidence.POSSIBLE)
    assert set(verdict.attribution) == {Attribution.PEER_SERVICE, Attribution.NETWORK_PATH}


def test_a_syn_to_a_port_that_serves_others_is_left_by_a_full_queue() -> None:
    verdict = verdict_of(syn(port_heard=True))
    assert (verdict.kind, verdict.confidence) == (Kind.NEVER_OPENED, Confidence.LIKELY)
    assert verdict.attribution == (Attribution.PEER_SERVICE,)


@pytest.mark.parametrize(
    ("device", "share"), [(ROUTER, Attribution.NETWORK_PATH), (SERVER.split(":")[0], Attribution.PEER_SERVICE)]
)
def test_a_syn_that_is_refused_by_icmp(device: str, share: Attribution) -> None:
    verdict = verdict_of(syn(port_heard=True, device=device))
    assert (verdict.kind, verdict.attribution) == (Kind.NEVER_OPENED, (share,))
    assert ids(verdict.claims) == ["refused-by-device"]


# An RST behind a FIN, from elsewhere ---------------------------------------------------------------------------------


def refused_behind_its_fin(hop_limit: int, *, closer: str = CLIENT) -> Case:
    """Captured at the server: a side sends its FIN and nothing more; what the other one writes 64 s later is refused.

    https://github.com/moby/moby/issues/29655: the client had only closed its own side and waited. IPVS forgets such a
    connection after 60 s.
    """
    other = SERVER if closer == CLIENT else CLIENT
    story = Story().handshake().data(0.9, closer).fin(1.0, closer, 0.9).data(65.0, other)
    story.frame(65.1, closer, flags=FLAG_RST, ttl=hop_limit)
    story.expect(65.1, PostFinReset, cause_frame=number(65.0))
    return case_of(at_the_server(story) if closer == CLIENT else story, lasts=70.0, local=CLIENT)


@pytest.mark.parametrize("hop_limit", [64, 63, 60, 128])
def test_an_rst_from_elsewhere_behind_a_fin_does_not_show_that_the_closer_refused(hop_limit: int) -> None:
    case = refused_behind_its_fin(hop_limit)
    verdict, middlebox = verdict_of(case), weigh("middlebox_close", case)
    assert (verdict.kind, verdict.confidence) == (Kind.LOCAL_CLOSED, Confidence.POSSIBLE)
    assert verdict.attribution == (Attribution.LOCAL_APPLICATION, Attribution.NETWORK_PATH)
    told = ids(verdict.claims)
    assert {"fin-refusal-in-the-name", "fin-refusal-elsewhere"} <= set(told)
    assert not {"fin-refusal-after", "close-by-local-end"} & set(told)
    assert middlebox.status is Status.POSSIBLE
    assert "fin-refusal-elsewhere" in ids(middlebox.evidence)
    reason = cause(case, verdict)
    assert reason is not None
    assert reason.id == "cause-closed-one-way"
    application = answer_the_question(case, *diagnose(case))[-1]
    assert (application.standing, ids(application.reason)) == (Standing.NOT_CLEARED, ["cause-closed-one-way"])


def test_an_rst_of_the_closers_own_distance_behind_its_fin() -> None:
    case = refused_behind_its_fin(0)  # as all its other frames
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.confidence) == (Kind.LOCAL_CLOSED, Confidence.LIKELY)
    assert verdict.attribution == (Attribution.LOCAL_APPLICATION,)
    assert {"fin-refusal-after", "close-by-local-end"} <= set(ids(verdict.claims))
    assert weigh("middlebox_close", case).status is not Status.POSSIBLE


def test_the_peers_fin_is_the_peers_whoever_refuses_what_comes_then() -> None:
    """A balancer that answers in the place of a server which closed: the close is told as before."""
    near, far = (verdict_of(refused_behind_its_fin(limit, closer=SERVER)) for limit in (0, 40))
    assert (near.kind, near.confidence) == (far.kind, far.confidence)
    assert near.attribution == far.attribution
    assert "fin-refusal-elsewhere" in ids(far.claims)
    assert "fin-refusal-elsewhere" not in ids(near.claims)


# An RST of the side's own socket -------------------------------------------------------------------------------------


def aborted(ip_id: int) -> Case:
    """All that the client sent came 100 ms after what it answers, its RST comes 1 ms after data."""
    story = (
        Story().frame(0.0, CLIENT, flags=FLAG_SYN).frame(0.01, SERVER, flags=FLAG_SYN | FLAG_ACK).frame(0.11, CLIENT)
    )
    for second in (1, 2, 3, 4):
        story.data(second, SERVER).frame(second + 0.1, CLIENT, length=10).marked(second + 0.1, ip_id=20 + second)
    story.data(5.0, SERVER)
    story.lost.add(number(5.0))
    story.reset(5.001, CLIENT, "data", 5.0).marked(5.001, ip_id=ip_id)
    return case_of(at_the_server(story), local=SERVER)


def test_a_socket_may_abort_at_any_time_and_is_never_too_soon() -> None:
    case = aborted(25)
    closing = case.connection.frame(number(5.001))
    assert closing is not None
    assert likeness(case.connection, closing).is_own_socket
    assert weigh("middlebox_close", case).status is Status.RULED_OUT
    assert verdict_of(case).kind is Kind.PEER_RESET


def test_an_answer_sooner_than_its_host_without_the_marks_of_its_socket_is_a_device() -> None:
    assert weigh("middlebox_close", aborted(0)).status is Status.SUPPORTED


# Keep-alive switched off ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("again", "status"), [(True, Status.SUPPORTED), (False, Status.POSSIBLE)])
def test_probes_that_end_for_good_may_have_been_switched_off(again: bool, status: Status) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.1, 4)
    talk = Story("10.0.0.1:41000", "10.0.9.9:8888", stream=1).handshake(0.1)
    for second in range(1, 49):
        talk.frame(second + 0.03, "10.0.0.1:41000", length=10).frame(second + 0.04, "10.0.9.9:8888", length=10)
    if again:
        story.probe(41.1).probe(46.1)
    else:
        story.data(41.1, CLIENT).data(41.2, SERVER)
    case = case_of(story, talk, lasts=50.0)
    assert case.connection.missed(case.local)
    assert weigh("probe_not_sent", case).status is status


# A FIN that the capture lacks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "kind"), [(CLIENT, Kind.UNDETERMINED), (SERVER, Kind.PEER_CLOSED_IDLE)])
def test_who_closed_first_in_a_capture_of_one_direction(first: str, kind: Kind) -> None:
    """The server's FIN alone is there; the octet that it acknowledges more is the client's, where that came first."""
    story = asked()
    if first == CLIENT:
        story.frame(13.1, CLIENT, flags=FLAG_FIN | FLAG_ACK)
    story.frame(13.11, SERVER, flags=FLAG_FIN | FLAG_ACK)
    for frame in list(story.frames.values()):
        if frame.source == CLIENT:
            story.unseen.add(frame.number)
    verdict = verdict_of(case_of(story, local=CLIENT))
    assert verdict.kind is kind
    assert ("close-unseen-fin" in ids(verdict.claims)) is (first == CLIENT)


# Which setting gave up -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("probes", "there", "is_told"), [(1, False, True), (4, False, True), (9, False, False), (4, True, False)]
)
def test_fewer_probes_than_any_default_are_a_setting(probes: int, there: bool, is_told: bool) -> None:
    """Captured at the other end, probes may have been lost before the capture had them."""
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 1).gave_up(11.0, probes)
    case = case_of(at_the_server(story) if there else story)
    assert ("keepalive-gave-up-setting" in ids(weigh("keepalive_gave_up", case).evidence)) is is_told
    assert ("keepalive-gave-up-setting" in ids(verdict_of(case).claims)) is is_told


# The local application does not read ---------------------------------------------------------------------------------


def unread_here(asks: bool = True, reads_at: float = 0.0) -> Story:
    """The window of the client is closed from 5 s on; ``asks``: the server has more for it."""
    story = asked().data(4.99, SERVER).frame(5.0, CLIENT).marked(5.0, window=0)
    for seconds in (5.3, 5.9, 7.1, 9.5) if asks else ():
        story.frame(seconds, SERVER).frame(seconds + 0.01, CLIENT).marked(seconds + 0.01, window=0)
    return story.frame(reads_at, CLIENT).marked(reads_at, window=500) if reads_at else story


def test_who_does_not_read_is_told_at_either_end() -> None:
    here, there = (case_of(unread_here(), local=local, lasts=30.0) for local in (CLIENT, SERVER))
    for case, kind, blamed in (
        (here, Kind.LOCAL_STALLED, Attribution.LOCAL_APPLICATION),
        (there, Kind.PEER_STALLED, Attribution.PEER_SERVICE),
    ):
        verdict = verdict_of(case)
        assert (verdict.kind, verdict.confidence, verdict.attribution) == (kind, Confidence.LIKELY, (blamed,))
        said = told(verdict.claims, "peer-stalled-window-closed")
        assert (said.values["peer"], said.values["asks"]) == (Party.CLIENT, 4)


@pytest.mark.parametrize("alike", [unread_here(asks=False), unread_here(reads_at=9.9)], ids=["nobody asks", "it reads"])
def test_a_window_that_nobody_waits_for_is_nobodys_stall(alike: Story) -> None:
    case = case_of(alike, local=CLIENT, lasts=30.0)
    assert verdict_of(case).kind is not Kind.LOCAL_STALLED
    assert "peer-stalled-window-closed" not in ids(verdict_of(case).claims)


@pytest.mark.parametrize("by_fin", [True, False], ids=["FIN", "RST"])
@pytest.mark.parametrize("asks", [True, False])
def test_a_program_that_ends_without_having_read_is_told_with_its_close(by_fin: bool, asks: bool) -> None:
    story = unread_here(asks)
    story = story.fin(20.0, CLIENT, 4.99) if by_fin else story.frame(20.0, CLIENT, flags=FLAG_RST | FLAG_ACK)
    case = case_of(story, local=CLIENT, lasts=30.0)
    verdict = verdict_of(case)
    assert verdict.kind is Kind.LOCAL_CLOSED
    assert ("peer-stalled-window-closed" in ids(verdict.claims)) is asks
    assert (weigh("application_stalled", case).status is Status.SUPPORTED) is asks
