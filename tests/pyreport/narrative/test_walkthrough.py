"""The walkthrough: one numbered step for each thing that happened, in time order, quiet stretches folded."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pyreport.base.claim import Claim, Duration, FrameNumber, Party, claim
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from pyreport.frames.neighbour import NeighbourRequest
from pyreport.narrative.groups import MOST_GROUPS_BEFORE
from pyreport.narrative.in_wireshark import decisive_frames
from pyreport.narrative.key_facts import key_facts
from pyreport.narrative.model import Step, StepKind
from pyreport.narrative.walkthrough import MOST_DECISIVE, walk
from tests.dissector.trace import PROBED
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    TLS_ALERT,
    Story,
    at,
    case_in,
    case_of,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    steady_neighbour,
    verdict_of,
)
from tests.pyreport.segments import Segments
from tests.pyreport.told import ids
from tests.pyreport.traced import case_of_trace


def article() -> tuple[Step, ...]:
    """The incident with its log line, and the connection that takes the place of the dead one."""
    next_one = Story("10.0.0.1:40100", stream=1).handshake(115.0)
    return walk(case_of(overlooked_close(), next_one, log="broken pipe", logged=113.0))


def test_each_thing_is_one_step_in_order() -> None:
    steps = article()
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert [(step.kind, step.first_frame, step.last_frame) for step in steps] == [
        (StepKind.OTHER, number(0.0), number(0.011)),
        (StepKind.DATA, number(0.9), number(1.0)),
        (StepKind.PROBE, number(6.1), number(56.110)),
        (StepKind.FIN, number(61.0), number(61.0)),
        (StepKind.ACK, number(61.001), number(61.001)),
        (StepKind.PROBE, number(66.0), number(66.0)),
        (StepKind.RESET, number(66.2), number(66.2)),
        (StepKind.LOG, None, None),
        (StepKind.OTHER, number(115.0), number(115.0)),
    ]


def test_the_time_since_the_step_before_counts_from_its_end() -> None:
    steps = article()
    assert steps[0].since_previous_ns is None
    for before, step in pairwise(steps):
        assert step.since_previous_ns == step.start_ns - before.end_ns
        assert step.start_ns >= before.start_ns
    assert steps[3].since_previous_ns == at(61.0) - at(56.110)
    assert steps[7].since_previous_ns == at(113.0) - at(66.2)


def test_probes_are_folded_with_their_spacing() -> None:
    (probes,) = [step for step in article() if step.last_frame == number(56.110)]
    assert probes.first_frame != probes.last_frame
    sent, answered = probes.claims
    assert sent.id == "walk-probes-steady"
    assert sent.values == {"who": Party.CLIENT, "count": 11, "every": Duration(5_000_000_000)}
    assert answered == claim("walk-probes-answered", count=11)


def test_uneven_probes_are_told_with_their_range() -> None:
    story = Story().handshake().data(1.0, SERVER).probe(6.0).probe(11.0).probe(17.0)
    (step,) = [step for step in walk(case_of(story)) if step.kind is StepKind.PROBE]
    assert ids(step.claims) == ["walk-probes-uneven", "walk-probes-answered"]
    shortest, longest = Duration(5_000_000_000), Duration(6_000_000_000)
    assert step.claims[0].values == {"who": Party.CLIENT, "count": 3, "shortest": shortest, "longest": longest}


def test_probes_without_an_answer_stand_apart() -> None:
    story = Story().handshake().probe(6.0).probe(11.0, answered=False).probe(16.0, answered=False).probe(21.0)
    story.unanswered(11.0, 16.0, 1).unanswered(16.0, 21.0, 2)
    steps = [step for step in walk(case_of(story)) if step.kind is StepKind.PROBE]
    assert [(s.first_frame, s.last_frame, s.decisive) for s in steps] == [
        (number(6.0), number(6.010), False),
        (number(11.0), number(16.0), True),
        (number(21.0), number(21.010), False),
    ]
    assert steps[1].claims[-1] == claim("walk-probes-unanswered", count=2)


def test_at_most_three_steps_decide_and_the_close_is_one() -> None:
    for case in (case_of(overlooked_close(), log="broken pipe", logged=113.0), case_of(gap_before_close())):
        steps = walk(case)
        decisive = [step for step in steps if step.decisive]
        assert 1 <= len(decisive) <= MOST_DECISIVE
        assert case.ending.first is not None
        assert case.ending.first.frame in [step.first_frame for step in decisive]
        assert len({step.kind for step in decisive}) == len(decisive)


def test_of_many_gaps_the_one_nearest_to_the_close_decides() -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 4).probes(51.0, 4).probes(96.0, 4)
    missed = [step for step in walk(case_of(story.fin(114.0, SERVER, 1.0))) if step.kind is StepKind.MISSED]
    assert [step.decisive for step in missed] == [False, True]


def test_where_nothing_decides_no_step_is_marked() -> None:
    story = Story().handshake().data(1.0, SERVER).probe(6.0)
    assert not any(step.decisive for step in walk(case_of(story)))


def test_the_write_that_left_no_packet_is_explained() -> None:
    (log,) = [step for step in article() if step.kind is StepKind.LOG]
    assert log.start_ns == at(113.0)
    assert ids(log.claims) == ["walk-logs", "no-packet-for-the-write"]
    assert log.claims[1].frames == (number(66.2),)


def test_a_write_that_left_a_packet_is_not_explained_away() -> None:
    story = overlooked_close().data(112.9, CLIENT)
    (log,) = [step for step in walk(case_of(story, log="broken pipe", logged=113.0)) if step.kind is StepKind.LOG]
    assert ids(log.claims) == ["walk-logs"]


def test_a_log_line_stands_at_its_time() -> None:
    steps = walk(case_of(overlooked_close(), log="broken pipe", logged=63.0))
    kinds = [step.kind for step in steps]
    assert kinds[kinds.index(StepKind.LOG) - 1] is StepKind.ACK
    assert StepKind.LOG not in [step.kind for step in walk(case_of(overlooked_close(), log="broken pipe"))]


def test_missed_intervals_stand_at_the_time_the_first_was_due() -> None:
    steps = walk(case_of(gap_before_close()))
    (missed,) = [step for step in steps if step.kind is StepKind.MISSED]
    assert (missed.start_ns, missed.end_ns, missed.first_frame) == (at(16.0), at(31.5), None)
    assert missed.claims == (
        claim("walk-missed", who=Party.CLIENT, count=3),
        claim("walk-missed-until", what="fin"),
    )
    fin = steps[missed.number]
    assert fin.kind is StepKind.FIN
    # The gap ends with the FIN: from there it is no time at all.
    assert fin.since_previous_ns == at(31.5) - at(16.0)


def test_a_gap_that_nothing_ends() -> None:
    story = Story().handshake().probes(6.0, 2).missed(11.0, 11.01, 9, "capture_end")
    (missed,) = [step for step in walk(case_of(story, lasts=60.0)) if step.kind is StepKind.MISSED]
    assert ids(missed.claims) == ["walk-missed", "walk-missed-to-the-end"]
    assert missed.end_ns == at(60.0)


def test_the_last_exchange_of_data_is_set_apart_by_a_pause() -> None:
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).data(4.0, CLIENT, 7).data(4.1, SERVER, 9)
    data = [step for step in walk(case_of(story)) if step.kind is StepKind.DATA]
    assert [(s.first_frame, s.last_frame) for s in data] == [
        (number(1.0), number(1.1)), (number(4.0), number(4.1)),
    ]  # fmt: skip
    assert data[1].claims == (
        claim("walk-last-data"),
        claim("walk-bytes-both-ways", who=Party.CLIENT, sent=7, peer=Party.SERVER, received=9),
        claim("walk-last-payload", (number(4.1),), who=Party.SERVER, frame=FrameNumber(number(4.1))),
    )


def test_the_only_payload_of_a_step_is_not_told_twice() -> None:
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).data(4.0, CLIENT, 7)
    data = [step for step in walk(case_of(story)) if step.kind is StepKind.DATA]
    assert [ids(step.claims)[-1] for step in data] == ["walk-last-payload", "walk-bytes"]


@pytest.mark.parametrize("again", [True, False])
def test_what_was_sent_again_is_not_the_last_payload(again: bool) -> None:
    """So that each part of the report names the same frame."""
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER)
    story.frame(1.3, SERVER, length=100, retransmission=True) if again else story.data(1.3, SERVER)
    (step,) = (step for step in walk(case_of(story)) if step.kind is StepKind.DATA)
    assert step.claims[-1].frames == (number(1.1 if again else 1.3),)


def test_a_late_acknowledgment_is_no_last_exchange_of_data() -> None:
    story = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).frame(4.0, CLIENT)
    data = [step for step in walk(case_of(story)) if step.kind is StepKind.DATA]
    assert [(s.first_frame, s.last_frame) for s in data] == [(number(1.0), number(4.0))]


def test_what_lies_far_before_the_end_is_told_in_one_step() -> None:
    story = Story().handshake()
    for index in range(40):
        story.data(10.0 * index + 1.0, CLIENT).frame(10.0 * index + 1.010, SERVER).probe(10.0 * index + 6.0)
    steps = walk(case_of(story.fin(400.0, SERVER, 391.0)))
    assert ids(steps[0].claims) == ["walk-earlier", "walk-bytes"]
    assert steps[0].first_frame == number(0.0)
    assert len(steps) <= MOST_GROUPS_BEFORE + 4
    covered = [(s.first_frame, s.last_frame) for s in steps if s.first_frame]
    assert all((before[1] or 0) < (after[0] or 0) for before, after in pairwise(covered))


def test_every_frame_is_in_a_step() -> None:
    case = case_of(overlooked_close())
    told = [(s.first_frame or 0, s.last_frame or 0) for s in walk(case)]
    assert [f.number for f in case.connection.frames if not any(a <= f.number <= b for a, b in told)] == []


def test_a_repeated_fin_is_one_step() -> None:
    story = Story().handshake().data(1.0, SERVER).fin(3.0, SERVER, 1.0, acknowledged=None)
    story.frame(3.3, SERVER, flags=FLAG_FIN).answering_fin(4.0, CLIENT)
    fins = [step.claims for step in walk(case_of(story)) if step.kind is StepKind.FIN]
    assert len(fins) == 2
    assert fins[0][-1] == claim("walk-fin-repeated", count=2)
    assert fins[1] == (claim("walk-answering-fin", who=Party.CLIENT),)


def test_a_fin_that_is_sent_again_is_no_other_end_that_closes() -> None:
    story = Story().handshake().data(1.0, SERVER).fin(61.0, SERVER, 1.0)
    story.frame(61.4, SERVER, flags=FLAG_FIN | FLAG_ACK, retransmission=True).frame(61.401, CLIENT)
    fins = [step.claims for step in walk(case_of(story)) if step.kind is StepKind.FIN]
    assert fins[1] == (claim("walk-fin-again", who=Party.SERVER),)


def test_what_a_server_says_of_an_earlier_connection_is_told_as_that() -> None:
    story = Segments((64, 61)).add(0, CLIENT, flags=FLAG_SYN).add(20_000, SERVER, seq=9_000, ack=5_000_000)
    story.add(20_020, CLIENT, flags=FLAG_RST, seq=5_000_000)
    story.add(1_000_000, CLIENT, flags=FLAG_SYN, seq=1_000, retransmission=True)
    story.add(1_020_000, SERVER, flags=FLAG_SYN | FLAG_ACK).add(1_020_020, CLIENT)
    steps = walk(case_in(story.index(), story.span()))
    assert [ids(step.claims) for step in steps[:3]] == [
        ["walk-asks-for-connection", "walk-answers-for-another"],
        ["walk-refuses-another"],
        ["walk-opens"],
    ]


def test_a_write_after_the_fin_and_harmless_ones() -> None:
    story = idle_close().write_after_fin(64.0, CLIENT, 61.0)
    (write,) = [step for step in walk(case_of(story)) if step.kind is StepKind.WRITE]
    assert ids(write.claims) == ["fin-write-after", "walk-bytes-written", "walk-write-overlooked"]
    assert write.claims[0].values["after"] == Duration(3_000_000_000)
    assert write.claims[1].values == {"sent": 100}
    story = idle_close().write_after_fin(64.0, CLIENT, 61.0, harmless="tls_alert", payload=TLS_ALERT)
    (write,) = [step for step in walk(case_of(story)) if step.kind is StepKind.WRITE]
    assert write.claims[-1] == claim("write-on-half-closed-harmless", local=Party.CLIENT, why="tls_alert")


def test_giving_up_and_plain_resets() -> None:
    gave_up, error = walk(case_of(Story().handshake().gave_up(6.0, 1)))[-1].claims
    assert gave_up == claim("walk-gave-up", who=Party.CLIENT, count=1)
    assert error == claim("walk-gave-up-error", who=Party.CLIENT)
    alone = walk(case_of(Story().handshake().reset(5.0, SERVER)))[-1].claims
    assert ids(alone) == ["walk-reset", "reset-answers-nothing-after"]
    story = Story().handshake().data(1.0, CLIENT).reset(1.2, SERVER, "data", 1.0)
    answers = walk(case_of(story))[-1].claims[1]
    assert answers.values == {"what": "data", "cause": FrameNumber(number(1.0))}


def test_gaps_far_before_the_end_are_counted_in_the_one_step_that_folds_them() -> None:
    """Of hundreds of gaps the walkthrough tells the last ones, and how many intervals went by before."""
    story, seconds = Story().data(0.9, CLIENT).data(1.0, SERVER), 1.1
    for number_of_probe in range(1, 121):
        seconds += 5.0 if number_of_probe % 3 else 20.0
        story.probe(round(seconds, 3))
    steps = walk(case_of(story, steady_neighbour(1, seconds)))
    assert len(steps) < 60
    (earlier,) = [step for step in steps if step.claims[0].id == "walk-earlier"]
    untold = earlier.claims[0].values["missed"]
    told = [step for step in steps if step.kind is StepKind.MISSED]
    assert isinstance(untold, int)
    assert untold > 0
    assert told
    assert all(step.start_ns > earlier.end_ns for step in told)


def given_up() -> Story:
    """The client sends its data again and again, nothing acknowledges it, and the client resets the connection."""
    story = Story().handshake().data(1.0, SERVER).sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, 8.0, 11.2)
    return story.frame(17.6, CLIENT, flags=FLAG_RST | FLAG_ACK)


def test_data_that_is_sent_again_to_the_end_is_a_step_of_its_own() -> None:
    steps = walk(case_of(given_up()))
    (repeats,) = [step for step in steps if step.kind is StepKind.REPEATS]
    assert (repeats.first_frame, repeats.last_frame, repeats.decisive) == (number(5.2), number(11.2), True)
    (told,) = repeats.claims
    assert (told.id, told.values["frame"], told.values["repeats"]) == ("data-never-acknowledged", number(5.0), 5)


def test_data_that_is_acknowledged_after_it_was_sent_again_is_no_such_step() -> None:
    story = Story().handshake().sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, 8.0).frame(8.1, SERVER, length=10)
    assert not [step for step in walk(case_of(story)) if step.kind is StepKind.REPEATS]


def test_a_syn_that_nobody_answers_is_told_with_its_tries() -> None:
    story = Story()
    for seconds in (1.0, 2.0, 4.0, 8.0):
        story.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=seconds > 1.0)
        story.lost.add(number(seconds))
    (step,) = walk(case_of(story))
    assert (step.kind, step.decisive, ids(step.claims)) == (StepKind.SYN, True, ["opening-unanswered"])
    assert step.claims[0].values["tries"] == 4
    opened = walk(case_of(Story().handshake().data(1.0, SERVER)))
    assert StepKind.SYN not in [step.kind for step in opened]


def test_what_decides_has_a_step_even_where_no_kind_of_step_tells_it() -> None:
    case = case_of(Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).data(9.0, CLIENT))
    deciding = claim("open-unbroken", (number(1.1), number(9.0)), answered=True)
    steps = walk(case, (deciding, claim("close-orderly", (number(1.0),))))
    (decisive,) = [step for step in steps if step.decisive]
    assert (decisive.claims, decisive.first_frame, decisive.last_frame) == ((deciding,), number(1.1), number(9.0))
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    closed = case_of(idle_close())
    fin = claim("close-first-segment", (closed.ending.fin.frame,) if closed.ending.fin else (), who=Party.SERVER)
    assert len(walk(closed, (fin,))) == len(walk(closed))


def test_an_acknowledgment_behind_a_gap_is_a_step_of_its_own() -> None:
    """It is of the data before the gap, but there is none in its step."""
    case = case_of_trace(f"""{PROBED}
        18.000 server len=10
        18.001 client ACK
        24.500 server ACK : missed
        24.600 server FIN : fin
        24.601 client ACK : fin_ack
    """)
    kinds = [step.kind for step in walk(case)]
    assert kinds[-5:] == [StepKind.DATA, StepKind.MISSED, StepKind.ACK, StepKind.FIN, StepKind.ACK]


@pytest.mark.parametrize(("ttl", "is_foreign"), [(63, True), (61, False)])
def test_an_rst_that_has_only_the_name_of_its_sender_is_told_so_everywhere(ttl: int, is_foreign: bool) -> None:
    """Verdict, steps, facts and headers have one word for whose the frame is."""
    case = case_of(Story().handshake().data(1.0, SERVER).reset(61.0, SERVER, ttl=ttl))
    (walked,) = (i for step in walk(case) for i in ids(step.claims) if i.startswith("walk-reset"))
    closer = next(fact for fact in key_facts(case) if fact.frames == (number(61.0),))
    (shown,) = decisive_frames(case).values()
    assert isinstance(closer.value, Claim)
    told = (verdict_of(case).claims[0].id, walked, closer.value.id, shown.id)
    by_name = ("reset-in-the-name", "walk-reset-by-name", "fact-closer-by-name", "shown-reset-by-name")
    assert told == (by_name if is_foreign else ("reset-by", "walk-reset", "fact-closer", "shown-reset"))


@pytest.mark.parametrize("is_asked", [True, False])
def test_a_next_hop_that_does_not_answer_is_a_step(is_asked: bool) -> None:
    """What decides may lie beside the connection, in frames that it does not have."""
    case = case_of(Story().handshake().data(1.0, SERVER).probes(6.0, 3), lasts=36.0)
    for seconds in (20.1, 20.6, 21.1) if is_asked else ():
        request = NeighbourRequest(number(seconds), at(seconds), CLIENT.host, "10.0.0.254")
        case.span.neighbours.requests.setdefault(CLIENT.host, []).append(request)
    found = [step for step in walk(case, verdict_of(case).deciding) if ids(step.claims) == ["next-hop-silent"]]
    assert [(s.first_frame, s.last_frame, s.decisive) for s in found] == (
        [(number(20.1), number(21.1), True)] if is_asked else []
    )


@pytest.mark.parametrize("closes_before", [True, False])
def test_a_fin_after_an_rst_in_its_senders_name_is_another_one_only_if_there_was_one(closes_before: bool) -> None:
    """The server lives on after a forged RST, and closes in order."""
    story = Story().handshake().data(1.0, SERVER)
    story = story.fin(61.0, SERVER, 1.0) if closes_before else story.reset(61.0, SERVER, ttl=63)
    story.frame(65.0, SERVER, flags=FLAG_FIN | FLAG_ACK)
    told = [i for step in walk(case_of(story)) for i in ids(step.claims)]
    assert ("walk-fin-again" in told, "walk-fin-after-rst" in told) == (closes_before, not closes_before)


def test_an_rst_that_refuses_a_syn_ended_nothing_before() -> None:
    refused = Story().frame(0.0, CLIENT, flags=FLAG_SYN).frame(0.001, SERVER, flags=FLAG_RST | FLAG_ACK)
    assert ids(walk(case_of(refused))[-1].claims) == ["walk-refuses-to-open"]
    twice = walk(case_of(refused.frame(0.002, SERVER, flags=FLAG_RST | FLAG_ACK)))
    assert ids(twice[-1].claims) in (["walk-refuses-to-open"], ["walk-another-reset"])


@pytest.mark.parametrize(
    ("gap", "told"), [(False, "keepalive-next-due"), (True, "walk-next-due")], ids=["all sent", "behind a gap"]
)
def test_that_no_probe_was_missing_is_not_said_behind_a_gap(gap: bool, told: str) -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 4 if gap else 13).probes(71.0, 4)
    steps = walk(case_of(story.fin(89.0, SERVER, 1.0)))
    assert any(step.kind is StepKind.MISSED for step in steps) == gap
    (fin,) = [step for step in steps if step.kind is StepKind.FIN]
    assert [name for name in ids(fin.claims) if name.endswith("next-due")] == [told]
