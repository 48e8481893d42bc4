"""The scenario captures are what their generators write, and what their READMEs say."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from pyreport.base.units import parse_seconds
from tests.scenarios import kafka
from tests.scenarios.article_host import local_time
from tests.scenarios.connection import Connection
from tests.scenarios.hosts import Capture, Host, Keepalive, with_slack
from tests.scenarios.path import Path as NetworkPath
from tests.scenarios.simulation import MICROSECOND, MILLISECOND, SECOND, Simulation

REPOSITORY = Path(__file__).resolve().parents[3]
SCENARIOS = REPOSITORY / "tests" / "scenarios"
ARTICLE = SCENARIOS / "article" / "article.pcap"
AS_TOLD = SCENARIOS / "article_as_told" / "article_as_told.pcap"
BOTH = pytest.mark.parametrize("capture", [ARTICLE, AS_TOLD], ids=["article", "article_as_told"])

CADENCE = 5_008 * MILLISECOND
STUDIED, SUCCESSOR = 38742, 39134
SYN, RST, FIN_ACK, ACK, PSH_ACK = 0x02, 0x04, 0x11, 0x10, 0x18
THAW = local_time("00:08:01.376100")

SEED_LOG_LINE = (
    "2022-09-30 00:08:53.470 kafka/consumer.go:128 kafka_util,error,consume,"
    "group:cop.inke_owt.inno_pdl.user_pushmsg.server,from:user.msg.push.consume,"
    "topic:inno_phxyuyin_user_pushmsg_push_msg,err:kafka: error while consuming "
    "inno_phxyuyin_user_pushmsg_push_msg/1: write tcp 10.226.11.15:38742->10.226.5.4:9092: write: broken pipe"
)


def tshark(capture: Path, shown: str, *fields: str) -> list[list[str]]:
    """Fields of the frames that a filter shows, by plain tshark with its own settings and checksums checked."""
    command = ["tshark", "-r", str(capture), "-Y", shown, "-T", "fields", "-E", "occurrence=a"]
    command += ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"]
    command += [part for name in fields for part in ("-e", name)]
    environment = os.environ | {"TZ": "UTC", "LC_ALL": "C", "WIRESHARK_CONFIG_DIR": "/nonexistent"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return [line.split("\t") for line in done.stdout.splitlines()]


@dataclass(frozen=True, slots=True)
class Packet:
    """A TCP segment of a scenario. `port` is the client's port, `sent` says whether the captured host sent it."""

    number: int
    time_ns: int
    port: int
    sent: bool
    seq: int
    ack: int
    flags: int
    length: int
    mark: str

    @property
    def is_probe(self) -> bool:
        """Whether Wireshark takes it for a keep-alive probe of the captured host."""
        return self.sent and self.mark == "probe"


@pytest.fixture(scope="module", name="packets")
def read_packets() -> dict[Path, list[Packet]]:
    """All packets of both captures."""
    return {capture: list(packets_of(capture)) for capture in (ARTICLE, AS_TOLD)}


def packets_of(capture: Path) -> Iterator[Packet]:
    rows = tshark(
        capture, "tcp", "frame.number", "frame.time_epoch", "tcp.srcport", "tcp.dstport", "tcp.seq_raw", "tcp.ack_raw",
        "tcp.flags", "tcp.len", "tcp.analysis.keep_alive", "tcp.analysis.keep_alive_ack",
    )  # fmt: skip
    for number, time, source, destination, seq, ack, flags, length, keep_alive, keep_alive_ack in rows:
        mark = "probe" if keep_alive else "answer" if keep_alive_ack else ""
        sent = destination == "9092"
        port = int(source if sent else destination)
        moment = parse_seconds(time)
        yield Packet(int(number), moment, port, sent, int(seq), int(ack), int(flags, 16), int(length), mark)


def of_connection(packets: list[Packet], port: int) -> list[Packet]:
    return [packet for packet in packets if packet.port == port]


# --- the files ---


@pytest.mark.parametrize("name", ["article", "article_as_told"])
@pytest.mark.parametrize("as_module", [False, True])
def test_generator_writes_the_committed_files(name: str, as_module: bool, tmp_path: Path) -> None:
    start = ["-m", f"tests.scenarios.{name}.generate"] if as_module else [str(SCENARIOS / name / "generate.py")]
    folder = REPOSITORY if as_module else tmp_path
    subprocess.run([sys.executable, *start, str(tmp_path / "out")], cwd=folder, check=True)
    written = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert sorted(written) == ["app.log", f"{name}.pcap"]
    assert written == {file: (SCENARIOS / name / file).read_bytes() for file in written}


@BOTH
def test_log_has_the_line_of_the_article(capture: Path) -> None:
    lines = (capture.parent / "app.log").read_text(encoding="utf-8").splitlines()
    assert lines.count(SEED_LOG_LINE) == 1
    assert [line for line in lines if "error" in line] == [SEED_LOG_LINE]
    assert lines == sorted(lines)


@BOTH
def test_frames_are_in_time_order(capture: Path, packets: dict[Path, list[Packet]]) -> None:
    times = [packet.time_ns for packet in packets[capture]]
    assert times == sorted(times)
    assert [packet.number for packet in packets[capture]] == list(range(1, len(times) + 1))


# --- what Wireshark says about them ---


@BOTH
def test_all_checksums_are_good(capture: Path, packets: dict[Path, list[Packet]]) -> None:
    good = tshark(capture, "ip.checksum.status == 1 and tcp.checksum.status == 1", "frame.number")
    assert len(good) == len(packets[capture]) > 1000


@BOTH
def test_wireshark_complains_about_nothing_but_the_reset(capture: Path, packets: dict[Path, list[Packet]]) -> None:
    resets = [[str(packet.number)] for packet in packets[capture] if packet.flags & RST]
    assert len(resets) == 1
    # 0x600000 is "Warning".
    assert tshark(capture, "_ws.malformed or _ws.expert.severity >= 0x600000", "frame.number") == resets
    only_keepalive = "tcp.analysis.keep_alive or tcp.analysis.keep_alive_ack"
    assert tshark(capture, f"tcp.analysis.flags and not ({only_keepalive})", "frame.number") == []


@BOTH
def test_kafka_is_decoded(capture: Path, packets: dict[Path, list[Packet]]) -> None:
    rows = tshark(
        capture, "kafka", "frame.number", "tcp.stream", "tcp.dstport", "kafka.api_key", "kafka.correlation_id",
        "kafka.request_frame",
    )  # fmt: skip
    requests = {row[0]: row for row in rows if row[2] == "9092"}
    responses = [row for row in rows if row[2] != "9092"]
    assert {row[3] for row in requests.values()} == {"0", "1", "2", "3", "12", "18"}
    assert len(responses) > 200
    for _, stream, _, _, correlation, request_frame in responses:
        request = requests.pop(request_frame)
        assert (request[1], request[4]) == (stream, correlation)
    last_of_successor = [p.number for p in of_connection(packets[capture], SUCCESSOR) if p.length][-1]
    assert list(requests) == [str(last_of_successor)]  # a long poll that is still open
    assert len(rows) == sum(1 for packet in packets[capture] if packet.length)


@BOTH
def test_record_batches_are_decoded(capture: Path) -> None:
    values = tshark(capture, "kafka.message_value", "kafka.api_key", "kafka.message_value")
    assert {row[0] for row in values} >= {"0"}
    assert all(bytes.fromhex(row[1].split(",")[0]).startswith(b'{"uid":') for row in values)


@BOTH
def test_timestamp_values_advance_one_a_millisecond(capture: Path) -> None:
    offsets: dict[str, set[int]] = defaultdict(set)
    for address, time, value in tshark(
        capture, "tcp.options.timestamp.tsval", "ip.src", "frame.time_epoch", "tcp.options.timestamp.tsval"
    ):
        offsets[address].add(int(value) - parse_seconds(time) // MILLISECOND)
    assert set(offsets) == {"10.226.11.15", "10.226.5.4", "10.226.5.5", "10.226.5.6"}
    assert all(max(offset) - min(offset) <= 1 for offset in offsets.values())


@BOTH
def test_ttl_and_padding_tell_sent_from_received(capture: Path) -> None:
    rows = tshark(capture, "tcp", "ip.src", "ip.ttl", "frame.len", "eth.src")
    assert {(row[0] == "10.226.11.15", row[1]) for row in rows} == {(True, "64"), (False, "61")}
    assert len({row[3] for row in rows}) == 2
    assert min(int(row[2]) for row in rows if row[0] != "10.226.11.15") == 60


# --- the story ---


@BOTH
def test_idle_connections_carry_data_at_least_every_60_s(capture: Path, packets: dict[Path, list[Packet]]) -> None:
    """Else the broker would have closed them as well."""
    data: dict[int, list[int]] = defaultdict(list)
    for packet in packets[capture]:
        if packet.length and packet.port != STUDIED:
            data[packet.port].append(packet.time_ns)
    gaps = [after - before for times in data.values() for before, after in pairwise(times)]
    assert 30 * SECOND < max(gaps) < 59 * SECOND


@BOTH
def test_reset_is_the_one_of_a_host_without_the_socket(capture: Path, packets: dict[Path, list[Packet]]) -> None:
    probe, reset = of_connection(packets[capture], STUDIED)[-2:]
    assert (probe.time_ns, reset.time_ns) == (local_time("00:08:06.387260"), local_time("00:08:06.387480"))
    assert probe.is_probe
    assert (reset.flags, reset.sent, reset.seq) == (RST, False, probe.ack)
    shown = f"frame.number == {reset.number}"
    row = tshark(capture, shown, "ip.id", "ip.ttl", "tcp.window_size_value", "tcp.hdr_len")
    assert row == [["0x0000", "61", "0", "20"]]


@BOTH
def test_nothing_of_the_connection_when_the_error_is_logged(capture: Path, packets: dict[Path, list[Packet]]) -> None:
    assert of_connection(packets[capture], STUDIED)[-1].flags == RST
    successor = of_connection(packets[capture], SUCCESSOR)
    assert successor[0].flags == SYN
    assert successor[0].time_ns > local_time("00:08:53.470")
    assert packets[capture][-1].time_ns > local_time("00:09:00")


def test_article_has_the_frames_of_the_article(packets: dict[Path, list[Packet]]) -> None:
    studied = {packet.number: packet for packet in of_connection(packets[ARTICLE], STUDIED)}
    told = {
        112: ("00:06:37.915000", True, SYN),
        440: ("00:07:01.375742", False, PSH_ACK),
        476: ("00:07:06.387260", True, ACK),
        477: ("00:07:06.387480", False, ACK),
        898: ("00:07:56.467260", True, ACK),
        899: ("00:07:56.467480", False, ACK),
        940: ("00:08:01.376174", False, FIN_ACK),
        941: ("00:08:01.376184", True, ACK),
    }
    found = {number: (studied[number].time_ns, studied[number].sent, studied[number].flags) for number in told}
    assert found == {number: (local_time(clock), sent, flags) for number, (clock, sent, flags) in told.items()}
    assert min(studied) == 112


def test_article_misses_no_probe(packets: dict[Path, list[Packet]]) -> None:
    studied = [packet for packet in of_connection(packets[ARTICLE], STUDIED) if packet.number >= 476]
    before_fin = [packet for packet in studied if packet.number < 940]
    probes, answers = before_fin[::2], before_fin[1::2]
    assert [packet.time_ns for packet in probes] == [local_time("00:07:06.387260") + n * CADENCE for n in range(11)]
    assert [packet.time_ns for packet in answers] == [packet.time_ns + 220 * MICROSECOND for packet in probes]
    assert {packet.mark for packet in probes} == {"probe"}
    assert {packet.mark for packet in answers} == {"answer"}
    assert [packet.number for packet in studied if packet.number >= 940] == [940, 941, 979, 980]
    data = [packet.time_ns for packet in of_connection(packets[ARTICLE], STUDIED) if packet.length]
    assert 60 * SECOND <= local_time("00:08:01.376174") - data[-1] < 60 * SECOND + 50 * MILLISECOND


def test_article_neighbours_probe_on_time(packets: dict[Path, list[Packet]]) -> None:
    """The host was never frozen: from one probe to the next, with nothing between but the answer, it is 5.008 s."""
    gaps = []
    for port in {packet.port for packet in packets[ARTICLE]} - {STUDIED}:
        connection = of_connection(packets[ARTICLE], port)
        for first, answer, second in zip(connection, connection[1:], connection[2:], strict=False):
            if first.is_probe and second.is_probe:
                assert answer.mark == "answer"
                gaps.append((second.time_ns - first.time_ns - CADENCE, first.time_ns, second.time_ns))
    # The first gap after data ends on the grid of the kernel's timers: not before 5.000 s, and up to 19 ms later.
    steady = [gap for gap in gaps if abs(gap[0]) <= 30 * MICROSECOND]
    assert len(steady) > 0.85 * len(gaps) > 200
    jitter = 30 * MICROSECOND
    assert all(-8 * MILLISECOND - jitter <= gap[0] <= 11 * MILLISECOND + jitter for gap in gaps)
    fin = local_time("00:08:01.376174")
    assert sum(1 for _, first, second in steady if first < fin < second) >= 5


def test_twins_are_the_same_until_the_host_is_frozen() -> None:
    rows = tshark(AS_TOLD, "frame.number < 798", "frame.len")
    size = 24 + sum(16 + int(row[0]) for row in rows)
    assert ARTICLE.read_bytes()[:size] == AS_TOLD.read_bytes()[:size]


def test_as_told_host_is_silent_on_all_connections(packets: dict[Path, list[Packet]]) -> None:
    all_packets = packets[AS_TOLD]
    fin = next(packet for packet in of_connection(all_packets, STUDIED) if packet.flags == FIN_ACK)
    assert (fin.number, fin.time_ns, fin.sent) == (798, local_time("00:08:01.376174"), False)
    before, ack = all_packets[fin.number - 2], all_packets[fin.number]
    assert before.time_ns < local_time("00:07:43.900")
    assert (ack.port, ack.sent, ack.flags) == (STUDIED, True, ACK)
    assert ack.time_ns - fin.time_ns < MILLISECOND


def test_as_told_connection_misses_three_intervals_before_the_fin(packets: dict[Path, list[Packet]]) -> None:
    studied = of_connection(packets[AS_TOLD], STUDIED)
    probes = [packet for packet in studied if packet.is_probe]
    last_before, after = probes[-2:]
    assert [packet.number for packet in studied[-6:]] == [775, 776, 798, 799, 875, 880]
    assert (last_before.number, last_before.time_ns) == (775, local_time("00:07:41.443260"))
    assert (local_time("00:08:01.376174") - last_before.time_ns) // CADENCE == 3
    assert after.number == 875


def test_as_told_neighbours_catch_up_at_the_thaw(packets: dict[Path, list[Packet]]) -> None:
    idle = {p.port for p in packets[AS_TOLD] if p.time_ns < THAW} - {STUDIED, 39102}
    burst = [p for p in packets[AS_TOLD] if p.is_probe and THAW <= p.time_ns < THAW + MILLISECOND]
    assert {p.port for p in burst} == idle
    assert len(burst) == len(idle) == 15
    assert all(p.port != STUDIED for p in burst)
    for late in burst:
        before = max(p.time_ns for p in of_connection(packets[AS_TOLD], late.port) if p.time_ns < THAW)
        assert late.time_ns - before > 3 * CADENCE


# --- the parts ---


@pytest.mark.parametrize(
    ("seconds", "cadence_ms"),
    [(5, 5_008), (10, 10_016), (15, 15_040), (20, 20_032), (30, 30_080), (60, 60_160), (75, 75_264), (120, 120_320)],
)
def test_old_kernels_round_the_cadence_up(seconds: int, cadence_ms: int) -> None:
    """The rounding of mod_timer() before Linux 4.8; 5.008 s is also what a public tcpdump shows."""
    now = 123_456_789
    times = [now := with_slack(now, seconds * 1000) for _ in range(20)]
    assert times[-1] - times[-2] == cadence_ms


def test_peer_that_vanishes_is_given_up_after_all_probes() -> None:
    simulation, chance = Simulation(SECOND * 10_000), Random(1)
    vanished = simulation.now + 3 * SECOND
    capture = Capture(mac=b"\2\0\0\0\0\1", gateway_mac=b"\2\0\0\0\0\2")
    client = Host(IPv4Address("10.0.0.1"), booted_ns=0, capture=capture)
    server = Host(IPv4Address("10.0.0.2"), booted_ns=0)
    path = NetworkPath(50 * MICROSECOND, hops=1, jitter_ns=0, chance=chance, loses=lambda time, _: time >= vanished)
    connection = Connection(simulation, path, (client, 40000), (server, 9092), chance)
    connection.client.keepalive = Keepalive(idle=5000, interval=1000, probes=4)
    connection.client.connect(lambda: connection.exchange(b"ping", b"pong", MILLISECOND))
    simulation.run(simulation.now + 60 * SECOND)
    flags = [frame.octets[47] for frame in capture.frames if frame.time_ns > vanished]
    assert flags == [ACK, ACK, ACK, ACK, RST | ACK]
    gaps = [later.time_ns - earlier.time_ns for earlier, later in pairwise(capture.frames[-5:])]
    assert all(1000 * MILLISECOND <= gap <= 1004 * MILLISECOND for gap in gaps)


def test_crc32c_check_value() -> None:
    assert kafka.crc32c(b"123456789") == 0xE3069283


def test_varint_is_zigzag() -> None:
    assert [kafka.varint(value) for value in (0, -1, 1, 63, 64, 300)] == [
        b"\x00", b"\x01", b"\x02", b"\x7e", struct.pack("BB", 0x80, 0x01), struct.pack("BB", 0xD8, 0x04),
    ]  # fmt: skip
