"""The events of ``pyreport scan`` as a table for a script, a spreadsheet, and the plugin's window: a line an event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyreport.choice.events import Told
from pyreport.desk.decisive import decisive_frame
from pyreport.words import Words

COLUMNS = ("stream", "frame", "level", "kind", "confidence", "streams", "ends", "happened")


def events_tsv(told: Iterable[Told], words: Words) -> str:
    """Columns parted by tabs, with their names in the first line; the events in the order given.

    ``stream`` and ``frame`` are those of the worst connection and of its decisive frame, ``streams`` all of the event,
    parted by commas, the worst first. ``ends`` and ``happened`` are in the language and the zone of the words.
    """
    return "".join("\t".join(row) + "\n" for row in (COLUMNS, *(_row(one, words) for one in told)))


def _row(one: Told, words: Words) -> Sequence[str]:
    case, verdict = one.rows[0]
    event = one.event
    return (
        str(case.connection.stream),
        str(decisive_frame(case, verdict)),
        one.worst.word,
        verdict.kind.value,
        verdict.confidence.value,
        ",".join(str(case.connection.stream) for case, _ in one.rows),
        *_cells((words.say(event.ends), words.say(one.happened))),
    )


def _cells(texts: Iterable[str]) -> Iterator[str]:
    """Texts without what parts cells and lines."""
    return (" ".join(text.split()) for text in texts)
