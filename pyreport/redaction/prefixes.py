"""Addresses replaced so that those which share a prefix still do: Crypto-PAn's scheme.

J. Xu, J. Fan, M. Ammar, S. Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002: bit i of the result is bit i
of the address, flipped or not as a keyed function of the i bits before it says. Here that function is keyed BLAKE2b
(RFC 7693), which Python brings along, in place of AES. Blocks with a meaning (IANA's special-purpose registries) keep
it: an address of 10.0.0.0/8 stays one.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from ipaddress import IPv4Network, IPv6Network

KEPT_4 = (
    *("0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4"),
    *("224.0.0.0/24", "240.0.0.0/4", "255.255.255.255/32"),
)
KEPT_6 = (
    *("::/128", "::1/128", "2000::/3", "2001:db8::/32", "fc00::/7", "fe80::/10", "ff00::/8", "ff02::/16", "ff05::/16"),
)


def mapped(key: bytes, address: bytes) -> bytes:
    """The stand-in of an address of 4 or 16 bytes. No address stands in for itself but those that are no host's (any,
    IPv6's loopback, broadcast, and 0.0.0.1 and 255.255.255.254 beside them).
    """
    bits = len(address) * 8
    value, result, is_first = int.from_bytes(address), 0, True
    fixed = _fixed(bits)
    for place in range(bits):
        prefix = value >> (bits - place)
        bit = value >> (bits - 1 - place) & 1
        if (place, prefix) not in fixed:
            # The first bit that is free is always flipped, so that no address stays as it is.
            bit ^= 1 if is_first else _flip(key, bits, place, prefix)
            is_first = False
        result = result << 1 | bit
    return result.to_bytes(len(address))


def _flip(key: bytes, bits: int, place: int, prefix: int) -> int:
    said = bits.to_bytes(1) + place.to_bytes(1) + prefix.to_bytes(16)
    return blake2b(said, key=key, digest_size=1, person=b"address").digest()[0] & 1


@cache
def _fixed(bits: int) -> frozenset[tuple[int, int]]:
    """The prefixes (length, value) after which the next bit is kept: those that lead to a block with a meaning."""
    networks = [IPv4Network(text) for text in KEPT_4] if bits == 32 else [IPv6Network(text) for text in KEPT_6]
    return frozenset(
        (length, int(network.network_address) >> (bits - length))
        for network in networks
        for length in range(network.prefixlen)
    )
