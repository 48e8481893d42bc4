"""Sequence and acknowledgment numbers as Wireshark shows them: counted from the beginning of the connection."""

from __future__ import annotations

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN, Frame
from pyreport.frames.seq import ahead, shifted


class RelativeNumbers(Struct, frozen=True):
    """Where each side's numbers begin: its SYN is 0, so its first octet is 1. Of a connection that began before the
    capture, the first number that the capture shows of the side, in its own segment or in an acknowledgment, is 1
    (Wireshark, packet-tcp.c, ``base_seq``).
    """

    bases: dict[Endpoint, int]

    def seq(self, frame: Frame) -> int:
        """The sequence number of a frame."""
        return ahead(frame.seq, self.bases[frame.source])

    def ack(self, frame: Frame) -> int | None:
        """What a frame acknowledges; None when it has no ACK flag."""
        if not frame.has(FLAG_ACK) or frame.destination not in self.bases:
            return None
        return ahead(frame.ack, self.bases[frame.destination])


def relative_numbers(connection: Connection) -> RelativeNumbers:
    """The bases of both sides."""
    bases: dict[Endpoint, int] = {}
    for frame in connection.frames:
        if frame.source not in bases:
            bases[frame.source] = frame.seq if frame.has(FLAG_SYN) else shifted(frame.seq, -1)
        if frame.destination not in bases and frame.has(FLAG_ACK):
            bases[frame.destination] = shifted(frame.ack, -1)
        if len(bases) == 2:
            break
    return RelativeNumbers(bases)
