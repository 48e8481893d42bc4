"""Says claims in a language: the message of their id, with its arguments as that language writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, cast

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle, FluentResource

from pyreport.base.claim import Claim, Duration, FrameNumber, Moment, Party, Value
from pyreport.base.units import format_moment
from pyreport.words.durations import unit_and_number

FOLDER = Path(__file__).parent
#: The languages that there is a folder of messages for.
LANGUAGES = tuple(sorted(path.name for path in FOLDER.iterdir() if any(path.glob("*.ftl"))))


#: Fluent refuses arguments of more than 2,500 characters.
LONGEST = 2_000


class Words:
    """The words of one language. ``zone`` is the time zone that times are told in."""

    def __init__(self, language: str = "en", zone: tzinfo = UTC) -> None:
        self.language = language
        self.zone = zone
        self._locale = Locale.parse(language)
        self._bundle = _bundle(language)

    def say(self, claim: Claim) -> str:
        """The claim as a whole sentence. Raises LookupError when the language has no message for it, or the message
        wants an argument that the claim does not have.
        """
        return capitalized(self.label(claim.id, **claim.values))

    def label(self, identifier: str, **values: Value) -> str:
        """The message as it stands: a word, a heading, the cell of a table."""
        pattern = self._bundle.get_message(identifier).value
        if pattern is None:
            raise LookupError(f"The message {identifier} has no text.")
        arguments = {name: self._native(value) for name, value in values.items()}
        text, errors = self._bundle.format_pattern(pattern, arguments)
        if errors:
            raise LookupError(f"The message {identifier} cannot be said: {errors}")
        return str(text)

    def join(self, claims: Sequence[Claim]) -> str:
        """Claims as sentences of one paragraph."""
        return self.label("between-sentences").strip('"').join(map(self.say, claims))

    def duration(self, duration_ns: int) -> str:
        """A duration with the unit that a reader wants: "220 µs", "99.1 ms", "5.008 s", "11 min 40 s"."""
        unit, numbers = unit_and_number(duration_ns)
        shown = {f"n{i}": format_decimal(n, format=form, locale=self._locale) for i, (n, form) in enumerate(numbers)}
        return self.label(f"duration-{unit}", **shown)

    def moment(self, time_ns: int, digits: int = 6) -> str:
        """Date, time of day and zone: "2022-09-30 00:08:01.376174 +08:00"."""
        return format_moment(time_ns, self.zone, digits)

    def _native(self, value: Value) -> int | str:
        """A value as Fluent takes it: numbers stay numbers where a message may choose by them."""
        match value:
            case Claim():
                return self.label(value.id, **value.values)
            case Duration():
                return self.duration(value)
            case Moment():
                return self.moment(value)
            case FrameNumber():
                return str(int(value))
            case Party():
                return self.label(f"party-{value.value}")
            case StrEnum():
                return value.value
            case bool():
                return "yes" if value else "no"
            case int():
                return value
            case str():
                return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
            case _:
                return format_list([str(self._native(part)) for part in value], locale=self._locale)


def capitalized(text: str) -> str:
    """The text with a capital at its beginning and the rest as it is."""
    return text[:1].upper() + text[1:]


@cache
def _bundle(language: str) -> FluentBundle:
    def count(number: int) -> str:
        """A number in words where the language has a word for it: COUNT($n)."""
        identifier = f"number-{int(number)}"
        if bundle.has_message(identifier):
            pattern = bundle.get_message(identifier).value
            assert pattern is not None
            return str(bundle.format_pattern(pattern)[0])
        return format_decimal(int(number), locale=Locale.parse(language))

    # Without isolation marks: the documents are of one direction, and the marks would stay in copied text.
    bundle = FluentBundle([language], functions={"COUNT": cast("Any", count)}, use_isolating=False)
    for path in sorted((FOLDER / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle
