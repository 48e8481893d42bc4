"""The article's incident, from the capture to the pages of the PDF; and its twin, as the article tells it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

from tests.pyreport.command import pyreport
from tests.pyreport.conftest import MADE_AT, SCENARIOS, Report, log_line

CLIENT, SERVER = "10.226.11.15:38742", "10.226.5.4:9092"


def outline(items: object) -> list[str]:
    assert isinstance(items, list)
    return [title for item in items for title in (outline(item) if isinstance(item, list) else [str(item.title)])]


def steps(report: Report) -> list[str]:
    """The rows of the walkthrough: number, frames, time, time since, sentence."""
    document: html.HtmlElement = html.document_fromstring((report.folder / "report.html").read_text())
    for within_text in list(document.iter("a", "span")):
        within_text.drop_tag()
    rows = [row for row in document.iter("tr") if "step" in row.get("class", "").split()]
    cells = [[cell for cell in row.iter("td") if cell.get("class") != "icon"] for row in rows]
    return [" ".join(" ".join(text for cell in row for text in cell.itertext()).split()) for row in cells]


# The pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["article", "told"])
def test_the_pdf_is_whole(article: Report, told: Report, name: str) -> None:
    report = {"article": article, "told": told}[name]
    assert 5 <= len(report.pages) <= 13  # commands with long paths may take a page more
    for number, words in enumerate(report.pages, 1):
        assert f"page {number} of {len(report.pages)}" in words
        assert f"{CLIENT} → {SERVER}" in words
        assert len(words) > 300 or number == len(report.pages)  # commands with long paths may take a page more
    assert "VERDICT" in report.pages[0].upper()
    bookmarks = outline(report.reader.outline)
    for title in (
        "Verdict",
        "Key facts",
        "The host around that time",
        "Walkthrough",
        "What to do",
        "Ask the other side for",
    ):
        assert title in bookmarks
    assert sum(1 for title in bookmarks if title.startswith("Frame ")) == 6


def test_nothing_is_complained_of(article: Report, told: Report) -> None:
    """WeasyPrint's warnings would be on stderr: there is the note, the verdict and the files, and nothing else."""
    for report in (article, told):
        note, verdict, *written = report.done.stderr.splitlines()
        assert note.startswith("Note: The log line names no time zone.")
        assert verdict == report.connection["verdict"]["sentence"]
        assert [line.partition(": ")[0] for line in written] == ["Written"] * 4


def test_the_figure_is_drawn(article: Report) -> None:
    document: html.HtmlElement = html.document_fromstring((article.folder / "report.html").read_text())
    small, figure = [svg for svg in document.iter("{*}svg") if svg.get("class") == "timeline"]
    assert float(small.get("height", "0")) < float(figure.get("height", "0"))
    labels = {text.text_content() for text in figure.iter("{*}text")}
    for label in ("First probe, frame 476", "FIN, frame 940", "RST, frame 980"):
        assert any(label in " ".join(found.split()) for found in (*labels, " ".join(labels)))
    page = next(page for page in article.reader.pages if "First probe" in page.extract_text())
    drawn = page.get_contents()
    assert drawn is not None
    assert len(re.findall(rb"\b[lc]\n", drawn.get_data())) > 200


# The article ---------------------------------------------------------------------------------------------------------


def test_the_verdict_of_the_article(article: Report) -> None:
    verdict = article.connection["verdict"]
    assert verdict["kind"] == "peer_closed_idle"
    assert verdict["attribution"] == ["peer_service", "local_application"]
    assert verdict["sentence"] == (
        "The server closed the connection first (FIN, frame 940), 60.0 s after the last data. All eleven keep-alive "
        "probes of the client before the close were answered; no keep-alive interval was missed. The kernel of the "
        "client acknowledged the FIN after 10 µs. The application of the client did not close its socket for at least "
        "52.1 s after the FIN: its log shows that it still used the socket then. The server answered the keep-alive "
        "probe of the client (frame 979) with an RST (frame 980). From then on the socket of the client was dead: a "
        "later write fails inside the host, and no packet shows it."
    )
    assert verdict["sentence"] in article.words


@pytest.mark.parametrize(
    "sentence",
    [
        "11 sent, 11 answered; no interval missed",
        "No keep-alive probe was missing: the next one was due 99.1 ms after the close.",
        "2022-09-30 00:08:01.376174",
        "2022-09-29 16:08:01.376174 UTC",
        "The strongest objection: The server closed because keep-alive probes were missing. The answer: No",
        "Host: cleared. 14 other connections of the client's host sent 25 keep-alive probes on time",
        "Network: cleared.",
        "Did the server itself send the close, or did a device in front of it?",
        "A missing probe does not make the other side close",
        "The log line names no time zone. Its time was taken as 2022-09-30 00:08:53.470 +08:00",
    ],
)
def test_what_the_article_must_say(article: Report, sentence: str) -> None:
    assert sentence in article.words
    assert sentence in " ".join(article.pages)


def test_the_walkthrough_of_the_article(article: Report) -> None:
    rows = steps(article)
    expected = [
        (r"112-114 .*00:06:37\.915000", "opened the connection"),
        (
            r"115-441 ",
            "The client sent 5,062 bytes, the server 5,823 bytes. The last payload came from the server",
        ),
        (
            r"476-899 00:07:06\.387260 to 00:07:56\.467480 4\.972 s",
            "eleven keep-alive probes, one every 5.008 s. All of them were",
        ),
        (
            r"940 00:08:01\.376174 4\.909 s",
            "The server closed the connection first (FIN, frame 940), 60.0 s after the last data.",
        ),
        (r"941 00:08:01\.376184 10 µs", "acknowledged the FIN after 10 µs. The connection was now half-closed"),
        (
            r"979 00:08:06\.387260 5\.011 s",
            "a keep-alive probe. The kernel still probed because the application there",
        ),
        (
            r"980 00:08:06\.387480 220 µs",
            "answered the keep-alive probe of the client (frame 979) with an RST (frame 980)",
        ),
        (r"no frame 00:08:53\.470000 47\.1 s", "No packet exists for the failed write"),
        (r"1362 00:08:55\.471730 2\.002 s", "opened a new connection to the same peer, from 10.226.11.15:39134"),
    ]
    assert len(rows) == len(expected)
    for number, (row, (start, said)) in enumerate(zip(rows, expected, strict=True), 1):
        assert re.match(rf"{number} {start}", row), row
        assert said in row


def test_the_explanations_of_the_article(article: Report) -> None:
    assert {e["id"]: e["status"] for e in article.connection["explanations"]} == {
        "peer_idle_close": "supported",
        "peer_restart": "ruled out",
        "host_frozen_there": "ruled out",
        "middlebox_close": "possible",
        "path_loss": "ruled out",
        "retransmission_timeout": "ruled out",
        "keepalive_gave_up": "ruled out",
        "probe_not_sent": "ruled out",
        "host_frozen_here": "ruled out",
        "capture_loss": "no evidence",
        "write_on_half_closed": "supported",
        "application_stalled": "supported",
        "peer_application_stalled": "ruled out",
        "close_race": "ruled out",
        "mtu_black_hole": "no evidence",
        "idle_state_forgotten": "no evidence",
    }


def test_every_explanation_and_its_frames_are_in_the_report(article: Report) -> None:
    for explanation in article.connection["explanations"]:
        is_weighty = explanation["status"] in ("supported", "possible")
        for evidence in explanation["evidence"] if is_weighty else explanation["evidence"][:1]:
            assert evidence["text"].rstrip(".") in article.words


def test_the_headers_of_the_decisive_frames(article: Report) -> None:
    for frame in (898, 899, 940, 941, 979, 980):
        assert f"Frame {frame}," in article.words
    assert "Flags: 0x011 (FIN, ACK)" in article.words


def test_the_appendix_lets_another_get_the_same(article: Report) -> None:
    assert article.json["capture"]["sha256"] in article.words.replace(" ", "")
    for part in ("pyreport report", "tshark -2", "-C Keepalive", "tcp.port==9092,kafka", "weasyprint", "pyshark"):
        assert part in article.words


# As the article tells it ---------------------------------------------------------------------------------------------


def test_the_missed_intervals_are_reported(told: Report) -> None:
    assert told.connection["keepalive"]["a"]["missed"] == 3
    assert "three keep-alive intervals went by without a probe" in told.connection["verdict"]["sentence"]
    (missed,) = [row for row in steps(told) if "missed three keep-alive intervals" in row]
    assert re.match(r"4 no frame 00:07:46\.451260 to 00:08:01\.376174 5\.008 s", missed)


def test_the_host_was_frozen_and_that_is_not_why_the_server_closed(told: Report) -> None:
    frozen = told.explanation("host_frozen_here")
    assert frozen["status"] == "supported"
    assert "The client's host sent no frame on any captured connection for 17.549 s." in frozen["evidence"][0]["text"]
    assert set(frozen["evidence"][2]["frames"]) <= set(range(800, 815))
    assert "local_host" in told.connection["verdict"]["attribution"]
    assert any("A missing probe does not make the other side close" in page for page in told.pages[:4])
    assert told.explanation("peer_idle_close")["status"] == "supported"


# The command ---------------------------------------------------------------------------------------------------------


def test_the_same_input_gives_the_same_bytes(article: Report, tmp_path: Path) -> None:
    capture = SCENARIOS / "article" / "article.pcap"
    outputs = ("-o", article.folder / "report.pdf", "--json", article.folder / "report.json")
    first = {
        name: (article.folder / name).read_bytes() for name in ("report.pdf", "report.json", "report.html", "report.md")
    }
    again = pyreport(
        "report", capture, "--log", log_line("article"), *outputs, "--html", article.folder / "report.html",
        "--summary", article.folder / "report.md",
        cwd=tmp_path, SOURCE_DATE_EPOCH=MADE_AT,
    )  # fmt: skip
    assert again.status == 0
    for name, content in first.items():
        assert (article.folder / name).read_bytes() == content
    # Whatever they are called, and whatever else is written.
    named = pyreport(
        "report", capture, "--log", log_line("article"), f"--html={tmp_path / 'other.html'}", "-o",
        tmp_path / "other.pdf", cwd=tmp_path, SOURCE_DATE_EPOCH=MADE_AT,
    )  # fmt: skip
    assert named.status == 0
    assert (tmp_path / "other.pdf").read_bytes() == first["report.pdf"]
    assert (tmp_path / "other.html").read_bytes() == first["report.html"]


def test_the_demo_is_the_article(article: Report, tmp_path: Path) -> None:
    done = pyreport("demo", cwd=tmp_path, SOURCE_DATE_EPOCH=MADE_AT)
    assert done.status == 0
    assert article.connection["verdict"]["sentence"] in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["pyreport-demo.pdf"]
    first_page = " ".join(PdfReader(tmp_path / "pyreport-demo.pdf").pages[0].extract_text().split())
    assert article.connection["verdict"]["sentence"] in first_page
    # Its zone is known, so there is nothing to be assumed.
    assert "UTC+08:00, Asia/Shanghai" in first_page
    assert "Read this first" in article.pages[0]
    assert "Read this first" not in first_page


def test_the_other_end_can_be_asked_for(tmp_path: Path) -> None:
    """From the server's side the same close is its own."""
    target = tmp_path / "x.json"
    capture = SCENARIOS / "article" / "article.pcap"
    done = pyreport("report", capture, "--connection", f"{SERVER}->{CLIENT}", "--json", target, "--tz", "Asia/Shanghai")
    assert done.status == 0
    assert "60.0 s after the last data. The local end itself ended the connection." in done.stderr
