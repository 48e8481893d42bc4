"""The real command, in a process of its own. Each JSON that it writes is held against the schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.pyreport.json_schema import wrong
from tests.support.plugin import REPOSITORY

# What a terminal understands as an order: nothing of it belongs into a pipe.
CONTROL = frozenset(map(chr, (*range(9), *range(11, 32), 127)))


@dataclass(frozen=True, slots=True)
class Done:
    """How a run of the command ended."""

    status: int
    stdout: str
    stderr: str

    @property
    def is_one_sentence(self) -> bool:
        """Whether stderr is one line that starts with the program's name and holds no traceback."""
        lines = self.stderr.splitlines()
        return len(lines) == 1 and lines[0].startswith("pyreport: ") and "Traceback" not in self.stderr


def pyreport(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Done:
    """Run ``python -m pyreport`` in a pipe; ``environment`` is added to ours."""
    done = subprocess.run(
        [sys.executable, "-m", "pyreport", *map(str, arguments)],
        cwd=cwd or REPOSITORY,
        env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(REPOSITORY), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,  # only a run that hangs takes so long
        check=False,
    )
    assert not CONTROL & set(done.stdout + done.stderr)
    if done.returncode == 0 and "--json" in arguments:
        path = Path(cwd or REPOSITORY, arguments[arguments.index("--json") + 1])
        assert wrong(json.loads(path.read_text(encoding="utf-8"))) == []
    return Done(done.returncode, done.stdout, done.stderr)
