"""The comparison of two captures as one HTML document that needs no other file."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup
from msgspec import Struct

from pyreport.base.claim import Duration, Party
from pyreport.base.units import format_clock
from pyreport.compare.clocks import Bounds
from pyreport.compare.packet import Fate, Frames
from pyreport.compare.rows import Row
from pyreport.compare.view import ENDS
from pyreport.narrative.compare_report import CompareReport
from pyreport.render import shown
from pyreport.render.arrows import draw_arrow
from pyreport.render.frame_list import format_frames
from pyreport.render.html import digest, environment, stylesheet
from pyreport.render.ladder.both_ends import DECISIVE, chosen_rows, draw_both_ends
from pyreport.render.look import PLAIN, Look
from pyreport.words import Words
from pyreport.words.breaks import kept_together
from pyreport.words.typeset import typeset

#: The messages for what became of a packet. That it arrived, the arrow and both frames say.
FATE_MESSAGES = {
    Fate.ARRIVED_IN_PIECES: "fate-arrived-in-pieces",
    Fate.ARRIVED_UNSEEN: "fate-arrived-unseen",
    Fate.LOST: "fate-lost",
    Fate.NOT_SENT: "fate-not-sent",
    Fate.SENT_UNSEEN: "fate-sent-unseen",
    Fate.NOT_COVERED: "fate-not-covered",
    Fate.UNKNOWN: "fate-unknown",
}


class PrintedRow(Struct, frozen=True):
    """One row of the table of packets as text, by capture: clock and frames."""

    clocks: tuple[str, str]
    frames: tuple[str, str]
    arrow: Markup
    delay: str
    text: str
    fate: str
    why: str
    decisive: bool


def render_comparison(report: CompareReport, words: Words, look: Look = PLAIN) -> str:
    """The report as HTML with its stylesheets and figures inside; prints through write_pdf()."""
    styles = stylesheet(words, look.paper, "report.css", "compare.css")
    return (
        environment(words)
        .get_template("compare.html")
        .render(
            report=report,
            look=look,
            title=look.title or words.label("compare-title"),
            words=words,
            ladder=_ladder(report, words),
            rows=tuple(_print_row(row, words) for row in report.rows),
            programs=tuple(" ".join(program) for program in report.versions),
            stylesheet=styles,
            digest=digest(styles),
            zone_name=shown.zone_name(words, report.captures[0].first_time_ns),
            cite_both=partial(cite_both, parties=report.parties, words=words),
            in_brackets=partial(_in_brackets, parties=report.parties, words=words),
        )
    )


def _ladder(report: CompareReport, words: Words) -> Markup:
    """The figure of the packets that decide, as SVG."""
    rows = chosen_rows(report.rows)
    told = [(_what(row, words), _fate(row, words)) for row in rows]
    addresses = report.connection.split(" → ")
    names = [
        f"{words.label(f'role-{party.value}')} {end}" for party, end in zip(report.parties, addresses, strict=True)
    ]
    return Markup(draw_both_ends(rows, told, (names[0], names[1]), words))  # noqa: S704 - lxml escapes


def cite_both(frames: Frames, parties: tuple[Party, Party], words: Words) -> str:
    """Frames of both captures: "frame 812 at the client; frames 790, 791 at the server"; "" for none."""
    cited = words.between_sources.join(
        words.label("compare-frames-at", frames=format_frames(frames[end], words), who=parties[end])
        for end in ENDS
        if frames[end]
    )
    return kept_together(cited)


def _in_brackets(frames: Frames, parties: tuple[Party, Party], words: Words) -> str:
    """The same in brackets, to be put after what the frames prove; "" for none."""
    cited = cite_both(frames, parties, words)
    return typeset(f" {words.label('cited', frames=cited)}") if cited else ""


def _print_row(row: Row, words: Words) -> PrintedRow:
    clocks = [format_clock(time_ns, words.zone) if time_ns is not None else "" for time_ns in row.times_ns]
    frames = [_span(span) for span in row.frames]
    return PrintedRow(
        clocks=(clocks[0], clocks[1]),
        frames=(frames[0], frames[1]),
        arrow=Markup(draw_arrow(row.sender, row.fate, _fate(row, words) or words.label("mark-arrived"))),  # noqa: S704 - our own SVG
        delay=_delay(row.delay, words),
        text=_what(row, words),
        fate=_fate(row, words),
        why=words.join(row.why),
        decisive=row.fate in DECISIVE,
    )


def _what(row: Row, words: Words) -> str:
    """What a packet is, and how many of them are told as one."""
    text = words.say(row.what)
    return text if row.count == 1 else words.label("row-repeated", what=text, count=row.count)


def _fate(row: Row, words: Words) -> str:
    if row.sender is None:
        return words.label("fates-all-arrived" if row.fate is Fate.ARRIVED else "fates-differ")
    return words.label(FATE_MESSAGES[row.fate]) if row.fate in FATE_MESSAGES else ""


def _span(span: tuple[int, int] | None) -> str:
    if span is None:
        return "–"
    return str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"


def _delay(delay: Bounds | None, words: Words) -> str:
    if delay is None or delay.uncertainty_ns is None:
        return ""
    return words.label("row-delay", middle=Duration(delay.middle_ns), spread=Duration(delay.uncertainty_ns))
