"""Makes the pictures for the README, of Wireshark and of the report: `python -m tests.gui.screenshot`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.gui.window import wireshark
from tests.support.plugin import REPOSITORY, run_tshark

ARTICLE = REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"
ARTICLE_AS_TOLD = REPOSITORY / "tests" / "scenarios" / "article_as_told" / "article_as_told.pcap"
PICTURE = Path(__file__).parent / "screenshots" / "wireshark-article.png"
PAGE = PICTURE.with_name("report-page-1.png")
CONNECTION = "tcp.port == 38742"
# Places in the window of 1400 x 800 pixels.
PANE_BORDER = (700, 600)  # between the packet details and the bytes
COLOURING_BUTTON = (536, 41)  # in the toolbar
FIRST_LAYER = (300, 447)  # in the packet details

COLOURS = 128  # enough for the window; makes the file small


def first_frame(display_filter: str) -> str:
    """Number of the first frame of the article's capture that a filter lets through."""
    arguments = ["-2", "-r", str(ARTICLE), "-Y", display_filter, "-T", "fields", "-e", "frame.number"]
    return run_tshark(arguments).split()[0]


def take(path: Path) -> None:
    """Write the picture: the connection up to its RST, with the findings on the probe after the FIN unfolded."""
    probe = first_frame(f"{CONNECTION} && keepalive.post_fin_probe")
    with wireshark(ARTICLE, timezone="Asia/Shanghai", arguments=["-Y", CONNECTION, "-g", probe]) as window:
        window.settled_screenshot(path)
        window.drag(PANE_BORDER, (1150, PANE_BORDER[1]))
        window.click(*FIRST_LAYER)
        window.press("End", "shift+Right")  # our layer is the last; unfold all of it
        window.settled_screenshot(path)
    make_small(path)


def take_page(path: Path) -> None:
    """Write the picture of the first page of the demo's report."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "demo.pdf"
        subprocess.run([sys.executable, "-m", "pyreport", "demo", "-o", str(pdf)], check=True)
        to_png = ["pdftoppm", "-r", "100", "-f", "1", "-l", "1", "-singlefile", "-png"]
        subprocess.run([*to_png, str(pdf), str(path.with_suffix(""))], check=True)
    make_small(path)


def make_small(path: Path) -> None:
    """Reduce the colours of a PNG file in place."""
    subprocess.run(
        ["mogrify", "+dither", "-colors", str(COLOURS), "-define", "png:compression-level=9", str(path)], check=True
    )


if __name__ == "__main__":
    take(PICTURE)
    take_page(PAGE)
