"""Each frame's number that a report cites is a link to where the report shows the frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markupsafe import Markup

from pyreport.narrative.model import DecodedFrame, Step
from pyreport.words.breaks import NO_BREAK_SPACE
from pyreport.words.typeset import replace_marked

_IN_ADDRESS = re.compile(r"(?<=:)(?=[0-9A-Fa-f][0-9A-Fa-f:]*\]:[0-9])")
_JOINED = re.compile(f"{NO_BREAK_SPACE}(<a [^>]*>[0-9]+</a>)")
#: The address of a frame's place in the document, "" for one that has none.
Places = Callable[[int], str]


def no_places(frame: int) -> str:
    """Of a document that shows no frame."""
    del frame
    return ""


def places_of(steps: Sequence[Step], decoded: Sequence[DecodedFrame]) -> Places:
    """A frame's decoded header, else the step of the walkthrough that it belongs to."""
    headers = {one.frame for one in decoded}

    def place(frame: int) -> str:
        if frame in headers:
            return f"#frame-{frame}"
        step = step_with(steps, frame)
        return f"#step-{step.number}" if step else ""

    return place


def step_with(steps: Sequence[Step], frame: int) -> Step | None:
    """The step that a frame belongs to: one that begins or ends with it, else the shortest around it. Steps may
    overlap: what a device says of probes comes in between them.
    """

    def nearness(step: Step) -> tuple[bool, int]:
        first, last = step.first_frame or 0, step.last_frame or 0
        return frame not in (first, last), last - first

    around = [step for step in steps if (step.first_frame or frame + 1) <= frame <= (step.last_frame or 0)]
    return min(around, key=nearness, default=None)


def in_cell(text: str) -> Markup:
    """Text of a narrow cell: an IPv6 address may be broken after its colons, and elsewhere only where it has to be."""
    return Markup(_IN_ADDRESS.sub("<wbr>", str(Markup.escape(text))))  # noqa: S704 - escaped, and our own


def linked(value: str, places: Places) -> Markup:
    """Text or markup with the frames' numbers that are marked in it as links, or plain where they have no place."""

    def written(frame: int) -> str:
        place = places(frame)
        return f'<a class="at" href="{place}">{frame}</a>' if place else str(frame)

    # WeasyPrint 70 breaks the line after each word of a text that ends in a no-break space before an element.
    with_links = _JOINED.sub(rf"<span>{NO_BREAK_SPACE}\1</span>", replace_marked(Markup.escape(value), written))
    return Markup(with_links)  # noqa: S704 - escaped, and our own numbers
