"""What the plugin says about one scenario, seen from one end."""

from __future__ import annotations

import functools
import struct
from dataclasses import dataclass
from pathlib import Path

from tests.lab.lab import Outcome
from tests.lab.scenarios import PORT
from tests.support.plugin import FindingOnFrame, run_findings

# pcap, little-endian (draft-ietf-opsawg-pcap, sections 4 and 5)
PCAP_WITH_NANOSECONDS = b"\x4d\x3c\xb2\xa1"
PCAP_HEADER_BYTES = 24
RECORD_HEADER = struct.Struct("<IIII")
NS_PER_S = 1_000_000_000

findings_of = functools.cache(run_findings)


@dataclass(frozen=True, slots=True)
class View:
    """The findings on one connection, at the capture of one side ("client" or "server")."""

    outcome: Outcome
    side: str
    two_pass: bool = True
    port: int = PORT

    @property
    def findings(self) -> list[FindingOnFrame]:
        """All findings on frames of this connection, in frame order."""
        ends = {self.outcome.endpoint("client", self.port), self.outcome.endpoint("server", self.port)}
        everything = findings_of(self.outcome.captures[self.side], self.two_pass)
        streams = {finding.stream for finding in everything if finding.source in ends}
        return [finding for finding in everything if finding.stream in streams]

    def of(self, finding_id: str, sender: str | None = None) -> list[FindingOnFrame]:
        """The findings of one kind, of both senders or of one ("client" or "server")."""
        source = self.outcome.endpoint(sender, self.port) if sender else None
        return [found for found in self.findings if found.id == finding_id and source in (None, found.source)]

    def one(self, finding_id: str) -> FindingOnFrame:
        """The only finding of one kind; fails when there are more or none."""
        found = self.of(finding_id)
        assert len(found) == 1, f"{finding_id}: {found}"
        return found[0]

    def probes_of_host(self, sender: str) -> int:
        """How many probes one side ("client" or "server") sent on all its connections: so its kernel counts them."""
        host = self.outcome.endpoint(sender, self.port).rpartition(":")[0]
        everything = findings_of(self.outcome.captures[self.side], self.two_pass)
        return sum(found.id == "probe" and found.source.rpartition(":")[0] == host for found in everything)

    def bad(self) -> list[tuple[str, str]]:
        """Ids and levels of all that is worse than a Note, in frame order."""
        return [(found.id, found.level) for found in self.findings if found.level in ("Warn", "Error")]

    def about_probing(self) -> list[str]:
        """Ids of the findings that say that something is wrong with the probes."""
        return [found.id for found in self.findings if found.id in ("late", "missed", "unanswered", "gave_up")]


def frame_times(capture: Path) -> list[int]:
    """Times of all frames of a capture of the lab, in nanoseconds since the epoch, read without tshark."""
    headers = [RECORD_HEADER.unpack_from(record) for record in _records(capture.read_bytes())]
    return [seconds * NS_PER_S + nanoseconds for seconds, nanoseconds, _, _ in headers]


def write_without(frames: set[int], capture: Path, path: Path) -> None:
    """Copy a capture of the lab to `path`, as if it had lost the frames of these numbers."""
    content = capture.read_bytes()
    kept = [record for number, record in enumerate(_records(content), 1) if number not in frames]
    path.write_bytes(content[:PCAP_HEADER_BYTES] + b"".join(kept))


def _records(content: bytes) -> list[bytes]:
    """The records of a capture, each with its header."""
    assert content[:4] == PCAP_WITH_NANOSECONDS, "written by tcpdump on another kind of machine"
    records, position = [], PCAP_HEADER_BYTES
    while position < len(content):
        end = position + RECORD_HEADER.size + int(RECORD_HEADER.unpack_from(content, position)[2])
        records.append(content[position:end])
        position = end
    return records
