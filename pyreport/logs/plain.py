"""Any other program that prints the words of a socket error."""

from __future__ import annotations

import re

from pyreport.logs.ends import HOST_PORT, is_address, parse_end
from pyreport.logs.errnos import socket_error
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

ARROW = re.compile(rf"(?<![\w.:-])(?P<local>{HOST_PORT}) ?(?:->|→) ?(?P<remote>{HOST_PORT})")
ENDS = re.compile(rf"(?<![\w.:@-]){HOST_PORT}(?![\w:])")


def parse(entry: Entry) -> LogError | None:
    """The socket error in the words of the system, and the ends if the record names them without doubt."""
    said = socket_error(entry.text)
    if said is None:
        return None
    errno, words = said
    arrow = ARROW.search(entry.text)
    if arrow:
        local, remote = parse_end(arrow["local"]), parse_end(arrow["remote"])
    else:
        local, remote = NamedEnd(), _only_end(entry.text)
    operation = "write" if errno is Errno.EPIPE else ""
    return LogError("", "error text", words, errno, operation, local, remote)


def _only_end(text: str) -> NamedEnd:
    """The one address and port of the text; nothing when there is none or more than one."""
    found = {match[0] for match in ENDS.finditer(text) if is_address(match[0].rpartition(":")[0])}
    return parse_end(found.pop()) if len(found) == 1 else NamedEnd()
