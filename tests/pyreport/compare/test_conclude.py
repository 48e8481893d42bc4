"""Where it happened: the gravest conclusion, with its place, its confidence and its frames."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Duration, Party, Value
from pyreport.compare.conclusion import Conclusion, ConclusionKind, Where
from pyreport.diagnosis.result import Confidence
from pyreport.frames.finding import Level
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.compare.test_fate import probes
from tests.pyreport.compared import Wire

FIN = FLAG_FIN | FLAG_ACK
TO_SERVER = {"who": Party.CLIENT, "whom": Party.SERVER}


def said(conclusion: Conclusion) -> dict[str, dict[str, Value]]:
    """The values of its claims by their ids."""
    return {claim.id: dict(claim.values) for claim in conclusion.claims}


def test_nothing_lost_is_said_so() -> None:
    (told,) = Wire().talk(1).talk(2).conclusions()
    assert (told.kind, told.where, told.confidence) == (ConclusionKind.SAME, Where.NOWHERE, Confidence.CONFIRMED)
    assert said(told) == {"packets-are-in-both": {"count": 6}, "nothing-lost-or-made": {}}


def test_nothing_in_common_cannot_be_told() -> None:
    """Not one packet is in both: neither capture can say a word about the other."""
    wire = Wire().send(1, 0, length=5, far=False).send(2, 0, seq=5, length=7, near=False)
    kinds = {told.kind for told in wire.conclusions()}
    assert kinds == {ConclusionKind.UNDETERMINED}


def test_a_fin_that_arrived_was_made_by_its_sender() -> None:
    told = Wire().talk(1).send(5, 1, seq=100, ack=100, flags=FIN).conclusions()[0]
    assert (told.kind, told.where) == (ConclusionKind.ARRIVED, Where.SERVER)
    assert said(told)["close-sent-and-arrived"] == {"close": "fin", "who": Party.SERVER}
    assert told.frames == ((13,), (13,))


def test_a_forged_reset_outranks_the_real_fin_of_the_other_side() -> None:
    wire = Wire().talk(1).send(4, 0, seq=100, ack=100, flags=FIN).forged_reset(5)
    told = wire.send(6, 1, seq=100, ack=101, lost=True).conclusions()
    assert [t.kind for t in told[:2]] == [ConclusionKind.MADE_BETWEEN, ConclusionKind.ARRIVED]
    assert told[0].confidence is Confidence.CONFIRMED
    values = said(told[0])
    assert values["close-not-sent"] == {"close": "rst", "who": Party.SERVER, "whom": Party.CLIENT, "proven": True}
    later = values["sender-went-on"]["later"]
    assert isinstance(later, Duration)
    assert 990_000_000 < later < 1_000_000_000


def test_a_reset_at_each_end_that_the_other_did_not_send() -> None:
    wire = Wire().talk(1).forged_reset(5)
    wire.send(5, 0, seq=100, flags=FLAG_RST, near=False)
    told = wire.conclusions()
    assert [t.kind for t in told] == [ConclusionKind.MADE_BETWEEN]
    assert said(told[0]) == {"rst-made-towards-both": {"who": Party.CLIENT, "whom": Party.SERVER}}


def test_lost_probes_are_counted_and_cited() -> None:
    told = probes(Wire().talk(1), (2, 3, 4), stamped=True).conclusions()[0]
    assert (told.kind, told.where) == (ConclusionKind.LOST, Where.TO_SERVER)
    assert said(told) == {"probes-lost": {"count": 3, "first": 3, "last": 5, **TO_SERVER}}
    assert (len(told.frames[0]), told.frames[1]) == (3, ())


def test_a_host_that_sent_nothing_meanwhile_may_have_stood_still() -> None:
    """The server's capture has no frame of its host while three probes got lost; one does not ask for that."""
    silent = probes(Wire().talk(1), (2, 3, 4), stamped=True).conclusions()[0]
    single = probes(Wire().talk(1), (2,), stamped=True).conclusions()[0]
    assert (silent.confidence, bool(silent.doubt)) == (Confidence.LIKELY, True)
    assert (single.confidence, bool(single.doubt)) == (Confidence.CONFIRMED, False)


def test_lost_answers_are_lost_on_the_way_back() -> None:
    wire = Wire().talk(1).send(5, 0, seq=99, ack=100, stamp=5000)
    wire.send(5.003, 1, seq=100, ack=100, stamp=5001, lost=True).talk(8)
    told = wire.conclusions()[0]
    assert (told.kind, told.where) == (ConclusionKind.LOST, Where.TO_CLIENT)
    assert said(told) == {"answers-lost": {"count": 1, "first": 1, "last": 1, **TO_SERVER}}


def test_probes_that_arrive_and_get_no_answer_are_no_loss() -> None:
    wire = Wire().talk(1).send(5, 0, seq=99, ack=100, stamp=5000)
    wire.send(6, 0, seq=99, ack=100, stamp=6000)
    told = wire.conclusions()[0]
    assert (told.kind, told.where) == (ConclusionKind.NOT_ANSWERED, Where.SERVER)


def probed(wire: Wire, *times: float) -> Wire:
    """Probes of the client at these times, each answered."""
    for seconds in times:
        stamp = round(seconds * 1000)
        wire.send(seconds, 0, seq=99, ack=100, stamp=stamp).send(seconds + 0.003, 1, seq=100, ack=100, stamp=stamp)
    return wire


def test_a_probe_in_neither_capture_never_left() -> None:
    """The probes due at 4 and 5 s are in neither capture."""
    told = probed(Wire(until=7).talk(1), 2, 3, 6).conclusions()[0]
    assert (told.kind, told.where, told.confidence) == (ConclusionKind.NOT_SENT, Where.CLIENT, Confidence.CONFIRMED)


def test_a_probe_that_the_other_capture_has_was_only_not_captured() -> None:
    wire = probed(Wire(until=7).talk(1), 2, 3).send(4.5, 0, seq=99, ack=100, stamp=4500, near=False)
    told = probed(wire, 6).conclusions()
    assert ConclusionKind.NOT_SENT not in [t.kind for t in told]
    assert said(told[0]) == {"missed-probes-are-elsewhere": {"count": 2, **TO_SERVER}}


def large_lost(arrived: int = 100, count: int = 4, *, small_after: bool = True) -> Wire:
    """Full segments that are sent again and again and do not arrive, and smaller ones that do."""
    wire = Wire().send(1, 1, length=arrived).send(1.1, 0, ack=arrived)
    for number in range(count):
        wire.send(2 + number, 1, seq=arrived, length=1_448, lost=True)
    if small_after:
        wire.send(9, 1, seq=arrived + 1_448, length=50)
    return wire.send(9.1, 0, ack=arrived)


@pytest.mark.parametrize(
    ("wire", "is_told"),
    [
        (large_lost(), True),
        (large_lost(arrived=1_448), False),
        (large_lost(count=2), False),
        (large_lost(small_after=False), False),
    ],
)
def test_what_got_lost_is_what_is_large(wire: Wire, is_told: bool) -> None:
    told = {claim.id: claim.values for conclusion in wire.conclusions() for claim in conclusion.claims}
    assert "payload-lost" in told
    assert told.get("payload-lost-is-the-large") == ({"least": 1_448, "most": 100} if is_told else None)


def test_payload_that_is_sent_again_and_arrives_is_no_incident() -> None:
    wire = Wire().talk(1).send(3, 0, seq=100, ack=100, length=10, stamp=3000, lost=True)
    wire.send(3.3, 0, seq=100, ack=100, length=10, stamp=3300).send(3.31, 1, seq=100, ack=110, stamp=3310)
    told = wire.conclusions()[0]
    assert (told.kind, told.where, told.level) == (ConclusionKind.LOST, Where.TO_SERVER, Level.NOTE)
    assert said(told) == {
        "payload-lost": {"count": 1, "left": 3, **TO_SERVER},
        "payload-arrived-again": {"who": Party.CLIENT},
    }


def test_the_write_after_the_fin_is_followed_to_the_other_end() -> None:
    wire = Wire().talk(1).send(5, 1, seq=100, ack=100, flags=FIN)
    wire.send(9, 0, seq=100, ack=101, length=20)
    assert TO_SERVER in [said(told).get("write-after-fin-arrived") for told in wire.conclusions()]


SYN_ACK = FLAG_SYN | FLAG_ACK
TO_CLIENT = {"who": Party.SERVER, "whom": Party.CLIENT}


def test_a_connection_whose_syn_acks_got_lost_was_not_opened() -> None:
    wire = Wire()
    for seconds in (1, 2, 4):
        wire.send(seconds, 0, seq=-1, flags=FLAG_SYN, stamp=seconds)
        wire.send(seconds + 0.01, 1, seq=-1, flags=SYN_ACK, stamp=seconds, lost=True)
    told = wire.conclusions()[0]
    assert (told.kind, told.where, told.level) == (ConclusionKind.LOST, Where.TO_CLIENT, Level.WARN)
    assert said(told) == {
        "openings-lost": {"opening": "syn_ack", "count": 3, **TO_CLIENT},
        "opening-never-arrived": {},
    }


def test_a_syn_that_got_lost_and_one_that_arrived() -> None:
    """It held the opening up for a second, and no more."""
    wire = Wire().send(1, 0, seq=-1, flags=FLAG_SYN, lost=True).send(2, 0, seq=-1, flags=FLAG_SYN)
    told = wire.send(2.01, 1, seq=-1, flags=SYN_ACK).talk(3).conclusions()[0]
    assert (told.kind, told.where, told.level) == (ConclusionKind.LOST, Where.TO_SERVER, Level.NOTE)
    assert said(told) == {
        "openings-lost": {"opening": "syn", "count": 1, **TO_SERVER},
        "opening-arrived-with-another": {"opening": "syn", "who": Party.CLIENT},
    }


@pytest.mark.parametrize(("times", "is_told"), [((1, 2, 4), True), ((1,), False)])
def test_a_syn_that_arrived_and_was_not_answered(times: tuple[int, ...], is_told: bool) -> None:
    """One alone proves nothing: its answer may have come after the end of the capture."""
    wire = Wire()
    for seconds in times:
        wire.send(seconds, 0, seq=-1, flags=FLAG_SYN, stamp=seconds)
    told = wire.conclusions()[0]
    assert (said(told).get("syn-not-answered") == {"count": len(times), "whom": Party.SERVER}) is is_told
    assert (told.kind is ConclusionKind.NOT_ANSWERED) is is_told
    assert told.where is (Where.SERVER if is_told else Where.NOWHERE)


def test_payload_that_something_on_the_way_made() -> None:
    """It is no acknowledgment, and the end in whose name it came went on without it."""
    wire = Wire().talk(1).send(2, 1, seq=100, ack=100, length=50, near=False)
    told = wire.send(3, 1, seq=100, ack=100, length=20).conclusions()[0]
    assert (told.kind, told.where, told.level) == (ConclusionKind.MADE_BETWEEN, Where.BETWEEN, Level.WARN)
    assert said(told)["payload-not-sent"] == {"count": 1, "proven": True, **TO_CLIENT}


def test_payload_that_all_got_lost() -> None:
    wire = Wire().talk(1)
    for seconds in (2, 3):
        wire.send(seconds, 0, seq=100, ack=100, length=70, lost=True)
    told = wire.conclusions()[0]
    assert said(told)["payload-lost"] == {"count": 2, "left": 3, **TO_SERVER}
