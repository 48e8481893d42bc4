"""TCP and UDP without payload. What is kept of TCP is what the sequence numbers, the timers and the plugin need."""

from __future__ import annotations

from pyreport.redaction.stand_ins import StandIns

TCP, UDP, ICMP, ICMP_6 = 6, 17, 1, 58
#: Where the checksum is, by protocol (RFC 9293, 768, 792, 4443).
CHECKSUMS = {TCP: 16, UDP: 6, ICMP: 2, ICMP_6: 2}
# TCP options that are kept whole: MSS, window scale, SACK permitted, SACK, timestamps. Others may carry cookies, keys
# or addresses (Fast Open, MD5, AO, Multipath TCP, experiments), and keep kind and length only.
END, NOTHING, KEPT_OPTIONS = 0, 1, frozenset((2, 3, 4, 5, 8))
# A record of TLS (RFC 8446 5.1): the plugin tells an alert by its head, which is kept.
RECORD_TYPES, RECORD_HEAD, LONGEST_RECORD, MAJOR, HIGHEST_MINOR = range(20, 25), 5, 2**14 + 2048, 3, 4


def covers(kind: int, at: int, end: int) -> int | None:
    """Where the checksum of a packet stands; None when it has none that is known, or it was not captured."""
    field = CHECKSUMS.get(kind)
    return None if field is None or at + field + 2 > end else at + field


def tcp(frame: bytearray, at: int, end: int, stand_ins: StandIns) -> None:
    """A segment, or what was captured or quoted of one: ports, numbers, flags and window stay."""
    _ports(frame, at, end, stand_ins)
    if at + 20 > end:
        return
    header = (frame[at + 12] >> 4) * 4
    body = min(at + header, end) if header >= 20 else at + 20
    _options(frame, at + 20, body)
    _payload(frame, body, end, stand_ins, _record_heads(frame, body, end))


def udp(frame: bytearray, at: int, end: int, stand_ins: StandIns, *, is_tunnel: bool = False) -> None:
    """A datagram: ports and length stay. What a tunnel carries is left to the caller."""
    _ports(frame, at, end, stand_ins)
    if not is_tunnel:
        _payload(frame, at + 8, end, stand_ins, [])


def _ports(frame: bytearray, at: int, end: int, stand_ins: StandIns) -> None:
    for place in (at, at + 2):
        if place + 2 <= end:
            frame[place : place + 2] = stand_ins.port(int.from_bytes(frame[place : place + 2])).to_bytes(2)
        else:
            frame[place:end] = bytes(max(0, end - place))


def _options(frame: bytearray, at: int, end: int) -> None:
    while at < end and frame[at] != END:
        if frame[at] == NOTHING:
            at += 1
            continue
        length = frame[at + 1] if at + 1 < end else 0
        if length < 2 or at + length > end:
            break
        if frame[at] not in KEPT_OPTIONS:
            frame[at + 2 : at + length] = bytes(length - 2)
        at += length
    frame[at:end] = bytes(max(0, end - at))


def _record_heads(frame: bytearray, at: int, end: int) -> list[int]:
    """Where records of TLS begin in a payload that begins with one."""
    heads = []
    while at + RECORD_HEAD <= end:
        length = int.from_bytes(frame[at + 3 : at + 5])
        is_head = frame[at] in RECORD_TYPES and frame[at + 1] == MAJOR and frame[at + 2] <= HIGHEST_MINOR
        if not is_head or not 0 < length <= LONGEST_RECORD:
            break
        heads.append(at)
        at += RECORD_HEAD + length
    return heads


def _payload(frame: bytearray, at: int, end: int, stand_ins: StandIns, heads: list[int]) -> None:
    if at >= end:
        return
    kept = [(head, bytes(frame[head : head + RECORD_HEAD])) for head in heads]
    frame[at:end] = bytes(end - at)
    for head, content in kept:
        frame[head : head + RECORD_HEAD] = content
    stand_ins.removed.payload_frames += 1
    stand_ins.removed.payload_bytes += end - at - RECORD_HEAD * len(kept)
