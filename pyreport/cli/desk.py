"""The commands for the user's own Wireshark that read no capture: install, uninstall, doctor."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from pyreport.base.errors import ToolError, UsageError
from pyreport.cli.terminal import print_line
from pyreport.cli.wrapped import wrapped
from pyreport.desk.checkup import Finding, State
from pyreport.desk.doctor import Parts, check_up
from pyreport.desk.install import Stamp, plan_install
from pyreport.desk.parts import Part, plugin_part, profile_part
from pyreport.desk.plan import Plan, carry_out
from pyreport.desk.uninstall import plan_uninstall
from pyreport.desk.wireshark import NO_LUA_FOR_ROOT, Folders, Program, ask_folders, choose_tshark, find_programs
from pyreport.words import Words
from pyreport.words.breaks import columns
from pyreport.words.languages import chosen_language

Planner = Callable[[Folders, Part, Part], Plan]


def run_desk(options: Namespace, stdout: Console) -> int:
    """Run the command that was asked for; its exit status. Raises ReportError."""
    words = Words(chosen_language(options.lang, os.environ))
    if options.command == "doctor":
        return run_doctor(options, stdout, words)
    (run_install if options.command == "install" else run_uninstall)(options, stdout, words)
    return 0


def run_install(options: Namespace, stdout: Console, words: Words) -> None:
    """Install the plugin and the profile. Raises ReportError."""

    def planned(folders: Folders, plugin: Part, profile: Part) -> Plan:
        return plan_install(folders, plugin, profile, Stamp(program_path()), system=options.system)

    tshark = _carry_out(options, stdout, words, planned)
    if os.geteuid() == 0 and tshark.release >= NO_LUA_FOR_ROOT and not options.system:
        print_line(stdout, words.label("doctor-root", version=tshark.version))
    print_line(stdout, words.label("install-dry-run" if options.dry_run else "install-next"))


def run_uninstall(options: Namespace, stdout: Console, words: Words) -> None:
    """Remove what install put there. Raises ReportError."""

    def planned(folders: Folders, plugin: Part, profile: Part) -> Plan:
        return plan_uninstall(folders, plugin, profile, system=options.system)

    _carry_out(options, stdout, words, planned)
    if options.dry_run:
        print_line(stdout, words.label("install-dry-run"))


def _carry_out(options: Namespace, stdout: Console, words: Words, planned: Planner) -> Program:
    if (os.environ.get("SUDO_UID") or "0") != "0" and os.geteuid() == 0 and not options.system:
        raise UsageError(
            "With sudo this would go into the folders of root: leave sudo away, or add --system to do it for all users."
        )
    tshark = choose_tshark(find_programs(options.tshark, os.environ))
    plan = planned(ask_folders(tshark, os.environ), plugin_part(), profile_part())
    if options.dry_run:
        for step in plan.steps:
            target = str(step.target) if step.target else ""
            print_line(stdout, words.label("install-step", act=step.act, path=str(step.path), target=target))
    else:
        carry_out(plan)
    for said in plan.said:
        print_line(stdout, words.say(said))
    return tshark


def program_path() -> str:
    """How this program is started by its path: for Wireshark's menus, since a desktop has not the PATH of a shell."""
    started = Path(sys.argv[0])
    return str(started.absolute()) if started.name == "pyreport" and os.access(started, os.X_OK) else ""


def run_doctor(options: Namespace, stdout: Console, words: Words) -> int:
    """Print what the check finds, as it is found; the exit status."""
    found: set[State] = set()
    for finding in check_up(Parts(plugin_part(), profile_part()), options.tshark, os.environ):
        _print_finding(stdout, words, finding)
        found.add(finding.state)
    worst = max(found, key=list(State).index)
    print_line(stdout, words.label("doctor-result", worst=worst))
    return ToolError.exit_status if worst is State.TROUBLE else 0


def _print_finding(stdout: Console, words: Words, finding: Finding) -> None:
    """The state in a column of its own; on a terminal, the text is broken to fit beside it."""
    labels = [words.label("doctor-state", state=state) for state in State]
    width = max(map(columns, labels))
    state = words.label("doctor-state", state=finding.state)
    text = words.say(finding.said)
    if finding.cure is not None:
        text += "\n" + words.label("doctor-cure", cure=words.say(finding.cure))
    lines = [
        broken
        for line in text.split("\n")
        for broken in (wrapped(line, max(20, stdout.width - width - 2)) if stdout.is_terminal else [line])
    ]
    first = state + " " * (width - columns(state))
    for start, line in zip((first, *(" " * width for _ in lines[1:])), lines, strict=True):
        print_line(stdout, f"{start}  {line}")
