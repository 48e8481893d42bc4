-- SPDX-License-Identifier: GPL-2.0-or-later

local part = require "keepalive_part"

describe("the part of a capture", function()
    it("is all of it unless a part is asked for", function()
        assert.is_nil(part.of(nil))
        assert.is_nil(part.of(""))
        assert.is_nil(part.of("keepalive"))
    end)

    it("includes both its ends, to the nanosecond", function()
        local is_inside, host = part.of("100.000000005,200.000000007,-")
        assert.is_nil(host)
        assert.is_false(is_inside(100, 4))
        assert.is_true(is_inside(100, 5))
        assert.is_true(is_inside(150, 0))
        assert.is_true(is_inside(200, 7))
        assert.is_false(is_inside(200, 8))
        assert.is_false(is_inside(201, 0))
        assert.is_false(is_inside(99, 999999999))
    end)

    it("may have one end, or none", function()
        assert.is_true(part.of("100.000000000,-,-")(300, 0))
        assert.is_false(part.of("100.000000000,-,-")(99, 0))
        assert.is_false(part.of("-,100.000000000,-")(300, 0))
        local is_inside, host = part.of("-,-,2001:db8::1")
        assert.is_true(is_inside(300, 0))
        assert.equal("2001:db8::1", host)
    end)

    it("has no frame without a time", function()
        assert.is_false(part.of("-,-,10.0.0.1")(nil, nil))
    end)
end)
