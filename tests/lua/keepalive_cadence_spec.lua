-- SPDX-License-Identifier: GPL-2.0-or-later

local cadence_of = require "keepalive_cadence"

local MS = 1000000

local function learned(...)
    local cadence, verdicts = cadence_of.new(), {}
    for _, gap in ipairs({ ... }) do
        verdicts[#verdicts + 1] = cadence:learn(gap * MS)
    end
    return cadence, table.concat(verdicts, " ")
end

describe("the cadence of probes", function()
    it("is nothing before a gap was seen", function()
        assert.is_nil(cadence_of.new().value)
        assert.are.equal(0, cadence_of.new():support())
    end)

    it("is 5.008 s on a Linux before 4.8 with a setting of 5 s", function()
        local cadence, verdicts = learned(5008, 5008, 5008)
        assert.are.equal(5008 * MS, cadence.value)
        assert.are.equal("fits fits fits", verdicts)
        assert.are.equal(3, cadence:support())
    end)

    it("is the middle of the gaps, so that jitter does not move it", function()
        local cadence = learned(5118, 5123, 5120, 5121, 5119)
        assert.are.equal(5120 * MS, cadence.value)
    end)

    it("takes the first gaps, not yet on the kernel's grid, for the same setting", function()
        local cadence, verdicts = learned(5500, 5120, 5120, 5120)
        assert.are.equal(5120 * MS, cadence.value)
        assert.are.equal("fits fits fits fits", verdicts)
    end)

    it("is not moved by one long gap: a probe was late or missed", function()
        local cadence, verdicts = learned(5008, 5008, 15024, 5008)
        assert.are.equal(5008 * MS, cadence.value)
        assert.are.equal("fits fits longer fits", verdicts)
    end)

    it("is not moved by long gaps that are not in a row", function()
        local cadence = learned(5008, 5008, 15024, 5008, 15024, 5008)
        assert.are.equal(5008 * MS, cadence.value)
    end)

    it("changes when two gaps in a row agree on another: somebody changed the setting", function()
        local cadence, verdicts = learned(5008, 5008, 5008, 30080, 30080)
        assert.are.equal(30080 * MS, cadence.value)
        assert.are.equal("fits fits fits longer changed", verdicts)
    end)

    it("gives up a lone first gap for a shorter one: timers fire late, never early", function()
        local cadence, verdicts = learned(15024, 5008, 5008)
        assert.are.equal(5008 * MS, cadence.value)
        assert.are.equal("fits replaced fits", verdicts)
    end)

    it("keeps a lone first gap that something else bears out: the answer to a later probe was lost", function()
        local cadence = cadence_of.new()
        cadence:learn(10000 * MS)
        assert.are.equal("shorter", cadence:learn(1000 * MS, true))
        assert.are.equal(10000 * MS, cadence.value)
    end)

    it("changes to a shorter one only after more gaps than a count of probes allows", function()
        local cadence, verdicts = learned(10000, 10000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000)
        assert.are.equal(10000 * MS, cadence.value)
        assert.are.equal("fits fits" .. (" shorter"):rep(8), verdicts)
        assert.are.equal("changed", cadence:learn(1000 * MS))
        assert.are.equal(1000 * MS, cadence.value)
    end)

    it("does not give up what several gaps agree on for one shorter gap", function()
        local cadence, verdicts = learned(5008, 5008, 2000, 5008)
        assert.are.equal(5008 * MS, cadence.value)
        assert.are.equal("fits fits shorter fits", verdicts)
    end)

    it("forgets gaps of long ago", function()
        local cadence = learned(5000)
        for i = 2, 40 do
            cadence:learn((i <= 20 and 5000 or 5120) * MS)
        end
        assert.are.equal(5120 * MS, cadence.value)
    end)

    it("allows for a rounding of 8/63, the coarsest of the kernel's timer wheel (4.8 and later)", function()
        for _, row in ipairs({ { 5000, 5120 }, { 15000, 15360 }, { 60000, 61440 }, { 300000, 327680 } }) do
            local setting, real = row[1] * MS, row[2] * MS
            assert.is_true(setting + cadence_of.rounding(setting) >= real)
            assert.is_true(cadence_of.agree(setting, real))
        end
        assert.is_false(cadence_of.agree(5000 * MS, 6000 * MS))
    end)

    it("allows for 50 ms of jitter on top of it", function()
        local most = 1000 * MS + cadence_of.rounding(1000 * MS) + 50 * MS
        assert.is_true(cadence_of.agree(1000 * MS, most))
        assert.is_false(cadence_of.agree(1000 * MS, most + 1))
    end)
end)

describe("the edges of a cadence", function()
    it("are the kernel's rounding, at most 8/63, and 50 ms", function()
        local most = 5000 * MS + math.floor(5000 * MS * 8 / 63) + 50 * MS
        assert.are.equal(634920634, cadence_of.rounding(5000 * MS))
        assert.is_true(cadence_of.agree(5000 * MS, most))
        assert.is_true(cadence_of.agree(most, 5000 * MS))
        assert.is_false(cadence_of.agree(5000 * MS, most + 1))
    end)

    it("are the lower of two in the middle, and the last nine", function()
        assert.are.equal(5000 * MS, learned(5000, 5100).value)
        assert.are.equal(5120 * MS, learned(5500, 5000, 5000, 5000, 5000, 5120, 5120, 5120, 5120).value)
        assert.are.equal(5000 * MS, learned(5500, 5000, 5000, 5000, 5000, 5120, 5120, 5120, 5120, 5000).value)
    end)

    it("are two odd gaps that agree: another begins anew", function()
        local _, verdicts = learned(5000, 5000, 15000, 25000, 25000)
        assert.are.equal("fits fits longer longer changed", verdicts)
    end)

    it("are nine shorter gaps, or two of which the sender had the answers", function()
        local function shorter(...)
            local cadence, said = learned(15000, 15000, 15000), {}
            for _, is_heard in ipairs { ... } do
                said[#said + 1] = cadence:learn(5000 * MS, true, is_heard)
            end
            return table.concat(said, " ")
        end
        assert.are.equal("shorter changed", shorter(true, true))
        assert.are.equal("shorter shorter shorter changed", shorter(true, false, false, true))
        assert.are.equal("shorter shorter shorter", shorter(false, true, false))
        assert.are.equal(("shorter "):rep(8) .. "changed", shorter(false, false, false, false, false, false, false, false, false))
    end)
end)

