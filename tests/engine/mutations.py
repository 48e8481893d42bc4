"""Captures made at random: what a file can be, what a frame can be, and what may have happened to both."""

from __future__ import annotations

import struct
from pathlib import Path
from random import Random

from tests.dissector.story import STORY, TRACE
from tests.dissector.trace import Trace
from tests.scenarios.carriers import CARRIERS, icmp_unreachable, inner_ethernet, ipv4, udp
from tests.scenarios.packets import Address, segment_of
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.pcapngfile import POWER_OF_TWO, Interface, write_pcapng

PLAIN_LINKS = (
    "Ethernet",
    "IPv6",
    "VLAN",
    "QinQ",
    "Linux cooked v1",
    "Linux cooked v2",
    "raw IP",
    "raw IP, IPv6",
    "BSD loopback",
    "PPP",
    "TCP options",
    "padding and trailer",
    "cut behind the TCP header",
    "cut inside the payload",
)
PLAIN = tuple(carrier for carrier in CARRIERS if carrier.name in PLAIN_LINKS)
RESOLUTIONS = (3, 6, 7, 9, 10, POWER_OF_TWO | 10, POWER_OF_TWO | 33)

ARP_HEAD = bytes.fromhex("ffffffffffff02000000000108060001080006040001")[:20]
ARP_REQUEST = "0001020000000001c0000201000000000000c0000202" + "00" * 18
ARP_REPLY = "0002020000000002c0000202020000000001c0000201" + "00" * 18
TARGET = bytes.fromhex("20010db8000000000000000000000002")
ND_HEAD = bytes.fromhex("33330000000202000000000186dd6000000000183aff20010db8000000000000000000000001") + TARGET

#: Frames of other protocols, on Ethernet.
BYSTANDERS = (
    bytes.fromhex("0180c200000002000000000100264242") + bytes(36),  # spanning tree
    inner_ethernet(ipv4(17, udp(53, b"query")[20:])),
    inner_ethernet(ipv4(1, bytes.fromhex("0800000000010001"))),  # echo request
    inner_ethernet(ipv4(2, bytes.fromhex("1600000000000000"))),  # IGMP
    *(ARP_HEAD + bytes.fromhex(body) for body in (ARP_REQUEST, ARP_REPLY)),
    *(ND_HEAD + bytes.fromhex(f"{kind:02x}00000000000000") + TARGET for kind in (135, 136)),
)
QUOTING = inner_ethernet(icmp_unreachable(bytes(28)))


def story(chance: Random) -> list[tuple[int, Frame]]:
    """The frames of up to five connections, each with the number of its carrier, in order of time; some ports come
    again, some clocks run apart.
    """
    packets: list[tuple[int, Frame]] = []
    for _ in range(1 + int(5 * chance.random())):
        index = chance.randrange(len(PLAIN))
        client = Address(TRACE.client.ip, TRACE.client.port + chance.randrange(3))
        shift = chance.randrange(0, 3_000_000_000_000)
        for frame in Trace(STORY, client=client).frames:
            carried = PLAIN[index].wrap(segment_of(frame.octets))
            packets += [(index, Frame(frame.time_ns + shift, one.octets, one.length)) for one in carried]
    packets.sort(key=lambda packet: packet[1].time_ns)
    return packets


def damaged(packets: list[tuple[int, Frame]], chance: Random) -> list[tuple[int, Frame]]:
    """Some frames are lost, doubled, cut, changed in the headers, late, or of a clock that was set."""
    share = chance.choice((0.0, 0.0, 0.01, 0.05))
    result: list[tuple[int, Frame]] = []
    moved = 0
    for index, frame in packets:
        octets, length = frame.octets, frame.length
        if chance.random() < share:
            match chance.randrange(6):
                case 0:
                    continue
                case 1:
                    result.append((index, Frame(frame.time_ns + moved, octets, length)))
                case 2:
                    octets = octets[: chance.randrange(len(octets) + 1)]
                case 3 if octets:
                    place = chance.randrange(min(len(octets), 60))
                    octets = octets[:place] + bytes([chance.randrange(256)]) + octets[place + 1 :]
                case 4:
                    moved += chance.randrange(-60_000_000_000, 10_000_000_000)
                case _:
                    place = max(0, len(octets) - 24)
                    octets = octets[:place] + bytes(chance.randrange(256) for _ in octets[place:])
        result.append((index, Frame(max(0, frame.time_ns + moved), octets, max(length, len(octets)))))
    return result


def write(path: Path, chance: Random) -> None:
    """A capture: pcap or pcapng of any byte order and clock, perhaps with bystanders, perhaps cut short or damaged."""
    packets = damaged(story(chance), chance)
    if chance.random() < 0.5:
        link = packets[0][0]
        frames = [frame for index, frame in packets if index == link]
        if PLAIN[link].link_type == 1:
            frames = _with_bystanders(frames, chance)
        write_pcap(
            path,
            frames,
            link_type=PLAIN[link].link_type,
            nanoseconds=chance.random() < 0.5,
            clock_may_jump=True,
        )
        if chance.random() < 0.3:
            path.write_bytes(big_endian_pcap(path.read_bytes()))
    else:
        interfaces = [Interface(carrier.link_type, chance.choice(RESOLUTIONS)) for carrier in PLAIN]
        write_pcapng(path, interfaces, packets)
    octets = path.read_bytes()
    if chance.random() < 0.3:
        octets = octets[: chance.randrange(28, len(octets))]
    if chance.random() < 0.1:
        place = chance.randrange(len(octets))
        octets = octets[:place] + bytes([chance.randrange(256)]) + octets[place + 1 :]
    path.write_bytes(octets)


def _with_bystanders(frames: list[Frame], chance: Random) -> list[Frame]:
    result = []
    for frame in frames:
        if chance.random() < 0.05:
            result.append(Frame(frame.time_ns, chance.choice(BYSTANDERS)))
        result.append(frame)
    if chance.random() < 0.05:
        result.append(Frame(frames[-1].time_ns, QUOTING))
    return result


def big_endian_pcap(octets: bytes) -> bytes:
    """The same file as a machine of the other byte order writes it."""
    result = [struct.pack(">IHHiIII", *struct.unpack_from("<IHHiIII", octets))]
    place = 24
    while place < len(octets):
        head = struct.unpack_from("<IIII", octets, place)
        result += [struct.pack(">IIII", *head), octets[place + 16 : place + 16 + head[2]]]
        place += 16 + head[2]
    return b"".join(result)
