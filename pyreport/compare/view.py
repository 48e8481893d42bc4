"""One connection as one capture has it, in terms that both captures share."""

from __future__ import annotations

from msgspec import Struct

from pyreport.base.endpoint import Endpoint
from pyreport.connections.connection import Connection
from pyreport.connections.reading import Reading
from pyreport.frames.frame import Frame

#: The two ends and the capture at each: 0 is the client, or side A where neither SYN nor port tells, 1 the other one.
ENDS = (0, 1)


class Shift(Struct, frozen=True):
    """What has to be added to the sequence numbers of each sender in capture 0 to get those of capture 1."""

    by_sender: tuple[int, int] = (0, 0)

    def negated(self) -> Shift:
        """The same with the captures in the other order."""
        return Shift((-self.by_sender[0], -self.by_sender[1]))


NO_SHIFT = Shift()


class View(Struct, frozen=True):
    """The connection in one capture, and which endpoint of it is which end."""

    reading: Reading
    connection: Connection
    endpoints: tuple[Endpoint, Endpoint]

    def sender_of(self, frame: Frame) -> int:
        """The end that sent a frame."""
        return self.endpoints.index(frame.source)

    @property
    def path(self) -> str:
        """The capture's file, as the user named it."""
        return self.reading.capture.shown_path

    @property
    def starts_ns(self) -> int:
        """When this capture begins, as far as its frames tell, on its clock."""
        return self.reading.span.first_time_ns

    @property
    def ends_ns(self) -> int:
        """When this capture ends, as far as its frames tell, on its clock."""
        return self.reading.span.last_time_ns
