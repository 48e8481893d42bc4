"""The options of ``pyreport watch``. Nothing else is imported here: --help must come at once."""

from __future__ import annotations

import argparse
from pathlib import Path

DESCRIPTION = """\
Captures into a ring of files, follows the application's log, and writes the
report of each error in it, unattended. It runs dumpcap, which keeps the headers
of the last hour; when the log tells of a broken connection, the watch waits a
few seconds, cuts that connection's hosts out of the ring, and writes the report
with its evidence into a folder of DIR, named by time and connection. The same
cause again within an hour is only counted.

  pyreport watch -i eth0 --host 10.0.0.2 --port 9092 \\
      --log-file app.log --dir /var/lib/pyreport
"""


def add_watch(commands: argparse._SubParsersAction[argparse.ArgumentParser], epilog: str) -> argparse.ArgumentParser:
    """Add the command, without the options that it shares with others."""
    watch = commands.add_parser(
        "watch",
        help="capture, follow a log, and write a report of each error",
        description=DESCRIPTION,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = watch.add_argument_group("what is captured")
    what.add_argument("-i", "--interface", metavar="NAME", required=True, help="the interface (dumpcap -D lists them)")
    what.add_argument(
        "--host", metavar="HOST", action="append", default=[], help="only of this host, name or address; repeatable"
    )
    what.add_argument(
        "--port", metavar="PORT", action="append", default=[], type=_port, help="only of this TCP port; repeatable"
    )
    what.add_argument("--filter", metavar="FILTER", help="a capture filter of your own (pcap-filter) in their place")
    what.add_argument(
        "--snaplen", metavar="BYTES", type=_size, default=128, help="of each frame; the default, 128, has the headers"
    )
    what.add_argument("--ring-mb", metavar="MB", type=_size, default=256, help="what the ring holds (default: 256)")
    what.add_argument(
        "--ring-minutes", metavar="MIN", type=_size, default=60, help="how far the ring goes back (default: 60)"
    )
    when = watch.add_argument_group("what a report is written of")
    when.add_argument(
        "--log-file",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="the application's log, followed through rotation; -: standard input; repeatable",
    )
    when.add_argument(
        "--on",
        choices=("log", "finding"),
        default="log",
        help="finding: also what the plugin finds in the capture at level Warn or Error (default: the log alone)",
    )
    when.add_argument(
        "--wait", metavar="S", type=_seconds, default=5, help="seconds of aftermath before the report (default: 5)"
    )
    when.add_argument("--once", action="store_true", help="end after the first report")
    where = watch.add_argument_group("where it goes")
    where.add_argument("--dir", metavar="DIR", type=Path, required=True, help="the folder of the ring and the reports")
    where.add_argument(
        "--max-reports", metavar="N", type=_size, default=24, help="reports in 24 hours at most (default: 24)"
    )
    where.add_argument(
        "--keep-mb", metavar="MB", type=_size, default=1000, help="all reports together at most (default: 1000)"
    )
    where.add_argument(
        "--notify",
        metavar="CMD",
        help="run after each report, without a shell: CMD FOLDER PDF JSON CAPTURE",
    )
    where.add_argument(
        "--print-systemd", action="store_true", help="print a unit file for systemd with these options, and end"
    )
    return watch


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 16:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port")
    return int(text)


def _size(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 1 << 31:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number above 0")
    return int(text)


def _seconds(text: str) -> int:
    if not text.isdecimal() or int(text) > 600:
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds up to 600")
    return int(text)
