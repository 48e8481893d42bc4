-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- Hands frames to the plugin's clock and tracker, as the plugin does in Wireshark (lua/keepalive.lua).

local clock_of = require "keepalive_clock"
local icmp = require "keepalive_icmp"
local settings = require "keepalive_settings"
local tracker_of = require "keepalive_tracker"

local judging = {}
judging.__index = judging

local BILLION = 1000000000

--- A judge of a capture of which no frame was seen yet. `outlines` has the ends of each stream, `streams` their texts.
function judging.new(outlines, streams)
    local judge = setmetatable({
        tracker = tracker_of.new(settings.tracker(settings.USUAL)), clock = clock_of.new(), segment = {}, streams = streams,
    }, judging)
    local segment = judge.segment
    judge.time_stamp = function() return judge.seconds, judge.nanoseconds end
    judge.since_epoch = function() return judge.seconds + judge.nanoseconds / BILLION end
    segment.endpoints = function()
        local of = outlines.of[segment.stream]
        local source, destination = streams:name(of.source, of.source_port), streams:name(of.destination, of.destination_port)
        if judge.side == 0 then
            return source, destination
        end
        return destination, source
    end
    segment.first_octets = function()
        local taken = judge.taken
        if taken.first_octets == 2 then
            return taken.octets[0], taken.octets[1]
        end
    end
    segment.timestamps = function()
        local taken = judge.taken
        if taken.timestamp >= 0 then
            return taken.timestamp, taken.echo
        end
        return nil
    end
    -- What tells the ends of a stream apart: the port, or where both are the same, the address.
    judge.source_of = function(stream, side)
        local of = outlines.of[stream]
        if of.source_port == of.destination_port then
            return side == 0 and of.source or of.destination
        end
        return side == 0 and of.source_port or of.destination_port
    end
    return judge
end

-- Seconds since the capture's first frame, a double that is rounded as Wireshark's (nstime_delta and nstime_to_sec in
-- wsutil/nstime.c).
local function since_first(self)
    if not self.first_seconds then
        self.first_seconds, self.first_nanoseconds = self.seconds, self.nanoseconds
    end
    local seconds, nanoseconds = self.seconds - self.first_seconds, self.nanoseconds - self.first_nanoseconds
    if seconds < 0 and nanoseconds > 0 then
        seconds, nanoseconds = seconds + 1, nanoseconds - BILLION
    elseif seconds > 0 and nanoseconds < 0 then
        seconds, nanoseconds = seconds - 1, nanoseconds + BILLION
    end
    return seconds + nanoseconds / BILLION
end

--- Has the next frame judged: its number, when it came, and for a segment its stream, which end sent it and what was taken of it
-- (packet.lua).
function judging:take(number, seconds, nanoseconds, stream, side, taken)
    self.seconds, self.nanoseconds = seconds, nanoseconds
    local time = self.clock:tell(since_first(self), self.since_epoch, self.time_stamp)
    self.tracker:pass(number, time)
    if not stream then
        return
    end
    self.side, self.taken = side, taken
    local segment = self.segment
    segment.seq, segment.ack, segment.len, segment.header_len = taken.seq, taken.ack, taken.len, taken.header_len
    segment.flags, segment.window, segment.ip_id = taken.flags, taken.window, taken.ip_id >= 0 and taken.ip_id or nil
    segment.frame, segment.time, segment.clock_steps = number, time, self.clock.steps
    segment.stream, segment.source = stream, self.source_of(stream, side)
    self.tracker:observe(segment)
end

--- Has the error judged that the frame that was taken last tells of a segment (frames.lua: quoted).
function judging:take_error(number, quoted)
    local message = icmp.read(quoted.message, quoted.version)
    if message and quoted.sender then
        self.tracker:observe_short_error(number, quoted.sender, quoted.receiver, self.streams:text(quoted.device), message)
    elseif message then
        self.tracker:observe_error(number, quoted.stream, self.streams:text(quoted.device), message,
            icmp.source_of(message, quoted.source))
    end
end

--- Says that the capture is over. Returns the log of all findings.
function judging:finish()
    self.tracker:finish(self.clock.last)
    return self.tracker.log
end

return judging
