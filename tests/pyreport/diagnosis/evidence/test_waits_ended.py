"""What ends a stretch in which one side asked in vain."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.first_after_silence import first_after_silence
from pyreport.diagnosis.evidence.idle_close import idle_close
from pyreport.diagnosis.evidence.waits import answered_each, open_wait, waits, went_on_without
from pyreport.diagnosis.result import Attribution, Confidence, ExplanationId, Kind, Status
from tests.dissector.trace import OPEN
from tests.pyreport.cases import verdict_of
from tests.pyreport.diagnosis.evidence.test_small_passed import repeated
from tests.pyreport.diagnosis.test_explanations_passing import weigh
from tests.pyreport.told import ids
from tests.pyreport.traced import case_of_trace


@pytest.mark.parametrize(
    ("reset", "is_refused"),
    [("7.500 server RST no-ack : reset", True), ("7.500 server RST ack-100 : reset", False)],
    ids=["the number that the segment acknowledged", "of a socket that did not have the segment"],
)
def test_an_rst_that_answers_a_repeated_segment_shows_that_it_arrived(reset: str, is_refused: bool) -> None:
    case = case_of_trace(repeated(100, between=reset))
    (wait,) = [wait for wait in waits(case) if wait.is_data]
    assert wait.is_refused is is_refused
    assert (open_wait(case) is None) is is_refused
    told = ids(weigh(ExplanationId.RETRANSMISSION_TIMEOUT, case).evidence)
    assert ("retransmission-refused" in told) is is_refused
    assert (verdict_of(case).kind is Kind.PEER_RESET) is is_refused


@pytest.mark.parametrize(
    ("closed", "is_refused"),
    [("10.000 client FIN : fin", False), ("8.050 client FIN : fin", True), ("10.000 client len=100 seq-100", True)],
    ids=["its sender's FIN, long after", "either", "one more copy"],
)
def test_an_rst_answers_what_its_sender_was_sent_last(closed: str, is_refused: bool) -> None:
    """The socket that never had the segment is gone when the FIN comes."""
    text = f"""
        {OPEN}
        4.000 client len=100
        4.200 client len=100 seq-100
        5.000 client len=100 seq-100
        6.000 client len=100 seq-100
        8.000 client len=100 seq-100
        {closed}
        10.001 server RST no-ack : {"reset/Note" if "FIN" in closed else "reset"}
        12.000 other
    """
    (wait,) = [wait for wait in waits(case_of_trace(text)) if wait.is_data]
    assert wait.is_refused is is_refused


@pytest.mark.parametrize("is_accepted", [True, False])
def test_a_server_that_sends_its_syn_ack_again_has_not_taken_the_connection(is_accepted: bool) -> None:
    """Linux drops the end of a handshake for which its accept queue has no room (tcp_check_req())."""
    heard = "server ACK ack-100" if is_accepted else "server SYN seq-1 ack-100"
    text = f"""
        0.000 client SYN
        0.001 server SYN
        0.002 client ACK
        1.000 client len=100
        1.200 client len=100 seq-100
        1.600 client len=100 seq-100
        2.000 {heard}
        2.400 client len=100 seq-100
        3.200 {heard}
        4.000 client len=100 seq-100
        4.500 other
    """
    loss = weigh(ExplanationId.PATH_LOSS, case_of_trace(text))
    assert (loss.weightiest.id == "wait-data-not-accepted") is not is_accepted
    assert loss.status is (Status.SUPPORTED if is_accepted else Status.POSSIBLE)


@pytest.mark.parametrize(("asked", "silence_ns"), [("2.000", None), ("32.000", 30_997_000_000)])
def test_a_silence_ends_with_the_first_copy_of_what_draws_an_rst(asked: str, silence_ns: int | None) -> None:
    """The times between the copies are the sender's timer, and no silence of the connection."""
    first = int(float(asked))
    again = "\n".join(f"{first + after} client len=100 seq-100" for after in (1, 3, 7))
    case = case_of_trace(f"""{OPEN}
        {asked} client len=100
        {again}
        {first + 7}.020 server RST no-ack : reset
        {first + 8}.000 other
    """)
    found = first_after_silence(case)
    assert (None if found is None else found.silence_ns) == silence_ns
    idle = idle_close(case)
    assert (None if idle is None else idle.packet_idle_ns) == silence_ns


IN_VAIN = "\n".join(f"{seconds} client len=600{again}" for seconds, again in [
    ("5.000", ""), ("5.300", " seq-600"), ("5.900", " seq-600"), ("7.100", " seq-600"), ("9.500", " seq-600"),
])  # fmt: skip


@pytest.mark.parametrize(
    ("meanwhile", "drawn_by", "proves"),
    [
        ("", "20.000 client FIN : fin", True),
        ("", "20.000 client len=10", True),
        ("", "20.000 other", False),  # nobody knows what drew it
        ("7.150 server ACK ack-600", "20.000 client FIN : fin", False),  # it answers copies, too: they arrive
    ],
)
def test_an_acknowledgment_of_less_tells_where_something_else_drew_it(
    meanwhile: str, drawn_by: str, proves: bool
) -> None:
    """A host answers what it does not take in by the acknowledgment of what it has (RFC 9293 section 3.10.7.4)."""
    less = {"FIN": "ack-601", "len": "ack-610"}
    how = next((ack for word, ack in less.items() if word in drawn_by), "ack-600")
    case = case_of_trace(f"{OPEN}\n{IN_VAIN}\n{meanwhile}\n{drawn_by}\n20.100 server ACK {how}\n40.000 other")
    wait = next(wait for wait in waits(case) if wait.is_data)
    assert (went_on_without(case, wait) is not None) is proves
    told = ids(weigh(ExplanationId.MTU_BLACK_HOLE, case).evidence)
    assert ("wait-data-went-on-without" in told) is proves


@pytest.mark.parametrize(
    ("answers", "is_told"),
    [
        (("5.310", "5.910", "7.110"), True),
        (("5.310", "5.910"), False),  # so many may be by chance
        (("5.510", "6.210", "8.000"), False),  # not at once: something else may have drawn them
    ],
)
@pytest.mark.parametrize("how", ["ACK ack-600", "len=10 ack-600", "ACK ack-600 win=0"])
def test_copies_that_draw_an_acknowledgment_of_nothing_new_arrive(
    answers: tuple[str, ...], is_told: bool, how: str
) -> None:
    """A host that does not accept a number or a timestamp answers so (RFC 9293 section 3.10.7.4). What it sends by
    itself proves the contrary, and a window that is shut is the application's.
    """
    drawn = "\n".join(f"{at} server {how}" for at in answers)
    lines = sorted([*IN_VAIN.splitlines(), *drawn.splitlines()], key=lambda line: float(line.split()[0]))
    case = case_of_trace(f"{OPEN}\n" + "\n".join(lines) + "\n60.000 other")
    is_told = is_told and how == "ACK ack-600"
    found = [wait for wait in waits(case) if wait.is_data and answered_each(case, wait)]
    assert bool(found) is is_told
    loss, verdict = weigh(ExplanationId.PATH_LOSS, case), verdict_of(case)
    assert (loss.weightiest.id == "wait-data-not-taken-in") is is_told
    assert ("wait-data-not-taken-in" in ids(verdict.claims)) is is_told
    if is_told:
        assert loss.status is Status.NO_EVIDENCE
        assert verdict.confidence is Confidence.POSSIBLE
        assert set(verdict.attribution) == {Attribution.PEER_SERVICE, Attribution.NETWORK_PATH}


@pytest.mark.parametrize(("last", "is_told"), [("", True), (" win=1", True), (" win=0", False)])
def test_an_answer_that_shuts_the_window_does_not_tell_what_became_of_the_copy(last: str, is_told: bool) -> None:
    drawn = f"5.310 server ACK ack-600\n5.910 server ACK ack-600\n7.110 server ACK ack-600{last}"
    lines = sorted([*IN_VAIN.splitlines(), *drawn.splitlines()], key=lambda line: float(line.split()[0]))
    case = case_of_trace(f"{OPEN}\n" + "\n".join(lines) + "\n60.000 other")
    assert any(answered_each(case, wait) for wait in waits(case)) is is_told


@pytest.mark.parametrize(("heard", "is_dropped"), [("", True), ("66.000 server ACK ack-100", False)])
def test_what_lets_an_answer_through_has_not_forgotten_the_connection(heard: str, is_dropped: bool) -> None:
    again = "\n".join(f"{at} client len=100 seq-100" for at in ("60.300", "60.900", "62.100", "64.500"))
    again += "" if heard else " : => retransmission_timeout"
    case = case_of_trace(f"{OPEN}\n60.000 client len=100\n{again}\n{heard}\n120.000 other")
    assert (first_after_silence(case) is not None) is is_dropped
