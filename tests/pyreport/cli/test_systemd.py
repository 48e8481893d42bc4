"""The unit file that pyreport watch --print-systemd prints."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pyreport.base.errors import UsageError
from pyreport.cli.systemd import unit

FOLDER = Path("/var/lib/pyreport")
TYPED = ("watch", "-i", "eth0", "--port", "9092", "--dir", str(FOLDER), "--print-systemd")


def service(text: str) -> dict[str, str]:
    """The settings of the section [Service]."""
    parser = configparser.ConfigParser(interpolation=None, delimiters="=", strict=True)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return dict(parser["Service"])


def test_it_runs_the_same_watch() -> None:
    told = service(unit(TYPED, FOLDER, []))
    assert told["ExecStart"].endswith("watch -i eth0 --port 9092 --dir /var/lib/pyreport")
    assert Path(told["ExecStart"].split()[0]).is_absolute()
    assert (told["StateDirectory"], told["DynamicUser"]) == ("pyreport", "yes")


def test_a_log_is_named_by_its_whole_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/var/log")
    for option in (("--log-file", "app.log"), ("--log-file=app.log",)):
        told = service(unit((*TYPED, *option), FOLDER, [Path("app.log")]))
        assert told["ExecStart"].endswith(" /var/log/app.log") or told["ExecStart"].endswith("=/var/log/app.log")


def test_words_are_quoted_as_systemd_reads_them() -> None:
    typed = (*TYPED, "--notify", "mail -s '50% of $x' \\me", "--filter", "tcp and (port 1)", "")
    command = service(unit(typed, FOLDER, []))["ExecStart"]
    assert command.endswith("""--notify "mail -s '50%% of $$x' \\\\me" --filter "tcp and (port 1)" \"\"""")


def test_a_log_under_a_home_can_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyreport.cli.systemd._program", lambda: ["/usr/bin/pyreport"])
    assert service(unit(TYPED, FOLDER, [Path("/srv/app.log")]))["ProtectHome"] == "yes"
    assert service(unit(TYPED, FOLDER, [Path("/home/app/app.log")]))["ProtectHome"] == "read-only"


@pytest.mark.parametrize("log", ["/tmp/app.log", "/var/tmp/app/app.log"])
def test_a_log_that_no_service_sees_is_refused(log: str) -> None:
    with pytest.raises(UsageError, match=f"A service does not see {log}"):
        unit(TYPED, FOLDER, [Path(log)])


def test_the_group_that_may_read_the_log_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "app.log"
    log.touch()
    monkeypatch.setattr("pyreport.cli.systemd.TEMPORARY", ())
    log.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(log, 0, 4)  # adm, on every Debian
        assert re.search(r"^SupplementaryGroups=.*\badm\b", unit(TYPED, FOLDER, [log]), re.MULTILINE)
    log.chmod(0o644)
    assert "adm" not in service(unit(TYPED, FOLDER, [log])).get("SupplementaryGroups", "")


@pytest.mark.parametrize("folder", ["reports", "/srv/reports", "/var/lib", "/var/lib/a/b"])
def test_a_folder_that_systemd_does_not_keep_is_refused(folder: str) -> None:
    with pytest.raises(UsageError, match="give --dir /var/lib/pyreport"):
        unit(TYPED, Path(folder), [])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    path = tmp_path / "pyreport-watch.service"
    text = unit((*TYPED, "--notify", "mail -s 'a b' 5% $x"), FOLDER, [Path("/var/log/app.log")])
    path.write_text(text)
    assert complaints(path) == ""
    path.write_text(text.replace("PrivateTmp", "PrivateTemp"))
    assert "PrivateTemp" in complaints(path)  # it looks at every setting


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")
def test_systemd_finds_it_little_exposed(tmp_path: Path) -> None:
    path = tmp_path / "pyreport-watch.service"
    text = unit(TYPED, FOLDER, [])
    path.write_text(text)
    assert exposed(path) == 0
    path.write_text("\n".join(line for line in text.splitlines() if not line.startswith(("Protect", "System"))))
    assert exposed(path) != 0


def exposed(path: Path) -> int:
    """The exit status of systemd-analyze security: not 0 when the exposure is above 3.0 of 10."""
    command = ["systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager", str(path)]
    return subprocess.run(command, capture_output=True, check=False).returncode


def complaints(path: Path) -> str:
    """What systemd-analyze verify says of this unit; of others of this machine it may complain."""
    done = subprocess.run(["systemd-analyze", "verify", str(path)], capture_output=True, text=True, check=False)
    return "\n".join(line for line in done.stderr.splitlines() if path.name in line)


def test_the_command_prints_it_and_nothing_else() -> None:
    done = subprocess.run([sys.executable, "-m", "pyreport", *TYPED], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("# Made by pyreport watch --print-systemd.")
    assert done.stdout == unit(TYPED, FOLDER, [])
    assert done.stderr == ""
