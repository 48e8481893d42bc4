"""What the ends did after the first FIN."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import reset_followed
from pyreport.diagnosis.evidence.likeness import likeness
from pyreport.diagnosis.thresholds import PROMPT_CLOSE_NS
from pyreport.frames.finding import Level
from pyreport.frames.findings import Fin, PostFinReset, PostFinResetCauseKind, PostFinWrite
from pyreport.quality.flaw import FlawId


def fin_acknowledged(case: Case) -> Claim | None:
    """That the other end's kernel acknowledged the FIN; None when the capture does not show it."""
    fin, ack = case.ending.fin, case.ending.fin_ack
    if fin is None or ack is None:
        return None
    delay = Duration(ack.delay_ns)
    return claim("fin-acknowledged", (fin.frame, ack.frame), who=case.roles.party(ack.source), delay=delay)


def fin_not_acknowledged(case: Case, fin: Fin) -> Claim:
    """That nothing shows that the FIN arrived."""
    other = case.roles.party(case.connection.other(fin.source))
    return claim("fin-not-acknowledged", (fin.frame,), who=case.roles.party(fin.source), other=other)


def ended_by_rst(case: Case) -> tuple[Claim, ...]:
    """That an RST ended what the first FIN began, and no second FIN; with what it answers, if that is known. Nothing
    where the RST refused what came after the FIN, which ``refused_after_fin`` tells.
    """
    dead, reset = case.ending.dead, case.ending.reset
    if dead is None or case.ending.answering_fin is not None or case.ending.post_fin_reset is not None:
        return ()
    who = case.roles.party(dead.source)
    ended = claim("close-ended-by-rst", (dead.number,), who=who, frame=FrameNumber(dead.number))
    return (ended, reset_followed(case.connection, reset)) if reset is not None else (ended,)


def left_alone(case: Case) -> Claim | None:
    """That the other end never closed its side, up to the end of the capture; None when it did, or used it on, or had
    hardly time to.
    """
    fin = case.ending.fin
    if fin is None or case.ending.answering_fin or case.ending.dead or case.used_half_close:
        return None
    kept_ns = case.span.last_time_ns - fin.time_ns
    if kept_ns < PROMPT_CLOSE_NS:
        return None
    if case.quality.told(FlawId.ONE_SIDED) is not None:
        return None  # its FIN would not be in the capture
    other = case.roles.party(case.connection.other(fin.source))
    return claim("close-left-alone", (fin.frame,), who=other, kept=Duration(kept_ns))


def fin_unnoticed(case: Case) -> Claim | None:
    """For how long the local application did not close after the peer's FIN (see Case.fin_unnoticed_ns), with the FIN
    and the frame that ends the time, if one does; None when the time is too short to say so, and no log line shows that
    it went on.
    """
    fin, unnoticed_ns = case.ending.fin, case.fin_unnoticed_ns
    if fin is None or unnoticed_ns is None:
        return None
    is_logged = case.log_ns is not None and case.log_ns > fin.time_ns
    if not is_logged and unnoticed_ns < PROMPT_CLOSE_NS:
        return None
    end_ns = fin.time_ns + unnoticed_ns
    is_logged_then = is_logged and case.log_ns == end_ns
    ends = (case.ending.answering_fin, case.ending.dead)
    return claim(
        "fin-unnoticed-until-log" if is_logged_then else "fin-unnoticed",
        (fin.frame, *(end.number for end in ends if end is not None and end.time_ns == end_ns)),
        who=case.local_party,
        least=Duration(unnoticed_ns),
    )


def written_after_fin(case: Case, write: PostFinWrite) -> Claim:
    """That an end wrote after the other one's FIN."""
    after = Duration(write.after_fin_ns)
    return claim(
        "fin-write-after",
        (write.frame,),
        who=case.roles.party(write.source),
        after=after,
        frame=FrameNumber(write.frame),
    )


def refused_after_fin(case: Case, reset: PostFinReset) -> Claim:
    """That the end that had closed refused what came afterwards, or somebody in its name."""
    cause = reset.cause_frame
    return claim(
        "fin-refusal-after" if not refused_from_elsewhere(case, reset) else "fin-refusal-in-the-name",
        (cause, reset.frame),
        who=case.roles.party(reset.source),
        other=case.roles.party(case.connection.other(reset.source)),
        kind=reset.cause_kind,
        cause=FrameNumber(cause),
        frame=FrameNumber(reset.frame),
    )


def refused_from_elsewhere(case: Case, reset: PostFinReset | None) -> tuple[Claim, ...]:
    """That the RST after a FIN was sent at another distance than all else of the side whose name it bears. Whether that
    side had closed both ways (RFC 9293 section 3.6, shutdown(2)) it would have told; nothing else does. Empty where the
    RST fits its side, or where there is none.
    """
    frame = None if reset is None else case.connection.frame(reset.frame)
    if frame is None:
        return ()
    marks = likeness(case.connection, frame)
    if not marks.is_elsewhere:
        return ()
    distance = next((told for told in marks.differs if told.id == "closing-frame-other-ttl"), None)
    if distance is None:
        return ()
    values = {name: distance.values[name] for name in ("ttl", "usual", "is_ipv6")}
    who = case.roles.party(frame.source)
    return (claim("fin-refusal-elsewhere", (frame.number,), who=who, frame=FrameNumber(frame.number), **values),)


def local_after_fin(case: Case) -> tuple[Claim, ...]:
    """What the local end did after the peer's FIN; nothing when there is nothing to say."""
    unnoticed = fin_unnoticed(case)
    if unnoticed is None:
        return _use(case)
    acknowledged = fin_acknowledged(case)
    return (*((acknowledged,) if acknowledged else ()), unnoticed, *_use(case))


def _use(case: Case) -> tuple[Claim, ...]:
    """The first write or the probe that the peer refused."""
    reset = case.ending.post_fin_reset
    refused = () if reset is None else (refused_after_fin(case, reset), *refused_from_elsewhere(case, reset))
    writes = [f for f in case.ending.post_fin_writes if f.source == case.local and f.level >= Level.WARN]
    if writes:
        return (written_after_fin(case, writes[0]), *refused)
    if reset is not None and reset.cause_kind is PostFinResetCauseKind.PROBE:
        return (*refused, claim("fin-socket-dead", (reset.frame,), who=case.local_party))
    return ()
