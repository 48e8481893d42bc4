"""What all findings of the plugin have in common. The classes of the findings are in findings.py."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import ClassVar

from msgspec import Struct

from pyreport.base.endpoint import Endpoint


class Level(IntEnum):
    """Severity of a finding, as Wireshark's expert information names it."""

    CHAT = 1
    NOTE = 2
    WARN = 3
    ERROR = 4

    @property
    def word(self) -> str:
        """The name that the plugin prints: "Chat", "Note", "Warn", "Error"."""
        return self.name.capitalize()


class Finding(Struct, frozen=True, kw_only=True):
    """One finding of the plugin on one frame, which ``source`` sent at ``time_ns`` (since the epoch).

    ``summary`` is the plugin's own sentence.
    """

    id: ClassVar[str] = ""

    frame: int
    time_ns: int
    source: Endpoint
    level: Level
    summary: str


@cache
def links_of(kind: type[Finding]) -> tuple[str, ...]:
    """The fields of a finding whose value is the number of another frame."""
    return tuple(name for name in kind.__struct_fields__ if name.endswith("_frame"))
