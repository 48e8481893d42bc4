"""What of TLS the end of a connection shows in the clear: a record that is cut off in its middle, and an alert.

Each record has a header of five octets (RFC 8446 section 5.1): its type, a version, and how long it is. So whether the
last one is whole can be told without its key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.frames.findings import Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, Frame
from pyreport.frames.seq import ahead

# Types 20 to 23; the version is 3.0 to 3.4.
_HEADER = re.compile(rb"[\x14-\x17]\x03[\x00-\x04]([\x00-\x48].)", re.DOTALL)
_HEADER_OCTETS = 5
# RFC 5246 section 6.2.3: no record is longer.
_LONGEST = (1 << 14) + 2048
# So much is read of what a side said last: two of the longest records and more.
_OCTETS = 1 << 16
# That by chance one header stands where the one before says that it does: one in some millions.
_FEWEST_HEADERS = 2

# An alert of its own type (RFC 8446 section 6), and one that is encrypted as TLS 1.3 does it: two octets, the type and
# a tag of 16 (section 5.2). Two octets of data would look the same.
_ALERT = re.compile(rb"\x15\x03[\x00-\x04]\x00(.)", re.DOTALL)
_ALERT_1_3 = re.compile(rb"\x17\x03\x03\x00\x13", re.DOTALL)
_LEVEL_AND_REASON, _LONGEST_ALERT = 2, 80
_CLOSE_NOTIFY = 0


class CutRecord(Struct, frozen=True):
    """A record of ``by`` whose header, in the frame ``began``, told of ``promised`` octets, of which ``came`` were
    sent.
    """

    by: Endpoint
    began: int
    promised: int
    came: int


class ClosingAlert(Struct, frozen=True):
    """An alert of ``by`` in a frame, with which it says that it ends the connection. ``is_sure``: its type says so, and
    not its length alone.
    """

    frame: int
    by: Endpoint
    is_sure: bool


class Tail(Struct, frozen=True):
    """The last frames with new payload of one side, without a gap; ``is_whole``: they are all of its payload."""

    frames: tuple[Frame, ...]
    is_whole: bool

    def octets(self, payloads: Mapping[int, bytes]) -> bytes | None:
        """What they carry; None where a frame is not known whole."""
        parts = [payloads.get(frame.number, b"") for frame in self.frames]
        whole = all(len(part) == frame.length for part, frame in zip(parts, self.frames, strict=True))
        return b"".join(parts) if whole else None

    def frame_at(self, offset: int) -> Frame:
        """The frame with an octet."""
        for frame in self.frames:
            if offset < frame.length:
                return frame
            offset -= frame.length
        return self.frames[-1]


def tail_of(connection: Connection, side: Endpoint) -> Tail | None:
    """What a side said last; None where it said nothing, and where the capture lacks a part of that."""
    run: list[Frame] = []
    is_whole = connection.syn is not None
    for frame in _new_payload(connection, side):
        if run and frame.seq != run[-1].payload_end:
            run, is_whole = [], False
        run.append(frame)
    if not run or _said_more(connection, side, run[-1].payload_end):
        return None
    size = first = 0
    for first in range(len(run) - 1, -1, -1):
        size += run[first].length
        if size >= _OCTETS:
            break
    return Tail(tuple(run[first:]), is_whole and first == 0)


def begins_record(payload: bytes) -> bool:
    """Whether a payload begins with the header of a record."""
    return _length_at(payload, 0) is not None


def cut_record(tail: Tail, payloads: Mapping[int, bytes], *, is_tls: bool) -> CutRecord | None:
    """The record of which a side's last payload has a part only. ``is_tls``: the other side speaks TLS, so that one
    header is enough. None where the last record is whole, or nothing tells.
    """
    data = tail.octets(payloads)
    if data is None:
        return None
    for start in _starts(data):
        headers, end = _follow(data, start)
        is_sure = len(headers) >= _FEWEST_HEADERS or (start == 0 and (is_tls or tail.is_whole))
        if not is_sure or end is None:
            continue
        began, promised = headers[-1], end - headers[-1] - _HEADER_OCTETS
        if end <= len(data):
            return None
        by, frame = tail.frames[0].source, tail.frame_at(began)
        return CutRecord(by, frame.number, promised, len(data) - began - _HEADER_OCTETS)
    return None


def closing_alert(frame: Frame, payload: bytes) -> ClosingAlert | None:
    """The alert that a frame carries and nothing else. One in the clear has to say close_notify."""
    found = _ALERT.match(payload)
    if found is None:
        is_alert = _ALERT_1_3.match(payload) is not None and len(payload) == _HEADER_OCTETS + 19
        return ClosingAlert(frame.number, frame.source, is_sure=False) if is_alert else None
    length = found[1][0]
    if len(payload) != _HEADER_OCTETS + length or length > _LONGEST_ALERT or length < _LEVEL_AND_REASON:
        return None
    if length == _LEVEL_AND_REASON and payload[-1] != _CLOSE_NOTIFY:
        return None
    return ClosingAlert(frame.number, frame.source, is_sure=True)


def _starts(data: bytes) -> Iterator[int]:
    """Where a record may begin."""
    return (found.start() for found in _HEADER.finditer(data))


def _follow(data: bytes, at: int) -> tuple[Sequence[int], int | None]:
    """The headers that follow each other from an offset on, and where the last of these records ends; None where there
    is no header at the end of one, or a part of one.
    """
    headers: list[int] = []
    while at < len(data):
        length = _length_at(data, at)
        if length is None:
            return headers, None
        headers.append(at)
        at += _HEADER_OCTETS + length
    return headers, at


def _length_at(data: bytes, at: int) -> int | None:
    found = _HEADER.match(data, at)
    length = 0 if found is None else int.from_bytes(found[1])
    return length if 0 < length <= _LONGEST else None


def _new_payload(connection: Connection, side: Endpoint) -> Iterator[Frame]:
    reach: int | None = None
    for frame in connection.frames:
        if frame.source != side or not frame.length or frame.found(Probe):
            continue
        if reach is None or ahead(frame.payload_end, reach) > 0:
            reach = frame.payload_end
            yield frame


def _said_more(connection: Connection, side: Endpoint, after: int) -> bool:
    """Whether a side had sent more than up to a number: its own close, or what the other acknowledges, counts more."""
    for frame in connection.frames:
        if frame.source == side:
            own = frame.has(FLAG_FIN | FLAG_RST) and ahead(frame.payload_end, after) > 0
            if own and (frame.has(FLAG_FIN) or frame.has(FLAG_ACK)):
                return True
        elif frame.has(FLAG_ACK) and not frame.has(FLAG_RST) and ahead(frame.ack, after) > 1:
            return True
    return False
