"""Which segments were sent again, by the sequence numbers that the capture shows.

Wireshark has a mark for this, but judges it otherwise in each version; and what is told of a connection must not depend
on which program read the capture.
"""

from __future__ import annotations

from msgspec import Struct, field

from pyreport.base.units import NS_PER_MS
from pyreport.frames.seq import ahead, shifted

# A segment that was overtaken on its way arrives within this time of the one that overtook it (Wireshark's threshold,
# packet-tcp.c; a retransmission takes a round trip at least, RFC 5681 section 3.2).
OVERTAKEN_NS = 3 * NS_PER_MS


class _Sent(Struct):
    """What one side has sent: the number after all of it, and when that number was reached."""

    nxt: int
    at_ns: int


class Retransmissions(Struct):
    """Is told each segment of the capture in order; knows what each side of each connection has sent so far."""

    _sent: dict[tuple[int, str], _Sent] = field(default_factory=dict)

    def note(self, stream: int, source: str, time_ns: int, seq: int, length: int, space: int) -> bool:
        """Take one segment of ``length`` payload octets and ``space`` sequence numbers; whether it was sent again.

        Not sent again: a keep-alive probe (at most one octet before the next number, without SYN or FIN), and a segment
        that fills a hole right after the segment behind the hole: it was overtaken.
        """
        if not space:
            return False
        end = shifted(seq, space)
        sent = self._sent.get((stream, source))
        if sent is None:
            self._sent[stream, source] = _Sent(end, time_ns)
            return False
        before, beyond = ahead(seq, sent.nxt), ahead(end, sent.nxt)
        is_probe = before == -1 and space == length == 1
        is_overtaken = beyond < 0 and time_ns - sent.at_ns < OVERTAKEN_NS
        if beyond > 0:
            sent.nxt, sent.at_ns = end, time_ns
        return before < 0 and not is_probe and not is_overtaken
