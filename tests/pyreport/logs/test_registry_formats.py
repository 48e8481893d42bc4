"""What each format of a log line yields, and that hostile input costs and breaks nothing."""

from __future__ import annotations

import json
import random
import time

import pytest

from pyreport.logs.registry import FORMATS, understand
from pyreport.logs.wrapping import unwrap
from tests.pyreport.log_samples import SAMPLES, Sample


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{n}-{s.format}" for n, s in enumerate(SAMPLES)])
def test_a_line_yields_what_it_contains(sample: Sample) -> None:
    log = understand(sample.line)
    assert log is not None
    assert (log.format, log.errno, log.operation) == (sample.format, sample.errno, sample.operation)
    assert (str(log.local), str(log.remote)) == (sample.local, sample.remote)
    for name, value in sample.more.items():
        assert getattr(log, name) == value, name


def test_every_format_has_a_sample() -> None:
    used = {next((name for name, parse in FORMATS.items() if parse(unwrap(s.line))), "") for s in SAMPLES}
    assert used == {*FORMATS, ""}


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{n}-{s.format}" for n, s in enumerate(SAMPLES)])
@pytest.mark.parametrize(
    "wrap",
    [
        lambda line: f"2024-05-16T09:14:29.123456789Z stderr F {line}",
        lambda line: f"<14>May 16 09:14:29 host app[12]: {line}",
        lambda line: f"\x1b[31;1m{line}\x1b[0m\r",
        lambda line: f"\x00{line}\x07",
        lambda line: json.dumps({"log": f"{line}\n", "stream": "stderr", "time": "2024-05-16T09:14:29.123456789Z"}),
    ],
    ids=["kubernetes", "syslog", "colours", "control", "docker"],
)
def test_wrapping_changes_nothing(sample: Sample, wrap: object) -> None:
    assert callable(wrap)
    log = understand(wrap(sample.line))
    assert log is not None
    assert (log.format, log.errno, str(log.local), str(log.remote)) == (
        sample.format, sample.errno, sample.local, sample.remote,
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["", "timeout", "consumer timed out again", "a->b", "10.0.0.1->10.0.0.2", "{}", '{"a": {"b": [1, 2, {"c": 3}]}}',
     "Node 2 connected", "idle", "EOF", "GET /broken/pipe HTTP/1.1", "{" * 5000 + "}" * 5000],
)  # fmt: skip
def test_a_line_without_an_error_is_none(line: str) -> None:
    assert understand(line) is None


UNIT = 1 << 15
# What makes a pattern try again at each character: long runs of what its parts begin with.
RUNS = [
    "a", " ", "1", "a.", "a-", "a:", ":", "1.", "1:", "[", "ab:1", "/", "->", "(", "'", '"', "\\", "é", "\t", "{",
    "\x1b[", "\x00", "read tcp ", "write tcp 1.1.1.1:1->", "at 1:1 ", "redis", "FATAL:  ", "client: ", "node 1 ", "%3|",
    "2024-01-01 00:00:0", "host='",
    '"GET ', "[EPIPE,", "referer: ", "closing connection ", "1.1.1.1/80 to ", "(1.1.1.1, ",
    "Timeout reading from ", "<Kafka ", "Connection with a", "packets.go:1:",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS, ids=repr)
def test_a_long_line_costs_no_more_than_its_length(run: str) -> None:
    """Four times the length may cost ten times the time, not sixteen."""

    def cost(length: int) -> float:
        line = (run * length)[:length]
        started = time.process_time()
        understand(line)
        return time.process_time() - started

    short, long = cost(UNIT), cost(4 * UNIT)
    assert long < 10 * short + 0.2


@pytest.mark.slow
def test_an_error_at_the_end_of_a_megabyte_is_found() -> None:
    log = understand("x=1 " * (1 << 18) + "write tcp 10.0.0.1:4->10.0.0.5:9092: write: broken pipe")
    assert log is not None
    assert (str(log.remote), log.errno) == ("10.0.0.5:9092", "EPIPE")
    assert len(log.line) < 3000


def test_any_bytes_are_read() -> None:
    chance = random.Random(4)
    for sample in SAMPLES:
        raw = bytearray(sample.line.encode())
        for _ in range(20):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        understand(raw.decode("utf-8", "replace"))
        understand(sample.line[: chance.randrange(len(sample.line))])
