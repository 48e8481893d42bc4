"""Where the application's log and the capture do not fit together."""

from __future__ import annotations

from pyreport.diagnosis.model import Case
from pyreport.logline import Errno
from pyreport.sentence import Sentence
from pyreport.units import format_duration


def contradictions(case: Case) -> tuple[Sentence, ...]:
    """Where the log and the capture do not fit together; the report says these first.

    EPIPE as a first error needs a FIN and then an RST, ECONNRESET an RST without a FIN, ETIMEDOUT that nobody answered
    (Linux tcp_reset() in net/ipv4/tcp_input.c, sk_stream_error() in net/core/stream.c).
    """
    if case.log is None:
        return ()
    ending, errno = case.ending, case.log.errno
    said = f"The log says “{case.log.error_text}”"
    found: list[Sentence] = []
    if errno is Errno.EPIPE and ending.fin is None:
        found.append(
            Sentence(
                f"{said}, which needs a FIN before it, and this capture has no FIN of the connection: it may lack "
                "frames."
            )
        )
    if errno is Errno.EPIPE and ending.fin is not None and not case.peer_closed_first:
        found.append(
            Sentence(
                f"{said}, and the first FIN is the local end's own: the application wrote to a socket it had shut "
                "down.",
                (ending.fin.frame,),
            )
        )
    if errno is Errno.ECONNRESET and ending.fin is not None and case.peer_closed_first:
        found.append(
            Sentence(
                f"{said}, which means an RST without a FIN, and this capture has a FIN first: another connection, or "
                "an error that was logged late.",
                (ending.fin.frame,),
            )
        )
    if errno is Errno.ETIMEDOUT and ending.gave_up is None and ending.first is not None:
        found.append(
            Sentence(
                f"{said}, which means that nobody answered, and this capture has a close: another connection, or "
                "another time.",
                (ending.first.frame,),
            )
        )
    if ending.first is not None and case.log_ns is not None and case.log_ns < ending.first.time_ns:
        before = format_duration(ending.first.time_ns - case.log_ns)
        found.append(
            Sentence(
                f"The log line was written {before} before the first sign of a close: check the time zone (--tz) and "
                "the clocks.",
                (ending.first.frame,),
            )
        )
    return tuple(found)
