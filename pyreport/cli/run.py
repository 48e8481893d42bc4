"""From the options to the command."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace
from rich.console import Console

from pyreport.base.errors import UsageError
from pyreport.base.whole_file import STDOUT
from pyreport.capture.engine import Engine
from pyreport.capture.file import STDIN
from pyreport.cli.look import look_of
from pyreport.cli.part import asked_part
from pyreport.cli.request import Request
from pyreport.cli.terminal import Terminal
from pyreport.render.look import PLAIN
from pyreport.words.languages import chosen_language

if TYPE_CHECKING:
    from pyreport.cli.redact import Redaction


def run(options: Namespace, typed: list[str], stderr: Console) -> None:
    """Run the command that was asked for. Raises ReportError.

    What only one command needs is imported here, with it: the others need not wait for that.
    """
    command_line = ("pyreport", *typed)
    if options.command == "demo":
        from pyreport.cli.report import run_demo

        pdf = options.output or Path("pyreport-demo.pdf")
        run_demo(pdf, stderr, options.tshark, command_line, chosen_language(options.lang, os.environ))
    elif options.command == "scan":
        from pyreport.cli.scan import run_scan

        request = Request(
            tuple(options.capture),
            log_file=options.log_file,
            zone=zone_of(options.tz),
            log_zone=zone_of(options.log_tz),
            json=options.json,
            tsv=options.tsv,
            everything=options.all,
            tshark=options.tshark,
            engine=Engine(options.engine),
            asked_part=asked_part(options.from_time, options.to_time, options.host),
            command_line=command_line,
            language=chosen_language(options.lang, os.environ),
        )
        run_scan(request, Terminal(), stderr)
    elif options.command == "annotate":
        from pyreport.cli.annotate import run_annotate

        language = chosen_language(options.lang, os.environ)
        target = options.output or Path(f"{_stem(options)}.annotated.pcapng")
        engine = Engine(options.engine)
        run_annotate(options.capture, target, _redaction(options, [target]), options.tshark, engine, language, stderr)
    elif options.command == "verify":
        from pyreport.cli.verify import run_verify

        run_verify(options.bundle, Terminal(), chosen_language(options.lang, os.environ))
    elif options.command == "compare":
        from pyreport.cli.compare import CompareRequest, run_compare

        compared = CompareRequest(
            _request(options, command_line, ".compare.pdf"), options.second, options.server_stream
        )
        run_compare(compared, stderr)
    elif options.command == "open":
        from pyreport.cli.open import run_open

        run_open(replace(_request(options, command_line, ""), pdf=None), stderr)
    else:
        from pyreport.cli.report import run_report

        request = _request(options, command_line, ".report.pdf")
        run_report(request, stderr)
        if options.show and request.pdf is not None:
            from pyreport.desk.show import show_file

            show_file(request.pdf, os.environ)


def _request(options: Namespace, command_line: tuple[str, ...], ending: str) -> Request:
    _check_choice(options)
    pdf = getattr(options, "output", None) or _default_pdf(options, ending)
    written = (pdf, *(getattr(options, name, None) for name in ("bundle", "html", "json", "summary")))
    return Request(
        captures=tuple(options.capture),
        log_line=options.log,
        log_file=options.log_file,
        at=options.at,
        addresses=options.connection,
        stream=options.stream,
        candidate=getattr(options, "candidate", None),
        zone=zone_of(options.tz),
        log_zone=zone_of(options.log_tz),
        pdf=pdf,
        json=getattr(options, "json", None),
        html=getattr(options, "html", None),
        summary=getattr(options, "summary", None),
        bundle=getattr(options, "bundle", None),
        attach=getattr(options, "attach", False),
        redaction=_redaction(options, [path for path in written if path is not None]),
        look=look_of(options) if hasattr(options, "paper") else PLAIN,
        tshark=options.tshark,
        engine=Engine(options.engine),
        asked_part=asked_part(options.from_time, options.to_time, options.host),
        command_line=command_line,
        language=chosen_language(options.lang, os.environ),
    )


def _check_choice(options: Namespace) -> None:
    """What argparse cannot say: which options go together."""
    if options.at is not None and options.log_file is None:
        raise UsageError("--at picks a line of a log file: give --log-file FILE with it.")
    if (
        getattr(options, "attach", False)
        and (options.output, options.bundle) == (None, None)
        and _asks_for_others(options)
    ):
        raise UsageError("--attach puts files into the PDF: give -o FILE.pdf or --bundle with it.")
    if getattr(options, "output", None) == STDOUT and sys.stdout.isatty():
        raise UsageError("A PDF cannot be shown in a terminal: send it into a file or a pipe, or name one with -o.")
    if getattr(options, "candidate", None) is not None and options.log is None and options.at is None:
        raise UsageError("--candidate picks one of the connections that a log line fits: give --log LINE with it.")
    if options.connection is not None and options.stream is not None:
        raise UsageError("--connection and --stream both name the connection: give one of them.")


def _asks_for_others(options: Namespace) -> bool:
    return any(getattr(options, other, None) is not None for other in ("json", "html", "summary", "bundle"))


def _default_pdf(options: Namespace, ending: str) -> Path | None:
    """Beside nothing: in the current folder, named like the capture; none when only other outputs were asked for."""
    if _asks_for_others(options):
        return None
    return Path(f"{_stem(options)}{ending}")


def _stem(options: Namespace) -> str:
    """What a file is named after: the capture, unless its name has to stay private."""
    if getattr(options, "redact", False):
        return "redacted"
    first = options.capture[0]
    return "capture" if first == STDIN else Path(first).resolve().stem or "capture"


def _redaction(options: Namespace, written: Sequence[Path]) -> Redaction | None:
    """What was asked for of redaction; the key goes beside the first file that is written."""
    if getattr(options, "redact", False):
        from pyreport.cli.redact import Redaction, key_file_beside

        return Redaction(options.redaction_key or key_file_beside(written[0]), options.redact_ports)
    if getattr(options, "redact_ports", False) or getattr(options, "redaction_key", None) is not None:
        raise UsageError("--redact-ports and --redaction-key are about --redact: give it with them.")
    return None


def zone_of(name: str | None) -> tzinfo | None:
    """The time zone of a name. Raises UsageError when there is none."""
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"There is no time zone '{name}': give a name such as Asia/Shanghai, Europe/Berlin or UTC."
        ) from None
