"""How long a connection had been idle when it ended, and how it ended."""

from __future__ import annotations

import pytest

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.idle_close import IdleClose, idle_close
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN
from pyreport.knowledge.known_timers import Ends
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number

S = 1_000_000_000
COPIES = (60.0, 60.3, 60.9, 62.1, 64.5)


def talked() -> Story:
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)


def closed(case: Case) -> IdleClose:
    found = idle_close(case)
    assert found is not None
    return found


@pytest.mark.parametrize(("probes", "local"), [(0, CLIENT), (3, CLIENT), (11, SERVER)])
def test_a_fin_after_a_silence(probes: int, local: str) -> None:
    story = talked()
    for index in range(probes):
        story.probe(5.0 * (index + 1), SERVER if local == SERVER else CLIENT)
    last = 5.0 * probes + 0.01 if probes else 1.1
    found = closed(case_of(story.fin(61.0, SERVER, 1.0), local=local))
    assert (found.ends, found.data_idle_ns) == (Ends.FIN, 60 * S)
    assert found.packet_idle_ns == round((61.0 - last) * 1e9)
    assert found.survived_data_ns == S // 10
    rests = [5.0 - 1.1, *[4.99] * (probes - 1)] if probes else []
    assert found.survived_packets_ns == round(max([0.889, *rests]) * 1e9)
    assert (found.probes_answered, found.closed_by_client) == (probes, False)
    assert found.frames == (number(1.0), number(61.0))
    assert (found.round_trip_ns, found.is_own_reset) == (11_000_000, False)


@pytest.mark.parametrize(("age", "is_idle"), [(2.0, True), (1.999, False)])
@pytest.mark.parametrize("by", [CLIENT, SERVER])
def test_two_seconds_are_idle(age: float, is_idle: bool, by: str) -> None:
    story = talked().data(5.0, SERVER).frame(5.01, CLIENT).fin(5.0 + age, by, 5.0)
    found = idle_close(case_of(story, local=CLIENT))
    assert (found is not None) is is_idle
    assert found is None or found.closed_by_client is (by == CLIENT)


@pytest.mark.parametrize(("copies", "ends"), [(1, None), (2, Ends.SILENT), (5, Ends.SILENT)])
def test_data_that_went_unanswered_more_than_once_ended_in_silence(copies: int, ends: Ends | None) -> None:
    found = idle_close(case_of(talked().sent_again(CLIENT, *COPIES[:copies]), lasts=200.0))
    assert (found.ends if found else None) == ends
    if found is not None:
        assert (found.data_idle_ns, found.packet_idle_ns) == (59 * S, round((60.0 - 1.1) * 1e9))
        assert found.frames == (number(1.0), number(COPIES[copies - 1]))
        assert found.closed_by_client is None


@pytest.mark.parametrize(("count", "ends"), [(1, None), (2, Ends.SILENT), (4, Ends.SILENT)])
def test_probes_that_nobody_answered_or_gave_up_as_well(count: int, ends: Ends | None) -> None:
    story = talked()
    for index in range(count):
        story.probe(60.0 + 5 * index, answered=False)
    story.expected.clear()
    found = idle_close(case_of(story, lasts=60.0 + 5 * count + 4.0))
    if ends is Ends.SILENT:
        assert found is not None
        assert (found.ends, found.frames[0], found.probes_answered) == (ends, number(1.0), 0)
    gave_up = closed(case_of(talked().gave_up(60.0, 3), lasts=90.0))
    assert (gave_up.ends, gave_up.data_idle_ns, gave_up.frames) == (Ends.SILENT, 59 * S, (number(1.0), number(75.0)))


def test_a_bare_fin_or_what_the_silent_side_had_closed_did_not_end_in_silence() -> None:
    fins = talked()
    for seconds in COPIES:
        fins.frame(seconds, CLIENT, flags=FLAG_FIN | FLAG_ACK, retransmission=seconds > 60.0)
        fins.lost.add(number(seconds))
    assert closed(case_of(fins, lasts=200.0, local=CLIENT)).ends is Ends.FIN
    had_closed = talked().fin(50.0, SERVER, 1.0).sent_again(CLIENT, *COPIES)
    assert closed(case_of(had_closed, lasts=200.0, local=CLIENT)).ends is Ends.FIN


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("own", [True, False])
def test_an_rst_by_itself_or_in_answer(answers: bool, own: bool) -> None:
    """``own``: it goes on where its socket was, so no device on the path sent it."""
    story = Story().handshake()
    for index, seconds in enumerate((0.5, 0.6, 0.7, 0.8, 1.0)):
        story.data(seconds, SERVER)
        if own:
            story.marked(seconds, ip_id=100 + index)
    story.frame(1.1, CLIENT)
    if answers:
        story.data(61.0, CLIENT).reset(61.02, SERVER, "data", 61.0)
    else:
        story.reset(61.0, SERVER)
    if own:
        story.marked(61.02 if answers else 61.0, ip_id=105)
    found = closed(case_of(at_the_server(story), local=CLIENT))
    assert (found.ends, found.data_idle_ns) == (Ends.RST_NEXT if answers else Ends.RST, 60 * S)
    assert found.is_own_reset is own
    assert found.frames == (number(1.0), number(61.02 if answers else 61.0))


def test_what_shows_no_payload_or_went_on_was_not_idle() -> None:
    assert idle_close(case_of(Story().frame(0.5, CLIENT).frame(0.6, SERVER).answering_fin(61.0, SERVER))) is None
    used = talked().fin(61.0, SERVER, 1.0).write_after_fin(62.0, CLIENT, 61.0, harmless="taken", acked=62.01)
    used.expected.clear()
    used.frame(62.01, SERVER)
    case = case_of(used, lasts=90.0, local=CLIENT)
    assert case.used_half_close
    assert idle_close(case) is None


def test_a_single_payload_has_outlived_no_silence() -> None:
    story = Story().frame(0.5, CLIENT).data(1.0, SERVER).answering_fin(61.0, SERVER)
    found = closed(case_of(story, local=CLIENT))
    assert (found.survived_data_ns, found.survived_packets_ns) == (0, S // 2)


def test_payload_that_answers_a_probe_is_payload_and_what_comes_before_it_does_not_count() -> None:
    """The peer's first segment that covers a probe answers it, with data or without."""
    story = talked().probe(6.0).probe(11.0, answered=False)
    story.expected.clear()
    story.data(11.01, SERVER).frame(11.02, CLIENT)
    assert closed(case_of(story.fin(41.01, SERVER, 11.01))).probes_answered == 0
