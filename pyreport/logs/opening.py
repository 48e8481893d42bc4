"""The bytes of a log: a file or standard input, plain or compressed, UTF-8 or UTF-16."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import lzma
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from pyreport.base.errors import InputError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: The path that stands for standard input.
STDIN = Path("-")
_BLOCK = 1 << 20
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zstd.ZstdError, UnicodeError)


def check_log_file(path: Path) -> None:
    """Raise InputError when the file cannot be read, before any work is done."""
    if path == STDIN:
        return
    try:
        with path.open("rb"):
            pass
    except IsADirectoryError:
        raise InputError(f"{path} is a folder: give the log file itself.") from None
    except FileNotFoundError:
        raise InputError(f"There is no file {path}: check the path of the log.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error


def read_blocks(path: Path) -> Iterator[bytes]:
    """The content of a log in blocks of about a megabyte, decompressed, as UTF-8.

    Raises InputError when the file cannot be read, or its compressed content is damaged.
    """
    check_log_file(path)
    try:
        with _opened(path) as file:
            yield from _utf8(file)
    except _DAMAGED as error:
        raise InputError(f"{path} is damaged ({error}): decompress or copy it again.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}): check the file.") from error


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if path == STDIN:
        yield _decompressed(io.BufferedReader(cast("io.RawIOBase", sys.stdin.buffer)))
        return
    with path.open("rb") as file:
        yield _decompressed(file)


def _decompressed(file: io.BufferedReader) -> BinaryIO:
    """The file, or what decompresses it, by its first bytes (RFC 1952, RFC 8878, bzip2's and xz' own formats)."""
    magic = file.peek(6)[:6]
    if magic.startswith(b"\x1f\x8b"):
        return cast("BinaryIO", gzip.GzipFile(fileobj=file))
    if magic.startswith(b"\x28\xb5\x2f\xfd"):
        return cast("BinaryIO", zstd.ZstdFile(file))
    if magic.startswith(b"BZh"):
        return cast("BinaryIO", bz2.BZ2File(file))
    if magic.startswith(b"\xfd7zXZ\x00"):
        return cast("BinaryIO", lzma.LZMAFile(file))
    return file


def _utf8(file: BinaryIO) -> Iterator[bytes]:
    """The blocks; UTF-16, which Windows' tools write behind a byte order mark, becomes UTF-8."""
    block = file.read(_BLOCK)
    decoder = None
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
    block = block.removeprefix(codecs.BOM_UTF8)
    while block:
        yield decoder.decode(block).encode("utf-8", "replace") if decoder else block
        block = file.read(_BLOCK)
