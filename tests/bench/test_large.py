"""The large capture: its blocks, and where there is no room for it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.bench import large
from tests.bench.growth import print_large


def test_a_later_block_has_the_segments_of_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made by adding, they are those that are made anew."""
    monkeypatch.setattr(large, "CONNECTIONS", 3)
    blocks = large._Blocks.of(1, 40)
    later = [
        replace(
            sent,
            us=sent.us + 41 * large.BLOCK_S * 1_000_000,
            requests=sent.requests + 41 * large.CYCLES,
            replies=sent.replies + 41 * large.CYCLES,
        )
        for sent in large._block(1)
    ]
    blocks.next()
    octets = blocks.next()
    assert octets == b"".join(sent.octets() for sent in later)
    assert blocks.frames == len(later)


def test_the_segments_of_a_connection_follow_each_other() -> None:
    own = [sent for sent in islice(large._block(0), 3000) if sent.connection == 5]
    assert [sent.is_brokers for sent in own[:3]] == [False, True, False]
    assert all(before.us < after.us for before, after in pairwise(own))


def test_without_room_nothing_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**9))
    with pytest.raises(SystemExit, match=r"16,700,000 frames needs \d\.\d GB, and .* has 1\.0 GB free: set TMPDIR"):
        print_large(tmp_path, lambda *_: pytest.fail("measured"), 16_700_000)
    assert list(tmp_path.iterdir()) == []
