"""What goes with a report: a bundle of all that proves it, files inside the PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import count
from pathlib import Path

from msgspec import Struct

from pyreport import __version__
from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.base.errors import InputError, UsageError
from pyreport.bundle.annotated import comments_of
from pyreport.bundle.archive import is_archive, move, pack
from pyreport.bundle.manifest import (
    FORMAT,
    LONGEST,
    MANIFEST,
    NAMES,
    CaptureEntry,
    ConnectionEntry,
    Content,
    Manifest,
    dump,
    entry_of,
)
from pyreport.bundle.tables import findings_csv, probes_csv
from pyreport.capture.private_folder import private_folder
from pyreport.capture.tshark import Tshark
from pyreport.cli.annotate import comment_on, write_frames
from pyreport.cli.output import check_writable
from pyreport.connections.reading import Reading
from pyreport.diagnosis.case import Case
from pyreport.frames.finding import Finding
from pyreport.narrative.letter import letter_text
from pyreport.narrative.model import Narrative
from pyreport.words import Words

#: What is put inside a PDF; more would make it too big to be sent by mail.
MOST_ATTACHED = 20_000_000

#: Writes the documents, the PDF also at a path, with files inside it, and returns what is to be said of them.
WriteDocuments = Callable[[Path | None, Sequence[Path]], tuple[Claim, ...]]


class Evidence(Struct, frozen=True):
    """What a report was made of, with its JSON."""

    tshark: Tshark
    reading: Reading
    case: Case
    narrative: Narrative
    json: str
    redacted: bool = False


def check_bundle_place(path: Path, captures: Sequence[Path], outputs: Sequence[Path]) -> None:
    """Raise InputError when no bundle can be written there in the end, UsageError when it is one of the other outputs
    or they are in it.
    """
    if any(output.resolve().is_relative_to(path.resolve()) for output in outputs):
        raise UsageError(f"{path} is the bundle, and other outputs have their places beside it: give each its own.")
    if is_archive(path):
        check_writable(path, None)
        for capture in captures:
            check_writable(path, capture)
        return
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise InputError(f"{path} is there already: name a new folder for the bundle, or FILE.zip.")
    check_writable(path.with_name(f"{path.name}.new"), None)


def write_evidence(
    evidence: Evidence, bundle: Path | None, attach: bool, write_documents: WriteDocuments, words: Words
) -> tuple[Claim, ...]:
    """Write the documents, with the JSON and the frames inside the PDF if ``attach``, and the bundle if one is wanted.

    Raises InputError when something cannot be written: then there is no bundle.
    """
    place = bundle.resolve().parent if bundle is not None and not is_archive(bundle) else None
    try:
        with private_folder(place) as temporary:
            folder = temporary / "bundle"
            folder.mkdir()
            _write_files(folder, evidence, words)
            attached, notes = _attached(folder) if attach else ((), ())
            pdf = folder / NAMES[Content.REPORT] if bundle is not None else None
            notes = (*notes, *write_documents(pdf, attached))
            if bundle is not None:
                _check_length(folder, bundle)
                (folder / MANIFEST).write_bytes(dump(_manifest(folder, evidence)))
                if is_archive(bundle):
                    pack(folder, bundle, evidence.narrative.generated_ns)
                else:
                    move(folder, bundle)
    except OSError as error:
        where = bundle or "The folder for temporary files (TMPDIR)"
        raise InputError(f"{where} cannot be written ({error.strerror}): choose a place with more room.") from error
    return notes


def _check_length(folder: Path, bundle: Path) -> None:
    if sum(path.stat().st_size for path in folder.iterdir()) > LONGEST:
        raise InputError(
            f"{bundle} would have more than {LONGEST >> 30} GiB: cut the capture around the incident with editcap."
        )


def _write_files(folder: Path, evidence: Evidence, words: Words) -> None:
    """All but the PDF and the manifest."""
    connection, letter = evidence.case.connection, evidence.narrative.letter
    with (folder / NAMES[Content.FRAMES]).open("wb") as file:
        findings = list(_findings_about(evidence))
        numbers = {frame.number for frame in connection.frames} | {finding.frame for finding in findings}
        comments = _with_origin(numbers, findings, evidence.reading, words)
        write_frames(file, evidence.tshark, evidence.reading, comments, words, numbers)
    texts = {
        Content.JSON: evidence.json,
        Content.PROBES: probes_csv(connection),
        Content.FINDINGS: findings_csv(findings),
        Content.LOG: f"{evidence.narrative.log_line}\n" if evidence.narrative.log_line else "",
        Content.LETTER: f"{letter_text(letter, words)}\n" if letter else "",
    }
    for content, text in texts.items():
        if text:
            (folder / NAMES[content]).write_text(text, encoding="utf-8", newline="")


def _findings_about(evidence: Evidence) -> Iterable[Finding]:
    """The findings on the connection, and the ICMP errors that quote it."""
    connection = evidence.case.connection
    refusals = (
        refusal
        for refusal in evidence.reading.span.refusals
        if refusal.segment_frame is not None and connection.frame(refusal.segment_frame) is not None
    )
    about = [*connection.findings, *refusals]
    return sorted({(f.frame, f.id, f.summary): f for f in about}.values(), key=lambda found: found.frame)


def _with_origin(
    numbers: Iterable[int], findings: Iterable[Finding], reading: Reading, words: Words
) -> dict[int, list[str]]:
    """The comments, each frame's first one its number and file, since other frames are left out."""
    told = comments_of(findings, partial(comment_on, words=words))
    files = reading.capture.files
    sentences = [_origin_sentence(Path(file.shown_path).name, words) for file in files]

    def origin(number: int) -> str:
        found = reading.origins.of(number) if len(files) > 1 else None
        place, inside = (found.file, found.number) if found is not None else (0, number)
        return str(inside).join(sentences[place])

    return {number: [origin(number), *told.get(number, ())] for number in numbers}


def _origin_sentence(file: str, words: Words) -> tuple[str, str]:
    """What is said of a frame of a file, before and behind its number; once for each file: it may have a million."""
    marker = next(number for number in count(10**9) if str(number) not in file)
    before, _, after = words.label("comment-origin", frame=FrameNumber(marker), file=file).partition(str(marker))
    return before, after


def _attached(folder: Path) -> tuple[Sequence[Path], tuple[Claim, ...]]:
    files = [folder / NAMES[content] for content in (Content.JSON, Content.FRAMES)]
    if sum(path.stat().st_size for path in files) > MOST_ATTACHED:
        return (), (claim("attach-too-big", most=MOST_ATTACHED // 1_000_000),)
    return files, ()


def _manifest(folder: Path, evidence: Evidence) -> Manifest:
    capture, connection = evidence.reading.capture, evidence.case.connection
    appendix = evidence.narrative.appendix
    contents = {name: content for content, name in NAMES.items()}
    return Manifest(
        format=FORMAT,
        generator=f"pyreport {__version__}",
        made_ns=evidence.narrative.generated_ns,
        redacted=evidence.redacted,
        capture=CaptureEntry(file=Path(capture.shown_path).name, bytes=capture.size, sha256=capture.sha256),
        connection=ConnectionEntry(a=str(connection.a), b=str(connection.b), stream=connection.stream),
        versions=dict(appendix.versions),
        commands=appendix.commands,
        files=tuple(entry_of(path, contents[path.name]) for path in sorted(folder.iterdir())),
    )
