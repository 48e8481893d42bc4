"""The report in short, as text to paste into a ticket: verdict, the four answers, key facts, walkthrough."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pyreport.narrative.model import Narrative
from pyreport.render import shown
from pyreport.render.clean import printable
from pyreport.render.frame_list import format_frames
from pyreport.render.look import PLAIN, Look
from pyreport.words import Words
from pyreport.words.breaks import NO_BREAK_SPACE
from pyreport.words.typeset import typeset

# What Markdown (CommonMark 0.31, with GitHub's tables) may take for a mark of its own, or for HTML.
_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_ESCAPE = r"\\\1"


def summary(narrative: Narrative, words: Words, look: Look = PLAIN, *, markdown: bool) -> str:
    """The text, in Markdown or plain. Times are in the zone of the words. No mark in it comes from outside."""
    lines = _markdown(narrative, words, look) if markdown else _plain(narrative, words, look)
    return "\n".join(lines) + "\n"


def _markdown(narrative: Narrative, words: Words, look: Look) -> Iterator[str]:
    def heading(identifier: str) -> Iterator[str]:
        yield from ("", f"## {_escaped(words.label(identifier))}", "")

    yield f"# {_escaped(look.title or words.say(narrative.title))}"
    for text in filter(None, (look.company, look.case)):
        yield from ("", _escaped(text))
    yield from ("", _escaped(narrative.connection), "", _escaped(_times(narrative, words)))
    yield from heading("heading-verdict")
    first, *rest = _verdict(narrative, words)
    yield f"**{_escaped(first)}**"
    for paragraph in rest:
        yield from ("", _escaped(paragraph))
    yield ""
    for label, value in _marks(narrative, words):
        yield f"- {_MARKS.sub(_ESCAPE, words.label('labelled-value', name=label, value=''))}**{_escaped(value)}**"
    if narrative.answers:
        yield from heading("heading-question")
        for head, reason in _answers(narrative, words):
            yield f"- **{_escaped(head)}** {_escaped(reason)}"
    if narrative.facts:
        yield from heading("heading-facts")
        yield from _table(("", ""), _facts(narrative, words))
    if narrative.log_line:
        yield from heading("heading-log-line")
        yield from _fenced(printable(narrative.log_line))
    if narrative.steps:
        yield from heading("heading-walkthrough")
        yield from _table(_step_columns(narrative, words), _steps(narrative, words))


def _plain(narrative: Narrative, words: Words, look: Look) -> Iterator[str]:
    def heading(identifier: str) -> Iterator[str]:
        yield from ("", words.label(identifier), "")

    yield look.title or words.say(narrative.title)
    yield from filter(None, (look.company, look.case))
    yield from (printable(narrative.connection), _times(narrative, words))
    yield from heading("heading-verdict")
    yield from _verdict(narrative, words)
    for label, value in _marks(narrative, words):
        yield words.label("labelled-value", name=label, value=value)
    if narrative.answers:
        yield from heading("heading-question")
        yield from (f"- {head}{words.between_sentences}{reason}" for head, reason in _answers(narrative, words))
    if narrative.facts:
        yield from heading("heading-facts")
        for label, value in _facts(narrative, words):
            yield words.label("labelled-value", name=label, value=value)
    if narrative.log_line:
        yield from heading("heading-log-line")
        yield printable(narrative.log_line)
    if narrative.steps:
        yield from heading("heading-walkthrough")
        for number, frames, time, since, text in _steps(narrative, words):
            yield f"{number}. {time}  [{frames}]{f'  +{since}' if since else ''}"
            yield f"   {text}"


def _times(narrative: Narrative, words: Words) -> str:
    zone = shown.zone_name(words, narrative.appendix.first_time_ns)
    return words.label("summary-times", zone=zone, digest=narrative.appendix.capture_sha256)


def _verdict(narrative: Narrative, words: Words) -> list[str]:
    paragraphs = [narrative.verdict[:1], narrative.verdict[1:], (narrative.cause,) if narrative.cause else ()]
    return [printable(words.join(claims)) for claims in paragraphs if claims]


def _marks(narrative: Narrative, words: Words) -> Iterator[tuple[str, str]]:
    yield words.label("heading-confidence"), words.label(f"confidence-{narrative.confidence.value}")
    if narrative.attribution:
        shares = words.between_items.join(words.label(f"share-{share.value}") for share in narrative.attribution)
        yield words.label("heading-attributed-to"), shares


def _answers(narrative: Narrative, words: Words) -> Iterator[tuple[str, str]]:
    for answer in narrative.answers:
        subject = words.label(f"subject-{answer.subject}", of_client=answer.of_client)
        standing = words.label(f"standing-{answer.standing}")
        reasons = words.between_sentences.join(shown.cite_plain(claim, words) for claim in answer.reason)
        yield words.label("answer-line", subject=subject, standing=standing), reasons


def _facts(narrative: Narrative, words: Words) -> Iterator[tuple[str, str]]:
    for fact in narrative.facts:
        frames = format_frames(fact.frames, words)
        cited = f" {words.label('cited', frames=frames)}" if frames else ""
        yield printable(words.tell(fact.label)), printable(typeset(f"{words.tell(fact.value)}{cited}"))


def _step_columns(narrative: Narrative, words: Words) -> tuple[str, ...]:
    zone = shown.zone_name(words, narrative.appendix.first_time_ns)
    before, after = ("column-step", "column-frames"), ("column-since", "column-happened")
    return (*map(words.label, before), words.label("column-local-time", zone=zone), *map(words.label, after))


def _steps(narrative: Narrative, words: Words) -> Iterator[tuple[str, ...]]:
    for step in shown.step_rows(narrative.steps, narrative.decoded, words):
        start = f"{step.date} {step.start}" if step.date else step.start
        time = start if not step.end else f"{start} – {step.end}"
        decisive = f"[{words.label('step-decisive')}] " if step.decisive else ""
        yield (
            str(step.number),
            step.frames,
            time,
            step.since,
            printable(f"{decisive}{step.text}").replace(NO_BREAK_SPACE, " "),
        )


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield _row(head, _escaped)
    yield _row(head, lambda _: "---")
    for row in rows:
        yield _row(row, _escaped)


def _row(cells: tuple[str, ...], form: Callable[[str], str]) -> str:
    return f"| {' | '.join(map(form, cells))} |"


def _escaped(text: str) -> str:
    return _MARKS.sub(_ESCAPE, " ".join(printable(text).split()))


def _fenced(text: str) -> Iterator[str]:
    """A block of code whose fence is longer than any in it."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    yield from (fence, text, fence)
