-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"

local check, OPEN = conversation.check, conversation.OPEN
local MS = conversation.MS

local REPEATED = OPEN .. [[
    2.000 client len=10        :
    2.200 client len=10 seq-10 :
    2.600 client len=10 seq-10 :
]]

describe("retransmissions without an answer", function()
    it("are a connection that died, from the third on (RFC 1122, 4.2.3.5: R1), on the last one when the capture ends", function()
        local data = check(REPEATED .. [[
            3.400 client len=10 seq-10 : => retransmission_timeout
            9.000 end
        ]]):only("retransmission_timeout")
        assert.are.same({
            by = "client", data = 8, repeats = 3, last_repeat = 11, waited = 7000 * MS, last_heard = 6, ended_by = "capture_end",
        }, data)
        check(REPEATED .. "9.000 end")
    end)

    it("are those of either side, and what was heard last is the other side's", function()
        local asked = OPEN .. [[
            2.000 client len=10        :
            2.001 server ACK           :
            3.000 server len=10        :
            3.200 server len=10 seq-10 :
            3.600 server len=10 seq-10 :
        ]]
        local data = check(asked .. [[
            4.400 server len=10 seq-10 : => retransmission_timeout
            9.000 end
        ]]):only("retransmission_timeout")
        assert.are.same({ "server", 8, 13 }, { data.by, data.last_heard, data.last_repeat })
        check(asked .. [[
            4.000 client ACK           :
            4.400 server len=10 seq-10 :
            9.000 end
        ]])
    end)

    it("are not the copies of a mirror port, be it of what is sent again or of a FIN behind that", function()
        check(OPEN .. [[
            2.000 client len=10        :
            2.000 client copy          :
            2.200 client len=10 seq-10 :
            2.200 client copy          :
            2.600 client len=10 seq-10 :
            2.600 client copy          :
            2.612 client FIN           : fin
            2.612 client copy          :
            9.000 end
        ]])
    end)

    it("lose nothing when they are a TLS closing alert and its FIN, and do when a request goes with the FIN", function()
        local function closing(words, level)
            return OPEN .. "2.000 client " .. words .. " FIN : fin\n2.200 client " .. words .. " FIN seq-32 :\n"
                .. "2.600 client " .. words .. " FIN seq-32 :\n"
                .. "3.400 client " .. words .. " FIN seq-32 : => retransmission_timeout" .. level .. "\n9.000 end"
        end
        check(closing("tls-alert", "/NOTE"))
        check(closing("len=31", ""))
    end)

    it("are told on the last one itself, not on its copy", function()
        check(REPEATED .. [[
            3.400 client len=10 seq-10 : => retransmission_timeout
            3.400 client copy          :
            9.000 end
        ]])
    end)

    it("are told on the RST of their sender: it answers nothing, and is the sender's own time-out", function()
        local talk = check(REPEATED .. [[
            3.400 client len=10 seq-10 :
            5.000 client RST           : retransmission_timeout, reset
        ]])
        assert.are.equal("rst", talk:only("retransmission_timeout").ended_by)
        local reset = talk:only("reset")
        assert.are.same({ "own_data", 8, 3000 * MS, 998 * MS },
            { reset.followed, reset.cause, reset.delay, reset.silence })
    end)

    it("are one time-out even with a single one, as of TCP_USER_TIMEOUT, but no finding of their own", function()
        assert.are.equal("own_data", check(REPEATED .. "5.000 client RST : reset"):only("reset").followed)
    end)

    it("are none when the peer was heard: it lacks something else, or does not read", function()
        check(REPEATED .. [[
            3.000 server ACK ack-10    :
            3.400 client len=10 seq-10 :
            9.000 end
        ]])
        assert.are.equal("nothing", check(REPEATED .. [[
            3.000 server ACK ack-10    :
            3.400 client RST           : reset
        ]]):only("reset").followed)
    end)

    it("are none once all is acknowledged", function()
        check(REPEATED .. [[
            3.400 client len=10 seq-10 :
            3.401 server ACK           :
            9.000 end
        ]])
    end)

    it("are none where they are copies of one frame, or the capture does not show what the peer sends", function()
        check(OPEN .. [[
            2.000 client len=10 :
            2.001 client copy   :
            2.002 client copy   :
            2.003 client copy   :
            9.000 end
        ]])
        check [[
            2.000 client len=10        :
            2.200 client len=10 seq-10 :
            2.600 client len=10 seq-10 :
            3.400 client len=10 seq-10 :
            9.000 end
        ]]
    end)

    it("of a FIN alone lost nothing", function()
        check(OPEN .. [[
            2.000 client FIN       : fin
            2.200 client FIN seq-1 :
            2.600 client FIN seq-1 :
            3.400 client FIN seq-1 : => retransmission_timeout/NOTE
            9.000 end
        ]])
    end)

    it("are taken back when more comes after all, as in a live capture", function()
        check(REPEATED .. [[
            3.400 client len=10 seq-10 :
            9.000 end
            9.100 server ACK           :
        ]])
    end)
end)

describe("a copy of what was just sent", function()
    it("is a mirror port's within 10 ms, and none that its sender sent again", function()
        for again, what in pairs { ["60.001"] = "nothing", ["60.009"] = "nothing", ["60.010"] = "own_data" } do
            local reset = check(OPEN .. ([[
                60.000 client len=10
                %s client len=10 seq-10
                61.000 client RST : reset
            ]]):format(again)):only("reset")
            assert.are.equal(what, reset.followed)
        end
    end)
end)
