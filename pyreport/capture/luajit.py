"""The reader's process: LuaJIT in tshark's sandbox, as the same account, with the capture as its standard input."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Generator, Sequence
from typing import IO

from pyreport.base.claim import claim
from pyreport.base.errors import ToolError
from pyreport.capture.file import CaptureFile
from pyreport.capture.sandbox import NO_LUAJIT
from pyreport.capture.tshark import Tshark, one_line


def first_then_rows(tshark: Tshark, capture: CaptureFile, command: Sequence[str]) -> Generator[list[str], None, None]:
    """Yield the reader's first line, split, and then the rows. The first line may be made here: "failed" with what the
    process said, or "none" when it has no LuaJIT.
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
            first = _split(process.stdout.readline())
            if first != [""]:
                yield first
                last = yield from _rows(process.stdout)
                status = process.wait()
                if last not in ("whole", "cut") or status:
                    raise ToolError(_failure(capture, status, stderr))
                if last == "cut":
                    tshark.warn(claim("capture-cut-short", file=capture.shown_path))
            else:
                status = process.wait()
                yield ["none"] if status == NO_LUAJIT else ["failed", _said(status, stderr)]
        finally:
            process.stdout.close()
            process.kill()
            process.wait()


def _rows(stream: IO[bytes]) -> Generator[list[str], None, str]:
    """Yield all rows but the last; return the first word of that."""
    row = [""]
    for line in stream:
        row = _split(line)
        if len(row) > 1:
            yield row
    return row[0]


def _split(line: bytes) -> list[str]:
    return line.decode("utf-8", "backslashreplace").rstrip("\n").split("\t")


def _said(status: int, stderr: IO[bytes]) -> str:
    stderr.seek(0)
    lines = stderr.read().decode("utf-8", "backslashreplace").strip().splitlines()
    told = next((line for line in lines if "Error" in line), lines[-1] if lines else "")
    return one_line(f"status {status} {told}")


def _failure(capture: CaptureFile, status: int, stderr: IO[bytes]) -> str:
    said = _said(status, stderr)
    return f"The fast reader failed on {capture.shown_path} ({said}): use --engine tshark, and report this."
