"""The request to the other side: which connection, which window of time, and lines to paste there."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from pyreport.advice.facts import utc
from pyreport.advice.model import Ask, Letter
from pyreport.advice.rows import rows
from pyreport.application.kafka_messages import server_of
from pyreport.base.units import NS_PER_S
from pyreport.connections.connection import host_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Kind
from pyreport.knowledge.services import port_of

# Clocks of two hosts seldom differ by more when both are set by NTP; who asks for less may miss the moment.
MARGIN_NS = 10 * NS_PER_S
# Linux cooked header 20, two VLAN tags 8, IPv4 with all options 60, TCP with all options 60 octets: 148.
SNAP_LENGTH = 160


def letter(case: Case, kind: Kind, facts: Mapping[str, bool], words: Mapping[str, str]) -> Letter | None:
    """The letter for a case; None when nothing needs asking."""
    start, end = window(case)
    words = {**words, **_filters(case)}
    asks = tuple(
        Ask(row.id, row.text.format_map(words), row.command.format_map(words), row.source)
        for row in rows().asks
        if row.fits(kind, facts)
    )
    return Letter(_head(case, start, end), start, end, asks) if asks else None


def window(case: Case) -> tuple[int, int]:
    """From a bit before the last data before the close to a bit after the last sign of the end, in whole seconds (ns).

    Without a close, the last data and the last frame of the connection; without data, its first frame.
    """
    close = case.ending.first
    end = (case.ending.dead or case.connection.last).time_ns
    data = case.connection.last_data_before(close.time_ns if close else end + 1)
    start = data.time_ns if data is not None else case.connection.first.time_ns
    return (start - MARGIN_NS) // NS_PER_S * NS_PER_S, -(-(end + MARGIN_NS) // NS_PER_S) * NS_PER_S


def _head(case: Case, start_ns: int, end_ns: int) -> tuple[str, ...]:
    lines = [
        f"Connection: TCP {case.local} -> {case.peer}",
        f"Window: {utc(start_ns, 0)} to {utc(end_ns, 0)} UTC",
    ]
    first = case.ending.first
    frame = case.connection.frame(first.frame) if first else None
    if first is not None and frame is not None:
        flag = "FIN" if first.id == "fin" else "RST"
        lines.append(
            f"Close: {utc(frame.time_ns)} UTC by the clock of this capture: {flag} of {frame.source}, sequence number "
            f"{frame.seq}"
        )
    lines.append(_translated(case))
    return tuple(lines)


def _translated(case: Case) -> str:
    local, peer = (_address(host_of(end)) for end in (case.local, case.peer))
    likely = ip_address(local).is_private and not ip_address(peer).is_private
    seen = (
        f"Your side hardly sees {local}, a private address, but that of a translator (NAT)"
        if likely
        else "Behind a translator (NAT), a balancer or a container network your side sees another address or port"
    )
    port = port_of(server_of(case.connection, case.roles))
    return f"{seen}: then go by the time, the port {port} and the sequence number."


def _filters(case: Case) -> dict[str, str]:
    """Filters for tcpdump and ss at the peer. The next connection has another client port: tcpdump does without it."""
    local = _address(host_of(case.local))
    named = "server" in case.roles.names.values()
    ports = {port_of(server_of(case.connection, case.roles))} if named else {port_of(case.local), port_of(case.peer)}
    wanted = " or ".join(f"tcp port {port}" for port in sorted(ports))
    return {
        "snap": str(SNAP_LENGTH),
        "capture_filter": f"host {local} and {wanted if len(ports) == 1 else f'({wanted})'}",
        "socket_filter": f"sport = :{port_of(case.peer)} and dst = {case.local}",
    }


def _address(host: str) -> str:
    return host.strip("[]")
