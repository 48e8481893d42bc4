"""From the lines of a log to its records: a line, and the lines of a stack trace or a longer text that belong to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from enum import Enum

from msgspec import Struct, field

# What a record holds at most; the rest of a longer trace is skipped, so that memory is bounded.
LONGEST_RECORD = 1 << 16

# What a wrapper puts before each line: kubectl --prefix, docker compose and pm2, CRI and "docker logs -t", syslog.
_WRAPPER = re.compile(
    rb"^(?:\[pod/[^\]]{1,300}\] )?(?:(?=\S{0,60}[A-Za-z])[\w.|-]{1,60} {1,30}\| )?"
    rb"(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (?:(?:stdout|stderr) (?P<tag>[FP]) )?)?"
)
_SYSLOG = re.compile(
    rb"^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,15}(?:Z|[+-]\d\d:?\d\d)) "
    rb"\S{1,255} [\w./-]{1,60}(?:\[\d{1,10}\])?: "
)
_CRI = re.compile(rb"^\S{20,40} (?:stdout|stderr) [FP] ")
_DOCKER = b'{"log":"'
# Java's, Python's, Node.js', Rust's, Connector/J's and asyncio's ways to go on with a record in the first column.
_GOES_ON = (
    *(b" ", b"\t", b"\\t", b"}", b"... ", b"---> ", b"Caused by:", b"Suppressed:", b"--- End of"),
    *(b"Traceback (most recent call last)", b"During handling of the above", b"The above exception was", b'File "'),
    *(b"protocol: ", b"transport: ", b"Emitted 'error' event", b"The last packet "),
)
_REOPENS = (b"Traceback", b"During", b"The above", b"Caused", b"Suppressed")
_EXCEPTION = re.compile(rb"^[\w.$:]{0,200}(?:Error|Exception|Timeout|Disconnected|socket\.timeout)(?::|$| \(0x)")
# Git and node-oracledb say one failure in several lines.
_SAME = (b"fatal: ", b"fetch-pack: ", b"NJS-5", b"send-pack: ", b"error: failed to push")
# What a record begins with: a time stamp, a level, a JSON object, a syslog priority, the head of an event.
_HEADS = (
    *(
        rb"\d{4}[-/.]\d\d[-/.]\d\d",
        rb"(?:\d{1,9}:)?\d{8}[T: -]\d\d",
        rb"\d\d?[-/.]\d\d?[-/.]\d{4}",
        rb"\d\d/\d\d/\d\d ",
        rb"\d{6} [ \d]\d:",
    ),
    *(rb"\d\d?[-/. ][A-Z][a-z]{2}[-/. ]\d", rb"[A-Z][a-z]{2} [ \d]\d,? \d", rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\W"),
    *(rb"\d\d:\d\d:\d\d", rb"\d\d-\d\d \d\d:", rb"1\d{9}", "\\d{4}年".encode()),
    *(rb"[IWEF]\d{4} \d", rb"%\d\|", rb"=[A-Z]+ REPORT====", rb"\d{1,9}:[MSCX] \d"),
    *(rb"(?:time|ts|t|level|lvl|date)=", rb"Log Name:", rb"__CURSOR=", rb"<Event "),
)
_HEAD = re.compile(
    rb"^[^\w\s]{0,3}(?:<\d{1,3}>)?(?:" + b"|".join(_HEADS) + rb')|^\{"'
    rb"|^\[?(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|FATAL|CRITICAL)\]?[ :]"
)
# java.util.logging writes time and class in one line, the level and the message in the next.
_LEVEL = re.compile(rb"^(?:FINEST|FINER|FINE|CONFIG|INFO|WARNING|SEVERE): ")


class Place(Enum):
    """What a line is in its record, as far as it tells by itself."""

    HEAD = "head"  # surely the first
    GOES_ON = "goes on"  # surely not the first
    EXCEPTION = "exception"  # the first line of a stack trace, or of a record
    LEVEL = "level"  # the first, unless a line before it has the time (java.util.logging)
    LINE = "line"


class Line(Struct, frozen=True):
    """A line without its wrapping, and its place."""

    text: bytes
    place: Place
    is_cut: bool  # the wrapper says that the next line goes on
    is_wrapped: bool


class Record(Struct, frozen=True):
    """A record: the number of its first line (1 is the first of the file) and its bytes."""

    line: int
    content: bytes


class RecordReader(Struct):
    """Puts lines together to records. ``tells`` says whether bytes have a word of trouble."""

    tells: Callable[[bytes], bool]
    lines: list[bytes] = field(default_factory=list)
    size: int = 0
    first: int = 0
    head: Place = Place.LINE
    previous: Line = field(default_factory=lambda: Line(b"", Place.LINE, is_cut=False, is_wrapped=False))
    closed: bool = False
    in_trace: bool = False

    def add(self, number: int, raw: bytes) -> Record | None:
        """Take a line; the record before it if it begins a new one."""
        line = place_of(raw)
        done = None
        if not self.lines or not self._belongs(line):
            done = self.end()
            self.first, self.head, self.closed, self.in_trace = number, line.place, False, False
            self.closed = line.place is Place.EXCEPTION
        elif line.text.startswith(_REOPENS):
            self.closed, self.in_trace = False, line.text.startswith(b"Traceback")
        elif line.place is Place.EXCEPTION:
            self.closed, self.in_trace = True, False
        self.previous = line
        if self.size < LONGEST_RECORD or not self.lines:
            self.lines.append(raw)
            self.size += len(raw) + 1
        return done

    def end(self) -> Record | None:
        """The record that is being put together; None when there is none."""
        if not self.lines:
            return None
        record = Record(self.first, b"\n".join(self.lines))
        self.lines, self.size = [], 0
        return record

    def _belongs(self, line: Line) -> bool:
        if self.previous.is_cut or line.place is Place.GOES_ON or self.in_trace:
            return True
        if line.place is Place.HEAD or line.is_wrapped is not self.previous.is_wrapped:
            return False
        if line.place is Place.LEVEL:
            return len(self.lines) == 1 and self.head is Place.HEAD
        if line.place is Place.EXCEPTION and not self.closed:
            return True
        if self.head in (Place.HEAD, Place.LEVEL):
            # What has a time began; what follows without one goes on, but for a second error.
            return not (self.tells(line.text) and self.tells(b"\n".join(self.lines)))
        return self.previous.text.rstrip().endswith(b":") or line.text.startswith(_SAME)


def put_together(lines: Iterable[tuple[int, bytes]], tells: Callable[[bytes], bool]) -> Iterator[Record]:
    """The records of numbered lines, which have no line ends. ``tells`` says whether bytes have a word of trouble."""
    reader = RecordReader(tells)
    for number, raw in lines:
        done = reader.add(number, raw)
        if done is not None:
            yield done
    last = reader.end()
    if last is not None:
        yield last


def place_of(raw: bytes) -> Line:
    """A line without what wraps it, and what it is in its record."""
    text, is_cut = raw, False
    wrapper = _WRAPPER.match(text)
    if wrapper and wrapper.end():
        text, is_cut = text[wrapper.end() :], wrapper["tag"] == b"P"
    elif text.startswith(_DOCKER):
        text = text[len(_DOCKER) :]
    else:
        syslog = _SYSLOG.match(text)
        if syslog and text[syslog.end() :].startswith(_GOES_ON):
            text = text[syslog.end() :]
    return Line(text, _place(raw, text), is_cut, text is not raw)


def _place(raw: bytes, text: bytes) -> Place:
    if not text or text.startswith(_GOES_ON):
        return Place.GOES_ON
    if _LEVEL.match(text):
        return Place.LEVEL
    if _HEAD.match(text) or (text is not raw and _is_stamped(raw, text)):
        return Place.HEAD
    return Place.EXCEPTION if _EXCEPTION.match(text) else Place.LINE


def _is_stamped(raw: bytes, text: bytes) -> bool:
    """Whether what was taken off is a stamp of the line's own ("2024-05-16T09:14:29Z message"), not a container's."""
    return raw[:4].isdigit() and not _CRI.match(raw) and not _EXCEPTION.match(text)
