"""What became of a packet that only the capture at its receiver has: made on the way, or sent and not captured."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from pyreport.base.claim import Claim, Duration, claim
from pyreport.compare.elsewhere import found_elsewhere
from pyreport.compare.flow import Flow, frames_of, nothing_in_common
from pyreport.compare.packet import CapturedPacket, Fate, Packet
from pyreport.compare.thresholds import FARTHEST_ID
from pyreport.frames.findings import PostFinReset, Reset
from pyreport.frames.seq import ahead, id_since


def fate_of_received(flow: Flow, captured: CapturedPacket) -> Packet:
    """The fate of the packet, by what its alleged sender did afterwards and by how the packet looks."""
    if flow.way is None:
        return flow.far(captured, Fate.UNKNOWN, nothing_in_common())
    elsewhere = found_elsewhere(flow, captured, is_near=False)
    if elsewhere is not None:
        return elsewhere
    if captured.number in flow.pairing.doubtful[1]:
        return flow.far(captured, Fate.UNKNOWN, claim("packet-looks-like-others"))
    departure = flow.departure(captured)
    uncovered = flow.uncovered(flow.sender, departure)
    if uncovered is None and _fills_a_gap(flow, captured):
        return flow.far(captured, Fate.SENT_UNSEEN, claim("ip-id-fills-a-gap", who=flow.who), is_proven=True)
    counted = captured.space and next((p for p in flow.sent if ahead(p.seq, captured.end) >= 0), None)
    if counted and uncovered is None:
        why = claim("sender-counts-the-packet", who=flow.who)
        return flow.far(captured, Fate.SENT_UNSEEN, why, proof=frames_of(counted), is_proven=True)
    start = bisect_right(flow.sent, departure[1], key=lambda sent: sent.time_ns)
    later = [sent for sent in flow.sent[start:] if not sent.is_reset]
    signs = tuple(_foreign_signs(flow, captured))
    matters = captured.is_reset or captured.space > 0
    if later and uncovered is None and matters:
        why, proof = _went_on(flow, captured, later[-1]), frames_of(later[0], later[-1])
        return flow.far(captured, Fate.NOT_SENT, why, *signs, proof=proof, is_proven=True)
    if signs:
        return flow.far(captured, Fate.NOT_SENT, *signs, *([uncovered] if uncovered else []))
    if uncovered is not None:
        return flow.far(captured, Fate.NOT_COVERED, uncovered)
    if flow.flawed[flow.sender] or not matters:
        return flow.far(captured, Fate.UNKNOWN, claim("packet-made-or-not-captured", who=flow.who))
    return flow.far(captured, Fate.NOT_SENT, claim("capture-covers-and-lacks-it", who=flow.who))


def _went_on(flow: Flow, captured: CapturedPacket, last: CapturedPacket) -> Claim:
    """That the sender went on as if it had never sent the packet, and for how long."""
    assert flow.way is not None
    later_ns = last.time_ns + flow.way.at_departure(last.time_ns).middle_ns - captured.time_ns
    return claim("sender-went-on", who=flow.who, later=Duration(later_ns))


def _fills_a_gap(flow: Flow, captured: CapturedPacket) -> bool:
    """Whether its IP ID fills a gap in its sender's counter (see pyreport.quality.packet_counter)."""
    ip_id = captured.frame.marks.ip_id
    if not ip_id or not flow.keeps_ip_ids:
        return False
    place = bisect_right(flow.sent, flow.departure(captured)[1], key=lambda sent: sent.time_ns)
    around = [p.frame.marks.ip_id for p in flow.sent[max(0, place - 1) : place + 1]]
    if len(around) < 2 or not all(around):
        return False
    gap, step = (id_since(number, around[0] or 0) for number in (around[1] or 0, ip_id))
    return 0 < step < gap <= FARTHEST_ID


def _foreign_signs(flow: Flow, captured: CapturedPacket) -> Iterator[Claim]:
    """What shows that something else than the sender made it."""
    ttl, usual = captured.frame.ttl, flow.usual_hop_limit
    if usual is not None and ttl != usual:
        yield claim("hop-limit-is-unlike", who=flow.who, hop_limit=ttl, usual=usual)
    turnaround = _turnaround(flow, captured)
    if turnaround is not None:
        took, least = turnaround
        yield claim("answer-is-faster-than-the-path", who=flow.who, took=Duration(took), least=Duration(least))


def _turnaround(flow: Flow, captured: CapturedPacket) -> tuple[int, int] | None:
    """(time from its cause, least time there and back that was measured) when it came in less than half of that."""
    found = captured.frame.found(Reset) or captured.frame.found(PostFinReset)
    number = found.cause_frame if found else None
    cause = flow.alignment.views[flow.receiver].connection.frame(number) if number is not None else None
    least = flow.least_round_trip_ns
    if cause is None or least is None or cause.source == captured.frame.source:
        return None
    took = captured.time_ns - cause.time_ns
    return (took, least) if 0 <= 2 * took < least else None
