"""What a capture of a connection is worth: what it lacks, and which conclusions that weakens."""

from __future__ import annotations

from pyreport.quality.assess import assess
from pyreport.quality.flaw import NOT_ASSESSED, Flaw, FlawId, Quality, RestsOn

__all__ = ["NOT_ASSESSED", "Flaw", "FlawId", "Quality", "RestsOn", "assess"]
