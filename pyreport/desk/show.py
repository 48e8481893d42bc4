"""Shows what pyreport wrote, or why it wrote nothing, to someone who did not start it from a terminal."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from pyreport.desk.programs import start

# Programs that show a text in a window, with the arguments before the text; the desktops' own before X's.
TEXT_WINDOWS = (
    ("zenity", "--error", "--no-markup", "--title=pyreport", "--text"),
    ("kdialog", "--title", "pyreport", "--error"),
    ("xmessage", "-center", "-title", "pyreport"),
)
OPENERS = ("open",) if sys.platform == "darwin" else ("xdg-open", "gio open")


def show_file(path: Path, environ: Mapping[str, str]) -> bool:
    """Open a file in the program that the user has for such files. Returns whether there is a way to do that."""
    for opener in OPENERS:
        program, *arguments = opener.split()
        found = shutil.which(program, path=environ.get("PATH"))
        if found and start([found, *arguments, path.absolute()], environ):
            return True
    return False


def show_text(text: str, environ: Mapping[str, str]) -> bool:
    """Show a text in a window: by a desktop's program for that, else as a text file that is opened."""
    for name, *arguments in TEXT_WINDOWS:
        found = shutil.which(name, path=environ.get("PATH"))
        # A text that begins with "-" would be an option.
        if found and start([found, *arguments, text.lstrip("-")], environ):
            return True
    with tempfile.NamedTemporaryFile("w", suffix=".txt", prefix="pyreport-", delete=False, encoding="utf-8") as file:
        file.write(text + "\n")
    return show_file(Path(file.name), environ)
