"""Decisive frames come back with their headers, from pyshark, without its side effects."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.base.errors import ToolError
from pyreport.capture.excerpt import whole
from pyreport.capture.file import open_capture
from pyreport.capture.packet_details import FrameHeaders, HeaderLine, Other, decode_frames
from pyreport.capture.tshark import open_tshark
from pyreport.frames.tcp_state import STATES, TcpState
from tests.support.programs import public_folder, write_plugin
from tests.support.tiny_capture import ACK, CLIENT, SERVER, closed_connection, segment, write_pcap

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


@pytest.fixture
def path(folder: Path) -> Path:
    return write_pcap(folder / "tiny.pcap", closed_connection())


def decode(path: Path, *frames: int) -> list[FrameHeaders]:
    with open_tshark() as tshark:
        return decode_frames(tshark, whole(open_capture(str(path))), frames)


def depths(headers: FrameHeaders) -> dict[str, int]:
    return {line.text: line.depth for line in headers.lines}


def test_headers(path: Path) -> None:
    """Layers in order, flags and options below their line, the finding of the plugin, nothing hidden or repeated."""
    first, fin = decode(path, 4, 1, 4)
    assert (first.frame, fin.frame) == (1, 4)
    titles = [line.text for line in fin.lines if line.depth == 0]
    assert titles == [
        "Internet Protocol Version 4",
        "Transmission Control Protocol",
        "Keep-alive (this project's plugin)",
    ]
    seen = depths(fin)
    assert seen["Source Port: 9092"] == 1
    assert seen["Flags: 0x011 (FIN, ACK)"] == 1
    assert seen[".... .... ...1 = Fin: Set"] == 2
    assert seen["TCP Option - Timestamps: TSval 1000, TSecr 2000"] == 2
    assert seen["Timestamp value: 1000"] == 3
    assert "Flags: 0x002 (SYN)" in depths(first)
    assert not any("Source or Destination" in text for text in seen)
    plugin_lines = fin.lines[[line.text for line in fin.lines].index(titles[2]) :]
    assert any("First FIN" in line.text for line in plugin_lines[1:])
    assert [line for line in fin.lines if not line.text] == []
    assert HeaderLine(1, "Source Port: 9092") in fin.lines


def test_the_states_of_both_ends_are_told_after_the_frame(path: Path) -> None:
    """A FIN on its way: its sender waits for the acknowledgment, the receiver's program may still write."""
    syn, fin = decode(path, 1, 4)
    assert [states and tuple(map(STATES.get, states)) for states in (syn.states, fin.states)] == [
        (TcpState.SYN_SENT, TcpState.SYN_RECEIVED),
        (TcpState.FIN_WAIT_1, TcpState.CLOSE_WAIT),
    ]


def test_no_frames_no_run(path: Path) -> None:
    """Nothing wanted, nothing started."""
    with open_tshark() as tshark:
        assert decode_frames(tshark, whole(open_capture(str(path))), []) == []
        assert tshark.commands == []


def test_another_protocol_is_told_of_in_the_same_pass(path: Path) -> None:
    """Each of its frames, with what tshark prints of these fields."""
    with open_tshark() as tshark:
        capture = open_capture(str(path))
        fields = ("tcp.srcport", "tcp.options.timestamp.tsval", "udp.port")
        other = Other(fields, display_filter="tcp.flags.syn == 1")
        numbered = Other(("tcp.seq_raw",), frames=(4,))
        headers = decode_frames(tshark, whole(capture), [4], others=[numbered, other])
        assert other.rows == [["1", "40000", "1000", ""], ["2", "9092", "1000", ""]]
        assert other.rows == list(tshark.read_rows(capture, ("frame.number", *other.fields), other.display_filter))
        assert numbered.rows == [["4", "501"]]
        assert headers == decode_frames(tshark, whole(capture), [4])


def test_headers_do_not_depend_on_what_tshark_takes_the_payload_for(folder: Path) -> None:
    """Here for a message of a length that it never has."""
    payload = b"\0\0\1\0" + bytes(8)
    sent = [segment(CLIENT, SERVER, ACK, 101 + 12 * n, 501, payload) for n in range(2)]
    capture = open_capture(str(write_pcap(folder / "payload.pcap", [*closed_connection()[:3], *sent])))
    other = Other(("kafka.api_key",), ("-d", "tcp.port==9092,kafka"), "kafka")
    unlike = Other(("kafka.api_key",), ("-d", "tcp.port==9092,echo"), "echo")
    with open_tshark() as tshark:
        one, two = (decode_frames(tshark, whole(capture), [4, 5], others=[beside]) for beside in (other, unlike))
    assert one == two
    assert [headers.frame for headers in one] == [4, 5]


def test_lost_frame(path: Path) -> None:
    """A frame that is not in the capture is an error, not a shorter list."""
    with pytest.raises(ToolError, match=r"did not decode all frames.*: 99;"):
        decode(path, 1, 99)


def test_cut_short(path: Path) -> None:
    """The frames before the cut are decoded, although tshark ends with an error."""
    path.write_bytes(path.read_bytes()[:-10])
    assert [headers.frame for headers in decode(path, 1, 3)] == [1, 3]


def test_plugin_not_loaded(path: Path, folder: Path) -> None:
    """Without the plugin there is an error, and no headers that lack its lines."""
    plugin = write_plugin(folder / "plugin", "-- registers nothing")
    with open_tshark(plugin_source=plugin) as tshark, pytest.raises(ToolError, match="does not know the fields"):
        decode_frames(tshark, whole(open_capture(str(path))), [1])


def test_foreign_config_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A config.ini of another program in the current folder is left alone."""
    (path.parent / "config.ini").write_text("[database]\nhost = localhost\n")
    monkeypatch.chdir(path.parent)
    assert [headers.frame for headers in decode(path, 2)] == [2]


def test_quiet(path: Path) -> None:
    """Neither pyshark nor its event loop prints or warns, not even when Python ends."""
    script = (
        "from tests.pyreport.capture.test_packet_details import decode\n"
        "from pathlib import Path\n"
        f"assert len(decode(Path({str(path)!r}), 1, 2)) == 2\n"
        f"assert len(decode(Path({str(path)!r}), 3)) == 1\n"
    )
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
