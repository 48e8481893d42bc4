"""Where the application's log and the capture do not fit together; the report says these first."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import LONG_AFTER_CAPTURE_NS
from pyreport.logs.model import Errno, LogError


def contradictions(case: Case) -> tuple[Claim, ...]:
    """What the log says and the capture does not bear out; nothing without a log line."""
    if case.log is None:
        return ()
    return (*_about_the_error(case, case.log), *_about_the_time(case, case.log))


def _about_the_error(case: Case, log: LogError) -> Iterator[Claim]:
    """EPIPE as a first error needs a FIN and then an RST, ECONNRESET an RST without a FIN, ETIMEDOUT that nobody
    answered (Linux tcp_reset() in net/ipv4/tcp_input.c, sk_stream_error() in net/core/stream.c).
    """
    fin, reset, said = case.ending.fin, case.ending.reset, log.error_text
    if log.errno is Errno.EPIPE and fin is None:
        yield claim("log-wants-fin", error=said)
    elif log.errno is Errno.EPIPE and fin is not None and not case.peer_closed_first:
        yield claim("log-wants-fin-of-peer", (fin.frame,), error=said)
    elif log.errno is Errno.EPIPE and fin is not None and case.ending.dead is None:
        yield claim("log-wants-rst-after-fin", (fin.frame,), error=said)
    elif log.errno is Errno.ECONNRESET and fin is not None and case.peer_closed_first:
        yield claim("log-wants-no-fin", (fin.frame,), error=said)
    elif log.errno is Errno.ECONNRESET and case.ending.dead is None:
        yield claim("log-wants-rst", error=said)
    elif log.errno is Errno.ECONNRESET and reset is not None and reset.source == case.local:
        yield claim("log-wants-rst-of-peer", (reset.frame,), error=said)
    elif log.errno is Errno.ETIMEDOUT and case.ending.gave_up is None and case.ending.first is not None:
        yield claim("log-wants-silence", (case.ending.first.frame,), error=said)


def _about_the_time(case: Case, log: LogError) -> Iterator[Claim]:
    if case.log_ns is None or log.stamp is None:
        return
    if case.log_ns > case.span.last_time_ns + LONG_AFTER_CAPTURE_NS:
        yield claim("log-after-capture", after=Duration(case.log_ns - case.span.last_time_ns))
    first = case.ending.first
    # A stamp of whole seconds stands for the second that it begins.
    if first is not None and case.log_ns + log.stamp.resolution_ns <= first.time_ns:
        yield claim("log-before-close", (first.frame,), before=Duration(first.time_ns - case.log_ns))
