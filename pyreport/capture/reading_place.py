"""How far a program has read a file, by what Linux tells of its open files (proc(5), /proc/PID/fdinfo). Other systems
do not tell.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from pyreport.capture.how_far import HowFar, Step, Watch, unwatched
from pyreport.capture.processes import family

_EVERY_S = 0.5


class Count(Struct):
    """How many frames the program has given so far."""

    frames: int = 0


@contextmanager
def watched(process: int, path: Path, watch: Watch) -> Iterator[Count]:
    """Tell how far a process has read a file, now and then. Once it gives frames it goes through it a second time."""
    count, over = Count(), threading.Event()
    if watch is unwatched:
        yield count
        return
    size = path.stat().st_size
    target = path.resolve()

    def run() -> None:
        while not over.wait(_EVERY_S):
            step = Step.TAKING if count.frames else Step.JUDGING
            places = _places(process, target)
            # The second time, tshark reads through a descriptor of its own, and the first one stands at the end.
            read = min(places) if step is Step.TAKING and len(places) > 1 else max(places, default=0)
            watch(HowFar(step, read, size, count.frames))

    thread = threading.Thread(target=run, name="reading place", daemon=True)
    thread.start()
    try:
        yield count
    finally:
        over.set()
        thread.join()


def _places(process: int, target: Path) -> list[int]:
    """Where each descriptor for the file stands, in bytes, of the process and of those that it started: the launcher
    starts tshark.
    """
    found: list[int] = []
    for each in family(process):
        with suppress(OSError):
            for link in Path(f"/proc/{each}/fd").iterdir():
                with suppress(OSError):
                    if link.readlink() == target:
                        lines = (link.parent.parent / "fdinfo" / link.name).read_text("ascii").splitlines()
                        found += [int(line.split()[1]) for line in lines if line.startswith("pos:")]
    return found
