"""``pyreport compare`` as users meet it, on captures of simulated hosts of which all is known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from pyreport.base.claim import Party, claim
from pyreport.compare.alignment import Order
from pyreport.compare.closes import Close
from pyreport.words import Words
from tests.pyreport.command import Done, pyreport
from tests.pyreport.conftest import SCENARIOS
from tests.scenarios.packets import FIN, Address, Segment, segment_of
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.simulation import SECOND
from tests.scenarios.two_ends import (
    CLIENT,
    EVERY_SECOND,
    SERVER,
    START,
    TwoEnds,
    changed,
    clock,
    renumbered,
    translated,
    without_identification,
    without_timestamps,
)
from tests.support.programs import public_folder
from tests.support.tiny_capture import closed_connection
from tests.support.tiny_capture import write_pcap as write_tiny

Ends = tuple[Sequence[Frame], Sequence[Frame]]
OUTSIDE = Address(IPv4Address("203.0.113.7"), 61_000)
HOUR = 3600 * SECOND
WORDS = Words()
NAMED = ("--connection", f"{CLIENT.ip}:{CLIENT.port}->{SERVER.ip}:{SERVER.port}")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the unprivileged account, too, can enter."""
    with public_folder() as path:
        yield path


def forged() -> Ends:
    """The client receives a RST at 4.5 s that the server did not send; the server goes on probing."""
    world = TwoEnds(server_probes=EVERY_SECOND)
    world.forge_reset_to_client(4.5)
    return world.run(9)


def probes_lost() -> Ends:
    """The client's probes of 3 to 6 s are lost on the way; the server closes at 9.2 s."""
    world = TwoEnds(loses=lambda at, seg: seg.source == CLIENT and START + 3 * SECOND < at < START + 6 * SECOND)
    world.at(9.2, world.connection.server.close)
    return world.run(12)


def fin_lost() -> Ends:
    world = TwoEnds(loses=lambda _at, segment: segment.source == SERVER and bool(segment.flags & FIN))
    world.at(5.5, world.connection.server.close)
    return world.run(9)


def compared(folder: Path, ends: Ends, *arguments: str) -> dict[str, Any]:
    """The JSON of the comparison."""
    for name, frames in zip(("first.pcap", "second.pcap"), ends, strict=True):
        write_pcap(folder / name, frames, nanoseconds=True, clock_may_jump=True)
    done = pyreport("compare", "first.pcap", "second.pcap", *arguments, "--json", "out.json", cwd=folder)
    assert done.status == 0, done.stderr
    document: dict[str, Any] = json.loads((folder / "out.json").read_text())
    return document


def frames_of(ends: Ends, end: int, wanted: Callable[[int, Segment], bool]) -> list[int]:
    """Numbers of the frames of a capture that were meant, told from their octets and times."""
    return [
        number for number, frame in enumerate(ends[end], start=1) if wanted(frame.time_ns, segment_of(frame.octets))
    ]


def bare(segment: Segment) -> Segment:
    """Nothing is left that tells one probe from the next."""
    return without_identification(without_timestamps(segment))


@pytest.mark.parametrize(
    ("change", "ahead_ns", "ppm"),
    [
        (lambda segment: segment, HOUR + 123_456_789, 40),
        (translated(CLIENT, OUTSIDE), -HOUR, -15),
        (
            lambda segment: translated(CLIENT, Address(OUTSIDE.ip, CLIENT.port))(renumbered(2**32 - 5, 77)(segment)),
            0,
            0,
        ),
        (without_timestamps, 250_000_000, 0),
        (bare, -5 * SECOND, 0),
    ],
    ids=["clock", "NAT", "NAT that rewrites numbers", "timestamps removed", "nothing to tell probes apart"],
)
def test_a_forged_reset_is_found_whatever_the_way_changes(
    folder: Path, change: Callable[[Segment], Segment], ahead_ns: int, ppm: int
) -> None:
    client, server = forged()
    # A device that takes options out does so towards both ends.
    seen = [changed(client, change)] if change in (bare, without_timestamps) else [client]
    document = compared(folder, (seen[0], clock(changed(server, change), ahead_ns, ppm)))
    verdict = document["conclusions"][0]
    assert (verdict["kind"], verdict["where"], verdict["confidence"]) == ("made_between", "between", "confirmed")
    reset = frames_of((client, server), 0, lambda _at, seg: seg.source == SERVER and bool(seg.flags & 4))
    assert verdict["client_frames"] == reset
    assert verdict["server_frames"], "the frame with which the server goes on"
    clocks = document["clocks"]
    truth = ahead_ns + (clocks["at_ns"] - START) * ppm // 1_000_000
    assert clocks["low_ns"] <= truth <= clocks["high_ns"]
    assert clocks["high_ns"] - clocks["low_ns"] < 4_000_000
    assert clocks["least_drift_ppb"] <= ppm * 1000 <= clocks["most_drift_ppb"]


def test_what_the_way_changes_is_named(folder: Path) -> None:
    client, server = forged()
    both = translated(CLIENT, Address(OUTSIDE.ip, CLIENT.port))
    document = compared(folder, (client, changed(changed(server, renumbered(1000, 0)), both)))
    texts = {change["id"]: change["text"] for change in document["changes"]}
    assert set(texts) == {"addresses", "sequence_numbers", "hop_limit"}
    assert "203.0.113.7:40312" in texts["addresses"]
    assert "1,000 is added" in texts["sequence_numbers"]
    assert document["ends"][0] == {
        "name": "client", "in_client_capture": "10.1.0.5:40312", "in_server_capture": "203.0.113.7:40312",
    }  # fmt: skip


@pytest.mark.parametrize("change", [lambda segment: segment, bare], ids=["as sent", "nothing to tell probes apart"])
def test_lost_probes(folder: Path, change: Callable[[Segment], Segment]) -> None:
    ends = probes_lost()
    document = compared(folder, (changed(ends[0], change), clock(changed(ends[1], change), 30 * SECOND)))
    verdict = document["conclusions"][0]
    assert (verdict["kind"], verdict["where"]) == ("lost_on_the_way", "way_to_server")
    gone = frames_of(ends, 0, lambda at, seg: seg.source == CLIENT and START + 3 * SECOND < at < START + 6 * SECOND)
    assert (verdict["client_frames"], verdict["server_frames"]) == (gone, [])
    told = claim("probes-lost", count=3, first=3, last=5, who=Party.CLIENT, whom=Party.SERVER)
    assert verdict["text"] == WORDS.say(told)
    lost = [segment for segment in document["segments"] if segment["fate"] == "lost"]
    assert [segment["client_frame"] for segment in lost] == gone


def test_a_lost_fin(folder: Path) -> None:
    ends = fin_lost()
    verdict = compared(folder, ends)["conclusions"][0]
    fin = frames_of(ends, 1, lambda _at, segment: bool(segment.flags & FIN))
    assert (verdict["kind"], verdict["where"]) == ("lost_on_the_way", "way_to_client")
    assert set(fin) <= set(verdict["server_frames"])


def test_captures_in_the_other_order_are_taken_in_the_right_one(folder: Path) -> None:
    client, server = probes_lost()
    right = compared(folder, (client, clock(server, HOUR)))
    turned = compared(folder, (clock(server, HOUR), client))
    assert (right["was_swapped"], turned["was_swapped"]) == (False, True)
    assert [capture["path"] for capture in turned["captures"]] == ["second.pcap", "first.pcap"]
    for part in ("conclusions", "segments", "clocks", "ends"):
        assert right[part] == turned[part], part
    swapped = claim("captures-were-swapped", path="second.pcap", who=Party.CLIENT, order=Order.TIMES)
    assert WORDS.say(swapped) in turned["warnings"]


def test_what_a_capture_lost_by_itself_is_not_lost_on_the_way(folder: Path) -> None:
    """The server's capture lacks three probes that the server answered."""
    client, server = TwoEnds().run(12)
    gap = [f for f in server if not (START + 4 * SECOND < f.time_ns < START + 7 * SECOND and _from_client(f))]
    assert len(gap) < len(server)
    document = compared(folder, (client, gap))
    assert document["conclusions"][0]["kind"] == "same_at_both_ends"
    assert {s["fate"] for s in document["segments"]} == {"arrived", "arrived unseen"}
    lacking = claim("capture-lacks-packets", path="second.pcap", count=3, who=Party.SERVER)
    assert WORDS.say(lacking) in document["warnings"]


def _from_client(frame: Frame) -> bool:
    return segment_of(frame.octets).source == CLIENT


def test_what_a_capture_does_not_cover_is_not_lost(folder: Path) -> None:
    client, server = TwoEnds().run(12)
    until = START + 5 * SECOND
    document = compared(folder, (client, [frame for frame in server if frame.time_ns < until]))
    fates = {segment["fate"] for segment in document["segments"]}
    assert "lost" not in fates
    assert "not covered" in fates
    uncovered = claim("packets-not-covered", count=sum(s["fate"] == "not covered" for s in document["segments"]))
    assert WORDS.say(uncovered) in document["conclusions"][0]["text"]


def test_a_clock_that_is_set_is_told(folder: Path) -> None:
    client, server = TwoEnds().run(12)
    late = [
        frame._replace(time_ns=frame.time_ns + (SECOND if frame.time_ns > START + 6 * SECOND else 0))
        for frame in server
    ]
    document = compared(folder, (client, late))
    assert document["clocks"]["steps"] == 1
    assert re.search(r"their difference jumps by 1\.00\d s", " ".join(document["warnings"]))
    assert document["conclusions"][0]["kind"] == "same_at_both_ends"


# How the connection is named -----------------------------------------------------------------------------------------


def test_the_log_of_either_end_names_the_connection(folder: Path) -> None:
    """The server's log has the translated address of the client, which only the server's capture knows."""
    client, server = forged()
    ends = client, changed(server, translated(CLIENT, OUTSIDE))
    for local, remote in ((CLIENT, SERVER), (SERVER, OUTSIDE)):
        line = f"2023-11-14 22:13:29 write tcp {local.ip}:{local.port}->{remote.ip}:{remote.port}: write: broken pipe"
        document = compared(folder, ends, "--log", line)
        assert document["log_line"] == line
        assert document["conclusions"][0]["kind"] == "made_between"


def test_streams_of_both_captures(folder: Path) -> None:
    document = compared(folder, forged(), "--stream", "0", "--server-stream", "0")
    assert (document["client_stream"], document["server_stream"]) == (0, 0)


def refused(done: Done, status: int, said: str) -> None:
    assert (done.status, done.stdout) == (status, "")
    assert done.is_one_sentence, done.stderr
    assert re.search(said, done.stderr), done.stderr


def test_captures_without_a_common_connection(folder: Path) -> None:
    write_tiny(folder / "tiny.pcap", closed_connection())
    article = SCENARIOS / "article" / "article.pcap"
    refused(
        pyreport("compare", article, "tiny.pcap", cwd=folder), 1, "No connection is in both .*article.pcap and tiny"
    )
    refused(
        pyreport("compare", "tiny.pcap", article, "--stream", "0", cwd=folder), 1,
        r"192\.0\.2\.1:40000->192\.0\.2\.2:9092 \(stream 0 of tiny\.pcap\) is not in .*article\.pcap",
    )  # fmt: skip
    assert [path.name for path in folder.iterdir()] == ["tiny.pcap"]


def test_several_candidates_are_ranked_and_named(folder: Path) -> None:
    """The server's capture has the connection twice, under other addresses: before and behind a translation."""
    client, server = forged()
    twice = sorted(
        [*changed(server, translated(CLIENT, OUTSIDE)), *changed(server, translated(CLIENT, Address(OUTSIDE.ip, 7)))]
    )
    write_pcap(folder / "first.pcap", client)
    write_pcap(folder / "second.pcap", twice)
    done = pyreport("compare", "first.pcap", "second.pcap", *NAMED, cwd=folder)
    refused(done, 1, r"can be 2 connections of second\.pcap: .*\(stream \d, \d+ segments in common\).*--server-stream")
    document = compared(folder, (client, twice), "--stream", "0", "--server-stream", "1")
    assert document["server_stream"] == 1


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("first.pcap", "first.pcap"), 2, "Both captures are the same: give one from each end"),
        (("first.pcap", "lost.pcap"), 1, r"There is no file lost\.pcap"),
        (("first.pcap", "second.pcap", "--json", "second.pcap"), 1, "is the capture itself"),
        (("first.pcap", "second.pcap", "--stream", "9"), 1, "no TCP stream 9"),
        (
            ("first.pcap", "second.pcap", "--connection", "10.9.9.9:1->10.9.9.8:2"),
            1,
            r"In first\.pcap: .*In second\.pcap",
        ),
    ],
)
def test_what_cannot_be_compared(folder: Path, arguments: tuple[str, ...], status: int, said: str) -> None:
    for name, frames in zip(("first.pcap", "second.pcap"), TwoEnds().run(2), strict=True):
        write_pcap(folder / name, frames)
    refused(pyreport("compare", *arguments, cwd=folder), status, said)
    assert sorted(path.name for path in folder.iterdir()) == ["first.pcap", "second.pcap"]


# What it writes ------------------------------------------------------------------------------------------------------


def test_the_report_says_where_it_happened(folder: Path) -> None:
    client, server = forged()
    write_pcap(folder / "client.pcap", client)
    write_pcap(folder / "server.pcap", server)
    done = pyreport("compare", "client.pcap", "server.pcap", cwd=folder, SOURCE_DATE_EPOCH="1700000000")
    assert done.status == 0, done.stderr
    forged_rst = claim("close-not-sent", close=Close.RST, who=Party.SERVER, whom=Party.CLIENT, proven=True)
    assert WORDS.say(forged_rst) in done.stderr
    assert done.stderr.endswith("Written: client.compare.pdf\n")
    pages = PdfReader(folder / "client.compare.pdf").pages
    words = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert len(pages) <= 4
    for said in (
        WORDS.say(forged_rst),
        WORDS.label("fate-not-sent"),
        WORDS.say(claim("open-which-device")),
        "pyreport compare client.pcap server.pcap",
        WORDS.say(claim("hop-limit-falls", who=Party.CLIENT, by=3)),
        "tcp.stream == 0",
    ):
        assert said in words, said
