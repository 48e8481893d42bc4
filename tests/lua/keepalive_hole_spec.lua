-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"

local catalogue = require "keepalive_catalogue"
local hole_of = require "keepalive_hole"
local schedule = require "keepalive_schedule"

local answered, OPEN = conversation.answered, conversation.OPEN
local MS = conversation.MS

local PROBED = OPEN .. answered("client", 6.003, 5.008, 3)
-- The kernel made packets that the capture does not show, or counts them not at all.
local UNSEEN = "30.000 client ACK lost"

local function check(trace, options)
    options = options or {}
    options.alone = true
    return conversation.check(trace, options)
end

describe("a rest of the capture in which a probe was due", function()
    it("is a hole, and nothing was missed in it, when the side made packets in it", function()
        local hole = check(PROBED .. UNSEEN .. [[

            51.075 client probe : capture_hole, probe
            51.076 server ACK   : answer
            56.083 client probe : probe
            56.084 server ACK   : answer
        ]]):only("capture_hole")
        assert.are.same({ length = 35055 * MS, last_frame = 13, connections = 1 }, hole)
    end)

    it("is one when nothing tells: there are no IP identifications", function()
        check(PROBED .. "51.075 client probe : capture_hole, probe", { no_ids = true })
        check(PROBED .. "51.075 client len=10 : capture_hole", { no_ids = true })
        check(PROBED .. [[
            51.075 server len=10 : capture_hole
            51.076 client ACK
        ]], { no_ids = true })
    end)

    it("is a gap of the side when its next packet is the very next that it made", function()
        local missed = check(PROBED .. "51.075 client probe : missed, capture_hole, probe"):only("missed")
        assert.are.equal(6, missed.intervals)
        check(PROBED .. "51.075 client len=10 : missed, capture_hole")
    end)

    it("is told by the side's next packet also when the peer speaks first", function()
        check(PROBED .. [[
            51.075 server FIN   : capture_hole, fin => missed, capture_hole, fin
            51.076 client ACK   : fin_ack
        ]])
        check(PROBED .. UNSEEN .. [[

            51.075 server FIN   : capture_hole, fin
            51.076 client ACK   : fin_ack
        ]])
    end)

    it("is no rest while there are frames of others, more often than the interval", function()
        local trace = PROBED .. UNSEEN .. "\n"
        for time = 20, 50, 4 do
            trace = trace .. time .. ".000 other\n"
        end
        check(trace .. "51.075 client probe : missed, probe")
    end)

    it("is no rest while another connection probes in step, with the same setting", function()
        local trace = PROBED .. UNSEEN .. "\n"
        for time = 21, 46, 5 do
            trace = trace .. time .. (time % 2 == 0 and ".100 other\n" or ".030 other\n")
        end
        check(trace .. "51.075 client probe : missed, probe")
    end)

    it("is marked on the first frame behind it, whatever that is", function()
        check(PROBED .. UNSEEN .. [[

            51.000 other        : capture_hole
            51.075 client probe : probe
        ]])
    end)

    it("ends the gap that was one before it", function()
        local trace = PROBED:gsub(": answer\n$", ": answer => missed, answer\n")
        local missed = check(trace .. UNSEEN .. [[

            20.000 other
            24.000 other
            51.000 other        : capture_hole
            51.075 client probe : probe
        ]]):only("missed")
        assert.are.same({ "capture_hole", 1, 2973 * MS }, { missed.ended_by, missed.intervals, missed.overdue })
    end)

    it("ends the gap that was told before it, and leaves what was put aside behind it", function()
        local missed = check(PROBED .. [[
            20.000 other
            24.000 client ACK   : missed
            27.000 other
        ]] .. UNSEEN .. [[

            51.000 other        : capture_hole
            51.075 client probe : probe
        ]]):only("missed")
        assert.are.same({ "capture_hole", 2 }, { missed.ended_by, missed.intervals })
        missed = check(PROBED:gsub(": answer\n$", ": answer => missed, answer\n") .. UNSEEN .. [[

            20.000 other
            24.000 other
            51.000 server probe : capture_hole, probe
            51.075 client ACK   : answer
        ]]):only("missed")
        assert.are.same({ "capture_hole", 1, 2973 * MS }, { missed.ended_by, missed.intervals, missed.overdue })
    end)

    it("is of no matter to a connection that is over, or to a side that has closed", function()
        check(PROBED .. [[
            17.000 server RST : reset/NOTE, closed_before_due
            51.000 other
        ]])
        check(PROBED .. [[
            17.000 client FIN : fin, closed_before_due
            17.001 server ACK : fin_ack
            51.000 other
        ]])
    end)

    -- None is due while data is in flight. What acknowledges it behind the rest is no answer to the probe.
    it("takes the answer of a probe before it, when it lasts longer than that one had to come", function()
        for at, said in pairs { ["26.871"] = "", ["26.872"] = "capture_hole" } do
            check(PROBED .. ([[
                21.027 client probe  : probe
                21.028 client len=10
                %s other             : %s
            ]]):format(at, said))
        end
        check(PROBED .. [[
            21.027 client probe  : probe
            21.028 client len=10
        ]] .. UNSEEN .. [[

            51.075 client len=10 : capture_hole
            51.076 server ACK
        ]])
    end)

    -- The side's next probe is due at 21.027 s, and a timer of 5.008 s is late by 0.836 s at most.
    it("is longer than the interval and what the timer is late by", function()
        for rests, said in pairs { [5.843936507] = "", [5.843936508] = "capture_hole" } do
            check(PROBED .. ("17.000 other\n%.9f other : %s\n"):format(17 + rests, said))
        end
    end)

    it("ends all that is known of a connection that is not seen again, also when the capture rests once more", function()
        check(PROBED .. UNSEEN .. [[

            51.000 other : capture_hole
            55.000 other
            59.000 other
            90.000 other : capture_hole
            94.000 other
            94.000 end
        ]])
    end)

    it("leaves a probe before it without a judgement", function()
        check(PROBED .. [[
            21.027 client probe : probe
        ]] .. UNSEEN .. [[

            51.075 client probe : capture_hole, probe
            51.076 server ACK   : answer
            55.000 end
        ]])
    end)

    it("is no hole when the probe comes in its time, or nobody probes", function()
        check(PROBED .. "21.027 client probe : probe")
        check(OPEN .. "51.075 client len=10 :")
    end)

    it("is seen afterwards when only then the interval is known", function()
        local trace = OPEN .. [[
            6.003 client probe  : probe
            6.004 server ACK    : answer
            %s
            51.075 client probe : probe => %s
            51.076 server ACK   : answer
            56.083 client probe : probe
            56.084 server ACK   : answer
            61.091 client probe : probe
            61.092 server ACK   : answer
        ]]
        check(trace:format("30.000 client ACK lost", "capture_hole, probe"))
        check(trace:format("", "missed, capture_hole, probe"))
    end)

    it("is none of a gap that begins where the rest ended", function()
        -- Judged afterwards, when the interval is known. The others keep the capture from resting in the gap itself.
        local trace = OPEN .. [[
            36.003 client probe  : probe
            36.004 server ACK    : answer
        ]]
        for time = 40, 76, 4 do
            trace = trace .. time .. ".000 other\n"
        end
        check(trace .. [[
            81.075 client probe : probe => missed, probe
            81.076 server ACK   : answer
            86.083 client probe : probe
            86.084 server ACK   : answer
            91.091 client probe : probe
            91.092 server ACK   : answer
        ]])
    end)

    it("makes the age of the silence at a close a least one, unless the closer made no packet in it", function()
        local fin = check(PROBED .. [[
            30.000 server ACK lost
            51.075 server FIN : capture_hole, fin
        ]]):only("fin")
        assert.are.same({ "capture_hole", 0, 14 }, { fin.silence_from, fin.silence, fin.since })
        fin = check(PROBED .. "51.075 server FIN : capture_hole, fin"):only("fin")
        assert.are.same({ "payload", 50073 * MS }, { fin.silence_from, fin.silence })
    end)

    it("is one of one connection also where it is seen afterwards", function()
        assert.are.equal(1, check(OPEN .. [[
            6.003 client probe  : probe
            6.004 server ACK    : answer
            30.000 client ACK lost
            51.075 client probe : probe => capture_hole, probe
            51.076 server ACK   : answer
            56.083 client probe : probe
            56.084 server ACK   : answer
            61.091 client probe : probe
            61.092 server ACK   : answer
        ]]):only("capture_hole").connections)
    end)

    it("begins with the last of the frames that have one time stamp, also where one is out of order", function()
        local before = PROBED .. "17.000 other\n17.000 other\n%s" .. UNSEEN .. "\n"
        local function last_frame(trace)
            return check(trace .. "51.075 client probe : capture_hole, probe\n"):only("capture_hole").last_frame
        end
        assert.are.equal(15, last_frame(before:format("")))
        assert.are.equal(15, last_frame(before:format("16.999 other\n")))
    end)

    it("counts each connection once more in which a gap that is judged afterwards lies", function()
        local records = {}
        local tracker = {
            rests = { { from = 20 * MS, to = 9020 * MS, last_frame = 7, frame = 8 } }, holes = {},
            log = { add = function(_, frame, id, level, data)
                records[#records + 1] = catalogue.record(id, level, data)
                return records[#records], frame
            end },
        }
        local side = { schedule = schedule.new({ idle = 0, interval = 0, slack = 200 * MS }) }
        local judged = { interval = 1000 * MS, before = { time = 0 }, probe = { time = 10000 * MS, follows_last = false } }
        for count = 1, 3 do
            assert.is_true(hole_of.covers(tracker, side, judged))
            assert.are.equal(1, #records)
            assert.are.same({ length = 9000 * MS, last_frame = 7, connections = count }, records[1].data)
        end
        judged.probe.follows_last = true
        assert.is_false(hole_of.covers(tracker, side, judged))
        judged.interval = 9000 * MS
        assert.is_false(hole_of.covers(tracker, side, judged))
        assert.are.equal(4, records[1].data.connections)
    end)

    it("counts all connections in which a probe was due", function()
        assert.are.equal(1, check(PROBED .. UNSEEN .. [[

            51.000 other : capture_hole
        ]]):only("capture_hole").connections)
    end)
end)

describe("the IP identification of a packet", function()
    it("follows that of the one before by one, over the end of its numbers too; zero is no count", function()
        for _, pair in ipairs({ { 7, 8, true }, { 1, 2, true }, { 65534, 65535, true }, { 65535, 0, true }, { 0, 1, false },
            { 0, 0, false }, { 7, 7, false }, { 7, 9, false }, { 8, 7, false } }) do
            local sender = {}
            hole_of.note_ip_id({ ip_id = pair[1] }, sender)
            assert.is_false(sender.follows_last)
            hole_of.note_ip_id({ ip_id = pair[2] }, sender)
            assert.are.equal(pair[3], sender.follows_last, pair[1] .. ", " .. pair[2])
        end
    end)

    it("follows none that is not known", function()
        local sender = {}
        for _, ip_id in ipairs({ 7, false, 8, 9 }) do
            hole_of.note_ip_id({ ip_id = ip_id or nil }, sender)
            assert.are.equal(ip_id == 9, sender.follows_last)
        end
    end)
end)

describe("the longest rest between two times", function()
    local function longest(from, to)
        local rests = { { from = 10, to = 20 }, { from = 30, to = 45 }, { from = 50, to = 65 }, { from = 70, to = 75 } }
        local rest = hole_of.longest({ rests = rests }, from, to)
        return rest and rest.from
    end

    it("is the latest of those that are equally long", function()
        assert.are.equal(50, longest(0, 100))
        assert.are.equal(30, longest(0, 50))
        assert.are.equal(10, longest(0, 30))
    end)

    it("has some time between them", function()
        assert.are.equal(50, longest(64, 75))
        assert.are.equal(70, longest(65, 75))
        assert.are.equal(50, longest(40, 51))
        assert.is_nil(longest(65, 70))
        assert.is_nil(longest(75, 100))
        assert.is_nil(longest(0, 10))
    end)
end)
