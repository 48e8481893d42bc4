-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"

local check, OPEN = conversation.check, conversation.OPEN
local MS = conversation.MS

-- Three probes a second apart, of which only the last is answered at once.
local THREE = [[
    11.003 client probe : probe
    12.003 client probe : unanswered, probe
    13.003 client probe : unanswered/WARN, probe
]]

describe("answers that come late", function()
    it("are those of all probes, where as many come as there are probes: a queue on the path held them", function()
        local talk = check(OPEN .. [[
            11.003 client probe : probe
            12.003 client probe : unanswered, probe => probe
            13.003 client probe : unanswered/WARN, probe => probe
            13.503 server ACK   : answer
            14.503 server ACK   : => answer
            15.503 server ACK   : answer
        ]])
        for place, answer in ipairs(talk:all("answer")) do
            assert.are.equal(2500 * MS, answer.data.delay)
            assert.are.equal(talk:all("probe")[place].frame, answer.data.probe)
        end
    end)

    it("are fewer than the probes where one of these is lost, or its answer", function()
        check(OPEN .. THREE .. [[
            13.503 server ACK : answer
            14.503 server ACK :
        ]])
    end)

    it("are no copies of one answer, as a mirror port shows them", function()
        check(OPEN .. THREE .. [[
            13.503 server ACK  : answer
            13.504 server copy :
            13.505 server copy :
        ]])
        check(OPEN .. THREE .. [[
            13.503 server ACK  : answer
            13.603 server copy :
            13.703 server copy :
        ]])
        check(OPEN .. THREE .. [[
            13.503 server ACK  : answer
            13.504 server copy :
            13.505 server copy :
        ]], { no_ids = true })
    end)

    it("are no copies of the other side's probe, which the mirror port doubles, too", function()
        check(OPEN .. [[
            11.003 client probe : probe
            12.003 client probe : unanswered, probe
            12.503 server ACK   : answer
            22.503 server probe : probe
            22.503 server copy  :
            22.504 client ACK   : answer
        ]])
    end)

    it("are not told by counting where data drew acknowledgments as well", function()
        check(OPEN .. THREE .. [[
            13.503 server ACK    : answer
            13.600 client len=10 :
            13.601 server ACK    :
            13.602 server ACK    :
        ]])
    end)

    it("are no news of a window, which a program that reads makes", function()
        check(OPEN .. THREE .. [[
            13.503 server ACK         : answer
            14.503 server ACK win=400 :
            15.503 server ACK win=500 :
        ]])
    end)

    it("no longer come when none came for longer than the last was under way", function()
        check(OPEN .. THREE .. [[
            13.503 server ACK   : answer
            18.503 client probe : probe
            18.504 server ACK   : answer
            18.604 server ACK   :
            18.704 server ACK   :
        ]])
    end)
end)
