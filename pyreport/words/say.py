"""Says claims in a language: the message of their id, with its arguments as that language writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from datetime import UTC, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import cache, partial
from typing import Any

from babel import Locale
from babel.lists import format_list
from babel.numbers import format_decimal
from fluent.runtime import FluentBundle
from fluent.runtime.types import FluentType
from fluent.syntax import ast as ftl

from pyreport.base.claim import Claim, Duration, FrameNumber, Moment, Name, Party, Second, SetTime, Value
from pyreport.base.units import NS_PER_S, calendar_time, format_clock, format_date, unit_and_number, zone_offset
from pyreport.words.languages import FALLBACK, FOLDER
from pyreport.words.lazy_bundle import LazyBundle
from pyreport.words.typeset import has_han, marked_number, quoted, typeset

_NO_LETTER = re.compile("[^a-z0-9]+")
#: Fluent refuses arguments of more than 2,500 characters.
LONGEST = 2_000


class _Formed(FluentType):
    """An argument with the text that stands for it, unless the message forms it otherwise by a function. The text is
    made when a message prints it: many an argument is only there to be chosen by, or not at all.
    """

    def __init__(self, form: Callable[[], str], value: Any) -> None:
        self._form = form
        self.value = value

    @property
    def text(self) -> str:
        """The text that stands for it."""
        return self._form()

    def format(self, locale: Locale) -> str:
        """The same, for Fluent."""
        del locale
        return self.text


class _Outside(_Formed):
    """A text from outside, or one that was said before: printed as it is, and a message may choose by it."""

    def __init__(self, text: str) -> None:
        super().__init__(partial(quoted, text), text)

    def __eq__(self, other: object) -> bool:
        return bool(self.value == other)

    def __hash__(self) -> int:
        return hash(self.value)


class Words:
    """The words of one language. ``zone`` is the time zone that times are told in."""

    def __init__(self, language: str = FALLBACK, zone: tzinfo = UTC) -> None:
        self.language = language
        self.zone = zone
        self._locale = Locale.parse(language)
        self._bundle = _bundle(language)
        self._marks_frames = False

    def say(self, claim: Claim) -> str:
        """The claim as a whole sentence, which begins with a capital unless it begins with text from outside (a file's
        name) or is Chinese. Raises LookupError when the language has no message for it, or the message wants an
        argument that the claim does not have.
        """
        marked = self.marked(claim.id, claim.values)
        text = typeset(marked)
        return text if has_han(marked) or self._begins_outside(claim.id, claim.values) else capitalized(text)

    def phrase(self, claim: Claim) -> str:
        """The claim for the middle of a sentence. Raises LookupError as say() does."""
        return self.label(claim.id, **claim.values)

    def in_zone(self, zone: tzinfo) -> Words:
        """The same words, with times told in another zone."""
        other = copy(self)
        other.zone = zone
        return other

    def marking_frames(self) -> Words:
        """The same words, with each number of a frame marked for replace_marked()."""
        other = copy(self)
        other._marks_frames = True
        return other

    def _begins_outside(self, identifier: str, values: Mapping[str, Value]) -> bool:
        pattern: object = self._bundle.get_message(identifier).value
        match pattern.elements[0] if isinstance(pattern, ftl.Pattern) else pattern:
            case ftl.Placeable(expression=ftl.MessageReference(id=other)):
                return self._begins_outside(other.name, values)
            case ftl.Placeable(expression=ftl.VariableReference(id=name)):
                first = values.get(name.name)
                if isinstance(first, Claim):
                    return self._begins_outside(first.id, first.values)
                return isinstance(first, str) and not isinstance(first, StrEnum)
        return False

    def label(self, identifier: str, **values: Value) -> str:
        """The message as it stands: a word, a heading, the cell of a table."""
        return typeset(self.marked(identifier, values))

    def marked(self, identifier: str, values: Mapping[str, Value]) -> str:
        """The message before typeset(): marks stand around the texts from outside."""
        pattern = self._bundle.get_message(identifier).value
        if pattern is None:
            raise LookupError(f"The message {identifier} has no text.")
        arguments = {name: self._native(value) for name, value in values.items()}
        text, errors = self._bundle.format_pattern(pattern, arguments)
        if errors:
            raise LookupError(f"The message {identifier} cannot be said: {errors}")
        return str(text)

    def tell(self, value: Value) -> str:
        """A claim as a whole sentence, any other value as a message tells it."""
        return self.say(value) if isinstance(value, Claim) else typeset(self._marked_text(value))

    def join(self, claims: Sequence[Claim]) -> str:
        """Claims as sentences of one paragraph."""
        return self.between_sentences.join(map(self.say, claims))

    @property
    def characters(self) -> frozenset[str]:
        """The characters that the messages are written in."""
        return _characters(self.language)

    @property
    def between_sentences(self) -> str:
        """What stands between two sentences of a paragraph."""
        return self.label("between-sentences").strip('"')

    @property
    def between_items(self) -> str:
        """What stands between two of several numbers or names."""
        return self.label("between-items").strip('"')

    @property
    def between_sources(self) -> str:
        """What stands between two of several places where something was read; they have commas of their own."""
        return self.label("between-sources").strip('"')

    def duration(self, duration_ns: int) -> str:
        """A duration with the unit that a reader wants: "350 ns", "220 µs", "99.1 ms", "5.008 s", "11 min 40 s",
        "10 d 00 h 00 min".
        """
        unit, number, then = unit_and_number(duration_ns)
        if isinstance(then, tuple):
            parts: dict[str, Value] = {f"n{place}": part for place, part in enumerate((int(number), *then))}
            return self.label(f"duration-{unit}", **parts)
        return self.label(f"duration-{unit}", n0=format_decimal(number, format=then, locale=self._locale))

    def set_time(self, duration_ns: int) -> str:
        """A duration as one sets it: "500 ms", "75 s", "8 h", "1 h 30 min 00 s"."""
        unit, number, then = unit_and_number(duration_ns)
        if isinstance(then, tuple) and not any(then):
            return self.label(f"set-{unit}", n0=int(number))
        if isinstance(then, tuple) or then == "0" or number != int(number):
            return self.duration(duration_ns)
        return self.label(f"duration-{unit}", n0=format_decimal(number, format="0", locale=self._locale))

    def moment(self, time_ns: int, digits: int | None = None) -> str:
        """Date, time of day and zone: "2022-09-30 00:08:01.376174 +08:00"; "@253402300800.376174" for a time that no
        calendar has.
        """
        return _moment(self._bundle, time_ns, self.zone, digits)

    def _native(self, value: Value) -> int | str | _Formed:
        """A value as Fluent takes it: numbers stay numbers where a message may choose by them."""
        match value:
            case Claim():
                return self.marked(value.id, value.values)
            case SetTime():
                return _Formed(partial(self.set_time, value), Decimal(value) / NS_PER_S)
            case Duration():
                return _Formed(partial(self.duration, value), Decimal(value) / NS_PER_S)
            case Second():
                return self.moment(value, digits=0)
            case Moment():
                return _Formed(partial(self.moment, value), (int(value), self.zone))
            case FrameNumber():
                return marked_number(value) if self._marks_frames else str(int(value))
            case Party():
                return self.label(f"party-{value.value}")
            case StrEnum():
                return value.value
            case bool():
                return "yes" if value else "no"
            case int():
                return value
            case Name():
                return _Outside(self._name(value))
            case str():
                return _Outside(value if len(value) <= LONGEST else f"{value[:LONGEST]}…")
            case _:
                parts = [self._marked_text(part) for part in value]
                return _Formed(partial(format_list, parts, locale=self._locale), parts)

    def _name(self, name: Name) -> str:
        """A name as the language says it: the message ``name-`` with its words, where there is one."""
        identifier = f"name-{_NO_LETTER.sub('-', name.lower()).strip('-')}"
        return self.label(identifier) if self._bundle.has_message(identifier) else str(name)

    def _marked_text(self, value: Value) -> str:
        """A value as a message prints it."""
        match self._native(value):
            case _Formed(text=text):
                return text
            case int() as number:
                return format_decimal(number, locale=self._locale)
            case str() as text:
                return text


def capitalized(text: str) -> str:
    """The text with a capital at its beginning and the rest as it is."""
    return text[:1].upper() + text[1:]


def _moment(bundle: FluentBundle, time_ns: int, zone: tzinfo, digits: int | None) -> str:
    clock = format_clock(time_ns, zone, digits)
    if calendar_time(time_ns, zone) is None:
        return clock
    offset = zone_offset(zone, time_ns).removeprefix("UTC")
    pattern = bundle.get_message("moment-in-zone" if offset else "moment-in-utc").value
    assert pattern is not None
    told = {"date": format_date(time_ns, zone), "clock": clock, "offset": offset}
    return str(bundle.format_pattern(pattern, told)[0])


def _messages(language: str) -> Iterator[str]:
    """The text of each file of messages, in order."""
    for path in sorted((FOLDER / language).glob("*.ftl")):
        yield path.read_text(encoding="utf-8")


@cache
def _characters(language: str) -> frozenset[str]:
    lines = (line for text in _messages(language) for line in text.splitlines() if not line.startswith("#"))
    return frozenset().union(*lines)


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

    def time(moment: _Formed, *, zone: str = "", show: str = "moment", digits: int | None = None) -> str:
        """A time in another form: TIME($time, zone: "UTC"), TIME($time, show: "clock", digits: 0)
        without date and zone, TIME($time, show: "local") without zone, TIME($time, show: "in-utc-too") in UTC, and
        nothing where the times are told in UTC anyway. Without digits: to the microsecond, or as fine as the time is.
        """
        time_ns, own_zone = moment.value
        if show == "in-utc-too":
            return "" if zone_offset(own_zone, time_ns) == "UTC" else _moment(bundle, time_ns, UTC, digits)
        zone_told = UTC if zone == "UTC" else own_zone
        clock = format_clock(time_ns, zone_told, digits)
        if show in ("clock", "local"):
            return clock if show == "clock" else f"{format_date(time_ns, zone_told)} {clock}"
        return _moment(bundle, time_ns, zone_told, digits)

    def seconds(duration: _Formed) -> str:
        """A duration in seconds, to the millisecond however long it is: SECONDS($cadence)."""
        return format_decimal(duration.value, format="#,##0.000", locale=Locale.parse(language))

    def either(several: _Formed | str) -> str:
        """A list of which one thing is meant: EITHER($rates)."""
        if isinstance(several, str | _Outside):
            return str(several.text if isinstance(several, _Outside) else several)
        return format_list(several.value, style="or", locale=Locale.parse(language))

    def clauses(several: _Formed) -> str:
        """A list of parts of a sentence that have a verb of their own: CLAUSES($parts)."""
        pattern = bundle.get_message("between-clauses").value
        assert pattern is not None
        return str(bundle.format_pattern(pattern)[0]).strip('"').join(several.value)

    functions: Any = {"COUNT": count, "TIME": time, "SECONDS": seconds, "EITHER": either, "CLAUSES": clauses}
    bundle = LazyBundle(language, _messages(language), functions)
    return bundle
