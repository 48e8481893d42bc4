"""A tshark that a capture has taken over, as seen by the user: one sentence, exit status 3, nothing left."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.capture.confine import bounds
from pyreport.capture.processes import family
from tests.pyreport.capture.launched import PYTHON
from tests.pyreport.command import pyreport
from tests.support.plugin import REPOSITORY
from tests.support.programs import public_folder, write_program
from tests.support.tiny_capture import closed_connection, write_pcap

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these layers are of Linux")

REAL_TSHARK = shutil.which("tshark") or "tshark"
BY_TSHARK = ("--engine", "tshark", "--tshark")


@pytest.fixture
def folder() -> Iterator[Path]:
    with public_folder() as path:
        (path / "temporary").mkdir(mode=0o755)
        yield path


@pytest.fixture
def tiny(folder: Path) -> Path:
    return write_pcap(folder / "tiny.pcap", closed_connection())


def hostile(folder: Path, attack: str) -> Path:
    """A tshark that tells its version, and attacks when it is given a capture."""
    return write_program(folder / "hostile", f'if [ "$1" = -v ]; then exec {REAL_TSHARK} -v; fi\n{attack}')


def python(code: str, *arguments: object) -> str:
    """The line of a shell that becomes a Python program, which says in one line what it fails of."""
    hook = "import sys; sys.excepthook = lambda kind, error, _: sys.stderr.write(f'{kind.__name__}: {error}')"
    return shlex.join(["exec", PYTHON, "-I", "-S", "-c", f"{hook}\n{code}", *map(str, arguments)])


def told(folder: Path, tiny: Path, attack: str, memory_mb: str = "") -> str:
    """What the command says of an attack that ends it."""
    before = sorted(path.name for path in folder.iterdir())
    done = pyreport(
        "report", tiny, "-o", folder / "x.pdf", *BY_TSHARK, hostile(folder, attack),
        TMPDIR=str(folder / "temporary"), PYREPORT_MEMORY_MB=memory_mb,
    )  # fmt: skip
    assert (done.status, done.stdout) == (3, "")
    assert done.is_one_sentence, done.stderr
    assert list((folder / "temporary").iterdir()) == []
    assert sorted(path.name for path in folder.iterdir()) == sorted({*before, "hostile"})
    return done.stderr


def test_a_secret_and_a_file_elsewhere(folder: Path, tiny: Path) -> None:
    """What is beside the program, beside the capture and in the system: none is read, and nothing is written."""
    secret = folder / "secret"
    secret.write_text("the secret")
    for script in (f"cat {secret}", "cat /etc/hosts", f"echo evil >{folder}/evil", f"ls {folder}", "ls /tmp"):
        said = told(folder, tiny, f"{script}; exit 9")
        assert "denied" in said
        assert "the secret" not in said


def test_the_network(folder: Path, tiny: Path) -> None:
    connect = "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1]))); print('connected')"
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = told(folder, tiny, python(connect, server.getsockname()[1]))
    assert "not permitted" in said or "unreachable" in said


def test_memory(folder: Path, tiny: Path) -> None:
    """The limit of the user holds, and a program that the kernel ends for it is told with the limit."""
    eat = "import mmap\nkept = []\nwhile True: kept.append(bytearray(1 << 24))"
    assert "MemoryError" in told(folder, tiny, python(eat), "500")
    killed = told(folder, tiny, "kill -9 $$", "500")
    assert re.search(r"ended by signal 9 .* 0\.5 GB of memory \(PYREPORT_MEMORY_MB\) and 4 h of CPU time", killed)


def test_a_memory_limit_that_is_no_number(tiny: Path) -> None:
    done = pyreport("scan", tiny, PYREPORT_MEMORY_MB="much")
    assert done.status == 2
    assert done.is_one_sentence
    assert "set it to a number of megabytes" in done.stderr


def test_processes(folder: Path, tiny: Path) -> None:
    """Those that were forked end with it, though they hold its output open and have left its session."""
    fork = "import os, time\nwhile True:\n    if not os.fork():\n        os.setsid()\n        time.sleep(302)\n"
    assert "Resource temporarily unavailable" in told(folder, tiny, python(fork))
    listed = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True).stdout
    assert "time.sleep(302)" not in listed


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        ("yes | tr -d '\\n'", "printed a line of more than"),
        ("yes", r"printed 1 columns"),
        ("head -c 200000000 /dev/zero >&2; exit 9", "exit status 9"),
    ],
)
def test_much_output(folder: Path, tiny: Path, attack: str, said: str) -> None:
    assert re.search(said, told(folder, tiny, attack))


def test_many_error_messages_are_cut(folder: Path, tiny: Path) -> None:
    """Neither the disk nor this program's memory is filled with them."""
    assert bounds.FILE_BYTES < 100_000_000
    assert len(told(folder, tiny, "yes >&2; exit 9")) < 1000


@pytest.mark.parametrize("what", ["-T fields", "-T pdml"])
def test_a_hanging_one(folder: Path, what: str) -> None:
    """In the pass over the capture, and in that of pyshark. The command's patience is shortened for the test."""
    attack = f'case "$*" in *"{what}"*) exec sleep 300;; esac\nexec {REAL_TSHARK} "$@"'
    article = REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"
    code = (
        "import sys; from pyreport.capture import child; child.LOOK_S = 0.2; from pyreport.cli.main import main; "
        "sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "report", article, "-o", folder / "x.pdf", *BY_TSHARK, hostile(folder, attack)],
        capture_output=True, text=True, check=False, cwd=REPOSITORY,
        env={**os.environ, "TMPDIR": str(folder / "temporary")},
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    last = done.stderr.splitlines()[-1]
    assert re.search("hostile did nothing for .* was ended", last)
    assert "Traceback" not in done.stderr
    assert list((folder / "temporary").iterdir()) == []
    assert not (folder / "x.pdf").exists()


def test_killed_without_a_chance_to_clear_up(folder: Path, tiny: Path) -> None:
    """tshark ends with it, and the next run removes the private folder."""
    temporary = folder / "temporary"
    environment = {**os.environ, "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [sys.executable, "-m", "pyreport", "scan", tiny, *BY_TSHARK, hostile(folder, "exec sleep 300")],
        cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while len(started := family(process.pid)) < 4:  # the launcher, the first process inside, and tshark
        assert process.poll() is None
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    while any(map(is_running, started)):
        time.sleep(0.05)
    assert len(list(temporary.iterdir())) == 1
    assert pyreport("scan", tiny, TMPDIR=str(temporary)).status == 0
    assert list(temporary.iterdir()) == []


def is_running(pid: int) -> bool:
    """Whether there is such a process, and it has not ended (proc_pid_stat(5))."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except (FileNotFoundError, ProcessLookupError):
        return False
