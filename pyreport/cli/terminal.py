"""The terminal: what comes from captures, logs and file names reaches it only as text."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import TextIOWrapper
from typing import Any

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment

from pyreport.cli.streams import NOT_PRINTED, let_go_of
from pyreport.render.clean import printable


class Terminal(Console):
    """Standard output or standard error. Control characters of a text are shown as escapes, never sent; a character
    that the output's encoding lacks is shown as "?"; neither brackets nor ":name:" are markup of rich. It leaves it to
    ``main`` what happens when the reader has gone (pyreport scan ... | head).
    """

    def __init__(self, *, stderr: bool = False, soft_wrap: bool = False) -> None:
        stream = sys.stderr if stderr else sys.stdout
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
        super().__init__(stderr=stderr, soft_wrap=soft_wrap, markup=False, emoji=False, highlight=False)
        self.push_render_hook(_OnlyText())

    def print(self, *objects: Any, **how: Any) -> None:
        """Print as rich does. What standard error has no room for is not said, and the work goes on."""
        try:
            super().print(*objects, **how)
        except OSError as error:
            if not self.stderr or error.errno not in NOT_PRINTED:
                raise
            let_go_of(sys.stderr)

    def on_broken_pipe(self) -> None:
        """Called by rich, which would end the program with exit status 1."""
        raise BrokenPipeError


def print_line(console: Console, line: str) -> None:
    r"""Print a line as it is: the terminal breaks it. A newline in it, which is one of a name, is shown as ``\n``: what
    follows would look like a line of ours.
    """
    console.print(line.replace("\n", r"\n"), markup=False, emoji=False, highlight=False, soft_wrap=True)


class _OnlyText(RenderHook):
    """Called by rich for everything that is printed."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Printable(renderable) for renderable in renderables]


class _Printable:
    def __init__(self, renderable: ConsoleRenderable) -> None:
        self.renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from _cleaned(console.render(self.renderable, options))


def _cleaned(segments: Iterable[Segment]) -> Iterable[Segment]:
    for segment in segments:
        yield segment if segment.control else Segment(printable(segment.text), segment.style)
