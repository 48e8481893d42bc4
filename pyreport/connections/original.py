"""What tshark finds in an excerpt, with the numbers that its frames have in the whole capture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from msgspec import structs

from pyreport.capture.excerpt import Excerpt
from pyreport.frames.finding import Finding

F = TypeVar("F", bound=Finding)


def original(finding: F, excerpt: Excerpt) -> F:
    """A finding on a frame of the excerpt as it is in the whole capture."""
    return structs.replace(finding, **dict(_changes(finding, excerpt)))


def _changes(finding: Finding, excerpt: Excerpt) -> Iterator[tuple[str, object]]:
    for name, value in structs.asdict(finding).items():
        if value is not None and (name == "frame" or name.endswith("_frame")):
            yield name, excerpt.original(value)
        elif name == "summary":
            yield name, excerpt.original_text(value)
