"""A user's home folder: installed, used in a window, and uninstalled again, it is as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.gui import every_class, screenshot
from tests.gui.home import CONFIGURATION, INSTALLED_PLUGIN, INSTALLED_PROFILE, hand_over, install, new_home, uninstall
from tests.gui.layout import layout
from tests.gui.test_window import painted_rows
from tests.gui.window import wireshark
from tests.pyreport.desk.homes import Snapshot, furnish, snapshot
from tests.support.plugin import REPOSITORY

# What every window of Wireshark writes anew when it ends, with or without the plugin.
OF_EVERY_WINDOW = str(CONFIGURATION / "recent_common")


def used(home: Path, profile: str, picture: Path) -> None:
    """Open the article's capture, press a button, and leave Wireshark as a user does."""
    with wireshark(screenshot.ARTICLE, size=(1280, 800), home=home, profile=profile) as window:
        window.settled_screenshot(picture)
        window.click(*layout().trouble_button)
        time.sleep(2)
        window.click(*layout().first_row)
        window.settled_screenshot(picture)
        window.quit()


def contents(home: Path) -> Snapshot:
    """What the home holds, but for what every window writes."""
    return {name: entry for name, entry in snapshot(home).items() if name != OF_EVERY_WINDOW}


def test_after_a_window_uninstall_leaves_every_byte_as_it_was(tmp_path: Path) -> None:
    picture = tmp_path / "used.png"
    with new_home() as home:
        furnish(home)
        hand_over(home)
        # What Wireshark makes on its own comes first.
        used(home, "Mine", picture)
        assert painted_rows(picture) == {}, "not installed yet"
        before = contents(home)

        install(home)
        widths = (home / INSTALLED_PROFILE / "recent").read_bytes()
        used(home, "Keepalive", picture)
        assert painted_rows(picture) == {every_class.EVERYDAY: 1, every_class.CLOSING_RESET: 1}
        assert (home / INSTALLED_PROFILE / "recent").read_bytes() != widths, "Wireshark has written the user's own"
        assert (home / INSTALLED_PLUGIN).is_dir()

        uninstall(home)
        assert contents(home) == before


def test_the_archive_for_people_without_python(tmp_path: Path) -> None:
    """Its two folders, copied to where its README says that they go on Linux, show what an installation shows."""
    zipped = subprocess.run(
        [sys.executable, REPOSITORY / ".ci" / "make_zip.py", tmp_path],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    shutil.unpack_archive(zipped, tmp_path)
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    readme = (unpacked / "README.txt").read_text(encoding="utf-8")
    places = [line.split()[1] for line in readme.splitlines() if line.strip().startswith("Linux ")]
    assert places == [f"~/{INSTALLED_PLUGIN}", f"~/{INSTALLED_PROFILE}"]
    picture = tmp_path / "archive.png"
    with new_home() as home:
        for folder, place in zip(("plugins/keepalive", "profiles/Keepalive"), places, strict=True):
            shutil.copytree(unpacked / folder, home / place.removeprefix("~/"))
        hand_over(home)
        used(home, "Keepalive", picture)
    assert painted_rows(picture) == {every_class.EVERYDAY: 1, every_class.CLOSING_RESET: 1}
