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

describe("a keep-alive that gives up", function()
    it("is the prober's RST after unanswered probes, no FIN before (tcp_keepalive_timer: tcp_send_active_reset)", function()
        local talk = check(PROBED .. [[
            21.027 client probe : probe
            26.035 client probe : unanswered, probe
            31.043 client probe : unanswered/WARN, probe
            36.051 client RST   : gave_up, unanswered/WARN
        ]])
        assert.are.same({
            unanswered = 3, first_probe = 14, last_probe = 16, last_heard = 13, silence = 20031 * MS, data_idle = 35049 * MS,
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

    it("has the age of the last probe where nothing was heard that tells more", function()
        -- The peer's probe is no sign of life.
        local gave_up = check([[
            100.000 client probe :  => probe
            100.500 server probe : probe
            105.000 client probe : unanswered, probe
            110.000 client probe : unanswered/WARN, probe
            115.000 client RST   : gave_up, unanswered/WARN
        ]]):only("gave_up")
        assert.are.equal(5000 * MS, gave_up.silence)
        assert.is_nil(gave_up.data_idle)
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
        check(PROBED .. "18.0 client RST : reset/NOTE, closed_before_due")
    end)
end)

describe("any other RST of an open connection", function()
    it("says what it followed: data that was never acknowledged", function()
        local reset = check(OPEN .. [[
            5.000 client len=10     :
            5.001 server RST no-ack : reset
        ]]):only("reset")
        assert.are.same({
            by = "server", followed = "data", cause = 8, delay = 1 * MS, data_idle = 1 * MS, packet_idle = 1 * MS,
            silence = 3998 * MS, silence_from = "payload", since = 6,
        }, reset)
    end)

    it("says what it followed: nothing", function()
        local reset = check(OPEN .. "351.0 server RST : reset/NOTE"):only("reset")
        assert.are.same({
            by = "server", followed = "nothing", data_idle = 349998 * MS, packet_idle = 349997 * MS,
            silence = 349998 * MS, silence_from = "payload", since = 6,
        }, reset)
    end)

    it("says what it followed: nobody knows, where the capture has one direction only", function()
        local catalogue = require "keepalive_catalogue"
        local one_way = "1.000 client len=10 :\n2.000 client len=10 :\n62.000 client RST : reset/NOTE\n"
        local other_way = "1.000 client len=10 :\n1.001 server ACK :\n2.000 client len=10 :\n2.001 server ACK :\n"
        for story, what in pairs { [one_way] = "not_captured", [other_way .. "62.000 client RST : reset/NOTE\n"] = "nothing" } do
            local reset = check(story):only("reset")
            assert.are.equal(what, reset.followed)
            local text = catalogue.get("reset").text(reset)
            assert.are.equal(what == "nothing", text:find("in answer to nothing", 1, true) ~= nil)
        end
    end)

    it("says what it followed: an ACK, when it is of a host that knows no such connection and that ACK came last", function()
        local reset = check(OPEN .. [[
            9.000 client ACK        :
            9.001 server RST no-ack : reset
        ]]):only("reset")
        assert.are.equal("ack", reset.followed)
        assert.are.equal(8, reset.cause)
        assert.are.equal("nothing", check(OPEN .. [[
              9.000 client ACK        :
            309.000 server RST no-ack : reset/NOTE
        ]]):only("reset").followed)
        assert.are.equal("nothing", check(OPEN .. [[
            9.000 client ACK :
            9.001 server RST : reset/NOTE
        ]]):only("reset").followed)
        assert.are.equal("nothing", check(OPEN .. [[
            9.000 client ACK        :
            9.001 server ACK        :
            9.002 server RST no-ack : reset/NOTE
        ]]):only("reset").followed)
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

describe("an RST that answers what was sent after the FIN", function()
    it("is one finding, however many RSTs come: one for each segment that a closed host gets", function()
        local talk = check(HALF_CLOSED .. [[
            70.000 client len=100     : post_fin_write
            70.001 client len=100     : post_fin_write
            70.002 client len=100     : post_fin_write
            70.050 server RST no-ack  : post_fin_reset
            70.051 server RST no-ack  :
            70.052 server RST no-ack  :
        ]])
        assert.are.equal(10, talk:only("post_fin_reset").cause)
    end)

    it("is a note when it answers data that crossed the FIN, which its number tells, and not the write", function()
        check(OPEN .. [[
            5.000 server FIN              : fin
            5.001 client len=10 ack-1     :
            5.002 client ACK              : fin_ack
            5.003 client len=10           : post_fin_write
            5.004 server RST no-ack seq-1 : reset
            5.005 server RST no-ack       :
        ]])
    end)

    it("links to the FIN that was before it, and to none where the connection had none", function()
        local crossed = check(OPEN .. [[
            5.000 server FIN              : fin
            5.001 client len=10 ack-1     :
            5.004 server RST no-ack seq-1 : reset
        ]]):only("reset")
        assert.are.same({ 8, 9 }, { crossed.fin, crossed.cause })
        local alone = check(OPEN .. [[
            5.001 client len=10     :
            5.004 server RST no-ack : reset
        ]]):only("reset")
        assert.are.same({ 8 }, { alone.cause })
        assert.is_nil(alone.fin)
    end)

    it("is a note when the prober is closing, too", function()
        check(HALF_CLOSED .. [[
            66.010 client probe : post_fin_probe, probe
            66.020 client FIN   :
            66.021 server RST   : post_fin_reset/NOTE
        ]])
    end)
end)

describe("an RST between two sides that close", function()
    it("is a note when the other side's FIN was on its way", function()
        check(OPEN .. [[
            5.000 client len=10  :
            5.001 server RST     : reset => reset/NOTE
            5.002 client FIN     :
        ]])
    end)

    it("is none of that when the FIN comes long after: that one did not know of the RST", function()
        check(OPEN .. [[
            5.000 client len=10  :
            5.001 server RST     : reset
            6.002 client FIN     :
        ]])
        check(OPEN .. [[
            5.000 client len=10  :
            5.001 server RST     : reset => reset/NOTE
            6.001 client FIN     :
        ]])
    end)

    it("is a note when it crosses the FIN, from the other end's point of view", function()
        local reset = check(OPEN .. [[
            5.000 client FIN       : fin
            5.001 server RST ack-1 : reset/NOTE
        ]]):only("reset")
        assert.are.equal("fin", reset.followed)
        assert.are.equal(8, reset.cause)
    end)

    it("is a note when it answers the acknowledgment of the FIN: no request is lost by that", function()
        local reset = check(OPEN .. [[
            5.000 server FIN        : fin
            5.001 client ACK        : fin_ack
            5.002 server RST no-ack : reset/NOTE
        ]]):only("reset")
        assert.are.same({ "ack", 9 }, { reset.followed, reset.cause })
    end)

    it("is a note when the side that got the FIN aborts (CLOSE-WAIT)", function()
        local reset = check(HALF_CLOSED .. "61.010 client RST : reset/NOTE"):only("reset")
        assert.are.equal("nothing", reset.followed)
    end)

    it("is a note between FIN and FIN that is not acknowledged", function()
        check(OPEN .. [[
            5.000 client FIN : fin
            5.001 server FIN : fin_ack
            5.002 client RST : reset/NOTE
        ]])
    end)

    it("says nothing once both have closed and know it: nothing is left to be reset", function()
        check(OPEN .. [[
            5.000 client FIN        : fin
            5.001 server FIN        : fin_ack
            5.002 client ACK        :
            5.003 server RST        :
            5.004 client RST no-ack :
        ]])
    end)
end)

describe("an RST outside the receive window (RFC 9293, 3.5.3)", function()
    it("ends nothing: its number lies before what the receiver acknowledged", function()
        check(OPEN .. [[
            5.000 server RST seq-10 :
            5.001 client len=10     :
            5.002 server len=10     :
            5.003 client ACK        :
            6.000 server FIN        : fin
        ]])
    end)

    it("ends nothing: its number lies beyond any window", function()
        check(OPEN .. "5.000 server RST seq+9000000 :")
        check(OPEN .. "5.000 server RST seq-9000000 :")
    end)

    it("does not hide the one that counts", function()
        local talk = check(OPEN .. [[
            5.000 client len=10     :
            5.001 server RST seq-20 :
            5.002 server RST no-ack : reset
        ]])
        assert.are.equal(5002 * MS - 5000 * MS, talk:only("reset").delay)
    end)

    it("is not what the scale of the window may still allow, as the capture need not show it", function()
        check(OPEN .. "5.000 server RST seq+100000 : reset")
    end)

    it("is not the number before the FIN: Linux takes that (tcp_reset_check)", function()
        check(HALF_CLOSED .. "62.0 server RST seq-1 : reset/NOTE")
        check(HALF_CLOSED .. "62.0 server RST seq-2 :")
        check(OPEN .. [[
            5.000 server FIN lost
            5.001 client ACK               :
            5.002 server RST no-ack seq-1  : reset/NOTE
        ]])
    end)

    it("is told across the wrap of sequence numbers", function()
        local trace = OPEN .. [[
            5.000 server RST seq-30 :
            5.001 server len=30     :
            5.002 client ACK        :
            5.003 server RST seq-30 :
            5.004 server RST        : reset/NOTE
        ]]
        for isn = 4294967296 - 60, 4294967295 do
            check(trace, { server_isn = isn })
        end
    end)

    it("does not count for the states either", function()
        local talk = conversation.play(OPEN .. "5.000 server RST seq-10", { show_state = true })
        assert.are.equal("ESTABLISHED, ESTABLISHED", talk:states(8))
    end)
end)

describe("an RST behind which the connection goes on", function()
    it("ended nothing, once its receiver acknowledges what its sender sent afterwards", function()
        check(OPEN .. [[
            5.000 server RST        : reset/NOTE =>
            5.001 server len=100    :
            5.002 client ACK        :
            6.000 server FIN        : fin
            6.001 client ACK        : fin_ack
        ]])
    end)

    it("ended nothing, once its sender acknowledges what the receiver sent afterwards, and that one goes on", function()
        check(OPEN .. [[
            5.000 server RST    : reset/NOTE =>
            5.001 client len=10 :
            5.002 server ACK    :
            5.003 client len=10 :
            9.000 client FIN    : fin
        ]])
    end)

    it("ended nothing, once both sides are heard long after it", function()
        check(PROBED .. [[
            17.000 server RST   : reset/NOTE, closed_before_due =>
            21.027 client probe : => probe
            21.028 server ACK   : answer
            26.035 client probe : probe
            26.036 server ACK   : answer
        ]])
    end)

    it("ended nothing, when the receiver challenges it (RFC 5961, 3.2): it was not exactly the next number", function()
        check(OPEN .. [[
            5.000 server RST seq+100 : reset =>
            5.001 client ACK ack-100 :
        ]])
        check(OPEN .. [[
            5.000 server RST         : reset/NOTE
            5.001 client ACK         :
        ]])
    end)

    it("is not challenged by an ACK that was on its way, when it comes behind data that is, too", function()
        check(OPEN .. [[
            2.000 server len=10
            2.001 server RST             : reset/NOTE
            2.300 client ACK ack-10
            2.301 server RST no-ack seq-10
        ]])
    end)

    it("is the second one when the first is challenged and its sender means it", function()
        local talk = check(OPEN .. [[
            5.000 server len=10 lost
            5.001 server RST               : reset =>
            5.002 client ACK ack-10        :
            5.003 server RST no-ack seq-10 : reset
        ]])
        assert.are.equal("ack", talk:only("reset").followed)
        assert.are.equal(9, talk:only("reset").cause)
    end)

    it("stays the end when what its sender sent before is acknowledged behind an RST with an older number", function()
        local gone = OPEN .. [[
            5.000 server len=10            :
            5.001 server len=10 lost       :
            5.100 server RST               : reset/NOTE
            5.101 client len=10 ack-20     :
            5.102 server RST no-ack seq-20 :
        ]]
        check(gone .. "5.103 client ACK :")
        check(gone:gsub("reset/NOTE", "reset/NOTE =>") .. "5.103 server len=10 :\n5.104 client ACK :")
    end)

    it("loses nothing that was found in between", function()
        check(OPEN .. [[
            5.000 server RST        : reset/NOTE =>
            5.001 server FIN len=10 : => fin
            5.002 client ACK        : fin_ack
            9.000 client len=10     : post_fin_write
            9.001 server RST        : post_fin_reset
        ]])
    end)

    it("loses nothing either of a frame before it that more was found of in between", function()
        check(OPEN .. [[
            6.003 client probe  : probe
            6.004 server ACK    : answer
            21.027 client probe : probe => missed, probe
            21.028 server ACK   : answer
            22.000 server RST   : reset/NOTE, closed_before_due =>
            26.035 client probe : => probe
            26.036 server ACK   : answer
        ]])
    end)

    it("gives a write its state of before back", function()
        local talk = check(HALF_CLOSED .. [[
            62.000 client len=10  : post_fin_write => post_fin_write/NOTE
            62.001 server ACK     :
            62.002 client len=10  : post_fin_write/NOTE
            62.003 server RST     : post_fin_reset =>
            64.000 server ACK     :
            64.001 client FIN     :
        ]])
        assert.is_nil(talk:all("post_fin_write")[2].data.reset_in)
        assert.are.equal(14, talk:all("post_fin_write")[2].data.acked_in)
    end)

    it("brings the states back", function()
        local talk = conversation.play(OPEN .. [[
            5.000 server RST
            5.001 server len=100
            5.002 client ACK
        ]], { show_state = true })
        assert.are.equal("CLOSED, CLOSED", talk:states(8))
        assert.are.equal("ESTABLISHED, ESTABLISHED", talk:states(10))
    end)

    it("stays the end when only one side speaks on: the other one is gone, or does not know yet", function()
        check(OPEN .. [[
            5.000 server RST          : reset/NOTE
            5.001 client len=10       :
            5.300 client len=10 seq-10 :
            9.000 client len=10 seq-10 :
        ]])
        check(OPEN .. [[
            5.000 server RST    : reset/NOTE
            5.001 server len=10 :
            9.001 server len=10 :
        ]])
    end)

    it("stays the end when the other side answers by an RST of its own", function()
        check(OPEN .. [[
            5.000 server RST        : reset/NOTE
            9.000 server len=10     :
            9.001 client RST no-ack :
            9.002 server len=10     :
            9.003 client RST no-ack :
            9.004 client ACK ack-20 :
        ]])
    end)

    it("ended nothing either when RSTs came to both sides, as a device on the path sends them", function()
        check(OPEN .. [[
            5.000 server RST        : reset/NOTE =>
            5.001 client RST        :
            5.002 server len=10     :
            5.003 client ACK        :
            6.000 server FIN        : fin
        ]])
    end)

    it("stays the end when its sender says so again, whatever it sent in between", function()
        check(OPEN .. [[
            5.000 server RST    : reset/NOTE
            5.001 server len=10 :
            5.002 server RST    :
            5.003 client ACK    :
        ]])
    end)

    it("stays the end when what is acknowledged afterwards was sent before it, unseen", function()
        check(OPEN .. [[
            5.000 server len=10 lost
            5.001 server RST  : reset
            5.002 client ACK  :
        ]])
    end)

    it("is forgotten in its time all the same, once it has really closed", function()
        local talk = conversation.play(OPEN .. [[
            5.000 server RST
            5.001 server len=10
            5.002 client ACK
        ]])
        local tracker, frame = talk.tracker, 100
        local function observe(fields)
            frame = frame + 1
            local segment = { frame = frame, time = 6 * conversation.SECOND, stream = 0, source = "client", seq = 0, ack = 0,
                len = 0, flags = 2, window = 9, endpoints = function() return "a", "b" end }
            for name, value in pairs(fields) do
                segment[name] = value
            end
            tracker:observe(segment)
        end
        local function open_many_others()
            for _ = 1, 10000 do
                observe({ stream = frame })
            end
        end
        open_many_others()
        assert.is_truthy(tracker.connections[0])
        observe({ source = "client", seq = 1011, ack = 5031, flags = 17 })
        observe({ source = "server", seq = 5031, ack = 1012, flags = 17 })
        open_many_others()
        assert.is_falsy(tracker.connections[0])
    end)

    it("is waited for no longer when too much would have to be kept for it", function()
        local lines = { OPEN, "5.000 server RST : reset/NOTE\n" }
        local function aside_after(count)
            for i = #lines - 1, count do
                lines[#lines + 1] = ("%d client probe :\n"):format(5 + 5 * i)
            end
            return check(table.concat(lines)).tracker.connections[0].reset.aside
        end
        assert.is_truthy(aside_after(100))
        assert.is_nil(aside_after(101))
    end)

    it("stays the end behind segments that it overtook", function()
        check(OPEN .. [[
            5.000 server len=10 lost
            5.001 server RST           : reset
            5.002 server len=10 seq-10 :
        ]])
        -- Nor does what the other side had sent before it heard of the RST prove that it lives.
        check(OPEN .. [[
            5.000 server len=10 lost
            5.001 server RST           : reset
            5.002 server len=10 seq-10 :
            5.003 client len=10 ack-10 :
        ]])
    end)
end)

describe("a connection that never came to be", function()
    it("is a port scan or a health check when its opener resets it before anything was sent", function()
        check [[
            0.000 client SYN :
            0.001 server SYN :
            0.002 client ACK :
            0.003 client RST :
        ]]
    end)

    it("is one whenever it comes in the capture", function()
        check [[
            50.000 client SYN :
            50.001 server SYN :
            50.002 client ACK :
            50.003 client RST :
        ]]
    end)

    it("is one all the same when the other side resets it, or the opener after a while", function()
        local trace = [[
            0.000 client SYN :
            0.001 server SYN :
            0.002 client ACK :
        ]]
        check(trace .. "0.003 server RST : reset")
        check(trace .. "9.003 client RST : reset")
    end)

    it("is open when only the opener's next segments are not in the capture", function()
        check [[
            0.000 client SYN    :
            0.001 server SYN    :
            0.002 client len=10 lost
            0.003 server ACK    :
            0.004 server RST    : reset
        ]]
    end)

    it("may be a scan with other flags", function()
        check [[
            0.000 client FIN no-ack :
            0.001 server RST        :
        ]]
        check [[
            0.000 client ACK        :
            0.001 server RST no-ack : reset/NOTE
        ]]
    end)

    it("does not come to be by an ACK of something else (RFC 5961, 4): the RST of it says nothing", function()
        check [[
            0.000 client SYN              :
            0.001 server ACK ack-5000     :
            0.002 client RST no-ack seq-1 :
            1.000 client SYN no-ack seq-1 :
            1.001 server SYN              :
            1.002 client ACK              :
            1.003 client len=10           :
            1.004 server RST              : reset
        ]]
    end)
end)

describe("the edges of what an RST follows", function()
    it("are a second after the ACK that a host without such a connection answers", function()
        local function followed(seconds, level)
            return check(OPEN .. ([[
                60.000 client ACK
                %.3f server RST no-ack : reset%s
            ]]):format(60 + seconds, level)):only("reset").followed
        end
        assert.are.equal("ack", followed(1, ""))
        assert.are.equal("nothing", followed(1.001, "/NOTE"))
    end)

    it("are what was sent before the FIN that it acknowledges or not", function()
        for unacknowledged, what in pairs { [0] = "nothing", [1] = "fin", [2] = "data", [11] = "data" } do
            local reset = check(OPEN .. ([[
                61.000 server len=10
                61.001 server FIN : fin
                61.002 client RST ack-%d : reset/NOTE
            ]]):format(unacknowledged)):only("reset")
            assert.are.equal(what, reset.followed)
        end
    end)
end)

describe("what a refusal after the FIN tells", function()
    it("is how long after the FIN and after the segment it came", function()
        local reset = check(HALF_CLOSED .. [[
            66.000 client len=10 : post_fin_write
            66.250 server RST    : post_fin_reset
        ]]):only("post_fin_reset")
        assert.are.same({ 250 * MS, 5248 * MS }, { reset.delay, reset.after_fin })
    end)
end)

describe("an RST of who only looked whether somebody listens", function()
    it("comes within a second", function()
        for seconds, said in pairs { ["1.002"] = "", ["1.003"] = "reset" } do
            check(([[
                0.000 client SYN
                0.001 server SYN
                0.002 client ACK
                %s client RST    : %s
            ]]):format(seconds, said))
        end
    end)
end)

describe("a connection that is opened only to see that it opens", function()
    it("is reset by its opener within a second, which nobody lost anything by", function()
        local trace = "0.000 client SYN :\n0.001 server SYN :\n0.002 client ACK :\n%s client RST : %s\n"
        check(trace:format("1.002", ""))
        check(trace:format("1.002000001", "reset"))
    end)
end)

describe("an RST that ended nothing, since both sides spoke a second later", function()
    it("takes with it that a keep-alive gave up, or a retransmission", function()
        check(PROBED .. [[
            21.027 client probe : probe
            26.035 client probe : unanswered, probe
            31.043 client probe : unanswered/WARN, probe
            36.051 client RST   : gave_up, unanswered/WARN => unanswered/WARN
            40.000 server ACK   : => missed
            41.000 client ACK
        ]])
        check(OPEN .. [[
            2.000 client len=10
            2.200 client len=10 seq-10
            2.600 client len=10 seq-10
            3.400 client len=10 seq-10
            9.000 client RST           : retransmission_timeout, reset =>
            12.000 server ACK
            13.000 client ACK
        ]])
    end)

    it("is none where they spoke within the second: that was on its way", function()
        for at, written in pairs { ["31.000"] = "reset/NOTE", ["31.001"] = "reset/NOTE =>" } do
            check(OPEN .. ([[
                30.000 client RST : %s
                %s server ACK
                %s client ACK
            ]]):format(written, at, at))
        end
    end)

    it("is none where the other side said no more but that it had ended, too", function()
        check(OPEN .. [[
            30.000 client RST : reset/NOTE
            32.000 server RST
            40.000 client ACK
        ]])
    end)
end)

describe("an RST where the capture lacks frames", function()
    it("ends a connection of which it shows payload, or the opening", function()
        check([[
            1.000 client len=10
            2.500 server RST no-ack : reset
        ]])
        check([[
            1.000 client SYN
            1.100 client ACK
            2.500 server RST no-ack : reset
        ]])
        check([[
            1.000 client ACK
            1.100 server RST no-ack : reset/NOTE
        ]])
    end)

    it("may have the number behind what was acknowledged and not captured, also into a closed window", function()
        check(OPEN .. [[
            2.000 client len=10 lost
            2.100 server ACK win=0
            3.000 client RST : reset/NOTE
        ]])
    end)
end)
