"""Which of many connections were there at a time, without going over all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import islice
from operator import attrgetter

from pyreport.connections.connection import Connection

_first_ns, _last_ns = attrgetter("outline.first_ns"), attrgetter("outline.last_ns")


class Lifetimes:
    """Connections by the times of their first frames and of their last ones, or of what else ``last_ns`` gives.

    They are put into classes by how long they lasted, each class up to twice as long as the one before, and in order of
    their beginnings: of a class, only those can reach into a time that began shortly before it.
    """

    __slots__ = ("_classes", "_last_ns")

    def __init__(self, connections: Iterable[Connection], last_ns: Callable[[Connection], int] = _last_ns) -> None:
        self._last_ns = last_ns
        self._classes: dict[int, list[Connection]] = {}
        for connection in connections:
            lasted = max(0, last_ns(connection) - connection.outline.first_ns)
            self._classes.setdefault(lasted.bit_length(), []).append(connection)
        for alike in self._classes.values():
            alike.sort(key=_first_ns)

    def meeting(self, start_ns: int, end_ns: int, most: int | None = None) -> list[Connection]:
        """Those with their first frame at ``end_ns`` or before and their last one at ``start_ns`` or after, in order of
        their streams; only the ``most`` that began first, if given. ``start_ns`` may be after ``end_ns``: then they
        were there all the time between.
        """
        found: list[Connection] = []
        for bits, alike in self._classes.items():
            first = bisect_left(alike, start_ns - (1 << bits), key=_first_ns)
            last = bisect_right(alike, end_ns, key=_first_ns)
            there = (alike[place] for place in range(first, last) if self._last_ns(alike[place]) >= start_ns)
            found += islice(there, most)
        return sorted(found, key=lambda connection: connection.stream)[:most]
