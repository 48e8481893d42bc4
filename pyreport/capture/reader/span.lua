-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- What the whole capture covers (pyreport/frames/span.py says what it has).

local times = require "times"

-- A number of Lua tells nanoseconds apart up to here, 104 days: times further apart would be rounded.
local LONGEST = 2 ^ 53

local span = {}
span.__index = span

--- Nothing yet.
function span.new()
    return setmetatable({
        frames = 0, tcp_frames = 0, steps_back = 0, largest_step = 0, largest_step_frame = 0, cut_frames = 0, cut_to = 0,
    }, span)
end

local function note_time(self, packet, number)
    local seconds, nanoseconds = packet.seconds, packet.nanoseconds
    if not self.began_seconds then
        self.began_seconds, self.began_nanoseconds = seconds, nanoseconds
        self.first_seconds, self.first_nanoseconds = seconds, nanoseconds
        self.last_seconds, self.last_nanoseconds = seconds, nanoseconds
        self.before_seconds, self.before_nanoseconds = seconds, nanoseconds
    end
    local step = times.since(seconds, nanoseconds, self.before_seconds, self.before_nanoseconds)
    self.before_seconds, self.before_nanoseconds = seconds, nanoseconds
    if step < 0 then
        self.steps_back = self.steps_back + 1
        if -step > self.largest_step then
            self.largest_step, self.largest_step_frame = -step, number
        end
    end
    if times.since(seconds, nanoseconds, self.first_seconds, self.first_nanoseconds) < 0 then
        self.first_seconds, self.first_nanoseconds = seconds, nanoseconds
    elseif times.since(seconds, nanoseconds, self.last_seconds, self.last_nanoseconds) > 0 then
        self.last_seconds, self.last_nanoseconds = seconds, nanoseconds
    end
end

--- Takes the next frame. Returns whether times from the first to the last can be told apart.
function span:take(frame)
    local packet = frame.packet
    self.frames = frame.number
    note_time(self, packet, frame.number)
    if packet.captured < packet.length then
        self.cut_frames, self.cut_to = self.cut_frames + 1, math.max(self.cut_to, packet.captured)
    end
    if packet.is_tcp then
        self.tcp_frames = self.tcp_frames + 1
    end
    return times.since(self.last_seconds, self.last_nanoseconds, self.first_seconds, self.first_nanoseconds) <= LONGEST
end

return span
