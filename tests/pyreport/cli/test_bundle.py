"""pyreport report --bundle and pyreport verify, from end to end."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.pyreport.cli.test_annotate import ARTICLE, tshark
from tests.pyreport.command import Done, pyreport
from tests.pyreport.conftest import MADE_AT, log_line


def report(target: Path, *options: str | Path) -> Done:
    log = log_line("article")
    return pyreport("report", ARTICLE, "--log", log, "--bundle", target, *options, SOURCE_DATE_EPOCH=MADE_AT)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle as a folder, with files inside the PDF."""
    folder = tmp_path_factory.mktemp("bundle") / "b"
    done = report(folder, "--attach")
    assert done.status == 0, done.stderr
    return folder


def test_what_is_in_it(bundle: Path) -> None:
    names = {path.name for path in bundle.iterdir()}
    assert names == {
        *("report.pdf", "report.json", "frames.pcapng", "probes.csv", "findings.csv", "log.txt", "letter.txt"),
        "manifest.json",
    }
    assert (bundle / "log.txt").read_text() == log_line("article") + "\n"
    manifest = json.loads((bundle / "manifest.json").read_text())
    assert manifest["capture"]["sha256"] == hashlib.sha256(ARTICLE.read_bytes()).hexdigest()
    assert {"pyreport", "tshark", "Python"} <= set(manifest["versions"])
    assert {entry["name"] for entry in manifest["files"]} == names - {"manifest.json"}


def test_the_frames_are_those_of_the_connection_and_say_where_they_were(bundle: Path) -> None:
    (connection,) = json.loads((bundle / "report.json").read_text())["connections"]
    numbers = [row[0] for row in tshark(ARTICLE, "frame.number", only=f"tcp.stream == {connection['stream']}")]
    rows = tshark(bundle / "frames.pcapng", "frame.time_epoch", "tcp.seq_raw", "frame.comment")
    assert [row[2].split("|")[0] for row in rows] == [f"Frame {number} of article.pcap" for number in numbers]
    were = tshark(ARTICLE, "frame.time_epoch", "tcp.seq_raw", only=f"tcp.stream == {connection['stream']}")
    assert [row[:2] for row in rows] == were
    told = {
        (int(row[2].split("|")[0].split()[1]), comment.partition(":")[0])
        for row in rows
        for comment in row[2].split("|")[1:]
    }
    assert told == {(f["frame"], f"{f['level']} (keepalive.{f['id']})") for f in connection["findings"]}


def test_the_tables_are_those_of_the_json(bundle: Path) -> None:
    (connection,) = json.loads((bundle / "report.json").read_text())["connections"]
    findings = list(csv.DictReader((bundle / "findings.csv").read_text().splitlines()))
    assert [(int(row["frame"]), row["finding"], json.loads(row["data"])) for row in findings] == [
        (f["frame"], f["id"], f["data"]) for f in connection["findings"]
    ]
    probes = list(csv.DictReader((bundle / "probes.csv").read_text().splitlines()))
    assert [int(row["frame"]) for row in probes] == [f["frame"] for f in connection["findings"] if f["id"] == "probe"]
    assert probes[0]["time_utc"] == "2022-09-29 16:07:06.387260000"
    last = probes[-1]
    assert (last["by"], last["answer_frame"]) == ("10.226.11.15:38742", "")  # an RST answers it


def test_files_inside_the_pdf(bundle: Path) -> None:
    attachments = PdfReader(bundle / "report.pdf").attachments
    assert {name: content for name, (content,) in attachments.items()} == {
        name: (bundle / name).read_bytes() for name in ("report.json", "frames.pcapng")
    }


def test_verify(bundle: Path, tmp_path: Path) -> None:
    done = pyreport("verify", bundle)
    assert done.status == 0, done.stderr
    assert hashlib.sha256((bundle / "manifest.json").read_bytes()).hexdigest() in done.stdout
    copy = shutil.copytree(bundle, tmp_path / "copy")
    (copy / "report.json").write_text((copy / "report.json").read_text().replace("940", "941"))
    done = pyreport("verify", copy)
    assert (done.status, done.is_one_sentence) == (4, True)
    assert done.stdout.startswith("changed: report.json\n")
    done = pyreport("verify", ARTICLE)
    assert (done.status, done.is_one_sentence) == (1, True)


def test_an_archive_holds_the_same_and_is_the_same_each_time(tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    contents = []
    for _ in range(2):
        done = report(target)
        assert done.status == 0, done.stderr
        contents.append(target.read_bytes())
        target.unlink()
    assert contents[0] == contents[1]
    target.write_bytes(contents[0])
    with zipfile.ZipFile(target) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2023, 11, 14, 22, 13, 20)}
    assert pyreport("verify", target).status == 0


def test_what_cannot_be_written_is_said_before_the_work(bundle: Path, tmp_path: Path) -> None:
    for target in (bundle, tmp_path / "none" / "b.zip", ARTICLE):
        done = report(target)
        assert (done.status, done.is_one_sentence) == (1, True), done.stderr
    done = pyreport("report", ARTICLE, "--attach", "--json", tmp_path / "x.json")
    assert (done.status, done.is_one_sentence) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk(tmp_path: Path) -> None:
    target = tmp_path / "b.zip"
    target.symlink_to("/dev/full")
    done = report(target)
    assert done.status == 1
    assert done.stderr.splitlines()[-1].startswith(f"pyreport: {target} cannot be written (No space left on device)")
    assert list(tmp_path.iterdir()) == [target]
