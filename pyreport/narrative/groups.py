"""The frames of a connection in groups that the walkthrough tells in one step each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import Enum, auto

from msgspec import Struct
from msgspec.structs import replace

from pyreport.base.units import NS_PER_S
from pyreport.connections.new_spacing import first_at_new_spacing
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.window import window_probes
from pyreport.frames.findings import (
    Answer,
    FinAck,
    Missed,
    PostFinProbe,
    PostFinWrite,
    Probe,
    RetransmissionTimeout,
    SettingChanged,
)
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN, Frame

# A pause that sets the last exchange of data apart from what went before.
PAUSE_NS = 1 * NS_PER_S
# More groups than this before the end are told in one step: the report is about the end.
MOST_GROUPS_BEFORE = 12


class Topic(Enum):
    """What a group of frames is about."""

    HANDSHAKE = auto()
    ASKED = auto()  # nothing but SYNs, and nobody answered
    DATA = auto()
    LAST_DATA = auto()  # after a pause; no data follows
    REPEATS = auto()  # data sent again and again that nobody acknowledged
    EARLIER = auto()  # far before the end, of all kinds
    PROBES = auto()
    FIN = auto()
    FIN_ACK = auto()
    WRITE = auto()  # after the peer's FIN
    RESET = auto()
    ACK = auto()
    WINDOW = auto()  # questions whether the other end's closed window is open again, and what it says


class Fate(Enum):
    """What became of keep-alive probes."""

    ANSWERED = auto()
    UNANSWERED = auto()
    DREW_RESET = auto()
    UNTOLD = auto()  # the capture has no frame of the end that was probed


class Key(Struct, frozen=True):
    """What frames of one group have in common. ``sender`` tells FINs and questions apart, ``fate`` and ``after_fin``
    probes.
    """

    topic: Topic
    sender: str = ""
    fate: Fate | None = None
    after_fin: bool = False


class Group(Struct, frozen=True):
    """Frames that one step tells."""

    key: Key
    frames: tuple[Frame, ...]

    @property
    def is_decisive(self) -> bool:
        """Whether it is something that the verdict may rest on."""
        match self.key:
            case (
                Key(topic=Topic.ASKED | Topic.REPEATS | Topic.FIN | Topic.FIN_ACK | Topic.WRITE | Topic.RESET)
                | Key(fate=Fate.DREW_RESET)
            ):
                return True
            case Key(fate=Fate.UNANSWERED, after_fin=after_fin):
                return not after_fin
        return False


def groups_of(case: Case) -> list[Group]:
    """All frames of the connection in groups, in their order."""
    frames = case.connection.frames
    if all(frame.is_syn and frame.source == frames[0].source for frame in frames):
        return [Group(Key(Topic.ASKED, frames[0].source), tuple(frames))]
    return _shorten(_mark_last_data(list(_groups(case))), case)


def folded_until(groups: Sequence[Group]) -> int:
    """The time of the last frame that is told in one step with all before it (ns); 0 when none is."""
    return groups[0].frames[-1].time_ns if groups and groups[0].key.topic is Topic.EARLIER else 0


def _key(
    case: Case,
    frame: Frame,
    before: Key | None,
    drew_reset: frozenset[int],
    repeats: frozenset[int],
    asking: frozenset[int],
) -> Key:
    """What a frame is about; an empty acknowledgment belongs to what it acknowledges."""
    if frame.has(FLAG_RST):
        return Key(Topic.RESET)
    if frame.has(FLAG_FIN):
        return Key(Topic.FIN, frame.source)
    if frame.number in repeats:
        return Key(Topic.REPEATS, frame.source)
    if frame.found(PostFinWrite):
        return Key(Topic.WRITE)
    if frame.found(Probe):
        return Key(Topic.PROBES, fate=_fate(case, frame, drew_reset), after_fin=frame.found(PostFinProbe) is not None)
    if frame.found(Answer):
        return before if before and before.topic is Topic.PROBES else Key(Topic.PROBES, fate=Fate.ANSWERED)
    if frame.found(FinAck):
        return Key(Topic.FIN_ACK)
    if frame.has(FLAG_SYN):
        return Key(Topic.HANDSHAKE)
    if frame.number in asking:
        return Key(Topic.WINDOW, frame.source)
    if frame.length:
        return Key(Topic.DATA)
    if before and before.topic is Topic.WINDOW and before.sender != frame.source:
        return before
    return before if before and before.topic in (Topic.HANDSHAKE, Topic.DATA, Topic.WRITE) else Key(Topic.ACK)


def _fate(case: Case, frame: Frame, drew_reset: frozenset[int]) -> Fate:
    if frame.number in drew_reset:
        return Fate.DREW_RESET
    probe = frame.found(Probe)
    if probe is not None and probe.answer_frame:
        return Fate.ANSWERED
    return Fate.UNTOLD if case.unseen is not None else Fate.UNANSWERED


def _groups(case: Case) -> Iterator[Group]:
    key, members = None, list[Frame]()
    drew_reset, repeats, asking = case.connection.drew_reset(), _unanswered_repeats(case), window_probes(case)
    dues = sorted(missed.due_at_ns for missed in case.connection.of(Missed))
    changes = {first_at_new_spacing(case.connection, found) for found in case.connection.of(SettingChanged)}
    for frame in case.connection.frames:
        # A gap in the probes is a step of its own, so what lies before it and after it are two.
        is_after_gap = bool(members) and bisect_right(dues, frame.time_ns) > bisect_right(dues, members[-1].time_ns)
        is_apart = is_after_gap or frame.number in changes
        this = _key(case, frame, None if is_apart else key, drew_reset, repeats, asking)
        if key is not None and (this != key or is_apart):
            yield from _split(Group(key, tuple(members)))
            members = []
        key = this
        members.append(frame)
    if key is not None:
        yield from _split(Group(key, tuple(members)))


def _unanswered_repeats(case: Case) -> frozenset[int]:
    """The frames with which a side sent again what the other end did not acknowledge any more, and what it had sent
    behind that.
    """
    repeats = set[int]()
    for timeout in case.connection.of(RetransmissionTimeout):
        sent = set[int]()
        for frame in case.connection.frames:
            if frame.number >= timeout.data_frame and frame.source == timeout.by and frame.length:
                repeats.update([frame.number] if frame.seq in sent else [])
                sent.add(frame.seq)
    return frozenset(repeats)


def _split(group: Group) -> Iterator[Group]:
    """Set the last exchange of a stretch of data apart, when a pause does; it has payload, not only a late ACK."""
    if group.key.topic is Topic.DATA:
        last_payload = max(index for index, frame in enumerate(group.frames) if frame.length)
        for index in range(last_payload, 0, -1):
            if group.frames[index].time_ns - group.frames[index - 1].time_ns >= PAUSE_NS:
                yield Group(group.key, group.frames[:index])
                yield Group(group.key, group.frames[index:])
                return
    yield group


def _mark_last_data(groups: list[Group]) -> list[Group]:
    """The last data are called so where a pause, or something else, lies between them and the data before."""
    of_data = [index for index, group in enumerate(groups) if group.key.topic is Topic.DATA]
    if len(of_data) > 1 and not any(group.key.topic is Topic.WRITE for group in groups):
        groups[of_data[-1]] = replace(groups[of_data[-1]], key=Key(Topic.LAST_DATA))
    return groups


def _shorten(groups: list[Group], case: Case) -> list[Group]:
    """Fold what lies far before the end into one group."""
    end = case.ending.first.frame if case.ending.first else case.connection.last.number
    before = [group for group in groups if group.frames[-1].number < end]
    excess = len(before) - MOST_GROUPS_BEFORE
    if excess <= 1:
        return groups
    folded = tuple(frame for group in groups[:excess] for frame in group.frames)
    return [Group(Key(Topic.EARLIER), folded), *groups[excess:]]
