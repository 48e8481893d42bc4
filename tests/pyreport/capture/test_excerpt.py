"""Numbers of frames in the sentences of Wireshark and of the plugin."""

from __future__ import annotations

import pytest

from pyreport.capture.excerpt import Excerpt, whole
from pyreport.capture.file import Capture
from pyreport.capture.sums import KnownSums

NUMBERS = [90, 92, 950]


def excerpt(numbers: list[int] | None) -> Excerpt:
    return Excerpt(Capture((), "capture.pcap", KnownSums("")), numbers)


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("Answers the probe in frame 2 after 220 µs", "Answers the probe in frame 92 after 220 µs"),
        ("[This is an ACK to the segment in frame: 3]", "[This is an ACK to the segment in frame: 950]"),
        ("RST for the probe in frame 1, 5.011 s after FIN 3", "RST for the probe in frame 90, 5.011 s after FIN 950"),
    ],
)
def test_a_frame_has_the_number_of_the_whole_capture(there: str, here: str) -> None:
    assert excerpt(NUMBERS).original_text(there) == here


@pytest.mark.parametrize(
    "text",
    [
        "Time without a frame: 138.951995000 seconds",
        "Time without a frame: 2.000000000 seconds",
        "Delta from the previous frame: 3 s",
        "No frame for 2.000 s, probes due on 3 connections",
        "Probe 2 after the FIN 1.500 s",
    ],
)
def test_a_time_stays(text: str) -> None:
    assert excerpt(NUMBERS).original_text(text) == text


def test_the_whole_capture_has_its_own_numbers() -> None:
    assert whole(excerpt(None).capture).original_text("in frame 2") == "in frame 2"
