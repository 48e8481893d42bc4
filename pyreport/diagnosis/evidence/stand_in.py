"""Answers to keep-alive probes that do not look like the side whose name they bear: a device on the path gave them.

Load balancers, address translators and satellite links answer probes for the host behind them (RFC 3135 section 3.1).
What answers then is the device; whether the host or its program is alive, it does not tell.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from itertools import islice

from msgspec import Struct

from pyreport.base.claim import Claim, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.likeness import OWN, Mark, likeness
from pyreport.frames.findings import Answer
from pyreport.frames.frame import FLAG_RST, Frame

#: What it claims.
STAND_IN = "keepalive-stand-in"
#: One packet may take another way.
FEWEST_ALIKE = 2
#: Each look at one goes over what else the side sent: the first and the last of it.
MOST_LOOKED_AT, MOST_COMPARED = 50, 400
#: What no answer of the side's own socket shows: RFC 7323 section 3.2, and a socket has one hop limit.
STRANGE = (Mark.NO_TIMESTAMP, Mark.OTHER_DISTANCE, Mark.OTHER_FIRST_TTL)


class StandIn(Struct, frozen=True):
    """The answers in the name of a side that another gave, of so many that were looked at; how the first of them
    differs: the hop limit, and what most frames of the side have, or None where the timestamp option is missing.
    """

    side: Endpoint
    frames: tuple[int, ...]
    answers: int
    hop_limit: tuple[int, int] | None


@lru_cache(maxsize=16)
def stand_in(connection: Connection, side: Endpoint) -> StandIn | None:
    """Hold the answers to the other side's probes against what else the side sent; None where none is strange, or too
    few to tell.
    """
    numbers = {found.frame for found in connection.of(Answer, side=side)} | _shutting(connection, side)
    own = [f for f in connection.frames if f.source == side and f.number not in numbers and not f.has(FLAG_RST)]
    if not numbers or not own:
        return None
    if len(own) > MOST_COMPARED:
        own = [*own[: MOST_COMPARED // 2], *own[-MOST_COMPARED // 2 :]]
    looked_at = [f for f in connection.frames if f.number in numbers][:MOST_LOOKED_AT]
    strange: list[Frame] = []
    for frame in looked_at:
        marks = {mark for mark, _ in likeness(connection, frame, own).signs}
        if marks.intersection(STRANGE) and marks.isdisjoint(OWN):
            strange.append(frame)
    if len(strange) < FEWEST_ALIKE:
        return None
    usual, limit = Counter(frame.ttl for frame in own).most_common(1)[0][0], strange[0].ttl
    hop_limit = None if limit == usual or not limit or not usual else (limit, usual)
    return StandIn(side, tuple(frame.number for frame in strange), len(looked_at), hop_limit)


def _shutting(connection: Connection, side: Endpoint) -> set[int]:
    """The acknowledgments that close the window: what asks behind them is no keep-alive probe, and looks the same."""
    acks = (f for f in connection.frames if f.source == side and f.marks.window == 0 and not f.space)
    return {frame.number for frame in islice(acks, MOST_LOOKED_AT) if not frame.has(FLAG_RST)}


def tell_stand_in(case: Case, found: StandIn) -> Claim:
    """Who was answered for, how often, and by which sign."""
    return claim(
        STAND_IN,
        found.frames,
        who=case.roles.party(found.side),
        answers=len(found.frames),
        of=found.answers,
        by="timestamp" if found.hop_limit is None else "hop_limit",
        limit=0 if found.hop_limit is None else found.hop_limit[0],
        usual=0 if found.hop_limit is None else found.hop_limit[1],
        is_ipv6=":" in found.side.host,
    )


def strange_frames(connection: Connection, side: Endpoint) -> frozenset[int]:
    """The frames in the name of a side that another sent: nothing in them is the side's."""
    found = stand_in(connection, side)
    return frozenset() if found is None else frozenset(found.frames)
