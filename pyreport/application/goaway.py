"""The HTTP/2 GOAWAY at the end of a payload (RFC 9113 section 6.8). gRPC servers give the reason in its debug data:
"too_many_pings" (gRFC A8), "max_idle", "max_age" (gRFC A9).
"""

from __future__ import annotations

# RFC 9113 section 4.1: length, type, flags and stream; then the last stream and the error (6.8).
HEADER, GOAWAY, SHORTEST = 9, 7, 8
LAST_TYPE = 9
# What stands behind the length: the type, no flags, and the connection's stream.
_LENGTH, _GOAWAY = 3, bytes((GOAWAY, 0, 0, 0, 0, 0))
# RFC 9113 section 7.
ERRORS = (
    *("NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED"),
    *("FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM"),
    *("INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"),
)


def goaway_in(payload: bytes) -> tuple[str, bytes] | None:
    """Error and debug data of the GOAWAY that a payload ends with, or of which only whole frames come after; None when
    there is none.
    """
    found = payload.find(_GOAWAY, _LENGTH)
    while found >= 0:
        start, found = found - _LENGTH, payload.find(_GOAWAY, found + 1)
        if not _are_frames(payload, start):
            continue
        length = int.from_bytes(payload[start : start + 3])
        body = payload[start + HEADER : start + HEADER + length]
        code = int.from_bytes(body[4:SHORTEST])
        if length >= SHORTEST and code < len(ERRORS):
            return ERRORS[code], body[SHORTEST:]
    return None


def _are_frames(payload: bytes, start: int) -> bool:
    """Whether the payload from a place on is whole frames of HTTP/2."""
    while start + HEADER <= len(payload):
        if payload[start + 3] > LAST_TYPE or payload[start + 5] & 0x80:
            return False
        start += HEADER + int.from_bytes(payload[start : start + 3])
    return start == len(payload)
