"""Blocks of pcapng files: what is read is written again, and no length is believed."""

from __future__ import annotations

import struct

import pytest

from pyreport.capture.pcapng_blocks import (
    Block,
    Packet,
    blocks,
    enhanced_packet,
    options_of,
    options_written,
    packet_of,
    section_header,
    written,
)

PACKET = Packet(3, 0x1_0203_0405_0607, b"\x01\x02\x03\x04\x05", 900, b"")


@pytest.mark.parametrize("order", ["<", ">"])
def test_what_is_written_is_read_again(order: str) -> None:
    options = options_written([(1, b"one"), (1, b"another"), (2, bytes(4))], order)
    packet = Packet(3, PACKET.ticks, PACKET.data, 900, options)
    content = written(section_header(order)) + written(enhanced_packet(packet, order))
    header, block = blocks(content)
    assert (header.order, block.order, block.is_packet, header.is_packet) == (order, order, True, False)
    assert packet_of(block) == packet
    assert list(options_of(options, order)) == [(1, b"one"), (1, b"another"), (2, bytes(4))]
    assert b"".join(map(written, blocks(content))) == content


@pytest.mark.parametrize("length", [0, 4, 11, 13, 44, 0xFFFFFFFC])
def test_a_block_that_is_longer_or_shorter_than_it_can_be_ends_the_file(length: int) -> None:
    content = written(section_header()) + struct.pack("<II", 6, length) + bytes(28)
    assert [block.kind for block in blocks(content)] == [0x0A0D0D0A]


@pytest.mark.parametrize("captured", [6, 9, 0xFFFFFFFF])
def test_a_packet_that_is_longer_than_its_block_is_none(captured: int) -> None:
    good = enhanced_packet(Packet(0, 0, b"\x01\x02\x03\x04", 4, b""))
    assert packet_of(good) is not None
    wrong = good.body[:12] + struct.pack("<I", captured) + good.body[16:]
    assert packet_of(Block(6, "<", 0, wrong)) is None


def test_an_option_that_is_longer_than_the_block_is_none() -> None:
    assert list(options_of(struct.pack("<HH", 1, 4) + b"text" + struct.pack("<HH", 1, 9) + b"text", "<")) == [
        (1, b"text")
    ]


def test_a_value_that_no_option_can_hold_is_cut() -> None:
    ((_, value),) = options_of(options_written([(1, bytes(70_000))], "<"), "<")
    assert len(value) == 0xFFFF
