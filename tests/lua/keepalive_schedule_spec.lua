-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"

local cadence = require "keepalive_cadence"
local schedule = require "keepalive_schedule"

local check, answered, OPEN = conversation.check, conversation.answered, conversation.OPEN
local MS = conversation.MS
local GO = { idle = 5000 * MS, interval = 5000 * MS }

-- Timer wheels round up by at most 8/63 of the time (domain: kernel/time/timer.c); the rest is the preference's 200 ms.
local function slack(spacing_s)
    return math.floor(spacing_s * 1e9 * 8 / 63) / 1e9 + 0.2
end

local function line(time_s, text)
    return string.format("%.9f %s\n", time_s, text)
end

-- The trace, in a capture that began 100 s before.
local function in_a_late_capture(trace)
    return (trace:gsub("(%d+%.%d+) (%l)", function(time_s, sender)
        return string.format("%.9f %s", time_s + 100, sender)
    end))
end

-- Three answered probes at 6.003, 11.011 and 16.019 s: a host with 5 s on Linux before 4.8. The next is due at 21.027 s.
local PROBED = OPEN .. answered("client", 6.003, 5.008, 3)
local LAST_PROBE, DUE = 12, 21.027
-- How long the client takes to answer the server's SYN in OPEN: the way from the point of capture to it and back.
local ROUND_TRIP = 0.001

describe("the next probe", function()
    it("is on time at due + slack, and late one nanosecond after", function()
        local limit = DUE + slack(5.008)
        check(PROBED .. line(limit, "client probe : probe"))
        local talk = check(PROBED .. line(limit + 1e-9, "client probe : late, probe"))
        local late = talk:only("late")
        assert.are.equal(21027 * MS, late.due)
        assert.are.equal(835936508, late.overdue)
        assert.are.equal(LAST_PROBE, late.last_probe)
    end)

    it("is late while less than one interval late, a missed interval from there on", function()
        check(PROBED .. line(DUE + 4.7, "client probe : late, probe"))
        local one = check(PROBED .. line(DUE + 5.008, "client probe : missed, probe")):only("missed")
        assert.are.equal(1, one.intervals)
        local three = check(PROBED .. line(DUE + 3 * 5.008, "client probe : missed, probe")):only("missed")
        assert.are.equal(3, three.intervals)
    end)

    it("is missed one nanosecond after due + slack when something else ends the gap", function()
        local limit = DUE + slack(5.008)
        check(PROBED .. line(limit, "client len=10 :"))
        local talk = check(PROBED .. line(limit + 1e-9, "client len=10 : missed"))
        assert.are.same({
            by = "client", intervals = 1, due = 21027 * MS, overdue = 835936508, interval = 5008 * MS,
            last_probe = LAST_PROBE, gap = 5843936508, ended_by = "data",
        }, talk:only("missed"))
    end)

    it("counts one more missed interval for each one that fits before what ended the gap", function()
        local function intervals(after)
            return check(PROBED .. line(DUE + after, "server FIN : missed, fin")):only("missed").intervals
        end
        assert.are.equal(1, intervals(5.0))
        assert.are.equal(2, intervals(5.008 + 1))
        assert.are.equal(10, intervals(9 * 5.008 + 1))
    end)

    it("says what ended the gap: data, FIN, RST, ACK, or the probe that came at last", function()
        for text, word in pairs({
            ["server len=10 : missed"] = "data", ["client FIN : missed, fin"] = "fin", ["server ACK : missed"] = "ack",
            ["server RST : missed, reset/NOTE"] = "rst", ["client probe : missed, probe"] = "probe",
            ["client len=10 : missed"] = "data", ["client len=1 : missed"] = "data",
        }) do
            assert.are.equal(word, check(PROBED .. line(40, text)):only("missed").ended_by)
        end
    end)

    it("is nobody's duty on a connection that was never probed", function()
        check(OPEN .. [[
            100.0 client len=10 :
            100.1 server ACK    :
        ]], GO)
    end)

    it("takes more slack when the preference says so", function()
        check(PROBED .. line(DUE + 2, "client probe : probe"), { slack = 2000 * MS })
    end)
end)

describe("the time that a probe is due", function()
    it("follows the settings when they are configured, before the capture has taught any", function()
        local trace = OPEN .. answered("client", 6.003, 5.008, 1)
        local limit = 11.004 + slack(5) + ROUND_TRIP
        check(trace .. line(limit, "client len=10 :"), GO)
        local missed = check(trace .. line(limit + 0.001, "client len=10 : missed"), GO):only("missed")
        assert.are.equal(11004 * MS, missed.due)
        assert.are.equal(5000 * MS, missed.interval)
    end)

    it("cannot be told after one probe of unknown settings: the interval may be long", function()
        check(OPEN .. answered("client", 6.003, 5.008, 1) .. "60.0 client len=10 :")
    end)

    it("is max(idle, interval) after an answered probe (tcp_keepalive_timer re-arms by the rest)", function()
        check(OPEN .. answered("client", 6.003, 75.264, 1) .. "80.0 client len=10 :",
            { idle = 5000 * MS, interval = 75000 * MS })
        check(OPEN .. answered("client", 61.002, 60.160, 1) .. "120.0 client len=10 :",
            { idle = 60000 * MS, interval = 5000 * MS })
    end)

    it("is one interval after an unanswered probe", function()
        local trace = OPEN .. [[
            61.002 client probe : probe
            66.010 client probe : unanswered, probe
        ]]
        check(trace .. line(71.018 + slack(5.008), "client probe : unanswered/WARN, probe"))
        check(trace .. line(71.018 + slack(5.008) + 0.001, "client probe : unanswered/WARN, late, probe"))
    end)

    it("starts anew with payload in either direction, with the idle time learned before", function()
        -- Idle time 5.001 s: 1.002 to 6.003. The server's payload comes in at 17.000.
        local trace = PROBED .. [[
            17.000 server len=10 :
            17.001 client ACK    :
        ]]
        local limit = 22.001 + slack(5.001) + ROUND_TRIP
        check(trace .. line(limit, "client probe : probe"))
        local late = check(trace .. line(limit + 0.001, "client probe : late, probe")):only("late")
        assert.are.equal(22001 * MS, late.due)
    end)

    it("starts anew with any segment received: a window update, a FIN (tcp_ack: rcv_tstamp)", function()
        local by_window = check(PROBED .. [[
            18.000 server ACK win=800 :
            30.000 client len=10      : missed
        ]]):only("missed")
        assert.are.equal(23001 * MS, by_window.due)
        local by_fin = check(PROBED .. [[
            18.000 server FIN    : fin, closed_before_due
            18.001 client ACK    : fin_ack
            30.000 client len=10 : missed, post_fin_write
        ]]):only("missed")
        assert.are.equal(23001 * MS, by_fin.due)
    end)

    it("does not start anew with what the side itself sends", function()
        local missed = check(PROBED .. [[
            20.000 client ACK    :
            30.000 client len=10 : missed
        ]]):only("missed")
        assert.are.equal(21027 * MS, missed.due)
    end)

    it("does not start anew with an old segment, which the kernel drops before tcp_ack", function()
        local missed = check(PROBED .. [[
            20.000 server ACK seq-20 :
            30.000 client len=10     : missed
        ]]):only("missed")
        assert.are.equal(21027 * MS, missed.due)
    end)

    it("is at least one interval after the last probe: what is received does not move the timer", function()
        -- idle 5 s, interval 10 s: the cadence is 10.016 s, also when payload comes in right behind a probe.
        check(OPEN .. answered("client", 6.003, 10.016, 3) .. [[
            27.035 server len=10 :
            27.036 client ACK    :
            36.051 client probe  : probe
        ]])
    end)
end)

describe("no probe is due", function()
    it("while data is in flight: the retransmission timer rules (packets_out)", function()
        check(PROBED .. [[
            18.000 client len=10       :
            30.000 client len=10 seq-10 :
            50.000 client len=10 seq-10 :
        ]])
    end)

    it("while the peer's window is closed: the zero-window timer rules", function()
        check(PROBED .. [[
            18.000 server ACK win=0 :
            50.000 server ACK       :
        ]])
    end)

    it("after the side's own FIN", function()
        check(PROBED .. [[
            18.000 client FIN : fin, closed_before_due
            18.001 server ACK : fin_ack
            50.000 server FIN :
        ]])
    end)

    it("on a connection that was reset", function()
        check(PROBED .. [[
            18.000 server RST    : reset/NOTE, closed_before_due
            50.000 client len=10 :
            60.000 end
        ]])
    end)
end)

describe("a peer that probes, too", function()
    it("may be putting off our probes, as on BSD, until ours were seen to come in time nevertheless", function()
        -- The client probed twice before the server began: whether the server's probes put it off is not known.
        check(OPEN .. answered("client", 6.003, 5.008, 2) .. [[
            14.000 server probe  : probe
            14.001 client ACK    : answer
            19.000 client len=10 :
        ]])
    end)

    it("puts them off for good on a BSD, whose probes come a cadence after the peer's", function()
        check(PROBED .. [[
            18.000 server probe  : probe
            18.001 client ACK    : answer
            23.008 client probe  : probe
            23.009 server ACK    : answer
            27.000 server probe  : probe
            27.001 client ACK    : answer
            32.000 client len=10 :
        ]])
    end)

    it("does not put off the probes of a Linux, which was seen to ignore the peer's", function()
        local missed = check(PROBED .. [[
            18.000 server probe  : probe
            18.001 client ACK    : answer
            21.027 client probe  : probe
            21.028 server ACK    : answer
            23.008 server probe  : probe
            23.009 client ACK    : answer
            28.016 server probe  : missed, probe
            28.017 client ACK    : answer
            29.000 client len=10 :
        ]]):only("missed")
        assert.are.equal(26035 * MS, missed.due)
        assert.are.equal("data", missed.ended_by)
    end)

    it("does not put them off either where the capture begins with the prober alone", function()
        local missed = check([[
            4.000 client ACK     :
            5.000 client probe   : probe
            5.001 server ACK     : answer
            10.008 client probe  : probe
            10.009 server ACK    : answer
            15.016 client probe  : probe
            15.017 server ACK    : answer
            18.000 server probe  : probe
            18.001 client ACK    : answer
            20.024 client probe  : probe
            20.025 server ACK    : answer
            23.008 server probe  : probe
            23.009 client ACK    : answer
            27.000 client len=10 : missed
        ]]):only("missed")
        assert.are.equal(25032 * MS, missed.due)
    end)

    it("shows a gap that is not over: the record goes on counting until the gap ends", function()
        local trace = PROBED .. [[
            18.000 server probe  : probe
            18.001 client ACK    : answer
            21.027 client probe  : probe
            21.028 server ACK    : answer
            23.008 server probe  : probe
            23.009 client ACK    : answer
            28.016 server probe  : missed, probe
            28.017 client ACK    : answer
        ]]
        local open = check(trace):only("missed")
        assert.are.equal("nothing_yet", open.ended_by)
        assert.are.equal(1, open.intervals)
        local longer = check(trace .. [[
            33.024 server probe  : probe
            33.025 client ACK    : answer
            36.051 client probe  : probe
        ]])
        assert.are.equal(20, longer:all("missed")[1].frame)
        assert.are.equal(2, longer:only("missed").intervals)
        assert.are.equal("probe", longer:only("missed").ended_by)
    end)
end)

-- Captured at the server, `way` seconds from the client, which probes after 1 s of silence. A probe's answer reaches the
-- client a round trip after it left, so the cadence is the idle time and a round trip.
describe("a capture at the end that does not probe", function()
    local SECOND_EACH = { idle = 1000 * MS, interval = 1000 * MS }

    local function opened(way)
        local round_trip = 2 * way
        return line(0, "client SYN") .. line(0.0001, "server SYN") .. line(0.0001 + round_trip, "client ACK")
            .. line(1, "client len=10") .. line(1.001, "server len=20") .. line(1.001 + round_trip, "client ACK")
            .. line(2.001 + round_trip, "client probe : probe") .. line(2.0011 + round_trip, "server ACK : answer")
    end

    for _, way in ipairs { 0.1, 0.3 } do
        it("finds probes on time that come " .. way .. " s of way after they were due here", function()
            local round_trip, trace = 2 * way, opened(way)
            trace = trace .. line(3.0011 + 2 * round_trip, "client probe : probe")
                .. line(3.0012 + 2 * round_trip, "server ACK : answer")
            check(trace, SECOND_EACH)
            check(trace .. line(4.0012 + 3 * round_trip, "client probe : probe"), SECOND_EACH)
            -- Payload of the server starts the clock anew, when it arrives.
            local later = 3.5 + 2 * round_trip
            check(trace .. line(later, "server len=20 :") .. line(later + round_trip, "client ACK :")
                .. line(later + round_trip + 1, "client probe : probe"), SECOND_EACH)
        end)

        it("measures " .. way .. " s of way from the first of two SYNs that are too close for one that is sent again", function()
            local again = line(0.0001, "server SYN")
            local copied, count = opened(way):gsub(again, again .. line(0.1501, "server SYN seq-1"))
            assert.are.equal(1, count)
            local answer = 2.0011 + 2 * way
            local limit = answer + 1 + slack(1) + 2 * way
            check(in_a_late_capture(copied .. line(limit, "client len=10 :")), SECOND_EACH)
            check(in_a_late_capture(copied .. line(limit + 0.001, "client len=10 : missed")), SECOND_EACH)
        end)

        it("finds those missed that do not come after " .. way .. " s of way either", function()
            local answer = 2.0011 + 2 * way
            local limit = answer + 1 + slack(1) + 2 * way
            check(opened(way) .. line(limit, "client len=10 :"), SECOND_EACH)
            check(opened(way) .. line(limit + 0.001, "client len=10 : missed"), SECOND_EACH)
        end)

        it("learns " .. way .. " s of way from data where the capture has no handshake", function()
            local round_trip = 2 * way
            local trace = line(1, "client len=10") .. line(1.001, "server len=20")
                .. line(1.001 + round_trip, "client ACK") .. line(2.001 + round_trip, "client probe : probe")
                .. line(2.0011 + round_trip, "server ACK : answer")
            check(trace .. line(3.0011 + 2 * round_trip, "client probe : probe"), SECOND_EACH)
            local limit = 2.0011 + round_trip + 1 + slack(1) + round_trip
            check(trace .. line(limit, "client len=10 :"), SECOND_EACH)
            check(trace .. line(limit + 0.001, "client len=10 : missed"), SECOND_EACH)
        end)

        it("finds a probe that crosses data or a FIN within " .. way .. " s of way", function()
            local crossing = 3.0011 + 4 * way
            local trace = opened(way) .. line(crossing - way, "server len=20 :")
                .. line(crossing, "client probe ack-20 : probe") .. line(crossing + 0.0001, "server ACK : answer")
                .. line(crossing + way, "client ACK :") .. line(crossing + way + 1, "client probe : probe")
            check(trace, SECOND_EACH)
            check(opened(way) .. line(crossing - 2 * way, "server FIN : fin, closed_before_due")
                .. line(crossing, "client probe ack-1 : probe") .. line(crossing + 0.001, "server ACK : answer")
                .. line(crossing + 0.002, "client ACK : fin_ack"))
        end)
    end
end)

describe("the close of a silence", function()
    it("is before the probe was due, or after: a FIN or an RST 1 ms to either side, and not missed before slack", function()
        for text, finding in pairs({ ["server FIN"] = "fin", ["server RST"] = "reset/NOTE", ["client RST"] = "reset/NOTE" }) do
            check(PROBED .. line(DUE - 0.001, text .. " : " .. finding .. ", closed_before_due"))
            check(PROBED .. line(DUE + 0.001, text .. " : " .. finding))
            check(PROBED .. line(DUE + slack(5.008), text .. " : " .. finding))
            check(PROBED .. line(DUE + slack(5.008) + 0.001, text .. " : missed, " .. finding))
        end
    end)

    it("may come behind a probe that was sent 1 ms early: that one is no finding", function()
        check(PROBED .. line(DUE - 0.001, "client probe : probe") .. line(DUE, "server ACK : answer")
            .. line(DUE + 1, "server FIN : fin, closed_before_due"))
    end)
end)

describe("a cadence learned from the capture", function()
    it("is not fooled by one long gap: the probes after it are on time", function()
        check(PROBED .. [[
            36.051 client probe : missed, probe
            36.052 server ACK   : answer
            41.059 client probe : probe
            41.060 server ACK   : answer
            46.067 client probe : probe
        ]])
    end)

    it("takes a changed setting over from the second gap that agrees", function()
        check(PROBED .. [[
            46.099 client probe  : missed, probe => probe
            46.100 server ACK    : answer
            76.179 client probe  : setting_changed, probe
            76.180 server ACK    : answer
            106.259 client probe : probe
        ]])
    end)

    it("thinks again about a lone first gap that was too long: written back to the probe that ended it", function()
        local talk = check(OPEN .. [[
            6.003 client probe  : probe
            6.004 server ACK    : answer
            21.027 client probe : probe => missed, probe
            21.028 server ACK   : answer
            26.035 client probe : probe
            26.036 server ACK   : answer
            31.043 client probe : probe
        ]])
        local missed = talk:only("missed")
        assert.are.equal(2, missed.intervals)
        assert.are.equal(8, missed.last_probe)
        assert.are.equal(11011 * MS, missed.due)
    end)

    it("thinks again about one that was late already: it is told once, by what is known now", function()
        local late = check(OPEN .. [[
            6.003 client probe  : probe
            6.004 server ACK    : answer
            7.100 client len=10 :
            7.101 server len=20 :
            7.102 client ACK    :
            13.105 client probe : probe
            13.106 server ACK   : answer
            22.500 client probe : late, probe
            22.501 server ACK   : answer
            27.508 client probe : probe
            27.509 server ACK   : answer
            32.516 client probe : probe
        ]]):only("late")
        assert.are.equal(18113 * MS, late.due)
    end)

    it("thinks again only when a second short gap agrees, where no idle time was seen that bears it out", function()
        check [[
            0.000 client probe  : => probe
            0.001 server ACK    : answer
            15.024 client probe : probe => missed, probe
            15.025 server ACK   : answer
            20.032 client probe : probe
            20.033 server ACK   : answer
            25.040 client probe : probe
        ]]
        check [[
            0.000 client probe  : => probe
            0.001 server ACK    : answer
            15.024 client probe : probe
            15.025 server ACK   : answer
            20.032 client probe : probe
        ]]
    end)

    it("is that of Linux 4.8 and later, too: 5 s make 5.120 s, the first gap off the grid", function()
        check(OPEN .. [[
            6.302 client probe  : probe
            6.303 server ACK    : answer
            11.303 client probe : probe
            11.304 server ACK   : answer
        ]] .. answered("client", 16.423, 5.120, 5))
        check(OPEN .. answered("client", 6.302, 5.120, 10), GO)
    end)
end)

describe("what random conversations showed (tests/property)", function()
    it("each timer is rounded by its own length: an interval above the idle time", function()
        -- idle 5 s, interval 75 s on a wheel of 1000 Hz: the timer of the probe before runs after 77.8 s.
        check(OPEN .. answered("client", 6.003, 77.824, 2) .. [[
            150.000 client len=10 :
            150.001 server ACK    :
            161.651 client probe  : probe
        ]], { idle = 5000 * MS, interval = 75000 * MS })
    end)

    it("a lone first gap in which the peer probed was not too long on a BSD", function()
        check(OPEN .. [[
            16.003 client probe : probe
            16.004 server ACK   : answer
            31.001 server probe : probe
            31.002 client ACK   : answer
            46.001 client probe : probe
            46.002 server ACK   : answer
            61.002 client probe : probe
            61.003 server ACK   : answer
            76.003 client probe : probe
        ]])
    end)

    it("an idle time that the peer's probes made longer does not tell that they are ignored", function()
        -- Two BSDs, 75 s: each probe of the client comes 75 s after what it heard last, the server's probe.
        check(OPEN .. [[
            76.200  server probe  : probe
            76.201  client ACK    : answer
            151.201 client probe  : probe
            151.202 server ACK    : answer
            151.400 server probe  : probe
            151.401 client ACK    : answer
            226.401 client probe  : probe
            226.402 server ACK    : answer
            250.000 server probe  : probe
            250.001 client ACK    : answer
            324.000 client len=10 :
        ]])
    end)

    it("a peer's probe behind an unanswered one puts the next off by the idle time", function()
        check(OPEN .. [[
            6.003  client probe :  probe
            7.004  client probe :  unanswered, probe
            7.005  server ACK    : answer
            12.005 client probe  : probe
            12.013 server probe  : probe
            12.014 client ACK    : answer
            14.000 client len=10 :
        ]], { idle = 5000 * MS, interval = 1000 * MS })
    end)

    it("a peer's probe that crosses an unanswered one puts the next off as well", function()
        -- Two BSDs that probe at once: each takes the other's probe for a sign of life when its own has left.
        local crossing = [[
            60.402  client probe  : probe
            65.403  client probe  : unanswered, probe
            65.413  server ACK    : answer
            125.414 server probe  : probe
            125.415 client probe  : probe
            125.416 client ACK    : answer
        ]]
        check(OPEN .. crossing .. "136.847 client len=10 :")
        -- Without the server's probe, nothing puts it off.
        check(OPEN .. crossing:gsub("125.414[^\n]*\n", ""):gsub("125.416[^\n]*\n", "")
            .. "136.847 client len=10 : missed")
    end)

    it("a probe soon after the peer's tells only by how much that may have put it off", function()
        -- From the middle of a silence: 60 s, every 75 s. The idle time does not show, and a Windows host's byte is a sign of
        -- life to Linux, too.
        local trace = [[
            0.000   client probe       : => probe
            0.001   server ACK         : answer
            75.000  client probe       : probe
            75.001  server ACK         : answer
            150.000 client probe       : probe
            150.001 server ACK         : answer
            162.000 server probe len=1 : probe
            162.001 client ACK         : answer
            225.000 client probe       : probe
            225.001 server ACK         : answer
            297.000 server probe len=1 : probe
            297.001 client ACK         : answer
        ]]
        check(trace .. "357.000 client probe : probe")
        check(trace .. "372.000 client probe : late, probe")
    end)

    it("the way to a side that the capture shows nothing but probes of may be a long one", function()
        -- Told 3 s, captured at the server, 300 ms from the client: its timer starts when the answer arrives.
        local told = { idle = 3000 * MS, interval = 3000 * MS }
        local alone = "0.000 client probe : => probe\n0.001 server ACK : answer\n"
        check(alone .. "3.601 client probe : probe", told)
        check(alone .. line(3.001 + slack(3) + 1.001, "client probe : late, probe"), told)
        check(alone .. "9.000 client probe : missed, probe", told)
        -- OPEN shows how soon the client answers.
        check(OPEN .. [[
            4.003 client probe : probe
            4.004 server ACK   : answer
            7.604 client probe : late, probe
        ]], told)
    end)

    it("a dropped probe shows only when the next one comes later than a timer of the idle time may be rounded", function()
        -- Told 60 s and 5 s. With HZ=100, the wheel of Linux 4.8 runs a timer of 60 s after 60 to 65.12 s.
        local told = { idle = 60000 * MS, interval = 5000 * MS }
        local trace = OPEN .. [[
            61.003  client probe : probe
            61.004  server ACK   : answer
        ]]
        check(trace .. "126.174 client probe : probe", told)
        check(trace .. line(61.003 + 60 + slack(60), "client probe : probe"), told)
        check(trace .. "128.904 client probe : missed, probe", told)
    end)

    it("an idle time is learned with its timer's rounding, and is not longer than the cadence of answered probes", function()
        -- 5 s on Linux 4.8 with HZ=1000: 5.29 s at first, then 5.12 s. Two probes of the next silence are dropped.
        local trace = OPEN .. answered("client", 6.292, 5.12, 3) .. [[
            20.000 server len=10 :
            20.001 client ACK    :
        ]]
        local gap = check(trace .. "35.300 client probe : missed, probe"):only("missed")
        assert.are.equal(2, gap.intervals)
        assert.are.equal(25120 * MS, gap.due)
        assert.are.equal(1, check(trace .. "30.180 client probe : missed, probe"):only("missed").intervals)
        check(trace .. line(25.12 + slack(5.12) + ROUND_TRIP, "client probe : probe"))
        -- Without answered probes in a row the idle time that was seen is all there is.
        local lone = OPEN .. answered("client", 6.292, 5.12, 1) .. [[
            10.000 server len=10 :
            10.001 client ACK    :
            15.292 client probe  : probe
            15.293 server ACK    : answer
            20.000 server len=10 :
            20.001 client ACK    :
        ]]
        assert.are.equal(25290 * MS, check(lone .. "40.300 client probe : missed, probe"):only("missed").due)
    end)

    it("a probe that was missed set the timer for an interval, and that is rounded by its own length", function()
        -- idle 5 s, interval 75 s: the probe of 80.04 s did not leave, so that the next is due 75 s later, or 9 s after that.
        local told = { idle = 5000 * MS, interval = 75000 * MS }
        local trace = OPEN .. [[
            6.003   client probe  : probe
            6.004   server ACK    : answer
            54.000  server len=10 :
            54.001  client ACK    :
            138.000 server len=10 : missed
            138.001 client ACK    :
        ]]
        local limit = 81.003 + 75 + slack(75)
        check(trace .. line(limit, "server len=10 :"), told)
        check(trace .. line(limit + 0.001, "server len=10 : missed"), told)
        -- In the silence after the payload the probe is due an idle time later.
        local talk = check(trace .. [[
            156.900 server len=10 :
            156.901 client ACK    : => missed
            180.000 end
        ]], told)
        assert.are.equal(161900 * MS, talk:all("missed")[2].data.due)
    end)

    it("a peer's probe that came shortly before leaves the tolerance of the cadence", function()
        -- Two Linux hosts, 60 s: once the server's probe came 1.4 s after the client's.
        check(OPEN .. [[
            61.010  client probe  : probe
            61.011  server ACK    : answer
            61.066  server probe  : probe
            61.067  client ACK    : answer
            121.120 client probe  : probe
            121.121 server ACK    : answer
            122.486 server probe  : probe
            122.487 client ACK    : answer
            181.250 client probe  : probe
            181.251 server ACK    : answer
            183.906 server probe  : probe
            183.907 client ACK    : answer
            243.961 client probe  : probe
            243.962 server ACK    : answer
            246.000 client len=10 :
            246.001 server ACK
        ]])
    end)

    it("a gap that was missed does not become the cadence against the settings", function()
        check(OPEN .. [[
            6.003  client probe  : probe
            6.004  server ACK    : answer
            16.023 client probe  : missed, probe
            16.024 server ACK    : answer
            22.500 client len=10 : missed
        ]], GO)
    end)
end)

describe("an interval that is longer than the cadence, as BSD's may be", function()
    local BEGINS = PROBED .. "21.027 client probe : probe\n"

    it("is one when two gaps in a row behind unanswered probes agree: their probes were not late", function()
        check(BEGINS .. [[
            29.027 client probe : unanswered, late, probe => unanswered, probe
            37.027 client probe : unanswered/WARN, probe
            45.027 client probe : unanswered/WARN, probe
            53.027 client RST   : gave_up, unanswered/WARN
        ]])
    end)

    it("is none when the gaps do not agree, when one alone is longer, or when they are two cadences", function()
        check(BEGINS .. [[
            29.027 client probe : unanswered, late, probe
            39.027 client probe : missed, unanswered/WARN, probe
        ]])
        check(BEGINS .. [[
            29.027 client probe : unanswered, late, probe
            34.035 client probe : unanswered/WARN, probe
            42.035 client probe : unanswered/WARN, late, probe
        ]])
        check(BEGINS .. [[
            31.043 client probe : missed, unanswered, probe
            41.059 client probe : missed, unanswered/WARN, probe
        ]])
    end)
end)

describe("a setting that the application changes", function()
    it("is one when two gaps in a row agree: their probes were neither missed nor late", function()
        local changed = check(PROBED .. [[
            31.019 client probe : missed, probe => probe
            31.020 server ACK   : answer
            46.019 client probe : setting_changed, probe
            46.020 server ACK   : answer
            61.019 client probe : probe
            61.020 server ACK   : answer
            70.000 end
        ]]):only("setting_changed")
        assert.are.same({ by = "client", before = 5008 * MS, after = 15000 * MS }, changed)
    end)

    it("is none when a single gap is longer, or two that do not agree", function()
        check(PROBED .. [[
            31.043 client probe : missed, probe
            31.044 server ACK   : answer
            36.051 client probe : probe
            36.052 server ACK   : answer
        ]])
        check(PROBED .. [[
            31.043 client probe : missed, probe
            31.044 server ACK   : answer
            56.083 client probe : missed, probe
            56.084 server ACK   : answer
            61.091 client probe : probe
            61.092 server ACK   : answer
        ]])
    end)

    it("is one of the idle time, too", function()
        local ask = "%s client len=10 :\n%s server len=20 :\n%s client ACK :\n%s client probe : %s\n%s server ACK : answer\n"
        local function round(at, idle, expected)
            return ask:format(at, at + 0.001, at + 0.002, at + 0.001 + idle, expected, at + 0.002 + idle)
        end
        local trace = PROBED .. round(18, 5, "probe") .. round(24, 5, "probe")
        check(trace .. round(30, 20, "missed, probe => probe") .. round(52, 20, "setting_changed, probe")
            .. round(74, 20, "probe"))
        check(trace .. round(30, 20, "missed, probe") .. round(52, 5, "probe"))
        -- Between the two the side probed as ever: its setting was the old one.
        check(trace .. round(30, 20, "missed, probe") .. "55.009 client probe : probe\n55.010 server ACK : answer\n"
            .. round(57, 20, "missed, probe"))
    end)
end)

describe("a shorter setting", function()
    -- Answered probes: their times, TSval of the answer to the one before (what the probe echoes), what is expected of the probe.
    local function probes(list)
        local lines, value = {}, 1000
        for _, probe in ipairs(list) do
            local time, echo, expected = probe[1], probe[2], probe[3] or "probe"
            lines[#lines + 1] = line(time, ("client probe ts=%d ecr=%d : %s"):format(time * 1000, echo or value, expected))
            value = time * 1000 + 1000
            lines[#lines + 1] = line(time + 0.001, ("server ACK ts=%d : answer"):format(value))
        end
        return table.concat(lines)
    end
    local SLOW = { { 76 }, { 151 }, { 226 } }

    local function told(list)
        local all = {}
        for _, probe in ipairs(SLOW) do
            all[#all + 1] = probe
        end
        for _, probe in ipairs(list) do
            all[#all + 1] = probe
        end
        return check(OPEN .. probes(all)):all("setting_changed")
    end

    it("is told at the second shorter gap where the probes echo the answers, which then were not lost", function()
        local changed = told({ { 236 }, { 246, nil, "setting_changed, probe" }, { 256 } })
        assert.are.same({ by = "client", before = 75 * 1000 * MS, after = 10 * 1000 * MS }, changed[1].data)
    end)

    it("may be the interval of probes whose answers were lost behind the capture, where they do not echo them", function()
        local lost = 227000 -- the TSval of the last answer that came
        assert.are.same({}, told({ { 236, 152000 }, { 246, 152000 }, { 256, 152000 } }))
        -- One echo is no proof for the other gap.
        assert.are.same({}, told({ { 236, lost }, { 246, lost }, { 256, lost } }))
    end)

    it("is told after nine gaps without timestamps: no kernel probes so often in vain", function()
        local trace = answered("client", 76, 75, 3) .. answered("client", 236, 10, 8)
        check(OPEN .. trace .. line(316, "client probe : setting_changed, probe"))
    end)

    it("is none when the peer's probes had put off the longer gaps, as on a BSD", function()
        local trace = SLOW
        local text = OPEN .. line(70, "server probe ts=70000 : probe") .. line(70.001, "client ACK ts=70001 : answer")
        check(text .. probes({ trace[1], trace[2], trace[3], { 236 }, { 246 }, { 256 } }))
    end)
end)

describe("a setting that the user names and the capture contradicts", function()
    it("is what a change is told against, also where no idle time was seen before", function()
        local changed = check([[
            0.000 client probe  : => probe
            0.001 server ACK    : answer
            2.000 client len=10 :
            2.001 server ACK    :
            11.001 client probe : late, probe => probe
            11.002 server ACK   : answer
            13.000 client len=10 :
            13.001 server ACK    :
            22.001 client probe  : setting_changed, probe
        ]], GO):only("setting_changed")
        assert.are.same({ by = "client", before = 5000 * MS, after = 9000 * MS }, changed)
    end)
end)

describe("an open gap", function()
    it("keeps the time when the first probe was due, whatever the peer probes meanwhile", function()
        local trace = OPEN .. answered("client", 6.003, 5.008, 3) .. [[
            25.000 server probe : missed, probe
            25.001 client ACK   : answer
            30.008 server probe : probe
            30.009 client ACK   : answer
            35.016 server probe : probe
            35.017 client ACK   : answer
            40.000 end
        ]]
        local missed = check(trace):only("missed")
        assert.are.same({ 21027 * MS, 18973 * MS }, { missed.due, missed.overdue })
    end)

    it("goes on behind a copy of the peer's probe, as a mirror port shows it: an interval is told once", function()
        local trace = OPEN .. answered("client", 6.003, 5.008, 3) .. [[
            25.000000 server probe : missed, probe
            %s
            25.001000 client ACK   : answer
            26.000000 end
        ]]
        local plain = check(trace:format("")):only("missed")
        assert.are.same(plain, check(trace:format("25.000020 server copy :")):only("missed"))
        assert.are.same({ 1, "capture_end" }, { plain.intervals, plain.ended_by })
    end)
end)

describe("a side that sends again what was acknowledged", function()
    -- Captured at the server: the acknowledgments are lost on their way to the client.
    local ACKNOWLEDGED = PROBED .. [[
        17.000 client len=10        :
        17.001 server ACK           :
        17.210 client seq-10 len=10 :
        17.211 server ACK           :
    ]]

    it("has data in flight for all that it knows, and owes no probe; one byte is data, too", function()
        local trace = ACKNOWLEDGED .. [[
            17.630 client seq-10 len=10 :
            17.631 server ACK           :
            18.500 client seq-10 len=10 :
            40.000 client len=10        :
        ]]
        check(trace)
        check((trace:gsub("len=10", "len=1"):gsub("seq%-10", "seq-1")))
    end)

    it("owes one once it has sent something new, and where an acknowledgment was only late", function()
        local again = ACKNOWLEDGED .. "17.630 client seq-10 len=10 :\n17.631 server ACK :\n"
        assert.are.equal(3, check(again .. "17.700 client len=10 :\n17.701 server ACK :\n35.000 client len=10 : missed\n")
            :only("missed").intervals)
        assert.are.equal(3, check(ACKNOWLEDGED .. "35.000 client len=10 : missed\n"):only("missed").intervals)
    end)
end)

describe("an answer that took much longer than others", function()
    -- As behind an upload that fills the queue of a router: 21.027 s is answered after 4.5 s, then 30.520 s after 4.4 s.
    local QUEUED = PROBED .. [[
        21.027 client probe : probe
        25.527 server ACK   : answer
        30.535 client probe : probe
        34.935 server ACK   : answer
    ]]

    it("puts the next probe off, which counts from what was received: no interval was missed", function()
        local talk = check(QUEUED .. "39.943 client probe : probe\n39.944 server ACK : answer\n44.951 client probe : probe\n")
        assert.is_nil(next(talk:all("setting_changed")))
    end)

    it("puts it off no further: a probe that does not come then is missed", function()
        local missed = check(QUEUED .. "45.000 client probe : missed, probe\n"):only("missed")
        assert.are.same({ 1, 39936 * MS }, { missed.intervals, missed.due })
    end)

    it("is told by the handshake where no probe had an answer before", function()
        -- The first probes fill no queue; their answers come back through one that a download has filled.
        local first = OPEN .. "2.030 client probe : probe\n3.054 client probe : unanswered, probe\n" ..
            "4.078 client probe : unanswered/WARN, probe\n5.060 server ACK : answer\n"
        check(first .. [[
            6.084 client probe : probe
            6.085 server ACK   : answer
            7.108 client probe : probe
            7.109 server ACK   : answer
            8.132 client probe : probe
        ]])
        local missed = check(first .. "9.000 client probe : missed, probe\n"):only("missed")
        assert.is_true(missed.due > 6060 * MS)
    end)

    it("is none where all answers take as long: the probe before tells when the next one is due", function()
        local far = OPEN
        for number = 0, 3 do
            local time = 6.6 + 5.608 * number
            far = far .. line(time, "client probe : probe") .. line(time + 0.6, "server ACK : answer")
        end
        check(far .. line(6.6 + 5.608 * 4, "client probe : probe"))
        local missed = check(far .. line(6.6 + 5.608 * 5, "client probe : missed, probe")):only("missed")
        assert.are.same({ 1, 29032 * MS }, { missed.intervals, missed.due })
    end)
end)

describe("a gap that the late answer to the last probe ended", function()
    -- The probe at 21.027 s goes unanswered for 5.85 s; the next one was due at 26.035 s.
    local LATE_ANSWER = PROBED .. "21.027 client probe : probe\n26.877 server ACK : missed, answer\n"

    it("is told once: a copy of the answer and what follows it tell nothing more, nor does a probe on the grid", function()
        local missed = check(LATE_ANSWER .. [[
            26.877001 server copy :
            26.900 server ACK    :
            31.043 client probe  : probe
            31.044 server ACK    : answer
        ]]):only("missed")
        assert.are.same({ 1, 26035 * MS }, { missed.intervals, missed.due })
    end)

    it("goes on where the next probes are missing, too: each interval is told once", function()
        local talk = check(LATE_ANSWER .. [[
            26.877001 server copy :
            36.900 client probe   : missed, probe
            36.901 server ACK     : answer
        ]])
        local all = talk:all("missed")
        assert.are.same({ 1, 1 }, { all[1].data.intervals, all[2].data.intervals })
        -- The idle time counts anew from what was received at last.
        assert.are.same({ 26035 * MS, 31878001000 }, { all[1].data.due, all[2].data.due })
        assert.are.equal(1, check(LATE_ANSWER .. "31.500 end\n"):only("missed").intervals)
    end)
end)

describe("the schedule of one side", function()
    local function of(idle_s, interval_s)
        return schedule.new({ idle = idle_s * 1000 * MS, interval = interval_s * 1000 * MS, slack = 200 * MS, min_gap = 900 * MS })
    end

    it("waits the round trip longer for the first probe of a silence, a second where none is known", function()
        for _, round_trip in ipairs { false, 0, 1, 30 * MS } do
            local own = of(5, 5)
            own.round_trip = round_trip or nil
            own:probe(6000 * MS, 1, false)
            own:heard(6001 * MS, true)
            own:heard(7000 * MS, false)
            local due, limit = own:next_due()
            assert.are.equal(12000 * MS, due)
            assert.are.equal(own:tolerance(5000 * MS) + (round_trip or 1000 * MS), limit - due)
        end
    end)

    it("forgets the gap that it doubts when the idle time tells of another setting", function()
        local own = of(0, 0)
        local function probed(time_s, answered_s, was_overdue)
            own:probe(time_s * 1000 * MS, time_s, false, false, was_overdue, true)
            own:heard(answered_s * 1000 * MS, true)
        end
        own:heard(0, false)
        probed(5, 5.001)
        probed(25, 25.001)      -- too long a gap, as the next one shows
        probed(35, 35.001)
        assert.is_truthy(own.doubtful)
        for _, rested_s in ipairs { 36, 57 } do
            own:heard(rested_s * 1000 * MS, false)
            probed(rested_s + 20, rested_s + 20.001, true)
        end
        assert.are.equal(20000 * MS, own:idle_time())
        assert.is_nil(own:second_thought())
    end)

    it("calls an answer late that took longer than the quickest by more than the slack, and the first by the handshake", function()
        for took, is_late in pairs { [201 * MS] = false, [201 * MS + 1] = true } do
            local own, by_handshake = of(5, 5), of(5, 5)
            own:probe(0, 1, false)
            own:heard(1 * MS, true)
            own:probe(5000 * MS, 2, false)
            own:heard(5000 * MS + took, true)
            assert.are.equal(is_late, own.was_late)
            by_handshake.opening_took = 1 * MS
            by_handshake:probe(0, 1, false)
            by_handshake:heard(took, true)
            assert.are.equal(is_late, by_handshake.was_late)
        end
        local first = of(5, 5)
        first:probe(0, 1, false)
        first:heard(4000 * MS, true)
        assert.is_false(first.was_late)
    end)

    it("tells nothing twice: what is due before the time until when it was told is due then, with the same tolerance", function()
        local own = of(5, 5)
        own.round_trip = 0
        own:probe(6000 * MS, 1, false)
        own:heard(6001 * MS, true)
        local due, limit = own:next_due()
        for told_until, expected in pairs { [due - 1] = due, [due] = due, [due + 7000 * MS] = due + 7000 * MS } do
            local ends = limit + expected - due
            assert.is_nil(own:judge(ends, false, told_until))
            local judged = own:judge(ends + 1, false, told_until)
            assert.are.same({ "missed", 1, expected }, { judged.kind, judged.intervals, judged.due })
        end
    end)

    it("learns how long after a probe of the peer its own comes, that it may have been put off", function()
        local function after_peer(before, peer_ns, own_ns)
            local own = of(0, 0)
            before(own)
            own:peer_probed(peer_ns)
            own:learn_peer(own_ns)
            return own.after_peer
        end
        local function nothing() end
        local function heard(own) own:heard(5000 * MS, false) end
        local function probed(own) own:probe(5000 * MS, 1, false) end
        for _, before in ipairs({ nothing, heard, probed }) do
            assert.are.equal(3000 * MS, after_peer(before, 6000 * MS, 9000 * MS))
            assert.are.equal(900 * MS, after_peer(before, 6000 * MS, 6900 * MS))
            assert.is_nil(after_peer(before, 6000 * MS, 6900 * MS - 1))
        end
        for _, before in ipairs({ heard, probed }) do
            assert.are.equal(3000 * MS, after_peer(before, 5000 * MS + 1, 8000 * MS + 1))
            assert.is_nil(after_peer(before, 5000 * MS, 8000 * MS))
        end
        local own = of(0, 0)
        own:learn_peer(9000 * MS)
        assert.is_nil(own.after_peer)
        for _, own_s in ipairs({ 9, 8, 10 }) do
            own:peer_probed(6000 * MS)
            own:learn_peer(own_s * 1000 * MS)
        end
        assert.are.equal(2000 * MS, own.after_peer)
    end)

    it("learns no interval from probes that have one time stamp", function()
        for later = 0, 1 do
            local own = of(0, 0)
            own:probe(5000 * MS, 1, false)
            own:silence_over()
            own:probe(5000 * MS + later, 2, false)
            assert.are.equal(later == 1 and 1 or nil, own:interval_of_last_probe())
        end
    end)

    it("learns no idle time from a probe that has the time stamp of the segment before it", function()
        for later = 0, 1 do
            local own = of(0, 0)
            own:heard(5000 * MS, false)
            own:probe(5000 * MS + later, 1, false)
            assert.are.equal(later == 1 and 1 or nil, own:idle_time())
        end
    end)

    it("believes the settings against the capture where they tell the cadence: both of them", function()
        for _, settings in ipairs { { 0, 0 }, { 75, 0 }, { 0, 75 }, { 75, 75 } } do
            local own = of(settings[1], settings[2])
            local is_told = settings[1] > 0 and settings[2] > 0
            assert.are.equal(is_told and 75000 * MS or nil, own:probe_cadence())
            own.cadence = cadence.new()     -- as before its first probe, it shares that of all sides
            own.cadence:learn(5000 * MS)
            own.cadence:learn(5000 * MS)
            assert.are.equal((is_told and 75000 or 5000) * MS, own:probe_cadence())
        end
    end)
end)
