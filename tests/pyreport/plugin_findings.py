"""Findings by the plugin itself: its pure core judges frames that a test made, without tshark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from lupa.lua54 import LuaRuntime

from pyreport.frames.finding import Finding
from pyreport.frames.frame import Frame, parse_record
from tests.support.plugin import REPOSITORY

# The preferences have their defaults (lua/keepalive.lua); times are ns since the first frame.
DRIVER = """
local tracker_of = require "keepalive_tracker"
local record_of = require "keepalive_record"
local catalogue = require "keepalive_catalogue"
return function()
    local tracker = tracker_of.new { idle = 0, interval = 0, slack = 200000000, min_gap = 900000000, probes = 0 }
    local segment = { clock_steps = 0 }
    function segment.endpoints() return segment.source, segment.destination end
    function segment.payload() return segment.head end
    local function observe(frame, time, stream, source, destination, seq, ack, len, flags, window, head)
        segment.frame, segment.time, segment.stream = frame, time, stream
        segment.source, segment.destination = source, destination
        segment.seq, segment.ack, segment.len, segment.flags = seq, ack, len, flags
        segment.window, segment.head = window, head
        tracker:observe(segment)
    end
    local function records(frame)
        local texts = {}
        for _, found in ipairs(tracker:records(frame) or {}) do
            catalogue.record(found.id, found.level, found.data)
            texts[#texts + 1] = record_of.string(found)
        end
        return table.concat(texts, "\\n")
    end
    return observe, function(time) tracker:finish(time) end, records
end
"""
WINDOW, PAYLOAD = 500, b"xx"


@cache
def _new_tracker() -> Any:
    lua = LuaRuntime(unpack_returned_tuples=True, encoding="latin-1")
    lua.globals().package.path = f"{REPOSITORY}/lua/?.lua"
    return lua.execute(DRIVER)


def found_by_plugin(frames: Sequence[Frame], payloads: Mapping[int, bytes] = {}, *, end_ns: int = 0) -> list[Frame]:
    """The frames, in order of time, with what the plugin finds on them in two passes. ``payloads`` has the beginning of
    a frame's payload by its number, where it matters; ``end_ns`` is the time of the capture's last frame, if later.
    """
    observe, finish, records = _new_tracker()()
    start_ns = frames[0].time_ns
    for f in frames:
        window = WINDOW if f.marks.window is None else f.marks.window
        observe(
            f.number, f.time_ns - start_ns, f.stream, f.source, f.destination, f.seq, f.ack, f.length, f.flags, window,
            payloads.get(f.number, PAYLOAD).decode("latin-1"),
        )  # fmt: skip
    finish(max(end_ns, frames[-1].time_ns) - start_ns)
    return [replace(frame, findings=_findings(frame, records(frame.number), start_ns)) for frame in frames]


def _findings(frame: Frame, records: str, start_ns: int) -> tuple[Finding, ...]:
    return tuple(
        parse_record(record, "", frame.number, frame.time_ns, start_ns, frame.source) for record in records.splitlines()
    )
