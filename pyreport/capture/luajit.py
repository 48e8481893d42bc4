"""The reader's process: LuaJIT in tshark's sandbox, as the same account, with the open files of the capture."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import IO

from pyreport.base.errors import ToolError
from pyreport.capture.file import Capture
from pyreport.capture.sandbox import NO_LUAJIT
from pyreport.capture.tidings import Tidings
from pyreport.capture.tshark import Tshark, one_line

# How many octets of rows are read at a time.
PIECE = 1 << 20
# The first line when there is no LuaJIT.
NONE = b"none"


def first_line(
    tshark: Tshark, capture: Capture, commands: Sequence[Sequence[str]], tidings: Tidings
) -> Generator[bytes, None, None]:
    """Yield the reader's first line, and then its rows, some whole lines at a time. The first command that has LuaJIT
    is the reader; ``tidings`` (open) is complete and closed at the end.

    The first line may be made here: "failed" with what the process said, or "none" when no command has LuaJIT.
    Raises ToolError when the reader fails after its first line.
    """
    try:
        for command in commands:
            with closing(_run(tshark, capture, command, tidings)) as lines:
                first = next(lines)
                if first != NONE:
                    yield first
                    yield from lines
                    return
        yield NONE
    finally:
        tidings.close()


def _run(tshark: Tshark, capture: Capture, command: Sequence[str], tidings: Tidings) -> Generator[bytes, None, None]:
    # The files are opened by this process, so the account of the reader need not be able to.
    with tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=tshark.sandbox.folder,
            env=dict(tshark.sandbox.environment),
            pass_fds=[*(file.descriptor for file in capture.files), tidings.writer],
        )
        assert process.stdout is not None
        try:
            first = process.stdout.readline()
            if first:
                yield first
                yield from _whole_lines(process.stdout)
                if process.wait():
                    raise ToolError(
                        f"The fast reader failed on {capture.shown_path} ({_said(process.returncode, stderr)}): "
                        "use --engine tshark, and report this."
                    )
            else:
                status = process.wait()
                yield NONE if status == NO_LUAJIT else f"failed\t{_said(status, stderr)}".encode()
        finally:
            process.stdout.close()
            process.kill()
            process.wait()


def _whole_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The stream in pieces that end with a line; what is behind the last line's end is left out."""
    rest = b""
    while piece := stream.read(PIECE):
        lines, end, behind = (rest + piece).rpartition(b"\n")
        if end:
            yield lines + end
        rest = behind


def _said(status: int, stderr: IO[bytes]) -> str:
    stderr.seek(0)
    lines = stderr.read().decode("utf-8", "backslashreplace").strip().splitlines()
    told = next((line for line in lines if "Error" in line), lines[-1] if lines else "")
    return one_line(f"status {status} {told}")
