-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The capture's clock, made one that never goes back: the tracker's time of each frame, and the way back to the time of
-- day. All times are integer nanoseconds, counted from the first frame of the capture. No clock is read here.

local clock = {}
clock.__index = clock

local floor = math.floor
local NS_PER_S = 1000000000

-- Frames of several interfaces may be this much out of order; a time that goes back further is of a clock that was set.
local OUT_OF_ORDER = NS_PER_S

-- A double of seconds tells nanoseconds up to here, and more.
local EXACT_UNTIL = 1000000
-- Seconds since the epoch are a double as well, good to a quarter of a microsecond.
local SAME_REFERENCE = 0.0005

--- The whole seconds and the rest of a number of nanoseconds. Exact, where a division of the whole number is not.
function clock.split(ns)
    local rest = ns % NS_PER_S
    return floor((ns - rest) / NS_PER_S), rest
end

--- The clock of a capture of which no frame was seen yet.
function clock.new()
    return setmetatable({
        last = 0,           -- the latest time of a frame
        steps = 0,          -- how often the capture's clock was set back so far
        steps_back = {},    -- { since, by } of each: after the time `since`, the capture's clock is `by` behind this one
        reference = math.huge,  -- the time since the epoch, in seconds, from which Wireshark counted the time of a frame last
        time_lost = 0,      -- what is added to a time that counts from there, also for steps back
        is_plain = false,   -- whether Wireshark still counts from the first frame, and the clock was never set back
        first_secs = nil,   -- the first frame's time since the epoch
        first_nsecs = nil,
    }, clock)
end

-- The time by the frame's own time stamp; notes a step back, and from when Wireshark counts. Nil without a time stamp.
local function by_time_stamp(self, since_first, reference, time_stamp)
    local secs, nsecs = time_stamp()
    if not secs then
        return nil
    end
    if not self.first_secs then
        local seconds, rest = clock.split(since_first)
        self.first_secs, self.first_nsecs = secs - seconds, nsecs - rest
    end
    -- One rounding, and none below 2^53 ns: 104 days, 833 where time stamps are whole microseconds.
    local exact = (secs - self.first_secs) * NS_PER_S + (nsecs - self.first_nsecs)
    local by = self.steps > 0 and self.steps_back[self.steps].by or 0
    if exact + by < self.last - OUT_OF_ORDER then
        by = self.last - exact
        self.steps = self.steps + 1
        self.steps_back[self.steps] = { since = self.last, by = by }
    end
    self.time_lost, self.reference = exact + by - since_first, reference
    self.is_plain = self.time_lost == 0
    return exact + by
end

--- The time of the next frame, which never goes back by more than frames may be out of order. `seconds`: Wireshark's time
-- since the first frame, a double of seconds. It counts from another frame after the user has set a time reference, and
-- Wireshark 4.0 counts from the next frame of a live capture after the display filter has changed. `since_epoch` tells: a function
-- that gives the frame's time since 1970, a double of seconds, too coarse for more. `time_stamp`: a function that gives the
-- frame's seconds since the epoch and the nanoseconds, or nil. Each is asked only where `seconds` does not do. Returns nil for a
-- frame without a time (a Simple Packet Block of pcapng), or as long as Wireshark hands out no fields.
function clock:tell(seconds, since_epoch, time_stamp)
    local since_first, last = floor(seconds * NS_PER_S + 0.5), self.last
    -- Whoever counts from a frame after the first one says less than the frame before that had: so an ordinary frame is told here.
    if self.is_plain and since_first > last and seconds <= EXACT_UNTIL then
        self.last = since_first
        return since_first
    end
    local reference = since_epoch() - seconds
    local time, moved = since_first + self.time_lost, reference - self.reference
    if moved > SAME_REFERENCE or moved < -SAME_REFERENCE or seconds > EXACT_UNTIL or time < last - OUT_OF_ORDER then
        time = by_time_stamp(self, since_first, reference, time_stamp)
    end
    if time and time > last then
        self.last = time
    end
    return time
end

-- How far the capture's clock is behind at a time: by the last step before it. A capture that was not sorted may have
-- thousands of steps.
local function behind_at(self, time)
    local steps_back = self.steps_back
    local before, after = 0, self.steps + 1
    while after - before > 1 do
        local middle = floor((before + after) / 2)
        if time > steps_back[middle].since then
            before = middle
        else
            after = middle
        end
    end
    return before > 0 and steps_back[before].by or 0
end

--- The time of day, by the capture's clock, of one of this clock's times: seconds since the epoch and nanoseconds.
function clock:time_of_day(time)
    local seconds, rest = clock.split(self.first_nsecs + time - behind_at(self, time))
    return self.first_secs + seconds, rest
end

return clock
