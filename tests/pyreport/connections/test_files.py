"""What is said of the files of a capture, and of a part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyreport.base.claim import Claim, Moment, claim
from pyreport.base.endpoint import Endpoint
from pyreport.capture.file import open_capture
from pyreport.capture.limits import Limits
from pyreport.capture.origins import Origins
from pyreport.connections.files import limited, strangers, warnings_of
from pyreport.connections.index import CaptureIndex, build_index
from pyreport.frames.frame import FLAG_ACK, Frame
from tests.support.tiny_capture import closed_connection
from tests.support.tiny_capture import write_pcap as write_tiny

A, B, C, D = (Endpoint(f"10.0.0.{number}:80") for number in range(1, 5))


def index(*frames: tuple[int, int, Endpoint, Endpoint]) -> CaptureIndex:
    """Frames: number, stream, source, destination."""
    return build_index(
        Frame(number, number * 10**9, stream, source, destination, 0, 0, 0, FLAG_ACK, 64)
        for number, stream, source, destination in frames
    )


def origins(*files: int) -> Origins:
    """The file of each frame, from frame 1 on."""
    made = Origins()
    for number, file in enumerate(files, start=1):
        if number == 1 or file != files[number - 2]:
            made.begin(number, file)
    made.end(len(files))
    return made


def test_a_file_of_other_hosts() -> None:
    found = index((1, 0, A, B), (2, 0, B, A), (3, 1, A, B), (4, 2, C, D))
    assert strangers(origins(0, 0, 1, 2), found) == [2]


def test_one_host_in_common_is_enough() -> None:
    found = index((1, 0, A, B), (2, 1, B, C), (3, 2, C, D))
    assert strangers(origins(0, 1, 2), found) == []


def test_a_connection_may_go_on_in_the_files_between() -> None:
    """The second file has a connection of its own, and perhaps some of the one that goes on in the third."""
    found = index((1, 0, A, B), (2, 1, C, D), (3, 0, B, A))
    assert strangers(origins(0, 1, 2), found) == []


def test_one_file_has_no_others() -> None:
    assert strangers(origins(0, 0), index((1, 0, A, B), (2, 1, C, D))) == []


def test_overlap_and_growth_are_said(tmp_path: Path) -> None:
    path = write_tiny(tmp_path / "a.pcap", closed_connection())
    capture = open_capture(str(path))
    assert list(warnings_of(capture, Origins(), CaptureIndex())) == []
    with path.open("ab") as file:
        file.write(b"1234")
    grew = claim("capture-grew", file=str(path), bytes=capture.size, more=4)
    assert list(warnings_of(capture, origins(0, 1, 0), CaptureIndex())) == [grew, claim("files-overlap", files=2)]


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (Limits(), []),
        (Limits(1, 2), [claim("limited-from-to", first=Moment(1), last=Moment(2))]),
        (Limits(1), [claim("limited-from", first=Moment(1))]),
        (Limits(to_ns=2), [claim("limited-to", last=Moment(2))]),
    ],
)
def test_what_was_left_out(limits: Limits, told: list[Claim]) -> None:
    assert list(limited(limits)) == told
