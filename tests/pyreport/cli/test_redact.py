"""--redact from end to end: no original value is in anything that is written, in whatever spelling."""

from __future__ import annotations

import base64
import hashlib
import json
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from pyreport.capture.pcap_as_pcapng import pcap_blocks
from pyreport.capture.pcapng_blocks import (
    Block,
    Packet,
    blocks,
    enhanced_packet,
    options_written,
    packet_of,
    section_header,
    written,
)
from pyreport.redaction.stand_ins import KEY_LENGTH, StandIns, save_stand_ins
from tests.pyreport.cli.test_annotate import ARTICLE, findings, tshark
from tests.pyreport.command import Done, pyreport
from tests.pyreport.conftest import MADE_AT, SCENARIOS, log_line
from tests.scenarios.carriers import fragmented
from tests.scenarios.packets import segment_of
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.two_ends import CLIENT, EVERY_SECOND, SERVER, TwoEnds

#: What is planted in the capture and the log line, by what it is.
ADDRESSES = ("10.226.11.15", "10.226.5.4", "10.226.5.5", "10.226.5.6", "203.0.113.99", "2001:db8:bad::c0de")
MACS = ("52:54:00:e2:0b:0f", "00:00:0c:07:ac:0b")
NAMES = (
    *("inno_phxyuyin_user_pushmsg_push_msg", "cop.inke_owt.inno_pdl.user_pushmsg.server", "user.msg.push.consume"),
    *("kafka_util", "consumer.go", "planted-host.corp.example", "planted comment", "planted-interface", "plantedsni"),
    *("planted-capture-name", "plantedpayload"),
)
TLS = b"\x16\x03\x01\x00\x20plantedsni.example planted-client"


#: What the user writes of their own into the report.
OWN = (
    *("--title", "planted-host.corp.example lost 10.226.5.4:9092 (52:54:00:e2:0b:0f)", "--case", "INC-4711"),
    *(
        "--company",
        "planted-capture-name, kafka_util",
        "--note",
        "代理10.226.11.15断开: 2001:db8:bad::c0de, consumer.go",
    ),
)


def spellings(name: str) -> Iterator[bytes]:
    for text in {name, name.upper(), name.lower()}:
        yield text.encode()
        yield text.encode("utf-16-be")
        yield text.encode("utf-16-le")
        yield text.encode().hex().encode()
        yield text.encode().hex().upper().encode()
        yield base64.b64encode(text.encode())[: len(text) * 4 // 3 // 4 * 4]


def address_spellings(address: str) -> Iterator[bytes]:
    packed = ip_address(address).packed
    yield from spellings(address)
    for octets in (packed, packed[::-1]):
        yield octets
        yield from (octets.hex(separator).encode() for separator in (":", "-"))
        yield octets.hex().encode()
        yield octets.hex().upper().encode()
        yield str(int.from_bytes(octets)).encode()


def mac_spellings(mac: str) -> Iterator[bytes]:
    octets = bytes.fromhex(mac.replace(":", ""))
    yield octets
    yield octets[::-1]
    for text in (mac, mac.replace(":", "-"), mac.replace(":", "")):
        yield from spellings(text)


def originals() -> dict[str, set[bytes]]:
    """Each planted value with all its spellings."""
    found = {name: set(spellings(name)) for name in NAMES}
    found |= {address: set(address_spellings(address)) for address in ADDRESSES}
    return found | {mac: set(mac_spellings(mac)) for mac in MACS}


def unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    """A file and all that is in it: entries of archives, streams and attachments of a PDF, its text."""
    yield path.name, path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield f"{path.name}/{name}", archive.read(name)
    if path.suffix == ".pdf":
        reader = PdfReader(path)
        for number in range(1, len(reader.xref[0]) if 0 in reader.xref else 0):
            content = reader.get_object(number)
            yield f"{path.name}/{number}", repr(content).encode()
            if isinstance(content, StreamObject):
                yield f"{path.name}/{number}.stream", content.get_data()
        for name, contents in reader.attachments.items():
            yield from ((f"{path.name}/{name}", content) for content in contents)
        yield f"{path.name}/text", "\n".join(page.extract_text() for page in reader.pages).encode()
        yield f"{path.name}/metadata", repr((reader.metadata, reader.outline, reader.xmp_metadata)).encode()
        yield from ((f"{path.name}/inflated", part) for part in inflated(path.read_bytes()))


def inflated(content: bytes) -> Iterator[bytes]:
    """Each stream of a PDF, however it is referred to."""
    for part in content.split(b"stream\n")[1:]:
        try:
            yield zlib.decompressobj().decompress(part.lstrip(b"\r\n"))
        except zlib.error:
            continue


def with_secrets(path: Path) -> None:
    """The article's capture with secrets in its payload, comments, names, and in packets of other protocols."""
    packets = [packet for block in pcap_blocks(ARTICLE.read_bytes()) if (packet := packet_of(block))]
    interface = options_written([(2, b"planted-interface"), (3, b"planted-host.corp.example")], "<")
    names = (
        struct.pack("<HH4s", 1, 4 + 26, IPv4Address("10.226.5.4").packed) + b"planted-host.corp.example\0" + bytes(6)
    )
    parts = [
        section_header("<", [(1, b"planted comment"), (3, b"planted-host.corp.example")]),
        Block(1, "<", 0, struct.pack("<HHI", 1, 0, 0) + interface),
        Block(4, "<", 0, names),
    ]
    for number, packet in enumerate(packets):
        data = bytearray(packet.data)
        payload = 14 + 20 + (data[46] >> 4) * 4
        if len(data) - payload > len(TLS):
            planted = TLS if number % 2 else b"plantedpayload" * 20
            data[payload:] = (planted * len(data))[: len(data) - payload]
        options = options_written([(1, b"planted comment")], "<") if number % 50 == 0 else b""
        parts.append(enhanced_packet(Packet(0, packet.ticks, bytes(data), packet.length, options)))
    ticks = packets[-1].ticks
    parts += [enhanced_packet(Packet(0, ticks, extra, len(extra), b"")) for extra in others()]
    path.write_bytes(b"".join(map(written, parts)))


def others() -> Iterator[bytes]:
    """ARP, DNS over UDP, an ICMPv6 neighbour solicitation, a protocol that nobody knows."""
    ends = bytes.fromhex("525400e20b0f00000c07ac0b")
    mac, ip = ends[:6], IPv4Address("203.0.113.99").packed
    yield ends + b"\x08\x06\0\x01\x08\0\x06\x04\0\x01" + mac + ip + bytes(6) + ip
    dns = b"\0\x01\x01\0\0\x01\0\0\0\0\0\0\x0cplanted-host\x04corp\x07example\0\0\x01\0\x01"
    udp = struct.pack("!HHHH", 5353, 53, 8 + len(dns), 0) + dns
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0)
    yield ends + b"\x08\0" + header + ip + ip + udp
    ip_6 = bytes.fromhex("20010db80bad0000000000000000c0de")
    solicit = b"\x87\0\0\0\0\0\0\0" + ip_6 + b"\x01\x01" + mac
    yield ends + b"\x86\xdd\x60\0\0\0" + struct.pack("!HBB", len(solicit), 58, 255) + ip_6 + ip_6 + solicit
    yield ends + b"\x88\xcc" + b"planted-host.corp.example" + ip + mac


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every output of a redacted report, and of a redacted annotated capture, with one key."""
    folder = tmp_path_factory.mktemp("redact")
    (folder / "in").mkdir()
    (folder / "out").mkdir()
    source, key = folder / "in" / "planted-capture-name.pcapng", folder / "key.json"
    with_secrets(source)
    # One key for good: with another key at each run, one run in fifty has the four bytes of an address by chance, as
    # the end of a header's protocol and checksum before the stand-in of another address.
    save_stand_ins(StandIns(bytes(range(KEY_LENGTH)), with_ports=True), key)
    outputs = [
        ("-o", "r.pdf"),
        ("--html", "r.html"),
        ("--json", "r.json"),
        ("--summary", "r.md"),
        ("--bundle", "r.zip"),
    ]
    options = [word for option, name in outputs for word in (option, folder / "out" / name)]
    log = log_line("article")
    more = ("--attach", "--redact", "--redact-ports", "--redaction-key", key, "--tz", "Asia/Shanghai", *OWN)
    done = pyreport("report", source, "--log", log, *options, *more, SOURCE_DATE_EPOCH=MADE_AT)
    assert done.status == 0, done.stderr
    assert "Redacted: the payload of " in done.stderr
    annotated = folder / "out" / "a.pcapng"
    done = pyreport("annotate", source, "-o", annotated, "--redact", "--redact-ports", "--redaction-key", key)
    assert done.status == 0, done.stderr
    return folder


def test_no_original_is_in_any_file(folder: Path) -> None:
    values = originals()
    looked_at = []
    for path in (folder / "out").iterdir():
        for name, content in unpacked(path):
            looked_at.append(name)
            for value, spelled in values.items():
                assert [spelling for spelling in spelled if spelling in content] == [], f"{value} in {name}"
    assert {"r.zip/report.pdf", "r.zip/frames.pcapng", "r.pdf/frames.pcapng", "r.pdf/text", "a.pcapng"} <= set(
        looked_at
    )
    assert len([name for name in looked_at if "inflated" in name]) > 10


def test_the_search_finds_what_is_there(folder: Path) -> None:
    """All of it is in the capture or the log line, so the test above could fail."""
    source = (folder / "in" / "planted-capture-name.pcapng").read_bytes() + log_line("article").encode()
    source += b"planted-capture-name"
    missing = [value for value, spelled in originals().items() if not any(spelling in source for spelling in spelled)]
    assert missing == []


def test_no_port_of_the_connection_is_told(folder: Path) -> None:
    for name in ("r.json", "r.html", "r.md"):
        text = (folder / "out" / name).read_text()
        assert "38742" not in text
        assert "9092" not in text
    ports = tshark(folder / "out" / "a.pcapng", "tcp.srcport", "tcp.dstport", only="tcp")
    assert not {"38742", "9092"} & {port for row in ports for port in row}


def test_what_is_found_is_the_same(folder: Path, tmp_path: Path) -> None:
    source = folder / "in" / "planted-capture-name.pcapng"
    assert findings(folder / "out" / "a.pcapng", tmp_path) == findings(source, tmp_path) != []
    fields = ("frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "tcp.stream", "tcp.seq", "tcp.len")
    assert tshark(folder / "out" / "a.pcapng", *fields) == tshark(source, *fields)


def test_the_verdict_is_the_same(folder: Path, tmp_path: Path) -> None:
    plain = tmp_path / "plain.json"
    done = pyreport("report", ARTICLE, "--log", log_line("article"), "--tz", "Asia/Shanghai", "--json", plain)
    assert done.status == 0, done.stderr
    (before,), (after,) = (json.loads(p.read_text())["connections"] for p in (plain, folder / "out" / "r.json"))
    assert after["verdict"]["kind"] == before["verdict"]["kind"]
    assert after["verdict"]["sentence"] == before["verdict"]["sentence"]
    assert (after["log"]["match"], after["log"]["time_ns"]) == (before["log"]["match"], before["log"]["time_ns"])


def test_the_key_maps_back(folder: Path) -> None:
    path = folder / "key.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    key = json.loads(path.read_text())
    report = json.loads((folder / "out" / "r.json").read_text())
    back = {new: old for old, new in key["addresses"].items()}
    (connection,) = report["connections"]
    host, _, port = connection["local"].rpartition(":")
    assert back[host] == "10.226.11.15"
    assert {new: old for old, new in key["ports"].items()}[int(port)] == "38742"
    assert "inno_phxyuyin_user_pushmsg_push_msg" in key["names"]
    source = folder / "in" / "planted-capture-name.pcapng"
    assert key["captures"] == {report["capture"]["sha256"]: hashlib.sha256(source.read_bytes()).hexdigest()}
    with zipfile.ZipFile(folder / "out" / "r.zip") as archive:
        assert not [name for name in archive.namelist() if "key" in name]
        assert json.loads(archive.read("manifest.json"))["redacted"] is True


def test_a_comparison(tmp_path: Path) -> None:
    """What was made on the way is told of the redacted captures, too, and neither address nor file name."""
    world = TwoEnds(server_probes=EVERY_SECOND)
    world.forge_reset_to_client(4.5)
    paths = [tmp_path / "planted-client.pcap", tmp_path / "planted-server.pcap"]
    for path, frames in zip(paths, world.run(9), strict=True):
        write_pcap(path, frames)
    out = tmp_path / "out"
    out.mkdir()
    outputs = ("-o", out / "c.pdf", "--html", out / "c.html", "--json", out / "c.json")
    done = pyreport("compare", *paths, *outputs, "--redact", "--redaction-key", tmp_path / "key.json")
    assert done.status == 0, done.stderr
    plain = tmp_path / "plain.json"
    assert pyreport("compare", *paths, "--json", plain).status == 0
    before, after = (json.loads(path.read_text()) for path in (plain, out / "c.json"))
    assert [c["kind"] for c in after["conclusions"]] == [c["kind"] for c in before["conclusions"]] != []
    private = {"planted": set(spellings("planted"))}
    private |= {str(end.ip): set(address_spellings(str(end.ip))) for end in (CLIENT, SERVER)}
    for path in out.iterdir():
        for name, content in unpacked(path):
            for value, spelled in private.items():
                assert [spelling for spelling in spelled if spelling in content] == [], f"{value} in {name}"


def test_a_whole_log(tmp_path: Path) -> None:
    """Neither the log's name nor another of its lines is told."""
    log = tmp_path / "planted-log-name.log"
    log.write_text((SCENARIOS / "article" / "app.log").read_text())
    out = tmp_path / "out"
    out.mkdir()
    outputs = ("--html", out / "r.html", "--json", out / "r.json", "--summary", out / "r.md")
    key = ("--redaction-key", tmp_path / "key.json")
    done = pyreport("report", ARTICLE, "--log-file", log, *outputs, "--redact", *key)
    assert done.status == 0, done.stderr
    names = [*NAMES[:5], "planted", "article.pcap"]
    for path in out.iterdir():
        content = path.read_bytes()
        assert [name for name in names for spelling in spellings(name) if spelling in content] == []
    (connection,) = json.loads((out / "r.json").read_text())["connections"]
    assert connection["log"]["match"] == "exact"
    assert connection["log"]["line"].endswith(": write: broken pipe")


def test_a_part_of_a_capture(tmp_path: Path) -> None:
    """Its redacted report finds what the report of the part finds, and the bundle holds no other frame."""
    out = tmp_path / "out"
    out.mkdir()
    part = ("--tz", "Asia/Shanghai", "--from", "2022-09-30 00:08:00", "--host", "10.226.11.15")
    line = ("--log", log_line("article"))
    plain, key = tmp_path / "plain.json", tmp_path / "key.json"
    assert pyreport("report", ARTICLE, *line, *part, "--json", plain).status == 0
    outputs = ("--json", out / "r.json", "--bundle", out / "r.zip", "--html", out / "r.html")
    done = pyreport("report", ARTICLE, *line, *part, *outputs, "--redact", "--redaction-key", key)
    assert done.status == 0, done.stderr
    (before,), (after,) = (json.loads(path.read_text())["connections"] for path in (plain, out / "r.json"))
    found = [[(finding["id"], finding["frame"]) for finding in side["findings"]] for side in (before, after)]
    assert found[0] == found[1] != []
    assert after["verdict"]["sentence"] == before["verdict"]["sentence"]
    host = json.loads(key.read_text())["addresses"]["10.226.11.15"]
    assert f"--from &#39;2022-09-30 00:08:00.000000000&#39; --host {host}" in (out / "r.html").read_text()
    private = set(address_spellings("10.226.11.15"))
    for path in out.iterdir():
        for name, content in unpacked(path):
            assert [spelling for spelling in private if spelling in content] == [], name
    with zipfile.ZipFile(out / "r.zip") as archive:
        (tmp_path / "frames.pcapng").write_bytes(archive.read("frames.pcapng"))
    times = [float(row[0]) for row in tshark(tmp_path / "frames.pcapng", "frame.time_epoch")]
    assert times
    assert min(times) >= 1664467680


def refused(*arguments: str | Path) -> Done:
    done = pyreport(*arguments)
    assert done.stderr.splitlines()[-1].startswith("pyreport: ")
    assert "Traceback" not in done.stderr
    return done


def test_a_capture_that_cannot_be_redacted(tmp_path: Path) -> None:
    """A link type that is not known; headers of TCP in two fragments, so that findings would be lost."""
    packets = [packet for block in pcap_blocks(ARTICLE.read_bytes()) if (packet := packet_of(block))]
    frames = [Frame(packet.ticks * 1000, packet.data) for packet in packets[:200]]
    unknown, split = tmp_path / "unknown.pcap", tmp_path / "split.pcap"
    ppp = [Frame(frame.time_ns, b"\xff\x03\0\x21" + frame.octets[14:]) for frame in frames]
    write_pcap(unknown, ppp, link_type=9)
    pieces = [
        Frame(frame.time_ns, one.octets, one.length)
        for frame in frames
        for one in fragmented(8)(segment_of(frame.octets))
    ]
    write_pcap(split, pieces)
    before = sorted(tmp_path.iterdir())
    done = refused("report", unknown, "--redact", "-o", tmp_path / "x.pdf")
    assert done.status == 1
    assert "link type 9" in done.stderr
    done = refused("annotate", split, "--redact", "-o", tmp_path / "x.pcapng")
    assert done.status == 1
    assert "cannot be redacted" in done.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_options_that_make_no_sense(tmp_path: Path) -> None:
    done = refused("report", ARTICLE, "--redact-ports", "-o", tmp_path / "x.pdf")
    assert done.status == 2
    (tmp_path / "no-key").write_text("none")
    done = refused("report", ARTICLE, "--redact", "--redaction-key", tmp_path / "no-key", "-o", tmp_path / "x.pdf")
    assert done.status == 1
    done = refused("report", ARTICLE, "--redact", "--redaction-key", tmp_path / "x.pdf", "-o", tmp_path / "x.pdf")
    assert done.status == 2
    bundle = tmp_path / "bundle"
    done = refused("report", ARTICLE, "--redact", "--redaction-key", bundle / "key.json", "--bundle", bundle)
    assert done.status == 2
    done = refused("report", ARTICLE, "--bundle", bundle, "-o", bundle / "report.pdf")
    assert done.status in (1, 2)
    assert [path.name for path in tmp_path.iterdir()] == ["no-key"]


def test_the_same_key_gives_the_same_file(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "again.pcapng"
    source = folder / "in" / "planted-capture-name.pcapng"
    options = ("--redact", "--redact-ports", "--redaction-key", folder / "key.json")
    assert pyreport("annotate", source, "-o", target, *options).status == 0
    assert target.read_bytes() == (folder / "out" / "a.pcapng").read_bytes()
    assert [block.kind for block in blocks(target.read_bytes())][:2] == [0x0A0D0D0A, 1]
