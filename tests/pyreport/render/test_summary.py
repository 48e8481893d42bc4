"""The report in short: what it holds, and that text from outside stays text."""

from __future__ import annotations

import re

import pytest

from pyreport.render.summary import summary
from tests.pyreport import sample
from tests.pyreport.sample import WORDS


@pytest.mark.parametrize("markdown", [True, False])
def test_verdict_facts_and_walkthrough_are_in_it(markdown: bool) -> None:
    text = summary(sample.article(), WORDS, markdown=markdown)
    for part in (
        "Why the connection broke",
        "The broker closed a connection that had carried no data for 60.0 s.",
        "likely",
        "peer service, local application",
        "Service: involved.",
        "with a FIN (frame 940).",
        "11 sent, 11 answered, none missed",
        sample.LOG_LINE,
        "00:08:01.376174",
        "From here on the socket is dead.",
    ):
        assert part in text.replace("\\", "")


def test_markdown_has_tables_of_even_rows() -> None:
    lines = summary(sample.ipv6(), WORDS, markdown=True).splitlines()
    steps = lines[lines.index("## Walkthrough") + 2 :]
    assert len(steps) == 2 + len(sample.article().steps)
    assert {line.replace("\\|", "").count("|") for line in steps} == {6}
    assert steps[1] == "| --- | --- | --- | --- | --- |"


def test_nothing_from_outside_is_a_mark() -> None:
    text = summary(sample.hostile(" <b>x</b> | [a](http://b) `c` **d** \n# e"), WORDS, markdown=True)
    inside = text.partition("```")[0] + text.rpartition("```")[2]
    assert re.findall(r"(?<!\\)(?:<b>|\[a|\]\(|`c|\*\*d|# e)", inside) == []


def test_a_fence_in_the_log_line_does_not_end_the_block() -> None:
    text = summary(sample.hostile("```\n# out"), WORDS, markdown=True)
    assert text.count("````\n") == 2


def test_plain_text_has_no_marks() -> None:
    lines = summary(sample.article(), WORDS, markdown=False).splitlines()
    assert not [line for line in lines if line.startswith(("#", "|", "**"))]
    assert "1. 2022-09-30 00:07:01.378500 – 00:07:01.379200  [432-433]" in lines
