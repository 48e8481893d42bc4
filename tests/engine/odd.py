"""Captures that are plain but for some odd frames, made at random."""

from __future__ import annotations

from random import Random

from tests.dissector.story import STORY
from tests.dissector.trace import CLIENT, SERVER, Trace
from tests.engine.mutations import BYSTANDERS
from tests.engine.quotes import error_about
from tests.engine.test_equality import OTHER_ROADS
from tests.scenarios.carriers import CARRIERS, ICMP, icmp_unreachable, inner_ethernet, ipv4
from tests.scenarios.packets import ACK, PSH, Address, Segment, segment_of
from tests.scenarios.pcapfile import LINKTYPE_ETHERNET, Frame

ODD = tuple(c for c in CARRIERS if c.name in OTHER_ROADS and c.link_type == LINKTYPE_ETHERNET)
PLAIN = next(carrier for carrier in CARRIERS if carrier.name == "Ethernet")
ETHERNET, SECOND = 14, 1_000_000_000
#: So many frames of a busy connection, so that the others are a small part of the capture.
BUSY = 3000
BUSY_FOR = 200 * SECOND
#: RARP, and ARP of another link.
NEIGHBOURS = tuple(
    bytes.fromhex("ffffffffffff020000000001" + head) + bytes(40)
    for head in ("80350001080006040003", "08060006080006040001")
)


def busy(chance: Random, port: int) -> list[Frame]:
    """A connection that the capture joins in the middle, and that never rests."""
    frames, numbers = [], [1000, 5000]
    ends = Address(CLIENT.ip, port), SERVER
    for place in range(BUSY):
        side = place % 2
        length = chance.randrange(100) if side == 0 else 0
        segment = Segment(
            ends[side], ends[1 - side], numbers[side], numbers[1 - side], ACK | PSH, 500, place, payload=bytes(length)
        )
        numbers[side] += length
        frames.append(Frame(Trace(STORY).frames[0].time_ns + place * BUSY_FOR // BUSY, PLAIN.wrap(segment)[0].octets))
    return frames


def with_odd_frames(chance: Random) -> list[Frame]:
    """A busy connection; stories in Ethernet; of some of them a few or all frames in an odd carrier, and odd frames of
    nobody: errors about segments, in fragments too, and hosts that ask for addresses.
    """
    frames = busy(chance, CLIENT.port + 100)
    for number in range(chance.randrange(1, 6)):
        shift = chance.randrange(100 * SECOND)
        carrier, share = chance.choice(ODD), chance.choice((0.0, 0.0, 0.05, 0.3, 1.0))
        for frame in Trace(STORY, client=Address(CLIENT.ip, CLIENT.port + number // 2)).frames:
            segment = segment_of(frame.octets)
            wrapped = (carrier if chance.random() < share else PLAIN).wrap(segment)
            frames += [Frame(frame.time_ns + shift, one.octets, one.length) for one in wrapped]
            if chance.random() < 0.02:
                error = error_about(frame.octets[ETHERNET:].ljust(60, b"\0"), chance, chance.random() < 0.5)
                frames.append(Frame(frame.time_ns + shift + 1_000_000, error))
            if chance.random() < 0.01:
                quoting = icmp_unreachable(frame.octets[ETHERNET:])
                frames += [
                    Frame(frame.time_ns + shift + 2_000_000, inner_ethernet(ipv4(ICMP, body, fragment=fragment)))
                    for body, fragment in ((quoting[:24], 0x2000), (quoting[24:], 3))
                ]
            if chance.random() < 0.01:
                frames.append(Frame(frame.time_ns + shift, chance.choice((*BYSTANDERS, *NEIGHBOURS))))
    frames.sort(key=lambda frame: frame.time_ns)
    return frames
