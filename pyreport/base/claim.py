"""A claim: what every later part of the report is made of. It is a value; the words for it are in pyreport/words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct, field


class Duration(int):
    """A duration in nanoseconds."""


class SetTime(Duration):
    """A duration that somebody sets: told without the digits of a measurement."""


class Moment(int):
    """A time in nanoseconds since the epoch, UTC."""


class Second(Moment):
    """A time that is told to the second."""


class FrameNumber(int):
    """The number of a frame in the capture."""


class Name(str):
    """A name from our tables (a product, a setting), which may have words in it that a language says its own way."""

    __slots__ = ()


class Party(StrEnum):
    """What an end of a connection is called: A and B where neither the SYN nor a service's port tells the roles."""

    CLIENT = "client"
    SERVER = "server"
    A = "a"
    B = "b"


#: What a claim may say of: a count, a duration, a time, a frame, an end, a member of a closed vocabulary, a text from
#: outside (an address, a log line, a product's name), several of these, or another claim that it quotes.
Value: TypeAlias = "int | str | tuple[Value, ...] | Claim"


class Claim(Struct, frozen=True):
    """One claim and the frames of the capture that prove it (none: nothing in the capture to point at).

    ``id`` names the message in pyreport/words that says it, ``values`` are that message's arguments by name.
    """

    id: str
    frames: tuple[int, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)


def claim(identifier: str, frames: tuple[int, ...] = (), /, **values: Value) -> Claim:
    """A claim. The identifier is written out at each call, so that a test can hold it against the messages."""
    return Claim(identifier, frames, values)
