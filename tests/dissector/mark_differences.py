"""Why a frame is marked by Wireshark and not by the plugin, or the other way round, told from the packets alone.

The rules here are written apart from the plugin's, so that a test can hold one against the other. What no rule explains
is UNEXPLAINED.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field

from tests.dissector.headers_of import Header, distance
from tests.scenarios.packets import ACK, RST

UNEXPLAINED = "unexplained"
SECOND_NS = 1_000_000_000
SILENCE_NS = 900_000_000

# Wireshark sees a keep-alive probe, and there is none.
WINDOW_CLOSED = "asks whether the closed window is open again"
COPY = "a copy of a frame before"
WRITTEN = "a written byte once more"
IN_FLIGHT = "the peer has not acknowledged all"
NO_SILENCE = "there was no silence before"
# There is a probe, and Wireshark sees none.
NUMBER_UNSEEN = "the capture starts behind the number that is probed"
# Wireshark sees an answer, and there is none.
ANSWERS_NO_PROBE = "the frame before is no probe"
# There is an answer, and Wireshark sees none.
PROBE_UNMARKED = "its probe is not marked"
OTHER_WINDOW = "announces another window"
MORE_THAN_ACK = "carries data or a FIN"


@dataclass(slots=True)
class _Side:
    """What was seen of one sender so far."""

    frames: list[Header] = field(default_factory=list)
    furthest: int | None = None
    acknowledged: int | None = None

    @property
    def window(self) -> int | None:
        return self.frames[-1].window if self.frames else None

    def take(self, header: Header) -> None:
        if self.furthest is None or distance(header.end, self.furthest) > 0:
            self.furthest = header.end
        if header.flags & ACK and (self.acknowledged is None or distance(header.ack, self.acknowledged) > 0):
            self.acknowledged = header.ack
        if not header.flags & RST:
            self.frames.append(header)


def differences(headers: Iterable[Header], probes: Set[int], answers: Set[int]) -> dict[int, str]:
    """The reason for every frame where Wireshark's two marks differ from the plugin's probes and answers.

    `probes` and `answers` are the plugin's, by frame number.
    """
    connections: dict[int, dict[tuple[str, str], _Side]] = {}
    reasons: dict[int, str] = {}
    for header in headers:
        sides = connections.setdefault(header.stream, {})
        sender = sides.setdefault(header.sender, _Side())
        peer = next((side for name, side in sides.items() if name != header.sender), _Side())
        if header.keep_alive and header.frame not in probes:
            reasons[header.frame] = _why_no_probe(header, sender, peer)
        elif header.frame in probes and not header.keep_alive:
            reasons[header.frame] = _why_probe(header, sender)
        elif header.keep_alive_ack and header.frame not in answers:
            reasons[header.frame] = _why_no_answer(peer, probes)
        elif header.frame in answers and not header.keep_alive_ack:
            reasons[header.frame] = _why_answer(header, sender, peer, probes)
        sender.take(header)
    return reasons


def _why_no_probe(header: Header, sender: _Side, peer: _Side) -> str:
    recent = [frame for frame in sender.frames if header.time_ns - frame.time_ns < SECOND_NS]
    if peer.window == 0:
        return WINDOW_CLOSED
    if any(header.repeats(frame) for frame in recent):
        return COPY
    if header.is_written:
        return WRITTEN
    if peer.acknowledged is not None and distance(peer.acknowledged, header.seq + 1) < 0:
        return IN_FLIGHT
    latest = max(frame.time_ns for frame in [*sender.frames[-1:], *peer.frames[-1:]])
    return NO_SILENCE if header.time_ns - latest < SILENCE_NS else UNEXPLAINED


def _why_probe(header: Header, sender: _Side) -> str:
    number = header.seq + 1
    is_unseen = sender.furthest is None or distance(sender.furthest, number) < 0
    # Wireshark, too, learns from the peer's acknowledgment, but not that these are probes.
    return NUMBER_UNSEEN if is_unseen or all(frame.seq == header.seq for frame in sender.frames) else UNEXPLAINED


def _why_no_answer(peer: _Side, probes: Set[int]) -> str:
    return ANSWERS_NO_PROBE if peer.frames and peer.frames[-1].frame not in probes else UNEXPLAINED


def _why_answer(header: Header, sender: _Side, peer: _Side, probes: Set[int]) -> str:
    last = peer.frames[-1] if peer.frames else None
    if last is None or last.frame not in probes or distance(header.ack, last.seq + 1) < 0:
        return UNEXPLAINED
    if not last.keep_alive:
        return PROBE_UNMARKED
    if header.length or not header.is_plain:
        return MORE_THAN_ACK
    return OTHER_WINDOW if sender.window != header.window else UNEXPLAINED
