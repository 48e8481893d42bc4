"""Verdicts on an RST, by who sent it and what it may be worth."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.evidence.closing import ResetBy, reset_by
from pyreport.diagnosis.result import Attribution, Confidence, Kind
from pyreport.frames.frame import FLAG_ACK, FLAG_RST
from pyreport.narrative.cause import cause
from tests.dissector.trace import OPEN
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, verdict_of
from tests.pyreport.diagnosis.test_explanations_peer import flaw
from tests.pyreport.told import ids, told
from tests.pyreport.traced import case_of_trace


def talked() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)


@pytest.mark.parametrize(
    ("answers", "kind"), [(None, Kind.PEER_RESET), ("ack", Kind.LOCAL_CLOSED)], ids=["unasked", "an answer"]
)
def test_a_reply_that_is_broken_off_behind_a_half_close(answers: str | None, kind: Kind) -> None:
    """RFC 9293 section 3.6: who has sent all that it has to say closes its direction, and waits for the rest."""
    story = talked().data(2.0, CLIENT).frame(2.01, SERVER).fin(2.02, CLIENT, 2.0).frame(2.03, SERVER)
    story.write_after_fin(4.0, SERVER, 2.02, harmless="half_close", acked=4.01).frame(4.01, CLIENT)
    story.reset(4.5, SERVER, answers, 4.01 if answers else None)
    verdict = verdict_of(case_of(story, lasts=30.0, local=CLIENT))
    assert verdict.kind is kind
    assert (Attribution.PEER_SERVICE in verdict.attribution) is (kind is Kind.PEER_RESET)
    assert "reply-outstanding" not in ids(verdict.claims)
    if kind is Kind.PEER_RESET:
        assert told(verdict.claims, "reset-by").values["fins"] == "half"


@pytest.mark.parametrize("by", [CLIENT, SERVER])
@pytest.mark.parametrize("local", [CLIENT, SERVER])
@pytest.mark.parametrize("again", [None, 9.4, 11.0])
def test_an_rst_from_another_distance_is_a_devices(by: str, local: str, again: float | None) -> None:
    """Likely where the side that it names is heard a second later: it had not sent it."""
    story = talked().reset(9.0, by, ttl=50)
    if again is not None:
        story.frame(again, by, length=10)
    verdict = verdict_of(case_of(story, lasts=30.0, local=local))
    assert verdict.kind is Kind.MIDDLEBOX_CLOSED
    is_late = again == 11.0
    assert verdict.confidence is (Confidence.LIKELY if is_late else Confidence.POSSIBLE)
    far_end = Attribution.LOCAL_HOST if by == local else Attribution.PEER_SERVICE
    shares = (Attribution.NETWORK_PATH,) if is_late else (Attribution.NETWORK_PATH, far_end)
    assert verdict.attribution == shares


@pytest.mark.parametrize("at_server", [True, False])
def test_where_the_capture_was_taken_at_the_peer_no_device_is_in_question(at_server: bool) -> None:
    story = Story().handshake().data(0.9, SERVER).data(1.5, CLIENT).frame(1.6, SERVER).reset(2.0, SERVER)
    verdict = verdict_of(case_of(at_the_server(story) if at_server else story, lasts=30.0, local=CLIENT))
    assert verdict.kind is Kind.PEER_RESET
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not at_server


@pytest.mark.parametrize("counted", [True, False])
def test_an_rst_that_goes_on_where_its_socket_was_is_its_hosts(counted: bool) -> None:
    story = Story().handshake()
    for index, seconds in enumerate((0.5, 0.6, 0.7, 0.8, 0.9)):
        story.data(seconds, SERVER)
        if counted:
            story.marked(seconds, ip_id=100 + index)
    story.data(1.5, CLIENT).frame(1.6, SERVER).reset(2.0, SERVER)
    if counted:
        story.marked(1.6, ip_id=105).marked(2.0, ip_id=106)
    verdict = verdict_of(case_of(story, lasts=30.0, local=CLIENT))
    assert verdict.kind is Kind.PEER_RESET
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not counted


@pytest.mark.parametrize("local", [CLIENT, SERVER])
def test_the_own_end_resets(local: str) -> None:
    verdict = verdict_of(case_of(talked().reset(9.0, local), lasts=30.0, local=local))
    assert (verdict.kind, verdict.attribution) == (Kind.LOCAL_CLOSED, (Attribution.LOCAL_APPLICATION,))
    assert "reset-bare" not in ids(verdict.claims)


@pytest.mark.parametrize(("answers", "told"), [(True, True), (False, False)])
def test_a_bare_rst_of_the_own_end_seen_elsewhere_may_be_a_devices(answers: bool, told: bool) -> None:
    """Without an ACK, with a window of 0, and captured away from the end that it names."""
    story = talked().data(8.9, SERVER)
    story.lost.add(8901)
    story.reset(9.0, CLIENT, "data", 8.9) if answers else story.reset(9.0, CLIENT)
    story.marked(9.0, window=0)
    verdict = verdict_of(case_of(at_the_server(story), lasts=30.0, local=CLIENT))
    assert ("reset-bare" in ids(verdict.claims)) is told
    assert (verdict.kind is Kind.UNDETERMINED) is told


@pytest.mark.parametrize(("flags", "is_told"), [(FLAG_RST, False), (FLAG_RST | FLAG_ACK, True)])
@pytest.mark.parametrize("opens", [True, False])
def test_an_rst_without_an_ack_may_be_of_a_host_that_had_closed_before_the_capture(
    flags: int, is_told: bool, opens: bool
) -> None:
    """RFC 9293 section 3.10.7.1: who has no such connection answers without ACK. A capture that has the beginning would
    have the close.
    """
    story = Story()
    if opens:
        story.handshake()
    story.data(1.0, CLIENT).data(5.0, CLIENT).frame(5.01, SERVER, flags=flags)
    verdict = verdict_of(case_of(story, lasts=30.0, local=CLIENT))
    assert (verdict.kind is Kind.UNDETERMINED) is (not is_told and not opens)
    assert ("reset-may-follow-a-fin" in ids(verdict.claims)) is (not is_told and not opens)


@pytest.mark.parametrize("at_server", [True, False])
@pytest.mark.parametrize("asks", [True, False])
@pytest.mark.parametrize("is_whole", [True, False])
def test_who_may_have_sent_an_rst(at_server: bool, asks: bool, is_whole: bool) -> None:
    """A host without the connection sends nothing unasked; of what the capture lacks, nobody knows."""
    story = talked().data(8.0, CLIENT).frame(8.01, SERVER)
    if asks:
        story.data(8.9, CLIENT).reset(9.0, SERVER, "data", 8.9)
    else:
        story.reset(9.0, SERVER)
    flaws = () if is_whole else (flaw("lost_frames"),)
    case = case_of(at_the_server(story) if at_server else story, lasts=30.0, local=CLIENT, flaws=flaws)
    reset = case.ending.reset
    assert reset is not None
    is_asked = asks or not is_whole
    by = {
        (True, True): ResetBy.PROGRAM_OR_HOST,
        (True, False): ResetBy.PROGRAM,
        (False, True): ResetBy.ANY,
        (False, False): ResetBy.PROGRAM_OR_DEVICE,
    }[at_server, is_asked]
    assert reset_by(case, reset) is by
    told = cause(case, verdict_of(case))
    assert told is not None
    assert (told.id, told.values["by"]) == ("cause-peer-reset", by)


@pytest.mark.parametrize(("copies", "is_told"), [(3, False), (4, True), (6, True)])
def test_an_rst_that_only_the_last_of_many_copies_drew_is_told_so(copies: int, is_told: bool) -> None:
    """A host that was down until then, and does not know the connection any more."""
    story = talked().sent_again(CLIENT, *(9.0, 9.3, 9.9, 11.1, 13.5, 18.3)[:copies])
    last = (9.0, 9.3, 9.9, 11.1, 13.5, 18.3)[copies - 1]
    verdict = verdict_of(case_of(story.reset(last + 0.01, SERVER, "data", last), lasts=30.0, local=CLIENT))
    assert verdict.kind is Kind.PEER_RESET
    assert ("reset-after-copies" in ids(verdict.claims)) is is_told


@pytest.mark.parametrize("heard", [True, False])
def test_a_client_that_gives_up_what_the_path_lost_does_not_clear_the_path(heard: bool) -> None:
    """It closes, and refuses the reply that comes when its request arrives at last; ``heard``: the server was alive.
    Where it was not heard, it may be why, too.
    """
    story = talked().sent_again(CLIENT, 3.0, 3.2, 3.6, 4.4, 6.0)
    for seconds in (3.3, 4.0, 4.6, 5.2, 5.9) if heard else ():
        story.frame(seconds, SERVER)
    story.frame(8.8, CLIENT, length=100, retransmission=True).data(8.9, SERVER).reset(8.901, CLIENT, "data", 8.9)
    verdict = verdict_of(case_of(story, lasts=30.0))
    assert (verdict.kind, Attribution.NETWORK_PATH in verdict.attribution) == (Kind.LOCAL_CLOSED, True)
    assert (Attribution.PEER_SERVICE in verdict.attribution) is not heard
    assert ("wait-data-host-heard" in ids(verdict.claims)) is heard
    assert ("reset-answered-too-late" in ids(verdict.claims)) is not heard


@pytest.mark.parametrize(
    ("copies", "answer", "is_told"),
    [
        (4, "40.000 server RST no-ack : reset", True),
        (3, "40.000 server RST no-ack : reset", False),  # ordinary loss
        (4, "40.000 server ACK\n60.000 client len=10\n60.010 server RST no-ack : reset", False),
    ],
)
def test_an_rst_that_only_a_late_copy_drew_is_told(copies: int, answer: str, is_told: bool) -> None:
    """Not the copies of what had its answer before."""
    again = [f"{30 + 2**copy}.000 client len=100 seq-100" for copy in range(copies - 1)]
    case = case_of_trace("\n".join((OPEN, "30.000 client len=100", *again, answer, "90.000 other")))
    verdict = verdict_of(case)
    assert ("reset-after-copies" in ids(verdict.claims)) is is_told
    if is_told:
        said = told(verdict.claims, "reset-after-copies")
        assert (said.values["repeats"], said.values["lasted"]) == (copies - 1, 4_000_000_000)


@pytest.mark.parametrize(("counts", "why"), [(True, "reset-after-idle"), (False, "peer-idle-close-rst-round")])
def test_an_rst_after_a_silence_is_told_by_its_age_where_it_is_of_the_peers_socket(counts: bool, why: str) -> None:
    story = Story().handshake()
    for index, seconds in enumerate((0.5, 0.6, 0.7, 0.8, 0.9)):
        story.data(seconds, SERVER)
        if counts:
            story.marked(seconds, ip_id=100 + index)
    story.frame(1.0, CLIENT).reset(600.9, SERVER)
    if counts:
        story.marked(600.9, ip_id=105)
    verdict = verdict_of(case_of(story, lasts=700.0, local=CLIENT))
    assert verdict.kind is Kind.PEER_CLOSED_IDLE
    assert (Attribution.NETWORK_PATH in verdict.attribution) is not counts
    assert ids(verdict.claims) == ["reset-by", why]
