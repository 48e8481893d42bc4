"""pyreport run in this process, in a folder of its own, with a limit of time; and what must be so afterwards."""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

# main imports it with the first command; a run is to load nothing.
import pyreport.cli.run  # noqa: F401
from pyreport.cli.main import main
from tests.fuzz.cases import Case, Wrong

#: Seconds of CPU time of this process after which a run hangs, and of time at all, for what it waits for.
HANGS_AFTER, WAITS_AT_MOST = 10, 120
#: The exit statuses that pyreport/base/errors.py documents, and argparse's.
STATUSES = (0, 1, 2, 3, 4)
#: What a terminal understands as an order.
CONTROL = frozenset(map(chr, (*range(9), *range(11, 32), *range(127, 160))))


class Hang(BaseException):
    """The limit of time is reached. No Exception: nothing may take it for one."""


@dataclass(frozen=True, slots=True)
class Run:
    """How a run ended: its status, what it printed, and what is wrong with that, if anything."""

    status: int
    stdout: str
    stderr: str
    out: Path
    wrong: Wrong | None = None


@contextmanager
def place_for(case: Case) -> Iterator[Path]:
    """A folder with the case's files in "in", and empty "out" and "tmp", which the account of the sandbox can enter."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/tmp"))
    try:
        folder.chmod(0o755)
        for name in ("in", "out", "tmp"):
            (folder / name).mkdir()
        (folder / "tmp").chmod(0o777)
        for name, content in case.files:
            (folder / "in" / name).write_bytes(content)
        yield folder
    finally:
        shutil.rmtree(folder)


def run(folder: Path, arguments: tuple[str, ...], limit: int = HANGS_AFTER) -> Run:
    """Run the command line in a folder made by ``place_for``, with so many seconds of CPU time. Its status is -1 when
    it did not end by itself.
    """
    stdout, stderr = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before = children()
    status, wrong = -1, None
    with _here(folder, stdout, stderr), limited(limit, limit * 12):
        try:
            status = main(arguments)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else -1
        except Hang:
            wrong = Wrong(f"hang in {_where()}", traceback.format_exc())
        except BaseException as error:  # noqa: BLE001
            wrong = Wrong(f"{type(error).__name__} in {_where()}", traceback.format_exc())
    printed = [_read(stream) for stream in (stdout, stderr)]
    wrong = wrong or _wrong_end(folder, status, printed, before)
    return Run(status, printed[0], printed[1], folder / "out", wrong)


def _wrong_end(folder: Path, status: int, printed: list[str], before: set[int]) -> Wrong | None:
    said = f"status {status}\n{printed[1]}"
    lines = printed[1].splitlines()
    if status not in STATUSES:
        return Wrong(f"status {status}", said)
    if status == 3:
        return Wrong("status 3", said)
    if "Traceback" in printed[1]:
        return Wrong("traceback on stderr", said)
    if status and not any(line.startswith("pyreport") for line in lines[-1:]):
        return Wrong("no sentence", said)
    if CONTROL & set("".join(printed)):
        return Wrong("control characters", repr(printed))
    if status and (left := _names(folder / "out")):
        return Wrong("output of a failed run", f"{left}\n{said}")
    if left := _names(folder / "tmp"):
        return Wrong("temporary files", f"{left}\n{said}")
    if left := [name for name in _names(folder / "out") if name.startswith(".")]:
        return Wrong("temporary outputs", f"{left}\n{said}")
    if children() - before:
        return Wrong("a process is left", said)
    return None


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@contextmanager
def limited(cpu: int = HANGS_AFTER, waits: int = WAITS_AT_MOST) -> Iterator[None]:
    """Raise Hang in what takes longer: so much CPU time of this process, or so much time. Both in seconds."""
    timers = ((signal.ITIMER_PROF, signal.SIGPROF, cpu), (signal.ITIMER_REAL, signal.SIGALRM, waits))
    old = {number: signal.signal(number, _hang) for _, number, _ in timers}
    for timer, _, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for timer, number, _ in timers:
            signal.setitimer(timer, 0)
            signal.signal(number, old[number])


def _hang(_number: int, _frame: FrameType | None) -> None:
    raise Hang


@contextmanager
def _here(folder: Path, stdout: io.TextIOWrapper, stderr: io.TextIOWrapper) -> Iterator[None]:
    """The folder is the present one, TMPDIR is in it, and what is printed goes to these streams."""
    was, streams, environment = Path.cwd(), (sys.stdout, sys.stderr), dict(os.environ)
    os.environ |= {"TMPDIR": str(folder / "tmp"), "COLUMNS": "80", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
    tempfile.tempdir = None
    sys.stdout, sys.stderr = stdout, stderr
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(was)
        sys.stdout, sys.stderr = streams
        os.environ.clear()
        os.environ.update(environment)
        tempfile.tempdir = None


def _read(stream: io.TextIOWrapper) -> str:
    stream.flush()
    octets: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return octets.decode("utf-8", "replace")


def _where() -> str:
    """The innermost function of pyreport in the present exception's traceback, as "module function"."""
    error = sys.exc_info()[1]
    found = "?"
    for frame in traceback.extract_tb(error.__traceback__ if error else None):
        if "/pyreport/" in frame.filename and "/tests/" not in frame.filename:
            found = f"{Path(frame.filename).stem} {frame.name}"
    return found


def children() -> set[int]:
    """The processes that this one has started and that have not ended, or were not waited for."""
    tasks = Path("/proc/self/task")
    lists = (task / "children" for task in tasks.iterdir())
    return {int(word) for path in lists if path.exists() for word in path.read_text().split()}
