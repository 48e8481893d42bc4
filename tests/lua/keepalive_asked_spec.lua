-- SPDX-License-Identifier: GPL-2.0-or-later

local asked = require "keepalive_asked"

describe("what a program asks to be shown", function()
    it("is all unless it asks for less", function()
        assert.is_nil(asked.of())
        assert.is_nil(asked.of("", "-,-,10.0.0.1"))
        assert.is_nil(asked.of("records of it", "frames", "frames:all"))
    end)

    it("may be the fields for programs", function()
        assert.same({ frames = {}, is_brief = true, is_printed = false }, asked.of("records"))
    end)

    it("may be some frames, or none", function()
        assert.same({ frames = { [3] = true, [1000] = true }, is_brief = false, is_printed = false }, asked.of("frames:3,1000"))
        assert.same({ frames = {}, is_brief = false, is_printed = false }, asked.of("frames:"))
    end)

    it("may be several things at once", function()
        assert.same({ frames = { [3] = true }, is_brief = false, is_printed = true }, asked.of("ledger", "frames:3"))
        assert.same({ frames = { [4] = true }, is_brief = true, is_printed = true },
            asked.of("-,-,10.0.0.1", "frames:4", "ledger", "records"))
    end)

    it("stands anywhere among the arguments of the script", function()
        assert.same({ frames = {}, is_brief = true, is_printed = false }, asked.of("-,-,10.0.0.1", "records"))
    end)
end)
