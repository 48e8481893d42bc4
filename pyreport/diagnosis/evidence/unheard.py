"""A side that went on speaking while the other one, which used to speak, said nothing: heartbeats without an answer."""

from __future__ import annotations

from itertools import pairwise

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import (
    FEWEST_UNHEARD,
    IDLE_FROM_NS,
    LIMIT_LATE_NS,
    SAME_AGE_SHARE,
    UNHEARD_SHARE,
)
from pyreport.frames.findings import Fin, Probe
from pyreport.frames.frame import Frame


def unheard(case: Case) -> Claim | None:
    """That the peer closed when it had spoken several times since the local end had spoken last, which had never been
    silent for nearly as long: a program that asks whether the other one still lives, and closes when it does not answer
    (RabbitMQ's heartbeats, sshd's ClientAliveInterval). None else.
    """
    fin = case.ending.fin
    if fin is None or fin.source != case.peer:
        return None
    own, messages = _spoken(case, fin)
    if not own or len(messages) < FEWEST_UNHEARD:
        return None
    silence = fin.time_ns - own[-1].time_ns
    longest = max(after.time_ns - before.time_ns for before, after in pairwise((own[0], *own)))
    if silence < UNHEARD_SHARE * longest:
        return None
    frames = (own[-1].number, *(frame.number for frame in messages), fin.frame)
    who, other = case.local_party, case.peer_party
    return claim("unheard", frames, who=who, other=other, silence=Duration(silence), messages=len(messages))


def closed_in_its_own_time(case: Case) -> Claim | None:
    """That the peer closed before its own next message was due, or as much later as a program may be that looks once a
    second: it had been as silent between its messages, so that is no limit of it. None else.
    """
    told, fin = unheard(case), case.ending.fin
    if told is None or fin is None:
        return None
    *_, before, last = _spoken(case, fin)[1]
    apart, age = last.time_ns - before.time_ns, fin.time_ns - last.time_ns
    return told if age - apart <= max(apart // SAME_AGE_SHARE, LIMIT_LATE_NS) else None


def _spoken(case: Case, fin: Fin) -> tuple[list[Frame], list[Frame]]:
    """The local end's payload before the FIN, and what the peer said after the last of it, unasked: after a silence."""
    own: list[Frame] = []
    messages: list[Frame] = []
    before_ns: int | None = None
    for frame in case.connection.frames:
        if frame.number >= fin.frame:
            break
        if not frame.length or frame.retransmission or frame.found(Probe):
            continue
        if frame.source == case.local:
            own.append(frame)
            messages = []
        elif before_ns is not None and frame.time_ns - before_ns >= IDLE_FROM_NS:
            messages.append(frame)
        before_ns = frame.time_ns
    return own, messages
