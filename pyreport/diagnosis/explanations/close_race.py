"""A request of one end crossed the other end's close on the way, and was lost with the connection."""

from __future__ import annotations

from pyreport.base.claim import Claim, Duration, FrameNumber, Party, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.crossing import Crossing, crossing
from pyreport.diagnosis.result import Explanation, ExplanationId, Status


def explain(case: Case) -> Explanation:
    """RFC 9112 section 9.5: a server may close an idle connection at any time, also while a request is on its way to
    it. A request whose acknowledgment number does not cover the FIN left before the FIN was there (RFC 9293 3.4), so no
    application could have known; a socket that nobody owns any more answers it with an RST (RFC 9293 3.6.1). What
    crosses the close of a client is a reply, and no request.
    """
    found = crossing(case)
    if case.ending.fin is None:
        return _result(Status.NO_EVIDENCE, claim("close-race-no-fin", peer=case.peer_party))
    if not case.peer_closed_first and case.local_party is not Party.SERVER:
        told = claim("close-race-own-fin", (case.ending.fin.frame,), local=case.local_party)
        return _result(Status.RULED_OUT, told)
    closer, asker = case.ending.fin.source, case.connection.other(case.ending.fin.source)
    if found is None:
        told = claim("close-race-nothing-crossed", (case.ending.fin.frame,), local=case.roles.party(asker))
        return _result(case.when_absent, told)
    evidence = [_crossed(case, found)]
    if found.taken_in is not None:
        taken = claim("close-race-taken", (found.taken_in.number,), peer=case.roles.party(closer))
        return _result(Status.RULED_OUT, taken, *evidence)
    if found.refused_by is None:
        return _result(Status.POSSIBLE, *evidence, claim("close-race-no-answer"))
    refused = found.refused_by.number
    evidence.append(claim("close-race-refused", (refused,), peer=case.roles.party(closer), frame=FrameNumber(refused)))
    return _result(Status.SUPPORTED, *evidence)


def _crossed(case: Case, found: Crossing) -> Claim:
    return claim(
        "close-race-crossed",
        tuple(sorted((found.fin.number, found.request.number))),
        local=case.roles.party(found.request.source),
        peer=case.roles.party(found.fin.source),
        frame=FrameNumber(found.request.number),
        fin=FrameNumber(found.fin.number),
        apart=Duration(abs(found.request.time_ns - found.fin.time_ns)),
    )


def _result(status: Status, *evidence: Claim) -> Explanation:
    return Explanation(ExplanationId.CLOSE_RACE, status, evidence)
