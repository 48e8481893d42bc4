"""The plugin in Wireshark's folder for all users, where 4.0 leads no script to the files beside it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from pyreport.desk.wireshark import NAMES
from tests.gui import screenshot
from tests.support.plugin import HARMLESS_STDERR, PLUGIN, tshark_command

# In a mount namespace of its own, where the first folder lies in the place of the second. 4.4 takes the variable.
COVERED = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'


def global_folder(environment: dict[str, str]) -> str:
    """The folder for all users of the tshark of this machine."""
    said = subprocess.run(["tshark", "-G", "folders"], env=environment, capture_output=True, text=True, check=True)
    (line,) = [line for line in said.stdout.splitlines() if line.startswith(NAMES["global_lua"])]
    return line.partition(":")[2].strip()


def test_it_loads_and_finds_what_it_finds_elsewhere(tmp_path: Path) -> None:
    """Without a word on stderr."""
    plugins, settings = tmp_path / "plugins", tmp_path / "settings"
    shutil.copytree(PLUGIN.parent, plugins / "keepalive")
    settings.mkdir()
    environment = {**os.environ, "LC_ALL": "C", "HOME": str(tmp_path), "WIRESHARK_CONFIG_DIR": str(settings)}
    alone = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    covered = ["sh", "-c", COVERED, "sh", str(plugins), global_folder(environment)]
    tshark = [*tshark_command(), "-2", "-r", str(screenshot.ARTICLE), "-Y", 'keepalive.level == "Error"']
    done = subprocess.run(
        [*alone, *covered, *tshark, "-T", "fields", "-e", "keepalive.worst"],
        env=environment | {"WIRESHARK_PLUGIN_DIR": str(plugins)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if line and line not in HARMLESS_STDERR] == []
    assert done.stdout.split() == ["post_fin_reset"]
