"""Flaws of a capture file reach the verdict and the report."""

from __future__ import annotations

import json
import struct
import subprocess
from pathlib import Path
from typing import Any

from tests.pyreport.command import pyreport
from tests.pyreport.conftest import SCENARIOS, Report, log_line

ARTICLE = SCENARIOS / "article" / "article.pcap"


def report(capture: Path, tmp_path: Path) -> tuple[dict[str, Any], str]:
    """The connection in the JSON, and the words of the HTML."""
    target, page = tmp_path / "report.json", tmp_path / "report.html"
    done = pyreport("report", capture, "--log", log_line("article"), "--json", target, "--html", page)
    assert done.status == 0, done.stderr
    (connection,) = json.loads(target.read_text())["connections"]
    return connection, " ".join(page.read_text().split())


def test_the_article_is_sound_and_taken_at_the_client(article: Report) -> None:
    quality = article.connection["quality"]
    assert (quality["vantage"]["place"], quality["vantage"]["disputed"], quality["flaws"]) == ("a", False, [])
    assert "About this capture This capture was taken at the client. Frames of" in article.words
    assert "Nothing speaks against this capture" in article.words


def test_the_clock_of_the_article(article: Report) -> None:
    keepalive = article.connection["keepalive"]
    clock = keepalive["a"]["clock"]
    assert (clock["cadence_ns"], clock["gaps"], clock["spread_ns"], clock["undisturbed"]) == (5_008_000_000, 9, 0, True)
    assert [(fit["kernel"], fit["hz"], fit["idle_s"]) for fit in clock["fits"]] == [
        ("Linux 2.6.35 to 4.7", 250, 5),
        ("Linux 2.6.35 to 4.7", 1000, 5),
    ]
    assert keepalive["b"]["clock"] is None
    assert "A cadence of 5.008 s fits Linux 2.6.35 to 4.7 (HZ 250 or 1000) with an idle time of 5 s." in article.words


def test_the_limits_of_the_article(article: Report) -> None:
    fitting = {row["id"]: row["fate"] for row in article.connection["idle_limits"]["fitting"]}
    assert {name for name, fate in fitting.items() if fate == "equals"} == {"haproxy_1m", "ucloud_clb", "aws_clb"}
    assert fitting["kafka_broker"] == "settable"
    excluded = {row["id"]: row["reason"] for row in article.connection["idle_limits"]["excluded"]}
    assert "Keep-alives refresh it" not in excluded["conntrack"]  # it sends no FIN: that comes first
    assert "drops a connection without a packet" in excluded["aws_nlb"]
    assert "Known limits, held against this age" in article.words


def test_missed_intervals_leave_the_clock_readable(told: Report) -> None:
    clock = told.connection["keepalive"]["a"]["clock"]
    assert clock["cadence_ns"] == 5_008_000_000


def test_dropped_packets_make_the_verdict_less_sure(article: Report, tmp_path: Path) -> None:
    capture = tmp_path / "dropped.pcapng"
    subprocess.run(["editcap", "-F", "pcapng", str(ARTICLE), str(capture)], check=True)
    body = struct.pack("<III", 0, 0, 0) + struct.pack("<HHQ", 7, 8, 12) + struct.pack("<HH", 0, 0)
    length = 12 + len(body)
    with capture.open("ab") as file:
        file.write(struct.pack("<II", 5, length) + body + struct.pack("<I", length))
    connection, words = report(capture, tmp_path)
    assert article.connection["verdict"]["confidence"] == "likely"
    assert connection["verdict"]["confidence"] == "possible"
    assert [flaw["id"] for flaw in connection["quality"]["flaws"]] == ["dropped"]
    assert "The capture file says that twelve packets did not get into it" in words
    assert "The verdict is less sure than the frames alone would make it" in words


def test_a_capture_of_headers_is_as_good(article: Report, tmp_path: Path) -> None:
    capture = tmp_path / "headers.pcap"
    subprocess.run(["editcap", "-s", "80", str(ARTICLE), str(capture)], check=True)
    connection, words = report(capture, tmp_path)
    assert connection["verdict"] == article.connection["verdict"]
    assert [flaw["id"] for flaw in connection["quality"]["flaws"]] == ["cut_frames"]
    assert "at most 80 bytes of each were kept. This weakens what is said about what the payload holds" in words


def test_a_frame_that_the_capture_lost_is_noticed(tmp_path: Path) -> None:
    """Frame 440 is the server's last payload: without it, the client acknowledges what nobody sent."""
    capture = tmp_path / "lost.pcap"
    subprocess.run(["editcap", str(ARTICLE), str(capture), "440"], check=True)
    connection, _ = report(capture, tmp_path)
    lost = next(flaw for flaw in connection["quality"]["flaws"] if flaw["id"] == "lost_frames")
    assert "10.226.11.15:38742 acknowledged" in lost["text"]
    assert lost["weakens"] == ["absence", "answers", "times"]
    assert connection["verdict"]["confidence"] == "possible"
