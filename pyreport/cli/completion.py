"""Completions for shells, made from the parser of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import shtab

from pyreport.cli.arguments import make_parser

# What stands for a file in the help.
FILES = frozenset({"CAPTURE", "CLIENT", "SERVER", "FILE", "FILE.pdf"})


def completion(shell: str) -> str:
    """The script that teaches this shell (bash, zsh, tcsh) the commands, the options, and where file names stand."""
    parser = make_parser()
    for action in _actions(parser):
        if action.metavar in FILES:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    return shtab.complete(parser, shell=shell)


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # argparse has no public way to them
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield from _actions(command)
