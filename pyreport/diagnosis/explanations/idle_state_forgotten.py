"""A device on the path forgot the connection while it was idle, and did not let the next segment through."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.connections.connection import Connection
from pyreport.connections.outline import BEGINNING
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.first_after_silence import FirstAfterSilence, all_fell_silent, first_after_silence
from pyreport.diagnosis.evidence.likeness import likeness
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import IN_FLIGHT_NS, SHORTEST_LIMIT_NS


def explain(case: Case) -> Explanation:
    """Translators, balancers and firewalls keep a state for each connection and drop it when no packet came for their
    limit (RFC 5382 REQ-5: two hours and four minutes at least; many keep to less). Nobody is told. The next segment is
    dropped, or drew an RST (RFC 3360).
    """
    found = first_after_silence(case)
    if found is None:
        return _result(Status.NO_EVIDENCE, [claim("idle-forgotten-no-silence")])
    told = _told(case, found)
    if found.outlived is not None and _is_ordinary(found):
        before, after = found.outlived
        lived = claim("idle-forgotten-outlived", (before.number, after.number), silence=Duration(found.outlived_ns))
        return _result(Status.NO_EVIDENCE, [told], lived)
    all_silent = all_fell_silent(case)
    asleep = () if all_silent is None else (all_silent,)
    if found.reset is not None:
        return _reset(case, found, told, asleep)
    if case.quality.vantage.is_at(found.silent):
        frames = tuple(frame.number for frame in found.asks)
        arrived = claim("idle-forgotten-arrived", frames, peer=case.roles.party(found.silent))
        return _result(Status.RULED_OUT, [told, arrived])
    opened = _opened_meanwhile(case, found)
    if opened is not None:
        host = claim("idle-forgotten-others-open", (opened,), peer=case.peer)
        return _result(Status.SUPPORTED, [told, host])
    untold = claim("idle-forgotten-or-gone", peer=case.roles.party(found.silent))
    return _result(Status.POSSIBLE, [told, untold], *asleep)


def _is_ordinary(found: FirstAfterSilence) -> bool:
    """Whether the connection had been silent for as long before. A silence that is shorter than the limits of devices
    tells of one only where it stands out from the pauses before it.
    """
    least_ns = found.outlived_ns if found.silence_ns >= SHORTEST_LIMIT_NS else 2 * found.outlived_ns
    return found.silence_ns <= least_ns


def _reset(case: Case, found: FirstAfterSilence, told: Claim, asleep: tuple[Claim, ...]) -> Explanation:
    if found.reset is None:
        return _result(Status.NO_EVIDENCE, [told])
    marks = likeness(case.connection, found.reset)
    if marks.is_own_socket or case.quality.vantage.is_at(found.silent):
        return _result(Status.RULED_OUT, [told, *marks.agrees])
    if marks.is_elsewhere:
        return _result(Status.SUPPORTED, [told, *marks.differs], *marks.agrees)
    untold = claim("idle-forgotten-or-socket-gone")
    return _result(Status.POSSIBLE, [told, *marks.differs, untold], *asleep, *marks.agrees)


def _told(case: Case, found: FirstAfterSilence) -> Claim:
    frames = (found.before.number, *(frame.number for frame in found.asks))
    who, silence = case.roles.party(found.asker), Duration(found.silence_ns)
    frame = FrameNumber(found.asks[0].number)
    if found.reset is not None:
        reset = found.reset.number
        told = (*frames, reset)
        return claim("idle-forgotten-reset", told, who=who, silence=silence, frame=frame, reset=FrameNumber(reset))
    repeats = len(found.asks) - 1
    return claim("idle-forgotten-dropped", frames, who=who, silence=silence, frame=frame, repeats=repeats)


def _opened_meanwhile(case: Case, found: FirstAfterSilence) -> int | None:
    """The SYN-ACK of a connection between the same hosts that opened while this one was dead: path and host worked
    before the last ask was sent, and that one went unanswered, too.
    """
    start, end, hosts = found.asks[0].time_ns, found.asks[-1].time_ns, (found.asker.host, found.silent.host)
    if len(set(hosts)) == 1:
        return None

    def opening(other: Connection) -> int | None:
        answers = (f for f in other.frames[:BEGINNING] if f.is_syn_ack)
        return next((f.number for f in answers if start < f.time_ns < end), None)

    # What began before the first ask may be accepted after it, as long as its SYN waits before the next copy.
    begun = case.index.begun_between(*hosts, start - IN_FLIGHT_NS, end)
    accepted = (opening(other) for other in begun if other.b.host == found.silent.host and other.outline.is_accepted)
    return next((number for number in accepted if number is not None), None)


def _result(status: Status, evidence: list[Claim], *against: Claim) -> Explanation:
    return Explanation(ExplanationId.IDLE_STATE_FORGOTTEN, status, tuple(evidence), against)
