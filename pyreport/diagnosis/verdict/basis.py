"""What the parts of the verdict share: what is an incident, and what its claims cite."""

from __future__ import annotations

from collections.abc import Mapping

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.frames.finding import Level

Weighed = Mapping[ExplanationId, Explanation]


def is_incident(case: Case) -> bool:
    """Whether more than an orderly close happened: an error in the log, a Warn or Error in the capture, or an RST that
    ended the connection, which is a Note where nobody lost anything by it.
    """
    is_reset = case.ending.fin is None and case.ending.reset is not None
    return case.log is not None or is_reset or case.connection.worst >= Level.WARN


def supported(weighed: Weighed, explanation: ExplanationId) -> bool:
    """Whether an explanation is supported."""
    return weighed[explanation].status is Status.SUPPORTED


def foreign(weighed: Weighed) -> tuple[Claim, ...]:
    """Why the closing frame looks foreign."""
    evidence = weighed[ExplanationId.MIDDLEBOX_CLOSE].evidence
    return (evidence[0], claim("device-may-have-sent-it", evidence[0].frames))


def present(*claims: Claim | None) -> tuple[Claim, ...]:
    """The claims that there are."""
    return tuple(found for found in claims if found is not None)
