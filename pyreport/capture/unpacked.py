"""How much a compressed capture holds: tshark unpacks what it reads, and a small file can unpack to any size."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from backports import zstd

from pyreport.base.errors import InputError

#: A capture that unpacks to more bytes than both is refused. Captures are packed to a tenth or less; gzip could pack
#: zeros to a thousandth (RFC 1951), zstd to far less.
MOST_TIMES, MOST_BYTES = 200, 64 << 20
PIECE = 1 << 20

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"


class _Reader(Protocol):
    def read(self, size: int) -> bytes: ...


def check_unpacked(descriptor: int, size: int, shown_path: str) -> None:
    """Raise InputError when an open file of this size (bytes) unpacks to more than any capture does."""
    most, count = max(size * MOST_TIMES, MOST_BYTES), 0
    with _opened(descriptor) as unpacked:
        try:
            while piece := unpacked.read(PIECE) if unpacked is not None else b"":
                count += len(piece)
                if count > most:
                    raise InputError(
                        f"{shown_path} unpacks to more than {MOST_TIMES} times its size, which no capture does: unpack "
                        "it yourself if you trust it, and give the file."
                    )
        except (OSError, EOFError, zlib.error, zstd.ZstdError):
            return  # it is cut or damaged: tshark says how


@contextmanager
def _opened(descriptor: int) -> Iterator[_Reader | None]:
    """What unpacks an open file; None where it is not compressed, or with LZ4, which packs to a 255th at most."""
    start = os.pread(descriptor, len(ZSTD), 0)
    # Opened anew: a copy of the descriptor would have its place in the file.
    with open(f"/dev/fd/{descriptor}", "rb") as packed:  # noqa: PTH123
        if start.startswith(GZIP):
            with gzip.GzipFile(fileobj=packed) as unpacked:
                yield unpacked
        elif start.startswith(ZSTD):
            with zstd.ZstdFile(packed) as unpacked_too:
                yield unpacked_too
        else:
            yield None
