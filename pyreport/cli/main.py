"""The command line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.console import Console

from pyreport import __version__
from pyreport.base.errors import ReportError, UsageError
from pyreport.cli.commands import Request, run_demo, run_report, run_scan
from pyreport.cli.compare import CompareRequest, run_compare

DESCRIPTION = """\
Tells why a TCP connection broke, with proof: reads a packet capture with
Wireshark's tshark and writes a PDF report that cites the frames.

  pyreport scan kafka.pcap
      lists the connections that have something to say
  pyreport report kafka.pcap
      writes the report of the worst one
  pyreport report kafka.pcap --log \\
      'write tcp 10.0.0.1:38742->10.0.0.2:9092: write: broken pipe'
      writes the report of the one that the application's log names
  pyreport compare client.pcap server.pcap
      says where on the way between two captures it happened
  pyreport demo
      writes a report to look at, of a capture that comes along
"""

EPILOG = """\
exit status: 0 done, 1 the input cannot be used, 2 wrong usage,
3 tshark or the plugin is missing or failed
"""


class Stdout(Console):
    """Leaves it to ``main`` what happens when the reader of our output has gone (pyreport scan ... | head)."""

    def on_broken_pipe(self) -> None:
        """Called by rich, which would end the program with exit status 1."""
        raise BrokenPipeError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    options = _parser().parse_args(typed)
    stderr = Console(stderr=True, soft_wrap=True)
    try:
        _run(options, typed, stderr)
    except ReportError as error:
        stderr.print(f"pyreport: {error}", markup=False, highlight=False, style=None)
        return error.exit_status
    except KeyboardInterrupt:
        stderr.print("pyreport: stopped; nothing was written.", markup=False, highlight=False)
        return 130
    except BrokenPipeError:
        # Not our trouble, and not worth a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 0


def _run(options: argparse.Namespace, typed: list[str], stderr: Console) -> None:
    command_line = ("pyreport", *typed)
    if options.command == "demo":
        run_demo(options.output or Path("pyreport-demo.pdf"), stderr, options.tshark, command_line)
    elif options.command == "scan":
        request = Request(
            options.capture,
            log_file=options.log_file,
            zone=_zone(options.tz),
            log_zone=_zone(options.log_tz),
            json=options.json,
            tshark=options.tshark,
            command_line=command_line,
        )
        run_scan(request, Stdout(), stderr)
    elif options.command == "compare":
        compared = CompareRequest(
            _request(options, command_line, ".compare.pdf"), options.second, options.server_stream
        )
        run_compare(compared, stderr)
    else:
        run_report(_request(options, command_line, ".report.pdf"), stderr)


def _request(options: argparse.Namespace, command_line: tuple[str, ...], ending: str) -> Request:
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
        tshark=options.tshark,
        command_line=command_line,
    )


def _check_choice(options: argparse.Namespace) -> None:
    """What argparse cannot say: which options go together."""
    if options.at is not None and options.log_file is None:
        raise UsageError("--at picks a line of a log file: give --log-file FILE with it.")
    if options.connection is not None and options.stream is not None:
        raise UsageError("--connection and --stream both name the connection: give one of them.")


def _default_pdf(options: argparse.Namespace, ending: str) -> Path | None:
    """Beside nothing: in the current folder, named like the capture; none when only other outputs were asked for."""
    if options.json is not None or options.html is not None:
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "pyreport", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"pyreport {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_report(commands)
    _add_scan(commands)
    _add_compare(commands)
    _add_demo(commands)
    return parser


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser(
        "report",
        help="write the report of one connection",
        description="Writes the report of one connection: the one that --log, --log-file, --connection or --stream "
        "names, else the worst of the capture. --log and --log-file understand the logs of Kafka clients and brokers, "
        "Go, Java, Python, Node.js, nginx, HAProxy, PostgreSQL, MySQL and Redis.",
        epilog=EPILOG,
    )
    report.add_argument("capture", metavar="CAPTURE", help="a pcap or pcapng file")
    _add_choice(report)
    report.add_argument(
        "-o",
        "--output",
        metavar="FILE.pdf",
        type=Path,
        help="default: CAPTURE's name with .report.pdf, here; none with --json or --html alone",
    )
    report.add_argument("--json", metavar="FILE", type=Path, help="the findings for programs (report.schema.json)")
    report.add_argument("--html", metavar="FILE", type=Path, help="the report as one web page")
    _add_zones(report)
    _add_tshark(report)


def _add_choice(parser: argparse.ArgumentParser) -> None:
    """The options that name the connection."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--log", metavar="LINE", help="the application's error line, as it stands in the log (quote it)")
    which.add_argument("--log-file", metavar="FILE", type=Path, help="the whole log: its worst error, or, with --at,")
    which.add_argument("--connection", metavar="'A:P->B:P'", help="the two ends, the one that had the trouble first")
    parser.add_argument("--at", metavar="TIME", help="the error nearest to this time ('2022-09-30 00:08:53', 00:08)")
    parser.add_argument(
        "--stream", metavar="N", type=_stream, help="Wireshark's tcp.stream number; beside --log: the line is about it"
    )


def _add_scan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    scan = commands.add_parser(
        "scan",
        help="list the connections that have something to say",
        description="Lists the connections of a capture that have something to say, the worst first; with a log file, "
        "the errors of the log with the connection that each is about.",
        epilog=EPILOG,
    )
    scan.add_argument("capture", metavar="CAPTURE", help="a pcap or pcapng file")
    scan.add_argument("--log-file", metavar="FILE", type=Path, help="the application's log: list its errors")
    scan.add_argument("--json", metavar="FILE", type=Path, help="all connections for programs (report.schema.json)")
    _add_zones(scan)
    _add_tshark(scan)


def _add_compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    compare = commands.add_parser(
        "compare",
        help="say where on the way it happened, by captures of both ends",
        description="Lines up one connection in the captures of its two ends, and says of each packet that matters "
        "whether it was sent, arrived, was lost on the way or was made there. The connection is the one that --log, "
        "--log-file, --connection or --stream names, in either capture, else the worst one that is in both.",
        epilog=EPILOG,
    )
    compare.add_argument("capture", metavar="CLIENT", help="the capture of one end, a pcap or pcapng file")
    compare.add_argument("second", metavar="SERVER", help="that of the other end; in either order")
    _add_choice(compare)
    compare.add_argument(
        "--server-stream", metavar="N", type=_stream, help="the tcp.stream in SERVER (--stream is that in CLIENT)"
    )
    compare.add_argument(
        "-o",
        "--output",
        metavar="FILE.pdf",
        type=Path,
        help="default: CLIENT's name with .compare.pdf, here; none with --json or --html alone",
    )
    compare.add_argument("--json", metavar="FILE", type=Path, help="the same for programs (report.schema.json)")
    compare.add_argument("--html", metavar="FILE", type=Path, help="the same as one web page")
    _add_zones(compare)
    _add_tshark(compare)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="write the report of a capture that comes along",
        description="Writes the report of the capture that comes with pyreport: a Kafka client's 'write: broken pipe'.",
        epilog=EPILOG,
    )
    demo.add_argument("-o", "--output", metavar="FILE.pdf", type=Path, help="default: pyreport-demo.pdf, here")
    _add_tshark(demo)


def _add_zones(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tz", metavar="ZONE", help="time zone to show times in, such as Asia/Shanghai")
    parser.add_argument(
        "--log-tz", metavar="ZONE", help="time zone of the log's clock (default: the line's own, --tz, else inferred)"
    )


def _add_tshark(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tshark", metavar="PROGRAM", help="tshark to use (default: PYREPORT_TSHARK, else from PATH)")


def _stream(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a stream number")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
