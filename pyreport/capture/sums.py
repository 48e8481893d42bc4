"""The SHA-256 of each file of a capture, worked out beside the reading."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Sequence
from typing import Protocol

_PIECE = 1 << 20


class Opened(Protocol):
    """An open file, and how many of its bytes count."""

    @property
    def size(self) -> int:
        """Bytes."""

    @property
    def descriptor(self) -> int:
        """The open descriptor; where it stands in the file does not matter."""


class Sums:
    """The sums of files, by their place. They are made in a thread, one after the other: hashlib lets the rest of the
    program run meanwhile. Who asks for one waits for it.
    """

    def __init__(self, files: Sequence[Opened]) -> None:
        self._files = files
        self._sums: list[str] = []
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="SHA-256", daemon=True)
        self._thread.start()

    def all(self) -> tuple[str, ...]:
        """In hexadecimal. Raises OSError when a file could not be read."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return tuple(self._sums)

    def _run(self) -> None:
        try:
            self._sums += [_sum_of(file) for file in self._files]
        except OSError as error:
            self._error = error


class KnownSums(Sums):
    """Sums that are known already."""

    def __init__(self, *sums: str) -> None:
        self._known = sums

    def all(self) -> tuple[str, ...]:
        """As they were given."""
        return self._known


def whole(sums: Sequence[str]) -> str:
    """One sum for a capture: that of its file, or of several files the SHA-256 of their sums, each in a line (as
    ``sha256sum FILES | cut -c-64 | sha256sum`` prints it).
    """
    if len(sums) == 1:
        return sums[0]
    return hashlib.sha256("".join(f"{each}\n" for each in sums).encode()).hexdigest()


def _sum_of(file: Opened) -> str:
    """Of as much as the file had when it was opened; pread, since the reader shares the descriptor and its place."""
    digest, offset = hashlib.sha256(), 0
    while offset < file.size:
        piece = os.pread(file.descriptor, min(_PIECE, file.size - offset), offset)
        if not piece:
            break
        digest.update(piece)
        offset += len(piece)
    return digest.hexdigest()
