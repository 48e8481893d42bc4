"""One story with every kind of keep-alive finding in it, for tests of what carries it and of what was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.dissector.trace import PROBED, Trace
from tests.support.plugin import run_findings

STORY = (
    PROBED
    + """
    21.027 client probe    : probe
    26.035 client probe    : unanswered, probe
    26.036 server ACK      : answer
    29.500 server RST seq-5000
    33.000 server RST seq-5000
    36.051 client probe    : missed, probe
    36.052 server ACK      : answer
    41.059 client probe    : probe
    41.060 server ACK      : answer
    44.000 server FIN      : fin, closed_before_due
    44.001 client ACK      : fin_ack
    49.009 client probe    : post_fin_probe, probe
    49.010 server RST      : post_fin_reset
"""
)
"""... the next probe gets no answer, one due at 31.043 s is missed, and the server closes what the client keeps.

The two RSTs are long out of their window, and end nothing. They show that the capture goes on.
"""

TRACE = Trace(STORY)

Finding = tuple[int, str, str]
"""Frame, id, level."""


def told(capture: Path, two_pass: bool, options: Sequence[str] = ()) -> list[Finding]:
    """What the plugin finds in a capture."""
    return [(finding.frame, finding.id, finding.level) for finding in run_findings(capture, two_pass, options)]


def without(*left_out: tuple[int, str]) -> list[Finding]:
    """The story's findings but these, (frame, id)."""
    return [finding for finding in TRACE.in_two_passes if finding[:2] not in left_out]
