"""Addresses that share a prefix share one afterwards, and no other longer one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import strategies as st

from pyreport.redaction.prefixes import KEPT_4, KEPT_6, mapped
from tests.property.examples import for_all

KEY = bytes(range(32))
IPV4 = st.integers(0, 2**32 - 1).map(lambda number: IPv4Address(number).packed)
IPV6 = st.integers(0, 2**128 - 1).map(lambda number: IPv6Address(number).packed)


def common(first: bytes, second: bytes) -> int:
    """How many bits two addresses share at the beginning."""
    differ = int.from_bytes(first) ^ int.from_bytes(second)
    return len(first) * 8 - differ.bit_length()


def near(address: bytes, bits: int) -> bytes:
    """The address with its lower bits turned over from a place on."""
    width = len(address) * 8
    return (int.from_bytes(address) ^ (1 << (width - 1 - bits % width))).to_bytes(len(address))


@for_all(IPV4 | IPV6, st.integers(0, 127), examples=200)
def test_prefixes_are_kept(address: bytes, bits: int) -> None:
    other = near(address, bits)
    assert common(mapped(KEY, address), mapped(KEY, other)) == common(address, other)


def constants() -> set[bytes]:
    """The single addresses that keep their meaning."""
    return {ip_network(text).network_address.packed for text in (*KEPT_4, *KEPT_6) if text.endswith(("/32", "/128"))}


@for_all(IPV4 | IPV6, examples=100)
def test_no_host_keeps_its_address(address: bytes) -> None:
    neighbours = {near(constant, len(constant) * 8 - 1) for constant in constants()}
    assert (mapped(KEY, address) == address) == (address in constants() | neighbours)


@for_all(IPV4 | IPV6, examples=100)
def test_another_key_gives_another_address(address: bytes) -> None:
    assert mapped(KEY, address) == mapped(bytes(KEY), address)
    keys = [bytes([number]) * 32 for number in range(64)]
    # Beside a constant, from which it first differs in the last bit but one, an address has one other place only.
    has_one_place = any(
        len(constant) == len(address) and common(constant, address) == len(address) * 8 - 2 for constant in constants()
    )
    found = {mapped(key, address) for key in keys}
    assert (len(found) > 1) != (has_one_place or mapped(KEY, address) == address)


@pytest.mark.parametrize("text", ["0.0.0.2", "0.0.0.3", "255.255.255.252", "::2"])
def test_beside_a_constant_there_is_one_other_place(text: str) -> None:
    address = ip_address(text).packed
    assert mapped(KEY, address) == mapped(bytes(KEY[::-1]), address) == near(address, len(address) * 8 - 1)


@pytest.mark.parametrize("network", [*KEPT_4, *KEPT_6])
def test_a_block_with_a_meaning_keeps_it(network: str) -> None:
    block = ip_network(network)
    for address in (block.network_address, block.broadcast_address):
        assert ip_address(mapped(KEY, address.packed)) in block


@pytest.mark.parametrize("address", ["9.255.255.255", "11.0.0.0", "172.32.0.1", "193.168.0.1", "126.0.0.1", "fb00::1"])
def test_what_lies_beside_a_block_stays_outside(address: str) -> None:
    new = ip_address(mapped(KEY, ip_address(address).packed))
    assert not any(new in block for block in map(ip_network, (*KEPT_4[1:], "fc00::/7")) if block.version == new.version)
