"""Findings of the plugin while the capture runs: dumpcap's frames go through a pipe into tshark in its sandbox.

tshark keeps all that it knows of every connection, so its memory grows; when it has grown too far, it begins anew.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from msgspec import Struct, field

from pyreport.base.claim import Claim, Duration, claim
from pyreport.base.units import NS_PER_S
from pyreport.capture.processes import family
from pyreport.capture.sandbox import Sandbox
from pyreport.logs.model import NamedEnd
from pyreport.watch.children import NOTHING, PIPE, Backoff, Child, start
from pyreport.watch.incident import Incident
from pyreport.watch.ring import ENVIRONMENT, RingSettings, dumpcap_command

FILTER = 'keepalive.level in {"Warn", "Error"}'
# The ends are those of the innermost header, as tshark prints the last of each.
FIELDS = ("ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport", "keepalive.finding")
MOST_MEMORY_BYTES = 512_000_000
_LOOKS_AT_MEMORY_EACH_NS = 5 * NS_PER_S
_PAGE = os.sysconf("SC_PAGE_SIZE")
_BLOCK = 1 << 16
# A longer line is none that tshark prints with these fields.
_LONGEST_LINE = 1 << 12


class FindingFinder(Struct):
    """Tells of frames with findings at level Warn or Error. ``ports`` are those of the service."""

    settings: RingSettings
    sandbox: Sandbox
    ports: Collection[int]
    say: Callable[[Claim], None]
    most_memory: int = MOST_MEMORY_BYTES
    _capture: Child | None = None
    _tshark: Child | None = None
    _began_ns: int = 0
    _looked_ns: int = 0
    _backoff: Backoff = field(default_factory=lambda: Backoff(due_ns=0))
    _rest: bytes = b""

    def poll(self, now_ns: int) -> Sequence[Incident]:
        """What was found since the last look."""
        if self._backoff.is_due(now_ns):
            self._start(now_ns)
        found = [incident for line in self._lines() if (incident := self._incident(line, now_ns)) is not None]
        self._look_after(now_ns)
        return found

    def close(self) -> None:
        """End both programs."""
        for child in (self._capture, self._tshark):
            if child is not None:
                child.stop()
        self._capture = self._tshark = None
        self._rest = b""

    def _start(self, now_ns: int) -> None:
        self._began_ns = self._looked_ns = now_ns
        fields = [word for name in FIELDS for word in ("-e", name)]
        arguments = [
            *("-n", "-l", *self.sandbox.plugin_arguments(), "-r", "-", "-Y", FILTER),
            *("-T", "fields", "-E", "occurrence=l", "-E", "separator=/t", *fields),
        ]
        try:
            command = [*dumpcap_command(self.settings), "-w", "-"]
            self._capture = start(command, stdout=PIPE, stderr=NOTHING, environment=ENVIRONMENT)
            frames = self._capture.process.stdout
            assert frames is not None
            command = [str(self.sandbox.live_command), *arguments]
            self._tshark = start(command, stdin=frames, stdout=PIPE, stderr=NOTHING)
            frames.close()  # tshark has it: when tshark ends, dumpcap ends
        except OSError as error:
            self._ended(str(error.strerror), now_ns)
            return
        output = self._tshark.process.stdout
        assert output is not None
        os.set_blocking(output.fileno(), False)

    def _lines(self) -> Iterator[str]:
        if self._tshark is None or self._tshark.process.stdout is None:
            return
        with contextlib.suppress(BlockingIOError):
            self._rest += os.read(self._tshark.process.stdout.fileno(), _BLOCK)
        *lines, rest = self._rest.split(b"\n")
        self._rest = rest[-_LONGEST_LINE:]
        yield from (line.decode("utf-8", "replace") for line in lines)

    def _incident(self, line: str, now_ns: int) -> Incident | None:
        values = line.split("\t")
        if len(values) != len(FIELDS):
            return None
        ip4, ip6, port, to_ip4, to_ip6, to_port, finding = values
        source, target = _end(ip4, ip6, port), _end(to_ip4, to_ip6, to_port)
        if source is None or target is None:
            return None
        if source.port in self.ports and target.port not in self.ports:
            source, target = target, source
        return Incident(now_ns, source, target, finding=finding)

    def _look_after(self, now_ns: int) -> None:
        tshark, capture = self._tshark, self._capture
        if tshark is None or capture is None:
            return
        if tshark.status is not None or capture.status is not None:
            name, status = ("tshark", tshark.status) if tshark.status is not None else ("dumpcap", capture.status)
            told = signal.Signals(-status).name if status is not None and status < 0 else str(status)
            self._ended(f"{name}: {told}", now_ns)
        elif now_ns - self._looked_ns >= _LOOKS_AT_MEMORY_EACH_NS:
            self._looked_ns = now_ns
            if _memory(tshark.process.pid) > self.most_memory:
                self.say(claim("watch-finder-grown", mb=self.most_memory // 1_000_000))
                self.close()
                self._backoff.due_ns = now_ns

    def _ended(self, said: str, now_ns: int) -> None:
        self.close()
        pause = self._backoff.after(now_ns, self._began_ns)
        self.say(claim("watch-finder-ended", said=said, pause=Duration(pause)))


def _end(ip4: str, ip6: str, port: str) -> NamedEnd | None:
    host = ip4 or (f"[{ip6}]" if ip6 else "")
    return NamedEnd(host, int(port)) if host and port.isdecimal() else None


def _memory(pid: int) -> int:
    """Resident bytes of a process and those that it started; 0 when that cannot be told (proc(5), statm)."""
    pages = 0
    for each in family(pid):
        with contextlib.suppress(OSError, ValueError, IndexError):
            pages += int(Path(f"/proc/{each}/statm").read_text("ascii").split()[1])
    return pages * _PAGE
