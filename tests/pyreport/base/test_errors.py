"""The exit statuses that the command line promises."""

from __future__ import annotations

import pytest

from pyreport.base.errors import InputError, ReportError, ToolError, UsageError


@pytest.mark.parametrize(("error", "status"), [(InputError, 1), (UsageError, 2), (ToolError, 3)])
def test_status_and_message(error: type[ReportError], status: int) -> None:
    """Each error is a ReportError with its own exit status and prints as its sentence."""
    raised = error("Do this.")
    assert isinstance(raised, ReportError)
    assert raised.exit_status == status
    assert str(raised) == "Do this."
