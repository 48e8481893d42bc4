-- SPDX-License-Identifier: GPL-2.0-or-later

local settings = require "keepalive_settings"

describe("the settings", function()
    it("are handed to the tracker in nanoseconds", function()
        local given = settings.tracker({ idle = 1, interval = 2, probes = 3, slack = 4, min_gap = 5, show_state = true })
        assert.are.same(
            { idle = 1000000, interval = 2000000, probes = 3, slack = 4000000, min_gap = 5000000, show_state = true }, given)
    end)

    it("have a smallest gap, even when the user sets 0: no time at all is no silence", function()
        local chosen = setmetatable({ min_gap = 0 }, { __index = settings.USUAL })
        assert.are.equal(1000000, settings.tracker(chosen).min_gap)
    end)
end)
