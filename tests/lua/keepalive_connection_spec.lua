-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- A segment in order takes fewer steps (keepalive_connection.lua). They must leave the same as the steps that all others take.

local settings_of = require "keepalive_settings"
local tracker_of = require "keepalive_tracker"

local MS = 1000000
local MODULUS = 4294967296
local ACK, PSH, SYN, FIN = 16, 8, 2, 1

-- Small numbers from a seed, the same in each version of Lua.
local function chance_of(seed)
    local state = seed
    return function(count)
        state = (state * 16807) % 2147483647
        return state % count
    end
end

local function segment_of(frame, time, source, seq, ack, len, flags)
    return {
        frame = frame, time = time, stream = 0, source = source, seq = seq % MODULUS, ack = ack % MODULUS, len = len,
        flags = flags, window = 500 + frame % 3, ip_id = frame, clock_steps = 0,
        endpoints = function() return "10.0.0.1:1", "10.0.0.2:2" end,
        first_octets = function() return frame % 7 == 0 and 21 or 97, 3 end,
    }
end

-- Two sides that talk, from a handshake on or from the middle: mostly in order, with losses, copies, holes, and acknowledgments
-- that come late, for a part, or of what the capture lacks; at times without ACK, or after the clock was set back. Ends with a FIN.
local function conversation(seed)
    local chance = chance_of(seed)
    local segments, time, frame, clock_steps = {}, 0, 0, 0
    local nxt = { 1000 * seed, seed % 3 == 0 and MODULUS - 3000 or 5000 }
    local heard = { nxt[2], nxt[1] }
    local function add(side, seq, ack, len, flags)
        frame, time = frame + 1, time + (chance(12) == 0 and 1500 or chance(90)) * MS
        segments[#segments + 1] = segment_of(frame, time, side, seq, ack, len, flags)
        segments[#segments].clock_steps = clock_steps
    end
    if seed % 2 == 0 then
        add(1, nxt[1] - 1, 0, 0, SYN)
        add(2, nxt[2] - 1, nxt[1], 0, SYN + ACK)
        add(1, nxt[1], nxt[2], 0, ACK)
    end
    for _ = 1, 120 do
        local side = 1 + chance(2)
        local peer, len = 3 - side, chance(3) == 0 and 0 or 1 + chance(chance(2) == 0 and 60 or 1400)
        local what = chance(16)
        if what > 3 then
            heard[side] = nxt[peer]
        elseif what == 3 then
            heard[side] = heard[side] + math.floor((nxt[peer] - heard[side]) / 2)
        end
        if what == 0 then
            add(side, nxt[side] - len, heard[side], len, ACK + PSH)
        elseif what == 1 then
            nxt[side] = nxt[side] + len
        else
            clock_steps = clock_steps + (chance(60) == 0 and 1 or 0)
            local flags = len > 0 and ACK + PSH or ACK
            add(side, nxt[side], heard[side], len, chance(60) == 0 and flags - ACK or flags)
            nxt[side] = nxt[side] + len
        end
    end
    add(1, nxt[1], heard[1], 0, ACK + FIN)
    return segments
end

local function take(tracker, segment)
    tracker:pass(segment.frame, segment.time)
    tracker:observe(segment)
end

-- What both sides have sent and acknowledged.
local function numbers(conn)
    local one, other = conn.sides[1], conn.sides[2]
    return { one.snd_nxt, one.snd_una, one.hole_end, other.snd_nxt, other.snd_una, other.hole_end }
end

-- Two trackers after the segments, and how many came on a quiet connection. To the second one none is quiet.
local function both(segments)
    local fast = tracker_of.new(settings_of.tracker(settings_of.USUAL))
    local slow = tracker_of.new(settings_of.tracker(settings_of.USUAL))
    local quiet = 0
    for _, segment in ipairs(segments) do
        local conn, other = fast.connections[0], slow.connections[0]
        if conn then
            quiet = quiet + (conn.is_quiet and 1 or 0)
            other.is_quiet = false
        end
        take(fast, segment)
        take(slow, segment)
        assert.are.same(numbers(slow.connections[0]), numbers(fast.connections[0]))
    end
    fast:finish(segments[#segments].time)
    slow:finish(segments[#segments].time)
    return fast, slow, quiet
end

-- The same tables without what is written only while a connection is not quiet, and says nothing on one that is.
local function stripped(tracker)
    for _, side in ipairs(tracker.connections[0].sides) do
        side.follows_last, side.syn_time, side.has_answered_syn = nil, nil, nil
        side.schedule.answered, side.schedule.rearmed, side.schedule.round_trip = nil, nil, nil
    end
    return { tracker.connections[0], tracker.log.shown }
end

describe("a segment in order", function()
    it("leaves the same connection and findings as by the way that all others take", function()
        local taken = 0
        for seed = 1, 200 do
            local segments = conversation(seed)
            local fast, slow, quiet = both(segments)
            taken = taken + quiet
            assert.are.same(stripped(slow), stripped(fast), "seed " .. seed)
        end
        assert.is_true(taken > 60 * 200)
    end)
end)

describe("a segment that takes fewer steps", function()
    local connection = require "keepalive_connection"

    -- Whether it does, on a quiet connection on which the first side has sent 10 bytes that are acknowledged and 10 more.
    local function is_taken(changes, before)
        local tracker = tracker_of.new(settings_of.tracker(settings_of.USUAL))
        for _, segment in ipairs({
            segment_of(1, 0, 1, 100, 500, 10, ACK + PSH), segment_of(2, MS, 2, 500, 110, 0, ACK),
            segment_of(3, 2 * MS, 1, 110, 500, 10, ACK + PSH),
        }) do
            tracker:observe(segment)
        end
        local conn = tracker.connections[0]
        local wanted = { steps = 0, number = 500, ack = 120, len = 20 }
        for name, value in pairs(changes) do
            wanted[name] = value
        end
        if before then
            before(conn)
        end
        return connection.move_on_in_order(conn, conn.sides[2], conn.sides[1], 4, 3 * MS, wanted.steps, wanted.number, wanted.ack,
            wanted.len, 500, 4, function() end)
    end

    it("begins at what is due, and acknowledges what was sent, all, a part or nothing new of it", function()
        for _, changes in ipairs({ {}, { ack = 115 }, { ack = 110 }, { len = 0 } }) do
            assert.is_true(is_taken(changes))
        end
    end)

    it("is none that is out of order, acknowledges less or more than that, or comes after the clock was set back", function()
        for _, changes in ipairs({ { number = 499 }, { number = 501 }, { ack = 109 }, { ack = 121 }, { steps = 1 } }) do
            assert.is_false(is_taken(changes))
        end
        assert.is_false(is_taken({}, function(conn) conn.is_quiet = false end))
        assert.is_false(is_taken({}, function(conn) conn.sides[1].snd_una = nil end))
        assert.is_false(is_taken({}, function(conn) conn.sides[2].snd_una = nil end))
    end)
end)

describe("the side that opened a connection", function()
    local connection = require "keepalive_connection"

    local function opener(one, other, initial_seq)
        local sides = { { name = one }, { name = other } }
        local found = connection.opener({ sides = sides, initial_seq = initial_seq })
        return found and found.name
    end

    it("is the one that sent the SYN, whatever its port", function()
        assert.are.equal("192.0.2.1:80", opener("192.0.2.1:80", "192.0.2.2:40000", 7))
    end)

    it("is the one with the higher port where no SYN was seen", function()
        assert.are.equal("192.0.2.2:40000", opener("192.0.2.1:80", "192.0.2.2:40000"))
        assert.are.equal("192.0.2.2:40000", opener("192.0.2.2:40000", "192.0.2.1:80"))
    end)

    it("is not known where the ports are the same, or one is not told", function()
        assert.is_nil(opener("192.0.2.1:80", "192.0.2.2:80"))
        assert.is_nil(opener("one", "192.0.2.2:80"))
        assert.is_nil(opener("192.0.2.1:80", "two"))
    end)
end)

describe("numbers that begin again at zero", function()
    it("are followed where a segment ends with the last of them", function()
        local segments, frame = {}, 0
        local function add(side, seq, ack, len)
            frame = frame + 1
            segments[frame] = segment_of(frame, frame * MS, side, seq, ack, len, len > 0 and ACK + PSH or ACK)
        end
        for _, seq in ipairs { MODULUS - 300, MODULUS - 200, MODULUS - 100, MODULUS, MODULUS + 100 } do
            add(1, seq, 5000, 100)
            add(2, 5000, seq + 100, 0)
        end
        local fast, _, quiet = both(segments)
        assert.is_true(quiet > 4)
        assert.are.same({ 200, 200, 5000, 5000 }, {
            fast.connections[0].sides[1].snd_nxt, fast.connections[0].sides[1].snd_una,
            fast.connections[0].sides[2].snd_nxt, fast.connections[0].sides[2].snd_una,
        })
    end)
end)

describe("the round trip of a handshake", function()
    -- To the side that answers the last of the SYNs of these times (ms).
    local function round_trip(syns, answered)
        local tracker = tracker_of.new(settings_of.tracker(settings_of.USUAL))
        for frame, ms in ipairs(syns) do
            take(tracker, segment_of(frame, ms * MS, 1, 999, 0, 0, SYN))
        end
        take(tracker, segment_of(#syns + 1, answered * MS, 2, 4999, 1000, 0, SYN + ACK))
        return tracker.connections[0].sides[2].least_round_trip
    end

    it("is told within a second: what took longer was lost and sent again", function()
        assert.are.equal(999 * MS, round_trip({ 0 }, 999))
        assert.is_nil(round_trip({ 0 }, 1000))
        assert.is_nil(round_trip({ 0 }, 0))
    end)

    it("is that of the SYN that was sent again after a second, and not of a copy", function()
        assert.are.equal(200 * MS, round_trip({ 0, 1000 }, 1200))
        assert.is_nil(round_trip({ 0, 999 }, 1200))
        assert.are.equal(900 * MS, round_trip({ 0, 1 }, 900))
    end)

    it("is told once", function()
        local tracker = tracker_of.new(settings_of.tracker(settings_of.USUAL))
        take(tracker, segment_of(1, 0, 1, 999, 0, 0, SYN))
        take(tracker, segment_of(2, 10 * MS, 2, 4999, 1000, 0, SYN + ACK))
        take(tracker, segment_of(3, 15 * MS, 2, 4999, 1000, 0, SYN + ACK))
        assert.are.same({ 1, 10 * MS }, {
            tracker.connections[0].sides[2].round_trips, tracker.connections[0].sides[2].least_round_trip,
        })
    end)
end)

