"""A whole log file: the records that tell of a broken connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyreport.base.errors import InputError
from pyreport.logs.model import LogError
from pyreport.logs.records import read_records
from pyreport.logs.registry import understand

# A record without one of these (in small letters) says nothing of a broken connection; most records of a log have none.
_TROUBLE = (
    b"broken pipe", b"reset", b"timed", b"timeout", b"refused", b"no route", b"unreach", b"disconnect", b"closed",
    b"closing", b"gone away", b"lost", b"abort", b"epipe", b"econn", b"eof", b"forcibly", b"end of stream",
    b"link failure", b"idle", b"hang up", b"errno", b"winerror", b"connection to", b"no open connection",
    b"could not be", b"terminating", b"i/o error", b" in state ", b"did not properly", b"errored",
)  # fmt: skip
# HAProxy writes letters instead of words, behind its timers: "] fe be/srv 0/0/5007 ".
_TIMERS = re.compile(rb"\] \S{1,200} \S{1,400} [-+\d]{1,12}/[-+\d]{1,12}/[-+\d]")


@dataclass(frozen=True, slots=True)
class Logged:
    """An error and the number of its line in the file."""

    line: int
    error: LogError


def check_log_file(path: Path) -> None:
    """Raise InputError when the file cannot be read, before any work is done."""
    try:
        with path.open("rb"):
            pass
    except IsADirectoryError:
        raise InputError(f"{path} is a folder: give the log file itself.") from None
    except FileNotFoundError:
        raise InputError(f"There is no file {path}: check the path of the log.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error


def read_errors(path: Path) -> Iterator[Logged]:
    """The errors of a log file, in its order. Raises InputError when the file cannot be read."""
    check_log_file(path)
    with path.open("rb") as file:
        for record in read_records(file):
            if _may_tell(record.content):
                error = understand(record.content.decode("utf-8", "replace"))
                if error is not None:
                    yield Logged(record.line, error)


def _may_tell(content: bytes) -> bool:
    small = content.lower()
    return any(word in small for word in _TROUBLE) or bool(_TIMERS.search(content))
