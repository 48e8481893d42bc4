-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"

local check, OPEN = conversation.check, conversation.OPEN
local MS = conversation.MS

-- The silence that a finding tells: its age, what it began with, and the farewell that does not count.
local function silence(trace, id, options)
    local data = check(OPEN .. trace, options):only(id)
    return { data.silence / MS, data.since, data.silence_from, data.farewell, data.farewell_bytes }
end

describe("the age of the silence at a close", function()
    it("does not count the closer's farewell in the same flight: a TLS alert, an error message, both", function()
        assert.are.same({ 60000, 6, "payload", 8, 31 }, silence([[
            61.001 server tls-alert
            61.002 server FIN       : fin
        ]], "fin"))
        assert.are.same({ 60000, 6, "payload", 8, 120 }, silence([[
            61.001 server len=120
            61.002 server FIN     : fin
        ]], "fin"))
        assert.are.same({ 60000, 6, "payload", 8, 64 }, silence([[
            61.000 server len=40
            61.001 server tls13-alert
            61.002 server FIN     : fin
        ]], "fin"))
        assert.are.same({ 60000, 6, "payload", 8, 120 }, silence("61.002 server FIN len=120 : fin", "fin"))
    end)

    it("counts what answers a request, however soon the close follows", function()
        assert.are.same({ 1, 10, "payload" }, silence([[
            61.000 client len=10
            61.100 server ACK
            61.101 server len=120
            61.102 server FIN : fin
        ]], "fin"))
        assert.are.same({ 1, 9, "payload" }, silence([[
            61.000 client len=10
            71.101 server len=120
            71.102 server FIN : fin
        ]], "fin"))
    end)

    it("counts the answer behind which the TLS alert comes, and not that alert", function()
        assert.are.same({ 2, 9, "payload", 10, 31 }, silence([[
            61.000 client len=10
            61.100 server len=900
            61.101 server tls-alert
            61.102 server FIN : fin
        ]], "fin"))
    end)

    it("does not count an alert that itself answers at once", function()
        assert.are.same({ 102, 8, "payload", 9, 31 }, silence([[
            61.000 client len=10
            61.101 server tls-alert
            61.102 server FIN : fin
        ]], "fin"))
    end)

    it("takes a GOAWAY and an alert for a farewell even when the peer had the last word before", function()
        assert.are.same({ 60002, 8, "payload", 10, 71 }, silence([[
            1.000 client len=35
            1.001 server ACK
            61.000 server len=40
            61.001 server tls-alert
            61.002 server FIN : fin
        ]], "fin"))
        -- Without an alert, it may be a slow answer.
        assert.are.same({ 2, 10, "payload" }, silence([[
            1.000 client len=35
            1.001 server ACK
            61.000 server len=40
            61.002 server FIN : fin
        ]], "fin"))
    end)

    it("does not count a leave that both take, as WebSocket and AMQP close", function()
        assert.are.same({ 60000, 6, "payload", 8, 4 }, silence([[
            61.000 server len=4
            61.001 client len=8
            61.002 server FIN   : fin
        ]], "fin"))
    end)

    it("counts the exchange of an opener that leaves, a second or a long reply, and a close that comes later", function()
        assert.are.same({ 1, 9, "payload" }, silence([[
            61.000 client len=4
            61.001 server len=8
            61.002 client FIN   : fin
        ]], "fin"))
        assert.are.same({ 1, 10, "payload" }, silence([[
            61.000 server len=4
            61.001 client len=8
            61.001 client len=8
            61.002 server FIN   : fin
        ]], "fin"))
        assert.are.same({ 1, 9, "payload" }, silence([[
            61.000 server len=4
            61.001 client len=800
            61.002 server FIN   : fin
        ]], "fin"))
        assert.are.same({ 2000, 9, "payload" }, silence([[
            61.000 server len=4
            61.001 client len=8
            63.001 server FIN   : fin
        ]], "fin"))
    end)

    it("counts what is too long for a farewell, or does not go with the close", function()
        assert.are.same({ 1, 8, "payload" }, silence([[
            61.001 server len=1400
            61.002 server FIN : fin
        ]], "fin"))
        assert.are.same({ 201, 8, "payload" }, silence([[
            61.000 server len=120
            61.201 server FIN : fin
        ]], "fin"))
        assert.are.same({ 100, 8, "payload" }, silence([[
            1.102 server len=120
            1.202 server FIN : fin
        ]], "fin"))
    end)

    it("counts the first payload of a connection, and that of a side that speaks unasked by habit", function()
        local data = check([[
            0.000 client SYN
            0.001 server SYN
            0.002 client ACK
            1.000 client len=517
            1.030 client FIN : fin
        ]]):only("fin")
        assert.are.same({ 30, 4 }, { data.silence / MS, data.since })
        assert.is_nil(data.farewell)
        local habit = OPEN .. [[
            2.000 client len=80
            2.001 server ACK
            4.000 client len=80
            4.001 server ACK
            6.000 client len=80
            6.001 server ACK
        ]]
        assert.is_nil(check(habit .. "6.002 client FIN : fin"):only("fin").farewell)
        local alert = check(habit .. [[
            6.010 client tls-alert
            6.011 client FIN : fin
        ]]):only("fin")
        assert.are.same({ 14, 31, 11 }, { alert.farewell, alert.farewell_bytes, alert.silence / MS })
    end)

    it("does not count the last words of the side that opened, as MySQL's COM_QUIT", function()
        for _, answer in ipairs { "", "61.002 server len=20 : post_fin_write/NOTE\n61.003 server FIN" } do
            assert.are.same({ 59999, 6, "payload", 8, 5 }, silence(([[
                61.001 client len=5
                61.001 client FIN : fin
                61.002 server ACK : fin_ack
                %s
            ]]):format(answer), "fin"))
        end
        -- After a request that took its time, and after others that were as short and had answers.
        assert.are.same({ 59999, 14, "payload", 16, 5 }, silence([[
            20.000 client len=8
            20.001 server len=9
            20.002 client ACK
            40.000 client len=8
            40.001 server ACK
            43.000 client ACK
            43.002 server len=9
            43.003 client ACK
            103.001 client len=5
            103.001 client FIN : fin
        ]], "fin"))
    end)

    it("counts the last words of a side that is asked, or speaks unasked, and those that are answered at length", function()
        -- An answer to what the server asked of its own accord, a second late.
        assert.are.same({ 1, 10, "payload" }, silence([[
            61.000 server len=4
            61.001 client ACK
            63.000 client len=8
            63.001 client FIN : fin
        ]], "fin"))
        -- Nothing answered the last words before these.
        assert.are.same({ 1, 10, "payload" }, silence([[
            20.000 client len=8
            20.001 server ACK
            61.000 client len=8
            61.001 client FIN : fin
        ]], "fin"))
        -- A request, and a close of one side only.
        assert.are.same({ 1, 8, "payload" }, silence([[
            61.000 client len=8
            61.001 client FIN : fin
            61.002 server len=1200 : post_fin_write/NOTE, fin_ack
        ]], "fin"))
    end)

    it("does not count a request that the closer had not seen, but one that it had", function()
        assert.are.same({ 60000, 6, "payload" }, silence([[
            61.000 client len=10
            61.002 server FIN ack-10 : fin
        ]], "fin"))
        assert.are.same({ 2, 8, "payload" }, silence([[
            61.000 client len=10
            61.002 server FIN : fin
        ]], "fin"))
        assert.are.same({ 1, 9, "payload" }, silence([[
            61.000 client len=20
            61.001 server ACK ack-10
            61.002 server FIN ack-10 : fin
        ]], "fin"))
    end)

    it("knows what its sender had seen from any segment with ACK, whatever other flags stand beside it", function()
        for _, others in ipairs { "", "URG", "ECE", "CWR", "URG ECE CWR" } do
            assert.are.same({ 2, 8, "payload" }, silence(([[
                61.000 client len=10
                61.002 server FIN %s : fin
            ]]):format(others), "fin"), others)
            assert.are.same({ 60000, 6, "payload" }, silence(([[
                61.000 client len=10
                61.002 server FIN ack-10 %s : fin
            ]]):format(others), "fin"), others)
            assert.are.same({ 1, 9, "payload" }, silence(([[
                61.000 client len=10
                61.101 server len=120 no-psh %s
                61.102 server FIN : fin
            ]]):format(others), "fin"), others)
        end
    end)

    it("does not count what is sent again", function()
        assert.are.same({ 60000, 8, "payload" }, silence([[
            2.000 client len=10
            2.200 client len=10 seq-10
            58.400 client len=10 seq-10
            62.000 client FIN : fin
        ]], "fin"))
    end)

    it("is that of an RST in answer to nothing, too", function()
        assert.are.same({ 60000, 6, "payload", 8, 120 }, silence([[
            61.001 server len=120
            61.002 server RST : reset/NOTE
        ]], "reset"))
    end)

    it("begins with the handshake when there was no payload, and is longer than the capture shows when it starts later", function()
        local fin = check([[
            0.000 client SYN :
            0.001 server SYN :
            0.002 client ACK :
            9.002 server FIN : fin
        ]]):only("fin")
        assert.are.same({ 9000 * MS, "handshake", 3 }, { fin.silence, fin.silence_from, fin.since })
        fin = check([[
            1.000 client ACK :
            1.001 server ACK :
            9.000 server FIN : fin
        ]]):only("fin")
        assert.are.same({ 9000 * MS, "capture_start" }, { fin.silence, fin.silence_from, fin.since })
    end)
end)

describe("the farewell of a side that had spoken alone", function()
    it("is told from its request, which nobody answered", function()
        local data = check([[
            0.000 client SYN
            0.001 server SYN
            0.002 client ACK
            0.500 client len=10
            0.501 server ACK
            61.000 client len=120
            61.001 client FIN : fin
        ]]):only("fin")
        assert.are.same({ 60501 * MS, 4, 6, 120 }, { data.silence, data.since, data.farewell, data.farewell_bytes })
    end)
end)

describe("the farewell of a side that nobody had asked for anything", function()
    local function fin_after(lines)
        return check("0.000 client SYN :\n0.001 server SYN :\n0.002 client ACK :\n" .. lines):only("fin")
    end

    it("leaves the age of the handshake, as with HTTP's 408", function()
        local fin = fin_after [[
            9.002 server len=200
            9.003 server FIN : fin
        ]]
        assert.are.same({ 9001 * MS, "handshake", 3, 4, 200 },
            { fin.silence, fin.silence_from, fin.since, fin.farewell, fin.farewell_bytes })
    end)

    it("is none when it is a greeting, or the request of the side that connected", function()
        local fin = fin_after [[
            0.500 server len=200
            0.501 server FIN : fin
        ]]
        assert.are.same({ 1 * MS, "payload", nil }, { fin.silence, fin.silence_from, fin.farewell })
        fin = fin_after [[
            9.002 client len=200
            9.003 client FIN : fin
        ]]
        assert.are.same({ 1 * MS, "payload", nil }, { fin.silence, fin.silence_from, fin.farewell })
    end)
end)

describe("the silence before the segment that an RST answers", function()
    it("ends with the first of what is outstanding, and not with what is sent again", function()
        assert.are.same({ 900000, 6, "payload" }, silence([[
            901.002 client len=10
            901.003 client len=10
            901.300 client len=20 seq-20
            901.301 server RST no-ack : reset
        ]], "reset"))
    end)

    it("is that of all segments before a probe or an ACK", function()
        assert.are.same({ 5006, 9, "segment" }, silence([[
            6.003 client probe      : probe
            6.004 server ACK        : answer
            11.010 client probe     : probe
            11.011 server RST no-ack : reset
        ]], "reset"))
        assert.are.same({ 8000, 7, "segment" }, silence([[
            9.003 client ACK         :
            9.004 server RST no-ack  : reset
        ]], "reset"))
    end)
end)

describe("the least round trip to a host", function()
    local SLOW = [[
        0.000 client SYN
        0.010 server SYN
        0.010 client ACK
        1.000 client len=10
        1.010 server ACK
        1.012 server len=20
        1.013 client ACK
    ]]

    it("is not beaten by its RST", function()
        local trace = SLOW .. [[
            9.000 client len=10
            9.0%s server RST no-ack : reset
        ]]
        assert.are.equal(10 * MS, check(trace:format("00")):only("reset").too_soon)
        assert.are.equal(10 * MS, check(trace:format("04")):only("reset").too_soon)
        assert.is_nil(check(trace:format("05")):only("reset").too_soon)
        assert.is_nil(check(trace:format("10")):only("reset").too_soon)
    end)

    it("may be beaten where it was seen once: it may have been a slow one", function()
        local trace = [[
            1.000 client len=10
            1.010 server ACK
            1.012 server len=20
            1.013 client ACK
            9.000 client len=10
            9.00%s server RST no-ack : reset
        ]]
        assert.are.equal(10 * MS, check(trace:format("1")):only("reset").too_soon)
        assert.is_nil(check(trace:format("2")):only("reset").too_soon)
    end)

    it("is that of an answer to an earlier segment, where the last one came too late to be it", function()
        local trace = SLOW .. [[
            9.000 client %s
            9.0%s client len=10
            9.011 server RST no-ack : reset
        ]]
        assert.is_nil(check(trace:format("len=10", "09")):only("reset").too_soon)
        assert.is_nil(check(trace:format("ACK", "09")):only("reset").too_soon)
        local right_before = trace:format("len=10", "10"):gsub("9%.000 client", "9.009 client")
        assert.are.equal(10 * MS, check(right_before):only("reset").too_soon)
        local long_before = trace:format("ACK", "10"):gsub("9%.000 client", "7.000 client")
        assert.are.equal(10 * MS, check(long_before):only("reset").too_soon)
    end)

    it("is not beaten by the answer to what the other side sent right before, which the RST's own side said", function()
        assert.are.equal(10 * MS, check(SLOW .. [[
            9.000 server len=10
            9.009 client len=10
            9.011 server RST no-ack : reset
        ]]):only("reset").too_soon)
    end)

    it("is not told where the capture is so near that any answer may be as soon", function()
        local trace = SLOW:gsub("0%.010", "0.00015"):gsub("1%.010", "1.00015")
        assert.is_nil(check(trace .. [[
            9.000 client len=10
            9.000001 server RST no-ack : reset
        ]]):only("reset").too_soon)
    end)

    it("tells an answer from data that crossed the probe", function()
        check(SLOW .. [[
            6.013 client probe  : probe
            6.014 server len=10 :
            6.015 client ACK    :
            6.023 server ACK    : answer
        ]])
        check(SLOW .. [[
            6.013 client probe  : probe
            6.023 server len=10 : answer
        ]])
    end)
end)

describe("what comes too soon for an answer of a host", function()
    local payload = require "keepalive_payload"

    local function side(...)
        local seen = { has_answered_syn = true }
        for _, delay in ipairs({ ... }) do
            payload.note_round_trip(seen, delay)
        end
        return seen
    end

    it("comes in less than half of the least of several round trips", function()
        local two = side(12 * MS, 10 * MS)
        assert.are.equal(10 * MS, payload.beats_round_trip(two, 5 * MS - 1))
        assert.is_nil(payload.beats_round_trip(two, 5 * MS))
    end)

    it("comes in less than an eighth of a single one, which may have been slow", function()
        local one = side(16 * MS)
        assert.are.equal(16 * MS, payload.beats_round_trip(one, 2 * MS - 1))
        assert.is_nil(payload.beats_round_trip(one, 2 * MS))
    end)

    it("comes 0.2 ms sooner at least: a fast host varies by less", function()
        local near = side(0.3 * MS, 0.3 * MS)
        assert.are.equal(0.3 * MS, payload.beats_round_trip(near, 0.1 * MS))
        assert.is_nil(payload.beats_round_trip(near, 0.1 * MS + 1))
    end)

    it("is none where the least of them is no time at all: two frames of one time stamp", function()
        local near = side(10 * MS, 0)
        assert.are.same({ 2, 0 }, { near.round_trips, near.least_round_trip })
        assert.is_nil(payload.beats_round_trip(near, 0))
    end)

    it("is not known without a round trip, nor from one that is none", function()
        assert.is_nil(payload.beats_round_trip(side(), 0))
        assert.is_nil(payload.beats_round_trip(side(-1), 0))
    end)
end)

describe("the edges of a farewell", function()
    it("are a thousand bytes", function()
        assert.are.same({ 60000, 6, "payload", 8, 1000 }, silence("61.002 server FIN len=1000 : fin", "fin"))
        assert.are.same({ 0, 8, "payload" }, silence("61.002 server FIN len=1001 : fin", "fin"))
    end)

    it("are 200 ms from its first part to its last, and to the close", function()
        local function parted(last, closes)
            return silence(([[
                61.000 server len=40
                %.3f server %slen=50
                %s
            ]]):format(61 + last, closes and "" or "FIN ", closes and ("%.3f server FIN : fin"):format(61 + closes) or "")
                :gsub("FIN len=50", "FIN len=50 : fin"), "fin")
        end
        assert.are.same({ 60198, 6, "payload", 8, 90 }, parted(0.2))
        assert.are.same({ 0, 9, "payload" }, parted(0.201))
        assert.are.same({ 60198, 6, "payload", 8, 90 }, parted(0.001, 0.2))
        assert.are.same({ 200, 9, "payload" }, parted(0.001, 0.201))
    end)

    it("are 100 bytes of a reply that takes leave, within a second, and 200 ms before the close", function()
        local function left(replies, bytes, closes)
            return silence(([[
                61.000 server len=4
                %.3f client len=%d
                %.3f server FIN : fin
            ]]):format(61 + replies, bytes, 61 + replies + closes), "fin")
        end
        assert.are.same({ 60000, 6, "payload", 8, 4 }, left(0.001, 100, 0.001))
        assert.are.same({ 1, 9, "payload" }, left(0.001, 101, 0.001))
        assert.are.same({ 60999, 6, "payload", 8, 4 }, left(1, 8, 0.001))
        assert.are.same({ 1, 9, "payload" }, left(1.001, 8, 0.001))
        assert.are.same({ 60199, 6, "payload", 8, 4 }, left(0.001, 8, 0.2))
        assert.are.same({ 201, 9, "payload" }, left(0.001, 8, 0.201))
    end)

    it("are a second and 100 bytes of what comes before an alert and may be a slow answer", function()
        local function answered(takes, bytes)
            return silence(([[
                60.000 client len=35
                60.001 server ACK
                %.3f server len=%d
                %.3f server tls-alert
                %.3f server FIN : fin
            ]]):format(60 + takes, bytes, 60.001 + takes, 60.002 + takes), "fin")
        end
        assert.are.same({ 2, 10, "payload", 11, 31 }, answered(1, 40))
        assert.are.same({ 1003, 8, "payload", 10, 71 }, answered(1.001, 40))
        assert.are.same({ 1003, 8, "payload", 10, 131 }, answered(1.001, 100))
        assert.are.same({ 2, 10, "payload", 11, 31 }, answered(1.001, 101))
    end)

    it("are a second after the handshake, where who was connected to speaks first", function()
        local function spoken(seconds)
            local data = check(([[
                0.000 client SYN
                0.001 server SYN
                0.002 client ACK
                %.3f server len=50
                %.3f server FIN : fin
            ]]):format(seconds, seconds + 0.001)):only("fin")
            return { data.silence / MS, data.since, data.silence_from, data.farewell, data.farewell_bytes }
        end
        assert.are.same({ 1, 4, "payload" }, spoken(1.001))
        assert.are.same({ 1002, 3, "handshake", 4, 50 }, spoken(1.003))
    end)

    it("are the 85 bytes of the longest alert behind an answer", function()
        local function alerted(bytes)
            return silence(([[
                61.000 client len=10
                61.100 server len=900
                61.101 server tls-alert len=%d
                61.102 server FIN : fin
            ]]):format(bytes), "fin")
        end
        assert.are.same({ 2, 9, "payload", 10, 85 }, alerted(85))
        assert.are.same({ 1, 10, "payload" }, alerted(86))
    end)
end)

-- What a trace's FIN tells: the age of the silence in ns, what it began with, and the farewell.
local function fin_of(trace)
    local data = check(trace):only("fin")
    return { data.silence, data.since, data.farewell, data.farewell_bytes }
end

describe("the bounds of a farewell", function()
    it("are 200 ms to the close, and 1000 bytes", function()
        local trace = OPEN .. "61.000 server len=%d\n61.%s server FIN : fin\n"
        assert.are.same({ 60198 * MS, 6, 8, 1000 }, fin_of(trace:format(1000, "2")))
        assert.are.same({ 200 * MS + 1, 8 }, fin_of(trace:format(1000, "200000001")))
        assert.are.same({ 200 * MS, 8 }, fin_of(trace:format(1001, "2")))
    end)

    it("are 200 ms for all that it is in", function()
        local trace = OPEN .. "61.000 server len=40\n61.%s server len=50\n61.%s server FIN : fin\n"
        assert.are.same({ 60198 * MS, 6, 8, 90 }, fin_of(trace:format("2", "2")))
        assert.are.same({ 1, 9 }, fin_of(trace:format("2", "200000001")))
    end)

    it("are more than 200 ms from the answer before it, which goes on for so long", function()
        local trace = OPEN .. "1.202%s server len=120\n1.203 server FIN : fin\n"
        assert.are.same({ 1 * MS, 8 }, fin_of(trace:format("")))
        assert.are.same({ 201 * MS, 6, 8, 120 }, fin_of(trace:format("000001")))
    end)

    it("are more than a second from the handshake, until when it is a greeting", function()
        local trace = "0.000 client SYN\n0.001 server SYN\n0.002 client ACK\n1.002%s server len=200\n1.003 server FIN : fin\n"
        assert.are.same({ 1 * MS, 4 }, fin_of(trace:format("")))
        assert.are.same({ 1001 * MS, 3, 4, 200 }, fin_of(trace:format("000001")))
    end)

    it("are 100 bytes, more than a second after the peer's last word, where an alert shows that it is no answer", function()
        local trace = OPEN .. "2.000 client len=35\n2.001 server ACK\n3.%s server len=%d\n3.001 server tls-alert\n3.002 server FIN : fin\n"
        assert.are.same({ 1002 * MS, 8, 10, 131 }, fin_of(trace:format("000000001", 100)))
        assert.are.same({ 2 * MS - 1, 10, 11, 31 }, fin_of(trace:format("000000001", 101)))
        assert.are.same({ 2 * MS, 10, 11, 31 }, fin_of(trace:format("000", 100)))
    end)

    it("are 100 bytes for the last words of the side that opened", function()
        local trace = OPEN .. "1.100 client len=%d\n1.100 client FIN : fin\n1.101 server ACK : fin_ack\n"
        assert.are.same({ 98 * MS, 6, 8, 100 }, fin_of(trace:format(100)))
        assert.are.same({ 0, 8 }, fin_of(trace:format(101)))
    end)

    it("leave it one where the peer says 100 bytes after it, and make it a request where it says more", function()
        local trace = OPEN .. "61.002 client len=5\n61.003 client FIN : fin\n61.004 server len=%d : post_fin_write/NOTE, fin_ack\n"
        assert.are.same({ 60001 * MS, 6, 8, 5 }, fin_of(trace:format(100)))
        assert.are.same({ 1 * MS, 8 }, fin_of(trace:format(101)))
    end)

    it("are a reply of 100 bytes within a second, and the close within 200 ms, where both take leave", function()
        local trace = OPEN .. "61.000 server len=4\n62.%s client len=%d\n62.%s server FIN : fin\n"
        assert.are.same({ 61198 * MS, 6, 8, 4 }, fin_of(trace:format("000", 100, "2")))
        assert.are.same({ 200 * MS, 9 }, fin_of(trace:format("000", 101, "2")))
        assert.are.same({ 200 * MS + 1, 9 }, fin_of(trace:format("000", 100, "200000001")))
        assert.are.same({ 200 * MS - 1, 9 }, fin_of(trace:format("000000001", 100, "2")))
    end)
end)
