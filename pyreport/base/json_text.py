"""JSON of anything, also of names that are no UTF-8."""

from __future__ import annotations

from typing import Any

import msgspec


def encoded(value: Any) -> bytes:  # whatever msgspec takes
    r"""The value as JSON. An octet of a file's name that is no UTF-8, which Python keeps as a lone surrogate (PEP 383),
    is in it as the text ``\udcff``: JSON is UTF-8 (RFC 8259, 8.1) and has no such character.
    """
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except UnicodeEncodeError:
        return msgspec.json.encode(_shown(msgspec.to_builtins(value, enc_hook=str)))


def document(value: Any) -> bytes:
    """The same to be read by people, too: indented, with a newline at the end."""
    return msgspec.json.format(encoded(value), indent=2) + b"\n"


def _shown(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_shown(key): _shown(each) for key, each in value.items()}
        case list() | tuple():
            return [_shown(each) for each in value]
        case _:
            return value
