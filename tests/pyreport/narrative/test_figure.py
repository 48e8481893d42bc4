"""What the timeline figure is given to draw."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Claim, Duration, claim
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN
from pyreport.narrative.figure import MARGIN, timeline
from pyreport.narrative.model import LaneEventKind, SpanKind, Timeline
from pyreport.render.timeline.draw import draw_timeline
from pyreport.render.timeline.footer import MOST_NEIGHBOURS
from pyreport.words import Words
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    Story,
    at,
    case_of,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    steady_neighbour,
)
from tests.pyreport.svg_geometry import SVG, read


def incident() -> Timeline:
    case = case_of(overlooked_close(), steady_neighbour(1, 100.0), log="broken pipe", logged=113.0)
    figure = timeline(case)
    assert figure is not None
    return figure


def test_it_covers_the_last_data_to_the_log_line() -> None:
    figure = incident()
    margin = int((at(113.0) - at(1.0)) * MARGIN)
    assert (figure.start_ns, figure.end_ns) == (at(1.0) - margin, at(113.0) + margin)
    assert [Words().tell(name) for name in figure.lane_names] == [f"Client {CLIENT}", f"Server {SERVER}"]


def test_every_mark_is_on_its_side() -> None:
    marks = [(event.lane, event.kind, event.frame) for event in incident().events]
    routine = [mark for mark in marks if mark[1] in (LaneEventKind.PROBE, LaneEventKind.ANSWER)]
    assert len(routine) == 23
    assert [mark for mark in marks if mark not in routine] == [
        (0, LaneEventKind.DATA, number(0.9)),
        (1, LaneEventKind.DATA, number(1.0)),
        (1, LaneEventKind.FIN, number(61.0)),
        (0, LaneEventKind.ACK, number(61.001)),
        (1, LaneEventKind.RESET, number(66.2)),
        (0, LaneEventKind.LOG, None),
    ]


def test_labels_are_on_what_decides() -> None:
    labels = [event.label for event in incident().events if isinstance(event.label, Claim)]
    assert [(label.id, *label.values.values()) for label in labels] == [
        ("figure-first-probe", number(6.1)),
        ("figure-last-probe", number(56.1)),
        ("figure-fin", number(61.0)),
        ("figure-fin-ack", number(61.001)),
        ("figure-probe-after-fin", number(66.0)),
        ("figure-reset", number(66.2)),
        ("figure-logged", "write: broken pipe"),
    ]


@pytest.mark.parametrize(("in_vain", "label"), [(3, "figure-last-answered-probe"), (0, "figure-last-probe")])
def test_the_last_probe_is_named_so_only_when_none_follows(in_vain: int, label: str) -> None:
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 3)
    figure = timeline(case_of(story.probes_in_vain(21.0, in_vain) if in_vain else story, lasts=60.0))
    assert figure is not None
    labels = [event.label.id for event in figure.events if isinstance(event.label, Claim)]
    assert labels == ["figure-first-probe", label]


def test_spans() -> None:
    spans = [(span.kind, span.start_ns, span.end_ns, span.label) for span in incident().spans]
    assert spans == [
        (SpanKind.IDLE, at(1.0), at(61.0), claim("figure-idle", age=Duration(60_000_000_000))),
        (SpanKind.CLOSE_WAIT, at(61.0), at(66.2), claim("figure-close-wait", kept=Duration(5_200_000_000))),
    ]


def test_missed_intervals_are_a_span() -> None:
    figure = timeline(case_of(gap_before_close()))
    assert figure is not None
    (missed,) = [span for span in figure.spans if span.kind is SpanKind.MISSED]
    assert (missed.start_ns, missed.end_ns) == (at(16.0), at(31.5))
    assert missed.label == claim("figure-missed", count=3)


def test_neighbours_are_the_local_hosts() -> None:
    figure = incident()
    (neighbour,) = figure.neighbours
    assert neighbour.name == f"10.0.0.1:41001 → {SERVER}"
    assert neighbour.probe_times_ns[0] == at(3.001)
    foreign = Story("10.0.7.7:41001", stream=1).probes(3.0, 5)
    other = timeline(case_of(overlooked_close(), foreign))
    assert other is not None
    assert other.neighbours == ()


def test_a_neighbour_that_was_open_before_and_closes_is_shown_with_its_close() -> None:
    old = Story("10.0.0.1:41002", stream=1).data(0.1, CLIENT.replace("40000", "41002")).fin(62.0, SERVER, 0.1)
    young = Story("10.0.0.1:41003", stream=2).data(30.0, CLIENT.replace("40000", "41003")).fin(62.1, SERVER, 30.0)
    figure = timeline(case_of(overlooked_close(), old, young))
    assert figure is not None
    (neighbour,) = figure.neighbours
    assert neighbour.name.startswith("10.0.0.1:41002")
    assert neighbour.closed == (LaneEventKind.FIN, at(62.0))
    assert neighbour.probe_times_ns == ()


def test_what_is_sent_again_has_its_mark_each_time_and_its_name_once() -> None:
    story = idle_close().frame(61.5, SERVER, flags=0x11).frame(62.5, SERVER, flags=0x11)
    figure = timeline(case_of(story))
    assert figure is not None
    fins = [event for event in figure.events if event.kind is LaneEventKind.FIN]
    assert [(event.frame, bool(event.label)) for event in fins] == [
        (number(61.0), True),
        (number(61.5), False),
        (number(62.5), False),
    ]


def test_an_unanswered_probe_has_its_own_mark() -> None:
    story = Story().handshake().probe(6.0, answered=False).probe(11.0).unanswered(6.0, 11.0, 1)
    figure = timeline(case_of(story))
    assert figure is not None
    kinds = {event.frame: event.kind for event in figure.events}
    assert kinds[number(6.0)] is LaneEventKind.UNANSWERED
    assert kinds[number(11.0)] is LaneEventKind.PROBE


def test_a_single_moment_has_no_figure() -> None:
    assert timeline(case_of(Story().data(1.0, CLIENT))) is None


def test_data_that_nobody_acknowledges_is_shown_from_its_first_copy_on() -> None:
    story = Story().handshake().data(1.0, SERVER).sent_again(CLIENT, 5.0, 5.2, 5.6, 6.4, 8.0, 11.2)
    figure = timeline(case_of(story.frame(17.6, CLIENT, flags=FLAG_RST | FLAG_ACK)))
    assert figure is not None
    (span,) = figure.spans
    assert (span.kind, span.start_ns, span.end_ns) == (SpanKind.UNACKNOWLEDGED, at(5.0), at(17.6))
    assert figure.start_ns <= at(5.0)


def test_a_connection_that_never_was_shows_its_syns() -> None:
    story = Story()
    for seconds in (1.0, 2.0, 4.0):
        story.frame(seconds, CLIENT, flags=FLAG_SYN, retransmission=seconds > 1.0)
        story.lost.add(number(seconds))
    figure = timeline(case_of(story))
    assert figure is not None
    assert [event.kind for event in figure.events] == [LaneEventKind.SYN] * 3
    assert [bool(event.label) for event in figure.events] == [True, False, False]
    opened = timeline(case_of(Story().handshake().data(0.5, SERVER)))
    assert opened is not None
    assert LaneEventKind.SYN not in {event.kind for event in opened.events}


def test_of_many_neighbours_one_more_is_told_of_than_is_drawn() -> None:
    """So the figure says that there are others, and does not take those it draws for all."""
    old = [
        Story(f"10.0.0.1:{41002 + index}", stream=1 + index)
        .data(0.1 + index / 100, f"10.0.0.1:{41002 + index}")
        .fin(62.0 + index / 100, SERVER, 0.1 + index / 100)
        for index in range(30)
    ]
    figure = timeline(case_of(overlooked_close(), *old))
    assert figure is not None
    assert len(figure.neighbours) == MOST_NEIGHBOURS + 1
    assert f"{MOST_NEIGHBOURS} of this host's other connections" in " ".join(
        element.text or "" for element in read(draw_timeline(figure, Words())).iter(f"{SVG}text")
    )
