"""The keep-alive that an MQTT client names in its CONNECT, where it is not encrypted (MQTT 3.1.1 section 3.1.2.10)."""

from __future__ import annotations

import re

from msgspec import Struct

from pyreport.base.endpoint import Endpoint

#: The port of MQTT without TLS (IANA).
PORT = 1883
# A CONNECT of MQTT 3.1 or 3.1.1 (section 3.1): its remaining length, name and level, flags, keep-alive. A bridge of
# Mosquitto sets the first bit of the level. A server of MQTT 5.0 may change the keep-alive, and says why it closes.
_CONNECT = re.compile(rb"\x10[\x80-\xff]{0,3}[\x00-\x7f]\0(?:\x06MQIsdp[\x03\x83]|\x04MQTT[\x04\x84]).(..)", re.DOTALL)


class NamedKeepAlive(Struct, frozen=True):
    """What the client ``by`` named in the CONNECT of the frame ``frame``: it sends something at least that often."""

    frame: int
    by: Endpoint
    seconds: int


def keepalive_in(payload: bytes) -> int | None:
    """The keep-alive of a CONNECT, in seconds; None where the payload is none, or turns it off (0)."""
    found = _CONNECT.match(payload)
    return None if found is None else int.from_bytes(found[1]) or None
