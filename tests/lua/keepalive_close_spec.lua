-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"

local check, answered, OPEN = conversation.check, conversation.answered, conversation.OPEN
local MS = conversation.MS

local PROBED = OPEN .. answered("client", 6.003, 5.008, 3)

-- The server closes, the client's kernel acknowledges, its application does not notice: frames 8 and 9.
local HALF_CLOSED = OPEN .. [[
    61.002 server FIN : fin
    61.003 client ACK : fin_ack
]]

describe("the first FIN", function()
    it("says who closed, and both ages: since the last payload and since the last segment", function()
        local talk = check(PROBED .. [[
            18.000 server FIN : fin, closed_before_due
        ]])
        assert.are.same({
            by = "server", data_idle = 16998 * MS, packet_idle = 1980 * MS, last_data = 6,
            silence = 16998 * MS, silence_from = "payload", since = 6,
        }, talk:only("fin"))
    end)

    it("may carry the last payload itself", function()
        local fin = check(OPEN .. [[
            5.000 server FIN len=30 : fin
        ]]):only("fin")
        assert.are.equal(8, fin.last_data)
        assert.are.equal(0, fin.data_idle)
    end)

    it("of a connection without payload has no data idle time", function()
        local fin = check [[
            0.000 client SYN :
            0.001 server SYN :
            0.002 client ACK :
            9.000 client FIN : fin
        ]]:only("fin")
        assert.is_nil(fin.data_idle)
        assert.is_nil(fin.last_data)
    end)

    it("is one, whatever is retransmitted, and the other side's FIN is not it", function()
        check(OPEN .. [[
            5.000 server FIN       : fin
            5.200 server FIN seq-1 :
            5.201 client ACK       : fin_ack
            5.202 client FIN       :
            5.203 server ACK       :
            5.402 client FIN seq-1 :
        ]])
    end)

    it("is the first one also when both cross", function()
        check(OPEN .. [[
            5.000 server FIN       : fin
            5.001 client FIN ack-1 :
            5.002 server ACK       :
            5.003 client ACK       : fin_ack
        ]])
    end)
end)

describe("the acknowledgment of the FIN", function()
    it("is the first segment whose ACK covers it, with the time it took", function()
        local fin_ack = check(OPEN .. [[
            5.000 server FIN       : fin
            5.001 client ACK ack-1 :
            5.040 client ACK       : fin_ack
            5.041 client ACK       :
        ]]):only("fin_ack")
        assert.are.same({ fin = 8, delay = 40 * MS }, fin_ack)
    end)

    it("may be the peer's own FIN", function()
        check(OPEN .. [[
            5.000 server FIN : fin
            5.001 client FIN : fin_ack
            5.002 server ACK :
        ]])
    end)
end)

describe("a close before the next probe was due", function()
    it("says so with the margin, on a FIN of either side: no interval was missed", function()
        -- The article's times (seed): the next probe is due 5.008 s after the last one, the FIN comes 99 ms sooner.
        local trace = OPEN .. answered("client", 6.387260, 5.008, 11) .. "%s\n"
        local data = check(trace:format("61.376174 server FIN : fin, closed_before_due")):only("closed_before_due")
        assert.are.equal("client", data.by)
        assert.are.equal(61475260000, data.due)
        assert.are.equal(99086000, data.margin)
        assert.are.equal(28, data.last_probe)
        check(trace:format("61.376174 client FIN : fin, closed_before_due"))
        check(trace:format("61.376174 server RST : reset/NOTE, closed_before_due"))
    end)

    it("is not said at due and later", function()
        check(PROBED .. "21.026 server FIN : fin, closed_before_due")
        check(PROBED .. "21.027 server FIN : fin")
    end)

    it("is said after one probe, too: the next one cannot be due before the idle time is over again", function()
        local data = check(OPEN .. answered("client", 6.003, 5.008, 1) .. "9.0 server FIN : fin, closed_before_due")
            :only("closed_before_due")
        assert.are.equal(6004 * MS + 5001 * MS, data.due)
    end)

    it("is not said where no probe was sent in this silence", function()
        check(PROBED .. [[
            17.000 client len=10 :
            17.001 server ACK    :
            18.000 server FIN    : fin
        ]])
        check(OPEN .. "2.0 server FIN : fin")
    end)
end)

describe("a write after the peer's FIN", function()
    it("is payload of a side whose ACK covers the FIN; the RST that it draws is the broken pipe", function()
        local talk = check(HALF_CLOSED .. [[
            113.000 client len=84 : post_fin_write
            113.001 server RST    : post_fin_reset
        ]])
        assert.are.same({ fin = 8, after_fin = 51998 * MS, bytes = 84, reset_in = 11 }, talk:only("post_fin_write"))
        assert.are.same({
            cause = 10, cause_kind = "write", fin = 8, delay = 1 * MS, after_fin = 51999 * MS,
        }, talk:only("post_fin_reset"))
    end)

    it("is not data that crosses the FIN: its ACK does not cover it", function()
        local reset = check(OPEN .. [[
            5.000 server FIN          : fin
            5.001 client len=10 ack-1 :
            5.002 server RST no-ack   : reset
        ]]):only("reset")
        assert.are.equal("data", reset.followed)
        assert.are.equal(9, reset.cause)
    end)

    it("is not a retransmission of what was written before", function()
        check(OPEN .. [[
            5.000 client len=10        :
            5.001 server FIN ack-10    : fin
            5.002 client ACK           : fin_ack
            5.300 client len=10 seq-10 :
        ]])
    end)

    it("is each new segment; the RST names the first, which it answers", function()
        local talk = check(HALF_CLOSED .. [[
            70.000 client len=1400 : post_fin_write
            70.001 client len=1412 : post_fin_write
            71.800 server RST      : post_fin_reset
        ]])
        assert.are.equal(10, talk:only("post_fin_reset").cause)
        assert.are.equal(1800 * MS, talk:only("post_fin_reset").delay)
    end)

    it("is a legal half-close when the peer acknowledges it (RFC 9293, 3.6), written back", function()
        local talk = check(HALF_CLOSED .. [[
            62.000 client len=1000 : post_fin_write => post_fin_write/NOTE
            62.001 server ACK      :
            62.002 client len=1000 : post_fin_write/NOTE
            62.003 server ACK      :
            62.004 client FIN      :
            62.005 server ACK      :
        ]])
        local writes = talk:all("post_fin_write")
        assert.are.equal(11, writes[1].data.acked_in)
        assert.are.equal("half_close", writes[1].data.harmless)
        assert.are.equal(13, writes[2].data.acked_in)
    end)

    it("breaks a legal half-close when it is not acknowledged but reset", function()
        check(HALF_CLOSED .. [[
            62.000 client len=1000 : post_fin_write => post_fin_write/NOTE
            62.001 server ACK      :
            90.000 client len=1000 : post_fin_write/NOTE => post_fin_write
            90.001 server RST      : post_fin_reset
        ]])
    end)

    it("is not made legal by an ACK that covers only a part of it", function()
        check(HALF_CLOSED .. [[
            62.000 client len=1000   : post_fin_write
            62.001 server ACK ack-1  :
        ]])
    end)

    it("is everyday noise when the writer's own FIN goes with it", function()
        check(HALF_CLOSED .. [[
            61.500 client FIN len=30 : post_fin_write/NOTE
            61.501 server RST        : post_fin_reset/NOTE
        ]])
    end)

    it("is everyday noise when the writer's own FIN follows at once, before the RST", function()
        local talk = check(HALF_CLOSED .. [[
            61.500 client len=30 : post_fin_write => post_fin_write/NOTE
            61.501 client FIN    :
            61.502 server RST    : post_fin_reset/NOTE
        ]])
        assert.are.equal("own_fin", talk:only("post_fin_write").harmless)
    end)

    it("is everyday noise when the writer's own FIN follows at once, but the RST was faster", function()
        check(HALF_CLOSED .. [[
            61.500 client len=30 : post_fin_write => post_fin_write/NOTE
            61.501 server RST    : post_fin_reset => post_fin_reset/NOTE
            61.502 client FIN    :
        ]])
    end)

    it("is everyday noise when the writer resets the connection itself at once", function()
        local talk = check(HALF_CLOSED .. [[
            61.500 client len=30 : post_fin_write => post_fin_write/NOTE
            61.501 client RST    : reset/NOTE
        ]])
        assert.are.equal("own_rst", talk:only("post_fin_write").harmless)
    end)

    -- logstash-plugins/logstash-output-http issue 54: a POST of 1,669 octets 4 ms after Tomcat's FIN, the FIN 56 us later.
    it("is no noise when it is a request, though its writer closes at once", function()
        for _, length in ipairs { 101, 1669 } do
            local talk = check(HALF_CLOSED .. ([[
                61.500 client len=%d : post_fin_write
                61.501 client FIN    :
                61.502 server RST    : post_fin_reset
            ]]):format(length))
            assert.is_nil(talk:only("post_fin_write").harmless)
        end
    end)

    it("is no noise when a request and a TLS alert are behind one another", function()
        check(HALF_CLOSED .. [[
            61.500 client len=700   : post_fin_write
            61.501 client tls-alert : post_fin_write/NOTE
            61.502 client FIN       :
            61.503 server RST       : post_fin_reset
        ]])
    end)

    it("is no request when the other side answers so, or when it is no longer than a farewell", function()
        check([[
            0.000 client SYN         :
            0.001 server SYN         :
            0.002 client ACK         :
            0.010 client len=50      :
            1.000 client FIN         : fin
            1.500 server len=700     : post_fin_write, fin_ack => post_fin_write/NOTE, fin_ack
            1.501 server FIN         :
        ]])
        check(HALF_CLOSED .. [[
            61.500 client len=60 : post_fin_write => post_fin_write/NOTE
            61.501 client len=40 : post_fin_write => post_fin_write/NOTE
            61.502 client FIN    :
        ]])
    end)

    it("is no noise when the writer's FIN comes only after a while", function()
        check(HALF_CLOSED .. [[
            61.500 client len=30 : post_fin_write
            61.750 client FIN    :
            61.751 server RST    : post_fin_reset
        ]])
    end)

    it("is everyday noise when it is a TLS closing alert", function()
        check(HALF_CLOSED .. [[
            61.500 client tls-alert : post_fin_write/NOTE
            61.501 server RST       : post_fin_reset/NOTE
        ]])
    end)

    it("is not excused by a first octet that only looks like an alert's", function()
        check(HALF_CLOSED .. "61.500 client octet-21 len=31 : post_fin_write")
    end)

    it("draws a RST without ACK from a host that has no such socket (RFC 9293, 3.10.7.1)", function()
        check(HALF_CLOSED .. [[
            113.000 client len=84     : post_fin_write
            113.001 server RST no-ack : post_fin_reset
        ]])
    end)

    it("without an answer in the capture is still a write after the FIN", function()
        local write = check(HALF_CLOSED .. "500.0 client len=12 : post_fin_write"):only("post_fin_write")
        assert.is_nil(write.reset_in)
        assert.is_nil(write.acked_in)
        assert.is_nil(write.harmless)
    end)
end)

describe("new data after the sender's own FIN", function()
    it("violates the protocol (RFC 9293, 3.6)", function()
        local data = check(OPEN .. [[
            5.000 server FIN    : fin
            5.001 server len=10 : write_after_own_fin
        ]]):only("write_after_own_fin")
        assert.are.same({ fin = 8, bytes = 10 }, data)
    end)

    it("is not a retransmission of old data", function()
        check(OPEN .. [[
            5.000 server len=10           :
            5.001 server FIN              : fin
            5.300 server FIN len=10 seq-11 :
        ]])
    end)
end)

describe("a probe after the peer's FIN", function()
    it("shows CLOSE-WAIT: the application has not closed; the RST names it and is the article's", function()
        local talk = check(HALF_CLOSED .. [[
            66.010 client probe : post_fin_probe, probe
            66.011 server RST   : post_fin_reset
        ]])
        assert.are.same({ fin = 8, after_fin = 5008 * MS }, talk:only("post_fin_probe"))
        local reset = talk:only("post_fin_reset")
        assert.are.equal("probe", reset.cause_kind)
        assert.are.equal(10, reset.cause)
        assert.are.equal(8, reset.fin)
    end)

    it("may be answered for as long as the closed socket is in FIN-WAIT-2", function()
        local talk = check(HALF_CLOSED .. [[
            66.010 client probe : post_fin_probe, probe
            66.011 server ACK   : answer
            71.018 client probe : post_fin_probe, probe
            71.019 server RST   : post_fin_reset
        ]])
        assert.are.equal(12, talk:only("post_fin_reset").cause)
    end)

    it("is no such probe when the side probes that has sent the FIN itself (FIN-WAIT-2 behind a shutdown)", function()
        check(HALF_CLOSED .. [[
            66.010 server probe : probe
            66.011 client ACK   : answer
        ]])
    end)
end)

describe("who closed first", function()
    it("cannot be told when the other side's last octets are not in the capture: its FIN may be among them", function()
        local fin = check(OPEN .. [[
            5.000 server FIN lost
            5.001 client ACK :
            5.002 client FIN : fin
            5.003 server ACK : fin_ack
        ]]):only("fin")
        assert.are.equal("unseen_bytes", fin.doubt)
        assert.is_truthy(check(OPEN .. [[
            5.000 server FIN lost
            5.001 client FIN : fin
        ]]):only("fin").doubt)
        assert.is_truthy(check(OPEN .. [[
            5.000 server FIN lost
            5.001 server ACK :
            5.002 client FIN ack-1 : fin
        ]]):only("fin").doubt)
    end)

    it("is told by what the other side sends afterwards: those octets were no FIN", function()
        local trace = OPEN .. [[
            5.000 server len=1 lost
            5.001 client FIN : fin
            5.002 server %s
        ]]
        assert.is_nil(check(trace:format("FIN : fin_ack")):only("fin").doubt)
        assert.is_nil(check(trace:format("len=5 : post_fin_write, fin_ack")):only("fin").doubt)
        assert.is_truthy(check(trace:format("ACK : fin_ack")):only("fin").doubt)
        assert.is_truthy(check(trace:format("FIN seq-1 : fin_ack")):only("fin").doubt)
    end)

    it("is not told by what the closer itself sends afterwards", function()
        assert.is_truthy(check(OPEN .. [[
            5.000 server FIN lost
            5.001 client FIN   : fin
            5.002 client len=5 : write_after_own_fin
        ]]):only("fin").doubt)
    end)

    it("is told by what the other side sent in between", function()
        assert.is_nil(check(OPEN .. [[
            4.000 server len=1 lost
            4.001 client ACK   :
            4.002 server len=9 :
            5.002 client FIN   : fin
        ]]):only("fin").doubt)
    end)

    it("cannot be told when the capture shows nothing that the other side sent", function()
        assert.are.equal("unseen_peer", check("0.0 client FIN : fin"):only("fin").doubt)
        assert.is_nil(check("0.0 client FIN : fin\n 0.1 server FIN : fin_ack"):only("fin").doubt)
    end)

    it("is no SYN with a FIN, which is a scan", function()
        check [[
            0.000 client SYN FIN :
            0.001 server RST     :
        ]]
    end)
end)

describe("a FIN and its copies", function()
    it("are one, also when it is sent again with data", function()
        check(OPEN .. [[
            5.000 server FIN len=30        : fin
            5.300 server FIN len=30 seq-31 :
            5.900 server FIN len=10 seq-11 :
            7.100 server FIN seq-1         :
            7.101 client ACK               : fin_ack
            9.500 server FIN seq-1         :
            9.501 client ACK               :
        ]])
    end)

    it("may go on without an answer: that is no finding", function()
        check(OPEN .. [[
            5.000 server FIN       : fin
            5.200 server FIN seq-1 :
            5.600 server FIN seq-1 :
            6.400 server FIN seq-1 :
            8.000 server FIN seq-1 :
        ]])
    end)

    it("may meet a closed window", function()
        check(OPEN .. [[
            5.000 server len=10          :
            5.001 client ACK win=0       :
            5.002 server FIN             : fin
            7.000 server ACK seq-2       :
            7.001 client ACK ack-1 win=0 :
            9.000 client ACK             : fin_ack
        ]])
    end)
end)

describe("everyday writes after the peer's FIN", function()
    it("are TLS alerts as TLS 1.3 sends them, told by their size", function()
        check(HALF_CLOSED .. [[
            61.500 client tls13-alert : post_fin_write/NOTE
            61.501 server RST         : post_fin_reset/NOTE
        ]])
    end)

    it("are called alerts also when the writer's FIN follows", function()
        local write = check(HALF_CLOSED .. [[
            61.500 client tls-alert : post_fin_write/NOTE
            61.501 client FIN       :
        ]]):only("post_fin_write")
        assert.are.equal("tls_alert", write.harmless)
    end)

    it("are what goes out right before such an alert", function()
        local talk = check(HALF_CLOSED .. [[
            61.500 client len=39      : post_fin_write => post_fin_write/NOTE
            61.501 client tls13-alert : post_fin_write/NOTE
            61.502 server RST         : post_fin_reset/NOTE
        ]])
        assert.are.equal("before_alert", talk:all("post_fin_write")[1].data.harmless)
        check(HALF_CLOSED .. [[
            61.500 client len=39      : post_fin_write
            61.701 client tls13-alert : post_fin_write/NOTE
        ]])
    end)
end)

describe("data in flight when the FIN arrives", function()
    it("is no post-FIN write, also when it is sent again with a newer ACK, in other pieces, with the writer's FIN", function()
        check(OPEN .. [[
            5.000 server FIN           : fin
            5.001 client len=10 ack-1  :
            5.002 client len=10 ack-1  :
            5.003 client ACK           : fin_ack
            5.300 client len=20 seq-20 :
            5.900 client FIN len=20 seq-20 :
            7.100 server RST           : reset/NOTE
        ]])
    end)

    it("counts only as far as it is new when the rest of the segment was sent before", function()
        local write = check(OPEN .. [[
            5.000 client len=10        :
            5.001 server FIN ack-10    : fin
            5.300 client len=25 seq-10 : post_fin_write, fin_ack
        ]]):only("post_fin_write")
        assert.are.equal(15, write.bytes)
    end)

    it("is told from new data across the wrap of sequence numbers", function()
        local trace = OPEN .. [[
            5.000 server FIN           : fin
            5.001 client len=10 ack-1  :
            5.002 client ACK           : fin_ack
            5.300 client len=10 seq-10 :
            9.000 client len=10        : post_fin_write
            9.001 server RST           : post_fin_reset
        ]]
        for back = 0, 60 do
            check(trace, { client_isn = 4294967295 - back, server_isn = 4294967295 - back })
        end
    end)
end)

describe("a half-closed upload", function()
    it("of minutes is legal, and what it leaves in the memory is not more than what is in flight", function()
        local lines = { HALF_CLOSED }
        for i = 1, 300 do
            lines[#lines + 1] = ("%d client len=1000 : post_fin_write%s\n%d.1 server ACK :\n")
                :format(61 + i, i == 1 and " => post_fin_write/NOTE" or "/NOTE", 61 + i)
        end
        local talk = check(table.concat(lines))
        assert.is_nil(talk.tracker.connections[0].sides[1].closing.open_writes)
    end)

    it("of which the capture shows no acknowledgment does not fill the memory; the RST names the first write", function()
        local lines = { HALF_CLOSED }
        for i = 1, 3000 do
            lines[#lines + 1] = ("62.%06d client len=1000 : post_fin_write\n"):format(i)
        end
        local talk = check(table.concat(lines) .. "63.0 server RST : post_fin_reset")
        local open = talk.tracker.connections[0].sides[1].closing.open_writes
        -- The first one, and the latest.
        assert.are.same({ 1000, 10, 2011, 3009 }, { #open, open[1].frame, open[2].frame, open[1000].frame })
        assert.are.equal(10, talk:only("post_fin_reset").cause)
    end)
end)

describe("data after the own FIN", function()
    it("is none behind a hole: that is another connection, the SYN of which is not in the capture", function()
        check(OPEN .. [[
            5.000 server FIN                : fin
            5.001 client FIN                : fin_ack
            5.002 server ACK                :
            9.000 client len=10 seq+7000000 :
        ]])
    end)

    it("starts on the number of a FIN that its sender does not count", function()
        check(OPEN .. [[
            5.000 server FIN          : fin
            5.001 server len=10 seq-1 : write_after_own_fin
        ]])
    end)
end)

describe("a SYN on the addresses and ports of a half-closed connection", function()
    it("starts a new connection when it is accepted, also out of TIME-WAIT", function()
        local talk = check(HALF_CLOSED .. [[
            70.000 server SYN no-ack seq+5000 :
            70.001 client SYN seq+9000        :
            70.002 server ACK                 :
            70.003 client len=10              :
            70.004 server FIN                 : fin
        ]])
        assert.is_nil(talk.tracker.connections[0].before)
    end)

    it("changes nothing when it is challenged (RFC 5961, 4)", function()
        check(HALF_CLOSED .. [[
            70.000 client SYN no-ack seq+9000 :
            70.001 server ACK ack-9001        :
            70.002 client len=10 seq-9001     : post_fin_write
            70.003 server RST                 : post_fin_reset
        ]])
        check(HALF_CLOSED .. [[
            70.000 client SYN no-ack seq+9000 :
            71.000 client SYN no-ack seq+9000 :
            71.001 server ACK ack-18002       :
            71.002 client len=10 seq-18002    : post_fin_write
        ]])
    end)

    it("ends it when the challenged side has forgotten it and says so (RFC 9293, 3.5.1, figure 9)", function()
        check(OPEN .. [[
            70.000 client SYN no-ack seq+9000     :
            70.001 server ACK ack-9001            :
            70.002 client RST no-ack seq-9001     : reset
            71.000 client SYN no-ack seq-1        :
            71.001 server SYN seq+777             :
            71.002 client ACK                     :
            71.003 client FIN                     : fin
        ]])
    end)
end)

describe("the edges of a write that harms nobody", function()
    it("are 200 ms before its writer's own FIN, which is no request up to 100 bytes", function()
        local function closed(apart, written, level)
            check(HALF_CLOSED .. ([[
                61.500 client len=%d : post_fin_write => post_fin_write%s
                %.3f client FIN      :
                %.3f server RST      : post_fin_reset%s
            ]]):format(written, level, 61.5 + apart, 61.501 + apart, level))
        end
        closed(0.2, 30, "/NOTE")
        closed(0.201, 30, "")
        closed(0.2, 100, "/NOTE")
        closed(0.2, 101, "")
    end)

    it("are 200 ms of what is counted as a request", function()
        local talk = check(HALF_CLOSED .. [[
            61.500 client len=60 : post_fin_write
            61.600 client len=60 : post_fin_write
            61.700 client FIN    :
        ]])
        assert.is_nil(talk:all("post_fin_write")[1].data.harmless)
        check(HALF_CLOSED .. [[
            61.500 client len=60 : post_fin_write
            61.600 client len=60 : post_fin_write => post_fin_write/NOTE
            61.701 client FIN    :
        ]])
    end)

    it("are a second after the FIN of the side that connected and asked right before it", function()
        local function replied(asked, seconds, level)
            check(OPEN .. ([[
                %.3f client len=10
                9.001 client FIN       : fin
                9.002 server ACK ack-1
                9.003 server ACK       : fin_ack
                %.3f server len=500    : post_fin_write%s
                %.3f client RST        : post_fin_reset%s
            ]]):format(asked, 9.001 + seconds, level, 9.002 + seconds, level))
        end
        replied(9, 1, "/NOTE")
        replied(9, 1.001, "")
        replied(8.801, 1, "/NOTE")
        replied(8.8, 1, "")
    end)

    it("are 200 ms after the FIN of the other side, which said its farewell right before it", function()
        local function replied(said, seconds, level)
            check(OPEN .. ([[
                61.000 server len=%d
                61.001 server FIN      : fin
                61.002 client ACK      : fin_ack
                %.3f client len=20     : post_fin_write%s
                %.3f server RST        : post_fin_reset%s
            ]]):format(said, 61.001 + seconds, level, 61.002 + seconds, level))
        end
        replied(40, 0.2, "/NOTE")
        replied(40, 0.201, "")
        replied(1001, 0.1, "")
    end)
end)

describe("payload that a FIN carries", function()
    it("is new by its last byte, and none without", function()
        local fin = check(OPEN .. [[
            5.000 server FIN len=1 : fin
        ]]):only("fin")
        assert.are.equal(8, fin.last_data)
        fin = check(OPEN .. [[
            5.000 server len=10          :
            9.000 server FIN len=10 seq-10 : fin
        ]]):only("fin")
        assert.are.same({ 8, 4000 * MS }, { fin.last_data, fin.data_idle })
        for _, before in ipairs { "", "5.000 server len=10 lost\n" } do
            fin = check(OPEN .. before .. "9.000 server FIN : fin"):only("fin")
            assert.are.equal(6, fin.last_data)
        end
    end)
end)

describe("the acknowledgments of several writes on a half-closed connection", function()
    it("are each of what it covers", function()
        local writes = check(HALF_CLOSED .. [[
            62.000 client len=1   : post_fin_write => post_fin_write/NOTE
            62.001 client len=10  : post_fin_write => post_fin_write/NOTE
            62.002 client len=10  : post_fin_write => post_fin_write/NOTE
            62.003 server ACK ack-20
            62.004 server ACK
        ]]):all("post_fin_write")
        assert.are.same({ 13, 14, 14 },
            { writes[1].data.acked_in, writes[2].data.acked_in, writes[3].data.acked_in })
    end)

    it("prove nothing where they cover none", function()
        check(HALF_CLOSED .. [[
            62.000 client len=10  : post_fin_write
            62.001 server ACK ack-10
            62.002 server URG no-ack
            62.500 client len=10  : post_fin_write
        ]])
    end)
end)
