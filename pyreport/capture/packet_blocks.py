"""Any capture as the blocks of a pcapng file: its own, those of a pcap file, or what tshark makes of other files."""

from __future__ import annotations

import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from pyreport.base.errors import InputError, ToolError
from pyreport.capture.child import start
from pyreport.capture.file import Capture
from pyreport.capture.pcap_as_pcapng import is_pcap, pcap_blocks
from pyreport.capture.pcapng_blocks import SECTION_HEADER, Block, blocks
from pyreport.capture.tshark import Tshark, one_line, said

PCAPNG_MAGIC = SECTION_HEADER.to_bytes(4, "big")
PIECE = 1 << 20
# A compressed file may hold a thousand times its size.
LONGEST_UNPACKED = 16 << 30


@contextmanager
def open_blocks(tshark: Tshark, capture: Capture) -> Iterator[Iterator[Block]]:
    """The blocks of the capture for the time of the ``with`` block: each packet block is a frame, in their order.

    Compressed files and other containers are read by tshark in its sandbox, several files are joined there. A capture
    that is cut short or damaged gives the blocks before that.

    Raises InputError when it cannot be read, ToolError when tshark fails.
    """
    with tshark.file_of(capture).path.open("rb") if not capture.is_one_file else _opened(capture) as file:
        start = file.read(4)
        if start == PCAPNG_MAGIC or is_pcap(start):
            with _mapped(file.fileno()) as content:
                yield pcap_blocks(content) if is_pcap(start) else blocks(content)
            return
    with tempfile.TemporaryFile() as unpacked:
        _unpack(tshark, capture, unpacked)
        with _mapped(unpacked.fileno()) as content:
            yield blocks(content)


def _opened(capture: Capture) -> IO[bytes]:
    """The capture's only file, as it was opened first."""
    file = os.fdopen(os.dup(capture.files[0].descriptor), "rb")
    file.seek(0)
    return file


@contextmanager
def _mapped(descriptor: int) -> Iterator[mmap.mmap]:
    with mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ) as content:
        yield content


def _unpack(tshark: Tshark, capture: Capture, target: IO[bytes]) -> None:
    """Write the capture as pcapng to an open file."""
    arguments = ["-n", "-r", str(tshark.file_of(capture).path), "-F", "pcapng", "-w", "-"]
    count = 0
    with tempfile.TemporaryFile() as stderr:
        child = start(str(tshark.path), [str(tshark.sandbox.command), *arguments], stderr=stderr)
        try:
            while piece := child.output.read(PIECE):
                count += len(piece)
                if count > LONGEST_UNPACKED:
                    raise InputError(
                        f"{capture.shown_path} unpacks to more than {LONGEST_UNPACKED >> 30} GiB: cut it with editcap."
                    )
                target.write(piece)
            target.flush()
            status = child.wait()
        finally:
            child.stop()
        told = said(stderr)
    if count == 0 or (status and "cut short" not in told and "damaged or corrupt" not in told):
        raise ToolError(f"tshark {tshark.version} could not unpack {capture.shown_path} ({one_line(told)}).")
