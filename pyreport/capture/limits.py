"""Which part of a capture is judged, when the user asks for a part."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from msgspec import Struct

from pyreport.base.units import NS_PER_S

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


# The fields that name the hosts of a frame; of several headers of a kind, the outermost one counts (lua/keepalive.lua).
HOST_FIELDS = (
    *("ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "arp.src.proto_ipv4", "arp.dst.proto_ipv4"),
    *("icmpv6.nd.ns.target_address", "icmpv6.nd.na.target_address"),
)


class Limits(Struct, frozen=True):
    """Times (ns since the epoch, both included) and a host; None: no limit.

    What lies outside is not judged, as if it had not been captured. All frames keep their numbers.
    """

    from_ns: int | None = None
    to_ns: int | None = None
    host: Address | None = None

    @property
    def is_none(self) -> bool:
        """Whether all of the capture is wanted."""
        return (self.from_ns, self.to_ns, self.host) == (None, None, None)

    @property
    def part(self) -> str:
        """The part as the plugin and the reader take it (lua/keepalive_part.lua); "" for all of the capture."""
        if self.is_none:
            return ""
        return f"{_time(self.from_ns)},{_time(self.to_ns)},{self.host or '-'}"

    def is_of_host(self, values: Iterable[str]) -> bool:
        """Whether one of HOST_FIELDS of a frame, of which these are the outermost values, names the host."""
        return self.host is None or str(self.host) in values

    def display_filter(self, inside: str) -> str:
        """What Wireshark shows of the frames that a display filter selects. Of a host it also shows frames in which an
        inner header names it.
        """
        parts = [inside]
        if self.from_ns is not None:
            parts.append(f"frame.time_epoch >= {_time(self.from_ns)}")
        if self.to_ns is not None:
            parts.append(f"frame.time_epoch <= {_time(self.to_ns)}")
        if self.host is not None:
            is_4 = self.host.version == 4
            names = HOST_FIELDS[:2] + HOST_FIELDS[4:6] if is_4 else HOST_FIELDS[2:4] + HOST_FIELDS[6:]
            parts.append(f"({' || '.join(f'{name} == {self.host}' for name in names)})")
        return " && ".join(parts)


NO_LIMITS = Limits()


def _time(time_ns: int | None) -> str:
    if time_ns is None:
        return "-"
    seconds, rest = divmod(time_ns, NS_PER_S)
    return f"{seconds}.{rest:09}"
