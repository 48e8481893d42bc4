"""What the packet list and the details say: the worst finding first, in words, and the way to what belongs to it."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.dissector.test_filters import frames
from tests.dissector.trace import OPEN, PROBED, Trace
from tests.support.plugin import run_tshark

FIN, ITS_ACK, WRITE, RESET = 8, 9, 10, 11
BROKEN = OPEN + "61.002 server FIN\n61.003 client ACK\n90.000 client len=84\n90.001 server RST"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A close after an idle minute, a write after it, and the RST."""
    return Trace(BROKEN).write(tmp_path / "trace.pcap")


def shown(capture: Path, field: str, *options: str) -> dict[int, str]:
    """The values of a field by frame, of those that have it; with a filter, or tshark has one pass."""
    arguments = ["-2", "-r", str(capture), "-Y", "frame", "-T", "fields", "-e", "frame.number", "-e", field, *options]
    rows = (line.split("\t") for line in run_tshark(arguments).splitlines())
    return {int(number): text for number, text in rows if text}


def test_the_packet_list_says_in_words_what_happened(broken: Path) -> None:
    assert shown(broken, "keepalive.headline") == {
        FIN: "► Closes first after 60.0 s of silence",
        ITS_ACK: "Acknowledges FIN 8 after 1.0 ms",
        WRITE: "84 bytes written 29.0 s after FIN 8",
        RESET: "RST for the write in frame 10, 29.0 s after FIN 8",
    }


def test_a_close_that_nobody_paid_for_has_no_mark(tmp_path: Path) -> None:
    """The near twin: the same close, and the other side closes, too."""
    capture = Trace(OPEN + "61.002 server FIN\n61.003 client FIN\n61.004 server ACK").write(tmp_path / "trace.pcap")
    assert "►" not in "".join(shown(capture, "keepalive.headline").values())
    assert shown(capture, "keepalive.linked_from") == {}


def test_trouble_leads_to_what_it_links_to_and_back(broken: Path) -> None:
    assert shown(broken, "keepalive.linked_from") == {FIN: "10,11", WRITE: "11", RESET: "10"}
    assert frames(broken, 'keepalive.level in {"Warn", "Error"} || keepalive.linked_from') == [FIN, WRITE, RESET]


def test_a_frame_without_a_finding_says_which_trouble_links_to_it(tmp_path: Path) -> None:
    """The data before an RST."""
    capture = Trace(OPEN + "30.000 client len=10\n30.001 server RST").write(tmp_path / "trace.pcap")
    (data, reset) = (8, 9)
    assert shown(capture, "keepalive.reset.since") == {reset: str(data)}
    assert shown(capture, "keepalive.linked_from")[data] == str(reset)
    assert data not in shown(capture, "keepalive.finding")


def test_the_worst_finding_is_the_one_of_the_highest_level(tmp_path: Path) -> None:
    """A missed interval that a FIN ends, and a probe after a FIN: the worse one comes first."""
    capture = Trace(PROBED + "17-39 others\n40.000 client FIN\n40.001 server ACK").write(tmp_path / "trace.pcap")
    (frame,) = frames(capture, "keepalive.missed")
    assert shown(capture, "keepalive.worst")[frame] == "missed"
    assert shown(capture, "keepalive.finding")[frame].split(",") == ["missed", "fin"]
    assert shown(capture, "keepalive.headline")[frame].endswith("; First FIN")


def test_the_layer_says_the_worst_finding_when_it_is_folded(broken: Path) -> None:
    packets = ElementTree.fromstring(run_tshark(["-2", "-r", str(broken), "-Y", "frame", "-T", "pdml"])).iter("packet")
    (layer,) = [proto for proto in list(packets)[RESET - 1].iter("proto") if proto.get("name") == "keepalive"]
    assert layer.get("showname", "").endswith("(Error): RST for the write in frame 10, 29.0 s after FIN 8")
    visible = [field for field in layer if field.get("hide") != "yes"]
    assert [field.get("name") for field in visible] == ["keepalive.post_fin_reset", "keepalive.linked_from"]
    assert visible[0].get("showname") == "RST after the closing side's FIN (Error)"


def info_column(capture: Path, *options: str) -> dict[int, str]:
    """What the packet list shows in Info, by frame. The field `_ws.col.info` is filled too early in Wireshark 4.4."""
    lines = run_tshark(["-2", "-r", str(capture), "-Y", "frame", "-T", "tabs", *options]).splitlines()
    return {int(number): info for number, *_, info in (line.split("\t") for line in lines)}


def test_the_info_column_says_trouble_and_nothing_else(broken: Path) -> None:
    infos = info_column(broken)
    assert {frame for frame, info in infos.items() if "{" in info} == {WRITE, RESET}
    assert infos[WRITE].endswith("  {84 bytes written 29.0 s after FIN 8}")


def test_the_info_column_can_be_left_as_it_is(broken: Path) -> None:
    assert "{" not in "".join(info_column(broken, "-o", "keepalive.info_suffix:FALSE").values())
