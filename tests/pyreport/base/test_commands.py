"""A command on several lines is the same command."""

from __future__ import annotations

import shlex

import pytest

from pyreport.base.commands import WIDTH, in_lines

LONG = "tshark -2 -n -r 'my capture.pcap' -Y '(frame) || keepalive.failed' " + " ".join(
    f"-e field.{n}" for n in range(40)
)


@pytest.mark.parametrize(
    "command",
    [
        LONG,
        "pyreport demo",
        "pyreport report x.pcap --log " + shlex.quote("it's " + "a long line of a log " * 20),
        "tshark -E 'aggregator='$'\\x1f' -e " + "a" * 150 + " -T fields",
        "a 'b  c'\"'\"'d' \\e",
    ],
)
def test_a_shell_reads_the_lines_as_the_one_command(command: str) -> None:
    assert shlex.split(in_lines(command).replace("\\\n", "")) == shlex.split(command)


def test_lines_fit_and_each_but_the_last_goes_on() -> None:
    *first, last = in_lines(LONG).split("\n")
    assert len(first) > 2
    assert all(line.endswith(" \\") and len(line) <= WIDTH + 2 for line in first)
    assert not last.endswith("\\")


def test_a_short_command_is_one_line() -> None:
    assert in_lines("pyreport demo") == "pyreport demo"
