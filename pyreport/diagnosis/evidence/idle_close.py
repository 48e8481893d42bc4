"""How long a connection had been idle when it ended, and how it ended: what known timers are held against."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from pyreport.base.claim import Party
from pyreport.connections.ending import said_last, said_nothing
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.likeness import is_own_socket
from pyreport.diagnosis.evidence.never_came import unheard_before_close
from pyreport.diagnosis.evidence.tls_parting import parting_of
from pyreport.diagnosis.evidence.waits import Wait, closed_by_silent, copies_of, open_wait, waits
from pyreport.diagnosis.thresholds import IDLE_FROM_NS
from pyreport.frames.findings import Answer, Fin, GaveUp, Probe
from pyreport.frames.frame import Frame
from pyreport.knowledge.known_timers import Ends
from pyreport.knowledge.services import service_name


class IdleClose(Struct, frozen=True):
    """The end of an idle connection. Ages and delays are in ns.

    ``data_idle_ns`` and ``packet_idle_ns`` are the ages of the last payload and of the last segment of any kind when
    the limit was reached at the latest. ``survived_data_ns`` and ``survived_packets_ns`` are the longest such silences
    before it that the connection outlived. ``probes_answered`` counts those since the last payload.
    ``closed_by_client`` is None when the capture does not tell who is the client, or nobody closed. ``is_own_reset``:
    an RST of that side's own socket, which no device on the path sent. ``is_unacknowledged``: data waited for its
    acknowledgment all the time.
    """

    ends: Ends
    data_idle_ns: int
    packet_idle_ns: int
    survived_data_ns: int
    survived_packets_ns: int
    probes_answered: int
    closed_by_client: bool | None
    service: str
    round_trip_ns: int
    frames: tuple[int, ...]
    is_own_reset: bool = False
    is_unacknowledged: bool = False


def idle_close(case: Case) -> IdleClose | None:
    """The idle close of a case; None when it was not idle, went on as a half-close, or shows no payload before,
    when what the closer had sent last never came, and when who had taken its leave of TLS before was not heeded.
    """
    end = _end_of(case) if parting_of(case) is None else None
    if end is None or case.used_half_close or (end.ends is Ends.FIN and unheard_before_close(case) is not None):
        return None
    last = case.connection.frame(end.moment)
    before = [frame for frame in case.connection.frames if frame.number < end.moment]
    first = case.ending.first
    newest = (said_last(first) if first is not None and end.ends is not Ends.SILENT else None) or end.moment
    data = [frame for frame in before if frame.number <= newest and frame.length and not frame.found(Probe)]
    opened = None if first is None or end.ends is Ends.SILENT else case.connection.frame(said_nothing(first) or 0)
    if opened is not None:
        data = [opened]
    if last is None or not data:
        return None
    ends, age = end.ends, close_age(case) if end.ends in (Ends.FIN, Ends.RST) else None
    # A limit of the closer counts by the closer's clock.
    behind = age.closer_ns - age.capture_ns if age is not None and age.closer_ns is not None else 0
    data_idle_ns = last.time_ns - data[-1].time_ns + behind
    if data_idle_ns < IDLE_FROM_NS:
        return None
    answers = [frame for frame in before if frame.number > data[-1].number and frame.found(Answer)]
    return IdleClose(
        ends=ends,
        data_idle_ns=data_idle_ns,
        packet_idle_ns=max(last.time_ns - before[-1].time_ns + behind, 0),
        survived_data_ns=_longest_gap(data),
        survived_packets_ns=_longest_gap(before),
        probes_answered=len(answers),
        closed_by_client=_is_client(case, last.source) if ends in (Ends.FIN, Ends.RST) else None,
        service=service_name(case.peer) or service_name(case.local),
        round_trip_ns=round_trip_ns(case.connection),
        frames=tuple(sorted({data[-1].number, end.frame})),
        is_own_reset=_is_own_reset(case, end),
    )


class _End(Struct, frozen=True):
    """How it ended, the frame up to which it had been idle, and the frame that shows the end."""

    ends: Ends
    moment: int
    frame: int


def _end_of(case: Case) -> _End | None:
    first, wait = case.ending.first, _unanswered(case)
    if wait is not None:
        return _End(Ends.SILENT, wait.asks[0].number, wait.asks[-1].number)
    if first is None:
        return None
    if isinstance(first, GaveUp):
        return _End(Ends.SILENT, first.first_probe_frame, first.frame)
    if isinstance(first, Fin):
        return _End(Ends.FIN, first.frame, first.frame)
    if first.cause_frame:
        cause = case.connection.frame(first.cause_frame)
        asked = first.cause_frame if cause is None else copies_of(case.connection, cause)[0].number
        return _End(Ends.RST_NEXT, asked, first.frame)
    return _End(Ends.RST, first.frame, first.frame)


def _unanswered(case: Case) -> Wait | None:
    """What went unanswered to the end of the connection, more than once: data, or probes that nobody gave up."""
    wait = open_wait(case)
    if wait is None and case.ending.first is None:
        wait = next((wait for wait in reversed(waits(case)) if wait.answer is None), None)
    if wait is None or len(wait.asks) < 2 or wait.is_bare_fin or closed_by_silent(case, wait) is not None:
        return None
    return wait


def _is_own_reset(case: Case, end: _End) -> bool:
    """Whether an RST goes on where its sender's socket was."""
    return end.ends in (Ends.RST, Ends.RST_NEXT) and is_own_socket(case.connection, end.frame)


def _longest_gap(frames: Sequence[Frame]) -> int:
    return max((after.time_ns - before.time_ns for before, after in pairwise(frames)), default=0)


def _is_client(case: Case, side: str) -> bool | None:
    party = case.roles.party(side)
    return party is Party.CLIENT if party in (Party.CLIENT, Party.SERVER) else None
