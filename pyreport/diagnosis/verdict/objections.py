"""The strongest argument against a verdict, and what there is to say to it."""

from __future__ import annotations

from msgspec.structs import replace

from pyreport.base.claim import Claim, Duration, claim
from pyreport.connections.ending import farewell_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import left_its_host
from pyreport.diagnosis.evidence.gaps import NO_CAUSE, closed_before_due, next_probe_due
from pyreport.diagnosis.evidence.likeness import likeness
from pyreport.diagnosis.result import ExplanationId, Kind, Objection, Status, Verdict
from pyreport.diagnosis.verdict.basis import Weighed, supported
from pyreport.diagnosis.verdict.restarted import others_closed_too
from pyreport.diagnosis.verdict.shares import PATH, arrived, frozen_of, reached_link, silent_side
from pyreport.frames.findings import Fin

#: What shows another sender whatever the route: it came sooner than an answer can, and its host went on after it.
NO_ROUTE = ("closing-frame-too-soon", "middlebox-close-goes-on")


def objection(case: Case, weighed: Weighed, verdict: Verdict) -> Objection | None:
    """What the other side will say first; None where nothing broke or nothing was decided."""
    if verdict.kind in (Kind.PEER_CLOSED_IDLE, Kind.PEER_CLOSED):
        return _to_a_close(case)
    if verdict.kind is Kind.PEER_RESET:
        return _to_a_device_that_closed(case)
    if verdict.kind is Kind.MIDDLEBOX_CLOSED:
        return _to_a_device(weighed)
    if verdict.kind is Kind.PEER_RESTARTED:
        argument = claim("objection-only-this-one")
        return Objection(argument, (others_closed_too(case, weighed),))
    if verdict.kind in (Kind.PATH_LOST, Kind.KEEPALIVE_GAVE_UP):
        return _to_silence(case, weighed)
    if verdict.kind is Kind.HOST_FROZEN:
        argument = claim("objection-capture-stood-still")
        return Objection(argument, weighed[ExplanationId.HOST_FROZEN_HERE].evidence[-1:])
    if verdict.kind is Kind.LOCAL_CLOSED:
        return _to_an_own_close(case)
    if verdict.kind is Kind.PEER_STALLED:
        stalled = weighed[ExplanationId.PEER_APPLICATION_STALLED]
        return Objection(claim("objection-request-lost"), (claim("stalled-kernel-has-it", stalled.weightiest.frames),))
    return None


def _to_a_close(case: Case) -> Objection:
    argument = claim("objection-keepalive-missing", who=case.peer_party)
    missed = case.connection.missed(case.local)
    if missed:
        return Objection(argument, (replace(NO_CAUSE, frames=(missed[0].frame,)),))
    in_time = closed_before_due(case)
    if in_time is not None:
        return Objection(argument, (next_probe_due(in_time), NO_CAUSE))
    return _to_a_device_that_closed(case)


def _to_a_device_that_closed(case: Case) -> Objection:
    by_fin = isinstance(case.ending.first, Fin)
    return Objection(claim("objection-device-sent-fin" if by_fin else "objection-device-sent-rst"), _looks_own(case))


def _looks_own(case: Case) -> tuple[Claim, ...]:
    """What speaks for the end that is named as the sender of the close."""
    first = case.ending.first
    closing = case.connection.frame(first.frame) if first else None
    if closing is None:
        return (claim("device-not-excluded"),)
    at_home = left_its_host(case, closing)
    if at_home is not None:
        return (at_home,)
    found = likeness(case.connection, closing)
    if found.is_own_socket:
        return found.agrees
    if found.agrees:
        return (found.agrees[0], claim("device-not-excluded-by-that", (closing.number,)))
    return (claim("device-not-excluded", (closing.number,)),)


def _to_a_device(weighed: Weighed) -> Objection:
    """Another route explains another hop limit, and nothing of what is in NO_ROUTE."""
    device = weighed[ExplanationId.MIDDLEBOX_CLOSE]
    agrees = device.against[:1]
    no_route = tuple(told for told in device.evidence if told.id in NO_ROUTE)
    speaks = (claim("device-partly-own"), *agrees) if agrees else () if no_route else (claim("device-nothing-own"),)
    reply = (*no_route, *speaks, claim("device-capture-at-sender-tells"))
    return Objection(claim("objection-own-host-sent-it"), reply)


def _to_silence(case: Case, weighed: Weighed) -> Objection:
    """Of the path and the host at its end, the one that the verdict does not name first."""
    argument = claim("objection-other-host-down")
    there, loss = weighed[frozen_of(case, silent_side(case))], weighed[ExplanationId.PATH_LOSS].weightiest
    if there.status is not Status.SUPPORTED and (arrived(weighed) or reached_link(weighed)):
        return Objection(claim("objection-path-down"), (loss,))
    if there.status is Status.RULED_OUT:
        return Objection(argument, (there.weightiest,))
    if there.status is Status.SUPPORTED:
        return Objection(claim("objection-path-down"), (there.weightiest,))
    if supported(weighed, *PATH):
        proof = next(weighed[e].weightiest for e in PATH if weighed[e].status is Status.SUPPORTED)
        return Objection(argument, (proof,))
    if case.is_at_local and case.is_at_peer:
        return Objection(argument, (claim("silence-without-path", loss.frames),))
    return Objection(argument, (claim("silence-looks-the-same"), loss))


def _to_an_own_close(case: Case) -> Objection:
    argument = claim("objection-no-reply", who=case.local_party, other=case.peer_party)
    first = case.ending.first
    end = first.time_ns if first else case.span.last_time_ns
    farewell = None if first is None else farewell_of(first)
    since = None if farewell is None else case.connection.frame(farewell)
    last = case.connection.last_data_before(end if since is None else since.time_ns)
    if last is None:
        return Objection(argument, (claim("reply-no-data"),))
    told = claim(
        "reply-may-be-owed" if last.source == case.local else "reply-not-owed",
        (last.number,),
        who=case.roles.party(last.source),
        waited=Duration(end - last.time_ns),
    )
    return Objection(argument, (told,))
