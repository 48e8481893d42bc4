"""The command that opens a capture in the user's own Wireshark, where it matters."""

from __future__ import annotations

import os
import shlex
import sys

from rich.console import Console

from pyreport.base.claim import FrameNumber
from pyreport.base.errors import ToolError, UsageError
from pyreport.capture.file import Asked, find_captures
from pyreport.capture.tshark import open_tshark
from pyreport.choice.choose import Wanted, choose
from pyreport.choice.diagnosed import diagnose_selection
from pyreport.cli.progress import show_progress
from pyreport.cli.request import Request, read_asked
from pyreport.cli.terminal import Terminal, print_line
from pyreport.cli.wanted import wanted_of
from pyreport.desk.decisive import decisive_frame
from pyreport.desk.parts import profile_part
from pyreport.desk.programs import become
from pyreport.desk.window import check_installed, has_display, window_command
from pyreport.desk.wireshark import ask_folders, choose_tshark, find_programs
from pyreport.words import Words


def run_open(request: Request, stderr: Console) -> None:
    """Open a capture in Wireshark where it matters, or print the command where that cannot be. Raises ReportError."""
    wanted = wanted_of(request)
    asked = find_captures(request.captures)
    if asked.has_stdin or len(asked.files) != 1:
        raise UsageError("Wireshark opens one file: name one capture file.")
    programs = find_programs(request.tshark, os.environ)
    wireshark = next((program for program in programs if not program.is_tshark), None)
    shows = wireshark is not None and has_display(os.environ)
    if shows:
        check_installed(ask_folders(choose_tshark(programs), os.environ), profile_part())
    words = Words(request.language)
    stream, frame, said = _decisive(asked, request, wanted, words, stderr)
    command = window_command(wireshark, asked.files[0].path, stream, frame)
    print_line(stderr, said)
    if not shows:
        print_line(stderr, words.label("open-no-window"))
        print_line(Terminal(), shlex.join(command))
        return
    print_line(stderr, words.label("open-window", frame=FrameNumber(frame), stream=stream))
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        become(command, os.environ)
    except OSError as error:
        raise ToolError(f"{command[0]} cannot be started ({error.strerror}): install Wireshark again.") from error


def _decisive(asked: Asked, request: Request, wanted: Wanted, words: Words, stderr: Console) -> tuple[int, int, str]:
    """The stream, the frame and the verdict."""
    with (
        show_progress(stderr, words, "progress-capture") as progress,
        open_tshark(request.tshark, note=progress.note) as tshark,
    ):
        reading = read_asked(tshark, asked, request, progress)
        choice = choose(reading, wanted)
        diagnosis = diagnose_selection(reading, choice.selection, choice.log, wanted.zones, tshark.warnings)
        frame = decisive_frame(diagnosis.case, diagnosis.verdict)
        said = words.in_zone(diagnosis.zone).join(diagnosis.verdict.claims)
        return diagnosis.case.connection.stream, frame, said
