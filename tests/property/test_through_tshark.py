"""The same findings through tshark and the plugin as from the core driven directly."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from tests.property.conversation import Plan, play
from tests.property.core import Finding, Findings, run, texts_of_tokens
from tests.property.examples import for_all
from tests.property.plans import ANYTHING, plans
from tests.property.segments import End
from tests.scenarios.packets import Address, Segment, ethernet_frame, ipv4_packet
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.simulation import MICROSECOND, MILLISECOND
from tests.support.core import Row
from tests.support.plugin import run_findings

CONVERSATIONS = 60
START_NS = 1_664_467_200 * 1_000_000_000  # 2022-09-29 16:00:00 UTC
APART = 137 * MILLISECOND
SERVER = Address(IPv4Address("198.51.100.2"), 9)  # the discard port: no dissector guesses at the payload


def some_plans(count: int) -> list[Plan]:
    """Conversations of any kind."""
    collected: list[Plan] = []

    def collect(plan: Plan) -> None:
        collected.append(plan)

    for_all(plans(ANYTHING), examples=count)(collect)()
    return collected


def frames_of(number: int, plan: Plan) -> list[tuple[Frame, Row]]:
    """The capture of a conversation as frames of a file and as the tracker takes them (times since START_NS)."""
    ends = {End.CLIENT: Address(IPv4Address("192.0.2.1"), 40_000 + number), End.SERVER: SERVER}
    pairs = []
    for time, s in play(plan).capture:
        source, destination = ends[s.sender], ends[s.sender.peer]
        packet = Segment(source, destination, s.seq, s.ack, s.flags, s.window, 0, payload=b"x" * s.length)
        octets = ethernet_frame(bytes(6), bytes(6), ipv4_packet(packet, 64), from_the_wire=False)
        names = f"{source.ip}:{source.port}", f"{destination.ip}:{destination.port}"
        time += number * APART
        row = Row(time, *names, s.seq, s.ack, s.length, s.flags, s.window, stream=number)
        pairs.append((Frame(START_NS + time, octets), row))
    return pairs


def shown(found: list[Finding]) -> list[Finding]:
    """What the core finds, with the texts that Wireshark shows instead of the tokens."""
    texts = texts_of_tokens()
    return [f._replace(data=tuple((n, texts.get((f.id, n, str(v)), v)) for n, v in f.data)) for f in found]


def through_tshark(capture: Path, two_pass: bool, first_ns: int) -> list[Finding]:
    """What tshark shows, with moments as the core counts them."""

    def datum(name: str, value: int | str) -> int | str:
        return value - first_ns if name == "due" and isinstance(value, int) else value

    return [
        Finding(f.frame, f.id, f.level.upper(), tuple(sorted((n, datum(n, v)) for n, v in f.data.items())))
        for f in run_findings(capture, two_pass)
    ]


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int, Findings]:
    """A capture file of many conversations at once, the time of its first frame, and what the core finds in it."""
    pairs = [pair for number, plan in enumerate(some_plans(CONVERSATIONS)) for pair in frames_of(number, plan)]
    pairs.sort(key=lambda pair: pair[0].time_ns)
    path = tmp_path_factory.mktemp("conversations") / "conversations.pcap"
    write_pcap(path, [frame for frame, _ in pairs])
    first_ns = pairs[0][0].time_ns
    rows = [row._replace(time_ns=row.time_ns + START_NS - first_ns) for _, row in pairs]
    assert all(row.time_ns % MICROSECOND == 0 for row in rows), "the file keeps microseconds"
    return path, first_ns, run(rows, rows[-1].time_ns, is_all=True)


def test_one_pass(case: tuple[Path, int, Findings]) -> None:
    """Each frame as it was known when it came by."""
    path, first_ns, found = case
    assert len(found.in_one_pass) > CONVERSATIONS
    assert through_tshark(path, False, first_ns) == shown(found.in_one_pass)


def test_two_passes(case: tuple[Path, int, Findings]) -> None:
    """Each frame with what later ones proved."""
    path, first_ns, found = case
    assert through_tshark(path, True, first_ns) == shown(found.in_two_passes)
