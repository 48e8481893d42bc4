"""How the report prints values: a claim with its frames, a step, a status with its symbol."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup
from msgspec import Struct

from pyreport.base.claim import Claim
from pyreport.base.units import clock_digits, format_clock, format_date, zone_offset
from pyreport.diagnosis.result import Confidence, Explanation, Status
from pyreport.narrative.model import DecodedFrame, Step
from pyreport.render.clean import printable
from pyreport.render.frame_links import step_with
from pyreport.render.frame_list import format_frames
from pyreport.render.glyphs import mark_icon
from pyreport.words import Words
from pyreport.words.breaks import kept_together
from pyreport.words.typeset import typeset

_LONGEST_LINE = 400
#: So many claims that differ in their frames alone show what is meant.
MOST_ALIKE = 2

# Shape and word together, so that neither colour nor a symbol font is needed.
STATUS_SYMBOLS = {Status.SUPPORTED: "✔", Status.POSSIBLE: "◐", Status.NO_EVIDENCE: "–", Status.RULED_OUT: "✘"}
CONFIDENCE_SYMBOLS = {
    Confidence.CONFIRMED: "●",
    Confidence.LIKELY: "◕",
    Confidence.POSSIBLE: "◑",
    Confidence.UNDETERMINED: "○",
}
_STOPS = (".", "。", "?", "？")


def cite(claim: Claim, words: Words) -> Markup:
    """The claim as a sentence with its frames in brackets before its full stop."""
    body, stop = _body_and_stop(claim, words)
    return Markup("{}{}{}").format(kept_together(body), cite_frames(claim.frames, words), stop)


def cite_plain(claim: Claim, words: Words) -> str:
    """The same as plain text."""
    body, stop = _body_and_stop(claim, words)
    frames = format_frames(claim.frames, words)
    return body + (typeset(f" {words.label('cited', frames=frames)}") if frames else "") + stop


def _body_and_stop(claim: Claim, words: Words) -> tuple[str, str]:
    text = printable(words.say(claim)).rstrip()
    return (text[:-1], text[-1]) if text.endswith(_STOPS) else (text, "")


def cite_frames(frames: Iterable[int], words: Words) -> Markup:
    """Frames in brackets, to be put after what they prove; nothing for none."""
    cited = format_frames(frames, words)
    if not cited:
        return Markup("")
    # The space is inside the span: WeasyPrint 70 can break a line too early at a text that ends in a space.
    shown = kept_together(typeset(f" {words.label('cited', frames=cited)}"))
    return Markup('<span class="frames">{}</span>').format(shown)


def few_alike(claims: Sequence[Claim], most: int) -> list[Claim]:
    """At most so many claims; where many say the same of other frames, the first two of them."""
    of_a_kind, told = Counter(claim.id for claim in claims), Counter[str]()
    shown = list[Claim]()
    for claim in claims:
        told[claim.id] += 1
        if told[claim.id] <= MOST_ALIKE or of_a_kind[claim.id] == MOST_ALIKE + 1:
            shown.append(claim)
    return shown[:most]


def by_reason(explanations: Sequence[Explanation]) -> list[tuple[Explanation, ...]]:
    """Explanations with those together that stand alike for the same reason, in the order of the first of each."""
    rows = list[list[Explanation]]()
    for one in explanations:
        same = (row for row in rows if one.evidence and _stands(row[0]) == _stands(one))
        alike = next(same, None)
        if alike is None:
            rows.append([one])
        else:
            alike.append(one)
    return [tuple(row) for row in rows]


def _stands(explanation: Explanation) -> tuple[Status, tuple[Claim, ...]]:
    return explanation.status, explanation.evidence[:1]


def as_item(text: str) -> str:
    """A sentence that announces a command, where the command is left out: with a full stop for its colon."""
    stop = {":": ".", "：": "。"}.get(text[-1:])
    return text if stop is None else text[:-1] + stop


def cite_all(claims: Sequence[Claim], words: Words) -> Markup:
    """Claims as one paragraph, each with its frames."""
    return Markup.escape(words.between_sentences).join(cite(claim, words) for claim in claims)


def status_words(status: Status, words: Words) -> str:
    """Status of an explanation with its symbol, "✔ supported"."""
    return f"{STATUS_SYMBOLS[status]} {words.label(f'status-{status.name.lower()}')}"


def confidence_words(confidence: Confidence | str, words: Words) -> str:
    """Confidence of the verdict with its symbol, "● confirmed"."""
    known = Confidence(confidence)
    return f"{CONFIDENCE_SYMBOLS[known]} {words.label(f'confidence-{known.value}')}"


def shorten(text: str, words: Words) -> str:
    """A line of a decoded header; of a very long one (a payload in hex) the beginning and its length."""
    if len(text) <= _LONGEST_LINE:
        return text
    return words.label("line-cut", begin=text[:_LONGEST_LINE], length=len(text))


def duration_or_unknown(duration_ns: int | None, words: Words) -> str:
    """A duration, or the words for one that the capture does not show."""
    return words.label("not-learned") if duration_ns is None else words.duration(duration_ns)


def count_or_unknown(count: int | None, words: Words) -> str:
    """A number, or the words for one that the capture does not show."""
    return words.label("not-learned") if count is None else words.tell(count)


def zone_name(words: Words, time_ns: int) -> str:
    """Offset and name of the zone of the words at a moment: "UTC+08:00, Asia/Shanghai", or "UTC"."""
    offset = zone_offset(words.zone, time_ns)
    name = getattr(words.zone, "key", None)  # only zones of the tz database have a name
    return offset if name in (None, offset) else words.label("zone-named", offset=offset, name=name)


class StepRow(Struct, frozen=True):
    """One step of the walkthrough as text. ``date`` is filled on the first step of each local day, and ``end`` has its
    date where that is another day; ``header`` is a frame of the step that is shown in full (0: none is).
    """

    number: int
    icon: Markup
    frames: str
    date: str
    start: str
    end: str
    since: str
    text: str
    decisive: bool
    header: int


def step_rows(steps: Sequence[Step], decoded: Sequence[DecodedFrame], words: Words) -> Iterator[StepRow]:
    """The steps as the walkthrough prints them; ``decoded`` are the frames whose headers the report shows."""
    date_before, headers = "", _headers_of(steps, decoded)
    digits = clock_digits(time_ns for step in steps for time_ns in (step.start_ns, step.end_ns))
    for step in steps:
        date, last_date = (format_date(time_ns, words.zone) for time_ns in (step.start_ns, step.end_ns))
        end = format_clock(step.end_ns, words.zone, digits) if step.end_ns != step.start_ns else ""
        yield StepRow(
            number=step.number,
            icon=Markup(mark_icon(step.kind, words)),  # noqa: S704 - our own SVG
            frames=_step_frames(step, words),
            date=date if date != date_before else "",
            start=format_clock(step.start_ns, words.zone, digits),
            end=end if date == last_date else f"{last_date} {end}",
            since="" if step.since_previous_ns is None else words.duration(step.since_previous_ns),
            text=kept_together(words.join(step.claims)),
            decisive=step.decisive,
            header=headers.get(step.number, 0),
        )
        date_before = last_date


def _headers_of(steps: Sequence[Step], decoded: Sequence[DecodedFrame]) -> dict[int, int]:
    """By the number of a step, the last of its frames whose headers are shown: what came of it."""
    frames = sorted(one.frame for one in decoded)
    return {step.number: frame for frame in frames if (step := step_with(steps, frame)) is not None}


def _step_frames(step: Step, words: Words) -> str:
    if step.first_frame is None:
        return words.label("step-no-frame")
    if step.last_frame is None or step.last_frame == step.first_frame:
        return str(step.first_frame)
    return f"{step.first_frame}-{step.last_frame}"
