"""A connection that was forgotten while it was idle, at the edges of what tells it."""

from __future__ import annotations

import pytest
from msgspec import structs

from pyreport.diagnosis.result import Explanation, Status
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from tests.pyreport.cases import CLIENT, SERVER, Story, at, at_the_server, case_of, number, verdict_of, weigh
from tests.pyreport.told import ids

COPIES = (60.0, 60.3, 60.9, 62.1, 64.5)


def dropped(*others: Story, rest: float = 1.0, server: str = SERVER) -> Explanation:
    """The client's first data after a silence gets no answer; ``rest``: how long it was silent once before."""
    story = Story(server=server).handshake().data(0.9, CLIENT).data(1.0, server).frame(1.1, CLIENT)
    story.data(1.1 + rest, CLIENT).frame(1.2 + rest, server).sent_again(CLIENT, *COPIES)
    return weigh("idle_state_forgotten", case_of(story, *others, lasts=120.0, local=CLIENT))


def opened(seconds: float, *, server: str = "10.0.9.9:8888", client: str = "10.0.0.1:41001") -> Story:
    return Story(client, server, stream=1).handshake(seconds)


@pytest.mark.parametrize(
    ("rest", "status"), [(1.0, Status.POSSIBLE), (28.8, Status.POSSIBLE), (29.5, Status.NO_EVIDENCE)]
)
def test_a_silence_that_it_outlived_before_did_not_end_it(rest: float, status: Status) -> None:
    """30 s of silence before the data, or as long once before."""
    found = dropped(rest=rest)
    assert found.status is status
    said = [claim.values["repeats"] for claim in found.evidence if claim.id == "idle-forgotten-dropped"]
    assert said == [4]
    assert ("idle-forgotten-outlived" in ids(found.against)) is (status is Status.NO_EVIDENCE)


@pytest.mark.parametrize(
    ("other", "is_known"),
    [
        (opened(61.0), True),
        (opened(64.6), False),  # after the last copy: path and host may have come back
        (opened(60.05), True),
        (opened(59.0), False),  # before it was asked
        (opened(61.0, server="10.0.9.8:8888"), False),
        (opened(61.0, client="10.0.0.2:41001"), False),
    ],
)
def test_a_connection_that_opens_meanwhile_shows_path_and_host(other: Story, is_known: bool) -> None:
    found = dropped(other)
    assert found.status is (Status.SUPPORTED if is_known else Status.POSSIBLE)
    cited = [claim.frames for claim in found.evidence if claim.id == "idle-forgotten-others-open"]
    assert cited == ([tuple(sorted(other.frames))[1:2]] if is_known else [])


@pytest.mark.parametrize(
    ("accepted", "moment", "is_known"), [(59.999, 60.0, False), (60.001, 60.001, True), (64.501, 64.5, False)]
)
def test_what_opens_with_the_first_copy_or_with_the_last_one_opens_not_between_them(
    accepted: float, moment: float, is_known: bool
) -> None:
    other = opened(round(accepted - 0.010, 3))
    del other.frames[number(accepted + 0.001)]
    other.frames[number(accepted)] = structs.replace(other.frames[number(accepted)], time_ns=at(moment))
    assert dropped(other).status is (Status.SUPPORTED if is_known else Status.POSSIBLE)


def refused(ttl: int = 0, *, at_server: bool = False, counts: bool = False) -> Explanation:
    story = Story().handshake()
    for index, seconds in enumerate((0.5, 0.6, 0.7, 0.8, 0.9)):
        story.data(seconds, SERVER)
        if counts:
            story.marked(seconds, ip_id=100 + index)
    story.frame(1.0, CLIENT).data(60.0, CLIENT).reset(60.02, SERVER, "data", 60.0, ttl=ttl)
    if counts:
        story.marked(60.02, ip_id=105)
    return weigh("idle_state_forgotten", case_of(at_the_server(story) if at_server else story, local=CLIENT))


def test_an_rst_after_a_silence_is_weighed_by_its_marks() -> None:
    assert refused().status is Status.POSSIBLE
    assert refused(50).status is Status.SUPPORTED
    assert refused(at_server=True).status is Status.RULED_OUT
    assert refused(counts=True).status is Status.RULED_OUT
    frames = (number(1.0), number(60.0), number(60.02))
    assert refused().evidence[0].frames == frames


@pytest.mark.parametrize(("silence", "status"), [(8.0, Status.POSSIBLE), (4.0, Status.NO_EVIDENCE)])
def test_a_silence_too_short_for_a_device_has_to_stand_out(silence: float, status: Status) -> None:
    """The connection was silent for 2 s again and again before it."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT)
    story.data(3.1, CLIENT).data(3.2, SERVER).frame(3.3, CLIENT)
    story.sent_again(CLIENT, *(3.3 + silence + after - COPIES[0] for after in COPIES))
    assert weigh("idle_state_forgotten", case_of(story, lasts=60.0, local=CLIENT)).status is status


@pytest.mark.parametrize(("closer", "status"), [(SERVER, Status.NO_EVIDENCE), ("", Status.POSSIBLE)])
def test_what_met_a_close_was_refused_for_that(closer: str, status: Status) -> None:
    """The server's FIN crosses the first data after the silence."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).frame(1.1, CLIENT).data(60.0, CLIENT)
    story.lost.add(number(60.0))
    if closer:
        story.frame(60.01, closer, flags=FLAG_FIN | FLAG_ACK)
        story.lost.add(number(60.01))
    story.frame(60.02, SERVER, flags=FLAG_RST)
    assert weigh("idle_state_forgotten", case_of(story, lasts=90.0, local=CLIENT)).status is status


@pytest.mark.parametrize(
    ("before", "within", "is_told"),
    [
        ((2.0, 5.0, 9.0), (), True),
        ((2.0, 5.0, 9.0), (12.0,), True),  # not at the same moment
        ((2.0, 5.0, 9.0), (1_200.0, 2_400.0), False),  # the host ran, and the capture with it
        ((2.0, 5.0, 9.0), (1_000.0, 2_000.0), False),
        ((2.0, 5.0, 9.0), (600.0, 1_090.0), True),  # not after a tenth of the time
        ((2.0, 5.0, 9.0), (600.0, 1_100.0), False),
        ((2.0, 5.0), (), False),  # too few to miss
        ((), (), False),  # the capture is of this connection alone
    ],
)
@pytest.mark.parametrize("is_refused", [True, False])
def test_that_the_host_fell_silent_on_all_connections_is_told(
    before: tuple[float, ...], within: tuple[float, ...], is_told: bool, is_refused: bool
) -> None:
    """A laptop that was closed, or a capture that was interrupted: 3 h without a frame of it."""
    story = Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).data(9.5, CLIENT).frame(9.6, SERVER)
    other = Story("10.0.0.1:41001", "10.0.8.8:443", stream=1)
    for seconds in (*before, *within):
        other.data(seconds, "10.0.0.1:41001")
    if is_refused:
        story.data(10_900.0, CLIENT).reset(10_900.02, SERVER, "data", 10_900.0)
    else:
        story.sent_again(CLIENT, *(10_840.0 + seconds for seconds in COPIES))
    case = case_of(story, other, lasts=11_000.0, local=CLIENT)
    found, verdict = weigh("idle_state_forgotten", case), verdict_of(case)
    assert found.status is Status.POSSIBLE
    assert ("idle-forgotten-all-silent" in ids(found.against)) is is_told
    assert ("idle-forgotten-all-silent" in ids(verdict.claims)) is is_told
