"""The next hop of the local host did not answer on the link: nothing that the host sends gets any further."""

from __future__ import annotations

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, claim
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.thresholds import FEWEST_REPEATS
from pyreport.frames.neighbour import NeighbourRequest


class SilentHop(Struct, frozen=True):
    """Requests of the local host for the hardware address of ``target`` that nobody answered. ``is_peer``: the target
    is the peer itself, on the same link; else a router.
    """

    requests: tuple[NeighbourRequest, ...]
    target: str
    is_peer: bool

    @property
    def frames(self) -> tuple[int, ...]:
        """The requests' frames."""
        return tuple(request.frame for request in self.requests)


def silent_hop(case: Case) -> SilentHop | None:
    """Unanswered requests since the peer was last heard on the connection, up to the end of the capture; None when
    there are fewer than three (Linux ucast_solicit, mcast_solicit: it asks three times each before it gives up).
    """
    heard = [frame.time_ns for frame in case.connection.frames if frame.source == case.peer]
    since = heard[-1] if heard else case.connection.first.time_ns
    found = case.span.neighbours.unanswered(case.local.host, since, case.span.last_time_ns)
    if len(found) < FEWEST_REPEATS:
        return None
    target = found[0].target
    # A host asks for its next hop: where that is the peer or a router. It may ask for strangers at any time; those on
    # the way of this connection are asked for when the connection has something to send, again and again.
    return SilentHop(found, target, target == case.peer.host)


def tell_silent_hop(case: Case, hop: SilentHop) -> Claim:
    """How often the local host asked, and for whom."""
    return claim(
        "next-hop-silent",
        hop.frames,
        local=case.local_party,
        target=hop.target,
        requests=len(hop.requests),
        lasted=Duration(hop.requests[-1].time_ns - hop.requests[0].time_ns),
        is_peer=hop.is_peer,
    )
