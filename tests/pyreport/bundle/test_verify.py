"""A bundle held against its manifest."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from pyreport.base.errors import InputError
from pyreport.bundle.manifest import (
    MANIFEST,
    NAMES,
    CaptureEntry,
    ConnectionEntry,
    Content,
    Manifest,
    dump,
    entry_of,
)
from pyreport.bundle.verify import State, check_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    folder.mkdir()
    entries = []
    for content in (Content.LETTER, Content.LOG, Content.JSON):
        path = folder / NAMES[content]
        path.write_text(f"the {content}")
        entries.append(entry_of(path, content))
    manifest = Manifest(
        format=1,
        generator="pyreport 0",
        made_ns=0,
        redacted=False,
        capture=CaptureEntry(file="x.pcap", bytes=3, sha256="0" * 64),
        connection=ConnectionEntry(a="10.0.0.1:1", b="10.0.0.2:2", stream=0),
        versions={},
        commands=(),
        files=tuple(entries),
    )
    (folder / MANIFEST).write_bytes(dump(manifest))
    return folder


def test_what_was_changed_is_missing_or_was_added(bundle: Path) -> None:
    checked = check_bundle(bundle)
    assert (checked.differ, len(checked.files)) == (0, 3)
    assert checked.manifest_sha256 == hashlib.sha256((bundle / MANIFEST).read_bytes()).hexdigest()
    (bundle / "letter.txt").write_text("the Letter")  # as long as before
    (bundle / "log.txt").unlink()
    (bundle / "more.txt").write_text("")
    checked = check_bundle(bundle)
    assert dict(checked.files) == {
        "letter.txt": State.CHANGED,
        "log.txt": State.MISSING,
        "report.json": State.SAME,
        "more.txt": State.ADDED,
    }
    assert checked.differ == 3


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"files": 3},
        {"more": 1},
        {"files": [{"name": "../x", "content": "log", "bytes": 1, "sha256": "0" * 64}]},
        {"files": [{"name": "manifest.json", "content": "log", "bytes": 1, "sha256": "0" * 64}]},
        {"files": [{"name": "a", "content": "log", "bytes": 1, "sha256": "0" * 64}] * 2},
        {"files": [{"name": "a", "content": "log", "bytes": -1, "sha256": "0" * 64}]},
        {"files": [{"name": "a", "content": "log", "bytes": 1, "sha256": "none"}]},
    ],
    ids=str,
)
def test_a_manifest_that_is_none(bundle: Path, change: dict[str, object]) -> None:
    manifest = json.loads((bundle / MANIFEST).read_text()) | change
    (bundle / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(InputError):
        check_bundle(bundle)


@pytest.mark.parametrize("text", [b"", b"[" * 100_000, b"\xff{}", b" " * (17 << 20)], ids=len)
def test_a_manifest_that_is_no_json(bundle: Path, text: bytes) -> None:
    (bundle / MANIFEST).write_bytes(text)
    with pytest.raises(InputError):
        check_bundle(bundle)


def test_what_is_no_bundle(bundle: Path, tmp_path: Path) -> None:
    (bundle / MANIFEST).unlink()
    with pytest.raises(InputError, match="no bundle"):
        check_bundle(bundle)
    with pytest.raises(InputError, match="There is no file"):
        check_bundle(tmp_path / "nothing.zip")
    (tmp_path / "x.zip").write_bytes(b"none")
    with pytest.raises(InputError, match="no whole ZIP"):
        check_bundle(tmp_path / "x.zip")
