"""Each trouble is found where it is, and not where all is well."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from pyreport.desk import doctor
from pyreport.desk.capture_rights import Rights, capture_rights
from pyreport.desk.checkup import Finding, State
from pyreport.desk.doctor import Parts, check_wireshark
from pyreport.desk.install import Stamp, plan_install
from pyreport.desk.plan import carry_out
from pyreport.desk.sandbox_layers import Layer
from pyreport.desk.wireshark import NO_LUA_FOR_ROOT, Program, choose_tshark, find_programs
from pyreport.words import LANGUAGES, Words
from tests.pyreport.command import pyreport
from tests.pyreport.desk.fake_tshark import folders_said, write_tshark
from tests.pyreport.desk.homes import PLUGIN, PROFILE, folders_in, later_release
from tests.support.programs import public_folder, write_program

PARTS = Parts(PLUGIN, PROFILE)


@dataclass
class Desk:
    """A made-up home with a made-up tshark. ``said`` is what that tshark says."""

    home: Path
    said: dict[str, str]

    @property
    def plugin(self) -> Path:
        return folders_in(self.home).personal_lua / PLUGIN.name

    @property
    def profile(self) -> Path:
        return folders_in(self.home).profiles(system=False) / PROFILE.name

    def check(self, **variables: str) -> dict[str, Finding]:
        """The findings by the id of what they say."""
        write_tshark(self.home, folders=folders_said(self.home), **self.said)  # type: ignore[arg-type]
        environ = {"PATH": f"{self.home}:/usr/bin:/bin", "HOME": str(self.home), **variables}
        found = {finding.said.id: finding for finding in check_wireshark(PARTS, None, environ)}
        for finding in found.values():
            assert (finding.state is State.TROUBLE) <= (finding.cure is not None), "a trouble without a cure"
            for language in LANGUAGES:
                assert Words(language).say(finding.said)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """All is installed."""
    carry_out(plan_install(folders_in(tmp_path), PLUGIN, PROFILE, Stamp()))
    return Desk(tmp_path, {"version": "4.0.1"})


WELL = {"doctor-plugin", "doctor-profile", "doctor-program"}


def test_all_is_well(desk: Desk) -> None:
    found = desk.check()
    assert found.keys() >= WELL
    assert {found[name].state for name in WELL} == {State.WORKS}
    assert not found.keys() & {
        "doctor-two-copies",
        "doctor-not-installed",
        "doctor-other-plugin",
        "doctor-plugin-error",
    }


def test_nothing_is_installed(tmp_path: Path) -> None:
    found = Desk(tmp_path, {}).check()
    assert found["doctor-not-installed"].state is State.TROUBLE
    assert found["doctor-no-profile"].state is State.NOTE


def test_a_profile_without_the_plugin(desk: Desk) -> None:
    for path in desk.plugin.iterdir():
        path.unlink()
    assert desk.check()["doctor-profile-alone"].state is State.TROUBLE


@pytest.mark.parametrize(
    ("said", "wanted"),
    [({"lua": "without Lua"}, "doctor-no-lua"), ({"version": "3.6.2"}, "doctor-old")],
)
def test_a_program_that_cannot_run_the_plugin(desk: Desk, said: dict[str, str], wanted: str) -> None:
    desk.said = said
    assert desk.check()[wanted].state is State.TROUBLE


def test_two_copies(desk: Desk) -> None:
    nested = desk.plugin / "lua"
    nested.mkdir()
    for name, content in PLUGIN.files.items():
        (nested / name).write_bytes(content)
    desk.said["plugins"] = f"keepalive.lua\t0.1.0\tLua script\t{nested}/keepalive.lua\n"
    found = desk.check()["doctor-two-copies"]
    assert found.state is State.TROUBLE
    assert found.said.values == {"folders": (str(desk.plugin), str(nested)), "runs": str(nested)}


def test_a_plugin_that_lacks_a_file(desk: Desk) -> None:
    (desk.plugin / "keepalive_gap.lua").unlink()
    found = desk.check()["doctor-plugin-incomplete"]
    assert (found.state, found.said.values["files"]) == (State.TROUBLE, ("keepalive_gap.lua",))


def test_a_plugin_that_was_changed(desk: Desk) -> None:
    with (desk.plugin / "keepalive_gap.lua").open("a") as file:
        file.write("-- mine\n")
    assert desk.check()["doctor-plugin-changed"].state is State.NOTE


def test_a_plugin_of_another_version(desk: Desk) -> None:
    main = desk.plugin / "keepalive.lua"
    text = main.read_text(encoding="utf-8")
    main.write_text(text.replace('local VERSION = "', 'local VERSION = "0.0.'), encoding="utf-8")
    found = desk.check()["doctor-plugin-version"]
    assert str(found.said.values["version"]).startswith("0.0.")


def test_a_profile_that_was_changed(desk: Desk) -> None:
    (desk.profile / "colorfilters").write_text("# mine\n")
    assert desk.check()["doctor-profile-changed"].state is State.NOTE


def test_a_profile_of_another_version_is_no_changed_one(desk: Desk) -> None:
    release = later_release()
    carry_out(plan_install(folders_in(desk.home), release.plugin, release.profile, Stamp("", release.version)))
    found = desk.check()
    assert "doctor-profile-changed" not in found
    assert found["doctor-profile-version"].said.values["version"] == release.version


LUA_ERROR = "tshark: Lua: Error during loading:\n {}:1: boo\nstack traceback:\n\t[C]: in function 'error'\n"


def test_an_error_of_another_plugin(desk: Desk) -> None:
    desk.said["stderr"] = LUA_ERROR.format("/somewhere/bad.lua")
    found = desk.check()
    assert found["doctor-other-plugin"].said.values["script"] == "/somewhere/bad.lua"
    assert "doctor-plugin-error" not in found


def test_an_error_of_ours(desk: Desk) -> None:
    desk.said["stderr"] = LUA_ERROR.format(desk.plugin / "keepalive_gap.lua")
    found = desk.check()
    assert found["doctor-plugin-error"].state is State.TROUBLE
    assert "doctor-other-plugin" not in found


def test_variables_that_lead_elsewhere(desk: Desk) -> None:
    assert "doctor-variable" not in desk.check()
    for name in ("WIRESHARK_PLUGIN_DIR", "WIRESHARK_LOG_LEVEL", "XDG_CONFIG_HOME"):
        found = desk.check(**{name: "/p"})["doctor-variable"]
        assert (found.state, found.said.values) == (State.NOTE, {"name": name, "value": "/p"})


@pytest.mark.parametrize(("version", "state"), [("4.0.17", State.NOTE), ("4.4.0", State.TROUBLE)])
def test_root(version: str, state: State) -> None:
    program = Program(Path("/usr/bin/tshark"), version, "5.4.6", is_tshark=True)
    assert doctor._root(program).state is state


@pytest.mark.parametrize("layer", Layer)
def test_each_layer_that_is_refused_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch, layer: Layer) -> None:
    monkeypatch.setattr(doctor, "refused_layers", lambda _: (layer,))
    (found,) = [f for f in doctor._sandbox(None, os.environ) if f.said.id == "doctor-layer-refused"]
    texts = {Words(language).say(found.said) for language in LANGUAGES}
    assert len(texts) == len(LANGUAGES)
    assert found.said.values["layer"] is layer


@pytest.mark.parametrize(
    ("script", "wanted"),
    [("exit 2", Rights.REFUSED), ("exit 0", Rights.GRANTED)],
)
def test_capture_rights(tmp_path: Path, script: str, wanted: Rights) -> None:
    write_program(tmp_path / "dumpcap", script)
    program = Program(write_tshark(tmp_path), "4.4.2", "5.4.6", is_tshark=True)
    assert capture_rights(program, {"PATH": f"{tmp_path}:/usr/bin:/bin"}) is wanted


@pytest.mark.parametrize(("mode", "wanted"), [(0o644, Rights.NOT_RUN), (None, Rights.NO_DUMPCAP)])
def test_capture_rights_without_a_dumpcap_to_run(tmp_path: Path, mode: int | None, wanted: Rights) -> None:
    """Debian's may be run by the group wireshark only."""
    if mode is not None:
        write_program(tmp_path / "dumpcap", "exit 0").chmod(mode)
    program = Program(write_tshark(tmp_path), "4.4.2", "5.4.6", is_tshark=True)
    assert capture_rights(program, {"PATH": str(tmp_path)}) is wanted


def own_tshark(environ: Mapping[str, str]) -> Program:
    return choose_tshark(find_programs(None, environ))


@pytest.mark.parametrize(
    ("preferences", "said"),
    [("", "doctor-answers"), ("keepalive.min_gap: 7000\n", "doctor-answers-differ")],
)
def test_known_answers_in_the_real_tshark(preferences: str, said: str) -> None:
    """The user's own settings count; one that makes the plugin blind is found."""
    with public_folder() as home:
        environ = {"PATH": os.environ["PATH"], "HOME": str(home)}
        done = pyreport("install", HOME=str(home))
        assert done.status == 0, done.stderr
        with (home / ".config" / "wireshark" / "profiles" / PROFILE.name / "preferences").open("a") as file:
            file.write(preferences)
        found = {finding.said.id for finding in check_wireshark(PARTS, None, environ)}
        if os.geteuid() == 0 and own_tshark(environ).release >= NO_LUA_FOR_ROOT:
            assert "doctor-root" in found
            return
        assert said in found
