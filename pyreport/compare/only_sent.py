"""What became of a packet that only the capture at its sender has: lost on the way, or arrived and not captured."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from pyreport.base.claim import Claim, claim
from pyreport.compare.elsewhere import found_elsewhere
from pyreport.compare.flow import Flow, frames_of, nothing_in_common
from pyreport.compare.packet import NO_FRAMES, CapturedPacket, Fate, Frames, Packet
from pyreport.compare.thresholds import DELAYED_ACK_NS
from pyreport.frames.findings import Probe


def fate_of_sent(flow: Flow, captured: CapturedPacket) -> Packet:
    """The fate of the packet, by what its receiver did afterwards."""
    if flow.way is None:
        return flow.near(captured, Fate.UNKNOWN, nothing_in_common())
    elsewhere = found_elsewhere(flow, captured, is_near=True)
    if elsewhere is not None:
        return elsewhere
    if captured.number in flow.pairing.doubtful[0]:
        return flow.near(captured, Fate.UNKNOWN, claim("packet-looks-like-others"))
    uncovered = flow.uncovered(flow.receiver, flow.arrival(captured))
    if uncovered is not None:
        return flow.near(captured, Fate.NOT_COVERED, uncovered)
    reaction = _reaction(flow, captured)
    if reaction is not None:
        why = claim("receiver-reacted-to-packet", who=flow.whom)
        return flow.near(captured, Fate.ARRIVED_UNSEEN, why, frames_of(reaction), is_proven=True)
    answer = _unexplained_answer(flow, captured)
    if answer is not None:
        why = claim("answer-without-its-packet", who=flow.who, whom=flow.whom)
        proof: Frames = ((answer.number,), ()) if flow.sender == 0 else ((), (answer.number,))
        return flow.near(captured, Fate.UNKNOWN, why, proof)
    silence = _silence(flow, captured)
    if silence is not None:
        why, proof = silence
        is_proven = captured.frame.found(Probe) is not None or any(proof)
        return flow.near(captured, Fate.LOST, why, proof, is_proven)
    if flow.flawed[flow.receiver]:
        return flow.near(captured, Fate.UNKNOWN, claim("capture-lacks-this-and-others", who=flow.whom))
    return flow.near(captured, Fate.LOST, claim("capture-covers-and-lacks-it", who=flow.whom))


def _reaction(flow: Flow, captured: CapturedPacket) -> CapturedPacket | None:
    """A packet in the receiver's own capture that it would not have sent without this one."""
    if captured.frame.found(Probe):
        return _answer_to_probe(flow, captured)
    if captured.space and not flow.copy_arrived(captured):
        earliest, _ = flow.arrival(captured)
        start = bisect_left(flow.replies, earliest, key=lambda reply: reply.time_ns)
        return next((reply for reply in flow.replies[start:] if reply.acknowledges(captured.end)), None)
    return None


def _answer_to_probe(flow: Flow, captured: CapturedPacket) -> CapturedPacket | None:
    """The answer that the plugin found, if the receiver sent it and had no other reason to."""
    found = captured.frame.found(Probe)
    number = found.answer_frame if found else None
    answer = flow.arrived_replies.get(number) if number is not None else None
    if answer is None or answer.space or answer.frame.found(Probe):
        return None
    heard = [pair.far.time_ns for pair in flow.pairing.pairs]
    before = bisect_right(heard, answer.time_ns)
    if before and answer.time_ns - heard[before - 1] < DELAYED_ACK_NS:
        return None
    return answer


def _unexplained_answer(flow: Flow, captured: CapturedPacket) -> CapturedPacket | None:
    """A packet that reached the sender, is not in the capture at the other end, and acknowledges this one."""
    back = flow.alignment.pairings[flow.receiver].far_only
    if found := captured.frame.found(Probe):
        return next((p for p in back if p.number == found.answer_frame), None)
    if captured.space and not flow.copy_arrived(captured):
        return next((p for p in back if p.time_ns >= captured.time_ns and p.acknowledges(captured.end)), None)
    return None


def _silence(flow: Flow, captured: CapturedPacket) -> tuple[Claim, Frames] | None:
    """What the receiver did, or did not do, that it would not after this packet; None when that says nothing."""
    earliest, latest = flow.arrival(captured)
    start = bisect_left(flow.replies, latest, key=lambda reply: reply.time_ns)
    later = [reply for reply in flow.replies[start:] if not reply.is_reset]
    if captured.is_reset:
        return (claim("receiver-went-on", who=flow.whom), frames_of(later[0], later[-1])) if later else None
    if captured.frame.found(Probe):
        answered = _sent_anything(flow, earliest, latest + DELAYED_ACK_NS)
        return None if answered else (claim("receiver-sent-no-answer", who=flow.whom), NO_FRAMES)
    if not captured.space:
        return None
    if not later:
        return claim("receiver-did-not-acknowledge", who=flow.whom), NO_FRAMES
    if not later[0].acknowledges(captured.end):
        return claim("receiver-acknowledged-less", who=flow.whom), frames_of(later[0])
    return _only_after_copy(flow, captured, latest)


def _only_after_copy(flow: Flow, captured: CapturedPacket, latest_ns: int) -> tuple[Claim, Frames] | None:
    """The receiver acknowledged the bytes, but not before they had arrived with another packet."""
    reply = next((reply for reply in flow.replies if reply.acknowledges(captured.end)), None)
    copy = flow.arrived_copies.get((captured.seq, captured.end))
    if reply is None or copy is None or not latest_ns + DELAYED_ACK_NS <= copy.time_ns <= reply.time_ns:
        return None
    return claim("receiver-acknowledged-a-copy", who=flow.whom), frames_of(reply)


def _sent_anything(flow: Flow, start_ns: int, end_ns: int) -> bool:
    """Whether the receiver sent anything on this connection in a time on its clock."""
    first = bisect_left(flow.replies, start_ns, key=lambda reply: reply.time_ns)
    return first < len(flow.replies) and flow.replies[first].time_ns <= end_ns
