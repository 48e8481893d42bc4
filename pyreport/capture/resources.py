"""Where the files lie that are not Python: the plugin, the profile, the demo capture.

An installed wheel has them in ``pyreport/_data/``; a checkout has them where they are edited.
"""

from __future__ import annotations

from pathlib import Path

from pyreport.base.errors import ToolError

PROFILE_NAME = "Keepalive"
PLUGIN_FILE = "keepalive.lua"

PACKAGE = Path(__file__).resolve().parents[1]


def plugin_folder(package: Path = PACKAGE) -> Path:
    """The folder with keepalive.lua and its modules. Raises ToolError when it is missing."""
    return _locate(package, "lua", "lua", PLUGIN_FILE)


def reader_folder() -> Path:
    """The folder of the reader of capture files in Lua: not in the plugin's, where Wireshark would load it."""
    return PACKAGE / "capture" / "reader"


def fields_script() -> Path:
    """The script for tshark that prints fields of other protocols."""
    return PACKAGE / "capture" / "other_fields.lua"


def profile_folder(package: Path = PACKAGE) -> Path:
    """The Wireshark profile "Keepalive". Raises ToolError when it is missing."""
    return _locate(package, f"profiles/{PROFILE_NAME}", f"profiles/{PROFILE_NAME}", "preferences")


def demo_capture(package: Path = PACKAGE) -> Path:
    """The capture of the article's incident. Raises ToolError when it is missing."""
    return _locate(package, "demo", "tests/scenarios/article", "article.pcap") / "article.pcap"


def demo_log(package: Path = PACKAGE) -> Path:
    """The application's log that belongs to the demo capture. Raises ToolError when it is missing."""
    return _locate(package, "demo", "tests/scenarios/article", "app.log") / "app.log"


def _locate(package: Path, installed: str, checkout: str, expected: str) -> Path:
    """The folder that holds the file ``expected``: the installed one if there is one, else the checkout's."""
    candidates = (package / "_data" / installed, package.parent / checkout)
    for folder in candidates:
        if (folder / expected).is_file():
            return folder
    raise ToolError(
        f"The file {expected} that belongs to pyreport is missing (looked in {' and '.join(map(str, candidates))}): "
        "install pyreport again."
    )
