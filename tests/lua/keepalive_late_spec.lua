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

-- The same, where all answers come in the end.
local THREE_LATE = [[
    11.003 client probe : probe
    12.003 client probe : unanswered, probe => probe
    13.003 client probe : unanswered/WARN, probe => probe
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

    it("are counted where packets have no number, or all the same one", function()
        for _, option in ipairs { "no_ids", "zero_ids" } do
            check(OPEN .. THREE_LATE .. [[
                13.503 server ACK : answer
                13.508 server ACK : => answer
                13.513 server ACK : answer
            ]], { [option] = true })
            check(OPEN .. THREE .. [[
                13.503 server ACK       : answer
                13.507999999 server ACK :
                13.512999998 server ACK :
            ]], { [option] = true })
        end
    end)

    it("acknowledge what the prober had sent, not what it had before", function()
        check(OPEN .. THREE .. [[
            13.503 server ACK        : answer
            14.503 server ACK ack-10 :
            15.503 server ACK        :
        ]])
    end)

    it("may be those of as many probes as a kernel sends, and of no more", function()
        local function in_vain(count, is_told)
            local lines = { OPEN }
            for i = 1, count do
                local said = i == 1 and "probe" or (i == 2 and "unanswered, probe" or "unanswered/WARN, probe")
                lines[#lines + 1] = ("%.3f client probe : %s"):format(10.003 + i, i > 1 and is_told and said .. " => probe" or said)
            end
            for i = 1, count do
                local said = i == 1 and "answer" or is_told and (i < count and "=> answer" or "answer") or ""
                lines[#lines + 1] = ("%.3f server ACK : %s"):format(10.103 + count + i / 100, said)
            end
            check(table.concat(lines, "\n"), { idle = 10 * conversation.SECOND })
        end
        in_vain(127, true)
        in_vain(128, false)
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

    it("come in a row with those of the probes that were sent meanwhile, as long as the path held the others", function()
        check(OPEN .. THREE_LATE .. [[
            13.503 server ACK   : answer
            14.503 client probe : probe
            14.504 server ACK   : answer
            14.603 server ACK   : => answer
            14.703 server ACK   : answer
        ]])
        for sent, written in pairs { ["16.003"] = "", ["16.002"] = "=> answer" } do
            check(OPEN .. (written == "" and THREE or THREE_LATE) .. "13.503 server ACK : answer\n" .. sent .. [[ client probe : probe
                16.004 server ACK   : answer
                16.104 server ACK   : ]] .. written .. [[

                16.204 server ACK   : ]] .. (written == "" and "" or "answer"))
        end
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

    it("are not counted from a probe on that an acknowledgment answered with a window that is another, or that was not known", function()
        for _, before in ipairs { "", OPEN } do
            check(before .. [[
                10.000 client ACK
                15.000 client probe         : probe
                15.100 server ACK win=400   : answer
                20.100 client probe         : probe
                20.200 server ACK win=400   : answer
                20.207 server copy          :
            ]], { no_ids = true })
        end
    end)

    -- Every 5 s, whether answered or not. The capture lacks the answer to the second; `last` is what comes after that to the third.
    local function every_five(last, written)
        check(OPEN .. [[
            6.003 client probe  : probe
            6.004 server ACK    : answer
            11.004 client probe : probe
            16.004 client probe : unanswered, probe]] .. written .. [[

            16.005 server ACK   : answer
        ]] .. last)
    end

    it("may be the answer to a probe that the capture lacks, where one was due by then", function()
        every_five("21.006 server ACK :", "")
        every_five("20.170952381 server ACK :", "") -- give or take what a timer is late by
        every_five("20.170952380 server ACK : answer", " => probe")
    end)

    it("are not counted where the next probe was due after the last, which the capture lacks", function()
        check(OPEN .. [[
            11.003 client probe : probe
            12.003 client probe : unanswered, probe
            13.003 client probe : unanswered/WARN, probe
            14.003 client probe : unanswered/WARN, probe
            15.002 server ACK   : answer
            15.003 server ACK   :
            15.004 server ACK   :
            15.005 server ACK   :
        ]])
    end)
end)
