"""The ladder: which frames are on it, what is said of them, and what left no frame."""

from __future__ import annotations

from pyreport.capture.packet_details import FrameHeaders
from pyreport.frames.tcp_state import TcpState
from pyreport.narrative.ladder import MOST_FRAMES, ladder, ladder_frames
from pyreport.narrative.model import Ladder, StepKind
from tests.pyreport.cases import SERVER, Story, at, case_of, gap_before_close, idle_close, number, overlooked_close


def drawn(story: Story, headers: tuple[FrameHeaders, ...] = (), log: str = "") -> Ladder:
    figure = ladder(case_of(story, log=log, logged=113.0 if log else None), headers)
    assert figure is not None
    return figure


def test_each_decisive_frame_is_a_rung_of_its_sender() -> None:
    rungs = drawn(overlooked_close()).rungs
    assert [(rung.end, rung.kind, rung.frame) for rung in rungs] == [
        (1, StepKind.DATA, number(1.0)),
        (0, StepKind.PROBE, number(56.1)),
        (1, StepKind.ANSWER, number(56.11)),
        (1, StepKind.FIN, number(61.0)),
        (0, StepKind.ACK, number(61.001)),
        (0, StepKind.PROBE, number(66.0)),
        (1, StepKind.RESET, number(66.2)),
    ]
    assert rungs[3].what.id == "figure-fin"
    assert rungs[3].detail.startswith("[FIN, ACK] Seq=")
    assert rungs[3].detail.endswith("Len=0")


def test_states_are_those_of_the_plugin_by_end() -> None:
    """Of a FIN of the peer: the sender is the peer."""
    headers = (FrameHeaders(number(61.0), (), (6, 8)), FrameHeaders(number(61.001), (), (8, 7)))
    by_frame = {rung.frame: rung.states for rung in drawn(overlooked_close(), headers).rungs}
    assert by_frame[number(61.0)] == (TcpState.CLOSE_WAIT, TcpState.FIN_WAIT_1)
    assert by_frame[number(61.001)] == (TcpState.CLOSE_WAIT, TcpState.FIN_WAIT_2)
    assert by_frame[number(66.2)] is None


def test_the_log_line_stands_at_its_time_at_the_local_end() -> None:
    last = drawn(overlooked_close(), log="broken pipe").rungs[-1]
    assert (last.end, last.kind, last.time_ns, last.frame, last.states) == (0, StepKind.LOG, at(113.0), None, None)


def test_a_probe_that_did_not_come_stands_when_it_was_due() -> None:
    figure = drawn(gap_before_close())
    (missed,) = [rung for rung in figure.rungs if rung.kind is StepKind.MISSED]
    assert missed.frame is None
    assert missed.time_ns < next(rung.time_ns for rung in figure.rungs if rung.kind is StepKind.FIN)
    assert not [rung for rung in drawn(idle_close()).rungs if rung.kind is StepKind.MISSED]


def test_who_gave_up_is_shown_with_what_it_waited_for() -> None:
    story = Story().data(0.9, SERVER).probe(5.0, answered=True).gave_up(10.0, 4)
    kinds = [rung.kind for rung in drawn(story).rungs]
    assert kinds.count(StepKind.UNANSWERED) == 2
    assert kinds[-1] is StepKind.RESET


def test_two_frames_are_no_ladder() -> None:
    assert ladder(case_of(Story().data(0.9, SERVER).frame(2.0, SERVER, flags=0x14)), ()) is None


def test_there_are_not_more_than_can_be_seen_at_once() -> None:
    assert len(ladder_frames(case_of(overlooked_close()))) <= MOST_FRAMES
