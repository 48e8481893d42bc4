"""What ``pyreport watch`` does, once its options are known."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import signal
import socket
import sys
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from rich.console import Console

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError, UsageError
from pyreport.capture.tshark import open_tshark
from pyreport.cli.run import zone_of
from pyreport.cli.systemd import unit
from pyreport.cli.terminal import print_line
from pyreport.watch.archive import RESERVE_BYTES, Archive
from pyreport.watch.excerpt import Address
from pyreport.watch.findings import FindingFinder
from pyreport.watch.follow import LogFollower
from pyreport.watch.incident import address_of
from pyreport.watch.ring import FILES, FOLDER, SMALLEST_BYTES, Ring, RingSettings
from pyreport.watch.watch import Finder, Watch, WatchSettings
from pyreport.words import Words
from pyreport.words.languages import chosen_language

MB = 1_000_000
# The claims that say what became of an incident; they go to standard output, all others to standard error.
OF_REPORTS = ("watch-report", "watch-inferred", "watch-no-report", "watch-no-frames")
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def run_watch(options: Namespace, typed: Sequence[str], stdout: Console, stderr: Console) -> None:
    """Watch until a signal, or until --once is satisfied. Raises ReportError."""
    if options.print_systemd:
        # As it is, not as a terminal would break it.
        sys.stdout.write(unit(typed, options.dir, options.log_file))
        return
    _check(options)
    os.umask(0o077 | os.umask(0o077))
    words = Words(chosen_language(options.lang, os.environ), zone_of(options.tz) or Words().zone)
    hosts = frozenset(address for host in options.host for address in _addresses(host))
    captured = options.filter or capture_filter(hosts, options.port)
    say = _teller(words, stdout, stderr)
    archive = Archive(options.dir, options.keep_mb * MB, options.max_reports)
    archive.open()
    ring = Ring(_ring_settings(options, captured), options.dir / FOLDER, say)
    _check_room(options, ring)
    settings = WatchSettings(
        hosts=hosts,
        ports=frozenset(options.port),
        wait_s=options.wait,
        once=options.once,
        notify=tuple(_command(options.notify)),
        options=tuple(_report_options(options, words)),
    )
    with _stop_event() as stop, contextlib.ExitStack() as stack:
        logs = [LogFollower(path) for path in options.log_file]
        finders: list[Finder] = []
        stack.callback(ring.close)
        ring.open()
        # Also without --on finding: else the first report would be the first to complain.
        tshark = stack.enter_context(open_tshark(options.tshark, note=say))
        if options.on == "finding":
            finder = FindingFinder(ring.settings, tshark.sandbox, settings.ports, say)
            stack.callback(finder.close)
            finders.append(finder)
        say(claim("watch-began", interface=options.interface, filter=captured))
        for log in logs:
            place = {"log": str(log.path), "folder": str(options.dir)}
            say(claim("watch-follows", **place) if log.is_there else claim("watch-follows-later", **place))
        if finders:
            say(claim("watch-finds", folder=str(options.dir)))
        watch = Watch(settings, ring, archive, logs, finders, say)
        watch.run(stop)
    say(claim("watch-stopped", count=watch.reports))


def capture_filter(hosts: frozenset[Address], ports: Sequence[int]) -> str:
    """The capture filter for TCP of these hosts and ports (none: any), and the ICMP errors about any (RFC 792: type 3,
    RFC 4443: types 1 to 4).
    """
    parts = ["tcp"]
    if hosts:
        parts.append(f"({' or '.join(f'host {host}' for host in sorted(map(str, hosts)))})")
    if ports:
        parts.append(f"({' or '.join(f'port {port}' for port in sorted(ports))})")
    return f"({' and '.join(parts)}) or (icmp and icmp[0] = 3) or (icmp6 and ip6[40] <= 4)"


def _check(options: Namespace) -> None:
    """What argparse cannot say: which options go together."""
    if options.on == "log" and not options.log_file:
        raise UsageError("Nothing would set a report off: give --log-file FILE, or --on finding.")
    if options.filter and (options.host or options.port):
        raise UsageError("--filter stands in the place of --host and --port: give the one or the others.")
    if len({str(path) for path in options.log_file}) < len(options.log_file):
        raise UsageError("A log is named twice: give each --log-file once.")
    if options.ring_mb * MB < SMALLEST_BYTES:
        raise UsageError(f"The ring is too small for its {FILES} files: give --ring-mb {-(-SMALLEST_BYTES // MB)}.")


def _check_room(options: Namespace, ring: Ring) -> None:
    wanted = options.ring_mb * MB + RESERVE_BYTES
    there = sum(path.stat().st_size for path in ring.files()) if ring.folder.is_dir() else 0
    free = shutil.disk_usage(options.dir).free + there
    if free < wanted:
        raise InputError(
            f"The disk of {options.dir} has room for {free // MB} MB, and the ring takes {wanted // MB} MB with its "
            "reserve: make room, or give a smaller --ring-mb."
        )


def _ring_settings(options: Namespace, captured: str) -> RingSettings:
    return RingSettings(options.interface, captured, options.snaplen, options.ring_mb * MB, options.ring_minutes * 60)


def _report_options(options: Namespace, words: Words) -> Iterator[str]:
    """What is handed on to each report."""
    yield f"--lang={words.language}"
    for name in ("tz", "log_tz", "tshark"):
        value = getattr(options, name)
        if value is not None:
            zone_of(value) if name != "tshark" else None
            yield f"--{name.replace('_', '-')}={value}"


def _addresses(host: str) -> list[Address]:
    """The addresses of a host. Raises InputError when it has none."""
    address = address_of(host)
    if address is not None:
        return [address]
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"--host {host} has no address ({error}): give the address itself.") from error
    addresses = (address_of(str(entry[4][0])) for entry in found)
    return list(dict.fromkeys(address for address in addresses if address is not None))


def _command(text: str | None) -> list[str]:
    """The words of --notify. Raises UsageError when it is no command."""
    try:
        words = shlex.split(text) if text is not None else []
    except ValueError as error:
        raise UsageError(f"--notify cannot be read as a command ({error}): check its quotes.") from error
    if text is not None and (not words or shutil.which(words[0]) is None):
        raise UsageError(f"--notify: there is no program {words[0] if words else text!r}: give its path.")
    return words


def _teller(words: Words, stdout: Console, stderr: Console) -> Callable[[Claim], None]:
    def say(told: Claim) -> None:
        # Whoever reads may have gone: the watch goes on.
        with contextlib.suppress(OSError):
            print_line(stdout if told.id in OF_REPORTS else stderr, " ".join(words.say(told).split()))

    return say


@contextmanager
def _stop_event() -> Iterator[threading.Event]:
    """An event that is set by the signals that end a service. What the caller ignores (nohup does) stays ignored."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.getsignal(number) for number in STOP_SIGNALS}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, ask)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
