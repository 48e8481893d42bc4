"""Messages that are parsed when they are first said: a report says a tenth of those that there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

Entry = ftl.Message | ftl.Term
# Where an entry begins: what belongs to the one before it is indented, is a closing brace, or has no "=" behind a name
# (projectfluent.org, Fluent 1.0 EBNF: Message, Term, PatternElement). The "-" is part of a term's name.
_BEGINNING = re.compile(r"^(-?)([a-zA-Z][a-zA-Z0-9_-]*) *=", re.MULTILINE)


class _Entries(dict[str, Entry]):
    """Entries by name; one that is asked for the first time is parsed. Raises ValueError when it cannot be."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}

    def __contains__(self, name: object) -> bool:
        return name in self.texts

    def __missing__(self, name: str) -> Entry:
        entry = FluentParser(with_spans=False).parse_entry(self.texts[name])
        if not isinstance(entry, Entry):
            raise ValueError(f"The message {name} cannot be parsed.")
        self[name] = entry
        return entry


class LazyBundle(FluentBundle):
    """A bundle of Fluent that takes texts in place of parsed resources."""

    def __init__(self, language: str, texts: Iterable[str], functions: dict[str, Callable[..., Any]]) -> None:
        # Without isolation marks: the documents are of one direction, and the marks would stay in copied text.
        super().__init__([language], functions=functions, use_isolating=False)
        messages, terms = _Entries(), _Entries()
        self._messages, self._terms = messages, terms
        for text in texts:
            begins = list(_BEGINNING.finditer(text))
            ends = [*(begin.start() for begin in begins[1:]), len(text)]
            for begin, end in zip(begins, ends, strict=True):
                entries = terms if begin[1] else messages
                entries.texts.setdefault(begin[2], text[begin.start() : end])
