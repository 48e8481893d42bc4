"""Every display filter that a reader is shown or the plugin sets compiles; the profile's are in test_profile.py."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable

import pytest

from pyreport.narrative.in_wireshark import SHOWN_FINDINGS, filters
from tests.gui import screenshot
from tests.pyreport.cases import case_of, overlooked_close
from tests.support.plugin import PLUGIN, REPOSITORY, PluginError, run_tshark

DOCUMENTS = ("README.md", "INSTALL.md", "lua/README.md", "pyreport/README.md", ".ci/zip-readme.txt")
# A field alone or compared; no file (keepalive.lua), preference (keepalive.slack:500) or pattern (keepalive.<id>).
A_FILTER = re.compile(r"`((?:keepalive|tcp|frame)\.(?!lua\b)[a-z_.]+(?: (?:==|>=|<=|>|<|in|&&|\|\|) [^`]+)?)`")
EVENTS = """
    package.path = "{folder}/?.lua;" .. package.path
    local events, incidents = require "keepalive_events", require "keepalive_incidents"
    for _, streams in ipairs({{ {{ 3 }}, {{ 7, 0, 1, 2, 5 }}, {{ 4, 5 }} }}) do
        print(events.filter({{ stream = 3, frame = 9, streams = streams }}))
    end
    print(events.frame_filter({{ frame = 9 }}))
    print(incidents.filter({{ stream = 3 }}))
    print(incidents.frame_filter({{ worst = {{ frame = 9 }} }}))
"""


def in_documents() -> list[str]:
    """Those that the documents show."""
    text = "\n".join((REPOSITORY / name).read_text(encoding="utf-8") for name in DOCUMENTS)
    return sorted(set(A_FILTER.findall(text)))


def in_reports() -> list[str]:
    """Those of a report."""
    shown = [row.display_filter for row in filters(case_of(overlooked_close()))]
    return [*shown, *(f"tcp.stream == 0 && keepalive.{kind.id}.expert" for kind in SHOWN_FINDINGS)]


def in_menus() -> list[str]:
    """Those that the window of incidents sets."""
    command = ["lua5.4", "-e", EVENTS.format(folder=PLUGIN.parent)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def complaint(display_filter: str) -> str:
    """What tshark says of a filter that does not compile; nothing of one that does."""
    try:
        run_tshark(["-r", str(screenshot.ARTICLE), "-c", "1", "-Y", display_filter])
    except PluginError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("source", [in_documents, in_reports, in_menus])
def test_it_compiles(source: Callable[[], list[str]]) -> None:
    """All of a kind in one filter; where that does not, each by itself."""
    found = source()
    assert len(found) > 2
    if complaint(" || ".join(f"({one})" for one in found)):
        assert {one: said for one in found if (said := complaint(one))} == {}


def test_one_that_does_not_compile_is_noticed() -> None:
    assert complaint("(tcp) || (keepalive.no_such_field)")
