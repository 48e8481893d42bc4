"""Nothing is waited for without an end, and nothing is ended that works."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from pyreport.base.errors import ToolError
from pyreport.capture import child as module
from pyreport.capture.child import Child, Idling, start
from pyreport.capture.processes import Activity, activity, family

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems do not tell how a process is")

WORKS = "while True: pass"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_S", 0.02)
    monkeypatch.setattr(module, "MOST_IDLE_LOOKS", 10)


def shell(script: str) -> Child:
    with tempfile.TemporaryFile() as errors:
        return start("The program", ["/bin/sh", "-c", script], stderr=errors)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("script", ["exec sleep 300", "echo half a line | tr -d '\\n'; exec sleep 300"])
def test_silence_is_not_waited_for(script: str) -> None:
    running = shell(script)
    with pytest.raises(ToolError, match=r"The program did nothing for .* and was ended"):
        running.output.readline()
    running.stop()
    assert running.process.returncode == -9


@pytest.mark.usefixtures("quick")
def test_an_end_that_does_not_come_is_not_waited_for() -> None:
    """It has closed its output, and stays."""
    running = shell("exec >&-; exec sleep 300")
    assert running.output.read() == b""
    with pytest.raises(ToolError, match="did nothing"):
        running.wait()
    running.stop()


def test_output_and_status_of_one_that_ends() -> None:
    running = shell("seq 100000; exit 3")
    assert len(running.output.readlines()) == 100_000
    assert running.wait() == 3
    running.stop()


def test_who_is_not_read_is_not_idle() -> None:
    """Whoever reads takes his time between two lines, while the other waits for room in the pipe."""
    running = shell("seq 1000000")
    assert running.output.readline() == b"1\n"
    for _ in range(100):
        subprocess.run(["true"], check=True)
    assert len(running.output.readlines()) == 999_999
    assert running.wait() == 0
    running.stop()


def looks(monkeypatch: pytest.MonkeyPatch, *times: float | None, busy: bool = False) -> list[bool]:
    """What each look tells, at made-up CPU times of a process."""
    told = iter([None if time is None else Activity(time, busy) for time in times])
    monkeypatch.setattr(module, "activity", lambda _: next(told))
    idling = Idling(1)
    return [idling.look() for _ in times[1:]]


@pytest.mark.usefixtures("quick")
def test_what_works_is_not_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slowly the machine runs it; whoever waits for his turn or for a disk does not idle; a process of it that
    ends is work, too.
    """
    steps = [0.1 * number for number in range(100)]
    assert not any(looks(monkeypatch, *steps))
    assert not any(looks(monkeypatch, *[0.0] * 100, busy=True))
    assert not any(looks(monkeypatch, *[1.0] * 10, 0.5, *[0.5] * 9))


@pytest.mark.usefixtures("quick")
def test_what_hardly_works_is_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    assert looks(monkeypatch, *[1.0] * 11) == [*[False] * 9, True]
    assert looks(monkeypatch, *(0.001 * number for number in range(11)))[-1]


@pytest.mark.usefixtures("quick")
def test_where_the_system_does_not_tell_it_takes_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_LOOKS", 50)
    told = looks(monkeypatch, *[None] * 51)
    assert told.index(True) == 49


def cpu_of(process: int) -> float:
    does = activity(process)
    return 0.0 if does is None else does.cpu_s


def test_all_that_descend_count() -> None:
    """The one that works is a grandchild, as tshark is of the launcher."""
    outer = subprocess.Popen(["/bin/sh", "-c", f"'{sys.executable}' -c '{WORKS}' & wait"], start_new_session=True)
    try:
        while len(family(outer.pid)) < 2 or cpu_of(outer.pid) < 0.1:
            assert outer.poll() is None
        assert family(os.getpid())[0] == os.getpid()
        assert set(family(outer.pid)) < set(family(os.getpid()))
    finally:
        module.end_group(outer.pid)
        outer.wait()
    assert activity(outer.pid) is None


def test_a_name_that_looks_like_a_state(tmp_path: Path) -> None:
    """A program may be called "x) D 1 1", which must not be taken for waiting for a disk."""
    odd = tmp_path / "x) D 1 1"
    odd.symlink_to("/bin/sleep")
    process = subprocess.Popen([odd, "300"])
    try:
        while (does := activity(process.pid)) is None or does.is_busy:  # it has yet to fall asleep
            assert process.poll() is None
        assert does.cpu_s < 300
    finally:
        process.kill()
        process.wait()
