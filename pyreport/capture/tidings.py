"""What the reader tells beside its rows (``reader/tidings.lua``): how far it is, and which file its frames are from."""

from __future__ import annotations

import os
import sys
import threading

from msgspec import Struct, field

from pyreport.capture.how_far import HowFar, Step, Watch
from pyreport.capture.origins import Origins
from pyreport.capture.pcapng import DropCounters

_PIECE = 1 << 16


class Tidings(Struct):
    """A pipe, and a thread that listens to it. ``cut`` has the files (places) that end in the middle of a packet,
    ``drops`` what files say of packets that they lack.
    """

    size: int
    watch: Watch
    origins: Origins = field(default_factory=Origins)
    cut: list[int] = field(default_factory=list)
    drops: list[DropCounters] = field(default_factory=list)
    writer: int = -1
    _reader: int = -1
    _thread: threading.Thread | None = None
    _count: int = 0
    _more: threading.Condition = field(default_factory=threading.Condition)

    def open(self) -> None:
        """Start to listen; the reader has to get ``writer``."""
        self._reader, self.writer = os.pipe()
        self._thread = threading.Thread(target=self._listen, name="tidings", daemon=True)
        self._thread.start()

    def wait_for(self, count: int) -> None:
        """Wait until so many lines were told, which the reader has sent already."""
        with self._more:
            self._more.wait_for(lambda: self._count >= count)

    def close(self) -> None:
        """Wait for the last word, once the reader has ended."""
        if self._thread is not None:
            os.close(self.writer)
            self._thread.join()
            os.close(self._reader)
            self._thread = None

    def _listen(self) -> None:
        rest = b""
        try:
            while piece := os.read(self._reader, _PIECE):
                *lines, rest = (rest + piece).split(b"\n")
                for line in lines:
                    self._take(line.split())
                self._note(self._count + len(lines))
        finally:
            self._note(sys.maxsize)

    def _note(self, count: int) -> None:
        with self._more:
            self._count = count
            self._more.notify_all()

    def _take(self, words: list[bytes]) -> None:
        kind = words[0]
        if kind == b"file":
            self.origins.begin(int(words[1]), int(words[2]) - 1)
        elif kind == b"at":
            read, frames, connections = map(int, words[1:4])
            self.watch(HowFar(Step.JUDGING, read, self.size, frames, connections))
        elif kind == b"cut":
            self.cut.append(int(words[1]) - 1)
        elif kind == b"drops":
            self.drops.append(DropCounters(int(words[2]), int(words[3])))
        elif kind == b"frames":
            self.origins.end(int(words[1]))
