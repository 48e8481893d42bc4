"""What a frame's headers below and around TCP tell of the place where it was captured, one frame at a time.

What follows from many of them is weighed in pyreport.quality.vantage and pyreport.quality.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address

from msgspec import Struct

PROTOCOL_TCP = 6
ETHERNET_HEADER, IPV4_HEADER, SHORTEST_TCP_HEADER = 14, 20, 20
# IEEE 802.3: a frame on the wire has at least 64 octets, 4 of which (the check sequence) are usually not captured.
SHORTEST_ON_WIRE = 60


class Marks(Struct, frozen=True):
    """One frame's marks; None where the frame does not tell.

    ``ip_id`` is the identification of the IPv4 header. ``padded``: a short Ethernet frame was (or was not) filled up to
    the least length of the wire. ``unfinished_checksum``: the checksum covers the pseudo-header only, as a kernel
    leaves it to the network card. ``mss`` is the option's value, 0 without. ``packet_type`` is that of a Linux cooked
    capture: 0 came in, 1 and 2 came in as broadcast and multicast, 3 was for someone else, 4 went out. ``window`` is
    the field as it stands in the header, ``timestamp`` and ``timestamp_echo`` the option's TSval and TSecr (RFC 7323).
    """

    ip_id: int | None = None
    padded: bool | None = None
    unfinished_checksum: bool | None = None
    mss: int = 0
    packet_type: int | None = None
    window: int | None = None
    timestamp: int | None = None
    timestamp_echo: int | None = None


NO_MARKS = Marks()


def read_marks(
    *,
    addresses: tuple[str, str],
    length: int,
    ip_id: int | None,
    tcp_length: int,
    checksum: int | None,
    mss: int,
    packet_type: int | None,
    window: int | None = None,
    timestamp: int | None = None,
    timestamp_echo: int | None = None,
) -> Marks:
    """The marks of one frame. ``length`` is the frame's on the wire, ``tcp_length`` TCP's header and payload (0:
    unknown), both in octets; ``addresses`` are the source's and the destination's.
    """
    unfinished = None
    if checksum is not None and tcp_length:
        unfinished = checksum == _fold(_address_sum(*addresses) + PROTOCOL_TCP + tcp_length)
    padded = _is_padded(length, tcp_length, ip_id, packet_type)
    return Marks(ip_id, padded, unfinished, mss, packet_type, window, timestamp, timestamp_echo)


def _is_padded(length: int, tcp_length: int, ip_id: int | None, packet_type: int | None) -> bool | None:
    """Whether a short IPv4 frame was filled up (RFC 894, IEEE 802.3 3.2.8); None when it is long enough as it is, or
    not on Ethernet.
    """
    natural = ETHERNET_HEADER + IPV4_HEADER + tcp_length
    if tcp_length < SHORTEST_TCP_HEADER or natural >= SHORTEST_ON_WIRE or ip_id is None or packet_type is not None:
        return None
    if length == natural:
        return False
    return True if length == SHORTEST_ON_WIRE else None


def _fold(total: int) -> int:
    """The 16-bit ones' complement sum (RFC 1071), not complemented: Linux __tcp_v4_send_check, CHECKSUM_PARTIAL."""
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return total


@lru_cache(maxsize=4096)
def _address_sum(source: str, destination: str) -> int:
    packed = ip_address(source).packed + ip_address(destination).packed
    return sum(int.from_bytes(packed[i : i + 2]) for i in range(0, len(packed), 2))
