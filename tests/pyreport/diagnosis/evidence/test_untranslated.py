"""A segment that came under another address and was refused, at the edges of what tells it."""

from __future__ import annotations

from typing import Any

import pytest

from pyreport.base.claim import Claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.index import build_index
from pyreport.diagnosis.evidence.untranslated import untranslated, untranslated_opening
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, CaptureSpan, Frame
from tests.pyreport.cases import CLIENT, FAR, NEAR, SERVER, START_NS, case_in

#: The numbers of the rules (pyreport.diagnosis.thresholds), once more: what a test takes from there, it cannot notice.
MOST_STRAYS = 10
NEAR_NUMBERS = 6_291_456
STRAY_FRAMES = 20

POD, SEQ, ACKED, FAR_OFF = Endpoint("10.8.2.9:8000"), 900_000, 5_000, 2**31
MS = 1_000_000


class Wire:
    """Frames as they come, each a millisecond after the one before unless told otherwise."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []

    def send(
        self, source: Endpoint, to: Endpoint, seq: int, ack: int, *, stream: int = 0, flags: int = FLAG_ACK,
        length: int = 0, ms: int | None = None,
    ) -> Wire:  # fmt: skip
        number = len(self.frames) + 1
        ttl = NEAR if source == CLIENT else FAR
        time_ns = START_NS + (number if ms is None else ms) * MS
        self.frames.append(Frame(number, time_ns, stream, source, to, seq, ack, length, flags, ttl))
        return self


def told(
    *, off: int = 0, acked: int = ACKED, flags: int = FLAG_ACK, refusal: int | None = ACKED, before: str = "both",
    opens: bool = False, more: int = 0, others: int = 0, ms: int = 20, end: Endpoint = CLIENT,
    refuses: int = FLAG_RST, acknowledged: bool = False,
) -> Claim | None:  # fmt: skip
    """The server's data, of which one segment comes to the client from a pod's address, at ``ms``, and is refused."""
    wire = Wire()
    far = SERVER if end == CLIENT else CLIENT
    if before in ("both", "came"):
        wire.send(far, end, SEQ - 1_000, ACKED, length=1_000)
    if before in ("both", "sent"):
        wire.send(end, far, ACKED - 100, SEQ - 100, length=100)
    for stream in range(2, 2 + others):
        wire.send(POD, end, FAR_OFF, 1, stream=stream, ms=ms - 2).send(
            end, POD, 1, 1, stream=stream, flags=FLAG_RST, ms=ms - 2
        )
    if opens:
        wire.send(end, POD, acked - 1, 0, stream=1, flags=FLAG_SYN, ms=ms - 1)
    wire.send(POD, end, SEQ + off, acked, stream=1, flags=flags, length=1_000, ms=ms)
    if acknowledged:
        wire.send(end, POD, acked, SEQ + off, stream=1, ms=ms)
    if refusal is not None:
        wire.send(end, POD, refusal, 0, stream=1, flags=refuses, ms=ms)
    for _ in range(more):
        wire.send(POD, end, SEQ + off, acked, stream=1, flags=FLAG_RST, ms=ms)
    wire.send(far, end, SEQ, ACKED, length=500, ms=30).send(end, far, ACKED, SEQ + 500, ms=31)
    span = CaptureSpan()
    for frame in wire.frames:
        span.cover(frame.number, frame.time_ns)
    return untranslated(case_in(build_index(wire.frames), span, local=CLIENT))


@pytest.mark.parametrize("end", [CLIENT, SERVER])
def test_a_segment_of_the_connection_from_another_address_that_is_refused(end: Endpoint) -> None:
    found = told(end=end)
    assert found is not None
    assert (found.frames, found.values["source"]) == ((3, 4), POD)
    assert (found.values["frame"], found.values["refusal"]) == (3, 4)


@pytest.mark.parametrize(
    ("off", "acked", "is_told"),
    [
        (NEAR_NUMBERS - 1, ACKED, True),
        (NEAR_NUMBERS, ACKED, False),
        (-NEAR_NUMBERS + 1, ACKED, True),
        (-NEAR_NUMBERS, ACKED, False),
        (0, ACKED - 1, True),
        (0, ACKED + 1, False),  # what this end has not sent
        (0, ACKED - NEAR_NUMBERS + 1, True),
        (0, ACKED - NEAR_NUMBERS, False),
    ],
)
def test_its_numbers_are_near_those_of_the_connection(off: int, acked: int, is_told: bool) -> None:
    assert (told(off=off, acked=acked, refusal=acked) is not None) is is_told


def test_what_is_not_refused_by_its_own_number_or_begins_a_connection_is_none() -> None:
    assert told(refusal=None) is None
    assert told(refusal=ACKED + 1) is None
    assert told(flags=0) is None  # no acknowledgment, so no number that an RST repeats
    assert told(opens=True) is None
    assert told(refuses=FLAG_ACK) is None
    for before in ("came", "sent"):  # the numbers of one side are not known
        assert told(before=before) is None


@pytest.mark.parametrize(("frames", "is_told"), [(STRAY_FRAMES, True), (STRAY_FRAMES + 1, False)])
def test_a_stray_is_a_few_frames(frames: int, is_told: bool) -> None:
    assert (told(more=frames - 2) is not None) is is_told


@pytest.mark.parametrize(("others", "is_told"), [(MOST_STRAYS - 1, True), (MOST_STRAYS, False)])
def test_the_first_of_many_are_looked_at(others: int, is_told: bool) -> None:
    assert (told(others=others) is not None) is is_told


@pytest.mark.parametrize(("ms", "is_told"), [(3, True), (31, True), (32, False), (0, False)])
def test_it_came_in_the_time_of_the_connection(ms: int, is_told: bool) -> None:
    """From its first frame, after 1 ms, to its last, after 31."""
    assert (told(ms=ms) is not None) is is_told


def test_what_refuses_it_is_the_rst_and_no_segment_before_it() -> None:
    found = told(acknowledged=True)
    assert found is not None
    assert found.frames == (3, 5)


def opening(
    *, acked: int = 1_001, refusal: int = 1_001, answers: int = FLAG_SYN | FLAG_ACK, refuses: int = FLAG_RST,
    by: Endpoint = CLIENT, ms: int = 20, opens: bool = False,
) -> Claim | None:  # fmt: skip
    """The client's SYNs, whose answer comes from a pod's address at ``ms``, and is refused."""
    wire = Wire()
    frames = [(10 * n, CLIENT, SERVER, 1_000, 0, 0, FLAG_SYN) for n in range(2)]
    frames.append((ms, POD, CLIENT, 9_000, acked, 1, answers))
    far = POD if by == CLIENT else CLIENT
    frames.append((ms, by, far, refusal, 0, 1, refuses))
    if opens:
        frames.append((30, SERVER, CLIENT, 5_000, 1_001, 0, FLAG_SYN | FLAG_ACK))
        frames.append((31, CLIENT, SERVER, 1_001, 5_001, 0, FLAG_ACK))
    for at, source, to, seq, ack, stream, flags in sorted(frames, key=lambda frame: frame[0]):
        wire.send(source, to, seq, ack, stream=stream, flags=flags, ms=at)
    span = CaptureSpan()
    for frame in wire.frames:
        span.cover(frame.number, frame.time_ns)
    return untranslated_opening(case_in(build_index(wire.frames), span, local=CLIENT))


def test_a_syn_ack_from_another_address_that_the_client_refuses() -> None:
    found = opening()
    assert found is not None
    assert (found.id, found.frames, found.values["source"]) == ("opening-untranslated", (3, 4), POD)
    assert (found.values["frame"], found.values["refusal"]) == (3, 4)


@pytest.mark.parametrize(
    "alike",
    [
        {"acked": 1_002, "refusal": 1_002},  # of another SYN
        {"refusal": 1_002},
        {"answers": FLAG_ACK},
        {"refuses": FLAG_ACK},
        {"by": POD},
        {"opens": True},  # the right one came, too
        {"ms": 211},  # later than an answer takes
    ],
)
def test_what_answers_no_syn_or_is_not_refused_or_comes_beside_an_answer_is_none(alike: dict[str, Any]) -> None:
    assert opening(**alike) is None


def test_it_comes_within_what_is_no_late_answer_and_not_before_the_syn() -> None:
    assert opening(ms=210) is not None
    assert opening(ms=5) is not None
    assert opening(ms=-1) is None
