-- SPDX-License-Identifier: GPL-2.0-or-later

local seq = require "keepalive_seq"

local HIGHEST = 4294967295

describe("sequence numbers (RFC 9293, 3.4: arithmetic modulo 2^32)", function()
    it("go on at 0 behind 2^32 - 1", function()
        assert.are.equal(0, seq.add(HIGHEST, 1))
        assert.are.equal(9, seq.add(HIGHEST, 10))
    end)

    it("go back from 0 to 2^32 - 1, where a probe of a fresh wrap lies", function()
        assert.are.equal(HIGHEST, seq.add(0, -1))
    end)

    it("keep their order across the wrap", function()
        assert.is_true(seq.after(5, HIGHEST))
        assert.is_false(seq.after(HIGHEST, 5))
        assert.are.equal(6, seq.distance(5, HIGHEST))
        assert.are.equal(-6, seq.distance(HIGHEST, 5))
    end)

    it("are ordered within half the space, and no further", function()
        assert.is_true(seq.after(2147483647, 0))
        assert.are.equal(-2147483648, seq.distance(2147483648, 0))
        assert.is_true(seq.covers(2147483647, 0))
        assert.is_false(seq.covers(2147483648, 0))
        assert.is_false(seq.after(2147483648, 0))
    end)

    it("cover themselves but do not lie after themselves", function()
        assert.is_true(seq.covers(7, 7))
        assert.is_false(seq.after(7, 7))
        assert.is_true(seq.covers(8, 7))
        assert.is_false(seq.covers(7, 8))
    end)
end)
