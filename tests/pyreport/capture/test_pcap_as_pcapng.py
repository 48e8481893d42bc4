"""Classic pcap files as blocks."""

from __future__ import annotations

import struct

import pytest

from pyreport.capture.pcap_as_pcapng import is_pcap, pcap_blocks
from pyreport.capture.pcapng_blocks import options_of, packet_of


def pcap(order: str, magic: int, network: int = 1, records: bytes = b"") -> bytes:
    return struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 4096, network) + records


def record(order: str, captured: int, data: bytes) -> bytes:
    return struct.pack(f"{order}IIII", 1_700_000_000, 123_456, captured, 1500) + data


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("magic", "digits"), [(0xA1B2C3D4, 6), (0xA1B23C4D, 9)])
def test_records_become_packets_with_their_unit(order: str, magic: int, digits: int) -> None:
    content = pcap(order, magic, 113, record(order, 5, b"12345"))
    assert is_pcap(content)
    _, interface, block = pcap_blocks(content)
    assert struct.unpack_from("<HHI", interface.body) == (113, 0, 4096)
    assert list(options_of(interface.body[8:], "<")) == [(9, bytes([digits]))]
    packet = packet_of(block)
    assert packet is not None
    assert (packet.ticks, packet.data, packet.length) == (1_700_000_000 * 10**digits + 123_456, b"12345", 1500)


def test_the_length_of_the_check_sequence_is_kept() -> None:
    _, interface = pcap_blocks(pcap("<", 0xA1B2C3D4, 2 << 28 | 1 << 26 | 1))
    assert struct.unpack_from("<H", interface.body) == (1,)
    assert (13, b"\x04") in list(options_of(interface.body[8:], "<"))


@pytest.mark.parametrize("captured", [6, 0xFFFFFFFF])
def test_a_record_that_is_not_whole_ends_the_file(captured: int) -> None:
    whole = record("<", 4, b"1234")
    content = pcap("<", 0xA1B2C3D4, records=whole + record("<", captured, b"12345"))
    assert sum(block.is_packet for block in pcap_blocks(content)) == 1


def test_what_is_no_pcap() -> None:
    assert not is_pcap(struct.pack("<I", 0xA1B2CD34))  # a patched libpcap's, with longer records
    assert list(pcap_blocks(pcap("<", 0xA1B2C3D4)[:20])) == []
