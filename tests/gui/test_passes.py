"""A file in the window tells what tshark -2 tells.

Wireshark 4.4 and later dissect each frame twice in a row while they read the file.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gui import screenshot
from tests.gui.test_live import OUTPUT, TOLD, read_told, told_by_tshark
from tests.gui.window import wireshark

ENDS = Path(__file__).with_name("ends.lua")


@pytest.mark.parametrize("capture", [screenshot.ARTICLE, screenshot.ARTICLE_AS_TOLD], ids=["article", "as told"])
def test_the_window_tells_what_tshark_tells(tmp_path: Path, capture: Path) -> None:
    """And it asks once, not with each frame, what the capture's end tells of all connections."""
    with wireshark(capture, more_scripts=[TOLD, ENDS]) as window:
        window.settled_screenshot(tmp_path / "settled.png")
        in_the_window = read_told(window.log.with_name(OUTPUT))
        ends = window.log.with_name("ends.txt").read_text(encoding="utf-8").split()
    expected = told_by_tshark(capture, tmp_path)
    assert any("missed" in record for records in expected.values() for record in records) == ("as_told" in capture.name)
    assert in_the_window == expected
    assert len(ends) == 1
