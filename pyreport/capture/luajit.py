"""The reader's process: LuaJIT in tshark's sandbox, as the same account, with the capture as its standard input."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Generator, Iterator, Sequence
from typing import IO

from pyreport.base.errors import ToolError
from pyreport.capture.file import CaptureFile
from pyreport.capture.sandbox import NO_LUAJIT
from pyreport.capture.tshark import Tshark, one_line

# How many octets of rows are read at a time.
PIECE = 1 << 20


def first_line(tshark: Tshark, capture: CaptureFile, command: Sequence[str]) -> Generator[bytes, None, None]:
    """Yield the reader's first line, and then its rows, some whole lines at a time.

    The first line may be made here: "failed" with what the process said, or "none" when it has no LuaJIT.
    Raises ToolError when the reader fails after its first line.
    """
    # The capture is opened by this process, so the account of the reader need not be able to.
    with capture.path.open("rb") as file, tempfile.TemporaryFile() as stderr:
        process = subprocess.Popen(
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=tshark.sandbox.folder,
            env=dict(tshark.sandbox.environment),
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
                yield b"none" if status == NO_LUAJIT else f"failed\t{_said(status, stderr)}".encode()
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
