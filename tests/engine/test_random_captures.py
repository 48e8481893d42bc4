"""Captures made at random: what the fast reader reads of them is what tshark reads, and it never ends in another way than
by saying so.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

from pyreport.capture.tshark import Tshark
from tests.engine.both import assert_same, reason
from tests.engine.mutations import write

# PROPERTY_SHARE is the percentage of examples, as in tests/property.
EXAMPLES = max(2, 40 * int(os.environ.get("PROPERTY_SHARE", "100")) // 100)


def test_what_is_read_is_what_tshark_reads(tshark: Tshark, tmp_path: Path) -> None:
    read = 0
    for seed in range(EXAMPLES):
        capture = tmp_path / f"{seed}.pcap"
        write(capture, Random(seed))
        said = reason(tshark, capture)
        assert said != "failed", seed
        if not said:
            assert_same(tshark, capture, seed)
            read += 1
    assert read > EXAMPLES // 4
