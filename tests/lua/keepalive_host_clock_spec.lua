-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"

local check, OPEN = conversation.check, conversation.OPEN

-- Two answered probes, 10 s apart: both clocks tick every millisecond. The next is due at 31.003 s.
local PROBED = OPEN .. [[
    11.003 client probe ts=10000 : probe
    11.004 server ACK ts=500000  : answer
    21.003 client probe ts=20000 : probe
    21.004 server ACK ts=510000  : answer
    25.000 other
]]
-- It comes in time, and the capture's clock was set forward by 60 s after the frame at 25.000 s.
local PROBE = "91.003 client probe ts=30000 : missed, capture_hole, probe => capture_hole, probe\n"
local STEPPED = PROBED .. PROBE .. "91.004 server ACK ts=520000 : answer\n"

-- What the plugin says in such a capture: of nothing but these frames.
local function alone(trace, settings)
    local options = { alone = true }
    for name, value in pairs(settings or {}) do
        options[name] = value
    end
    return check(trace, options)
end

describe("a clock of the capture that was set forward", function()
    it("makes nothing missed: both sides' timestamps stayed behind by the same", function()
        local talk = alone(STEPPED)
        assert.are.equal(0, talk.tracker.rests[#talk.tracker.rests].told_by)
    end)

    it("is none where both went on", function()
        alone(PROBED .. [[
            91.003 client probe ts=90000 : missed, capture_hole, probe
            91.004 server ACK ts=580000  : answer
        ]])
    end)

    it("is none where one side's went on: the other host stood still", function()
        alone(PROBED .. [[
            91.003 client probe ts=30000 : missed, capture_hole, probe
            91.004 server ACK ts=580000  : answer
        ]])
    end)

    it("is none where the capture shows frames meanwhile: both hosts stood still", function()
        alone(PROBED .. [[
            55.000 other                 : capture_hole
            91.003 client probe ts=30000 : missed, capture_hole, probe
            91.004 server ACK ts=520000  : answer
        ]])
    end)

    it("is not known where a side has no timestamps", function()
        alone(PROBED .. [[
            91.003 client probe ts=30000 : missed, capture_hole, probe
            91.004 server ACK            : answer
        ]])
    end)

    it("is told when the other side speaks first, too", function()
        alone(PROBED .. [[
            90.000 server len=10 ts=518996 : capture_hole
            90.001 client ACK ts=28998
            100.001 client probe ts=38998  : probe
            100.002 server ACK ts=528998   : answer
        ]])
    end)

    it("leaves what was learned, and what is missed afterwards", function()
        alone(STEPPED .. [[
            101.003 client probe ts=40000  : probe
            101.004 server ACK ts=530000   : answer
            111.003 client probe ts=50000  : probe
            111.004 server ACK ts=540000   : answer
            120.000 other
            125.000 other
            130.000 other
            141.003 client probe ts=80000  : missed, probe
            141.004 server ACK ts=570000   : answer
        ]])
    end)

    it("makes no probe late, where it was set by less than an interval", function()
        alone(PROBED .. [[
            36.003 client probe ts=30000 : late, probe => probe
            36.004 server ACK ts=520000  : answer
            46.003 client probe ts=40000 : probe
        ]])
    end)

    it("is told in the first gap, before the ticks are known", function()
        alone(OPEN .. [[
            11.003 client probe ts=10000 : probe
            11.004 server ACK ts=500000  : answer
            80.003 client probe ts=20000 : missed, capture_hole, probe => capture_hole, probe
            80.004 server ACK ts=510000  : answer
            90.003 client probe ts=30000 : probe
            90.004 server ACK ts=520000  : answer
        ]], { idle = 10 * conversation.SECOND, interval = 10 * conversation.SECOND })
    end)

    it("leaves what a side that probed since has heard since", function()
        local missed = alone(PROBED .. PROBE .. [[
            91.004 server ACK              : answer
            93.000 server ACK              :
            95.000 server probe ts=523996  : probe
            100.000 other
            105.000 other
            110.000 other
            115.000 other
            120.000 client len=10 ts=58997 : missed, answer
        ]]):only("missed")
        assert.are.equal(105000 * conversation.MS, missed.due)
    end)

    it("leaves what was missed before it", function()
        local missed = alone(PROBED .. [[
            30.000 other
            40.000 server probe ts=528996 : missed, probe
            40.001 client ACK ts=38998    : answer
            99.003 client probe ts=48000  : capture_hole, probe
            99.004 server ACK ts=538000   : answer
            109.003 client probe ts=58000 : probe
        ]]):only("missed")
        assert.are.equal(1, missed.intervals)
        assert.are.equal("nothing_yet", missed.ended_by)
    end)
end)

-- Both sides probe by clocks that tick every `tick` ms, and the capture's clock is set forward by `by` seconds for the client
-- and by `other` for the server: their timestamps lack so much.
local function stepped(tick, by, other, said, written)
    local function ts(seconds)
        return math.floor(seconds * 1000 / tick + 0.5)
    end
    local at = 31.003 + by
    return OPEN .. ([[
        11.003 client probe ts=%d : probe
        11.004 server ACK ts=%d   : answer
        21.003 client probe ts=%d : probe
        21.004 server ACK ts=%d   : answer
        25.000 other
        %.3f client probe ts=%d   : %s => %s
        %.3f server ACK ts=%d     : answer
    ]]):format(ts(11.003), ts(511.004), ts(21.003), ts(521.004), at, ts(31.003), said, written or said,
        at + 0.001, ts(531.004 + by - other))
end

describe("the timestamps of a clock that was set forward", function()
    for _, tick in ipairs { 1, 4, 10, 100, 500, 1000 } do
        it("may tick every " .. tick .. " ms", function()
            alone(stepped(tick, 60, 60, "missed, capture_hole, probe", "capture_hole, probe"))
            alone(stepped(tick, 60, 0, "missed, capture_hole, probe"))
        end)
    end

    -- Ten ticks in the first stretch, of 11 s or a little more: those of a second, or of a millisecond by clocks that stayed behind.
    it("tick as one of these where they are off it by a tenth at most", function()
        local settings = { idle = 5 * conversation.SECOND, interval = 5 * conversation.SECOND }
        for at, written in pairs { [22.003] = "", [22.013] = " => capture_hole, probe" } do
            alone(OPEN .. ([[
                11.003 client probe ts=10 : probe
                11.004 server ACK ts=500  : answer
                %.3f client probe ts=20   : missed, capture_hole, probe%s
                %.3f server ACK ts=510    : answer
            ]]):format(at, written, at + 0.001), settings)
        end
    end)

    -- The next tick comes 10 ms after the first probe. Were it measured, a tick would be as long, and stay behind by 10 s later.
    it("are not measured over less than 900 ms", function()
        local settings = { idle = 5 * conversation.SECOND, interval = 5 * conversation.SECOND }
        alone(OPEN .. [[
            11.003 client probe ts=10 : probe
            11.004 server ACK ts=500  : answer
            11.013 client ACK ts=11
            11.014 server ACK ts=501
            22.003 client probe ts=21 : missed, capture_hole, probe
            22.004 server ACK ts=511  : answer
        ]], settings)
    end)

    -- Ticks of 10 ms, measured over 900 ms and not over less, and then 1.5 s that both clocks lack. Ticks of a millisecond would lack
    -- more than the time in which the capture shows nobody.
    it("are measured over 900 ms", function()
        local settings = { idle = 5 * conversation.SECOND, interval = 5 * conversation.SECOND }
        for at, written in pairs { [11.903] = " => capture_hole, probe", [11.902] = "" } do
            alone(OPEN .. ([[
                11.003 client probe ts=1000 : probe
                11.004 server ACK ts=5000   : answer
                %.3f client ACK ts=1090
                %.3f server ACK ts=5090
                15.000 other
                22.003 client probe ts=1950 : missed, capture_hole, probe%s
                22.004 server ACK ts=5950   : answer
            ]]):format(at, at + 0.001, written), settings)
        end
    end)

    it("agree within half a second", function()
        alone(stepped(1, 60, 59.501, "missed, capture_hole, probe", "capture_hole, probe"))
        alone(stepped(1, 60, 59.5, "missed, capture_hole, probe"))
        alone(stepped(1, 60, 60.499, "missed, capture_hole, probe", "capture_hole, probe"))
        alone(stepped(1, 60, 60.5, "missed, capture_hole, probe"))
    end)

    -- A probe every 2 s, by clocks that tick every `tick` ms, and the capture's clock is set forward by `by` before the third.
    local function set_a_little(tick, by, said, written)
        local at = 7.003 + by
        local function ts(seconds)
            return seconds * 1000 / tick
        end
        return OPEN .. ([[
            3.003 client probe ts=%d : probe
            3.004 server ACK ts=%d   : answer
            5.003 client probe ts=%d : probe
            5.004 server ACK ts=%d   : answer
            %.3f client probe ts=%d  : %s => %s
            %.3f server ACK ts=%d    : answer
        ]]):format(ts(3), ts(53), ts(5), ts(55), at, ts(7), said, written or said, at + 0.001, ts(57))
    end

    -- 0.9 s; where a tick is long, two of them, half a second, and a thousandth of the time.
    for tick, by in pairs { [1] = 0.9, [4] = 0.9, [10] = 0.9, [100] = 0.9, [500] = 1.504, [1000] = 2.505 } do
        it("hide no probe where they lack less than " .. by .. " s in ticks of " .. tick .. " ms", function()
            local said = by < 2 and "capture_hole, late, probe" or "missed, capture_hole, probe"
            alone(set_a_little(tick, by, said, "capture_hole, probe"))
            alone(set_a_little(tick, by - 0.001, said))
        end)
    end

    -- The client's value is `value` at its first probe, as a counter of 32 bits that begins again at zero.
    it("begin again at zero", function()
        for _, value in ipairs { 4294957296, 4294967295, 2147473648 } do
            local function ts(more)
                return (value + more) % 4294967296
            end
            alone(OPEN .. ([[
                11.003 client probe ts=%d    : probe
                11.004 server ACK ts=500000  : answer
                21.003 client probe ts=%d    : probe
                21.004 server ACK ts=510000  : answer
                25.000 other
                91.003 client probe ts=%d    : missed, capture_hole, probe => capture_hole, probe
                91.004 server ACK ts=520000  : answer
            ]]):format(ts(0), ts(10000), ts(20000)))
        end
    end)

    it("are of somebody else where they are older than the last, or on an RST", function()
        for _, older in ipairs { 400000, 510000 + 2147483648 } do
            alone(PROBED .. "30.500 server ACK ts=" .. older .. [[

                91.003 client probe ts=30000 : missed, capture_hole, probe => capture_hole, probe
                91.004 server ACK ts=520000  : answer
            ]])
        end
    end)

    it("take back what was missed on either side, where both probe", function()
        alone(OPEN .. [[
            11.003 client probe ts=10000  : probe
            11.004 server ACK ts=500000   : answer
            16.003 server probe ts=505000 : probe
            16.004 client ACK ts=15001    : answer
            21.003 client probe ts=20000  : probe
            21.004 server ACK ts=510000   : answer
            26.003 server probe ts=515000 : probe
            26.004 client ACK ts=25001    : answer
            31.003 client probe ts=30000  : probe
            31.004 server ACK ts=520000   : answer
            101.003 client probe ts=40000 : missed, capture_hole, probe => capture_hole, probe
            101.004 server ACK ts=530000  : answer
        ]])
    end)

    it("leave their line by more than two ticks, half a second, and a drift of 0.1 %", function()
        alone(stepped(1000, 2.513, 2.513, "late, probe", "probe"))
        alone(stepped(1000, 2.512, 2.512, "late, probe"))
        -- Ticks of 500 ms, of which 996 make 498 s: the other 2 s are 0.5 s, two ticks, and a thousandth of 500 s.
        for at, written in pairs { [521.003] = "", [521.004] = " => capture_hole, probe" } do
            alone(OPEN .. ([[
                11.003 client probe ts=20   : probe
                11.004 server ACK ts=500    : answer
                21.003 client probe ts=40   : probe
                21.004 server ACK ts=520    : answer
                %.3f client probe ts=1036   : missed, capture_hole, probe%s
                %.3f server ACK ts=1516     : answer
            ]]):format(at, written, at + 0.001))
        end
    end)

    it("tell of a step where the capture shows nobody for as long, but for half a second", function()
        for from, written in pairs { ["31.503"] = "capture_hole, probe", ["31.504"] = "missed, capture_hole, probe" } do
            alone(PROBED .. from .. " other\n" .. [[
                91.003 client probe ts=30000 : missed, capture_hole, probe => ]] .. written .. [[

                91.004 server ACK ts=520000  : answer
            ]])
        end
    end)

    it("wait for the other side's word, which what the first says meanwhile and what tells nothing is not", function()
        alone(PROBED .. [[
            91.003 client probe ts=30000  : missed, capture_hole, probe => capture_hole, probe
            91.004 server ACK             : answer
            91.005 server ACK ts=400000
            92.500 client len=10 ts=31497
            92.501 server ACK ts=521497
        ]])
    end)

    it("are not read on an RST, which may be another host's (RFC 7323 section 5.2)", function()
        alone(PROBED .. [[
            30.000 server RST no-ack ts=900000 : reset/NOTE, closed_before_due =>
            31.003 client probe ts=30000       : => probe
            31.004 server ACK ts=520000        : answer
            41.003 client probe ts=40000       : probe
            41.004 server ACK ts=530000        : answer
            51.003 client probe ts=50000       : probe
            51.004 server ACK ts=540000        : answer
            121.003 client probe ts=60000      : missed, capture_hole, probe => capture_hole, probe
            121.004 server ACK ts=550000       : answer
        ]])
    end)
end)
