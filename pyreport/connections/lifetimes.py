"""Which of many connections were there at a time, without going over all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from operator import attrgetter

from pyreport.connections.connection import Connection

_first_ns = attrgetter("outline.first_ns")


class Lifetimes:
    """Connections by the times of their first and last frames.

    They are put into classes by how long they lasted, each class up to twice as long as the one before, and in order of
    their beginnings: of a class, only those can reach into a time that began shortly before it.
    """

    __slots__ = ("_classes",)

    def __init__(self, connections: Iterable[Connection]) -> None:
        self._classes: dict[int, list[Connection]] = {}
        for connection in connections:
            lasted = max(0, connection.outline.last_ns - connection.outline.first_ns)
            self._classes.setdefault(lasted.bit_length(), []).append(connection)
        for alike in self._classes.values():
            alike.sort(key=_first_ns)

    def meeting(self, start_ns: int, end_ns: int) -> list[Connection]:
        """Those with their first frame at ``end_ns`` or before and their last one at ``start_ns`` or after, in order of
        their streams. ``start_ns`` may be after ``end_ns``: then they were there all the time between.
        """
        found = []
        for bits, alike in self._classes.items():
            first = bisect_left(alike, start_ns - (1 << bits), key=_first_ns)
            last = bisect_right(alike, end_ns, key=_first_ns)
            found += [connection for connection in alike[first:last] if connection.outline.last_ns >= start_ns]
        return sorted(found, key=lambda connection: connection.stream)
