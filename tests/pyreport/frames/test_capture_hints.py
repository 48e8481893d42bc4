"""What a single frame tells of the place of capture."""

from __future__ import annotations

import pytest

from pyreport.frames.capture_hints import Marks, read_marks

# From a capture on a loopback interface: 127.0.0.1 to itself, and between two IPv6 hosts, computed by hand below.
IPV4 = ("10.0.0.1", "10.0.9.9")


def marks(
    addresses: tuple[str, str] = IPV4, length: int = 66, tcp_length: int = 32, checksum: int | None = 0,
    ip_id: int | None = 1, packet_type: int | None = None,
) -> Marks:  # fmt: skip
    return read_marks(
        addresses=addresses, length=length, ip_id=ip_id, tcp_length=tcp_length, checksum=checksum, mss=0,
        packet_type=packet_type,
    )  # fmt: skip


def test_a_checksum_over_the_pseudo_header_alone_is_unfinished() -> None:
    # 0a00 + 0001 + 0a00 + 0909 + protocol 6 + length 32 = 1d30
    assert marks(checksum=0x1D30).unfinished_checksum is True
    assert marks(checksum=0x1D31).unfinished_checksum is False
    assert marks(checksum=0xFFFF ^ 0x1D30).unfinished_checksum is False


def test_the_sum_is_folded() -> None:
    # c0a8 + 0101 + c0a8 + 01fe + 0006 + 0014 = 18469 -> 8469 + 1
    assert marks(("192.168.1.1", "192.168.1.254"), tcp_length=20, checksum=0x846A).unfinished_checksum is True


def test_ipv6_has_a_pseudo_header_too() -> None:
    # 2001 + 0db8 + 1 and 2001 + 0db8 + 2, + 6 + 20
    assert marks(("2001:db8::1", "2001:db8::2"), tcp_length=20, checksum=0x5B8F).unfinished_checksum is True


def test_without_a_checksum_or_a_length_nothing_is_told() -> None:
    assert marks(checksum=None).unfinished_checksum is None
    assert marks(checksum=0x1D30, tcp_length=0).unfinished_checksum is None


@pytest.mark.parametrize(
    ("length", "tcp_length", "padded"),
    [
        (54, 20, False),  # as the kernel made it
        (60, 20, True),  # as the wire has it
        (60, 21, True),  # a one-byte probe
        (60, 26, None),  # long enough as it is
        (66, 32, None),
        (58, 20, None),  # with a VLAN tag: neither
    ],
)
def test_padding(length: int, tcp_length: int, padded: bool | None) -> None:
    assert marks(length=length, tcp_length=tcp_length).padded is padded


def test_padding_needs_ethernet_and_ipv4() -> None:
    assert marks(length=60, tcp_length=20, packet_type=0).padded is None
    assert marks(length=60, tcp_length=20, ip_id=None).padded is None
