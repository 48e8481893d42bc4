"""Which connection is compared, and which connection of the other capture it is."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from pyreport.base.claim import Claim, claim
from pyreport.base.errors import InputError
from pyreport.choice.choose import Choice, Wanted, choose
from pyreport.choice.selection import by_stream
from pyreport.choice.severity import severity, worst_first
from pyreport.compare.complaints import ranked
from pyreport.compare.partner import Partner, is_ambiguous
from pyreport.compare.rewritten_numbers import plausible, rewritten
from pyreport.compare.same_numbers import NumberIndex, all_pairs
from pyreport.compare.thresholds import MOST_LOOKED_AT, MOST_TRIED
from pyreport.connections.connection import Connection
from pyreport.connections.reading import Reading
from pyreport.frames.finding import Level


class Chosen(Struct, frozen=True):
    """The connection of capture 0 with its partner in capture 1, why it was chosen, the log line if one named it, and
    what to say of the choice.
    """

    connection: Connection
    partner: Partner
    why: tuple[Claim, ...]
    log_line: str = ""
    notes: tuple[Claim, ...] = ()


def choose_in_both(readings: tuple[Reading, Reading], wanted: Wanted, second_stream: int | None) -> Chosen:
    """The connection that was named, in either capture, else the worst one that is in both.

    ``wanted.stream`` is of the first capture, ``second_stream`` of the second. Raises InputError when it is not in
    both, or can be more than one.
    """
    is_named = wanted.log or wanted.log_file or wanted.ends or wanted.stream is not None
    if not is_named:
        if second_stream is None:
            return _worst_in_both(readings)
        return _in_second(readings, replace(wanted, stream=second_stream))
    try:
        choice = choose(readings[0], wanted)
    except InputError as first_error:
        if wanted.stream is not None:
            raise
        try:
            return _in_second(readings, wanted)
        except InputError as second_error:
            paths = [reading.capture.shown_path for reading in readings]
            raise InputError(f"In {paths[0]}: {first_error} In {paths[1]}: {second_error}") from None
    connection = choice.selection.connection
    if second_stream is None:
        return _as_chosen(choice, connection, _find(readings, connection))
    named = by_stream(readings[1].index, second_stream).connection
    return _as_chosen(choice, connection, _named_partner(readings, connection, named))


def _in_second(readings: tuple[Reading, Reading], wanted: Wanted) -> Chosen:
    """What was named is in the second capture: its partner is looked for in the first."""
    choice = choose(readings[1], wanted)
    found = _find(readings[::-1], choice.selection.connection)
    return _as_chosen(choice, found.connection, found.turned(choice.selection.connection))


def _as_chosen(choice: Choice, connection: Connection, partner: Partner) -> Chosen:
    log_line = choice.log.line if choice.log else ""
    return Chosen(connection, partner, (choice.selection.why,), log_line, choice.notes)


def _worst_in_both(readings: tuple[Reading, Reading]) -> Chosen:
    """The connection with the worst findings, in either capture, of those that are in both."""
    pairs = list(all_pairs(readings[0].index, NumberIndex(readings[1].index)))
    if not pairs:
        pairs = list(_rewritten_worst(readings))
    if not pairs:
        raise InputError(
            f"No connection is in both {readings[0].capture.shown_path} and {readings[1].capture.shown_path}: no two "
            "segments have the same numbers. Check that both captures are of one time and one path; if something "
            "between them rewrites sequence numbers, name the connection with --connection or --stream."
        )
    connection, partner = max(pairs, key=lambda pair: max(severity(pair[0]), severity(pair[1].connection)))
    why = claim("connection-is-the-worst-in-both", count=len(pairs))
    if max(connection.worst, partner.connection.worst) < Level.WARN:
        return Chosen(connection, partner, (why, claim("connection-has-no-incident")))
    return Chosen(connection, partner, (why,))


def _rewritten_worst(readings: tuple[Reading, Reading]) -> Iterator[tuple[Connection, Partner]]:
    """The first of the worst connections that has a partner whose sequence numbers were rewritten."""
    others = list(readings[1].index.connections.values())
    for connection in worst_first(readings[0].index.connections.values())[:MOST_TRIED]:
        partners = _rewritten(connection, others)
        if partners and not is_ambiguous(partners):
            yield connection, partners[0]
            return


def _find(readings: tuple[Reading, Reading], connection: Connection) -> Partner:
    """The partner of a connection in the other capture. Raises InputError when there is none, or several."""
    partners = NumberIndex(readings[1].index).partners(connection)
    if not partners:
        others = list(readings[1].index.connections.values())
        partners = _rewritten(connection, others)
    if not partners:
        raise InputError(
            f"{connection.a}->{connection.b} (stream {connection.stream} of {readings[0].capture.shown_path}) is not "
            f"in {readings[1].capture.shown_path}: none of its {len(readings[1].index.connections):,} connections has "
            "a segment with the same numbers, nor the same pattern of segments. Check that both captures are of one "
            "time and one path; a proxy between them makes two connections of it."
        )
    if is_ambiguous(partners):
        raise InputError(
            f"{connection.a}->{connection.b} can be {len(partners)} connections of {readings[1].capture.shown_path}: "
            f"{ranked(partners)}. Name one with --server-stream."
        )
    return partners[0]


def _named_partner(readings: tuple[Reading, Reading], connection: Connection, other: Connection) -> Partner:
    """The partner in two connections that the user says are one. Raises InputError when they have nothing in common."""
    partners = [p for p in NumberIndex(readings[1].index).partners(connection) if p.connection is other]
    partners = partners or _rewritten(connection, [other], is_named=True)
    if not partners:
        raise InputError(
            f"Stream {connection.stream} of {readings[0].capture.shown_path} and stream {other.stream} of "
            f"{readings[1].capture.shown_path} are not one connection: they have no segment in common."
        )
    return partners[0]


def _rewritten(connection: Connection, others: list[Connection], is_named: bool = False) -> list[Partner]:
    likely = others if is_named else [c for c in others if plausible(connection, c)][:MOST_LOOKED_AT]
    return rewritten(connection, likely)
