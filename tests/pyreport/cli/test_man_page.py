"""The manual page: made from the parser, as it is now, and part of what is installed."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pyreport.cli.arguments import make_parser
from pyreport.cli.man_page import FILE, _commands, man_page
from tests.support.plugin import REPOSITORY


def test_it_is_up_to_date() -> None:
    assert FILE.read_text(encoding="utf-8") == man_page(), "run: make reference"


@pytest.fixture(scope="module")
def shown() -> str:
    """The page as a terminal shows it, without bold and underlined; no complaint is made about it."""
    command = ["groff", "-man", "-Tutf8", "-k", "-ww", "-P-cbou", "-rLL=100n"]
    done = subprocess.run(command, input=man_page(), capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("name", _commands(make_parser()))
def test_every_option_of_every_command_is_told(shown: str, name: str) -> None:
    """As --help tells it, with its value."""
    command = _commands(make_parser())[name]
    _, _, after = shown.partition("\nCOMMANDS\n")[2].partition(f"   pyreport {name} ")
    part = after.split("\n   pyreport ")[0].split("\nEXIT STATUS")[0]
    for action in command._actions:
        for option in action.option_strings if "--help" not in action.option_strings else ():
            assert option in part
        if action.metavar:
            assert str(action.metavar) in part


def test_examples_keep_their_lines_and_signs(shown: str) -> None:
    lines = [line.strip() for line in shown.splitlines()]
    assert "'write tcp 10.0.0.1:38742->10.0.0.2:9092: write: broken pipe'" in lines
    assert "pyreport report kafka.pcap --log \\" in lines


@pytest.mark.parametrize("name", [None, *_commands(make_parser())])
def test_help_tells_every_command_and_each_its_options(name: str | None) -> None:
    parser = make_parser() if name is None else _commands(make_parser())[name]
    text = parser.format_help()
    assert not [action for action in parser._actions if not action.help and action.choices is None]
    for word in _commands(parser) if name is None else [o for a in parser._actions for o in a.option_strings]:
        assert word in text


def test_the_wheel_installs_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        (name,) = (name for name in opened.namelist() if name.endswith("share/man/man1/pyreport.1"))
        assert opened.read(name) == FILE.read_bytes()
