"""The ends of connections as logs write them."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError
from pyreport.logs.model import NamedEnd

#: One end, host and port; bounded, so that a long line without one costs no more than its length.
HOST_PORT = r"(?:\[[0-9A-Fa-f:.%\w]{2,64}\]|[\w.-]{1,253}):\d{1,5}"
BARE_IP = r"(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,45}(?:%\w{1,15})?)"
ADDRESS_PAIR = re.compile(r"^\s*(?P<local>\S+:\d+)\s*->\s*(?P<remote>\S+:\d+)\s*$")


def parse_connection(text: str) -> tuple[Endpoint, Endpoint]:
    """The two ends of 'A:P->B:P'. Raises InputError when the text has another form."""
    found = ADDRESS_PAIR.match(text)
    if found is None:
        raise InputError(
            f"'{text}' does not name a connection: write it as ADDRESS:PORT->ADDRESS:PORT, IPv6 addresses in brackets."
        )
    return _endpoint(found["local"]), _endpoint(found["remote"])


def parse_end(text: str) -> NamedEnd:
    """An end of a log line, "host:port" or a host alone, with or without brackets; empty when it is neither."""
    text = text.strip().strip("/")
    host, colon, port = text.rpartition(":")
    if "]:" not in text and is_address(text):  # an IPv6 address without a port has colons too
        return NamedEnd(_tshark_host(text))
    if not colon:
        return NamedEnd(text)
    if not port.isdecimal() or int(port) > 65535 or not host or (":" in host and not is_address(host)):
        return NamedEnd()
    return NamedEnd(_tshark_host(host), int(port))


def make_end(host: str, port: str | None = None) -> NamedEnd:
    """An end whose host and port stand apart in the line, or only by the last colon."""
    if port is None:
        host, _, port = host.rpartition(":")
    return NamedEnd(_tshark_host(host), int(port)) if port.isdecimal() and int(port) <= 65535 else NamedEnd()


@lru_cache(maxsize=4096)
def is_address(host: str) -> bool:
    """Whether a host is written as an address, not as a name."""
    try:
        ip_address(_bare(host))
    except ValueError:
        return False
    return True


def _bare(host: str) -> str:
    return host.strip("[]").partition("%")[0]


@lru_cache(maxsize=4096)
def _tshark_host(host: str) -> str:
    """A host as tshark writes it: an IPv6 address in its short form (RFC 5952) in brackets, without the interface."""
    try:
        address = ip_address(_bare(host))
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        return str(address.ipv4_mapped) if address.ipv4_mapped else f"[{address}]"
    return str(address)


def _endpoint(text: str) -> Endpoint:
    """The endpoint as tshark writes it. Raises InputError for an IPv6 address that is not in brackets."""
    host = text.rpartition(":")[0]
    if ":" in host:
        if not (host.startswith("[") and host.endswith("]")):
            raise InputError(f"The IPv6 address of '{text}' needs brackets: write [ADDRESS]:PORT.")
        if not is_address(host):
            raise InputError(f"'{host}' is no IPv6 address: write [ADDRESS]:PORT.")
    return Endpoint(parse_end(text) or text)
