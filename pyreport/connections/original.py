"""What tshark finds in an excerpt, with the numbers that its frames have in the whole capture."""

from __future__ import annotations

from typing import TypeVar

from msgspec import structs

from pyreport.capture.excerpt import Excerpt
from pyreport.frames.finding import Finding, links_of

F = TypeVar("F", bound=Finding)


def original(finding: F, excerpt: Excerpt) -> F:
    """A finding on a frame of the excerpt as it is in the whole capture."""
    links = ((name, getattr(finding, name)) for name in links_of(type(finding)))
    return structs.replace(
        finding,
        frame=excerpt.original(finding.frame),
        summary=excerpt.original_text(finding.summary),
        **{name: excerpt.original(frame) for name, frame in links if frame is not None},
    )
