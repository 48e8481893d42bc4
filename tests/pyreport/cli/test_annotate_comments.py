"""Comments on packets: each kind of finding has its sentence in each language, with the values that it has."""

from __future__ import annotations

import re
from functools import partial
from typing import get_args, get_type_hints

import pytest

from pyreport.bundle.annotated import comments_of
from pyreport.cli.annotate import comment_on
from pyreport.frames import findings
from pyreport.frames.finding import Finding
from pyreport.words import Words
from pyreport.words.languages import LANGUAGES
from tests.pyreport.cases import SERVER, case_of, overlooked_close

KINDS = [kind for kind in vars(findings).values() if isinstance(kind, type) and issubclass(kind, Finding) and kind.id]


def _made(kind: type[Finding], *, full: bool) -> Finding:
    """A finding of this kind with all that it can have, or with as little as it can have."""
    values: dict[str, object] = {}
    for name, hint in get_type_hints(kind).items():
        kinds = [one for one in (get_args(hint) or (hint,)) if one is not type(None)]
        if name == "id":
            continue
        if not full and type(None) in get_args(hint):
            values[name] = None
        elif kinds[0] is int:
            values[name] = 7
        elif name == "summary" or kinds[0] is str:
            values[name] = "text"
        else:
            values[name] = next(iter(kinds[0])) if hasattr(kinds[0], "__members__") else kinds[0](SERVER)
    return kind(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_each_finding_has_its_sentence(kind: type[Finding], full: bool, language: str) -> None:
    ((comment,),) = comments_of([_made(kind, full=full)], partial(comment_on, words=Words(language))).values()
    head, _, told = comment.partition(": ")
    assert head.endswith(f"(keepalive.{kind.id})")
    assert told
    assert "none" not in told
    assert bool(re.search("[\u4e00-\u9fff]", told)) is (language == "zh")


def test_the_article_in_chinese() -> None:
    case = case_of(overlooked_close())
    told = [
        text
        for texts in comments_of(case.connection.findings, partial(comment_on, words=Words("zh"))).values()
        for text in texts
    ]
    assert any(SERVER in text and "先关闭连接（FIN）" in text for text in told)
    assert any("套接字仍未关闭" in text for text in told)
    assert not any(re.search("[A-Za-z]+ [a-z]+ [a-z]+", text.partition(": ")[2]) for text in told)


def test_one_finding_is_told_once() -> None:
    found = case_of(overlooked_close()).connection.findings
    tell = partial(comment_on, words=Words())
    assert comments_of([*found, *found], tell) == comments_of(found, tell) != {}
