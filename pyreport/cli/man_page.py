"""The manual page, made from the parser of the command line: ``python -m pyreport.cli.man_page`` writes it.

It is in the macros of man(7), whose special characters are a backslash, a hyphen, and a full stop or an apostrophe
where a line begins.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from pyreport import __version__
from pyreport.cli.arguments import EPILOG, make_parser

#: Where it lies in a checkout; an installed pyreport has it in share/man/man1, where man looks.
FILE = Path(__file__).resolve().with_name("pyreport.1")

ABOUT = "tells why a TCP connection broke, with proof"
ENVIRONMENT = {
    "PYREPORT_TSHARK": "The tshark to use, where --tshark names none.",
    "LC_ALL, LC_MESSAGES, LANG": "The language of what is written, where --lang names none.",
    "TMPDIR": "Where copies of captures are kept while pyreport runs.",
    "SOURCE_DATE_EPOCH": "The time of writing that a PDF states, in seconds since the epoch: with the same input, its "
    "bytes are then the same.",
    "DISPLAY, WAYLAND_DISPLAY": "Where pyreport open shows Wireshark; without them it prints the command.",
}
SEE_ALSO = ("tshark(1)", "wireshark(1)", "dumpcap(1)", "editcap(1)", "pcap-filter(7)")


def man_page() -> str:
    """The page as the file holds it."""
    return "\n".join(_lines(make_parser())) + "\n"


def _lines(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield '.\\" Made by "make reference" from the parser of the command line.'
    yield f'.TH PYREPORT 1 "" "pyreport {__version__}" "User Commands"'
    yield ".nh"
    yield from (".SH NAME", f"pyreport \\- {_escaped(ABOUT)}")
    yield from (".SH SYNOPSIS", r".B pyreport", r"\fICOMMAND\fR [\fIOPTION\fR ...] [\fIARGUMENT\fR ...]", ".PP")
    yield from (".B pyreport", r"[\fICOMMAND\fR] \fB\-\-help\fR")
    yield from (".SH DESCRIPTION", *_prose(parser.description or ""))
    yield from (".SH OPTIONS", *_arguments(parser))
    yield ".SH COMMANDS"
    for name, command in _commands(parser).items():
        yield f'.SS "{_escaped(_usage(name, command))}"'
        yield from _prose(command.description or "")
        yield from _arguments(command, leaves_out_help=True)
        if command.epilog and EPILOG not in command.epilog:
            yield from (".PP", *_prose(command.epilog))
    yield from (".SH EXIT STATUS", *_prose(EPILOG.partition(": ")[2]))
    yield ".SH ENVIRONMENT"
    for name, text in ENVIRONMENT.items():
        yield from (".TP", f".B {_escaped(name)}", _escaped(text))
    yield from (".SH SEE ALSO", _escaped(", ".join(SEE_ALSO)))


def _commands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    (commands,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(commands.choices)


def _usage(name: str, command: argparse.ArgumentParser) -> str:
    """The command with what must be given, such as "pyreport scan [OPTION ...] CAPTURE ..."."""
    words = ["pyreport", name, "[OPTION ...]"]
    for action in command._actions:
        if not action.option_strings:
            what = str(action.metavar) + (" ..." if action.nargs == "+" else "")
            words.append(f"[{what}]" if action.nargs == "?" else what)
        elif action.required:
            words.append(f"{action.option_strings[-1]} {action.metavar}")
    return " ".join(words)


def _arguments(parser: argparse.ArgumentParser, *, leaves_out_help: bool = False) -> Iterator[str]:
    """What can be given, in the parser's own groups; --help may have been told once for all."""
    for group in parser._action_groups:
        actions = [
            action
            for action in group._group_actions
            if action.help is not argparse.SUPPRESS
            and not isinstance(action, argparse._SubParsersAction)
            and not (leaves_out_help and isinstance(action, argparse._HelpAction))
        ]
        if actions and group.title not in ("positional arguments", "options"):
            yield from (".PP", rf"\fI{_escaped(group.title or '')}\fR")
        for action in actions:
            yield from (".TP", _head(action), _escaped(_help(parser, action)))


def _head(action: argparse.Action) -> str:
    value = action.metavar or ("{" + ",".join(map(str, action.choices)) + "}" if action.choices else "")
    if not action.option_strings:
        return rf"\fI{_escaped(str(value))}\fR"
    takes = rf" \fI{_escaped(str(value))}\fR" if action.nargs != 0 else ""
    return ", ".join(rf"\fB{_escaped(option)}\fR" for option in action.option_strings) + takes


def _help(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    return parser._get_formatter()._expand_help(action)


def _prose(text: str) -> Iterator[str]:
    """Paragraphs; lines that are indented stay lines."""
    is_example = False
    for line in text.strip("\n").split("\n"):
        if line.startswith("  ") != is_example and line:
            is_example = not is_example
            yield from (".PP", ".nf") if is_example else (".fi", ".PP")
        if line:
            yield _escaped(line)
        elif not is_example:
            yield ".PP"
    if is_example:
        yield ".fi"


def _escaped(text: str) -> str:
    text = text.replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq")
    return re.sub(r"^([.'])", r"\\&\1", text)


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(man_page(), encoding="utf-8")
