"""What ``pyreport annotate`` does, once its arguments are known."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO

from rich.console import Console

from pyreport import __version__
from pyreport.base.claim import Duration, FrameNumber, Value
from pyreport.base.errors import InputError
from pyreport.base.whole_file import open_whole
from pyreport.bundle.annotated import comments_of, write_annotated
from pyreport.capture.engine import Engine
from pyreport.capture.file import open_capture
from pyreport.capture.packet_blocks import open_blocks
from pyreport.capture.tshark import Tshark, open_tshark
from pyreport.cli.output import check_outputs
from pyreport.cli.progress import show_progress
from pyreport.cli.redact import Redaction, keep_key, redacted_capture, redaction_done, stand_ins_of
from pyreport.cli.terminal import print_line
from pyreport.cli.wrapped import print_sentences
from pyreport.connections.reading import Reading, read_capture
from pyreport.frames.finding import Finding
from pyreport.words import Words


def run_annotate(
    shown_path: str,
    target: Path,
    redaction: Redaction | None,
    tshark_location: str | None,
    engine: Engine,
    language: str,
    stderr: Console,
) -> None:
    """Write the capture with the findings as comments. Raises ReportError."""
    capture = open_capture(shown_path)
    captures = [file.path for file in capture.files]
    check_outputs([target], *captures)
    stand_ins = stand_ins_of(redaction, captures, [target]) if redaction is not None else None
    words = Words(language)
    with (
        show_progress(stderr, words, "progress-capture") as progress,
        open_tshark(tshark_location, note=progress.note) as tshark,
    ):
        if stand_ins is None:
            reading = read_capture(tshark, capture, progress.follow, engine)
        else:
            reading = redacted_capture(tshark, capture, stand_ins, progress.follow, engine)
        comments = comments_of(all_findings(reading), partial(comment_on, words=words))
        progress.say("progress-comments")
        try:
            with open_whole(target) as file:
                write_frames(file, tshark, reading, comments, words)
        except OSError as error:
            raise InputError(f"{target} cannot be written ({error.strerror}): choose another place with -o.") from error
    for warning in tshark.warnings:
        print_sentences(stderr, words.label("terminal-note", note=words.say(warning)))
    if redaction is not None and stand_ins is not None:
        keep_key(redaction, stand_ins)
        for line in redaction_done(redaction, stand_ins):
            print_sentences(stderr, words.say(line))
    comment_count = sum(map(len, comments.values()))
    print_line(stderr, words.label("annotate-done", comments=comment_count, frames=len(comments)))
    print_line(stderr, words.label("terminal-written", path=str(target)))


def all_findings(reading: Reading) -> list[Finding]:
    """The findings of the whole capture, in the order of their frames."""
    of_connections = chain.from_iterable(connection.findings for connection in reading.index.connections.values())
    return sorted(
        (*of_connections, *reading.span.holes, *reading.span.refusals), key=lambda finding: (finding.frame, finding.id)
    )


def comment_on(finding: Finding, words: Words) -> str:
    """What a comment says of a finding."""
    values: dict[str, Value] = {"by": finding.source}
    for name in finding.__struct_fields__[len(Finding.__struct_fields__) :]:
        values[name] = _value(name, getattr(finding, name))
    return words.label(f"comment-{finding.id.replace('_', '-')}", **values)


def _value(name: str, value: int | str | None) -> Value:
    if value is None:
        return "none"
    if isinstance(value, int) and name.endswith("_ns"):
        return Duration(value)
    return FrameNumber(value) if isinstance(value, int) and name.endswith("frame") else value


def write_frames(
    file: IO[bytes],
    tshark: Tshark,
    reading: Reading,
    comments: Mapping[int, Sequence[str]],
    words: Words,
    only: Container[int] | None = None,
) -> None:
    """Write the frames of a capture with comments as pcapng, some of them or all.

    Raises InputError when the file's packets are not counted as its frames were, so that comments could stand on wrong
    frames.
    """
    capture = reading.capture
    about = words.label(
        "comment-capture", version=__version__, file=Path(capture.shown_path).name, digest=capture.sha256
    )
    with open_blocks(tshark, capture) as found:
        count = write_annotated(file, found, comments, about, only)
    if count != reading.span.frames:
        raise InputError(
            f"{capture.shown_path} has {count} packets, but {reading.span.frames} frames were read of it, so the "
            "comments would stand on wrong frames: write it anew with editcap."
        )
