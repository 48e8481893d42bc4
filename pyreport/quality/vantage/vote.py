"""The vote of the clues."""

from __future__ import annotations

from collections import Counter

from pyreport.base.claim import claim
from pyreport.connections.connection import Connection
from pyreport.quality.vantage.delays import handshake_clue, reply_clue
from pyreport.quality.vantage.link_layer import checksum_clue, packet_type_clue, padding_clue, segment_size_clue
from pyreport.quality.vantage.paused import pause_clue
from pyreport.quality.vantage.routing import hop_limit_clue
from pyreport.quality.vantage.votes import Clue, Place, Vantage

#: The place does not change while a capture runs, so the first frames of a long connection are enough to tell it.
SAMPLE = 5_000


def vantage_of(connection: Connection) -> Vantage:
    """Put the clues together. Hard ones decide by themselves, unless they contradict each other; of the others, more
    must speak for a place than for any other.
    """
    if connection.a.host == connection.b.host:
        return Vantage(Place.BOTH, None, (Clue(Place.BOTH, claim("vantage-same-address"), True),))
    sample = Connection(connection.stream, connection.a, connection.b, connection.frames[:SAMPLE])
    found = (
        packet_type_clue(sample),
        checksum_clue(sample),
        hop_limit_clue(sample),
        handshake_clue(sample),
        reply_clue(sample),
        padding_clue(sample),
        segment_size_clue(sample),
        pause_clue(sample),
    )
    clues = tuple(clue for clue in found if clue is not None)
    voting = [clue for clue in clues if clue.place is not Place.UNKNOWN]
    hard = [clue for clue in voting if clue.is_hard]
    place = _winner(hard or voting)
    end = {Place.A: connection.a, Place.B: connection.b}.get(place)
    return Vantage(place, end, clues, is_disputed=len({clue.place for clue in voting}) > 1)


def _winner(clues: list[Clue]) -> Place:
    votes = Counter(clue.place for clue in clues).most_common(2)
    if not votes or (len(votes) == 2 and votes[0][1] == votes[1][1]):
        return Place.UNKNOWN
    if any(clue.is_hard for clue in clues) and len(votes) > 1:
        return Place.UNKNOWN
    return votes[0][0]
