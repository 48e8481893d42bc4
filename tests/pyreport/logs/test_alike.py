"""Records that are alike are read once: what is put in is what the full reading says."""

from __future__ import annotations

import random
import re

import pytest

from pyreport.logs.alike import Alike
from pyreport.logs.model import Entry, LogError
from pyreport.logs.registry import read_entry
from pyreport.logs.wording import wordings
from pyreport.logs.wrapping import unwrap
from tests.pyreport.log_samples import SAMPLES

LINES = [sample.line for sample in SAMPLES] + [line for row in wordings() for line in row.lines]
FRAMES = [
    "2024-05-16 09:14:29.123 ERROR [worker-7] client.go:118: {} from 10.0.0.7:40112",
    "May 16 09:14:29 host app[812]: {} (10.0.0.7:40112->10.0.0.5:9092)",
    '{{"ts":"2024-05-16T09:14:29.123Z","msg":"x","error":"{}","trace":"4bf92f3577b34da6a3ce929d0e0e4736"}}',
    "{}",
]


def other(text: str, chance: random.Random) -> str:
    """The text with other addresses, times and identifiers of the same lengths."""
    names: dict[str, str] = {}

    def digits(found: re.Match[str]) -> str:
        return names.setdefault(found[0], "".join(str(chance.randrange(1, 6)) if c.isdigit() else c for c in found[0]))

    text = re.sub(r"\b10\.\d\.\d\.\d\b", digits, text)
    text = re.sub(r"(?<=\d:)\d{5}\b", digits, text)
    return text.replace("09:14:29.123", "03:51:42.415").replace("worker-7", "worker-3").replace("app[812]", "app[215]")


@pytest.mark.parametrize("frame", FRAMES)
def test_what_is_put_in_is_what_is_read(frame: str) -> None:
    chance = random.Random(7)
    full: list[Entry] = []

    def read(entry: Entry) -> LogError | None:
        full.append(entry)
        return read_entry(entry)

    alike = Alike(read)
    for line in LINES:
        record = frame.format(line.replace('"', "'")) if "msg" in frame else frame.format(line)
        for text in (record, other(record, chance), other(record, chance)):
            entry = unwrap(text)
            assert alike.read(entry) == read_entry(entry), text
    assert len(full) < 2.2 * len(LINES)  # of three readings each


READ = "read tcp 10.0.0.1:40000->10.0.0.5:9092: read: connection reset by peer"


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("curl: (56) Recv failure", "curl: (28) Recv failure"),  # other errors
        ("failed: errno 104", "failed: errno 110"),
        ("idle for 901702 ms, connection lost", "idle for 123456 ms, connection lost"),  # other ages
        ("ERROR lost 10.0.0.5:9092 10.0.0.5:9092", "ERROR lost 10.0.0.5:9092 10.0.0.6:9092"),  # one end, and two
        ("ERROR connection to kafka-1:9092 lost", "ERROR connection to kafka-2:9092 lost"),
        ("ERROR connection to kafka-1 port 9092 lost", "ERROR connection to kafka-2 port 9092 lost"),
        (READ, READ.replace("10.0.0.1", "10.0.999.1")),  # no address
        (READ, READ.replace("40000", "70000")),
    ],
)
def test_what_decides_is_read_again(first: str, then: str) -> None:
    alike = Alike(read_entry)
    for text in (first, then, first):
        assert alike.read(unwrap(text)) == read_entry(unwrap(text))


def test_memory_is_bounded() -> None:
    alike = Alike(read_entry)
    for number in range(10_000):
        alike.read(Entry(f"ordinary line {number}"))
    assert len(alike._kinds) <= 4096
