"""What the user asked for, and the capture that was named."""

from __future__ import annotations

from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from pyreport.capture.engine import Engine
from pyreport.capture.file import Asked, Capture
from pyreport.capture.pipe import receive
from pyreport.capture.tshark import Tshark
from pyreport.cli.part import WHOLE, AskedPart
from pyreport.cli.progress import Progress
from pyreport.connections.reading import Reading, read_capture
from pyreport.render.look import PLAIN, Look
from pyreport.words.languages import FALLBACK

if TYPE_CHECKING:
    from pyreport.cli.redact import Redaction


class Request(Struct, frozen=True):
    """What the user asked for. ``captures`` are files, folders and "-". At most one of ``log_line``, ``log_file`` and
    ``addresses`` is given; ``stream`` may stand beside a log, ``at`` beside ``log_file`` only.
    """

    captures: tuple[str, ...]
    log_line: str | None = None
    log_file: Path | None = None
    at: str | None = None
    addresses: str | None = None
    stream: int | None = None
    candidate: int | None = None
    zone: tzinfo | None = None
    log_zone: tzinfo | None = None
    pdf: Path | None = None
    json: Path | None = None
    tsv: Path | None = None
    html: Path | None = None
    summary: Path | None = None
    bundle: Path | None = None
    attach: bool = False
    redaction: Redaction | None = None
    look: Look = PLAIN
    everything: bool = False
    tshark: str | None = None
    engine: Engine = Engine.AUTO
    asked_part: AskedPart = WHOLE
    command_line: tuple[str, ...] = ()
    language: str = FALLBACK

    @property
    def wants_json(self) -> bool:
        """Whether the JSON has to be made, for itself or to go with a report."""
        return self.json is not None or self.bundle is not None or self.attach

    @property
    def wants_documents(self) -> bool:
        """Whether something is written that the narrative is needed for."""
        return (self.pdf, self.html, self.summary, self.bundle) != (None, None, None, None)


def read_asked(tshark: Tshark, asked: Asked, request: Request, progress: Progress) -> Reading:
    """Read the capture that the user named. Raises ReportError."""
    return read_capture(tshark, asked_capture(tshark, asked, request, progress), progress.follow, request.engine)


def asked_capture(tshark: Tshark, asked: Asked, request: Request, progress: Progress) -> Capture:
    """The capture that the user named, received from standard input where that is part of it, and which part of it is
    judged. Raises ReportError.
    """
    received = receive(tshark, progress.follow) if asked.has_stdin else None
    capture = asked.capture(received)
    return replace(capture, limits=request.asked_part.limits(capture.first_time_ns, request.zone or UTC))
