"""The ring of captures: dumpcap writes it, file after file, and takes back the oldest. It is kept running here."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from msgspec import Struct, field

from pyreport.base.claim import Claim, Duration, claim
from pyreport.base.errors import InputError, ToolError
from pyreport.base.units import NS_PER_S
from pyreport.watch.children import PIPE, Backoff, Child, start

FOLDER = "ring"
ENVIRONMENT = {"TZ": "UTC", "LC_ALL": "C"}
# The ring takes back one of so many files at a time: the oldest thirtieth of what it holds.
FILES = 32
SMALLEST_BYTES = FILES * 100_000
_PREFIX = "ring"
_MESSAGES = "dumpcap.txt"
_MOST_MESSAGES = 1 << 20
# dumpcap opens the interface and its first file within this time (s), else it never will.
_STARTS_WITHIN_S = 20
_NOT_ALLOWED = re.compile(rb"(?i)permission|not permitted")


class RingSettings(Struct, frozen=True):
    """What is captured, and how much of it is kept: ``snapshot`` bytes of a frame, files of ``most_bytes`` in all, none
    older than ``most_age_s``. ``dumpcap`` is the program.
    """

    interface: str
    capture_filter: str
    snapshot: int
    most_bytes: int
    most_age_s: int
    dumpcap: str = "dumpcap"


class Ring(Struct):
    """dumpcap and its files in ``folder``. ``say`` is told when dumpcap ends and when it runs again."""

    settings: RingSettings
    folder: Path
    say: Callable[[Claim], None]
    child: Child | None = None
    _began_ns: int = 0
    _backoff: Backoff = field(default_factory=Backoff)
    _messages: IO[bytes] | None = None
    _is_down: bool = False

    def open(self) -> None:
        """Start dumpcap and wait until it captures. Raises ToolError, or InputError, when it does not."""
        program = shutil.which(self.settings.dumpcap)
        if program is None and shutil.which(self.settings.dumpcap, mode=os.F_OK) is None:
            raise ToolError(
                f"{self.settings.dumpcap} was not found: install Wireshark's command line "
                "(Debian, Ubuntu: apt-get install tshark)."
            )
        try:
            self.folder.mkdir(exist_ok=True, mode=0o700)
            self._messages = (self.folder / _MESSAGES).open("ab+")
        except OSError as error:
            raise InputError(f"{self.folder} cannot be used ({error.strerror}): choose another --dir.") from error
        try:
            self._start()
        except PermissionError as error:
            self.close()
            raise _not_allowed(self.settings.interface) from error
        except OSError as error:
            self.close()
            raise ToolError(
                f"{self.settings.dumpcap} cannot be started ({error.strerror}): install it anew."
            ) from error
        deadline = time.monotonic() + _STARTS_WITHIN_S
        while not self._captures():
            if self.child is None or self.child.status is not None or time.monotonic() > deadline:
                said = self._said()
                self.close()
                if _NOT_ALLOWED.search(said):
                    raise _not_allowed(self.settings.interface)
                raise ToolError(
                    f"dumpcap does not capture ({_text(said)}): check -i and the filter (dumpcap -D lists)."
                )
            time.sleep(0.05)

    def poll(self, now_ns: int) -> None:
        """Start dumpcap again when it has ended, after a pause; keep the files within their bounds."""
        child = self.child
        if child is not None and child.status is not None:
            status, said = child.status, self._said()
            self._let_go()
            self._fails(_text(said) if status >= 0 else signal.Signals(-status).name, now_ns)
        if self._backoff.is_due(now_ns):
            try:
                self._start(now_ns)
            except OSError as error:
                self._began_ns = now_ns
                self._fails(str(error.strerror), now_ns)
        if self._is_down and self.child is not None and self.child.status is None and self._captures():
            self._is_down = False
            self.say(claim("watch-dumpcap-back"))
        self._drain()
        self._prune(now_ns)

    def close(self) -> None:
        """End dumpcap, which finishes its file."""
        self._let_go(signal.SIGTERM)
        if self._messages is not None:
            self._messages.close()
            self._messages = None

    def files(self) -> list[Path]:
        """The files of the ring, the oldest first."""
        return [path for _, _, path in self._aged()]

    def _fails(self, said: str, now_ns: int) -> None:
        self._is_down = True
        pause = self._backoff.after(now_ns, self._began_ns)
        self.say(claim("watch-dumpcap-ended", said=said, pause=Duration(pause)))

    def _start(self, now_ns: int | None = None) -> None:
        settings = self.settings
        messages = self._messages
        assert messages is not None
        messages.seek(0)
        messages.truncate()
        ring = {
            "duration": max(1, settings.most_age_s // FILES),
            "filesize": max(100, settings.most_bytes // FILES // 1000),
            "files": FILES,
        }
        # The names of finished files go to a pipe: once the watch is gone, however it ended, dumpcap ends with the
        # next file instead of capturing on for nobody.
        options = [word for key, value in ring.items() for word in ("-b", f"{key}:{value}")]
        command = [
            *(*dumpcap_command(settings), *options, "-b", "printname:stdout"),
            *("-w", str(self.folder / f"{_PREFIX}.pcapng")),
        ]
        self.child = start(command, stdout=PIPE, stderr=messages, environment=ENVIRONMENT)
        output = self.child.process.stdout
        assert output is not None
        os.set_blocking(output.fileno(), False)
        self._began_ns = time.time_ns() if now_ns is None else now_ns

    def _captures(self) -> bool:
        return b"\nFile: " in b"\n" + self._said()

    def _said(self) -> bytes:
        """What dumpcap has said since it was started."""
        if self._messages is None:
            return b""
        return os.pread(self._messages.fileno(), _MOST_MESSAGES, 0)

    def _drain(self) -> None:
        if self.child is not None and self.child.process.stdout is not None:
            with contextlib.suppress(BlockingIOError, TypeError):
                self.child.process.stdout.read(1 << 16)
        if self._messages is not None and os.fstat(self._messages.fileno()).st_size > _MOST_MESSAGES:
            os.truncate(self._messages.fileno(), 0)

    def _let_go(self, number: int = signal.SIGTERM) -> None:
        if self.child is not None:
            self.child.stop(number)
            self.child = None

    def _aged(self) -> list[tuple[int, str, Path]]:
        aged = []
        for path in self.folder.glob(f"{_PREFIX}_*.pcapng"):
            with contextlib.suppress(FileNotFoundError):
                aged.append((path.stat().st_mtime_ns, path.name, path))
        return sorted(aged)

    def _prune(self, now_ns: int) -> None:
        """Remove what an earlier dumpcap left; the present one takes back only its own files."""
        aged = self._aged()
        if len(aged) <= 1:
            return
        size = 0
        for index, (time_ns, _, path) in enumerate(reversed(aged)):
            with contextlib.suppress(FileNotFoundError):
                size += path.stat().st_size
                too_old = now_ns - time_ns > (self.settings.most_age_s + self.settings.most_age_s // FILES) * NS_PER_S
                if index and (size > self.settings.most_bytes or too_old):
                    path.unlink()


def dumpcap_command(settings: RingSettings) -> list[str]:
    """dumpcap with what is captured, without what it writes to; what is not for this host is left alone (-p)."""
    return [
        *(settings.dumpcap, "-q", "-p", "-n", "-i", settings.interface, "-s", str(settings.snapshot)),
        *("-f", settings.capture_filter),
    ]


def _not_allowed(interface: str) -> ToolError:
    return ToolError(
        f"This user may not capture on {interface}: let dumpcap capture for the group wireshark "
        "(Debian, Ubuntu: dpkg-reconfigure wireshark-common, then usermod -aG wireshark USER), "
        "or start the watch by systemd (pyreport watch --print-systemd), which gives it the right."
    )


def _text(said: bytes) -> str:
    """What dumpcap says of an error, in one line."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines()]
    told = [line for line in lines if line and not line.startswith(("Capturing on", "File:", "Packets"))]
    return " ".join(told)[:300] or "-"
