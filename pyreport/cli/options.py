"""Options that several commands have, each with its help. Nothing else is imported here: --help must come at once."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_choice(parser: argparse.ArgumentParser) -> None:
    """The options that name the connection."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--log", metavar="LINE", help="the application's error line, as it stands in the log (quote it)")
    which.add_argument("--log-file", metavar="FILE", type=Path, help="the whole log; of its errors, the worst")
    which.add_argument("--connection", metavar="'A:P->B:P'", help="the two ends, the one that had the trouble first")
    parser.add_argument(
        "--at", metavar="TIME", help="of the log's errors, the one nearest to this time ('2022-09-30 00:08:53', 00:08)"
    )
    parser.add_argument(
        "--stream", metavar="N", type=stream, help="Wireshark's tcp.stream number; beside --log: the line is about it"
    )


def add_captures(parser: argparse.ArgumentParser) -> None:
    """The captures to read."""
    parser.add_argument(
        "capture",
        metavar="CAPTURE",
        nargs="+",
        help="pcap or pcapng files, folders of such files (a ring buffer), or - for standard input; several are read "
        "as one capture, in order of time",
    )


def add_json(parser: argparse.ArgumentParser, what: str) -> None:
    """``--json``; `what` says what is written."""
    parser.add_argument(
        "--json", metavar="FILE", type=Path, help=f"{what} for programs (report.schema.json); -: to stdout"
    )


def add_output(parser: argparse.ArgumentParser, default: str) -> None:
    """``-o``; `default` says where the PDF goes without it."""
    parser.add_argument("-o", "--output", metavar="FILE.pdf", type=Path, help=f"{default}; -: to stdout")


def add_part(parser: argparse.ArgumentParser) -> None:
    """The options that limit what is judged."""
    parser.add_argument(
        "--from",
        metavar="TIME",
        dest="from_time",
        help="judge nothing before this time: 2022-09-30 00:08:53 or 00:08:53, in the zone of --tz, else UTC. A time "
        "without a date is the first one after the capture's beginning; with --to, the last one before that",
    )
    parser.add_argument("--to", metavar="TIME", dest="to_time", help="judge nothing after this time")
    parser.add_argument("--host", metavar="ADDRESS", help="judge only what goes from and to this IP address")


def add_how(parser: argparse.ArgumentParser) -> None:
    """The options of each command that reads a capture which the user gives."""
    add_part(parser)
    add_language(parser)
    add_zones(parser)
    add_engine(parser)
    add_tshark(parser)


def add_redact(parser: argparse.ArgumentParser) -> None:
    """The options that leave out what is private."""
    parser.add_argument(
        "--redact",
        action="store_true",
        help="write nothing private: no payload, stand-ins for IP and hardware addresses (with common prefixes kept), "
        "for all words of the log line but those that tell the error, and for names and addresses in --title, --case, "
        "--company and --note; what is found stays the same",
    )
    parser.add_argument("--redact-ports", action="store_true", help="with --redact: stand-ins for ports, too")
    parser.add_argument(
        "--redaction-key",
        metavar="FILE",
        type=Path,
        help="with --redact: the key and what maps back, of mode 600; if it is there, its stand-ins are used again "
        "(default: beside what is written, with .redaction-key.json)",
    )


def add_look(parser: argparse.ArgumentParser) -> None:
    """The options for the look of the pages."""
    look = parser.add_argument_group("look of the pages")
    look.add_argument("--paper", choices=("a4", "letter"), default="a4", help="the size of a page (default: a4)")
    look.add_argument("--title", metavar="TEXT", help="instead of the report's own title")
    look.add_argument("--case", metavar="TEXT", help="a case number or name, for the head of each page")
    look.add_argument("--company", metavar="TEXT", help="who gives the report out")
    look.add_argument("--logo", metavar="FILE", type=Path, help="a picture for the first page: PNG, JPEG, GIF or WebP")
    look.add_argument("--note", metavar="TEXT", help="a note of yours, told apart from what the report finds")


def add_language(parser: argparse.ArgumentParser) -> None:
    """``--lang``."""
    parser.add_argument(
        "--lang",
        metavar="LANGUAGE",
        help="the language of what is written, such as zh for Chinese (default: LC_ALL, LC_MESSAGES or LANG, else en)",
    )


def add_zones(parser: argparse.ArgumentParser) -> None:
    """The zones of the times shown and of the log."""
    parser.add_argument("--tz", metavar="ZONE", help="time zone to show times in, such as Asia/Shanghai")
    parser.add_argument(
        "--log-tz", metavar="ZONE", help="time zone of the log's clock (default: the line's own, --tz, else inferred)"
    )


def add_engine(parser: argparse.ArgumentParser) -> None:
    """``--engine``."""
    parser.add_argument(
        "--engine",
        choices=("auto", "fast", "tshark"),
        default="auto",
        help="which program reads the frames: tshark, or the fast reader, which finds the same in plain frames "
        "(default: auto, the fast one where it can, and tshark for the connections with other frames)",
    )


def add_tshark(parser: argparse.ArgumentParser) -> None:
    """``--tshark``."""
    parser.add_argument("--tshark", metavar="PROGRAM", help="tshark to use (default: PYREPORT_TSHARK, else from PATH)")


def rank(text: str) -> int:
    """A number from 1 on. Raises ArgumentTypeError, which argparse tells."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number from 1 on")
    return int(text)


def stream(text: str) -> int:
    """A stream number. Raises ArgumentTypeError, which argparse tells."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a stream number")
    return int(text)
