"""How long a connection had been idle when it ended, and how it ended: what known timers are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pyreport.base.claim import Party
from pyreport.connections.ending import said_last
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import IDLE_FROM_NS
from pyreport.frames.findings import Answer, Fin, GaveUp, Probe
from pyreport.frames.frame import Frame
from pyreport.knowledge.known_timers import Ends
from pyreport.knowledge.services import service_name


@dataclass(frozen=True, slots=True)
class IdleClose:
    """The end of an idle connection. Ages and delays are in ns.

    ``data_idle_ns`` and ``packet_idle_ns`` are the ages of the last payload and of the last segment of any kind when
    the limit was reached at the latest. ``survived_data_ns`` and ``survived_packets_ns`` are the longest such silences
    before it that the connection outlived. ``probes_answered`` counts those since the last payload.
    ``closed_by_client`` is None when the capture does not tell who is the client, or nobody closed.
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


def idle_close(case: Case) -> IdleClose | None:
    """The idle close of a case; None when it was not idle, went on as a half-close, or shows no payload before."""
    first = case.ending.first
    if first is None or case.used_half_close:
        return None
    moment = first.frame
    if isinstance(first, GaveUp):
        ends, moment = Ends.SILENT, first.first_probe_frame
    elif isinstance(first, Fin):
        ends = Ends.FIN
    elif first.cause_frame:
        ends, moment = Ends.RST_NEXT, first.cause_frame
    else:
        ends = Ends.RST
    last = case.connection.frame(moment)
    before = [frame for frame in case.connection.frames if frame.number < moment]
    newest = said_last(first) or moment
    data = [frame for frame in before if frame.number <= newest and frame.length and not frame.found(Probe)]
    if last is None or not data or last.time_ns - data[-1].time_ns < IDLE_FROM_NS:
        return None
    answers = [frame for frame in before if frame.number > data[-1].number and frame.found(Answer)]
    return IdleClose(
        ends=ends,
        data_idle_ns=last.time_ns - data[-1].time_ns,
        packet_idle_ns=last.time_ns - before[-1].time_ns,
        survived_data_ns=_longest_gap(data),
        survived_packets_ns=_longest_gap(before),
        probes_answered=len(answers),
        closed_by_client=_is_client(case, first.source) if ends in (Ends.FIN, Ends.RST) else None,
        service=service_name(case.peer) or service_name(case.local),
        round_trip_ns=round_trip_ns(case.connection),
        frames=tuple(sorted({data[-1].number, first.frame})),
    )


def _longest_gap(frames: Sequence[Frame]) -> int:
    return max((after.time_ns - before.time_ns for before, after in pairwise(frames)), default=0)


def _is_client(case: Case, side: str) -> bool | None:
    party = case.roles.party(side)
    return party is Party.CLIENT if party in (Party.CLIENT, Party.SERVER) else None
