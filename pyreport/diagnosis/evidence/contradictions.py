"""Where the application's log and the capture do not fit together; the report says these first."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim
from pyreport.base.sentence import sentence
from pyreport.base.units import format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import LONG_AFTER_CAPTURE_NS
from pyreport.logs.model import Errno, LogError


def contradictions(case: Case) -> tuple[Claim, ...]:
    """What the log says and the capture does not bear out; nothing without a log line."""
    if case.log is None:
        return ()
    return (*_about_the_error(case, case.log), *_about_the_time(case))


def _about_the_error(case: Case, log: LogError) -> Iterator[Claim]:
    """EPIPE as a first error needs a FIN and then an RST, ECONNRESET an RST without a FIN, ETIMEDOUT that nobody
    answered (Linux tcp_reset() in net/ipv4/tcp_input.c, sk_stream_error() in net/core/stream.c).
    """
    fin, reset = case.ending.fin, case.ending.reset
    said = f"The log says “{log.error_text}”"
    if log.errno is Errno.EPIPE and fin is None:
        yield sentence(
            f"{said}, which needs a FIN before it, and this capture has no FIN of the connection: it may lack frames."
        )
    elif log.errno is Errno.EPIPE and fin is not None and not case.peer_closed_first:
        text = f"{said}, and the first FIN is the local end's own: the application wrote to a socket it had shut down."
        yield sentence(text, (fin.frame,))
    elif log.errno is Errno.EPIPE and fin is not None and case.ending.dead is None:
        text = f"{said}, which needs an RST behind the FIN, and this capture has none: it may end too early."
        yield sentence(text, (fin.frame,))
    elif log.errno is Errno.ECONNRESET and fin is not None and case.peer_closed_first:
        text = (
            f"{said}, which means an RST without a FIN, and this capture has a FIN first: another connection, or an "
            "error that was logged late."
        )
        yield sentence(text, (fin.frame,))
    elif log.errno is Errno.ECONNRESET and case.ending.dead is None:
        yield sentence(f"{said}, which needs an RST, and this capture has none of the connection: it may lack frames.")
    elif log.errno is Errno.ECONNRESET and reset is not None and reset.source == case.local:
        text = f"{said}, and the RST is the local end's own: another connection, or the wrong end was taken for local."
        yield sentence(text, (reset.frame,))
    elif log.errno is Errno.ETIMEDOUT and case.ending.gave_up is None and case.ending.first is not None:
        text = (
            f"{said}, which means that nobody answered, and this capture has a close: another connection, or another "
            "time."
        )
        yield sentence(text, (case.ending.first.frame,))


def _about_the_time(case: Case) -> Iterator[Claim]:
    if case.log_ns is not None and case.log_ns > case.span.last_time_ns + LONG_AFTER_CAPTURE_NS:
        after = format_duration(case.log_ns - case.span.last_time_ns)
        yield sentence(
            f"The log line was written {after} after this capture's end: check the time zone (--log-tz), and whether "
            "the ends were used again."
        )
    first = case.ending.first
    # A stamp of whole seconds stands for the second that it begins.
    resolution = case.log.stamp.resolution_ns if case.log and case.log.stamp else 0
    if first is not None and case.log_ns is not None and case.log_ns + resolution <= first.time_ns:
        before = format_duration(first.time_ns - case.log_ns)
        text = (
            f"The log line was written {before} before the first sign of a close: check the time zone (--log-tz) and "
            "the clocks."
        )
        yield sentence(text, (first.frame,))
