"""What error messages say of the connections that come into question."""

from __future__ import annotations

from collections.abc import Sequence

from pyreport.compare.partner import Partner
from pyreport.compare.thresholds import MOST_NAMED


def ranked(partners: Sequence[Partner]) -> str:
    """The first partners, each with its ends, its stream and what it has in common."""
    shown = ", ".join(
        f"{p.connection.a}->{p.connection.b} (stream {p.connection.stream}, {p.hits:,} segments in common)"
        for p in partners[:MOST_NAMED]
    )
    more = len(partners) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
