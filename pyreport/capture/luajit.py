"""The reader's process: LuaJIT in tshark's sandbox, as the same account, with the open files of the capture."""

from __future__ import annotations

import subprocess
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import IO

from msgspec import MsgspecError, Struct, json

from pyreport.base.errors import ToolError
from pyreport.capture.child import Child, start
from pyreport.capture.confine import NO_LUAJIT
from pyreport.capture.file import Capture
from pyreport.capture.how_far import Watch, unwatched
from pyreport.capture.sandbox import READER
from pyreport.capture.tidings import Tidings
from pyreport.capture.tshark import LONGEST_LINE, Tshark, one_line, said

# To compile the reader's loops takes LuaJIT about as long as to interpret them for some thousand frames. A capture of
# fewer octets is interpreted.
WORTH_COMPILING = 512 << 10
# How many lines of an answer are handed on at a time.
LINES = 5_000
# The line that ends an answer.
END = b".\n"
# Instead of a first line: there is no LuaJIT.
NONE = ("none",)
# Where in the first line it says how many lines of tidings it has sent.
TOLD = 3


class ReaderProcess(Struct, frozen=True):
    """A reader that has gone through a capture, or has said why it does not.

    ``begun`` is its first line, split: "read" or "other" with what main.lua says; or made here: "failed" with what the
    process said, "none" when it has no LuaJIT. ``tidings`` has what it told beside. It answers one request at a time,
    and ends with the sandbox of tshark.
    """

    capture: Capture
    begun: tuple[str, ...]
    tidings: Tidings
    _child: Child
    _stderr: IO[bytes]
    _end: ExitStack

    def ask(self, request: str) -> Iterator[bytes]:
        """The answer to a request (answers.lua has them), some whole lines at a time; to be read to its end.

        Raises ToolError when the reader fails.
        """
        lines: list[bytes] = []
        for line in self._request(request):
            if line == END:
                yield b"".join(lines)
                return
            lines.append(line)
            if len(lines) == LINES:
                yield b"".join(lines)
                lines.clear()
        raise self._failure()

    def excerpt(self, request: str, streams: Iterable[int], file: IO[bytes]) -> list[int]:
        """Write a small capture (pcapng) with all frames of these streams, and what else the ``request`` says
        (answers.lua: excerpt, odd, around). Returns the numbers that its frames have.

        Raises ToolError when the reader fails, OSError when the file cannot be written.
        """
        replies = self._request(" ".join((request, *map(str, streams))))
        try:
            numbers: list[int] = json.decode(replies.readline(), type=list[int])
            while size := int(replies.readline()):
                file.write(_exactly(replies, size))
            if replies.readline() == END:
                return numbers
        except (MsgspecError, ValueError, EOFError):
            pass
        raise self._failure()

    def times(self, host: str) -> array[int]:
        """When a host (its address) sent its segments, in ns since the epoch, in the order of the capture.

        Raises ToolError when the reader fails.
        """
        replies, times = self._request(f"times {host}"), array("q")
        try:
            while size := int(replies.readline()):
                times.frombytes(_exactly(replies, size))
            if replies.readline() == END:
                return times
        except (ValueError, EOFError):
            pass
        raise self._failure()

    def close(self) -> None:
        """End the process."""
        self._end.close()

    def _request(self, request: str) -> IO[bytes]:
        requests, replies = self._child.input, self._child.output
        assert requests is not None
        try:
            requests.write(request.encode() + b"\n")
            requests.flush()
        except BrokenPipeError:
            raise self._failure() from None
        return replies

    def _failure(self) -> ToolError:
        told = _said(self._child.wait(), self._stderr)
        return ToolError(
            f"The fast reader failed on {self.capture.shown_path} ({told}): use --engine tshark, and report this."
        )


def begin_reading(tshark: Tshark, capture: Capture, fields: Sequence[str], watch: Watch = unwatched) -> ReaderProcess:
    """Have the reader go through a capture; its rows will have these fields. The first LuaJIT that is there runs it.
    ``watch`` is told how far it is.
    """
    for number in range(len(tshark.sandbox.lua_commands([])) - 1):
        process = _start(tshark, capture, fields, Tidings(capture.size, watch), number)
        if process.begun != NONE:
            return process
    return _start(tshark, capture, fields, Tidings(capture.size, watch), -1)


def _start(tshark: Tshark, capture: Capture, fields: Sequence[str], tidings: Tidings, number: int) -> ReaderProcess:
    """The reader behind its first line, by one of the sandbox's commands; ended already when that is not "read"."""
    sandbox = tshark.sandbox
    end = ExitStack()
    stderr = end.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    tidings.open()
    end.callback(tidings.close)
    # The files are opened by this process, so the account of the reader need not be able to.
    files = ",".join(f"{file.descriptor}:{file.size}" for file in capture.files)
    folders = str(sandbox.plugin.parent), str(sandbox.folder / READER)
    way = "interpreted" if capture.size < WORTH_COMPILING else "compiled"
    arguments = [*folders, way, files, str(tidings.writer), capture.limits.part, *fields]
    child = start(
        "The fast reader",
        sandbox.lua_commands(arguments)[number],
        stdin=subprocess.PIPE,
        stderr=stderr,
        folder=sandbox.folder,
        environment=sandbox.environment,
        descriptors=[*(file.descriptor for file in capture.files), tidings.writer],
    )
    end.callback(child.stop)
    sandbox.children.callback(end.close)
    first = child.output.readline(LONGEST_LINE).decode("utf-8", "backslashreplace").rstrip("\n")
    begun = tuple(first.split("\t"))
    if not first:
        status = child.wait()
        begun = NONE if status == NO_LUAJIT else ("failed", _said(status, stderr))
    if begun[0] != "read":
        end.close()
    elif len(begun) > TOLD:
        tidings.wait_for(int(begun[TOLD]))
    return ReaderProcess(capture, begun, tidings, child, stderr, end)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    octets = stream.read(size)
    if len(octets) < size:
        raise EOFError
    return octets


def _said(status: int, stderr: IO[bytes]) -> str:
    lines = said(stderr).strip().splitlines()
    told = next((line for line in lines if "Error" in line), lines[-1] if lines else "")
    return one_line(f"status {status} {told}")
