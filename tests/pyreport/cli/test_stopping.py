"""Signals: the first one is raised, the second one does not end the clearing up, the third one ends it all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from pyreport.cli.stopping import Stopped, exit_status, stoppable
from tests.support.plugin import REPOSITORY
from tests.support.signals import hears_signals

HEARD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: Sends itself what is named, the first one within the work and the others within the clearing up.
SCRIPT = """
import os, signal, sys
from pyreport.cli.stopping import Stopped, exit_status, stoppable
first, *others = [signal.Signals[name] for name in sys.argv[1:]]
try:
    with stoppable():
        try:
            os.kill(os.getpid(), first)
        finally:
            for each in others:
                os.kill(os.getpid(), each)
            print("cleared up", flush=True)
except KeyboardInterrupt as stop:
    sys.exit(exit_status(stop))
"""


def run(*numbers: signal.Signals) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *(number.name for number in numbers)],
        cwd=REPOSITORY, preexec_fn=hears_signals, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("first", HEARD, ids=lambda number: number.name)
def test_two(first: signal.Signals) -> None:
    """The status is that of the first."""
    for second in HEARD:
        assert run(first, second) == (128 + first, "cleared up\n")


def test_three() -> None:
    assert run(signal.SIGINT, signal.SIGINT, signal.SIGTERM) == (-signal.SIGTERM, "")


@pytest.mark.parametrize("number", HEARD, ids=lambda number: number.name)
def test_what_is_ignored_stays_ignored(number: signal.Signals) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        with stoppable():
            os.kill(os.getpid(), number)
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)


def test_afterwards_all_is_as_it_was() -> None:
    before = [signal.getsignal(number) for number in HEARD]
    with pytest.raises(Stopped) as raised, stoppable():
        signal.raise_signal(signal.SIGTERM)
    assert exit_status(raised.value) == 128 + signal.SIGTERM
    assert [signal.getsignal(number) for number in HEARD] == before


def test_where_python_ignores_what_is_raised(capfd: pytest.CaptureFixture[str]) -> None:
    """It comes once more, and nothing is said of the first time. What else is ignored there is said as always."""

    class Asking:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGTERM)

    class Failing:
        def __del__(self) -> None:
            raise ValueError("of its own")

    said: list[str] = []
    before, sys.unraisablehook = sys.unraisablehook, lambda told: said.append(str(told.exc_value))
    try:
        with pytest.raises(Stopped) as raised, stoppable():
            Failing()
            Asking()
            time.sleep(60)
    finally:
        sys.unraisablehook = before
    assert raised.value.number == signal.SIGTERM
    assert (said, capfd.readouterr().err) == (["of its own"], "")


def test_while_it_is_loaded() -> None:
    """Ctrl-C ends it as the other signals do, and Python says nothing of it."""
    code = (
        "import os, signal, sys\n"
        "class Loader:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'pyreport.cli.main': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Loader())\n"
        "from pyreport.__main__ import start\n"
        "start()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY, preexec_fn=hears_signals, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
