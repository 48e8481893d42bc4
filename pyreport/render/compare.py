"""The comparison of two captures as one HTML document that needs no other file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from pyreport.base.sentence import capitalized
from pyreport.base.units import format_clock, format_duration, format_moment
from pyreport.compare.clocks import Bounds
from pyreport.compare.ladder import Rung
from pyreport.compare.model import Fate
from pyreport.compare.names import Names
from pyreport.compare.report import CompareReport
from pyreport.render import words
from pyreport.render.arrows import draw_arrow
from pyreport.render.frame_list import format_frames
from pyreport.render.html import RENDER_FOLDER, environment

#: That a packet arrived, the arrow and both frames say.
FATE_WORDS = {
    Fate.ARRIVED: "",
    Fate.ARRIVED_IN_PIECES: "arrived, cut or joined differently",
    Fate.ARRIVED_UNSEEN: "arrived, and the capture there lacks it",
    Fate.LOST: "did not arrive",
    Fate.NOT_SENT: "not sent by that end",
    Fate.SENT_UNSEEN: "was sent, and the capture there lacks it",
    Fate.NOT_COVERED: "not covered by the other capture",
    Fate.UNKNOWN: "cannot be told",
}


@dataclass(frozen=True, slots=True)
class RungRow:
    """One row of the ladder as text, by capture: clock and frames."""

    clocks: tuple[str, str]
    frames: tuple[str, str]
    arrow: Markup
    delay: str
    text: str
    fate: str
    why: str
    decisive: bool


def render_comparison(report: CompareReport) -> str:
    """The report as HTML with its stylesheets and figures inside; prints through write_pdf()."""
    styles = "".join((RENDER_FOLDER / name).read_text(encoding="utf-8") for name in ("report.css", "compare.css"))
    return (
        environment()
        .get_template("compare.html")
        .render(
            report=report,
            rows=tuple(_rows(report)),
            filters=tuple(zip(report.captures[0].filters, report.captures[1].filters, strict=True)),
            stylesheet=Markup(styles),  # noqa: S704 - our own files
            zone_name=words.zone_words(report.zone, report.captures[0].first_time_ns),
            local=partial(format_moment, zone=report.zone),
            cite_both=partial(cite_both, names=report.names),
            capitalized=capitalized,
        )
    )


def cite_both(frames: tuple[tuple[int, ...], tuple[int, ...]], names: Names) -> str:
    """Frames of both captures: "client frame 812, server frames 790, 791"; "" for none."""
    shown = [f"{names.short(end)} {format_frames(frames[end])}" for end in (0, 1) if frames[end]]
    return "; ".join(shown)


def _rows(report: CompareReport) -> Iterator[RungRow]:
    for rung in report.rungs:
        clocks = [format_clock(time_ns, report.zone) if time_ns is not None else "" for time_ns in rung.times_ns]
        frames = [_span(span) for span in rung.frames]
        yield RungRow(
            clocks=(clocks[0], clocks[1]),
            frames=(frames[0], frames[1]),
            arrow=Markup(draw_arrow(rung.sender, rung.fate.value if rung.fate else "")),  # noqa: S704 - our own SVG
            delay=_delay(rung.delay),
            text=rung.text,
            fate=_fate(rung),
            why=rung.why,
            decisive=rung.fate in (Fate.LOST, Fate.NOT_SENT),
        )


def _fate(rung: Rung) -> str:
    if rung.sender is None:
        return "all arrived" if rung.fate is Fate.ARRIVED else "with various fates"
    return FATE_WORDS[rung.fate] if rung.fate else ""


def _span(span: tuple[int, int] | None) -> str:
    if span is None:
        return "–"
    return str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"


def _delay(delay: Bounds | None) -> str:
    if delay is None or delay.low_ns is None or delay.high_ns is None:
        return ""
    middle, spread = (delay.low_ns + delay.high_ns) // 2, (delay.high_ns - delay.low_ns + 1) // 2
    return f"{format_duration(middle)} ± {format_duration(spread)}"
