"""One end of a connection: an address and a port."""

from __future__ import annotations


class Endpoint(str):
    """An end as it is written everywhere here: "10.0.0.1:40000", "[2001:db8::1]:9092"."""

    __slots__ = ()

    @classmethod
    def of(cls, address: str, port: int | str) -> Endpoint:
        """The end at an address (IPv6 without brackets) and a port."""
        return cls(f"[{address}]:{port}" if ":" in address else f"{address}:{port}")

    @property
    def host(self) -> str:
        """The address as it stands before the port: IPv6 in brackets."""
        return self.rpartition(":")[0]

    @property
    def address(self) -> str:
        """The address by itself, IPv6 without brackets."""
        return self.host.strip("[]")

    @property
    def port(self) -> int:
        """The port."""
        return int(self.rpartition(":")[2])

    @property
    def is_ipv6(self) -> bool:
        """Whether the address is one of IPv6."""
        return self.startswith("[")
