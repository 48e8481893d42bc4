"""Frames that were cut, mangled or lost: no Lua error, and nothing said that the rest does not show."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from random import Random

import pytest

from tests.dissector.story import STORY, TRACE, told, without
from tests.dissector.trace import CLIENT, OPEN, START_NS, Trace
from tests.scenarios.carriers import inner_ethernet, ipv4_fragments, plain
from tests.scenarios.packets import Address, Segment, segment_of
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.support.plugin import PLUGIN, REPOSITORY, tshark_command

TCP_HEADER = 14 + 20
DATA_OFFSET = TCP_HEADER + 12
SECOND = 1_000_000_000


def test_a_header_that_was_cut_before_the_window_is_not_judged(tmp_path: Path) -> None:
    """One connection for each length: the ports alone, the numbers, all but one octet of the window, nothing at all."""
    frames = []
    for kept in (0, 2, 4, 8, 12, 13, 14, 15):
        story = Trace(STORY, client=Address(CLIENT.ip, CLIENT.port + kept))
        frames += [frame.cut(TCP_HEADER + kept) for frame in story.frames]
    capture = tmp_path / "cut.pcap"
    write_pcap(capture, sorted(frames, key=lambda frame: frame.time_ns))
    assert told(capture, two_pass=True) == []


def test_a_cut_frame_among_whole_ones_is_a_frame_that_the_capture_lost(tmp_path: Path) -> None:
    """The answer in frame 20 is cut inside its acknowledgment number: the next probe's answer stands for it."""
    capture = tmp_path / "cut.pcap"
    write_pcap(capture, [f.cut(TCP_HEADER + 10) if n == 20 else f for n, f in enumerate(TRACE.frames, start=1)])
    lost = tmp_path / "lost.pcap"
    write_pcap(lost, [frame for n, frame in enumerate(TRACE.frames, start=1) if n != 20])
    found = [(frame - (frame > 20), name, level) for frame, name, level in told(capture, two_pass=True)]
    assert found == told(lost, two_pass=True)
    assert (20, "probe", "Chat") in found


@pytest.mark.parametrize("original_length", [0, 60])
def test_frames_of_no_captured_octets(original_length: int, tmp_path: Path) -> None:
    """Between all others, and as the first and last of the capture."""
    empty = [Frame(START_NS, b"", original_length)]
    frames = empty + [f for frame in TRACE.frames for f in (frame, Frame(frame.time_ns, b"", original_length))]
    capture = tmp_path / "empty.pcap"
    write_pcap(capture, frames)
    assert told(capture, two_pass=True) == [(2 * n, name, level) for n, name, level in TRACE.in_two_passes]


def with_wrong_octets(frame: Frame, chance: Random, share: float) -> Frame:
    """The frame with about this share of its octets replaced."""
    octets = (int(256 * chance.random()) if chance.random() < share else octet for octet in frame.octets)
    return Frame(frame.time_ns, bytes(octets))


@pytest.mark.parametrize("two_pass", [False, True])
@pytest.mark.parametrize("share", [0.01, 0.05, 0.2])
def test_wrong_octets_raise_no_lua_error(share: float, two_pass: bool, tmp_path: Path) -> None:
    """Fifty connections, each damaged in another way; also what is shown for every segment, findings or none."""
    chance, frames = Random(1), []
    for number in range(50):
        story = Trace(STORY, client=Address(CLIENT.ip, CLIENT.port + number))
        frames += [with_wrong_octets(frame, chance, share) for frame in story.frames]
    capture = tmp_path / "wrong.pcap"
    write_pcap(capture, sorted(frames, key=lambda frame: frame.time_ns))
    assert told(capture, two_pass, ("-o", "keepalive.show_state:TRUE"))


def with_data_offset(frame: Frame, words: int) -> Frame:
    """The frame with another TCP data offset."""
    octets = bytearray(frame.octets)
    octets[DATA_OFFSET] = words << 4
    return Frame(frame.time_ns, bytes(octets))


@pytest.mark.parametrize("words", [0, 4, 15], ids=lambda words: f"offset {words}")
def test_an_impossible_data_offset_is_no_segment(words: int, tmp_path: Path) -> None:
    """Below 5 it lies inside the fixed header (RFC 9293 section 3.1), at 15 here behind the end of the packet."""
    frames = []
    for frame in TRACE.frames:
        frames += [frame, with_data_offset(Frame(frame.time_ns + SECOND, frame.octets), words)]
    frames.sort(key=lambda frame: frame.time_ns)
    bad = {n for n, frame in enumerate(frames, start=1) if frame.octets[DATA_OFFSET] >> 4 == words}
    capture = tmp_path / "offset.pcap"
    write_pcap(capture, frames)
    found = told(capture, two_pass=True)
    assert not bad & {frame for frame, _, _ in found}
    assert [finding[1:] for finding in found] == [finding[1:] for finding in TRACE.in_two_passes]


@pytest.mark.parametrize(
    "options",
    [b"\x08\x00\0\0", b"\x08\xff\0\0", b"\x03\x03\xff\x08", b"\xfe\x01\xfe\x01", b"\x05\x0a\0\0" * 10, b"\xff" * 40],
    ids=["length 0", "length beyond the header", "scale 255", "length 1", "SACK cut short", "noise"],
)
def test_malformed_options(options: bytes, tmp_path: Path) -> None:
    """Wireshark marks them, and the header before them stands."""
    capture = tmp_path / "options.pcap"
    segments = [(frame.time_ns, segment_of(frame.octets)) for frame in TRACE.frames]
    write_pcap(capture, [Frame(time, inner_ethernet(plain(with_options(s, options)))) for time, s in segments])
    assert told(capture, two_pass=True) == TRACE.in_two_passes


def with_options(segment: Segment, options: bytes) -> Segment:
    """The segment with these octets for options."""
    return Segment(
        source=segment.source,
        destination=segment.destination,
        seq=segment.seq,
        ack=segment.ack,
        flags=segment.flags,
        window=segment.window,
        ip_id=segment.ip_id,
        options=options,
        payload=segment.payload,
    )


def test_a_fragment_that_the_capture_lost(tmp_path: Path) -> None:
    """The first of two fragments of a write after the FIN is not there: that it was written can not be told.

    The RST that it drew then answers nothing that is seen, and no interval was missed.
    """
    text = OPEN + "2.000 server FIN\n2.001 client ACK\n3.000 client len=100\n3.001 server RST"
    frames = Trace(text).frames
    first, last = ipv4_fragments(segment_of(frames[9].octets), 48)
    cases = {"whole": [first, last], "no first": [last], "no last": [first]}
    for name, packets in cases.items():
        capture = tmp_path / f"{name}.pcap"
        written = [Frame(frames[9].time_ns, inner_ethernet(packet)) for packet in packets]
        write_pcap(capture, [*frames[:9], *written, frames[10]])
        names = [finding[1] for finding in told(capture, two_pass=True)]
        if name == "whole":
            assert names == ["fin", "fin_ack", "post_fin_write", "post_fin_reset"]
        else:
            assert names == ["fin", "fin_ack", "reset"], name


def test_a_file_that_ends_inside_a_frame(tmp_path: Path) -> None:
    """tshark says so on standard error and by its exit status, after all the frames before it."""
    capture = tmp_path / "truncated.pcap"
    write_pcap(capture, TRACE.frames)
    capture.write_bytes(capture.read_bytes()[:-20])
    command = [*tshark_command(), "-2", "-r", str(capture), "-X", f"lua_script:{PLUGIN}"]
    command += [
        "-Y",
        "keepalive or keepalive.failed or _ws.lua.error",
        "-T",
        "fields",
        "-e",
        "frame.number",
        "-e",
        "keepalive.finding",
    ]
    environment = os.environ | {"LC_ALL": "C", "WIRESHARK_CONFIG_DIR": str(REPOSITORY)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "cut short" in done.stderr
    # 14 from Wireshark 4.6 on.
    assert done.returncode in (2, 14)
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    found = [(int(frame), name) for frame, names in lines for name in names.split(",")]
    assert found == [finding[:2] for finding in without((26, "post_fin_reset"))]
