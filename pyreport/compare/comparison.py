"""From two captures that were read to the comparison of one connection in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyreport.base.units import count_words, format_duration
from pyreport.capture.tshark import Tshark
from pyreport.choice.choose import Wanted
from pyreport.compare.align import Match
from pyreport.compare.changes import Change, changes
from pyreport.compare.conclude import conclude
from pyreport.compare.conclusions import Conclusion, Scene
from pyreport.compare.fate import fates, lacking
from pyreport.compare.lineup import Lineup, line_up
from pyreport.compare.model import ENDS, Passage, Shift, View
from pyreport.compare.names import Names
from pyreport.compare.options import read_options
from pyreport.compare.partner import Chosen, choose_in_both
from pyreport.connections.connection import Connection, assign_roles
from pyreport.connections.reading import Reading
from pyreport.quality.vantage import Place, vantage_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """One connection in both captures; capture 0 is the one at the client's end (side A's)."""

    chosen: Chosen
    names: Names
    lineup: Lineup
    shift: Shift
    passages: tuple[Passage, ...]
    changes: tuple[Change, ...]
    conclusions: tuple[Conclusion, ...]
    warnings: tuple[str, ...]


def compare(tshark: Tshark, readings: tuple[Reading, Reading], wanted: Wanted, second_stream: int | None) -> Comparison:
    """Compare the connection that was named, else the worst one that is in both captures.

    ``wanted.stream`` is of the first capture. Raises InputError when it is not in both, or can be more than one there,
    ToolError when tshark fails.
    """
    chosen = choose_in_both(tshark, readings, wanted, second_stream)
    connection, match = chosen.connection, chosen.match
    options = [
        read_options(tshark, reading.capture, [found.stream])
        for reading, found in zip(readings, (connection, match.connection), strict=True)
    ]
    words, client = _roles(connection, match)
    endpoints = (client, connection.other(client))
    partners = (match.partner_of(endpoints[0]), match.partner_of(endpoints[1]))
    by_end = match.shift.by_sender if match.source == client else match.shift.by_sender[::-1]
    shift = Shift((by_end[0], by_end[1]))
    views = (
        View(readings[0], connection, endpoints, options[0]),
        View(readings[1], match.connection, partners, options[1]),
    )
    lineup = line_up(views, shift)
    if lineup.was_swapped:
        shift = Shift((-shift.by_sender[0], -shift.by_sender[1]))
    names = Names(words)
    passages = fates(lineup)
    return Comparison(
        chosen,
        names,
        lineup,
        shift,
        passages,
        changes(lineup, shift, names),
        conclude(Scene(lineup, passages, names)),
        tuple(_warnings(chosen, lineup, passages, names)),
    )


def _roles(connection: Connection, match: Match) -> tuple[tuple[str, str], str]:
    """What the ends are called, and the endpoint of capture 0 that is end 0: by the SYN or the port in either."""
    partner_of = {match.partner_of(end): end for end in (connection.a, connection.b)}
    for found, named in (
        (connection, {end: end for end in (connection.a, connection.b)}),
        (match.connection, partner_of),
    ):
        roles = assign_roles(found)
        client = next((end for end, name in roles.names.items() if name == "client"), None)
        if client is not None:
            return ("client", "server"), named[client]
    return ("A", "B"), connection.a


def _warnings(chosen: Chosen, lineup: Lineup, passages: Sequence[Passage], names: Names) -> Iterator[str]:
    """What has to be said before anything else."""
    first = lineup.views[0].reading.capture.shown_path
    yield from (note.text for note in chosen.notes)
    if lineup.was_swapped:
        yield (
            f"{first} is the capture nearer to {names.end(0)}, by {lineup.order}, although it was given second: the "
            "captures were taken in that order."
        )
    elif lineup.order is None:
        yield (
            f"Which capture is nearer to {names.end(0)} cannot be told from the packets: {first} was taken to be, as "
            "it was given first."
        )
    if lineup.clocks is None:
        yield ("Not one packet is surely the same in both captures, so their clocks cannot be compared.")
    for step_at, jump in lineup.clocks.steps() if lineup.clocks else ():
        frame = next((p.number for p in lineup.packets[0] if p.time_ns >= step_at), lineup.packets[0][-1].number)
        yield (
            f"The clocks of the captures do not run evenly against each other: at frame {frame} of {first} their "
            f"difference jumps by {format_duration(jump)}."
        )
    for end in ENDS:
        view = lineup.views[end]
        unseen = lacking(passages, end)
        if unseen:
            yield (
                f"{view.reading.capture.shown_path} lacks {count_words(len(unseen), 'packet')} of this connection that "
                f"{names.end(end)} did send or receive: what it lacks is no proof."
            )
        vantage = vantage_of(view.connection)
        if vantage.place is Place.BETWEEN and not vantage.is_disputed:
            yield (
                f"{view.reading.capture.shown_path} seems to have been taken on the way, not at {names.end(end)} "
                "itself: what is said of that end holds for the place of the capture."
            )
        elif vantage.end is not None and vantage.end != view.endpoints[end] and not vantage.is_disputed:
            yield (
                f"{view.reading.capture.shown_path} looks as if it was taken at {names.end(1 - end)}, not at "
                f"{names.end(end)}: check that the two captures are of different ends."
            )
