"""When a log line can have been written, as the capture sees it, and the zone of its clock that follows."""

from __future__ import annotations

from datetime import tzinfo

from pyreport.base.units import NS_PER_S
from pyreport.connections.connection import Connection
from pyreport.frames.findings import Fin, GaveUp, Reset
from pyreport.frames.frame import CaptureSpan
from pyreport.logs.model import LogError
from pyreport.logs.zones import log_time, possible_zones

# A log line may be written this long after the capture's last frame and still belong to it.
LOG_AFTER_CAPTURE_NS = 10 * 60 * NS_PER_S
# A logger's clock may be this far from the capture's when both run on one host or by NTP; many write whole seconds.
CLOCK_SKEW_NS = 2 * NS_PER_S
# Of several zones that place the line behind the close, the one that places it within a minute is assumed: the others
# are half an hour and more away, and a chance of one in thirty stands against it.
SOON_NS = 60 * NS_PER_S


def covers(span: CaptureSpan, moment: int | None) -> bool:
    """Whether a moment lies in the capture's time or soon after it."""
    return (
        moment is not None and span.first_time_ns - CLOCK_SKEW_NS <= moment <= span.last_time_ns + LOG_AFTER_CAPTURE_NS
    )


def infer_zone(log: LogError, connection: Connection, span: CaptureSpan, since_ns: int | None = None) -> tzinfo | None:
    """The offset from UTC at which the log line falls after the trouble and near the capture; None when none does, or
    when more than one does and none of them soon after the trouble.

    An error is logged after its cause: ``since_ns`` if that is known, else the connection's first close.
    """
    trouble = next((f for f in connection.findings if isinstance(f, (Fin, Reset, GaveUp))), None)
    # A stamp stands for the time until its next digit.
    resolution = log.stamp.resolution_ns if log.stamp else 0
    first = trouble.time_ns if trouble else connection.first.time_ns
    earliest = (first if since_ns is None else since_ns) - resolution
    latest = span.last_time_ns + LOG_AFTER_CAPTURE_NS
    fitting = []
    for zone in possible_zones():
        moment = log_time(log, zone, span.last_time_ns)
        if moment is not None and earliest <= moment <= latest:
            fitting.append((moment - earliest, zone))
    if not fitting:
        return None
    delay, zone = min(fitting, key=lambda candidate: candidate[0])
    return zone if len(fitting) == 1 or (trouble is not None and delay <= SOON_NS) else None
