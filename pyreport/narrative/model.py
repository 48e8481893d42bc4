"""What the report says, as data: which claims stand in which section. No language, no markup.

Everything here is decided; the renderer only loops, says and prints. Times are integer nanoseconds since the
epoch (UTC), durations integer nanoseconds.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from pyreport.advice.model import Letter
from pyreport.base.claim import Claim, Value
from pyreport.diagnosis.result import Attribution, Confidence, Explanation, Kind, Objection
from pyreport.frames.tcp_state import TcpState

#: What a cell holds: a claim, or text from outside that is printed as it is (an address); "" for nothing.
Told: TypeAlias = "Claim | str"


class StepKind(StrEnum):
    """What a step of the walkthrough is about; the renderer picks the mark and the colour from it."""

    SYN = "syn"
    DATA = "data"
    REPEATS = "repeats"
    PROBE = "probe"
    ANSWER = "answer"
    UNANSWERED = "unanswered"
    MISSED = "missed"
    FIN = "fin"
    ACK = "ack"
    WRITE = "write"
    RESET = "reset"
    REFUSED = "refused"
    LOG = "log"
    QUIET = "quiet"
    OTHER = "other"


class Step(Struct, frozen=True):
    """One numbered step of the walkthrough.

    ``first_frame`` is None for what left no packet (the log line, a quiet stretch). ``since_previous_ns`` is the
    time from the end of the step before, or from the start of one without a frame, to the start of this one; None on
    the first, and on one that lies within the step before or begins with its last frame.
    """

    number: int
    kind: StepKind
    claims: tuple[Claim, ...]
    start_ns: int
    end_ns: int
    since_previous_ns: int | None
    first_frame: int | None
    last_frame: int | None
    decisive: bool = False


class Subject(StrEnum):
    """Whose share in the incident the reader asks for."""

    SERVICE = "service"
    NETWORK = "network"
    HOST = "host"
    APPLICATION = "application"


class Standing(StrEnum):
    """How one of them stands."""

    INVOLVED = "involved"
    CLEARED = "cleared"
    NOT_CLEARED = "not_cleared"
    NO_SIGN = "no_sign"
    UNKNOWN = "unknown"


class Answer(Struct, frozen=True):
    """One answer to "service, network, host or application?", with its reason. ``of_client``: the other end, of which
    the service is asked, is the client; then it is called so.
    """

    subject: Subject
    standing: Standing
    reason: tuple[Claim, ...]
    of_client: bool = False


class Fact(Struct, frozen=True):
    """One row of the box of key facts; ``note`` is the small print under the value."""

    label: Claim
    value: Value
    note: Told | tuple[Claim, ...] = ""
    frames: tuple[int, ...] = ()

    @property
    def notes(self) -> tuple[Told, ...]:
        """The lines of small print."""
        if isinstance(self.note, tuple):
            return self.note
        return (self.note,) if self.note else ()


class KeepaliveRow(Struct, frozen=True):
    """What was learned of one side's keep-alive; a value of None could not be learned from this capture."""

    side: Claim
    idle_ns: int | None
    cadence_ns: int | None
    probes: int | None
    answered: int | None
    unanswered: int | None
    missed: int | None
    remarks: tuple[Claim, ...] = ()


class EventRow(Struct, frozen=True):
    """A connection of an event: how it was closed, and the age of its last data then."""

    stream: int
    ends: str
    closed: Claim
    age: Value


class EventTable(Struct, frozen=True):
    """An event of several connections: what happened to all of them, some of them, and how many there are beside."""

    told: Claim
    rows: tuple[EventRow, ...]
    more: Claim | None


class LimitRow(Struct, frozen=True):
    """A known limit of a product that fits the age at the close; ``how`` says in which way, ``source`` where it was
    read, and what of it was not looked up.
    """

    who: str
    setting: str
    how: Claim
    source: Claim


class AdviceRow(Struct, frozen=True):
    """One thing to do: the sentence, what the software calls the setting, and where both were read."""

    text: Told
    settings: tuple[Claim, ...]
    sources: tuple[Told, ...]


class HeaderField(Struct, frozen=True):
    """One line of a decoded header, as Wireshark names it; ``depth`` 0 is the protocol line."""

    depth: int
    text: str
    decisive: bool = False


class DecodedFrame(Struct, frozen=True):
    """The decoded headers of one decisive frame, with the reason it is shown."""

    frame: int
    time_ns: int
    caption: Claim
    lines: tuple[HeaderField, ...]


class FilterRow(Struct, frozen=True):
    """How to see something in Wireshark: a display filter that works, and how many frames it shows."""

    what: Claim
    display_filter: str
    count: int | None


class LaneEventKind(StrEnum):
    """Marks of the timeline figure."""

    SYN = "syn"
    DATA = "data"
    PROBE = "probe"
    ANSWER = "answer"
    UNANSWERED = "unanswered"
    FIN = "fin"
    ACK = "ack"
    WRITE = "write"
    RESET = "reset"
    REFUSED = "refused"
    LOG = "log"


class LaneEvent(Struct, frozen=True):
    """One mark: on the lane of the side that sent it, or whose segment a device refused (0 = local, 1 = peer).
    ``label`` is "" on routine marks.
    """

    lane: int
    kind: LaneEventKind
    time_ns: int
    frame: int | None
    label: Told = ""


class SpanKind(StrEnum):
    """Stretches of time that the figure marks, in the order of drawing: the one that matters most lies on top."""

    IDLE = "idle"
    UNACKNOWLEDGED = "unacknowledged"
    STALLED = "stalled"
    CLOSE_WAIT = "close_wait"
    MISSED = "missed"


class TimeSpan(Struct, frozen=True):
    """A stretch of time that the figure marks."""

    kind: SpanKind
    start_ns: int
    end_ns: int
    label: Told


class Neighbour(Struct, frozen=True):
    """Another connection of the same host on the timeline: when its probes left, to show whether the host ran, and how
    and when it was closed (None: not in that time).
    """

    name: str
    probe_times_ns: tuple[int, ...]
    closed: tuple[LaneEventKind, int] | None = None


class Timeline(Struct, frozen=True):
    """The timeline figure: two lanes (the sides), spans, marks, and a band of neighbouring connections.

    ``told_ns`` are the first and the last moment that it tells of; ``start_ns`` and ``end_ns`` have a margin.
    """

    start_ns: int
    end_ns: int
    lane_names: tuple[Told, Told]
    events: tuple[LaneEvent, ...]
    spans: tuple[TimeSpan, ...]
    neighbours: tuple[Neighbour, ...] = ()
    told_ns: tuple[int, ...] = ()


class FileRow(Struct, frozen=True):
    """One of several files of a capture; ``frames`` is how many of the capture's frames it has."""

    path: str
    sha256: str
    size: int
    frames: int


class StretchRow(Struct, frozen=True):
    """Frames that lie in one file: their first and last numbers in the report, and in the file."""

    path: str
    first: int
    last: int
    first_in_file: int
    last_in_file: int


class FilesTable(Struct, frozen=True):
    """Of a capture of ``count`` files those that have frames which the report cites, and where in them these lie.
    ``overlap``: the frames of files alternate.
    """

    files: tuple[FileRow, ...]
    stretches: tuple[StretchRow, ...]
    count: int
    overlap: bool

    def place_of(self, frame: int) -> tuple[str, int] | None:
        """The file of a frame that the report cites, and its number there."""
        for row in self.stretches:
            if row.first <= frame <= row.last:
                return row.path, frame - row.first + row.first_in_file
        return None


class Rung(Struct, frozen=True):
    """One thing that happened at an end (0: local, 1: peer) at a time.

    ``frame`` is None for what left no packet: the log line, a probe that did not come. ``detail`` is the segment in
    Wireshark's short form. ``states`` are those of the local and of the peer's end after it (None: not told).
    """

    end: int
    kind: StepKind
    time_ns: int
    frame: int | None
    what: Claim
    detail: str = ""
    states: tuple[TcpState, TcpState] | None = None


class Ladder(Struct, frozen=True):
    """The ladder of the decisive frames: the names of both ends, and the rungs in the order of time."""

    names: tuple[Told, Told]
    rungs: tuple[Rung, ...]


class Gap(Struct, frozen=True):
    """The time between a probe (at ``time_ns``) and the one before it; ``frame`` is that of the later one."""

    time_ns: int
    gap_ns: int
    frame: int
    is_answered: bool


class Grid(Struct, frozen=True):
    """A stretch of time in which one setting held: probes came every ``cadence_ns``, even to ``within_ns``."""

    start_ns: int
    end_ns: int
    cadence_ns: int
    within_ns: int


class Cadence(Struct, frozen=True):
    """The figure of one side's probes: their gaps, the grid that they are held against, when probes were due that did
    not come (``missed_ns``), the close and when the next probe was due at it (None: not known).
    """

    side: Claim
    start_ns: int
    end_ns: int
    gaps: tuple[Gap, ...]
    grids: tuple[Grid, ...]
    missed_ns: tuple[int, ...]
    close_ns: int | None
    next_due_ns: int | None


class Appendix(Struct, frozen=True):
    """What another person needs to get the same report."""

    capture_path: str
    capture_sha256: str
    capture_bytes: int
    frames: int
    first_time_ns: int
    last_time_ns: int
    read_by: Claim
    versions: tuple[tuple[str, str], ...]
    commands: tuple[str, ...]
    files: FilesTable | None = None
    self_check: Claim | None = None  # that Wireshark finds the same as the fast reader


class Narrative(Struct, frozen=True):
    """The whole report."""

    title: Claim
    connection: str
    generated_ns: int
    kind: Kind
    verdict: tuple[Claim, ...]
    confidence: Confidence
    attribution: tuple[Attribution, ...]
    answers: tuple[Answer, ...]
    deciding: tuple[Claim, ...]
    warnings: tuple[Claim, ...]  # said first: the capture is cut, log and capture disagree, the connection was chosen
    log_line: str
    facts: tuple[Fact, ...]
    keepalive: tuple[KeepaliveRow, ...]
    steps: tuple[Step, ...]
    timeline: Timeline | None
    explanations: tuple[Explanation, ...]
    not_told: tuple[Claim, ...]  # what cannot be told from this capture, and what would tell it
    decoded: tuple[DecodedFrame, ...]
    filters: tuple[FilterRow, ...]
    appendix: Appendix
    about_capture: tuple[tuple[Claim, ...], ...] = ()  # where it was taken, what it lacks, what that weakens
    event: EventTable | None = None  # that it was not alone
    limits: tuple[LimitRow, ...] = ()
    limits_notes: tuple[Claim, ...] = ()
    objection: Objection | None = None
    application: tuple[tuple[Claim, ...], ...] = ()  # what was said last, what the error text proves
    advice: tuple[AdviceRow, ...] = ()
    advice_software: Claim | None = None  # whose settings the advice names, and how that is known
    notes: tuple[Claim, ...] = ()  # how the connection was chosen; nothing that weakens what is said
    cause: Claim | None = None  # the verdict's kind in words; None where nothing broke
    times: tuple[Fact, ...] = ()  # when it happened
    letter: Letter | None = None  # what to ask the other side for
    ladder: Ladder | None = None
    cadence: Cadence | None = None
