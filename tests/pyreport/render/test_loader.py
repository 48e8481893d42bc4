"""What of WeasyPrint's libraries is loaded with it, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from pyreport.render.loader import SELDOM_NEEDED

SCRIPT = """
import sys
from pyreport.render import loader
from weasyprint.pdf import fonts
print([name for name in {names} if name in sys.modules])
print(fonts.subset.Options(glyph_names=True).glyph_names, "fontTools.subset" in sys.modules)
"""


def test_of_font_tools_only_what_is_needed_is_loaded() -> None:
    command = [sys.executable, "-c", SCRIPT.format(names=SELDOM_NEEDED)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == ["[]", "True True"]
