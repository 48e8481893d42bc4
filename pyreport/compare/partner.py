"""Which connection is compared, and which connection of the other capture it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyreport.base.claim import Claim
from pyreport.base.errors import InputError
from pyreport.capture.tshark import Tshark
from pyreport.choice.choose import Wanted, choose
from pyreport.choice.selection import by_stream, severity, worst_first
from pyreport.compare.align import Match, NumberIndex, all_pairs, is_ambiguous, plausible, rewritten
from pyreport.compare.options import read_options
from pyreport.connections.connection import Connection
from pyreport.connections.reading import Reading
from pyreport.frames.frame import Level

#: So many connections are looked at in full when sequence numbers are rewritten and nothing matches by number.
MOST_LOOKED_AT = 50
MOST_NAMED = 3
#: So many of the worst connections are tried in that way when none was named.
MOST_TRIED = 3


@dataclass(frozen=True, slots=True)
class Chosen:
    """The connection in both captures, by what it was chosen, and the log line if one named it."""

    connection: Connection
    match: Match
    why: str
    log_line: str = ""
    notes: tuple[Claim, ...] = ()


def choose_in_both(
    tshark: Tshark, readings: tuple[Reading, Reading], wanted: Wanted, second_stream: int | None
) -> Chosen:
    """The connection that was named, in either capture, else the worst one that is in both.

    ``wanted.stream`` is of the first capture, ``second_stream`` of the second. Raises InputError when it is not in
    both, or can be more than one.
    """
    is_named = wanted.log or wanted.log_file or wanted.ends or wanted.stream is not None
    if not is_named:
        if second_stream is None:
            return _worst_in_both(tshark, readings)
        return _in_second(tshark, readings, replace(wanted, stream=second_stream))
    try:
        choice = choose(readings[0], wanted)
    except InputError as first_error:
        if wanted.stream is not None:
            raise
        try:
            return _in_second(tshark, readings, wanted)
        except InputError as second_error:
            paths = [reading.capture.shown_path for reading in readings]
            raise InputError(f"In {paths[0]}: {first_error} In {paths[1]}: {second_error}") from None
    connection = choice.selection.connection
    if second_stream is not None:
        partner = by_stream(readings[1].index, second_stream).connection
        match = _named_match(tshark, readings, connection, partner)
    else:
        match = _find(tshark, readings, connection)
    return Chosen(connection, match, choice.selection.why, choice.log.line if choice.log else "", choice.notes)


def _in_second(tshark: Tshark, readings: tuple[Reading, Reading], wanted: Wanted) -> Chosen:
    """What was named is in the second capture: its partner is looked for in the first."""
    choice = choose(readings[1], wanted)
    partner = choice.selection.connection
    match = _find(tshark, readings[::-1], partner)
    log_line = choice.log.line if choice.log else ""
    return Chosen(match.connection, match.turned(partner), choice.selection.why, log_line, choice.notes)


def _worst_in_both(tshark: Tshark, readings: tuple[Reading, Reading]) -> Chosen:
    """The connection with the worst findings, in either capture, of those that are in both."""
    pairs = list(all_pairs(readings[0].index, NumberIndex(readings[1].index)))
    if not pairs:
        pairs = list(_rewritten_worst(tshark, readings))
    if not pairs:
        raise InputError(
            f"No connection is in both {readings[0].capture.shown_path} and {readings[1].capture.shown_path}: no two "
            "segments have the same numbers. Check that both captures are of one time and one path; if something "
            "between them rewrites sequence numbers, name the connection with --connection or --stream."
        )
    connection, match = max(pairs, key=lambda pair: max(severity(pair[0]), severity(pair[1].connection)))
    why = "no connection was named; this one is the "
    why += f"worst of {len(pairs)} that are in both captures" if len(pairs) > 1 else "only one found in both captures"
    if max(connection.worst, match.connection.worst) < Level.WARN:
        why += ", and has nothing of an incident"
    return Chosen(connection, match, why)


def _rewritten_worst(tshark: Tshark, readings: tuple[Reading, Reading]) -> Iterator[tuple[Connection, Match]]:
    """The first of the worst connections that has a partner whose sequence numbers were rewritten."""
    others = list(readings[1].index.connections.values())
    for connection in worst_first(readings[0].index)[:MOST_TRIED]:
        matches = _rewritten(tshark, readings, connection, others)
        if matches and not is_ambiguous(matches):
            yield connection, matches[0]
            return


def _find(tshark: Tshark, readings: tuple[Reading, Reading], connection: Connection) -> Match:
    """The partner of a connection in the other capture. Raises InputError when there is none, or several."""
    matches = NumberIndex(readings[1].index).matches(connection)
    if not matches:
        others = list(readings[1].index.connections.values())
        matches = _rewritten(tshark, readings, connection, others)
    if not matches:
        raise InputError(
            f"{connection.a}->{connection.b} (stream {connection.stream} of {readings[0].capture.shown_path}) is not "
            f"in {readings[1].capture.shown_path}: none of its {len(readings[1].index.connections):,} connections has "
            "a segment with the same numbers, nor the same pattern of segments. Check that both captures are of one "
            "time and one path; a proxy between them makes two connections of it."
        )
    if is_ambiguous(matches):
        raise InputError(
            f"{connection.a}->{connection.b} can be {len(matches)} connections of {readings[1].capture.shown_path}: "
            f"{_ranked(matches)}. Name one with --server-stream."
        )
    return matches[0]


def _named_match(
    tshark: Tshark, readings: tuple[Reading, Reading], connection: Connection, partner: Connection
) -> Match:
    """The match of two connections that the user says are one. Raises InputError when they have nothing in common."""
    matches = [m for m in NumberIndex(readings[1].index).matches(connection) if m.connection is partner]
    matches = matches or _rewritten(tshark, readings, connection, [partner], is_named=True)
    if not matches:
        raise InputError(
            f"Stream {connection.stream} of {readings[0].capture.shown_path} and stream {partner.stream} of "
            f"{readings[1].capture.shown_path} are not one connection: they have no segment in common."
        )
    return matches[0]


def _rewritten(
    tshark: Tshark,
    readings: tuple[Reading, Reading],
    connection: Connection,
    others: list[Connection],
    is_named: bool = False,
) -> list[Match]:
    likely = others if is_named else [c for c in others if plausible(connection, c)][:MOST_LOOKED_AT]
    if not likely:
        return []
    ours = read_options(tshark, readings[0].capture, [connection.stream])
    theirs = read_options(tshark, readings[1].capture, [c.stream for c in likely])
    return rewritten(connection, likely, (ours, theirs))


def _ranked(matches: list[Match]) -> str:
    shown = ", ".join(
        f"{m.connection.a}->{m.connection.b} (stream {m.connection.stream}, {m.hits:,} segments in common)"
        for m in matches[:MOST_NAMED]
    )
    more = len(matches) - MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
