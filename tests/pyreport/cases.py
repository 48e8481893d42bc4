"""Cases for the diagnosis, told frame by frame in seconds.

A frame's number is its time in milliseconds plus one, so a test can name frames before it has made them: the frame at
60.0 s is frame 60001. Names of data are checked against the plugin's catalogue, so no case can rest on a datum that
the plugin does not give.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec import structs

from pyreport.base.endpoint import Endpoint
from pyreport.base.units import NS_PER_S
from pyreport.connections.ending import ending_of
from pyreport.connections.index import build_index
from pyreport.connections.roles import assign_roles
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Explanation, Verdict
from pyreport.frames.capture_hints import NO_MARKS, Marks
from pyreport.frames.finding import Finding, Level
from pyreport.frames.findings import Probe
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
from pyreport.quality.vantage import vantage_of
from tests.pyreport import made_findings

CLIENT = Endpoint("10.0.0.1:40000")
SERVER = Endpoint("10.0.9.9:9092")
START_NS = 1_664_467_200 * NS_PER_S  # 2022-09-29 16:00:00 UTC
NEAR, FAR = 64, 61  # hop limits: the capture was taken at the client


def at(seconds: float) -> int:
    """The time of a moment of the story, in ns since the epoch; exact to the microsecond."""
    return START_NS + round(seconds * 1_000_000) * 1000


def number(seconds: float) -> int:
    """The number of the frame at this moment."""
    return round(seconds * 1000) + 1


def finding(finding_id: str, seconds: float, source: str, level: Level, **data: object) -> Any:
    """A finding with data that the catalogue declares."""
    summary = f"{finding_id} at {seconds}"
    return made_findings.finding(finding_id, level, number(seconds), at(seconds), source, summary, **data)


class Story:
    """One connection. Each method adds what happened at a time in seconds."""

    def __init__(self, client: str = CLIENT, server: str = SERVER, stream: int = 0, cadence: float = 5.0) -> None:
        self.client, self.server, self.stream = Endpoint(client), Endpoint(server), stream
        self.cadence_ns = round(cadence * NS_PER_S)
        self.hop_limit = {client: NEAR, server: FAR}
        self.frames: dict[int, Frame] = {}
        self.lost: set[int] = set()
        self.marks: dict[int, Marks] = {}

    def other(self, side: str) -> Endpoint:
        return self.server if side == self.client else self.client

    def frame(
        self, seconds: float, side: str, *found: Finding, flags: int = FLAG_ACK, length: int = 0, ttl: int = 0,
        retransmission: bool = False,
    ) -> Story:  # fmt: skip
        self.frames[number(seconds)] = Frame(
            number(seconds), at(seconds), self.stream, Endpoint(side), self.other(side), 1, 1, length, flags,
            ttl or self.hop_limit[side], retransmission, found,
        )  # fmt: skip
        return self

    def sent_again(self, side: str, *times: float, length: int = 100) -> Story:
        """The same segment at each of these times; none of them arrives."""
        for index, seconds in enumerate(times):
            self.frame(seconds, side, length=length, retransmission=index > 0)
            self.lost.add(number(seconds))
        return self

    def marked(
        self, seconds: float, *, ip_id: int | None = None, window: int | None = None, timestamp: int | None = None
    ) -> Story:
        """Give the frame that is there the marks of pyreport.frames.capture_hints."""
        self.marks[number(seconds)] = Marks(ip_id=ip_id, window=window, timestamp=timestamp)
        return self

    def numbered(self) -> list[Frame]:
        """The frames in order, with sequence numbers as their senders would fill them in."""
        following = {self.client: 1_000, self.server: 2_000}
        received = dict(following)
        frames = []
        for key in sorted(self.frames):
            frame = self.frames[key]
            side, other = frame.source, frame.destination
            space = frame.length + frame.has(FLAG_SYN) + frame.has(FLAG_FIN)
            if frame.found(Probe):
                seq = following[side] - 1
            elif frame.retransmission:
                seq = following[side] - space
            else:
                seq = following[side]
                following[side] += space
            if key not in self.lost:
                received[side] = following[side]
            marks = self.marks.get(key, NO_MARKS)
            frames.append(
                structs.replace(frame, seq=seq, ack=received[other] if frame.has(FLAG_ACK) else 0, marks=marks)
            )
        return frames

    def handshake(self, seconds: float = 0.0) -> Story:
        self.frame(seconds, self.client, flags=FLAG_SYN)
        self.frame(seconds + 0.010, self.server, flags=FLAG_SYN | FLAG_ACK)
        return self.frame(seconds + 0.011, self.client)

    def data(self, seconds: float, side: str, length: int = 100) -> Story:
        return self.frame(seconds, side, length=length)

    def probe(self, seconds: float, side: str = "", *, answered: bool = True, after_fin: float | None = None) -> Story:
        """A probe, and its answer 10 ms later."""
        side = side or self.client
        data: dict[str, int | str] = {"number": 1, "cadence_ns": self.cadence_ns, "idle_time_ns": self.cadence_ns}
        if answered:
            data["answer_frame"] = number(seconds + 0.010)
        found = [finding("probe", seconds, side, Level.CHAT, **data)]
        if after_fin is not None:
            fin_data = {"fin_frame": number(after_fin), "after_fin_ns": at(seconds) - at(after_fin)}
            found.insert(0, finding("post_fin_probe", seconds, side, Level.NOTE, **fin_data))
        self.frame(seconds, side, *found)
        if answered:
            answer = finding("answer", seconds + 0.010, self.other(side), Level.CHAT, probe_frame=number(seconds))
            self.frame(seconds + 0.010, self.other(side), answer)
        return self

    def probes(self, first: float, count: int, side: str = "") -> Story:
        for index in range(count):
            self.probe(first + index * self.cadence_ns / NS_PER_S, side)
        return self

    def unanswered(self, probe: float, told_at: float, in_a_row: int, side: str = "") -> Story:
        """Mark a probe as unanswered, on the frame at ``told_at``."""
        level = Level.NOTE if in_a_row == 1 else Level.WARN
        data = {"probe_frame": number(probe), "in_a_row": in_a_row}
        return self.add(told_at, "unanswered", level, **data)

    def missed(
        self, last_probe: float, frame: float, intervals: int, ended_by: str, by: str = "", until: float | None = None
    ) -> Story:
        """Intervals missed from the last probe on, told on the frame at ``frame``; ``until`` if the gap goes on."""
        end = until if until is not None else frame
        due = at(last_probe) + self.cadence_ns
        return self.add(
            frame, "missed", Level.WARN, by=by or self.client, intervals=intervals, due_at_ns=due,
            overdue_ns=at(end) - due, interval_ns=self.cadence_ns, last_probe_frame=number(last_probe),
            gap_ns=at(end) - at(last_probe), ended_by=ended_by,
        )  # fmt: skip

    def add(self, seconds: float, finding_id: str, level: Level, **data: int | str) -> Story:
        """Put one more finding on a frame that is there."""
        frame = self.frames[number(seconds)]
        found = (*frame.findings, finding(finding_id, seconds, frame.source, level, **data))
        self.frame(
            seconds, frame.source, *found, flags=frame.flags, length=frame.length, ttl=frame.ttl,
            retransmission=frame.retransmission,
        )  # fmt: skip
        return self

    def fin(
        self, seconds: float, side: str, last_data: float | None, *, before_due: float | None = None, ttl: int = 0,
        acknowledged: float | None = 0.001,
    ) -> Story:  # fmt: skip
        """The first FIN, ``before_due`` seconds before the client's next probe was due, and its acknowledgment."""
        data: dict[str, int | str] = {"by": side, "packet_idle_ns": NS_PER_S}
        if last_data is not None:
            data |= {"data_idle_ns": at(seconds) - at(last_data), "last_data_frame": number(last_data)}
        found = [finding("fin", seconds, side, Level.NOTE, **data)]
        if before_due is not None:
            margin = round(before_due * NS_PER_S)
            before = finding("closed_before_due", seconds, side, Level.NOTE, by=self.client, margin_ns=margin)
            found.insert(0, before)
        self.frame(seconds, side, *found, flags=FLAG_FIN | FLAG_ACK, ttl=ttl)
        if acknowledged is not None:
            delay = {"fin_frame": number(seconds), "delay_ns": round(acknowledged * NS_PER_S)}
            when, other = seconds + acknowledged, self.other(side)
            self.frame(when, other, finding("fin_ack", when, other, Level.CHAT, **delay))
        return self

    def answering_fin(self, seconds: float, side: str) -> Story:
        return self.frame(seconds, side, flags=FLAG_FIN | FLAG_ACK)

    def write_after_fin(
        self, seconds: float, side: str, fin: float, *, harmless: str = "", acked: float | None = None
    ) -> Story:
        data: dict[str, int | str] = {"fin_frame": number(fin), "after_fin_ns": at(seconds) - at(fin), "bytes": 100}
        if harmless:
            data["harmless"] = harmless
        if acked is not None:
            data["acked_in_frame"] = number(acked)
        level = Level.NOTE if harmless else Level.WARN
        return self.frame(seconds, side, finding("post_fin_write", seconds, side, level, **data), length=100)

    def reset_after_fin(self, seconds: float, side: str, cause: float, kind: str, fin: float) -> Story:
        data: dict[str, int | str] = {
            "cause_frame": number(cause), "cause_kind": kind, "fin_frame": number(fin),
            "delay_ns": at(seconds) - at(cause), "after_fin_ns": at(seconds) - at(fin),
        }  # fmt: skip
        found = finding("post_fin_reset", seconds, side, Level.ERROR, **data)
        return self.frame(seconds, side, found, flags=FLAG_RST)

    def reset(self, seconds: float, side: str, followed: str = "nothing", cause: float = 0.0, ttl: int = 0) -> Story:
        data: dict[str, int | str] = {"by": side, "followed": followed, "packet_idle_ns": 3 * NS_PER_S}
        if followed != "nothing":
            data["cause_frame"] = number(cause)
        return self.frame(seconds, side, finding("reset", seconds, side, Level.WARN, **data), flags=FLAG_RST, ttl=ttl)

    def gave_up(self, seconds: float, side: str, first: float, last: float, count: int) -> Story:
        data: dict[str, int | str] = {
            "unanswered": count, "first_probe_frame": number(first), "last_probe_frame": number(last),
            "silence_ns": at(seconds) - at(first),
        }  # fmt: skip
        return self.frame(seconds, side, finding("gave_up", seconds, side, Level.ERROR, **data), flags=FLAG_RST)


def case_of(
    story: Story, *neighbours: Story, log: str = "", logged: float | None = None, local: str | None = None,
    lasts: float = 0.0, match: str = "", flaws: tuple[Flaw, ...] = (),
) -> Case:  # fmt: skip
    """The case of a story among its neighbours. ``log`` is the error text of a log line; ``lasts`` makes the capture
    go on after the last frame. The place of capture is voted on as ever; the flaws are those given.
    """
    frames = sorted((f for s in (story, *neighbours) for f in s.numbered()), key=lambda frame: frame.number)
    index = build_index(frames)
    span = CaptureSpan()
    for frame in frames:
        span.cover(frame.number, frame.time_ns)
    span.last_time_ns = max(span.last_time_ns, at(lasts))
    error: LogError | None = None
    if log:
        error = parse_log_line(f"2022-09-29 16:00:00 write tcp {story.client}->{story.server}: write: {log}")
        local = local or story.client
    connection = index.connections[story.stream]
    roles = assign_roles(connection, Endpoint(local) if local else None)
    return Case(
        connection, roles, ending_of(connection), index, span, error,
        at(logged) if logged is not None else None, match, Quality(vantage_of(connection), flaws),
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
    """Data until 1 s, probes every 5 s from 6 s on, the server's FIN at 61 s, 4.9 s after the last answer."""
    return (
        Story().handshake().data(0.9, CLIENT).data(1.0, SERVER).probes(6.0, 11).fin(61.0, SERVER, 1.0, before_due=0.1)
    )


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
    return story.missed(last_probe + stream / 1000, resumes, 3, "probe")


def steady_neighbour(stream: int, until: float) -> Story:
    """Another connection of the client that probes every 5 s on time."""
    story = Story(f"10.0.0.1:{41000 + stream}", stream=stream).data(0.5 + stream / 1000, f"10.0.0.1:{41000 + stream}")
    return story.probes(3.0 + stream / 1000, int((until - 3) // 5) + 1)
