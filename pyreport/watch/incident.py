"""What set the watch off: an error of the log, or a finding of the plugin; whose it is, and what counts as the same."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from datetime import UTC, datetime

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_S
from pyreport.logs.model import LogError, NamedEnd
from pyreport.logs.records import Record
from pyreport.watch.excerpt import Address, Wanted

_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z.]+")
# A host's name in a log may be of any length; a folder's name has 255 bytes.
_LONGEST_HOST = 60
# Ports that a system hands out by itself are mostly above this one, those of services below (Linux' default of
# net.ipv4.ip_local_port_range begins with 32768).
_FIRST_OWN_PORT = 32768
_UNKNOWN = NamedEnd()


class Incident(Struct, frozen=True):
    """An error or a finding, the time at which the watch learned of it, and the two ends as far as they are known.

    ``record`` and ``error`` are there for an error of the log, ``log`` is its path; ``finding`` names what the plugin
    found.
    """

    seen_ns: int
    local: NamedEnd = _UNKNOWN
    remote: NamedEnd = _UNKNOWN
    record: Record | None = None
    error: LogError | None = None
    log: str = ""
    finding: str = ""

    @property
    def connection(self) -> str:
        """The two ends as a line shows them; "?" for one that is unknown."""
        return f"{self.local or '?'} -> {self.remote or '?'}"

    @property
    def wanted(self) -> Wanted:
        """What its excerpt has: the addresses among the hosts, and the ports where both ends are whole."""
        found = (address_of(end.host) for end in (self.local, self.remote))
        addresses = tuple(address for address in found if address is not None)
        ports = (self.local.port, self.remote.port)
        if len(addresses) == 2 and ports[0] is not None and ports[1] is not None:
            return Wanted(addresses, (ports[0], ports[1]))
        return Wanted(addresses)

    @property
    def ends(self) -> tuple[Endpoint, Endpoint] | None:
        """The ends, when both are whole."""
        return (self.local.endpoint, self.remote.endpoint) if self.local.is_whole and self.remote.is_whole else None

    def cause(self, ports: Collection[int]) -> str:
        """What is the same when the same happens to another connection: the error or finding, the operation, the two
        hosts and the port of the service, which is one of ``ports`` where one is.
        """
        ends = [self.local, self.remote]
        service = next((end.port for end in ends if end.port in ports), None)
        if service is None:
            known = [end.port for end in ends if end.port is not None and end.port < _FIRST_OWN_PORT]
            service = min(known, default=None)
        what = self.finding or (f"{self.error.errno} {self.error.operation}" if self.error else "")
        return f"{what} {self.local.host or '?'} {self.remote.host or '?'} {service or '?'}"

    def folder_name(self, found: tuple[Endpoint, Endpoint] | None = None) -> str:
        """The time (UTC) and the ends, or those of the connection that was found, in letters that every file system
        takes.
        """
        ends = [NamedEnd(end.host, end.port) for end in found] if found else (self.local, self.remote)
        time = datetime.fromtimestamp(self.seen_ns // NS_PER_S, UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
        return "_".join((time, *map(_name_of, ends)))


def time_of_folder(name: str) -> int | None:
    """The time that a folder's name begins with, in ns since the epoch; None for a name of another kind."""
    try:
        moment = datetime.strptime(name.partition("_")[0], "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return int(moment.timestamp()) * NS_PER_S


def address_of(host: str) -> Address | None:
    """The address that a host is written as; None for a name. An IPv4-mapped one is the IPv4 address."""
    try:
        address = ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def is_watched(incident: Incident, hosts: Collection[Address], ports: Collection[int]) -> bool:
    """Whether an incident may be about what is captured. Only a line that names another address or port is not: where
    it names a host by name, or no end at all, it may be.
    """
    ends = [end for end in (incident.local, incident.remote) if end]
    known_ports = [end.port for end in ends if end.port is not None]
    if ports and known_ports and not set(known_ports) & set(ports) and len(known_ports) == len(ends):
        return False
    addresses = [address_of(end.host) for end in ends if end.host]
    return not hosts or len(ends) < 2 or None in addresses or bool(set(addresses) & set(hosts))


def _name_of(end: NamedEnd) -> str:
    host = _NOT_IN_NAMES.sub("-", end.host).strip("-.")[:_LONGEST_HOST] or "unknown"
    return f"{host}-{end.port}" if end.port is not None else host
