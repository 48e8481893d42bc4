"""The local application did nothing with the connection although its host ran."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, Party, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.after_fin import fin_not_acknowledged, fin_unnoticed
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.last_words import unheard_by_peer
from pyreport.diagnosis.evidence.silent_past_keepalive import silent_past_keepalive
from pyreport.diagnosis.evidence.unheard import unheard
from pyreport.diagnosis.evidence.unserved import left_unserved, unread_here
from pyreport.diagnosis.result import Explanation, ExplanationId, Status
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, PROMPT_CLOSE_NS
from pyreport.frames.finding import Finding
from pyreport.frames.frame import Frame


def explain(case: Case) -> Explanation:
    """Silence of data from the local end before the close, and time in CLOSE_WAIT after it. Why it was silent, and
    whether it had reason to be, a capture does not tell.
    """
    first, fin = case.ending.first, case.ending.fin
    if fin is not None and fin.source == case.local:
        unread = unread_here(case)
        if unread is not None:
            return _result(Status.SUPPORTED, unread)
        return _result(
            Status.NO_EVIDENCE, claim("application-stalled-closed-itself", (fin.frame,), local=case.local_party)
        )
    unserved = left_unserved(case)
    if unserved is not None and not case.used_half_close:
        unnoticed = fin_unnoticed(case) if case.has_seen_fin else None
        return _result(Status.SUPPORTED, unserved, *(() if unnoticed is None else (unnoticed,)))
    evidence: list[Claim] = []
    against: tuple[Claim, ...] = ()
    last = case.connection.last_data_before(first.time_ns if first else case.span.last_time_ns)
    if first is not None and last is not None:
        if last.source == case.local and case.local_party is Party.CLIENT:
            against = (_waited(case, last, first),)
        elif first.time_ns - last.time_ns >= IDLE_FROM_NS:
            evidence.append(_silent(case, last, first))
    silent = silent_past_keepalive(case)
    if silent is not None:
        # Whether it sent nothing, or the path lost all of it, only a capture on its side tells.
        return _result(Status.POSSIBLE if case.is_at_peer else Status.SUPPORTED, silent)
    overheard = unheard(case)
    if overheard is not None:
        evidence = [overheard]
        if unheard_by_peer(case):
            # A kernel acknowledges, and does not speak: the peer waited for the program.
            return _result(Status.SUPPORTED, overheard)
    unnoticed = fin_unnoticed(case)
    kept_ns = case.close_wait_ns or 0
    if fin is not None and unnoticed is not None and kept_ns >= PROMPT_CLOSE_NS and not case.used_half_close:
        if not case.has_seen_fin:
            status = Status.POSSIBLE if evidence else Status.NO_EVIDENCE
            return _result(status, *evidence, fin_not_acknowledged(case, fin))
        return _result(Status.SUPPORTED, *evidence, unnoticed, against=against)
    if against:
        return _result(Status.NO_EVIDENCE, *against)
    if evidence:
        return _result(Status.POSSIBLE, *evidence)
    return _result(Status.NO_EVIDENCE, claim("application-stalled-no-silence", local=case.local_party))


def _waited(case: Case, last: Frame, first: Finding) -> Claim:
    """The last payload is a client's own: a request is out, as far as requests have replies."""
    waited = Duration(first.time_ns - last.time_ns)
    frames = (last.number, first.frame)
    return claim("application-stalled-waited", frames, local=case.local_party, peer=case.peer_party, waited=waited)


def _silent(case: Case, last: Frame, first: Finding) -> Claim:
    """Whose payload was the last one, and what that means where client and server are known. The time is the closer's,
    where its clock and the capture's differ.
    """
    age = close_age(case)
    by_closer = None if age is None else age.closer_ns
    frames = (last.number, first.frame)
    silence = Duration(first.time_ns - last.time_ns if by_closer is None else by_closer)
    whose, local = case.roles.party(last.source), case.local_party
    if whose is Party.CLIENT:
        return claim("application-stalled-silent-owing", frames, local=local, silence=silence)
    return claim(
        "application-stalled-silent-owing-nothing" if whose is Party.SERVER else "application-stalled-silent",
        frames,
        local=local,
        silence=silence,
        whose=whose,
    )


def _result(status: Status, *evidence: Claim, against: tuple[Claim, ...] = ()) -> Explanation:
    return Explanation(ExplanationId.APPLICATION_STALLED, status, evidence, against)
