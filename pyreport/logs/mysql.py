"""MySQL and MariaDB: the server's error log, and clients.

mysql/mysql-server share/messages_to_error_log.txt (ER_ABORTING_USER_CONNECTION), include/errmsg.h (2006, 2013);
mysql/mysql-connector-j src/main/resources/com/mysql/cj/LocalizedErrorMessages.properties (CommunicationsException);
go-sql-driver/mysql packets.go, errors.go.
"""

from __future__ import annotations

import re

from pyreport.base.units import NS_PER_MS
from pyreport.logs.ends import make_end, parse_end
from pyreport.logs.errnos import errno_of_number, socket_error
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

ABORTED = re.compile(
    r"Aborted connection \d{1,20} to db: '[^'\n]{0,192}' user: '[^'\n]{0,80}'(?: host: '(?P<host>[^'\n]{0,255})')?"
    r" \((?P<said>[^)\n]{1,120})\)"
)
CONNECTOR_J = re.compile(r"Communications link failure|CommunicationsException")
LAST_RECEIVED = re.compile(r"last packet successfully received from the server was (?P<ms>[\d,.]{1,25}) milliseconds")
GO_DRIVER = re.compile(r"packets\.go:\d{1,5}: (?P<said>[^\n]{1,160})")
CLIENT = re.compile(
    r"(?P<said>MySQL server has gone away|Lost connection to (?:MySQL|MariaDB|backend)? ?server[\w ]{0,40}"
    r"|Lost connection to backend server|disconnected by the server because of inactivity)"
)
SYSTEM_ERROR = re.compile(r"system error: \"?(?P<number>\d{1,6})")
AT = re.compile(r"server (?:at|on) '(?P<host>[^'\s]{1,253})'(?: ?\(|:| port )?(?P<port>\d{1,5})?")
NAME = "MySQL"


def parse(entry: Entry) -> LogError | None:
    """What the server says of a client, or a client of the server; None for other lines."""
    text = entry.text
    aborted = ABORTED.search(text)
    if aborted:
        host = aborted["host"] or ""
        return LogError(
            "", "MySQL server", aborted["said"], _aborted(aborted["said"]),
            "write" if "writing" in aborted["said"] else "read", NamedEnd(),
            parse_end(f"[{host}]" if ":" in host else host) if host else NamedEnd(), service=NAME, by_server=True,
        )  # fmt: skip
    if CONNECTOR_J.search(text):
        return _connector_j(text)
    go = GO_DRIVER.search(text)
    if go:
        errno = Errno.EOF if "EOF" in go["said"] else Errno.DISCONNECTED
        return LogError("", "go-sql-driver", go["said"].strip(), errno, "read", service=NAME)
    client = CLIENT.search(text)
    if client is None:
        return None
    errno = Errno.EOF if "inactivity" in client["said"] else Errno.DISCONNECTED
    number, said = SYSTEM_ERROR.search(text), socket_error(text)
    if number and errno_of_number(int(number["number"])) is not Errno.OTHER:
        errno = errno_of_number(int(number["number"]))
    elif said:
        errno = said[0]
    at = AT.search(text)
    remote = (make_end(at["host"], at["port"]) if at["port"] else parse_end(at["host"])) if at else NamedEnd()
    return LogError("", "MySQL client", client["said"].strip(), errno, "", NamedEnd(), remote, service=NAME)


def _aborted(said: str) -> Errno:
    """The server's read timeout is its own close; an error is a client that went without saying so, by FIN or RST."""
    return Errno.CLOSED_HERE if "timeout" in said else Errno.DISCONNECTED


def _connector_j(text: str) -> LogError:
    received, said = LAST_RECEIVED.search(text), socket_error(text)
    errno = said[0] if said else Errno.EOF if "EOFException" in text else Errno.DISCONNECTED
    age = re.sub(r"\D", "", received["ms"]) if received else ""
    return LogError(
        "", "MySQL Connector/J", said[1] if said else "Communications link failure", errno, service=NAME,
        idle_ns=int(age) * NS_PER_MS if age else None,
    )  # fmt: skip
