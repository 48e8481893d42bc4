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
        check(trace:format("61.376174 server RST : reset, closed_before_due"))
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
            5.002 server RST          : reset/NOTE
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
        assert.is_truthy(writes[1].data.harmless:find("half-close", 1, true))
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
        assert.is_truthy(talk:only("post_fin_write").harmless:find("FIN", 1, true))
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
        assert.is_truthy(talk:only("post_fin_write").harmless:find("RST", 1, true))
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

describe("a keep-alive that gives up", function()
    it("is the prober's RST after unanswered probes, no FIN before (tcp_keepalive_timer: tcp_send_active_reset)", function()
        local talk = check(PROBED .. [[
            21.027 client probe : probe
            26.035 client probe : unanswered, probe
            31.043 client probe : unanswered/WARN, probe
            36.051 client RST   : gave_up, unanswered/WARN
        ]])
        assert.are.same({
            unanswered = 3, first_probe = 14, last_probe = 16, last_heard = 13, silence = 20031 * MS,
        }, talk:only("gave_up"))
        assert.are.equal(3, talk:all("unanswered")[3].data.in_a_row)
    end)

    it("comes when the configured count of probes is reached; an RST before is the application's", function()
        local trace = PROBED .. [[
            21.027 client probe : probe
            26.035 client probe : unanswered, probe
            31.043 client RST   : %s
        ]]
        check(trace:format("gave_up, unanswered/WARN"), { probes = 2 })
        check(trace:format("reset"), { probes = 3 })
    end)

    it("comes one interval after the last probe; a sooner RST is the application's", function()
        local reset = check(PROBED .. [[
            21.027 client probe : probe
            26.035 client probe : unanswered, probe
            27.000 client RST   : reset
        ]]):only("reset")
        assert.are.equal("client", reset.by)
    end)

    it("may come sooner by the slack", function()
        check(PROBED .. [[
            21.027 client probe : probe
            26.035 client probe : unanswered, probe
            30.843 client RST   : gave_up, unanswered/WARN
        ]])
        check(PROBED .. [[
            21.027 client probe : probe
            26.035 client probe : unanswered, probe
            30.842 client RST   : reset
        ]])
    end)

    it("is not claimed behind a FIN: the peer was alive to close", function()
        check(HALF_CLOSED .. [[
            66.010 client probe : post_fin_probe, probe
            71.018 client probe : unanswered, post_fin_probe, probe
            76.026 client RST   : reset/NOTE
        ]])
    end)

    it("is not claimed where the capture does not show what the peer sends", function()
        check [[
            0.000 client len=10 :
            0.001 server ACK lost
            5.001 client probe  : probe
            10.009 client probe : probe
            15.017 client RST   : reset
        ]]
    end)

    it("is not the peer's RST: the peer has forgotten the connection", function()
        local reset = check(PROBED .. [[
            21.027 client probe : probe
            21.028 server RST   : reset
        ]]):only("reset")
        assert.are.equal("probe", reset.followed)
        assert.are.equal(14, reset.cause)
        assert.are.equal(1 * MS, reset.delay)
    end)

    it("is not claimed after answered probes", function()
        check(PROBED .. "18.0 client RST : reset, closed_before_due")
    end)
end)

describe("any other RST of an open connection", function()
    it("says what it followed: data that was never acknowledged", function()
        local reset = check(OPEN .. [[
            5.000 client len=10 :
            5.001 server RST    : reset
        ]]):only("reset")
        assert.are.same({
            by = "server", followed = "data", cause = 8, delay = 1 * MS, data_idle = 1 * MS, packet_idle = 1 * MS,
        }, reset)
    end)

    it("says what it followed: nothing", function()
        local reset = check(OPEN .. "351.0 server RST : reset"):only("reset")
        assert.are.same({ by = "server", followed = "nothing", data_idle = 349998 * MS, packet_idle = 349997 * MS }, reset)
    end)

    it("is said once", function()
        check(OPEN .. [[
            5.000 client len=10 :
            5.001 server RST    : reset
            5.002 server RST    :
            5.003 client RST    :
        ]])
    end)

    it("is a note behind a FIN: the connection was closing", function()
        check(HALF_CLOSED .. "62.0 client RST : reset/NOTE")
    end)

    it("of a refused SYN says nothing: there was no connection", function()
        check [[
            0.000 client SYN :
            0.001 server RST :
        ]]
        check [[
            0.000 client SYN        :
            0.001 server SYN        :
            0.002 client RST no-ack :
        ]]
    end)
end)
