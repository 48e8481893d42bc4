"""An HTTP reply of which the connection's end cut off a part: its header says how long it is (RFC 9112 section 6.3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.sequence_space import space_of
from pyreport.frames.findings import Probe
from pyreport.frames.frame import Frame
from pyreport.frames.seq import ahead

_END_OF_HEADER = b"\r\n\r\n"
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})[ \r]")
_LENGTH = re.compile(rb"(?im)^content-length:[ \t]*(\d{1,15})[ \t]*\r?$")
_CHUNKED = re.compile(rb"(?im)^transfer-encoding:[^\r\n]*\bchunked[ \t]*\r?$")
# The last chunk without trailer fields (RFC 9112 section 7.1). With them the last line is empty as well.
_LAST_CHUNK = b"0\r\n\r\n"
# Replies without a body, whatever their header says (RFC 9110 sections 9.3.2, 9.3.6 and 15).
_WITHOUT_BODY = (204, 304)
_ASKS_FOR_NONE = (b"HEAD ", b"CONNECT ")


class CutReply(Struct, frozen=True):
    """A reply of ``by`` that began with the frame ``began``: ``promised`` octets of body were told, None where it was
    sent in chunks and the last one is missing; ``came`` octets of its body were sent.
    """

    by: Endpoint
    began: int
    promised: int | None
    came: int


class LastReply(Struct, frozen=True):
    """The last payload of one side that the other asked for: the frame with the end of what was asked, the first and
    the last of the reply, and how many octets it has.
    """

    asked: Frame
    began: Frame
    ended: Frame
    octets: int

    @property
    def frames(self) -> tuple[Frame, ...]:
        """Those that have to be read."""
        return self.asked, self.began, self.ended

    def cut(self, payloads: Mapping[int, bytes]) -> CutReply | None:
        """What the reply lacks, by the payload of its frames that are whole; None where it lacks nothing, or nothing
        tells.
        """
        asked, began, ended = (payloads.get(frame.number, b"") for frame in (self.asked, self.began, self.ended))
        lacks = lacking(asked, began, ended, self.octets)
        return None if lacks is None else CutReply(self.began.source, self.began.number, *lacks)


def lacking(asked: bytes, began: bytes, ended: bytes, octets: int) -> tuple[int | None, int] | None:
    """What a reply of so many octets lacks: how many of a body its header told of (None: the last chunk is missing),
    and how many came. None where it lacks nothing, or nothing tells. The payloads are those of the last frame of the
    request, of the first of the reply, and of its last; of a long one the begin and the end are enough.
    """
    head, blank, _ = began.partition(_END_OF_HEADER)
    status = _STATUS.match(head)
    if status is None or not blank or asked.startswith(_ASKS_FOR_NONE):
        return None
    code, came = int(status[1]), octets - len(head) - len(blank)
    if code < 200 or code in _WITHOUT_BODY:
        return None
    promised = _LENGTH.search(head)
    if _CHUNKED.search(head):
        is_whole = not ended or ended.endswith(_END_OF_HEADER) or _LAST_CHUNK.endswith(ended)
        return None if is_whole else (None, came)
    return None if promised is None or came >= int(promised[1]) else (int(promised[1]), came)


def last_reply(connection: Connection, close: int) -> LastReply | None:
    """The reply that was on its way, or had just come, when the frame ``close`` ended the connection; None when what
    was said last was no reply, or frames of it are not in the capture. What came after the close does not belong to it.
    """
    run: list[Frame] = []
    asked: Frame | None = None
    for frame in _new_payload(connection, close):
        if run and frame.source != run[-1].source:
            asked, run = run[-1], []
        run.append(frame)
    if asked is None or asked.source == run[0].source:
        return None
    octets = ahead(run[-1].payload_end, run[0].seq)
    if octets != sum(frame.length for frame in run) or space_of(connection, run[0].source).holes:
        return None
    closing = connection.frame(close)
    if closing is not None and closing.source == run[0].source and octets != ahead(closing.payload_end, run[0].seq):
        return None  # frames of it come behind the close, or are not in the capture
    return LastReply(asked, run[0], run[-1], octets)


def _new_payload(connection: Connection, close: int) -> Iterator[Frame]:
    """Frames with payload that go on where their side had stopped, in order, up to a frame."""
    reach: dict[str, int] = {}
    for frame in connection.frames:
        if frame.number > close:
            return
        if frame.length and not frame.found(Probe) and ahead(frame.end, reach.get(frame.source, frame.seq)) > 0:
            reach[frame.source] = frame.end
            yield frame
