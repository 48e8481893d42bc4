"""A capture without what is private: its frames rewritten, and of its blocks only what tells of time and of drops."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from pyreport.base.errors import InputError
from pyreport.capture.pcapng_blocks import (
    IF_FCSLEN,
    IF_TSOFFSET,
    IF_TSRESOL,
    INTERFACE_DESCRIPTION,
    INTERFACE_STATISTICS,
    OLD_PACKET,
    SECTION_HEADER,
    Block,
    enhanced_packet,
    options_of,
    options_written,
    packet_of,
    section_header,
)
from pyreport.redaction.packets import LINKS, redacted_frame
from pyreport.redaction.stand_ins import StandIns

# draft-ietf-opsawg-pcapng 4.2, 4.3, 4.6: what is kept of the options. Comments, names, filters, programs go.
INTERFACE_OPTIONS = frozenset((IF_TSRESOL, IF_FCSLEN, IF_TSOFFSET))
EPB_FLAGS, EPB_DROPCOUNT = 2, 4
PACKET_OPTIONS = {EPB_FLAGS: 4, EPB_DROPCOUNT: 8}
STATISTICS_OPTIONS = dict.fromkeys(range(2, 9), 8)
INTERFACE_FIXED, STATISTICS_FIXED = 8, 12
UNKNOWN_DROPS = 0xFFFF


def redacted_blocks(blocks: Iterable[Block], stand_ins: StandIns, shown_path: str) -> Iterator[Block]:
    """The blocks of the redacted capture: as many packets, in their order, as long and at the same times.

    Raises InputError on a link type in which it is not known where addresses are, and on packets that are wrong.
    """
    links: list[int] = []
    number = 0
    for block in blocks:
        if block.kind == SECTION_HEADER:
            links = []
            yield replace(section_header(block.order), section=block.section)
        elif block.kind == INTERFACE_DESCRIPTION and len(block.body) >= INTERFACE_FIXED:
            links.append(int(struct.unpack_from(f"{block.order}H", block.body)[0]))
            yield _interface(block, stand_ins)
        elif block.kind == INTERFACE_STATISTICS and len(block.body) >= STATISTICS_FIXED:
            yield _kept(block, STATISTICS_FIXED, STATISTICS_OPTIONS, stand_ins)
        elif block.is_packet:
            number += 1
            yield _packet(block, links, stand_ins, f"Frame {number} of {shown_path}")
        else:
            stand_ins.removed.options += 1


def _interface(block: Block, stand_ins: StandIns) -> Block:
    options = list(options_of(block.body[INTERFACE_FIXED:], block.order))
    kept = [(code, value) for code, value in options if code in INTERFACE_OPTIONS]
    stand_ins.removed.options += len(options) - len(kept)
    return replace(block, body=block.body[:INTERFACE_FIXED] + options_written(kept, block.order))


def _kept(block: Block, fixed: int, lengths: dict[int, int], stand_ins: StandIns) -> Block:
    """The block with those of its options that have a known length."""
    options = list(options_of(block.body[fixed:], block.order))
    kept = [(code, value) for code, value in options if lengths.get(code) == len(value)]
    stand_ins.removed.options += len(options) - len(kept)
    return replace(block, body=block.body[:fixed] + options_written(kept, block.order))


def _packet(block: Block, links: list[int], stand_ins: StandIns, which: str) -> Block:
    packet = packet_of(block)
    if packet is None or packet.interface >= len(links):
        raise InputError(f"{which} cannot be redacted, since its block is damaged or has no time: leave it out.")
    link_type = links[packet.interface]
    if link_type not in LINKS:
        raise InputError(
            f"{which} has the link type {link_type}, of which pyreport does not know where it has addresses, so the "
            "capture cannot be redacted: leave out frames of this interface, or leave out --redact."
        )
    options = list(options_of(packet.options, block.order))
    kept = [(code, value) for code, value in options if PACKET_OPTIONS.get(code) == len(value)]
    stand_ins.removed.options += len(options) - len(kept)
    if block.kind == OLD_PACKET:
        (drops,) = struct.unpack_from(f"{block.order}H", block.body, 2)
        if drops != UNKNOWN_DROPS:
            kept.append((EPB_DROPCOUNT, struct.pack(f"{block.order}Q", drops)))
    data = redacted_frame(packet.data, link_type, stand_ins)
    changed = replace(packet, data=data, options=options_written(kept, block.order))
    return enhanced_packet(changed, block.order, block.section)
