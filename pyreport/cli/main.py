"""The command line."""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import sys
from collections.abc import Sequence

from pyreport.base.errors import InputError, ReportError
from pyreport.cli.arguments import parse
from pyreport.cli.stopping import exit_status, stoppable
from pyreport.cli.terminal import Terminal, print_line


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    # Millions of objects are made and few are circular: looking for circles a hundred times less saves a tenth of the
    # time.
    gc.set_threshold(100_000, 20, 20)
    typed = list(sys.argv[1:] if arguments is None else arguments)
    options = parse(typed)
    stderr = Terminal(stderr=True, soft_wrap=True)
    try:
        if options.command == "log":  # needs no capture, so neither what reads and judges one
            from pyreport.cli.log import LogRequest, run_log
            from pyreport.words.languages import chosen_language

            with stoppable():
                run_log(
                    LogRequest(options.line, options.file, options.json, chosen_language(options.lang, os.environ)),
                    Terminal(),
                )
                sys.stdout.flush()
            return 0
        if options.command == "watch":  # has its own way to stop
            from pyreport.cli.watch import run_watch

            run_watch(options, typed, Terminal(soft_wrap=True), stderr)
            return 0
        if options.command == "completion":
            from pyreport.cli.completion import completion

            sys.stdout.write(completion(options.shell) + "\n")
            sys.stdout.flush()
            return 0
        # These must run where half of what the others need is missing.
        if options.command in ("install", "uninstall", "doctor"):
            from pyreport.cli.desk import run_desk

            with stoppable():
                status = run_desk(options, Terminal())
                sys.stdout.flush()
            return status
        # Imported here: all that it brings along takes half a second to load, which --help need not wait for.
        from pyreport.cli.run import run

        with stoppable():
            run(options, typed, stderr)
            sys.stdout.flush()
    except ReportError as error:
        print_line(stderr, f"pyreport: {error}")
        if getattr(options, "show", False):
            from pyreport.desk.show import show_text

            show_text(f"{error}", os.environ)
        return error.exit_status
    except KeyboardInterrupt as stop:
        with contextlib.suppress(OSError):  # the terminal may be the one that has gone
            print_line(stderr, "pyreport: stopped; nothing was written.")
        return exit_status(stop)
    except BrokenPipeError:
        # Not our trouble, and not worth a word.
        _let_go_of_stdout()
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _let_go_of_stdout()
        print_line(stderr, "pyreport: The disk is full, so not everything was printed.")
        return InputError.exit_status
    return 0


def _let_go_of_stdout() -> None:
    """Nothing more can be printed; Python would try once more at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
