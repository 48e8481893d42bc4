"""The headers of the decisive frames, as Wireshark words them: the lines that matter for how a connection ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyreport.capture.packet_details import LAYER_TITLES, FrameHeaders, HeaderLine
from pyreport.diagnosis.case import Case
from pyreport.narrative.in_wireshark import decisive_frames
from pyreport.narrative.model import DecodedFrame, HeaderField

# The rest (each flag by itself, checksums, fields that are the same on every frame) is in Wireshark for who wants it.
SHOWN = re.compile(
    "(?:Total|Payload) Length: |Identification: |Time to Live: |Hop Limit: "
    "|(?:Source|Destination) (?:Address|Port): |Stream index: |\\[?TCP Segment Len: "
    "|(?:\\[?Next )?Sequence Number|Acknowledgment|Flags: 0x0|Window: |TCP Option - Timestamps"
)
IP_FLAGS = re.compile(r"Flags: 0x[0-9a-f]{1,2}\b")
DECISIVE = re.compile("Flags: |TCP Segment Len: |Expert Info ")
# What the plugin says of the frame. Of the other layers Wireshark says such things of each frame.
SAID = re.compile("Expert Info ")


def decoded_frames(case: Case, headers: Sequence[FrameHeaders]) -> tuple[DecodedFrame, ...]:
    """The frames that ``decisive_frames`` asked for, each with the reason why it is shown."""
    return tuple(_decoded(case, headers))


def _decoded(case: Case, headers: Sequence[FrameHeaders]) -> Iterator[DecodedFrame]:
    captions = decisive_frames(case)
    for entry in headers:
        frame = case.connection.frame(entry.frame)
        if frame is not None and entry.frame in captions:
            lines = tuple(_shown(entry.lines))
            yield DecodedFrame(entry.frame, frame.time_ns, captions[entry.frame], lines)


def _shown(lines: Sequence[HeaderLine]) -> Iterator[HeaderField]:
    """The lines that matter, each layer's name before its own, if it has any."""
    title: HeaderLine | None = None
    is_plugin = False
    for line in lines:
        if line.depth == 0:
            title, is_plugin = line, line.text == LAYER_TITLES["keepalive"]
        elif SAID.match(line.text) if is_plugin else SHOWN.match(line.text) and not IP_FLAGS.match(line.text):
            if title is not None:
                yield HeaderField(0, title.text, False)
                title = None
            yield HeaderField(1, line.text, DECISIVE.match(line.text) is not None)
