"""What the JSON's documents are made of, and a claim in it.

The names here are a public interface. What the docstring of a type says stands in report.schema.json, too.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from pyreport.base.claim import Claim, Duration, Moment, Value
from pyreport.words import Words

#: Counts incompatible changes of the documents.
Format = Literal[2]
FORMAT: Format = 2

Frame = Annotated[int, Meta(ge=1)]
Frames = tuple[Frame, ...]
Count = Annotated[int, Meta(ge=0)]
#: "address:port", IPv6 in brackets.
Endpoint = Annotated[str, Meta(pattern=":[0-9]+$")]
LevelWord = Literal["Chat", "Note", "Warn", "Error"]


class Json(Struct, forbid_unknown_fields=True):
    """All keys of an object are always there. Names that end in _ns are nanoseconds: times since the epoch in UTC, else
    durations. Names that end in _frame and lists named frames are frame numbers of the capture.
    """


class EvidenceJson(Json):
    """A claim: its id and values, the frames that prove it, and the claim as a sentence in the language of the
    document (BCP 47).

    Durations and times are under names that end in _ns; frames are numbers, the ends of a connection are "client",
    "server", "a" or "b". A value can be another claim, or several values.
    """

    id: str
    values: Values
    frames: Frames
    text: str


Plain: TypeAlias = bool | int | str | EvidenceJson
Values: TypeAlias = dict[str, Plain | tuple[Plain, ...]]


def evidence_json(claim: Claim, words: Words) -> EvidenceJson:
    """One claim."""
    return EvidenceJson(id=claim.id, values=values_json(claim, words), frames=claim.frames, text=words.say(claim))


def claims_json(claims: tuple[Claim, ...], words: Words) -> tuple[EvidenceJson, ...]:
    """Several claims."""
    return tuple(evidence_json(claim, words) for claim in claims)


def values_json(claim: Claim, words: Words) -> Values:
    """The values of a claim."""
    return {
        _name(name, value): tuple(_plain(part, words) for part in value)
        if isinstance(value, tuple)
        else _plain(value, words)
        for name, value in claim.values.items()
    }


def _name(name: str, value: Value) -> str:
    first = value[0] if isinstance(value, tuple) and value else value
    return f"{name.removesuffix('_ns')}_ns" if isinstance(first, Duration | Moment) else name


def _plain(value: Value, words: Words) -> Plain:
    match value:
        case Claim():
            return evidence_json(value, words)
        case bool():
            return value
        case int():
            return int(value)
        case str():
            return str(value)
    raise TypeError(f"nested too deep: {value}")
