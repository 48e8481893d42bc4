"""Cases for the diagnosis, told frame by frame in seconds.

A frame's number is its time in milliseconds plus one, so a test can name frames before it has made them: the frame at
60.0 s is frame 60001. The findings are the plugin's own: its core judges the frames (plugin_findings.py). What a story
says of a finding is what its test takes for granted, and ``case_of`` asserts it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import structs

from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_S
from pyreport.connections.ending import ending_of
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.connections.roles import assign_roles
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Explanation, Verdict
from pyreport.frames.capture_hints import NO_MARKS, Marks
from pyreport.frames.finding import Finding
from pyreport.frames.findings import (
    Fin,
    FinAck,
    GaveUp,
    Missed,
    PostFinProbe,
    PostFinReset,
    PostFinWrite,
    Probe,
    Reset,
    Unanswered,
)
from pyreport.frames.frame import (
    FLAG_ACK,
    FLAG_FIN,
    FLAG_RST,
    FLAG_SYN,
    CaptureSpan,
    Frame,
)
from pyreport.logs.model import LogError
from pyreport.logs.registry import parse_log_line
from pyreport.quality import Flaw, Quality
from pyreport.quality.vantage.borrowed import vantage_in
from tests.pyreport.plugin_findings import found_by_plugin

CLIENT = Endpoint("10.0.0.1:40000")
SERVER = Endpoint("10.0.9.9:9092")
START_NS = 1_664_467_200 * NS_PER_S  # 2022-09-29 16:00:00 UTC
TLS_ALERT = bytes.fromhex("1503030002")  # the header of a record of type 21 (RFC 8446 section 5.1)
NEAR, FAR = 64, 61  # hop limits: the capture was taken at the client


def at(seconds: float) -> int:
    """The time of a moment of the story, in ns since the epoch; exact to the microsecond."""
    return START_NS + round(seconds * 1_000_000) * 1000


def number(seconds: float) -> int:
    """The number of the frame at this moment."""
    return round(seconds * 1000) + 1


@dataclass(frozen=True, slots=True)
class Expected:
    """A finding that a story takes for granted, with those of its data that matter to it."""

    kind: type[Finding]
    frame: int
    data: dict[str, object]

    def agrees_with(self, found: Finding) -> bool:
        """Whether it is this finding."""
        return isinstance(found, self.kind) and all(getattr(found, n) == value for n, value in self.data.items())


class Story:
    """One connection. Each method adds what happened at a time in seconds."""

    def __init__(self, client: str = CLIENT, server: str = SERVER, stream: int = 0) -> None:
        self.client, self.server, self.stream = Endpoint(client), Endpoint(server), stream
        self.hop_limit = {client: NEAR, server: FAR}
        self.frames: dict[int, Frame] = {}
        self.lost: set[int] = set()
        self.unseen: set[int] = set()
        self.probing: set[int] = set()
        self.payloads: dict[int, bytes] = {}
        self.expected: list[Expected] = []
        self.marks: dict[int, Marks] = {}
        self.holes: set[int] = set()
        self.outside: set[int] = set()

    def other(self, side: str) -> Endpoint:
        return self.server if side == self.client else self.client

    def frame(
        self, seconds: float, side: str, *, flags: int = FLAG_ACK, length: int = 0, ttl: int = 0,
        retransmission: bool = False,
    ) -> Story:  # fmt: skip
        self.frames[number(seconds)] = Frame(
            number(seconds), at(seconds), self.stream, Endpoint(side), self.other(side), 1, 1, length, flags,
            ttl, retransmission,
        )  # fmt: skip
        return self

    def expect(self, seconds: float, kind: type[Finding], **data: object) -> Story:
        """Take for granted that the plugin finds this on the frame at ``seconds``."""
        self.expected.append(Expected(kind, number(seconds), data))
        return self

    def sent_again(self, side: str, *times: float, length: int = 100) -> Story:
        """The same segment at each of these times; none of them arrives."""
        for index, seconds in enumerate(times):
            self.frame(seconds, side, length=length, retransmission=index > 0)
            self.lost.add(number(seconds))
        return self

    def not_captured(self, seconds: float) -> Story:
        """The frame that is there was sent and arrived, and the capture lacks it."""
        self.unseen.add(number(seconds))
        return self

    def after_unseen(self, seconds: float, side: str, octets: int) -> Story:
        """A segment that follows so many octets which neither arrived nor are in the capture."""
        self.data(seconds - 0.001, side, octets).not_captured(seconds - 0.001)
        self.holes.add(number(seconds - 0.001))
        return self.data(seconds, side)

    def marked(
        self, seconds: float, *, ip_id: int | None = None, window: int | None = None, timestamp: int | None = None,
        echo: int | None = None,
    ) -> Story:  # fmt: skip
        """Give the frame that is there the marks of pyreport.frames.capture_hints."""
        self.marks[number(seconds)] = Marks(ip_id=ip_id, window=window, timestamp=timestamp, timestamp_echo=echo)
        return self

    def numbered(self) -> list[Frame]:
        """The frames in order, with sequence numbers as their senders would fill them in."""
        following = {self.client: 1_000, self.server: 2_000}
        received = dict(following)
        broken = {self.client: False, self.server: False}
        frames = []
        for key in sorted(self.frames):
            frame = self.frames[key]
            side, other = frame.source, frame.destination
            space = frame.length + frame.has(FLAG_SYN) + frame.has(FLAG_FIN)
            if key in self.probing:
                seq = following[side] - 1
            elif key in self.outside:
                seq = following[side] - 5_000
            elif frame.retransmission:
                seq = following[side] - space
            else:
                seq = following[side]
                following[side] += space
            broken[side] = broken[side] or key in self.holes
            if key not in self.lost and not broken[side]:
                received[side] = following[side]
            ttl, marks = frame.ttl or self.hop_limit[side], self.marks.get(key, NO_MARKS)
            ack = received[other] if frame.has(FLAG_ACK) else 0
            if key not in self.unseen:
                frames.append(structs.replace(frame, seq=seq, ack=ack, ttl=ttl, marks=marks))
        return frames

    def handshake(self, seconds: float = 0.0) -> Story:
        self.frame(seconds, self.client, flags=FLAG_SYN)
        self.frame(seconds + 0.010, self.server, flags=FLAG_SYN | FLAG_ACK)
        return self.frame(seconds + 0.011, self.client)

    def data(self, seconds: float, side: str, length: int = 100) -> Story:
        return self.frame(seconds, side, length=length)

    def probe(
        self, seconds: float, side: str = "", *, answered: bool = True, after_fin: float | None = None, octets: int = 0
    ) -> Story:  # fmt: skip
        """A probe, with ``octets`` of garbage, and its answer 10 ms later."""
        side = side or self.client
        self.probing.add(number(seconds))
        self.frame(seconds, side, length=octets)
        answer = number(seconds + 0.010) if answered else None
        self.expect(seconds, Probe, answer_frame=answer)
        if after_fin is not None:
            self.expect(seconds, PostFinProbe, fin_frame=number(after_fin), after_fin_ns=at(seconds) - at(after_fin))
        return self.frame(seconds + 0.010, self.other(side)) if answered else self

    def probes(self, first: float, count: int, side: str = "") -> Story:
        """Probes every 5 s, all answered."""
        for index in range(count):
            self.probe(first + index * 5.0, side)
        return self

    def probes_in_vain(self, first: float, count: int, side: str = "") -> Story:
        """Probes every 5 s without an answer; each but the first tells of the one before."""
        for index in range(count):
            seconds = first + index * 5.0
            self.probe(seconds, side, answered=False)
            if index:
                self.unanswered(seconds - 5.0, seconds, index)
        return self

    def unanswered(self, probe: float, told_at: float, in_a_row: int) -> Story:
        """A probe is told as unanswered on the frame at ``told_at``."""
        return self.expect(told_at, Unanswered, probe_frame=number(probe), in_a_row=in_a_row)

    def missed(
        self, last_probe: float, frame: float, intervals: int, ended_by: str, by: str = ""
    ) -> Story:  # fmt: skip
        """Intervals are missed from the last probe on; the frame at ``frame`` tells it."""
        return self.expect(
            frame,
            Missed,
            by=by or self.client,
            intervals=intervals,
            last_probe_frame=number(last_probe),
            ended_by=ended_by,
        )

    def fin(
        self, seconds: float, side: str, last_data: float | None = None, *, ttl: int = 0,
        acknowledged: float | None = 0.001,
    ) -> Story:  # fmt: skip
        """The first FIN, ``last_data`` the time of the last data before it, and its acknowledgment."""
        self.frame(seconds, side, flags=FLAG_FIN | FLAG_ACK, ttl=ttl)
        idle = None if last_data is None else at(seconds) - at(last_data)
        self.expect(seconds, Fin, by=side, data_idle_ns=idle)
        if acknowledged is not None:
            self.frame(seconds + acknowledged, self.other(side))
            self.expect(seconds + acknowledged, FinAck, fin_frame=number(seconds))
        return self

    def answering_fin(self, seconds: float, side: str) -> Story:
        return self.frame(seconds, side, flags=FLAG_FIN | FLAG_ACK)

    def write_after_fin(
        self, seconds: float, side: str, fin: float, *, harmless: str | None = None,
        acked: float | None = None, payload: bytes = b"xx",
    ) -> Story:  # fmt: skip
        """A write; ``payload``: how its 100 octets begin."""
        self.payloads[number(seconds)] = payload
        acked_in = None if acked is None else number(acked)
        self.frame(seconds, side, length=100)
        return self.expect(
            seconds, PostFinWrite, fin_frame=number(fin), harmless=harmless, acked_in_frame=acked_in
        )  # fmt: skip

    def reset_after_fin(self, seconds: float, side: str, cause: float, kind: str, fin: float) -> Story:
        self.frame(seconds, side, flags=FLAG_RST)
        return self.expect(seconds, PostFinReset, cause_frame=number(cause), cause_kind=kind, fin_frame=number(fin))

    def reset(
        self, seconds: float, side: str, followed: str | None = None, cause: float | None = None, ttl: int = 0
    ) -> Story:  # fmt: skip
        """An RST that answers nothing, or what it follows and when that was. One that answers has no ACK, as is right
        for a host without such a connection (RFC 9293 section 3.10.7.1).
        """
        self.frame(seconds, side, flags=FLAG_RST if followed else FLAG_RST | FLAG_ACK, ttl=ttl)
        stated = {"followed": followed, "cause_frame": None if cause is None else number(cause)} if followed else {}
        return self.expect(seconds, Reset, by=side, **stated)

    def outside_window(self, seconds: float, side: str) -> Story:
        """An RST whose number lies outside the window, which ends nothing."""
        self.outside.add(number(seconds))
        return self.frame(seconds, side, flags=FLAG_RST)

    def gave_up(self, first: float, count: int, side: str = "") -> Story:
        """Probes in vain, and the RST of their sender 5 s after the last."""
        self.probes_in_vain(first, count, side)
        seconds, last = first + count * 5.0, first + (count - 1) * 5.0
        self.frame(seconds, side or self.client, flags=FLAG_RST | FLAG_ACK)
        frames = {"first_probe_frame": number(first), "last_probe_frame": number(last)}
        return self.expect(seconds, GaveUp, unanswered=count, **frames)


def at_the_server(story: Story) -> Story:
    """The same story, captured at the server: now the client's frames have passed the routers."""
    story.hop_limit = {story.client: FAR, story.server: NEAR}
    return story


def frames_of(*stories: Story, lasts: float = 0.0, alone: bool = False) -> list[Frame]:
    """The frames of a capture of these stories that goes on until ``lasts`` at least, judged by the plugin. Asserts
    what the stories take for granted. ``alone``: the capture has no frame but these; else others are seen all the time.
    """
    frames = sorted((f for s in stories for f in s.numbered()), key=lambda frame: frame.number)
    payloads = {frame: head for s in stories for frame, head in s.payloads.items()}
    frames = found_by_plugin(frames, payloads, end_ns=at(lasts), alone=alone)
    by_number = {frame.number: frame for frame in frames}
    assert len(by_number) == len(frames), "two frames have one number"
    for expected in (e for s in stories for e in s.expected):
        findings = by_number[expected.frame].findings
        is_found = any(expected.agrees_with(finding) for finding in findings)
        assert is_found, f"frame {expected.frame}: expected {expected}, the plugin finds {findings}"
    return frames


def reading_of(*stories: Story, lasts: float = 0.0, alone: bool = False) -> tuple[CaptureIndex, CaptureSpan]:
    """The index of a capture of these stories, and what it covers; see ``frames_of``."""
    frames, span = frames_of(*stories, lasts=lasts, alone=alone), CaptureSpan()
    for frame in frames:
        span.cover(frame.number, frame.time_ns)
        span.note(frame.findings)
    span.last_time_ns = max(span.last_time_ns, at(lasts))
    return build_index(frames), span


def case_of(
    story: Story, *neighbours: Story, log: str = "", logged: float | None = None, local: str | None = None,
    lasts: float = 0.0, match: str = "", flaws: tuple[Flaw, ...] = (),
) -> Case:  # fmt: skip
    """The case of a story among its neighbours. ``lasts`` makes the capture go on after the last frame; for the rest
    see ``case_in``.
    """
    index, span = reading_of(story, *neighbours, lasts=lasts)
    return case_in(index, span, story.stream, log=log, logged=logged, local=local, match=match, flaws=flaws)


def case_in(
    index: CaptureIndex, span: CaptureSpan, stream: int = 0, *, log: str = "", logged: float | None = None,
    local: str | None = None, match: str = "", flaws: tuple[Flaw, ...] = (),
) -> Case:  # fmt: skip
    """The case of a connection. ``log`` is the error text of a log line of its client. The place of capture is voted on
    as ever; the flaws are those given.
    """
    connection = index.connections[stream]
    error: LogError | None = None
    if log:
        client = assign_roles(connection).local
        server = connection.other(client)
        error = parse_log_line(f"2022-09-29 16:00:00 write tcp {client}->{server}: write: {log}")
        local = local or client
    roles = assign_roles(connection, Endpoint(local) if local else None)
    return Case(
        connection, roles, ending_of(connection), index, span, error,
        at(logged) if logged is not None else None, match, Quality(vantage_in(connection, index), flaws),
    )  # fmt: skip


def weigh(explain_id: str, case: Case) -> Explanation:
    """One explanation of a case."""
    (found,) = [explanation for explanation in diagnose(case)[0] if explanation.id == explain_id]
    return found


def verdict_of(case: Case) -> Verdict:
    """The verdict of a case."""
    return diagnose(case)[1]


def texts(evidence: Iterable[object]) -> str:
    """The sentences in one text."""
    return " ".join(getattr(sentence, "text", str(sentence)) for sentence in evidence)


# Stories that more than one test tells -------------------------------------------------------------------------------


def idle_close() -> Story:
    """Data until 1 s, probes every 5 s from 6.1 s on, the server's FIN at 61 s, 0.1 s before the next is due."""
    return Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.1, 11).fin(61.0, SERVER, 1.0)


def overlooked_close() -> Story:
    """The same; the client keeps the socket, and its probe at 66 s draws the server's RST."""
    return idle_close().probe(66.0, answered=False, after_fin=61.0).reset_after_fin(66.2, SERVER, 66.0, "probe", 61.0)


def gap_before_close() -> Story:
    """Probes at 6 and 11 s, then none until the server's FIN at 31.5 s: three intervals missed."""
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 2).fin(31.5, SERVER, 1.0)
    return story.missed(11.0, 31.5, 3, "fin")


def resumed_neighbour(stream: int, resumes: float, last_probe: float = 12.0) -> Story:
    """Another connection of the client that probed until ``last_probe`` and again at ``resumes``."""
    story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).data(0.5 + stream / 1000, f"10.0.0.1:{41000 + stream}")
    story.probe(last_probe - 5.0 + stream / 1000).probe(last_probe + stream / 1000).probe(resumes)
    return story.expect(resumes, Missed, last_probe_frame=number(last_probe + stream / 1000), ended_by="probe")


def with_timestamps(story: Story) -> Story:
    """The same story; each side's timestamps count milliseconds, from another start each, and go on with the time."""
    for frame in list(story.frames.values()):
        start = 90_000 if frame.source == story.client else 7_000_000
        story.marked((frame.number - 1) / 1000, timestamp=start + frame.number)
    return story


def steady_neighbour(stream: int, until: float) -> Story:
    """Another connection of the client that probes every 5 s on time."""
    story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).data(0.5 + stream / 1000, f"10.0.0.1:{41000 + stream}")
    return story.probes(3.0 + stream / 1000, int((until - 3) // 5) + 1)
