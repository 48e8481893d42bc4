"""How a connection ended: the findings about its close, put into one place."""

from __future__ import annotations

from msgspec import Struct

from pyreport.connections.connection import Connection
from pyreport.frames.findings import (
    Fin,
    FinAck,
    FinSilenceFrom,
    GaveUp,
    PostFinProbe,
    PostFinReset,
    PostFinWrite,
    Reset,
    ResetFollowed,
    ResetSilenceFrom,
)
from pyreport.frames.frame import FLAG_FIN, FLAG_RST, FLAG_SYN, Frame

#: The finding with which a connection can end.
Close = Fin | GaveUp | Reset

FROM_PAYLOAD = {FinSilenceFrom.PAYLOAD, ResetSilenceFrom.PAYLOAD}
FROM_HANDSHAKE = {FinSilenceFrom.HANDSHAKE, ResetSilenceFrom.HANDSHAKE}
FROM_CAPTURE_START = {FinSilenceFrom.CAPTURE_START, ResetSilenceFrom.CAPTURE_START}
#: What a silence can begin with so that its age is known.
KNOWN_STARTS = FROM_PAYLOAD | FROM_HANDSHAKE


def age_of(close: Close) -> int | None:
    """How long before a close the last payload came, in nanoseconds: as far as the closer knew of it, and without its
    farewell (the plugin's ``silence``). For an RST that answers data: how old the payload before that data was.
    Where the closer knew of no payload, the age of the handshake. None when the capture shows neither, or no more than
    what the closer said in the flight of its close.
    """
    if shown_before(close) is not None:
        return None
    if isinstance(close, GaveUp) or close.silence_from not in KNOWN_STARTS:
        return close.data_idle_ns
    return close.silence_ns


def shown_before(close: Close) -> int | None:
    """For how long the capture shows no payload before what the closer said in the flight of its close, in nanoseconds,
    where it shows none at all and begins in the middle of the connection: what was said before is not in it. None else,
    also where the close itself carried that.
    """
    if isinstance(close, GaveUp) or close.silence_from not in FROM_CAPTURE_START or close.farewell_frame is None:
        return None
    return None if close.farewell_frame == close.frame else close.silence_ns


def said_last(close: Close) -> int | None:
    """The frame with the payload from which ``age_of`` counts; None when the capture does not tell, or has none."""
    if isinstance(close, GaveUp):
        return None
    if close.silence_from in FROM_PAYLOAD:
        return close.since_frame
    return close.last_data_frame if isinstance(close, Fin) else None


def counted_from(close: Close) -> int | None:
    """The frame from which ``age_of`` counts: the last payload, or what completed the handshake; None when the capture
    does not tell.
    """
    return said_nothing(close) or said_last(close)


def said_nothing(close: Close) -> int | None:
    """The frame that completed the handshake, where ``age_of`` counts from there: the closer had sent no payload but
    its farewell, and had received none. None otherwise.
    """
    return None if isinstance(close, GaveUp) or close.silence_from not in FROM_HANDSHAKE else close.since_frame


def farewell_of(close: Close) -> int | None:
    """The first frame of the closer's farewell; None without one, and where the capture does not show the exchange
    before it: then it may be all that was ever said.
    """
    return None if isinstance(close, GaveUp) or close.silence_from not in KNOWN_STARTS else close.farewell_frame


class Ending(Struct, frozen=True):
    """The close of a connection; everything is None or empty as long as it did not happen in the capture.

    ``closer`` is the end that closed first. ``answering_fin`` is the FIN of the other end. ``dead`` is the RST after
    which the connection no longer exists, not one that its receiver takes no notice of; that of a client which only
    looked whether somebody listens has no finding.
    """

    closer: str | None
    fin: Fin | None
    fin_ack: FinAck | None
    answering_fin: Frame | None
    post_fin_probes: tuple[PostFinProbe, ...]
    post_fin_writes: tuple[PostFinWrite, ...]
    post_fin_reset: PostFinReset | None
    reset: Reset | None
    gave_up: GaveUp | None
    dead: Frame | None

    @property
    def first(self) -> Close | None:
        """The finding that says how the end began: the first FIN, else the RST."""
        return self.fin or self.gave_up or self.reset

    @property
    def data_idle_ns(self) -> int | None:
        """The age of the last payload at the close, see ``age_of``; None when the capture does not tell."""
        return None if self.first is None else age_of(self.first)

    @property
    def given_up(self) -> Reset | None:
        """The RST with which a side gave up what it had sent itself, when that began the end; None when another did."""
        first = self.first
        return first if isinstance(first, Reset) and first.followed is ResetFollowed.OWN_DATA else None

    @property
    def packet_idle_ns(self) -> int | None:
        """How long before the close the last segment of any kind came; None when the capture does not tell."""
        return None if self.first is None or isinstance(self.first, GaveUp) else self.first.packet_idle_ns

    @property
    def cause_frame(self) -> int | None:
        """The segment that the closing RST answers; None when it answers nothing, and for a FIN."""
        return self.first.cause_frame if isinstance(self.first, Reset) else None

    def close_wait_end(self, last_ns: int) -> int | None:
        """Until when the other end kept its socket after the FIN (its own FIN, the RST, or ``last_ns``)."""
        if self.fin is None:
            return None
        ends = [frame.time_ns for frame in (self.answering_fin, self.dead) if frame is not None]
        return min(ends, default=last_ns)


def ending_of(connection: Connection) -> Ending:
    """Collect the findings about the close."""
    fin = connection.first_of(Fin)
    resets = [f for f in connection.findings if isinstance(f, Reset | GaveUp | PostFinReset)]
    reset = resets[0] if resets else None
    closing = fin or reset
    closer = closing.source if closing else None
    return Ending(
        closer=closer,
        fin=fin,
        fin_ack=connection.first_of(FinAck),
        answering_fin=connection.fin_of(connection.other(fin.source)) if fin else None,
        post_fin_probes=tuple(connection.of(PostFinProbe)),
        post_fin_writes=tuple(connection.of(PostFinWrite)),
        post_fin_reset=connection.first_of(PostFinReset),
        reset=connection.first_of(Reset),
        gave_up=connection.first_of(GaveUp),
        dead=connection.frame(reset.frame) if reset else dropped_at_once(connection),
    )


def dropped_at_once(connection: Connection) -> Frame | None:
    """The RST with which a client ended a connection that it had opened, before anybody sent payload or a FIN. None
    when it is another one. The plugin files no finding on it: nobody lost anything.
    """
    syn, accepted = connection.syn, False
    for frame in connection.frames:
        if syn is None or frame.length or frame.has(FLAG_FIN):
            return None
        if frame.has(FLAG_RST):
            return frame if accepted and frame.source == syn.source else None
        accepted = accepted or (frame.has(FLAG_SYN) and frame.source == syn.destination)
    return None
