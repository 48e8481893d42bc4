"""What a stranger can make large costs no more than its size: twice as much of it takes less than three times the CPU
time, in the same process. What grows with the square takes four times.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench.probes import write_probes
from tests.bench.resets import write_resets, write_resets_at_once
from tests.fuzz.cases import Case
from tests.fuzz.place import place_for, run

#: Of so many tries, one has to do: a machine under load gives some of them a share of what others cost.
TRIES = 3
LARGEST_RATIO = 3
LINE = b"2024-05-16 09:14:29 write tcp 10.0.0.1:40000->10.0.0.5:9092: write: broken pipe "


def one_line(path: Path, count: int) -> None:
    """A log of one line, with that many bytes."""
    path.write_bytes((LINE * (count // len(LINE) + 1))[:count])


def one_packed_line(path: Path, count: int) -> None:
    """The same, and little of it is on the disk."""
    path.write_bytes(gzip.compress((LINE * (count // len(LINE) + 1))[:count]))


def many_errors(path: Path, count: int) -> None:
    """A log of that many errors."""
    path.write_bytes((LINE + b"\n") * count)


MEASURED: dict[str, tuple[Callable[[Path, int], object], int, tuple[str, ...]]] = {
    "probes": (write_probes, 1000, ("report", "in/x", "--json", "out/r.json", "--html", "out/r.html")),
    "resets": (write_resets, 8000, ("report", "in/x", "--json", "out/r.json", "--html", "out/r.html")),
    "connections": (write_resets_at_once, 400, ("scan", "in/x", "--json", "out/s.json")),
    "a line": (one_line, 4_000_000, ("log", "--file", "in/x", "--json", "out/l.json")),
    "a packed line": (one_packed_line, 4_000_000, ("log", "--file", "in/x")),
    "errors": (many_errors, 1000, ("log", "--file", "in/x", "--json", "out/l.json")),
}


def cost(what: str, times: float) -> float:
    """Seconds of CPU time of this process and of those that it started."""
    write, count, arguments = MEASURED[what]
    with place_for(Case(what, ())) as folder:
        write(folder / "in" / "x", round(count * times))
        before = os.times()
        done = run(folder, arguments, limit=600)
        after = os.times()
        assert (done.status, done.wrong) == (0, None)
    return sum(after[:4]) - sum(before[:4])


@pytest.mark.processes
@pytest.mark.parametrize("what", MEASURED)
def test_twice_as_much_costs_less_than_three_times_as_much(what: str) -> None:
    cost(what, 0.05)  # what is loaded once
    ratios: list[float] = []
    while not ratios or (ratios[-1] >= LARGEST_RATIO and len(ratios) < TRIES):
        once = cost(what, 1)
        ratios.append(cost(what, 2) / once)
    assert ratios[-1] < LARGEST_RATIO, ratios
