"""``pyreport watch`` as users meet it before it runs: its options, and what is wrong with them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from pyreport.cli.watch import capture_filter
from tests.pyreport.command import Done, pyreport
from tests.support.programs import public_folder

HOSTS = frozenset(map(ip_address, ("10.0.0.2", "2001:db8::2")))


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        yield path


def watch(folder: Path, *options: str) -> Done:
    return pyreport("watch", "-i", "lo", "--dir", str(folder / "out"), *options, cwd=folder)


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        ((), 2, "Nothing would set a report off: give --log-file FILE, or --on finding"),
        (("--log-file", "a", "--log-file", "a"), 2, "A log is named twice"),
        (("--log-file", "a", "--filter", "tcp", "--port", "1"), 2, "--filter stands in the place of"),
        (("--log-file", "a", "--ring-mb", "3"), 2, "give --ring-mb 4"),
        (("--log-file", "a", "--notify", "'"), 2, "--notify cannot be read as a command"),
        (("--log-file", "a", "--notify", "no-such-program x"), 2, "--notify: there is no program 'no-such-program'"),
        (("--log-file", "a", "--tz", "Nowhere/City"), 2, "There is no time zone 'Nowhere/City'"),
        (("--log-file", "a", "--host", "no.such.host.invalid"), 1, "--host no.such.host.invalid has no address"),
        (("--log-file", "a", "--ring-mb", "2000000000"), 1, "make room, or give a smaller --ring-mb"),
        (("--log-file", ".", "--ring-mb", "4"), 1, "is not a file that can be followed"),
        (("--log-file", "a", "--ring-mb", "4", "--filter", "no such filter"), 3, "dumpcap does not capture"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    folder: Path, options: tuple[str, ...], status: int, said: str
) -> None:
    done = watch(folder, *options)
    assert (done.status, done.stdout) == (status, "")
    assert done.is_one_sentence, done.stderr
    assert re.search(re.escape(said), done.stderr), done.stderr


@pytest.mark.parametrize(
    ("option", "value"), [("--port", "0"), ("--port", "65536"), ("--port", "x"), ("--wait", "601"), ("--snaplen", "0")]
)
def test_values_that_are_none(folder: Path, option: str, value: str) -> None:
    done = watch(folder, option, value)
    assert done.status == 2
    assert f"argument {option}" in done.stderr


def test_an_interface_that_is_not_there(folder: Path) -> None:
    done = pyreport(
        *("watch", "-i", "no-such-interface", "--dir", str(folder / "out"), "--log-file", "a", "--ring-mb", "4"),
        cwd=folder,
    )
    assert done.status == 3
    assert "dumpcap does not capture" in done.stderr
    assert "no-such-interface" in done.stderr


@pytest.mark.parametrize(("hosts", "ports"), [((), ()), (HOSTS, ()), ((), (9092, 80)), (HOSTS, (9092,))])
def test_libpcap_understands_the_filter(hosts: frozenset[object], ports: tuple[int, ...]) -> None:
    captured = capture_filter(frozenset(hosts), ports)  # type: ignore[arg-type]
    done = subprocess.run(["tcpdump", "-d", "-y", "EN10MB", captured], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 5


def test_the_filter_names_what_is_captured() -> None:
    assert capture_filter(HOSTS, [9092]).startswith("(tcp and (host 10.0.0.2 or host 2001:db8::2) and (port 9092)) or ")


def test_help_fits_a_terminal(folder: Path) -> None:
    done = pyreport("watch", "--help", cwd=folder)
    assert done.status == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
