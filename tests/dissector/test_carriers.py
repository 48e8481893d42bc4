"""The same story in every carrier: the plugin must find the same on the same frames as over plain Ethernet and IPv4.

All carriers lie side by side in one pcapng with an interface for each link type, since starting tshark is slow.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dissector.story import STORY, TRACE
from tests.dissector.trace import SERVER, Trace
from tests.scenarios.carriers import CARRIERS
from tests.scenarios.packets import Address, segment_of
from tests.scenarios.pcapfile import Frame
from tests.scenarios.pcapngfile import Interface, write_pcapng
from tests.support.plugin import FindingOnFrame, plugin_fields, run_findings

FIRST_PORT = TRACE.client.port
INDEX = {carrier.name: index for index, carrier in enumerate(CARRIERS)}

Found = tuple[int, str, str, dict[str, object]]
"""A finding: line of the story counted from 1, id, level, data (frames as lines, ends as "client" or "server")."""


class Carriage:
    """The story in all carriers in one file, and what the plugin finds in it."""

    def __init__(self, capture: Path, *options: str) -> None:
        """Write the file. `options` are for tshark."""
        packets: list[tuple[Frame, int, int]] = []
        for index, carrier in enumerate(CARRIERS):
            story = Trace(STORY, client=Address(TRACE.client.ip, FIRST_PORT + index))
            for line, frame in enumerate(story.frames, start=1):
                wrapped = carrier.wrap(segment_of(frame.octets))
                packets += [(Frame(frame.time_ns, one.octets, one.length), index, line) for one in wrapped]
        packets.sort(key=lambda packet: packet[0].time_ns)
        link_types = sorted({carrier.link_type for carrier in CARRIERS})
        interfaces = [Interface(link_type) for link_type in link_types]
        write_pcapng(capture, interfaces, ((link_types.index(CARRIERS[i].link_type), frame) for frame, i, _ in packets))

        self._lines = {number: line for number, (_, _, line) in enumerate(packets, start=1)}
        self._carrier = {number: index for number, (_, index, _) in enumerate(packets, start=1)}
        self._types = plugin_fields()
        self._capture, self._options = capture, options
        self._runs: dict[bool, list[FindingOnFrame]] = {}

    def found(self, name: str, two_pass: bool) -> list[Found]:
        """What the plugin found in the carrier of this name."""
        if two_pass not in self._runs:
            self._runs[two_pass] = run_findings(self._capture, two_pass, self._options)
        index = INDEX[name]
        return [self._told(finding) for finding in self._runs[two_pass] if self._carrier[finding.frame] == index]

    def _told(self, finding: FindingOnFrame) -> Found:
        data = {name: self._datum(f"keepalive.{finding.id}.{name}", value) for name, value in finding.data.items()}
        return self._lines[finding.frame], finding.id, finding.level, data

    def _datum(self, field: str, value: int | str) -> object:
        if self._types[field] == "FT_FRAMENUM":
            return self._lines[int(value)]
        if isinstance(value, str) and ":" in value:
            return "server" if value.endswith(f":{SERVER.port}") else "client"
        return value


@pytest.fixture(scope="module")
def carriage(tmp_path_factory: pytest.TempPathFactory) -> Carriage:
    """All carriers, judged once."""
    return Carriage(tmp_path_factory.mktemp("carriers") / "carriers.pcapng")


@pytest.mark.parametrize("two_pass", [False, True], ids=["one pass", "two passes"])
def test_plain_ethernet_tells_the_story(two_pass: bool, carriage: Carriage) -> None:
    """The measure for all others is right itself."""
    expected = TRACE.in_two_passes if two_pass else TRACE.in_one_pass
    assert [found[:3] for found in carriage.found("Ethernet", two_pass)] == expected


@pytest.mark.parametrize("two_pass", [False, True], ids=["one pass", "two passes"])
@pytest.mark.parametrize("name", [carrier.name for carrier in CARRIERS[1:]])
def test_the_carrier_makes_no_difference(name: str, two_pass: bool, carriage: Carriage) -> None:
    assert carriage.found(name, two_pass) == carriage.found("Ethernet", two_pass)


def test_a_bad_checksum_is_no_reason_to_disbelieve_a_segment(carriage: Carriage, tmp_path: Path) -> None:
    """Told to check them, Wireshark shuns segments with bad sums in its analysis; a host sees them of all it sends."""
    checked = Carriage(tmp_path / "carriers.pcapng", "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE")
    for name in INDEX:
        assert checked.found(name, two_pass=True) == carriage.found(name, two_pass=True), name


def test_without_reassembly_a_segment_is_judged_by_its_first_fragment(carriage: Carriage, tmp_path: Path) -> None:
    """The header is whole there, unless the fragment is tiny: then nothing can be told, and nothing is."""
    apart = Carriage(tmp_path / "carriers.pcapng", "-o", "ip.defragment:FALSE")
    for name in INDEX:
        found = [told[:3] for told in apart.found(name, two_pass=True)]
        whole = [told[:3] for told in carriage.found(name, two_pass=True)]
        assert found == ([] if name.startswith("tiny") else whole), name
