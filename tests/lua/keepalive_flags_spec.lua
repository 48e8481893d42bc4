-- SPDX-License-Identifier: GPL-2.0-or-later

local flags = require "keepalive_flags"

-- RFC 9293, 3.1: the bits from FIN up, and the accurate-ECN bit that Wireshark counts to the flags.
local FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, AE = 1, 2, 4, 8, 16, 32, 64, 128, 256

describe("TCP flags", function()
    it("are told apart whatever other bits are set", function()
        local others = URG + ECE + CWR + AE
        for name, bit in pairs({ fin = FIN, syn = SYN, rst = RST, psh = PSH, ack = ACK }) do
            assert.is_true(flags.has(bit, name), name)
            assert.is_true(flags.has(bit + others, name), name)
            assert.is_false(flags.has(others, name), name)
            assert.is_false(flags.has(0, name), name)
        end
    end)

    it("are a plain acknowledgment only with ACK and without SYN, FIN, RST", function()
        assert.is_true(flags.is_plain_ack(ACK))
        assert.is_true(flags.is_plain_ack(ACK + PSH + ECE + AE))
        for _, bit in ipairs({ FIN, SYN, RST }) do
            assert.is_false(flags.is_plain_ack(ACK + bit))
        end
        assert.is_false(flags.is_plain_ack(0))
    end)
end)
