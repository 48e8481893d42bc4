"""The part of a capture that is read again: the connection under judgement, in a small capture of its own.

Every reading after the first one (the messages of an application, headers in full, the check of the fast reader) reads
the excerpt, so its cost is the connection's and not the capture's. Its frames have other numbers than those of the
capture; nothing leaves here with these.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pyreport.base.errors import ToolError
from pyreport.capture.file import Capture, CaptureFile
from pyreport.capture.limits import NO_LIMITS
from pyreport.capture.luajit import ReaderProcess
from pyreport.capture.tshark import Tshark

# How Wireshark and the plugin name another frame in a sentence. A time ("without a frame: 138.951995000 seconds") has a
# fraction or a unit.
_FRAME = re.compile(r"(?i)(?:(?<=\bframe )|(?<=\bframe: )|(?<=\bFIN ))\d++(?!\.\d| (?:n|µ|m)?s\b| seconds)")


class Excerpt(Struct, frozen=True):
    """A small capture; ``numbers`` are those that its frames have in the whole one, in order, None where it is the
    whole one itself. ``witnesses`` are the frames of it (by their numbers there) that only show that time passed;
    ``is_judged``: it has what tshark has judged in the first place.
    """

    capture: Capture
    numbers: Sequence[int] | None = None
    witnesses: Container[int] = ()
    is_judged: bool = False

    def original(self, number: int) -> int:
        """The number in the whole capture of a frame of the excerpt."""
        return number if self.numbers is None else self.numbers[number - 1]

    def number_of(self, original: int) -> int:
        """The number in the excerpt of a frame of the whole capture, which it has."""
        return original if self.numbers is None else bisect_left(self.numbers, original) + 1

    def original_text(self, text: str) -> str:
        """A sentence of Wireshark or of the plugin on a frame of the excerpt, with the frames' original numbers."""
        if self.numbers is None:
            return text
        return _FRAME.sub(lambda found: str(self.original(int(found[0]))), text)


def whole(capture: Capture) -> Excerpt:
    """The capture as its own excerpt: where tshark has read it all."""
    return Excerpt(capture)


def cut(tshark: Tshark, process: ReaderProcess, streams: Sequence[int]) -> Excerpt:
    """An excerpt with these connections, in the sandbox of tshark, by the reader that has gone through the capture.

    Raises ToolError when it cannot be written, or the reader fails.
    """
    return _cut(tshark, process, "excerpt", streams)


def cut_odd(tshark: Tshark, process: ReaderProcess) -> Excerpt:
    """The frames that only Wireshark reads, alone. Raises as cut does."""
    return _cut(tshark, process, "odd", ())


def cut_around(tshark: Tshark, process: ReaderProcess, streams: Sequence[int]) -> Excerpt | None:
    """An excerpt with these connections and the frames that only Wireshark reads, also with those of them that lie
    outside the capture's limits, which are the excerpt's; None when that is more than half of the capture. Raises as
    cut does.
    """
    excerpt = _cut(tshark, process, "around", streams)
    if not excerpt.numbers:
        return None
    witnesses = {place for place, number in enumerate(excerpt.numbers, 1) if number < 0}
    numbers = [abs(number) for number in excerpt.numbers]
    limited = replace(excerpt.capture, limits=process.capture.limits)
    return replace(excerpt, capture=limited, numbers=numbers, witnesses=witnesses, is_judged=True)


def _cut(tshark: Tshark, process: ReaderProcess, request: str, streams: Sequence[int]) -> Excerpt:
    try:
        path, file = tshark.sandbox.new_file("excerpt")
        with file:
            numbers = process.excerpt(request, streams, file)
            size = file.tell()
    except OSError as error:
        raise ToolError(
            f"Cannot write an excerpt of {process.capture.shown_path} to {tshark.sandbox.folder} ({error.strerror}): "
            "set TMPDIR to a folder with more room."
        ) from error
    # It has only what lies within the limits, and is named in commands as the capture that it is cut out of.
    capture = process.capture
    cut_out = CaptureFile(path, capture.name_in_commands, size)
    return Excerpt(replace(capture, files=(cut_out,), shown_path=capture.name_in_commands, limits=NO_LIMITS), numbers)
