"""From the options to the command."""

from __future__ import annotations

import os
from argparse import Namespace
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.console import Console

from pyreport.base.errors import UsageError
from pyreport.capture.engine import Engine
from pyreport.cli.commands import Request, run_demo, run_report, run_scan
from pyreport.cli.compare import CompareRequest, run_compare
from pyreport.cli.look import look_of
from pyreport.cli.terminal import Terminal
from pyreport.words.languages import chosen_language


def run(options: Namespace, typed: list[str], stderr: Console) -> None:
    """Run the command that was asked for. Raises ReportError."""
    command_line = ("pyreport", *typed)
    if options.command == "demo":
        pdf = options.output or Path("pyreport-demo.pdf")
        run_demo(pdf, stderr, options.tshark, command_line, chosen_language(options.lang, os.environ))
    elif options.command == "scan":
        request = Request(
            options.capture,
            log_file=options.log_file,
            zone=_zone(options.tz),
            log_zone=_zone(options.log_tz),
            json=options.json,
            everything=options.all,
            tshark=options.tshark,
            engine=Engine(options.engine),
            command_line=command_line,
            language=chosen_language(options.lang, os.environ),
        )
        run_scan(request, Terminal(), stderr)
    elif options.command == "compare":
        compared = CompareRequest(
            _request(options, command_line, ".compare.pdf"), options.second, options.server_stream
        )
        run_compare(compared, stderr)
    else:
        run_report(_request(options, command_line, ".report.pdf"), stderr)


def _request(options: Namespace, command_line: tuple[str, ...], ending: str) -> Request:
    _check_choice(options)
    return Request(
        capture=options.capture,
        log_line=options.log,
        log_file=options.log_file,
        at=options.at,
        addresses=options.connection,
        stream=options.stream,
        zone=_zone(options.tz),
        log_zone=_zone(options.log_tz),
        pdf=options.output or _default_pdf(options, ending),
        json=options.json,
        html=options.html,
        summary=getattr(options, "summary", None),
        look=look_of(options),
        tshark=options.tshark,
        engine=Engine(options.engine),
        command_line=command_line,
        language=chosen_language(options.lang, os.environ),
    )


def _check_choice(options: Namespace) -> None:
    """What argparse cannot say: which options go together."""
    if options.at is not None and options.log_file is None:
        raise UsageError("--at picks a line of a log file: give --log-file FILE with it.")
    if options.connection is not None and options.stream is not None:
        raise UsageError("--connection and --stream both name the connection: give one of them.")


def _default_pdf(options: Namespace, ending: str) -> Path | None:
    """Beside nothing: in the current folder, named like the capture; none when only other outputs were asked for."""
    if any(getattr(options, other, None) is not None for other in ("json", "html", "summary")):
        return None
    return Path(f"{Path(options.capture).stem or 'capture'}{ending}")


def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"There is no time zone '{name}': give a name such as Asia/Shanghai, Europe/Berlin or UTC."
        ) from None
