"""What the parts of the verdict share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.result import Explanation, ExplanationId, Status

Weighed = Mapping[ExplanationId, Explanation]
T = TypeVar("T")


def supported(weighed: Weighed, *explanations: ExplanationId) -> bool:
    """Whether one of these explanations is supported."""
    return any(weighed[explanation].status is Status.SUPPORTED for explanation in explanations)


def foreign(weighed: Weighed) -> tuple[Claim, ...]:
    """Why the closing frame looks foreign."""
    found = weighed[ExplanationId.MIDDLEBOX_CLOSE].weightiest
    return (found, claim("device-may-have-sent-it", found.frames))


def present(*claims: Claim | None) -> tuple[Claim, ...]:
    """The claims that there are."""
    return tuple(found for found in claims if found is not None)


def once(all_of_them: Iterable[T]) -> tuple[T, ...]:
    """The claims, or the shares, each once, where it comes first."""
    found: list[T] = []
    for one in all_of_them:
        if one not in found:
            found.append(one)
    return tuple(found)
