"""The command line's arguments and its help; what several have is in options.py. Next to nothing is imported
here: --help must come at once.
"""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from pyreport import __version__
from pyreport.cli.options import (
    add_captures,
    add_choice,
    add_engine,
    add_how,
    add_json,
    add_language,
    add_look,
    add_output,
    add_redact,
    add_tshark,
    add_zones,
    rank,
    stream,
)
from pyreport.cli.watch_arguments import add_watch
from pyreport.render.clean import printable

# What a capture needs beside itself.
DISK = """\
disk: standard input is kept in TMPDIR while pyreport runs. Where tshark has to
read the whole capture (the report says by which program it was read), it needs
a copy there of one that only root may read, and one file of several files, up
to 1.35 times as large as they are. The fast reader needs neither. An excerpt of
what tshark reads beside it has half of the capture's frames at most.

"""

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
  ssh HOST tcpdump -U -w - | pyreport scan -
      captures until Ctrl-C, and lists what happened
  pyreport compare client.pcap server.pcap
      says where on the way between two captures it happened
  pyreport watch -i eth0 --port 9092 --log-file app.log --dir DIR
      captures, follows the log, and writes a report of each error
  pyreport annotate kafka.pcap
      writes the findings as packet comments, for Wireshark without the plugin
  pyreport demo
      writes a report to look at, of a capture that comes along
  pyreport install
      puts the plugin and the profile into your Wireshark
  pyreport open kafka.pcap
      opens it in Wireshark, at the frame that matters
"""

EPILOG = """\
exit status: 0 done, 1 the input cannot be used, 2 wrong usage,
3 tshark or the plugin is missing or failed, 4 a bundle was changed
"""


def parse(typed: Sequence[str]) -> argparse.Namespace:
    """The options. Ends the program on --help, --version and wrong usage."""
    return make_parser().parse_args(typed)


class _Parser(argparse.ArgumentParser):
    """What was typed, or stands for a "*" in the shell, is told as text: a name may hold orders to the terminal."""

    def error(self, message: str) -> NoReturn:
        """As argparse does it."""
        super().error(printable(message).replace("\n", r"\n"))


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser: argparse.ArgumentParser = _Parser(
        "pyreport", description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"pyreport {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_report(commands)
    _add_scan(commands)
    _add_compare(commands)
    _add_annotate(commands)
    _add_verify(commands)
    _add_log(commands)
    _add_watch(commands)
    _add_demo(commands)
    _add_install(commands)
    _add_uninstall(commands)
    _add_doctor(commands)
    _add_open(commands)
    _add_completion(commands)
    return parser


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    report = commands.add_parser(
        "report",
        help="write the report of one connection",
        description=_wrapped(
            "Writes the report of one connection: the one that --log, --log-file, --connection or --stream "
            "names, else the worst of the capture. --log and --log-file understand the logs of servers, "
            "proxies and libraries (see pyreport log)."
        ),
        epilog=DISK + EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_captures(report)
    add_choice(report)
    report.add_argument(
        "--candidate",
        metavar="N",
        type=rank,
        help="where --log fits several connections: take number N in time, and say so (default: refuse)",
    )
    add_output(report, "default: CAPTURE's name with .report.pdf, here; none with another output alone")
    add_json(report, "the findings")
    report.add_argument("--html", metavar="FILE", type=Path, help="the report as one web page")
    report.add_argument(
        "--summary", metavar="FILE", type=Path, help="the report in short, for a ticket: Markdown, or text (FILE.txt)"
    )
    report.add_argument(
        "--bundle",
        metavar="FILE.zip",
        type=Path,
        help="all that proves the report in one archive (or in a new folder): PDF, JSON, the connection's frames with "
        "the findings as comments, tables, log line, letter, and a manifest with hashes (see pyreport verify)",
    )
    report.add_argument("--attach", action="store_true", help="put the JSON and the frames inside the PDF")
    add_redact(report)
    report.add_argument(
        "--show", action="store_true", help="open the PDF when it is written; an error is shown in a window, too"
    )
    add_look(report)
    add_how(report)


def _add_scan(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    scan = commands.add_parser(
        "scan",
        help="list what happened in a capture",
        description=_wrapped(
            "Lists what happened to the connections of a capture, the worst first, and once what happened to "
            "many; with a log file, the errors of the log with the connection that each is about."
        ),
        epilog=DISK + EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_captures(scan)
    scan.add_argument("--all", action="store_true", help="every event, each with its connections")
    scan.add_argument("--log-file", metavar="FILE", type=Path, help="the application's log: list its errors")
    add_json(scan, "all connections")
    scan.add_argument(
        "--tsv", metavar="FILE", type=Path, help="the events for scripts, a line each, parted by tabs; -: to stdout"
    )
    add_how(scan)


def _add_compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    compare = commands.add_parser(
        "compare",
        help="say where on the way it happened, by captures of both ends",
        description=_wrapped(
            "Lines up one connection in the captures of its two ends, and says of each packet that matters "
            "whether it was sent, arrived, was lost on the way or was made there. The connection is the one that "
            "--log, --log-file, --connection or --stream names, in either capture, else the worst one that is in both."
        ),
        epilog=DISK + EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    compare.add_argument(
        "capture", metavar="CLIENT", nargs=1, help="the capture of one end: a file, a folder of files, or -"
    )
    compare.add_argument("second", metavar="SERVER", help="that of the other end; in either order")
    add_choice(compare)
    compare.add_argument(
        "--server-stream", metavar="N", type=stream, help="the tcp.stream in SERVER (--stream is that in CLIENT)"
    )
    add_output(compare, "default: CLIENT's name with .compare.pdf, here; none with --json or --html alone")
    add_json(compare, "the same")
    compare.add_argument("--html", metavar="FILE", type=Path, help="the same as one web page")
    add_redact(compare)
    add_look(compare)
    add_how(compare)


def _add_annotate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    annotate = commands.add_parser(
        "annotate",
        help="write the capture with the findings as comments on its packets",
        description="Writes the capture as pcapng with a comment on each frame for each finding, which any Wireshark "
        "shows without the plugin. All else stays as it is: interfaces, time stamps, drop counters, comments.",
        epilog=EPILOG,
    )
    annotate.add_argument("capture", metavar="CAPTURE", help="a pcap or pcapng file")
    annotate.add_argument(
        "-o",
        "--output",
        metavar="FILE.pcapng",
        type=Path,
        help="default: CAPTURE's name with .annotated.pcapng, here",
    )
    add_redact(annotate)
    add_language(annotate)
    add_engine(annotate)
    add_tshark(annotate)


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser(
        "verify",
        help="say whether a bundle is as it was made",
        description="Holds each file of a bundle against its manifest, and says which were changed, are missing or "
        "were added: exit status 0 when none was, else 4. A manifest can be changed, too: ask whoever made the bundle "
        "for the SHA-256 of theirs, and compare it with the one that is printed.",
        epilog=EPILOG,
    )
    verify.add_argument(
        "bundle", metavar="BUNDLE", type=Path, help="what report --bundle wrote, an archive or a folder"
    )
    add_language(verify)


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
    add_language(log)


def _add_watch(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    watch = add_watch(commands, EPILOG)
    add_language(watch)
    add_zones(watch)
    add_tshark(watch)


def _add_demo(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    demo = commands.add_parser(
        "demo",
        help="write the report of a capture that comes along",
        description="Writes the report of the capture that comes with pyreport: a Kafka client's 'write: broken pipe'.",
        epilog=EPILOG,
    )
    add_output(demo, "default: pyreport-demo.pdf, here")
    add_language(demo)
    add_tshark(demo)


def _wrapped(text: str) -> str:
    """Text in lines, for a formatter that breaks none."""
    return textwrap.fill(text, 78)


def _add_install(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    install = commands.add_parser(
        "install",
        help="put the plugin and the profile into your Wireshark, or update them",
        description="Puts the plugin and the profile Keepalive into the folders that your tshark names, or updates "
        "them. Only files that this command wrote are replaced; a profile that you changed is kept, and the new one is "
        "put beside it.",
        epilog=EPILOG,
    )
    _add_desk(install)


def _add_uninstall(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    uninstall = commands.add_parser(
        "uninstall",
        help="remove what install put there, and nothing else",
        description="Removes what pyreport install put into the folders of your Wireshark. What you changed is kept.",
        epilog=EPILOG,
    )
    _add_desk(uninstall)


def _add_desk(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dry-run", action="store_true", help="only print what would be done")
    parser.add_argument("--system", action="store_true", help="for all users (with sudo), not only for you")
    add_language(parser)
    add_tshark(parser)


def _add_doctor(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    doctor = commands.add_parser(
        "doctor",
        help="check the plugin, the profile and pyreport, and say how to cure what is wrong",
        description="Says what is installed where and which version runs, runs the plugin on a capture with known "
        "answers in your own tshark, and says of each trouble how it is cured.",
        epilog="exit status: 0 the plugin and pyreport work (there may be notes), 3 one of them does not",
    )
    add_language(doctor)
    add_tshark(doctor)


def _add_open(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "open",
        help="open a capture in Wireshark at the frame that matters",
        description="Starts Wireshark with the profile Keepalive, shows one connection and goes to its decisive frame: "
        "the connection that --log, --log-file, --connection or --stream names, else the worst of the capture. Without "
        "a display, or without Wireshark, it prints the command.",
        epilog=EPILOG,
    )
    parser.add_argument("capture", metavar="CAPTURE", nargs=1, help="a pcap or pcapng file")
    add_choice(parser)
    add_how(parser)


def _add_completion(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    completion = commands.add_parser(
        "completion",
        help="print the completion of commands and options for your shell",
        description="Prints a script that teaches your shell the commands and options of pyreport. For bash: "
        "pyreport completion bash > ~/.local/share/bash-completion/completions/pyreport",
        epilog=EPILOG,
    )
    completion.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "tcsh"), help="bash, zsh or tcsh")
