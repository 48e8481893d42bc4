-- SPDX-License-Identifier: GPL-2.0-or-later

local clock_of = require "keepalive_clock"

local S = 1000000000
local FIRST_SECS, FIRST_NSECS = 1664467200, 999999000

-- A clock, and a function that tells it a frame whose time stamp is `ns` after that of the first frame. Wireshark's own time
-- counts from `reference`. The last argument false: the frame has no time stamp, and Wireshark says 0. The third value tells how
-- often the clock asked for a time stamp, the fourth how often for the time since 1970.
local function capture()
    local clock = clock_of.new()
    local asked, asked_coarse = 0, 0
    local function frame(ns, reference, has_time_stamp)
        local function since_epoch()
            asked_coarse = asked_coarse + 1
            return has_time_stamp ~= false and FIRST_SECS + (FIRST_NSECS + ns) / S or 0
        end
        return clock:tell((ns - (reference or 0)) / S, since_epoch, function()
            asked = asked + 1
            if has_time_stamp ~= false then
                local seconds, rest = clock_of.split(FIRST_NSECS + ns)
                return FIRST_SECS + seconds, rest
            end
            return nil
        end)
    end
    return clock, frame, function() return asked end, function() return asked_coarse end
end

local function time_of_day(clock, time)
    return { clock:time_of_day(time) }
end

describe("the capture's clock", function()
    it("counts nanoseconds from the first frame, and asks for the time stamp of that one only", function()
        local clock, frame, asked, asked_coarse = capture()
        assert.are.equal(0, frame(0))
        assert.are.equal(0, clock.last)
        assert.are.equal(1500000001, frame(1500000001))
        assert.are.equal(86400 * S + 1, frame(86400 * S + 1))
        assert.are.equal(1, asked())
        assert.are.equal(1, asked_coarse())
        assert.are.equal(86400 * S + 1, clock.last)
        assert.are.equal(0, clock.steps)
    end)

    it("is not moved by a time reference that makes the next frame as old as the last one was", function()
        local _, frame = capture()
        frame(0)
        frame(10 * S)
        assert.are.equal(20 * S, frame(20 * S, 10 * S))
    end)

    it("begins at any frame: those before it were not told", function()
        local clock, frame = capture()
        assert.are.equal(5 * S, frame(5 * S))
        assert.are.same({ FIRST_SECS, FIRST_NSECS }, time_of_day(clock, 0))
    end)

    it("is not moved by a time reference that comes with the second frame, soon after the first or at its very time", function()
        for _, ns in ipairs { 0, S / 1000, S } do
            local clock, frame = capture()
            frame(0)
            assert.are.equal(ns, frame(ns, ns))
            assert.are.equal(ns + 5 * S, frame(ns + 5 * S, ns))
            assert.are.equal(ns + 6 * S, frame(ns + 6 * S))
            assert.are.equal(0, clock.steps)
        end
    end)

    it("gives the time of day, with a carry from nanoseconds to seconds", function()
        local clock, frame = capture()
        frame(0)
        assert.are.same({ FIRST_SECS, FIRST_NSECS }, time_of_day(clock, 0))
        assert.are.same({ FIRST_SECS + 1, 0 }, time_of_day(clock, 1000))
        assert.are.same({ FIRST_SECS + 3, 500 }, time_of_day(clock, 2 * S + 1500))
    end)

    it("takes frames out of order, of several interfaces, as they are: up to a second", function()
        local clock, frame = capture()
        frame(0)
        frame(10 * S)
        assert.are.equal(9 * S, frame(9 * S))
        assert.are.equal(10 * S, clock.last)
        assert.are.equal(0, clock.steps)
    end)

    it("goes on from the latest time when the capture's clock is set back further than that", function()
        local clock, frame = capture()
        frame(0)
        frame(10 * S)
        assert.are.equal(10 * S, frame(9 * S - 1))
        assert.are.equal(1, clock.steps)
        assert.are.equal(11 * S + 1, frame(10 * S))
        assert.are.equal(11 * S + 1, frame(10 * S))
        assert.are.equal(1, clock.steps)
    end)

    it("finds the time of day on either side of each step back", function()
        local clock, frame = capture()
        frame(0)
        frame(10 * S)
        frame(2 * S)
        frame(5 * S)
        frame(1 * S)
        frame(2 * S)
        assert.are.equal(2, clock.steps)
        assert.are.same({ FIRST_SECS + 10, FIRST_NSECS }, time_of_day(clock, 10 * S))
        assert.are.same({ FIRST_SECS + 4, FIRST_NSECS }, time_of_day(clock, 12 * S))
        assert.are.same({ FIRST_SECS + 5, FIRST_NSECS }, time_of_day(clock, 13 * S))
        assert.are.same({ FIRST_SECS + 2, FIRST_NSECS }, time_of_day(clock, 14 * S))
    end)

    it("finds it among thousands of steps", function()
        local clock, frame = capture()
        frame(0)
        for i = 1, 3000 do
            frame(2 * i * S + 40 * S)
            frame(2 * i * S)
        end
        assert.are.equal(3000, clock.steps)
        assert.are.same({ FIRST_SECS + 6001, FIRST_NSECS }, time_of_day(clock, clock.last + S))
        assert.are.same({ FIRST_SECS + 42, FIRST_NSECS }, time_of_day(clock, 42 * S))
    end)

    it("is not moved by a time reference, from which Wireshark counts anew", function()
        local clock, frame = capture()
        frame(0)
        frame(10 * S)
        assert.are.equal(20 * S, frame(20 * S, 20 * S))
        assert.are.equal(25 * S, frame(25 * S, 20 * S))
        assert.are.equal(0, clock.steps)
    end)

    it("is not set back by a time reference on a frame that is out of order by a second", function()
        for later, steps in pairs { [0] = 0, [1] = 1 } do
            local clock, frame = capture()
            frame(0)
            frame(10 * S)
            local ns = 9 * S - later
            assert.are.equal(steps == 0 and ns or 10 * S, frame(ns, ns))
            assert.are.equal(steps, clock.steps)
        end
    end)

    it("is not moved when that time reference is taken away again; each change asks for one time stamp", function()
        local clock, frame, asked = capture()
        frame(0)
        frame(10 * S, 10 * S)
        assert.are.equal(2, asked())
        frame(11 * S, 10 * S)
        frame(11 * S + 1, 10 * S)
        assert.are.equal(2, asked())
        assert.are.equal(12 * S, frame(12 * S))
        assert.are.equal(12 * S + 1, frame(12 * S + 1))
        assert.are.equal(0, clock.steps)
        assert.are.equal(3, asked())
    end)

    it("is not moved by one frame for which Wireshark counts anew, as 4.0 does after a change of the display filter", function()
        local clock, frame, asked = capture()
        frame(0)
        frame(14 * S)
        assert.are.equal(15 * S + 7, frame(15 * S + 7, 15 * S + 7))
        assert.are.equal(16 * S, frame(16 * S))
        assert.are.equal(17 * S + 3, frame(17 * S + 3))
        assert.are.equal(0, clock.steps)
        assert.are.equal(3, asked())
    end)

    it("tells each nanosecond until 104 days, where a double of seconds no longer does", function()
        local _, frame = capture()
        frame(0)
        local wrong = 0
        for count = 1, 1000 do
            local ns = 103 * 86400 * S + count * 7919
            assert.are.equal(ns, frame(ns))
            wrong = wrong + (math.floor(ns / S * S + 0.5) == ns and 0 or 1)
        end
        assert.is_true(wrong > 0)
    end)

    it("tells whole microseconds exactly after that, for 833 days", function()
        local _, frame = capture()
        frame(0)
        for count = 1, 1000 do
            local ns = 800 * 86400 * S + count * 7919000
            assert.are.equal(ns, frame(ns))
        end
    end)

    it("is off by a nanosecond at most after 104 days, until 208 days, and so a duration by two", function()
        local clock = clock_of.new()
        local function tell(days, nsecs)
            local secs = days * 86400
            return clock:tell(secs + nsecs / S, function() return FIRST_SECS + secs + nsecs / S end,
                function() return FIRST_SECS + secs, nsecs end)
        end
        tell(0, 0)
        for _, days in ipairs { 105, 150, 208 } do
            for count = 1, 9 do
                local before = tell(days, count * 1000000 + count)
                local delay = tell(days, count * 1000000 + 220003) - before
                assert.is_true(math.abs(delay - (220003 - count)) <= 2)
            end
        end
    end)

    it("has no time for a frame without one, and is not moved by it", function()
        local clock, frame = capture()
        assert.is_nil(frame(0, 0, false))
        frame(3 * S)
        assert.is_nil(frame(0, 0, false))
        assert.are.equal(3 * S, clock.last)
    end)

    it("splits nanoseconds exactly, where the quotient of doubles is already the next second", function()
        for _, seconds in ipairs { 0, 1, 4194305, 9000000 } do
            assert.are.same({ seconds, 999999999 }, { clock_of.split(seconds * S + 999999999) })
        end
        assert.are.same({ -1, 999999999 }, { clock_of.split(-1) })
    end)
end)
