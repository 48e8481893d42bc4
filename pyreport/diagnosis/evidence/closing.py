"""The FIN or RST that ended a connection, told once for all parts that speak of it."""

from __future__ import annotations

from enum import StrEnum

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.connections.connection import Connection
from pyreport.connections.ending import age_of, counted_from, farewell_of, said_last, said_nothing, shown_before
from pyreport.connections.round_trip import round_trip_ns
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.crossing import crossed_fins
from pyreport.diagnosis.evidence.likeness import is_own_socket
from pyreport.diagnosis.evidence.never_came import unheard_before_close
from pyreport.diagnosis.evidence.too_soon import too_soon
from pyreport.diagnosis.result import Status
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, LATE_NS
from pyreport.frames.findings import Fin, Reset
from pyreport.frames.frame import FLAG_ACK, Frame

NOT_CLOSED = claim("open-to-the-end")


class ResetBy(StrEnum):
    """Who may have sent an RST, of a program, a host without the connection, and a device on the path."""

    #: The program, or its kernel that gave the connection up.
    SOCKET = "socket"
    PROGRAM = "program"
    PROGRAM_OR_HOST = "program_or_host"
    PROGRAM_OR_DEVICE = "program_or_device"
    ANY = "any"


def reset_by(case: Case, reset: Reset) -> ResetBy:
    """A host without the connection answers, and sends nothing unasked (RFC 9293 section 3.10.7.1). No device sent what
    left the end that it names, or goes on where that end's socket was.
    """
    if is_own_socket(case.connection, reset.frame):
        return ResetBy.SOCKET
    asked = reset.cause_frame is not None or case.when_absent is not Status.RULED_OUT
    if case.quality.vantage.is_at(reset.source):
        return ResetBy.PROGRAM_OR_HOST if asked else ResetBy.PROGRAM
    return ResetBy.ANY if asked else ResetBy.PROGRAM_OR_DEVICE


def closed_first(case: Case, fin: Fin) -> Claim:
    """Who closed, and how long after the last data; not "first" where the capture may lack an earlier FIN, and where
    the FINs of both crossed.
    """
    who, frame = case.roles.party(fin.source), FrameNumber(fin.frame)
    first = not case.doubt and crossed_fins(case) is None
    data_idle, age, shown = age_of(fin), close_age(case), shown_before(fin)
    if shown is not None and fin.farewell_frame is not None and unheard_before_close(case) is None:
        sent, since = fin.farewell_bytes or 0, Duration(shown)
        cited = (fin.farewell_frame, fin.frame)
        return claim("close-after-capture-start", cited, who=who, first=first, frame=frame, since=since, sent=sent)
    if data_idle is None or unheard_before_close(case) is not None:
        return claim("close-by", (fin.frame,), who=who, first=first, frame=frame)
    farewell = farewell_of(fin)
    frames = tuple(f for f in (counted_from(fin), farewell, fin.frame) if f)
    if said_nothing(fin) is not None:
        idle, sent = Duration(data_idle), fin.farewell_bytes or 0
        return claim("close-after-handshake", frames, who=who, first=first, frame=frame, idle=idle, sent=sent)
    if farewell is not None:
        sent = fin.farewell_bytes or 0
        return claim(
            "close-after-farewell", frames, who=who, first=first, frame=frame, idle=Duration(data_idle), sent=sent
        )
    if data_idle == 0:
        return claim("close-with-data", frames, who=who, first=first, frame=frame)
    if age is not None and age.closer_ns is not None:
        idle, capture = Duration(age.closer_ns), Duration(data_idle)
        identifier = "close-after-data-two-clocks"
        return claim(identifier, frames, who=who, first=first, frame=frame, idle=idle, capture=capture)
    return claim("close-after-data", frames, who=who, first=first, frame=frame, idle=Duration(data_idle))


def reset_followed(connection: Connection, reset: Reset) -> Claim:
    """What an RST answers. One of the side's own socket may come at any time, and is never too soon."""
    cause, idle = reset.cause_frame, reset.packet_idle_ns
    if cause is not None:
        what = reset.followed
        closing = connection.frame(reset.frame)
        soon = None if closing is None else too_soon(connection, closing)
        if soon is not None and not is_own_socket(connection, reset.frame):
            delay, least = Duration(soon.delay_ns), Duration(soon.least_ns)
            frames = (cause, reset.frame)
            return claim(
                "reset-answers-too-soon", frames, what=what, cause=FrameNumber(cause), delay=delay, least=least
            )
        return claim("reset-answers", (cause, reset.frame), what=what, cause=FrameNumber(cause))
    if all(frame.source == reset.source for frame in connection.frames):
        return claim("reset-cause-not-captured", (reset.frame,), idle=Duration(idle))
    age, last = age_of(reset), said_last(reset)
    if age is not None and last is not None:
        frames = (last, reset.frame)
        return claim("reset-answers-nothing", frames, idle=Duration(idle), age=Duration(age), last=FrameNumber(last))
    return claim("reset-answers-nothing-after", (reset.frame,), idle=Duration(idle))


def forgot_silently(case: Case) -> bool:
    """Whether the peer's host refuses what it has no connection for (RFC 9293 section 3.10.7.1: an RST without ACK),
    and the capture, which lacks nothing, has no FIN or RST of it before: the kernel of a program that ends sends one
    (Linux tcp_close()), one that was started anew does not.
    """
    first = case.ending.first
    if not isinstance(first, Reset) or first.source != case.peer or first.cause_frame is None:
        return False
    closing = case.connection.frame(first.frame)
    is_bare = closing is not None and not closing.has(FLAG_ACK)
    return is_bare and case.when_absent is Status.RULED_OUT


def no_such_connection(case: Case, reset: Reset) -> Claim | None:
    """That the RST is the one with which a host refuses what it has no connection for, without ACK and at once (RFC
    9293 section 3.10.7.1), and how long before the same end had still spoken on it. Where its SYN-ACK was all that it
    had said, and just before, a full accept queue refuses so (Linux net.ipv4.tcp_abort_on_overflow), and a host for
    which another one answered the SYN. None for another RST: by RFC 9293 section 3.10.5 a program's has no ACK, either.
    """
    closing, cause = case.connection.frame(reset.frame), case.connection.frame(reset.cause_frame or 0)
    if closing is None or cause is None or closing.has(FLAG_ACK):
        return None
    spoke = [f for f in case.connection.frames if f.source == reset.source and f.number < cause.number]
    is_at_once = closing.time_ns - cause.time_ns < LATE_NS + round_trip_ns(case.connection)
    if not spoke or not is_at_once:
        return None
    last, who = spoke[-1], case.roles.party(reset.source)
    frames, ago = (last.number, cause.number, reset.frame), Duration(closing.time_ns - last.time_ns)
    has_only_agreed = last.is_syn_ack and ago < IDLE_FROM_NS
    identifier = "reset-of-the-handshake" if has_only_agreed else "reset-no-such-connection"
    return claim(identifier, frames, who=who, frame=FrameNumber(last.number), ago=ago)


def left_its_host(case: Case, closing: Frame) -> Claim | None:
    """That the capture was taken at the sender of the closing frame, so that no device on the path made it; None when
    it was not provably taken there.
    """
    if not case.quality.vantage.is_at(closing.source):
        return None
    if case.is_at_local and case.is_at_peer:
        return claim("close-left-host-of-both", (closing.number,))
    return claim("close-left-its-host", (closing.number,), who=case.roles.party(closing.source))


def bare_reset(frame: int) -> Claim:
    """What an RST without options and with a window of 0 is worth (see Likeness.is_bare)."""
    return claim("reset-bare", (frame,))
