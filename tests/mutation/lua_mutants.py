"""Mutants of a Lua source: an operator, a number or a truth value is another one, a `not` is gone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.mutation.mutant import Mutant, another

#: What stands for each operator. One that bounds may stand for its neighbour: off by one is the commonest mistake.
OPERATORS = {
    "<": "<=",
    "<=": "<",
    ">": ">=",
    ">=": ">",
    "==": "~=",
    "~=": "==",
    "+": "-",
    "-": "+",
    "*": "+",
    "and": "or",
    "or": "and",
    "true": "false",
    "false": "true",
    "not": "",
}

TOKEN = re.compile(
    r"""
    (?P<comment>--\[(?P<c>=*)\[.*?\](?P=c)\]|--[^\n]*)
    |(?P<string>\[(?P<s>=*)\[.*?\](?P=s)\]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
    |(?P<number>0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<operator>\.{2,3}|::|[<>=~]=|[-+*/%^\#<>=(){}\[\];:,.])
    |(?P<space>\s+)
    """,
    re.VERBOSE | re.DOTALL,
)
#: Before a minus that has no number or name on its left.
UNARY_AFTER = re.compile(r"(?:[-+*/%^<>=(,{\[;]|\b(?:return|and|or|not|then|do|in))\s*$")


def mutants(source: str) -> Iterator[Mutant]:
    """All mutants, in order. Raises ValueError at what is no Lua."""
    place = 0
    while place < len(source):
        token = TOKEN.match(source, place)
        if token is None:
            raise ValueError(f"no Lua: {source[place : place + 20]!r}")
        text, kind = token[0], token.lastgroup
        if kind == "number" and text.isdecimal():
            yield Mutant(place, token.end(), str(another(int(text))))
        elif kind in ("word", "operator") and text in OPERATORS:
            is_sign = text == "-" and UNARY_AFTER.search(source, 0, place)
            yield Mutant(place, token.end(), "" if is_sign else OPERATORS[text])
        place = token.end()
