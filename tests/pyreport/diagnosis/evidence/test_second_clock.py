"""A host that stood still, told by the timestamps of the two sides: the capture stood with it, or went on."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_MS, NS_PER_S
from pyreport.connections.side_clock import Reading, SideClock, Step
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.idle_close import idle_close
from pyreport.diagnosis.evidence.second_clock import burst_from, clock_was_set, clocks_agree, stood_still, tell_stood
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Status
from pyreport.narrative.cause import cause
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number, verdict_of, weigh
from tests.pyreport.told import ids

# Each side's clock began elsewhere.
STARTS = {CLIENT: 3_000_000, SERVER: 70_000}


def stamp(story: Story, steps: dict[str, tuple[float, float]], made: dict[float, float] | None = None) -> Story:
    """Give every frame its sender's timestamp: the seconds of the story, and from a time on a step (seconds) more;
    ``made``: when single frames were made by their sender's clock.
    """
    for frame in list(story.frames.values()):
        seconds = (frame.number - 1) / 1000
        since, more = steps.get(frame.source, (0.0, 0.0))
        clock = (made or {}).get(seconds, seconds + (more if seconds >= since else 0.0))
        story.marked(seconds, timestamp=STARTS[frame.source] + round(clock * 1000))
    return story


def probed(fin: float = 8.0) -> Story:
    """Probes every 2 s around the server's FIN, all answered."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    return story.fin(fin, SERVER, 1.0).probe(9.0, after_fin=fin).probe(11.0, after_fin=fin).probe(13.0, after_fin=fin)


def inside() -> Case:
    """Captured in a client that was paused for 22 s after 7.0 s: the server closed after 14 s meanwhile."""
    return case_of(stamp(probed(), {SERVER: (9.0, 22.0)}, {8.0: 15.0}), log="broken pipe")


def outside() -> Case:
    """Captured at the server while the client was paused: the client's clock lacks 22 s."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    story.fin(15.0, SERVER, 1.0, acknowledged=16.0).probe(33.0, after_fin=15.0).probe(35.0, after_fin=15.0)
    return case_of(stamp(story, {CLIENT: (16.0, -22.0)}), log="broken pipe")


@pytest.mark.parametrize(("case", "with_capture"), [(inside(), True), (outside(), False)], ids=["inside", "outside"])
def test_a_paused_host_stood_still_wherever_it_was_captured(case: Case, with_capture: bool) -> None:
    found = stood_still(case, case.local)
    assert found is not None
    assert (found.with_capture, found.lasted_ns) == (with_capture, 22 * NS_PER_S)
    assert stood_still(case, case.peer) is None
    result = weigh("host_frozen_here", case)
    told = "clock-stood-with-capture" if with_capture else "clock-stood"
    assert (result.status, ids(result.evidence)[0]) == (Status.SUPPORTED, told)
    assert weigh("host_frozen_there", case).status is not Status.SUPPORTED
    verdict = verdict_of(case)
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert Attribution.LOCAL_HOST in verdict.attribution


@pytest.mark.parametrize(("more", "stood"), [(0.4, True), (-0.4, True), (0.6, False), (-0.6, False)])
def test_the_clock_that_both_are_held_against_went_on(more: float, stood: bool) -> None:
    """Of a clock that is half a second off itself in that time nobody knows which of the two is right."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    story.fin(15.0, SERVER, 1.0, acknowledged=16.0).probe(33.0, after_fin=15.0).probe(35.0, after_fin=15.0)
    case = case_of(stamp(story, {CLIENT: (16.0, -22.0), SERVER: (16.0, more)}))
    assert (stood_still(case, case.local) is not None) is stood


def without_keepalive() -> Story:
    """Captured at the server: the client takes its FIN 12 s later, closes, and never probed."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).data(3.0, CLIENT).data(3.1, SERVER)
    story.data(5.0, CLIENT).data(5.1, SERVER).frame(5.2, CLIENT).fin(15.0, SERVER, 5.1, acknowledged=12.0)
    return story.answering_fin(28.0, CLIENT).frame(28.1, SERVER)


def test_a_host_that_stood_still_needs_no_schedule_where_the_timestamps_tell() -> None:
    """Without timestamps, nothing tells it from a path that was gone, or from a capture that lacks frames."""
    stood = stamp(without_keepalive(), {CLIENT: (27.0, -20.0)})
    assert weigh("host_frozen_here", case_of(stood, local=CLIENT)).status is Status.SUPPORTED
    ran = stamp(without_keepalive(), {})
    for story in (ran, without_keepalive()):
        assert weigh("host_frozen_here", case_of(story, local=CLIENT)).status in (Status.NO_EVIDENCE, Status.RULED_OUT)
    assert weigh("host_frozen_here", case_of(without_keepalive(), local=CLIENT)).status is Status.NO_EVIDENCE


def test_the_age_counts_by_the_clock_of_the_side_that_closed() -> None:
    age = close_age(inside())
    assert age is not None
    assert (age.capture_ns, age.closer_ns) == (7 * NS_PER_S, 14 * NS_PER_S)
    told = cause(inside(), verdict_of(inside()))
    assert told is not None
    assert (told.id, told.values["age"]) == ("cause-idle-limit", 14 * NS_PER_S)
    plain = close_age(case_of(stamp(probed(), {})))
    assert plain is not None
    assert (plain.capture_ns, plain.closer_ns) == (7 * NS_PER_S, None)
    for case, seconds in ((inside(), 14), (case_of(stamp(probed(), {})), 7)):
        silent = weigh("application_stalled", case).evidence[0]
        assert silent.values["silence"] == seconds * NS_PER_S


def test_a_pause_before_the_last_payload_is_none_of_the_age() -> None:
    """The capture stood still for 22 s with the client, and both went on talking."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).data(7.0, CLIENT)
    story.data(7.1, SERVER).frame(7.2, CLIENT).probe(9.3).fin(12.1, SERVER, 7.1)
    story.expected.clear()
    age = close_age(case_of(stamp(story, {SERVER: (5.0, 22.0)}), local=CLIENT))
    assert age is not None
    assert (age.capture_ns, age.closer_ns) == (5 * NS_PER_S, None)


@pytest.mark.parametrize(("age", "is_same"), [(14.0, True), (7.0, False)], ids=["the closer's", "the capture's"])
def test_another_close_at_the_age_by_the_clock_of_the_side_that_closed(age: float, is_same: bool) -> None:
    """Captured in a client that was paused: 7 s passed there, 14 s at the server."""
    paused = stamp(probed(), {SERVER: (9.0, 22.0)}, {8.0: 15.0})
    other = Story("10.0.0.1:41001", stream=1).data(30.0, SERVER).fin(30.0 + age, SERVER, 30.0)
    told = ids(weigh("peer_idle_close", case_of(paused, other, local=CLIENT)).evidence)
    assert ("peer-idle-close-same-age" in told) is is_same


def test_the_other_close_has_its_own_closers_age_too() -> None:
    """Two pauses at other times, in which the limit of 14 s ran out by the server's clock."""
    first = stamp(probed(), {SERVER: (9.0, 22.0)}, {8.0: 15.0})
    second = Story("10.0.0.1:41001", stream=1)
    second.data(41.0, SERVER).data(42.0, second.client).data(43.0, SERVER)
    second.data(44.0, second.client).data(45.0, SERVER).fin(48.0, SERVER, 45.0)
    for frame in list(second.frames.values()):
        seconds = (frame.number - 1) / 1000
        second.marked(seconds, timestamp=round((seconds + 11.0 * (seconds > 47.0)) * 1000))
    told = weigh("peer_idle_close", case_of(first, second, local=CLIENT)).evidence
    assert "peer-idle-close-same-age" in ids(told)


def test_a_peer_that_was_paused() -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    story.probe(18.0).probe(20.0).probe(22.0).fin(23.0, SERVER, 1.0)
    case = case_of(stamp(story, {SERVER: (18.0, -5.0)}))
    found = stood_still(case, case.peer)
    assert found is not None
    assert (found.with_capture, found.lasted_ns) == (False, 5 * NS_PER_S)
    assert weigh("host_frozen_there", case).status is Status.SUPPORTED
    assert stood_still(case, case.local) is None


@pytest.mark.parametrize(("took", "stood"), [(5.1, False), (4.81, False), (4.7, True), (0.01, True), (None, True)])
def test_a_path_that_has_become_as_slow_is_no_host_that_stood(took: float | None, stood: bool) -> None:
    """The client's clock lacks 5 s from one probe on, and what the server says then is acknowledged so late."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    story.probe(14.0).probe(16.0).probe(18.0)
    if took is not None:
        story.data(20.0, SERVER).frame(round(20.0 + took, 3), CLIENT)
    case = case_of(stamp(story, {CLIENT: (14.0, -5.0)}), lasts=30.0, local=CLIENT)
    assert (stood_still(case, case.local) is not None) is stood


def test_a_clock_of_the_capture_that_was_set_is_no_host_that_stood() -> None:
    """Both sides' timestamps went 22 s further: the capture's clock was set back."""
    case = case_of(stamp(probed(), {SERVER: (9.0, 22.0), CLIENT: (9.0, 22.0)}))
    assert (stood_still(case, case.local), stood_still(case, case.peer)) == (None, None)
    assert clocks_agree(case, at(4.0), at(12.0)) is None


def test_a_queue_on_the_path_is_no_host_that_stood() -> None:
    """What the client sends waits for up to 4 s somewhere, as behind an upload (bufferbloat): both ends run on."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0)
    made = {9.0: 6.0, 10.5: 7.0, 12.0: 8.0, 13.0: 13.0, 15.0: 15.0}
    for seconds in made:
        story.probe(seconds)
    case = case_of(stamp(story.fin(17.0, CLIENT, 1.0), {}, made))
    clock = case.index.clock_of(case.connection, case.local)
    assert clock is not None
    assert any(step.net_ns >= 2 * NS_PER_S for step in clock.steps)
    assert (stood_still(case, case.local), stood_still(case, case.peer)) == (None, None)
    assert weigh("host_frozen_there", case).status is not Status.SUPPORTED
    assert weigh("host_frozen_here", case).status is not Status.SUPPORTED


def talking(client: str, stream: int, late: dict[float, float]) -> Story:
    """A connection on which the server says something every half a second, so many seconds late from a time on."""
    story, made = Story(client, stream=stream).handshake(0.1 * stream), {}
    for half in range(2, 40):
        by = next((by for since, by in reversed(late.items()) if half / 2 >= since), 0.0)
        came = round(half / 2 + by + 0.003, 3)
        story.data(came, SERVER, 10)
        made[came] = half / 2 + 0.003
    for frame in list(story.frames.values()):
        seconds = (frame.number - 1) / 1000
        start = STARTS.get(frame.source, STARTS[CLIENT])
        story.marked(seconds, timestamp=start + round(made.get(seconds, seconds) * 1000))
    return story


FILLING = {5.0 + step / 2: step / 5 for step in range(15)}
STANDING = {5.0: 2.8}


@pytest.mark.parametrize(
    ("late", "stood"),
    [(FILLING, False), (STANDING, True), ({5.0: 1.41}, True), ({5.0: 1.39}, False)],
    ids=["a queue fills", "the host stood still", "for more than half of it", "for less than half of it"],
)
def test_what_another_connection_shows_to_go_on_did_not_stand(late: dict[float, float], stood: bool) -> None:
    """Between two answers of an idle connection, the clock of the server lacks seconds: so it does on a busy one, at
    once where the host stood, little by little where a queue on the path held back what it sent.
    """
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(4.5)
    story.probe(16.0).probe(17.5).probe(19.0)
    story.expected.clear()
    idle = stamp(story, {SERVER: (16.0, -2.8)})
    case = case_of(idle, talking("10.0.0.1:42000", 1, late), local=CLIENT)
    assert (stood_still(case, case.peer) is not None) is stood


@pytest.mark.parametrize(("more", "stood"), [(0.0, True), (0.7, True), (0.8, False)])
def test_a_clock_that_stood_keeps_its_new_line(more: float, stood: bool) -> None:
    """It lacks 3 s after 7 s. What is 0.8 s more behind in the end waited in a queue, which may have held back all."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    for seconds in (15.0, 17.0, 19.0, 21.0):
        story.probe(seconds)
    story.expected.clear()
    made = {15.0: 12.0, 17.0: 14.0, 19.0: 16.0 - more / 2, 21.0: 18.0 - more}
    case = case_of(stamp(story, {}, made), local=CLIENT)
    assert (stood_still(case, case.local) is not None) is stood


def test_clocks_that_go_on_together() -> None:
    case = case_of(stamp(probed(), {}))
    assert (stood_still(case, case.local), stood_still(case, case.peer)) == (None, None)
    assert clocks_agree(case, at(4.0), at(12.0)) == (number(3.01), number(13.01))
    assert clocks_agree(case_of(probed()), at(4.0), at(12.0)) is None


def copies(at_once: bool) -> Story:
    """A FIN and its repeats over 12 s; ``at_once``: they came in together when the client went on, at 27 s."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    made = [15.0, 15.3, 15.9, 17.1, 19.5, 24.3]
    came = [27.0 + index / 1000 for index in range(6)] if at_once else made
    story.fin(came[0], SERVER, 1.0, acknowledged=None)
    for seconds in came[1:]:
        story.frame(seconds, SERVER, flags=0x11, retransmission=True)
    story.frame(27.1, CLIENT).probe(29.0, after_fin=came[0]).probe(31.0, after_fin=came[0])
    return stamp(story, {}, dict(zip(came, made, strict=True)))


def test_what_was_made_over_a_while_and_came_in_at_once_was_waiting() -> None:
    case = case_of(copies(at_once=True))
    found = burst_from(case, case.local)
    assert found is not None
    assert (len(found.frames), found.made_ns, found.within_ns) == (6, 9_300 * NS_PER_MS, 5 * NS_PER_MS)
    assert (found.start_ns, found.end_ns) == (at(15.0), at(27.0))
    assert weigh("host_frozen_here", case).status is Status.POSSIBLE
    age = close_age(case)
    assert age is not None
    assert age.ns == 14 * NS_PER_S
    assert burst_from(case_of(copies(at_once=False)), CLIENT) is None


def test_a_host_that_went_on_sending_was_not_what_held_them_back() -> None:
    busy = Story("10.0.0.1:41003", stream=3).data(18.0, "10.0.0.1:41003").data(21.0, "10.0.0.1:41003")
    assert burst_from(case_of(copies(at_once=True), busy), CLIENT) is None


def jumped(*sides: str, by: float = 20.0) -> Case:
    """Probes every 2 s; after 7.0 s the capture's clock is ahead of the clocks of these sides."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    story.probe(9.0 + by).probe(11.0 + by).probe(13.0 + by)
    return case_of(stamp(story, dict.fromkeys(sides, (9.0 + by, -by))))


def test_both_clocks_behind_the_captures_are_a_clock_that_was_set() -> None:
    case = jumped(CLIENT, SERVER)
    assert case.connection.missed(case.local)
    told = clock_was_set(case, at(9.0), at(29.0))
    assert told is not None
    assert (told.id, told.values["by"]) == ("clock-was-set", 20 * NS_PER_S)
    assert weigh("probe_not_sent", case).evidence == (told,)
    assert weigh("host_frozen_here", case).status is Status.NO_EVIDENCE
    assert Attribution.LOCAL_HOST not in verdict_of(case).attribution


@pytest.mark.parametrize("sides", [(CLIENT,), (SERVER,), ()], ids=["client", "server", "neither"])
def test_one_clock_behind_is_a_host_that_stood_and_none_is_neither(sides: tuple[str, ...]) -> None:
    case = jumped(*sides)
    assert clock_was_set(case, at(9.0), at(29.0)) is None
    assert (weigh("host_frozen_here", case).status is Status.SUPPORTED) is (sides == (CLIENT,))


def test_a_clock_that_was_set_back_froze_nobody() -> None:
    """The frames after it have earlier times than those before it."""
    clock = SideClock(NS_PER_MS, (), (Step(Reading(5, at(7.0), 0), (), Reading(6, at(4.0), 0), is_settled=True),))
    assert clock.net_ns(at(6.9), at(3.9)) == 3 * NS_PER_S
    assert clock.net_ns(at(3.9), at(6.9)) == 3 * NS_PER_S
    assert clock.net_ns(at(1.0), at(2.0)) == 0


@pytest.mark.parametrize("case", [inside(), outside()], ids=["inside", "outside"])
def test_that_a_host_stood_still_makes_an_idle_limit_no_surer(case: Case) -> None:
    """One close at a whole number of seconds may be one by chance (WHOLE_SECOND_NS); why the other end was silent
    before it does not tell what the closer's timer was. The freeze is told beside it, with its own status.
    """
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.confidence) == (Kind.PEER_CLOSED_IDLE, Confidence.POSSIBLE)
    assert weigh("host_frozen_here", case).status is Status.SUPPORTED
    assert Attribution.LOCAL_HOST in verdict.attribution


# The edges -----------------------------------------------------------------------------------------------------------


def lacking(by: float, *, of: str = CLIENT, other: float = 0.0) -> Case:
    """Probes every 2 s; after 7 s the clock of one side lacks ``by`` seconds, and that of the other ``other``."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    story.probe(15.0).probe(17.0).probe(19.0)
    story.expected.clear()
    far = SERVER if of == CLIENT else CLIENT
    return case_of(stamp(story, {of: (15.0, -by), far: (15.0, -other)}), local=CLIENT)


@pytest.mark.parametrize(
    ("by", "other", "stood"),
    [
        (1.0, 0.0, True),
        (0.999, 0.0, False),
        (3.0, 0.0, True),
        (3.0, 3.0, False),  # the capture's clock was set
        (3.0, 2.0, False),
    ],
)
@pytest.mark.parametrize("of", [CLIENT, SERVER])
def test_a_host_stood_from_one_second_on(by: float, other: float, stood: bool, of: str) -> None:
    case = lacking(by, of=of, other=other)
    side = case.local if of == CLIENT else case.peer
    found = stood_still(case, side)
    assert (found is not None) is stood
    if found is not None:
        assert (found.lasted_ns, found.with_capture, found.side) == (round(by * 1e9), False, side)
        assert (found.start_ns, found.end_ns) == (
            at(7.0 if of == CLIENT else 7.01),
            at(15.0 if of == CLIENT else 15.01),
        )
        assert found.passed_ns == found.end_ns - found.start_ns
        assert tell_stood(case, found).values["who"] == case.roles.party(side)
    assert stood_still(case, case.peer if of == CLIENT else case.local) is None


@pytest.mark.parametrize(("closes", "stood"), [(False, True), (True, False)])
def test_a_host_that_stood_before_the_last_payload_had_no_part_in_the_close(closes: bool, stood: bool) -> None:
    """Without a close, all of the connection's time matters."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    story.probe(15.0).probe(17.0).probe(19.0).data(20.0, CLIENT).data(20.1, SERVER).frame(20.2, CLIENT)
    if closes:
        story.fin(25.0, SERVER, 20.1)
    story.expected.clear()
    case = case_of(stamp(story, {CLIENT: (15.0, -3.0)}), local=CLIENT)
    assert (stood_still(case, case.local) is not None) is stood


@pytest.mark.parametrize(
    ("by", "other", "was_set"),
    [(3.0, 3.0, True), (1.0, 1.0, True), (0.999, 0.999, False), (3.0, 3.499, True), (3.0, 3.5, False)],
)
def test_both_clocks_lack_the_same_within_half_a_second_where_the_capture_was_set(
    by: float, other: float, was_set: bool
) -> None:
    told = clock_was_set(lacking(by, other=other), at(9.0), at(14.0))
    assert (told is not None) is was_set
    if told is not None:
        assert (told.frames, told.values["by"]) == ((number(7.0), number(15.0)), round(by * 1e9))


@pytest.mark.parametrize(
    ("start", "end", "was_set"),
    [(0.0, 7.0, True), (0.0, 6.999, False), (15.0, 19.0, True), (15.001, 19.0, False), (8.0, 9.0, True)],
)
def test_the_clock_was_set_in_the_stretch_that_touches_the_step(start: float, end: float, was_set: bool) -> None:
    case = lacking(3.0, other=3.0)
    assert (clock_was_set(case, at(start), at(end)) is not None) is was_set


@pytest.mark.parametrize(
    ("start", "end", "agree"),
    [
        (1.0, 7.01, None),  # the step touches it
        (1.0, 7.0, (1.0, 7.01)),
        (15.01, 19.0, None),
        (15.02, 19.0, (15.01, 19.01)),
        (0.0, 5.0, None),  # nothing of the peer before it
        (17.0, 19.02, None),  # nor after it
    ],
)
def test_clocks_agree_between_two_frames_of_the_peer(
    start: float, end: float, agree: tuple[float, float] | None
) -> None:
    found = clocks_agree(lacking(3.0, of=SERVER), at(start), at(end))
    assert found == (None if agree is None else (number(agree[0]), number(agree[1])))


def test_an_idle_limit_counts_by_the_closers_clock_for_data_and_for_packets() -> None:
    """The capture stood still for 7 s of the 14 s: the last packet came 0.99 s before by its clock."""
    found = idle_close(inside())
    assert found is not None
    assert (found.data_idle_ns, found.packet_idle_ns) == (14 * NS_PER_S, 7_990 * NS_PER_MS)


@pytest.mark.parametrize(("stood", "packets_ms"), [(6.0, 0), (4.0, 1_000)])
def test_what_came_while_the_closer_stood_still_is_no_age_below_nothing(stood: float, packets_ms: int) -> None:
    """The server stood still, and its client's last packet came 5 s before its FIN."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).frame(10.0, CLIENT)
    story.fin(15.0, SERVER, 1.0).probe(17.0, after_fin=15.0).probe(19.0, after_fin=15.0).probe(21.0, after_fin=15.0)
    story.expected.clear()
    found = idle_close(case_of(stamp(story, {SERVER: (15.0, -stood)}), local=CLIENT))
    assert found is not None
    assert found.data_idle_ns == (14 - round(stood)) * NS_PER_S
    assert found.packet_idle_ns == packets_ms * NS_PER_MS


@pytest.mark.parametrize(
    ("made", "came", "is_burst"),
    [
        ((15.0, 16.0), (27.0, 27.05), True),
        ((15.0, 16.0), (27.0, 27.051), False),  # too far apart for what a card hands over at once
        ((15.0, 15.999), (27.0, 27.05), False),
        ((15.0,), (27.0,), False),
        ((15.0, 15.5, 16.0), (27.0, 27.001, 27.002), True),
    ],
)
def test_a_burst_is_what_was_made_over_a_second_and_came_within_50_ms(
    made: tuple[float, ...], came: tuple[float, ...], is_burst: bool
) -> None:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probe(3.0).probe(5.0).probe(7.0)
    for seconds in came:
        story.data(seconds, SERVER)
    story.frame(27.1, CLIENT).probe(29.0).probe(31.0).probe(33.0)
    story.expected.clear()
    case = case_of(stamp(story, {}, dict(zip(came, made, strict=True))), local=CLIENT)
    found = burst_from(case, case.local)
    assert (found is not None) is is_burst
    if found is not None:
        assert found.frames == tuple(map(number, came))
        assert (found.made_ns, found.within_ns) == (round((made[-1] - made[0]) * 1e9), at(came[-1]) - at(came[0]))


@pytest.mark.parametrize(("sent", "is_burst"), [(16.0, True), (16.001, False)])
def test_the_host_may_have_sent_something_in_the_second_that_is_a_clocks_slack(sent: float, is_burst: bool) -> None:
    """Of the 12 s that the first was late, the host was silent for 11 at least."""
    busy = Story("10.0.0.1:41003", stream=3).data(sent, "10.0.0.1:41003")
    assert (burst_from(case_of(copies(at_once=True), busy), CLIENT) is not None) is is_burst
