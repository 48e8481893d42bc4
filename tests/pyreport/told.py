"""What was claimed, by ids."""

from __future__ import annotations

from collections.abc import Iterable

from pyreport.base.claim import Claim


def ids(claims: Iterable[Claim]) -> list[str]:
    """The ids, in order."""
    return [claim.id for claim in claims]


def told(claims: Iterable[Claim], identifier: str) -> Claim:
    """The one claim of this id."""
    (found,) = [claim for claim in claims if claim.id == identifier]
    return found
