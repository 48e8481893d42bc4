"""A capture of one connection with very many keep-alive probes and hundreds of findings, to measure the report with:
some probes unanswered, some intervals missed, then the peer's close and a write behind it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from tests.support.tiny_capture import ACK, CLIENT, FIN, SERVER, SYN, segment

START_NS = 1_664_467_200 * 1_000_000_000
CADENCE_NS, ANSWER_NS = 5_008_000_000, 220_000
UNANSWERED_EVERY, MISSED_EVERY = 100, 90
RST = 0x04
OTHER = ("192.0.2.9", 40001)


def write_probes(path: Path, count: int) -> Path:
    """Write the capture with that many probes."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 65535, 1))
        for time_ns, frame in _frames(count):
            seconds, rest = divmod(time_ns, 1_000_000_000)
            file.write(struct.pack("<IIII", seconds, rest, len(frame), len(frame)) + frame)
    return path


def _frames(count: int) -> Iterator[tuple[int, bytes]]:
    now = START_NS
    heard = 0

    def sent(
        source: tuple[str, int], target: tuple[str, int], flags: int, seq: int, ack: int, after_ns: int = 0
    ) -> tuple[int, bytes]:
        """A segment by a host whose timestamps tick every millisecond, as Linux's do."""
        nonlocal heard
        value, echo = (now + after_ns - START_NS) // 1_000_000 + 1, heard
        heard = value
        return now + after_ns, segment(source, target, flags, seq, ack, timestamps=(value, echo))

    yield sent(CLIENT, SERVER, SYN, 100, 0)
    yield sent(SERVER, CLIENT, SYN | ACK, 500, 101, ANSWER_NS)
    yield sent(CLIENT, SERVER, ACK, 101, 501, 2 * ANSWER_NS)
    for number in range(1, count + 1):
        now += CADENCE_NS
        if number % MISSED_EVERY == 0:
            # Others are heard meanwhile: it is no hole in the capture.
            for second in range(15):
                yield sent(OTHER, SERVER, ACK, 7_000, 9_000, second * 1_000_000_000)
            now += 3 * CADENCE_NS
        yield sent(CLIENT, SERVER, ACK, 100, 501)
        if number % UNANSWERED_EVERY:
            yield sent(SERVER, CLIENT, ACK, 501, 101, ANSWER_NS)
    yield sent(SERVER, CLIENT, FIN | ACK, 501, 101, 1_000_000_000)
    yield sent(CLIENT, SERVER, ACK, 101, 502, 1_000_050_000)
    yield sent(CLIENT, SERVER, ACK, 100, 502, CADENCE_NS)
    yield sent(SERVER, CLIENT, RST, 502, 0, CADENCE_NS + ANSWER_NS)
