-- SPDX-License-Identifier: GPL-2.0-or-later

local conversation = require "tests.lua.conversation"

local check, answered, OPEN = conversation.check, conversation.answered, conversation.OPEN
local MS = conversation.MS

describe("a keep-alive probe", function()
    it("is an empty segment one below SND.NXT that breaks a silence (RFC 1122, 4.2.3.6); the peer's ACK answers it", function()
        local talk = check(OPEN .. [[
            6.003 client probe : probe
            6.004 server ACK   : answer
        ]])
        local probe, answer = talk:only("probe"), talk:only("answer")
        assert.are.equal(1, probe.number)
        assert.are.equal(9, probe.answer)
        assert.is_nil(probe.bytes)
        assert.are.equal(8, answer.probe)
        assert.are.equal(1 * MS, answer.delay)
    end)

    it("counts its silence from the last segment received, not from the last one sent (Linux keepalive_time_elapsed)", function()
        local talk = check(OPEN .. [[
            6.003 client probe : probe
        ]])
        assert.are.equal(5001 * MS, talk:only("probe").silence)
    end)

    it("may carry one garbage byte, as Windows sends it", function()
        local talk = check(OPEN .. [[
            11.003 client probe len=1 : probe
            11.004 server ACK         : answer
            21.004 client probe len=1 : probe
            21.005 server ACK         : answer
        ]])
        assert.are.equal(1, talk:all("probe")[2].data.bytes)
    end)

    it("carries no more than one byte", function()
        check(OPEN .. [[
            6.003 client seq-1 len=2 :
            6.004 server ACK         :
        ]])
    end)

    it("carries none of SYN, FIN and RST", function()
        check(OPEN .. [[
            6.003 client seq-1 FIN : fin
            6.004 server ACK       : fin_ack
        ]])
    end)

    it("lies one below what was sent, not two and not at it", function()
        check(OPEN .. [[
            6.003 client ACK seq-2  :
            12.00 client ACK        :
            18.00 client ACK seq-10 :
        ]])
    end)

    it("works where the sequence numbers wrap", function()
        check(OPEN .. answered("client", 6.003, 5.008, 2), { client_isn = 4294967295 - 10 })
        check(OPEN .. answered("client", 6.003, 5.008, 2), { client_isn = 4294967295 - 11 })
        check(OPEN .. answered("client", 6.003, 5.008, 2), { server_isn = 4294967295 - 20 })
    end)

    it("is numbered within its silence, and knows the one before", function()
        local talk = check(OPEN .. answered("client", 6.003, 5.008, 3) .. [[
            17.000 client len=10 :
            17.001 server ACK    :
            22.001 client probe  : probe
        ]])
        local probes = talk:all("probe")
        assert.are.same({ 1, 2, 3, 1 }, { probes[1].data.number, probes[2].data.number, probes[3].data.number,
            probes[4].data.number })
        assert.is_nil(probes[1].data.last_probe)
        assert.are.equal(probes[2].frame, probes[3].data.last_probe)
        assert.are.equal(5008 * MS, probes[3].data.since_last)
        assert.is_nil(probes[4].data.last_probe)
    end)

    it("is one before anything else was seen, however late in the capture, and its copy is none", function()
        for _, second in ipairs({ 0, 100 }) do
            check(([[
                %d.00000 client probe : => probe
                %d.00002 client copy  :
                %d.00100 server ACK   : answer
            ]]):format(second, second, second))
        end
    end)

    it("is one more before anything else was seen from the least gap on", function()
        check([[
            100.000 client probe : => probe
            100.900 client probe : => unanswered, probe
            100.901 server ACK   : answer
        ]])
        check([[
            100.000000000 client probe : => probe
            100.899999999 client probe :
            100.901       server ACK   : answer
        ]])
    end)

    it("carries the cadence learned up to it", function()
        local talk = check(OPEN .. answered("client", 6.003, 5.008, 3))
        local probes = talk:all("probe")
        assert.is_nil(probes[1].data.cadence)
        assert.are.equal(5001 * MS, probes[1].data.idle_time)
        assert.are.equal(5008 * MS, probes[3].data.cadence)
        assert.is_nil(probes[3].data.interval)
    end)

    it("without an answer teaches the interval, TCP_KEEPINTVL", function()
        local talk = check(OPEN .. [[
            61.002 client probe : probe
            71.002 client probe : unanswered, probe
            81.002 client probe : unanswered/WARN, probe
        ]])
        local probes = talk:all("probe")
        assert.are.equal(10000 * MS, probes[3].data.interval)
        assert.are.equal(60000 * MS, probes[3].data.idle_time)
        assert.is_nil(probes[3].data.cadence)
    end)
end)

describe("no keep-alive probe", function()
    it("is a second copy of a probe, which a capture on two interfaces shows", function()
        local talk = check(OPEN .. [[
            6.003000 client probe : probe
            6.003020 client probe :
            6.004000 server ACK   : answer
            6.004020 server ACK   :
            11.011000 client probe : probe
            11.011020 client probe :
            11.012000 server ACK   : answer
            11.012020 server ACK   :
            16.019000 client probe : probe
            16.019020 client probe :
            16.020000 server ACK   : answer
        ]])
        local third = talk:all("probe")[3].data
        assert.are.equal(3, third.number)
        assert.are.equal(5008 * MS, third.cadence)
    end)

    it("is a second copy of a probe with a garbage byte, which is no payload either", function()
        local talk = check(OPEN .. [[
            6.003000 client probe len=1 : probe
            6.003020 client probe len=1 :
            6.004000 server ACK         : answer
            11.011000 client probe len=1 : probe
            11.011020 client probe len=1 :
            11.012000 server ACK         : answer
            12.000 server FIN            : fin, closed_before_due
        ]])
        assert.are.equal(2, talk:all("probe")[2].data.number)
        assert.are.equal(6, talk:only("fin").last_data)
    end)

    it("is a byte with PSH, which somebody wrote: a retransmission, also when the capture shows its acknowledgment", function()
        check(OPEN .. [[
            6.000 client len=1       :
            6.001 server ACK         :
            9.000 client len=1 seq-1 :
            9.001 server ACK         :
        ]])
    end)

    it("is a segment sent while data is unacknowledged: that is a one-byte retransmission", function()
        check(OPEN .. [[
            6.000 client len=1       :
            9.000 client len=1 seq-1 :
            9.001 server ACK         :
        ]])
    end)

    it("is an acknowledgment that comes right behind something received", function()
        check(OPEN .. [[
            6.000 server len=10    :
            6.001 client ACK seq-1 :
        ]])
    end)

    it("is a zero-window probe: the peer's window is 0", function()
        check(OPEN .. [[
            6.000 client len=10    :
            6.001 server ACK win=0 :
            7.500 client ACK seq-1 :
            7.501 server ACK win=0 :
            10.50 client ACK seq-1 :
            10.501 server ACK      :
        ]])
    end)

    it("is what comes before the smallest gap (preference) is over", function()
        check(OPEN .. "1.902 client probe : probe", {})
        check(OPEN .. "1.901 client probe :", {})
        check(OPEN .. "6.003 client probe :", { min_gap = 10000 * MS })
    end)
end)

describe("both sides probing at once", function()
    it("gives each side its own probes and answers: a probe is no answer to a probe", function()
        check(OPEN .. [[
            6.003000 client probe : probe
            6.003010 server probe : probe
            6.003100 server ACK   : answer
            6.003110 client ACK   : answer
            11.011000 client probe : probe
            11.011010 server probe : probe
            11.011100 server ACK   : answer
            11.011110 client ACK   : answer
        ]])
    end)

    it("is not given by what a BSD's timer sends while its data is in flight, although that acknowledges the probe", function()
        local talk = check [[
            0.000 client SYN          :
            0.200 server SYN          :
            0.201 client ACK          :
            0.500 client len=100      :
            0.740 server ACK          :
            2.802 server probe        : probe
            2.803 client ACK          : answer
            7.004 client probe        : probe
            7.058 server len=100      :
            7.059 client len=200      :
            7.204 server ACK seq-101  :
            7.205 server ACK          : answer
        ]]
        assert.are.same({ 6, 8 }, { talk:all("answer")[1].data.probe, talk:all("answer")[2].data.probe })
    end)

    it("is told from copies of all that: the copy of a probe is no answer to the peer's", function()
        check(OPEN .. [[
            6.00300 client probe : probe
            6.00301 client copy  :
            6.00302 server probe : probe
            6.00303 server copy  :
            6.00400 server ACK   : answer
            6.00401 server copy  :
            6.00402 client ACK   : answer
            6.00403 client copy  :
        ]])
    end)

    it("is told from a copy that comes late, when the other side has answered already", function()
        check(OPEN .. [[
            6.000 server probe : probe
            6.002 client probe : probe
            6.003 server ACK   : answer
            6.004 client copy  :
            6.080 client ACK   : answer
        ]])
    end)

    it("lets each side keep its own clock, since Linux takes no probe for a sign of life", function()
        local talk = check(OPEN .. [[
            6.003 client probe  : probe
            6.004 server ACK    : answer
            8.000 server probe  : probe
            8.001 client ACK    : answer
            11.011 client probe : probe
            11.012 server ACK   : answer
            13.008 server probe : probe
            13.009 client ACK   : answer
            16.019 client probe : probe
            16.020 server ACK   : answer
        ]])
        assert.are.equal(5008 * MS, talk:all("probe")[5].data.cadence)
    end)
end)

describe("the answer", function()
    it("is the first later segment that acknowledges SND.NXT, also with another window", function()
        check(OPEN .. [[
            6.003 client probe     : probe
            6.004 server ACK win=0 : answer
        ]])
        check(OPEN .. [[
            6.003 client probe       : probe
            6.004 server ACK win=900 : answer
            6.005 server ACK win=901 :
        ]])
    end)

    it("may carry data", function()
        check(OPEN .. [[
            6.003 client probe   : probe
            6.004 server len=100 : answer
            6.005 client ACK     :
        ]])
    end)

    it("may be a FIN, since its ACK covers the probed number", function()
        check(OPEN .. [[
            6.003 client probe : probe
            6.004 server FIN   : fin, answer
            6.005 client ACK   : fin_ack
        ]])
    end)

    it("is not an old acknowledgment that does not cover it", function()
        check(OPEN .. [[
            6.003 client probe      : probe
            6.004 server ACK ack-5  :
            6.005 server ACK        : answer
        ]])
    end)
end)

describe("an unanswered probe", function()
    -- Every 5.008 s; a timer of that is late by 0.836 s at most.
    it("is one at the capture's end when the next one was due by then", function()
        local trace = OPEN .. answered("client", 6.003, 5.008, 3) .. "21.027 client probe : probe%s\n%s end"
        check(trace:format("", "26.870936507"))
        check(trace:format(" => missed, unanswered, probe", "26.870936508"))
    end)

    it("is said on the next probe: one is a note (RFC 1122: one may be lost), two in a row are a warning", function()
        local talk = check(OPEN .. [[
            6.003 client probe  : probe
            11.011 client probe : unanswered, probe
            16.019 client probe : unanswered/WARN, probe
            16.020 server ACK   : answer
            21.027 client probe : probe
            26.035 client probe : unanswered, probe
        ]])
        local list = talk:all("unanswered")
        assert.are.same({ probe = 8, in_a_row = 1, waited = 5008 * MS }, list[1].data)
        assert.are.same({ probe = 9, in_a_row = 2, waited = 5008 * MS }, list[2].data)
        assert.are.same({ probe = 12, in_a_row = 1, waited = 5008 * MS }, list[3].data)
    end)

    it("is not claimed where the capture does not show what the peer sends", function()
        check [[
            0.000 client len=10 :
            0.001 server ACK lost
            5.001 client probe  : probe
            10.009 client probe : probe
            15.017 client probe : probe
        ]]
    end)
end)

describe("a capture that starts in the middle of a silence", function()
    it("shows the first probe by its answer, ACK = SEQ + 1, written back", function()
        local talk = check [[
            0.000 client probe : => probe
            0.001 server ACK   : answer
            5.008 client probe : probe
            5.009 server ACK   : answer
        ]]
        assert.are.equal(2, talk:all("probe")[1].data.answer)
        assert.are.equal(5008 * MS, talk:all("probe")[2].data.since_last)
    end)

    it("shows the first probes of both sides", function()
        check [[
            0.000 client probe : => probe
            0.001 server ACK   : answer
            1.000 server probe : probe
            1.001 client ACK   : answer
        ]]
    end)

    it("shows the first probes of both sides when they cross", function()
        local talk = check [[
            0.0000 client probe : => probe
            0.0001 server probe : probe
            0.0010 server ACK   : answer
            0.0011 client ACK   : answer
            5.0080 client probe : probe
            5.0081 server probe : probe
            5.0090 server ACK   : answer
            5.0091 client ACK   : answer
        ]]
        assert.is_nil(talk:all("probe")[2].data.silence)
        assert.are.equal(5008 * MS, talk:all("probe")[4].data.since_last)
    end)

    it("shows each probe once when every frame is there twice", function()
        check [[
            0.00000 client probe : => probe
            0.00001 client copy  :
            0.00100 server ACK   : answer
            0.00101 server copy  :
            5.00800 client probe : probe
            5.00801 client copy  :
            5.00900 server ACK   : answer
        ]]
    end)

    it("shows a first probe with a garbage byte, and its answer, by the second one", function()
        local talk = check [[
            0.000 client probe len=1  : => probe
            0.001 server ACK          : => answer
            10.000 client probe len=1 : probe
            10.001 server ACK         : answer
            20.000 client probe len=1 : probe
            20.001 server ACK         : answer
        ]]
        local probes = talk:all("probe")
        assert.are.same({ 1, 2, 3 }, { probes[1].data.number, probes[2].data.number, probes[3].data.number })
        assert.are.equal(2, probes[1].data.answer)
        assert.are.equal(10000 * MS, probes[2].data.since_last)
        assert.is_nil(probes[1].data.silence)
        assert.are.equal(10000 * MS, probes[3].data.cadence)
    end)

    it("leaves the first one the answer that it had: what comes for a third, unseen probe settles nothing", function()
        local talk = check [[
            0.000 client probe len=1  : => probe
            0.001 server ACK          : => answer
            10.000 client probe len=1 : probe
            10.001 server ACK         : answer
            15.016 server ACK         :
        ]]
        local answers = talk:all("answer")
        assert.are.same({ 1, 3 }, { answers[1].data.probe, answers[2].data.probe })
        assert.are.equal(2, talk:all("probe")[1].data.answer)
    end)

    it("shows that also where what came meanwhile was itself a probe, which tells its receiver nothing", function()
        check [[
            4.609 server probe len=1 : => probe
            6.590 client probe       : probe
            6.591 server ACK         : answer
            6.625 server probe len=1 : unanswered, probe
            6.626 client ACK         : answer
        ]]
    end)

    it("takes a byte that somebody wrote for no probe, though one with the same number follows", function()
        check [[
            0.000 client len=1        :
            0.001 server ACK          :
            10.000 client probe len=1 : probe
            10.001 server ACK         : answer
        ]]
    end)

    it("takes a zero-window probe for no keep-alive, once the answers say that the window is closed", function()
        for _, words in ipairs { "probe", "probe len=1" } do
            check((([[
                0.000 client WORDS      :
                0.001 server ACK win=0  :
                2.000 client WORDS      :
                2.001 server ACK win=0  :
                6.000 client WORDS      :
                6.001 server ACK        :
                6.002 client len=100    :
                6.003 server ACK        :
            ]]):gsub("WORDS", words)))
        end
    end)

    it("does not take for a probe what the peer acknowledges less than: a probe's number was acknowledged before", function()
        check [[
            1.000 client ACK        :
            1.001 server ACK        :
            2.000 client len=1 lost :
            2.001 server ACK        :
        ]]
    end)

    it("does not take the ACK of ordinary traffic for a probe", function()
        check [[
            0.000 client ACK    :
            0.001 server len=10 :
            0.002 client ACK    :
            0.100 client len=10 :
            0.101 server ACK    :
        ]]
    end)

    it("does not take the first byte of a conversation for a probe: a byte that is acknowledged may be data", function()
        check [[
            0.000 client len=1 :
            0.001 server ACK   :
        ]]
    end)

    it("shows probes without an answer once one is answered", function()
        check [[
            0.000 client probe  : => probe
            5.008 client probe  : => unanswered, probe
            10.016 client probe : => unanswered/WARN, probe
            10.017 server ACK   : answer
        ]]
    end)
end)
