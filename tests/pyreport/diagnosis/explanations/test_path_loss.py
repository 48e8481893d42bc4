"""What shows that packets were lost on the path, at the edges of each rule."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.result import Attribution, Status
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN
from pyreport.narrative.cause import Where, cause
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, verdict_of, weigh
from tests.pyreport.narrative.test_cause import marked_by
from tests.pyreport.told import ids, told


def talked() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)


@pytest.mark.parametrize("heard", [True, False])
@pytest.mark.parametrize(
    ("stamps", "echo", "is_late"),
    [
        ((5_000, 5_200, 5_600), 5_000, True),
        ((5_000, 5_200, 5_600), 5_600, False),  # the last copy was the first to arrive
        ((5_000, 5_000, 5_000), 5_000, False),  # a clock of seconds does not tell the copies apart
        ((None, None, None), None, False),
    ],
)
def test_a_segment_whose_first_copy_is_echoed_was_not_lost(
    stamps: tuple[int | None, ...], echo: int | None, is_late: bool, heard: bool
) -> None:
    """It waited in a queue, or what acknowledges it did: the path has a part in that where the host was alive."""
    story = talked()
    for index, (seconds, stamp) in enumerate(zip((5.0, 5.2, 5.6), stamps, strict=True)):
        story.frame(seconds, CLIENT, length=100, retransmission=index > 0).marked(seconds, timestamp=stamp)
    story.frame(8.0, SERVER).marked(8.0, timestamp=None if echo is None else 90_000, echo=echo)
    other = Story("10.0.0.1:42000", SERVER, stream=1).handshake(0.1)
    for half in range(1, 20) if heard else ():
        other.data(half / 2 + 0.003, "10.0.0.1:42000", 10).data(half / 2 + 0.005, SERVER, 10)
    found = weigh("path_loss", case_of(story, other, lasts=30.0, local=CLIENT))
    assert ("path-loss-late" in ids(found.evidence)) is is_late
    assert found.status is (Status.SUPPORTED if heard else Status.POSSIBLE)
    if is_late:
        late = told(found.evidence, "path-loss-late")
        assert late.frames == tuple(map(number, (5.0, 5.2, 5.6, 8.0)))
        assert (late.values["repeats"], late.values["after"]) == (2, 3 * NS_PER_S)


@pytest.mark.parametrize(
    ("stretches", "is_counted"), [((2,), False), ((1, 1), True), ((3, 1), True), ((1, 1, 2), True), ((), False)]
)
def test_probes_in_vain_are_counted_where_there_are_several_stretches(
    stretches: tuple[int, ...], is_counted: bool
) -> None:
    """Each stretch ends with an answered probe, and one more is unanswered where another follows it."""
    story, now, lost, longest = talked().probe(6.0), 11.0, [], 0
    for count in stretches:
        for _ in range(count):
            story.probe(now, answered=False)
            lost.append(now)
            now += 5.0
        story.probe(now)
        now += 5.0
        longest = max(longest, count)
    story.expected.clear()
    found = weigh("path_loss", case_of(story, lasts=now - 4.0, local=CLIENT))
    counted = [claim for claim in found.evidence if claim.id == "path-loss-probes-counted"]
    assert bool(counted) is is_counted
    # Each stretch by itself is told beside the count only where the host was heard in it.
    assert not counted or found.evidence == tuple(counted)
    for claim in counted:
        sent = len(lost) + len(stretches) + 1
        assert claim.frames == tuple(map(number, lost))
        assert (claim.values["lost"], claim.values["sent"]) == (len(lost), sent)
        assert (claim.values["percent"], claim.values["longest"]) == (round(100 * len(lost) / sent), longest)


@pytest.mark.parametrize(("copies", "answered", "twice"), [(2, True, True), (3, True, False), (2, False, False)])
def test_a_segment_that_was_sent_twice_and_taken_was_lost_once(copies: int, answered: bool, twice: bool) -> None:
    times = (5.0, 5.3, 5.9)[:copies]
    story = talked().sent_again(CLIENT, *times)
    if answered:
        story.lost.discard(number(times[-1]))
        story.frame(6.5, SERVER)
    found = weigh("path_loss", case_of(story, lasts=60.0, local=CLIENT))
    assert ("path-loss-sent-twice" in ids(found.evidence)) is twice
    if twice:
        assert (found.status, found.evidence[0].frames) == (Status.POSSIBLE, (*map(number, times), number(6.5)))


@pytest.mark.parametrize("absent", [0, 3])
def test_probes_that_were_made_and_did_not_arrive_were_dropped(absent: int) -> None:
    """The prober's counter tells how many of its packets are missing, away from it."""
    story, count = talked(), 100
    for seconds in (0.0, 0.011, 0.9, 1.1):
        count += 1
        story.marked(seconds, ip_id=count)
    for seconds in (6.0, 11.0, 31.0, 36.0):
        count += 1 + (absent if seconds == 31.0 else 0)
        story.probe(seconds).marked(seconds, ip_id=count)
    found = weigh("path_loss", case_of(at_the_server(story), lasts=40.0, local=SERVER))
    dropped = [claim for claim in found.evidence if claim.id == "path-loss-gap-dropped"]
    assert [claim.values["packets"] for claim in dropped] == ([absent] if absent else [])
    assert "path-loss-gap" not in ids(found.evidence)


@pytest.mark.parametrize(("probes", "at_server", "why"), [
    (0, False, "path-loss-not-tested"), (2, False, "path-loss-answers-arrived"), (2, True, "path-loss-answers-left"),
])  # fmt: skip
def test_answers_clear_the_path_where_they_arrived(probes: int, at_server: bool, why: str) -> None:
    story = talked()
    for index in range(probes):
        story.probe(6.0 + 5 * index)
    found = weigh("path_loss", case_of(at_the_server(story) if at_server else story, lasts=13.0, local=CLIENT))
    assert ids(found.evidence) == [why]
    assert told(found.evidence, why).frames == tuple(number(6.01 + 5 * index) for index in range(probes))


@pytest.mark.parametrize("arrives", [True, False])
def test_copies_that_arrive_at_the_host_were_not_lost_on_the_path(arrives: bool) -> None:
    """Captured at the server, before its packet filter: what comes in and gets no answer. Or captured at the client."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    story.sent_again(CLIENT, 60.0, 60.3, 60.9, 62.1, 64.5)
    case = case_of(at_the_server(story) if arrives else story, lasts=120.0, local=CLIENT)
    case = marked_by(case, case.quality.vantage.place) if arrives else case
    assert weigh("path_loss", case).status is (Status.NO_EVIDENCE if arrives else Status.POSSIBLE)
    assert weigh("idle_state_forgotten", case).status is (Status.RULED_OUT if arrives else Status.POSSIBLE)
    verdict = verdict_of(case)
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not arrives
    told = cause(case, verdict)
    assert told is not None
    assert told.values["where"] is (Where.HOST if arrives else Where.EITHER)


@pytest.mark.parametrize(("answers", "status"), [(True, Status.SUPPORTED), (False, Status.NO_EVIDENCE)])
def test_a_syn_ack_that_a_live_host_does_not_take_was_lost(answers: bool, status: Status) -> None:
    """A host that repeats its SYN has no SYN-ACK; one that is heard on another connection ignores the SYN."""
    story, other = Story(), Story(stream=1, client="10.0.0.1:41001").handshake(0.0)
    for seconds in (1.0, 2.0, 4.0, 8.0):
        story.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=seconds > 1)
        story.lost.add(number(seconds))
        other.data(seconds + 0.5, SERVER)
        if answers:
            story.frame(seconds + 0.01, SERVER, flags=FLAG_SYN | FLAG_ACK, retransmission=seconds > 1)
            story.lost.add(number(seconds + 0.01))
    case = case_of(at_the_server(story) if answers else story, other, lasts=60.0, local=CLIENT)
    found = weigh("path_loss", case)
    assert found.status is status
    assert (found.weightiest.id == "wait-syn-host-heard") is not answers
