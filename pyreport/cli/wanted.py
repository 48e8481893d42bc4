"""What the user named, understood: a line of a log, a file, two ends, a stream."""

from __future__ import annotations

from pathlib import Path

from pyreport.base.errors import InputError
from pyreport.choice.choose import Wanted
from pyreport.choice.log_at import parse_at
from pyreport.cli.request import Request
from pyreport.logs.ends import parse_connection
from pyreport.logs.logfile import check_log_file
from pyreport.logs.model import LogError
from pyreport.logs.registry import parse_log_line
from pyreport.matching.match import Zones


def wanted_of(request: Request) -> Wanted:
    """What the user named, understood before the long work. Raises ReportError."""
    if request.log_file is not None:
        check_log_file(request.log_file)
    return Wanted(
        log=_log_of(request.log_line) if request.log_line is not None else None,
        log_file=request.log_file,
        at=parse_at(request.at) if request.at is not None else None,
        ends=parse_connection(request.addresses) if request.addresses is not None else None,
        stream=request.stream,
        candidate=request.candidate,
        zones=Zones(request.log_zone, request.zone),
    )


def _log_of(line: str) -> LogError:
    try:
        return parse_log_line(line)
    except InputError as error:
        if _is_file(line):
            raise InputError(f"--log takes a line of a log, and {line} is a file: give it with --log-file.") from error
        raise


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # too long for a name, or with a NUL
        return False
