"""Writes that failed inside the host: they left no packet, and none should be looked for."""

from __future__ import annotations

from pyreport.base.claim import Claim, claim
from pyreport.diagnosis.case import Case
from pyreport.frames.frame import Frame
from pyreport.logs.model import Errno

WRITES = ("write", "writev", "send", "sendto", "sendmsg")


def failed_without_packet(case: Case) -> Frame | None:
    """The RST that had ended the socket before the write of the log line, when that write left no packet.

    Linux takes no data for a socket that an RST has closed: tcp_sendmsg_locked() in net/ipv4/tcp.c returns the stored
    error before it queues anything. None when the line is not about such a write, or the capture has payload of the
    local end after the RST.
    """
    log, dead = case.log, case.ending.dead
    if log is None or case.log_ns is None or dead is None or dead.time_ns >= case.log_ns:
        return None
    is_write = log.errno is Errno.EPIPE or (log.errno is Errno.ECONNRESET and log.operation in WRITES)
    if not is_write or dead.source == case.local:
        return None
    after = (f for f in case.connection.frames if f.number > dead.number and f.source == case.local and f.length)
    return None if any(after) else dead


def why_no_packet(case: Case) -> Claim | None:
    """Why the write of the log line left no packet; None when it is not about such a write."""
    dead = failed_without_packet(case)
    return None if dead is None else claim("no-packet-for-the-write", (dead.number,))
