"""What report and compare print when they are done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from pyreport.base.whole_file import STDOUT
from pyreport.cli.terminal import print_line
from pyreport.cli.wrapped import print_sentences
from pyreport.words import Words


def print_outcome(console: Console, words: Words, said: Iterable[str], outputs: Iterable[Path]) -> None:
    """The sentences, and which files were written."""
    for sentences in said:
        print_sentences(console, sentences)
    for output in outputs:
        if output != STDOUT:
            print_line(console, words.label("terminal-written", path=str(output)))
