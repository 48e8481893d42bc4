"""Which program reads a capture: decided before any row is used, and said."""

from __future__ import annotations

import gzip
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from pyreport.base.claim import claim
from pyreport.base.errors import ToolError
from pyreport.capture.confine import NO_LUAJIT
from pyreport.capture.engine import Engine, Parsers, read_all
from pyreport.capture.file import open_capture
from pyreport.capture.sandbox import Sandbox
from pyreport.capture.tshark import Tshark
from pyreport.connections.reading import PARSERS
from pyreport.frames.columns import FIELDS
from tests.dissector.story import TRACE
from tests.engine.both import as_used, reason, told
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.pcapngfile import Interface, write_pcapng, write_without_times
from tests.support.plugin import REPOSITORY

ARTICLE = REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"


def test_a_plain_capture_is_read_by_the_reader_unless_tshark_is_asked_for(tshark: Tshark) -> None:
    assert told(tshark, ARTICLE).read_by == claim("read-by-reader")
    assert told(tshark, ARTICLE, Engine.TSHARK).read_by == claim("read-by-tshark", reason="asked")


def test_one_odd_frame_sends_the_whole_capture_to_tshark(tshark: Tshark, tmp_path: Path) -> None:
    """The last frame is of an unknown link protocol; the claim points at it."""
    capture = tmp_path / "odd.pcap"
    odd = Frame(TRACE.frames[-1].time_ns, bytes(12) + b"\x88\x47" + bytes(40))
    write_pcap(capture, [*TRACE.frames, odd])
    last = len(TRACE.frames) + 1
    assert told(tshark, capture).read_by == claim("read-by-tshark", (last,), reason="link")


def test_who_asks_for_the_reader_is_told_why_not(tshark: Tshark, tmp_path: Path) -> None:
    capture = tmp_path / "no-times.pcapng"
    write_without_times(capture, TRACE.frames)
    with pytest.raises(ToolError, match=r"does not read .*no-times.pcapng \(block in frame 1\): leave out --engine"):
        read_all(tshark, open_capture(str(capture)), FIELDS, PARSERS, Engine.FAST)


def test_other_containers(tshark: Tshark, tmp_path: Path) -> None:
    capture = tmp_path / "packed.pcap.gz"
    capture.write_bytes(gzip.compress(ARTICLE.read_bytes()))
    packed = told(tshark, capture)
    assert packed.read_by == claim("read-by-tshark", reason="container")
    assert packed.rows == told(tshark, ARTICLE).rows


def test_a_field_that_the_reader_does_not_know_is_tsharks(tshark: Tshark) -> None:
    parsers = Parsers(list[str], lambda _: [])
    read = read_all(tshark, open_capture(str(ARTICLE)), ("frame.number", "tcp.urgent_pointer"), parsers)
    assert next(read.rows) == ["1", "0"]
    assert read.read_by == claim("read-by-tshark", reason="field")


def test_a_capture_that_grows_is_read_as_far_as_it_was_opened(tshark: Tshark, tmp_path: Path) -> None:
    growing = tmp_path / "growing.pcap"
    growing.write_bytes(ARTICLE.read_bytes())
    opened = open_capture(str(growing))
    with growing.open("ab") as file:
        file.write(b"\0" * 40)
    assert list(read_all(tshark, opened, FIELDS, PARSERS, Engine.FAST).rows) == told(tshark, ARTICLE).rows


@pytest.mark.parametrize("kept", [24, 30, 39, 40, 41, 1000, 20_000])
def test_a_capture_that_is_cut_short_gives_what_is_whole(kept: int, tshark: Tshark, tmp_path: Path) -> None:
    """Exactly what tshark gives, with the same warning; the file's header alone is a whole capture without a frame."""
    cut = tmp_path / "cut.pcap"
    cut.write_bytes(ARTICLE.read_bytes()[:kept])
    fast, slow = told(tshark, cut, Engine.FAST), told(tshark, cut, Engine.TSHARK)
    assert (fast.rows, fast.warnings) == (slow.rows, slow.warnings)
    assert fast.warnings == ([claim("capture-cut-short", file=str(cut))] if kept > 24 else [])


class Replaced(Sandbox, frozen=True):
    """A sandbox in which other programs stand for LuaJIT."""

    programs: tuple[str, ...] = ()

    def lua_commands(self, arguments: Sequence[str]) -> list[list[str]]:
        del arguments
        return [[sys.executable, "-I", "-c", program] for program in self.programs]


def with_programs(tshark: Tshark, *programs: str) -> Tshark:
    same = {name: getattr(tshark.sandbox, name) for name in Sandbox.__struct_fields__}
    return replace(tshark, sandbox=Replaced(**same, programs=programs))


def test_without_luajit_tshark_reads(tshark: Tshark) -> None:
    without = with_programs(tshark, f"raise SystemExit({NO_LUAJIT})")
    assert reason(without, ARTICLE) == "no_luajit"


def test_the_next_program_is_tried(tshark: Tshark) -> None:
    commands = with_programs(tshark, f"raise SystemExit({NO_LUAJIT})", "print('other\\tlink\\t7')")
    assert reason(commands, ARTICLE) == "link"


def test_a_reader_that_fails_before_its_first_row_costs_no_report(tshark: Tshark) -> None:
    failing = with_programs(tshark, "import os; os.abort()")
    read = told(failing, ARTICLE)
    assert read.read_by == claim("read-by-tshark", reason="failed")
    assert read.rows == told(tshark, ARTICLE).rows
    with pytest.raises(ToolError, match=r"\(failed: status -6"):
        told(failing, ARTICLE, Engine.FAST)


ROW = "[1,0" + ",null" * (len(FIELDS) - 2) + "]"


def answering(count: int, *answer: str) -> str:
    """A program that says it has read so many frames, and gives an answer to the first request."""
    return f"print('read\\twhole\\t{count}', flush=True); input(); {'; '.join(answer)}"


@pytest.mark.parametrize(
    ("program", "said"),
    [
        (answering(1, f"print('{ROW}', flush=True)", "import os", "os.abort()"), "failed on .*: use --engine tshark"),
        (answering(2, f"print('{ROW}\\n.')"), "gave 1 of the 2 frames"),
        (answering(1, f"print('{ROW}', end='')"), "failed on .*: use --engine tshark"),
        (answering(1, "print('[1, 2]\\n.')"), "printed a row that is none"),
        ("print('read\\twhole\\t1', flush=True)", "failed on .*: use --engine tshark"),
    ],
    ids=["abort", "too few", "half a line", "no row", "gone"],
)
def test_a_reader_that_fails_in_the_middle_is_told_of(program: str, said: str, tshark: Tshark) -> None:
    """Its rows were used already, so tshark cannot take over."""
    with pytest.raises(ToolError, match=f"The fast reader {said}"):
        told(with_programs(tshark, program), ARTICLE)


def test_the_reader_needs_no_copy_of_a_capture_that_its_account_may_not_read(tshark: Tshark, tmp_path: Path) -> None:
    capture = tmp_path / "private.pcap"
    capture.write_bytes(ARTICLE.read_bytes())
    capture.chmod(0o600)
    before = set(tshark.sandbox.folder.iterdir())
    assert len(told(tshark, capture, Engine.FAST).rows) > 1000
    assert set(tshark.sandbox.folder.iterdir()) == before


@pytest.mark.parametrize(("days", "said"), [(104, ""), (105, "time")])
def test_times_that_lua_cannot_tell_apart_are_left_to_tshark(
    days: int, said: str, tshark: Tshark, tmp_path: Path
) -> None:
    """A number of Lua has 53 bits: nanoseconds of 104 days."""
    capture = tmp_path / "long.pcap"
    last = Frame(TRACE.frames[0].time_ns + days * 86_400_000_000_000, TRACE.frames[-1].octets)
    write_pcap(capture, [*TRACE.frames, last], nanoseconds=True)
    assert reason(tshark, capture) == said


@pytest.mark.parametrize(("more", "said"), [(b"", ""), (b"\x09\0\x01\0\x03\0\0\0", "damage")])
def test_an_interface_with_two_clocks_is_left_to_tshark(more: bytes, said: str, tshark: Tshark, tmp_path: Path) -> None:
    """Two if_tsresol: Wireshark takes one of them."""
    capture = tmp_path / "clocks.pcapng"
    write_pcapng(capture, [Interface(resolution=9)], [(0, frame) for frame in TRACE.frames])
    octets = bytearray(capture.read_bytes())
    length = struct.unpack_from("<I", octets, 32)[0]
    octets[44:44] = more
    for place in (32, 28 + length + len(more) - 4):
        struct.pack_into("<I", octets, place, length + len(more))
    capture.write_bytes(octets)
    assert reason(tshark, capture) == said


@pytest.mark.parametrize(("interface", "said"), [(0, ""), (128, "damage")])
def test_a_block_that_is_cut_is_damaged_when_its_interface_is_not_there(
    interface: int, said: str, tshark: Tshark, tmp_path: Path
) -> None:
    """tshark looks at the interface before it misses the bytes of the packet; both say the same of the file."""
    capture = tmp_path / "cut.pcapng"
    write_pcapng(capture, [Interface()], [(0, frame) for frame in TRACE.frames])
    octets = bytearray(capture.read_bytes()[:-20])
    struct.pack_into("<I", octets, octets.rfind(b"\x06\0\0\0", 0, -28) + 8, interface)
    capture.write_bytes(octets)
    assert reason(tshark, capture) == said
    assert told(tshark, capture).warnings == told(tshark, capture, Engine.TSHARK).warnings


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        # Decryption Secrets Block: the kind of secrets, how long they are, and they.
        (10, struct.pack("<II", 0x544C534B, 4) + b"keys", ""),
        (10, struct.pack("<II", 0x544C534B, 5) + b"keys", "damage"),
        (10, b"keys", "damage"),
        # Name Resolution Block: records of a kind, a length and an address with its name, up to one of neither.
        (4, struct.pack("<HHI", 1, 6, 0x0100007F) + b"a\0\0\0" + bytes(4), ""),
        (4, struct.pack("<HHI", 1, 60, 0x0100007F) + b"a\0\0\0" + bytes(4), "damage"),
        (4, b"", "damage"),
    ],
)
def test_a_block_without_packets_that_is_no_such_block_is_tsharks(
    kind: int, body: bytes, said: str, tshark: Tshark, tmp_path: Path
) -> None:
    """Wireshark reads on behind one that is sound, and says what it thinks of another; both give the same frames."""
    capture = tmp_path / "block.pcapng"
    write_pcapng(capture, [Interface()], [(0, frame) for frame in TRACE.frames])
    octets = bytearray(capture.read_bytes())
    length = 12 + len(body)
    last = octets.rfind(b"\x06\0\0\0", 0, -28)
    octets[last:last] = struct.pack("<II", kind, length) + body + struct.pack("<I", length)
    capture.write_bytes(octets)
    assert reason(tshark, capture) == said
    by_tshark = told(tshark, capture, Engine.TSHARK)
    assert [*map(as_used, told(tshark, capture).rows)] == [*map(as_used, by_tshark.rows)]
    assert (len(by_tshark.rows) == len(TRACE.frames)) is (said == "")
