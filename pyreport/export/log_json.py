"""The JSON of ``pyreport log --json``: what is understood of each error of a log."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from pyreport.export.claim_json import Json
from pyreport.logs.clock import iso_text, zone_text
from pyreport.logs.logfile import Logged
from pyreport.logs.model import Errno, NamedEnd


class LoggedJson(Json):
    """One error. "line" is the number of its record's first line. "local" and "remote" are ADDRESS:PORT as far as the
    record names them, "remote" the client of the other connection where a proxy's record names no end of its own.
    "stamp" is the time as the log's clock shows it (in 1972 when it names no year), "zone" the offset that it names.
    "idle_ns" and "lasted_ns" are the idle time and the life of the connection that the record states.
    """

    line: int
    format: str
    product: str | None
    errno: Errno
    operation: str | None
    local: str | None
    remote: str | None
    stamp: str | None
    zone: str | None
    by_server: bool
    idle_ns: int | None
    lasted_ns: int | None


def logged_json(errors: Iterable[Logged]) -> Iterator[bytes]:
    """The errors as a JSON list, one a line, in parts: a log can have a million."""
    before = b"["
    for logged in errors:
        yield before + b"\n" + msgspec.json.encode(_logged(logged))
        before = b","
    yield b"[]\n" if before == b"[" else b"\n]\n"


def _logged(logged: Logged) -> LoggedJson:
    error = logged.error
    return LoggedJson(
        line=logged.line,
        format=error.format,
        product=error.product or None,
        errno=error.errno,
        operation=error.operation or None,
        local=_end(error.local),
        remote=_end(error.remote or error.beside),
        stamp=iso_text(error.stamp) if error.stamp else None,
        zone=zone_text(error.stamp) if error.stamp else None,
        by_server=error.by_server,
        idle_ns=error.idle_ns,
        lasted_ns=error.lasted_ns,
    )


def _end(end: NamedEnd) -> str | None:
    return (str(end) if end.host else f":{end.port}") if end else None
