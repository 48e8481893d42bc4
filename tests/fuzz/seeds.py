"""What the inputs are made of before they are made wrong. FUZZ_SEEDS names more folders of captures, parted by ":"."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from pathlib import Path
from random import Random

from tests.dissector import cases_closing, cases_copies, cases_partial, cases_probing, cases_window
from tests.dissector.story import STORY
from tests.dissector.trace import CLIENT, SERVER, Trace
from tests.engine.mutations import write
from tests.fuzz.pieces import pieces
from tests.pyreport.log_samples import SAMPLES
from tests.scenarios.carriers import CARRIERS
from tests.scenarios.packets import segment_of
from tests.scenarios.pcapfile import Frame, write_pcap
from tests.scenarios.pcapngfile import Interface, write_pcapng
from tests.scenarios.two_ends import EVERY_SECOND, TwoEnds
from tests.support.plugin import REPOSITORY

CASES = [
    case
    for module in (cases_probing, cases_window, cases_partial, cases_copies, cases_closing)
    for case in module.CASES.values()
]
ARTICLE = REPOSITORY / "tests" / "scenarios" / "article"
#: Of a large capture, so many records are taken.
MOST_RECORDS = 250
LARGEST = 1 << 20

#: What must not be in a redacted output: payload and addresses of the capture that ``planted`` makes.
PAYLOAD = b"Wq7#zK2!vX9&bJ4@nT6~gY8$"
# Of no block that keeps its meaning (pyreport/redaction/prefixes.py): else another address may get one of these.
PLANTED_ADDRESSES = ("23.45.67.89", "101.43.22.202")


#: So many captures are made, each when it is wanted first.
POOL = 400


def capture(chance: Random) -> bytes:
    """A capture that nothing is wrong with: a story in one of many carriers, several of them at random, a part of the
    article's, one of FUZZ_SEEDS.
    """
    return _pooled(chance.randrange(POOL))


@functools.cache
def _pooled(number: int) -> bytes:
    chance = Random(number)
    makers: list[Callable[[Random], bytes]] = [_case, _carried, _at_random, _part_of_article, lambda c: pair(c)[0]]
    if others():
        makers += [_other] * 3
    return chance.choice(makers)(chance)


def _written(frames: list[Frame], chance: Random, link_type: int = 1) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        path = Path(file.name)
        if chance.random() < 0.4:
            resolution = chance.choice((6, 9, 3))
            write_pcapng(path, [Interface(link_type, resolution)], [(0, frame) for frame in frames])
        else:
            write_pcap(path, frames, link_type=link_type, nanoseconds=chance.random() < 0.5, clock_may_jump=True)
        return path.read_bytes()


def _case(chance: Random) -> bytes:
    case = chance.choice(CASES)
    return _written(Trace(case.trace, client_isn=case.client_isn).frames, chance)


def _carried(chance: Random) -> bytes:
    carrier = chance.choice(CARRIERS)
    frames = [
        Frame(frame.time_ns, one.octets, one.length)
        for frame in Trace(STORY).frames
        for one in carrier.wrap(segment_of(frame.octets))
    ]
    return _written(frames, chance, carrier.link_type)


def _at_random(chance: Random) -> bytes:
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        write(Path(file.name), chance)
        return Path(file.name).read_bytes()


def _part_of_article(chance: Random) -> bytes:
    return _part((ARTICLE / "article.pcap").read_bytes(), chance)


def _part(octets: bytes, chance: Random) -> bytes:
    header, *records = pieces(octets)
    first = chance.randrange(max(1, len(records) - MOST_RECORDS + 1))
    if octets[:4] == b"\x0a\x0d\x0d\x0a":  # its interfaces come first, mostly
        return b"".join((header, *records[:MOST_RECORDS]))
    return b"".join((header, *records[first : first + MOST_RECORDS]))


@functools.cache
def others() -> tuple[bytes, ...]:
    """The captures of the folders that FUZZ_SEEDS names."""
    folders = filter(None, os.environ.get("FUZZ_SEEDS", "").split(":"))
    paths = sorted(path for folder in folders for path in Path(folder).glob("*.pcap*"))
    return tuple(path.read_bytes() for path in paths if 24 < path.stat().st_size <= LARGEST)


def _other(chance: Random) -> bytes:
    octets = chance.choice(others())
    return _part(octets, chance) if len(octets) > 30_000 else octets


@functools.cache
def _pairs() -> tuple[tuple[list[Frame], list[Frame]], ...]:
    worlds = [TwoEnds(server_probes=EVERY_SECOND), TwoEnds(), TwoEnds(jitter_us=2000)]
    worlds[0].forge_reset_to_client(4.5)
    worlds[1].at(5.2, worlds[1].connection.server.close)
    return tuple(world.run(9) for world in worlds)


def pair(chance: Random) -> tuple[bytes, bytes]:
    """Captures of both ends of one connection."""
    client, server = chance.choice(_pairs())
    return _written(client, chance), _written(server, chance)


def planted(chance: Random) -> bytes:
    """A capture with PAYLOAD wherever it has some, between PLANTED_ADDRESSES, in any carrier."""
    carrier = chance.choice(CARRIERS)
    frames = []
    for frame in Trace(STORY).frames:
        for one in carrier.wrap(segment_of(_with_payload(frame.octets))):
            octets = one.octets
            for old, new in zip((CLIENT.ip, SERVER.ip), PLANTED_ADDRESSES, strict=True):
                octets = octets.replace(old.packed, ip_address(new).packed)
            frames.append(Frame(frame.time_ns, octets, one.length))
    return _written(frames, chance, carrier.link_type)


def _with_payload(octets: bytes) -> bytes:
    """The story's payload (at least ten bytes: a probe's is one or none) is PAYLOAD's beginning."""
    total = int.from_bytes(octets[16:18])
    begins, ends = 14 + 20 + (octets[46] >> 4) * 4, 14 + total
    if ends - begins < 10:
        return octets
    return octets[:begins] + (PAYLOAD * 40)[: ends - begins] + octets[ends:]


@functools.cache
def log_lines() -> tuple[str, ...]:
    """Lines of logs, those of the article's among them."""
    own = (ARTICLE / "app.log").read_text(encoding="utf-8").splitlines()
    return (*(sample.line for sample in SAMPLES), *own)


def lines_of(chance: Random, count: int) -> Iterator[str]:
    """Some of the lines."""
    return (chance.choice(log_lines()) for _ in range(count))
