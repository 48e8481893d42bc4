"""What the report says, as data: sentences with the frames that prove them, no markup.

Everything here is decided; the renderer only loops and prints. Times are integer nanoseconds since the
epoch (UTC), durations integer nanoseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum

from pyreport.base.claim import Claim


class StepKind(StrEnum):
    """What a step of the walkthrough is about; the renderer picks the mark and the colour from it."""

    DATA = "data"
    PROBE = "probe"
    MISSED = "missed"
    FIN = "fin"
    ACK = "ack"
    WRITE = "write"
    RESET = "reset"
    LOG = "log"
    QUIET = "quiet"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered step of the walkthrough.

    ``first_frame`` is None for what left no packet (the log line, a quiet stretch). ``since_previous_ns`` is the
    time from the end of the step before to the start of this one; None on the first.
    """

    number: int
    kind: StepKind
    text: str
    start_ns: int
    end_ns: int
    since_previous_ns: int | None
    first_frame: int | None
    last_frame: int | None
    decisive: bool = False

    @property
    def is_folded(self) -> bool:
        """Whether the step stands for more than one frame."""
        return self.first_frame != self.last_frame


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the box of key facts; ``note`` is the small print under the value."""

    label: str
    value: str
    note: str = ""
    frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepaliveRow:
    """What was learned of one side's keep-alive; a value of None could not be learned from this capture."""

    side: str
    idle_ns: int | None
    cadence_ns: int | None
    probes: int
    answered: int
    unanswered: int
    missed: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ExplanationRow:
    """One explanation that was weighed. ``status``: supported, possible, no evidence or ruled out."""

    id: str
    title: str
    status: str
    evidence: tuple[Claim, ...]
    would_refute: str
    against: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """The strongest argument against the verdict, and the answer to it."""

    argument: str
    answer: Claim


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A known limit of a product that fits the age at the close; ``how`` says in which way, ``source`` where it was
    read, and what of it was not looked up.
    """

    who: str
    setting: str
    how: str
    source: str


@dataclass(frozen=True, slots=True)
class AdviceRow:
    """One thing to do: the sentence, what the software calls the setting, and where both were read."""

    text: str
    settings: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class HeaderField:
    """One line of a decoded header, as Wireshark names it; ``depth`` 0 is the protocol line."""

    depth: int
    text: str
    decisive: bool = False


@dataclass(frozen=True, slots=True)
class DecodedFrame:
    """The decoded headers of one decisive frame, with the reason it is shown."""

    frame: int
    time_ns: int
    caption: str
    lines: tuple[HeaderField, ...]


@dataclass(frozen=True, slots=True)
class FilterRow:
    """How to see something in Wireshark: a display filter that works, and how many frames it shows."""

    what: str
    display_filter: str
    count: int | None


class LaneEventKind(StrEnum):
    """Marks of the timeline figure."""

    DATA = "data"
    PROBE = "probe"
    ANSWER = "answer"
    UNANSWERED = "unanswered"
    FIN = "fin"
    ACK = "ack"
    WRITE = "write"
    RESET = "reset"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class LaneEvent:
    """One mark: on the lane of the side that sent it (0 = local, 1 = peer). ``label`` is empty on routine marks."""

    lane: int
    kind: LaneEventKind
    time_ns: int
    frame: int | None
    label: str = ""


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A stretch of time that the figure marks: a missed interval, the time in CLOSE_WAIT, a quiet stretch."""

    kind: str  # "missed", "close_wait", "idle"
    start_ns: int
    end_ns: int
    label: str


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another connection of the same host on the timeline: only when its probes left, to show whether the host ran."""

    name: str
    probe_times_ns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The timeline figure: two lanes (the sides), spans, marks, and a band of neighbouring connections."""

    start_ns: int
    end_ns: int
    lane_names: tuple[str, str]
    events: tuple[LaneEvent, ...]
    spans: tuple[TimeSpan, ...]
    neighbours: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Appendix:
    """What another person needs to get the same report."""

    capture_path: str
    capture_sha256: str
    capture_bytes: int
    frames: int
    first_time_ns: int
    last_time_ns: int
    versions: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Narrative:
    """The whole report. ``zone`` is the zone of local times; UTC is printed beside it where it matters."""

    title: str
    connection: str
    generated_ns: int
    zone: tzinfo
    verdict_kind: str
    verdict_sentence: str
    confidence: str
    attribution: tuple[str, ...]
    answer: tuple[Claim, ...]  # "service, network, host or application?", one sentence each
    deciding_facts: tuple[Claim, ...]
    warnings: tuple[Claim, ...]  # said first: the capture is cut, log and capture disagree, the connection was chosen
    log_line: str
    facts: tuple[Fact, ...]
    keepalive: tuple[KeepaliveRow, ...]
    steps: tuple[Step, ...]
    timeline: Timeline | None
    explanations: tuple[ExplanationRow, ...]
    not_told: tuple[Claim, ...]  # what cannot be told from this capture, and what would tell it
    decoded: tuple[DecodedFrame, ...]
    filters: tuple[FilterRow, ...]
    appendix: Appendix
    about_capture: tuple[Claim, ...] = ()  # where it was taken, what it lacks, what that weakens
    limits: tuple[LimitRow, ...] = ()
    limits_note: str = ""
    objection: Objection | None = None
    application: tuple[Claim, ...] = ()  # what was said last, what the error text proves
    advice: tuple[AdviceRow, ...] = ()
    advice_note: str = ""  # whose settings the advice names, and how that is known
    letter: str = ""  # what to ask the other side for, ready to be copied
