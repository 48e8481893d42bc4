-- SPDX-License-Identifier: GPL-2.0-or-later

local words = require "keepalive_words"

local US, MS, S = 1000, 1000000, 1000000000

describe("a duration in words", function()
    local SAID = {
        { 0, "0 µs" }, { 15 * US, "15 µs" }, { 999499, "999 µs" }, { 999500, "1.0 ms" }, { 220 * MS, "220.0 ms" },
        { 999949999, "999.9 ms" }, { 999950000, "1.000 s" }, { 5007780000, "5.008 s" }, { 20 * S, "20.0 s" }, { 52094 * MS, "52.1 s" },
        { 300 * S, "5 min 00 s" }, { 675200 * MS, "11 min 15 s" }, { 3599500 * MS, "1 h 00 min" }, { 7260 * S, "2 h 01 min" },
        { -15 * US, "-15 µs" }, { 1, "1 ns" }, { 348, "348 ns" }, { -999, "-999 ns" }, { US, "1 µs" }, { 3303, "3.3 µs" },
        { 21400, "21 µs" }, { 172799 * S, "47 h 59 min" }, { 172800 * S, "2 d 00 h" }, { 863999700 * MS, "10 d 00 h" },
        { 285300 * S, "3 d 07 h" },
    }
    for _, case in ipairs(SAID) do
        it("has the unit that shows it: " .. case[2], function()
            assert.are.equal(case[2], words.duration(case[1]))
        end)
    end
end)

describe("a count in words", function()
    it("has a plural for all but one", function()
        assert.are.equal("0 bytes", words.plural(0, "byte"))
        assert.are.equal("1 byte", words.plural(1, "byte"))
        assert.are.equal("84 bytes", words.plural(84, "byte"))
    end)
end)

describe("an end in words", function()
    local SAID = {
        ["255.255.255.255:65535"] = "255.255.255.255:65535",
        ["[2001:db8::1]:9092"] = "[2001:db8::1]:9092",
        ["[2001:db8::123]:40000"] = "[2001:db8::123]:40000",
        ["[2001:db8::1234]:40000"] = "[...:1234]:40000", -- longer than any of IPv4
        ["[2001:db8:1:2:3:4:5:6789]:9092"] = "[...:6789]:9092",
        ["2001:db8:1:2:3:4:5:6789"] = "...:6789",
    }
    for name, said in pairs(SAID) do
        it("is whole when it is short, else how it ends: " .. said, function()
            assert.are.equal(said, words.short(name))
        end)
    end
end)
