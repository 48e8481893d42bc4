"""The command that a document names as its own."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

# What says where something is written, or shown: the same document comes of it, whatever it is called.
WITH_A_VALUE = ("--output", "--html", "--json", "--summary", "--bundle", "--redaction-key")
ALONE = ("--show",)
# Begins like one of them, and is none.
OTHER = "--redact"
SHORT = "-o"


def shown_command(typed: Sequence[str]) -> str:
    """A command as it was typed, without the names of what it writes, so that a document hangs on its input alone."""
    return shlex.join(_without_outputs(typed))


def _without_outputs(typed: Sequence[str]) -> Iterator[str]:
    words = iter(typed)
    for word in words:
        name, equals, _ = word.partition("=")
        if word == "--":
            yield word
            yield from words
        elif word == SHORT or (_is_one_of(WITH_A_VALUE, name) and not equals):
            next(words, None)
        elif not (_is_one_of((*WITH_A_VALUE, *ALONE), name) or (word.startswith(SHORT) and word != SHORT)):
            yield word


def _is_one_of(options: Sequence[str], name: str) -> bool:
    """Whether it names one of them, shortened as far as argparse takes it."""
    is_name = len(name) > len("--") and name.startswith("--") and name != OTHER
    return is_name and any(option.startswith(name) for option in options)
