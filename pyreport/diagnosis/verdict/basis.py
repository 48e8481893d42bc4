"""What the parts of the verdict share: what is an incident, and what its sentences cite."""

from __future__ import annotations

from collections.abc import Mapping

from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.frames.frame import Level

Weighed = Mapping[ExplanationId, Explanation]


def is_incident(case: Case) -> bool:
    """Whether more than an orderly close happened: an error in the log, or a Warn or Error in the capture."""
    return case.log is not None or case.connection.worst >= Level.WARN


def supported(weighed: Weighed, explanation: ExplanationId) -> bool:
    """Whether an explanation is supported."""
    return weighed[explanation].status is Status.SUPPORTED


def foreign(weighed: Weighed) -> str:
    """Why the closing frame looks foreign."""
    return f"{weighed[ExplanationId.MIDDLEBOX_CLOSE].evidence[0].text} So a device on the path may have sent it."
