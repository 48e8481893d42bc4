"""Whose frame the closing one is: what an RST without options is worth, and a packet counter that goes on."""

from __future__ import annotations

import pytest

from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.evidence.likeness import Likeness, Mark, goes_on_after, is_counter, is_rising, likeness
from pyreport.diagnosis.result import Attribution, Kind, Status
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, at_the_server, case_of, number, verdict_of, weigh

#: The numbers of the rules (pyreport.diagnosis.thresholds), once more: what a test takes from there, it cannot notice.
FARTHEST_ID = 64
NEW_COUNTER = 1_000

TIMES = (1.0, 1.1, 2.0, 2.1, 3.0, 3.1)


def closed_by(story: Story) -> Likeness:
    connection = case_of(story).connection
    closing = connection.frame(number(61.0))
    assert closing is not None
    return likeness(connection, closing)


def marks_of(found: Likeness) -> set[Mark]:
    return {mark for mark, _ in found.signs}


def talked() -> Story:
    story = Story().handshake()
    for seconds in TIMES:
        story.data(seconds, CLIENT)
    return story.frame(3.2, SERVER)


def numbered(ids: tuple[int, ...], last: int) -> Story:
    """The client's packets with these identifications, then its RST with the last one."""
    story = talked().reset(61.0, CLIENT).marked(61.0, ip_id=last, window=0)
    for seconds, ip_id in zip(TIMES, ids, strict=True):
        story.marked(seconds, ip_id=ip_id)
    return story


def test_an_rst_with_an_ack_of_a_side_that_never_used_options_is_not_bare() -> None:
    assert not closed_by(talked().reset(61.0, CLIENT).marked(61.0, window=0)).is_bare


def test_an_rst_without_an_ack_or_without_the_options_of_its_side_is() -> None:
    refused = talked().frame(60.9, SERVER).reset(61.0, CLIENT, "ack", 60.9)
    assert closed_by(refused.marked(61.0, window=0)).is_bare
    stamped = talked().reset(61.0, CLIENT).marked(61.0, window=0)
    for seconds in TIMES:
        stamped.marked(seconds, timestamp=round(seconds * 1000))
    assert closed_by(stamped).is_bare


def test_what_has_a_window_or_is_no_rst_is_not_bare() -> None:
    """A kernel without a socket has no window to offer, and refuses by an RST alone."""
    refused = talked().frame(60.9, SERVER).reset(61.0, CLIENT, "ack", 60.9)
    assert not closed_by(refused.marked(61.0, window=500)).is_bare
    closed = stamped(0).marked(61.0, timestamp=None, window=0)
    assert not closed_by(closed).is_bare


@pytest.mark.parametrize(
    ("ids", "last", "is_own"),
    [
        ((100, 115, 1_080, 1_083, 1_082, 1_084), 1_128, True),  # the host's counter, two packets in another order
        ((65_500, 65_515, 20, 23, 22, 24), 60, True),  # it wraps
        ((100, 115, 1_080, 1_083, 1_082, 1_084), 30_000, False),  # another counter
        ((100, 40_000, 7, 30_000, 12, 20_000), 20_010, False),  # no counter at all
        ((100, 100, 100, 100, 100, 100), 101, False),  # one number for all packets
    ],
)
def test_a_counter_of_the_whole_host_that_goes_on_is_that_hosts(ids: tuple[int, ...], last: int, is_own: bool) -> None:
    assert closed_by(numbered(ids, last)).is_own_socket is is_own


def test_a_client_that_resets_its_idle_connection_is_known_at_the_server_too() -> None:
    case = case_of(at_the_server(numbered((100, 115, 1_080, 1_083, 1_082, 1_084), 1_128)))
    verdict = verdict_of(case)
    assert (verdict.kind, verdict.attribution) == (Kind.LOCAL_CLOSED, (Attribution.LOCAL_APPLICATION,))
    assert weigh("middlebox_close", case).status is Status.RULED_OUT


@pytest.mark.parametrize(
    ("usual", "closing", "mark"),
    [
        (61, 61, Mark.SAME_TTL),
        (61, 125, Mark.OTHER_FIRST_TTL),  # three routers from 64 as from 128
        (61, 252, Mark.OTHER_FIRST_TTL),
        (64, 128, Mark.OTHER_FIRST_TTL),  # none from either
        (61, 62, Mark.OTHER_DISTANCE),
        (61, 60, Mark.OTHER_DISTANCE),
        (61, 64, Mark.OTHER_DISTANCE),
        (61, 124, Mark.OTHER_DISTANCE),
    ],
)
def test_the_hop_limit_tells_how_far_away_the_sender_was(usual: int, closing: int, mark: Mark) -> None:
    story = talked()
    story.hop_limit[story.client] = usual
    assert mark in marks_of(closed_by(story.reset(61.0, CLIENT, ttl=closing)))


def test_the_usual_hop_limit_is_the_commonest() -> None:
    """A path that changed for one packet makes none of its hop limits usual."""
    story = talked().reset(61.0, CLIENT, ttl=125)
    story.hop_limit[story.client] = 61
    story.frame(3.1, CLIENT, length=100, ttl=50)
    signs = [told for _, told in closed_by(story).signs if told.id == "closing-frame-other-first-ttl"]
    assert [told.values["usual"] for told in signs] == [61]


def stamped(late_ms: int, flags: int = FLAG_FIN | FLAG_ACK, *, since: float = 1.0, every: bool = True) -> Story:
    """The client's timestamps count milliseconds; that of its close is so far off. ``since``: its first data."""
    story = Story().handshake()
    times = (since, (since + 3.1) / 2, 3.1)
    for seconds in (0.0, 0.011) if since == 1.0 and every else ():
        story.marked(seconds, timestamp=5_000 + round(seconds * 1000))
    for seconds in times:
        story.data(seconds, CLIENT).marked(seconds, timestamp=5_000 + round(seconds * 1000))
    story.frame(3.2, SERVER).frame(61.0, CLIENT, flags=flags)
    return story.marked(61.0, timestamp=5_000 + 61_000 + late_ms)


@pytest.mark.parametrize(
    ("late_ms", "mark"),
    [
        (0, Mark.TIMESTAMP_ON_LINE),
        (1_250, Mark.TIMESTAMP_ON_LINE),  # 2 % of 57.9 s and 100 ms are 1.258 s
        (-1_250, Mark.TIMESTAMP_ON_LINE),
        (1_258, Mark.TIMESTAMP_ON_LINE),
        (1_259, Mark.TIMESTAMP_OFF_LINE),
        (1_270, Mark.TIMESTAMP_OFF_LINE),
        (-1_270, Mark.TIMESTAMP_OFF_LINE),
    ],
)
def test_a_timestamp_lies_on_its_senders_line_or_off_it(late_ms: int, mark: Mark) -> None:
    assert mark in marks_of(closed_by(stamped(late_ms)))


def test_a_line_needs_every_segment_to_be_stamped_and_a_close_to_be_as_well() -> None:
    """An RST may lack the option (RFC 7323 section 3.2), a FIN may not."""
    lines = {Mark.TIMESTAMP_ON_LINE, Mark.TIMESTAMP_OFF_LINE, Mark.NO_TIMESTAMP}
    for flags, missing in ((FLAG_FIN | FLAG_ACK, {Mark.NO_TIMESTAMP}), (FLAG_RST | FLAG_ACK, set[Mark]())):
        bare = stamped(0, flags).marked(61.0, timestamp=None)
        assert marks_of(closed_by(bare)) & lines == missing
    assert not marks_of(closed_by(stamped(0, every=False))) & lines


@pytest.mark.parametrize(
    ("stamps", "closing", "is_line"),
    [
        ({1.0: 5_000, 2.0: 6_000}, 65_000, True),  # two segments a second apart
        ({1.0: 5_000, 1.999: 5_999}, 65_000, False),
        ({2.0: 6_000}, 65_000, False),
        ({1.0: 5_000, 1.5: 5_500, 2.0: 6_000}, 65_000, True),
        ({1.0: 50, 3.0: 51}, 80, True),  # a tick takes two seconds
        ({1.0: 50, 3.0: 50}, 50, False),  # a clock that stands has no line
    ],
)
def test_a_line_takes_two_timestamps_a_second_apart(stamps: dict[float, int], closing: int, is_line: bool) -> None:
    story = Story().data(0.5, SERVER)
    for seconds, timestamp in stamps.items():
        story.data(seconds, CLIENT).marked(seconds, timestamp=timestamp)
    story.frame(3.2, SERVER).frame(61.0, CLIENT, flags=FLAG_FIN | FLAG_ACK).marked(61.0, timestamp=closing)
    found = marks_of(closed_by(story)) & {Mark.TIMESTAMP_ON_LINE, Mark.TIMESTAMP_OFF_LINE}
    assert found == ({Mark.TIMESTAMP_ON_LINE} if is_line else set())


@pytest.mark.parametrize("flags", [FLAG_FIN | FLAG_ACK, FLAG_RST | FLAG_ACK])
@pytest.mark.parametrize("goes_on", [True, False])
def test_a_line_that_broke_for_all_that_follows_is_not_the_closing_frames(goes_on: bool, flags: int) -> None:
    """Its sender's clock was 20 s ahead from then on: its host, or the capture, stood still."""
    story = stamped(20_000, flags)
    for seconds in (61.5, 62.0, 63.0, 64.0):
        story.frame(seconds, CLIENT).marked(seconds, timestamp=5_000 + round(seconds * 1000) + 20_000 * goes_on)
    assert (Mark.TIMESTAMP_OFF_LINE in marks_of(closed_by(story))) is not goes_on


def test_a_line_that_broke_behind_the_closing_frame_is_still_its_own() -> None:
    """Its sender's clock was 20 s ahead only from the next frame on."""
    story = stamped(0)
    for seconds in (61.5, 62.0, 63.0, 64.0):
        story.frame(seconds, CLIENT).marked(seconds, timestamp=25_000 + round(seconds * 1000))
    assert Mark.TIMESTAMP_ON_LINE in marks_of(closed_by(story))


@pytest.mark.parametrize(("delay", "is_too_soon"), [(0.009, True), (0.010, False), (0.029, False)])
def test_an_rst_is_too_soon_before_a_third_of_the_least_that_its_host_took(delay: float, is_too_soon: bool) -> None:
    story = Story()
    story.frame(0.0, CLIENT, flags=FLAG_SYN).frame(0.030, SERVER, flags=FLAG_SYN | FLAG_ACK).frame(0.031, CLIENT)
    for seconds in (1.0, 2.0, 3.0, 4.0):
        story.data(seconds, CLIENT).data(seconds + 0.030, SERVER).frame(seconds + 0.031, CLIENT)
    cause = round(61.0 - delay, 3)
    story.data(cause, CLIENT).reset(61.0, SERVER, "data", cause)
    assert (Mark.SURELY_TOO_SOON in marks_of(closed_by(story))) is is_too_soon
    assert Mark.TOO_SOON not in marks_of(closed_by(story))


@pytest.mark.parametrize(("last", "is_next"), [(106, True), (105, False), (106 + FARTHEST_ID - 1, True), (50, False)])
def test_the_identification_goes_on_from_the_last_one(last: int, is_next: bool) -> None:
    found = closed_by(numbered((100, 101, 102, 103, 104, 105), last))
    assert (Mark.NEXT_IP_ID in marks_of(found)) is is_next
    told = [claim.values for mark, claim in found.signs if mark is Mark.NEXT_IP_ID]
    assert told == ([{"last": 105, "ip_id": last}] if is_next else [])
    beyond = closed_by(numbered((100, 101, 102, 103, 104, 105), 105 + FARTHEST_ID + 1))
    assert Mark.NEXT_IP_ID not in marks_of(beyond)


@pytest.mark.parametrize(
    ("ids", "counts"),
    [
        ([7, 8, 9, 10], True),
        ([7, 8, 9], False),
        ([65_534, 65_535, 0, 1], True),
        ([7, 9, 11, 13], False),
        ([7, 8, 9, 9, 9, 9], False),
        ([7, 8, 9, 10, 11, 20], True),  # four of five
    ],
)
def test_a_counter_of_the_connection_steps_by_one(ids: list[int], counts: bool) -> None:
    assert is_counter(ids) is counts


@pytest.mark.parametrize(
    ("ids", "rises"),
    [
        ([7, 20, 40, 90], True),
        ([7, 20, 40], False),
        ([7, 20, 19, 40], True),
        ([7, 7, 7, 7], False),
        ([7, 20, 40, 7], False),
        ([7, 20, 12, 40], True),  # eight packets later
        ([7, 20, 11, 40], False),
        ([7, 9, 8, 7], False),  # it goes back to where it was
        ([7, 20, 20, 20], True),
        ([7, 20, 41 + NEW_COUNTER, 42 + NEW_COUNTER], False),
        ([7, 20, 20 + NEW_COUNTER, 21 + NEW_COUNTER], True),
    ],
)
def test_a_counter_of_the_host_rises_by_little(ids: list[int], rises: bool) -> None:
    assert is_rising(ids) is rises


@pytest.mark.parametrize(
    ("flags", "seconds", "goes_on"),
    [
        (FLAG_ACK, 62.001, True),
        (FLAG_ACK, 62.0, False),  # it may have been on its way
        (FLAG_RST | FLAG_ACK, 63.0, False),
        (FLAG_SYN | FLAG_ACK, 63.0, False),
        (FLAG_RST, 63.0, False),
    ],
)
def test_who_goes_on_after_an_rst_had_not_sent_it(flags: int, seconds: float, goes_on: bool) -> None:
    story = talked().reset(61.0, CLIENT).frame(seconds, CLIENT, flags=flags)
    connection = case_of(story).connection
    reset = connection.frame(number(61.0))
    assert reset is not None
    assert goes_on_after(connection, reset, NS_PER_S) == ((number(seconds),) if goes_on else ())


def test_an_rst_without_a_counter_goes_on_from_none() -> None:
    story = numbered((100, 101, 102, 103, 104, 105), 106).marked(61.0, ip_id=None, window=0)
    assert Mark.NEXT_IP_ID not in marks_of(closed_by(story))


@pytest.mark.parametrize(
    ("reset_marks", "stamped_from", "times", "goes_on"),
    [
        ({"window": 0}, 1.0, (61.1, 61.2), True),
        ({"window": 0}, 1.0, (61.1, -61.2), False),  # one without a timestamp is no sign of that socket
        ({"window": 0}, 1.0, (61.1,), False),  # a capture may have put it in another order
        ({"window": 500}, 1.0, (61.1, 61.2), False),
        ({"window": 0, "timestamp": 66_000}, 1.0, (61.1, 61.2), False),
        ({"window": 0}, 2.0, (61.1, 61.2), False),  # not all of its segments had one
    ],
)
def test_new_payload_with_timestamps_behind_an_rst_without_one_is_of_a_socket_that_did_not_send_it(
    reset_marks: dict[str, int], stamped_from: float, times: tuple[float, ...], goes_on: bool
) -> None:
    """``times``: of the payload behind it; below zero: without a timestamp."""
    story = Story().handshake()
    for seconds in (0.0, 0.011):
        story.marked(seconds, timestamp=5_000 + round(seconds * 1000))
    for seconds in TIMES:
        ticks = 5_000 + round(seconds * 1000)
        story.data(seconds, CLIENT).marked(seconds, timestamp=ticks if seconds >= stamped_from else None)
    story.frame(3.2, SERVER).reset(61.0, CLIENT).marked(61.0, **reset_marks)
    for seconds in map(abs, times):
        stamp = 5_000 + round(seconds * 1000) if seconds in times else None
        story.data(seconds, CLIENT).marked(seconds, timestamp=stamp)
    connection = case_of(story).connection
    reset = connection.frame(number(61.0))
    assert reset is not None
    assert goes_on_after(connection, reset, NS_PER_S) == (tuple(map(number, times)) if goes_on else ())
