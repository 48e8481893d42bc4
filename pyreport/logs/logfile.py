"""A whole log: the records that tell of a broken connection, found in one pass that looks closely where it must."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import re2
from msgspec import Struct

from pyreport.logs.model import LogError
from pyreport.logs.opening import STDIN, check_log_file, read_blocks
from pyreport.logs.records import LONGEST_RECORD, Place, Record, place_of, put_together
from pyreport.logs.registry import tells_of_error, understand
from pyreport.logs.wording import any_of, trouble

__all__ = ["STDIN", "Logged", "TroubleFinder", "check_log_file", "first_errors", "read_errors", "tells"]

# A longer line is read in pieces of this size.
_LONGEST_LINE = 1 << 20
# So far back the head of a record is looked for.
_MOST_LINES_BACK = 400
_PLAIN_LINES_BACK = 40
# Of a record that is too long: its head, for the time, and what stands around the trouble.
_HEAD_KEPT = 1 << 11
_AROUND_KEPT = 1 << 14


class Logged(Struct, frozen=True):
    """An error and the number of its line in the file."""

    line: int
    error: LogError


def read_errors(path: Path) -> Iterator[Logged]:
    """The errors of a log file ("-": of standard input), in its order. Raises InputError when it cannot be read."""
    for record in records_with_trouble(path):
        error = understand(record.content.decode("utf-8", "replace"))
        if error is not None:
            yield Logged(record.line, error)


def first_errors(path: Path, most: int) -> tuple[list[Logged], int]:
    """The first errors of a log file, as read_errors() has them, and the number of all. Raises InputError."""
    first: list[Logged] = []
    count = 0
    for record in records_with_trouble(path):
        text = record.content.decode("utf-8", "replace")
        if len(first) < most:
            error = understand(text)
            if error is not None:
                first.append(Logged(record.line, error))
                count += 1
        elif tells_of_error(text):
            count += 1
    return first, count


def records_with_trouble(path: Path) -> Iterator[Record]:
    """The records that have a word of trouble."""
    finder = TroubleFinder()
    for block in read_blocks(path):
        yield from finder.feed(block)
    yield from finder.settle()


class TroubleFinder(Struct):
    """Finds the records that have a word of trouble in blocks of a log, cut anywhere. Memory is bounded."""

    number: int = 1  # of the first line of ``rest``
    rest: bytes = b""
    head: bytes = b""  # of a line that is being read in pieces

    def feed(self, block: bytes) -> Iterator[Record]:
        """The records that are complete with this block."""
        data = self.rest + block
        cut = _safe_cut(data)
        if not cut and len(data) < _LONGEST_LINE + LONGEST_RECORD:
            self.rest = data
            return
        if not cut:  # a line without end: its pieces are read one by one, each behind the line's head
            self.head = self.head or data[:_HEAD_KEPT]
            self.rest = data[-_HEAD_KEPT:]
            yield from _of_piece(self.head, data, self.number)
            return
        number = self.number
        if self.head:  # the end of such a line
            end = data.find(b"\n") + 1
            yield from _of_piece(self.head, data[:end], number)
            data, cut, number, self.head = data[end:], max(0, cut - end), number + 1, b""
        self.rest = data[cut:]
        self.number = number + data.count(b"\n", 0, cut)
        yield from _of_lines(data[:cut], number)

    def settle(self) -> Iterator[Record]:
        """What is left, taken as complete: the log ends here."""
        rest, number, head = self.rest, self.number, self.head
        self.rest, self.head = b"", b""
        self.number += rest.count(b"\n")
        if rest:
            yield from _of_piece(head, rest, number) if head else _of_lines(rest, number)

    def settle_lines(self) -> Iterator[Record]:
        """The whole lines that are left, taken as complete: nothing more came for a while. A line that has no end yet
        waits for it: programs that buffer write in pieces.
        """
        end = self.rest.rfind(b"\n") + 1
        if self.head or not end:
            return
        lines, number = self.rest[:end], self.number
        self.rest = self.rest[end:]
        self.number += lines.count(b"\n")
        yield from _of_lines(lines, number)


def _of_piece(head: bytes, piece: bytes, number: int) -> Iterator[Record]:
    found = _trouble().search(piece)
    if found:
        yield Record(number, head + b" " + _around(piece, found.start()))


def _safe_cut(data: bytes) -> int:
    """Where the last record of the data begins, as far as that can be told: what is before it is complete. 0 when the
    data is one line, or one record that may go on.
    """
    last = data.rfind(b"\n") + 1
    at = last
    lowest = max(0, last - LONGEST_RECORD)
    line = None  # the last line that may be the first of a record without a time
    while at > lowest:
        start = data.rfind(b"\n", 0, at - 1) + 1
        place = place_of(data[start : at - 1][:_HEAD_KEPT]).place
        if place is Place.HEAD:
            return start if start or len(data) < _LONGEST_LINE else last
        if place is Place.LINE and line is None:
            line = start
        at = start
    return line if line or (line == 0 and len(data) < _LONGEST_LINE) else last


def _of_lines(data: bytes, number: int) -> Iterator[Record]:
    """The records of whole lines that have a word of trouble."""
    pattern = _trouble()
    counted = at = 0  # what is before is counted into the number, and what is before has been read
    while found := pattern.search(data, at):
        hit = found.start()
        start = _sync(data, hit, at)
        number += data.count(b"\n", counted, start)
        counted = start
        lines = _Lines(data, start, number, hit)
        record = next(
            (r for r in put_together(lines, tells) if r.line + r.content.count(b"\n") >= lines.hit_line), None
        )
        at = max(lines.begun, hit + 1)
        if record is not None:
            yield record


class _Lines(Struct):
    """The numbered lines of the data from a place on. ``begun`` is where the line begins that was given last,
    ``hit_line`` the number of the line with the hit, once it was given.
    """

    data: bytes
    start: int
    number: int
    hit: int
    begun: int = 0
    hit_line: int = sys.maxsize

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        position, number = self.start, self.number
        while position < len(self.data):
            end = self.data.find(b"\n", position)
            end = len(self.data) if end < 0 else end
            self.begun = position
            if position <= self.hit <= end:
                self.hit_line = number
            yield number, _bounded(self.data, position, end, self.hit)
            position, number = end + 1, number + 1
        self.begun = position


def _bounded(data: bytes, start: int, end: int, hit: int) -> bytes:
    line = data[start : min(end, start + LONGEST_RECORD)].rstrip(b"\r")
    if end - start <= LONGEST_RECORD or not start <= hit < end:
        return line
    return line[:_HEAD_KEPT] + b" " + _around(data[start:end], hit - start)


def _around(content: bytes, at: int) -> bytes:
    return content[max(0, at - _AROUND_KEPT) : at + _AROUND_KEPT]


def _sync(data: bytes, hit: int, lowest: int) -> int:
    """Where to begin to put records together: the first line of the hit's record, if that can be told."""
    start = data.rfind(b"\n", 0, hit) + 1
    best = start = max(start, lowest)
    place = _place(data, start, len(data))
    plain = 0
    for _ in range(_MOST_LINES_BACK):
        if place is Place.HEAD or start <= lowest:
            return start
        if place is Place.LEVEL:
            before = max(data.rfind(b"\n", 0, start - 1) + 1, lowest)
            return before if _place(data, before, start) is Place.HEAD else start
        if place is Place.LINE:
            plain += 1
            if plain > _PLAIN_LINES_BACK:
                return best
        previous = max(data.rfind(b"\n", 0, start - 1) + 1, lowest)
        if plain == 0 or (plain == 1 and place is not Place.LINE):
            best = previous
        place = _place(data, previous, start)
        start = previous
    return best


def _place(data: bytes, start: int, end: int) -> Place:
    return place_of(data[start : min(end, start + _HEAD_KEPT)].partition(b"\n")[0]).place


def tells(content: bytes) -> bool:
    """Whether bytes have a word of trouble."""
    return _trouble().search(content) is not None


@cache
def _trouble() -> re2._Regexp[bytes]:
    return any_of(trouble())
