"""What a module of tests leaves behind is noticed; what a session's fixture may hold is not."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from pyreport.capture.engine import Engine
from pyreport.capture.tshark import open_tshark
from tests.engine.both import told
from tests.support.leftovers import ALLOWED, ending_its_readers, held_now, left_over
from tests.support.plugin import REPOSITORY

ARTICLE = REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"


@pytest.mark.parametrize(("opened", "is_told"), [(ALLOWED, False), (ALLOWED + 1, True)])
def test_open_descriptors(opened: int, is_told: bool, tmp_path: Path) -> None:
    with ExitStack() as end:
        before = held_now()
        for number in range(opened):
            end.enter_context((tmp_path / f"{number}").open("w"))
        told_of = left_over(before, held_now())
    assert len(told_of) == (opened if is_told else 0)
    assert left_over(before, held_now()) == []


@pytest.mark.skipif(not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="the kernel tells no children")
def test_a_child() -> None:
    before = held_now()
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert f"process {child.pid}" in left_over(before, held_now())
    finally:
        child.communicate(b"\n")
    assert left_over(before, held_now()) == []


def test_readers_end_with_the_block() -> None:
    with open_tshark() as tshark:
        before = held_now()
        with ending_its_readers(tshark) as opened:
            told(opened, ARTICLE, Engine.FAST)
        assert held_now().children == before.children
        assert len(held_now().descriptors) == len(before.descriptors)
