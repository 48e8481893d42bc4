-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Hands frames to the plugin's clock and tracker, as the plugin does in Wireshark (lua/keepalive.lua).

local clock_of = require "keepalive_clock"
local ffi = require "ffi"
local settings = require "keepalive_settings"
local tracker_of = require "keepalive_tracker"

local judging = {}
judging.__index = judging

local BILLION = 1000000000

--- A judge of a capture of which no frame was seen yet.
function judging.new()
    local judge = setmetatable({ tracker = tracker_of.new(settings.tracker(settings.USUAL)), clock = clock_of.new() }, judging)
    judge.time_stamp = function() return judge.packet.seconds, judge.packet.nanoseconds end
    judge.endpoints = function()
        local frame = judge.frame
        local packet, segment, streams = frame.packet, frame.segment, frame.streams
        return streams:name(packet.version, frame.source_bytes, segment.source_port),
            streams:name(packet.version, frame.destination_bytes, segment.destination_port)
    end
    judge.payload = function()
        local packet = judge.packet
        local start = packet.transport + judge.frame.segment.header_len
        return packet.captured >= start + 2 and ffi.string(packet.bytes + start, 2) or ""
    end
    return judge
end

-- Seconds since the capture's first frame, a double that is rounded as Wireshark's (nstime_delta and nstime_to_sec in
-- wsutil/nstime.c).
local function since_first(self, packet)
    if not self.first_seconds then
        self.first_seconds, self.first_nanoseconds = packet.seconds, packet.nanoseconds
    end
    local seconds, nanoseconds = packet.seconds - self.first_seconds, packet.nanoseconds - self.first_nanoseconds
    if seconds < 0 and nanoseconds > 0 then
        seconds, nanoseconds = seconds + 1, nanoseconds - BILLION
    elseif seconds > 0 and nanoseconds < 0 then
        seconds, nanoseconds = seconds - 1, nanoseconds + BILLION
    end
    return seconds + nanoseconds / BILLION
end

--- Has a frame (frames.lua) judged.
function judging:take(frame)
    local packet, segment = frame.packet, frame.segment
    self.frame, self.packet = frame, packet
    local time = self.clock:tell(since_first(self, packet), packet.seconds + packet.nanoseconds / BILLION, self.time_stamp)
    self.tracker:pass(frame.number, time)
    if not packet.is_tcp then
        return
    end
    segment.endpoints, segment.payload = self.endpoints, self.payload
    segment.frame, segment.time, segment.clock_steps = frame.number, time, self.clock.steps
    segment.stream, segment.source = frame.stream, segment.source_port
    if segment.source_port == segment.destination_port then
        segment.source = frame.streams:text(packet.version, frame.source_bytes)
    end
    self.tracker:observe(segment)
end

--- Says that the capture is over. Returns the log of all findings.
function judging:finish()
    self.tracker:finish(self.clock.last)
    return self.tracker.log
end

return judging
