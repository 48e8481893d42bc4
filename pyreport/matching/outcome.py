"""Whether a connection ended in a way that makes an application log a certain error.

The rules are Linux's: net/ipv4/tcp_input.c tcp_reset() (EPIPE after the peer's FIN, ECONNRESET without one),
net/core/stream.c sk_stream_error(), net/ipv4/tcp_timer.c tcp_write_err() (ETIMEDOUT: nobody answered).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from msgspec import Struct

from pyreport.base.units import NS_PER_S
from pyreport.connections.connection import Connection
from pyreport.connections.ending import Ending, ending_of
from pyreport.frames.findings import RetransmissionTimeout
from pyreport.frames.frame import FLAG_ACK, FLAG_RST, FLAG_SYN, Frame
from pyreport.logs.model import Errno, LogError

#: A program that runs reads a FIN sooner than this.
STOOD_STILL_NS = NS_PER_S

NEVER_ESTABLISHED = ("connect", "dial")


class Fit(IntEnum):
    """How the end of a connection goes with an error."""

    AGAINST = 0
    OPEN = 1  # neither for nor against it
    FITS = 2


class Outcome(Struct, frozen=True):
    """``since_ns`` is the time from which on the application can have seen the error; ``frame`` what caused it."""

    fit: Fit
    since_ns: int
    frame: int | None = None


def outcome_of(connection: Connection, local: str, log: LogError) -> Outcome:
    """How the end of the connection goes with the error that its local end logs."""
    if log.operation in NEVER_ESTABLISHED or log.errno is Errno.ECONNREFUSED:
        return _of_connect(connection, local, log.errno)
    if _answered_syn(connection) is None and connection.syn is not None:
        return Outcome(Fit.AGAINST, connection.last.time_ns)
    rule = _RULES.get(log.errno, _of_other)
    return rule(connection, ending_of(connection), local)


def _of_broken_pipe(connection: Connection, ending: Ending, local: str) -> Outcome:
    peer = connection.other(local)
    if ending.fin is not None and ending.fin.source == peer:
        if ending.dead is not None:
            return _at(Fit.FITS, ending.dead)
        return Outcome(Fit.OPEN, ending.fin.time_ns, ending.fin.frame)  # the RST may lie behind the capture's end
    dead = ending.dead
    if dead is not None and dead.source == peer and ending.fin is None:
        return _at(Fit.OPEN, dead)  # a second error: the first told of the reset
    return _against(connection, ending)


def _of_reset(connection: Connection, ending: Ending, local: str) -> Outcome:
    peer = connection.other(local)
    dead = ending.dead
    if dead is None or dead.source != peer:
        return _against(connection, ending)
    if ending.fin is not None and ending.fin.source == peer:
        return _at(Fit.OPEN, dead)  # Linux says EPIPE or end of file then; other systems may not
    return _at(Fit.FITS, dead)


def _of_timeout(connection: Connection, ending: Ending, local: str) -> Outcome:
    gave_up = ending.gave_up
    if gave_up is not None and gave_up.source == local:
        return Outcome(Fit.FITS, gave_up.time_ns, gave_up.frame)
    if ending.first is None and connection.last.source == local and connection.last.retransmission:
        return _at(Fit.FITS, connection.last)
    in_vain = connection.first_of(RetransmissionTimeout)
    if in_vain is not None and in_vain.by == local and in_vain.frame == _frame_of(ending):
        # Windows ends with an RST what it has sent again and again (TcpMaxDataRetransmissions); Linux sends none.
        return Outcome(Fit.FITS, in_vain.time_ns, in_vain.frame)
    if ending.first is None and connection.unanswered(local):
        return _at(Fit.OPEN, connection.last)
    return _against(connection, ending)


def _of_end_of_file(connection: Connection, ending: Ending, local: str) -> Outcome:
    peer = connection.other(local)
    if ending.fin is not None and ending.fin.source == peer:
        return Outcome(Fit.FITS, ending.fin.time_ns, ending.fin.frame)
    dead = ending.dead
    if ending.fin is None and dead is not None and dead.source == peer:
        return _at(Fit.OPEN, dead)
    return _against(connection, ending)


def _of_disconnect(connection: Connection, ending: Ending, local: str) -> Outcome:
    first, peer = ending.first, connection.other(local)
    if first is not None and first.source == peer:
        return Outcome(Fit.FITS, first.time_ns, first.frame)
    dead = ending.dead
    if first is None and dead is not None and dead.source == peer:
        return _at(Fit.FITS, dead)
    return _of_timeout(connection, ending, local) if ending.gave_up else _against(connection, ending)


def _of_own_close(connection: Connection, ending: Ending, local: str) -> Outcome:
    first = ending.first
    if first is not None and first.source == local:
        return Outcome(Fit.FITS, first.time_ns, first.frame)
    return _against(connection, ending)


def _of_deadline(connection: Connection, ending: Ending, local: str) -> Outcome:
    """The program's own limit: it closes then; had the peer closed before, the program would have read that."""
    first = ending.first
    if first is None:
        return Outcome(Fit.OPEN, connection.first.time_ns)
    own = ending.answering_fin
    if own is not None and own.source == local and own.time_ns - first.time_ns >= STOOD_STILL_NS:
        # A program that stood still reads neither (a collection of garbage); it closes as it runs again.
        return Outcome(Fit.OPEN, own.time_ns, own.number)
    return Outcome(Fit.FITS if first.source == local else Fit.AGAINST, first.time_ns, first.frame)


def _of_other(connection: Connection, ending: Ending, _: str) -> Outcome:
    first = ending.first
    return Outcome(Fit.OPEN, first.time_ns if first else connection.first.time_ns, first.frame if first else None)


_RULES: dict[Errno, Callable[[Connection, Ending, str], Outcome]] = {
    Errno.EPIPE: _of_broken_pipe,
    Errno.ECONNRESET: _of_reset,
    Errno.ETIMEDOUT: _of_timeout,
    Errno.EHOSTUNREACH: _of_timeout,
    Errno.ENETUNREACH: _of_timeout,
    Errno.EOF: _of_end_of_file,
    Errno.DISCONNECTED: _of_disconnect,
    Errno.CLOSED_HERE: _of_own_close,
    Errno.DEADLINE: _of_deadline,
}


def _frame_of(ending: Ending) -> int | None:
    """The frame that ended the connection, if any."""
    return None if ending.first is None else ending.first.frame


def _of_connect(connection: Connection, local: str, errno: Errno) -> Outcome:
    """An error of connect(2): the SYN was refused (RST), never answered, or its answers never got to the program's
    kernel, which would have acknowledged them.
    """
    if connection.syn is None or connection.syn.source != local or _has_opened(connection, local):
        return Outcome(Fit.AGAINST, connection.first.time_ns)
    refusal = next((f for f in connection.frames if f.source != local and f.has(FLAG_RST)), None)
    if refusal is None:
        fits = errno not in (Errno.ECONNREFUSED, Errno.ECONNRESET)
        return _at(Fit.FITS if fits else Fit.AGAINST, connection.last)
    return _at(Fit.FITS if errno in (Errno.ECONNREFUSED, Errno.ECONNRESET, Errno.DISCONNECTED) else Fit.OPEN, refusal)


def _has_opened(connection: Connection, local: str) -> bool:
    """Whether the handshake was over for the end that asked: it acknowledged, or it heard more than the answer."""
    return any(
        frame.has(FLAG_ACK)
        and not frame.has(FLAG_RST)
        and not frame.has(FLAG_SYN)
        and (frame.source == local or frame.length)
        for frame in connection.frames
    )


def _answered_syn(connection: Connection) -> Frame | None:
    """The SYN-ACK, or the first sign that the handshake was over."""
    answers = (f for f in connection.frames if f.has(FLAG_ACK) and not f.has(FLAG_RST))
    return next((f for f in answers if f.has(FLAG_SYN) or f.length), None)


def _at(fit: Fit, frame: Frame) -> Outcome:
    return Outcome(fit, frame.time_ns, frame.number)


def _against(connection: Connection, ending: Ending) -> Outcome:
    first = ending.first
    return Outcome(Fit.AGAINST, first.time_ns if first else connection.last.time_ns, first.frame if first else None)
