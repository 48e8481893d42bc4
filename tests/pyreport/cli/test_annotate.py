"""pyreport annotate: what Wireshark shows of the file that it writes."""

from __future__ import annotations

import gzip
import json
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from pyreport.capture.pcap_as_pcapng import pcap_blocks
from pyreport.capture.pcapng_blocks import (
    COMMENT,
    Block,
    blocks,
    enhanced_packet,
    options_of,
    options_written,
    packet_of,
    section_header,
    written,
)
from tests.pyreport.command import pyreport
from tests.pyreport.conftest import SCENARIOS

ARTICLE = SCENARIOS / "article" / "article.pcap"


def tshark(path: Path, *fields: str, only: str = "frame") -> list[list[str]]:
    """The fields of the frames, by a tshark without the plugin."""
    options = [option for field in fields for option in ("-e", field)]
    done = subprocess.run(
        ["tshark", "-n", "-r", path, "-Y", only, "-T", "fields", "-E", "aggregator=|", *options],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split("\t") for line in done.stdout.splitlines()]


def findings(path: Path, folder: Path) -> list[tuple[object, ...]]:
    """Stream, frame, id and time of what the plugin finds."""
    target = folder / f"{path.name}.json"
    done = pyreport("scan", path, "--all", "--json", target)
    assert done.status == 0, done.stderr
    connections = json.loads(target.read_text())["connections"]
    return [(c["stream"], f["frame"], f["id"], f["time_ns"]) for c in connections for f in c["findings"]]


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("annotate") / "out.pcapng"
    done = pyreport("annotate", ARTICLE, "-o", target)
    assert done.status == 0, done.stderr
    assert "812 comments on 810 frames." in done.stderr
    return target


def test_the_comments_are_the_findings(annotated: Path, tmp_path: Path) -> None:
    rows = tshark(annotated, "frame.number", "frame.comment", only="frame.comment")
    told = [(int(number), comment) for number, text in rows for comment in text.split("|")]
    assert len(told) == 812
    assert 940 in [number for number, text in told if text.startswith("Note (keepalive.fin):")]
    assert findings(annotated, tmp_path) == findings(ARTICLE, tmp_path) != []


def test_nothing_else_changes(annotated: Path) -> None:
    fields = ("frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "ip.src", "tcp.seq_raw", "tcp.checksum")
    assert tshark(annotated, *fields) == tshark(ARTICLE, *fields)


def of_three_kinds(path: Path) -> None:
    """Big-endian, two interfaces in nanoseconds, comments, drop counters, an old packet, names and a strange block."""
    frames = [packet for block in pcap_blocks(ARTICLE.read_bytes()) if (packet := packet_of(block))]
    parts = [section_header(">", [(COMMENT, b"of the section")])]
    for name in (b"one", b"two"):
        body = struct.pack(">HHI", 1, 0, 65535) + options_written([(2, name), (9, b"\x09")], ">")
        parts.append(Block(1, ">", 0, body))
    for index, packet in enumerate(frames):
        options = options_written([(COMMENT, f"mine {index}".encode())], ">") if index % 100 == 0 else b""
        changed = packet.__class__(index % 2, packet.ticks * 1000 + 7, packet.data, packet.length, options)
        block = enhanced_packet(changed, ">")
        if index == 939:  # the FIN as a block of the old kind, with three drops before it
            old = struct.pack(">HH", changed.interface, 3) + block.body[4:]
            block = Block(2, ">", 0, old)
        parts.append(block)
    parts.append(Block(5, ">", 0, struct.pack(">III", 1, 0, 0) + options_written([(5, struct.pack(">Q", 42))], ">")))
    parts.append(Block(0x80000BAD, ">", 0, b"kept as it is..."))
    path.write_bytes(b"".join(map(written, parts)))


def test_what_the_file_had_is_kept(tmp_path: Path) -> None:
    source, target = tmp_path / "in.pcapng", tmp_path / "out.pcapng"
    of_three_kinds(source)
    done = pyreport("annotate", source, "-o", target)
    assert done.status == 0, done.stderr
    fields = ("frame.number", "frame.time_epoch", "frame.interface_name", "frame.len")
    assert tshark(target, *fields) == tshark(source, *fields)
    assert tshark(target, "frame.time_epoch")[0][0].endswith("007")
    rows = dict(tshark(target, "frame.number", "frame.comment", only="frame.comment"))
    assert rows["1"].split("|")[0] == "mine 0"
    assert "Note (keepalive.fin)" in rows["940"]
    kinds = [block.kind for block in blocks(target.read_bytes())]
    assert kinds[-2:] == [5, 0x80000BAD]
    told = packet_of([block for block in blocks(target.read_bytes()) if block.is_packet][939])
    assert told is not None
    assert (4, struct.pack(">Q", 3)) in list(options_of(told.options, ">"))
    section = next(blocks(target.read_bytes()))
    assert next(value for code, value in options_of(section.body[16:], ">") if code == COMMENT) == b"of the section"


def test_a_compressed_capture(tmp_path: Path, annotated: Path) -> None:
    source, target = tmp_path / "in.pcap.gz", tmp_path / "out.pcapng"
    source.write_bytes(gzip.compress(ARTICLE.read_bytes()))
    done = pyreport("annotate", source, "-o", target)
    assert done.status == 0, done.stderr
    assert tshark(target, "frame.number", "frame.comment") == tshark(annotated, "frame.number", "frame.comment")


def test_a_packet_that_is_not_counted_as_a_frame_is_refused(tmp_path: Path) -> None:
    """tshark counts the entries of a journal as frames, which are no packets."""
    source, target = tmp_path / "in.pcapng", tmp_path / "out.pcapng"
    (header, interface, *packets) = pcap_blocks(ARTICLE.read_bytes())
    journal = Block(9, "<", 0, b"__REALTIME_TIMESTAMP=1664467593313241\nMESSAGE=hello\n")
    source.write_bytes(b"".join(map(written, (header, interface, journal, *packets))))
    done = pyreport("annotate", source, "-o", target)
    assert (done.status, target.exists()) == (1, False)
    assert done.stderr.splitlines()[-1].startswith("pyreport: ")
    assert "1581 packets, but 1582 frames" in done.stderr
    assert list(tmp_path.iterdir()) == [source]


def test_the_capture_itself_is_not_written_over(tmp_path: Path) -> None:
    source = tmp_path / "in.pcap"
    shutil.copy(ARTICLE, source)
    done = pyreport("annotate", source, "-o", source)
    assert (done.status, done.is_one_sentence) == (1, True)
    assert source.read_bytes() == ARTICLE.read_bytes()
