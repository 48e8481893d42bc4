"""Each frame's number that a report cites is a link to where the report shows the frame."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from markupsafe import Markup

from pyreport.narrative.model import DecodedFrame, Step
from pyreport.words.breaks import NO_BREAK_SPACE
from pyreport.words.typeset import replace_marked

_JOINED = re.compile(f"{NO_BREAK_SPACE}(<a [^>]*>[0-9]+</a>)")
#: The address of a frame's place in the document, "" for one that has none.
Places = Callable[[int], str]


def no_places(frame: int) -> str:
    """Of a document that shows no frame."""
    del frame
    return ""


def places_of(steps: Sequence[Step], decoded: Sequence[DecodedFrame]) -> Places:
    """A frame's decoded header, else the shortest step of the walkthrough that it belongs to."""
    headers = {one.frame for one in decoded}
    ranges = sorted(
        (step.last_frame - step.first_frame, step.first_frame, step.last_frame, step.number)
        for step in steps
        if step.first_frame is not None and step.last_frame is not None
    )

    def place(frame: int) -> str:
        if frame in headers:
            return f"#frame-{frame}"
        return next((f"#step-{number}" for _, first, last, number in ranges if first <= frame <= last), "")

    return place


def linked(value: str, places: Places) -> Markup:
    """Text or markup with the frames' numbers that are marked in it as links, or plain where they have no place."""

    def written(frame: int) -> str:
        place = places(frame)
        return f'<a class="at" href="{place}">{frame}</a>' if place else str(frame)

    # WeasyPrint 70 breaks the line after each word of a text that ends in a no-break space before an element.
    with_links = _JOINED.sub(rf"<span>{NO_BREAK_SPACE}\1</span>", replace_marked(Markup.escape(value), written))
    return Markup(with_links)  # noqa: S704 - escaped, and our own numbers
