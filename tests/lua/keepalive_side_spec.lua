-- SPDX-License-Identifier: GPL-2.0-or-later

local side_of = require "keepalive_side"

local SETTINGS = { idle = 0, interval = 0, slack = 0 }

describe("a side of a connection", function()
    it("has nothing at first: no segment seen, no probe, no FIN", function()
        local side = side_of.new(SETTINGS, "192.0.2.1:40000")
        assert.are.equal("192.0.2.1:40000", side.name)
        assert.is_false(side.seen)
        assert.are.equal(0, side.probing.unanswered)
        assert.is_nil(side.probing.pending)
        assert.is_nil(side.closing.fin)
    end)

    it("keeps what is written to its own part, apart from the other part and from other sides", function()
        local side, other = side_of.new(SETTINGS, "a"), side_of.new(SETTINGS, "b")
        side_of.own(side, "probing").unanswered = 2
        side_of.own(side, "closing").fin = { frame = 7 }
        assert.are.equal(side.probing, side_of.own(side, "probing"))
        assert.are.equal(2, side.probing.unanswered)
        assert.are.equal(7, side.closing.fin.frame)
        assert.is_nil(side.probing.fin)
        assert.are.equal(0, other.probing.unanswered)
        assert.is_nil(other.closing.fin)
    end)

    it("raises when a part that it shares with others is written to, which is a bug", function()
        assert.has_error(function() side_of.new(SETTINGS, "a").closing.fin = {} end,
            "a part of a side is written to that is not its own")
        local _, message = pcall(function() side_of.new(SETTINGS, "a").closing.fin = {} end)
        assert.is_truthy(message:find("^%.?/?tests/lua/keepalive_side_spec%.lua:%d+: "), message)
    end)
end)
