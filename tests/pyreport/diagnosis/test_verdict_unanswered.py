"""Verdicts on what was asked in vain, at the edges of each rule: SYNs, data, probes."""

from __future__ import annotations

import pytest

from pyreport.base.endpoint import Endpoint
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Attribution, Confidence, Kind
from pyreport.frames.finding import Level
from pyreport.frames.findings import RefusedBy, RefusedByReason
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, NOBODY
from tests.pyreport.cases import CLIENT, SERVER, Story, at, at_the_server, case_in, case_of, number, verdict_of
from tests.pyreport.segments import Segments
from tests.pyreport.told import ids, told

ROUTER = "10.0.0.254"
TIMES = (1.0, 2.0, 4.0, 8.0, 16.0)
OTHER_PORT = "10.0.9.9:8888"


def syns(count: int) -> Story:
    """So many SYNs of the client that nothing answers."""
    story = Story()
    for seconds in TIMES[:count]:
        story.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=seconds > TIMES[0])
        story.lost.add(number(seconds))
    return story


@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("gives_up", [False, True], ids=["silent", "rst"])
def test_three_syns_in_vain_are_an_answer_and_fewer_none(count: int, gives_up: bool) -> None:
    story = syns(count)
    if gives_up:
        story.frame(20.0, CLIENT, flags=FLAG_RST)
    verdict = verdict_of(case_of(story, lasts=60.0))
    assert verdict.kind is (Kind.NEVER_OPENED if count >= 3 else Kind.UNDETERMINED)
    unanswered = told(verdict.claims, "opening-unanswered")
    assert unanswered.frames == tuple(map(number, TIMES[:count]))
    assert unanswered.values["tries"] == count
    if count < 3:
        assert (verdict.confidence, verdict.attribution) == (
            Confidence.UNDETERMINED, (Attribution.CAPTURE_INCOMPLETE,),
        )  # fmt: skip


@pytest.mark.parametrize("local", [CLIENT, SERVER])
@pytest.mark.parametrize("tries", [2, 3])
def test_a_syn_that_is_answered_for_an_earlier_connection_is_counted(local: str, tries: int) -> None:
    """The RST is the client's, and so are the SYNs; the acknowledgments are the server's."""
    story = Segments((64, 61))
    for second in range(tries):
        start = second * 1_000_000
        story.add(start, CLIENT, flags=FLAG_SYN, seq=1_000, retransmission=second > 0)
        story.add(start + 20_000, SERVER, seq=2_000, ack=5_000_000)
        story.add(start + 20_020, CLIENT, flags=FLAG_RST, seq=5_000_000)
    verdict = verdict_of(case_in(story.index(), story.span(), local=local))
    another, ignored = verdict.claims
    assert (another.values["tries"], another.values["acks"]) == (tries, tries)
    assert another.frames == tuple(range(2, 3 * tries, 3))
    assert (ignored.id, ignored.frames) == ("opening-rst-not-heeded", tuple(range(3, 3 * tries + 1, 3)))
    far_end = Attribution.PEER_SERVICE if local == CLIENT else Attribution.LOCAL_HOST
    assert verdict.attribution == (Attribution.NETWORK_PATH, far_end)


@pytest.mark.parametrize(
    ("sender", "quoted", "is_told"),
    [(CLIENT, 2.0, True), (CLIENT, None, False), (CLIENT, 3.5, False), ("10.0.0.1:41000", 2.0, False)],
    ids=["its SYN", "nothing known", "another connection's", "another sender's"],
)
def test_an_icmp_error_is_about_what_it_quotes(sender: str, quoted: float | None, is_told: bool) -> None:
    other = Story("10.0.0.1:41000", OTHER_PORT, stream=1).handshake(0.1).data(3.5, "10.0.0.1:41000")
    case = case_of(syns(4), other, lasts=30.0)
    case.span.note([
        RefusedBy(
            frame=number(2.001), time_ns=at(2.001), source=NOBODY, level=Level.WARN, summary="", device=ROUTER,
            reason=RefusedByReason.PROHIBITED, icmp_type=3, icmp_code=13, sender=Endpoint(sender),
            segment_frame=None if quoted is None else number(quoted), mtu=None,
        )
    ])  # fmt: skip
    assert ("refused-by-device" in ids(verdict_of(case).claims)) is is_told


@pytest.mark.parametrize(
    ("heard", "by", "is_queue"),
    [
        (1.0, SERVER, True),
        (16.0, SERVER, True),
        (5.0, SERVER, True),
        (0.999, SERVER, False),
        (16.001, SERVER, False),
        (5.0, CLIENT, False),
    ],
)
def test_a_port_that_takes_others_at_the_time_has_a_full_queue(heard: float, by: str, is_queue: bool) -> None:
    """The host is heard by another port all the time. What else its own port does tells whose filter it may be."""
    client = "10.0.0.1:41000"
    alive = Story("10.0.0.2:42000", OTHER_PORT, stream=2).handshake(0.1)
    for half in range(1, 36):
        alive.frame(half / 2 + 0.03, "10.0.0.2:42000", length=10).frame(half / 2 + 0.04, OTHER_PORT, length=10)
    same = Story(client, SERVER, stream=1).handshake(0.05).data(heard, client if by == CLIENT else SERVER)
    story = Story()
    for seconds in TIMES:
        story.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=seconds > TIMES[0])
        story.lost.add(number(seconds))
    if heard in TIMES:  # two frames of one time
        story = shifted(story, heard)
    verdict = verdict_of(case_of(story, same, alive, lasts=40.0))
    assert verdict.kind is Kind.NEVER_OPENED
    assert "opening-host-alive" in ids(verdict.claims)
    assert verdict.confidence is (Confidence.LIKELY if is_queue else Confidence.POSSIBLE)
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not is_queue


def shifted(story: Story, seconds: float) -> Story:
    """The same story, with another number for its frame at this time."""
    frame = story.frames.pop(number(seconds))
    other = frame.number - 1 if seconds == TIMES[-1] else frame.number + 1
    story.frames[other] = type(frame)(
        other, frame.time_ns, frame.stream, frame.source, frame.destination, 1, 1, 0, FLAG_SYN, 0, frame.retransmission
    )
    story.lost.add(other)
    return story


def in_vain(count: int, *, grows: bool = True, log: str = "", then: int | None = None) -> Case:
    """A request of the client, sent so many times, that nothing acknowledges; ``then``: the flags of its close."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(1.2, CLIENT)
    gaps = [0.3 * 2**index if grows else 0.5 for index in range(count - 1)]
    story.sent_again(CLIENT, *(round(5.0 + sum(gaps[:index]), 3) for index in range(count)))
    if then is not None:
        story.frame(40.0, CLIENT, flags=then)
    return case_of(story, log=log, logged=41.0 if log else None, lasts=60.0, local=CLIENT)


@pytest.mark.parametrize(
    ("count", "log", "is_lost"),
    [(4, "", True), (3, "", False), (3, "connection timed out", True), (3, "connection reset by peer", False)],
)
def test_three_repeats_are_no_ordinary_loss_and_fewer_are_where_a_timeout_is_logged(
    count: int, log: str, is_lost: bool
) -> None:
    verdict = verdict_of(in_vain(count, log=log))
    assert ("data-never-acknowledged" in ids(verdict.claims)) is is_lost
    if is_lost:
        assert verdict.kind is Kind.PATH_LOST


@pytest.mark.parametrize("grows", [True, False], ids=["a timer's", "even"])
def test_repeats_that_double_are_a_retransmission_timers(grows: bool) -> None:
    case = in_vain(6, grows=grows)
    verdict = verdict_of(case)
    assert verdict.confidence is (Confidence.LIKELY if grows else Confidence.POSSIBLE)
    said = told(verdict.claims, "data-never-acknowledged")
    lasted = round((sum(0.3 * 2**index for index in range(5)) if grows else 2.5) * 1000) * 1_000_000
    assert (said.values["frame"], said.values["repeats"], said.values["lasted"]) == (number(5.0), 5, lasted)


@pytest.mark.parametrize(
    ("flags", "claim"),
    [(FLAG_FIN | FLAG_ACK, "data-given-up-by-fin"), (FLAG_RST | FLAG_ACK, "data-given-up-by-reset"), (None, "")],
)
def test_who_gives_data_up_is_told_by_its_close(flags: int | None, claim: str) -> None:
    given_up = [each for each in verdict_of(in_vain(6, then=flags)).claims if each.id.startswith("data-given-up")]
    assert [(each.id, each.frames) for each in given_up] == ([(claim, (number(40.0),))] if claim else [])


def test_a_fin_that_went_with_the_data_gave_nothing_up() -> None:
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(1.2, CLIENT)
    for seconds in (5.0, 5.3, 5.9, 7.1, 9.5):
        story.frame(seconds, CLIENT, flags=FLAG_FIN | FLAG_ACK, length=100, retransmission=seconds > 5.0)
        story.lost.add(number(seconds))
    claims = ids(verdict_of(case_of(story, lasts=60.0, local=CLIENT)).claims)
    assert "data-never-acknowledged" in claims
    assert "data-given-up-by-fin" not in claims


@pytest.mark.parametrize("heard", [False, True], ids=["nothing of the host", "the host on another connection"])
def test_probes_in_vain_are_likely_lost_where_the_host_is_heard_meanwhile(heard: bool) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(6.0).probes_in_vain(11.0, 4)
    others = []
    if heard:
        other = Story("10.0.0.2:42000", OTHER_PORT, stream=1).handshake(0.1)
        for half in range(1, 60):
            other.frame(half / 2 + 0.03, "10.0.0.2:42000", length=10).frame(half / 2 + 0.04, OTHER_PORT, length=10)
        others.append(other)
    verdict = verdict_of(case_of(story, *others))
    assert (verdict.kind, verdict.claims[0].id) == (Kind.PATH_LOST, "keepalive-answers-stopped")
    assert verdict.confidence is (Confidence.LIKELY if heard else Confidence.POSSIBLE)


@pytest.mark.parametrize(("last_word", "is_told"), [(1.2, True), (4.9, False)])
def test_data_that_is_lost_after_a_silence_may_have_been_forgotten_with_its_connection(
    last_word: float, is_told: bool
) -> None:
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(last_word, CLIENT)
    story.sent_again(CLIENT, 5.0, 5.3, 5.9, 7.1, 9.5)
    verdict = verdict_of(case_of(story, lasts=60.0, local=CLIENT))
    assert verdict.claims[0].id == "data-never-acknowledged"
    assert ("idle-forgotten-dropped" in ids(verdict.claims)) is is_told


@pytest.mark.parametrize(
    ("asker", "heard", "is_path"),
    [(CLIENT, 1.1, True), (SERVER, 1.1, False), (CLIENT, 5.8, False)],
    ids=["asked in vain", "the peer asked", "heard again"],
)
def test_a_refusal_on_the_way_explains_what_was_asked_in_vain_since(asker: str, heard: float, is_path: bool) -> None:
    """Two repeats alone are ordinary loss; a device that refuses them is none."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(1.2, CLIENT)
    story.sent_again(asker, 5.0, 5.2, 5.6)
    if heard > 5:
        story.frame(heard, SERVER)
    case = case_of(story, lasts=60.0, local=CLIENT)
    case.span.note([
        RefusedBy(
            frame=number(5.201), time_ns=at(5.201), source=NOBODY, level=Level.WARN, summary="", device=ROUTER,
            reason=RefusedByReason.PROHIBITED, icmp_type=3, icmp_code=13, sender=Endpoint(asker),
            segment_frame=number(5.2),
        )
    ])  # fmt: skip
    verdict = verdict_of(case)
    assert (verdict.kind is Kind.PATH_LOST) is is_path
    if is_path:
        assert (verdict.claims[0].id, verdict.attribution) == ("refused-by-device", (Attribution.NETWORK_PATH,))


@pytest.mark.parametrize("local", [SERVER, CLIENT])
def test_a_client_whose_host_is_heard_and_that_takes_no_syn_ack_is_cut_off(local: str) -> None:
    """Its host runs: the path keeps the answer from it, or a packet filter of its own."""
    story = Story().frame(1.0, CLIENT, flags=FLAG_SYN)
    for index, seconds in enumerate((1.01, 2.01, 4.01, 8.01)):
        story.frame(seconds, SERVER, flags=FLAG_SYN | FLAG_ACK, retransmission=index > 0)
        story.lost.add(number(seconds))
    other = Story("10.0.0.1:42000", SERVER, stream=1).handshake(0.1)
    for half in range(1, 30):
        other.data(half / 2 + 0.003, "10.0.0.1:42000", 10).data(half / 2 + 0.005, SERVER, 10)
    verdict = verdict_of(case_of(at_the_server(story), at_the_server(other), lasts=60.0, local=local))
    assert (verdict.kind, verdict.claims[0].id) == (Kind.NEVER_OPENED, "opening-not-completed")
    far_end = Attribution.PEER_SERVICE if local == SERVER else Attribution.LOCAL_HOST
    assert verdict.attribution == (Attribution.NETWORK_PATH, far_end)
    assert verdict.claims[-1].id == "wait-path-or-filter"
