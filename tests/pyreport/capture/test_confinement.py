"""A program that was taken over by a capture can do nothing with it: each attack works without the launcher, and not
with it, whoever starts it. Where the system refuses a layer, the launcher tells so, and the others hold.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyreport.base.errors import UsageError
from pyreport.capture.confine import bounds
from pyreport.capture.confinement import LEAST_MEMORY, MEMORY_VARIABLE, READS_VARIABLE, files_of, memory_limit
from pyreport.desk.sandbox_layers import Layer
from tests.pyreport.capture.launched import PYTHON, ROOT, STARTERS, Launcher, launcher

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these layers are of Linux")

ALL = set(Layer) - {Layer.OTHER_USER}
NAMESPACES = {Layer.NO_NETWORK, Layer.OWN_PROCESSES}
BUBBLEWRAP = shutil.which("bwrap")


@pytest.fixture(params=STARTERS)
def confined(request: pytest.FixtureRequest) -> Iterator[Launcher]:
    with launcher(request.param) as started:
        yield started


def needs(confined: Launcher, *layers: Layer) -> None:
    """Skip where the system refuses a layer: what the others do then has tests of its own."""
    if missing := set(layers) - confined.layers():
        pytest.skip(f"this system refuses {', '.join(sorted(missing))}")


def python(confined: Launcher, code: str, *arguments: str | Path) -> tuple[str, str]:
    """What a Python program prints without the launcher and with it."""
    program = [PYTHON, "-I", "-S", "-c", code, *map(str, arguments)]
    free, shut_in = confined.run_free(*program), confined.run(*program)
    return free.stdout + free.stderr, shut_in.stdout + shut_in.stderr


def test_all_layers_are_told(confined: Launcher) -> None:
    """Whatever the system grants, nothing else is told; what it cannot refuse is there."""
    told = confined.layers()
    assert told <= {layer.value for layer in Layer}
    assert Layer.NO_NEW_PRIVILEGES in told
    assert Layer.LIMITS in told
    assert (Layer.OTHER_USER in told) == (confined.starter == ROOT)


def test_a_secret_is_not_read(confined: Launcher) -> None:
    """A file that the user may read, but no capture needs; the file that is given is read, and so is that of -r."""
    needs(confined, Layer.FILES)
    secret = confined.folder / "secret"
    secret.write_text("the secret")
    secret.chmod(0o644)
    for path in (secret, Path("/etc/hosts"), Path("/proc/self/environ")):
        assert confined.run_free("/bin/cat", path).returncode == 0 or confined.starter == ROOT
        shut_in = confined.run("/bin/cat", path)
        assert "the secret" not in shut_in.stdout
        assert "denied" in shut_in.stderr
    assert confined.run("/bin/cat", confined.folder / "given" / "file").stdout == "given\n"
    assert confined.run("/usr/bin/sort", "-r", secret).stdout == "the secret\n"


def test_nothing_is_written(confined: Launcher) -> None:
    """Neither in a folder for all users nor in what is given, not even where the user may."""
    needs(confined, Layer.FILES)
    for folder in (confined.folder / "public", confined.folder / "given"):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777)
        mine = folder / "mine"
        script = 'echo x > "$1"; mkdir "$1.d"; ln -s /etc "$1.l"; mkfifo "$1.f"; ls "$(dirname "$1")"'
        shut_in = confined.run("/bin/sh", "-c", script, "sh", mine)
        assert [path.name for path in folder.iterdir() if path.name.startswith("mine")] == []
        assert "denied" in shut_in.stderr
        confined.run_free("/bin/sh", "-c", script, "sh", mine)
        assert mine.read_text() == "x\n"
        confined.run("/bin/sh", "-c", 'echo more > "$1"; mv "$1" "$1.moved"; rm -f "$1"', "sh", mine)
        assert mine.read_text() == "x\n"
    assert confined.run("/bin/sh", "-c", "echo x > /dev/null").returncode == 0


CONNECT = """
import socket, sys
is_file = len(sys.argv) == 2
with socket.socket(socket.AF_UNIX if is_file else socket.AF_INET) as tried:
    tried.connect(sys.argv[1] if is_file else (sys.argv[1], int(sys.argv[2])))
print("connected")
"""


@pytest.mark.parametrize("refused", ["", "seccomp", "namespaces,bubblewrap"])
def test_no_connection_to_the_host(confined: Launcher, refused: str) -> None:
    """Neither the loopback interface nor a socket of the file system, by the filter of calls or by the namespace."""
    shut_in = confined.refusing(refused) if refused else confined
    needs(shut_in, Layer.NO_NETWORK if refused == "seccomp" else Layer.SYSTEM_CALLS)
    with socket.create_server(("127.0.0.1", 0)) as server:
        program = [PYTHON, "-I", "-c", CONNECT, "127.0.0.1", str(server.getsockname()[1])]
        assert confined.run_free(*program).stdout == "connected\n"
        done = shut_in.run(*program)
        assert done.stdout == ""
        assert "unreachable" in done.stderr or "not permitted" in done.stderr or "denied" in done.stderr


def test_no_socket_of_the_file_system(confined: Launcher) -> None:
    """Through one, a session's service would start any program outside."""
    needs(confined, Layer.SYSTEM_CALLS)
    path = confined.folder / "given" / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()
        path.chmod(0o777)
        free, shut_in = python(confined, CONNECT, path)
        assert free == "connected\n"
        assert "not permitted" in shut_in


FORK_FOR_EVER = """
import os, sys, time
count = 0
while count < 100:
    try:
        child = os.fork()
    except OSError:
        break
    if not child:
        os.setsid()
        time.sleep(300)
        os._exit(0)
    count += 1
print(count, flush=True)
os._exit(0)
"""


def test_processes_are_few_and_end(confined: Launcher) -> None:
    """A program that forks for ever is stopped soon, and all that it started ends with it, also in other sessions."""
    needs(confined, Layer.OWN_PROCESSES)
    began = len(processes_of(confined))
    done = confined.run(PYTHON, "-I", "-S", "-c", FORK_FOR_EVER)
    assert 0 < int(done.stdout) <= bounds.PROCESSES
    assert len(processes_of(confined)) == began


def processes_of(confined: Launcher) -> list[int]:
    """The sleeping children that the attack makes, told by their command line."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"time.sleep(300)" in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def test_no_other_process_is_signalled(confined: Launcher) -> None:
    """Not even one of the same user."""
    needs(confined, Layer.OWN_PROCESSES)
    victim = subprocess.Popen(["sleep", "300"], user=confined.user, group=confined.user)
    try:
        confined.run("/bin/sh", "-c", 'kill -9 "$1"; kill -9 -1', "sh", str(victim.pid))
        assert victim.poll() is None
        confined.run_free("/bin/kill", "-9", str(victim.pid))
        assert victim.wait(60) == -9
    finally:
        victim.kill()
        victim.wait()


def test_memory_is_limited(confined: Launcher) -> None:
    """What eats memory gets none beyond the limit; below it, it does."""
    code = "import sys; bytearray(int(sys.argv[1])); print('eaten')"
    free, shut_in = python(confined, code, str(2 << 30))
    assert free == "eaten\n"
    assert "MemoryError" in shut_in
    assert python(confined, code, str(1 << 29)) == ("eaten\n", "eaten\n")
    shared = "import mmap, sys; mmap.mmap(-1, int(sys.argv[1])); print('mapped')"
    free, shut_in = python(confined, shared, str(confined.confinement.memory + bounds.MAPPED_BYTES))
    assert free == "mapped\n"
    assert "Cannot allocate memory" in shut_in


@pytest.mark.parametrize("starter", STARTERS)
def test_cpu_time_is_limited(starter: str) -> None:
    """A program that computes for ever is ended by the kernel."""
    with launcher(starter, cpu_s=1) as confined:
        assert confined.run("/bin/sh", "-c", "while :; do :; done").returncode == -9


def test_files_are_limited(confined: Launcher) -> None:
    """What is written into a file that was opened outside: the file of error messages."""
    code = "import sys\nfor _ in range(100): sys.stderr.buffer.write(bytes(1 << 20))"
    with (confined.folder / "errors").open("wb") as errors:
        subprocess.run(
            confined.command([PYTHON, "-I", "-S", "-c", code]),
            stderr=errors,
            user=confined.user,
            group=confined.user,
            check=False,
        )
        assert os.fstat(errors.fileno()).st_size == bounds.FILE_BYTES


def test_privileges_are_gone(confined: Launcher) -> None:
    """No capability in any set, no way to gain one, no core, and no further user namespace."""
    code = """
import ctypes, os, resource
libc = ctypes.CDLL(None, use_errno=True)
header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
libc.capget(header, sets)
print(list(sets), libc.prctl(39, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE), libc.unshare(0x10000000))
"""
    _, shut_in = python(confined, code)
    assert shut_in == "[0, 0, 0, 0, 0, 0] 1 (0, 0) -1\n"


def test_the_end_is_told_as_it_was(confined: Launcher) -> None:
    """Exit statuses and signals come through, though processes stand between."""
    for script, status in (("exit 7", 7), ("kill -9 $$", -9), ("kill -6 $$", -6), ("exit 0", 0)):
        assert confined.run("/bin/sh", "-c", script).returncode == status
    assert confined.run("/nonexistent").returncode == 126


def test_it_ends_with_whoever_started_it(confined: Launcher) -> None:
    """Killed without a chance to clear up: what was started goes, too."""
    inner = confined.command(["/bin/sh", "-c", "echo $$; exec sleep 301"])
    outer = [PYTHON, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])", *inner]
    started = subprocess.Popen(outer, stdout=subprocess.PIPE, user=confined.user, group=confined.user)
    assert started.stdout is not None
    started.stdout.readline()
    assert sleeping() != []
    started.kill()
    started.stdout.read()  # ends when the last one that has it open has ended
    started.wait()
    started.stdout.close()
    deadline = time.monotonic() + 60
    while sleeping() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert sleeping() == []


def sleeping() -> list[str]:
    listed = subprocess.run(["ps", "-eo", "args="], capture_output=True, text=True, check=True).stdout
    return [line for line in listed.splitlines() if line == "sleep 301"]


@pytest.mark.parametrize(
    ("refused", "missing"),
    [
        ("namespaces,bubblewrap", NAMESPACES),
        ("landlock", {Layer.FILES}),
        ("seccomp", {Layer.SYSTEM_CALLS}),
        ("limits", {Layer.LIMITS}),
        ("namespaces,bubblewrap,landlock,seccomp", {*NAMESPACES, Layer.FILES, Layer.SYSTEM_CALLS}),
    ],
)
def test_a_refused_layer_is_told_and_the_others_hold(confined: Launcher, refused: str, missing: set[Layer]) -> None:
    there = confined.layers()
    assert confined.refusing(*refused.split(",")).layers() == there - missing
    assert confined.refusing(*refused.split(",")).run("/bin/echo", "ran").stdout == "ran\n"


@pytest.mark.skipif(BUBBLEWRAP is None, reason="bubblewrap is not installed")
def test_bubblewrap_makes_the_namespaces() -> None:
    """Where an ordinary user may not, and it may; it also hides files where the kernel has no Landlock."""
    assert BUBBLEWRAP is not None
    with launcher("ordinary user") as confined:
        refusing = confined.refusing("namespaces")
        if Layer.NO_NETWORK not in refusing.layers(BUBBLEWRAP):
            pytest.skip("bubblewrap does not work here")
        assert refusing.layers() == confined.layers() - NAMESPACES
        assert refusing.layers(BUBBLEWRAP) == confined.layers()
        bare = confined.refusing("namespaces", "landlock", "seccomp")
        assert Layer.FILES in bare.layers(BUBBLEWRAP)
        assert "No such file" in bare.run("/bin/cat", "/etc/hosts", bubblewrap=BUBBLEWRAP).stderr
        assert bare.run("/bin/cat", confined.folder / "given" / "file", bubblewrap=BUBBLEWRAP).stdout == "given\n"
        script = 'echo x > "$1"'
        (confined.folder / "given").chmod(0o777)
        done = bare.run("/bin/sh", "-c", script, "sh", confined.folder / "given" / "new", bubblewrap=BUBBLEWRAP)
        assert "Read-only file system" in done.stderr
        for status, ended in (("exit 7", 7), ("exit 0", 0)):
            assert bare.run("/bin/sh", "-c", status, bubblewrap=BUBBLEWRAP).returncode == ended


def test_memory_limit() -> None:
    """All of the machine, a small one's least, or what the user says."""
    assert memory_limit({}) >= LEAST_MEMORY
    assert memory_limit({MEMORY_VARIABLE: "500"}) == 500_000_000
    for wrong in ("0", "-1", "x", "1e3", "٣"):
        with pytest.raises(UsageError, match=MEMORY_VARIABLE):
            memory_limit({MEMORY_VARIABLE: wrong})


def test_what_a_tshark_of_ones_own_needs(tmp_path: Path) -> None:
    """Itself, its libraries and its data, but not the folder that it lies in."""
    (tmp_path / "bin").mkdir()
    for name in ("tshark", "libwireshark.so.16", "secret"):
        (tmp_path / "bin" / name).write_text("")
    seen = set(files_of(tmp_path / "bin" / "tshark", {READS_VARIABLE: "/data:relative"}))
    assert {tmp_path / "bin" / "tshark", tmp_path / "bin" / "libwireshark.so.16", tmp_path / "lib"} <= seen
    assert Path("/data") in seen
    assert seen.isdisjoint({tmp_path, tmp_path / "bin", tmp_path / "bin" / "secret", Path("relative")})
