"""What can go wrong, by whose turn it is to act.

A ReportError is expected: the command line prints its message as one sentence and ends with its exit status, without a
traceback. Anything else that escapes is a bug of this program and may trace back: that is what a bug report needs.
Nothing here is raised for what a capture merely lacks; a report that cannot tell is still a report.
"""

from __future__ import annotations

from typing import ClassVar


class ReportError(Exception):
    """Base of the expected errors. The message is one sentence: what is wrong and what to do about it."""

    exit_status: ClassVar[int] = 1


class InputError(ReportError):
    """The capture or the log line cannot be used: another input is needed."""

    exit_status: ClassVar[int] = 1


class UsageError(ReportError):
    """The command line asks for something that makes no sense: other options are needed."""

    exit_status: ClassVar[int] = 2


class ToolError(ReportError):
    """tshark, the plugin or another part of the installation is missing, too old or failed."""

    exit_status: ClassVar[int] = 3


class ChangedError(ReportError):
    """A bundle is not as its manifest says."""

    exit_status: ClassVar[int] = 4
