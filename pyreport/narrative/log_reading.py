"""What is understood of an error of a log by itself, without a capture: for ``pyreport log``."""

from __future__ import annotations

from collections.abc import Iterator

from pyreport.base.claim import Claim, Duration, claim
from pyreport.choice.log_ends import log_ends
from pyreport.logs.clock import iso_text, zone_text
from pyreport.logs.model import Errno, LogError, Repeats

# What connect(2) fails with.
_CONNECTING = ("connect", "dial")


def reading(error: LogError) -> Iterator[tuple[Claim, tuple[Claim, ...]]]:
    """Rows of a name and of sentences: time, ends, who logs, what was done, the error, its proof, what is missing."""
    yield claim("log-row-time"), (_time(error),)
    yield claim("log-row-ends"), tuple(_ends(error))
    if error.operation:
        yield claim("log-row-doing"), (claim("log-doing", operation=error.operation),)
    yield claim("log-row-error"), tuple(_said(error))
    yield claim("log-row-proves"), (Claim(_proof(error)),)
    missing = tuple(_missing(error))
    if missing:
        yield claim("log-row-missing"), missing


def _time(error: LogError) -> Claim:
    if error.stamp is None:
        return claim("log-time-not-given")
    written, zone = iso_text(error.stamp), zone_text(error.stamp)
    if error.stamp.repeats is Repeats.YEARLY:
        written = written.partition("-")[2]
    return claim("log-time-in-zone", time=written, zone=zone) if zone else claim("log-time-as-written", time=written)


def _ends(error: LogError) -> Iterator[Claim]:
    yield log_ends(error)
    if error.beside:
        yield claim("log-ends-of-other", end=str(error.beside))
    if error.by_server:
        yield claim("log-written-by-server")
    elif error.service or error.beside or error.operation in _CONNECTING:
        yield claim("log-written-by-client")
    if error.peer_name:
        yield claim("log-peer-name", name=error.peer_name)


def _said(error: LogError) -> Iterator[Claim]:
    yield claim("log-error-said", said=error.error_text, error=Claim(f"errno-{error.errno.name.lower()}"))
    if error.state_age_ns is not None:
        yield claim("log-state-age", state=error.state, age=Duration(error.state_age_ns))
    if error.idle_ns is not None:
        yield claim("log-idle", age=Duration(error.idle_ns))
    if error.lasted_ns is not None and not error.beside:  # else it is the life of the client's connection
        yield claim("log-lasted", age=Duration(error.lasted_ns))


def _proof(error: LogError) -> str:
    """What the error proves about FIN, RST and time limits (Linux tcp_reset() in net/ipv4/tcp_input.c,
    sk_stream_error() in net/core/stream.c, tcp_write_err() in net/ipv4/tcp_timer.c).
    """
    if error.operation in _CONNECTING and error.errno in (Errno.ETIMEDOUT, Errno.DEADLINE):
        return "log-proves-connect-unanswered"
    return f"log-proves-{error.errno.name.lower()}"


def _missing(error: LogError) -> Iterator[Claim]:
    if error.stamp is None:
        yield claim("log-misses-time")
    else:
        if error.stamp.repeats is Repeats.DAILY:
            yield claim("log-misses-date")
        elif error.stamp.repeats is Repeats.YEARLY:
            yield claim("log-misses-year")
        if error.stamp.zone is None:
            yield claim("log-misses-zone")
    if not error.local and not error.remote:
        yield claim("log-misses-ends")
    elif not (error.local.is_whole and error.remote.is_whole):
        yield claim("log-misses-one-end")
