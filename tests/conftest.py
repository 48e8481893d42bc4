"""The head of every test run says which Wireshark the tests of the plugin run on."""

from __future__ import annotations

import re
import subprocess

from tests.support.plugin import tshark_command


def pytest_report_header() -> str:
    """For example "tshark: 4.4.19 with Lua 5.4.6"."""
    try:
        said = subprocess.run([*tshark_command(), "-v"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        return f"tshark: {error}"
    version = re.search(r"TShark \(Wireshark\) ([\d.]*\d)", said)
    lua = re.search(r"(?:with|\+)\s*Lua\s+([\d.]*\d)", said)
    return f"tshark: {version[1] if version else 'of unknown version'} {f'with Lua {lua[1]}' if lua else 'without Lua'}"
