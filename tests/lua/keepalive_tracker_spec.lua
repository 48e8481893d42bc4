-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"
local tracker_of = require "keepalive_tracker"

local check, answered, OPEN = conversation.check, conversation.answered, conversation.OPEN
local MS = conversation.MS

local PROBED = OPEN .. answered("client", 6.003, 5.008, 3)

describe("the end of the capture", function()
    it("says nothing before the next probe is due, with slack", function()
        check(PROBED .. "20.000 end")
        check(PROBED .. "21.800 end")
    end)

    it("shows an interval missed as soon as the probe is late: none came", function()
        local trace = PROBED:gsub(": answer\n$", ": answer => missed, answer\n")
        assert.are.equal(1, check(trace .. "22.000 end"):only("missed").intervals)
    end)

    it("in a gap writes the missed interval back to the connection's last frame", function()
        local trace = PROBED:gsub(": answer\n$", ": answer => missed, answer\n")
        local missed = check(trace .. "26.500 end"):only("missed")
        assert.are.equal("capture_end", missed.ended_by)
        assert.are.equal(1, missed.intervals)
        assert.are.equal(5473 * MS, missed.overdue)
        assert.are.equal(12, missed.last_probe)
    end)

    it("leaves the last probe open while its answer may still come", function()
        check(PROBED .. [[
            21.027 client probe : probe
            26.800 end
        ]])
    end)

    it("calls the last probe unanswered when it had its interval, written back", function()
        local unanswered = check(PROBED .. [[
            21.027 client probe : probe => missed, unanswered, probe
            27.000 end
        ]]):only("unanswered")
        assert.are.same({ probe = 14, in_a_row = 1, waited = 5973 * MS }, unanswered)
    end)

    it("calls two of them in a row a warning", function()
        check(OPEN .. [[
            61.002 client probe : probe
            66.010 client probe : unanswered, probe => missed, unanswered/WARN, unanswered, probe
            72.000 end
        ]], { idle = 60000 * MS, interval = 5008 * MS })
    end)

    it("says nothing of a connection that was reset or that its prober closed", function()
        check(PROBED .. [[
            17.000 server RST : reset/NOTE, closed_before_due
            60.000 end
        ]])
        check(PROBED .. [[
            17.000 client FIN : fin, closed_before_due
            17.001 server FIN : fin_ack
            17.002 client ACK :
            60.000 end
        ]])
    end)

    it("is taken back when more comes after all, as in a live capture", function()
        check(PROBED .. [[
            21.027 client probe : probe
            27.000 end
            26.035 client probe : unanswered, probe
            26.036 server ACK   : answer
        ]])
        check(PROBED .. [[
            40.000 end
            21.027 client probe : probe
            21.028 server ACK   : answer
        ]])
    end)

    it("may be told twice", function()
        check(PROBED .. [[
            21.027 client probe : probe => missed, unanswered, probe
            27.000 end
            27.000 end
        ]])
    end)
end)

describe("a new connection on the same addresses and ports", function()
    it("starts with the SYN that has another sequence number: nothing of the old one counts", function()
        check(PROBED .. [[
            18.000 server FIN         : fin, closed_before_due
            18.001 client ACK         : fin_ack
            30.000 client SYN seq+999 no-ack :
            30.001 server SYN seq+777 :
            30.002 client ACK         :
            30.003 client len=10      :
            30.004 server ACK         :
            30.005 server FIN         : fin
            30.006 client FIN         : fin_ack
            30.007 server ACK         :
        ]])
    end)

    it("may be refused first and tried again", function()
        check [[
            0.000 client SYN         :
            0.001 server RST         :
            1.000 client SYN seq-500 no-ack :
            1.001 server SYN         :
            1.002 client ACK         :
            1.003 client len=10      :
            1.004 server ACK         :
            6.004 client probe       : probe
            6.005 server ACK         : answer
        ]]
    end)

    it("does not start with a retransmitted SYN", function()
        local talk = check [[
            0.000 client SYN       :
            1.000 client SYN seq-1 no-ack :
            1.001 server SYN       :
            1.002 client ACK       :
            2.000 server FIN       : fin
        ]]
        assert.are.equal(998 * MS, talk:only("fin").packet_idle)
    end)
end)

describe("the tracker", function()
    local function segment(fields)
        local made = { frame = 1, time = 0, stream = 0, source = "a", seq = 0, ack = 0, len = 0, flags = 16, window = 9,
            endpoints = function() return "a", "b" end, first_octets = function() end, timestamps = function() end }
        for name, value in pairs(fields) do
            made[name] = value
        end
        return made
    end

    -- The plugin keeps hold of the connection of some ends, and moves it on as long as it is quiet.
    it("has no quiet connection that is not found by its stream any more", function()
        local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 900 * MS, probes = 0 })
        tracker:observe(segment({ frame = 1, len = 10 }))
        tracker:observe(segment({ frame = 2, source = "b", ack = 10 }))
        local before = tracker.connections[0]
        assert.is_true(before.is_quiet)
        tracker:observe(segment({ frame = 3, seq = 5000, flags = 2 }))
        assert.are_not.equal(before, tracker.connections[0])
        assert.is_false(before.is_quiet)
    end)

    it("takes time without a frame for a rest from 0.9 s on, between the frames that bound it", function()
        for _, length in ipairs({ 899999999, 900000000 }) do
            local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 900 * MS, probes = 0 })
            tracker:pass(7, 5)
            tracker:pass(8, 5 + length)
            local rest = { from = 5, to = 5 + length, last_frame = 7, frame = 8 }
            assert.are.same(length == 900000000 and { rest } or {}, tracker.rests)
        end
    end)

    it("keeps connections apart by their stream", function()
        local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 900 * MS, probes = 0 })
        for stream = 1, 2 do
            tracker:observe(segment({ frame = stream, stream = stream, len = 10 }))
            tracker:observe(segment({ frame = 2 + stream, stream = stream, source = "b", ack = 10 }))
        end
        tracker:observe(segment({ frame = 5, stream = 1, flags = 17, seq = 10 }))
        tracker:observe(segment({ frame = 6, stream = 2, flags = 17, seq = 10 }))
        assert.are.equal("fin", tracker:records(5)[1].id)
        assert.are.equal("fin", tracker:records(6)[1].id)
    end)

    it("has no record for a frame that has nothing to say", function()
        local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 0, probes = 0 })
        tracker:observe(segment({ len = 10 }))
        assert.is_nil(tracker:records(1))
        assert.is_nil(tracker:records(99))
    end)

    -- Connections one after the other, each closed or reset by its peer or only asked for, with the records taken away.
    local function live_after(count, last_flags)
        local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 900 * MS, probes = 0 })
        local frame = 0
        local function observe(stream, source, flags, seq, ack)
            frame = frame + 1
            tracker:observe(segment({ frame = frame, stream = stream, source = source, flags = flags, seq = seq, ack = ack }))
        end
        for stream = 1, count do
            observe(stream, "a", 2, 100, 0)
            if last_flags then
                observe(stream, "b", 18, 500, 101)
                observe(stream, "a", 16, 101, 501)
                observe(stream, "b", last_flags, 501, 101)
                observe(stream, "a", last_flags, 101, 502)
            end
        end
        local live = 0
        for _, conn in pairs(tracker.connections) do
            live = live + (conn and 1 or 0)
        end
        return live, tracker, frame, observe
    end

    it("forgets connections that were closed, reset or never answered: their number has a bound", function()
        for _, last_flags in ipairs { 17, 20, false } do
            local live = live_after(5000, last_flags)
            -- Those that were closed or reset have stood in the ring of 4096 twice: when they opened, and when they ended.
            assert.are.equal(last_flags and 2048 or 4096, live)
            assert.are.equal(live, (live_after(8000, last_flags)))
        end
    end)

    it("keeps those of which one side alone has closed: the other may go on", function()
        local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 900 * MS, probes = 0 })
        local frame = 0
        for stream = 1, 5000 do
            for _, each in ipairs { { "a", 2, 100, 0 }, { "b", 18, 500, 101 }, { "a", 16, 101, 501 }, { "b", 17, 501, 101 } } do
                frame = frame + 1
                tracker:observe(segment({ frame = frame, stream = stream, source = each[1], flags = each[2], seq = each[3],
                    ack = each[4] }))
            end
        end
        for stream = 1, 5000 do
            assert.is_truthy(tracker.connections[stream])
        end
    end)

    it("ties an ICMP error that tells the ends only to the newest connection that they have, where that is under way", function()
        local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 900 * MS, probes = 0 })
        local one, other = "10.0.0.1:40000", "10.0.9.9:80"
        local function names() return one, other end
        local frame = 0
        local function error_about(seq, sender, receiver)
            frame = frame + 1
            tracker:observe_short_error(frame, sender or one, receiver or other, "203.0.113.1",
                { seq = seq, reason = "prohibited", kind = 3, code = 13 })
            local records = tracker:records(frame)
            return records and records[1].data.sender
        end
        local function send(stream, seq)
            frame = frame + 1
            tracker:observe(segment({ frame = frame, stream = stream, flags = 2, seq = seq, endpoints = names }))
        end
        assert.is_nil(error_about(100))
        send(0, 100)
        assert.are.equal(one, error_about(100))
        send(1, 5000)
        assert.are.equal(one, error_about(5000))
        assert.is_nil(error_about(100))
        assert.is_nil(error_about(5000, other, one))
        assert.is_nil(error_about(5000, one, "10.0.9.9:81"))
    end)

    it("tells of an ICMP error which end it speaks of, and nothing of a connection that it does not know", function()
        local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 900 * MS, probes = 0 })
        tracker:observe(segment({ frame = 1, len = 10, seq = 100, endpoints = function() return "10.0.0.1:40000", "10.0.9.9:80" end }))
        tracker:observe(segment({ frame = 2, source = "b", len = 10, seq = 900, ack = 110 }))
        local message = { seq = 900, reason = "prohibited", kind = 3, code = 13 }
        tracker:observe_error(3, 0, "203.0.113.1", message, "b")
        tracker:observe_error(4, 0, "203.0.113.1", { seq = 100, reason = "prohibited", kind = 3, code = 13 }, "a")
        tracker:observe_error(5, 7, "203.0.113.1", message, "b")
        local function told(number)
            local record = tracker:records(number)[1]
            return { record.id, record.data.sender, record.data.segment }
        end
        assert.are.same({ "refused_by", "10.0.9.9:80", 2 }, told(3))
        assert.are.same({ "refused_by", "10.0.0.1:40000", 1 }, told(4))
        assert.is_nil(tracker:records(5))
    end)

    -- How many connections are looked through at a rest of the capture, after `count` that probed side by side; never is it quiet
    -- for long. `stream_of` tells the stream of each, `is_closed` whether it is closed.
    local function looked_through_after(count, stream_of, is_closed)
        local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 900 * MS, probes = 0 })
        local frame = 0
        local function observe(number, time, source, flags, seq, ack)
            frame = frame + 1
            tracker:observe(segment({
                frame = frame, time = time * MS, stream = stream_of(number), source = source, flags = flags, seq = seq, ack = ack,
            }))
        end
        for number = 1, count do
            local isn, time = 1000 * number, 10000 * number
            observe(number, time, "a", 2, isn, 0)
            observe(number, time, "b", 18, 500, isn + 1)
            observe(number, time, "a", 16, isn + 1, 501)
            observe(number, time + 5000, "a", 16, isn, 501)
            observe(number, time + 5000, "b", 16, 501, isn + 1)
            if is_closed then
                observe(number, time + 5001, "b", 17, 501, isn + 1)
                observe(number, time + 5001, "a", 17, isn + 1, 502)
            end
        end
        local looked_through = 0
        for _ in pairs(tracker.probing) do
            looked_through = looked_through + 1
        end
        return looked_through
    end

    it("has let go of connections that probed and are closed, or whose ports another one has", function()
        local function own(number) return number end
        local function one_of_ten(number) return number % 10 end
        assert.are.equal(100, looked_through_after(100, own, true))
        assert.is_true(looked_through_after(4500, own, true) <= 4096)
        assert.are.equal(10, looked_through_after(4500, one_of_ten, false))
    end)

    it("keeps those that probed and are open", function()
        assert.are.equal(4500, looked_through_after(4500, function(number) return number end, false))
    end)

    it("finds nothing in late segments of a connection that it has forgotten, but a new SYN opens a new one", function()
        local _, tracker, frame, observe = live_after(5000, 17)
        observe(1, "b", 17, 501, 101)
        observe(1, "a", 20, 102, 502)
        assert.is_nil(tracker:records(frame + 1))
        assert.is_nil(tracker:records(frame + 2))
        observe(1, "a", 2, 9000, 0)
        observe(1, "b", 18, 7000, 9001)
        observe(1, "a", 16, 9001, 7001)
        observe(1, "b", 17, 7001, 9001)
        assert.are.equal("fin", tracker:records(frame + 6)[1].id)
    end)

    it("takes any flags and numbers without an error", function()
        local tracker = tracker_of.new({ idle = 0, interval = 0, slack = 0, min_gap = 0, probes = 0, show_state = true })
        local state = 1
        local function random(limit)
            state = (state * 1103515245 + 12345) % 2147483648
            return math.floor(state / 65536) % limit
        end
        for frame = 1, 20000 do
            tracker:observe(segment({
                frame = frame, time = frame * random(3) * 1000 * MS, stream = random(3), source = random(2) == 0 and "a" or "b",
                seq = random(4), ack = random(4), len = random(3), flags = random(2) == 0 and 16 or random(512), window = random(2),
            }))
            tracker:records(frame)
        end
        tracker:finish(1e15)
    end)
end)

describe("frames that were left out", function()
    it("say nothing of a side that may have sent its probes in them; what was found before stays", function()
        check(PROBED .. [[
            18.000 anew
            51.075 client len=10 :
            51.076 server ACK    :
        ]])
    end)

    it("leave the age of a silence at what was seen after them", function()
        local fin = check(PROBED .. "18.000 anew\n20.000 client ACK :\n50.000 server FIN : fin"):only("fin")
        assert.are.equal(32000 * MS, fin.silence)
        assert.are.equal("capture_start", fin.silence_from)
    end)

    it("are not those that came and had no probe", function()
        check(PROBED .. [[
            51.075 client len=10 : missed
            51.076 server ACK    :
        ]])
    end)

    it("begin connections that are followed as those of a capture that began later", function()
        check(PROBED .. "18.000 anew\n50.000 client len=10 :\n50.001 server ACK :\n" .. answered("client", 55.002, 5.008, 2) .. [[
            75.000 client len=10 : missed
        ]])
    end)
end)
