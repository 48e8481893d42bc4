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
        alone(STEPPED)
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
