"""``pyreport scan``: what happened in a capture."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from rich.console import Console

from pyreport.base.whole_file import STDOUT
from pyreport.capture.file import find_captures
from pyreport.capture.tshark import open_tshark
from pyreport.choice.events import events_of
from pyreport.choice.noise import noise_of
from pyreport.choice.plainly_well import judge_all, to_judge
from pyreport.choice.worth_telling import rows_of
from pyreport.cli.events_table import events_tsv
from pyreport.cli.output import check_outputs, write_text
from pyreport.cli.progress import show_progress
from pyreport.cli.request import Request, read_asked
from pyreport.cli.table import print_table
from pyreport.cli.wrapped import print_sentences
from pyreport.diagnosis.evidence.periodic import periodic_closes
from pyreport.words import Words

if TYPE_CHECKING:
    from pyreport.choice.log_incidents import LogFile
    from pyreport.diagnosis.connection import Judged


def run_scan(request: Request, stdout: Console, stderr: Console) -> None:
    """Print the connections of a capture that have something to say, or, with a log file, its errors as incidents.

    Raises ReportError.
    """
    of_log: dict[int, Judged] = {}
    log_file = None
    if request.log_file is not None:
        # What reads logs is imported only where there is one.
        from pyreport.choice.choose import read_log
        from pyreport.cli.log_table import print_incidents
        from pyreport.logs.logfile import check_log_file
        from pyreport.matching.match import Zones

        check_log_file(request.log_file)
    named = find_captures(request.captures)
    outputs = [path for path in (request.json, request.tsv) if path is not None]
    check_outputs(outputs, *(file.path for file in named.files))
    utc = Words(request.language)
    with (
        show_progress(stderr, utc, "progress-capture") as progress,
        open_tshark(request.tshark, note=progress.note) as tshark,
    ):
        reading = read_asked(tshark, named, request, progress)
        warnings = list(tshark.warnings)
        progress.say("progress-weighing")
        if request.log_file is not None:
            log_file = read_log(reading, request.log_file, Zones(request.log_zone, request.zone))
            of_log = _by_stream(log_file)
        # The JSON tells of each connection, the terminal of those with something to say.
        asked = reading.index.connections.values() if request.json is not None else to_judge(reading)
        judged = judge_all(reading, asked, of_log)
        # These may ask the reader once more, which ends with this block.
        events, rules = events_of(rows_of(judged)), periodic_closes(reading.index)
        noise = noise_of(reading.index, judged)
    words = utc.in_zone(request.zone or UTC)
    for warning in warnings:
        print_sentences(stderr, words.label("terminal-note", note=words.say(warning)))
    if request.json is not None:
        from pyreport.export.report_json import dump, to_json

        told = [one.event for one in events]
        write_text(request.json, dump(to_json(reading, judged, map(words.say, warnings), utc, events=told)))
    if request.tsv is not None:
        write_text(request.tsv, events_tsv(events, words))
    if STDOUT in outputs:
        return
    if log_file is not None:
        print_incidents(stdout, log_file, words)
        return
    frames, everything = reading.span.frames, request.everything
    count = len(reading.index.connections)
    print_table(stdout, events, count, frames, words, rules, everything=everything, noise=noise)


def _by_stream(log_file: LogFile) -> dict[int, Judged]:
    """The connections that the log names, as judged with their line."""
    incidents = [i for group in log_file.groups for i in group.incidents if i.judged is not None]
    return {i.judged[0].connection.stream: i.judged for i in incidents if i.judged is not None}
