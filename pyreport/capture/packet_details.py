"""The full headers of the few frames that the report shows in detail, decoded by pyshark.

Nothing of pyshark leaves this file.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from typing import Any

from pyreport.base.errors import ToolError
from pyreport.capture.child import Guard, hangs
from pyreport.capture.excerpt import Excerpt
from pyreport.capture.file import Capture
from pyreport.capture.sandbox import of_frames
from pyreport.capture.tshark import LUA_ERROR_FIELD, Tshark

LAYER_TITLES = {
    "ip": "Internet Protocol Version 4",
    "ipv6": "Internet Protocol Version 6",
    "tcp": "Transmission Control Protocol",
    "keepalive": "Keep-alive (this project's plugin)",
}

# The fields whose value is a connection's number, and those of TCP whose value is a frame's.
STREAM_FIELD = "tcp.stream"
FRAME_FIELD = re.compile(r"^tcp\..*frame$")

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
# The plugin tells the state of both ends where it is asked to.
WITH_STATES = ("-o", "keepalive.show_state:TRUE")
STATE_FIELDS = ("keepalive.state.src", "keepalive.state.dst")


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
) -> list[FrameHeaders]:
    """The headers of these frames (numbers from 1, in the whole capture), in frame order. Reads the excerpt once,
    whatever the number. ``stream`` is Wireshark's number of their connection in the whole capture, ``frame_fields``
    are the plugin's fields whose value is a frame's number: what an excerpt has other numbers for.

    Raises ToolError when tshark or pyshark fails or a frame is not there.
    """
    wanted = sorted(set(frames))
    if not wanted:
        return []
    # Naming the plugin's protocol makes tshark refuse the filter when the plugin is not loaded.
    numbers = ", ".join(str(excerpt.number_of(frame)) for frame in wanted)
    display_filter = f"frame.number in {{{numbers}}} && (frame || keepalive || {LUA_ERROR_FIELD})"
    capture = excerpt.capture
    tshark.note_command(capture, f"frame.number in {{{', '.join(map(str, wanted))}}}", [*WITH_STATES, "-T", "pdml"])
    asked = of_frames(excerpt.number_of(frame) for frame in wanted)
    decoded, failure = _run_pyshark(tshark, capture, display_filter, asked)
    decoded = [_in_whole_capture(headers, excerpt, stream, frame_fields) for headers in decoded]
    missing = sorted(set(wanted) - {headers.frame for headers in decoded})
    if missing:
        raise ToolError(
            f"tshark {tshark.version} did not decode all frames of {capture.shown_path} that the report needs: "
            f"{', '.join(map(str, missing))} ({failure or 'no reason given'}); try another version of tshark."
        )
    return decoded


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


def _run_pyshark(tshark: Tshark, capture: Capture, display_filter: str, asked: str) -> tuple[list[FrameHeaders], str]:
    """What pyshark decoded, and what it said when tshark failed ("" when it did not).

    pyshark cannot tell a capture that is cut short from a real failure. The frames can, so the caller counts them.
    """
    # Imported here, since pyshark does work when it is imported: it looks at the current folder.
    import pyshark
    import pyshark.config
    from packaging.version import parse
    from pyshark.capture.capture import TSharkCrashException
    from pyshark.tshark.tshark import TSharkNotFoundException, TSharkVersionException

    class Reader(pyshark.FileCapture):  # type: ignore[misc] # pyshark has no types
        """Waits for a tshark that has said all it has to say; pyshark kills it, and asyncio complains of the loss.

        An interrupt leaves a read half done, which pyshark forgets; asyncio would complain of that, too.
        """

        async def _cleanup_subprocess(self, process: asyncio.subprocess.Process) -> None:
            for task in asyncio.all_tasks() - {asyncio.current_task(), *self._stderr_handling_tasks}:
                task.cancel()
            if self._eof_reached:
                await process.wait()
            await super()._cleanup_subprocess(process)

        def _created_new_process(
            self, parameters: list[str], process: asyncio.subprocess.Process, process_name: str = "TShark"
        ) -> None:
            guard.watch(process.pid)
            super()._created_new_process(parameters, process, process_name)

        def _get_tshark_version(self) -> Any:
            return parse(tshark.version)  # pyshark would start tshark once more for it, and wait without an end

    guard = Guard()
    # pyshark would read a file "config.ini" in the current folder, whoever put it there, and fail on a foreign one.
    pyshark.config.fp_config_path = tshark.sandbox.folder / "no-config.ini"
    decoded: list[FrameHeaders] = []
    failure = ""
    # An event loop of our own keeps pyshark from replacing the process's loop and child watcher.
    loop = asyncio.new_event_loop()
    try:
        reader = Reader(
            os.fspath(tshark.file_of(capture).path),
            display_filter=display_filter,
            keep_packets=False,
            tshark_path=str(tshark.sandbox.command),
            custom_parameters=["-2", *WITH_STATES, *tshark.sandbox.plugin_arguments(capture.limits.part, asked)],
            eventloop=loop,
        )
        try:
            decoded.extend(map(_frame_headers, reader))
        finally:
            _close(reader, loop)
    except (TSharkCrashException, TSharkNotFoundException, TSharkVersionException, OSError) as error:
        interrupt = _interrupt_behind(error)
        if interrupt is not None:
            raise interrupt from None
        failure = " ".join(str(error).split())
    finally:
        guard.close()
        loop.close()
    if guard.has_ended_it:
        raise hangs(str(tshark.path))
    return decoded, failure


def _interrupt_behind(error: BaseException) -> KeyboardInterrupt | None:
    """Ctrl-C reaches tshark, too: then pyshark, clearing up, complains of tshark's end in place of the interrupt."""
    behind: BaseException | None = error
    while behind is not None and not isinstance(behind, KeyboardInterrupt):
        behind = behind.__context__
    return behind


def _close(reader: Any, loop: asyncio.AbstractEventLoop) -> None:
    """Close pyshark's reader for good. Raises what ``close()`` raises."""
    try:
        reader.close()
    finally:
        # When tshark failed, close() gives up half-way and would be called again when the reader is deleted.
        loop.run_until_complete(asyncio.gather(*reader._stderr_handling_tasks))
        reader._running_processes.clear()


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
        if name in DROPPED_FIELDS:
            continue
        while parents and not name.startswith(parents[-1] + "."):
            parents.pop()
        shown = [text for value in values.all_fields if not value.hide and (text := value.showname or value.show)]
        if shown and not (lines and lines[-1].text.endswith(f": {shown[0]}")):  # an expert field repeats its message
            lines += [HeaderLine(len(parents) + 1, text, name) for text in shown]
            parents.append(name)
    return lines
