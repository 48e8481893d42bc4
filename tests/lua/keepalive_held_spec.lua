-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"

local check, OPEN = conversation.check, conversation.OPEN
local SECOND = 1000 * conversation.MS

-- Two answered probes, 10 s apart, with a clock that ticks every millisecond. The next ones are due at 31.003 s, 41.003 s, 51.003 s.
local STAMPED = OPEN .. [[
    11.003 client probe ts=10000 : probe
    11.004 server ACK            : answer
    21.003 client probe ts=20000 : probe
    21.004 server ACK            : answer
]]
local PLAIN = STAMPED:gsub(" ts=%d+", "")

describe("probes that the path held back", function()
    it("were not missed: each was made in its time, and the clock is back on its line", function()
        local talk = check(STAMPED .. [[
            55.0030 client probe ts=30000 : missed, probe => late, probe
            55.0031 client probe ts=40000 :
            55.0032 client probe ts=50000 :
            55.0040 server ACK            : answer
            65.0030 client probe ts=64000 : probe
            65.0040 server ACK            : answer
        ]])
        assert.are.equal(24 * SECOND, talk:all("late")[1].data.overdue)
    end)

    it("were not missed while a queue lasts either, which puts the next probe off by the answers that it holds back", function()
        check(STAMPED .. [[
            52.003 client probe ts=30000  : missed, probe => late, probe
            52.004 server ACK             : answer
            62.003 client probe ts=40000  : probe
            62.004 server ACK             : answer
            72.003 client probe ts=50000  : probe
            72.004 server ACK             : answer
            103.003 client probe ts=81000 : missed, probe => late, probe
            103.004 server ACK            : answer
            103.100 client probe ts=91000 :
            113.003 client probe ts=112000 : probe
            113.004 server ACK            : answer
        ]])
    end)

    it("are not those of a host whose clock stood still with it, and stays behind", function()
        check(STAMPED .. [[
            55.003 client probe ts=30000 : missed, probe
            55.004 server ACK            : answer
            65.003 client probe ts=40000 : probe
            65.004 server ACK            : answer
            75.003 client probe ts=50000 : probe
        ]])
    end)

    it("are not those of a host that stood still and set its clock: there are none of the time between", function()
        check(STAMPED .. [[
            55.003 client probe ts=30000 : missed, probe
            55.004 server ACK            : answer
            65.003 client probe ts=64000 : probe
        ]])
    end)

    it("are not those that were made late", function()
        check(STAMPED .. [[
            55.003 client probe ts=54000 : missed, probe
            55.004 server ACK            : answer
            65.003 client probe ts=64000 : probe
        ]])
    end)

    it("are told by their IP identification where they have no timestamps", function()
        check(PLAIN .. [[
            55.0030 client probe : missed, probe => late, probe
            55.0031 client probe :
            55.0032 client probe :
            55.0040 server ACK   : answer
        ]])
    end)

    it("are not told by fewer than were missed", function()
        check(PLAIN .. [[
            55.0030 client probe : missed, probe
            55.0031 client probe :
            55.0040 server ACK   : answer
            65.0030 client probe : probe
        ]])
    end)

    it("are not the next ones of the timer", function()
        check(PLAIN .. [[
            41.003 client probe : missed, probe
            41.004 server ACK   : answer
            50.900 client probe : probe
            50.901 server ACK   : answer
        ]])
    end)

    it("are not told by a mirror port's copies of one, nor without numbers", function()
        check(PLAIN .. [[
            55.0030 client probe : missed, probe
            55.0031 client copy  :
            55.0032 client copy  :
            55.0040 server ACK   : answer
        ]])
        check(PLAIN .. [[
            55.0030 client probe : missed, probe
            55.0031 client probe :
            55.0032 client probe :
            55.0040 server ACK   : answer
        ]], { no_ids = true })
    end)
end)
