"""What the parts of the verdict share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.result import Attribution, Explanation, ExplanationId, Status

Weighed = Mapping[ExplanationId, Explanation]


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


def each_once(shares: Iterable[Attribution]) -> tuple[Attribution, ...]:
    """The shares, each once, where it comes first."""
    return tuple(dict.fromkeys(shares))


def once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims, each once, where it comes first."""
    found: list[Claim] = []
    for told in claims:
        if told not in found:
            found.append(told)
    return tuple(found)
