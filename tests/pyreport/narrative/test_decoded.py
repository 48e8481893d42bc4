"""Of a decoded header the lines that matter, among them what Wireshark and the plugin say of the frame."""

from __future__ import annotations

from pyreport.capture.packet_details import FrameHeaders, HeaderLine
from pyreport.narrative.decoded import decoded_frames
from tests.pyreport.cases import case_of, number, overlooked_close

LINES = (
    HeaderLine(0, "Internet Protocol Version 4"),
    HeaderLine(1, "Flags: 0x40, Don't fragment", "ip.flags"),
    HeaderLine(1, "Identification: 0x7644 (30276)", "ip.id"),
    HeaderLine(0, "Transmission Control Protocol"),
    HeaderLine(1, "Flags: 0x011 (FIN, ACK)", "tcp.flags"),
    HeaderLine(2, ".... .... ...1 = Fin: Set", "tcp.flags.fin"),
    HeaderLine(1, "Expert Info (Chat/Sequence): Connection finish (FIN)", "_ws.expert"),
    HeaderLine(0, "Keep-alive (this project's plugin)"),
    HeaderLine(1, "First FIN (Note)", "keepalive.fin"),
    HeaderLine(2, "Expert Info (Note/Sequence): 10.0.0.2:9092 closes first after 60.0 s of silence", "_ws.expert"),
)


def test_the_lines_that_matter_and_the_plugins_sentence() -> None:
    (shown,) = decoded_frames(case_of(overlooked_close()), [FrameHeaders(number(61.0), LINES)])
    assert [(line.text, line.decisive) for line in shown.lines] == [
        ("Internet Protocol Version 4", False),
        ("Identification: 0x7644 (30276)", False),
        ("Transmission Control Protocol", False),
        ("Flags: 0x011 (FIN, ACK)", True),
        ("Keep-alive (this project's plugin)", False),
        ("Expert Info (Note/Sequence): 10.0.0.2:9092 closes first after 60.0 s of silence", True),
    ]


def test_a_layer_without_such_a_line_is_not_named() -> None:
    (shown,) = decoded_frames(case_of(overlooked_close()), [FrameHeaders(number(61.0), LINES[:-1])])
    assert [line.text for line in shown.lines if line.depth == 0] == [
        "Internet Protocol Version 4",
        "Transmission Control Protocol",
    ]


def test_a_frame_that_decides_nothing_is_not_shown() -> None:
    assert decoded_frames(case_of(overlooked_close()), [FrameHeaders(number(0.0), LINES)]) == ()
