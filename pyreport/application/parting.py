"""The words in which programs say why they end a connection, in the formats of their protocols.

Each format is read where it begins a payload, save GOAWAY, and is so strict that other payload does not pass for it:
lengths agree, texts are printable.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from pyreport.application.goaway import ERRORS, goaway_in

LONGEST_SAID = 160
# The header of RFC 9112 section 9.6.
CLOSE = "Connection: close"


class Form(StrEnum):
    """In which protocol it was said."""

    HTTP2 = "http2"
    HTTP = "http"
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    AMQP = "amqp"
    MQTT = "mqtt"
    BGP = "bgp"
    LINE = "line"


class Why(StrEnum):
    """What it comes to."""

    LEAVE = "leave"  # no reason, or an ordinary one
    IDLE = "idle"  # nothing had passed for as long as its sender allows
    UNHEARD = "unheard"  # the other end had given no sign of life for as long as its sender allows
    SHUTDOWN = "shutdown"  # somebody or something ended it on purpose: an administrator, a restart
    FULL = "full"  # no more connections are taken
    OTHER = "other"  # another complaint


#: What is no complaint: leave that was taken, or a limit of time that ran out.
HARMLESS = (Why.LEAVE, Why.IDLE)


class Parting(Struct, frozen=True):
    """What a payload says: code and text as the protocol has them, each "" for none. ``announces``: it is said only by
    who ends the connection then; else it may be the answer to a request after which the connection goes on.
    """

    form: Form
    code: str
    text: str
    why: Why
    announces: bool = True


def parting_in(payload: bytes, *, is_http2: bool = False, is_greeting: bool = False, port: int = 0) -> Parting | None:
    """The words of a payload. ``is_http2``: whether HTTP/2 may be spoken; ``is_greeting``: whether it is all that was
    said; ``port``: the server's.
    """
    if is_http2 and (found := goaway_in(payload)) is not None:
        return _of_goaway(*found)
    readers = (*READERS, *OF_PORT.get(port, ()), *((_turned_away,) if is_greeting else ()))
    return next((parting for read in readers if (parting := read(payload)) is not None), None)


def parting_begun(begin: bytes, total: int, *, port: int = 0) -> Parting | None:
    """The words of a payload of ``total`` octets of which the capture has cut the end, as a watch that keeps headers
    does: as far as they are there, with "…" where they go on. None as well where the length in it is another.
    """
    for as_whole in _as_whole(begin, total):
        found = parting_in(as_whole, port=port)
        if found is not None:
            goes_on = bool(found.text) and begin.rstrip().endswith(found.text.encode())
            return replace(found, text=f"{found.text}…") if goes_on else found
    return None


def _as_whole(begin: bytes, total: int) -> Iterator[bytes]:
    """The begin as a message that ends there, in each format that it may be of."""
    if begin[:1] == b"E" and 1 + int.from_bytes(begin[1:5]) == total:
        yield b"E" + (len(begin) - 1).to_bytes(4) + begin[5:]
    if begin[4:5] == b"\xff" and int.from_bytes(begin[:3], "little") == total - 4:
        yield (len(begin) - 4).to_bytes(3, "little") + begin[3:]
    head, newline, _ = begin.rpartition(b"\n")
    yield head + newline if newline else begin + b"\n"


def _of_goaway(error: str, debug: bytes) -> Parting:
    text = said(debug)
    # gRFC A9: MAX_CONNECTION_IDLE ran out.
    why = Why.OTHER if error != ERRORS[0] else Why.IDLE if text == "max_idle" else Why.LEAVE
    return Parting(Form.HTTP2, error, text, why)


# PostgreSQL: ErrorResponse (Frontend/Backend Protocol, "Message Formats"), and the codes of its appendix A. Only FATAL
# and PANIC end the session.
_POSTGRESQL = {
    **dict.fromkeys(("57P05", "25P03", "25P04"), Why.IDLE),
    **dict.fromkeys(("57P01", "57P02", "57P03", "57P04"), Why.SHUTDOWN),
    "53300": Why.FULL,
}


def _postgresql(payload: bytes) -> Parting | None:
    if payload[:1] != b"E" or len(payload) < 7 or 1 + int.from_bytes(payload[1:5]) != len(payload):
        return None
    fields = {part[:1]: part[1:] for part in payload[5:].split(b"\0") if part}
    severity, code, text = fields.get(b"V", fields.get(b"S")), fields.get(b"C", b""), said(fields.get(b"M", b""))
    if severity not in (b"FATAL", b"PANIC") or not re.fullmatch(rb"[0-9A-Z]{5}", code) or not text:
        return None
    return Parting(Form.POSTGRESQL, code.decode(), text, _POSTGRESQL.get(code.decode(), Why.OTHER))


# MySQL and MariaDB: ERR_Packet (protocol documentation), the codes of the Error Reference of both. These are said by a
# server that closes then; any other may answer a statement.
_MYSQL = {
    4031: Why.IDLE,  # ER_CLIENT_INTERACTION_TIMEOUT
    **dict.fromkeys((1053, 1927, 3169), Why.SHUTDOWN),  # shutdown in progress, killed (MariaDB, MySQL)
    **dict.fromkeys((1040, 1203), Why.FULL),
    **dict.fromkeys((1129, 1130, 1158, 1159), Why.OTHER),  # the host is blocked, or not allowed; packets not read
}


def _mysql(payload: bytes) -> Parting | None:
    found = re.fullmatch(rb"(...).\xff(..)(?:#[0-9A-Z]{5})?([ -~]+)", payload, re.DOTALL)
    if found is None or int.from_bytes(found[1], "little") != len(payload) - 4:
        return None
    code, text = int.from_bytes(found[2], "little"), said(found[3])
    if not 1000 <= code < 5000 or not text:
        return None
    return Parting(Form.MYSQL, str(code), text, _MYSQL.get(code, Why.OTHER), code in _MYSQL)


# AMQP 0-9-1 section 4.2.3 (frames), connection.close (class 10, method 50) and its reply codes.
_AMQP = {200: Why.LEAVE, 320: Why.SHUTDOWN}


def _amqp(payload: bytes) -> Parting | None:
    found = re.match(rb"\x01\0\0(....)\0\x0a\0\x32(..)(.)", payload, re.DOTALL)
    if found is None or payload[7 + int.from_bytes(found[1]) : 8 + int.from_bytes(found[1])] != b"\xce":
        return None
    code, text = int.from_bytes(found[2]), said(payload[found.end() : found.end() + found[3][0]])
    return Parting(Form.AMQP, str(code), text, _AMQP.get(code, Why.OTHER))


# MQTT 5.0 section 3.14: a server's DISCONNECT, and the reason codes of table 3-13 that it may send, with
# those of their names that are short.
_MQTT = {
    0x81: ("Malformed Packet", Why.OTHER),
    0x82: ("Protocol Error", Why.OTHER),
    0x87: ("Not authorized", Why.OTHER),
    0x89: ("Server busy", Why.FULL),
    0x8B: ("Server shutting down", Why.SHUTDOWN),
    0x8D: ("Keep Alive timeout", Why.UNHEARD),
    0x8E: ("Session taken over", Why.OTHER),
    0x93: ("Receive Maximum exceeded", Why.OTHER),
    0x95: ("Packet too large", Why.OTHER),
    0x96: ("", Why.OTHER),
    0x97: ("Quota exceeded", Why.FULL),
    0x98: ("Administrative action", Why.SHUTDOWN),
    0x9F: ("Connection rate exceeded", Why.FULL),
}


def _mqtt(payload: bytes) -> Parting | None:
    if len(payload) < 3 or payload[0] != 0xE0 or payload[1] != len(payload) - 2:
        return None
    named = _MQTT.get(payload[2])
    return None if named is None else Parting(Form.MQTT, f"0x{payload[2]:02X}", *named)


# BGP-4: NOTIFICATION (RFC 4271 sections 4.1 and 4.5), its codes (4.5, RFC 7313, RFC 9687) with
# those of their names that are short.
_HOLD_TIMER, _CEASE = 4, 6
_BGP = {
    1: "Message Header Error",
    2: "OPEN Message Error",
    3: "UPDATE Message Error",
    _HOLD_TIMER: "Hold Timer Expired",
    5: "",
    _CEASE: "Cease",
    7: "ROUTE-REFRESH Message Error",
    8: "",
}


def _bgp(payload: bytes) -> Parting | None:
    found = re.match(rb"\xff{16}(..)\x03(.)(.)", payload, re.DOTALL)
    if found is None or int.from_bytes(found[1]) != len(payload) or found[2][0] not in _BGP:
        return None
    code, subcode = found[2][0], found[3][0]
    why = {_HOLD_TIMER: Why.UNHEARD, _CEASE: Why.SHUTDOWN}.get(code, Why.OTHER)
    return Parting(Form.BGP, f"{code}/{subcode}", _BGP[code], why)


def _http(payload: bytes) -> Parting | None:
    """A response that says that it is the last (RFC 9112 section 9.6), and 408, which nobody asked for (RFC 9110
    section 15.5.9).
    """
    head, end, _ = payload.partition(b"\r\n\r\n")
    found = re.match(rb"HTTP/1\.[01] ((\d{3})[ -~]*)(?=\r\n|$)", head)
    if found is None or not end:
        return None
    code = int(found[2])
    is_last = re.search(rb"(?i)\r\nconnection:[^\r\n]*\bclose\b", head) is not None
    if code != 408 and not is_last:
        return None
    if is_last and code < 400:
        return Parting(Form.HTTP, found[2].decode(), CLOSE, Why.LEAVE)
    return Parting(Form.HTTP, found[2].decode(), said(found[1]), *((Why.IDLE,) if code == 408 else (Why.OTHER, False)))


# A reply that ends the connection: SMTP and FTP 421 (RFC 5321 section 3.8, RFC 959 section 4.2.1), IMAP BYE (RFC 3501
# section 7.1.5), IRC ERROR (RFC 2812 section 3.7.4). An error of Redis (RESP) or POP3 (RFC 1939) may be one.
_LAST_REPLY = re.compile(rb"(421)[ -](.*)|\* (BYE) (.*)|(ERROR) :(.*)")
_ERROR_REPLY = re.compile(rb"-([A-Z]+) (.*)")
# What SSH servers say in place of their name (RFC 4253 section 4.2), as OpenSSH: "Exceeded MaxStartups", "Not allowed
# at this time".
_SSH = b"SSH-"
# How such lines tell that time ran out, or that there are too many connections.
_LINES = {
    Why.IDLE: re.compile(r"time[- ]?d?[- ]?out|\bidle|inactiv|autologout", re.IGNORECASE),
    Why.FULL: re.compile(r"too many|max(imum)? (number|conn)|maxstartups|limit", re.IGNORECASE),
    Why.SHUTDOWN: re.compile(r"shut(ting)? ?down|restart|\bkilled\b", re.IGNORECASE),
}


def _line(payload: bytes) -> Parting | None:
    first = payload.splitlines()[0] if payload.endswith(b"\n") else b""
    if _LAST_REPLY.fullmatch(first):
        return _of_line(first)
    return _of_line(first, announces=False) if _ERROR_REPLY.fullmatch(first) else None


def _ssh(payload: bytes) -> Parting | None:
    first = payload.splitlines()[0] if payload.endswith(b"\n") else _SSH
    return None if first.startswith(_SSH) else _of_line(first)


def _turned_away(payload: bytes) -> Parting | None:
    """A line that a server of any protocol says in place of a greeting, and that names a reason."""
    lines = payload.splitlines()
    found = _of_line(lines[0], announces=False) if len(lines) == 1 else None
    return None if found is None or found.why is Why.OTHER else found


def _of_line(line: bytes, *, announces: bool = True) -> Parting | None:
    text = said(line)
    why = next((why for why, words in _LINES.items() if words.search(text)), Why.OTHER)
    return Parting(Form.LINE, "", text, why, announces) if text else None


# Any server may say the first; the others are those of one port.
READERS: tuple[Callable[[bytes], Parting | None], ...] = (_postgresql, _mysql, _amqp, _bgp, _http, _line)
OF_PORT: dict[int, tuple[Callable[[bytes], Parting | None], ...]] = {22: (_ssh,), 1883: (_mqtt,)}


def said(text: bytes) -> str:
    """A text of the other side as it may be quoted: "" for what is no printable text, or too long."""
    is_text = len(text) <= LONGEST_SAID and text.isascii() and text.decode("ascii").isprintable()
    return text.decode("ascii").strip() if is_text else ""
