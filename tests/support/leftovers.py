"""What this process holds on to: open descriptors and running children. A module of tests leaves none behind."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from pyreport.capture.tshark import Tshark
from pyreport.connections.sequence_space import space_of
from pyreport.connections.side_clock import side_clock
from pyreport.diagnosis.evidence.packets_made import _counted
from pyreport.diagnosis.evidence.stand_in import stand_in

#: How many more a module may leave: what fixtures of the session hold from then on, such as the folder of a sandbox.
ALLOWED = 6


class Held(NamedTuple):
    """What the descriptors of this process lead to, by number, and the numbers of its children."""

    descriptors: dict[int, str]
    children: frozenset[int]


def held_now() -> Held:
    """What is held now. Systems that do not tell what a descriptor leads to, or which children there are, have gaps."""
    descriptors = {}
    for entry in Path("/dev/fd").iterdir():
        try:
            descriptors[int(entry.name)] = str(entry.readlink())
        except OSError:  # the descriptor of this listing, or no link on this system
            continue
    children = [
        int(number)
        for task in Path("/proc/self/task").glob("*/children")
        for number in task.read_text(encoding="ascii").split()
    ]
    return Held(descriptors, frozenset(children))


def forget_connections() -> None:
    """Let go of the last connections that were judged. What is worked out of a few is kept for the next question about
    them, and with it their captures: that has a bound, and does not grow.
    """
    for kept in (space_of, _counted, side_clock, stand_in):
        kept.cache_clear()
    gc.collect()


def left_over(before: Held, after: Held) -> list[str]:
    """What is held in the end and was not in the beginning, one line each; [] when it is no more than is allowed."""
    descriptors = [
        f"descriptor {number}: {target}"
        for number, target in sorted(after.descriptors.items())
        if before.descriptors.get(number) != target
    ]
    children = [f"process {number}" for number in sorted(after.children - before.children)]
    grown = len(after.descriptors) - len(before.descriptors)
    return [*descriptors, *children] if grown > ALLOWED or children else []


@contextmanager
def ending_its_readers(tshark: Tshark) -> Iterator[Tshark]:
    """The same tshark; the readers that are started with it end with the block, not with its sandbox."""
    with ExitStack() as children:
        yield replace(tshark, sandbox=replace(tshark.sandbox, children=children))
