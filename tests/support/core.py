"""Drives the plugin's pure-Lua core (lua/keepalive_tracker.lua), without tshark. The only module that knows its
interface.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from lupa import lua54

from tests.support.plugin import REPOSITORY

# Makes a tracker and returns: observe (one segment; returns the records of its frame as they are known then), finish
# (at the capture's end), records (of a frame), pass (a frame of anything). Records come as id, level, data, string, id,
# level, data, string ...
# Raises when a record, also one that later frames completed, lacks a datum that the catalogue says is always there, or
# has one that the catalogue does not declare.
DRIVER = """
local tracker_of = require "keepalive_tracker"
local catalogue = require "keepalive_catalogue"
local record_of = require "keepalive_record"
return function(settings)
    local tracker = tracker_of.new(settings)
    local segment = {}
    function segment.endpoints() return segment.source, segment.destination end
    function segment.first_octets()
        if #segment.head >= 2 then return segment.head:byte(1, 2) end
    end
    function segment.timestamps()
        if segment.tsval >= 0 then return segment.tsval, segment.tsecr end
    end
    local function flat(frame)
        local list = {}
        for _, record in ipairs(tracker:records(frame) or {}) do
            catalogue.record(record.id, record.level, record.data)
            local data = {}
            for name, value in pairs(record.data) do data[name] = value end
            list[#list + 1] = record.id
            list[#list + 1] = record.level
            list[#list + 1] = data
            list[#list + 1] = record_of.string(record)
        end
        return list[1] and list
    end
    local function observe(frame, time, source, destination, seq, ack, len, flags, window, stream, clock_steps, head,
            tsval, tsecr)
        segment.frame, segment.time, segment.stream = frame, time, stream
        segment.source, segment.destination, segment.head = source, destination, head
        segment.seq, segment.ack, segment.len, segment.flags, segment.window = seq, ack, len, flags, window
        segment.clock_steps, segment.tsval, segment.tsecr = clock_steps, tsval, tsecr
        tracker:observe(segment)
        return flat(frame)
    end
    local function pass(frame, time) tracker:pass(frame, time) end
    return observe, function(time) tracker:finish(time) end, flat, pass
end
"""
FLAT = 4  # id, level, data, string
MILLISECOND = 1_000_000


class Row(NamedTuple):
    """A segment as the tracker takes it. `time_ns` counts from the capture's first frame; `clock_steps` is how often
    the capture's clock was set back before; `head` is how the payload begins; `tsval` -1: no timestamps option.
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
    head: bytes = b"xx"
    tsval: int = -1
    tsecr: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """The plugin's preferences, with their defaults; durations in ns."""

    idle: int = 0
    interval: int = 0
    slack: int = 200 * MILLISECOND
    min_gap: int = 900 * MILLISECOND
    probes: int = 0


class Record(NamedTuple):
    """A finding as the tracker has it; `text` is what `keepalive.record` shows."""

    id: str
    level: str
    data: dict[str, int | str]
    text: str


class Core:
    """One tracker. A Lua error raises."""

    def __init__(self, settings: Settings | None = None, runtime: Any = lua54) -> None:
        given = settings or Settings()
        lua, new = _driver(runtime)
        self._observe, self._finish, self._records, self._pass = new(
            lua.table_from({name: getattr(given, name) for name in Settings.__slots__})
        )

    def observe(self, frame: int, row: Row) -> list[Record]:
        """Take the next segment; what is found on its frame, as known now."""
        return list(_records(self._observe(frame, *row)))

    def pass_frame(self, frame: int, time_ns: int) -> None:
        """A frame of anything, before what is in it is observed: so the tracker learns when the capture rests. Where
        none is told, it never does.
        """
        self._pass(frame, time_ns)

    def finish(self, time_ns: int) -> None:
        """The capture ends; `time_ns` is the time of its last frame, from its first."""
        self._finish(time_ns)

    def records(self, frame: int) -> list[Record]:
        """What is found on a frame, as known now."""
        return list(_records(self._records(frame)))


def new_lua(runtime: Any) -> Any:
    """A Lua state of one of lupa's runtimes that finds the plugin's modules."""
    lua = runtime.LuaRuntime(unpack_returned_tuples=True)
    lua.globals().package.path = f"{REPOSITORY}/lua/?.lua"
    return lua


@cache
def _driver(runtime: Any) -> tuple[Any, Any]:
    lua = new_lua(runtime)
    return lua, lua.execute(DRIVER)


def _records(flat: Any) -> Iterator[Record]:
    if flat:
        for i in range(1, len(flat) + 1, FLAT):
            data = {name: value if isinstance(value, str) else int(value) for name, value in flat[i + 2].items()}
            yield Record(flat[i], flat[i + 1], data, flat[i + 3])
