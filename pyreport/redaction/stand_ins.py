"""What stands in for what: the same for the same, wherever it occurs, as long as the key is the same."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field  # noqa: TID251 - one has a property that it keeps
from functools import cached_property
from hashlib import blake2b
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import msgspec
from msgspec import Struct

from pyreport.base import json_text
from pyreport.base.errors import InputError
from pyreport.redaction.prefixes import mapped

KEY_LENGTH = 32
FORMAT = 1
LONGEST_KEY_FILE = 64 << 20
# IEEE 802: of the first byte, a group address and one that is not worldwide.
GROUP, LOCAL = 0x01, 0x02
# Group addresses of protocols: spanning tree and LLDP; and what stands before the end of a group's IP address.
KEPT_MACS = (b"\x01\x80\xc2", bytes(6), b"\xff" * 6)
GROUP_PREFIXES = (b"\x01\x00\x5e", b"\x33\x33")
# Ports keep their range: well-known, registered and what Linux hands out (ip_local_port_range begins at 32768).
PORT_RANGES = (range(1, 1024), range(1024, 32768), range(32768, 65536))
#: Destination ports by which a tunnel is known: VXLAN (RFC 7348), Geneve (RFC 8926). They stay.
TUNNEL_PORTS = (4789, 6081)


class KeyFile(Struct, kw_only=True, forbid_unknown_fields=True):
    """What maps back: the key in hexadecimal, each original with its stand-in, and the SHA-256 of each redacted capture
    with that of its original.
    """

    format: int
    key: str
    addresses: dict[str, str]
    macs: dict[str, str]
    ports: dict[int, int]
    names: dict[str, str]
    captures: dict[str, str] = {}


class Removed(Struct):
    """What a redaction took away: bytes of payload of TCP and UDP, the packets that had some, and what the file says
    beside the packets (comments, names of interfaces and hosts, keys), an option or block each.
    """

    payload_bytes: int = 0
    payload_frames: int = 0
    options: int = 0


@dataclass
class StandIns:
    """The stand-ins of one redaction, or of several with one key; the tables grow with what is asked for."""

    key: bytes
    with_ports: bool = False
    removed: Removed = field(default_factory=Removed)
    addresses: dict[bytes, bytes] = field(default_factory=dict)
    macs: dict[bytes, bytes] = field(default_factory=dict)
    ports: dict[int, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    captures: dict[str, str] = field(default_factory=dict)

    def address(self, packed: bytes) -> bytes:
        """The stand-in of an address of 4 or 16 bytes."""
        found = self.addresses.get(packed)
        if found is None:
            found = self.addresses[packed] = mapped(self.key, packed)
        return found

    def address_text(self, address: IPv4Address | IPv6Address) -> str:
        """The stand-in of an address as text; of an IPv4 address in IPv6 as one."""
        inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        if inner is not None:
            return f"::ffff:{self.address_text(inner)}"
        return str(ip_address(self.address(address.packed)))

    def mac(self, mac: bytes) -> bytes:
        """The stand-in of a hardware address of 6 bytes: unicast or group, worldwide or not as before."""
        if mac.startswith(KEPT_MACS):
            return mac
        found = self.macs.get(mac)
        if found is None:
            found = self._new_mac(mac)
            self.macs[mac] = found
        return found

    def _new_mac(self, mac: bytes) -> bytes:
        taken = set(self.macs.values())
        kept = next((prefix for prefix in GROUP_PREFIXES if mac.startswith(prefix)), b"")
        for attempt in range(256):
            made = self._keyed(b"mac", mac + bytes([attempt]), 6)
            first = made[0] & ~(GROUP | LOCAL) | mac[0] & (GROUP | LOCAL)
            new = kept + (bytes([first]) + made[1:])[len(kept) :]
            if new != mac and new not in taken:
                return new
        raise InputError("There are too many group addresses in the capture to redact it: filter it by host first.")

    def port(self, port: int) -> int:
        """The stand-in of a port: itself unless ports are redacted, too."""
        if not self.with_ports or port == 0 or port in TUNNEL_PORTS:
            return port
        found = self.ports[port] = self._port_table[port]
        return found

    @cached_property
    def _port_table(self) -> dict[int, int]:
        """A cyclic order of each range by the key: each port's successor stands in for it, so none for itself."""
        table: dict[int, int] = {}
        for ports in PORT_RANGES:
            free = [port for port in ports if port not in TUNNEL_PORTS]
            order = sorted(free, key=lambda port: self._keyed(b"port", port.to_bytes(2), 16))
            table |= dict(zip(order, [*order[1:], order[0]], strict=True))
        return table

    def name(self, name: str) -> str:
        """The stand-in of a host, a path, a topic, a group, any word. Case is ignored, as host names do."""
        found = self.names.get(name)
        if found is None:
            found = self.names[name] = f"name-{self._keyed(b'name', name.casefold().encode(), 5).hex()}"
        return found

    def _keyed(self, kind: bytes, content: bytes, length: int) -> bytes:
        return blake2b(content, key=self.key, digest_size=length, person=kind).digest()


def new_stand_ins(with_ports: bool) -> StandIns:
    """Stand-ins of a new random key."""
    return StandIns(secrets.token_bytes(KEY_LENGTH), with_ports)


def load_stand_ins(path: Path, with_ports: bool) -> StandIns:
    """Stand-ins of the key in a file that save_stand_ins wrote. Raises InputError when it holds none."""
    try:
        with path.open("rb") as file:
            document = msgspec.json.decode(file.read(LONGEST_KEY_FILE), type=KeyFile)
        key = bytes.fromhex(document.key)
        stand_ins = StandIns(
            key,
            with_ports,
            addresses={_packed(k): _packed(v) for k, v in document.addresses.items()},
            macs={_octets(k): _octets(v) for k, v in document.macs.items()},
            ports=document.ports,
            names=document.names,
            captures=document.captures,
        )
        if document.format == FORMAT and len(key) == KEY_LENGTH:
            return stand_ins
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): name another key file.") from error
    except (msgspec.MsgspecError, ValueError, RecursionError):
        pass
    raise InputError(f"{path} is no key file of pyreport --redact: name another, or a new one.")


def save_stand_ins(stand_ins: StandIns, path: Path) -> None:
    """Write the key and the tables that map back, readable by its owner only. Raises OSError when it cannot."""
    document = KeyFile(
        format=FORMAT,
        key=stand_ins.key.hex(),
        addresses={str(ip_address(k)): str(ip_address(v)) for k, v in sorted(stand_ins.addresses.items())},
        macs={k.hex(":"): v.hex(":") for k, v in sorted(stand_ins.macs.items())},
        ports=dict(sorted(stand_ins.ports.items())),
        names=dict(sorted(stand_ins.names.items())),
        captures=dict(sorted(stand_ins.captures.items())),
    )
    temporary = path.with_name(f".pyreport-{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        try:
            file.write(json_text.document(document))
            file.flush()
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _packed(text: str) -> bytes:
    return ip_address(text).packed


def _octets(text: str) -> bytes:
    return bytes.fromhex(text.replace(":", ""))
