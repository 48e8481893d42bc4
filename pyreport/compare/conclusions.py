"""What two captures together say of one thing, and the words that all such conclusions share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pyreport.base.units import format_duration
from pyreport.compare.clocks import Bounds
from pyreport.compare.lineup import Lineup
from pyreport.compare.model import ENDS, Passage
from pyreport.compare.names import Names
from pyreport.diagnosis.result import Confidence
from pyreport.frames.frame import Level


class Kind(StrEnum):
    """What two captures together say of one thing."""

    MADE_BETWEEN = "made_between"
    LOST = "lost_on_the_way"
    NOT_ANSWERED = "not_answered"
    NOT_SENT = "not_sent"
    ARRIVED = "sent_and_arrived"
    SAME = "same_at_both_ends"
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

Frames = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One thing that both captures together say. ``frames`` are those that show it, by capture; ``doubt`` is what else
    it can be, "" when nothing.
    """

    kind: Kind
    where: Where
    level: Level
    confidence: Confidence
    text: str
    frames: Frames = ((), ())
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that conclusions are drawn from."""

    lineup: Lineup
    passages: tuple[Passage, ...]
    names: Names

    def delay(self, passage: Passage) -> str:
        """How long a packet took, as the end of a sentence; "" when the clocks do not tell."""
        way = self.lineup.way(passage.sender)
        if way is None or passage.near is None or passage.far is None:
            return ""
        return tell_delay(way.delay(passage.near.time_ns, passage.far.time_ns))

    def level(self, passage: Passage) -> Level:
        """How grave the plugin finds a packet and, if it is a FIN, what followed from it, in either capture."""
        levels = [Level.CHAT]
        for end in ENDS:
            packet = passage.at(end)
            if packet is not None:
                findings = self.lineup.views[end].connection.findings
                levels += [finding.level for finding in packet.frame.findings]
                levels += [finding.level for finding in findings if finding.number("fin_frame") == packet.number]
        return max(levels)


def tell_delay(delay: Bounds) -> str:
    """A delay within its uncertainty, as the end of a sentence: "between 40 µs and 1.2 ms later", after a space."""
    if delay.low_ns is None or delay.high_ns is None:
        return ""
    low, high = format_duration(delay.low_ns), format_duration(delay.high_ns)
    if low == high:
        return f" {low} later"
    return f" at most {high} later" if delay.low_ns == 0 else f" between {low} and {high} later"


def sure(passage: Passage) -> Confidence:
    """The confidence in a fate."""
    return Confidence.CONFIRMED if passage.is_proven else Confidence.LIKELY


def merged(frames: Iterable[Frames]) -> Frames:
    """Frames of several things, by capture, in order and each once."""
    both: tuple[set[int], set[int]] = (set(), set())
    for entry in frames:
        for end in ENDS:
            both[end].update(entry[end])
    return tuple(sorted(both[0])), tuple(sorted(both[1]))
