"""Segments as the endpoints exchange them, with what only their sender knows about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tests.scenarios.packets import ACK, FIN, RST, SYN

SEQUENCE_SPACE = 1 << 32
HALF = SEQUENCE_SPACE >> 1


class End(StrEnum):
    """The two ends of a connection; the client is the one that sent the SYN."""

    CLIENT = "client"
    SERVER = "server"

    @property
    def peer(self) -> End:
        """The other end."""
        return End.SERVER if self is End.CLIENT else End.CLIENT


def after(a: int, b: int) -> bool:
    """Whether sequence number a lies behind b (RFC 9293 section 3.4)."""
    return 0 < (a - b) % SEQUENCE_SPACE < HALF


def add(number: int, count: int) -> int:
    """The sequence number `count` octets on."""
    return (number + count) % SEQUENCE_SPACE


@dataclass(frozen=True, slots=True)
class Segment:
    """A TCP segment. What follows `window` is not on the wire: it is the truth that findings are held against.

    `wants` is the length of the response that the payload asks for. `by_timer`: sent by the keep-alive timer;
    `is_probe`: and with nothing in flight. `is_new`: the first transmission of its payload or FIN. `knows_fin`: the
    sender's kernel had received the peer's FIN. `gives_up`: the RST of a keep-alive timer that ran out of probes.
    """

    sender: End
    seq: int
    ack: int
    flags: int
    length: int = 0
    window: int = 500
    wants: int = 0
    by_timer: bool = False
    is_probe: bool = False
    is_new: bool = False
    knows_fin: bool = False
    gives_up: bool = False

    @property
    def end(self) -> int:
        """The sequence number behind the segment; SYN and FIN take one each."""
        return add(self.seq, self.length + self.has(SYN) + self.has(FIN))

    def has(self, flag: int) -> bool:
        """Whether a flag is set."""
        return bool(self.flags & flag)

    def __str__(self) -> str:
        """One line, numbers modulo 10^6 for the eye."""
        names = [name for name, flag in (("SYN", SYN), ("FIN", FIN), ("RST", RST), ("ACK", ACK)) if self.has(flag)]
        words = [self.sender, *names, f"seq={self.seq % 10**6}", f"ack={self.ack % 10**6}"]
        words += [f"len={self.length}"] * bool(self.length) + ["probe"] * self.is_probe + ["new"] * self.is_new
        return " ".join(words)
