"""The request to the other side: which connection, which window of time, and lines to paste there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from ipaddress import ip_address

from pyreport.advice.facts import Detail, Fact
from pyreport.advice.model import Ask, Letter
from pyreport.advice.rows import rows
from pyreport.application.kafka_messages import server_of
from pyreport.base.claim import Claim, Moment, Party, Second, Value, claim
from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Kind
from pyreport.frames.findings import Fin

# Clocks of two hosts seldom differ by more when both are set by NTP; who asks for less may miss the moment.
MARGIN_NS = 10 * NS_PER_S
# Linux cooked header 20, two VLAN tags 8, IPv4 with all options 60, TCP with all options 60 bytes: 148.
SNAP_LENGTH = 160


def letter(case: Case, kind: Kind, facts: Set[Fact], details: Mapping[Detail, Value]) -> Letter | None:
    """The letter for a case; None when nothing needs asking. What a person answers is asked before what a command
    does: page one asks for the first of them, in the same order.
    """
    start, end = window(case)
    filters = _filters(case)
    asks = [
        Ask(row.id, row.said("ask", details), row.command.format_map(filters), row.source)
        for row in rows().ask
        if row.fits(kind, facts, details)
    ]
    asks.sort(key=lambda ask: bool(ask.command))
    return Letter(tuple(_head(case, start, end)), start, end, tuple(asks)) if asks else None


def window(case: Case) -> tuple[int, int]:
    """From a bit before the last data before the close to a bit after the last sign of the end, in whole seconds (ns).
    A probe that was due and never came is such a sign.

    Without a close, the last data and the last frame of the connection; without data, its first frame.
    """
    close = case.ending.first
    end = (case.ending.dead or case.connection.last).time_ns
    if close is None:
        end = max((end, *(missed.due_at_ns for missed in case.connection.missed())))
    data = case.connection.last_data_before(close.time_ns if close else end + 1)
    start = data.time_ns if data is not None else case.connection.first.time_ns
    return (start - MARGIN_NS) // NS_PER_S * NS_PER_S, -(-(end + MARGIN_NS) // NS_PER_S) * NS_PER_S


def _head(case: Case, start_ns: int, end_ns: int) -> Iterator[Claim]:
    yield claim("letter-connection", local=case.local, peer=case.peer)
    yield claim("letter-window", start=Second(start_ns), end=Second(end_ns))
    first = case.ending.first
    frame = case.connection.frame(first.frame) if first else None
    if first is not None and frame is not None:
        yield claim(
            "letter-close-by-fin" if isinstance(first, Fin) else "letter-close-by-rst",
            (frame.number,),
            time=Moment(frame.time_ns),
            sender=frame.source,
            sequence=frame.seq,
        )
    yield _translated(case)


def _translated(case: Case) -> Claim:
    local, peer = (end.address for end in (case.local, case.peer))
    port = server_of(case.connection, case.roles).port
    if ip_address(local).is_private and not ip_address(peer).is_private:
        return claim("letter-private-address", local=local, port=port)
    return claim("letter-other-address", port=port)


def _filters(case: Case) -> dict[str, str]:
    """Filters for tcpdump and ss at the peer. The next connection has another client port: tcpdump does without it."""
    local = case.local.address
    named = Party.SERVER in case.roles.parties.values()
    ports = {server_of(case.connection, case.roles).port} if named else {case.local.port, case.peer.port}
    wanted = " or ".join(f"tcp port {port}" for port in sorted(ports))
    return {
        "snap": str(SNAP_LENGTH),
        "capture_filter": f"host {local} and {wanted if len(ports) == 1 else f'({wanted})'}",
        "socket_filter": f"sport = :{case.peer.port} and dst = {case.local}",
    }
