"""Idle and lifetime limits of products, read from ``known_timers.toml``. Each row has its source.

A row tells what a product does by default; it proves nothing about the product at hand.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pyreport.base.claim import Claim, Name, claim
from pyreport.base.units import NS_PER_MS, NS_PER_S

DATA = Path(__file__).with_name("known_timers.toml")


class Side(StrEnum):
    """Who has the limit."""

    SERVER = "server"
    CLIENT = "client"
    PATH = "path"


class Ends(StrEnum):
    """How a connection ends when the limit is reached."""

    FIN = "fin"
    RST = "rst"
    SILENT = "silent"  # no packet
    RST_NEXT = "rst_next"  # RST to the next packet


class Refreshed(StrEnum):
    """Whether TCP keep-alives refresh the limit."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Measured(StrEnum):
    """Since when it counts."""

    DATA = "data"
    PACKETS = "packets"


class State(StrEnum):
    """The state of a connection in which a limit counts."""

    OPEN = ""
    HALF_CLOSED = "half-closed"  # after a FIN
    UNACKNOWLEDGED = "unacknowledged"  # while data waits for its acknowledgment


class Part(StrEnum):
    """A part of a row."""

    LIMIT = "limit"
    RANGE = "range"
    ENDS = "ends"
    REFRESHED = "refreshed"
    ROW = "row"


class KnownTimer(Struct, frozen=True, forbid_unknown_fields=True):
    """One row, see the head of the file."""

    id: str
    who: str
    setting: str
    side: Side
    ends: Annotated[tuple[Ends, ...], Meta(min_length=1)]
    refreshed: Refreshed
    measured: Measured
    source: str
    service: str = ""
    limit_ms: int | None = None
    settable_s: Annotated[tuple[int, ...], Meta(max_length=2)] = ()
    late_ms: int | None = None
    state: State = State.OPEN
    product_id: Annotated[str, Meta(min_length=1)] | None = None
    unverified: tuple[Part, ...] = ()

    @property
    def told_who(self) -> Name:
        """Whose limit it is, to be told."""
        return Name(self.who)

    @property
    def option(self) -> Name:
        """What changes it, to be told."""
        return Name(self.setting)

    @property
    def limit_ns(self) -> int | None:
        """The default, None without one."""
        return None if self.limit_ms is None else self.limit_ms * NS_PER_MS

    @property
    def late_ns(self) -> int | None:
        """How much later than the limit it acts, None when that is not known."""
        return None if self.late_ms is None else self.late_ms * NS_PER_MS

    @property
    def least_ns(self) -> int | None:
        """The least that it can be set to; None: it cannot be set, or that is not known."""
        return self.settable_s[0] * NS_PER_S if self.settable_s else None

    @property
    def most_ns(self) -> int | None:
        """The most that it can be set to; None: no upper bound is known."""
        return self.settable_s[1] * NS_PER_S if len(self.settable_s) > 1 else None

    @property
    def product(self) -> str:
        """What has the limit: rows of one product are its limits in several settings or examples."""
        return self.product_id or self.id

    @property
    def doubt(self) -> Claim | None:
        """What of the row was not looked up, for the middle of a sentence; None: nothing."""
        if not self.unverified:
            return None
        return claim("unverified-parts", parts=tuple(Claim(f"unverified-{part}") for part in self.unverified))

    def can_be(self, age_ns: int) -> bool:
        """Whether it can be set to this."""
        return self.least_ns is not None and self.least_ns <= age_ns <= (self.most_ns or age_ns)


class _File(Struct, forbid_unknown_fields=True):
    timer: tuple[KnownTimer, ...]


@lru_cache(maxsize=1)
def known_timers() -> tuple[KnownTimer, ...]:
    """All rows, in the order of the file. Raises msgspec.ValidationError, which names row and key of what is wrong."""
    return msgspec.toml.decode(DATA.read_bytes(), type=_File).timer
