"""The ladder: the frames that decide, between the lifelines of both ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.capture.packet_details import FrameHeaders
from pyreport.connections.ending import said_last
from pyreport.connections.relative_numbers import RelativeNumbers, relative_numbers
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.refusals import all_refusals
from pyreport.frames.findings import Missed, RetransmissionTimeout
from pyreport.frames.frame import Frame
from pyreport.frames.tcp_state import STATES, TcpState
from pyreport.narrative.figure import kind_and_label
from pyreport.narrative.in_wireshark import decisive_frames
from pyreport.narrative.model import Ladder, LaneEventKind, Rung, StepKind
from pyreport.narrative.parties import role_and_end

# More would not be seen at one glance; the walkthrough has every step.
MOST_FRAMES = 12
# Fewer are told faster by the walkthrough.
FEWEST_RUNGS = 3
MOST_MISSED = 2
#: The flags in the order in which Wireshark names them.
FLAG_NAMES = ((0x01, "FIN"), (0x02, "SYN"), (0x04, "RST"), (0x08, "PSH"), (0x10, "ACK"), (0x20, "URG"))

_KINDS = {
    LaneEventKind.DATA: (StepKind.DATA, "figure-data"),
    LaneEventKind.PROBE: (StepKind.PROBE, "figure-probe"),
    LaneEventKind.UNANSWERED: (StepKind.UNANSWERED, "figure-unanswered"),
    LaneEventKind.ANSWER: (StepKind.ANSWER, "figure-answer"),
    LaneEventKind.FIN: (StepKind.FIN, "figure-fin"),
    LaneEventKind.ACK: (StepKind.ACK, "figure-fin-ack"),
    LaneEventKind.WRITE: (StepKind.WRITE, "figure-write"),
    LaneEventKind.RESET: (StepKind.RESET, "figure-reset"),
}


def ladder_frames(case: Case) -> tuple[int, ...]:
    """The frames of the ladder, in order: those that are shown in full, and what they follow from."""
    chosen = dict.fromkeys(decisive_frames(case))
    for frame in _behind(case):
        if frame is not None and case.connection.frame(frame) is not None and len(chosen) < MOST_FRAMES:
            chosen[frame] = None
    return tuple(sorted(chosen))


def _behind(case: Case) -> Iterator[int | None]:
    """The last data, the second FIN, the last sign of the peer, the first and the last of what it did not answer."""
    ending = case.ending
    yield said_last(ending.first) if ending.first else None
    yield ending.answering_fin.number if ending.answering_fin else None
    if ending.gave_up is not None:
        yield from (ending.gave_up.last_heard_frame, ending.gave_up.first_probe_frame, ending.gave_up.last_probe_frame)
    timeout = case.connection.first_of(RetransmissionTimeout)
    if timeout is not None:
        yield from (timeout.last_heard_frame, timeout.data_frame, timeout.last_repeat_frame)


def ladder(case: Case, headers: Sequence[FrameHeaders]) -> Ladder | None:
    """The figure; None when there is too little to draw. ``headers`` are the decoded frames of ``ladder_frames``."""
    states = {one.frame: one.states for one in headers}
    numbers = relative_numbers(case.connection)
    frames = [frame for number in ladder_frames(case) if (frame := case.connection.frame(number)) is not None]
    rungs = [_rung(case, frame, numbers, states.get(frame.number)) for frame in frames]
    if len(rungs) < FEWEST_RUNGS:
        return None
    rungs += _without_a_frame(case)
    rungs.sort(key=lambda rung: (rung.time_ns, rung.frame or 0))
    return Ladder((role_and_end(case, case.local), role_and_end(case, case.peer)), tuple(rungs))


def _rung(case: Case, frame: Frame, numbers: RelativeNumbers, states: tuple[int, int] | None) -> Rung:
    end = 0 if frame.source == case.local else 1
    mark, label = kind_and_label(case, frame)
    kind, plain = _KINDS[mark] if mark is not None else (StepKind.OTHER, "figure-segment")
    what = label if isinstance(label, Claim) else Claim(plain, values={"frame": FrameNumber(frame.number)})
    told = None
    if states is not None and all(state in STATES for state in states) and case.unseen is None:
        told = _by_end(end, STATES[states[0]], STATES[states[1]])
    return Rung(end, kind, frame.time_ns, frame.number, what, _detail(frame, numbers), told)


def _by_end(end: int, sender: TcpState, receiver: TcpState) -> tuple[TcpState, TcpState]:
    return (sender, receiver) if end == 0 else (receiver, sender)


def _detail(frame: Frame, numbers: RelativeNumbers) -> str:
    """As in Wireshark's column Info: "[FIN, ACK] Seq=5824 Ack=5063 Len=0"."""
    flags = ", ".join(name for flag, name in FLAG_NAMES if frame.has(flag))
    ack = numbers.ack(frame)
    acknowledged = "" if ack is None else f" Ack={ack}"
    return f"[{flags}] Seq={numbers.seq(frame)}{acknowledged} Len={frame.length}"


def _without_a_frame(case: Case) -> Iterator[Rung]:
    """What is no segment of either end: probes that did not come, what a device said first, the log line."""
    for missed in case.connection.of(Missed)[:MOST_MISSED]:
        end = 0 if missed.by == case.local else 1
        yield Rung(end, StepKind.MISSED, missed.due_at_ns, None, claim("figure-missed", count=missed.intervals))
    for group in all_refusals(case):
        end = 0 if group[0].sender == case.local else 1
        told = claim("figure-refused", device=group[0].device, frame=FrameNumber(group[0].frame))
        yield Rung(end, StepKind.REFUSED, group[0].time_ns, None, told)
    if case.log is not None and case.log_ns is not None:
        logged = claim("figure-logged", error=case.log.error_text)
        yield Rung(0, StepKind.LOG, case.log_ns, None, logged)
