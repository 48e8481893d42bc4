"""Drives the pure-Lua core (lua/keepalive_tracker.lua) directly. The only module here that knows its interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from lupa import lua52, lua54

from tests.property.path import Captured
from tests.scenarios.simulation import MILLISECOND
from tests.support.plugin import REPOSITORY

# Makes a tracker and returns: observe (one segment; returns the records of its frame as they are known then), finish
# (at the capture's end), records (of a frame). Records come as id, level, data, id, level, data ...
# Raises when a record, also one that later frames completed, lacks a datum that the catalogue says is always there, or
# has one that the catalogue does not declare.
DRIVER = """
local tracker_of = require "keepalive_tracker"
local catalogue = require "keepalive_catalogue"
local function check(record)
    catalogue.record(record.id, record.level, record.data)
end
return function(settings)
    local tracker = tracker_of.new(settings)
    local segment = {}
    function segment.endpoints() return segment.source, segment.destination end
    function segment.payload() return segment.head end
    local function flat(frame)
        local list = {}
        for _, record in ipairs(tracker:records(frame) or {}) do
            check(record)
            local data = {}
            for name, value in pairs(record.data) do data[name] = value end
            list[#list + 1] = record.id
            list[#list + 1] = record.level
            list[#list + 1] = data
        end
        return list[1] and list
    end
    local function observe(frame, time, stream, source, destination, seq, ack, len, flags, window, clock_steps, is_all)
        segment.frame, segment.time, segment.stream = frame, time, stream
        segment.source, segment.destination, segment.head = source, destination, "xx"
        segment.seq, segment.ack, segment.len, segment.flags, segment.window = seq, ack, len, flags, window
        segment.clock_steps = clock_steps
        if is_all then
            tracker:pass(frame, time)
        end
        tracker:observe(segment)
        return flat(frame)
    end
    return observe, function(time) tracker:finish(time) end, flat
end
"""
# The text of each token: finding, datum, token, text, finding, datum, token, text ...
TOKENS = """
local catalogue, list = require "keepalive_catalogue", {}
for _, finding in ipairs(catalogue.findings) do
    for _, datum in ipairs(finding.data) do
        for _, token in ipairs(datum.values or {}) do
            local text = catalogue.text_of(token)
            for _, part in ipairs { finding.id, datum.name, token, text } do list[#list + 1] = part end
        end
    end
end
return list
"""
FLAT = 3  # id, level, data


class Row(NamedTuple):
    """A segment as the tracker takes it. `time_ns` counts from the capture's first frame; `clock_steps` is how often
    the capture's clock was set back before.
    """

    time_ns: int
    source: str
    destination: str
    seq: int
    ack: int
    length: int
    flags: int
    window: int
    stream: int = 0
    clock_steps: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """The plugin's preferences, with their defaults; durations in ns."""

    idle: int = 0
    interval: int = 0
    slack: int = 200 * MILLISECOND
    min_gap: int = 900 * MILLISECOND
    probes: int = 0


class Finding(NamedTuple):
    """A finding on a frame; `data` by name, sorted."""

    frame: int
    id: str
    level: str
    data: tuple[tuple[str, int | str], ...]

    def datum(self, name: str) -> Any:
        """A datum by its name, None when it is not there."""
        return dict(self.data).get(name)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one pass shows (each frame as known when it came by) and what two passes show."""

    in_one_pass: list[Finding]
    in_two_passes: list[Finding]

    def of(self, identifier: str) -> list[Finding]:
        """The findings of a kind, as two passes show them."""
        return [finding for finding in self.in_two_passes if finding.id == identifier]


def rows_of(capture: Iterable[Captured], stream: int = 0) -> list[Row]:
    """The segments of a capture."""
    return [
        Row(time, s.sender, s.sender.peer, s.seq, s.ack, s.length, s.flags, s.window, stream) for time, s in capture
    ]


def _lua(runtime: Any) -> Any:
    lua = runtime.LuaRuntime(unpack_returned_tuples=True)
    lua.globals().package.path = f"{REPOSITORY}/lua/?.lua"
    return lua


@cache
def texts_of_tokens() -> dict[tuple[str, str, str], str]:
    """What a reader sees for a token, by finding, datum and token."""
    parts = iter(_lua(lua54).execute(TOKENS).values())
    return {(finding, name, token): text for finding, name, token, text in zip(parts, parts, parts, parts, strict=True)}


@cache
def _driver(runtime: Any) -> Callable[[Any], Any]:
    lua = _lua(runtime)
    new = lua.execute(DRIVER)

    def start(settings: Settings) -> Any:
        names = Settings.__slots__
        return new(lua.table_from({name: getattr(settings, name) for name in names}))

    return start


def _findings(frame: int, flat: Any) -> Iterator[Finding]:
    if flat:
        for i in range(1, len(flat) + 1, FLAT):
            data = ((name, value if isinstance(value, str) else int(value)) for name, value in flat[i + 2].items())
            yield Finding(frame, flat[i], flat[i + 1], tuple(sorted(data)))


TOLD_NOTHING = Settings()


def run(
    rows: Iterable[Row], end_ns: int, settings: Settings = TOLD_NOTHING, runtime: Any = lua54, *, is_all: bool = False
) -> Findings:
    """What the tracker finds. `end_ns` is the time of the capture's last frame; `is_all`: the rows are all that it
    has, so that it rests between them. A Lua error raises.
    """
    observe, finish, records = _driver(runtime)(settings)
    one_pass: list[Finding] = []
    last = 0
    for last, row in enumerate(rows, start=1):
        flat = observe(
            last,
            row.time_ns,
            row.stream,
            row.source,
            row.destination,
            row.seq,
            row.ack,
            row.length,
            row.flags,
            row.window,
            row.clock_steps,
            is_all,
        )
        one_pass += _findings(last, flat)
    finish(end_ns)
    two_passes = [finding for frame in range(1, last + 1) for finding in _findings(frame, records(frame))]
    return Findings(one_pass, two_passes)


LUA_5_2, LUA_5_4 = lua52, lua54
