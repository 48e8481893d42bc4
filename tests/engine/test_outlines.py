"""What the fast reader keeps of a capture is what the frames say that tshark gives; and what it calls quiet is well."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from pyreport.base.errors import InputError, ToolError
from pyreport.capture.engine import Engine
from pyreport.capture.file import open_capture
from pyreport.capture.limits import NO_LIMITS, Limits
from pyreport.capture.tshark import Tshark
from pyreport.choice.plainly_well import is_plainly_well
from pyreport.choice.worth_telling import rows_of
from pyreport.connections.outline import Outline
from pyreport.connections.reading import Reading, read_capture
from pyreport.diagnosis.connection import diagnose_connection
from pyreport.diagnosis.result import Kind
from tests.engine.mutations import write
from tests.engine.test_equality import SCENARIOS
from tests.engine.test_random_captures import EXAMPLES
from tests.support.leftovers import ending_its_readers
from tests.support.public import needs_public_captures, public_captures
from tests.support.tiny_capture import ACK, CLIENT, FIN, SERVER, SYN, segment, write_pcap

PSH = 0x08


def read(tshark: Tshark, capture: Path, engine: Engine, limits: Limits = NO_LIMITS) -> Reading | None:
    """None when this engine does not read it, or there is no TCP in it."""
    try:
        return read_capture(tshark, replace(open_capture(str(capture)), limits=limits), engine=engine)
    except (InputError, ToolError):
        return None


def assert_kept(fast: Reading, slow: Reading) -> None:
    """Span, outlines, rests, times and, read again, the frames are those of tshark's rows."""
    assert fast.span == slow.span
    assert list(fast.index.connections) == list(slow.index.connections)
    assert fast.index.longest_rest == slow.index.longest_rest
    assert closes_of(fast) == closes_of(slow)
    for mine, theirs in zip(fast.index.connections.values(), slow.index.connections.values(), strict=True):
        assert mine.found_ids == theirs.found_ids
        assert as_seen_by_tshark(mine.outline) == theirs.outline
        assert (mine.a, mine.b, mine.findings) == (theirs.a, theirs.b, theirs.findings)
        assert list(fast.index.times_of(mine.a.host)) == slow.index.times_of(mine.a.host)
    fast.load(list(fast.index.connections.values())[::2])
    for mine, theirs in zip(fast.index.connections.values(), slow.index.connections.values(), strict=True):
        assert mine.frames == theirs.frames


def closes_of(reading: Reading) -> list[tuple[object, ...]]:
    """All that is kept of each connection's first close, and its finding."""
    return [
        (
            stream,
            *(close.frame, close.time_ns, close.source),
            *(close.data_idle_ns, close.last_data_ns, close.is_unprompted, close.finding),
        )
        for stream, close in reading.index.first_close.items()
    ]


def as_seen_by_tshark(outline: Outline) -> Outline:
    return replace(outline, is_quiet=False, payload_from=-1, payload_ns=0)


def assert_well(reading: Reading) -> int:
    """Judged, what is plainly well has nothing to say. Returns how many connections are."""
    count = 0
    for connection in reading.index.connections.values():
        if is_plainly_well(reading.index, reading.span, connection):
            count += 1
            judged = diagnose_connection(reading, connection)
            assert not rows_of([judged]), connection.stream
            assert judged[2].kind is not Kind.UNDETERMINED, connection.stream
    return count


@pytest.mark.parametrize("capture", SCENARIOS, ids=lambda path: path.name)
def test_the_scenarios(capture: Path, tshark: Tshark) -> None:
    fast, slow = read(tshark, capture, Engine.FAST), read(tshark, capture, Engine.TSHARK)
    assert fast is not None
    assert slow is not None
    assert_kept(fast, slow)
    assert_well(fast)


def test_captures_at_random(tshark: Tshark, tmp_path: Path) -> None:
    compared = 0
    for seed in range(10_000, 10_000 + EXAMPLES):
        capture = tmp_path / f"{seed}.pcap"
        write(capture, Random(seed))
        with ending_its_readers(tshark) as opened:
            fast = read(opened, capture, Engine.FAST)
            slow = read(opened, capture, Engine.TSHARK) if fast is not None else None
            if fast is not None and slow is not None:
                assert_kept(fast, slow)
                assert_well(fast)
                compared += 1
    assert compared > EXAMPLES // 4


@pytest.mark.parametrize("octets", [0, 1], ids=["without an octet", "with one"])
@pytest.mark.parametrize("has_reply", [True, False], ids=["replied to", "not replied to"])
def test_probes_behind_a_request(tshark: Tshark, tmp_path: Path, octets: int, has_reply: bool) -> None:
    """The octet that the probes of some systems carry is garbage, and no request that somebody would owe a reply."""
    # Without timestamps: a clock that stands still would be looked at.
    ask, answer = (
        partial(segment, one, other, has_timestamp=False) for one, other in ((CLIENT, SERVER), (SERVER, CLIENT))
    )
    frames = [ask(SYN, 100, 0), answer(SYN | ACK, 500, 101), ask(ACK, 101, 501)]
    frames += [ask(PSH | ACK, 101, 501, bytes(10)), answer(PSH | ACK, 501, 111, bytes(20))]
    frames += [ask(PSH | ACK, 111, 521, bytes(10)), answer(PSH | ACK, 521, 121, bytes(20 * has_reply))]
    end = 521 + 20 * has_reply
    for _ in range(9):
        frames += [ask(ACK, 120, end, bytes(octets)), answer(ACK, end, 121)]
    fast = read(tshark, write_pcap(tmp_path / "c.pcap", frames), Engine.FAST)
    assert fast is not None
    (connection,) = fast.index.connections.values()
    assert is_plainly_well(fast.index, fast.span, connection) is has_reply
    assert_well(fast)


@pytest.mark.parametrize("has_reply", [True, False], ids=["replied to", "closed instead"])
def test_a_server_that_closes_behind_a_request(tshark: Tshark, tmp_path: Path, has_reply: bool) -> None:
    """It may have closed instead of replying (https://github.com/nodejs/node/issues/6795), and is judged."""
    ask, answer = (
        partial(segment, one, other, has_timestamp=False) for one, other in ((CLIENT, SERVER), (SERVER, CLIENT))
    )
    frames = [ask(SYN, 100, 0), answer(SYN | ACK, 500, 101), ask(ACK, 101, 501)]
    frames += [ask(PSH | ACK, 101, 501, bytes(10)), answer(PSH | ACK, 501, 111, bytes(20))]
    frames += [ask(PSH | ACK, 111, 521, bytes(200)), *[answer(PSH | ACK, 521, 311, bytes(20))][: int(has_reply)]]
    end = 521 + 20 * has_reply  # one frame a second: no later than the reply before
    frames += [answer(FIN | ACK, end, 311), ask(FIN | ACK, 311, end + 1), answer(ACK, end + 1, 312)]
    fast = read(tshark, write_pcap(tmp_path / "c.pcap", frames), Engine.FAST)
    assert fast is not None
    (connection,) = fast.index.connections.values()
    assert is_plainly_well(fast.index, fast.span, connection) is has_reply
    assert_well(fast)


@needs_public_captures
def test_public_captures(tshark: Tshark) -> None:
    well = 0
    for capture in sorted(public_captures().iterdir()):
        with ending_its_readers(tshark) as opened:
            fast = read(opened, capture, Engine.FAST) if ".pcap" in capture.name else None
            if fast is not None:
                well += assert_well(fast)
    assert well
