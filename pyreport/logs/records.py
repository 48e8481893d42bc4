"""From the bytes of a log file to its records: a line, and the lines of a stack trace that belong to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

# What a record holds at most; the rest of a longer line or trace is skipped, so that memory is bounded.
LONGEST_LINE = 1 << 20
LONGEST_RECORD = 1 << 16

_CONTAINER = re.compile(
    rb"^(?:[\w.-]{1,60} {1,30}\| )?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) "
    rb"(?:(?:stdout|stderr) [FP] )?"
)
# Java's, Python's and Node.js' ways to go on with a record in the first column.
_GOES_ON = (
    b" ", b"\t", b"Caused by:", b"Suppressed:", b"Traceback (most recent call last)", b"During handling of the above",
    b"The above exception was", b"}", b"The last packet ",  # Connector/J
)  # fmt: skip
_REOPENS = (b"Traceback", b"During", b"The above", b"Caused", b"Suppressed")
_EXCEPTION = re.compile(rb"^[\w.$]{0,200}(?:Error|Exception|Timeout|Disconnected|socket\.timeout)(?::|$)")


@dataclass(frozen=True, slots=True)
class Record:
    """A record: the number of its first line (1 is the first of the file) and its bytes."""

    line: int
    content: bytes


def read_records(file: BinaryIO) -> Iterator[Record]:
    """The records of a file, line by line: no more than one record is in memory."""
    lines: list[bytes] = []
    size, first, closed = 0, 1, False
    for number, line in _lines(file):
        text = _CONTAINER.sub(b"", line, count=1)
        is_exception = bool(_EXCEPTION.match(text))
        if lines and (not text or text.startswith(_GOES_ON) or (is_exception and not closed)):
            closed = (closed or is_exception) and not text.startswith(_REOPENS)
        else:
            if lines:
                yield Record(first, b"\n".join(lines))
            lines, size, first, closed = [], 0, number, is_exception
        if size < LONGEST_RECORD or not lines:
            lines.append(line)
            size += len(line)
    if lines:
        yield Record(first, b"\n".join(lines))


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines without their ends, each cut at LONGEST_LINE."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        rest = line
        while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST_LINE)
        yield number, line.rstrip(b"\r\n")
