"""The same segment again and again, at the edges of what that tells."""

from __future__ import annotations

from itertools import pairwise

import pytest

from pyreport.diagnosis.explanations.retransmission_timeout import Repeated
from pyreport.diagnosis.result import Status
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, case_of, number, weigh
from tests.pyreport.told import ids, told

DOUBLING = (5.0, 5.3, 5.9, 7.1, 9.5, 14.3, 23.9, 43.1, 81.5, 158.3)


def asked(times: tuple[float, ...]) -> Story:
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    return story.sent_again(CLIENT, *times)


@pytest.mark.parametrize(
    ("times", "lasts", "log", "status", "why"),
    [
        (DOUBLING[:3], 60.0, "", Status.POSSIBLE, "retransmission-few"),
        (DOUBLING[:4], 60.0, "", Status.SUPPORTED, "retransmission-ran-out"),
        (DOUBLING[:4], 7.1 + 3 * 1.2, "", Status.POSSIBLE, "retransmission-repeats"),
        (DOUBLING[:4], 7.101 + 3 * 1.2, "", Status.SUPPORTED, "retransmission-ran-out"),
        (DOUBLING[:4], 8.0, "connection timed out", Status.SUPPORTED, "retransmission-log-timed-out"),
        (DOUBLING[:4], 8.0, "connection reset by peer", Status.POSSIBLE, "retransmission-repeats"),
        ((5.0, 5.5, 6.0, 6.5), 60.0, "", Status.POSSIBLE, "retransmission-no-backoff"),
    ],
)
def test_a_timer_has_run_out_when_the_next_copy_is_overdue(
    times: tuple[float, ...], lasts: float, log: str, status: Status, why: str
) -> None:
    found = weigh("retransmission_timeout", case_of(asked(times), log=log, lasts=lasts, local=CLIENT))
    assert (found.status, ids(found.evidence)[-1]) == (status, why)


@pytest.mark.parametrize("count", [2, 4, 5, 6, 10])
def test_the_last_gaps_are_told(count: int) -> None:
    found = weigh("retransmission_timeout", case_of(asked(DOUBLING[:count]), lasts=900.0))
    said = told(found.evidence, "retransmission-repeats")
    gaps = [round((after - before) * 1000) * 1_000_000 for before, after in pairwise(DOUBLING[:count])]
    assert said.frames == tuple(map(number, DOUBLING[:count]))
    assert said.values["repeats"] == count - 1
    last = said.values["gaps"]
    assert isinstance(last, tuple)
    assert list(last) == gaps[-len(last) :]
    assert said.values["are_all"] is (len(last) == len(gaps))


@pytest.mark.parametrize(
    ("flags", "length", "what"),
    [
        (FLAG_SYN, 0, Repeated.SYN),
        (FLAG_FIN | FLAG_ACK, 0, Repeated.FIN),
        (FLAG_FIN | FLAG_ACK, 10, Repeated.SEGMENT),
        (FLAG_ACK, 10, Repeated.SEGMENT),
    ],
)
def test_what_was_sent_again_is_told(flags: int, length: int, what: Repeated) -> None:
    story = Story() if flags == FLAG_SYN else Story().handshake().data(1.0, SERVER).frame(1.1, CLIENT)
    for seconds in DOUBLING[:5]:
        story.frame(seconds, CLIENT, flags=flags, length=length, retransmission=seconds > DOUBLING[0])
        story.lost.add(number(seconds))
    found = weigh("retransmission_timeout", case_of(story, lasts=90.0))
    assert told(found.evidence, "retransmission-repeats").values["what"] is what


def test_nothing_waits_at_the_end() -> None:
    answered = asked(DOUBLING[:3]).frame(6.5, CLIENT, length=100, retransmission=True).frame(6.6, SERVER)
    found = weigh("retransmission_timeout", case_of(answered, lasts=60.0))
    assert (found.status, ids(found.evidence)) == (Status.RULED_OUT, ["retransmission-acknowledged"])
    assert found.evidence[0].frames == (number(6.6),)
