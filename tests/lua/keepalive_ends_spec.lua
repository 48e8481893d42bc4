-- SPDX-License-Identifier: GPL-2.0-or-later

local ends = require "keepalive_ends"

local A, B, C = "192.0.2.1:40000", "192.0.2.2:9092", "192.0.2.3:9092"

local function conn(stream, one, other)
    return { stream = stream, sides = { { name = one }, { name = other } } }
end

describe("the connection between two ends", function()
    it("is the newest one, whichever of them sent first", function()
        local known = ends.of({ [0] = conn(0, A, B), [3] = conn(3, B, A), [2] = conn(2, A, B), [1] = conn(1, A, C) })
        assert.are.equal(3, ends.find(known, A, B))
        assert.are.equal(3, ends.find(known, B, A))
        assert.are.equal(1, ends.find(known, C, A))
    end)

    it("may begin later, and is none where there is none or it is forgotten", function()
        local known = ends.of({ [0] = false })
        assert.are.equal(-1, ends.find(known, A, B))
        ends.note(known, conn(7, A, B))
        assert.are.equal(7, ends.find(known, A, B))
        assert.are.equal(-1, ends.find(known, A, C))
    end)
end)
