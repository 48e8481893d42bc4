"""What two captures together say of one thing, and what all such conclusions share."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from pyreport.base.claim import Claim, Duration, claim
from pyreport.compare.alignment import Alignment
from pyreport.compare.clocks import Bounds, across_step
from pyreport.compare.packet import NO_FRAMES, WHOLE, Frames, Packet
from pyreport.compare.thresholds import SAME_DELAY
from pyreport.compare.view import ENDS
from pyreport.diagnosis.result import Confidence
from pyreport.frames.finding import Level
from pyreport.frames.findings import FinAck, PostFinProbe, PostFinReset, PostFinWrite, WriteAfterOwnFin


class ConclusionKind(StrEnum):
    """What two captures together say of one thing."""

    MADE_BETWEEN = "made_between"
    LOST = "lost_on_the_way"
    NOT_ANSWERED = "not_answered"
    NOT_SENT = "not_sent"
    ARRIVED = "sent_and_arrived"
    SAME = "same_at_both_ends"
    STOOD_STILL = "stood_still"
    UNDETERMINED = "undetermined"


class Where(StrEnum):
    """Where it happened. The client is the end of capture 0 (side A when the roles cannot be told)."""

    CLIENT = "client"
    SERVER = "server"
    TO_SERVER = "way_to_server"
    TO_CLIENT = "way_to_client"
    BETWEEN = "between"
    NOWHERE = "nowhere"
    UNKNOWN = "unknown"


#: By end: the end itself, and the way of what it sends.
END = (Where.CLIENT, Where.SERVER)
WAY_FROM = (Where.TO_SERVER, Where.TO_CLIENT)


class Conclusion(Struct, frozen=True):
    """One thing that both captures together say, in one claim or several. ``frames`` are those that show it; ``doubt``
    is what else it can be, None when nothing.
    """

    kind: ConclusionKind
    where: Where
    level: Level
    confidence: Confidence
    claims: tuple[Claim, ...]
    frames: Frames = NO_FRAMES
    doubt: Claim | None = None


def delay_of(alignment: Alignment, packet: Packet) -> Bounds | None:
    """How long a packet took; None when it is not in both captures, the clocks are not known, or one of them was set
    or stood still while it was on its way.
    """
    way = alignment.way(packet.sender)
    if way is None or packet.near is None or packet.far is None or packet.fate not in WHOLE:
        return None
    if across_step(way.clocks, packet.at(0), packet.at(1)):
        return None
    return way.delay(packet.near.time_ns, packet.far.time_ns)


def delay_claims(alignment: Alignment, packet: Packet) -> tuple[Claim, ...]:
    """The same as a claim; nothing when it cannot be told."""
    delay = delay_of(alignment, packet)
    if alignment.clocks is not None and across_step(alignment.clocks, packet.at(0), packet.at(1)):
        return (claim("packet-took-untold"),)
    if delay is None or delay.low_ns is None or delay.high_ns is None:
        return ()
    least, most = Duration(delay.low_ns), Duration(delay.high_ns)
    if least == 0:
        return (claim("packet-took-at-most", most=most),)
    if most - least <= SAME_DELAY * most:
        return (claim("packet-took-about", middle=Duration(delay.middle_ns)),)
    return (claim("packet-took-between", least=least, most=most),)


#: The findings that say what followed from a FIN.
OF_A_FIN = (FinAck, PostFinProbe, PostFinWrite, PostFinReset, WriteAfterOwnFin)


def level_of(alignment: Alignment, packet: Packet) -> Level:
    """How grave the plugin finds a packet and, if it is a FIN, what followed from it, in either capture."""
    levels = [Level.CHAT]
    for end in ENDS:
        captured = packet.at(end)
        if captured is not None:
            findings = alignment.views[end].connection.findings
            levels += [finding.level for finding in captured.frame.findings]
            levels += [f.level for f in findings if isinstance(f, OF_A_FIN) and f.fin_frame == captured.number]
    return max(levels)


def confidence_in(packet: Packet) -> Confidence:
    """The confidence in a fate."""
    return Confidence.CONFIRMED if packet.is_proven else Confidence.LIKELY
