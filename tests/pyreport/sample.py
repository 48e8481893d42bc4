"""Narratives to render: the incident of the article, and the same one pulled to extremes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from pyreport.advice.model import Ask, Letter
from pyreport.base.claim import Claim, Value, claim
from pyreport.base.units import NS_PER_MS, NS_PER_S, parse_seconds
from pyreport.diagnosis.result import Attribution, Confidence, Explanation, ExplanationId, Kind, Status
from pyreport.narrative.model import (
    AdviceRow,
    Answer,
    Appendix,
    DecodedFrame,
    Fact,
    FilterRow,
    HeaderField,
    KeepaliveRow,
    LaneEvent,
    LaneEventKind,
    Narrative,
    Neighbour,
    SpanKind,
    Standing,
    Step,
    StepKind,
    Subject,
    Timeline,
    TimeSpan,
)
from pyreport.words import Words
from pyreport.words.typeset import quoted

SHANGHAI = ZoneInfo("Asia/Shanghai")


class PlainWords(Words):
    """Words that can also say plain text, so that a sample may hold any text."""

    def say(self, claim: Claim) -> str:
        return self.label(claim.id, **claim.values) if claim.id == "plain" else super().say(claim)

    def marked(self, identifier: str, values: Mapping[str, Value]) -> str:
        return quoted(str(values["text"])) if identifier == "plain" else super().marked(identifier, values)


WORDS = PlainWords("en", SHANGHAI)


def plain(text: str, frames: tuple[int, ...] = ()) -> Claim:
    """A claim that is said as this text."""
    return Claim("plain", frames, {"text": text})


MIDNIGHT = parse_seconds("1664467200")  # 2022-09-30 00:00:00 +08:00

CLIENT = "10.226.11.15:38742"
SERVER = "10.226.5.4:9092"
CLIENT_6 = "[2001:db8:85a3:8d3:1319:8a2e:370:7348]:38742"
SERVER_6 = "[2001:db8:ffff:eeee:dddd:cccc:bbbb:aaaa]:9092"
LOG_LINE = (
    "2022-09-30 00:08:53.470 kafka/consumer.go:128 kafka_util,error,consume,group:orders,topic:events,err:kafka: error "
    f"while consuming events/1: write tcp {CLIENT}->{SERVER}: write: broken pipe"
)


def at(clock: str) -> int:
    """Nanoseconds since the epoch of a local time of the article's night, "00:08:01.376174"."""
    hours, minutes, seconds = clock.split(":")
    return MIDNIGHT + (int(hours) * 3600 + int(minutes) * 60) * NS_PER_S + parse_seconds(seconds)


CADENCE_NS = 5_008 * NS_PER_MS
FIRST_PROBE = at("00:07:06.387260")
FIN = at("00:08:01.376174")
FIN_ACK = at("00:08:01.376209")
POST_FIN_PROBE = at("00:08:06.384260")
RESET = at("00:08:06.384480")
LOG = at("00:08:53.470")


def article_timeline() -> Timeline:
    """The figure of the article's incident: eleven answered probes, FIN, ACK, a probe, RST, the log line."""
    events: list[LaneEvent] = []
    for number in range(11):
        sent = FIRST_PROBE + number * CADENCE_NS
        first_or_last = {0: (476, 477), 10: (898, 899)}.get(number)
        probe, answer = first_or_last or (None, None)
        probe_label = f"frame {probe}, {'first' if number == 0 else 'last answered'} probe" if probe else ""
        events.append(LaneEvent(0, LaneEventKind.PROBE, sent, probe, probe_label))
        events.append(LaneEvent(1, LaneEventKind.ANSWER, sent + 220_000, answer, f"frame {answer}" if answer else ""))
    events += [
        LaneEvent(0, LaneEventKind.DATA, at("00:07:01.3785"), 432, "frame 432, last data"),
        LaneEvent(1, LaneEventKind.DATA, at("00:07:01.3792"), 433),
        LaneEvent(1, LaneEventKind.FIN, FIN, 940, "frame 940, FIN 00:08:01.376174"),
        LaneEvent(0, LaneEventKind.ACK, FIN_ACK, 941, "frame 941, ACK of the FIN"),
        LaneEvent(0, LaneEventKind.PROBE, POST_FIN_PROBE, 983, "frame 983, probe after the FIN"),
        LaneEvent(1, LaneEventKind.RESET, RESET, 984, "frame 984, RST 00:08:06.384480"),
        LaneEvent(0, LaneEventKind.LOG, LOG, None, "broken pipe logged 00:08:53.470"),
    ]
    spans = (
        TimeSpan(SpanKind.IDLE, at("00:07:01.3792"), FIN, "60.0 s without data"),
        TimeSpan(SpanKind.CLOSE_WAIT, FIN, LOG, "52.1 s in CLOSE_WAIT: the application keeps the socket"),
    )
    return Timeline(
        at("00:07:00"), at("00:08:55"), (f"client {CLIENT}", f"broker {SERVER}"), tuple(events), spans, neighbours(20)
    )


def neighbours(count: int) -> tuple[Neighbour, ...]:
    """Other connections of the host, each probing at the cadence with a phase of its own."""
    start = at("00:07:00")
    return tuple(
        Neighbour(
            f"10.226.11.15:{40000 + n}", tuple(start + n * 1931 % 5008 * NS_PER_MS + k * CADENCE_NS for k in range(22))
        )
        for n in range(count)
    )


def _steps() -> tuple[Step, ...]:
    last_data, last_answer = at("00:07:01.3792"), at("00:07:56.467480")
    return (
        Step(
            1,
            StepKind.DATA,
            (plain("The client sends a Fetch request and the broker answers it: the last data of the connection."),),
            at("00:07:01.3785"),
            last_data,
            None,
            432,
            433,
        ),
        Step(2, StepKind.QUIET, (plain("Nothing is sent for 5.008 s."),), last_data, FIRST_PROBE, 0, None, None),
        Step(
            3,
            StepKind.PROBE,
            (
                plain(
                    "The client's kernel sends eleven keep-alive probes, one every 5.008 s; the broker's kernel "
                    "answers every one of them."
                ),
            ),
            FIRST_PROBE,
            last_answer,
            0,
            476,
            899,
        ),
        Step(
            4,
            StepKind.FIN,
            (
                plain(
                    "The broker closes the connection with a FIN, 60.0 s after the last data and 99.1 ms before "
                    "the next probe was due."
                ),
            ),
            FIN,
            FIN,
            FIN - last_answer,
            940,
            940,
            decisive=True,
        ),
        Step(
            5,
            StepKind.ACK,
            (
                plain(
                    "The client's kernel acknowledges the FIN. It now knows that the broker sends no more; its "
                    "application is told by end-of-file on the next read."
                ),
            ),
            FIN_ACK,
            FIN_ACK,
            FIN_ACK - FIN,
            941,
            941,
            decisive=True,
        ),
        Step(
            6,
            StepKind.PROBE,
            (plain("The client's kernel probes again, because its application has not closed the socket."),),
            POST_FIN_PROBE,
            POST_FIN_PROBE,
            POST_FIN_PROBE - FIN_ACK,
            983,
            983,
        ),
        Step(
            7,
            StepKind.RESET,
            (
                plain("The broker's side answers with RST: it no longer knows the connection."),
                plain("From here on the socket is dead."),
            ),
            RESET,
            RESET,
            RESET - POST_FIN_PROBE,
            984,
            984,
            decisive=True,
        ),
        Step(
            8,
            StepKind.LOG,
            (
                plain(
                    "The application writes, and the write fails with “broken pipe”. No packet leaves the host for it."
                ),
            ),
            LOG,
            LOG,
            LOG - RESET,
            None,
            None,
        ),
        Step(
            9,
            StepKind.OTHER,
            (plain("The client opens a new connection to the same broker."),),
            at("00:08:53.471204"),
            at("00:08:53.471204"),
            at("00:08:53.471204") - LOG,
            1382,
            1382,
        ),
    )


def _explanations() -> tuple[Explanation, ...]:
    probes = tuple(range(476, 900, 20))
    return (
        Explanation(
            ExplanationId.PEER_IDLE_CLOSE,
            Status.SUPPORTED,
            (
                plain("A FIN, not a RST, came 60.0 s after the last data.", (433, 940)),
                plain(
                    "Three other connections to the same broker were closed at the same data idle time.",
                    (211, 575, 1201),
                ),
            ),
        ),
        Explanation(
            ExplanationId.WRITE_ON_HALF_CLOSED,
            Status.SUPPORTED,
            (plain("The FIN was acknowledged, and no FIN of the client followed in 52.1 s.", (940, 941)),),
        ),
        Explanation(
            ExplanationId.MIDDLEBOX_CLOSE,
            Status.POSSIBLE,
            (
                plain("TTL and TCP timestamps of the FIN fit the earlier packets of the broker.", (899, 940)),
                plain("The RST carries no timestamp, which a kernel without the connection does as well.", (984,)),
            ),
        ),
        Explanation(
            ExplanationId.PATH_LOSS,
            Status.NO_EVIDENCE,
            (plain("Nothing was retransmitted and every probe was answered.", probes),),
        ),
        Explanation(
            ExplanationId.HOST_FROZEN_HERE,
            Status.RULED_OUT,
            (
                plain(
                    "Twenty other connections of the host probed on time between 00:07:56 and 00:08:06.",
                    tuple(range(900, 985, 2)),
                ),
            ),
        ),
        Explanation(
            ExplanationId.PROBE_NOT_SENT,
            Status.RULED_OUT,
            (plain("The next probe was due at 00:08:01.475, 99.1 ms after the FIN.", (898, 899, 940)),),
        ),
    )


def _decoded() -> tuple[DecodedFrame, ...]:
    def tcp(flags: str, seq: str, ack: str, ports: str) -> tuple[HeaderField, ...]:
        return (
            HeaderField(0, f"Transmission Control Protocol, {ports}, Seq: {seq}, Ack: {ack}, Len: 0"),
            HeaderField(1, f"Sequence Number: {seq}    (relative sequence number)"),
            HeaderField(1, f"Acknowledgment Number: {ack}    (relative ack number)"),
            HeaderField(1, f"Flags: {flags}", decisive=True),
            HeaderField(1, "Window: 227"),
            HeaderField(1, "Options: (12 bytes), No-Operation (NOP), No-Operation (NOP), Timestamps"),
            HeaderField(2, "TCP Option - Timestamps: TSval 3514026187, TSecr 88213094"),
        )

    ip = (
        HeaderField(0, "Internet Protocol Version 4, Src: 10.226.5.4, Dst: 10.226.11.15"),
        HeaderField(1, "Time to Live: 61"),
        HeaderField(1, "Identification: 0x8f1c (36636)"),
    )
    server = "Src Port: 9092, Dst Port: 38742"
    client = "Src Port: 38742, Dst Port: 9092"
    return (
        DecodedFrame(940, FIN, plain("The broker's FIN."), ip + tcp("0x011 (FIN, ACK)", "18322", "9117", server)),
        DecodedFrame(
            941, FIN_ACK, plain("The client's kernel acknowledges it."), tcp("0x010 (ACK)", "9117", "18323", client)
        ),
        DecodedFrame(
            984, RESET, plain("The RST that answers the probe."), ip + tcp("0x004 (RST)", "18323", "0", server)
        ),
    )


def article() -> Narrative:
    """The article's incident, as section 6 of the design tells it."""
    return Narrative(
        title=claim("title-broke"),
        connection=f"{CLIENT} → {SERVER}",
        generated_ns=at("09:30:00"),
        kind=Kind.PEER_CLOSED_IDLE,
        verdict=(
            plain("The broker closed a connection that had carried no data for 60.0 s."),
            plain("The client's application did not notice and wrote to it 52.1 s later."),
        ),
        confidence=Confidence.LIKELY,
        attribution=(Attribution.PEER_SERVICE, Attribution.LOCAL_APPLICATION),
        answers=(
            Answer(
                Subject.SERVICE,
                Standing.INVOLVED,
                (plain("The broker's side closed the connection, in order, with a FIN.", (940,)),),
            ),
            Answer(
                Subject.NETWORK,
                Standing.CLEARED,
                (plain("All eleven probes were answered, nothing was retransmitted.", tuple(range(476, 900, 20))),),
            ),
            Answer(
                Subject.HOST,
                Standing.CLEARED,
                (
                    plain("This host was running; it acknowledged the FIN within 35 µs.", (940, 941)),
                    plain("Its other connections probed on time."),
                ),
            ),
            Answer(
                Subject.APPLICATION,
                Standing.INVOLVED,
                (plain("It kept the closed socket for 52.1 s and then wrote to it.", (941,)),),
            ),
        ),
        deciding=(
            plain("The first packet that closes anything is the broker's FIN.", (940,)),
            plain("Data idle at that moment: 60.0 s; packet idle: 4.909 s.", (433, 899, 940)),
            plain("No keep-alive interval was missed: the next probe was due 99.1 ms after the FIN.", (898, 940)),
            plain(
                "The probe after the FIN drew a RST, so the write at 00:08:53.470 failed without a packet.", (983, 984)
            ),
        ),
        warnings=(),
        log_line=LOG_LINE,
        facts=(
            Fact(plain("Client (local)"), CLIENT, "the capture was made on this host"),
            Fact(plain("Server (peer)"), SERVER, "9092 is the well-known port of Kafka"),
            Fact(plain("Closed first by"), f"the server, {SERVER}", frames=(940,)),
            Fact(plain("Closed at"), "2022-09-30 00:08:01.376174 +08:00", "2022-09-29 16:08:01.376174 UTC", (940,)),
            Fact(plain("Data idle at the FIN"), "60.0 s", "since the last payload byte, 00:07:01.379200", (433, 940)),
            Fact(
                plain("Packet idle at the FIN"),
                "4.909 s",
                "since the last packet, 00:07:56.467480",
                (899, 940),
            ),
            Fact(
                plain("Keep-alive of the client"),
                "idle 5 s, one probe every 5.008 s",
                "the interval after an unanswered probe cannot be learned: all were answered",
            ),
            Fact(
                plain("Probes before the FIN"),
                "11 sent, 11 answered, none missed",
                frames=tuple(range(476, 900, 20)),
            ),
            Fact(
                plain("Socket dead at"),
                "2022-09-30 00:08:06.384480 +08:00",
                "the RST that answers the probe after the FIN",
                (983, 984),
            ),
        ),
        keepalive=(
            KeepaliveRow(
                plain(f"client {CLIENT}"),
                5 * NS_PER_S,
                CADENCE_NS,
                12,
                11,
                0,
                0,
                (
                    plain("5.008 s is what a Linux kernel before 4.8 makes of 5 s."),
                    plain("The twelfth probe, after the FIN, was answered with RST."),
                ),
            ),
            KeepaliveRow(
                plain(f"broker {SERVER}"),
                None,
                None,
                0,
                0,
                0,
                0,
                (plain("Sent no probe while the connection was open."),),
            ),
        ),
        steps=_steps(),
        timeline=article_timeline(),
        explanations=_explanations(),
        not_told=(
            plain(
                "Whether the broker itself or a device in front of it closed the connection. A capture on "
                "the broker would tell.",
                (940,),
            ),
            plain("Why the application sent no request for 112 s. Its own log, or a goroutine dump, would tell."),
            plain(
                "Why the peer had forgotten the connection 5 s after its FIN; Linux keeps it for 60 s by default.",
                (940, 984),
            ),
        ),
        decoded=_decoded(),
        filters=(
            FilterRow(plain("This connection"), "tcp.stream eq 7", 61),
            FilterRow(plain("Everything that was found on it"), "tcp.stream eq 7 and keepalive.finding", 28),
            FilterRow(plain("The FIN and what belongs to it"), "frame.number == 940 or keepalive.related == 940", 5),
            FilterRow(
                plain("Probes of the other connections of this host, to see that it was running"),
                "keepalive.probe and not tcp.stream eq 7 and ip.src == 10.226.11.15",
                414,
            ),
            FilterRow(plain("Missed intervals"), "tcp.stream eq 7 and keepalive.missed", 0),
        ),
        appendix=Appendix(
            "article.pcap",
            "9f2b5c1de0a84a6f7d3e51c0b2a96e4f8813d7c65b0f4a2e9d1c3b5a79860f1e",
            148_532,
            1402,
            at("00:06:10.000412"),
            at("00:08:58.201177"),
            claim("read-by-reader"),
            (("pyreport", "0.1.0"), ("tshark", "4.0.17"), ("keepalive plugin", "0.1.0"), ("WeasyPrint", "70.0")),
            (
                f"pyreport report article.pcap --tz Asia/Shanghai --log '{LOG_LINE}' -o article.pdf",
                "tshark -2 -n -C Keepalive -X lua_script:keepalive.lua -r article.pcap -Y keepalive.finding",
            ),
        ),
    )


def crowded_timeline(count: int = 3000, labelled_every: int = 40) -> Timeline:
    """``count`` events in 20 minutes, many labels, many spans, more neighbours than there is room for."""
    kinds = tuple(LaneEventKind)
    start = at("00:00:00")
    events = tuple(
        LaneEvent(
            n % 2,
            kinds[n * 7 % len(kinds)],
            start + n * 400 * NS_PER_MS,
            n + 1,
            f"frame {n + 1}, something that needs three lines to be told in the figure"
            if n % labelled_every == 0
            else "",
        )
        for n in range(count)
    )
    spans = tuple(
        TimeSpan(
            SpanKind(kind), start + n * 50 * NS_PER_S, start + n * 50 * NS_PER_S + 90 * NS_PER_S, f"{kind} number {n}"
        )
        for n, kind in enumerate(("missed", "idle", "close_wait") * 8)
    )
    return Timeline(start, start + 1200 * NS_PER_S, (f"A {CLIENT_6}", f"B {SERVER_6}"), events, spans, neighbours(60))


def ipv6() -> Narrative:
    """The article's incident between two hosts with long IPv6 addresses, with warnings and a very long log line."""
    sample = replace_text(article(), lambda text: text.replace(CLIENT, CLIENT_6).replace(SERVER, SERVER_6))
    warnings = (
        plain("The capture is cut in the middle of a packet; this report covers what is there.", (1402,)),
        plain("The log line names a time 52.1 s after the last packet of the connection.", (984,)),
    )
    return replace(
        sample,
        warnings=warnings,
        log_line=(LOG_LINE + " " + "x" * 300 + " retry ") * 8,
        application=((plain("The last Kafka request is Fetch version 4.", (433, 434)),),),
        advice=(
            AdviceRow(
                "Let the program try once more.", (plain("Sarama: Producer.Retry.Max"),), ("config.go", "RFC 9112")
            ),
            AdviceRow("Let it read while it is idle.", (), ("recv(2)",)),
        ),
        advice_software=plain("The settings are those of Sarama."),
        letter=Letter(
            (plain(f"Connection: TCP {CLIENT_6} -> {SERVER_6}"),),
            at("00:07:00"),
            at("00:09:00"),
            (Ask("packets", plain("Packets:"), f"tcpdump -w {'x' * 150} 'host {CLIENT_6}'", "tcpdump(8)"),),
        ),
    )


def crowded() -> Narrative:
    """A walkthrough of 72 steps, a crowded figure, and a header with a line of 2,000 characters."""
    sample = ipv6()
    steps = tuple(replace(step, number=n + 1) for n, step in enumerate(sample.steps * 8))
    long_frame = DecodedFrame(
        7, FIN, plain("A long one."), tuple(HeaderField(n % 12, "Data: " + "ab" * 1000, n == 3) for n in range(4))
    )
    return replace(sample, timeline=crowded_timeline(), steps=steps, decoded=(*sample.decoded, long_frame))


def bare() -> Narrative:
    """As little as a narrative can hold."""
    return replace(
        article(),
        attribution=(),
        answers=(),
        deciding=(),
        warnings=(),
        log_line="",
        facts=(),
        keepalive=(),
        steps=(),
        timeline=None,
        explanations=(),
        not_told=(),
        decoded=(),
        filters=(),
        appendix=replace(article().appendix, versions=(), commands=()),
    )


def hostile(text: str) -> Narrative:
    """The article's incident with ``text`` appended to every string in it."""
    sample = replace(article(), warnings=(plain("A warning.", (1,)),))
    return replace_text(sample, lambda original: original + text)


def replace_text(narrative: Narrative, change: Any) -> Narrative:
    """The narrative with every free text changed; kinds, which are not free, stay."""
    changed: Narrative = _changed(narrative, change)
    return changed


def _changed(value: Any, change: Any) -> Any:
    if isinstance(value, StrEnum | ZoneInfo):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_changed(item, change) for item in value)
    if isinstance(value, Claim) and value.id != "plain":
        return value
    if isinstance(value, Claim):
        return replace(value, values={name: _changed(part, change) for name, part in value.values.items()})
    if isinstance(value, Struct):
        return replace(value, **{name: _changed(getattr(value, name), change) for name in value.__struct_fields__})
    return value
