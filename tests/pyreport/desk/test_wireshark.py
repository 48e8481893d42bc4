"""What is asked of the user's programs."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pyreport.base.errors import ToolError
from pyreport.desk.programs import ask
from pyreport.desk.wireshark import Program, ask_folders, choose_tshark, find_programs
from tests.pyreport.desk.fake_tshark import write_tshark


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(folder)}


def test_the_folders_are_those_that_the_real_tshark_names(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "WIRESHARK_CONFIG_DIR": str(tmp_path / "config")}
    folders = ask_folders(choose_tshark(find_programs(None, environ)), environ)
    assert folders.personal_configuration == tmp_path / "config"
    assert folders.personal_lua.is_relative_to(tmp_path)
    assert not folders.global_lua.is_relative_to(tmp_path)
    assert folders.global_configuration.is_dir()


def test_asking_changes_nothing_in_the_home(tmp_path: Path) -> None:
    """Wireshark's window would make its folders."""
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    find_programs(None, environ)
    assert list(tmp_path.iterdir()) == []


def test_folders_with_blanks_and_of_other_systems(tmp_path: Path) -> None:
    write_tshark(
        tmp_path,
        folders="Personal configuration:\t/Users/a b/.config/wireshark\n"
        "Global configuration:\t/Applications/W S/share\n"
        "Personal Lua Plugins:\t/Users/a b/plugins\nGlobal Lua Plugins:\t/Applications/W S/plugins\n",
    )
    environ = environment(tmp_path)
    folders = ask_folders(choose_tshark(find_programs(None, environ)), environ)
    assert folders.profiles(system=False) == Path("/Users/a b/.config/wireshark/profiles")
    assert folders.plugins(system=True) == Path("/Applications/W S/plugins")


def test_a_tshark_that_names_no_folder_is_refused(tmp_path: Path) -> None:
    """They are never guessed."""
    write_tshark(tmp_path, folders="Temp:\t/tmp\nPersonal configuration:\t\n")
    environ = environment(tmp_path)
    with pytest.raises(ToolError, match="Personal configuration"):
        ask_folders(choose_tshark(find_programs(None, environ)), environ)


@pytest.mark.parametrize(
    ("version", "lua", "complaint"),
    [
        ("4.0.1", "with Lua 5.2.4", None),
        ("4.0.1", "with\nLua 5.2.4", None),
        (
            "4.6.9",
            "\n With:\n  +libxml2 2.15.4    +zlib 1.3.2\n  +Lua 5.4.9    +Zstandard 1.5.7",
            None,
        ),
        ("4.4.0", "without Lua", "built without Lua"),
        ("4.6.9", "\n With:\n  +LZ4 1.10.0\n Without:\n  -Lua    -zlib-ng", "built without Lua"),
        ("3.6.2", "with Lua 5.2.4", "4.0 or later"),
    ],
)
def test_which_tshark_the_plugin_runs_in(tmp_path: Path, version: str, lua: str, complaint: str | None) -> None:
    write_tshark(tmp_path, version=version, lua=lua)
    programs = find_programs(None, environment(tmp_path))
    if complaint is None:
        assert choose_tshark(programs).version == version
        return
    with pytest.raises(ToolError, match=complaint):
        choose_tshark(programs)


def test_no_tshark() -> None:
    with pytest.raises(ToolError, match="tshark was not found"):
        choose_tshark((Program(Path("/usr/bin/wireshark"), "4.0.17", "5.2.4", is_tshark=False),))


def test_a_program_that_cannot_be_started(tmp_path: Path) -> None:
    assert ask([tmp_path / "none"], {}) is None
