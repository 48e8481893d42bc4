"""The table of ``pyreport scan``: one row a connection that has something to say."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from pyreport.diagnosis.model import Case, Verdict

MOST_ROWS = 50


def print_table(console: Console, rows: Sequence[tuple[Case, Verdict]], connections: int, frames: int) -> None:
    """Print the rows, the worst first, or that nothing was found."""
    total = f"{connections:,} TCP connection{'' if connections == 1 else 's'} in {frames:,} frames"
    if not rows:
        console.print(
            f"Nothing found: {total}, no missed interval, no unanswered probe, no write after a FIN, no reset.",
            soft_wrap=True,
        )
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("Stream", justify="right", no_wrap=True)
    table.add_column("Level", no_wrap=True)
    table.add_column("Connection", overflow="fold", max_width=24)
    table.add_column("What happened", overflow="fold")
    for case, verdict in rows[:MOST_ROWS]:
        connection = case.connection
        table.add_row(
            str(connection.stream),
            connection.worst.word,
            f"{case.local}\n→ {case.peer}",
            f"{verdict.sentence}\n[{verdict.kind.value}, {verdict.confidence.value}]",
        )
        table.add_section()
    console.print(table, markup=False)
    if len(rows) > MOST_ROWS:
        console.print(f"… and {len(rows) - MOST_ROWS} more: --json FILE has them all.")
    summary = f"{len(rows)} with something to say, of {total}. More on one: pyreport report CAPTURE --stream N"
    console.print(summary, soft_wrap=True)
