"""The full headers of the few frames that the report shows in detail, decoded by pyshark; in the same pass, what the
plugin finds on all frames, and what another protocol says.

Of pyshark only what reads a packet of PDML is used, since it would start tshark in its own way. Nothing of it leaves
this file.
"""

from __future__ import annotations

import dataclasses
import html
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace  # noqa: TID251 - one has a field that is not compared
from functools import cache
from typing import IO, Any, NamedTuple, cast

from pyreport.base.errors import ToolError
from pyreport.base.loading import loaded_when_called
from pyreport.capture.excerpt import Excerpt
from pyreport.capture.sandbox import LEDGER, of_frames
from pyreport.capture.tshark import FAILURE_FIELDS, LONGEST_LINE, Tshark, plugin_failed

LAYER_TITLES = {
    "ip": "Internet Protocol Version 4",
    "ipv6": "Internet Protocol Version 6",
    "tcp": "Transmission Control Protocol",
    "keepalive": "Keep-alive (this project's plugin)",
}

# The fields whose value is a connection's number, and those of TCP whose value is a frame's.
STREAM_FIELD = "tcp.stream"
FRAME_FIELD = re.compile(r"^tcp\..*frame$")

# What of pyshark starts tshark, for which it loads asyncio.
PYSHARK_CAPTURES = tuple(f"pyshark.capture.{name}_capture" for name in ("live", "live_ring", "file", "remote", "inmem"))
# pyshark lists all fields of one name together, at the place of the first. These would stand at a wrong place (headings
# without a name), or repeat what the line of their option or expert information says.
DROPPED_FIELDS = (
    "",
    "tcp.option_kind",
    "tcp.option_len",
    "_ws.expert.message",
    "_ws.expert.severity",
    "_ws.expert.group",
)
# What Wireshark says of a segment from the protocol above TCP, which may be tried here as another one (Other.options).
FROM_ABOVE = re.compile(r"^tcp\.(segment_data|reassembled|pdu\.)")
# The plugin tells the state of both ends where it is asked to.
WITH_STATES = ("-o", "keepalive.show_state:TRUE")
STATE_FIELDS = ("keepalive.state.src", "keepalive.state.dst")

# How the lines of the plugin's ledger begin (lua/keepalive_ledger.lua): that of the program that judges, and one for
# each frame. How a packet of a PDML document begins and ends.
PROGRAM_LINE, LEDGER_LINE = b"keepalive.program\t", b"keepalive.ledger\t"
# How a line of other_fields.lua begins.
OTHER_LINE = b"other.fields\t"
_PACKET, _PACKET_END = b"<packet>\n", b"</packet>\n"
_FAILURE = re.compile(rb'<field name="(?:%b)"[^>]* show="([^"]*)"' % "|".join(map(re.escape, FAILURE_FIELDS)).encode())


class Judged(NamedTuple):
    """A line of the plugin's ledger, as text: a frame (by its number in the excerpt) with findings. ``start`` is the
    time that moments count from; ``records`` and ``summaries`` are joined by AGGREGATOR.
    """

    number: str
    time: str
    start: str
    address: str
    port: str
    records: str
    summaries: str


@dataclass(frozen=True, slots=True)
class Other:
    """Frames of one connection of which these ``fields`` are wanted: those that a display filter selects, or else those
    of these numbers in the whole capture. tshark needs these ``options`` (-d, -o) for it. In the capture that the user
    gave, the filter selects them within the ``stream``. ``rows`` grows by one for each frame: its number in the whole
    capture, then the values of each field, joined by AGGREGATOR.
    """

    fields: tuple[str, ...]
    options: tuple[str, ...] = ()
    display_filter: str = ""
    stream: int = 0
    frames: tuple[int, ...] = ()
    rows: list[Sequence[str]] = dataclasses.field(default_factory=list)

    @property
    def shown_filter(self) -> str:
        """The filter in the whole capture."""
        return f"tcp.stream == {self.stream} && {self.display_filter}" if self.display_filter else _one_of(self.frames)


@dataclass(frozen=True, slots=True)
class HeaderLine:
    """One line of a decoded header as Wireshark names it; ``depth`` 0 is the protocol's own line; ``field`` is the name
    of its field, "" for that of a protocol.
    """

    depth: int
    text: str
    field: str = dataclasses.field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class FrameHeaders:
    """The network, TCP and keep-alive layers of one frame, in their order in the frame.

    ``states`` are those of the sender and the receiver after the frame, by the numbers of RFC 4022; None where the
    plugin tells none.
    """

    frame: int
    lines: tuple[HeaderLine, ...]
    states: tuple[int, int] | None = None


def decode_frames(
    tshark: Tshark,
    excerpt: Excerpt,
    frames: Iterable[int],
    stream: int | None = None,
    frame_fields: Container[str] = (),
    judged: Callable[[Judged], None] | None = None,
    others: Sequence[Other] = (),
) -> list[FrameHeaders]:
    """The headers of these frames (numbers from 1, in the whole capture), in frame order. Reads the excerpt once,
    whatever the number. ``stream`` is Wireshark's number of their connection in the whole capture, ``frame_fields``
    are the plugin's fields whose value is a frame's number: what an excerpt has other numbers for. ``judged`` takes
    what the plugin finds on any frame of the excerpt, in frame order. ``others`` are told of their frames.

    Raises what Tshark.two_passes raises, and ToolError when a frame is not there or the plugin failed.
    """
    wanted = sorted(set(frames))
    if not wanted and judged is None and not others:
        return []
    numbers = [excerpt.number_of(frame) for frame in wanted]
    if wanted:
        tshark.note_command(excerpt.capture, _one_of(wanted), [*WITH_STATES, "-T", "pdml"])
    besides: list[str] = []
    for place, other in enumerate(others):
        tshark.note_rows(excerpt.capture, ("frame.number", *other.fields), other.shown_filter, other.options)
        within = other.display_filter or _one_of(map(excerpt.number_of, other.frames))
        besides += [*tshark.sandbox.fields_arguments(place, within, other.fields), *other.options]
    asked = [of_frames(numbers), *([LEDGER] if judged else [])]
    filters = [*([_one_of(numbers)] if numbers else []), *FAILURE_FIELDS]
    arguments = [*besides, *WITH_STATES, "-Y", " || ".join(filters), "-T", "pdml"]
    decoded = []
    with tshark.two_passes(excerpt.capture, asked, arguments) as child:
        for part in _parts(child.output, tshark.take_version):
            if isinstance(part, bytes):
                decoded.append(_in_whole_capture(_decoded(part), excerpt, stream, frame_fields))
            elif isinstance(part, Judged):
                if judged is not None:
                    judged(part)
            else:
                which, number, *values = part
                others[int(which)].rows.append([str(excerpt.original(int(number))), *values])
    missing = sorted(set(wanted) - {headers.frame for headers in decoded})
    if missing:
        raise ToolError(
            f"tshark {tshark.version} did not decode all frames of {excerpt.capture.shown_path} that the report needs: "
            f"{', '.join(map(str, missing))}; try another version of tshark."
        )
    return decoded


def _one_of(frames: Iterable[int]) -> str:
    """The display filter for these frames."""
    return f"frame.number in {{{', '.join(map(str, frames))}}}"


def _parts(stream: IO[bytes], take_version: Callable[[str], None]) -> Iterator[bytes | Judged | list[str]]:
    """Each packet of a PDML document, each line of the plugin's ledger for a frame, and the columns of each line of
    other_fields.lua. Raises ToolError.
    """
    packet: list[bytes] = []
    while line := stream.readline(LONGEST_LINE):
        if line.startswith(LEDGER_LINE):
            columns = line.decode("utf-8", "backslashreplace").rstrip("\n").split("\t")[1:]
            if len(columns) != len(Judged._fields):
                raise plugin_failed(repr(line))
            yield Judged(*columns)
        elif line.startswith(OTHER_LINE):
            yield line.decode("utf-8", "backslashreplace").rstrip("\n").split("\t")[1:]
        elif line.startswith(PROGRAM_LINE):
            take_version(line.decode("utf-8", "backslashreplace").rstrip("\n").split("\t")[1])
        elif packet or line == _PACKET:
            packet.append(line)
            if line == _PACKET_END:
                yield b"".join(packet)
                packet.clear()


@cache
def _reader_of_packets() -> Callable[[bytes], Any]:
    """That of pyshark, loaded when it is needed: it takes a while, and looks at the current folder then."""
    with loaded_when_called(*PYSHARK_CAPTURES):
        from pyshark.tshark.output_parser.tshark_xml import packet_from_xml_packet
    return cast("Callable[[bytes], Any]", packet_from_xml_packet)


def _decoded(packet: bytes) -> FrameHeaders:
    """A packet of a PDML document. Raises ToolError when the plugin failed on it or before it."""
    if problem := _FAILURE.search(packet):
        raise plugin_failed(html.unescape(problem[1].decode("utf-8", "backslashreplace")))
    return _frame_headers(_reader_of_packets()(packet))


def _in_whole_capture(
    headers: FrameHeaders, excerpt: Excerpt, stream: int | None, frame_fields: Container[str]
) -> FrameHeaders:
    """The same with the numbers of the whole capture."""
    if excerpt.numbers is None:
        return headers

    def translated(line: HeaderLine) -> HeaderLine:
        label, colon, value = line.text.rpartition(": ")
        if line.field == STREAM_FIELD and stream is not None:
            return replace(line, text=f"{label}{colon}{stream}")
        if value.isdecimal() and (line.field in frame_fields or FRAME_FIELD.search(line.field)):
            return replace(line, text=f"{label}{colon}{excerpt.original(int(value))}")
        return replace(line, text=excerpt.original_text(line.text))

    return replace(headers, frame=excerpt.original(headers.frame), lines=tuple(map(translated, headers.lines)))


def _frame_headers(packet: Any) -> FrameHeaders:
    lines: list[HeaderLine] = []
    states: tuple[int, int] | None = None
    for layer in packet.layers:
        title = LAYER_TITLES.get(layer.layer_name)
        if title is not None:
            lines.append(HeaderLine(0, title))
            lines += _layer_lines(layer)
        if layer.layer_name == "keepalive":
            states = _states(layer)
    return FrameHeaders(int(packet.number), tuple(lines), states)


def _states(layer: Any) -> tuple[int, int] | None:
    """The state of sender and receiver in the plugin's layer."""
    sender, receiver = (layer._all_fields.get(name) for name in STATE_FIELDS)
    return None if sender is None or receiver is None else (int(sender.show), int(receiver.show))


def _layer_lines(layer: Any) -> list[HeaderLine]:
    """The visible fields of a layer. pyshark drops the tree: the depth comes from the names, a.b.c belongs to a.b."""
    lines: list[HeaderLine] = []
    parents: list[str] = []
    # The one private name of pyshark's layers that is used: its public names fold "a.b_c" and "a.b.c" into one.
    for name, values in layer._all_fields.items():
        if name in DROPPED_FIELDS or FROM_ABOVE.search(name):
            continue
        while parents and not name.startswith(parents[-1] + "."):
            parents.pop()
        shown = [text for value in values.all_fields if not value.hide and (text := value.showname or value.show)]
        if shown and not (lines and lines[-1].text.endswith(f": {shown[0]}")):  # an expert field repeats its message
            lines += [HeaderLine(len(parents) + 1, text, name) for text in shown]
            parents.append(name)
    return lines
