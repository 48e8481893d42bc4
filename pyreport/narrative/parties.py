"""What the ends of a connection are called where they stand alone: in a cell, on a lane of the figure."""

from __future__ import annotations

from pyreport.base.claim import Claim, Value, claim
from pyreport.diagnosis.case import Case


def role(case: Case, endpoint: str) -> Claim:
    """The role as a heading: "Client"."""
    return Claim(f"role-{case.roles.party(endpoint).value}")


def role_and_end(case: Case, endpoint: str) -> Claim:
    """The role with address and port."""
    return claim("role-and-end", role=role(case, endpoint), end=endpoint)


def named(case: Case, endpoint: str) -> Value:
    """What an end that a finding names is called in a sentence: its party, or the end itself when it is another's."""
    return case.roles.party(endpoint) if endpoint in case.roles.parties else endpoint
