"""What the shell completes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.pyreport.command import pyreport


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    done = pyreport("completion", "bash")
    assert done.status == 0, done.stderr
    path = tmp_path_factory.mktemp("completion") / "pyreport"
    path.write_text(done.stdout, encoding="utf-8")
    return path


def completed(script: Path, *words: str) -> list[str]:
    """What bash offers for the last word."""
    line = f"""
        source {script}
        name=$(complete -p pyreport | sed -E 's/.*-F ([^ ]+) .*/\\1/')
        COMP_WORDS=("$@"); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "$name"; printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    done = subprocess.run(
        ["bash", "-c", line, "bash", "pyreport", *words], cwd=script.parent, capture_output=True, text=True, check=False
    )
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("ins",), ["install"]),
        (("install", "--dry"), ["--dry-run"]),
        (("report", "x.pcap", "--conn"), ["--connection"]),
        (("completion", "z"), ["zsh"]),
        (("report", "pyre"), ["pyreport"]),  # a file
    ],
)
def test_words(script: Path, words: tuple[str, ...], offered: list[str]) -> None:
    assert completed(script, *words) == offered


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells(shell: str) -> None:
    done = pyreport("completion", shell)
    assert done.status == 0, done.stderr
    assert "uninstall" in done.stdout


def test_a_shell_that_there_is_no_completion_for() -> None:
    assert pyreport("completion", "cmd").status == 2
