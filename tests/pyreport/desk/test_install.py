"""What install writes and what uninstall leaves, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from pyreport.base.errors import InputError
from pyreport.desk.install import Stamp, plan_install
from pyreport.desk.manifest import NAME, read_manifest
from pyreport.desk.parts import Part
from pyreport.desk.plan import Plan, carry_out
from pyreport.desk.uninstall import plan_uninstall
from pyreport.desk.wireshark import Folders
from tests.pyreport.desk.homes import PLUGIN, PROFILE, folders_in, furnish, later_release, snapshot

STAMP = Stamp("/usr/bin/pyreport")


def install(folders: Folders, *, system: bool = False) -> Plan:
    plan = plan_install(folders, PLUGIN, PROFILE, STAMP, system=system)
    carry_out(plan)
    return plan


def update(folders: Folders) -> Plan:
    release = later_release()
    plan = plan_install(folders, release.plugin, release.profile, Stamp("", release.version))
    carry_out(plan)
    return plan


def uninstall(folders: Folders, *, system: bool = False) -> Plan:
    plan = plan_uninstall(folders, PLUGIN, PROFILE, system=system)
    carry_out(plan)
    return plan


def said(plan: Plan) -> list[str]:
    return [claim.id for claim in plan.said]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != NAME}


@pytest.fixture(params=["used", "new"])
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The home of a user who has much in it, or nothing."""
    if request.param == "used":
        furnish(tmp_path)
    return tmp_path


@pytest.mark.parametrize("system", [False, True])
def test_uninstall_leaves_every_byte_as_it_was(home: Path, system: bool) -> None:
    before, folders = snapshot(home), folders_in(home)
    install(folders, system=system)
    installed = snapshot(home)
    assert {name: installed[name] for name in before} == before
    assert content(folders.plugins(system=system) / PLUGIN.name) == PLUGIN.files
    assert content(folders.profiles(system=system) / PROFILE.name) == PROFILE.files
    assert said(uninstall(folders, system=system)) == ["uninstall-removed", "uninstall-removed"]
    assert snapshot(home) == before


def test_what_is_installed_for_all_can_be_read_by_all(home: Path) -> None:
    folders = folders_in(home)
    install(folders, system=True)
    for path in (folders.global_lua / PLUGIN.name).iterdir():
        assert path.stat().st_mode & 0o777 == 0o644
    assert (folders.global_lua / PLUGIN.name).stat().st_mode & 0o777 == 0o755


def test_the_plan_alone_changes_nothing(home: Path) -> None:
    before = snapshot(home)
    plan = plan_install(folders_in(home), PLUGIN, PROFILE, STAMP)
    assert plan.steps
    assert snapshot(home) == before


def test_a_second_time_changes_nothing(home: Path) -> None:
    folders = folders_in(home)
    install(folders)
    before = snapshot(home)
    plan = install(folders)
    assert (plan.steps, said(plan)) == ((), ["install-is-there", "install-is-there"])
    assert snapshot(home) == before


def test_an_update_replaces_our_files_only(home: Path) -> None:
    folders, release, before = folders_in(home), later_release(), snapshot(home)
    install(folders)
    plugin = folders.personal_lua / PLUGIN.name
    (plugin / "mine.lua").write_text("-- mine\n")
    assert said(update(folders)) == ["install-updated", "install-updated"]
    assert content(plugin) == {**release.plugin.files, "mine.lua": b"-- mine\n"}
    manifest = read_manifest(plugin)
    assert manifest is not None and manifest.version == release.version
    uninstall(folders)
    assert content(plugin) == {"mine.lua": b"-- mine\n"}
    (plugin / "mine.lua").unlink()
    for folder in [plugin, *plugin.parents][: 1 if ".local" in before else 5]:
        folder.rmdir()
    assert snapshot(home) == before


def test_the_version_is_stamped_and_who_did_it(home: Path) -> None:
    folders = folders_in(home)
    install(folders)
    manifest = read_manifest(folders.personal_lua / PLUGIN.name)
    assert manifest is not None and (manifest.version, manifest.program) == (STAMP.version, "/usr/bin/pyreport")


def test_a_changed_profile_is_kept_and_the_new_one_put_beside_it(home: Path) -> None:
    folders, release = folders_in(home), later_release()
    install(folders)
    profile = folders.profiles(system=False) / PROFILE.name
    changed = b"@Mine@tcp@[0,0,0][65535,65535,65535]\n"
    (profile / "colorfilters").write_bytes(changed)
    kept = snapshot(profile)
    assert "install-profile-beside" in said(update(folders))
    assert snapshot(profile) == kept
    beside = profile.with_name(f"{PROFILE.name}-{release.version}")
    assert content(beside) == release.profile.files
    assert "uninstall-profile-kept" in said(uninstall(folders))
    assert content(profile) == {**PROFILE.files, "colorfilters": changed}
    assert not beside.exists()


def test_a_changed_profile_of_this_version_stays_alone(home: Path) -> None:
    """The near twin: nothing is new, so nothing is put beside it."""
    folders = folders_in(home)
    install(folders)
    profile = folders.profiles(system=False) / PROFILE.name
    (profile / "dfilter_buttons").unlink()
    before = snapshot(home)
    assert said(install(folders)) == ["install-is-there", "install-profile-changed"]
    assert snapshot(home) == before


def test_what_wireshark_writes_itself_is_no_change(home: Path) -> None:
    folders, before = folders_in(home), snapshot(home)
    install(folders)
    profile = folders.profiles(system=False) / PROFILE.name
    (profile / "recent").write_bytes(b"gui.packet_list_hidden: FALSE\n")
    assert said(update(folders)) == ["install-updated", "install-updated"]
    assert (profile / "recent").read_bytes() == b"gui.packet_list_hidden: FALSE\n"
    uninstall(folders)
    assert snapshot(home) == before


def test_widths_that_nobody_changed_are_updated(home: Path) -> None:
    """The near twin: the file is as it was installed, so the new one takes its place."""
    folders, release = folders_in(home), later_release()
    old = Part(PROFILE.name, {**PROFILE.files, "recent": b"old\n"})
    new = Part(PROFILE.name, {**release.profile.files, "recent": b"new\n"})
    carry_out(plan_install(folders, PLUGIN, old, STAMP))
    carry_out(plan_install(folders, PLUGIN, new, replace(STAMP, version="9.9.9")))
    assert (folders.profiles(system=False) / PROFILE.name / "recent").read_bytes() == b"new\n"


def test_a_file_of_the_user_in_our_way_comes_back(home: Path) -> None:
    folders = folders_in(home)
    plugin = folders.personal_lua / PLUGIN.name
    plugin.mkdir(parents=True)
    (plugin / "keepalive.lua").write_text("-- a plugin of the user's own with that name\n")
    (plugin / "keepalive.lua").chmod(0o640)
    before = snapshot(home)
    assert said(install(folders))[:2] == ["install-written", "install-set-aside"]
    assert (plugin / "keepalive.lua").read_bytes() == PLUGIN.files["keepalive.lua"]
    update(folders)
    assert "uninstall-brought-back" in said(uninstall(folders))
    after = snapshot(home)
    made_by_update = {name for name in after if name not in before}
    assert made_by_update == set()
    assert after == before


def test_a_changed_file_of_the_plugin_is_kept_under_another_name(home: Path) -> None:
    """Wireshark loads each Lua file that it finds; without the others this one would fail."""
    folders = folders_in(home)
    install(folders)
    plugin = folders.personal_lua / PLUGIN.name
    (plugin / "keepalive_gap.lua").write_bytes(b"-- mine\n")
    assert "uninstall-file-kept" in said(uninstall(folders))
    assert content(plugin) == {"keepalive_gap.lua.kept": b"-- mine\n"}


def test_a_copy_by_hand_is_taken_over(home: Path) -> None:
    """INSTALL.md has shown it: the very files of this release, without a note."""
    folders = folders_in(home)
    plugin = folders.personal_lua / PLUGIN.name
    plugin.mkdir(parents=True)
    before = snapshot(plugin.parent)
    for name, text in PLUGIN.files.items():
        (plugin / name).write_bytes(text)
    assert said(install(folders)) == ["install-written", "install-written"]
    uninstall(folders)
    del before[PLUGIN.name]
    assert snapshot(plugin.parent) == before


def test_a_profile_by_hand_that_differs_is_the_users(home: Path) -> None:
    folders = folders_in(home)
    profile = folders.profiles(system=False) / PROFILE.name
    profile.mkdir(parents=True)
    (profile / "preferences").write_text("# mine\n")
    before = snapshot(home)
    assert "install-profile-beside" in said(install(folders))
    assert "uninstall-not-ours" in said(uninstall(folders))
    assert snapshot(home) == before


def test_another_copy_is_told_and_not_touched(home: Path) -> None:
    folders = folders_in(home)
    other = folders.personal_lua / "old" / "lua"
    other.mkdir(parents=True)
    (other / "keepalive.lua").write_text("-- an old one\n")
    plan = install(folders)
    (claim,) = [claim for claim in plan.said if claim.id == "install-other-copy"]
    assert claim.values["folder"] == str(other)
    uninstall(folders)
    assert (other / "keepalive.lua").read_text() == "-- an old one\n"


@pytest.mark.parametrize("first_time", [True, False])
def test_interrupted_anywhere_it_can_be_done_again_and_undone(tmp_path: Path, first_time: bool) -> None:
    release = later_release()
    steps, stop = 1, 0
    while stop < steps:
        home = tmp_path / str(stop)
        home.mkdir()
        furnish(home)
        before, folders = snapshot(home), folders_in(home)
        if not first_time:
            install(folders)
        plan = plan_install(folders, release.plugin, release.profile, Stamp("", release.version))
        steps = len(plan.steps)
        carry_out(Plan(plan.steps[:stop]))
        update(folders)
        assert content(folders.personal_lua / PLUGIN.name) == release.plugin.files, stop
        assert content(folders.profiles(system=False) / PROFILE.name) == release.profile.files, stop
        uninstall(folders)
        assert snapshot(home) == before, stop
        stop += 1
    assert steps > 5


def test_a_link_is_not_followed(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A developer's link to a checkout: its files would be replaced."""
    checkout = tmp_path_factory.mktemp("checkout")
    folders = folders_in(home)
    folders.personal_lua.mkdir(parents=True, exist_ok=True)
    (folders.personal_lua / PLUGIN.name).symlink_to(checkout)
    with pytest.raises(InputError, match="symbolic link"):
        plan_install(folders, PLUGIN, PROFILE, STAMP)


def test_a_file_where_a_folder_should_be(home: Path) -> None:
    folders = folders_in(home)
    folders.personal_lua.parent.mkdir(parents=True, exist_ok=True)
    folders = replace(folders, personal_lua=home / "file")
    (home / "file").write_text("")
    with pytest.raises(InputError, match="no folder"):
        plan_install(folders, PLUGIN, PROFILE, STAMP)


def test_the_copy_that_wireshark_makes_of_a_profile_for_all_users(home: Path) -> None:
    """The user uninstalls it whole, as one who installed it does; the one for all users stays."""
    folders = folders_in(home)
    install(folders, system=True)
    before = snapshot(home)
    copy = folders.personal_configuration / "profiles" / PROFILE.name
    shutil.copytree(folders.profiles(system=True) / PROFILE.name, copy)
    uninstall(folders)
    assert not copy.exists()
    assert {name: entry for name, entry in snapshot(home).items() if name in before} == before


def test_uninstall_where_nothing_is(home: Path) -> None:
    before = snapshot(home)
    assert said(uninstall(folders_in(home))) == ["uninstall-nothing"]
    assert snapshot(home) == before
