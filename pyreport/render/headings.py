"""The headings of a report, and the list of its contents that they make."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from pyreport.words import Words


class Heading(Struct, frozen=True):
    """A section: where a link leads to it, and what it is called."""

    id: str
    title: str


class Headings:
    """Called in a template, writes the heading of a section and keeps it, so that no list of contents names a section
    that a report does not have.
    """

    def __init__(self, words: Words) -> None:
        self.made: list[Heading] = []
        self._words = words

    def __call__(self, identifier: str) -> Markup:
        """The heading with the words of this message, which begins with ``heading-``."""
        heading = Heading(identifier.removeprefix("heading-"), self._words.label(identifier))
        self.made.append(heading)
        return Markup('<h2 id="{}">{}</h2>').format(heading.id, heading.title)
