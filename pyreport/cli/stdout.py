"""Standard output."""

from __future__ import annotations

from rich.console import Console


class Stdout(Console):
    """Leaves it to ``main`` what happens when the reader of our output has gone (pyreport scan ... | head)."""

    def on_broken_pipe(self) -> None:
        """Called by rich, which would end the program with exit status 1."""
        raise BrokenPipeError
