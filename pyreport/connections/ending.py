"""How a connection ended: the findings about its close, put into one place."""

from __future__ import annotations

from dataclasses import dataclass

from pyreport.connections.connection import Connection
from pyreport.frames.frame import FLAG_RST, Finding, Frame


@dataclass(frozen=True, slots=True)
class Ending:
    """The close of a connection; everything is None or empty as long as it did not happen in the capture.

    ``closer`` is the end that closed first. ``answering_fin`` is the FIN of the other end. ``dead`` is the RST after
    which the connection no longer exists.
    """

    closer: str | None
    fin: Finding | None
    fin_ack: Finding | None
    answering_fin: Frame | None
    post_fin_probes: tuple[Finding, ...]
    post_fin_writes: tuple[Finding, ...]
    post_fin_reset: Finding | None
    reset: Finding | None
    gave_up: Finding | None
    dead: Frame | None

    @property
    def first(self) -> Finding | None:
        """The finding that says how the end began: the first FIN, else the RST."""
        return self.fin or self.gave_up or self.reset

    def close_wait_end(self, last_ns: int) -> int | None:
        """Until when the other end kept its socket after the FIN (its own FIN, the RST, or ``last_ns``)."""
        if self.fin is None:
            return None
        ends = [frame.time_ns for frame in (self.answering_fin, self.dead) if frame is not None]
        return min(ends, default=last_ns)


def ending_of(connection: Connection) -> Ending:
    """Collect the findings about the close."""
    fin = connection.first_of("fin")
    reset = connection.first_of("reset", "gave_up", "post_fin_reset")
    closing = fin or reset
    closer = closing.source if closing else None
    return Ending(
        closer=closer,
        fin=fin,
        fin_ack=connection.first_of("fin_ack"),
        answering_fin=connection.fin_of(connection.other(fin.source)) if fin else None,
        post_fin_probes=tuple(connection.of("post_fin_probe")),
        post_fin_writes=tuple(connection.of("post_fin_write")),
        post_fin_reset=connection.first_of("post_fin_reset"),
        reset=connection.first_of("reset"),
        gave_up=connection.first_of("gave_up"),
        dead=next((f for f in connection.frames if f.has(FLAG_RST)), None) if reset else None,
    )
