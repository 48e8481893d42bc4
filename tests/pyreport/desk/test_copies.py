"""Which copies of the plugin a Wireshark finds."""

from __future__ import annotations

from pathlib import Path

from pyreport.desk.copies import plugin_copies, version_of
from tests.pyreport.desk.homes import folders_in, furnish


def put(folder: Path) -> Path:
    folder.mkdir(parents=True)
    path = folder / "keepalive.lua"
    path.write_text('local VERSION = "1.2.3"\n')
    return path


def test_at_any_depth_and_for_all_users(tmp_path: Path) -> None:
    furnish(tmp_path)
    folders = folders_in(tmp_path)
    assert plugin_copies(folders) == ()
    copies = (
        put(folders.personal_lua / "keepalive"),
        put(folders.personal_lua / "keepalive" / "lua"),
        put(folders.global_lua / "x" / "y"),
    )
    assert plugin_copies(folders) == copies


def test_a_link_to_a_checkout_is_a_copy(tmp_path: Path) -> None:
    furnish(tmp_path)
    folders = folders_in(tmp_path)
    put(tmp_path / "checkout" / "lua")
    (folders.personal_lua / "keepalive").symlink_to(tmp_path / "checkout" / "lua")
    assert plugin_copies(folders) == (folders.personal_lua / "keepalive" / "keepalive.lua",)


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    folders = folders_in(tmp_path)
    path = put(folders.personal_lua / "keepalive")
    (path.parent / "again").symlink_to(folders.personal_lua)
    assert plugin_copies(folders) == (path,)


def test_the_version(tmp_path: Path) -> None:
    assert version_of(put(tmp_path / "a")) == "1.2.3"
    (tmp_path / "b").write_text("-- none\n")
    assert version_of(tmp_path / "b") == version_of(tmp_path / "missing") == ""
