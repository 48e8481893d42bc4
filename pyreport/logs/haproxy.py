"""HAProxy's log lines, tcplog and httplog.

haproxy/haproxy doc/configuration.txt, sections "TCP log format", "HTTP log format" and "Session state at
disconnection". The date is that of the accept, the line is written at its end: accept + Tt (Ta).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from pyreport.base.units import NS_PER_MS
from pyreport.logs.clock import stamp_of_text
from pyreport.logs.ends import BARE_IP, make_end
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

LINE = re.compile(
    rf"(?<![\w.:])(?P<client>{BARE_IP}:\d{{1,5}}) \[(?P<date>\d\d/\w{{3}}/\d{{4}}:\d\d:\d\d:\d\d\.\d{{3}})\] "
    r"(?P<front>\S{1,200}) (?P<back>[^\s/]{1,200}/\S{1,200}) (?P<timers>[-+\d]{1,12}(?:/[-+\d]{1,12}){2,4}) "
    r"(?:-?\d{1,3} )?\+?\d{1,20} (?:\S{1,200} \S{1,200} )?(?P<state>[-A-Za-z]{2}(?:[-A-Za-z]{2})?) \d"
)
# First letter: who ended it, or what else did (the messages log-termination of pyreport/words); second: in which phase.
WHO = frozenset("CSPLRIDUKcs-")
# "--": in order; "LR": a redirect or a page of HAProxy's own.
IN_ORDER = ("-", "LR")
# States that say more than their first letter: waiting for a connection, for the response.
EXACT = {
    "SC": (Errno.ECONNREFUSED, "connect"),
    "sC": (Errno.DEADLINE, "connect"),
    "SH": (Errno.DISCONNECTED, "read"),
    "sH": (Errno.DEADLINE, "read"),
    "sQ": (Errno.DEADLINE, "connect"),
    "CH": (Errno.DISCONNECTED, "read"),
}


def parse(entry: Entry) -> LogError | None:
    """A connection of HAProxy's that broke; None for other lines and for one that ended in order.

    First letter S or s: it is HAProxy's connection to the server, which it is the client of; else that of the client.
    """
    line = LINE.search(entry.text)
    if line is None:
        return _of_fields(entry.fields)
    state = line["state"]
    if not _is_broken(state):
        return None
    lasted_ns = int(line["timers"].rpartition("/")[2].lstrip("+")) * NS_PER_MS
    accepted = stamp_of_text(line["date"])
    return replace(
        _broken(state, make_end(line["client"])),
        stamp=replace(accepted, clock_ns=accepted.clock_ns + max(lasted_ns, 0)) if accepted else None,
        peer_name=line["back"],
        lasted_ns=lasted_ns if lasted_ns >= 0 else None,
    )


def _is_broken(state: str) -> bool:
    return state[:1] in WHO and not state.startswith(IN_ORDER)


def _told_by(state: str) -> tuple[Errno, str]:
    """The error and the operation that a state tells of. Whoever began it, HAProxy closes the client's connection
    itself, unless it is the client that went away.
    """
    return EXACT.get(state[:2], (Errno.DISCONNECTED if state[0] in "CS" else Errno.CLOSED_HERE, ""))


def _of_fields(fields: Mapping[str, str]) -> LogError | None:
    """The same of a log-format of fields, in which only the state (%ts, %tsc) has a name that is sure."""
    state = fields.get("termination_state", "")
    if not _is_broken(state):
        return None
    return _broken(state, make_end(fields.get("client_ip", ""), fields.get("client_port", "")))


def _broken(state: str, client: NamedEnd) -> LogError:
    """What a state tells of a connection of this client, or of the one to the server behind it."""
    errno, operation = _told_by(state)
    at_server = state[0] in "Ss"
    return LogError(
        line="",
        format="HAProxy",
        error_text=f"termination state {state}",
        errno=errno,
        operation=operation,
        remote=NamedEnd() if at_server else client,
        by_server=not at_server,
        termination=state,
        product="HAProxy",
        beside=client if at_server else NamedEnd(),
    )
