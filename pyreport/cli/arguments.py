"""The command line's arguments and its help. Nothing else is imported here: --help must come at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from pyreport import __version__

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
  pyreport log --file app.log
      says what the log's errors prove, without a capture
  pyreport compare client.pcap server.pcap
      says where on the way between two captures it happened
  pyreport demo
      writes a report to look at, of a capture that comes along
"""

EPILOG = """\
exit status: 0 done, 1 the input cannot be used, 2 wrong usage,
3 tshark or the plugin is missing or failed
"""


def parse(typed: Sequence[str]) -> argparse.Namespace:
    """The options. Ends the program on --help, --version and wrong usage."""
    return _parser().parse_args(typed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "pyreport", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"pyreport {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_report(commands)
    _add_scan(commands)
    _add_compare(commands)
    _add_log(commands)
    _add_demo(commands)
    return parser


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser(
        "report",
        help="write the report of one connection",
        description="Writes the report of one connection: the one that --log, --log-file, --connection or --stream "
        "names, else the worst of the capture. --log and --log-file understand the logs of servers, "
        "proxies and libraries (see pyreport log).",
        epilog=EPILOG,
    )
    report.add_argument("capture", metavar="CAPTURE", help="a pcap or pcapng file")
    _add_choice(report)
    _add_output(report, "default: CAPTURE's name with .report.pdf, here; none with --json, --html or --summary alone")
    report.add_argument("--json", metavar="FILE", type=Path, help="the findings for programs (report.schema.json)")
    report.add_argument("--html", metavar="FILE", type=Path, help="the report as one web page")
    report.add_argument(
        "--summary", metavar="FILE", type=Path, help="the report in short, for a ticket: Markdown, or text (FILE.txt)"
    )
    _add_look(report)
    _add_how(report)


def _add_choice(parser: argparse.ArgumentParser) -> None:
    """The options that name the connection."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--log", metavar="LINE", help="the application's error line, as it stands in the log (quote it)")
    which.add_argument("--log-file", metavar="FILE", type=Path, help="the whole log; of its errors, the worst")
    which.add_argument("--connection", metavar="'A:P->B:P'", help="the two ends, the one that had the trouble first")
    parser.add_argument(
        "--at", metavar="TIME", help="of the log's errors, the one nearest to this time ('2022-09-30 00:08:53', 00:08)"
    )
    parser.add_argument(
        "--stream", metavar="N", type=_stream, help="Wireshark's tcp.stream number; beside --log: the line is about it"
    )


def _add_scan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    scan = commands.add_parser(
        "scan",
        help="list what happened in a capture",
        description="Lists what happened to the connections of a capture, the worst first, and once what happened to "
        "many; with a log file, the errors of the log with the connection that each is about.",
        epilog=EPILOG,
    )
    scan.add_argument("capture", metavar="CAPTURE", help="a pcap or pcapng file")
    scan.add_argument("--all", action="store_true", help="every event, each with its connections")
    scan.add_argument("--log-file", metavar="FILE", type=Path, help="the application's log: list its errors")
    scan.add_argument("--json", metavar="FILE", type=Path, help="all connections for programs (report.schema.json)")
    _add_how(scan)


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
    _add_output(compare, "default: CLIENT's name with .compare.pdf, here; none with --json or --html alone")
    compare.add_argument("--json", metavar="FILE", type=Path, help="the same for programs (report.schema.json)")
    compare.add_argument("--html", metavar="FILE", type=Path, help="the same as one web page")
    _add_look(compare)
    _add_how(compare)


def _add_log(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    log = commands.add_parser(
        "log",
        help="say what is understood of a log, without a capture",
        description="Says what is understood of a line of a log, or of each error of a file: the time and its zone, "
        "the two ends, which of them logs, the error and what it proves, and what the line lacks. Any record is read "
        "that has the words of a system or a library for a connection that broke: databases, brokers, proxies, clients "
        "of HTTP, gRPC, Redis, Kafka, SSH, in Go, Java, .NET, Node.js, PHP, Python, Ruby and Rust. What --log and "
        "--log-file of the other commands read is the same.",
        epilog=EPILOG,
    )
    log.add_argument("line", metavar="LINE", nargs="?", help="a line of the log, or a record of several (quote it)")
    log.add_argument(
        "--file", metavar="FILE", type=Path, help="a whole log, plain or compressed (gzip, zstd, bzip2, xz); -: stdin"
    )
    log.add_argument("--json", metavar="FILE", type=Path, help="the same for programs, a list; -: to stdout")
    _add_language(log)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="write the report of a capture that comes along",
        description="Writes the report of the capture that comes with pyreport: a Kafka client's 'write: broken pipe'.",
        epilog=EPILOG,
    )
    _add_output(demo, "default: pyreport-demo.pdf, here")
    _add_language(demo)
    _add_tshark(demo)


def _add_output(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("-o", "--output", metavar="FILE.pdf", type=Path, help=default)


def _add_look(parser: argparse.ArgumentParser) -> None:
    """The options for the look of the pages."""
    look = parser.add_argument_group("look of the pages")
    look.add_argument("--paper", choices=("a4", "letter"), default="a4", help="the size of a page (default: a4)")
    look.add_argument("--title", metavar="TEXT", help="instead of the report's own title")
    look.add_argument("--case", metavar="TEXT", help="a case number or name, for the head of each page")
    look.add_argument("--company", metavar="TEXT", help="who gives the report out")
    look.add_argument("--logo", metavar="FILE", type=Path, help="a picture for the first page: PNG, JPEG, GIF or WebP")
    look.add_argument("--note", metavar="TEXT", help="a note of yours, told apart from what the report finds")


def _add_how(parser: argparse.ArgumentParser) -> None:
    """The options of each command that reads a capture which the user gives."""
    _add_language(parser)
    _add_zones(parser)
    _add_engine(parser)
    _add_tshark(parser)


def _add_language(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lang",
        metavar="LANGUAGE",
        help="the language of what is written, such as zh for Chinese (default: LC_ALL, LC_MESSAGES or LANG, else en)",
    )


def _add_zones(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tz", metavar="ZONE", help="time zone to show times in, such as Asia/Shanghai")
    parser.add_argument(
        "--log-tz", metavar="ZONE", help="time zone of the log's clock (default: the line's own, --tz, else inferred)"
    )


def _add_engine(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine",
        choices=("auto", "fast", "tshark"),
        default="auto",
        help="which program reads the frames: tshark, or the fast reader, which finds the same in plain captures "
        "(default: auto, the fast one where it can)",
    )


def _add_tshark(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tshark", metavar="PROGRAM", help="tshark to use (default: PYREPORT_TSHARK, else from PATH)")


def _stream(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a stream number")
    return int(text)
