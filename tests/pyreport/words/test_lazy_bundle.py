"""Messages parsed one at a time are those that Fluent's own parser finds in the whole file."""

from __future__ import annotations

from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from pyreport.words.languages import FOLDER
from pyreport.words.lazy_bundle import LazyBundle, _Entries

TRICKY = """\
# A comment with an equals sign: a = b
first = one
    two = this is the text of first
    .attribute = three

## A heading
-term = { $n ->
    [one] a
   *[other] b
}
after = { $n ->
    [one] x = y
   *[other] { -term }
}  # nothing of Fluent
first = a second one, which does not count
last = the end
"""


def _whole(text: str) -> dict[tuple[str, bool], ftl.Message | ftl.Term]:
    found: dict[tuple[str, bool], ftl.Message | ftl.Term] = {}
    for entry in FluentParser(with_spans=False).parse(text).body:
        if isinstance(entry, ftl.Message | ftl.Term):
            found.setdefault((entry.id.name, isinstance(entry, ftl.Term)), entry)
    return found


def _said(bundle: LazyBundle, name: str) -> object:
    pattern = bundle.get_message(name).value
    assert pattern is not None
    return bundle.format_pattern(pattern)[0]


def _check(text: str) -> None:
    bundle, whole = LazyBundle("en", [text], {}), _whole(text)
    assert isinstance(bundle._messages, _Entries)
    assert isinstance(bundle._terms, _Entries)
    found = {(name, False) for name in bundle._messages.texts} | {(name, True) for name in bundle._terms.texts}
    assert found == set(whole)
    for (name, is_term), entry in whole.items():
        one = (bundle._terms if is_term else bundle._messages)[name]
        assert one.equals(entry, ignored_fields=["comment"]), name


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.ftl")), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_each_message_of_a_file_is_the_same(path: Path) -> None:
    _check(path.read_text(encoding="utf-8"))


def test_indented_equals_signs_begin_no_message_and_the_first_of_two_counts() -> None:
    text = TRICKY.replace("  # nothing of Fluent", "")
    _check(text)
    bundle = LazyBundle("en", [text], {})
    assert not bundle.has_message("two")
    assert not bundle.has_message("term")
    assert _said(bundle, "first") == "one\ntwo = this is the text of first"


def test_a_message_that_cannot_be_parsed_is_an_error_and_the_others_are_said() -> None:
    bundle = LazyBundle("en", ["bad = { $n ->\ngood = fine\n"], {})
    assert _said(bundle, "good") == "fine"
    with pytest.raises(ValueError, match="bad"):
        bundle.get_message("bad")
