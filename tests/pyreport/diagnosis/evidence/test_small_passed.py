"""What shows that small segments arrive where large ones do not, and what only looks like it."""

from __future__ import annotations

import pytest

from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import ExplanationId, Kind, Status
from tests.dissector.trace import OPEN
from tests.pyreport.diagnosis.test_explanations_passing import weigh
from tests.pyreport.traced import case_of_trace

BLACK_HOLE = ExplanationId.MTU_BLACK_HOLE


def repeated(length: int, behind: int = 0, *, between: str = "") -> str:
    """The client sends a segment five times in 6 s, the first time with ``behind`` octets after it; ``between`` are
    lines of that time. The server is heard twice.
    """
    lines = [f"2.000 client len={length}"]
    if behind:
        lines.append(f"2.001 client len={behind}")
    lines += [
        f"{seconds} client len={length} seq-{length + behind}" for seconds in ("2.300", "2.900", "4.100", "6.500")
    ]
    lines += [line for line in between.splitlines() if line.strip()]
    lines.append("8.000 other")
    return OPEN + "\n".join(sorted(lines, key=lambda line: float(line.split()[0])))


def acks(count: int, missing: int) -> str:
    """So many bare acknowledgments of the server that stop before ``missing`` octets, at the first flight; later it is
    heard by more of them, which say that its window moved.
    """
    drawn = [f"2.0{5 + index}0 server ACK ack-{missing}" for index in range(count)]
    heard = [f"{seconds} server ACK ack-{missing} win={window}" for seconds, window in ((3.5, 510), (5.5, 520))]
    return "\n".join((*drawn, *heard))


def talking(missing: int, *, is_heeded: bool) -> str:
    """The server says something and says it again, or goes on to something else: it had the acknowledgment."""
    again = "" if is_heeded else " seq-20"
    return f"""
        3.000 server len=20 ack-{missing}
        3.001 client ACK
        4.500 server len=20{again} ack-{missing}
        4.501 client ACK
        6.000 server len=20 ack-{missing}
        6.001 client ACK
    """


def found(text: str) -> tuple[Case, Status]:
    case = case_of_trace(text)
    return case, weigh(BLACK_HOLE, case).status


@pytest.mark.parametrize(
    ("small", "drawn", "status"),
    [
        (20, 1, Status.SUPPORTED),
        (20, 0, Status.POSSIBLE),
        (20, 3, Status.POSSIBLE),
        (0, 1, Status.POSSIBLE),
        (1447, 1, Status.SUPPORTED),
        (1448, 1, Status.POSSIBLE),
    ],
    ids=[
        "one small, one drawn",
        "none drawn",
        "more drawn than were small",
        "nothing small was sent",
        "smaller",
        "as large",
    ],
)
def test_a_duplicate_acknowledgment_tells_of_a_small_segment(small: int, drawn: int, status: Status) -> None:
    """RFC 5681 section 4.2. The one that is heard later is none: its window moved."""
    _, weighed = found(repeated(1448, small, between=acks(drawn, 1448 + small)))
    assert weighed is status


def test_a_verdict_on_lost_data_tells_nothing_of_a_size_that_may_be_why_but_what_passed() -> None:
    case, status = found(repeated(1448, 20, between=acks(0, 1468)))
    verdict = diagnose(case)[1]
    assert (status, verdict.kind) == (Status.POSSIBLE, Kind.PATH_LOST)
    assert not [claim.id for claim in verdict.claims if claim.id.startswith("mtu-")]


@pytest.mark.parametrize(("is_heeded", "status"), [(True, Status.SUPPORTED), (False, Status.POSSIBLE)])
def test_that_the_other_side_is_heard_shows_the_way_back_only(is_heeded: bool, status: Status) -> None:
    """Heard it is either way; only one that does not repeat itself has the acknowledgments."""
    case, weighed = found(repeated(1448, between=talking(1448, is_heeded=is_heeded)))
    assert weighed is status
    small = [claim for claim in weigh(BLACK_HOLE, case).evidence if claim.id == "mtu-small-pass"]
    own = {frame.number for frame in case.connection.frames if frame.source == case.local}
    assert all(set(claim.frames) <= own for claim in small)
    assert bool(small) is is_heeded


@pytest.mark.parametrize(("length", "is_weighed"), [(536, False), (537, True)])
def test_a_size_that_every_path_passes_is_no_black_hole(length: int, is_weighed: bool) -> None:
    """RFC 791: a datagram of 576 octets, of which the headers take 40 at least."""
    _, status = found(repeated(length, between=talking(length, is_heeded=True)))
    assert (status is Status.SUPPORTED) is is_weighed
    assert status in (Status.SUPPORTED, Status.NO_EVIDENCE)


def test_a_large_copy_that_acknowledges_is_no_small_segment() -> None:
    """What the other side said is heeded, and the copies alone say that it came."""
    _, status = found(repeated(1448, between=acks(0, 1448) + "\n3.000 server len=20 ack-1448"))
    assert status is Status.POSSIBLE


def test_who_repeats_what_an_acknowledgment_covers_did_not_heed_it_for_its_own_acknowledgments() -> None:
    """What the client acknowledges of a bare acknowledgment is what came before it."""
    bare = "3.500 server ACK ack-1448\n3.600 client ACK"
    _, status = found(repeated(1448, between=talking(1448, is_heeded=False) + bare))
    assert status is Status.POSSIBLE


def test_an_acknowledgment_of_nothing_new_is_not_heeded_by_anybody() -> None:
    """The server says nothing that the client's acknowledgments could cover."""
    _, status = found(repeated(1448, between=acks(0, 1448) + "\n3.600 client ACK\n5.600 client ACK"))
    assert status is Status.POSSIBLE


@pytest.mark.parametrize(("heard", "status"), [("4.001", Status.SUPPORTED), ("4.000999", Status.POSSIBLE)])
def test_who_is_heard_for_a_second_without_repeating_itself_had_the_acknowledgment(heard: str, status: Status) -> None:
    said = "3.000 server len=20 ack-1448\n3.001 client ACK"
    _, weighed = found(
        repeated(1448, between=f"{said}\n2.500 server ACK ack-1448 win=510\n{heard} server ACK ack-1448")
    )
    assert weighed is status


@pytest.mark.parametrize("drawn", ["server ACK", "server len=20"])
def test_a_duplicate_acknowledgment_carries_nothing_else(drawn: str) -> None:
    """RFC 5681 section 2."""
    _, weighed = found(repeated(1448, 20, between=f"2.050 {drawn} ack-1468\n{acks(0, 1468)}"))
    assert (weighed is Status.SUPPORTED) is (drawn == "server ACK")
