"""Addresses as a text writes them, and what stands in for them."""

from __future__ import annotations

from ipaddress import ip_address

from pyreport.redaction.stand_ins import StandIns

IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}"
#: An IPv6 address, a hardware address, a time of day, or words between colons.
COLONS = r"[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}"


def address_shown(text: str, stand_ins: StandIns) -> str:
    """The stand-in of an IP address; "" of what is none."""
    try:
        return stand_ins.address_text(ip_address(text))
    except ValueError:
        return ""


def ipv4_shown(text: str, port: str | None, stand_ins: StandIns) -> str:
    """The stand-in of what matches IPV4, with that of its port if it has one; a name's of what only looks like one."""
    address = address_shown(text, stand_ins) or stand_ins.name(text)
    return address if port is None else f"{address}:{stand_ins.port(int(port))}"


def colons_shown(text: str, stand_ins: StandIns) -> str:
    """The stand-in of what matches COLONS and is a hardware address or an IPv6 address; "" of what is neither."""
    pairs = text.split(":")
    if len(pairs) == 6 and all(len(pair) == 2 for pair in pairs):
        return stand_ins.mac(bytes.fromhex("".join(pairs))).hex(":")
    return address_shown(text, stand_ins)


def number_shown(text: str, stand_ins: StandIns) -> str:
    """A number as it is, unless it is that of a port which has a stand-in."""
    is_port = text.isdecimal() and int(text) in stand_ins.ports
    return str(stand_ins.ports[int(text)]) if is_port else text
