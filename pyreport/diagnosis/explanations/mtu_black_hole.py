"""Large packets do not pass the path, and small ones do."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.sequence_space import Hole, Space, space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.refusals import size_refusals, tell_refusal
from pyreport.diagnosis.evidence.signs_of_life import spread_over
from pyreport.diagnosis.evidence.small_passed import small_passed
from pyreport.diagnosis.evidence.told_waits import it_went_on
from pyreport.diagnosis.evidence.waits import answered_each, open_wait, went_on_without
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import COPY_NS, FEWEST_REPEATS, IDLE_FROM_NS, LEAST_FULL, MOST_OPTIONS
from pyreport.frames.frame import FLAG_RST, FLAG_SYN, Frame

# What every path passes: hosts take an IPv4 datagram of so many octets (RFC 791 section 3.1), and links are made
# for it; IPv6 asks so much of every link (RFC 8200 section 5).
IPV4_PASSES, IPV6_PASSES = 576, 1280
# An IP and a TCP header without options: no packet with that payload is smaller.
IPV4_HEADERS, IPV6_HEADERS = 40, 60


def explain(case: Case) -> Explanation:
    """RFC 2923 section 2.1: packets above the size of a narrow link vanish where the ICMP "fragmentation needed" of its
    router (RFC 1191) does not come back. Handshake, small requests and probes pass; full segments are sent again and
    again, and leave a hole at the receiver.
    """
    for side in (case.peer, case.local):
        space = space_of(case.connection, side)
        found = _at_the_sender(case, side, space) or _at_the_receiver(case, side, space)
        if found is not None:
            return found
    largest = max((space_of(case.connection, side) for side in (case.local, case.peer)), key=lambda s: s.largest)
    if largest.largest_frame is None:
        return _result(Status.NO_EVIDENCE, claim("mtu-no-data"))
    passed = claim("mtu-largest-passed", (largest.largest_frame,), octets=largest.largest)
    return _result(Status.NO_EVIDENCE, passed)


def _is_ipv6(end: Endpoint) -> bool:
    return ":" in end.host


def _least_packet(end: Endpoint, octets: int) -> int:
    """The smallest packet of an end, in octets, that has so much payload."""
    return octets + (IPV6_HEADERS if _is_ipv6(end) else IPV4_HEADERS)


def _passes_everywhere(end: Endpoint, octets: int) -> bool:
    """Whether no path is too narrow for a packet with so much payload."""
    return _least_packet(end, octets) <= (IPV6_PASSES if _is_ipv6(end) else IPV4_PASSES)


def _at_the_sender(case: Case, side: Endpoint, space: Space) -> Explanation | None:
    """The same segment again and again, none of its size ever acknowledged, while small ones of the side pass. That the
    other side is heard shows only that the way back is open.
    """
    copies = _copies(space)
    if len(copies) - 1 < FEWEST_REPEATS:
        return None
    wait = open_wait(case)
    if wait is not None and wait.asker == side and answered_each(case, wait):
        return None  # they arrived
    start, end = copies[0].time_ns, copies[-1].time_ns
    size = min(frame.length for frame in copies)
    if _passes_everywhere(side, size):
        return None
    heard = [
        f
        for f in case.connection.frames
        if f.source != side and start < f.time_ns <= end and not f.has(FLAG_SYN | FLAG_RST)
    ]
    told = claim(
        "mtu-sent-again",
        tuple(frame.number for frame in copies),
        who=case.roles.party(side),
        frame=FrameNumber(copies[0].number),
        octets=size,
        repeats=len(copies) - 1,
        lasted=Duration(end - start),
    )
    if space.largest >= size and space.largest_frame is not None:
        return _result(Status.RULED_OUT, told, _as_large_passed(space))
    message = _not_heeded(case, side, copies)
    if message is not None:
        return _result(Status.SUPPORTED, told, message, *_largest_passed(space))
    if end - start < IDLE_FROM_NS:
        return None
    passed = small_passed(case.connection, side, copies)
    if not spread_over([f.time_ns for f in heard], start, end):
        return _one_got_through(case, side, told, passed)
    silent = (claim("mtu-no-message"), *_largest_passed(space))
    if not passed:
        frames = tuple(frame.number for frame in heard)
        who, other = case.roles.party(side), case.roles.party(case.connection.other(side))
        return _result(Status.POSSIBLE, told, claim("mtu-small-not-shown", frames, who=who, other=other), *silent)
    return _result(Status.SUPPORTED, told, _small_pass(case, side, passed), *silent)


def _one_got_through(case: Case, side: Endpoint, told: Claim, passed: list[Frame]) -> Explanation | None:
    """Copies that did not arrive, as the other side's later frame shows, and something small of the side behind the
    first of them that did: it drew that frame, or an acknowledgment before it.
    """
    wait = open_wait(case)
    went_on = None if wait is None or wait.asker != side else went_on_without(case, wait)
    if wait is None or went_on is None or (went_on.space and not passed):
        return None
    small = (_small_pass(case, side, passed),) if passed else ()
    return _result(Status.POSSIBLE, told, *small, it_went_on(case, wait, went_on), claim("mtu-no-message"))


def _not_heeded(case: Case, side: Endpoint, copies: list[Frame]) -> Claim | None:
    """That a device names a smaller size than that of the segment, which was sent again as large after it."""
    found = size_refusals(case, side)
    if not found:
        return None
    again = [frame for frame in copies if frame.time_ns > found[0].time_ns]
    mtu = min((one.mtu for one in found if one.mtu), default=None)
    if not again:
        return None
    first = again[0]
    if mtu is not None and _least_packet(side, first.length) <= mtu:
        return None
    told = tell_refusal(case, found)
    frames = tuple(sorted({*told.frames, *(frame.number for frame in again)}))
    who, frame = case.roles.party(side), FrameNumber(first.number)
    return claim("mtu-not-heeded", frames, told=told, who=who, octets=first.length, frame=frame)


def _copies(space: Space) -> list[Frame]:
    """The copies of the first full segment that is outstanding, those of a mirror port counted once."""
    copies: list[Frame] = []
    for frame in space.head:
        if frame.length and (not copies or frame.time_ns - copies[-1].time_ns > COPY_NS):
            copies.append(frame)
    return copies


def _at_the_receiver(case: Case, side: Endpoint, space: Space) -> Explanation | None:
    """A hole that is larger than anything that arrived, and stays open while small segments come in. Its octets may
    have been one segment or several; where a single one with all of them passes every path, none was too large.
    """
    other = case.connection.other(side)
    for hole in space.holes:
        end = case.connection.last.time_ns
        if hole.octets <= space.largest or hole.shown_by is None or end - hole.beyond.time_ns < IDLE_FROM_NS:
            continue
        if _passes_everywhere(side, hole.octets):
            continue
        heard = [f for f in case.connection.frames if f.source == side and f.time_ns > hole.beyond.time_ns]
        told = _hole(case, side, hole, end)
        largest = max((f.length for f in case.connection.frames if f.source == side), default=0)
        limit = _segment_limit(case, other)
        if limit and largest >= limit - MOST_OPTIONS:
            return _result(Status.RULED_OUT, told, _as_large_passed(space))
        if not spread_over([f.time_ns for f in heard], hole.beyond.time_ns, end):
            return _result(Status.POSSIBLE, told, *_larger_than_any(case, side, hole, largest))
        return _result(Status.SUPPORTED, told, _small_pass(case, side, [hole.beyond, *heard]), *_largest_passed(space))
    return None


def _larger_than_any(case: Case, side: Endpoint, hole: Hole, largest: int) -> tuple[Claim, ...]:
    """That nothing larger than a small part of a full segment arrived, and what is missing has the size of one or more:
    size may be what the two differ in. Nothing where what arrived is as large as many a full segment.
    """
    if largest >= LEAST_FULL or hole.octets < LEAST_FULL:
        return ()
    frames = tuple(frame.number for frame in (hole.before, hole.beyond) if frame is not None)
    return (claim("mtu-perhaps", frames, who=case.roles.party(side), largest=largest),)


def _segment_limit(case: Case, receiver: Endpoint) -> int:
    """The largest segment that the receiver announced in its SYN (RFC 9293 3.7.1); 0 when the capture lacks it."""
    return next((f.marks.mss for f in case.connection.frames if f.source == receiver and f.has(FLAG_SYN)), 0)


def _hole(case: Case, side: Endpoint, hole: Hole, end_ns: int) -> Claim:
    frames = tuple(frame.number for frame in (hole.before, hole.beyond) if frame is not None)
    lasted = Duration(end_ns - hole.beyond.time_ns)
    return claim("mtu-hole", frames, who=case.roles.party(side), octets=hole.octets, lasted=lasted)


def _small_pass(case: Case, side: Endpoint, heard: list[Frame]) -> Claim:
    frames = tuple(frame.number for frame in heard)
    return claim("mtu-small-pass", frames, who=case.roles.party(side), small=len(heard))


def _largest_passed(space: Space) -> tuple[Claim, ...]:
    if space.largest_frame is None:
        return ()
    return (claim("mtu-largest-passed", (space.largest_frame,), octets=space.largest),)


def _as_large_passed(space: Space) -> Claim:
    frames = () if space.largest_frame is None else (space.largest_frame,)
    return claim("mtu-as-large-passed", frames, octets=space.largest)


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.MTU_BLACK_HOLE, status, evidence)
