"""The command line."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from pyreport.base.errors import InputError, ReportError
from pyreport.cli.arguments import parse
from pyreport.cli.stopping import exit_status, stoppable
from pyreport.cli.streams import NOT_PRINTED, let_go_of, open_missing
from pyreport.cli.terminal import Terminal, print_line


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status. Raises SystemExit on wrong usage."""
    # Millions of objects are made and few are circular: looking for circles a thousand times less saves a tenth of the
    # time.
    gc.set_threshold(1_000_000, 20, 20)
    open_missing()
    typed = list(sys.argv[1:] if arguments is None else arguments)
    stderr = Terminal(stderr=True, soft_wrap=True)
    try:
        with stoppable():
            status = _run(typed, stderr)
            sys.stdout.flush()
            return status
    except KeyboardInterrupt as stop:
        with contextlib.suppress(OSError):  # the terminal may be the one that has gone
            print_line(stderr, "pyreport: stopped; no file is half written.")
        return exit_status(stop)
    except BrokenPipeError:
        # Not our trouble, and not worth a word.
        let_go_of(sys.stdout)
        return 0
    except OSError as error:
        if isinstance(error, FileNotFoundError) and _has_no_folder():
            print_line(stderr, "pyreport: The current folder was removed: change to one that is there.")
            return InputError.exit_status
        if error.errno not in NOT_PRINTED:
            raise
        let_go_of(sys.stdout)
        with contextlib.suppress(OSError):
            print_line(stderr, f"pyreport: Not everything was printed ({error.strerror}).")
        return InputError.exit_status


def _run(typed: Sequence[str], stderr: Terminal) -> int:
    """What was asked for. Returns the exit status; raises SystemExit when argparse has said all there is to say."""
    try:
        options = parse(typed)
    except SystemExit:
        sys.stdout.flush()
        raise
    try:
        return _run_command(options, list(typed), stderr)
    except ReportError as error:
        print_line(stderr, f"pyreport: {error}")
        if getattr(options, "show", False):
            from pyreport.desk.show import show_text

            show_text(f"{error}", os.environ)
        return error.exit_status


def _run_command(options: Namespace, typed: list[str], stderr: Terminal) -> int:
    # Each imports what it needs: the others need not wait for that.
    if options.command == "log":  # needs no capture, so neither what reads and judges one
        from pyreport.cli.log import LogRequest, run_log
        from pyreport.words.languages import chosen_language

        language = chosen_language(options.lang, os.environ)
        run_log(LogRequest(options.line, options.file, options.json, language), Terminal())
        return 0
    if options.command == "watch":  # has its own way to stop
        from pyreport.cli.watch import run_watch

        run_watch(options, typed, Terminal(soft_wrap=True), stderr)
        return 0
    if options.command == "completion":
        from pyreport.cli.completion import completion

        sys.stdout.write(completion(options.shell) + "\n")
        return 0
    # These must run where half of what the others need is missing.
    if options.command in ("install", "uninstall", "doctor"):
        from pyreport.cli.desk import run_desk

        return run_desk(options, Terminal())
    from pyreport.cli.run import run

    run(options, typed, stderr)
    return 0


def _has_no_folder() -> bool:
    """Whether the folder that relative paths begin in is gone."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False
