"""The HTML report in a browser: as wide as the window, styled under its own content security policy, and printed
without what only our own PDF has.

Chromium shows the reports in frames of a page of the test, and says what it measured there (--dump-dom).
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from pyreport.narrative.model import Narrative
from pyreport.render.compare import render_comparison
from pyreport.render.html import render_html
from pyreport.words import Words
from tests.pyreport import sample
from tests.pyreport.render.test_compare import report as compared
from tests.pyreport.sample import WORDS, PlainWords

pytestmark = pytest.mark.slow

TELEPHONE, DESK = 390, 1280
#: The least contrast of text (W3C, Web Content Accessibility Guidelines 2.2, 1.4.3).
LEAST_CONTRAST = 4.5
#: The smallest letters that a screen may show, in pixels.
SMALLEST = 11
MEASURE = """
<script>
const luminance = ([red, green, blue]) => [red, green, blue]
  .map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
const numbers = colour => colour.match(/[0-9.]+/g).map(Number);
const backdrop = (view, element) => {
  for (; element; element = element.parentElement) {
    const colour = numbers(view.getComputedStyle(element).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const faint = view => texts(view).map(element => {
    const lights = [numbers(view.getComputedStyle(element).color), backdrop(view, element)].map(luminance);
    return [(Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05), element.textContent.trim().slice(0, 40)];
  }).filter(([contrast]) => contrast < LEAST);
const texts = view => [...view.document.querySelectorAll("body *")]
  .filter(element => !element.closest("svg") && element.getClientRects().length)
  .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
const small = view => texts(view)
  .filter(element => parseFloat(view.getComputedStyle(element).fontSize) < SMALLEST)
  .map(element => element.textContent.trim().slice(0, 40));
const spilling = view => [...view.document.querySelectorAll("td, th")]
  .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent.trim().slice(0, 40));
const scrolls = (view, element) => {
  for (element = element.parentElement; element; element = element.parentElement)
    if (["auto", "scroll"].includes(view.getComputedStyle(element).overflowX)) return true;
  return false;
};
const clipped = view => [...view.document.querySelectorAll("body *")]
  .filter(element => !element.parentElement.closest("svg") && !scrolls(view, element))
  .filter(element => element.getBoundingClientRect().right > view.innerWidth + 1)
  .map(element => element.textContent.trim().slice(0, 40));
const sideways = view => [...view.document.querySelectorAll("body *")]
  .filter(element => element.scrollWidth > element.clientWidth + 1)
  .filter(element => ["auto", "scroll"].includes(view.getComputedStyle(element).overflowX))
  .filter(element => element.tagName !== "FIGURE").map(element => element.textContent.trim().slice(0, 40));
addEventListener("load", () => {
  const told = [...document.querySelectorAll("iframe")].map(frame => {
    const view = frame.contentWindow;
    return {
      width: view.document.documentElement.scrollWidth, window: view.innerWidth,
      clipped: clipped(view), faint: faint(view), sideways: sideways(view), small: small(view),
      spilling: spilling(view),
      dark: view.matchMedia("(prefers-color-scheme: dark)").matches,
    };
  });
  document.body.textContent = JSON.stringify(told);
});
</script>
""".replace("LEAST", str(LEAST_CONTRAST)).replace("SMALLEST", str(SMALLEST))


def chromium(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Show a page without a window. The test may run as root, in a container, where Chromium has no sandbox."""
    return subprocess.run(
        ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr",
         f"--user-data-dir={page.parent / 'profile'}", *options, page.as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip


def measured(pages: list[str], folder: Path, *options: str) -> list[dict[str, object]]:
    """What each page looks like on a telephone and on a desk. In a frame that is named in the page of the test, the
    policy of that page holds, too, and ours would let no script measure: it is left out.
    """
    open_pages = [html.escape(re.sub("<meta http-equiv[^>]*>", "", page)) for page in pages]
    frames = "".join(
        f'<iframe width="{width}" height="800" srcdoc="{page}"></iframe>'
        for page in open_pages
        for width in (TELEPHONE, DESK)
    )
    path = folder / "measured.html"
    path.write_text(f'<!DOCTYPE html><meta charset="utf-8"><body>{frames}{MEASURE}</body>', encoding="utf-8")
    shown = chromium(path, "--dump-dom", *options).stdout
    found = re.search("<body[^>]*>(.*)</body>", shown, re.DOTALL)
    assert found is not None
    told: list[dict[str, object]] = json.loads(html.unescape(found[1]))
    assert len(told) == 2 * len(pages)
    return told


def broad() -> Narrative:
    """The article's report with a log line that has no place to break it, and a long name of the capture."""
    report = sample.article()
    appendix = replace(report.appendix, capture_path="/captures/" + "no_end_" * 40 + ".pcapng")
    return replace(report, log_line="x" * 900, appendix=appendix)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_report_is_as_wide_as_the_window_and_can_be_read(scheme: str, tmp_path: Path) -> None:
    pages = [
        render_html(report, PlainWords(language, sample.SHANGHAI))
        for language in ("en", "zh")
        for report in (sample.article(), sample.ipv6(), broad())
    ]
    pages += [render_comparison(compared(), Words(language)) for language in ("en", "zh")]
    for told in measured(pages, tmp_path, f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}"):
        assert told["dark"] == (scheme == "dark")
        assert told["width"] == told["window"]
        faults = ("clipped", "sideways", "spilling", "faint", "small")
        assert {name: told[name] for name in faults if told[name]} == {}


def test_what_is_wider_or_fainter_is_seen(tmp_path: Path) -> None:
    """The measure itself: a page that is wrong in each way."""
    page = render_html(sample.article(), WORDS)
    wide = page.replace(
        "<body>", '<body><p style="width: 2000px; color: #eee; background: #fff; font-size: 9px">wide</p>', 1
    )
    telephone, desk = measured([wide], tmp_path, "--blink-settings=preferredColorScheme=1")
    for told, window in ((telephone, TELEPHONE), (desk, DESK)):
        assert told["window"] == window
        assert int(str(told["width"])) >= 2000
        assert "wide" in str(told["clipped"])
        assert "wide" in str(told["faint"])
        assert "wide" in str(told["small"])


@pytest.mark.parametrize("is_changed", [False, True])
def test_the_policy_lets_the_stylesheet_apply_and_no_other(is_changed: bool, tmp_path: Path) -> None:
    page = render_html(sample.article(), WORDS)
    path = tmp_path / "report.html"
    path.write_text(page.replace("<style>", "<style> ", 1) if is_changed else page, encoding="utf-8")
    said = chromium(path, "--dump-dom").stderr
    assert ("Content Security Policy" in said) == is_changed


def test_what_a_browser_prints_begins_with_the_title(tmp_path: Path) -> None:
    """The head and the foot of our own pages are none of a browser's, which numbers its pages all the same."""
    path = tmp_path / "report.html"
    path.write_text(render_html(sample.article(), WORDS), encoding="utf-8")
    chromium(path, "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'printed.pdf'}")
    first = " ".join(PdfReader(tmp_path / "printed.pdf").pages[0].extract_text().split())
    assert re.sub(r"^page 1 of [0-9]+ ", "", first).startswith(
        f"Why the connection broke {sample.CLIENT} → {sample.SERVER}"
    )
    assert "capture sha256" not in first
