"""Who asked for whose hardware address on the link, and who answered: ARP (RFC 826), neighbour discovery (RFC 4861)."""

from __future__ import annotations

from bisect import bisect_left

from msgspec import Struct, field

from pyreport.base.units import NS_PER_S
from pyreport.frames.row import Row

ARP_REQUEST, ARP_REPLY = 1, 2
SOLICITATION, ADVERTISEMENT = 135, 136
NOBODY = ("::", "")
# Linux asks once a second (net/core/neighbour.c, RETRANS_TIME): an answer that has not come by then is none.
ANSWERED_WITHIN_NS = 1 * NS_PER_S


class NeighbourRequest(Struct, frozen=True):
    """A host asked for the hardware address of another host on its link, or of its router."""

    frame: int
    time_ns: int
    asker: str
    target: str


class NeighbourLog(Struct):
    """The requests of each host in order, and when each address was answered for (ns)."""

    requests: dict[str, list[NeighbourRequest]] = field(default_factory=dict)
    answers: dict[str, list[int]] = field(default_factory=dict)

    def note(self, row: Row, number: int, time_ns: int) -> None:
        """Take a frame into account that may be a request or an answer."""
        if row.arp_operation == ARP_REQUEST:
            self._ask(number, time_ns, row.arp_sender or "", row.arp_target or "")
        elif row.arp_operation == ARP_REPLY:
            self.answers.setdefault(row.arp_sender or "", []).append(time_ns)
        elif row.icmp_6_type == SOLICITATION:
            self._ask(number, time_ns, row.source_6 or "", row.solicited or "")
        elif row.icmp_6_type == ADVERTISEMENT:
            self.answers.setdefault(row.advertised or "", []).append(time_ns)

    def _ask(self, number: int, time_ns: int, asker: str, target: str) -> None:
        """A request without an asker (0.0.0.0, ::) or for the asker's own address asks whether that is in use
        (RFC 5227, RFC 4862 section 5.4).
        """
        if asker not in NOBODY and target not in NOBODY and asker != target and not asker.startswith("0."):
            self.requests.setdefault(asker, []).append(NeighbourRequest(number, time_ns, asker, target))

    def unanswered(self, asker: str, start_ns: int, end_ns: int) -> tuple[NeighbourRequest, ...]:
        """The requests of a host between two times for the one target of which none was answered then; the target that
        was asked for most, none when there is no such.
        """
        by_target: dict[str, list[NeighbourRequest]] = {}
        requests = self.requests.get(asker, [])
        first = bisect_left(requests, start_ns, key=lambda request: request.time_ns)
        for request in requests[first:]:
            if request.time_ns <= end_ns:
                by_target.setdefault(request.target, []).append(request)
        silent = [asked for asked in by_target.values() if not self._is_answered(asked)]
        most: list[NeighbourRequest] = max(silent, key=len, default=[])
        return tuple(most)

    def _is_answered(self, asked: list[NeighbourRequest]) -> bool:
        first, last = asked[0].time_ns, asked[-1].time_ns + ANSWERED_WITHIN_NS
        return any(first <= time <= last for time in self.answers.get(asked[0].target, []))
