"""Idle and lifetime limits of products, read from ``data/known_timers.toml``. Each row has its source.

A row tells what a product does by default; it proves nothing about the product at hand.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True, slots=True)
class KnownTimer:
    """One row, see the head of the file. ``limit_ns`` is None without a default; ``least_ns`` and ``most_ns`` bound
    what it can be set to (both None: it cannot, or that is not known; ``most_ns`` alone None: no upper bound known).
    """

    id: str
    who: str
    setting: str
    limit_ns: int | None
    least_ns: int | None
    most_ns: int | None
    side: Side
    service: str
    ends: tuple[Ends, ...]
    refreshed: Refreshed
    measured: Measured
    late_ns: int | None
    is_half_closed: bool
    source: str
    unverified: str

    def can_be(self, age_ns: int) -> bool:
        """Whether it can be set to this."""
        return self.least_ns is not None and self.least_ns <= age_ns <= (self.most_ns or age_ns)


@lru_cache(maxsize=1)
def known_timers() -> tuple[KnownTimer, ...]:
    """All rows, in the order of the file."""
    document = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return tuple(_row(row) for row in document["timer"])


def _row(row: dict[str, Any]) -> KnownTimer:
    settable = [seconds * NS_PER_S for seconds in row.get("settable_s", [])]
    return KnownTimer(
        id=row["id"],
        who=row["who"],
        setting=row["setting"],
        limit_ns=row["limit_ms"] * NS_PER_MS if "limit_ms" in row else None,
        least_ns=settable[0] if settable else None,
        most_ns=settable[1] if len(settable) > 1 else None,
        side=Side(row["side"]),
        service=row.get("service", ""),
        ends=tuple(Ends(end) for end in row["ends"]),
        refreshed=Refreshed(row["refreshed"]),
        measured=Measured(row["measured"]),
        late_ns=row["late_ms"] * NS_PER_MS if "late_ms" in row else None,
        is_half_closed=row.get("state") == "half-closed",
        source=row["source"],
        unverified=row.get("unverified", ""),
    )
