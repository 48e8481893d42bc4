"""nginx's error log.

nginx/nginx src/core/ngx_log.c and src/http/ngx_http_request.c (the shape of a line), src/http/ngx_http_upstream.c,
src/os/unix/ngx_recv.c, src/os/unix/ngx_writev_chain.c, src/stream/ngx_stream_proxy_module.c (the texts).
"""

from __future__ import annotations

import re

from pyreport.logs.ends import parse_end
from pyreport.logs.errnos import errno_of
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

LINE = re.compile(
    r"\[(?:debug|info|notice|warn|error|crit|alert|emerg)\] \d{1,10}#\d{1,10}: (?:\*\d{1,20} )?(?P<said>[^\n]{1,4000})"
)
WHILE = re.compile(r" while (?P<doing>[^,\n]{1,120})")
CLIENT = re.compile(r", client: (?P<end>[0-9A-Fa-f.:]{2,60})")
SERVER = re.compile(r", server: [^,\s]{0,253}?:(?P<port>\d{1,5})(?=,)")
UPSTREAM = re.compile(r", upstream: \"(?:\w{1,20}://)?(?P<end>[^\s/\"]{3,260})")
CALL = re.compile(r"\b(?P<call>recv|readv|read|send|writev|sendfile|connect|SSL_read|SSL_write|SSL_do_handshake)\(\)")
WRITES = ("send", "writev", "sendfile", "SSL_write")


def parse(entry: Entry) -> LogError | None:
    """What nginx says of the connection to the upstream or to the client; None for other lines."""
    line = LINE.search(entry.text)
    if line is None:
        return None
    said = line["said"]
    head = said.partition(", client: ")[0]
    errno = _errno(head)
    if errno is Errno.OTHER:
        return None
    doing, call = WHILE.search(head), CALL.search(head)
    client, upstream, server = CLIENT.search(said), UPSTREAM.search(said), SERVER.search(said)
    at_client = _is_about_the_client(head, doing["doing"] if doing else "", upstream is not None, client is not None)
    end = client if at_client else upstream
    return LogError(
        "", "nginx", head.strip()[:160], errno, _operation(call["call"] if call else "", head),
        NamedEnd(port=int(server["port"])) if at_client and server else NamedEnd(),
        parse_end(end["end"]) if end else NamedEnd(), by_server=at_client,
        peer_name="the client" if at_client else "the upstream",
    )  # fmt: skip


def _errno(said: str) -> Errno:
    """Timers of nginx and its modules borrow the number of ETIMEDOUT ("upstream timed out (110: ...)"); a call's is the
    kernel's ("recv() failed (110: ...)").
    """
    if re.search(r"\b(?:upstream|client|peer) timed out|\btimed out\b[^:]{0,80}\(\d{1,4}: ", said):
        return Errno.DEADLINE
    if "prematurely closed connection" in said or re.search(r"client closed (?:keepalive )?connection", said):
        return Errno.EOF
    return errno_of(said)


def _is_about_the_client(head: str, doing: str, has_upstream: bool, has_client: bool) -> bool:
    if head.lstrip().startswith("client ") or "client closed" in head or "client prematurely closed" in head:
        return True
    if "upstream" in head:
        return False
    return "client" in doing or (has_client and not has_upstream)


def _operation(call: str, head: str) -> str:
    if call == "connect" or "connecting to upstream" in head:
        return "connect"
    if not call:
        return "read" if "reading" in head else ""
    return "write" if call in WRITES else "read"
