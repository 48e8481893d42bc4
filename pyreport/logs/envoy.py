"""Envoy's access log, of HTTP and of TCP, as text (its default format and Istio's) and as JSON.

envoyproxy/envoy docs/root/configuration/observability/access_log/usage.rst (response flags, default format);
istio/istio pilot/pkg/model/telemetry_logging.go (EnvoyTextLogFormat).
"""

from __future__ import annotations

import re2

from pyreport.logs.ends import parse_end
from pyreport.logs.model import Entry, Errno, LogError, NamedEnd

LINE = re2.compile(r"\] \"[^\"]+\" (?:\d{3}|0) ([A-Z]{2,5}(?:,[A-Z]{2,5})*)(?: |$)(.*)")
TOKEN = re2.compile(r"\"[^\"]*\"|\S+")
# Of flags that stand together ("UF,URX") the first of this order tells: error, operation, whether at the client's side.
FLAGS = {
    "DC": (Errno.DISCONNECTED, "", True),  # downstream connection termination
    "UF": (Errno.DISCONNECTED, "connect", False),  # upstream connection failure
    "UC": (Errno.DISCONNECTED, "", False),  # upstream connection termination, by FIN or RST
    "UT": (Errno.DEADLINE, "read", False),  # upstream request timeout
    "UPE": (Errno.CLOSED_HERE, "read", False),  # upstream protocol error
    "UMSDR": (Errno.DEADLINE, "read", False),  # upstream max stream duration reached
    "LR": (Errno.CLOSED_HERE, "", False),  # connection local reset
    "UR": (Errno.OTHER, "read", False),  # upstream remote reset: of the stream, not of the TCP connection
    "SI": (Errno.CLOSED_HERE, "", True),  # stream idle timeout
    "DT": (Errno.CLOSED_HERE, "", True),  # duration timeout
    "DPE": (Errno.CLOSED_HERE, "", True),  # downstream protocol error
    "OM": (Errno.CLOSED_HERE, "", True),  # overload manager terminated the request
    "UH": (Errno.OTHER, "connect", False),  # no healthy upstream host: no connection was tried
}


def parse(entry: Entry) -> LogError | None:
    """What the response flags of a record tell of the connection to the upstream or to the client; None without one."""
    flags = entry.fields.get("response_flags", "")
    if flags:
        names = ("upstream_host", "upstream_local_address", "downstream_local_address", "downstream_remote_address")
        return _error(flags, *(_end(entry.fields.get(name, "")) for name in names))
    line = LINE.search(entry.text)
    if line is None:
        return None
    tokens = [token[0].strip('"') for token in TOKEN.finditer(line[2])]
    at = next((n for n in range(len(tokens) - 1, -1, -1) if "|" in tokens[n]), None)  # outbound|80||svc, Istio's
    if at is None:
        return _error(line[1], _end(tokens[-1] if tokens else ""), NamedEnd(), NamedEnd(), NamedEnd())
    behind = [*tokens[at + 1 : at + 4], "", "", ""]
    return _error(line[1], _end(tokens[at - 1]), _end(behind[0]), _end(behind[1]), _end(behind[2]))


def _error(
    flags: str, upstream: NamedEnd, local: NamedEnd, downstream_local: NamedEnd, client: NamedEnd
) -> LogError | None:
    flag = next((name for name in FLAGS if name in flags.split(",")), None)
    if flag is None:
        return None
    errno, operation, at_client = FLAGS[flag]
    ends = (downstream_local, client) if at_client else (local, upstream)
    beside = client if not at_client and not (upstream or local) else NamedEnd()
    return LogError("", "Envoy", flags, errno, operation, *ends, by_server=at_client, product="Envoy", beside=beside)


def _end(text: str) -> NamedEnd:
    end = parse_end(text)
    return end if end.is_whole else NamedEnd()
