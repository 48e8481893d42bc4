"""A capture with comments on its packets, which any Wireshark shows without the plugin."""

from __future__ import annotations

import struct
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import IO

from msgspec.structs import replace

from pyreport.capture.pcapng_blocks import (
    COMMENT,
    INTERFACE_DESCRIPTION,
    INTERFACE_STATISTICS,
    OLD_PACKET,
    SECTION_HEADER,
    Block,
    enhanced_packet,
    options_of,
    options_written,
    packet_of,
    written,
)
from pyreport.frames.finding import Finding

# Of a section header, before its options: magic number, version, length of the section.
SECTION_FIXED = 16
# What an old Packet Block lacks of an Enhanced one is nothing; its drop count becomes the option epb_dropcount.
EPB_DROPCOUNT, UNKNOWN_DROPS = 4, 0xFFFF
#: What is kept of a file of which frames are left out. Resolved names and the keys of TLS may be those of others.
KEPT_BESIDE_PACKETS = frozenset((SECTION_HEADER, INTERFACE_DESCRIPTION, INTERFACE_STATISTICS))


def comments_of(findings: Iterable[Finding], told: Callable[[Finding], str]) -> dict[int, list[str]]:
    """The comments on each frame: a line for each finding, with its level and field and what is told of it."""
    comments: dict[int, list[str]] = {}
    for finding in findings:
        comment = f"{finding.level.word} (keepalive.{finding.id}): {told(finding)}"
        of_frame = comments.setdefault(finding.frame, [])
        if comment not in of_frame:
            of_frame.append(comment)
    return comments


def write_annotated(
    file: IO[bytes],
    blocks: Iterable[Block],
    comments: Mapping[int, Sequence[str]],
    about: str,
    only: Container[int] | None = None,
) -> int:
    """Write the blocks as pcapng with comments by frame number, ``about`` on each section. Returns how many frames the
    blocks have.

    All else stays as it is: interfaces, time stamps, counters, comments that are there. With ``only``, frames with
    other numbers are left out, and so is what is neither a packet, an interface nor its counters.
    """
    frame = 0
    for block in blocks:
        if block.is_packet:
            frame += 1
            if only is None or frame in only:
                told = comments.get(frame, ())
                file.write(written(_with_comments(block, told) if told else block))
        elif block.kind == SECTION_HEADER:
            file.write(written(_commented_section(block, about)))
        elif only is None or block.kind in KEPT_BESIDE_PACKETS:
            file.write(written(block))
    return frame


def _with_comments(block: Block, comments: Sequence[str]) -> Block:
    packet = packet_of(block)
    if packet is None:  # a Simple Packet Block has no place for comments
        return block
    options = list(options_of(packet.options, block.order))
    if block.kind == OLD_PACKET:
        (drops,) = struct.unpack_from(f"{block.order}H", block.body, 2)
        if drops != UNKNOWN_DROPS:
            options.append((EPB_DROPCOUNT, struct.pack(f"{block.order}Q", drops)))
    options += [(COMMENT, _utf_8(comment)) for comment in comments]
    kept = replace(packet, options=options_written(options, block.order))
    return enhanced_packet(kept, block.order, block.section)


def _commented_section(block: Block, about: str) -> Block:
    fixed = block.body[: SECTION_FIXED - 8] + struct.pack(f"{block.order}q", -1)  # the length changes
    options = [*options_of(block.body[SECTION_FIXED:], block.order), (COMMENT, _utf_8(about))]
    return replace(block, body=fixed + options_written(options, block.order))


def _utf_8(text: str) -> bytes:
    """At most as long as an option can be, and no character cut."""
    return text.encode("utf-8", "replace")[:0xFFFF].decode("utf-8", "ignore").encode()
