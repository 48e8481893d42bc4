"""Redaction before all else: capture and log line are replaced, and all that is written is made of the new ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from ipaddress import ip_address
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pyreport.base.claim import Claim, claim
from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError, UsageError
from pyreport.base.units import format_clock, format_date
from pyreport.base.whole_file import is_stream
from pyreport.capture.engine import Engine
from pyreport.capture.file import Capture, checked, hold
from pyreport.capture.how_far import Watch
from pyreport.capture.limits import Limits
from pyreport.capture.packet_blocks import open_blocks
from pyreport.capture.pcapng_blocks import written
from pyreport.capture.sums import KnownSums
from pyreport.capture.tshark import Tshark
from pyreport.choice.choose import Wanted
from pyreport.cli.output import check_writable
from pyreport.connections.reading import Reading, read_capture
from pyreport.frames.finding import Finding
from pyreport.logs.logfile import Logged
from pyreport.redaction.capture import redacted_blocks
from pyreport.redaction.own_words import redacted_own
from pyreport.redaction.stand_ins import StandIns, load_stand_ins, new_stand_ins, save_stand_ins
from pyreport.redaction.text import redacted_error
from pyreport.render.look import Look

#: What the redacted capture and the log are called wherever a name is told.
CAPTURE_NAME, LOG_NAME = "redacted.pcapng", "redacted.log"
PAIR_NAMES = ("redacted-1.pcapng", "redacted-2.pcapng")


class Redaction(Struct, frozen=True):
    """What the user asked for: where the key is, or goes to, and whether ports are replaced, too."""

    key_file: Path
    with_ports: bool = False


def key_file_beside(output: Path) -> Path:
    """Where the key goes when the user does not say: beside what is written, and never in it."""
    if is_stream(output):
        return Path("pyreport.redaction-key.json")
    return output.with_name(f"{output.stem}.redaction-key.json")


def stand_ins_of(redaction: Redaction, captures: Sequence[Path], outputs: Sequence[Path]) -> StandIns:
    """The stand-ins: of the key file if it is there, else of a new key.

    Raises InputError when it cannot be used, UsageError when it would lie in what is written to be given away.
    """
    key = redaction.key_file.resolve()
    if any(key.is_relative_to(output.resolve()) for output in outputs):
        raise UsageError("The key of a redaction is not for others: name a file for it outside of what is written.")
    check_writable(redaction.key_file, None)
    for capture in captures:
        check_writable(redaction.key_file, capture)
    if redaction.key_file.exists():
        return load_stand_ins(redaction.key_file, redaction.with_ports)
    return new_stand_ins(redaction.with_ports)


def keep_key(redaction: Redaction, stand_ins: StandIns) -> None:
    """Write the key file. Raises InputError when it cannot be written."""
    try:
        save_stand_ins(stand_ins, redaction.key_file)
    except OSError as error:
        raise InputError(
            f"{redaction.key_file} cannot be written ({error.strerror}), so nothing maps back: name another with "
            "--redaction-key."
        ) from error


def redacted_capture(
    tshark: Tshark,
    capture: Capture,
    stand_ins: StandIns,
    watch: Watch,
    engine: Engine,
    name: str = CAPTURE_NAME,
) -> Reading:
    """The capture, redacted under a new name and read. Each of its findings was there before, and none is lost.

    Raises InputError when it cannot be redacted without a finding being lost, besides what reading it raises.
    """
    commands, warnings = list(tshark.commands), list(tshark.warnings)
    before = read_capture(tshark, capture, watch, engine)
    # What was said of the original names the file, and tshark's own words may.
    names = {file.shown_path for file in capture.files}
    is_cut = any(warning.id == "capture-cut-short" and warning.values["file"] in names for warning in tshark.warnings)
    tshark.commands[:] = [command for command in tshark.commands if command in commands]
    tshark.warnings[:] = [warning for warning in tshark.warnings if warning in warnings]
    digest = hashlib.sha256()
    try:
        path, file = tshark.sandbox.new_file(name)
        with open_blocks(tshark, capture) as blocks, file:
            for block in redacted_blocks(blocks, stand_ins, capture.shown_path):
                content = written(block)
                file.write(content)
                digest.update(content)
    except OSError as error:
        raise InputError(
            f"The redacted capture cannot be written ({error.strerror}): set TMPDIR to a folder with more room."
        ) from error
    try:
        sums = KnownSums(digest.hexdigest())
        redacted = Capture((checked(path, name, hold(path)),), name, sums, _limits(capture.limits, stand_ins))
        after = read_capture(tshark, redacted, watch, engine)
    except InputError as error:  # not one TCP header is left
        raise _lost(capture.shown_path) from error
    _check_same(before, after, capture.shown_path)
    if is_cut:
        tshark.warn(claim("capture-cut-short", file=name))
    stand_ins.captures[after.capture.sha256] = capture.sha256
    return after


def _limits(limits: Limits, stand_ins: StandIns) -> Limits:
    """The same part of the capture: all frames are there, at their times."""
    return limits if limits.host is None else replace(limits, host=ip_address(stand_ins.address_text(limits.host)))


def _check_same(before: Reading, after: Reading, shown_path: str) -> None:
    found, kept = _told(before), _told(after)
    if before.span.frames != after.span.frames or found != kept:
        raise _lost(shown_path, min((frame for frame, *_ in found ^ kept), default=0))


def _lost(shown_path: str, frame: int = 0) -> InputError:
    where = f" in frame {frame}" if frame else ""
    return InputError(
        f"{shown_path} cannot be redacted, since what is found{where} would change: TCP is carried in a way of which "
        "pyreport does not know where it has addresses. Leave out such frames, or leave out --redact."
    )


def _told(reading: Reading) -> set[tuple[int, str, int]]:
    findings: list[Finding] = [*reading.span.holes, *reading.span.refusals]
    for connection in reading.index.connections.values():
        findings += connection.findings
    return {(finding.frame, finding.id, int(finding.level)) for finding in findings}


def redacted_wanted(wanted: Wanted, stand_ins: StandIns) -> Wanted:
    """What the user named, with stand-ins; the stream and the time are as they were."""
    ends, path, errors = wanted.ends, wanted.log_file, wanted.errors
    return replace(
        wanted,
        log=redacted_error(wanted.log, stand_ins) if wanted.log is not None else None,
        ends=(_end(ends[0], stand_ins), _end(ends[1], stand_ins)) if ends is not None else None,
        log_file=Path(LOG_NAME) if path is not None else None,
        errors=lambda _: _redacted_log(errors(path), stand_ins) if path is not None else (),
    )


def _redacted_log(errors: Iterable[Logged], stand_ins: StandIns) -> Iterator[Logged]:
    return (replace(logged, error=redacted_error(logged.error, stand_ins)) for logged in errors)


def _end(end: Endpoint, stand_ins: StandIns) -> Endpoint:
    return Endpoint.of(stand_ins.address_text(ip_address(end.address)), stand_ins.port(end.port))


def redacted_command(command: str, wanted: Wanted, zone: tzinfo | None, captures: Sequence[Capture]) -> tuple[str, ...]:
    """The command line as it may be told, of captures that are redacted: what the user typed names files and hosts."""
    names = (capture.shown_path for capture in captures)
    words = ["pyreport", command, *names, "--redact"]
    if wanted.log is not None:
        words += ["--log", wanted.log.line]
    if wanted.log_file is not None:
        words += ["--log-file", LOG_NAME]
    if wanted.ends is not None:
        words += ["--connection", "->".join(wanted.ends)]
    if wanted.stream is not None:
        words += ["--stream", str(wanted.stream)]
    limits = captures[0].limits
    for option, time_ns in (("--from", limits.from_ns), ("--to", limits.to_ns)):
        if time_ns is not None:
            words += [option, f"{format_date(time_ns, zone or UTC)} {format_clock(time_ns, zone or UTC, 9)}"]
    if limits.host is not None:
        words += ["--host", str(limits.host)]
    return (*words, *(("--tz", str(zone)) if zone is not None else ()))


def redacted_look(look: Look, stand_ins: StandIns, captures: Sequence[Path], log_file: Path | None) -> Look:
    """What the user wrote of their own, with stand-ins for addresses and names, those of the files as well."""
    files = [*captures, *([log_file] if log_file is not None else [])]
    private = frozenset(name for path in files for name in (path.name, path.stem) if name)
    return replace(
        look,
        title=redacted_own(look.title, stand_ins, private),
        case=redacted_own(look.case, stand_ins, private, is_reference=True),
        company=redacted_own(look.company, stand_ins, private),
        note=redacted_own(look.note, stand_ins, private),
    )


def redaction_done(redaction: Redaction, stand_ins: StandIns) -> tuple[Claim, ...]:
    """What a redaction took away, and where the key is: for the terminal."""
    removed = stand_ins.removed
    return (
        claim(
            "redaction-removed",
            bytes=removed.payload_bytes,
            packets=removed.payload_frames,
            addresses=len(stand_ins.addresses),
            macs=len(stand_ins.macs),
            ports=len(stand_ins.ports),
            names=len(stand_ins.names),
            options=removed.options,
        ),
        claim("redaction-key", path=str(redaction.key_file)),
    )
